"""Segments: counted, saved, saved again, listed, and kept apart by organisation."""

from __future__ import annotations

import math
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.errors import NotAllowed, NotFound
from database.engine import Database
from tests.conftest import make_organisation
from tests.integration.asking import NOW, ask
from tools.audience.facts import Facts, rule_of_segment

AT_RISK = {"field": "rfm_segment", "operator": "eq", "value": "at risk"}


def members(database: Database, org_id: UUID, segment_id: str) -> int:
    with database.transaction(org_id) as connection:
        query = text("select count(*) from segment_members where segment_id = :id")
        return int(connection.execute(query, {"id": segment_id}).scalar_one())


def test_rfm_segments_share_out_the_buyers(database: Database, demo: UUID) -> None:
    result = ask(database, demo, "list_segments")
    sizes = {segment["name"]: segment["size"] for segment in result["rfm"]}
    with database.transaction(demo) as connection:
        buyers = connection.execute(text("select count(*) from rfm_scores")).scalar_one()
    assert sum(size["customers"] for size in sizes.values()) == buyers == result["evidence"]["rows"]
    assert list(sizes) == sorted(sizes, key=lambda name: (-sizes[name]["customers"], name))
    assert all(segment["strategy"] for segment in result["rfm"])
    counted = ask(database, demo, "count_segment", rule=AT_RISK)["segment"]
    assert counted == sizes["At Risk"]


def test_a_count_adds_up_with_plain_sql(database: Database, demo: UUID) -> None:
    rule = {
        "all": [
            {"field": "revenue_365d", "operator": "gt", "value": 0},
            {"field": "consent_email", "operator": "eq", "value": True},
        ]
    }
    size = ask(database, demo, "count_segment", rule=rule)["segment"]
    with database.transaction(demo) as connection:
        row = connection.execute(
            text(
                "select count(*), sum(f.revenue_365d), avg(v.clv_12m), (select count(*) from customers) from features f"
                " join consents c on c.customer_id = f.customer_id and c.channel = 'email'"
                " left join value_scores v on v.customer_id = f.customer_id where f.revenue_365d > 0 and c.granted"
            )
        ).one()
    assert size["customers"] == row[0] > 0
    assert size["revenue_365d"] == pytest.approx(row[1], abs=0.01)
    assert size["average_clv_12m"] == pytest.approx(row[2], abs=0.01)
    assert size["share"] == pytest.approx(row[0] / row[3], abs=1e-6)
    assert size["with_consent_email"] <= size["with_email"] <= size["customers"]


@pytest.mark.parametrize(("op", "order"), [("top_share", "desc"), ("bottom_share", "asc")])
@pytest.mark.parametrize("value", [0.1, 0.07, 1])
def test_a_share_by_a_number_is_counted_among_those_who_have_it(
    database: Database, demo: UUID, op: str, order: str, value: float
) -> None:
    rule = {"field": "monetary_value", "operator": op, "value": value}
    result = ask(database, demo, "find_customers", rule=rule, fields=["monetary_value"], limit=1000)
    with database.transaction(demo) as connection:
        query = f"select monetary_value from customer_facts where monetary_value is not null order by 1 {order}"
        spent = connection.execute(text(query)).scalars().all()
    edge = spent[math.ceil(round(value * len(spent), 6)) - 1]
    assert result["total"] == sum(v >= edge if op == "top_share" else v <= edge for v in spent)
    assert 0 <= result["total"] - value * len(spent) < 3  # ties at the edge are in


def test_a_share_is_taken_of_the_organisation_and_joins_other_conditions(database: Database, demo: UUID) -> None:
    top = {"field": "monetary_value", "operator": "top_share", "value": 0.1}
    consent = {"field": "consent_email", "operator": "eq", "value": True}
    sizes = [
        ask(database, demo, "count_segment", rule=rule)["segment"]["customers"]
        for rule in ({"all": [top, consent]}, {"all": [top, {"not": consent}]}, top)
    ]
    assert sizes[0] > 0
    assert sizes[0] + sizes[1] == sizes[2]
    saved = ask(database, demo, "save_segment", name="Top tenth", rule=top)["segment"]
    assert saved["size"] == sizes[2]


def test_nobody_is_zero_not_an_error(database: Database, demo: UUID) -> None:
    size = ask(database, demo, "count_segment", rule={"field": "city", "operator": "eq", "value": "Atlantis"})[
        "segment"
    ]
    assert (size["customers"], size["share"], size["revenue_all"]) == (0, 0.0, None)


def test_saving_the_same_name_updates_it(database: Database, demo: UUID) -> None:
    first = ask(database, demo, "save_segment", name="Win back", rule=AT_RISK, description="for spring")
    again = ask(database, demo, "save_segment", name="WIN BACK ", rule={"not": AT_RISK})
    assert (first["created"], again["created"]) == (True, False)
    assert again["segment"]["id"] == first["segment"]["id"]
    assert again["segment"]["description"] == "for spring"
    assert first["segment"]["size"] + again["segment"]["size"] == 2_000
    assert members(database, demo, again["segment"]["id"]) == again["segment"]["size"]
    saved = [s for s in ask(database, demo, "list_segments")["saved"] if s["name"] == "Win back"]
    assert [s["rule"] for s in saved] == [{"not": AT_RISK}]


def test_who_stays_in_a_segment_keeps_the_day_they_came_in(database: Database, demo: UUID) -> None:
    wide: dict[str, Any] = {"field": "rfm_segment", "operator": "in", "value": ["At Risk", "Lost"]}
    segment = ask(database, demo, "save_segment", name="Stayers", rule=AT_RISK)["segment"]
    since = text("select min(since), max(since) from segment_members where segment_id = :id")
    with database.transaction(demo) as connection:
        before = connection.execute(since, {"id": segment["id"]}).one()
    ask(database, demo, "save_segment", name="Stayers", rule=wide)
    with database.transaction(demo) as connection:
        after = connection.execute(since, {"id": segment["id"]}).one()
    assert after[0] == before[0]
    assert after[1] > before[1]


def test_a_segment_is_found_by_its_name(database: Database, demo: UUID) -> None:
    ask(database, demo, "save_segment", name="Quiet", rule=AT_RISK)
    with database.transaction(demo) as connection:
        assert rule_of_segment(connection, " quiet").plain() == AT_RISK
        rule = rule_of_segment(connection, "champions")
        condition, values = Facts.about(connection, NOW).where(rule)
        assert list(values.values()) == ["Champions"]
        assert "f.rfm_segment" in condition
        with pytest.raises(NotFound, match="no segment 'Loud'") as error:
            rule_of_segment(connection, "Loud")
    assert {"Quiet", "Champions"} <= set(error.value.valid)


def test_saving_needs_the_right_and_stays_in_the_organisation(database: Database, demo: UUID) -> None:
    with pytest.raises(NotAllowed):
        ask(database, demo, "save_segment", role="viewer", name="Nope", rule=AT_RISK)
    ask(database, demo, "save_segment", name="Ours", rule={"field": "country", "operator": "not_null"})
    other = make_organisation(database)
    assert ask(database, other, "list_segments")["saved"] == []
    everybody = {"field": "customer_id", "operator": "not_null"}
    assert ask(database, other, "count_segment", rule=everybody)["segment"]["customers"] == 0
