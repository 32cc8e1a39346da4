"""Retention by month of first order."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

__all__ = ["Cell", "retention"]

RETENTION = text(
    """
    with active as (
        select distinct customer_id, cast(date_trunc('month', ordered_at at time zone :tz) as date) as month
        from orders where customer_id is not null and ordered_at < :as_of
    ), first as (
        select customer_id, min(month) as cohort from active group by customer_id
    )
    select cohort, month, count(*) as customers
    from active join first using (customer_id)
    group by cohort, month order by cohort, month
    """
)


class Cell(NamedTuple):
    """Customers of a cohort (first day of its month) with any order row in `month`."""

    cohort: date
    month: date
    customers: int


def retention(connection: Connection, *, as_of: datetime, time_zone: str) -> list[Cell]:
    """The cells of the cohort triangle that are not empty, oldest first; months are local.

    A customer's first month is that of the first order row before `as_of`, refunds included.
    """
    return [Cell(*row) for row in connection.execute(RETENTION, {"tz": time_zone, "as_of": as_of})]
