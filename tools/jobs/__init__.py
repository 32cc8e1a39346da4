"""Background work: how far it is."""
