"""Tables, migrations and the queries: the only room that speaks SQL.

One query module a topic under `queries/`; every statement runs inside one organisation's transaction.
"""
