"""The parts of a message as templates: read once, checked before anybody sees them, filled in for each recipient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from core.errors import FixArguments
from database.queries.merge_fields import MERGE_FIELDS
from language.merge.places import divided, in_text, lost, placed
from language.merge.structure import MOST_TAGS
from language.merge.template import Missing, Template, TooLong
from language.merge.values import Kind, Value, Values, cleaned
from tools.campaigns.markup import marked_clean
from tools.campaigns.payload import Content

__all__ = ["Part", "fields_needed", "fields_of", "filled", "lacking", "parts", "problems"]

KINDS: Final[Mapping[str, Kind]] = {field.name: field.kind for field in MERGE_FIELDS}
LINE = 150  # the longest subject, and the longest preview text, as it is written
NO_LIMIT = 10_000_000
MOST_TOLD = 10  # flaws of a part
ROOM = 2_000  # how much longer values may make a part than it may be as it is written
_TITLES: Final = {"subject": "subject", "preview_text": "preview text", "body_text": "body", "body_html": "HTML body"}
_DIVIDED: Final = "begins in one HTML element and ends in another: a block keeps to one"
_LOST: Final = "stands where the HTML of a message cannot have it"
_LONG: Final = "Wolfeschlegelsteinhausenbergerdorff-Müller <&> 李"
_TRIAL: Final[Mapping[Kind, Value]] = {
    "text": _LONG,
    "number": 123_456,
    "money": Decimal("-123456.78"),
    "date": date(2028, 9, 30),
    "list": [_LONG] * 10,
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message: what it is called, its template, and the most characters it may have once filled in."""

    title: str
    template: Template
    limit: int


@lru_cache(maxsize=512)
def _template(source: str, html: bool) -> Template:
    if not html:
        return Template(in_text(source), KINDS)
    clean, pieces = marked_clean(source)
    if len(pieces) > 2 * MOST_TAGS + 1:
        return Template(pieces, KINDS)  # it says that these are too many
    flaws = [(piece.line, f"{piece.source} {_DIVIDED}") for piece in divided(clean, pieces)]
    flaws += [(piece.line, f"{piece.source} {_LOST}") for piece in lost(clean, pieces)]
    return Template(placed(clean, pieces), KINDS, flaws)


def parts(content: Content, text_limit: int = 0) -> dict[str, Part]:
    """The parts there are, by name; `text_limit` is the longest text of the channel."""
    limits = {"subject": LINE, "preview_text": LINE, "body_text": text_limit, "body_html": 4 * text_limit}
    return {
        name: Part(_TITLES[name], _template(source, name == "body_html"), limit + ROOM)
        for name, limit in limits.items()
        if (source := getattr(content, name))
    }


def fields_of(content: Content) -> frozenset[str]:
    """The merge fields that any part uses, under whatever condition."""
    return frozenset[str]().union(*(part.template.fields for part in parts(content).values()))


def fields_needed(content: Content) -> frozenset[str]:
    """Those that a recipient must have a value of: shown without a default, where no condition sees to it."""
    return frozenset[str]().union(*(part.template.needs for part in parts(content).values()))


def lacking(content: Content, people: Iterable[Mapping[str, object]]) -> Counter[str]:
    """How many of these would be shown nothing for a field, by the field: conditions may see to it, or may not."""
    templates = [part.template for part in parts(content).values()]
    missing: Counter[str] = Counter()
    for person in people:
        values = cleaned(person)
        for template in templates:
            try:
                template.render(values, NO_LIMIT)
            except Missing as error:
                missing[str(error)] += 1
                break
    return missing


def problems(content: Content, text_limit: int) -> Iterator[str]:
    """What is wrong with the merge language of any part, each with its place."""
    for name, part in parts(content, text_limit).items():
        for line, said in part.template.flaws[:MOST_TOLD]:
            yield f"{said} ({part.title}{'' if name in ('subject', 'preview_text') else f', line {line}'})"
        if not part.template.flaws:
            yield from _growth(part)


def _growth(part: Part) -> Iterator[str]:
    """Filled in with long values, then with none at all: neither may take the part beyond its bounds."""
    trials: list[Values] = [{name: _TRIAL[kind] for name, kind in KINDS.items()}, {}]
    for values in trials:
        try:
            part.template.render(values, part.limit)
        except TooLong:
            yield f"the {part.title} grows beyond {part.limit:,} characters when it is filled in"
        except Missing:
            continue


def filled(part: Part, values: Values) -> str:
    """The part for one recipient; FixArguments says why there is none."""
    if part.template.flaws:
        raise FixArguments(f"The {part.title} cannot be filled in: {part.template.flaws[0][1]}.", field="content")
    try:
        return part.template.render(values, part.limit)
    except Missing as missing:
        raise FixArguments(f"{{{missing}}} has no value for this customer and no default.", field="content") from None
    except TooLong:
        raise FixArguments(
            f"The {part.title} has more than {part.limit:,} characters for this customer.", field="content"
        ) from None
