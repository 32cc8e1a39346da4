"""The queries, one module a topic: readable SQL with bound parameters, inside a caller's transaction.

Functions take a connection that is already bound to an organisation and return plain rows or frames.
"""
