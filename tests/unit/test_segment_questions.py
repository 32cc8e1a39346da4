# ruff: noqa: E501  (one question a line reads better than a broken one)
"""Questions about groups of customers lead to their tools, and questions about something else do not."""

from __future__ import annotations

from typing import Any

import pytest

from agent.numbers import Allowed
from tests.unit.offline_scene import CATALOGUE, calls, converse, read_question, scene
from tools.views import Chart, Shown, Table, shown

QUESTIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("what kinds of customers do we have?", "list_segments", {"kinds": ["cluster", "behaviour", "discovered"]}),
    ("which behaviours do our customers show?", "list_segments", {"kinds": ["behaviour"]}),
    ("which clusters do we have", "list_segments", {"kinds": ["cluster"]}),
    ("show me the discovered groups", "list_segments", {"kinds": ["discovered"]}),
    ("cluster our customers into 5 groups", "cluster_customers", {"groups": 5}),
    ("Group the customers into four clusters, please", "cluster_customers", {"groups": 4}),
    ("split our customers into three segments", "cluster_customers", {"groups": 3}),
    (
        "cluster customers by orders and average order value",
        "cluster_customers",
        {"features": ["orders_all", "avg_order_value"]},
    ),
    ("keep 5 clusters", "refresh_segments", {"clusters": 5}),
    ("regroup the customers", "refresh_segments", {}),
    ("which segments are shrinking?", "segment_drift", {"badge": "shrinking"}),
    ("is any segment deteriorating?", "segment_drift", {"badge": "deteriorating"}),
    ("how are the segments changing", "segment_drift", {}),
    ("who moved from loyal to at risk?", "segment_drift", {"moved_from": "Loyal", "moved_to": "At Risk"}),
    (
        "how many customers went from champions to hibernating",
        "segment_drift",
        {"moved_from": "Champions", "moved_to": "Hibernating"},
    ),
    ("who became a champion", "segment_drift", {"moved_to": "Champions"}),
    ("where did the champions go?", "segment_drift", {"moved_from": "Champions"}),
    ("show the segment map", "segment_map", {}),
    ("show me the customer map by rfm segment", "segment_map", {"by": "rfm"}),
    (
        "how do champions and weekend shoppers overlap?",
        "segment_overlap",
        {"segments": ["Champions", "weekend_shopper"]},
    ),
    ("which segments overlap", "segment_overlap", {}),
    ("what should we send the hibernating?", "segment_detail", {"segment": "Hibernating"}),
    ("what is the playbook for the lost customers", "segment_detail", {"segment": "Lost"}),
    ("tell me about the champions segment", "segment_detail", {"segment": "Champions"}),
    ("what makes the weekend shoppers special?", "segment_detail", {"segment": "weekend_shopper"}),
    (
        "set the offer for the hibernating to 'a preview, free delivery'",
        "update_playbook",
        {"segment": "Hibernating", "offers": ["a preview", "free delivery"]},
    ),
    (
        "change the playbook message of the champions to 'Thank you'",
        "update_playbook",
        {"segment": "Champions", "message": "Thank you"},
    ),
    ("archive the VIP segment", "archive_segment", {"segment": "VIP"}),
    ("archive 'Big spenders'", "archive_segment", {"segment": "Big spenders"}),
    ("reactivate the VIP segment", "reactivate_segment", {"segment": "VIP"}),
    ("which segments are archived?", "list_segments", {"kinds": ["saved"], "archived": True}),
    ("export the champions", "export_segment", {"segment": "Champions"}),
    ("export the segment 'Big spenders' as CSV", "export_segment", {"segment": "Big spenders"}),
    (
        "export customers who spent over 500",
        "export_segment",
        {"rule": {"field": "monetary_value", "operator": "gt", "value": 500}},
    ),
    # close by, and something else
    ("show me the segments", "list_segments", {}),
    ("describe the customer groups", "list_segments", {}),
    ("what should I do with the hibernating customers", "recommend_interventions", {"segment": "Hibernating"}),
    ("save customers who spent over 500 as a segment", "save_segment", {}),
    ("change the subject to 'Hello'", "", {}),
    ("how did sales develop", "query_metrics", {}),
    ("revenue by segment", "query_metrics", {"dimensions": ["rfm_segment"]}),
    ("which products grew from May to June", "query_metrics", {}),
]


@pytest.mark.parametrize(("question", "tool", "expected"), QUESTIONS)
def test_a_question_about_groups_leads_to_its_tool(question: str, tool: str, expected: dict[str, Any]) -> None:
    found = calls(question)
    if not tool:
        assert not [name for name, _ in found if "segment" in name]
        return
    assert [name for name, _ in found] == [tool]
    assert expected.items() <= found[0][1].items()


def test_them_means_the_segment_talked_of() -> None:
    (_, second) = converse("list the champions", "what should we send them?")
    assert [(c.tool, c.arguments) for r in second for c in r.calls] == [("segment_detail", {"segment": "Champions"})]
    (_, third) = converse("cluster our customers into 4 groups", "keep them as clusters")
    assert [(c.tool, c.arguments) for r in third for c in r.calls] == [("refresh_segments", {"clusters": 4})]


def test_what_is_missing_is_asked_for() -> None:
    for question, part in (
        ("archive a segment", "Which saved segment?"),
        ("cluster our customers into 90 groups", "2 to 20 groups"),
        ("set the offer to 'x'", "Whose playbook?"),
    ):
        (reading,) = read_question(question, scene())
        assert part in (reading.said or ""), (question, reading)


def views(tool: str, result: dict[str, Any]) -> list[Shown]:
    """What is shown of a result."""
    outcome = CATALOGUE.outcome(tool, {}, {**result, "evidence": {"rows": 7}})
    return shown(CATALOGUE.get(tool), outcome)


MAP = {
    "by": "rfm", "as_of": "2026-06-15T12:00:00Z", "drawn": 3,
    "groups": [{"name": "Loyal", "customers": 2}, {"name": "(none)", "customers": 1}],
    "coordinates": [
        {"customer": "a", "segment": "Loyal", "x": 1.5, "y": 2.5}, {"customer": "b", "segment": "(none)", "x": -1.0, "y": 0.5},
        {"customer": "c", "segment": "Loyal", "x": 77.125, "y": 3.0},
    ],
}  # fmt: skip


def test_the_map_is_points_by_segment() -> None:
    (chart,) = views("segment_map", MAP)
    assert isinstance(chart, Chart)
    assert [(s.name, s.across, s.values, s.labels) for s in chart.series] == [
        ("Loyal", [1.5, 77.125], [2.5, 3.0], ["a", "c"]),
        ("(none)", [-1.0], [0.5], ["b"]),
    ]


def test_places_on_a_map_support_no_figure() -> None:
    """Thousands of coordinates would make almost any number one that "a tool gave"."""
    allowed = Allowed.of(MAP)
    assert 3.0 in allowed.numbers
    assert 77.125 not in allowed.numbers


def test_overlaps_of_all_with_all_are_a_heat_map() -> None:
    pair = {"first_size": 9, "second_size": 9, "both": 3, "share_of_first": 0.3, "share_of_second": 0.3}
    pairs = [{"first": a, "second": b, "jaccard": 0.2, **pair} for a, b in (("a", "b"), ("a", "c"), ("b", "c"))]
    chart, table = views("segment_overlap", {"pairs": pairs})
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    assert [s.values for s in chart.series] == [[None, 0.2, 0.2], [0.2, None, 0.2], [0.2, 0.2, None]]
    assert [type(v) for v in views("segment_overlap", {"pairs": pairs[:2]})] == [Table]
