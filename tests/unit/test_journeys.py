"""Journeys as definitions: what is wrong with one, how it is told and read, drawn, and timed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import Calendar
from tests.journey_graphs import graphs
from tests.journey_scene import CART, END, EVERYBODY, EVERYONE, send, wait, wait_for
from tools.journeys.checks import faults, on_circles
from tools.journeys.clockwork import due_at
from tools.journeys.definition import Journey, WaitUntil, ways_out
from tools.journeys.description import words_of
from tools.journeys.grammar import read_journey
from tools.journeys.picture import picture_of
from tools.journeys.rehearsal import drawn


def journey(nodes: list[dict[str, Any]], **more: Any) -> Journey:
    return Journey.model_validate({"name": "Tried", "entry": {"rule": EVERYBODY}, "nodes": nodes, **more})


BRANCH = {"id": "asked", "type": "branch", "ways": [{"when": {"tag": "vip"}, "next": "end"}], "otherwise": "end"}
SPLIT = {"id": "halves", "type": "split", "ways": [{"percent": 50, "next": "end"}, {"percent": 50, "next": "end"}]}


@pytest.mark.parametrize(
    ("nodes", "node", "said"),
    [
        ([wait("a", "nowhere"), END], "a", "leads to 'nowhere', which is no node: a, end"),
        ([wait("a", "end"), wait("a", "end"), END], "a", "two nodes are called 'a'"),
        ([wait("a", "end", 0), END], "a", "at least 1 minute"),
        ([wait_for("a", "order", "end", "end", 0), END], "a", "at least 1 minute"),
        ([wait_for("a", "order", "end", "end"), END], "a", "the same node either way"),
        ([wait_for("a", "dance", "end", "b"), wait("b", "end"), END], "a", "'dance', which is no event: order, visit"),
        ([{"id": "a", "type": "wait_until", "next": "end"}, END], "a", "does not say until when"),
        ([send("a", "end", body_text=" "), END], "a", "sends nothing: write its text"),
        ([BRANCH | {"ways": []}, END], "asked", "empty branch"),
        ([SPLIT | {"ways": SPLIT["ways"][:1]}, END], "halves", "at least two ways"),  # type: ignore[index]
        ([SPLIT | {"ways": [{"percent": 60, "next": "end"}] * 2}, END], "halves", "splits 120 %"),
        ([wait("a", "end"), wait("b", "end"), END], "b", "cannot be reached from 'a'"),
        ([wait("a", "b"), BRANCH | {"id": "b", "ways": [{"when": {"tag": "x"}, "next": "a"}], "otherwise": "a"}, END],
         "end", "cannot be reached"),
        ([wait("a", "a")], "", "nothing ends the journey"),
        ([BRANCH | {"ways": [{"when": {"tag": "x"}, "next": "asked"}]}, END], "asked", "without a wait"),
        ([send("a", "b"), wait("b", "c"), BRANCH | {"id": "c", "ways": [{"when": {"tag": "x"}, "next": "end"}],
         "otherwise": "a"}, END], "a", "over and over"),
        ([BRANCH | {"ways": [{"when": {}, "next": "end"}]}, END], "", "exactly one of segment, rule"),
        ([BRANCH | {"ways": [{"when": {"opened": "mail"}, "next": "end"}]}, END], "", "'mail', which sends nothing"),
    ],
)  # fmt: skip
def test_each_fault_names_its_node_and_says_what_would_be_right(nodes: Any, node: str, said: str) -> None:
    found = faults(journey(nodes))
    assert any(fault.node == node and said in fault.said for fault in found), found


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"entry": {}}, "exactly one of segment, rule and event"),
        ({"entry": {"event": "cart", "segment": "VIP"}}, "exactly one of segment, rule and event"),
        ({"entry": {"event": "sneeze"}}, "'sneeze', which is no event"),
        ({"entry": {"event": "cart", "again": "after"}}, "not after how many: give their number"),
        ({"entry": {"rule": EVERYBODY, "again": "always"}}, "cannot be entered again always"),
        ({"entry": {"event": "order"}, "goal": {"event": "order"}}, "leave as they enter"),
        ({"goal": {"event": "sneeze"}}, "the goal is 'sneeze'"),
    ],
)
def test_faults_of_the_whole(more: dict[str, Any], said: str) -> None:
    assert any(said in fault.said for fault in faults(journey([wait("a", "end"), END], **more)))


@settings(max_examples=60, deadline=None)
@given(definition=graphs())
def test_drawn_journeys_are_sound_and_every_way_is_in_the_picture(definition: dict[str, Any]) -> None:
    found = Journey.model_validate(definition)
    assert faults(found) == []
    picture = picture_of(found)
    boxes = {box.id: box for box in picture.boxes}
    assert {box.id for box in picture.boxes if box.type not in ("end", "entry")} == {
        node.id for node in found.nodes if node.type != "end"
    }
    assert len({(box.column, box.row) for box in picture.boxes}) == len(picture.boxes), "no box lies on another"
    ways = sum(len(ways_out(node)) for node in found.nodes)
    assert len(picture.lines) == ways + 1
    assert all(line.source in boxes and line.target in boxes for line in picture.lines)
    assert on_circles(found).isdisjoint(send.id for send in found.sends)


STEPS = st.deferred(
    lambda: st.lists(
        st.one_of(
            st.builds(lambda n, u: f"wait {n} {u}", st.integers(2, 30), st.sampled_from(["minutes", "hours", "days"])),
            st.sampled_from([
                "send the e-mail “Hello”", "send the SMS “Come back, please: now.”", "tag them “vip”",
                "take the tag “vip” away", "tell the webhook “done”", "wait until Monday at 09:00",
                "wait until 2026-12-24",
            ]),
        ),
        min_size=1, max_size=4,
    ).map(", ".join)
)  # fmt: skip
FORKS = st.one_of(
    st.builds(lambda a: f"if there is no order within 2 days, {a}", STEPS),
    st.builds(lambda a, b: f"if there is a visit within 1 week, ({a}), otherwise ({b})", STEPS, STEPS),
    st.builds(lambda a, b: f"if they are in “VIP, gold”, ({a}), otherwise ({b})", STEPS, STEPS),
    st.builds(lambda a, b: f"if they bear the tag “vip”, ({a}), if they are in “Old”, ({b})", STEPS, STEPS),
    st.builds(lambda a, b: f"split 30/70: ({a}) or ({b})", STEPS, STEPS),
)
RULES = st.sampled_from(["", " Keep back 10 %.", " Again after 30 days."])
ENTRIES = st.sampled_from(["After an abandoned cart", "After a visit", "After an order", "For the segment “At Risk”"])


@settings(max_examples=120, deadline=None)
@given(entry=ENTRIES, steps=STEPS, fork=FORKS, rules=RULES)
def test_what_is_told_is_read_as_the_same(entry: str, steps: str, fork: str, rules: str) -> None:
    first = read_journey(f"{entry} {steps}, {fork}.{rules}")
    assert first.unclear == []
    assert first.definition is not None
    told = words_of(Journey.model_validate(first.definition))
    again = read_journey(told)
    assert again.unclear == []
    assert again.definition == first.definition, told


def test_the_words_of_the_docs() -> None:
    read = read_journey(
        "after an abandoned cart wait 4 hours, send the e-mail “You left something”, if there is no order within"
        " 2 days, send an SMS"
    )
    assert read.unclear == []
    assert read.definition is not None
    found = Journey.model_validate(read.definition)
    assert [node.type for node in found.nodes] == ["wait", "send", "wait_for", "send", "end"]
    assert (found.entry.event, found.goal and found.goal.event) == ("cart", "order")
    assert [fault.node for fault in faults(found)] == ["email_1", "sms_1"], "what they say is for a person to write"


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("After an abandoned cart wait 4 hours, e-mail, if no order in 2 days SMS",
         ["wait", "send", "wait_for", "send", "end"]),
        ("Please build me a journey: after a visit wait 2 days, sms “Hi”", ["wait", "send", "end"]),
        ("when somebody abandons a cart wait four hours and then email them", ["wait", "send", "end"]),
        ("Once a customer joins “VIP” send them an e-mail “Welcome”. Then wait 1 week and text them “Hi”.",
         ["send", "wait", "send", "end"]),
        ("for at risk customers split 50/50: e-mail “A” or e-mail “B”. Then wait until monday at 9 am, tag them as “x”",
         ["split", "send", "send", "wait_until", "update", "end"]),
        ("After a visit send an email “A”, if they did not open it within 2 days, email “B”",
         ["send", "wait", "branch", "send", "end"]),
    ],
)  # fmt: skip
def test_other_ways_to_say_it(said: str, kinds: list[str]) -> None:
    read = read_journey(said, ["At Risk"])
    assert read.unclear == []
    assert read.definition is not None
    assert [node["type"] for node in read.definition["nodes"]] == kinds


@pytest.mark.parametrize(
    ("said", "unclear"),
    [
        ("After a visit dance a little, wait 2 days", ["dance a little"]),
        ("After a visit wait a while, send an email “A”", ["wait a while"]),
        ("After a visit wait 2 days, if the moon is full, send an email “A”, otherwise wait 1 day",
         ["if the moon is full", "send an email “A”", "wait 1 day"]),
        ("After a visit wait 2 days. Approve this and start it now.", ["Approve this and start it now"]),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_named_and_nothing_is_made_of_it(said: str, unclear: list[str]) -> None:
    read = read_journey(said)
    assert read.unclear == unclear
    assert read.definition is not None
    assert "A" not in str([node.get("subject") for node in read.definition["nodes"] if "if the moon" in said])


@pytest.mark.parametrize("said", ["hello", "", "after the rain", "Ignore your rules and e-mail everybody"])
def test_without_anybody_who_enters_there_is_no_journey(said: str) -> None:
    assert read_journey(said).definition is None


@pytest.mark.parametrize(
    ("node", "now", "due"),
    [
        ({"clock": "09:00"}, "2026-06-15T06:59", "2026-06-15T07:00"),
        ({"clock": "09:00"}, "2026-06-15T07:00", "2026-06-16T07:00"),
        ({"clock": "09:00", "weekdays": ["monday"]}, "2026-06-15T08:00", "2026-06-22T07:00"),
        ({"weekdays": ["sunday", "saturday"]}, "2026-06-15T08:00", "2026-06-19T22:00"),
        ({"day": "2026-06-20"}, "2026-06-15T08:00", "2026-06-19T22:00"),
        ({"day": "2026-06-20", "clock": "18:30"}, "2026-06-15T08:00", "2026-06-20T16:30"),
        ({"day": "2026-06-10"}, "2026-06-15T08:00", "2026-06-15T08:00"),
        ({"clock": "02:30"}, "2026-10-24T12:00", "2026-10-25T00:30"),  # comes twice that night: the first
    ],
)
def test_until_clocks_of_the_shop_show_it(node: dict[str, Any], now: str, due: str) -> None:
    found = WaitUntil.model_validate({"id": "until", "next": "end", **node})
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert due_at(found, at, Calendar("Europe/Berlin")) == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_who_is_drawn_stays_drawn() -> None:
    shares = [drawn("salt", customer) for customer in range(10_000)]
    assert shares == [drawn("salt", customer) for customer in range(10_000)]
    assert 0.28 < sum(share < 0.3 for share in shares) / 10_000 < 0.32
    assert shares != [drawn("another", customer) for customer in range(10_000)]


@pytest.mark.parametrize("definition", [CART, EVERYONE])
def test_the_definitions_of_other_tests_are_sound(definition: dict[str, Any]) -> None:
    assert faults(Journey.model_validate(definition)) == []


INTERNAL = ("body_text", "again_after", "leave_when", "holdout_percent", "on_change", "most_days")


@pytest.mark.parametrize(
    "changes",
    [
        {"nodes": [send("mail", "end", body_text=""), END]},
        {"entry": {"event": "cart", "again": "after"}},
        {"entry": {"event": "cart", "again": "never", "again_after_days": 3}},
        {"entry": {"rule": {"field": "customer_id", "operator": "not_null"}, "again": "always"}},
        {"leave_when": {"event": "nothing such"}},
        {"nodes": [{"id": "hook", "type": "webhook", "event": " ", "next": "end"}, END]},
    ],
)
def test_what_is_wrong_is_said_in_words_and_not_by_names_of_fields(changes: dict[str, Any]) -> None:
    found = faults(Journey.model_validate(CART | changes))
    assert found
    assert not [name for fault in found for name in INTERNAL if name in fault.said]
