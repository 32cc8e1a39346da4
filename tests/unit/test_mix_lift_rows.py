"""A file of lift tests: read whole, or every row that cannot be read named with what is wrong."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import FixArguments
from tools.mix.lift_rows import MOST_ROWS, Around, has_lift_tests, read_lift_rows

HEADER = "channel,from,to,spend_change,lift,error"
GOOD = "video,2025-03-03,2025-03-30,-300,-420,60"


def around(per: str = "week", before: float | None = 400.0) -> Around:
    return Around(["paid_search", "video"], date(2026, 1, 1), lambda _channel, _day: before, per)  # type: ignore[arg-type]


def file(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def test_a_row_becomes_a_test_of_a_week_and_the_spend_before_is_looked_up() -> None:
    (row,) = read_lift_rows(file(GOOD), around()).rows
    assert row == {
        "channel": "video", "started_on": date(2025, 3, 3), "measured_on": date(2025, 3, 30), "spend": 400.0,
        "change": -300.0, "lift": -420.0, "error": 60.0, "note": None,
    }  # fmt: skip


def test_money_of_the_whole_period_is_divided_by_its_weeks() -> None:
    (row,) = read_lift_rows(file(GOOD), around("period")).rows  # four weeks
    assert (row["change"], row["lift"], row["error"], row["spend"]) == (-75.0, -105.0, 15.0, 400.0)


def test_other_titles_marks_and_an_interval_in_place_of_the_error() -> None:
    text = "\ufeffChannel;Start date;End date;Spend before;Change;Lift;Low;High;Region;Note\r\n"
    text += 'video;2025-03-03;2025-03-30;500;-500;-420;-537.6;-302.4;north;"holdout; four weeks"\r\n\r\n'
    read = read_lift_rows(text, around())
    (row,) = read.rows
    assert row["error"] == pytest.approx(60.0)
    assert (row["spend"], row["change"], row["note"]) == (500.0, -500.0, "holdout; four weeks")
    assert read.ignored == ["Region"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEADER, "no row of a lift test"),
        (file(GOOD, header="channel,from,to,spend_change,sales,error"), "lacks lift;"),
        (file(GOOD, header="channel,from,to,spend_change,lift,sd"), "lacks error"),
        (file(GOOD, header="channel,from,to,change,lift,lift"), "lacks error"),
        (file(GOOD + ",1", header=f"{HEADER},se"), "names error more than once"),
        ("\n".join([HEADER, *[GOOD] * (MOST_ROWS + 1)]), "too many"),
        (file('"' + "x" * 140_000), "no CSV file"),
    ],
)
def test_a_wrong_header_is_refused_with_what_it_lacks(content: str, words: str) -> None:
    with pytest.raises(FixArguments, match=words):
        read_lift_rows(content, around())


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            "telepathy,2025-03-03,2025-03-30,-300,-420,60",
            "Row 3: no spend is known of a channel “telepathy”.*paid_search",
        ),
        ("video,2025-04-01,2025-04-30,-300,-420,-60", "Row 3: error is -60"),
        ("video,2025-04-01,2025-04-30,-300,-420,0", "Row 3: error is 0"),
        ("video,2025-04-30,2025-04-01,-300,-420,60", "Row 3: its period ends on 2025-04-01, before it starts"),
        ("video,2025-12-01,2026-04-01,-300,-420,60", "Row 3: .* still to come"),
        ("video,2025-04-01,2025-04-30,lots,-420,60", "Row 3: spend_change is “lots”, which is no number"),
        ("video,2025-04-01,2025-04-30,-300,nan,60", "Row 3: lift is “nan”"),
        ("video,2025-04-01,2025-04-30,-300,1e400,60", "Row 3: lift is “1e400”"),
        ('video,2025-04-01,2025-04-30,-300,"1,200",60', "Row 3: lift is “1,200”, which is no number"),
        ("video,2025-04-01,2025-04-30,-300,,60", "Row 3: lift is empty"),
        ("video,01/04/2025,2025-04-30,-300,-420,60", "Row 3: “01/04/2025” is no date"),
        ("video,2025-04-01,2025-04-30,0,-420,60", "Row 3: .*other than 0"),
        ("video,2025-04-01,2025-04-30,-500,-420,60", r"Row 3: .*at least -400\.00"),
        ("video,2025-04-01,2025-04-30,-300,-420", "Row 3: has 5 cells, the header 6"),
        (GOOD, "Row 3: repeats row 2"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(row: str, words: str) -> None:
    with pytest.raises(FixArguments, match=f"Nothing was kept.*{words}"):
        read_lift_rows(file(GOOD, row), around())


def test_every_bad_row_is_named_at_once() -> None:
    bad = [f"video,2025-0{month}-01,2025-0{month}-20,-300,-420,-1" for month in range(4, 7)]
    with pytest.raises(FixArguments, match=r"Row 3: .*Row 4: .*Row 5: "):
        read_lift_rows(file(GOOD, *bad), around())


def test_without_spend_known_before_the_row_asks_for_it() -> None:
    with pytest.raises(FixArguments, match="Row 2: what was spent a week on video before 2025-03-03 is not known"):
        read_lift_rows(file(GOOD), around(before=None))


@settings(deadline=None)
@given(st.permutations(range(6)), st.integers(1, 5), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(order: list[int], count: int, random_: random.Random) -> None:
    rows = [
        f"{random_.choice(['video', 'paid_search'])},2025-0{n + 1}-01,2025-0{n + 1}-2{n},-{n + 1},{n}.5,{n + 1}"
        for n in range(6)
    ]
    key = str
    straight = sorted(read_lift_rows(file(*rows[:count]), around()).rows, key=key)
    mixed = sorted(read_lift_rows(file(*(rows[n] for n in order if n < count)), around()).rows, key=key)
    assert mixed == straight


@pytest.mark.parametrize(
    ("header", "is_one"),
    [
        (HEADER, True), ("Channel;From;To;Change;Lift;Low;High", True), ("day,channel,spend", False),
        ("order_id,customer_id,ordered_at,revenue", False), ("", False), ("channel,lift", False),
    ],
)  # fmt: skip
def test_a_file_of_lift_tests_is_known_by_its_header(header: str, is_one: bool) -> None:
    assert has_lift_tests(header) is is_one
