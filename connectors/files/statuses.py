"""What became of each order, by all of its status columns together, and what was left out because of it.

The worst word wins: a completed order whose payment was charged back brought nothing. Only money counts: goods not sent
yet are sold, and a word for "paid" in the column of payments outweighs an order that is still open.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

from connectors.files.status_words import OUTCOMES, STEMS, WORDS, Outcome
from core.errors import FixArguments

if TYPE_CHECKING:
    import polars as pl

    from core.decisions import Decisions

__all__ = [
    "COLUMNS",
    "Returns",
    "fold",
    "known_share",
    "never_paid",
    "outcome_of",
    "parse_statuses",
    "says_returned",
    "settled",
]

COLUMNS = ("status", "payment_status", "fulfilment_status")
MARKS = ("cancelled_at", "test")
RANK: dict[Outcome, int] = {outcome: rank for rank, outcome in enumerate(OUTCOMES)} | {"void": 9, "returned": 8}
UNKNOWN = "unknown"
MOST_WORDS = 500
TAKEN_BACK = ("chargeback", "charge back", "reversal")
SAID = {
    "pending": "“{word}” means not paid yet: such orders count nothing until a later file says that they are paid.",
    "void": "“{word}” means that no money came: such orders are left out.",
    "returned": "“{word}” means that the money went back: such orders are sold, and refunded in whole.",
    "refund": "“{word}” means money that goes back: such rows are refunds.",
}
# A word that comes only after the first rows of a large file, when it is settled how its rows are kept.
UNTOLD = "“{word}” means that the money went back: such orders count nothing, neither as sales nor as refunds."
INSTEAD = "--status “{word}=sale” (or refund, void, pending)"
NO_SALE = "--status “{word}=void” (or refund, pending)"


class Returns(Enum):
    """What an order becomes whose status says that its money went back, without an amount."""

    NOTHING = "an order that counts nothing"
    REFUNDED = "a sale with all of its money refunded"
    SOLD = "a sale, whose refund is told elsewhere in the file"


def fold(text: str) -> str:
    """A word without case, accents, shop prefix (wc-) and separators."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[\s_./:()–-]+", " ", re.sub(r"^wc-", "", plain)).strip()


@lru_cache(maxsize=4096)
def outcome_of(word: str) -> Outcome | None:
    """What the money did, by a status word as it stands in a file; None for a word that is not known."""
    folded = fold(word)
    if folded in WORDS:
        return WORDS[folded]
    first = fold(re.split(r"\s[-–]\s|[/|,;:(]", word)[0])
    if first in WORDS:
        return WORDS[first]
    return next((outcome for form, outcome in STEMS if re.search(form, folded)), None)


def parse_statuses(pairs: Mapping[str, str]) -> dict[str, str]:
    """Words given by a person, folded; FixArguments for what is no outcome."""
    for word, outcome in pairs.items():
        if outcome not in OUTCOMES:
            raise FixArguments(f"A status cannot mean '{outcome}' ({word}).", field="status", valid=OUTCOMES)
    return {fold(word): outcome for word, outcome in pairs.items()}


def known_share(values: pl.Series) -> float:
    """Share of the filled values that are known status words; 0 without any, and with more words than a shop has."""
    filled = values.drop_nulls()
    words = filled.value_counts()
    if not 0 < words.height <= MOST_WORDS:
        return 0.0
    known = sum(int(count) for word, count in words.iter_rows() if outcome_of(word) is not None)
    return known / len(filled)


def says_returned(values: pl.Series, given: Mapping[str, str]) -> bool:
    """Whether a word says of orders that their money went back."""
    words = values.drop_nulls().unique()
    return any(given.get(fold(word), outcome_of(word)) in ("returned", "refund") for word in words)


def never_paid(columns: pl.DataFrame, given: Mapping[str, str]) -> pl.Series:
    """Where a word in one of these columns says that an order is cancelled or not paid yet."""
    import polars as pl

    gone = pl.repeat(False, columns.height, dtype=pl.Boolean, eager=True)
    for column in columns:
        words = [w for w in column.unique() if w and given.get(fold(w), outcome_of(w)) in ("void", "pending")]
        gone = gone | column.is_in(words) if words else gone
    return gone.fill_null(False)


def settled(
    frame: pl.DataFrame,
    given: Mapping[str, str],
    decisions: Decisions,
    *,
    transactions: bool = False,
    returns: Returns = Returns.NOTHING,
) -> pl.DataFrame:
    """Rows with one `status` (refund, void or null for a sale) instead of all that tells it; what counts is noted.

    `given` are words whose meaning a person or a vendor's declaration sets. `transactions`: a row is one movement of
    money, so that a chargeback is itself the money that goes back; else it is said of the order in the row. `returns`:
    what orders become whose money went back.
    """
    import polars as pl

    has = [name for name in (*COLUMNS, *MARKS) if name in frame.columns]
    if not has:
        return frame
    told = frame.select(*has).unique()
    read = [_combined(dict(zip(has, row, strict=True)), given, transactions) for row in told.iter_rows()]
    meaning = told.with_columns(
        pl.Series("outcome", [outcome for outcome, _ in read], dtype=pl.String),
        pl.Series("word", [word for _, word in read], dtype=pl.String),
    )
    frame = frame.join(meaning, on=has, how="left", nulls_equal=True, maintain_order="left").drop(has)
    frame = _by_amounts(frame)
    _note(frame, decisions, returns)
    if returns is not Returns.NOTHING:
        frame = _sold_and_refunded(frame, told=returns is Returns.REFUNDED)
    nothing = pl.col("outcome").is_in(["void", "pending", "returned"])
    status = pl.when(pl.col("outcome") == "refund").then(pl.lit("refund")).when(nothing).then(pl.lit("void"))
    return frame.with_columns(status.alias("status")).drop("outcome", "word")


