"""Slash commands and words about files: what they mean, and that the tools they name take what they are given."""

from __future__ import annotations

import pytest

from agent.events import Column, Table
from core.errors import FixArguments
from tests.screen import load_chainlit
from tools.catalogue import validated
from tools.registry import catalogue

load_chainlit()

from chat.files import reading_of  # noqa: E402 - chainlit reads the environment when imported
from chat.pages import PAGES, commands, customer_of, page_of  # noqa: E402
from chat.profile import BESIDE  # noqa: E402
from chat.tables import badged, button_of, risk_table, saved_table  # noqa: E402
from chat.turn import without_sources  # noqa: E402


class Written:
    """A message as the screen hands it over."""

    def __init__(self, content: str, command: str | None = None) -> None:
        self.content, self.command = content, command


@pytest.mark.parametrize("name", list(PAGES))
def test_every_page_calls_tools_that_exist_with_arguments_they_take(name: str) -> None:
    for tool, arguments in PAGES[name].calls:
        assert validated(catalogue().get(tool).arguments, arguments)
    assert name in [command["id"] for command in commands()]


@pytest.mark.parametrize(
    ("message", "page"),
    [
        (Written("", "churn"), "churn"),
        (Written("/Churn "), "churn"),
        (Written("/nowhere"), None),
        (Written("how is churn?"), None),
        (Written("churn", "nowhere"), None),
    ],
)
def test_which_page_a_message_asks_for(message: Written, page: str | None) -> None:
    assert page_of(message) == page  # type: ignore[arg-type]


def test_corrections_of_a_file() -> None:
    assert reading_of("kind=orders, customer = CustomerID,name=") == {
        "kind": "orders",
        "overrides": {"customer": "CustomerID", "name": ""},
    }
    with pytest.raises(FixArguments, match="'orders' is not of the form"):
        reading_of("orders")


def test_which_customer_a_message_asks_for() -> None:
    assert customer_of(Written(" /customer 17850 ")) == "17850"  # type: ignore[arg-type]
    assert customer_of(Written("/customers")) is None  # type: ignore[arg-type]
    assert customer_of(Written("/customer")) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("tool", [*BESIDE, *(tool for page in PAGES.values() for tool in page.also)])
def test_tools_that_are_asked_where_they_exist_take_what_they_are_given(tool: str) -> None:
    if tool not in catalogue().tools:
        pytest.skip(f"the catalogue has no {tool}")
    given = {"customer": "17850"} if tool in BESIDE else {}
    assert validated(catalogue().get(tool).arguments, given)


def test_sources_stay_out_of_the_text_also_while_it_is_written() -> None:
    whole = "Two lines.\n_Really_ two.\n\n_Source: query_metrics(revenue) · 3 rows_\n_Source: describe_data() · 1 rows_"
    assert without_sources(whole) == "Two lines.\n_Really_ two."
    written = ""
    for end in range(len(whole) + 1):
        now = without_sources(whole[:end])
        assert now.startswith(written), "what is on the screen is never taken back"
        written = now
    assert written == without_sources(whole)


def test_rows_offer_what_the_person_may_do() -> None:
    groups = Table(
        title="", columns=[Column(name="name", title="Name")], rows=[["Lost"]], total_rows=1, tool="at_risk_segments"
    )
    assert button_of(groups, may_propose=False) is None
    campaign = button_of(groups, may_propose=True)
    assert campaign is not None
    assert page_of(Written(campaign.message)) is None  # type: ignore[arg-type]
    assert (campaign.column, campaign.message.count("{}")) == ("name", 1)
    customers = groups.model_copy(
        update={"tool": "churn_table", "columns": [Column(name="customer", title="Customer")]}
    )
    opened = button_of(customers, may_propose=False)
    assert opened is not None
    assert customer_of(Written(opened.message.replace("{}", "a b"))) == "a b"  # type: ignore[arg-type]


def test_badges_go_to_their_segment_and_to_no_other_kind() -> None:
    table = Table(
        title="RFM segments", columns=[Column(name="segment", title="Segment"), Column(name="share", title="Share")],
        rows=[["Champions", 0.2], ["Lost", 0.1]], total_rows=2, tool="list_segments",
    )  # fmt: skip
    change = {"badge": "shrinking", "reason": "40 left", "segment": "Champions"}
    rfm = badged(table, {"segments": [{**change, "kind": "rfm"}]})
    assert [column.name for column in rfm.columns] == ["segment", "drift", "share", "reason"]
    assert rfm.rows == [["Champions", "shrinking", 0.2, "40 left"], ["Lost", None, 0.1, None]]
    assert badged(table, {"segments": [{**change, "kind": "country"}]}) == table
    assert badged(table, None) == table


def test_risk_levels_are_told_with_their_money() -> None:
    level = {"risk": "high", "customers": 5, "expected_leavers": 4.1, "clv_12m": 90.0, "value_at_risk": 70.0}
    table = risk_table({"horizon_days": 60, "currency": "USD", "by_risk": [level]})
    assert table.rows == [["high", 5, 4.1, 90.0, 70.0]]
    assert [column.unit for column in table.columns] == ["", "customers", "customers", "USD", "USD"]


def test_saved_segments_are_told_with_what_was_counted_of_each() -> None:
    size = {"customers": 7, "share": 0.5, "revenue_all": 90.0, "average_clv_12m": 3.0, "average_churn_60": None}
    counted = [{"segment": size, "currency": "EUR"}, {"segment": size | {"customers": 2}, "currency": "EUR"}]
    saved = [
        {"name": "Quiet", "description": None, "size": 9},
        {"name": "Large", "description": "To write to", "size": 2},
    ]
    table = saved_table(saved, counted)
    assert table.rows[0] == ["Quiet", 7, 0.5, 90.0, 3.0, None, None]
    assert (table.rows[1][:2], table.rows[1][-1]) == (["Large", 2], "To write to")
