"""What came of the campaigns that were sent, side by side."""
