"""The whole path on the screen: log in, ask, see a chart, propose, survive a kill, approve, look into the mailbox."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.conftest import PROJECT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

PATIENCE_S = 180
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def wait_for(what: str, condition: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """What `condition` returns as soon as it is true."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {patience_s:.0f} s")


@dataclass(frozen=True)
class Running:
    """An `aima up --demo` of this module's own."""

    home: Path
    address: str
    log: Path

    def login(self) -> tuple[str, str]:
        """The first login of the demo shop."""
        first = json.loads((self.home / "first_logins.json").read_text())["demo"]
        return first["email"], first["password"]

    def web_pid(self) -> int | None:
        """The web process, when it is healthy."""
        web = json.loads((self.home / "state.json").read_text())["parts"]["web"]
        return int(web["process"]["pid"]) if web["condition"] == "healthy" and web["process"] else None

    def kill_web(self) -> None:
        """kill -9 the web process; returns when another one answers."""
        before = self.web_pid()
        assert before is not None
        os.kill(before, signal.SIGKILL)
        wait_for("a new web process", lambda: self.web_pid() not in (None, before))

    def answers(self) -> bool:
        """Whether /health does."""
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.address}/health").status_code == 200
        return False


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; skips where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="the playwright package is not installed")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("no Chromium on this machine: the chat was not driven in a browser")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, headless=True, args=list(CHROMIUM))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def aima(chromium: Browser) -> Iterator[Running]:
    """Everything, started as `make chat` does, with scored demo data."""
    home = Path(tempfile.mkdtemp(prefix="aima-"))
    home.chmod(0o711)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = Running(home, f"http://127.0.0.1:{port}", home / "up.log")
    command = [sys.executable, "-m", "cli.main", "up", "--demo", "--home", str(home), "--port", str(port)]
    with running.log.open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log)
    try:
        wait_for("the start", lambda: process.poll() is not None or running.answers())
        wait_for("scoring", lambda: process.poll() is not None or b"Scores: scored" in running.log.read_bytes())
        assert process.poll() is None, running.log.read_text()
        yield running
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        shutil.rmtree(home, ignore_errors=True)


@dataclass
class Screen:
    """A page with what it asked of other hosts and what went wrong in it."""

    page: Page
    outside: list[str]
    errors: list[str]

    def ask(self, text: str, expect: str = ".aima-notes") -> None:
        """Write `text`, send it, and wait for one more `expect` on the page."""
        before = self.page.locator(expect).count()
        self.page.locator("#chat-input").click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.page.locator(expect).nth(before).wait_for(timeout=PATIENCE_S * 1000)

    def choose(self, command: str, expect: str) -> None:
        """Choose a slash command as a person does: its name and Enter."""
        before = self.page.locator(expect).count()
        self.page.locator("#chat-input").click()
        self.page.keyboard.type(f"/{command}")
        self.page.locator(".command-item, [cmdk-item], [data-index]").first.wait_for()
        self.page.keyboard.press("Enter")
        self.page.locator(expect).nth(before).wait_for(timeout=PATIENCE_S * 1000)


@pytest.fixture
def open_screen(chromium: Browser, aima: Running) -> Iterator[Callable[..., Screen]]:
    """A function that opens a page of a width, signed in to the demo shop."""
    contexts = []

    def opened(width: int = 1280, *, sign_in: bool = True) -> Screen:
        context = chromium.new_context(viewport={"width": width, "height": 1000})
        contexts.append(context)
        screen = Screen(context.new_page(), [], [])
        own = (aima.address, aima.address.replace("http", "ws"), "data:", "blob:")
        screen.page.on("request", lambda r: None if r.url.startswith(own) else screen.outside.append(r.url))
        screen.page.on("pageerror", lambda error: screen.errors.append(str(error)))
        screen.page.goto(aima.address)
        screen.page.locator("input[type=password]").wait_for()
        if sign_in:
            log_in(screen.page, *aima.login())
            screen.page.locator("#chat-input").wait_for()
            screen.page.wait_for_timeout(1500)
        return screen

    yield opened
    for context in contexts:
        context.close()


def log_in(page: Page, email: str, password: str) -> None:
    """Fill in the login form and send it."""
    page.locator("input#email, input[type=email]").first.fill(email)
    page.locator("input[type=password]").fill(password)
    page.locator("button[type=submit]").click()


