"""What conversations are called."""

from __future__ import annotations

import pytest

from tests.screen import load_chainlit

load_chainlit()

from chat.naming import LONGEST_NAME, name_of, title_of_page  # noqa: E402 - chainlit reads the environment
from chat.pages import ONE, PAGES  # noqa: E402


@pytest.mark.parametrize(
    ("said", "command", "name"),
    [
        ("", "dashboard", "Dashboard"),
        ("", "value", "Customer value"),
        ("Berlin", "customers", "Customers: Berlin"),
        ("/SEGMENTS", None, "Segments"),
        ("/undo 4", None, "Undo import 4"),
        ("  What was\n our  revenue? ", None, "What was our revenue?"),
        ("/", None, "/"),
        (" ", None, ""),
    ],
)
def test_a_conversation_is_called_by_what_it_began_with(said: str, command: str | None, name: str) -> None:
    assert name_of(said, command) == name


@pytest.mark.parametrize("page", [*PAGES, *ONE])
def test_every_page_has_a_title(page: str) -> None:
    title = title_of_page(page, "x" * 500)
    assert title[0].isupper()
    assert not title.startswith("/")
    assert len(title) <= LONGEST_NAME
