"""The science: data frames in, results out, proven against published figures and planted truths.

No database, no network, no clock: everything a model needs is an argument, so it can be back-tested anywhere.
"""
