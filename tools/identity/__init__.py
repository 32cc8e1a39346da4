"""Who is known: how many people, how many of them can be written to, and who may be one person twice."""
