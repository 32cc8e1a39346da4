"""What to do first, by the money at stake."""
