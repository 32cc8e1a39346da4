"""Bulk writing: COPY into temporary staging tables, then one set-based merge a table on its natural key.

Everything of one load is one transaction; loading the same rows twice changes nothing.
"""
