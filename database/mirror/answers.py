"""Questions about customers answered from a mirror: how many, worth what, and which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from database.queries.customers import Found
from database.queries.segments import Size

__all__ = ["find", "size", "sizes_by"]

_MEASURES = ("revenue_365d", "monetary_value", "clv_12m", "churn_90", "customer_health_score")
_FLAGS = ("has_email", "may_email")


def size(frame: pl.DataFrame, picked: pl.Series) -> Size:
    """Size and value of the rows `picked`, as segments.size tells them."""
    rows = _chosen(frame.select(*_MEASURES, *_FLAGS), picked)
    return _size(None, rows.select(*_told()).row(0, named=True), frame.height)


def sizes_by(frame: pl.DataFrame, columns: Sequence[str]) -> dict[str, list[Size]]:
    """Size and value of everybody by each of these columns, as segments.sizes_by tells them."""
    return {column: _sizes(frame, column) for column in columns}


def _sizes(frame: pl.DataFrame, column: str) -> list[Size]:
    rows = frame.select(pl.col(column).alias("name"), *_MEASURES, *_FLAGS)
    rows = rows.explode("name") if rows.schema["name"] == pl.List(pl.String) else rows
    groups = rows.drop_nulls("name").group_by(pl.col("name").cast(pl.String)).agg(*_told())
    ordered = groups.sort("customers", "name", descending=[True, False])
    return [_size(told["name"], told, frame.height) for told in ordered.iter_rows(named=True)]


def _told() -> list[pl.Expr]:
    return [
        pl.len().alias("customers"),
        *(pl.col(name).cast(pl.Float64).sum().alias(name) for name in _MEASURES),
        *(pl.col(name).count().alias(f"{name}_known") for name in _MEASURES),
        *(pl.col(name).sum().alias(name) for name in _FLAGS),
    ]


def _size(name: str | None, told: Mapping[str, Any], everybody: int) -> Size:
    total = {name: told[name] if told[f"{name}_known"] else None for name in _MEASURES}
    mean = {name: told[name] / told[f"{name}_known"] if told[f"{name}_known"] else None for name in _MEASURES}
    return Size(
        name=name,
        customers=told["customers"],
        all_customers=everybody,
        revenue_365d=total["revenue_365d"],
        revenue_all=total["monetary_value"],
        average_value=mean["monetary_value"],
        average_clv_12m=mean["clv_12m"],
        average_churn_90=mean["churn_90"],
        average_health=mean["customer_health_score"],
        with_email=told["has_email"],
        with_consent_email=told["may_email"],
    )


def find(
    frame: pl.DataFrame,
    picked: pl.Series,
    *,
    columns: Sequence[str],
    sort: str,
    descending: bool,
    limit: int,
    offset: int,
) -> Found | None:
    """The rows `picked`, as customers.find gives them; None where the database has to sort words its own way."""
    if frame.schema[sort] in (pl.String, pl.Categorical, pl.List(pl.String)):
        return None
    needed = dict.fromkeys((sort, "customer_id", "monetary_value"))
    keys = _chosen(frame.select(*needed, pl.int_range(pl.len()).alias("row")), picked)
    place = keys.sort(sort, "customer_id", descending=[descending, False], nulls_last=True)["row"]
    shown = frame.select(columns)[place.slice(offset, limit)]
    spent = keys["monetary_value"].drop_nulls()
    return Found(shown.rows(), keys.height, float(spent.sum()) if len(spent) else None)


def _chosen(frame: pl.DataFrame, picked: pl.Series) -> pl.DataFrame:
    """Few rows are gathered, many are filtered: each is the faster way."""
    return frame[picked.arg_true()] if picked.sum() * 8 < frame.height else frame.filter(picked)
