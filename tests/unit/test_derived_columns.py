"""Columns made of others: what cannot be computed is left as it stands, for the importer to tell of."""

from __future__ import annotations

import polars as pl

from connectors.files.columns import Derived, scaled, sum_listed


def made(column: Derived, **columns: list[str]) -> list[str | None]:
    return pl.DataFrame(columns).select(column.make([pl.col(name) for name in columns])).to_series().to_list()


def test_an_amount_in_another_currency_is_scaled_where_there_is_a_rate() -> None:
    column = scaled("refunded", by="base", of="charged")
    found = made(column, refunded=["5", "5", "5", "x"], base=["10", "20", "10", "10"], charged=["10", "10", "0", "5"])
    assert found == ["5", "10.0000", "5", "x"]


def test_listed_amounts_are_summed_and_an_absurd_one_stands_as_written() -> None:
    absurd = "amount:1" + "0" * 30
    found = made(sum_listed("refunds", "amount"), refunds=["amount:4.00|reason:late;amount:2.50", "", absurd])
    assert found == ["6.5000", None, absurd]
