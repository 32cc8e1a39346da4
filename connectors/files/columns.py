"""Columns by their names, whatever case, accents and separators; and columns that are made of others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "Derived",
    "Names",
    "bare",
    "by_sign",
    "compact",
    "constant",
    "find",
    "first_of",
    "last_listed",
    "less",
    "named",
    "numbered_refund",
    "scaled",
    "signed_word",
    "sum_listed",
    "there",
    "together",
    "unless_filled",
    "unquoted",
]

Names = Mapping[str, str]  # compact header name → the column as the file calls it
DECIMAL_COMMA = r",\d{1,2}[^0-9.,]*$"
NEGATIVE = r"^\s*[-\u2212(]|^[^\d]{0,4}-|-\s*$"


@lru_cache(maxsize=4096)
def compact(name: str) -> str:
    """A name without case, accents and separators."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain)


def bare(name: str) -> str:
    """A header without what stands in brackets after it: a unit, a currency."""
    return re.sub(r"\s*[\[(][^\])]*[\])]\s*$", "", name) or name


def named(header: Sequence[str]) -> Names:
    """The columns of a file by their compact names; of two alike the first."""
    return {compact(name): name for name in reversed(header)}


def find(names: Names, header: str) -> str | None:
    """The column that goes by a header; by its beginning where the header ends in *. None where there is none."""
    key = compact(header)
    if not header.endswith("*"):
        return names.get(key)
    return next((column for name, column in names.items() if name.startswith(key)), None)


@dataclass(frozen=True, slots=True)
class Derived:
    """A column made of others: the columns it needs (at least one of them must be there), and how it is made."""

    sources: tuple[str, ...]
    make: Callable[[list[pl.Expr]], pl.Expr]
    said: str
    needs_all: bool = False

    def there(self, names: Names) -> bool:
        """Whether a file with these headers has what the column is made of."""
        having = [find(names, source) is not None for source in self.sources]
        return all(having) if self.needs_all or not having else any(having)

    def columns(self, names: Names) -> list[str]:
        """The columns of the file that it is made of."""
        return [column for column in (find(names, source) for source in self.sources) if column is not None]


def together(*columns: str, said: str = "") -> Derived:
    """The values of several columns with a space between: a day and its clock."""

    def make(given: list[pl.Expr]) -> pl.Expr:
        import polars as pl

        return pl.concat_str(given, separator=" ", ignore_nulls=True)

    return Derived(columns, make, said or " and ".join(columns))


def first_of(*columns: str) -> Derived:
    """The first of several columns that has a value."""

    def make(given: list[pl.Expr]) -> pl.Expr:
        import polars as pl

        return pl.coalesce([pl.when(e.str.strip_chars() != "").then(e) for e in given])

    return Derived(columns, make, ", else ".join(columns))


def by_sign(amount: str, *, minus: str, plus: str) -> Derived:
    """One column where the amount is negative, another where it is not."""

    def make(given: list[pl.Expr]) -> pl.Expr:
        import polars as pl

        return pl.when(given[0].str.contains(NEGATIVE).fill_null(False)).then(given[1]).otherwise(given[2])

    return Derived((amount, minus, plus), make, f"{plus}, or {minus} where {amount} is negative", needs_all=True)


def unquoted(*columns: str) -> Derived:
    """The first of several columns that has a value, without the apostrophe put before it for spreadsheets."""

    def make(given: list[pl.Expr]) -> pl.Expr:
        import polars as pl

        bare = [e.str.strip_chars().str.strip_prefix("'") for e in given]
        return pl.coalesce([pl.when(e != "").then(e) for e in bare])

    return Derived(columns, make, ", else ".join(columns))


def constant(value: str, *columns: str) -> Derived:
    """The same value on every row that has any of the columns."""

    def make(given: list[pl.Expr]) -> pl.Expr:
        import polars as pl

        return pl.lit(value)

    return Derived(columns, make, f"“{value}”")


def there(value: str, *columns: str) -> Derived:
    """The same value on the rows where one of the columns has any."""

    def make(given: list[pl.Expr]) -> pl.Expr:
        import polars as pl

        return pl.when(pl.any_horizontal(e.str.strip_chars() != "" for e in given)).then(pl.lit(value))

    return Derived(columns, make, f"“{value}” where {' or '.join(columns)} is filled")


