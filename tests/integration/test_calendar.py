"""One day for everybody: in New York and in Sydney every tool, reader and door means the organisation's own days.

Orders lie within an hour of local midnight at a month's end, where the day in UTC is another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from fastmcp import Client
from sqlalchemy import text

from agent.briefing import Briefings, as_of
from agent.conversation import Conversation
from agent.offline.model import OfflineChatModel
from core.calendar import Calendar
from core.identity import acting_as
from database.engine import Database
from language.scene import scene_of_data
from mcp_server.server import build_server
from mcp_server.toolbox import InProcessToolbox
from tests.conftest import make_organisation, person
from tests.integration.asking import NOW, ask, named, no_queue
from tests.integration.http_servers import serving
from tests.screen import load_chainlit
from tests.unit.fake_toolbox import offline_graph
from tools.catalogue import catalogue
from tools.context import Context
from tools.people.accounts import add_key, add_user, person_of
from tools.runtime import Runtime
from tools.scoring.organisation import score_organisation
from web.app import create_app

LOAD = """
    with o as (insert into orders (order_id, ordered_at, customer_id, revenue)
               select :name, :at, id, cast(:revenue as numeric) from customers where external_id = :who)
    insert into data_coverage (table_name, rows, first_at, last_at, updated_at) values ('orders', 1, :at, :at, :at)
    on conflict (org_id, table_name) do update set rows = data_coverage.rows + 1, last_at = excluded.last_at,
        updated_at = excluded.updated_at
