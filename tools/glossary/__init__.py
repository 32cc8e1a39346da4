"""What the words of an answer mean."""
