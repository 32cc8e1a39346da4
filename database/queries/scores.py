"""Sums and lists over the churn and value scores."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, text

__all__ = [
    "best",
    "churn_by_risk",
    "churn_rows",
    "churn_states",
    "churn_totals",
    "due",
    "due_by_day",
    "next_of",
    "survival_of",
    "value_fifths",
    "value_totals",
]

_PROBABILITY = {30: "h.p30", 60: "h.p60", 90: "h.p90"}
_LEVEL = "case when {p} > 0.70 then 'high' when {p} >= 0.40 then 'medium' else 'low' end"
_RISK = {30: _LEVEL.format(p="h.p30"), 60: _LEVEL.format(p="h.p60"), 90: "h.risk"}  # kept is the risk within 90 days
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
      and (cast(:risk as text) is null or {risk} = :risk)
      and (cast(:least as real) is null or {p} >= cast(:least as real))
"""
_SUMS = """
    select count(*) as customers, coalesce(sum({p}::float8), 0) as expected_leavers,
           avg({p}::float8) as average_probability, sum(v.clv_12m::float8) as clv_12m,
           sum({p}::float8 * v.clv_12m) as value_at_risk, min({risk}) as risk
"""
_ROWS = """
    select c.external_id, c.name, {p} as probability, {risk} as risk, v.clv_12m,
           {p}::float8 * v.clv_12m as value_at_risk, h.drivers
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
_FIFTHS = """
    with ranked as (
        select clv_12m::float8 as clv, row_number() over (order by clv_12m desc, customer_id) as place,
               count(*) over () as everybody
        from value_scores where clv_12m is not null
    )
    select ceil(5.0 * place / everybody)::int as fifth, count(*) as customers, sum(clv) as total
    from ranked group by 1 order by 1
"""
_BEST = """
    select c.external_id, c.name, v.clv_12m, v.clv_12m_low, v.clv_12m_high, v.p_alive, v.expected_orders_12m
    from value_scores v join customers c on c.org_id = v.org_id and c.id = v.customer_id
    where v.clv_12m is not null order by v.clv_12m desc, v.customer_id limit :limit
"""
_NEXT = """
    select c.external_id, c.name, v.next_purchase_at, v.next_purchase_low, v.next_purchase_high,
           h.status as churn_status, h.p90::float8 as churn_90, count(*) over () as total
    from value_scores v join customers c on c.org_id = v.org_id and c.id = v.customer_id
    left join churn_scores h on h.org_id = v.org_id and h.customer_id = v.customer_id
"""
_DUE = """
    where v.next_purchase_at >= :after and v.next_purchase_at < :before and h.status is distinct from 'left'
"""


def churn_states(connection: Connection) -> dict[str, int]:
    """Customers with a churn score by status (active, left)."""
    found = connection.execute(text("select status, count(*) as customers from churn_scores group by status"))
    return {row.status: row.customers for row in found}


def _judged(sql: str, horizon: int) -> str:
    """The statement with the probability to leave within `horizon` days, and the risk that is."""
    return sql.format(p=_PROBABILITY[horizon], risk=_RISK[horizon])


def churn_totals(connection: Connection, horizon: int, risk: str | None, least: float | None) -> RowMapping:
    """Active customers with a probability: customers, expected_leavers, average_probability, clv_12m, value_at_risk."""
    sql = _judged(_SUMS + _SCORED, horizon)
    return connection.execute(text(sql), {"risk": risk, "least": least}).mappings().one()


def churn_by_risk(connection: Connection, horizon: int) -> list[RowMapping]:
    """The same figures a risk level, named in `risk`."""
    sql = _judged(_SUMS + _SCORED + " group by {risk}", horizon)
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
    sql = _judged(_ROWS + _SCORED, horizon)
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


def value_fifths(connection: Connection) -> list[RowMapping]:
    """The customers in five parts of one size by predicted value, the best first: fifth (1-5), customers, total."""
    return list(connection.execute(text(_FIFTHS)).mappings())


def best(connection: Connection, limit: int) -> list[RowMapping]:
    """The customers of the highest predicted value."""
    return list(connection.execute(text(_BEST), {"limit": limit}).mappings())


def due(connection: Connection, *, after: datetime, before: datetime, limit: int) -> list[RowMapping]:
    """Customers who have not left and are expected to buy in a period, soonest first; `total` counts them all."""
    page = text(f"{_NEXT} {_DUE} order by v.next_purchase_at, v.customer_id limit :limit")
    return list(connection.execute(page, {"after": after, "before": before, "limit": limit}).mappings())


def due_by_day(connection: Connection, *, after: datetime, before: datetime, time_zone: str) -> list[tuple[date, int]]:
    """How many of the same are expected on each day, in order of time."""
    sql = f"""
        select cast(v.next_purchase_at at time zone :tz as date) as day, count(*) as customers
        from value_scores v join customers c on c.org_id = v.org_id and c.id = v.customer_id
        left join churn_scores h on h.org_id = v.org_id and h.customer_id = v.customer_id
        {_DUE} group by 1 order by 1
    """  # noqa: S608 - constants
    found = connection.execute(text(sql), {"after": after, "before": before, "tz": time_zone})
    return [(row.day, row.customers) for row in found]


def next_of(connection: Connection, customer_id: int) -> RowMapping | None:
    """When one customer is expected to buy next; None when that was not computed."""
    found = connection.execute(text(f"{_NEXT} where v.customer_id = :id"), {"id": customer_id})
    return found.mappings().one_or_none()
