"""Who is likely to leave, how long customers stay, and the value at risk."""
