"""All features of all customers at an instant: sort once, one compiled pass a table."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import polars as pl

from analytics.features.compiled import DAY, Floats, Integers, customer_offsets
from analytics.features.dictionary import CATEGORY_NAMES, NAMES
from analytics.features.event_kernels import EVENT, event_features
from analytics.features.health import health_components
from analytics.features.order_kernels import ITEM, ORDER, item_features, order_features
from analytics.features.scores import brand_loyalty, price_sensitivity
from analytics.features.tables import EVENTS, ITEMS, ORDERS, SortedTable, wall_clock
from core.errors import FixArguments

__all__ = ["compute_features"]


def compute_features(
    orders: pl.DataFrame, items: pl.DataFrame, events: pl.DataFrame, *, as_of: datetime, time_zone: str = "UTC"
) -> pl.DataFrame:
    """One row per customer with any order, order line or event before `as_of`: customer_id, then `dictionary.NAMES`.

    Frames as in `tables` (ORDERS, ITEMS, EVENTS); rows at or after `as_of` are ignored. Numbers are Float64,
    categories Int32 codes, undefined values null (never NaN or infinite); rows are in customer_id order. Days, hours
    and months are those of `time_zone`. Frames sorted by (customer_id, time) are not sorted again.
    Raises FixArguments for a naive `as_of`, an unknown zone, or a frame that lacks a column.
    """
    if as_of.utcoffset() is None:
        raise FixArguments("as_of must be an aware instant; this one has no time zone.", field="as_of")
    as_of = as_of.astimezone(UTC)
    now, local_now = _instant(as_of, "UTC"), _instant(as_of, time_zone)
    order_table = SortedTable("orders", orders, ORDERS, as_of)
    item_table = SortedTable("items", items, ITEMS, as_of)
    event_table = SortedTable("events", events, EVENTS, as_of)
    ids = _customers(order_table, item_table, event_table)
    tables = (order_table, item_table, event_table)
    cuts = [_offsets(ids, table) for table in tables]
    columns = {
        **_orders(order_table, cuts[0], now, local_now, time_zone),
        **_items(item_table, cuts[1]),
        **_events(event_table, cuts[2], order_table, cuts[0], now),
        "tenure_days": _tenure(now, [(offsets, table.instants()) for offsets, table in zip(cuts, tables, strict=True)]),
    }
    return _with_scores(_frame(ids, columns))


def _instant(at: datetime, time_zone: str) -> int:
    return int(wall_clock(pl.Series([at], dtype=pl.Datetime("us", "UTC")), time_zone)[0])


def _customers(*tables: SortedTable) -> Integers:
    ids = pl.concat([table.frame["customer_id"].set_sorted().unique() for table in tables])
    array = ids.unique().sort().to_numpy()
    array.flags.writeable = False
    return array


def _offsets(ids: Integers, table: SortedTable) -> Integers:
    offsets = customer_offsets(ids, table.integers("customer_id"))
    offsets.flags.writeable = False
    return offsets


def _blank(columns: tuple[int, ...], offsets: Integers) -> Floats:
    return np.full((len(columns), offsets.size - 1), np.nan)


def _orders(table: SortedTable, offsets: Integers, now: int, local_now: int, time_zone: str) -> dict[str, Floats]:
    out = _blank(ORDER, offsets)
    order_features(
        offsets,
        table.instants(),
        table.local_instants(time_zone),
        table.floats("revenue"),
        table.floats("discount"),
        table.floats("quantity"),
        _sales(table),
        table.codes("channel"),
        table.codes("location"),
        now,
        local_now,
        table.code_count("channel", "location"),
        out,
    )
    return dict(zip(ORDER._fields, out, strict=True))


def _sales(table: SortedTable) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    sale = ~table.frame["is_refund"].to_numpy()
    sale.flags.writeable = False
    return sale


def _items(table: SortedTable, offsets: Integers) -> dict[str, Floats]:
    out = _blank(ITEM, offsets)
    bought = table.floats("quantity") > 0
    bought.flags.writeable = False
    item_features(
        offsets,
        table.codes("product"),
        table.codes("category"),
        table.floats("revenue"),
        table.floats("quantity"),
        bought,
        table.code_count("product", "category"),
        out,
    )
    return dict(zip(ITEM._fields, out, strict=True))


def _events(
    table: SortedTable, offsets: Integers, orders: SortedTable, order_offsets: Integers, now: int
) -> dict[str, Floats]:
    out = _blank(EVENT, offsets)
    event_features(
        offsets, table.instants(), table.codes("kind"), order_offsets, orders.instants(), _sales(orders), now, out
    )
    return dict(zip(EVENT._fields, out, strict=True))


def _tenure(now: int, tables: list[tuple[Integers, Integers]]) -> Floats:
    """Days since the first row of any table; a refund counts here, as a sign of an earlier relation."""
    first = np.full(tables[0][0].size - 1, now, np.int64)
    for offsets, instants in tables:
        present = np.flatnonzero(offsets[1:] > offsets[:-1])
        first[present] = np.minimum(first[present], instants[offsets[present]])
    return (now - first) / DAY


def _frame(ids: Integers, columns: dict[str, Floats]) -> pl.DataFrame:
    series = [pl.Series("customer_id", ids, dtype=pl.Int64)]
    for name, values in columns.items():
        column = pl.Series(name, values, dtype=pl.Float64, nan_to_null=True)
        series.append(column.cast(pl.Int32) if name in CATEGORY_NAMES else column)
    return pl.DataFrame(series)


def _with_scores(features: pl.DataFrame) -> pl.DataFrame:
    scored = features.with_columns(price_sensitivity(), brand_loyalty())
    health = health_components(scored)["customer_health_score"]
    return scored.with_columns(health).select("customer_id", *NAMES)