def test_a_wrong_password_is_refused(open_screen: Callable[..., Screen], aima: Running) -> None:
    page = open_screen(sign_in=False).page
    log_in(page, aima.login()[0], "not the password")
    page.locator("text=Unable to sign in").first.wait_for()
    assert page.locator("#chat-input").count() == 0


def test_a_question_gives_figures_a_chart_and_where_they_come_from(open_screen: Callable[..., Screen]) -> None:
    screen = open_screen()
    screen.page.locator(".aima-demo").wait_for()
    assert screen.page.locator("text=Revenue by month").count() == 1, "a starter from live data"
    screen.ask("What was our revenue by month?")
    screen.page.locator(".js-plotly-plot .scatterlayer path.js-line").first.wait_for()
    assert screen.page.locator(".aima-table tbody tr").count() == 10
    assert re.search(r"\$\d[\d,]*\.\d\d", screen.page.locator(".aima-table tbody").inner_text())
    screen.page.locator("text=/Used query_metrics/").wait_for()
    notes = screen.page.locator(".aima-notes").last
    notes.locator("summary").click()
    assert "orders" in notes.inner_text()
    assert screen.page.locator("text=/_?Source: /").count() == 0, "told once, in the notes"
    assert (screen.outside, screen.errors) == ([], [])


def test_a_proposal_survives_a_killed_web_process_and_is_carried_out_once(
    open_screen: Callable[..., Screen], aima: Running
) -> None:
    screen = open_screen()
    page = screen.page
    screen.ask("Write a win-back e-mail to the At Risk customers", ".aima-card[data-status=pending]")
    button = page.locator(".aima-card .aima-go")
    expected = int(re.sub(r"\D", "", button.inner_text()))
    assert expected > 20, "the segment, not a sliver of it"
    page.locator(".aima-card button:has-text('Edit')").click()
    page.locator(".aima-card input[name=subject]").fill("A subject of our own")
    page.locator("text=Save as a new proposal").click()
    page.locator(".aima-card[data-status=superseded]").wait_for()
    page.locator(".aima-card[data-status=pending]").wait_for()
    assert page.locator(".aima-card[data-status=pending]").count() == 1
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


def test_a_rejected_proposal_is_never_sent(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen()).page
    screen.ask("Write a win-back e-mail to the Lost customers", ".aima-card[data-status=pending]")
    page.locator(".aima-card button:has-text('Reject')").click()
    page.locator(".aima-card textarea[name=note]").fill("Too early")
    page.locator(".aima-stop").click()
    card = page.locator(".aima-card[data-status=rejected]")
    card.wait_for()
    assert "Too early" in card.inner_text()
    assert page.locator(".aima-go").count() == 0


@pytest.mark.parametrize("command", ["segments", "churn", "value", "settings"])
def test_pages_show_tables_and_fit_a_phone(open_screen: Callable[..., Screen], command: str) -> None:
    screen = open_screen(400)
    screen.choose(command, ".aima-table")
    assert screen.page.locator(".aima-table tbody tr").count() > 0
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 400
    assert screen.errors == []


def test_a_rule_is_counted_while_it_is_edited_then_saved_and_written_to(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen()).page
    screen.choose("segments", ".aima-editor")
    editor = page.locator(".aima-editor")
    many = counted(editor)
    assert editor.locator("tbody tr").count() == 5
    editor.locator("[aria-label='In words']").fill(
        "customers who spent over 100 and have not opened an email for a month"
    )
    editor.locator("button:has-text('Turn into')").click()
    editor.locator("select[aria-label=Event]").wait_for()
    assert editor.locator("select[aria-label=Did]").input_value() == "false"
    assert editor.locator("[role=alert]").count() == 0
    wait_for("a count of the words", lambda: 0 < counted(editor) != many)
    many = counted(editor)
    editor.locator("input[aria-label=Value]").fill("400")
    wait_for("a smaller count", lambda: 0 < counted(editor) < many)
    few = counted(editor)
    editor.locator("button:has-text('Event')").click()
    editor.locator("select[aria-label=Did]").last.select_option("false")
    wait_for("a count with the event", lambda: few >= counted(editor) > 0)
    chosen = counted(editor)
    editor.locator("input[name=segment]").fill("Silent for long")
    editor.locator("button:has-text('Save')").click()
    assert f"{chosen:,} customers" in editor.locator("[role=note]").inner_text()
    editor.locator("button:has-text('Launch')").click()
    editor.locator("input[name=subject]").fill("We have missed you")
    editor.locator("textarea[name=body_text]").fill("Hello {first_name|there}, come and see what is new.")
    editor.locator("button:has-text('Propose')").click()
    card = page.locator(".aima-card[data-status=pending]")
    card.wait_for()
    assert "We have missed you" in card.inner_text()
    assert screen.errors == []


