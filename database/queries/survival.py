"""Survival curves of groups of customers: means over the curves of their members."""

from __future__ import annotations

from sqlalchemy import Connection, RowMapping, text

from database.queries.response import DIMENSIONS

__all__ = ["mean_curves"]

_CURVES = """
    with chosen as (
        select h.survival, h.model_run_id, coalesce({column}, '(unknown)') as name
        from churn_scores h join customer_facts f on f.customer_id = h.customer_id
        where h.status = 'active' and h.survival is not null and h.customer_id % :every = 0
    ), points as (
        select c.name, c.model_run_id, s.place, sum(s.alive::float8) as alive, count(*) as customers
        from chosen c cross join unnest(c.survival) with ordinality as s(alive, place) group by 1, 2, 3
    ), days as (
        select r.id as model_run_id, d.days::float8 as days, d.place from model_runs r
        cross join jsonb_array_elements_text(r.parameters -> 'survival_days') with ordinality as d(days, place)
        where r.id in (select model_run_id from points)
    )
    select case when grouping(name) = 1 then null else name end as name, days,
           sum(alive) / sum(customers)::float8 as survival, sum(customers)::bigint as customers
    from points join days using (model_run_id, place)
    group by grouping sets ((days), (name, days)) order by name nulls first, days
"""


def mean_curves(connection: Connection, by: str, *, every: int) -> list[RowMapping]:
    """name (null: everybody), days, survival, customers; of active customers whose number `every` divides."""
    return list(connection.execute(text(_CURVES.format(column=DIMENSIONS[by])), {"every": every}).mappings())