def unless_filled(column: str, other: str, value: str) -> Derived:
    """A column, but `value` where another one is filled."""

    def make(given: list[pl.Expr]) -> pl.Expr:
        import polars as pl

        return pl.when(given[1].str.strip_chars() != "").then(pl.lit(value)).otherwise(given[0])

    return Derived((column, other), make, f"{column}; “{value}” where {other} is filled", needs_all=True)


def signed_word(amount: str, word: str) -> Derived:
    """A word with "minus" before it where the amount is negative."""

    def make(given: list[pl.Expr]) -> pl.Expr:
        import polars as pl

        sign = pl.when(given[0].str.contains(NEGATIVE)).then(pl.lit("minus ")).otherwise(pl.lit(""))
        return pl.concat_str([sign, given[1].fill_null("")])

    return Derived((amount, word), make, f"{word}, and whether {amount} is negative", needs_all=True)


def numbered_refund(number: str, amount: str, day: str) -> Derived:
    """The number of an order; a refund that bears the number of its order gets one of its own, with its day."""

    def make(given: list[pl.Expr]) -> pl.Expr:
        import polars as pl

        own = pl.concat_str([given[0], pl.lit(" refund "), given[2]])
        return pl.when(given[1].str.contains(NEGATIVE)).then(own).otherwise(given[0])

    said = f"{number}; with {day} where {amount} is negative"
    return Derived((number, amount, day), make, said, needs_all=True)


def less(whole: str, rest: str) -> Derived:
    """What is missing from the whole: nothing where the rest is blank or zero."""

    def make(given: list[pl.Expr]) -> pl.Expr:
        import polars as pl

        total, left = (_amount(e).cast(pl.Decimal(18, 4), strict=False) for e in given)
        return pl.when((left > 0) & (left < total)).then(_like((total - left).cast(pl.String), given[0]))

    return Derived((whole, rest), make, f"{whole} less {rest}", needs_all=True)


def scaled(amount: str, *, by: str, of: str) -> Derived:
    """An amount in the currency of `of` in that of `by`, both of which tell the same; as it is where they are equal."""

    def make(given: list[pl.Expr]) -> pl.Expr:
        import polars as pl

        told, own, charged = (_amount(e).cast(pl.Float64, strict=False) for e in given)
        worth = (told * own / charged).round(4).cast(pl.Decimal(18, 4), strict=False).cast(pl.String)
        known = pl.coalesce(_like(worth, given[0]), given[0])
        return pl.when((own != charged) & (charged != 0)).then(known).otherwise(given[0])

    return Derived((amount, by, of), make, f"{amount}, times {by} over {of}", needs_all=True)


def sum_listed(column: str, key: str) -> Derived:
    """The sum of the amounts that a cell lists: `amount:4.00|reason:late;amount:2.50`."""

    def make(given: list[pl.Expr]) -> pl.Expr:
        import polars as pl

        amounts = given[0].str.extract_all(rf"\b{key}:[^|;]*")
        numbers = amounts.list.eval(_amount(pl.element()).cast(pl.Float64, strict=False))
        total = numbers.list.sum().round(4).cast(pl.Decimal(18, 4), strict=False).cast(pl.String)
        # an amount that no shop has stands as it is written, and is told as none
        return pl.when(amounts.list.len() > 0).then(pl.coalesce(total, given[0]))

    return Derived((column,), make, f"the sum of all “{key}” in {column}")


def last_listed(column: str, key: str) -> Derived:
    """The last value of a cell that lists several: `date:2024-01-02|…;date:2024-01-09`."""

    def make(given: list[pl.Expr]) -> pl.Expr:
        return given[0].str.extract_all(rf"\b{key}:[^|;]*").list.last().str.strip_prefix(f"{key}:")

    return Derived((column,), make, f"the last “{key}” in {column}")


def _amount(text: pl.Expr) -> pl.Expr:
    """An amount with a decimal point: a comma divides decimals where one or two digits follow it at the end."""
    import polars as pl

    digits = text.str.replace_all(r"[^0-9.,\-]", "")
    by_comma = digits.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    return pl.when(text.str.contains(DECIMAL_COMMA)).then(by_comma).otherwise(digits.str.replace_all(",", ""))


def _like(number: pl.Expr, amount: pl.Expr) -> pl.Expr:
    """A number with the decimal mark that an amount beside it has."""
    import polars as pl

    by_comma = number.str.replace(".", ",", literal=True)
    return pl.when(amount.str.contains(DECIMAL_COMMA)).then(by_comma).otherwise(number)
