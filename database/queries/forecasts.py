"""Forecasts that were made, and targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

__all__ = ["KeptForecast", "KeptTarget", "forecasts", "keep_forecasts", "keep_target", "targets"]


@dataclass(frozen=True, slots=True)
class KeptForecast:
    """One forecast; `filters` is canonical JSON, empty for the whole shop."""

    metric: str
    filters: str
    start_day: date
    end_day: date
    known_until: date
    so_far: float
    expected: float
    low: float
    high: float
    champion: str


@dataclass(frozen=True, slots=True)
class KeptTarget:
    """What a figure is to reach, and who said so when."""

    metric: str
    start_day: date
    end_day: date
    amount: float
    set_by: str
    set_at: datetime | None = None


def keep_forecasts(connection: Connection, made: Sequence[KeptForecast]) -> None:
    """Keep forecasts; one made anew from data that reach as far replaces the earlier one."""
    query = text(
        """
        insert into forecasts
            (metric, filters, start_day, end_day, known_until, so_far, expected, low, high, champion)
        values (:metric, :filters, :start_day, :end_day, :known_until, :so_far, :expected, :low, :high, :champion)
        on conflict on constraint pk_forecasts do update set so_far = excluded.so_far, expected = excluded.expected,
            low = excluded.low, high = excluded.high, champion = excluded.champion, made_at = now()
        """
    )
    if made:
        connection.execute(query, [asdict(one) for one in made])


def forecasts(connection: Connection, metric: str | None, *, limit: int) -> list[KeptForecast]:
    """Forecasts of one figure or of all, those that ended last first; of equal days the earliest made first."""
    query = text(
        """
        select metric, filters, start_day, end_day, known_until, so_far::float8, expected::float8, low::float8,
               high::float8, champion
        from forecasts where cast(:metric as text) is null or metric = :metric
        order by end_day desc, start_day, metric, filters, known_until limit :limit
        """
    )
    return [KeptForecast(*row) for row in connection.execute(query, {"metric": metric, "limit": limit})]


def keep_target(connection: Connection, target: KeptTarget) -> bool:
    """Keep a target; True where it is new, False where it replaces one of the same days."""
    query = text(
        """
        insert into targets (metric, start_day, end_day, amount, set_by)
        values (:metric, :start_day, :end_day, :amount, :set_by)
        on conflict on constraint pk_targets do update
            set amount = excluded.amount, set_by = excluded.set_by, set_at = now()
        returning (xmax = 0) as fresh
        """
    )
    values = {name: value for name, value in asdict(target).items() if name != "set_at"}
    return bool(connection.execute(query, values).scalar_one())


def targets(connection: Connection, metric: str | None = None) -> list[KeptTarget]:
    """Targets of one figure or of all, the latest period first; of several that begin alike the shorter first."""
    query = text(
        """
        select metric, start_day, end_day, amount::float8, set_by, set_at from targets
        where cast(:metric as text) is null or metric = :metric order by start_day desc, end_day, metric
        """
    )
    return [KeptTarget(*row) for row in connection.execute(query, {"metric": metric})]
