"""Customer features: the dictionary that names them, and one pass over sorted arrays that computes them.
Orders, order lines and events in as polars frames, one row a customer out, as of any instant."""
