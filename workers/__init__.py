"""Celery: the schedule, the jobs, and the courier that sends.

A job loads its row, calls the catalogue with progress, and keeps the result; the database is the truth, not the broker.
"""
