"""Sums and lists over the churn and value scores."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, text

__all__ = [
    "best",
    "churn_by_risk",
    "churn_rows",
    "churn_states",
    "churn_totals",
    "due",
    "next_of",
    "survival_of",
    "value_totals",
]

_PROBABILITY = {30: "h.p30", 60: "h.p60", 90: "h.p90"}
_ORDER = {
    "value_at_risk": "value_at_risk desc nulls last, probability desc",
    "probability": "probability desc, v.clv_12m desc nulls last",
    "clv": "v.clv_12m desc nulls last, probability desc",
}
_SCORED = """
    from churn_scores h
    join customers c on c.org_id = h.org_id and c.id = h.customer_id
    left join value_scores v on v.org_id = h.org_id and v.customer_id = h.customer_id
    where h.status = 'active' and {p} is not null
      and (cast(:risk as text) is null or h.risk = :risk)
      and (cast(:least as real) is null or {p} >= cast(:least as real))
"""
_SUMS = """
    select count(*) as customers, coalesce(sum({p}::float8), 0) as expected_leavers,
           avg({p}::float8) as average_probability, sum(v.clv_12m::float8) as clv_12m,
           sum({p}::float8 * v.clv_12m) as value_at_risk, min(h.risk) as risk
"""
_ROWS = """
    select c.external_id, c.name, {p} as probability, h.risk, v.clv_12m, {p}::float8 * v.clv_12m as value_at_risk,
           h.drivers
"""
_VALUE = """
    with ranked as (
        select clv_12m::float8 as clv, clv_12m_low::float8 as low, clv_12m_high::float8 as high,
               expected_orders_12m::float8 as orders, p_alive::float8 as p_alive,
               row_number() over (order by clv_12m desc) as place, count(*) over () as everybody
        from value_scores where clv_12m is not null
    )
    select count(*) as customers, sum(clv) as total, sum(low) as low, sum(high) as high, avg(clv) as mean,
           percentile_cont(0.5) within group (order by clv) as median, sum(orders) as orders, sum(p_alive) as alive,
           sum(clv) filter (where place <= ceil(everybody * 0.2)) / nullif(sum(clv), 0) as top_share
    from ranked
"""
_BEST = """
    select c.external_id, c.name, v.clv_12m, v.clv_12m_low, v.clv_12m_high, v.p_alive, v.expected_orders_12m
    from value_scores v join customers c on c.org_id = v.org_id and c.id = v.customer_id
    where v.clv_12m is not null order by v.clv_12m desc, v.customer_id limit :limit
"""
_NEXT = """
    select c.external_id, c.name, v.next_purchase_at, v.next_purchase_low, v.next_purchase_high,
           h.status as churn_status, h.p60::float8 as churn_60, count(*) over () as total
    from value_scores v join customers c on c.org_id = v.org_id and c.id = v.customer_id
    left join churn_scores h on h.org_id = v.org_id and h.customer_id = v.customer_id
"""


def churn_states(connection: Connection) -> dict[str, int]:
    """Customers with a churn score by status (active, left)."""
    found = connection.execute(text("select status, count(*) as customers from churn_scores group by status"))
    return {row.status: row.customers for row in found}


def churn_totals(connection: Connection, horizon: int, risk: str | None, least: float | None) -> RowMapping:
    """Active customers with a probability: customers, expected_leavers, average_probability, clv_12m, value_at_risk."""
    sql = (_SUMS + _SCORED).format(p=_PROBABILITY[horizon])
    return connection.execute(text(sql), {"risk": risk, "least": least}).mappings().one()


def churn_by_risk(connection: Connection, horizon: int) -> list[RowMapping]:
    """The same figures a risk level, named in `risk`."""
    sql = (_SUMS + _SCORED).format(p=_PROBABILITY[horizon]) + " group by h.risk"
    return list(connection.execute(text(sql), {"risk": None, "least": None}).mappings())


def churn_rows(
    connection: Connection,
    horizon: int,
    *,
    risk: str | None,
    least: float | None,
    order: str,
    limit: int,
    offset: int,
) -> list[RowMapping]:
    """Active customers: external_id, name, probability, risk, clv_12m, value_at_risk, drivers."""
    sql = (_ROWS + _SCORED).format(p=_PROBABILITY[horizon])
    page = f"{sql} order by {_ORDER[order]}, h.customer_id limit :limit offset :offset"
    values = {"risk": risk, "least": least, "limit": limit, "offset": offset}
    return list(connection.execute(text(page), values).mappings())


def survival_of(connection: Connection, customer_id: int) -> list[tuple[float, float]]:
    """(days, S) of one customer's survival curve; empty for who has left, or where no model was fitted."""
    found = connection.execute(
        text(
            """
            select d.days::float8, s.survival::float8 from churn_scores h
            join model_runs r on r.org_id = h.org_id and r.id = h.model_run_id
            cross join unnest(h.survival) with ordinality as s(survival, place)
            join jsonb_array_elements_text(r.parameters -> 'survival_days') with ordinality as d(days, place)
              using (place)
            where h.customer_id = :id order by place
            """
        ),
        {"id": customer_id},
    )
    return [(row.days, row.survival) for row in found]


def value_totals(connection: Connection) -> RowMapping:
    """Predicted value: customers, total, low, high, mean, median, orders, alive, top_share (of the best fifth)."""
    return connection.execute(text(_VALUE)).mappings().one()


def best(connection: Connection, limit: int) -> list[RowMapping]:
    """The customers of the highest predicted value."""
    return list(connection.execute(text(_BEST), {"limit": limit}).mappings())


def due(connection: Connection, *, after: datetime, before: datetime, limit: int) -> list[RowMapping]:
    """Customers who have not left and are expected to buy in a period, soonest first; `total` counts them all."""
    sql = (
        f"{_NEXT} where v.next_purchase_at >= :after and v.next_purchase_at < :before"
        " and h.status is distinct from 'left'"
    )
    page = text(f"{sql} order by v.next_purchase_at, v.customer_id limit :limit")
    return list(connection.execute(page, {"after": after, "before": before, "limit": limit}).mappings())


def next_of(connection: Connection, customer_id: int) -> RowMapping | None:
    """When one customer is expected to buy next; None when that was not computed."""
    found = connection.execute(text(f"{_NEXT} where v.customer_id = :id"), {"id": customer_id})
    return found.mappings().one_or_none()
