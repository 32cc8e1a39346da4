# ruff: noqa: E501  (a table of results)
"""Segments as people see them: titles of tables, how sure the figures are, and whom a result speaks of."""

from __future__ import annotations

from typing import Any

import pytest

from agent.evidence import confidence
from agent.state import Finding
from tests.unit.offline_scene import CATALOGUE
from tools.views import Chart, Shown, Table, shown

RULE = {"field": "rfm_segment", "operator": "eq", "value": "Loyal"}
SIZE = {
    "customers": 9, "share": 0.3, "revenue_365d": 90.0, "revenue_all": 450.0, "average_value": 50.0,
    "average_clv_12m": 20.0, "average_churn_90": 0.1, "average_health": 60.0, "with_email": 8, "with_consent_email": 7,
}  # fmt: skip
PLAYBOOK = {"offers": ["a preview"], "message": "Hello", "channels": ["email"], "send_window": "any", "edited_by": None}
TRAIT = {"feature": "clv_12m", "words": "worth more", "inside": 9.0, "outside": 1.0, "difference": 2.0}
GROUP = {
    "name": "big_ones", "description": "who buy much", "value_level": "high", "traits": [TRAIT], "strategy": "Thank.",
    "playbook": PLAYBOOK, "badge": None, "reason": None, "size": SIZE,
}  # fmt: skip
GROUPING = {
    "kind": "cluster", "rule_field": "cluster", "as_of": "2026-06-15T12:00:00Z", "reason": None, "customers": 9,
    "ungrouped": 0, "silhouette": 0.4, "structure": "clear", "asked": None,
    "groups": [GROUP, {**GROUP, "name": "patterned", "traits": []}, {**GROUP, "size": {**SIZE, "customers": 0}}],
}  # fmt: skip
SAVED = {
    "id": "0bdee448-3a39-4774-b4f7-ae5a34a42c0e", "name": "VIP", "description": "for spring", "rule": RULE, "size": 4,
    "refreshed_at": "2026-06-15T12:00:00Z",
}  # fmt: skip
SHIFT = {"feature": "clv_12m", "before": 1.0, "now": 2.0, "rest_before": 1.0, "rest_now": 1.0, "own_psi": 0.3, "reading": "large"}  # fmt: skip
MOVEMENT = {
    "compared_with": "2026-04-16T12:00:00Z", "size_before": 8, "size_now": 9, "entered": 2, "departed": 1,
    "features": [SHIFT],
}  # fmt: skip
MOVED = {"customer": "c7", "name": None, "moved_from": "Loyal", "moved_to": "Lost", "monetary_value": 80.0, "clv_12m": 3.0}  # fmt: skip
FLOW = {"moved_from": "Loyal", "moved_to": "Lost", "customers": 1, "clv_12m": 3.0}
DRIFT = {
    "compared_with": "2026-04-16T12:00:00Z", "segments": [], "moves_of": "rfm", "moved": 5, "transitions": [FLOW],
    "customers": [MOVED], "currency": "GBP",
}  # fmt: skip
CLUSTER = {
    "name": "big ones", "customers": 9, "share": 0.3, "value_level": "high", "average_value": 50.0,
    "average_health": 60.0, "strategy": "Thank.", "traits": [TRAIT],
}  # fmt: skip
RESULTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "count_segment": ({"rule": RULE}, {"segment": SIZE, "currency": "GBP"}),
    "list_segments": ({}, {"saved": [SAVED], "rfm": [GROUP], "groupings": [GROUPING], "customers": 30, "currency": "GBP"}),
    "segment_detail": (
        {"segment": "big ones"},
        {"kind": "rfm", "rule": RULE, "segment": GROUP, "movement": MOVEMENT, "currency": "GBP"},
    ),
    "segment_drift": ({}, DRIFT),
    "cluster_customers": (
        {},
        {"customers": 9, "silhouette": 0.4, "structure": "clear", "features": [], "clusters": [CLUSTER], "currency": "GBP"},
    ),
    "export_segment": (
        {"rule": RULE},
        {"file_name": "x.csv", "total": 3, "rows": 1, "columns": [{"name": "customer_id", "title": "Customer ID"}, {"name": "clv_12m", "unit": "money", "title": "12-month value"}],
         "left_out": [], "currency": "GBP", "csv": "Customer ID,12-month value (GBP)\nc7,3.00\n"},
    ),
}  # fmt: skip


def views(tool: str, **changes: Any) -> list[Shown]:
    arguments, result = RESULTS[tool]
    outcome = CATALOGUE.outcome(tool, arguments, {**result, **changes, "evidence": {"rows": 9}})
    return shown(CATALOGUE.get(tool), outcome)


