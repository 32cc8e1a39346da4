"""The semantic layer: what a metric and a dimension are, as data, and the SQL they become.

Names come from callers, SQL only from here; every value a caller gives is bound.
"""
