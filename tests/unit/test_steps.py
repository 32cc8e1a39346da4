"""Calls in words: what a person reads of a step, and of what it was asked with."""

from __future__ import annotations

import re

from tools.catalogue import catalogue
from tools.declaration import Effect
from tools.steps import asked_with, step_words, subject_words

CATALOGUE = catalogue()
FIGURES = {
    "metrics": ["revenue", "new_customers"], "dimensions": ["country"], "grain": "month", "start": "2026-01-01",
    "end": "2026-03-31", "limit": 50, "share": False, "having": [],
    "filters": [{"dimension": "country", "operator": "ne", "value": "Germany"}],
}  # fmt: skip


def test_a_call_reads_as_a_step_and_as_a_heading() -> None:
    tool = CATALOGUE.get("query_metrics")
    assert step_words(tool, FIGURES, done=False) == "Looking up revenue and new customers by month and country"
    assert step_words(tool, FIGURES) == "Looked up revenue and new customers by month and country"
    assert subject_words(tool, FIGURES) == "Revenue and new customers by month and country"
    assert step_words(CATALOGUE.get("save_segment"), {}) == "Saved a segment"


def test_what_it_was_asked_with_is_told_without_names_of_fields() -> None:
    lines = dict(asked_with(CATALOGUE.get("query_metrics"), FIGURES))
    assert lines["Period"] == "from 1 January to 31 March 2026"
    assert lines["Only"] == "country is not Germany"
    assert set(lines) == {"Period", "Figures", "By time", "By", "Only"}, "what was not asked is not told"
    rule = {"all": [{"field": "orders_all", "operator": "eq", "value": 1}]}
    assert dict(asked_with(CATALOGUE.get("count_segment"), {"rule": rule})) == {"Customers": "bought only once"}


def test_no_step_shows_a_name_of_the_engine_room() -> None:
    for tool in CATALOGUE.tools.values():
        if tool.effect is not Effect.OPERATE:
            for example in tool.examples:
                words = [step_words(tool, example), *(part for line in asked_with(tool, example) for part in line)]
                assert not [word for word in words if re.search(r"[a-z]_[a-z]|[{}\[\]]", word)], (tool.name, words)
                assert not re.search(r"\b(?:rfm|clv|query|list)\b", words[0]), tool.name


def test_arguments_that_are_wrong_are_still_a_step() -> None:
    assert step_words(CATALOGUE.get("query_metrics"), {"metrics": 5}) == "Looked up query metrics"


def test_values_and_days_are_told_as_people_read_them() -> None:
    only = {"dimension": "channel", "operator": "in", "value": ["direct", "paid_social"]}
    lines = dict(asked_with(CATALOGUE.get("query_metrics"), {"filters": [only], "start": "2026-01-01"}))
    assert (lines["Only"], lines["Period"]) == ("channel is one of Direct or Paid social", "from 1 January 2026")
