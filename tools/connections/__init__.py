"""Connections to sources: made and removed by a person, listed, synced; the rows they bring and how far they are."""
