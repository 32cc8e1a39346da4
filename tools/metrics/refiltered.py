"""What a clause puts in the place of the conditions and the cut of the figures: "only Germany", "by channel"."""

from __future__ import annotations

import re
from typing import Any, Final

from language.slots import Slots
from tools.audience.asked import LIST
from tools.metrics.comparison import ALL_BUCKETS
from tools.metrics.earlier import Arguments
from tools.metrics.meant import in_terms_of

__all__ = ["recut", "refiltered"]

_NOT_BY: Final = r"^(?:(?:and|but|ok|now|please|then) )*(?:not|without|no)(?: the| by)* <dimension>"


def refiltered(slots: Slots, before: Arguments, goods: list[dict[str, Any]]) -> Arguments:
    """The conditions before, and what is said of the same kind in the place of theirs."""
    told = [*slots.filters, *slots.order_filters, *goods]
    said = [{**f, "dimension": in_terms_of(before["metrics"], f["dimension"])} for f in told]
    kept = [f for f in before.get("filters", []) if not any(_replaces(one, f) for one in said)]
    # "only Germany" after "by country" asks for Germany's figure, not for a list of one
    named = {f["dimension"] for f in said if f["operator"] == "eq"}
    dimensions = [d for d in before.get("dimensions", []) if d not in named]
    dimensions += [
        f["dimension"] for f in said if f["dimension"] == "weekend" and f["operator"] == "in"
    ]  # both of them
    return {"filters": kept + [_with_earlier(one, before) for one in said], "dimensions": dimensions}


def _replaces(said: Arguments, before: Arguments) -> bool:
    """One of the same kind; products that are left out are left out of those before."""
    return bool(said["dimension"] == before["dimension"] and said["operator"] != "not_contains")


def _with_earlier(said: Arguments, before: Arguments) -> Arguments:
    """ "Without the UK", then "nor Germany": both are left out. "Without Spain", of three countries: the other two."""
    if said["operator"] not in ("ne", "not_in"):
        return said
    same = [f for f in before.get("filters", []) if f["dimension"] == said["dimension"]]
    if several := next((f for f in same if f["operator"] == "in"), None):
        rest = [value for value in several["value"] if value not in _values(said)]
        return {**several, "value": rest} if rest else said
    earlier = next((f for f in same if f["operator"] in ("ne", "not_in")), None)
    if earlier is None:
        return said
    values = list(dict.fromkeys([*_values(earlier), *_values(said)]))
    return said if len(values) == 1 else {**said, "operator": "not_in", "value": values}


def _values(one: Arguments) -> list[Any]:
    return list(one["value"]) if isinstance(one["value"], list) else [one["value"]]


def _stays(one: Arguments, slots: Slots) -> bool:
    return one["dimension"] not in slots.dimensions or one["operator"] != "eq" or one in slots.filters


def recut(slots: Slots, before: Arguments) -> Arguments:
    """What the figures are cut by in the place of the cut before."""
    slots.dimensions = [in_terms_of(before["metrics"], name) for name in slots.dimensions]
    if not slots.dimensions:
        return {"grain": slots.grain, "limit": ALL_BUCKETS, "dimensions": []}
    if re.search(_NOT_BY, slots.text):  # "not by country, by channel"
        return {"dimensions": slots.dimensions[1:], "grain": slots.grain or "none", "limit": slots.limit or LIST}
    # "by country" after "only Germany": the cut replaces the filter it would make pointless
    kept = [f for f in before.get("filters", []) if _stays(f, slots)]
    grain, limit = slots.grain or "none", slots.limit or LIST
    return {"filters": kept, "dimensions": slots.dimensions, "grain": grain, "limit": limit}
