"""An administrator exports and erases a customer on the customer's page."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.engines.postgres import EmbeddedPostgres
from cli.engines.valkey import EmbeddedValkey
from cli.session import opened, organisation
from tests.browser.screen import Running, Screen, wait_for
from tests.browser.test_pages import somebody
from tests.integration.marked_person import everything

pytestmark = pytest.mark.browser


SEEN = {"chat.steps", "chat.elements", "checkpoints.checkpoint_blobs.blob"}


def places(aima: Running, *said: str) -> set[str]:
    """Where one of these words is found, as whole words."""
    word = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in said), re.IGNORECASE)
    with opened(aima.home) as session:
        org_id = organisation(session.database, "demo")
    where = EmbeddedPostgres(aima.home).owner_url, EmbeddedValkey(aima.home).redis_url, aima.home, org_id
    return {place for place, text in everything(*where) if word.search(text)}


def test_a_customer_is_exported_and_erased(open_screen: Callable[..., Screen], aima: Running, tmp_path: Path) -> None:
    number = somebody(aima, agreed=False)
    open_screen().ask(f"Tell me about customer {number}")
    page = (screen := open_screen()).page
    screen.ask(f"/customer {number}", ".aima-rights")
    email = page.locator(".aima-profile > .aima-inset").first.inner_text().split(" · ")[1]
    seen = wait_for("both conversations", lambda: (found := places(aima, number, email)) >= SEEN and found)
    assert "public.customers" in seen
    rights = page.locator(".aima-rights")
    with page.expect_download() as coming:
        rights.get_by_role("button", name="Export all data").click()
    coming.value.save_as(tmp_path / "person.zip")
    assert zipfile.ZipFile(tmp_path / "person.zip").testzip() is None
    rights.get_by_role("button", name="Erase this person").click()
    form = rights.get_by_role("form", name="Erase this person")
    form.wait_for()
    assert "Customers: 1" in form.inner_text()
    erase = form.get_by_role("button", name="Erase", exact=True)
    assert erase.is_disabled()
    form.locator("input").fill(number)
    erase.click()
    page.get_by_text("# Certificate of erasure").wait_for()
    assert page.locator(".aima-rights").count() == 0
    assert places(aima, number, email) == set()
    page.get_by_role("link", name="Leave this conversation").click()
    page.locator("#command-button").wait_for()
    screen.choose("settings", ".aima-settings")
    page.get_by_role("heading", name="Erasures").wait_for()
    assert screen.errors == []
    assert places(aima, number, email) == set(), "nor has leaving the page written of them again"
