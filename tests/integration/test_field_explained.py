"""Nothing is decided in silence: where what is stored differs from a plain reading of a file, its report says why.

The plain reading knows nothing of AIMA: the standard library's CSV reader, every line a row, every amount added up as
its last separator says. Whatever of it is not found again in the database must be explained by a decision, a rejected
row, or the file must have been refused with a reason.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from core.errors import FixArguments
from tests.integration.field_shops import FIELD, FieldShop, shop
from tools.imports.report import ImportResult
from tools.imports.wording import import_words

__all__ = ["shop"]

ENDINGS = {".csv", ".txt", ".tsv"}
FILES = sorted(
    f"{path.parent.name}/{path.name}" for path in FIELD.glob("[0-9]*/*") if path.suffix in ENDINGS
) or ["no cases here"]  # fmt: skip
OWN = {
    "plain": "order_id,order_date,customer_id,total\n1,2024-01-02,a,10.00\n2,2024-01-03,b,20.00\n",
    "cancelled": "order_id,order_date,customer_id,total,status\n1,2024-01-02,a,10,paid\n2,2024-01-03,b,20,annulée\n",
    "unknown status": "order_id,order_date,customer_id,total,status\n1,2024-01-02,a,10,paid\n2,2024-01-03,b,2,zweeft\n",
    "two amounts": "order_id,order_date,customer_id,total,margin\n1,2024-01-02,a,10.00,3.10\n2,2024-01-03,b,20,4.20\n",
    "two dates": "order_id,order_date,paid_on,customer_id,total\n1,2024-01-02,2024-01-05,a,10.00\n",
    "rejected": "order_id,order_date,customer_id,total\n1,2024-01-02,a,10.00\n2,2024-01-03,b,plenty\n",
    "repeated": "order_id,order_date,customer_id,total\n1,2024-01-02,a,10.00\n1,2024-01-02,a,10.00\n",
    "total row": "order_id,order_date,customer_id,total\n1,2024-01-02,a,10.00\n2,2024-01-03,b,20.00\nTotal,,,30.00\n",
    "european": "order_id;order_date;customer_id;total\n1;02.01.2024;a;1.250\n2;13.01.2024;b;20,50\n",
    "currencies": "order_id,order_date,customer_id,total,currency\n1,2024-01-02,a,10,GBP\n2,2024-01-03,b,20,USD\n",
    "refunds": "order_id,order_date,customer_id,total,refunded_amount\n1,2024-01-02,a,10,0\n2,2024-01-03,b,20,5\n",
}


@dataclass(frozen=True)
class Plain:
    """A file as anybody would read it."""

    header: list[str]
    rows: list[list[str]]

    @classmethod
    def of(cls, path: Path) -> Plain:
        raw = path.read_bytes()
        utf16 = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        try:
            words = raw.decode("utf-16" if utf16 else "utf-8-sig")
        except UnicodeDecodeError:
            words = raw.decode("cp1252", errors="replace")
        words = re.sub(r"^sep=.\r?\n", "", words)  # a note to Excel, no row
        delimiter = max(";\t,", key=words.split("\n", 1)[0].count)
        rows = [row for row in csv.reader(io.StringIO(words, newline=""), delimiter=delimiter) if any(row)]
        return cls(rows[0], rows[1:])

    def column(self, name: str) -> list[str]:
        if name not in self.header:
            return []
        at = self.header.index(name)
        return [row[at] for row in self.rows if len(row) > at]

    def total(self, name: str) -> Decimal:
        values = self.column(name)
        most = 4 if any(re.fullmatch(r"0[.,]\d+", value) for value in values) else 2
        return sum((_amount(value, most) for value in values), Decimal(0))


def _amount(value: str, most: int) -> Decimal:
    """The number in a cell; a last separator with at most so many digits behind it is the decimal mark."""
    digits = re.sub(r"[^\d.,\-]", "", value)
    whole, mark, decimals = digits, "", ""
    if found := re.fullmatch(rf"(.*)([.,])(\d{{1,{most}}})", digits):
        whole, mark, decimals = found.groups()
    whole = re.sub(r"[.,]", "", whole)
    try:
        return Decimal(f"{whole}.{decimals}" if mark else whole or "0")
    except ArithmeticError:
        return Decimal(0)


def unexplained(shop: FieldShop, path: Path, result: ImportResult) -> list[str]:
    """What differs from the plain reading without a word in the report."""
    plain, words = Plain.of(path), import_words(result)
    about = {decision.about for decision in result.decisions}
    rejected = bool(result.rejected)
    found = []
    if result.read != len(plain.rows) and not about & {"rows", "refunds"}:
        found.append(f"{len(plain.rows)} rows, {result.read} read")
    if result.rejected and f"{result.rejected:,} rejected" not in words:
        found.append("rejected rows")
    for name in result.mapping.unused:
        if any(plain.column(name)) and f"“{name}”" not in words and "more were not read" not in words:
            found.append(f"column {name} is not read")
    money = result.mapping.columns.get("revenue")
    if result.mapping.kind == "orders" and money is not None:
        if f"“{money}”" not in words:
            found.append(f"revenue is {money}")
        stored = shop.rows("select coalesce(sum(revenue), 0) as sum, count(*) as orders from orders")[0]
        told = {decision.about for decision in result.decisions if decision.rows}
        reasons = told & {"status", "refunds", "currency", "rows"} or "numbers" in about
        if abs(plain.total(money) - stored["sum"]) >= Decimal("0.005") and not reasons and not rejected:
            found.append(f"{plain.total(money)} in the file, {stored['sum']} stored")
    return found


@pytest.mark.parametrize("name", FILES)
def test_every_difference_of_a_file_from_the_field_is_explained(shop: FieldShop, name: str) -> None:
    path = FIELD / name
    if not path.exists():
        pytest.skip("the cases from the field (../shared/field) are not here")
    _explained(shop, path)


@pytest.mark.parametrize("name", OWN)
def test_every_difference_of_an_own_file_is_explained(shop: FieldShop, name: str) -> None:
    _explained(shop, shop.write(OWN[name], "own.csv"))


def _explained(shop: FieldShop, path: Path) -> None:
    """A file that is refused says why, and that is enough."""
    with contextlib.suppress(FixArguments):
        assert unexplained(shop, path, shop.bring(path)) == []
