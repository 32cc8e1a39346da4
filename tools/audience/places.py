"""Countries within a sentence."""

from __future__ import annotations

from typing import Final

__all__ = ["with_article"]

WITH_ARTICLE: Final = frozenset(
    {
        "Netherlands", "United Kingdom", "United States", "Philippines", "Czech Republic", "United Arab Emirates",
        "Channel Islands", "Bahamas", "Maldives", "Faroe Islands", "Dominican Republic", "USA", "UK", "UAE",
    }
)  # fmt: skip


def with_article(country: str) -> str:
    """ "the Netherlands", "Spain"."""
    return f"the {country}" if country in WITH_ARTICLE else country
