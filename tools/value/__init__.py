"""What customers are worth, and when they buy next."""
