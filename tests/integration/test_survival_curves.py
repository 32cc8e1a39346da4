"""Survival curves as stored, as served in a profile, and as drawn."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from database.engine import Database
from tests.conftest import person
from tools.catalogue import catalogue
from tools.context import Context
from tools.views import Chart, Shown, shown

END = datetime(2026, 6, 15, 12, tzinfo=UTC)


def profile(database: Database, org_id: UUID, customer: str) -> dict[str, Any]:
    def no_jobs(*_: object) -> UUID:
        raise AssertionError("a profile starts no job")

    context = Context(person(org_id), database, END, no_jobs)
    return catalogue().call("customer_profile", {"customer": customer}, context).model_dump(mode="json")


def drawn(result: dict[str, Any]) -> list[Shown]:
    known = catalogue()
    return shown(known.get("customer_profile"), known.outcome("customer_profile", {"customer": "-"}, result))


def somebody(database: Database, org_id: UUID, status: str) -> str:
    query = "select external_id from customer_facts where churn_status = :s order by customer_id limit 1"
    with database.transaction(org_id) as connection:
        found: str = connection.execute(text(query), {"s": status}).scalar_one()
    return found


def test_a_curve_never_rises_and_agrees_with_the_probabilities(database: Database, demo: UUID) -> None:
    result = profile(database, demo, somebody(database, demo, "active"))
    days = [point["days"] for point in result["survival"]]
    curve = dict(zip(days, (point["probability"] for point in result["survival"]), strict=True))
    assert days == [5.0 * k for k in range(1, 19)]
    assert list(curve.values()) == sorted(curve.values(), reverse=True)
    for horizon in (30, 60, 90):
        assert 1 - curve[horizon] == pytest.approx(result["scores"][f"churn_{horizon}"], abs=1e-4)


def test_everybody_still_there_has_a_curve_and_nobody_else(database: Database, demo: UUID) -> None:
    with database.transaction(demo) as connection:
        query = "select status, count(*) n, count(survival) with_curve from churn_scores group by status"
        counted = {row.status: (row.n, row.with_curve) for row in connection.execute(text(query))}
    assert counted["active"][0] == counted["active"][1] > 100
    assert counted["left"][1] == 0
    assert profile(database, demo, somebody(database, demo, "left"))["survival"] == []


def test_a_profile_draws_its_curve(database: Database, demo: UUID) -> None:
    who = somebody(database, demo, "active")
    result = profile(database, demo, who)
    (chart,) = drawn(result)
    assert isinstance(chart, Chart)
    assert who in chart.title
    assert chart.x[0] == "0"
    assert chart.series[0].values[0] == 1.0
    assert len(chart.x) == len(chart.series[0].values) == 19
    assert drawn(profile(database, demo, somebody(database, demo, "left"))) == []