def tables(tool: str, **changes: Any) -> list[Table]:
    return [view for view in views(tool, **changes) if isinstance(view, Table)]


@pytest.mark.parametrize("tool", ["count_segment", "list_segments", "segment_detail", "segment_drift"])
def test_an_answer_with_predicted_value_or_churn_is_no_more_than_medium_sure(tool: str) -> None:
    arguments, result = RESULTS[tool]
    finding = Finding(
        id="c", step="s1", agent="research", tool=tool, arguments=arguments, result=result, error=None, error_code=None
    )
    assert confidence([finding], CATALOGUE) == "medium"


@pytest.mark.parametrize(
    ("field", "sure"), [("churn_60", "medium"), ("clv_12m", "medium"), ("country", "high"), ("rfm_segment", "high")]
)
def test_a_campaign_to_customers_picked_by_a_prediction_is_no_more_than_medium_sure(field: str, sure: str) -> None:
    rule = {"all": [{"field": "country", "operator": "eq", "value": "France"}, {"not": {"field": field}}]}
    finding = Finding(
        id="c", step="s1", agent="content", tool="propose_campaign", arguments={"rule": rule},
        result={"audience": rule}, error=None, error_code=None,
    )  # fmt: skip
    assert confidence([finding], CATALOGUE) == sure


@pytest.mark.parametrize("tool", RESULTS)
@pytest.mark.parametrize("changes", [{}, {"customers": []}])
def test_no_title_is_the_name_of_a_field(tool: str, changes: dict[str, Any]) -> None:
    columns = [
        column for table in tables(tool, **(changes if tool == "segment_drift" else {})) for column in table.columns
    ]
    titles = {
        "average_clv_12m": "Average 12-month value", "average_churn_90": "Leave in 90 days", "clv_12m": "12-month value",
        "average_value": "Average spent", "monetary_value": "Spent",
    }  # fmt: skip
    assert columns or tool == "count_segment"
    assert [column.title for column in columns if column.title.lower().startswith(("clv", "average clv"))] == []
    assert all(column.title == titles.get(column.name, column.title) for column in columns)
    assert all(column.unit == "GBP" for column in columns if column.name.startswith("average_clv"))


def test_groups_are_shown_by_what_sets_them_apart_else_by_who_they_are() -> None:
    rfm, rfm_table, saved, sizes, groups = views("list_segments")
    assert isinstance(sizes, Chart)
    assert sizes.x == ["big ones", "patterned"]  # nobody is in the third
    assert isinstance(groups, Table)
    rows = [dict(zip([c.title for c in groups.columns], row, strict=True)) for row in groups.rows]
    assert [row["Group"] for row in rows] == ["big ones", "patterned"]
    assert [row["What sets them apart"] for row in rows] == ["worth more", "who buy much"]
    assert [type(view) for view in (rfm, rfm_table, saved)] == [Chart, Table, Table]


def test_features_of_a_segment_have_their_titles() -> None:
    traits, shifts = tables("segment_detail")
    assert traits.title == "What sets big ones apart"
    assert traits.rows == [["12-month value", 9.0, 1.0, "worth more"]]
    assert [c.name for c in shifts.columns] == ["feature", "before", "now", "rest_before", "rest_now", "reading"]
    assert shifts.rows[0][0] == "12-month value"


def test_a_file_is_shown_as_a_table_of_all_its_rows() -> None:
    (table,) = tables("export_segment")
    assert (table.title, table.rows, table.total_rows) == ("x.csv", [["c7", 3.0]], 3)


MOVERS = {"field": "customer_id", "operator": "in", "value": ["c7"]}


@pytest.mark.parametrize(
    ("tool", "changes", "planned", "known"),
    [
        ("count_segment", {}, RULE, RULE),
        ("segment_detail", {}, None, RULE),
        ("segment_drift", {}, None, MOVERS),
        ("segment_drift", {"customers": []}, None, None),
        ("export_segment", {"audience": RULE}, RULE, RULE),
    ],
)
def test_them_are_the_customers_a_result_speaks_of(
    tool: str, changes: dict[str, Any], planned: dict[str, Any] | None, known: dict[str, Any] | None
) -> None:
    arguments, result = RESULTS[tool]
    assert CATALOGUE.audience(tool, arguments) == planned
    outcome = CATALOGUE.outcome(tool, arguments, {**result, **changes, "evidence": {"rows": 9}})
    audience = CATALOGUE.get(tool).audience
    assert audience is not None
    assert audience(outcome.arguments, outcome.result) == known


def test_drift_is_looked_for_every_morning() -> None:
    (every,) = CATALOGUE.jobs["refresh_segments"].every
    assert (every.cron, dict(every.arguments)) == ("0 6 * * *", {"what": ["drift"]})
