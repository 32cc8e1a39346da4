"""Slash commands and words about files: what they mean, and that the tools they name take what they are given."""

from __future__ import annotations

import asyncio
import re
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from pydantic import BaseModel, SecretStr

from agent.graph import offered
from core.clock import utc_now
from core.errors import FixArguments
from core.settings import Settings
from tests.conftest import person
from tests.screen import load_chainlit
from tools.audience.fields import rule_fields
from tools.audience.names import Kind
from tools.audience.size import SegmentSize
from tools.catalogue import catalogue, validated
from tools.churn.outlook import ChurnSummary, RiskGroup
from tools.figures import Column
from tools.outcome import Outcome
from tools.segments.count import CountSegment
from tools.segments.drift import SegmentChange, SegmentDrift
from tools.segments.groups import GroupInfo, GroupingInfo, PlaybookInfo
from tools.segments.list import ListSegments, ListSegmentsArguments, RfmSegment
from tools.segments.saved import SavedSegment
from tools.views import Table, shown

load_chainlit()

from chainlit.chat_context import chat_context  # noqa: E402 - chainlit reads the environment when imported
from chainlit.context import init_http_context  # noqa: E402

from chat.account import answering, loaded_data, rights  # noqa: E402
from chat.browsing import START, list_customers, rule_of, show_customers  # noqa: E402
from chat.corrections import as_correction, reading_of  # noqa: E402
from chat.dashboard import freshness_of  # noqa: E402
from chat.findings import CHURN, SEGMENTS, VALUE, show_churn  # noqa: E402
from chat.leads import churn_lead  # noqa: E402
from chat.mailbox import by_campaign  # noqa: E402
from chat.opening import opened_page  # noqa: E402
from chat.pages import ONE, PAGES, Asked, asked_of, commands  # noqa: E402
from chat.plans import effect_words, plans_table  # noqa: E402
from chat.profile import BESIDE, GROUPS, grouped, show_customer  # noqa: E402
from chat.showing import name_first  # noqa: E402
from chat.tables import badged, buttons_of, risk_table, saved_table  # noqa: E402
from chat.turn import as_shown  # noqa: E402

M = TypeVar("M", bound=BaseModel)


def partly(model: type[M], **fields: Any) -> M:
    """A result with only the fields a test looks at."""
    return model.model_construct(None, **fields)


class Written:
    """A message as the screen hands it over."""

    def __init__(self, content: str, command: str | None = None) -> None:
        self.content, self.command = content, command


@pytest.mark.parametrize(
    ("tool", "arguments"), [*CHURN, *VALUE, *SEGMENTS, *((tool, {"customer": "1"}) for tool in BESIDE)]
)
def test_every_page_calls_tools_that_exist_with_arguments_they_take(tool: str, arguments: dict[str, Any]) -> None:
    assert validated(catalogue().get(tool).arguments, arguments)


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        (Written("", "churn"), Asked("churn", show_churn, "")),
        (Written("/Churn "), Asked("churn", show_churn, "")),
        (Written("/customers Berlin"), Asked("customers", show_customers, "Berlin")),
        (Written("Berlin", "customers"), Asked("customers", show_customers, "Berlin")),
        (Written(" /customer 17850 "), Asked("customer", show_customer, "17850")),
        (Written("/customer"), None),
        (Written("/nowhere"), None),
        (Written("how is churn?"), None),
        (Written("churn", "nowhere"), None),
        (Written("and/or"), None),
    ],
)
def test_which_page_a_message_asks_for(message: Written, asked: Asked | None) -> None:
    assert asked_of(message) == asked  # type: ignore[arg-type]


def test_the_commands_are_the_pages_that_need_no_word() -> None:
    assert [command["id"] for command in commands()] == list(PAGES)
    assert not set(PAGES) & set(ONE)


def test_corrections_of_a_file() -> None:
    assert reading_of("kind=orders, customer = CustomerID,name=") == {
        "kind": "orders",
        "overrides": {"customer": "CustomerID", "name": ""},
    }
    assert reading_of("dates=dmy, status Storniert=void, currency=eur") == {
        "dates": "dmy",
        "overrides": {},
        "statuses": {"Storniert": "void"},
        "currency": "eur",
    }
    with pytest.raises(FixArguments, match="'orders' is not of the form"):
        reading_of("orders")
    with pytest.raises(FixArguments, match="nothing for dates"):
        reading_of("dates=31.12.")


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--map revenue=“Net Sales”", "revenue=“Net Sales”"),
        ("--status “Storniert=sale” (or refund, void, pending)", "status Storniert=sale (or refund, void, pending)"),
        ("--dates mdy", "dates=mdy"),
        ("aima org set --time-zone ZONE", "time zone=ZONE"),
        ("import a table of rates", "import a table of rates"),
    ],
)
def test_an_option_of_the_shell_is_a_correction_in_the_chat(option: str, words: str) -> None:
    assert as_correction(option) == words


