"""What plans are made of: what is known of everybody, who can be reached, and what is on its way to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import Connection, text

from database.arrow import read_frame
from database.queries.audience import REACH, SUPPRESSED, Reach

if TYPE_CHECKING:
    import polars as pl

    from database.engine import Database

__all__ = ["everybody", "messages_of", "reachable"]

_NUMBERS: Final = (
    "recency_days", "days_since_first_order", "orders_all", "orders_365d", "overdue_ratio", "monetary_value",
    "avg_order_value", "revenue_365d", "favourite_category_share", "price_sensitivity_score", "distinct_locations",
    "clv_12m", "churn_60", "expected_orders_12m", "preferred_day_of_week", "preferred_hour_of_day",
)  # fmt: skip
_TEXTS: Final = ("favourite_category", "city")


def everybody(database: Database, org_id: UUID) -> pl.DataFrame:
    """customer_id and what plans ask of a customer, of all who have features, by customer_id; unknown is null."""
    import polars as pl

    columns = ", ".join([*(f"f.{name}::float8 as {name}" for name in _NUMBERS), *(f"f.{name}" for name in _TEXTS)])
    query = f"select f.customer_id, {columns} from customer_facts f where f.features_as_of is not null"  # noqa: S608
    with database.arrow(org_id, whole=True) as connection:
        frame = read_frame(connection, query).sort("customer_id")
    known = frame.with_columns(
        pl.col("customer_id").cast(pl.Int64), pl.col(_NUMBERS).cast(pl.Float64), pl.col(_TEXTS).cast(pl.String)
    )
    blank = [pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name)).alias(name) for name in _TEXTS]
    return known.with_columns(*blank)


def reachable(connection: Connection, reach: Reach) -> list[int]:
    """The customers who agreed to a channel, have an address that fits, and are not suppressed; in their order."""
    query = f"""
        select c.id from customers c {REACH}
        where a.granted and trim(p.address) ~ :form and not {SUPPRESSED} order by c.id
    """  # noqa: S608 - constants
    return list(connection.execute(text(query), asdict(reach)).scalars())


def messages_of(
    connection: Connection, since: datetime, until: datetime, *, dry: bool, dry_ones: Sequence[str]
) -> dict[int, int]:
    """How many messages each customer has had since then, or is to get before `until`; without those who have none.

    What went no further than the sandbox (`dry_ones`) counts for what goes there (`dry`) alone.
    """
    rows = connection.execute(
        text(
            """
            select m.customer_id, count(*) from messages m
            where (:dry or m.provider <> all(:dry_ones)) and (
                (m.status in ('claimed', 'handing_over', 'sent', 'unknown')
                 and coalesce(m.sent_at, m.updated_at) > :since)
                or (m.status = 'pending' and m.due_at < :until))
            group by 1
            """
        ),
        {"since": since, "until": until, "dry": dry, "dry_ones": list(dry_ones)},
    )
    return {row[0]: row[1] for row in rows}
