"""An administrator exports and erases a customer on the customer's page."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.screen import Running, Screen
from tests.browser.test_pages import somebody

pytestmark = pytest.mark.browser


def test_a_customer_is_exported_and_erased(open_screen: Callable[..., Screen], aima: Running, tmp_path: Path) -> None:
    page = (screen := open_screen()).page
    screen.ask(f"/customer {somebody(aima, agreed=False)}", ".aima-rights")
    rights = page.locator(".aima-rights")
    with page.expect_download() as coming:
        rights.get_by_role("button", name="Export all data").click()
    coming.value.save_as(tmp_path / "person.zip")
    assert zipfile.ZipFile(tmp_path / "person.zip").testzip() is None
    rights.get_by_role("button", name="Erase this person").click()
    form = rights.get_by_role("form", name="Erase this person")
    form.wait_for()
    assert "Customers: 1" in form.inner_text()
    number = form.get_by_label("to erase this person").get_attribute("name") or ""
    erase = form.get_by_role("button", name="Erase", exact=True)
    assert erase.is_disabled()
    form.locator("input").fill(number)
    erase.click()
    page.get_by_text("# Certificate of erasure").wait_for()
    assert page.locator(".aima-rights").count() == 0
    page.get_by_role("link", name="Leave this conversation").click()
    page.locator("#command-button").wait_for()
    screen.choose("settings", ".aima-settings")
    page.get_by_role("heading", name="Erasures").wait_for()
    assert screen.errors == []