def test_questions_that_are_offered_become_buttons_and_leave_the_text() -> None:
    text = "Which of these?\n\n- “Revenue by month”\n- “Revenue by week”"
    assert as_shown(f"{text}\n") == "Which of these?"
    assert offered(text) == ["Revenue by month", "Revenue by week"]
    assert as_shown("Two:\n- “VIP”: 3 customers\n") == "Two:\n- “VIP”: 3 customers"
    said = "I cannot approve that. Ask “which proposals are waiting?” or “show the mailbox”, not “approve all”."
    assert offered(said) == ["Which proposals are waiting?", "Show the mailbox"]
    assert offered("I do not know what “drive a van” is.") == []


def test_sources_stay_out_of_the_text_also_while_it_is_written() -> None:
    whole = "Two lines.\n_Really_ two.\n\n_Source: query_metrics(revenue) · 3 rows_\n_Source: describe_data() · 1 rows_"
    assert as_shown(whole) == "Two lines.\n_Really_ two."
    written = ""
    for end in range(len(whole) + 1):
        now = as_shown(whole[:end])
        assert now.startswith(written), "what is on the screen is never taken back"
        written = now
    assert written == as_shown(whole)


def test_rows_offer_what_the_person_may_do() -> None:
    groups = Table(
        title="", columns=[Column(name="name", title="Name")], rows=[["Lost"]], total_rows=1, tool="at_risk_segments"
    )
    (playbook,) = buttons_of(groups, may_propose=False)
    campaign, same = buttons_of(groups, may_propose=True)
    assert same == playbook
    for button in (campaign, playbook):
        assert asked_of(Written(button.message)) is None  # type: ignore[arg-type]
        assert (button.column, button.message.count("{}")) == ("name", 1)
    found = groups.model_copy(update={"tool": "list_segments", "columns": [Column(name="group", title="Group")]})
    assert [button.title for button in buttons_of(found, may_propose=True)] == ["Playbook"], "not a rule by its name"
    customers = groups.model_copy(
        update={"tool": "churn_table", "columns": [Column(name="customer", title="Customer")]}
    )
    (opened,) = buttons_of(customers, may_propose=False)
    assert asked_of(Written(opened.message.replace("{}", "a b"))) == Asked("customer", show_customer, "a b")  # type: ignore[arg-type]
    assert buttons_of(groups.model_copy(update={"tool": "query_metrics"}), may_propose=True) == []


def test_badges_go_to_their_segment_and_to_no_other_kind() -> None:
    table = Table(
        title="RFM segments", columns=[Column(name="segment", title="Segment"), Column(name="share", title="Share")],
        rows=[["Champions", 0.2], ["Lost", 0.1]], total_rows=2, tool="list_segments",
    )  # fmt: skip
    rfm = badged(table, drift("rfm"))
    assert [column.name for column in rfm.columns] == ["segment", "drift", "share", "reason"]
    assert rfm.rows == [["Champions", "shrinking", 0.2, "40 left"], ["Lost", None, 0.1, None]]
    assert badged(table, drift("country")) == table
    assert badged(table, None) == table


def drift(kind: Kind) -> SegmentDrift:
    """Champions of that kind, 40 of whom left."""
    change = SegmentChange(
        segment="Champions", kind=kind, badge="shrinking", alert=True, reason="40 left", size_before=100, size_now=60,
        entered=0, departed=40, scores=None, rule={},
    )  # fmt: skip
    return partly(SegmentDrift, segments=[change])


def test_risk_levels_are_told_with_their_money() -> None:
    level = RiskGroup(risk="high", customers=5, expected_leavers=4.1, clv_12m=90.0, value_at_risk=70.0)
    table = risk_table(partly(ChurnSummary, horizon_days=60, currency="USD", by_risk=[level]))
    assert table.title == "Risk levels, to leave within 60 days"
    assert table.rows == [["high", 5, 4.1, 90.0, 70.0]]
    assert [column.title for column in table.columns] == [
        "Risk", "Customers", "Expected leavers", "12-month value", "Value at risk",
    ]  # fmt: skip
    assert [column.unit for column in table.columns] == ["", "customers", "customers", "USD", "USD"]


