"""Customers by rule and one by one, against figures counted straight from the public file and the demo's tables."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from sqlalchemy import text

from core.errors import FixArguments, NoSuchData, NotFound
from database.engine import Database
from tests.integration.asking import ask, named

END = datetime(2011, 12, 10)  # noqa: DTZ001 - the file's own local time
SILENT = {
    "all": [
        {"field": "monetary_value", "operator": "gt", "value": 1000},
        {"field": "recency_days", "operator": "ge", "value": 90},
    ]
}


@pytest.fixture(scope="module")
def silent(shared_data: Path) -> pl.DataFrame:
    """Customers who spent over 1,000 net and had no sale in the last 90 days, straight from the file."""
    lines = pl.read_csv(
        shared_data / "online_retail" / "online_retail.csv.gz",
        columns=["InvoiceNo", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"],
        schema_overrides={"InvoiceNo": pl.String, "CustomerID": pl.String},
        encoding="utf8-lossy",
        try_parse_dates=True,
    ).filter(pl.col("CustomerID").is_not_null())
    sale = ~pl.col("InvoiceNo").str.starts_with("C")
    return (
        lines.group_by("CustomerID")
        .agg(
            spent=(pl.col("Quantity") * pl.col("UnitPrice")).sum(),
            last=pl.col("InvoiceDate").filter(sale).max(),
        )
        .filter(pl.col("spent") > 1000, pl.col("last") <= END - timedelta(days=90))
        .sort("spent", descending=True)
    )


SCORES = {
    "health": "customer_health_score",
    "price_sensitivity": "price_sensitivity_score",
    "brand_loyalty": "brand_loyalty_score",
}


def test_spent_over_1000_and_silent_for_90_days(database: Database, scored_retail: UUID, silent: pl.DataFrame) -> None:
    result = ask(database, scored_retail, "find_customers", rule=SILENT, limit=1000, fields=["monetary_value"])
    assert result["total"] == silent.height == 219
    assert {row["customer_id"] for row in named(result)} == set(silent["CustomerID"])
    assert result["total_value"] == pytest.approx(float(silent["spent"].sum()), abs=0.01)
    assert named(result)[0] == {"customer_id": silent["CustomerID"][0], "monetary_value": round(silent["spent"][0], 2)}


def test_paging_gives_each_customer_once(database: Database, scored_retail: UUID) -> None:
    seen: list[str] = []
    for offset in range(0, 219, 100):
        page = ask(
            database, scored_retail, "find_customers", rule=SILENT, sort_by="rfm_segment", limit=100, offset=offset
        )
        seen += [row["customer_id"] for row in named(page)]
    assert len(seen) == len(set(seen)) == 219


def test_a_rule_and_its_negation_make_everybody(database: Database, scored_retail: UUID) -> None:
    rules = [
        SILENT,
        {"field": "email_open_rate", "operator": "ge", "value": 0.1},  # null for everybody in this file
        {"field": "churn_60", "operator": "between", "value": [0.4, 0.7]},  # null for who has left
        {"field": "country", "operator": "not_in", "value": ["France", "germany"]},
        {"field": "next_purchase_at", "operator": "lt", "value": "as_of+30d"},
    ]
    for rule in rules:
        picked = ask(database, scored_retail, "find_customers", rule=rule)["total"]
        others = ask(database, scored_retail, "find_customers", rule={"not": rule})["total"]
        assert picked + others == 4_372, rule


def test_events_in_rules_against_plain_sql(database: Database, demo: UUID) -> None:
    rule = {
        "all": [
            {"event": "visit", "at_least": 3, "within_days": 60},
            {"event": "email_open", "did": False, "within_days": 30},
        ]
    }
    result = ask(database, demo, "find_customers", rule=rule, limit=1000)
    with database.transaction(demo) as connection:
        expected = connection.execute(
            text(
                """
                select count(*) from customers c, (select max(as_of) as at from features) f
                where (select count(*) from events e where e.customer_id = c.id and e.kind = 'visit'
                       and e.occurred_at >= f.at - interval '60 days' and e.occurred_at < f.at) >= 3
                  and not exists (select from events e where e.customer_id = c.id and e.kind = 'email_open'
                       and e.occurred_at >= f.at - interval '30 days' and e.occurred_at < f.at)
                """
            )
        ).scalar_one()
    assert result["total"] == expected > 0


def test_events_between_two_days_against_plain_sql(database: Database, demo: UUID) -> None:
    """Both days are whole ones of the organisation's time zone."""
    with database.transaction(demo) as connection:
        local = "(max(e.occurred_at) at time zone o.time_zone)::date"
        found = f"select o.time_zone, {local} from events e, organisations o where e.kind = 'visit' group by 1"
        zone, last = connection.execute(text(found)).one()
        first = last - timedelta(days=20)
        expected = connection.execute(
            text("select count(distinct customer_id) from events where kind = 'visit' and customer_id is not null"
                 " and (occurred_at at time zone :zone)::date between :first and :last"),
            {"zone": zone, "first": first, "last": last - timedelta(days=6)},
        ).scalar_one()  # fmt: skip
    days = {"start": first.isoformat(), "end": (last - timedelta(days=6)).isoformat()}

    result = ask(database, demo, "find_customers", rule={"event": "visit", **days}, limit=1)

    assert result["total"] == expected > 0
    with pytest.raises(FixArguments, match="not both"):
        ask(database, demo, "find_customers", rule={"event": "visit", "within_days": 3, **days})


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"event": "email_open", "did": False, "within_days": 30}, "No events of the kinds email_sent"),
        ({"not": {"event": "visit"}}, "No events of the kinds visit"),
    ],
)
def test_nobody_is_said_not_to_have_done_what_is_not_recorded(
    database: Database, scored_retail: UUID, rule: dict[str, Any], said: str
) -> None:
    with pytest.raises(NoSuchData, match=said):
        ask(database, scored_retail, "find_customers", rule=rule)


