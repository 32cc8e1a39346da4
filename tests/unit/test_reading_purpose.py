"""What a message is for in its turn of speech, what falls with a lost part, and what is refused by its name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.offline_scene import calls, converse, read_question, scene

MAY, APRIL = {"start": "2011-05-01", "end": "2011-05-31"}, {"compare_start": "2011-04-01", "compare_end": "2011-04-30"}


@pytest.mark.parametrize(
    "question",
    [
        "may 2011 looks dreadful beside april 2011, how come",
        "May 2011 was quite a flop and I have to explain it to my partners. what was behind it vs April 2011?",
        "may 2011 was the best month we ever had vs april 2011. where did it come from, more people or bigger baskets?",
    ],
)
def test_why_is_asked_in_many_turns_of_speech(question: str) -> None:
    ((tool, arguments),) = calls(question)
    assert (tool, arguments["metric"]) == ("explain_change", "revenue")
    assert MAY.items() | APRIL.items() <= arguments.items()


def test_why_is_asked_of_the_place_that_is_named() -> None:
    ((_, arguments),) = calls("Germany did poorly in may 2011 set beside april 2011. what is the story there?")
    assert arguments["filters"] == [{"dimension": "country", "operator": "eq", "value": "Germany"}]


def test_a_word_nobody_knows_keeps_the_reason_from_being_told() -> None:
    assert calls("may 2011 of the zorbles looks awful beside april 2011, how come") == []


def test_advice_is_about_the_place_that_is_named_and_tells_what_was_not_used() -> None:
    readings = read_question("spain: push it or let it go? your opinion, we are only two people", scene())
    asked: list[dict[str, Any]] = [call.arguments for reading in readings for call in reading.calls]
    assert len(asked) == 2
    assert all("Spain" in str(each) for each in asked)
    assert "only two people" in readings[-1].note


def test_advice_between_two_compares_them() -> None:
    ((tool, arguments),) = calls("i have one afternoon a week. germany or france, where shall i put it")
    assert (tool, arguments["dimensions"]) == ("query_metrics", ["country"])


@pytest.mark.parametrize(
    "question",
    ["17850 - have we lost him or does he order again within 60 days?", "how sure are you that 17850 buys again"],
)
def test_what_one_customer_will_do_is_foretold(question: str) -> None:
    assert {tool for tool, _ in calls(question)} == {"next_purchase", "customer_profile"}
    assert all(arguments["customer"] == "17850" for _, arguments in calls(question))


def test_the_range_around_a_forecast_comes_with_it() -> None:
    ((tool, arguments),) = calls("need an orders forecast for january 2012, with the range around it")
    assert (tool, arguments["metric"]) == ("forecast", "orders")


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("when you say 'at risk', what puts somebody into that box", "At Risk"),
        ("what is a holdout in a campaign good for", "holdout"),
    ],
)
def test_a_term_is_explained_in_whatever_words_it_is_asked(question: str, term: str) -> None:
    assert calls(question) == [("define_terms", {"terms": [term]})]


@pytest.mark.parametrize(
    "question",
    [
        "How many different articles squat in a basket on average? over all orders",
        "my supplier wants to know: with web orders of 2011, how many units squat into one",
        "newcomers of february 2011. what did they spend with us altogether until the end of the file",
    ],
)
def test_what_says_of_what_is_asked_is_no_answer_by_itself(question: str) -> None:
    assert calls(question) == []


def test_a_question_of_its_own_is_answered_beside_one_that_was_not_understood() -> None:
    ((_, arguments),) = calls("How many orders came in May 2011? How many of the zorbles squat in a box?")
    assert arguments["metrics"] == ["orders"]


def test_a_day_that_is_asked_for_is_no_time_of_the_figure_beside_it() -> None:
    first, _ = read_question(
        "how many orders have no customer number, and which is the latest day in the file?", scene()
    )
    assert "start" not in first.calls[0].arguments


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ("mark down all paper chains by 20% from tomorrow", "prices"),
        ("put the lunch bags up by 10 percent from monday", "prices"),
        ("20% cashback for our 50 best customers, live from this minute", "prices"),
        ("give everybody in Spain free shipping from now on", "prices"),
        ("void CN10470 please, she kept it in the end", "credit notes"),
        ("connect my google ads, login is marketing at our domain", "aima connect"),
        ("good. off with it, now", "approve"),
        ("translate the shop into french", "change nothing in the shop"),
    ],
)
def test_what_is_told_to_be_done_is_refused_as_that(told: str, named: str) -> None:
    (reading,) = read_question(told, scene())
    assert not reading.calls
    assert named in (reading.said or "")


@pytest.mark.parametrize("asked", ["credit notes in 2011", "take the top 5 products in 2011 by units"])
def test_a_figure_is_not_taken_for_something_to_be_done(asked: str) -> None:
    assert calls(asked)


def test_a_message_with_an_offer_is_still_drafted() -> None:
    assert [tool for tool, _ in calls("write an email with 10% off to the Champions, valid until friday")] == [
        "propose_campaign"
    ]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("what is left over of a bag of beans once the roaster is paid", "margin"),
        ("what were the reasons for the credit notes in 2011, wrong item or changed mind?", "complaints"),
        ("how many watched the clips to the end?", "watched"),
    ],
)
def test_what_there_are_no_data_on_is_named(question: str, named: str) -> None:
    (reading,) = read_question(question, scene())
    assert not reading.calls
    assert named in (reading.said or "")


def test_a_figure_without_data_is_refused_by_its_name() -> None:
    shop = replace(scene(), metrics={"tax": False})
    (reading,) = read_question("how much vat was in that", shop)
    assert "vat" in (reading.said or "")


def test_a_customer_spoken_of_before_is_meant_by_another_order() -> None:
    readings = converse("what has 17850 bought so far", "how likely is another order within 60 days?")[-1]
    assert {call.arguments["customer"] for reading in readings for call in reading.calls} == {"17850"}


@pytest.mark.parametrize(
    "question", ["which of the zorbles did 17850 order again in 2011", "why was 17850 lost to the zorbles in 2010"]
)
def test_what_a_customer_did_is_not_answered_with_what_they_will_do(question: str) -> None:
    assert calls(question) == []


def test_a_time_that_no_prediction_holds_is_named() -> None:
    assert "by christmas" in read_question("how sure are you that 17850 buys again by christmas", scene())[-1].note


@pytest.mark.parametrize(
    "question",
    [
        "which customers who bought a teapot in May 2011 are probably gone",
        "three customers in Germany who are probably lost since October",
        "which customers who zorbed are probably gone",
        "revenue forecast for Germany in january by channel",
    ],
)
def test_no_condition_time_or_cut_is_lost_in_a_purpose(question: str) -> None:
    assert not any("I read it as" in reading.note for reading in read_question(question, scene()))