def test_a_page_says_how_its_counts_go_together() -> None:
    levels = [
        RiskGroup(risk=risk, customers=n, expected_leavers=n * p, clv_12m=90.0, value_at_risk=70.0)
        for risk, n, p in (("high", 241, 0.8), ("medium", 160, 0.5), ("low", 383, 0.1))
    ]
    summary = partly(
        ChurnSummary, horizon_days=90, active=784, left=1096, expected_leavers=311.4, value_at_risk=1234.0,
        by_risk=levels, definition="They left.", currency="USD",
    )  # fmt: skip
    said = churn_lead(summary)
    assert said.startswith("**241 customers are at high risk of leaving within 90 days**")
    assert "Of 1,880 customers who have ordered, 784 are still customers and 1,096 have left." in said
    assert "about 311 customers are expected to leave" in said
    assert set(re.findall(r"(\d+) days", said)) == {"90"}, "one horizon"
    nobody = churn_lead(summary.model_copy(update={"by_risk": levels[1:]}))
    assert nobody.startswith("**Nobody is at high risk")


def size(customers: int) -> SegmentSize:
    return SegmentSize(
        customers=customers, share=0.5, revenue_365d=40.0, revenue_all=90.0, average_value=9.0, average_clv_12m=3.0,
        average_churn_90=None, average_health=50.0, with_email=1, with_consent_email=1,
    )  # fmt: skip


def saved(name: str, description: str | None) -> SavedSegment:
    return SavedSegment(id=uuid4(), name=name, description=description, rule={}, size=9, refreshed_at=utc_now())


def test_saved_segments_are_told_with_what_was_counted_of_each() -> None:
    counted = [partly(CountSegment, segment=size(n), currency="EUR") for n in (7, 2)]
    table = saved_table([saved("Quiet", None), saved("Large", "To write to")], counted)
    assert table.rows[0] == ["Quiet", 7, 0.5, 90.0, 3.0, None, None]
    assert (table.rows[1][:2], table.rows[1][-1]) == (["Large", 2], "To write to")
    assert [column.unit for column in table.columns] == ["", "customers", "share", "EUR", "EUR", "share", ""]


def test_the_value_of_segments_has_one_title_on_the_page_and_in_an_answer() -> None:
    page = saved_table([saved("Quiet", None)], [partly(CountSegment, segment=size(7), currency="EUR")])
    same: dict[str, Any] = {"description": "", "strategy": "", "badge": None, "reason": None, "size": size(5)}
    same["playbook"] = PlaybookInfo(offers=[], message="", channels=[], send_window="", edited_by=None)
    clusters = partly(
        GroupingInfo, kind="cluster", groups=[GroupInfo(name="Group 1", value_level=None, traits=[], **same)]
    )
    result = partly(
        ListSegments,
        saved=[],
        rfm=[RfmSegment(name="Champions", **same)],
        groupings=[clusters],
        customers=9,
        currency="EUR",
    )
    views = shown(catalogue().get("list_segments"), Outcome(ListSegmentsArguments(), result))
    answers = [view for view in views if isinstance(view, Table)]
    titles = [[c.title for c in table.columns if c.name == "average_clv_12m"] for table in (page, *answers)]
    assert titles == [["Average 12-month value"]] * 3


def test_a_search_is_a_rule_and_nothing_is_everybody() -> None:
    assert rule_of(START) is None
    rule = rule_of({**START, "words": " ann ", "segment": "Lost", "risk": "high"})
    assert rule is not None
    words, segment, risk = rule["all"]
    assert {condition["value"] for condition in words["any"]} == {"ann"}
    assert {"name", "email", "customer_id"} <= {condition["field"] for condition in words["any"]}
    assert segment == {"field": "rfm_segment", "operator": "eq", "value": "Lost"}
    assert risk == {"field": "churn_risk", "operator": "eq", "value": "high"}
    assert validated(catalogue().get("find_customers").arguments, {"rule": rule})
    assert callable(list_customers)


def test_every_feature_of_a_profile_has_a_heading_and_a_group() -> None:
    fields = [field for field in rule_fields().values() if field.score == "features"]
    dictionary = [{"name": field.name, "group": field.group} for field in fields]
    features = grouped([{"name": field.name, "title": field.title, "value": 1} for field in fields], dictionary)
    assert {feature["group"] for feature in features} == set(GROUPS.values())
    assert all(feature["title"] and "_" not in feature["title"] for feature in features)


def test_plans_tell_their_decision_and_what_they_changed() -> None:
    plan = {
        "id": "1", "title": "Win back", "status": "approved", "audience": {"to_send": 7}, "created_by": "a@example.com",
        "created_at": "2026-06-01T10:00:00Z", "campaign_id": "c",
        "decision": {"at": "2026-06-02T10:00:00Z", "by": "b@example.com"},
    }  # fmt: skip
    waiting = plan | {"status": "pending", "decision": None, "campaign_id": None}
    table = plans_table({"total": 2, "proposals": [plan, waiting]}, {"c": "lift shown"})
    assert table.rows[0] == [
        "Win back", "approved", 7, "1 June 2026", "a@example.com", "2 June 2026 by b@example.com", "lift shown", "1",
    ]  # fmt: skip
    assert table.rows[1][5:7] == [None, None]


