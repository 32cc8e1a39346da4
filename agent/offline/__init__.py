"""The offline chat model: understands questions by meaning and typed parts, and writes from tool results.

It takes the place of a language model in the same graph; no figure of its own, no canned answer.
"""
