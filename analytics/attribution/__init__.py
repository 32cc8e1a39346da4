"""Multi-touch attribution: journeys of touches, and the rules and models that share conversions out among channels.

What comes out is credit, not cause: who is shown a channel is nobody's random choice.
"""
