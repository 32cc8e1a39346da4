"""Who is about to leave, for businesses without contracts: definition, candidates, back-test, champion, scores.

Frames in, results out; "left" is defined from each customer's own rhythm and returned with every result.
"""
