"""What to do for a customer or a group."""
