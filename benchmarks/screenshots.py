"""Pictures of the pages of a running demo shop, to be looked at or shown; those of the README are made by it, too:

python -m benchmarks.screenshots --home ~/.aima --folder docs/pictures answer dashboard campaign

python -m benchmarks.screenshots --home ~/.aima [--address http://127.0.0.1:8000] [--folder pictures] [NAME …]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from benchmarks.first_screen import chromium
from tests.browser.screen import Screen, log_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SETTLED_MS = 1_500  # charts have moved into place
Scheme = Literal["light", "dark"]


def first(screen: Screen) -> None:
    """What a day begins with."""
    screen.page.locator("#command-button").wait_for()


def answer(screen: Screen) -> None:
    """A question with its chart and where its figures come from."""
    screen.ask("What was our revenue by month?")
    screen.page.locator(".aima-chart svg polyline").first.wait_for()
    to_top(screen)


def campaign(screen: Screen) -> None:
    """A campaign that waits for a person."""
    screen.ask("Write a win-back email to the At Risk customers", ".aima-card[data-status=pending]")
    screen.page.locator(".aima-card").last.scroll_into_view_if_needed()


def shows(command: str, expect: str) -> Callable[[Screen], None]:
    """A page from its top."""

    def show(screen: Screen) -> None:
        screen.choose(command, expect)
        to_top(screen)

    return show


def to_top(screen: Screen) -> None:
    """Back to where the answer begins."""
    screen.page.locator("[data-step-type=user_message]").last.scroll_into_view_if_needed()


SHOTS: dict[str, tuple[Callable[[Screen], None], int, int, Scheme]] = {
    "first-page": (first, 1280, 860, "light"),
    "answer": (answer, 1280, 900, "light"),
    "campaign": (campaign, 1280, 900, "light"),
    "dashboard": (shows("dashboard", ".aima-dashboard"), 1280, 900, "light"),
    "dashboard-dark": (shows("dashboard", ".aima-dashboard"), 1280, 900, "dark"),
    "segments": (shows("segments", ".aima-editor"), 1280, 900, "light"),
    "phone": (first, 390, 844, "light"),
}


def main() -> None:
    """Take them all, or those named."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--home", type=Path, required=True, help="Data folder of the running AIMA.")
    options.add_argument("--address", default="http://127.0.0.1:8000")
    options.add_argument("--folder", type=Path, default=Path("pictures"))
    options.add_argument("names", nargs="*", help=f"Which: {', '.join(SHOTS)}. All otherwise.")
    asked = options.parse_args()
    login = json.loads((asked.home / "first_logins.json").read_text())["demo"]
    asked.folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for name in asked.names or SHOTS:
            path = asked.folder / f"{name}.png"
            take(browser, asked.address, login, name, path)
            print(path)


def take(browser: Browser, address: str, login: dict[str, str], name: str, path: Path) -> None:
    """Take one picture in a browser of its own."""
    show, width, height, scheme = SHOTS[name]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    log_in(page, login["email"], login["password"])
    page.locator("#command-button").wait_for()
    show(Screen(page, [], []))
    page.wait_for_timeout(SETTLED_MS)
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main()
