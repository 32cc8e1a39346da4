"""The offline chat model: understands the product's range by grammar and retrieval, and writes from tool results.

It takes the place of a language model in the same graph; no figure of its own, no canned answer.
"""
