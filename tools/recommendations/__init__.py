"""Which products and categories come next."""
