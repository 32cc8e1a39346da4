"""Slash commands and words about files: what they mean, and that the tools they name take what they are given."""

from __future__ import annotations

import pytest

from core.errors import FixArguments
from tests.screen import load_chainlit
from tools.catalogue import validated
from tools.registry import catalogue

load_chainlit()

from chat.files import reading_of  # noqa: E402 - chainlit reads the environment when imported
from chat.pages import PAGES, commands, page_of  # noqa: E402


class Written:
    """A message as the screen hands it over."""

    def __init__(self, content: str, command: str | None = None) -> None:
        self.content, self.command = content, command


@pytest.mark.parametrize("name", list(PAGES))
def test_every_page_calls_tools_that_exist_with_arguments_they_take(name: str) -> None:
    for tool, arguments in PAGES[name].calls:
        assert validated(catalogue().get(tool).arguments, arguments)
    assert name in [command["id"] for command in commands()]


@pytest.mark.parametrize(
    ("message", "page"),
    [
        (Written("", "churn"), "churn"),
        (Written("/Churn "), "churn"),
        (Written("/nowhere"), None),
        (Written("how is churn?"), None),
        (Written("churn", "nowhere"), None),
    ],
)
def test_which_page_a_message_asks_for(message: Written, page: str | None) -> None:
    assert page_of(message) == page  # type: ignore[arg-type]


def test_corrections_of_a_file() -> None:
    assert reading_of("kind=orders, customer = CustomerID,name=") == {
        "kind": "orders",
        "overrides": {"customer": "CustomerID", "name": ""},
    }
    with pytest.raises(FixArguments, match="'orders' is not of the form"):
        reading_of("orders")
