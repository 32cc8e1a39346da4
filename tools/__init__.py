"""The catalogue: every capability of AIMA, written once, typed, for every door.

A tool fetches (database), computes (analytics), keeps (database) and returns a typed result with its evidence.
"""
