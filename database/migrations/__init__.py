"""Alembic migrations: one file a step, each with its way back; long SQL lies beside them in `sql/`.

A step never imports the models: it must do next year what it does today.
"""
