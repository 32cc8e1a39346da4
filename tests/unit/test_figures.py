"""Charts as the page is told to draw them: colours, ticks, words, and the file behind each."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest

from agent.events import Chart, Series
from tests.screen import load_chainlit

load_chainlit()

from chat.figures import COLOURS, drawing  # noqa: E402 - chainlit reads the environment when imported

WHITE, DARK = "#ffffff", "#1c1f21"  # the page's two backgrounds, public/theme.json
# Colours as people with no green, or no red, cones see them: Machado, Oliveira & Fernandes (2009), severity 1.
SEEN = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
}
TOLD_APART = 0.05  # of the lightness from black to white


def chart(**changes: Any) -> Chart:
    plain: dict[str, Any] = {
        "shape": "bar",
        "title": "Revenue by country",
        "x": ["France", "Norway"],
        "x_title": "Country",
        "y_title": "Revenue",
        "series": [Series(name="Revenue", values=[3.5, None])],
        "unit": "GBP",
    }
    return Chart(**{**plain, **changes})


def light(colour: str) -> list[float]:
    """Linear red, green and blue of a colour (IEC 61966-2-1)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, from 1 to 21."""
    bright = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (light(one), light(other))]
    return (max(bright) + 0.05) / (min(bright) + 0.05)


def place(colour: str, seen: tuple[tuple[float, ...], ...]) -> tuple[float, ...]:
    """Where a colour lies in OKLab (Ottosson 2020) for somebody who sees like this."""
    r, g, b = (min(1.0, max(0.0, sum(w * p for w, p in zip(row, light(colour), strict=True)))) for row in seen)
    cones = (
        (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3),
        (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3),
        (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3),
    )
    rows = (
        (0.2104542553, 0.793617785, -0.0040720468), (1.9779984951, -2.428592205, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.808675766),
    )  # fmt: skip
    return tuple(sum(w * c for w, c in zip(row, cones, strict=True)) for row in rows)


@pytest.mark.parametrize("background", [WHITE, DARK])
def test_every_colour_stands_out_on_the_page(background: str) -> None:
    assert {colour: round(c, 1) for colour in COLOURS if (c := contrast(colour, background)) < 3} == {}


@pytest.mark.parametrize("eyes", SEEN)
def test_no_two_colours_look_alike(eyes: str) -> None:
    places = {colour: place(colour, SEEN[eyes]) for colour in COLOURS}
    near = [pair for pair in itertools.combinations(COLOURS, 2) if math.dist(*(places[c] for c in pair)) < TOLD_APART]
    assert near == []


def test_no_colour_comes_twice_in_a_chart_of_all_segments() -> None:
    many = [Series(name=f"s{n}", values=[1.0], across=[0.0], labels=["c"]) for n in range(12)]
    drawn = drawing(chart(shape="scatter", x=[], series=many))
    assert len({series["colour"] for series in drawn["series"]}) == 12


def test_values_are_drawn_as_given_and_told_in_words() -> None:
    drawn = drawing(chart(series=[Series(name="Revenue", values=[1234.5, None])]))
    (series,) = drawn["series"]
    assert series["values"] == [1234.5, None]
    assert series["words"] == ["£1,234.50", "–"]
    assert series["labels"] == ["£1,234", "–"]
    assert drawn["ticks"] == [[0, "£0"], [250, "£250"], [500, "£500"], [750, "£750"], [1000, "£1k"], [1250, "£1.25k"]]
    assert drawn["file"] == {"head": ["Country", "Revenue (GBP)"], "rows": [["France", "1234.50"], ["Norway", None]]}


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([0.31], [0.0, 0.1, 0.2, 0.3, 0.4]),
        ([-7.0, 12.0], [-10.0, -5.0, 0.0, 5.0, 10.0, 15.0]),
        ([0.0, None], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        ([None], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        ([3e6], [0.0, 1e6, 2e6, 3e6]),
    ],
)
def test_ticks_are_round_and_hold_every_value(values: list[float | None], ticks: list[float]) -> None:
    drawn = drawing(chart(x=["x"] * len(values), series=[Series(name="r", values=values)], unit=""))
    assert [tick for tick, _ in drawn["ticks"]] == ticks


def test_steps_of_time_are_labelled_in_words_and_codes_by_their_names() -> None:
    over_time = drawing(chart(shape="line", x=["2026-10-01", "2026-11-01"], x_unit="month", partial=[1]))
    assert (over_time["x"], over_time["partial"]) == (["Oct 2026", "Nov 2026"], [1])
    assert over_time["axis"] == over_time["x"]
    assert drawing(chart(x=["paid_social", "web"]))["x"] == ["Paid social", "web"]


@pytest.mark.parametrize(
    ("days", "under"),
    [
        (["2026-11-21", "2026-11-22"], ["21 Nov", "22 Nov"]),
        (["2025-12-31", "2026-01-01"], ["31 Dec 2025", "1 Jan 2026"]),
    ],
)
def test_days_of_one_year_stand_under_a_line_without_it(days: list[str], under: list[str]) -> None:
    drawn = drawing(chart(shape="line", x=days, x_unit="day"))
    assert drawn["axis"] == under
    assert all(label.endswith(("2025", "2026")) for label in drawn["x"]), "what a pointer reads is whole"


def test_what_fell_has_another_colour() -> None:
    (series,) = drawing(chart(series=[Series(name="Change", values=[3.0, -2.0])]))["series"]
    assert len(set(series["colours"])) == 2


def test_bars_with_an_interval_show_it_and_their_verdict() -> None:
    returns = Series(name="Return", values=[2.0, 0.5], low=[1.5, 0.2], high=[8.0, None], tones=["good", "bad"])
    drawn = drawing(chart(series=[returns], unit="ratio"))
    (series,) = drawn["series"]
    assert series["colours"] == ["#207e27", "#d24011"]
    assert series["ranges"] == ["1.50 to 8", ""]
    assert drawn["ticks"][-1][0] >= 8.0, "the interval fits in"


def test_a_line_with_an_interval_has_a_band_that_fits_in_and_its_ends_in_the_file() -> None:
    was = Series(name="Was", values=[900.0, None, None])
    ahead = Series(name="Expected", values=[900.0, 950.0, 1000.0], low=[900.0, 800.0, None], high=[900.0, 1300.0, None])
    drawn = drawing(
        chart(shape="line", x=["2026-11-02", "2026-11-09", "2026-11-16"], x_unit="week", series=[was, ahead])
    )
    first, second = drawn["series"]
    assert "low" not in first
    assert second["ranges"] == ["", "£800.00 to £1,300.00", ""]
    assert drawn["ticks"][-1][0] >= 1300.0
    assert len(drawn["file"]["head"]) == 5
    assert drawn["file"]["head"][-1].startswith("Expected, high")
    assert drawn["file"]["rows"][1][1:] == [None, "950.00", "800.00", "1300.00"]


def test_steps_of_a_waterfall_are_told_by_their_length() -> None:
    steps = Series(name="Sales", values=[100.0, 130.0], starts=[0.0, 100.0], low=[90.0, 110.0], high=[110.0, 150.0])
    (series,) = drawing(chart(series=[steps]))["series"]
    assert series["starts"] == [0.0, 100.0]
    assert series["words"] == ["£100.00", "£30.00"]
    assert series["ranges"][1] == "£10.00 to £50.00"


def test_a_heat_map_has_a_scale_of_its_own_and_figures() -> None:
    rows = [Series(name="October 2026", values=[0.16, 0.09]), Series(name="September 2026", values=[0.12, None])]
    drawn = drawing(chart(shape="heatmap", x=["1", "2"], series=rows, unit="share", y_title="First order in"))
    assert drawn["top"] == 0.16
    assert [series["words"] for series in drawn["series"]] == [["16.0%", "9.0%"], ["12.0%", "–"]]
    assert drawn["file"]["rows"][1] == ["September 2026", "12.0", None]


def test_parts_of_a_whole_have_their_shares_and_the_colours_of_their_risk() -> None:
    risks = chart(x=["high", "medium", "low"], series=[Series(name="Customers", values=[5, 0, 20])], unit="customers")
    drawn = drawing(risks.model_copy(update={"shape": "parts"}))
    assert drawn["shape"] == "parts"
    assert drawn["series"][0]["shares"] == ["20.0%", "0.0%", "80.0%"]
    assert len(set(drawn["series"][0]["colours"])) == 3


def test_points_are_saved_by_what_they_are() -> None:
    loyal = Series(name="Loyal", values=[2.5, 3.0], across=[1.5, 7.0], labels=["a", "c"])
    drawn = drawing(chart(shape="scatter", x=[], series=[loyal]))
    assert drawn["series"][0]["points"] == ["a", "c"]
    assert drawn["file"]["rows"] == [["a", "Loyal"], ["c", "Loyal"]]
