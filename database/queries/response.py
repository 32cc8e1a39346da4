"""What is learnt of who responds to what: effects and next items of customers, value at risk now and before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, text

__all__ = [
    "DIMENSIONS",
    "at_risk",
    "candidates",
    "earlier_at_risk",
    "effects",
    "keep_at_risk",
    "names_of_products",
    "next_items",
    "popular_next_items",
]

DIMENSIONS = {
    "rfm_segment": "f.rfm_segment",
    "country": "f.country",
    "churn_risk": "f.churn_risk",
    "main_channel": "f.main_channel",
    "favourite_category": "f.favourite_category",
}
_SCORED = "f.churn_status = 'active' and f.churn_90 is not null"
_HIGH = {30: "f.churn_30 > 0.70", 60: "f.churn_60 > 0.70", 90: "f.churn_risk = 'high'"}
_CANDIDATES = """
    select f.customer_id, f.external_id, f.name, f.churn_status, f.churn_60::float8 as churn_60, f.churn_risk,
           f.rfm_segment, f.recency_days::float8 as recency_days, f.orders_all::float8 as orders_all,
           f.overdue_ratio::float8 as overdue_ratio, f.avg_order_value::float8 as avg_order_value,
           f.price_sensitivity_score::float8 as price_sensitivity_score, f.clv_12m::float8 as clv_12m,
           f.brand_loyalty_score::float8 as brand_loyalty_score,
           f.expected_orders_12m::float8 as expected_orders_12m, f.consent_email
    from customer_facts f
"""
_AT_RISK = """
    select coalesce({column}, '(unknown)') as name, count(*) as customers,
           sum(f.{p}::float8) as expected_leavers, sum(f.clv_12m::float8) as clv_12m,
           sum(f.{p}::float8 * f.clv_12m) as value_at_risk, avg(f.{p}::float8) as average_probability,
           count(*) filter (where {high}) as high_risk
    from customer_facts f where {scored} group by 1
    order by value_at_risk desc nulls last, expected_leavers desc, name
"""


def candidates(connection: Connection, condition: str, values: Mapping[str, Any], most: int) -> list[RowMapping]:
    """At most `most` customers a compiled rule picks who ever bought, with what interventions are chosen by."""
    sql = f"{_CANDIDATES} where ({condition}) and f.orders_all >= 1 order by f.customer_id limit :most"
    return list(connection.execute(text(sql), {**values, "most": most}).mappings())


def effects(connection: Connection, customer_ids: Sequence[int]) -> list[RowMapping]:
    """customer_id, intervention, effect, campaign_id of the customers that have effects."""
    sql = text(
        "select customer_id, intervention, effect::float8 as effect, campaign_id from uplift_scores"
        " where customer_id = any(:ids)"
    )
    return list(connection.execute(sql, {"ids": list(customer_ids)}).mappings())


def next_items(connection: Connection, customer_id: int) -> list[RowMapping]:
    """kind, rank, item, name, score of one customer's next items, best first."""
    sql = text(
        """
        select n.kind, n.rank, n.item, coalesce(p.name, n.item) as name, n.score::float8 as score
        from next_items n left join products p on n.kind = 'product' and p.org_id = n.org_id and p.sku = n.item
        where n.customer_id = :id order by n.kind, n.rank
        """
    )
    return list(connection.execute(sql, {"id": customer_id}).mappings())


def popular_next_items(connection: Connection, kind: str, limit: int) -> list[RowMapping]:
    """item, name, customers: the items that are the best next one for most customers; `total` customers with one."""
    sql = text(
        """
        select n.item, coalesce(p.name, n.item) as name, count(*) as customers, sum(count(*)) over () as total
        from next_items n left join products p on n.kind = 'product' and p.org_id = n.org_id and p.sku = n.item
        where n.kind = :kind and n.rank = 1 group by 1, 2 order by customers desc, n.item limit :limit
        """
    )
    return list(connection.execute(sql, {"kind": kind, "limit": limit}).mappings())


def names_of_products(connection: Connection) -> dict[str, str]:
    """Names of the products that have one, by sku."""
    found = connection.execute(text("select sku, name from products where name is not null"))
    return {row.sku: row.name for row in found}


def at_risk(connection: Connection, dimension: str, horizon: int) -> list[RowMapping]:
    """Active customers by a dimension: name, customers, expected_leavers, clv_12m, value_at_risk, high_risk."""
    sql = _AT_RISK.format(column=DIMENSIONS[dimension], p=f"churn_{horizon}", scored=_SCORED, high=_HIGH[horizon])
    return list(connection.execute(text(sql)).mappings())


def keep_at_risk(connection: Connection, as_of: datetime) -> int:
    """Keep today's value at risk (90 days) of every dimension for `as_of`; returns the groups kept."""
    kept = 0
    for dimension in DIMENSIONS:
        rows = [{**row, "dimension": dimension, "as_of": as_of} for row in at_risk(connection, dimension, 90)]
        if rows:
            connection.execute(
                text(
                    """
                    insert into value_at_risk
                        (dimension, name, as_of, customers, expected_leavers, clv_12m, value_at_risk)
                    values (:dimension, :name, :as_of, :customers, :expected_leavers, :clv_12m, :value_at_risk)
                    on conflict (org_id, dimension, name, as_of) do update
                    set customers = excluded.customers, expected_leavers = excluded.expected_leavers,
                        clv_12m = excluded.clv_12m, value_at_risk = excluded.value_at_risk
                    """
                ),
                rows,
            )
        kept += len(rows)
    return kept


def earlier_at_risk(connection: Connection, dimension: str, before: datetime) -> tuple[datetime | None, dict[str, Any]]:
    """The latest kept instant at or before `before`, and its value at risk (90 days) by group."""
    sql = text(
        """
        select as_of, name, value_at_risk::float8 as value_at_risk from value_at_risk
        where dimension = :dimension and as_of = (
            select max(as_of) from value_at_risk where dimension = :dimension and as_of <= :before)
        """
    )
    found = connection.execute(sql, {"dimension": dimension, "before": before}).all()
    return (found[0].as_of if found else None), {row.name: row.value_at_risk for row in found}
