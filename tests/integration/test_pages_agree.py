"""Figures that stand on one page do not contradict each other: parts add up to their whole, one thing has one count."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from core.errors import FixArguments, NoSuchData
from database.engine import Database
from tests.integration.asking import ask, named
from tools.audience.risk import at_risk, risk_level
from tools.churn.outlook import likely
from tools.dashboard.periods import AGAINST_TITLES, PERIOD_TITLES

PERIODS = [name for name in PERIOD_TITLES if name != "custom"]
HORIZONS = (30, 60, 90)


def headline(result: dict[str, Any], metric: str) -> dict[str, Any]:
    return next(line for line in result["headlines"] if line["metric"] == metric)


@pytest.mark.parametrize("against", AGAINST_TITLES)
@pytest.mark.parametrize("period", PERIODS)
def test_a_dashboard_adds_up(database: Database, demo: UUID, period: str, against: str) -> None:
    result = ask(database, demo, "dashboard", period=period, against=against)
    revenue, orders = headline(result, "revenue"), headline(result, "orders")
    for line in (revenue, orders, headline(result, "new_customers")):
        assert sum(line["over_time"]) == pytest.approx(line["now"], abs=0.05), line["metric"]
        assert len(line["over_time"]) == len(result["buckets"])
        if line["before"] is not None:
            assert sum(line["over_time_before"]) == pytest.approx(line["before"], abs=0.05)
            assert len(line["over_time_before"]) == len(result["buckets_before"])
    new, returning = headline(result, "new_customers"), headline(result, "returning_customers")
    assert new["now"] + returning["now"] == headline(result, "customers")["now"]
    for one in result["breakdowns"]:
        parts = one["parts"]
        assert sum(part["value"] for part in parts) == pytest.approx(one["total"], abs=0.05), one["dimension"]
        assert sum(part["share"] for part in parts) == pytest.approx(1, abs=1e-5)
        assert len({part["name"] for part in parts}) == len(parts)
        if one["whole"] == "revenue":
            assert one["total"] == pytest.approx(revenue["now"], abs=0.01), one["dimension"]
            if revenue["before"] is not None and against != "nothing":
                assert sum(part["before"] for part in parts) == pytest.approx(revenue["before"], abs=0.05)
    steps = result["funnel"]["steps"]
    assert steps[0]["share"] == 1
    assert all(step["customers"] <= steps[0]["customers"] for step in steps)
    assert result["funnel"]["conversion"] == steps[-1]["share"]


def test_the_dashboard_says_what_plain_figures_say(database: Database, demo: UUID) -> None:
    result = ask(database, demo, "dashboard", period="last_month", against="last_year")
    days = {"start": result["start"], "end": result["end"]}
    plain = ask(database, demo, "query_metrics", metrics=["revenue", "orders", "visits"], **days)
    for metric in ("revenue", "orders", "visits"):
        assert headline(result, metric)["now"] == plain["totals"][metric]
    assert (result["start"][8:], result["compare_start"][:4]) == ("01", str(int(result["start"][:4]) - 1))
    mails = ask(database, demo, "query_metrics", metrics=["emails_sent"], dimensions=["campaign"], limit=1000, **days)
    sent = {row["campaign"]: row["emails_sent"] for row in named(mails)}
    assert all(sent[one["name"]] == one["emails_sent"] for one in result["email_campaigns"])
    spent = headline(result, "spend")["now"]
    assert sum(one["spend"] for one in result["advertising"]) == pytest.approx(spent, abs=0.05)


def test_days_are_chosen_within_the_data(database: Database, demo: UUID) -> None:
    whole = ask(database, demo, "dashboard", period="custom", start="2026-05-01", end="2027-01-01")
    assert (whole["start"], whole["end"], whole["compare_end"]) == ("2026-05-01", whole["data_end"], "2026-04-30")
    with pytest.raises(FixArguments, match="is after"):
        ask(database, demo, "dashboard", period="custom", start="2026-05-02", end="2026-05-01")
    with pytest.raises(FixArguments, match="first and its last day"):
        ask(database, demo, "dashboard", period="custom", start="2026-05-02")
    with pytest.raises(FixArguments, match="custom"):
        ask(database, demo, "dashboard", start="2026-05-02", end="2026-05-03")
    with pytest.raises(NoSuchData, match="The data end with"):
        ask(database, demo, "dashboard", period="custom", start="2030-01-01", end="2030-01-02")
    with pytest.raises(NoSuchData, match="There are no figures in 2001"):
        ask(database, demo, "dashboard", period="custom", start="2001-01-01", end="2001-12-31")


@pytest.mark.parametrize("days", HORIZONS)
def test_who_is_likely_to_leave_has_one_count(database: Database, demo: UUID, days: int) -> None:
    summary = ask(database, demo, "churn_summary", horizon_days=days)
    groups = ask(database, demo, "at_risk_segments", horizon_days=days, limit=200)
    listed = ask(database, demo, "churn_table", horizon_days=days, limit=1000)
    assert sum(group["customers"] for group in summary["by_risk"]) == summary["scored"] == listed["total"]
    assert sum(row["customers"] for row in groups["rows"]) == summary["scored"]
    assert groups["value_at_risk"] == pytest.approx(summary["value_at_risk"], abs=0.5)
    assert listed["value_at_risk_total"] == pytest.approx(summary["value_at_risk"], abs=0.5)
    for found in (summary["by_risk"], groups["rows"]):
        leavers = sum(group["expected_leavers"] for group in found)
        assert leavers == pytest.approx(summary["expected_leavers"], abs=0.1)
    levels = {group["risk"]: group["customers"] for group in summary["by_risk"]}
    assert sum(row["high_risk"] for row in groups["rows"]) == levels.get("high", 0)
    for risk, customers in levels.items():
        rule = likely(days, risk=risk)  # type: ignore[arg-type]
        assert ask(database, demo, "count_segment", rule=rule)["segment"]["customers"] == customers, risk
        assert ask(database, demo, "churn_table", horizon_days=days, risk=risk)["total"] == customers
    assert all(row["risk"] == risk_level(row["probability"]) for row in listed["rows"])


def test_the_risk_of_a_customer_is_the_one_of_their_row(database: Database, demo: UUID) -> None:
    row = ask(database, demo, "churn_table", risk="high", limit=1)["rows"][0]
    profile = ask(database, demo, "customer_profile", customer=row["customer"])
    assert profile["scores"]["churn_risk"] == row["risk"] == "high"
    assert profile["scores"]["churn_90"] == pytest.approx(row["probability"])
    assert at_risk("high", 90) == {"field": "churn_risk", "operator": "eq", "value": "high"}


def test_there_is_one_number_of_customers(database: Database, demo: UUID) -> None:
    everybody = ask(database, demo, "find_customers", limit=1)["total"]
    segments = ask(database, demo, "list_segments", kinds=["rfm"])
    assert segments["customers"] == everybody
    inside = sum(segment["size"]["customers"] for segment in segments["rfm"])
    assert sum(s["size"]["share"] for s in segments["rfm"]) == pytest.approx(inside / everybody, abs=1e-4)
    ordered = {"field": "orders_all", "operator": "ge", "value": 1}
    counted = ask(database, demo, "count_segment", rule=ordered)
    assert counted["segment"]["customers"] == inside
    churn = ask(database, demo, "churn_summary")
    assert churn["active"] + churn["left"] == inside


def test_value_adds_up(database: Database, demo: UUID) -> None:
    worth = ask(database, demo, "clv_summary")
    assert sum(part["customers"] for part in worth["by_fifth"]) == worth["customers"]
    assert sum(part["clv_12m"] for part in worth["by_fifth"]) == pytest.approx(worth["total_clv_12m"], abs=0.05)
    assert worth["by_fifth"][0]["share"] == pytest.approx(worth["top_share"], abs=1e-6)
    due = ask(database, demo, "next_purchase")
    assert sum(one["customers"] for one in due["by_day"]) == due["count"]
    assert due["count"] >= len(due["rows"]) > 0


def test_who_declined_email_is_reached_by_no_email(database: Database, demo: UUID) -> None:
    for agreed in (True, False):
        rule = {"all": [{"field": "consent_email", "operator": "eq", "value": agreed},
                        {"field": "email", "operator": "not_null"}]}  # fmt: skip
        who = ask(database, demo, "find_customers", rule=rule, limit=1)["rows"][0][0]
        assert ("email" in ask(database, demo, "customer_profile", customer=who)["reachable_by"]) == agreed
