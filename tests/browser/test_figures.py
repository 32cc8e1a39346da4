"""Figures and days that pages write themselves read as the same ones in answers and tables do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from core.conventions import FORMATS, Conventions, following
from language.cells import axis_text, cell_text
from language.format import day, money, short_day
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

AMOUNTS = (0, 0.5, 12.3, 999.994, 1000, 1234.5, -3.2, -65432.1, 1_234_567.891)
CURRENCIES = ("GBP", "EUR", "USD", "SEK", "JPY")
DAYS = ("2026-11-08", "2026-01-31", "2024-02-29")


@pytest.fixture
def screen(open_screen: Callable[..., Screen]) -> Screen:
    """Any page."""
    return open_screen()


def test_amounts_shares_and_counts(screen: Screen) -> None:
    page = screen.page
    for currency in CURRENCIES:
        whole = page.evaluate(
            "([values, code]) => values.map((v) => aima.figure(v, 'money', code))", [AMOUNTS, currency]
        )
        assert whole == [money(value, currency) for value in AMOUNTS]
        cents = page.evaluate(
            "([values, code]) => values.map((v) => aima.figure(v, 'money', code, true))", [AMOUNTS, currency]
        )
        assert cents == [cell_text(value, currency) for value in AMOUNTS]
        ticks = page.evaluate("([values, code]) => values.map((v) => aima.axis(v, 'money', code))", [TICKS, currency])
        assert ticks == [axis_text(value, currency) for value in TICKS]
    for unit, values in {"share": (0, 0.123456, 1, 1.5), "days": (3.4, 1200), "customers": (7, 1880)}.items():
        said = page.evaluate("([values, unit]) => values.map((v) => aima.figure(v, unit))", [values, unit])
        assert said == [cell_text(value, unit) for value in values]
    assert page.evaluate("[aima.figure(null), aima.figure(true), aima.figure('')]") == ["–", "yes", "–"]


TICKS = (0, 250, 2500, 20_000, 1_500_000, -5_000)


def test_days_as_the_organisation_writes_them(screen: Screen) -> None:
    page = screen.page
    for formats in FORMATS:
        page.evaluate("(formats) => { document.documentElement.dataset.formats = formats; }", formats)
        with following(Conventions(formats=formats)):
            for iso in DAYS:
                on = date.fromisoformat(iso)
                assert page.evaluate("(iso) => aima.day(iso)", iso) == day(on)
                assert page.evaluate("(iso) => aima.day(iso + 'T23:30:00+02:00', true)", iso) == short_day(on)
                assert page.evaluate("(iso) => aima.dayOfYear(iso, true)", iso) == short_day(on, with_year=False)
