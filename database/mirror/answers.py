"""Questions about customers answered from a mirror: how many, worth what, and which."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from database.queries.customers import Found
from database.queries.segments import Size

__all__ = ["find", "size"]

_MEASURES = ("revenue_365d", "monetary_value", "clv_12m", "churn_90", "customer_health_score")
_FLAGS = ("has_email", "may_email")


def size(frame: pl.DataFrame, picked: pl.Series) -> Size:
    """Size and value of the rows `picked`, as segments.size tells them."""
    rows = _chosen(frame.select(*_MEASURES, *_FLAGS), picked)
    told = rows.select(
        *(pl.col(name).cast(pl.Float64).sum().alias(name) for name in _MEASURES),
        *(pl.col(name).count().alias(f"{name}_known") for name in _MEASURES),
        *(pl.col(name).sum().alias(name) for name in _FLAGS),
    ).row(0, named=True)
    total = {name: told[name] if told[f"{name}_known"] else None for name in _MEASURES}
    mean = {name: told[name] / told[f"{name}_known"] if told[f"{name}_known"] else None for name in _MEASURES}
    return Size(
        name=None,
        customers=rows.height,
        all_customers=frame.height,
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