def test_an_effect_is_told_in_words_that_need_no_statistics() -> None:
    assert effect_words({"verdict": "lift shown", "extra_buyers": 11.6}) == "Worked: about 12 more customers bought"
    assert effect_words({"verdict": "lift shown", "extra_buyers": None}) == "Worked: more of them bought"
    for verdict in ("loss shown", "no lift shown", "not enough data"):
        assert verdict not in effect_words({"verdict": verdict, "extra_buyers": None})


def test_the_mailbox_shows_campaigns_not_copies() -> None:
    def mail(number: int, campaign: str | None, subject: str) -> dict[str, Any]:
        return {
            "message_id": str(number), "campaign_id": campaign, "channel": "email", "subject": subject,
            "recipient": f"{number}@example.com", "body_text": f"Hello {number}", "body_html": None,
            "delivered_at": "2026-06-01T10:00:00",
        }  # fmt: skip

    many = [mail(n, "a", f"Ann, see {n}") for n in range(30)]
    first, second, third = by_campaign([*many, mail(90, None, "Test"), mail(91, "b", "Other")])
    assert (first["subject"], len(first["messages"])) == ("Ann, see 0", 30)
    assert sum(one["body_text"] is not None for one in first["messages"]) == 5, "enough to see what they look like"
    assert [one["recipient"] for one in first["messages"]][-1] == "29@example.com"
    assert (second["subject"], third["subject"]) == ("Test", "Other")
    assert [group["total"] for group in (first, second, third)] == [30, 1, 1]


def test_names_stand_before_codes_where_there_are_names() -> None:
    table = Table(
        title="", columns=[Column(name="customer"), Column(name="orders"), Column(name="name")],
        rows=[["C1", 3, "Ann"], ["C2", 2, None]], total_rows=2,
    )  # fmt: skip
    first = name_first(table)
    assert [column.name for column in first.columns] == ["name", "customer", "orders"]
    assert first.rows == [["Ann", "C1", 3], [None, "C2", 2]]
    nameless = table.model_copy(update={"rows": [["C1", 3, None]]})
    assert name_first(nameless) == nameless
    segments = table.model_copy(update={"columns": [Column(name="segment"), *table.columns[1:]]})
    assert name_first(segments) == segments


def test_freshness_says_when_scores_are_older_than_the_data() -> None:
    orders = {"table": "orders", "last_at": "2026-06-15T02:27:41+02:00"}
    data = {"scores": ["features"], "tables": [orders], "evidence": {"data_until": "2026-06-15"}}
    assert "anew" not in freshness_of(data, {"evidence": {"data_until": "2026-06-15"}})
    older = freshness_of(data, {"evidence": {"data_until": "2026-06-14"}})
    assert "anew" in older
    assert older.startswith("The last order is of 15 June 2026, 02:27."), "the data's own time, not the clock's"
    assert "computed up to 14 June 2026" in older
    no_orders = freshness_of(data | {"tables": []}, {"evidence": {"data_until": "2026-06-15"}})
    assert "The data reach 15 June 2026" in no_orders
    assert "No scores" in freshness_of(data | {"scores": []}, {"evidence": {"data_until": None}})


def test_settings_tell_rights_and_surroundings_but_no_secret() -> None:
    assert rights(person(uuid4(), "viewer")) == "ask and read"
    assert rights(person(uuid4(), "manager")).endswith("propose campaigns and approve and reject them")
    told = answering(Settings(openai_api_key=SecretStr("sk-geheim")))
    assert "geheim" not in told
    assert not re.search(r"[A-Z]{3,}_[A-Z]|`", told), "no variable of the environment, no command"
    rows = [{"table": "order_items", "rows": 5, "first_at": None, "last_at": "2026-11-28T10:00:00"}]
    rows.append({"table": "mentions", "rows": 0, "first_at": None, "last_at": None})
    assert loaded_data({"tables": rows}) == [
        {"title": "Lines of orders", "rows": 5, "first": "", "last": "28 November 2026"}
    ]


@pytest.mark.parametrize("end", [FixArguments("There is none."), asyncio.CancelledError()])
async def test_a_page_that_fails_or_is_stopped_does_not_look_as_if_it_were_still_at_work(end: BaseException) -> None:
    init_http_context(thread_id=str(uuid4()))

    async def page() -> None:
        async with opened_page("Customers", "Looking up customers") as opened:
            assert chat_context.get() == [opened.message]
            raise end

    with pytest.raises(type(end)):
        await page()
    assert chat_context.get() == []
