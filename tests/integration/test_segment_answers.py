"""What people ask of segments: groups listed whole, counted, overlapping, clustered on request, drawn and exported."""

from __future__ import annotations

import csv
import io
from uuid import UUID

import pytest
from sqlalchemy import text

from core.errors import FixArguments
from database.engine import Database
from tests.integration.asking import answered, ask, rows


def test_every_grouping_is_listed_whole(database: Database, demo: UUID) -> None:
    result = ask(database, demo, "list_segments")
    kinds = {g["kind"]: g for g in result["groupings"]}
    assert set(kinds) == {"cluster", "discovered", "behaviour"}
    clusters = kinds["cluster"]["groups"]
    assert sum(c["size"]["customers"] for c in clusters) == kinds["cluster"]["customers"]
    assert {c["value_level"] for c in clusters} >= {"high", "low"}
    for entry in (*clusters, *kinds["discovered"]["groups"], *kinds["behaviour"]["groups"], *result["rfm"]):
        assert entry["strategy"]
        assert entry["playbook"]["offers"]
    assert all(c["traits"] for c in clusters)
    assert len(kinds["behaviour"]["groups"]) == 8
    words = answered(database, demo, "what kinds of customers do we have?")
    assert "**Clusters**" in words
    assert "**weekend shopper**" in words


@pytest.mark.parametrize(
    ("field", "kind"), [("cluster", "cluster"), ("discovered_group", "discovered"), ("behaviours", "behaviour")]
)
def test_groups_are_fields_of_rules(database: Database, demo: UUID, field: str, kind: str) -> None:
    (grouping,) = ask(database, demo, "list_segments", kinds=[kind])["groupings"]
    largest = grouping["groups"][0]
    assert grouping["rule_field"] == field
    rule = {"field": field, "operator": "eq", "value": largest["name"]}
    assert ask(database, demo, "count_segment", rule=rule)["segment"]["customers"] == largest["size"]["customers"] > 0
    others = ask(database, demo, "count_segment", rule={"field": field, "operator": "ne", "value": largest["name"]})
    assert others["segment"]["customers"] == 2_000 - largest["size"]["customers"]
    assert ask(database, demo, "find_customers", rule=rule, fields=[field], limit=3)["rows"]
    with pytest.raises(FixArguments) as wrong:
        ask(database, demo, "count_segment", rule={"field": field, "operator": "eq", "value": "no such group"})
    assert largest["name"] in wrong.value.valid


def test_a_segment_is_told_whole(database: Database, demo: UUID) -> None:
    detail = ask(database, demo, "segment_detail", segment="hibernating")
    assert (detail["kind"], detail["segment"]["name"]) == ("rfm", "Hibernating")
    assert {"frequency_12m", "orders_365d"} <= {t["feature"] for t in detail["segment"]["traits"]}
    moved = detail["movement"]
    assert moved["size_now"] == moved["size_before"] + moved["entered"] - moved["departed"]
    words = answered(database, demo, "what should we send the hibernating?")
    assert "**What to send them:**" in words
    assert "a seasonal offer" in words
    assert ask(database, demo, "segment_detail", segment="the weekend shoppers")["segment"]["name"] == "weekend_shopper"
    country = ask(database, demo, "segment_detail", segment="Netherlands")
    assert country["segment"]["badge"] == "deteriorating"
    assert country["movement"]["features"][0]["own_psi"] > 0


def test_overlap_is_what_counting_tells(database: Database, demo: UUID) -> None:
    (pair,) = ask(database, demo, "segment_overlap", segments=["Champions", "weekend_shopper"])["pairs"]
    champions = {"field": "rfm_segment", "operator": "eq", "value": "Champions"}
    weekend = {"field": "behaviours", "operator": "eq", "value": "weekend_shopper"}
    counted = [
        ask(database, demo, "count_segment", rule=rule)["segment"]["customers"]
        for rule in (champions, weekend, {"all": [champions, weekend]}, {"any": [champions, weekend]})
    ]
    assert [pair["first_size"], pair["second_size"], pair["both"]] == counted[:3]
    assert pair["jaccard"] == pytest.approx(counted[2] / counted[3], abs=1e-6)
    everything = ask(database, demo, "segment_overlap", segments=["At Risk"])["pairs"]
    assert {p["first"] for p in everything} == {"At Risk"}
    assert all(p["both"] == 0 for p in everything if p["second"] == "Champions")


def test_customers_are_clustered_on_request_and_nothing_is_kept(database: Database, demo: UUID) -> None:
    before = rows(database, demo, "select count(*) from groupings")
    result = ask(database, demo, "cluster_customers", groups=5)
    assert len(result["clusters"]) == 5
    assert sum(c["customers"] for c in result["clusters"]) == result["customers"]
    assert sum(c["share"] for c in result["clusters"]) == pytest.approx(1, abs=1e-5)
    two = ask(database, demo, "cluster_customers", groups=2, features=["weekend_share"])
    assert two["features"] == ["weekend_share"]
    assert rows(database, demo, "select count(*) from groupings") == before
    with pytest.raises(FixArguments) as wrong:
        ask(database, demo, "cluster_customers", features=["no_such_feature"])
    assert "orders_all" in wrong.value.valid


def test_the_map_shows_a_sample_with_its_segments(database: Database, demo: UUID) -> None:
    result = ask(database, demo, "segment_map", by="rfm", limit=500)
    assert result["drawn"] == len(result["coordinates"]) == 500
    assert sum(g["customers"] for g in result["groups"]) == 500
    known = dict(rows(database, demo, "select external_id, coalesce(rfm_segment, '(none)') from customer_facts"))
    assert all(known[p["customer"]] == p["segment"] for p in result["coordinates"])


def test_a_file_holds_the_segment_and_personal_data_only_for_those_who_may(database: Database, demo: UUID) -> None:
    whole = ask(database, demo, "export_segment", segment="Champions", limit=5)
    lines = list(csv.DictReader(io.StringIO(whole["csv"])))
    assert len(lines) == whole["rows"] == 5 < whole["total"]
    assert all("@" in line["Email"] for line in lines)
    assert whole["audience"] == {"field": "rfm_segment", "operator": "eq", "value": "Champions"}
    barred = ask(database, demo, "export_segment", segment="Champions", limit=5, role="viewer")
    assert barred["left_out"] == ["name", "email"]
    assert "@" not in barred["csv"]
    second = ask(database, demo, "export_segment", segment="Champions", limit=5, offset=5)
    first = {line["Customer ID"] for line in lines}
    assert first.isdisjoint(line["Customer ID"] for line in csv.DictReader(io.StringIO(second["csv"])))


def test_text_that_is_a_formula_is_harmless_in_a_file(database: Database, organisation: UUID) -> None:
    with database.transaction(organisation) as connection:
        said = {"id": "c1", "name": '=HYPERLINK("http://x")'}
        connection.execute(text("insert into customers (external_id, name) values (:id, :name)"), said)
    rule = {"field": "customer_id", "operator": "eq", "value": "c1"}
    made = ask(database, organisation, "export_segment", rule=rule, fields=["name"])
    (line,) = csv.DictReader(io.StringIO(made["csv"]))
    assert line["Name"].startswith("'=")
