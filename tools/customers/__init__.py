"""Customers one by one: lists, one profile, one history, and what is known of each."""
