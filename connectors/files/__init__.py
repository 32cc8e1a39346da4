"""Files as tables: finding out their form, matching their columns, turning text into typed rows.

Reads and converts only; what is written where is the business of `database.loading`.
"""
