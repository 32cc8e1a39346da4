"""Several questions in one message: each is read with what was said once for all of them, and none is left out."""

from __future__ import annotations

from typing import Any

import pytest

from agent.offline import anew
from agent.offline.roles import without_talk
from tests.unit.offline_scene import calls, read_question, scene

MAY = {"start": "2011-05-01", "end": "2011-05-31"}


def told(question: str) -> list[dict[str, Any]]:
    """What each call asks for, without what it does not."""
    return [
        {name: value for name, value in arguments.items() if value not in (None, False, [], "none") and name != "limit"}
        for _, arguments in calls(question)
    ]


def test_what_was_counted_is_added_up_and_averaged_as_well() -> None:
    found = told("how many orders came in in May 2011, what did they add up to and whats the average?")
    assert found == [{"metrics": [name]} | MAY for name in ("orders", "revenue", "average_order_value")]


@pytest.mark.parametrize("also", ["and their total", "and what did they come to?", "and the sum"])
def test_credit_notes_are_added_up_as_refunds(also: str) -> None:
    found = told(f"how many credit notes in May 2011 {also}")
    assert [each["metrics"] for each in found] == [["refund_orders"], ["refunds"]]
    assert all(each.items() >= MAY.items() for each in found)


def test_the_total_of_rows_is_that_of_all_of_them() -> None:
    assert told("orders by country in May 2011 and the total")[-1] == {"metrics": ["orders"]} | MAY


def test_both_ends_are_two_rankings() -> None:
    found = told("our best and worst month of 2010")
    assert [(each["grain"], each.get("descending", False)) for each in found] == [("month", True), ("month", False)]


def test_that_year_is_the_one_said_before_it() -> None:
    year = {"start": "2010-01-01", "end": "2010-12-31"}
    assert told("the largest order of 2010 and the average order that year") == [
        {"metrics": ["largest_order", "average_order_value"]} | year
    ]


def test_that_month_is_not_a_year_said_before_it() -> None:
    assert told("the largest order of 2010 and the average order that month") == []


def test_the_best_of_that_month_is_no_series() -> None:
    found = told("net revenue of May 2011, and the best product of that month")
    assert found[-1] == {"metrics": ["revenue"], "dimensions": ["product"]} | MAY


def test_places_that_each_have_a_word_of_their_own_are_told_apart() -> None:
    assert told("AOV for Germany and for Spain in May 2011")[0]["dimensions"] == ["country"]
    assert "dimensions" not in told("orders from Germany and Spain in May 2011")[0]
    assert "dimensions" not in told("orders in Germany and in Spain in May 2011, total")[0]


def test_a_figure_said_once_is_that_of_each_time() -> None:
    assert told("how many orders came in in May 2011, how many in April?") == [
        {"metrics": ["orders"]} | MAY,
        {"metrics": ["orders"], "start": "2011-04-01", "end": "2011-04-30"},
    ]


def test_growth_after_two_figures_is_of_both() -> None:
    found = told("1. turnover May 2011 2. turnover April 2011 3. growth in %")
    assert found[-1] == {
        "metrics": ["revenue"], "compare_start": "2011-04-01", "compare_end": "2011-04-30",
    } | MAY  # fmt: skip


def test_what_is_asked_beside_two_times_is_of_both() -> None:
    found = told("sales in May 2011 and the month before, and how many of the orders were from Germany")
    assert {"start", "compare_start"} <= found[-1].keys()


def test_one_part_that_its_words_speak_against_is_put_plainly_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anew, "_doubts", lambda reading, **_: ["figure"] if "what sold" in reading.clause else [])
    found = told("what sold best in December 2010 and who was the best customer?")
    assert [each["dimensions"] for each in found] == [["product"], ["customer"]]
    assert found[0]["metrics"] == ["units"]


@pytest.mark.parametrize("announced", ["Two quick ones: ", "I need three numbers for the board: "])
def test_how_many_questions_follow_is_not_told_back(announced: str) -> None:
    readings = read_question(f"{announced}revenue May 2011, refunds May 2011", scene())
    assert readings[-1].calls
    assert not any("used nothing" in reading.note for reading in readings)


def test_talk_is_given_back_without_the_question_it_stands_around() -> None:
    question, around = without_talk("I am putting together a slide for my boss: revenue in May 2011", scene())
    assert question == "revenue in May 2011"
    assert around
    assert "revenue" not in " ".join(around)
