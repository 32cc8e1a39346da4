"""Values of dimensions in a question: "outside the UK", "in Germany and France", "via the web channel"."""

from __future__ import annotations

import re
from typing import Any

from language.scene import Scene
from language.vocabulary import COUNTRIES
from language.words import Draft

__all__ = ["as_conditions", "take_filters"]

_NOT = (
    r"(?:outside(?: of)?|not(?: from| in| counting)?|except(?: for| from)?|excluding|without|other than|apart from"
    r"|but not|non|besides|ignoring|leaving out|not counting|minus)"
)
_IN = r"(?:in|from|within|for|of|via|through|by|to|at|only|just|based in|living in|the)"
_SKIPPED = {"product", "sku", "customer", "weekday", "hour", "event_kind", "kind", "rfm_segment"}
_SHORT = 4  # "in", "it", "be" are words before they are country codes
_MESSAGES = {"email", "e-mail", "mail", "sms"}  # what one writes to customers, unless orders came through it
_SALES = r"(?:channel|orders?|sales|revenue|shoppers|buyers)\b"
_VIA = r"(?:ordered|bought|came|come|orders|sales|revenue|shoppers|buyers) (?:via|through|by|over|from|in)"
_MARK = "<value>"


def take_filters(draft: Draft, scene: Scene) -> list[dict[str, Any]]:
    """Filters of query_metrics for every value that occurs in `draft`; values joined by "and" / "or" become one."""
    found: list[tuple[str, str, bool]] = []
    for phrase, dimension, value in _candidates(scene):
        if dimension == "channel" and phrase in _MESSAGES and not draft.has(rf"\b{phrase} {_SALES}|\b{_VIA} {phrase}"):
            continue
        pattern = rf"(?P<not>\b{_NOT} )?(?:\b(?:{_IN}) )*(?:\bthe )?(?<![\w<]){re.escape(phrase)}(?![\w>])"
        while phrase in draft.text and (match := draft.take(pattern, _mark)):
            found.append((dimension, value, bool(match["not"])))
    # "outside the UK and Germany": what is joined to a negated value is negated too
    if any(negated for _, _, negated in found) and draft.has(r"<not-value>(?: ?,? ?(?:and|or|nor|,) ?<value>)+"):
        found = [(dimension, value, True) for dimension, value, _ in found]
    draft.text = draft.text.replace("<not-value>", _MARK)
    draft.text = re.sub(rf"{_MARK}(?: ?(?:,|and|or|versus|with|to|nor|&)? ?{_MARK})+", _MARK, draft.text)
    return _merged(found)


def as_conditions(filters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same filters as conditions of a customer rule (country and city; others are no fields of a customer)."""
    fields = {"country": "country", "city": "city", "category": "favourite_category", "channel": "main_channel"}
    return [
        {"field": fields[f["dimension"]], "operator": f["operator"], "value": f["value"]}
        for f in filters
        if f["dimension"] in fields
    ]


def _mark(match: re.Match[str]) -> str:
    return "<not-value>" if match["not"] else _MARK


def _candidates(scene: Scene) -> list[tuple[str, str, str]]:
    """(phrase, dimension, value), longest phrase first: values from the data, other names of countries."""
    out: dict[str, tuple[str, str]] = {}
    for dimension, values in scene.values.items():
        if dimension in _SKIPPED:
            continue
        for value in values:
            phrase = value.lower()
            if len(phrase) >= (_SHORT if dimension in ("country", "city") else _SHORT - 1):
                out.setdefault(phrase, (dimension, value))
    known = {v.lower(): v for v in scene.values.get("country", [])}
    for names in COUNTRIES:
        held = next((known[name] for name in names if name in known), None)
        for name in names:
            if len(name) >= _SHORT or name in ("uk", "usa", "uae"):
                # A country the data do not hold is asked for all the same: the tool says that there is none.
                out.setdefault(name, ("country", held or names[0].title()))
    return sorted(((p, d, v) for p, (d, v) in out.items()), key=lambda c: (-len(c[0]), c))


def _merged(found: list[tuple[str, str, bool]]) -> list[dict[str, Any]]:
    groups: dict[tuple[str, bool], list[str]] = {}
    for dimension, value, negated in found:
        values = groups.setdefault((dimension, negated), [])
        if value not in values:
            values.append(value)
    return [
        {
            "dimension": dimension,
            "operator": {(1, False): "eq", (1, True): "ne"}.get((len(v), negated), "not_in" if negated else "in"),
            "value": v[0] if len(v) == 1 else sorted(v),
        }
        for (dimension, negated), v in groups.items()
    ]
