"""What a builder gives back, and what builders share."""

from __future__ import annotations

from agent.offline.scene import Call

__all__ = ["LIST", "PRONOUN", "Built"]

Built = list[Call] | str
"""Calls to make, or the words to say instead."""
LIST = 10
PRONOUN = (
    r"\b(?:them|those|these|they|their|him|her|it|that segment|this segment|that group|this group|same customers)\b"
)