def test_mistakes_are_named(database: Database, scored_retail: UUID) -> None:
    with pytest.raises(FixArguments, match="no kind of event 'opened'"):
        ask(database, scored_retail, "find_customers", rule={"event": "opened"})
    with pytest.raises(FixArguments, match="no customer field 'revenu'"):
        ask(database, scored_retail, "find_customers", sort_by="revenu")
    with pytest.raises(FixArguments, match="no customer field 'clv'"):
        ask(database, scored_retail, "find_customers", fields=["clv"])


def test_without_scores_a_rule_over_them_is_refused(database: Database, organisation: UUID) -> None:
    with database.transaction(organisation) as connection:
        connection.execute(text("insert into customers (external_id, country) values ('a', 'France')"))
    with pytest.raises(NoSuchData, match="no customer features"):
        ask(database, organisation, "find_customers", rule=SILENT)
    french = {"field": "country", "operator": "eq", "value": "france"}
    result = ask(database, organisation, "find_customers", rule=french, sort_by="customer_id")
    assert named(result) == [{"customer_id": "a", "country": "France"}]


def test_a_profile_explains_its_health(database: Database, demo: UUID) -> None:
    best = named(ask(database, demo, "find_customers", limit=1, fields=["email", "customer_health_score"]))[0]
    by_id = ask(database, demo, "customer_profile", customer=best["customer_id"])
    by_email = ask(database, demo, "customer_profile", customer=best["email"].upper())
    assert by_id["customer_id"] == by_email["customer_id"] == best["customer_id"]
    for parts, score in SCORES.items():
        told = {f["name"]: f["value"] for f in by_id["features"]}[score]
        assert sum(part["points"] for part in by_id[parts]) == pytest.approx(told, abs=0.05)
        assert all(part["why"] for part in by_id[parts])
    assert sum(part["points"] for part in by_id["health"]) == pytest.approx(best["customer_health_score"], abs=0.05)
    features = {feature["name"]: feature["value"] for feature in by_id["features"]}
    assert features["customer_health_score"] == best["customer_health_score"]
    assert all(feature["title"] for feature in by_id["features"])
    assert len(by_id["recent_orders"]) == 10
    assert by_id["recent_orders"] == sorted(by_id["recent_orders"], key=lambda o: o["ordered_at"], reverse=True)
    assert by_id["segments"]
    assert by_id["scores"]["clv_12m"] > 0


