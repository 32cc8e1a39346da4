"""Orders and refunds one by one, the days there were any, and the facts of one product."""
