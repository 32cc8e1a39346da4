"""Which columns of a file became money, and which are not read: always told, and asked about where it matters."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from connectors.files.appearance import appearance, clean
from connectors.files.columns import compact
from connectors.files.fields import KINDS
from connectors.files.mapping import Mapping
from core.decisions import Decisions

__all__ = ["note_columns"]

TOLD = 12  # columns named in one sentence
MOSTLY = 0.8
ADDRESSES = "email addresses"
PERCENT = r"^[-+]?\d+(?:[.,]\d+)?\s*%$"
INSTEAD = "--map field=column"


def note_columns(mapping: Mapping, sample: pl.DataFrame, decisions: Decisions) -> None:
    """Note which columns became money and addresses, and which are not read."""
    _note_money(mapping, decisions)
    _note_addresses(mapping, decisions)
    _note_unread(mapping, sample, decisions)


def _note_money(mapping: Mapping, decisions: Decisions) -> None:
    """Note from which column each amount is read."""
    for part in mapping.tables():
        kind = KINDS[part.kind]
        taken = [(name, column) for name, column in part.columns.items() if kind.field(name).type == "money"]
        if taken:
            named = ", ".join(f"{name.replace('_', ' ')} from “{column}”" for name, column in taken)
            decisions.add("money", f"Amounts of {part.kind.replace('_', ' ')} are read so: {named}.")


def _note_addresses(mapping: Mapping, decisions: Decisions) -> None:
    """Note a column that was taken for the customers' addresses for what it holds, not for its name."""
    column = None if mapping.preset else mapping.columns.get("email")
    if column is not None and compact(column) not in KINDS[mapping.kind].field("email").synonyms:
        said = f"“{column}” holds email addresses, and was taken for those of the customers."
        decisions.add("people", said, instead="--map email=")


def _note_unread(mapping: Mapping, sample: pl.DataFrame, decisions: Decisions) -> None:
    """Note what is not read. A vendor's columns are known: none of them is doubtful."""
    columns = [name for name in mapping.unused if name in sample.columns and sample[name].null_count() < sample.height]
    asked = [] if mapping.preset else [(name, what) for name in columns if (what := _held(sample[name]))]
    for what in ("amounts", "dates", ADDRESSES):
        held = [name for name, held in asked if held == what]
        if held:
            said = f"{_named(held)} {'holds' if len(held) == 1 else 'hold'} {what}, and {_were(held)} not read."
            decisions.add("columns", said, doubtful=True, instead=INSTEAD)
    shares = [name for name in columns if _are_shares(sample[name])] if not mapping.preset else []
    if shares:
        said = f"{_named(shares)} {'holds' if len(shares) == 1 else 'hold'} percentages, which are no amounts"
        decisions.add("columns", f"{said}, and {_were(shares)} not read.")
    rest = [name for name in columns if name not in dict(asked) and name not in shares]
    if rest:
        kept = ", only kept with the customer" if mapping.kind == "customers" else ""
        decisions.add("columns", f"{_named(rest)} {_were(rest)} not read{kept}.")


def _held(values: pl.Series) -> str:
    look = appearance(values)
    if look.emails >= MOSTLY:
        return ADDRESSES
    if look.decimals >= MOSTLY:
        return "amounts"
    return "dates" if look.dates >= MOSTLY else ""


def _are_shares(values: pl.Series) -> bool:
    known = clean(values).drop_nulls()
    return bool(len(known)) and float(known.str.contains(PERCENT).sum()) / len(known) >= MOSTLY


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:TOLD])
    more = f" and {len(names) - TOLD} more" if len(names) > TOLD else ""
    return f"The column{'s' if len(names) > 1 else ''} {shown}{more}"


def _were(names: Sequence[str]) -> str:
    return "were" if len(names) > 1 else "was"