def counted(editor: Locator) -> int:
    """Customers the editor shows, once it has counted."""
    editor.locator("[role=status]:not([data-count=''])").wait_for()
    return int(editor.locator("[role=status]").get_attribute("data-count") or 0)


def test_the_customers_of_an_answer_become_a_segment_to_edit(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen()).page
    screen.ask("How many customers spent over 200 and drive a van?", "text=/drive a van/")
    screen.ask("How many customers spent over 200?")
    page.locator("button:has-text('Edit as segment')").click()
    editor = page.locator(".aima-editor")
    editor.wait_for()
    assert editor.locator("input[aria-label=Value]").input_value() == "200"
    editor.locator("[aria-label='In words']").fill("spent over 300 and drive a van")
    editor.locator("button:has-text('Turn into')").click()
    assert "drive a van" in editor.locator("[role=alert]").inner_text()
    assert editor.locator("input[aria-label=Value]").input_value() == "300"
    assert screen.errors == []


def test_risk_is_a_ring_and_a_row_opens_its_customer(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen(400)).page
    screen.choose("churn", ".aima-table")
    page.locator(".js-plotly-plot .pielayer .slice").first.wait_for()
    assert page.locator(".aima-table button:has-text('Campaign')").count() > 0
    row = page.locator(".aima-table tr", has=page.locator("button:has-text('Open')")).first
    customer = row.locator("td").first.inner_text()
    row.locator("button:has-text('Open')").click()
    profile = page.locator(f".aima-profile[data-customer='{customer}']")
    profile.wait_for()
    assert profile.locator(".aima-part").count() >= 6, "every part of the health score"
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert screen.errors == []


def test_a_customer_is_searched_opened_and_written_to(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen()).page
    screen.choose("customers", ".aima-customers")
    table = page.locator(".aima-customers")
    everybody = int(table.get_attribute("data-total") or 0)
    table.locator("[aria-label='Search customers']").fill("manchester")
    wait_for("a smaller list", lambda: 0 < int(table.get_attribute("data-total") or 0) < everybody)
    table.locator("[aria-label=risk]").select_option("high")
    wait_for("a sorted page", lambda: table.get_attribute("aria-busy") == "false")
    table.locator("th button:has-text('Orders')").click()
    table.locator("th[aria-sort=descending]:has-text('Orders')").wait_for()
    wait_for("the order", lambda: table.get_attribute("aria-busy") == "false")
    orders = [int(cell) for cell in table.locator("tbody td:nth-child(4)").all_inner_texts()]
    assert orders == sorted(orders, reverse=True)
    table.locator("tbody tr").first.click()
    profile = page.locator(".aima-profile")
    profile.wait_for()
    assert profile.locator(".aima-months .bar").count() > 3
    assert profile.locator("text=/to 20\\d\\d-/").count() == 1, "the next purchase with its interval"
    profile.locator("button:has-text('Draft it')").first.click()
    page.locator(".aima-card[data-status=pending]").wait_for()
    assert screen.errors == []


def test_the_dashboard_fits_a_phone_and_leads_on(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen(400)).page
    screen.choose("dashboard", ".aima-dashboard .aima-tile")
    assert page.locator(".aima-tile .aima-spark").count() >= 5
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.locator(".aima-dashboard button:has-text('Value at risk')").click()
    page.locator(".aima-table button:has-text('Campaign')").first.wait_for()
    screen.choose("plans", ".message-content h3:has-text('Plans'), text=/Nothing has been proposed/")
    assert screen.errors == []


def test_a_file_is_not_mixed_into_the_demo_shop(open_screen: Callable[..., Screen], tmp_path: Path) -> None:
    screen = open_screen()
    file = tmp_path / "orders.csv"
    file.write_text("order_id,customer,ordered_at,total\n1,a,2026-01-01,5\n")
    screen.page.locator("input[type=file]").first.set_input_files(file)
    screen.page.locator("text=orders.csv").first.wait_for()
    screen.ask("import this", "text=/This is the demo shop/")
