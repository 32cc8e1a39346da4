"""What to do next for whom: which campaign suits a customer, what it is expected to bring, and a week of actions.

What belongs here: arrays and frames in, choices with their reasons out; nothing that reads, writes or sends.
"""
