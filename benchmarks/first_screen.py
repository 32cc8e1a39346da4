"""How long a person waits: for the login page, from signing in to the first line, for each page and for first words.

    python -m benchmarks.first_screen --home ~/.aima [--address http://127.0.0.1:8000] [--runs 5]

Measures an AIMA that is running (`aima up --demo -d`), in headless Chromium, with the first login of its data folder.
Cold: a browser that has never been here. Warm: one that has, and keeps what may be kept. Medians of the runs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.screen import CHROMIUM, PAGES, PATIENCE_S, PLAIN, installed_chromium, log_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PAINTED = "performance.getEntriesByName('first-contentful-paint').map(entry => entry.startTime)[0] ?? null"
TRANSFERRED = (
    "[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]"
    ".reduce((sum, entry) => sum + entry.transferSize, 0) / 1024"
)
QUESTION = "How many customers do we have?"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--home", type=Path, required=True, help="Data folder of the running AIMA.")
    options.add_argument("--address", default="http://127.0.0.1:8000")
    options.add_argument("--runs", type=int, default=5)
    asked = options.parse_args()
    login = json.loads((asked.home / "first_logins.json").read_text())["demo"]
    measured: dict[str, list[float]] = {}
    outside: list[str] = []
    with chromium() as browser:
        for _ in range(asked.runs):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            context.on("request", lambda r: None if r.url.startswith(allowed(asked.address)) else outside.append(r.url))
            visit(context, asked.address, login, "cold", measured)
            context.clear_cookies()
            page = visit(context, asked.address, login, "warm", measured)
            tour(page, measured)
            context.close()
    print(f"{'what':44}{'median':>12}{'worst':>12}")
    for what, values in measured.items():
        unit = "KB" if what.endswith("KB") else "s"
        print(f"{what.removesuffix(' KB'):44}{statistics.median(values):>10.2f} {unit}{max(values):>10.2f} {unit}")
    print(f"requests to other hosts: {len(outside)} {outside[:3] or ''}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    path = installed_chromium()
    if path is None:
        raise SystemExit("There is no Chromium on this machine.")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(CHROMIUM))
        yield browser
        browser.close()


def allowed(address: str) -> tuple[str, ...]:
    """What a page may ask for."""
    return (address, address.replace("http", "ws", 1), "data:", "blob:")


def visit(
    context: BrowserContext, address: str, login: dict[str, str], how: str, measured: dict[str, list[float]]
) -> Page:
    """Open the address, sign in, wait for a page that can be used."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    began = time.perf_counter()
    page.goto(address)
    page.locator("#email").wait_for()
    keep(measured, f"{how}: address to login form", time.perf_counter() - began)
    keep(measured, f"{how}: login page, first contentful paint", painted(page))
    page.wait_for_load_state("networkidle")  # as while somebody types
    began = time.perf_counter()
    log_in(page, login["email"], login["password"])
    page.locator("#command-button").wait_for()  # commands come when the page is connected
    keep(measured, f"{how}: signing in to ready", time.perf_counter() - began)
    keep(measured, f"{how}: chat, first contentful paint", painted(page))
    keep(measured, f"{how}: transferred after signing in KB", page.evaluate(TRANSFERRED))
    return page


def tour(page: Page, measured: dict[str, list[float]]) -> None:
    """Every page that has a part of its own, and a question: until it shows, and until its first words."""
    for command, expect in PAGES.items():
        if expect == PLAIN:
            continue  # the line that asks for it looks the same
        page.locator("#chat-input").click()
        page.keyboard.type(f"/{command} ")  # with a space nothing is offered: Enter sends
        timed(measured, f"page /{command}", lambda: page.keyboard.press("Enter"), page, expect)
    page.locator("#chat-input").click()
    page.keyboard.type(QUESTION)
    words = ".step[data-step-type=assistant_message] .prose"
    timed(measured, "question to first words", lambda: page.keyboard.press("Enter"), page, words)


def timed(measured: dict[str, list[float]], what: str, act: Callable[[], None], page: Page, expect: str) -> None:
    """How long after `act` there is one more `expect`, and what was asked for is done."""
    before = page.locator(expect).count()
    began = time.perf_counter()
    act()
    page.locator(expect).nth(before).wait_for()
    keep(measured, what, time.perf_counter() - began)
    page.locator("#stop-button").wait_for(state="detached")  # while something runs, nothing else can be sent


def painted(page: Page) -> float:
    """Seconds from the start of the navigation to the first paint with something in it."""
    page.wait_for_function(f"({PAINTED}) !== null")
    return float(page.evaluate(PAINTED)) / 1000


def keep(measured: dict[str, list[float]], what: str, value: float) -> None:
    """Keep one more value."""
    measured.setdefault(what, []).append(value)


if __name__ == "__main__":
    main()
