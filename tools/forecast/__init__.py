"""What business figures will be, how far that can be trusted, and whether a target is in reach."""
