"""One value of a table, a chart or a file, as people read it."""

from __future__ import annotations

from typing import Any

import pytest

from core.conventions import Conventions, following
from language.cells import (
    VERBATIM,
    axis_text,
    cell_text,
    file_cell,
    file_title,
    label_text,
    tick_text,
    unit_of_values,
    value_name,
)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1234.5, "USD", "$1,234.50"),
        (-0.5, "EUR", "-€0.50"),
        (1234.5, "SEK", "1,234.50 SEK"),
        (0.4512, "share", "45.1%"),
        (0, "share", "0.0%"),
        (386.29, "days", "386"),
        (145.74, "customers", "146"),
        (3.27, "customers", "3.3"),
        (3.27, "purchase days", "3.3"),
        (12.0, "orders", "12"),
        (1.2345, "ratio", "1.23"),
        (-0.2, "days", "0"),
        (8.5, "points", "8.5 points"),
        (6, "weekday", "Saturday"),
        (9, "hour", "09:00"),
        (None, "USD", "–"),
        ("", "", "–"),
        (True, "", "yes"),
        (False, "boolean", "no"),
        ("2026-12-06T21:26:00+00:00", "time", "6 Dec 2026"),
        ("2026-12-06T21:26:00.123+00:00", "instant", "6 Dec 2026, 21:26"),
        ("2026-12-06", "date", "6 Dec 2026"),
        ("2026-11-01", "month", "November 2026"),
        ("2026-11", "", "November 2026"),
        ("2026-10-01", "quarter", "Q4 2026"),
        ("2026-01-01", "year", "2026"),
        ("2026-11-02", "week", "2 Nov 2026"),
        ("2026-13-02", "", "2026-13-02"),
        ("paid_social", "text", "Paid social"),
        ("paid_social", VERBATIM, "paid_social"),
        ("direct", unit_of_values("channel"), "Direct"),
        ("paid_social", unit_of_values("channel"), "Paid social"),
        ("TikTok", unit_of_values("channel"), "TikTok"),
        ("sms", unit_of_values("channel"), "SMS"),
        ("paid_tv", unit_of_values("channel"), "Paid TV"),
        (None, unit_of_values("channel"), "–"),
        ("C_0017", "text", "C_0017"),
        ("Loyal", "text", "Loyal"),
        (["a", "b"], "", "a; b"),
        ([], "", "–"),
    ],
)
def test_a_value_in_a_table(value: Any, unit: str, text: str) -> None:
    assert cell_text(value, unit) == text


def test_beside_a_mark_money_is_whole_from_a_thousand_on() -> None:
    assert (label_text(1234.5, "USD"), label_text(12.5, "USD"), label_text(0.5, "share")) == (
        "$1,234",
        "$12.50",
        "50.0%",
    )


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0, "USD", "$0"), (20_000.0, "USD", "$20k"), (-1_500.0, "EUR", "-€1.5k"), (2.5e6, "SEK", "2.5m SEK"),
        (0.4, "share", "40%"), (0.025, "share", "2.5%"), (250.0, "customers", "250"), (1e9, "", "1bn"),
    ],
)  # fmt: skip
def test_round_values_along_an_axis(value: float, unit: str, text: str) -> None:
    assert axis_text(value, unit) == text


def test_months_are_short_along_an_axis_only() -> None:
    assert (tick_text("2026-09-01", "month"), tick_text("2026-07-01", "quarter")) == ("Sep 2026", "Q3 2026")


@pytest.mark.parametrize(
    ("value", "unit", "cell"),
    [
        (1234.5, "USD", "1234.50"), (0.4512, "share", "45.1"), (386.29, "days", "386"), (12, "orders", "12"),
        ("2026-12-06T21:26:00+00:00", "time", "2026-12-06"), (None, "USD", None), (True, "", "yes"),
        ("paid_social", "text", "paid_social"), (["a", "b"], "", "a; b"), (2.345, "ratio", "2.35"),
    ],
)  # fmt: skip
def test_a_value_in_a_file_is_plain(value: Any, unit: str, cell: Any) -> None:
    assert file_cell(value, unit) == cell


def test_headings_of_a_file_say_what_its_plain_numbers_are_of() -> None:
    titles = [file_title("Spent", "SEK"), file_title("Leaves in 60 days", "share"), file_title("Orders", "orders")]
    assert titles == ["Spent (SEK)", "Leaves in 60 days (%)", "Orders"]


@pytest.mark.parametrize(
    ("formats", "text", "moment"),
    [
        ("en-GB", "9 Dec 2011", "9 Dec 2011, 08:26"),
        ("en-US", "Dec 9, 2011", "Dec 9, 2011, 08:26"),
        ("en-CA", "2011-12-09", "2011-12-09, 08:26"),
    ],
)
def test_days_are_written_as_the_organisation_writes_them(formats: str, text: str, moment: str) -> None:
    with following(Conventions(formats=formats)):
        assert cell_text("2011-12-09", "day") == text
        assert cell_text("2011-12-09T08:26:00Z", "instant") == moment
        assert cell_text("2011-12-01", "month") == "December 2011"


def test_digits_that_are_no_day_stay_as_they_are() -> None:
    assert cell_text("2011-02-31") == "2011-02-31"


@pytest.mark.parametrize(
    ("dimension", "value", "called"),
    [
        ("channel", "direct", "Direct"),
        ("spend_channel", "paid_social", "Paid social"),
        ("mention_source", "web", "Web"),
        ("channel", "eBay", "eBay"),
        ("channel", "Sms_Blast", "Sms Blast"),
        ("country", "côte d'ivoire", "côte d'ivoire"),
        ("product", "paid_social mug", "paid_social mug"),
    ],
)
def test_names_of_channels_are_names_everywhere_and_the_shops_own_words_stay(
    dimension: str, value: str, called: str
) -> None:
    assert value_name(dimension, value) == called
