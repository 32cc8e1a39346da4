"""How much of the whole the largest bring."""
