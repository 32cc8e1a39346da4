"""A call of a tool as a person reads it: "Looked up revenue by month", and what it was asked with, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from language.cells import value_name
from language.format import capital, day, period, spaced
from tools.audience.fields import title_of, word_of
from tools.audience.wording import rule_words
from tools.declaration import Effect, Tool

__all__ = ["asked_with", "step_words", "subject_words"]

_COMPARISONS = {
    "eq": "is", "ne": "is not", "in": "is one of", "not_in": "is none of", "contains": "contains",
    "not_contains": "does not contain", "gt": "over", "ge": "at least", "lt": "under", "le": "at most",
    "between": "between",
}  # fmt: skip
_PERIODS = (("start", "end", "Period"), ("compare_start", "compare_end", "Compared with"))
_TITLES = {
    "metrics": "Figures", "grain": "By time", "dimensions": "By", "filters": "Only", "having": "Only rows with",
    "rule": "Customers", "order_by": "In the order of", "per": "Average per", "best_per": "Best of each",
    "include_scores": "With scores",
}  # fmt: skip
_UNSAID = frozenset({"limit", "offset", "descending", "subject", "preview_text", "body_text", "body_html", "fields"})
_READS = "Looked up"


def step_words(tool: Tool[Any, Any], arguments: Mapping[str, Any], *, done: bool = True) -> str:
    """What a call does or did: "Looking up revenue by month", "Saved a segment"."""
    about = _about(tool, arguments)
    if tool.effect is Effect.READ:
        return f"{_READS if done else 'Looking up'} {about}"
    return about if done else f"{about} …"


def subject_words(tool: Tool[Any, Any], arguments: Mapping[str, Any]) -> str:
    """What a call is about, as a heading: "Revenue by month"."""
    return capital(_about(tool, arguments))


def asked_with(tool: Tool[Any, Any], arguments: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The arguments of a call that say something, each as a heading and words."""
    said = dict(arguments)
    lines = [line for first, last, title in _PERIODS if (line := _days(said, first, last, title))]
    defaults = tool.arguments.model_fields
    for name, value in said.items():
        field = defaults.get(name)
        if name in _UNSAID or value in (None, [], {}, "none") or (field and field.default == value):
            continue
        lines.append((_TITLES.get(name) or capital(spaced(name)), _words(value)))
    return lines


def _about(tool: Tool[Any, Any], arguments: Mapping[str, Any]) -> str:
    if not callable(tool.about):
        return tool.about or tool.title.lower()
    try:
        return tool.about(tool.arguments.model_validate(dict(arguments)))
    except ValueError:  # arguments of a model that are wrong: the call says so
        return tool.title.lower()


def _days(said: dict[str, Any], first: str, last: str, title: str) -> tuple[str, str] | None:
    start, end = said.pop(first, None), said.pop(last, None)
    if start and end:
        return title, period(str(start), str(end))
    return (title, f"from {day(str(start))}" if start else f"until {day(str(end))}") if start or end else None


def _words(value: Any) -> str:
    match value:
        case {"dimension": name, "value": wanted}:
            compared = _COMPARISONS.get(str(value.get("operator", "eq")), "is")
            return f"{word_of(str(name))} {compared} {_listed(str(name), wanted)}"
        case {"metric": name, "operator": operator, "value": wanted}:
            return f"{word_of(str(name))} {_COMPARISONS.get(str(operator), 'is')} {wanted}"
        case {"field": _} | {"all": _} | {"any": _} | {"not": _} | {"event": _}:
            return rule_words(value)
        case Mapping():
            return "; ".join(_pairs(value))
        case str() if "\n" in value:
            return f"{len(value.splitlines())} lines of text"
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(_words(item) for item in value)
        case str() if "_" in value and value.replace("_", "").isalnum() and value == value.lower():
            return title_of(value)
    return str(value)


def _pairs(value: Mapping[str, Any]) -> Iterator[str]:
    return (f"{spaced(name)} {_words(item)}" for name, item in value.items() if item not in (None, [], {}))


def _listed(name: str, value: Any) -> str:
    values = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return " or ".join(value_name(name, one) for one in values)
