"""Headline figures, one customer over time, survival by group, alerts: each against plain SQL."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.errors import NotAllowed, NotFound
from database.engine import Database
from tests.conftest import make_organisation
from tests.integration.asking import ask
from tools.catalogue import catalogue
from tools.views import Chart, shown


def rows(database: Database, org_id: UUID, query: str, **values: Any) -> list[Any]:
    with database.transaction(org_id) as connection:
        return list(connection.execute(text(query), values))


def views(tool: str, result: dict[str, Any]) -> list[Any]:
    known = catalogue()
    return shown(known.get(tool), known.outcome(tool, result["evidence"]["arguments"], result))


def test_headlines_are_the_sums_of_two_periods_and_of_whole_weeks(database: Database, demo: UUID) -> None:
    result = ask(database, demo, "headlines")
    start, end = date.fromisoformat(result["start"]), date.fromisoformat(result["end"])
    assert (end - start).days == 27
    found = {line["metric"]: line for line in result["headlines"]}
    query = "select sum(revenue)::float8 from orders where ordered_at >= :start and ordered_at < :end"
    for name, first in (("now", start), ("before", start - timedelta(days=28))):
        (expected,) = rows(database, demo, query, start=first, end=first + timedelta(days=28))[0]
        assert found["revenue"][name] == pytest.approx(expected, abs=0.01), name
    assert found["revenue"]["change"] == pytest.approx(
        found["revenue"]["now"] / found["revenue"]["before"] - 1, abs=1e-6
    )
    monday = date.fromisoformat(result["weeks"][-1])
    assert monday.weekday() == 0
    assert monday + timedelta(days=6) <= end
    (week,) = rows(database, demo, query, start=monday, end=monday + timedelta(days=7))[0]
    assert found["revenue"]["weeks"][-1] == pytest.approx(week, abs=0.01)
    assert len(result["weeks"]) == len(found["orders"]["weeks"]) == 12
    assert {"revenue", "orders", "customers", "new_customers", "average_order_value", "visits"} <= set(found)
    (chart,) = views("headlines", result)
    assert chart.series[0].values == found["revenue"]["weeks"]


def test_a_short_history_has_nothing_to_compare_with(database: Database, organisation: UUID) -> None:
    rows(
        database,
        organisation,
        """with c as (insert into customers (external_id) values ('a') returning id),
             d as (insert into data_coverage (table_name, rows, first_at, last_at)
                   values ('orders', 1, '2026-06-14 10:00+00', '2026-06-14 10:00+00'))
        insert into orders (order_id, ordered_at, customer_id, revenue)
        select 'o', '2026-06-14 10:00+00', id, 5 from c returning 1""",
    )
    result = ask(database, organisation, "headlines")
    revenue = next(line for line in result["headlines"] if line["metric"] == "revenue")
    assert (revenue["now"], revenue["before"], revenue["change"]) == (5.0, None, None)


def test_the_months_of_a_customer_add_up_to_their_features(database: Database, demo: UUID) -> None:
    query = "select external_id, orders_all, monetary_value from customer_facts where orders_all > 0 order by 2 desc"
    who = rows(database, demo, query)[0]
    result = ask(database, demo, "customer_history", customer=who.external_id, limit=500)
    assert sum(month["orders"] for month in result["months"]) == who.orders_all
    assert sum(month["revenue"] for month in result["months"]) == pytest.approx(float(who.monetary_value), abs=0.05)
    names = [month["month"] for month in result["months"]]
    assert names == sorted(set(names))
    assert names[-1] == "2026-06"
    first, last = names[0], names[-1]
    assert len(names) == 12 * (int(last[:4]) - int(first[:4])) + int(last[5:]) - int(first[5:]) + 1
    at = [entry["at"] for entry in result["entries"]]
    assert at == sorted(at, reverse=True)
    kinds = {entry["kind"] for entry in result["entries"]}
    assert {"sale", "visit", "email_open"} <= kinds
    assert all((entry["revenue"] is None) == (entry["kind"] not in ("sale", "refund")) for entry in result["entries"])
    chart, table = views("customer_history", result)
    assert (len(chart.x), len(table.rows)) == (len(names), len(result["entries"]))
    with pytest.raises(NotFound):
        ask(database, demo, "customer_history", customer="nobody at all")


def test_survival_of_everybody_is_the_mean_of_the_groups_and_agrees_with_the_scores(
    database: Database, demo: UUID
) -> None:
    result = ask(database, demo, "survival_curves", by="rfm_segment", limit=30)
    everybody, *groups = result["curves"]
    assert everybody["name"] is None
    assert sum(curve["customers"] for curve in groups) == everybody["customers"]
    query = "select avg(1 - p30)::float8, avg(1 - p60)::float8, avg(1 - p90)::float8 from churn_scores where p90 >= 0"
    (expected,) = rows(database, demo, f"{query} and status = 'active'")
    curve = {point["days"]: point["probability"] for point in everybody["points"]}
    assert [curve[30], curve[60], curve[90]] == pytest.approx(list(expected), abs=1e-4)
    for place, point in enumerate(everybody["points"]):
        mean = sum(c["customers"] * c["points"][place]["probability"] for c in groups) / everybody["customers"]
        assert mean == pytest.approx(point["probability"], abs=1e-5)
    (chart,) = views("survival_curves", result)
    assert isinstance(chart, Chart)
    assert (chart.series[0].name, chart.series[0].values[0]) == ("Everybody", 1.0)


def test_an_alert_waits_until_somebody_has_seen_it(database: Database, organisation: UUID) -> None:
    assert ask(database, organisation, "list_alerts")["unseen"] == 0
    with database.transaction(organisation) as connection:
        for title in ("One message", "Two messages"):
            connection.execute(
                text(
                    "insert into alerts (kind, severity, title, detail)"
                    " values ('delivery_unknown', 'medium', :title, '{}')"
                ),
                {"title": title},
            )
    waiting = ask(database, organisation, "list_alerts")
    assert (waiting["unseen"], len(waiting["alerts"])) == (2, 2)
    assert {alert["kind"] for alert in waiting["alerts"]} == {"delivery_unknown"}
    other = make_organisation(database)
    assert ask(database, other, "list_alerts")["alerts"] == []
    assert ask(database, other, "mark_alerts_seen")["marked"] == 0
    with pytest.raises(NotAllowed):
        ask(database, organisation, "mark_alerts_seen", role="viewer")
    one = waiting["alerts"][0]["id"]
    assert ask(database, organisation, "mark_alerts_seen", alert_ids=[one]) | {"evidence": 0} == {
        "marked": 1,
        "unseen": 1,
        "evidence": 0,
        "audience": None,
    }
    assert one not in {alert["id"] for alert in ask(database, organisation, "list_alerts")["alerts"]}
    everything = ask(database, organisation, "list_alerts", unseen_only=False)["alerts"]
    assert {alert["id"] for alert in everything if alert["seen_at"]} == {one}
    assert ask(database, organisation, "mark_alerts_seen")["unseen"] == 0