def test_a_customer_who_is_not_there(database: Database, demo: UUID) -> None:
    with pytest.raises(NotFound, match="no customer with the id"):
        ask(database, demo, "customer_profile", customer="nobody@example.com")


def test_the_dictionary_lists_every_field_a_rule_takes(database: Database, demo: UUID) -> None:
    result = ask(database, demo, "feature_dictionary")
    names = [f["name"] for f in result["features"] + result["other_fields"]]
    assert len(result["features"]) >= 45
    assert {"country", "churn_90", "rfm_segment", "clv_12m"} <= set(names)
    titles = {f["name"]: f["title"] for f in result["features"] + result["other_fields"]}
    assert (titles["clv_12m"], titles["monetary_value"]) == ("12-month value", "Spent")
    everything = ask(database, demo, "find_customers", fields=names[:30], limit=1)
    assert len(everything["columns"]) == 1 + len(set(names[:30]) - {"customer_id"})
    assert all(column["title"] == titles[column["name"]] for column in everything["columns"])


def test_who_is_likely_to_leave_and_what_they_are_worth(database: Database, scored_retail: UUID) -> None:
    summary = ask(database, scored_retail, "churn_summary", horizon_days=60)
    table = ask(database, scored_retail, "churn_table", horizon_days=60, limit=1000)
    assert summary["scored"] == table["total"] == summary["active"]
    assert summary["value_at_risk"] == table["value_at_risk_total"] > 0
    assert sum(group["customers"] for group in summary["by_risk"]) == summary["scored"]
    assert [group["risk"] for group in summary["by_risk"]] == ["high", "medium", "low"]
    assert "silent for more than" in summary["definition"]
    assert summary["model"]["candidates"]
    worth = [row["value_at_risk"] for row in table["rows"]]
    assert worth == sorted(worth, reverse=True)
    for row in table["rows"][:50]:
        assert row["value_at_risk"] == pytest.approx(row["probability"] * row["clv_12m"], rel=1e-3, abs=0.02)
        assert row["drivers"]
    likely = ask(database, scored_retail, "churn_table", min_probability=0.5, order="probability", limit=1000)
    rule = {"field": "churn_90", "operator": "ge", "value": 0.5}
    assert likely["total"] == ask(database, scored_retail, "find_customers", rule=rule)["total"]
    assert all(row["probability"] >= 0.5 for row in likely["rows"])


def test_value_of_the_customer_base(database: Database, scored_retail: UUID) -> None:
    result = ask(database, scored_retail, "clv_summary", top=3)
    rows = named(ask(database, scored_retail, "find_customers", sort_by="clv_12m", limit=1000, fields=["clv_12m"]))
    assert [c["clv_12m"] for c in result["top_customers"]] == [row["clv_12m"] for row in rows[:3]]
    assert result["total_low"] < result["total_clv_12m"] < result["total_high"]
    assert result["mean_clv_12m"] == pytest.approx(result["total_clv_12m"] / result["customers"], abs=0.01)
    assert 0.2 < result["top_share"] < 1
    assert result["model"]["champion"] == "BG/NBD + Gamma-Gamma"


def test_next_purchases_are_due_within_the_days_asked_for(database: Database, scored_retail: UUID) -> None:
    fortnight = ask(database, scored_retail, "next_purchase", within_days=14, limit=1000)
    month = ask(database, scored_retail, "next_purchase", within_days=30, limit=1000)
    assert 0 < fortnight["count"] < month["count"]
    for row in fortnight["rows"]:
        assert "2011-12-10" <= row["expected_at"] < "2011-12-24T"
        assert row["low"] <= row["expected_at"] <= row["high"]
    one = ask(database, scored_retail, "next_purchase", customer=fortnight["rows"][0]["customer"])
    assert one["rows"] == fortnight["rows"][:1]
    assert one["count"] == 1


@pytest.mark.parametrize("tool", ["churn_summary", "churn_table", "clv_summary", "next_purchase"])
def test_predictions_that_were_never_made_are_not_invented(database: Database, organisation: UUID, tool: str) -> None:
    with pytest.raises(NoSuchData, match="There are no"):
        ask(database, organisation, tool)
