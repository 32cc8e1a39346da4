"""Exports of vendors: one file a vendor, each a declaration (`PRESETS`) of what its files are and how they are read."""
