"""How a model was chosen and how good it was on a later window."""
