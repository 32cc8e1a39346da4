"""The prompts: one Markdown file each, rendered with a template that fails on a missing value.

No prompt is written anywhere else.
"""
