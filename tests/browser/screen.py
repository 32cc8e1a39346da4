"""A running AIMA and a page of it in a browser, as browser tests drive them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PATIENCE_S = 120
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PLAIN = ".message-content"
# What is there once a page is, by the command that opens it.
PAGES = {
    "dashboard": ".aima-dashboard",
    "customers": ".aima-customers",
    "segments": ".aima-editor",
    "churn": ".aima-table",
    "value": ".aima-table",
    "attribution": ".aima-table",
    "campaigns": PLAIN,
    "week": ".aima-week",
    "journeys": PLAIN,
    "forecast": ".aima-targets",
    "mix": ".aima-chart",
    "budget": PLAIN,
    "plans": PLAIN,
    "approvals": PLAIN,
    "mailbox": PLAIN,
    "imports": PLAIN,
    "settings": ".aima-settings",
}


def installed_chromium() -> str | None:
    """Where Chromium is; None where there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def wait_for(what: str, condition: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """What `condition` returns as soon as it is true."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {patience_s:.0f} s")


def shows(found: Locator, count: int, what: str = "") -> None:
    """Wait until as many are on the page: an answer's words come before its tables and pictures."""
    wait_for(f"{count} × {found} {what}", lambda: found.count() == count)


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


@dataclass
class Screen:
    """A page with what it asked of other hosts, what went wrong in it, and what its console complained of."""

    page: Page
    outside: list[str]
    errors: list[str]
    console: list[str] = field(default_factory=list)

    def ask(self, text: str, expect: str = ".aima-notes") -> None:
        """Write `text`, send it, and wait for one more `expect` on the page."""
        before = self.page.locator(expect).count()
        self.page.locator("#chat-input").click()
        self.page.keyboard.type(text)
        self._enter()
        self.page.locator(expect).nth(before).wait_for(timeout=PATIENCE_S * 1000)

    def _enter(self) -> None:
        """Press Enter until the line is gone, as a person does: a page that is not connected yet keeps it."""

        def sent() -> bool:
            self.page.keyboard.press("Enter")
            self.page.wait_for_timeout(300)
            return not self.page.locator("#chat-input").inner_text().strip()

        wait_for("the line to be sent", sent)

    def attach(self, file: Path) -> None:
        """Put a file to the next line; returns once the page has handed it over, for then it goes along."""
        with self.page.expect_response(lambda answer: "/project/file" in answer.url):
            self.page.locator("input[type=file]").first.set_input_files(file)
        self.page.locator(f"text={file.name}").first.wait_for()

    def choose(self, command: str, expect: str) -> None:
        """Choose a slash command as a person does: its name and Enter, once the page offers it."""
        before = self.page.locator(expect).count()
        offered = self.page.locator(".command-item, [cmdk-item], [data-index]").first

        def typed() -> bool:
            self.page.locator("#chat-input").fill("")
            self.page.locator("#chat-input").click()
            self.page.keyboard.type(f"/{command}")
            self.page.wait_for_timeout(500)
            return offered.is_visible()

        wait_for("the command to be offered", typed)
        self.page.keyboard.press("Enter")
        self.page.locator(expect).nth(before).wait_for(timeout=PATIENCE_S * 1000)


def log_in(page: Page, email: str, password: str) -> None:
    """Fill in the login form and send it."""
    page.locator("input#email, input[type=email]").first.fill(email)
    page.locator("input[type=password]").fill(password)
    page.locator("button[type=submit]").click()
