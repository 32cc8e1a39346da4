"""Retention of customers by the month of their first order."""
