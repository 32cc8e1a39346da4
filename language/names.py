"""Words that are part of a product's name, and so no place, no month and no change: "nail polish", "climbing roses"."""

from __future__ import annotations

import re
from collections.abc import Set
from functools import cache
from typing import Final

from language.figures import MONTHS
from language.filler import ASKING
from language.places import place_names
from language.vocabulary import DIMENSIONS, METRICS

__all__ = ["INSIDE", "beside_goods", "places_kept"]

INSIDE: Final = "\x02"
"""Put into words that are part of a name, so that they are read as nothing else."""


def places_kept(text: str, goods: Set[str]) -> str:
    """`text` with places and months inside names of `goods` (words of the products' names) marked as part of one."""
    inside = goods & _elsewhere()
    if not inside:
        return text
    said = "|".join(sorted(map(re.escape, inside), key=len, reverse=True))
    return re.sub(
        rf"\b(?:{said})\b", lambda m: f"{m[0][0]}{INSIDE}{m[0][1:]}" if beside_goods(m, goods) else m[0], text
    )


def beside_goods(match: re.Match[str], goods: Set[str]) -> bool:
    """Whether the word before or after is one of the products' names, and none that only asks."""
    before = match.string[: match.start()].split()[-1:]
    after = match.string[match.end() :].split()[:1]
    beside = {word.strip(" ,.?!:;").replace(INSIDE, "") for word in (*before, *after)}
    forms = {form for word in beside for form in (word, word.removesuffix("s"), word.removesuffix("es"))}
    return bool(forms & (goods - ASKING - _elsewhere() - _of_figures()))


@cache
def _of_figures() -> frozenset[str]:
    """Words of figures, of what they are cut by and of people: beside them a place is one."""
    said = [phrase for table in (METRICS, DIMENSIONS) for phrases in table.values() for phrase in phrases]
    people = "account accounts customer customers client clients buyer buyers shopper shoppers people list"
    return frozenset(" ".join([*said, people]).split()) - {"item", "piece"}


@cache
def _elsewhere() -> frozenset[str]:
    single = {name for name in place_names() if " " not in name and len(name) > 3}
    return frozenset(single | MONTHS.keys() - {"mar", "sun"})
