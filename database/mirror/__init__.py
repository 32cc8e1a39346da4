"""What is known of customers, held as columns in memory, so that rules are counted without reading tables.

A mirror is a copy of the view customer_facts of one organisation, read under row-level security. It answers only while
it equals what the database says (see database/changes.py); otherwise the database answers, and the mirror catches up.
"""
