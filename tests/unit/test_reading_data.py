"""Questions about the data themselves: what is told is what was asked, not everything there is."""

from __future__ import annotations

from typing import Any

import pytest

from language.slots import read_slots
from tests.unit.offline_scene import scene
from tools.data.questions import data

ASKED: list[tuple[str, dict[str, Any]]] = [
    ("what data do you hold", {}),
    ("how many lines lack a customer", {"about": ["without_customer"]}),
    ("rows with no customer number, how many?", {"about": ["without_customer"]}),
    ("how many countries are there in the data", {"dimensions": ["country"]}),
    ("which channels occur", {"dimensions": ["channel"]}),
    ("since when have we got invoices", {"about": ["first_day"], "tables": ["orders"]}),
    ("date of the latest order", {"about": ["last_day"], "tables": ["orders"]}),
    ("which period do the mentions cover", {"about": ["first_day", "last_day"], "tables": ["mentions"]}),
    ("any advertising costs loaded?", {"tables": ["channel_spend"]}),
    ("which platforms is there ad spend of", {"dimensions": ["spend_channel"]}),
    ("what sites are the reviews from", {"dimensions": ["mention_source"]}),
    ("number of events and products loaded", {"about": ["rows"], "tables": ["products", "events"]}),
    ("were rows rejected in the import", {"about": ["imported"], "tables": ["order_items"]}),
    ("in which currency is this", {"about": ["currency"]}),
    ("is it demo data", {"about": ["demo"]}),
    ("what is missing", {"about": ["missing"]}),
]


@pytest.mark.parametrize(("question", "arguments"), ASKED)
def test_what_is_asked_of_the_data_is_what_is_told(question: str, arguments: dict[str, Any]) -> None:
    said = data(read_slots(question, scene()), scene())
    assert not isinstance(said, str), said
    assert said[0].arguments == arguments


@pytest.mark.parametrize("question", ["how many rows are from Germany", "how many events in March 2011"])
def test_a_part_of_the_data_is_not_answered_with_the_whole(question: str) -> None:
    assert isinstance(data(read_slots(question, scene()), scene()), str)
