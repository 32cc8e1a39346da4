"""The whole path on the screen: log in, ask, see a chart, propose, survive a kill, approve, look into the mailbox."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.screen import PATIENCE_S, Running, Screen, log_in, shows

if TYPE_CHECKING:
    from playwright.sync_api import Route, WebSocketRoute

pytestmark = pytest.mark.browser


def test_a_wrong_password_is_refused_in_words_beside_the_form(
    open_screen: Callable[..., Screen], aima: Running
) -> None:
    screen = open_screen(sign_in=False)
    page, console = screen.page, screen.console
    assert page.title() == "Sign in · AIMA"
    assert console == [], "a login page has nothing to complain of"
    log_in(page, aima.login()[0], "not the password")
    refused = page.locator("[role=alert]")
    refused.wait_for()
    assert "do not go together" in refused.inner_text()
    assert not re.search(r"credentials|unauthori|40[19]|error", page.inner_text("body"), re.I)
    page.locator("summary:has-text('Forgot')").click()
    assert "aima user password" in page.inner_text("details[open]")
    assert page.locator("#chat-input").count() == 0
    page.route("**/login", lambda route: route.fulfill(status=429, headers={"Retry-After": "600"}, body="{}"))
    log_in(page, aima.login()[0], "not the password either")
    page.locator("text=Try again in 10 minutes.").wait_for()
    assert screen.outside == []


def test_what_is_typed_before_the_page_has_come_up_is_not_lost(open_screen: Callable[..., Screen]) -> None:
    page = open_screen().page
    held: list[Callable[[], None]] = []
    late = True

    def later(route: WebSocketRoute) -> None:
        def told(message: str | bytes) -> None:
            if late and b"new_message" in (message if isinstance(message, bytes) else message.encode()):
                held.append(lambda: route.send(message))
            else:
                route.send(message)

        route.connect_to_server().on_message(told)

    page.route_web_socket("**/ws/**", later)
    page.reload()
    field = page.locator("#chat-input")
    field.wait_for()
    field.click()
    field.evaluate("field => { window.fieldBefore = field }")
    page.keyboard.type("revenue by ")
    while not held:
        page.wait_for_timeout(100)
    late = False
    for send in held:
        send()
    page.wait_for_function("() => document.getElementById('chat-input') !== window.fieldBefore")
    page.keyboard.type("month")

    assert field.input_value() == "revenue by month"


def test_a_question_gives_figures_a_chart_and_where_they_come_from(open_screen: Callable[..., Screen]) -> None:
    screen = open_screen()
    screen.page.locator(".aima-demo").wait_for()
    shows(screen.page.locator(".aima-starter", has_text="Revenue by month"), 1, "a starter from live data")
    screen.ask("What was our revenue by month?")
    screen.page.locator(".aima-chart svg polyline").first.wait_for()
    shows(screen.page.locator(".aima-table tbody tr"), 10)
    assert re.search(r"\$\d[\d,]*\.\d\d", screen.page.locator(".aima-table tbody").inner_text())
    screen.page.locator("text=/Looked up revenue by month · [0-9,]+ rows/").wait_for()
    notes = screen.page.locator(".aima-notes").last
    notes.locator("summary").first.click()
    assert "orders" in notes.inner_text()
    assert screen.page.locator("text=/_?Source: /").count() == 0, "told once, in the notes"
    assert (screen.outside, screen.errors) == ([], [])


def test_a_chart_is_read_with_the_keys_turned_into_its_table_and_saved(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen()).page
    screen.ask("What was our revenue by month?")
    chart = page.locator(".aima-chart").last
    drawing = chart.locator("[role=img]")
    drawing.focus()
    page.keyboard.press("ArrowLeft")  # the newest month
    assert re.search(r"[A-Z][a-z]{2} 20\d\d.*\$[\d,]+\.\d\d", drawing.get_attribute("aria-label") or "")
    with page.expect_download() as picture:
        chart.locator("button:has-text('PNG')").click()
    assert picture.value.suggested_filename.endswith(".png")
    assert Path(picture.value.path()).read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as file:
        chart.locator("button:has-text('CSV')").click()
    head, *rows = Path(file.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert head == "Month,Revenue (USD)"
    assert len(rows) > 30
    chart.locator("button:has-text('Table')").click()
    shows(chart.locator("tbody tr"), len(rows))
    shows(chart.locator("svg"), 2, "the icons of two buttons")
    assert screen.errors == []


def test_a_proposal_survives_a_killed_web_process_and_is_carried_out_once(
    open_screen: Callable[..., Screen], aima: Running
) -> None:
    screen = open_screen()
    page = screen.page
    screen.ask("Write a win-back email to the At Risk customers", ".aima-card[data-status=pending]")
    button = page.locator(".aima-card .aima-go")
    expected = int(re.sub(r"\D", "", button.inner_text()))
    assert expected > 20, "the segment, not a sliver of it"
    page.locator(".aima-card button:has-text('Edit')").click()
    page.locator(".aima-card input[name=subject]").fill("A subject of our own")
    page.locator("text=Save as a new proposal").click()
    page.locator(".aima-card[data-status=superseded]").wait_for()
    page.locator(".aima-card[data-status=pending]").wait_for()
    shows(page.locator(".aima-card[data-status=pending]"), 1)
    page.wait_for_timeout(1000)  # the history is written beside the screen

    aima.kill_web()
    page.goto(page.url)
    card = page.locator(".aima-card[data-status=pending]")
    card.wait_for()
    assert card.locator(".aima-subjectline").first.inner_text().endswith("A subject of our own")
    card.locator(".aima-go").dblclick()
    page.locator("text=is carried out").first.wait_for(timeout=PATIENCE_S * 1000)
    assert f"{expected:,} of {expected:,} sent" in page.locator(".aima-card[data-status=approved]").inner_text()

    screen.choose("mailbox", ".aima-mails")
    assert f"{expected:,} messages" in page.inner_text("body")
    assert "A subject of our own" in page.locator(".aima-mail").first.inner_text()
    page.reload()
    page.locator(".aima-card[data-status=approved]").wait_for()
    assert page.locator(".aima-go").count() == 0
    assert screen.outside == []


def test_a_conversation_comes_back_also_where_its_page_is_answered_out_of_order(
    open_screen: Callable[..., Screen],
) -> None:
    page = (screen := open_screen()).page
    screen.ask("How many customers do we have?")
    page.wait_for_url("**/thread/*")
    waiting = []

    def late(route: Route) -> None:
        if waiting:
            route.continue_()
        waiting.append(route)

    page.route("**/set-session-cookie", late)
    page.reload()
    page.locator(".aima-notes").wait_for()
    for route in waiting[:1]:
        route.continue_()
    page.wait_for_timeout(1000)
    shows(page.locator(".aima-notes"), 1)
    assert "/thread/" in page.url


def test_a_rejected_proposal_is_never_sent(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen()).page
    screen.ask("Write a win-back email to the Lost customers", ".aima-card[data-status=pending]")
    page.locator(".aima-card button:has-text('Reject')").click()
    page.locator(".aima-card textarea[name=note]").fill("Too early")
    page.locator(".aima-stop").click()
    card = page.locator(".aima-card[data-status=rejected]")
    card.wait_for()
    assert "Too early" in card.inner_text()
    assert page.locator(".aima-go").count() == 0


def test_the_time_of_a_draft_is_one_of_the_shop_s_clocks(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen()).page
    screen.ask("Write an email to the Champions tomorrow at 9", ".aima-card[data-status=pending]")
    card = page.locator(".aima-card[data-status=pending]")
    assert ", 09:00 UTC" in card.locator(".aima-fact:has-text('Sends')").inner_text()
    card.locator("button:has-text('Edit')").click()
    time = card.locator("input[name=send_at]")
    assert time.input_value().endswith("T09:00")
    later = f"{int(time.input_value()[:4]) + 1}-07-15T10:30"
    time.fill(later)
    page.locator("text=Save as a new proposal").click()
    page.locator(f".aima-fact:has-text('15 July {later[:4]}, 10:30 UTC')").wait_for()
    assert screen.errors == []


def test_a_file_is_not_mixed_into_the_demo_shop(open_screen: Callable[..., Screen], tmp_path: Path) -> None:
    screen = open_screen()
    file = tmp_path / "orders.csv"
    file.write_text("order_id,customer,ordered_at,total\n1,a,2026-01-01,5\n")
    screen.attach(file)
    screen.ask("import this", "text=/Start a shop of your own/")
    shows(screen.page.locator(".aima-table tbody tr"), 1, "the file as it would be read")
    screen.page.locator("button:has-text('Stay in the demo')").click()
    screen.page.locator("text=nothing was changed").wait_for()


def test_a_file_of_lift_tests_is_read_for_the_mix_and_a_bad_row_is_named(
    open_screen: Callable[..., Screen], tmp_path: Path
) -> None:
    screen = open_screen()
    header = "channel,from,to,spend_change,lift,error\n"
    for name, row, said in (
        ("bad.csv", "video,2026-03-02,2026-03-29,-20,-33,-6\n", "text=/Row 2: error is -6/"),
        ("good.csv", "video,2026-03-02,2026-03-29,-1,-3,1\n", "text=/The file can be read: 1 experiment is new/"),
    ):
        file = tmp_path / name
        file.write_text(header + row)
        screen.attach(file)
        screen.ask("these", "button:has-text('A week')")
        screen.page.locator("button:has-text('A week')").last.click()
        screen.page.locator(said).first.wait_for()
    screen.page.locator(".aima-table tbody tr").first.wait_for()
    assert screen.page.locator(".aima-table tbody tr").count() == 1
