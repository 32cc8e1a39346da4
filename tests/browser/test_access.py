"""Everybody can use it: axe finds nothing serious on any page, and the main journeys need no mouse."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.browser.screen import PAGES, PATIENCE_S, Running, Screen, log_in, wait_for
from tests.samples import one_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
OFTEN = ("dashboard", "customers", "segments", "week", "forecast", "settings")


def serious(page: Page, rule: str = "") -> list[str]:
    """What axe calls serious or worse on the page as it is now, by all of its rules or by one."""
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_timeout(600)  # names are given as parts appear
    options = {"resultTypes": ["violations"]} | ({"runOnly": [rule]} if rule else {})
    found: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:160]} ({node['failureSummary'].splitlines()[1].strip()})"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"][:4]
    ]


@pytest.mark.parametrize("scheme", one_in(2, ["light", "dark"]))
def test_nothing_serious_on_the_login_page_which_looks_as_the_system_does(
    chromium: Browser, aima: Running, scheme: str
) -> None:
    context = chromium.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{aima.address}/login")
    assert page.evaluate("document.documentElement.className") == scheme
    assert serious(page) == []
    log_in(page, aima.login()[0], "wrong, quite certainly")
    page.locator("[role=alert]").wait_for()
    page.locator("summary").first.click()
    assert serious(page) == []
    log_in(page, *aima.login())
    page.locator("#command-button").wait_for()
    assert scheme in page.evaluate("document.documentElement.className").split()
    assert serious(page) == []
    context.close()


@pytest.mark.parametrize(
    ("scheme", "looked_at"),
    [
        ("light", OFTEN),
        pytest.param("light", PAGES, marks=pytest.mark.slow),
        pytest.param("dark", PAGES, marks=pytest.mark.slow),
    ],
)
def test_nothing_serious_on_any_page(
    open_screen: Callable[..., Screen], scheme: Literal["light", "dark"], looked_at: Collection[str]
) -> None:
    screen = open_screen()
    page = screen.page
    page.emulate_media(color_scheme=scheme)
    page.locator(f"html.{scheme}").wait_for()
    found = {}
    for command, expect in PAGES.items():
        if command not in looked_at:
            continue
        screen.choose(command, expect)
        if violations := serious(page, "color-contrast" if scheme == "dark" else ""):
            found[command] = violations
        page.locator("#header #new-chat-button").click()
        page.locator("#welcome-screen").wait_for()
        page.locator("#command-button").wait_for()
    assert found == {}


def test_nothing_serious_in_a_conversation(open_screen: Callable[..., Screen]) -> None:
    screen = open_screen()
    page = screen.page
    screen.ask("What was our revenue by month?")
    page.locator(".aima-chart svg polyline").first.wait_for()
    screen.ask("Write a win-back email to the At Risk customers", ".aima-card[data-status=pending]")
    page.locator("#header #sidebar-trigger-button").click()
    page.locator("[data-sidebar=menu-item]").first.wait_for()
    assert serious(page) == []
    page.locator("#search-chats-button").click()
    page.locator("[role=dialog] [cmdk-input]").wait_for()
    assert serious(page) == []


def test_an_answer_is_announced_and_questions_are_headings(open_screen: Callable[..., Screen]) -> None:
    screen = open_screen()
    page = screen.page
    news = page.locator(".aima-said[aria-live=polite]")
    assert news.inner_text() == "", "what stands there already is no news"
    screen.ask("How many customers do we have?")
    wait_for("the answer to be said", lambda: re.search(r"\d,\d\d\d customers", news.text_content() or ""))
    headings = page.get_by_role("heading", level=2)
    assert "How many customers do we have?" in headings.last.inner_text()


def test_a_closed_sidebar_is_no_stop_and_every_button_has_a_name(open_screen: Callable[..., Screen]) -> None:
    screen = open_screen()
    page = screen.page
    screen.ask("How many customers do we have?")
    page.mouse.click(700, 5)
    names = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["end"]:
            break
        assert stop["x"] >= 0, f"{stop} is out of sight"
        assert stop["seen"], f"{stop['name']} does not show that it has the focus"
        names.append(stop["name"])
    assert all(names), names
    assert "Conversations" in names
    nameless = page.evaluate(
        "[...document.querySelectorAll('button, [role=button], input, textarea, select')]"
        ".filter(n => n.offsetParent && !(n.getAttribute('aria-label') || n.textContent.trim() || n.labels?.length"
        " || n.title || n.getAttribute('aria-labelledby'))).map(n => n.outerHTML.slice(0, 150))"
    )
    assert nameless == []


def test_the_main_journeys_need_no_mouse(open_screen: Callable[..., Screen]) -> None:
    page = open_screen().page
    keys = page.keyboard
    reach(page, "#chat-input")
    keys.type("Write a win-back email to the Lost customers")
    keys.press("Enter")
    page.locator(".aima-card[data-status=pending]").wait_for(timeout=PATIENCE_S * 1000)
    reach(page, ".aima-card .aima-go", back=True)
    keys.press("Enter")
    page.locator("text=is carried out").first.wait_for(timeout=PATIENCE_S * 1000)
    reach(page, "#chat-input")
    keys.type("/settings")
    page.wait_for_timeout(500)
    keys.press("Enter")
    page.locator(".aima-settings input[name=name]").wait_for(timeout=PATIENCE_S * 1000)
    reach(page, ".aima-settings select[name=week_start]", back=True)
    keys.press("ArrowDown")
    reach(page, ".aima-settings .aima-go")
    keys.press("Enter")
    page.locator("text=Every figure is now read so").wait_for()
    assert page.locator("select[name=week_start]").input_value() == "sunday"
    page.locator("select[name=week_start]").select_option("monday")
    page.locator(".aima-settings .aima-go").first.click()
    page.locator("text=Every figure is now read so").wait_for()
    reach(page, "#chat-input")
    keys.type("/segments")
    page.wait_for_timeout(500)
    keys.press("Enter")
    page.locator(".aima-editor").wait_for(timeout=PATIENCE_S * 1000)
    reach(page, ".aima-editor [aria-label='In words']", back=True)
    keys.type("spent over 300")
    keys.press("Tab")
    keys.press("Enter")
    wait_for("the rule", lambda: page.locator(".aima-editor input[aria-label=Value]").input_value() == "300")


FOCUSED = """() => {
    const node = document.activeElement, box = node.getBoundingClientRect(), style = getComputedStyle(node);
    const around = node.closest('#message-composer');
    const seen = style.outlineStyle !== 'none' && style.outlineWidth !== '0px'
        || (around && getComputedStyle(around).boxShadow !== 'none');
    const label = node.labels && node.labels.length ? node.labels[0].textContent : node.title || '';
    const name = node.getAttribute('aria-label') || node.textContent.trim().slice(0, 40) || label;
    return { end: node === document.body, x: box.x + box.width, seen, name };
}"""


def reach(page: Page, target: str, *, back: bool = False) -> None:
    """Go to `target` with Tab alone."""

    def there() -> bool:
        return bool(page.evaluate("t => document.activeElement && document.activeElement.matches(t)", target))

    for _ in range(150):
        if there():
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{target} was not reached with the keyboard")
