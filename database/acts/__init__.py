"""What customers did, held in columns: figures over long periods and many customers in a fraction of a second.

Made of orders and events, never older than what the transaction that asks can see; the database answers what these
columns cannot tell.
"""
