"""What a person should know without asking."""
