"""Everything held about one customer: found, counted, exported, and erased in one transaction.

What a table of an organisation does with a person follows from its columns (rows.py); what merely names them is found
by words (words.py, mentions.py). A new table needs nothing.
"""
