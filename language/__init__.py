"""Text without a model or a network: words, numbers, periods, conditions; figures and dates in words.

Below the tools: a capability says here how it is asked for and how its answer reads.
"""
