"""The demo shop: a seeded generator of a realistic shop whose truths (who left, what worked, what broke) are planted.

What belongs here: one file per family of tables, the planted parameters in `truth`; nothing that stores or analyses.
"""

from connectors.sources.demo.source import SOURCE

__all__ = ["SOURCE"]
