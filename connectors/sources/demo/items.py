"""Order lines as a table: what was bought in each order, and what came back."""

from __future__ import annotations

import numpy as np
import polars as pl

from connectors.sources.demo.arrays import decoded, instants, money
from connectors.sources.demo.customers import People, customer_ids
from connectors.sources.demo.orders import Orders
from connectors.sources.demo.products import CATEGORY_NAMES, PER_CATEGORY
from connectors.sources.demo.truth import Truth


def items_table(truth: Truth, people: People, orders: Orders, ids: pl.Series, catalogue: pl.DataFrame) -> pl.DataFrame:
    """order_id, customer_id, ordered_at, sku, description, category, quantity, unit_price, revenue.

    `unit_price` is the charged price, after discount: quantity * unit_price = revenue. Refunds repeat their order's
    lines with a negative quantity.
    """
    lines = orders.lines
    bought = pl.DataFrame(
        [
            ids.gather(lines.order),
            customer_ids(people).gather(orders.owner[lines.order]),
            instants("ordered_at", truth.start, orders.at[lines.order]),
            catalogue["sku"].gather(lines.product),
            catalogue["name"].gather(lines.product).alias("description"),
            decoded("category", CATEGORY_NAMES, lines.product // PER_CATEGORY),
            pl.Series("quantity", lines.quantity),
            money("unit_price", lines.unit_cents),
            money("revenue", lines.cents),
        ]
    )
    refunded_at = orders.refunded_at[lines.order]
    back = np.isfinite(refunded_at)
    returned = bought.filter(pl.Series(back)).with_columns(
        (pl.col("order_id") + "R").alias("order_id"),
        instants("ordered_at", truth.start, refunded_at[back]),
        -pl.col("quantity"),
        -pl.col("revenue"),
    )
    return pl.concat([bought, returned])
