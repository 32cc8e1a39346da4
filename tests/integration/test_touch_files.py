"""Files of touches and of paths: recognised, checked, imported, loaded again, taken back, and credited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from connectors.files.mapping import propose_mapping
from connectors.files.reading import TableFile
from core.errors import FixArguments, NoSuchData, NotFound
from database.engine import Database
from tests.conftest import make_organisation, person
from tests.integration.asking import NOW, ask, rows
from tools.imports.load import import_file
from tools.imports.report import ImportResult
from tools.imports.undo import undo_named

HEADER = "customer,time,channel,campaign,cost,interaction\n"
TOUCHES = HEADER + (
    "C1,2026-03-01 09:00:00,Paid Search,Spring,1.20,click\n"
    "C1,2026-03-02 09:00:00,Email,News,,view\n"
    "C2,2026-03-02 10:00:00,Display,Spring,0.35,impression\n"
    "C2,2026-03-03 10:00:00,Direct,,,click\n"
)
PATHS = "path;conversions;value;null\nads > mail;30;300;70\nmail;20;200;80\nads;5;50;95\ndirect > ads;10;100;40\n"


def bring(database: Database, org_id: UUID, path: Path, words: str | bytes, **how: Any) -> ImportResult:
    path.write_bytes(words if isinstance(words, bytes) else words.encode())
    rejects = path.with_suffix(".rejects.csv")
    return import_file(database, person(org_id), path, now=NOW, rejects=rejects, **how)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (TOUCHES, "touches"),
        ("user_id,date,channel,cost\n1,2026-03-01,tv,2.5\n2,2026-03-02,search,1\n", "touches"),
        ("cookie,timestamp,utm_source,utm_medium\na,2026-03-01,google,cpc\nb,2026-03-02,bing,cpc\n", "touches"),
        ("date,channel,cost\n2026-03-01,tv,2.5\n2026-03-02,search,1\n", "spend"),
        ("customer_id,created_at,channel\n1,2026-03-01,web\n2,2026-03-02,store\n", "customers"),
        ("user_id,event,timestamp,channel\n1,visit,2026-03-01,web\n2,visit,2026-03-02,web\n", "events"),
        ("customer,date,channel,value\n1,2026-03-01,web,9.5\n1,2026-03-02,web,3.5\n", "orders"),
        (PATHS, "paths"),
        ("Path,Conversions\nA -> B,3\nA -> C,5\n", "paths"),
    ],
)  # fmt: skip
def test_what_a_file_is(tmp_path: Path, words: str, kind: str) -> None:
    file = tmp_path / "file.csv"
    file.write_text(words)
    table = TableFile.open(file, None)
    try:
        found = propose_mapping(table.header, table.sample).kind
    except FixArguments as error:
        found = str(error)
    assert found == kind


def test_touches_become_events_that_count_as_touches(database: Database, organisation: UUID, tmp_path: Path) -> None:
    file = tmp_path / "touches.csv"
    result = bring(database, organisation, file, TOUCHES)
    assert (result.kind, result.read, result.accepted, result.tables["events"].inserted) == ("touches", 4, 4, 4)
    found = rows(
        database, organisation,
        "select c.external_id, e.kind, e.channel, e.campaign_id, e.properties ->> 'cost' from events e"
        " join customers c on c.id = e.customer_id order by e.occurred_at",
    )  # fmt: skip
    assert [tuple(row) for row in found] == [
        ("C1", "visit", "Paid Search", "Spring", "1.2"),
        ("C1", "email_open", "Email", "News", None),
        ("C2", "ad_view", "Display", "Spring", "0.35"),
        ("C2", "visit", "Direct", None, None),
    ]
    again = bring(database, organisation, file, TOUCHES, compare=True)
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 4 + again.tables["customers"].unchanged)
    undo_named(database, person(organisation), "last", now=NOW)
    undo_named(database, person(organisation), "touches.csv", now=NOW)
    assert rows(database, organisation, "select 1 from events") == []


def test_bad_rows_are_named(database: Database, organisation: UUID, tmp_path: Path) -> None:
    bad = (
        ",2026-03-03 10:00:00,Direct,,,click\nC3,2026-03-03 10:00:00,,,,click\nC3,yesterday,Video,,,click\n"
        "C3,2026-03-03 10:00:00,Video,,,hover\nC3,2026-03-03 10:00:00,Video,,cheap,click\n"
    )
    result = bring(database, organisation, tmp_path / "touches.csv", TOUCHES + TOUCHES[len(HEADER) :] * 5 + bad)
    assert (result.accepted, result.rejected) == (24, 5)
    told = (tmp_path / "touches.rejects.csv").read_text()
    for why in ("customer is needed", "channel is needed", "not a date", "neither a click nor a view", "not a number"):
        assert why in told
    assert rows(database, organisation, "select count(*) from events")[0][0] == 24, "equal touches are several"


def test_amounts_that_no_touch_has_are_asked_about(database: Database, organisation: UUID, tmp_path: Path) -> None:
    words = "cookie,time,channel,conversion_value\na,2026-03-01 09:00:00,tv,12.50\nb,2026-03-02 09:00:00,ads,3.50\n"
    with pytest.raises(FixArguments, match="conversion_value"):
        bring(database, organisation, tmp_path / "touches.csv", words)
    assert bring(database, organisation, tmp_path / "touches.csv", words, kind="touches").accepted == 2


def test_what_touches_cost_is_set_against_their_credit(database: Database, tmp_path: Path) -> None:
    org_id = make_organisation(database, time_zone="Europe/London")
    start = datetime(2026, 3, 1, 9, tzinfo=UTC)
    lines, orders = [], ["order_id,customer,date,total"]
    for n in range(120):
        at = start + timedelta(hours=n)
        lines.append(f"C{n},{at:%Y-%m-%d %H:%M:%S},Paid Search,Spring,0.50,click")
        lines.append(f"C{n},{at + timedelta(days=1):%Y-%m-%d %H:%M:%S},Affiliate,,2,click")
        if n % 2:
            orders.append(f"O{n},C{n},{at + timedelta(days=2):%Y-%m-%d %H:%M:%S},20.00")
    orders.append(f"O999,C0,{NOW - timedelta(hours=2):%Y-%m-%d %H:%M:%S},1.00")
    bring(database, org_id, tmp_path / "touches.csv", HEADER + "\n".join(lines))
    bring(database, org_id, tmp_path / "orders.csv", "\n".join(orders))
    days = {"start": "2026-03-01", "end": "2026-04-30"}
    found = ask(database, org_id, "attribution_report", method="last", **days)
    told = {row["channel"]: (row["value"], row["spend"], row["roas"]) for row in found["rows"]}
    assert told == {"affiliate": (1200.0, 240.0, 5.0), "paid_search": (0.0, 60.0, 0)}
    spend = "day,channel,spend\n2026-03-02,Paid search,100\n2026-03-03,Paid search,20\n"
    bring(database, org_id, tmp_path / "spend.csv", spend)
    found = ask(database, org_id, "attribution_report", method="first", **days)
    told = {row["channel"]: (row["value"], row["spend"], row["roas"]) for row in found["rows"]}
    assert told == {"paid_search": (1200.0, 120.0, 10.0), "affiliate": (0.0, 240.0, 0)}, "no channel's cost twice"


def test_paths_are_kept_as_a_set_of_their_file(database: Database, organisation: UUID, tmp_path: Path) -> None:
    file = tmp_path / "paths.csv"
    result = bring(database, organisation, file, PATHS + "ads > mail;1;10;2\n")
    assert (result.kind, result.accepted, result.tables["conversion_paths"].inserted) == ("paths", 5, 4)
    assert any("“ > ”" in one.said for one in result.decisions)
    known = "select path, conversions, value, nulls from conversion_paths order by conversions desc limit 1"
    assert tuple(rows(database, organisation, known)[0]) == (["ads", "mail"], 31, 310, 72)
    again = bring(database, organisation, file, PATHS + "ads > mail;1;10;2\n", compare=True)
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 4)
    later = bring(database, organisation, file, "path;conversions\nads > mail;9\n")
    assert any("are gone" in one.said and one.rows == 3 for one in later.decisions)
    assert rows(database, organisation, "select count(*) from conversion_paths")[0][0] == 1
    undo_named(database, person(organisation), str(later.number), now=NOW)
    assert rows(database, organisation, "select count(*), sum(conversions) from conversion_paths")[0] == (4, 66)


def test_signs_inside_names_are_refused_row_by_row(database: Database, organisation: UUID, tmp_path: Path) -> None:
    words = PATHS + "ads>brand > mail;3;30;1\n > mail;1;1;1\nBrand | Search > mail;2;20;5\nads;-1;1;1\n"
    result = bring(database, organisation, tmp_path / "paths.csv", words)
    assert (result.accepted, result.rejected) == (5, 3)
    told = (tmp_path / "paths.rejects.csv").read_text()
    assert "inside a name of this path" in told
    assert "empty touch" in told
    assert "below 0" in told
    assert any("“|”" in one.said and one.doubtful for one in result.decisions)
    assert rows(database, organisation, "select 1 from conversion_paths where path ->> 0 = 'Brand | Search'")


def test_pathdata_as_a_file_gives_the_published_figures(
    database: Database, organisation: UUID, shared_data: Path, tmp_path: Path
) -> None:
    source = shared_data / "attribution_paths" / "PathData.csv"
    result = bring(database, organisation, tmp_path / "PathData.csv", source.read_bytes())
    assert (result.kind, result.read, result.accepted) == ("paths", 10_000, 10_000)
    found = ask(database, organisation, "path_file_report", file="pathdata.csv", of="value")
    by = {row["channel"]: row for row in found["rows"]}
    assert [by[name]["first"] for name in ("alpha", "iota", "eta", "beta")] == [6308, 4606, 3164, 2831]
    assert [by[name]["last"] for name in ("alpha", "eta", "iota", "lambda")] == [8447, 4167, 3355, 1207]
    assert [round(by[name]["linear"], 3) for name in ("alpha", "iota", "eta", "beta")] == [
        7574.719, 3857.096, 3539.951, 2083.500,
    ]  # fmt: skip
    assert (found["conversions"], len(found["rows"])) == (19785, 12)
    for method, worth in (("first", 19121.27), ("last", 28414.21), ("linear", 24524.71)):
        led = ask(database, organisation, "path_file_report", method=method)
        assert next(row["value"] for row in led["rows"] if row["channel"] == "alpha") == worth
    assert [one["method"] for one in found["left_out"]] == ["Time decay"]
    assert found == ask(database, organisation, "path_file_report", file="pathdata.csv", of="value")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("path;conversions;null\na > b;10;20\nb;4;6\n", "40 journeys are known; credit needs at least 100"),
        ("path;conversions;null\na > b;10;200\nb;4;60\n", "14 conversions"),
        ("path;conversions\na > a;90\na;80\n", "one channel, a"),
    ],
)
def test_too_little_is_refused_with_what_is_missing(
    database: Database, organisation: UUID, tmp_path: Path, words: str, said: str
) -> None:
    bring(database, organisation, tmp_path / "paths.csv", words)
    with pytest.raises(NoSuchData, match=said):
        ask(database, organisation, "path_file_report")


def test_only_converting_paths_leave_out_what_is_learnt(database: Database, organisation: UUID, tmp_path: Path) -> None:
    bring(database, organisation, tmp_path / "paths.csv", "path;conversions\na > b;90\nb;80\n")
    found = ask(database, organisation, "path_file_report", method="markov")
    assert (found["method"], found["value"], found["not_converting"]) == ("linear", None, None)
    assert {one["method"] for one in found["left_out"]} == {
        "Time decay", "Markov removal", "Data-driven (Shapley, in order)",
    }  # fmt: skip


def test_which_file_is_meant(database: Database, organisation: UUID, tmp_path: Path) -> None:
    with pytest.raises(NoSuchData, match="No file of paths"):
        ask(database, organisation, "path_file_report")
    bring(database, organisation, tmp_path / "one.csv", PATHS)
    bring(database, organisation, tmp_path / "two.csv", PATHS.replace("30;300", "60;600"))
    latest = ask(database, organisation, "path_file_report")
    assert (latest["file"], latest["conversions"], latest["other_files"]) == ("two.csv", 95, ["one.csv"])
    with pytest.raises(NotFound, match=r"one\.csv"):
        ask(database, organisation, "path_file_report", file="three.csv")
    other = make_organisation(database)
    with pytest.raises(NoSuchData, match="No file of paths"):
        ask(database, other, "path_file_report", file="one.csv")
