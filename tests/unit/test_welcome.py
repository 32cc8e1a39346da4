"""The first page: what needs a person, in the order of its weight; the first steps; questions the data can answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.identity import ROLE_SCOPES, Identity
from tests.screen import load_chainlit

load_chainlit()

from chat.starters import starters  # noqa: E402 - chainlit reads the environment when imported
from chat.welcome import MOST_CARDS, cards_of, steps_of  # noqa: E402

OWNER = Identity(UUID(int=1), "anna@example.com", ROLE_SCOPES["admin"], "chat", None, person=True)
VIEWER = Identity(UUID(int=1), "bea@example.com", ROLE_SCOPES["viewer"], "chat", None, person=True)
RISK = {
    "rows": [{"name": "Loyal", "value_at_risk": 1234.0, "customers": 20, "average_probability": 0.25}],
    "currency": "EUR",
}  # fmt: skip
WAITING = {"proposals": [{"title": "Spring", "audience": {"to_send": 7}}]}


def alert(title: str, severity: str = "high") -> dict[str, Any]:
    return {"id": title, "title": title, "severity": severity, "look": "/segments", "act": "Write to them"}


def data(tables: tuple[str, ...] = (), scores: tuple[str, ...] = (), metrics: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "tables": [{"table": name} for name in tables],
        "scores": list(scores),
        "metrics": [{"name": name, "available": True} for name in metrics],
        "dimensions": [{"name": "country", "values": ["Spain", "Malta"]}, {"name": "product", "values": []}],
    }


def test_cards_lead_with_what_presses_most_and_a_decision_is_never_pushed_out() -> None:
    told = {"alerts": [alert("Old: a", "low"), alert("Bad: b", "high"), alert("Worse: c", "critical")]}
    cards = cards_of(told, WAITING, RISK, OWNER)
    assert [card.title for card in cards[:MOST_CARDS]] == ["Worse", "1 campaign waits for your decision", "Bad"]
    assert cards[-1].title == "€1,234 may be lost with your Loyal customers"
    assert cards[0].text == "C"
    assert cards[0].buttons == (("Look", "/segments"), ("Write to them", "Write to them"))
    assert [card.title for card in cards_of({}, WAITING, {}, OWNER)] == ["1 campaign waits for your decision"]
    assert cards_of({}, {}, {}, OWNER) == []


def test_the_headline_of_an_alert_ends_at_its_first_colon_or_full_stop_but_not_inside_a_name() -> None:
    told = "Fewer orders in “EU: VIP”: 255 customers ordered 40% less often than two months ago"
    lost = "Etsy is not synced any more. the key was revoked"
    cards = cards_of({"alerts": [alert(told), alert(lost), alert("All of it")]}, {}, {}, OWNER)
    assert [(card.title, card.text) for card in cards] == [
        ("Fewer orders in “EU: VIP”", "255 customers ordered 40% less often than two months ago"),
        ("Etsy is not synced any more", "The key was revoked"),
        ("All of it", ""),
    ]


def test_who_may_not_propose_is_not_offered_a_draft() -> None:
    cards = cards_of({"alerts": [alert("Bad: b")]}, {}, RISK, VIEWER)
    assert {label for card in cards for label, _ in card.buttons} == {"Look"}


def test_first_steps_are_ticked_off_and_then_gone() -> None:
    nothing = steps_of(data(), {}, asked=False)
    assert [step["done"] for step in nothing] == [False] * 4
    assert nothing[0]["file"]
    loaded = steps_of(data(("orders",)), {}, asked=True)
    assert [step["done"] for step in loaded] == [True, True, True, False]
    assert [step["done"] for step in steps_of(data(("orders",)), {}, asked=False)] == [True, True, False, False]
    assert steps_of(data(("orders",)), {"saved": [{"name": "VIP"}]}, asked=True) == []


def test_starters_are_those_the_data_can_answer() -> None:
    assert starters(data(), {}, OWNER) == []
    orders = [one.label for one in starters(data(("orders",), metrics=("revenue",)), {}, OWNER)]
    assert orders == ["Revenue by month", "How was last week?", "Best sellers", "Best countries"]
    segments = {"rfm": [{"name": "At Risk", "size": {"customers": 1200}}]}
    whole = data(("orders",), ("churn", "value", "rfm"), ("revenue", "spend", "emails_sent"))
    labels = [one.label for one in starters(whole, segments, OWNER)]
    assert len(labels) == 8
    assert "Win back At Risk (1,200)" not in [one.label for one in starters(whole, segments, VIEWER)]
