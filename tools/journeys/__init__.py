"""Journeys: people enter by what they do or are, wait, are asked about, written to, and leave; every step once."""