def _combined(row: dict[str, str | bool | None], given: Mapping[str, str], transactions: bool) -> tuple[str, str]:
    """(outcome, the word that decided) of one row's columns."""
    if row.get("test"):
        return "void", "test order"
    found = [
        (name, _read(name, str(row[name]), given, transactions), str(row[name])) for name in COLUMNS if row.get(name)
    ]
    if row.get("cancelled_at"):
        found.append(("cancelled_at", "void", "cancelled"))
    paid = any(name == "payment_status" and outcome == "sale" for name, outcome, _ in found)
    ranked = [(outcome, word) for _, outcome, word in found if not (paid and outcome == "pending")]
    worst = max(ranked, key=lambda pair: RANK.get(pair[0], -1), default=("sale", ""))  # type: ignore[call-overload]
    unknown = next((pair for pair in ranked if pair[0] == UNKNOWN), None)
    return unknown if unknown is not None and worst[0] == "sale" else worst


def _read(column: str, word: str, given: Mapping[str, str], transactions: bool) -> str:
    set_by_hand = given.get(fold(word))
    if set_by_hand is not None:
        return set_by_hand
    outcome = outcome_of(word)
    if outcome is None:
        return UNKNOWN
    if column == "fulfilment_status" and outcome == "pending":
        return "sale"  # not sent yet, but sold
    of_the_order = column != "status" or (fold(word) in TAKEN_BACK and not transactions)
    if outcome == "refund" and of_the_order:
        return "returned"
    return outcome


def _by_amounts(frame: pl.DataFrame) -> pl.DataFrame:
    """A row of money back that calls itself refunded is the refund, and what was given back in part stays a sale."""
    import polars as pl

    outcome, amount = pl.col("outcome"), _amount(frame)
    if amount is not None:
        outcome = pl.when((outcome == "returned") & (amount < 0)).then(pl.lit("refund")).otherwise(outcome)
    if "refunded" not in frame.columns:
        return frame.with_columns(outcome.alias("outcome"))
    some = (pl.col("refunded").abs() > 0).fill_null(False)
    outcome = pl.when((outcome == "returned") & some).then(pl.lit("sale")).otherwise(outcome)
    if amount is not None:  # cancelled, and some of its money was kept
        part = some & (pl.col("refunded").abs() < amount)
        outcome = pl.when((outcome == "void") & part).then(pl.lit("sale")).otherwise(outcome)
    frame = frame.with_columns(outcome.alias("outcome"))
    gone = pl.col("outcome").is_in(["void", "pending"])
    return frame.with_columns(pl.when(gone).then(None).otherwise("refunded").alias("refunded"))


def _sold_and_refunded(frame: pl.DataFrame, *, told: bool) -> pl.DataFrame:
    """Orders whose money went back as the sales that they were; `told`: with all of it refunded."""
    import polars as pl

    back, amount = pl.col("outcome") == "returned", _amount(frame)
    if told and amount is not None:
        known = pl.col("refunded") if "refunded" in frame.columns else pl.lit(None, dtype=pl.Decimal(18, 4))
        frame = frame.with_columns(pl.when(back).then(amount.abs()).otherwise(known).alias("refunded"))
    return frame.with_columns(pl.when(back).then(pl.lit("sale")).otherwise("outcome").alias("outcome"))


def _amount(frame: pl.DataFrame) -> pl.Expr | None:
    import polars as pl

    if "revenue" in frame.columns:
        return pl.col("revenue")
    if {"quantity", "unit_price"} <= set(frame.columns):
        return (pl.col("quantity").cast(pl.Float64) * pl.col("unit_price").cast(pl.Float64)).cast(pl.Decimal(18, 4))
    return None


def _note(frame: pl.DataFrame, decisions: Decisions, returns: Returns) -> None:
    """Everything that counts otherwise than as a sale, and every word that is not known, with its money."""
    import polars as pl

    amount = _amount(frame)
    money = pl.lit(None) if amount is None else amount.sum()
    orders = pl.col("order_id").n_unique() if "order_id" in frame.columns else pl.len()
    counted = (
        frame.filter((pl.col("outcome") != "sale") & (pl.col("word") != ""))
        .group_by("outcome", "word")
        .agg(orders.alias("orders"), money.alias("money"))
        .sort("outcome", "word")
    )
    for outcome, word, rows, total in counted.iter_rows():
        sum_ = None if total is None else Decimal(str(total))
        if outcome == UNKNOWN:
            said = f"“{word}” is no status known here; such orders were taken as sales."
            otherwise = NO_SALE.format(word=word)
            decisions.add("status", said, rows=rows, amount=sum_, doubtful=True, instead=otherwise)
        elif word == "test order":
            decisions.add("status", "Test orders were left out.", rows=rows, amount=sum_)
        else:
            otherwise = INSTEAD.format(word=word)
            said = UNTOLD if outcome == "returned" and returns is Returns.NOTHING else SAID[outcome]
            decisions.add("status", said.format(word=word), rows=rows, amount=sum_, instead=otherwise)
