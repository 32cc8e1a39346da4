"""How well AIMA understands what marketers ask: requests over three shops, their truths, and a strict judge.

What belongs here: requests as data, truths computed from the raw rows by pandas, the run and its report; nothing of
the product is imported for a truth, and nothing here is imported by the product.
"""
