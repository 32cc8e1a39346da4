# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""What is said of goods: that they came back, how often, and that they were bought in one order with others."""

from __future__ import annotations

from typing import Final

from language.words import Draft

__all__ = ["ABOUT_PEOPLE", "HABITS", "take_goods_back", "take_together"]

HABITS: Final = (
    r"\bof (?:the )?new customers (?:of|in|from) [^,:;]+[,:;] ?(?:how many|what|which)\b"
    r"|\b(?:bought|buy|ordered?|purchased?|shop|shopped) (?:only|exclusively|solely)(?: ever)? (?:on|at)\b"
)
"""What customers do, and no part of the orders: "bought only on Sundays"."""
ABOUT_PEOPLE: Final = (
    r"\b(?:customers?|clients?|buyers?|shoppers?|people|who|whose|those|them|everyone|everybody|segment)\b"
    r"|^(?:exactly|only|just) \d+ orders?\b.*\bhow many[?.! ]*$"  # who had so many
)
_BACK: Final = r"\b(?:came|come|comes|coming|sent|brought|taken) back\b|\breturned\b|\breturns\b"
_OFTEN: Final = r"\b(?:how )?(?:often|frequently)\b|\b(?:how many|number of) times\b"
_IN_ONE: Final = (
    r"(?:in|on|of|into) (?:the |1 and the )?(?:same|1|a single) (?:basket|order|invoice|cart|purchase|transaction|receipt)s?"
    r"(?: as| with)?"
)
_TOGETHER: Final = (
    rf"\b{_IN_ONE}\b"
    r"|\b(?:often |usually |frequently |mostly )?(?:bought|sold|sells?|selling|ordered|go(?:es)?|going|purchased|combined?|paired|pairs?)(?: \w+)? (?:together|along)\b(?: with)?"
    r"|\b(?:go(?:es)?|pairs?|combined?) (?:best |well )?with\b|\b(?:together|along|in combination) with\b|\balongside\b"
)
_RETURNS: Final = frozenset({"refunds", "refund_orders", "units_returned"})
_PERSONS: Final = frozenset(
    {"customers", "new_customers", "returning_customers", "repeat_customers", "one_time_customers", "repeat_rate"}
)


def take_goods_back(draft: Draft, metrics: list[str], rows: bool) -> list[str]:
    """ "Most returned", "came back": of goods, where no customers are spoken of; "often" counts orders.

    The metrics with what these words mean; `rows`: the clause says what the rows of the answer are.
    """
    if _PERSONS & set(metrics) or draft.has(ABOUT_PEOPLE):
        return metrics  # "do first-time buyers come back": people, and no goods
    if draft.take(_BACK, "<metric>") and not _RETURNS & set(metrics):
        pieces = draft.has(r"\bhow many\b(?! (?:orders|invoices|times|customers|people))")
        metrics = [*metrics, "units_returned" if pieces else "refunds"]
    draft.take(_BACK, " ")
    if (rows or metrics) and draft.take(_OFTEN, "<often>"):
        return metrics or ["orders"]
    return metrics


def take_together(draft: Draft) -> None:
    """ "Bought together with", "in the same basket": leaves <together>."""
    if draft.take(_TOGETHER, "<together>"):
        draft.take(_OFTEN, "<often>")
