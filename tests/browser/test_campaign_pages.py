"""Campaigns and the week in the browser: from words to a card, changed, approved, paused, resumed; a week planned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.browser.screen import Screen, shows, wait_for

pytestmark = pytest.mark.browser


def test_a_campaign_from_words_to_its_result(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen()).page
    screen.ask("propose a campaign to customers who spent over 800", ".aima-card[data-status=pending]")
    page.locator(".aima-card button:has-text('Edit')").last.click()
    page.locator(".aima-card input[name=subject]").fill("Only for you, {first_name|there}")
    page.locator(".aima-card button:has-text('Save as a new')").click()
    page.locator(".aima-card[data-status=superseded]").wait_for()
    card = page.locator(".aima-card[data-status=pending]").last
    card.wait_for()
    assert "Only for you" in card.inner_text()
    assert "To approve until" in card.inner_text()
    card.locator(".aima-go").click()
    done = page.locator(".aima-card[data-status=approved]").last
    page.locator("text=is carried out").last.wait_for()
    done.locator(".aima-progress:has-text('Done')").wait_for()
    done.locator("summary:has-text('History')").click()
    assert "draft → active" in done.locator(".aima-history").inner_text()
    assert screen.errors == []


def test_what_is_written_into_a_card_stays_while_the_card_is_told_something(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen()).page
    page.evaluate("window.addEventListener('message', (event) => { window.told = event.data.card || window.told })")
    screen.ask("propose a campaign to customers who spent over 900", ".aima-card[data-status=pending]")
    page.locator(".aima-card button:has-text('Edit')").last.click()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    page.locator(".aima-card input[name=send_at]").fill(f"{tomorrow:%Y-%m-%dT%H:%M}")
    page.locator(".aima-card button:has-text('Save as a new')").click()
    page.locator(".aima-card[data-status=superseded]").wait_for()
    page.locator(".aima-card[data-status=pending] .aima-go").last.click()
    card = page.locator(".aima-card[data-status=approved]").last
    card.locator(".aima-progress:has-text('Scheduled for')").wait_for()
    card.locator("button:has-text('Pause')").click()
    card.locator("input[name=step_note]").fill("a second ")
    # Again and again, as whoever carries it out tells it too: of two tellings the later one is shown.
    page.evaluate("""window.telling = setInterval(() => window.postMessage({ card: {
        ...window.told, told_at: window.told.told_at + 1, proposal: { ...window.told.proposal, title: 'Told anew' },
    } }, location.origin), 100)""")
    page.locator(".aima-card:has-text('Told anew')").wait_for()
    page.keyboard.type("look")
    page.evaluate("clearInterval(window.telling)")
    card.locator("button:has-text('Pause it')").click()
    card.locator(".aima-progress:has-text('Paused')").wait_for()
    card.locator("summary:has-text('History')").click()
    assert "“a second look”" in card.locator(".aima-history").inner_text()
    card.locator("button:has-text('Resume')").click()
    card.locator(".aima-progress:has-text('Scheduled for')").wait_for()
    assert card.locator("details[open] .aima-history").count() == 1, "what was opened stays open"
    assert screen.errors == []


@pytest.mark.parametrize("width", [1280, pytest.param(390, marks=pytest.mark.slow)])
def test_a_week_is_planned_looked_at_and_proposed(open_screen: Callable[..., Screen], width: int) -> None:
    page = (screen := open_screen(width)).page
    screen.choose("week", ".aima-week")
    week = page.locator(".aima-week")
    if not week.locator("form").count():
        week.locator("button:has-text('Plan anew')").click()
    week.locator("input[name=budget]").fill("200")
    week.locator("form .aima-go").click()
    week.locator("[role=status]:has-text('Planned: ')").wait_for()
    shows(week.locator(".aima-calendar > li"), 7)
    week.locator(".aima-action").first.click()
    week.locator(".aima-table tbody tr").first.wait_for()
    row = week.locator(".aima-table tbody tr").first.inner_text()
    assert "no offer" in row or "off" in row or "back" in row
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    week.locator("button:has-text('Propose')").click()
    week.locator(".aima-parts li[data-status=pending]").first.wait_for()
    week.locator(".aima-parts li[data-status=pending] button:has-text('Approve')").first.click()
    week.locator("text=1 campaign approved.").wait_for()
    wait_for("it to be approved", lambda: week.locator(".aima-parts li[data-status=approved]").count() >= 1)
    assert screen.errors == []


def test_an_offer_is_made_given_codes_and_withdrawn(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen()).page
    screen.choose("campaigns", ".aima-offers")
    offers = page.locator(".aima-offers")
    offers.locator("button:has-text('New offer')").click()
    for name, value in {"offer_name": "Own codes", "offer_value": "15"}.items():
        offers.locator(f"input[name={name}]").fill(value)
    offers.locator("select[name=offer_codes]").select_option("unique")
    offers.locator("select[name=offer_own]").select_option("own")
    offers.locator("form .aima-go").click()
    offers.locator("text=“Own codes” is kept: 15% off.").wait_for()
    offers.locator("button:has-text('Put codes in')").click()
    offers.locator("textarea[name=codes]").fill("ONE-1\nTWO-2\none-1")
    offers.locator("form .aima-go").click()
    offers.locator("text=2 codes put in, 1 were there already; 2 are free.").wait_for()
    offers.locator("button:has-text('Withdraw')").click()
    offers.locator("button:has-text('Yes, withdraw')").click()
    offers.locator("text=“Own codes” is withdrawn.").wait_for()
    assert screen.errors == []
