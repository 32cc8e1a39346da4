"""What data there is."""
