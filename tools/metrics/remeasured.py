# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Which figure a clause turns the one before into: another, its median, its share, its average per month."""

from __future__ import annotations

import re
from typing import Final

from language.requests import Answerable
from language.scene import Call, PastCall
from language.slots import Slots
from tools.metrics.earlier import Arguments
from tools.metrics.meant import in_terms_of

__all__ = ["LONE_STATISTIC", "NOTHING_ELSE", "of_a_whole", "remeasured"]

NOTHING_ELSE: Final = (
    "I cannot put that to the figures before. Ask for it in one question, with the figure and the period."
)
_STATISTIC: Final = r"\b(?:median|average|(?<!i )(?<!you )mean(?!t)|typical)\b"
LONE_STATISTIC: Final = (
    rf"(?:(?:and|so|ok|now|no|nope|not that|what about|how about|what is|what was|the|then|but|or|show|me|give|make it|as|a|rather|i mean|i meant)[, ]+)*{_STATISTIC}"
    r"(?: (?:instead|please|too|then|as well|though|rather|one|1|value))*[?.! ]*"
)
_SORT: Final = r"\b(?:sort|order|rank)(?:ed)?(?: (?:it|them|this|that|these|those))? (?:by|on)\b"
_HEADS: Final = frozenset({"customers", "ordering_customers"})
_OF_THOSE: Final = r"<share>(?: (?:of|all|the|our|total|whole))* <value>"
_NO_WHOLE: Final = (
    "I cannot tell the part from the whole there: both are of one kind. Ask for the two figures, one after the other."
)


def of_a_whole(slots: Slots, last: PastCall) -> Answerable | None:
    """ "In percent of all Spanish orders", after those of one channel: the whole is said, and the part is what was before."""
    if not (slots.measures.share and slots.filters and re.search(_OF_THOSE, slots.text)) or slots.periods:
        return None
    before = last.arguments
    whole = [{**f, "dimension": in_terms_of(before["metrics"], f["dimension"])} for f in slots.filters]
    own = [f for f in before.get("filters", []) if f not in whole]
    named = [f["dimension"] for f in whole]
    if not own or before.get("dimensions") or {f["dimension"] for f in own} & set(named):
        return _NO_WHOLE
    if not _is_same(slots.metrics, before["metrics"]):
        return NOTHING_ELSE
    return [Call(last.tool, before | {"filters": [*whole, *own], "share": True, "share_within": named})]


def _is_same(said: list[str], before: list[str]) -> bool:
    """Whether the figure of a whole is the one before: heads are heads, whether or not they bought."""
    people = set(said) <= _HEADS and (len(said) == 0 or set(before) <= _HEADS)
    return people or said == before


def remeasured(slots: Slots, before: Arguments) -> Arguments | str:
    """Which figure, and what is asked of it: a median, a share, an average per month, a running total."""
    said, metrics = slots.measures, before["metrics"]
    if (
        (said.best_per and slots.top)
        or said.having
        or said.change
        or said.over
        or re.search(r"\bper <metric>", slots.text)
    ):
        return NOTHING_ELSE
    if said.running:
        return {"cumulative": True, "grain": before.get("grain") or "month"}
    if said.per:
        return {"per": said.per, "statistic": said.statistic, "grain": "none", "order_by": None}
    if said.share and slots.metrics and not _is_same(slots.metrics, metrics):
        one = len(slots.metrics) == len(metrics) == 1
        return {"metrics": [*metrics, *slots.metrics], "ratio": True, "order_by": None} if one else NOTHING_ELSE
    if said.share:
        parts = before.get("dimensions") or before.get("filters") or slots.filters or slots.dimensions
        return (
            {"share": True}
            if parts
            else "The share of what? Name a part, for example a country, a channel or a product."
        )
    if (statistic := re.search(_STATISTIC, slots.text)) and not slots.metrics:
        return _statistic(statistic[0], before)
    if not slots.metrics or (slots.metrics == ["customers"] and (slots.filters or slots.dimensions)):
        return {}
    if slots.has(r"^(?:and |now |please |also |then )*(?:add|plus|include)\b"):
        return {"metrics": list(dict.fromkeys([*metrics, *slots.metrics]))}
    if slots.has(_SORT):
        return {"metrics": list(dict.fromkeys([*metrics, *slots.metrics])), "order_by": slots.metrics[0]}
    return _replaced(_meant(slots), before)


def _replaced(metrics: list[str], before: Arguments) -> Arguments:
    """Other figures in the place of those before; what was put in order by one of them is by the first of the new."""
    if not metrics:
        return {}
    ranked = before.get("order_by") in before["metrics"]
    return {"metrics": metrics, "order_by": metrics[0] if ranked else None, "ratio": None}


def _statistic(word: str, before: Arguments) -> Arguments | str:
    """ "And the median": of what was averaged."""
    kind = "median" if word == "median" else "mean"
    if before.get("per", "none") != "none":
        return {"statistic": kind}
    sizes = {"median": "median_order_value", "mean": "average_order_value"}
    if set(before["metrics"]) & set(sizes.values()):
        return {"metrics": [sizes[kind]], "order_by": None}
    return f"The {word} of what: of an order’s value, or per day, week or month? Say it with the figure and the period."


def _meant(slots: Slots) -> list[str]:
    """The metrics of a clause but the one it rules out: "gross, not net"."""
    if slots.metrics == ["orders"] and slots.order_filters and slots.has(r"^(?:and |but |now |ok )*(?:only|just)\b"):
        return []  # "only orders over 40": of the figure before
    ruled_out = re.search(r"\b(?:not|instead of|rather than) (?:(?:the|by|in|of|for) )*<metric>", slots.text)
    if ruled_out is None or len(slots.metrics) < 2:
        return slots.metrics
    at = slots.text[: ruled_out.start()].count("<metric>")
    return slots.metrics[:at] + slots.metrics[at + 1 :]
