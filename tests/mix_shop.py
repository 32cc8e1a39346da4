"""A shop whose orders and spend are papilon's market, with a mix model kept that may be relied on, in a second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import polars as pl

from database.engine import Database
from database.queries import model_runs
from tests.conftest import make_organisation, person
from tests.unit.mix_scenes import papilon, steady
from tools.imports.load import load_frames

__all__ = ["NOW", "a_shop", "keep_fit", "weekly_frames"]

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def weekly_frames(weeks: int | None = None) -> list[tuple[str, pl.DataFrame]]:
    """papilon's market, or some steady weeks, as a shop's orders, one a day, and daily spend."""
    series, _truth = papilon() if weeks is None else (steady(weeks), None)
    starts = [datetime(w.year, w.month, w.day, 12, tzinfo=UTC) for w in series.weeks]
    orders = [
        {"order_id": f"o{w}-{d}", "customer_id": f"c{d}", "ordered_at": start + timedelta(days=d), "revenue": total / 7}
        for w, (start, total) in enumerate(zip(starts, series.sales, strict=True))
        for d in range(7)
    ]
    spend = [
        {"day": start.date() + timedelta(days=d), "channel": channel, "spend": float(series.spend[w, c]) / 7}
        for w, start in enumerate(starts)
        for c, channel in enumerate(series.channels)
        for d in range(7)
    ]
    people = [{"customer_id": f"c{d}"} for d in range(7)]
    orders_frame = pl.DataFrame(orders).with_columns(is_refund=pl.lit(False))
    return [("customers", pl.DataFrame(people)), ("orders", orders_frame), ("channel_spend", pl.DataFrame(spend))]


def a_shop(database: Database, weeks: int | None = None) -> UUID:
    """An organisation with these orders and this spend."""
    org_id = make_organisation(database, currency="USD")
    load_frames(database, person(org_id), weekly_frames(weeks), now=NOW)
    return org_id


def keep_fit(database: Database, org_id: UUID, *, failed: str = "", now: datetime = NOW) -> None:
    """Keep a quick approximation as if it had been sampled: with its gates passed, or one `failed` in these words."""
    from analytics.mix.fit import preview_mix
    from tools.mix.figures import weekly_series
    from tools.mix.stored import MODEL, state_of

    with database.transaction(org_id) as connection:
        series, end = weekly_series(connection, now)
    fit = preview_mix(series).fit
    assert fit is not None
    state = state_of(fit, [])
    for gate in state["gates"]:
        gate |= {"verdict": "passed", "value": 0.0}  # an approximation has no value for some
    if failed:
        state["gates"][0] |= {"verdict": "failed", "words": failed}
    run = model_runs.Run(
        MODEL, "rejected" if failed else "ok", end, len(series.weeks), champion="geometric adstock, Hill saturation",
        reason=failed or "All checks passed", parameters={}, backtest={"roi": {}},
    )  # fmt: skip
    with database.transaction(org_id) as connection:
        model_runs.keep(connection, run, state)
