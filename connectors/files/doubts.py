"""Which of several amounts became money, where it could have been another; what a file cannot be, for what it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping as Table
from collections.abc import Sequence
from typing import TYPE_CHECKING

from connectors.files.appearance import Appearance, appearance
from connectors.files.columns import bare, compact
from connectors.files.fields import KINDS
from connectors.files.header_words import NO_REVENUE
from connectors.files.mapping import Mapping
from core.decisions import Decisions
from core.errors import FixArguments

if TYPE_CHECKING:
    import polars as pl

__all__ = ["note_doubts"]

MONEY_FIELDS = ("revenue", "amount", "unit_price", "spend", "cost", "budget", "price")
MONEY_SIGN = re.compile(r"[£€$¥₹]|\b(?:EUR|USD|GBP|CHF)\b")
WITHOUT_MONEY = ("products", "campaigns", "mentions")
PLACE = re.compile(r"lat|long|zip|postal|phone|rate|ratio|score|rating|(?<!con)version|weight|percent|%")
MEANS = {"campaigns": "campaigns", "products": "a catalogue", "mentions": "mentions"}


def note_doubts(
    mapping: Mapping, sample: pl.DataFrame, given: Table[str, str], decisions: Decisions, *, asked: bool
) -> None:
    """Say which amount became money where it could have been another.

    FixArguments where a file with amounts and dates of its own would be taken for one that has neither; `asked`: a
    person has said what the file is.
    """
    looks = {name: appearance(sample[name]) for name in mapping.unused if name in sample.columns}
    money = [name for name, look in looks.items() if _is_money(name, look, sample)]
    dates = [name for name, look in looks.items() if look.dates >= 0.9]
    if mapping.kind in WITHOUT_MONEY and money and dates and not asked:
        raise FixArguments(
            f"The file could be {MEANS[mapping.kind]}, but it has amounts ({', '.join(money)}) and dates"
            f" ({', '.join(dates)}) as sales have, and no column that names an order or a customer was found. Name the"
            " columns with --map field=column, or say what it is with --kind.",
            field="kind",
            valid=list(KINDS),
        )
    if mapping.kind == "touches" and money and not asked:
        raise FixArguments(
            f"The file could be touches, one a row, but it has amounts ({', '.join(money)}) that a touch has not. Say"
            " --kind touches to leave them out, or --kind orders where each row is a sale.",
            field="kind",
            valid=["touches", "orders"],
        )
    _note_money(mapping, money, given, decisions)


def _note_money(mapping: Mapping, money: list[str], given: Table[str, str], decisions: Decisions) -> None:
    field = next((f for f in MONEY_FIELDS if f in mapping.columns), None)
    rivals = [name for name in money if not re.search(NO_REVENUE, compact(name))]
    if field is not None and field not in given and rivals:
        taken = mapping.columns[field]
        words = KINDS[mapping.kind].field(field).synonyms
        named = compact(taken) in words or compact(bare(taken)) in words
        why = "its name says so" if named else "of the columns with decimals it is the likeliest"
        decisions.add(
            "money",
            f"“{taken}” was taken as {field.replace('_', ' ')}, for {why}; {_listed(rivals)} could be too.",
            doubtful=True,
            instead=f"--map {field}=“{rivals[0]}”",
        )


def _is_money(name: str, look: Appearance, sample: pl.DataFrame) -> bool:
    """Whether a column holds amounts: decimals, or signs of a currency, and no name that says otherwise."""
    if look.is_empty or look.dates >= 0.9 or look.numbers < 0.8 or PLACE.search(compact(name)):
        return False
    return look.decimals >= 0.5 or any(MONEY_SIGN.search(v) for v in sample[name].drop_nulls().head(20))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