"""


@dataclass(frozen=True)
class Shop:
    """Orders as (customer, local time, revenue), oldest first, and what the calendar makes of them."""

    zone: str
    orders: tuple[tuple[str, str, int], ...]
    last_day: date
    months: dict[str, int]
    this_month: int
    today: int
    yesterday: int


BEFORE = (
    ("ann", "2024-01-31 23:45", 10),
    ("bob", "2024-02-01 00:10", 20),
    ("ann", "2024-02-28 22:00", 40),
    ("bob", "2024-02-29 00:05", 80),
    ("ann", "2024-02-29 23:30", 160),
)
SHOPS = (
    # 23:30 on 29 February is 1 March in UTC.
    Shop(
        "America/New_York", BEFORE, date(2024, 2, 29), {"2024-01-01": 10, "2024-02-01": 300},
        this_month=300, today=240, yesterday=40,
    ),
    # 00:15 on 1 March is 29 February in UTC.
    Shop(
        "Australia/Sydney", (*BEFORE, ("bob", "2024-03-01 00:15", 320)), date(2024, 3, 1),
        {"2024-01-01": 10, "2024-02-01": 300, "2024-03-01": 320}, this_month=320, today=320, yesterday=240,
    ),
)  # fmt: skip


def local(zone: str, clock: str) -> datetime:
    return datetime.fromisoformat(clock).replace(tzinfo=ZoneInfo(zone))


def order(database: Database, org_id: UUID, who: str, at: datetime, revenue: int) -> None:
    """One more order, the latest."""
    with database.transaction(org_id) as connection:
        connection.execute(text(LOAD), {"name": str(uuid4()), "at": at, "who": who, "revenue": revenue})


@dataclass(frozen=True)
class Opened:
    """A shop in the database."""

    shop: Shop
    org_id: UUID


def opened_in(database: Database, shop: Shop) -> Opened:
    """The shop as an organisation of its own."""
    org_id = make_organisation(database, time_zone=shop.zone, currency="USD")
    with database.transaction(org_id) as connection:
        connection.execute(text("select ensure_month_partitions('orders', '2024-01-01', '2024-03-31')"))
        connection.execute(text("insert into customers (external_id) values ('ann'), ('bob')"))
    for who, clock, revenue in shop.orders:
        order(database, org_id, who, local(shop.zone, clock), revenue)
    return Opened(shop, org_id)


def score(database: Database, org_id: UUID) -> None:
    score_organisation(database, person(org_id), NOW, lambda _share, _what: None)


@pytest.fixture(scope="module", params=SHOPS, ids=[shop.zone for shop in SHOPS])
def opened(request: pytest.FixtureRequest, database: Database) -> Opened:
    """A shop with its scores computed, and advertising spend on its last day."""
    made = opened_in(database, request.param)
    spent = (
        "with s as (insert into channel_spend (channel, day, spend) values ('search', :day, 7))"
        " insert into data_coverage (table_name, rows, first_at, last_at)"
        " values ('channel_spend', 1, cast(:day as timestamp), cast(:day as timestamp))"
    )
    with database.transaction(made.org_id) as connection:
        connection.execute(text(spent), {"day": made.shop.last_day})
    score(database, made.org_id)
    return made


@pytest.fixture(params=SHOPS, ids=[shop.zone for shop in SHOPS])
def living(request: pytest.FixtureRequest, database: Database) -> Opened:
    """A shop for one test, to be changed."""
    return opened_in(database, request.param)


def test_the_orders_are_on_other_days_in_utc() -> None:
    """What the shops are made for: were days those of UTC, each would end on another one."""
    for shop in SHOPS:
        assert local(shop.zone, shop.orders[-1][1]).astimezone(UTC).date() != shop.last_day


def test_months_and_periods_of_figures(database: Database, opened: Opened) -> None:
    result = ask(database, opened.org_id, "query_metrics", metrics=["revenue"], grain="month")
    assert {row["time"]: row["revenue"] for row in named(result)} == opened.shop.months
    assert (result["start"], result["end"]) == ("2024-01-31", opened.shop.last_day.isoformat())
    assert result["evidence"]["data_until"] == opened.shop.last_day.isoformat()
    days = ask(database, opened.org_id, "query_metrics", metrics=["revenue"], grain="day", limit=1000)
    assert named(days)[-1] == {"time": opened.shop.last_day.isoformat(), "revenue": opened.shop.today}


def test_days_of_advertising_spend_are_days_everywhere(database: Database, opened: Opened) -> None:
    last = opened.shop.last_day.isoformat()
    spend = ask(database, opened.org_id, "query_metrics", metrics=["spend"])
    assert (spend["start"], spend["end"], spend["totals"]["spend"]) == (last, last, 7.0)
    tables = {table["table"]: table for table in ask(database, opened.org_id, "describe_data")["tables"]}
    assert tables["channel_spend"]["first_at"].startswith(f"{last}T00:00:00")
    assert tables["channel_spend"]["last_at"].startswith(f"{last}T00:00:00")


def test_headlines_end_with_the_last_day(database: Database, opened: Opened) -> None:
    result = ask(database, opened.org_id, "headlines", days=1)
    assert (result["start"], result["end"]) == (opened.shop.last_day.isoformat(),) * 2
    revenue = next(line for line in result["headlines"] if line["metric"] == "revenue")
    assert (revenue["title"], revenue["now"], revenue["before"]) == (
        "Revenue", opened.shop.today, opened.shop.yesterday,
    )  # fmt: skip
    assert result["evidence"]["data_until"] == opened.shop.last_day.isoformat()


def test_the_data_are_described_in_local_time(database: Database, opened: Opened) -> None:
    result = ask(database, opened.org_id, "describe_data")
    assert result["evidence"]["data_until"] == opened.shop.last_day.isoformat()
    orders = next(table for table in result["tables"] if table["table"] == "orders")
    last = opened.shop.orders[-1][1]
    assert (orders["first_at"][:16], orders["last_at"][:16]) == ("2024-01-31T23:45", last.replace(" ", "T"))
    known = catalogue()
    said = known.get("describe_data").worded(known.outcome("describe_data", {}, result))
    assert f"**The data end on {opened.shop.last_day:%-d %B %Y}**" in said
    assert f"orders: {len(opened.shop.orders)} rows, 31 January 2024 to {opened.shop.last_day:%-d %B %Y}" in said


def test_cohorts_are_of_local_months(database: Database, opened: Opened) -> None:
    result = ask(database, opened.org_id, "cohort_retention")
    assert [cohort["cohort"] for cohort in result["cohorts"]] == ["2024-01", "2024-02"]
    assert result["cohorts"][0]["months_after"] == list(range(len(opened.shop.months)))
    assert result["evidence"]["data_until"] == opened.shop.last_day.isoformat()
    assert f"the data end on {opened.shop.last_day}" in " ".join(result["evidence"]["definitions"])


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("find_customers", {}),
        ("count_segment", {"rule": {"field": "orders_all", "operator": "ge", "value": 1}}),
        ("list_segments", {}),
        ("customer_profile", {"customer": "ann"}),
        ("customer_history", {"customer": "ann"}),
    ],
)
def test_what_is_known_of_customers_reaches_to_the_last_day(
    database: Database, opened: Opened, tool: str, arguments: dict[str, Any]
) -> None:
    result = ask(database, opened.org_id, tool, **arguments)
    assert result["evidence"]["data_until"] == opened.shop.last_day.isoformat()
    assert not any("Scores are of" in said for said in result["evidence"]["definitions"])


def test_a_customer_s_months_and_entries_are_local(database: Database, opened: Opened) -> None:
    result = ask(database, opened.org_id, "customer_history", customer="ann")
    assert [month["month"] for month in result["months"]] == [name[:7] for name in opened.shop.months]
    assert result["entries"][0]["at"][:16] == "2024-02-29T23:30"
    assert {month["month"]: month["revenue"] for month in result["months"][:2]} == {"2024-01": 10, "2024-02": 200}


READINGS = [
    ("what is our revenue this month", "this_month"),
    ("what was our revenue today", "today"),
    ("what was our revenue yesterday", "yesterday"),
]


@pytest.mark.parametrize(("question", "expected"), READINGS)
def test_periods_in_words_mean_the_same_days(database: Database, opened: Opened, question: str, expected: str) -> None:
    reader = OfflineChatModel.of(catalogue()).reader
    scene = scene_of_data(ask(database, opened.org_id, "describe_data"))
    assert scene.today == opened.shop.last_day
    (call,) = reader.read_clause(question, scene).calls
    assert call.tool == "query_metrics"
    result = ask(database, opened.org_id, call.tool, **call.arguments)
    assert result["totals"]["revenue"] == getattr(opened.shop, expected)


@pytest.fixture
def runtime(database: Database) -> Runtime:
    return Runtime(catalogue(), database, no_queue)


@pytest.fixture
def toolbox(runtime: Runtime) -> InProcessToolbox:
    return InProcessToolbox(build_server(runtime))


async def test_the_agent_is_briefed_with_the_last_day(opened: Opened, toolbox: InProcessToolbox) -> None:
    with acting_as(person(opened.org_id)):
        assert as_of(await Briefings(toolbox).tell()) == opened.shop.last_day.isoformat()


@pytest.mark.parametrize(("question", "expected"), READINGS)
async def test_a_conversation_answers_for_the_local_day(
    opened: Opened, toolbox: InProcessToolbox, question: str, expected: str
) -> None:
    answer = await Conversation(offline_graph(toolbox)).answer(question, person(opened.org_id), str(uuid4()))
    assert f"**${getattr(opened.shop, expected):,.2f}**" in answer.text
    assert f"data up to {opened.shop.last_day}_" in answer.text
    assert answer.withheld == []


async def test_mcp_and_http_tell_the_same_days(opened: Opened, database: Database, runtime: Runtime) -> None:
    email = f"{uuid4()}@example.com"
    add_user(database, opened.org_id, email=email, password="a long password", role="admin")
    key = add_key(database, person_of(database, email, door="cli"), name="read", scopes=["read"])
    asked = {"metrics": ["revenue"], "grain": "month"}
    async with Client(build_server(runtime, identity=lambda: person(opened.org_id))) as client:
        by_mcp = (await client.call_tool("query_metrics", asked)).structured_content
    app = create_app(runtime, key=b"a key for signatures in this test", checks={})
    async with serving(app) as base, httpx.AsyncClient(base_url=base) as http:
        headers = {"Authorization": f"Bearer {key}"}
        answer = await http.post("/api/v1/tools/query_metrics", json=asked, headers=headers)
        described = await http.post("/api/v1/tools/describe_data", json={}, headers=headers)
    direct = ask(database, opened.org_id, "query_metrics", **asked)
    last = opened.shop.last_day.isoformat()
    for result in (by_mcp, answer.json(), direct):
        assert result is not None
        assert result["rows"] == [[month, revenue] for month, revenue in opened.shop.months.items()]
        assert (result["end"], result["evidence"]["data_until"]) == (last, last)
        assert result["evidence"]["as_of"] == direct["evidence"]["as_of"]
    assert described.json()["evidence"]["data_until"] == last


def test_scores_older_than_the_data_are_said_with_local_days(database: Database, living: Opened) -> None:
    shop, org_id = living.shop, living.org_id
    score(database, org_id)
    later = shop.last_day + timedelta(days=2)
    order(database, org_id, "bob", local(shop.zone, f"{later} 23:50"), 5)
    found = ask(database, org_id, "find_customers")
    assert f"Scores are of {shop.last_day}; the data reach {later}." in found["evidence"]["definitions"]
    assert found["evidence"]["data_until"] == shop.last_day.isoformat()
    load_chainlit()
    from chat.dashboard import freshness_of

    said = freshness_of(ask(database, org_id, "describe_data"), found)
    known = f"The last order is of {later:%-d %B %Y}, 23:50."
    assert said.startswith(f"{known} Segments, churn and value are computed up to {shop.last_day:%-d %B %Y}. They")


def test_data_that_run_to_this_minute_end_today(database: Database, living: Opened) -> None:
    calendar = Calendar(living.shop.zone)
    now = local(living.shop.zone, living.shop.orders[-1][1]) + timedelta(minutes=10)
    context = Context(identity=person(living.org_id), database=database, now=now.astimezone(UTC), enqueue=no_queue)
    for tool in ("describe_data", "headlines"):
        evidence = catalogue().call(tool, {}, context).evidence
        assert evidence.as_of == now
        assert evidence.data_until == calendar.day(now) == living.shop.last_day


def test_a_run_of_scores_says_the_last_day(database: Database, living: Opened) -> None:
    said: list[str] = []
    score_organisation(database, person(living.org_id), NOW, lambda _share, words: said.append(words))
    assert said[-1] == f"scored 2 customers as of {living.shop.last_day}"
