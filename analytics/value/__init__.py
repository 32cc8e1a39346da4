"""What customers are worth: transaction summary, BG/NBD, Gamma-Gamma, lifetime value, next purchase.

Frames in, results out; parameters, intervals and back-tests included.
"""
