"""How a list that comes in pages is asked for, and how one knows that there are more.

A page goes by a token: whatever of the answer before it (a link, a number, the vendor's own cursor) finds it again,
also in another process. None is the first page. Numbers and offsets shift where a list is ordered by the time of
change; let such a vendor order by id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urljoin

import httpx

from connectors.sources.paths import look_up

__all__ = ["Answer", "CursorToken", "NextLink", "Offset", "OnePage", "PageNumber", "Pager", "Token"]

Token = str | int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a vendor said: its JSON and its headers, and where."""

    body: Any
    headers: httpx.Headers
    url: str = field(default="", repr=False)


class Pager(Protocol):
    """A way of paging."""

    def ask(self, token: Token | None) -> tuple[str | None, Mapping[str, Any]]:
        """How to ask for a page: a link to be followed as it is, or None; and parameters to add."""

    def following(self, answer: Answer, token: Token | None, records: int) -> Token | None:
        """The token of the page after the one that `token` gave, with so many `records`; None after the last."""


@dataclass(frozen=True, slots=True)
class OnePage:
    """Everything comes at once."""

    def ask(self, token: Token | None) -> tuple[str | None, Mapping[str, Any]]:
        """Nothing to add."""
        return None, {}

    def following(self, answer: Answer, token: Token | None, records: int) -> Token | None:
        """There is no other page."""
        return None


@dataclass(frozen=True, slots=True)
class NextLink:
    """Each answer links to the next page: at `path` of the body, or without a path in its Link header (RFC 8288)."""

    path: str = ""

    def ask(self, token: Token | None) -> tuple[str | None, Mapping[str, Any]]:
        """The link, which has all parameters in it."""
        return (None if token is None else str(token)), {}

    def following(self, answer: Answer, token: Token | None, records: int) -> Token | None:
        """The link, where there is one."""
        if self.path:
            link = look_up(answer.body, self.path)
        else:
            link = httpx.Response(200, headers=answer.headers).links.get("next", {}).get("url")
        return urljoin(answer.url, str(link)) if link else None  # a link may be relative to the page it stands on


@dataclass(frozen=True, slots=True)
class CursorToken:
    """Each answer holds, at `path`, the token that `parameter` asks for the next page with."""

    path: str
    parameter: str

    def ask(self, token: Token | None) -> tuple[str | None, Mapping[str, Any]]:
        """The token, from the second page on."""
        return None, {} if token is None else {self.parameter: token}

    def following(self, answer: Answer, token: Token | None, records: int) -> Token | None:
        """The token, where there is one."""
        return look_up(answer.body, self.path) or None


@dataclass(frozen=True, slots=True)
class PageNumber:
    """Pages have numbers from `first` on. The last is the one that reaches `total` (a path in the body), else an empty
    one: pages may be shorter than asked for."""

    parameter: str = "page"
    size_parameter: str = "per_page"
    size: int = 100
    first: int = 1
    total: str = ""

    def ask(self, token: Token | None) -> tuple[str | None, Mapping[str, Any]]:
        """Number and size."""
        return None, {self.parameter: self.first if token is None else token, self.size_parameter: self.size}

    def following(self, answer: Answer, token: Token | None, records: int) -> Token | None:
        """The number after this one."""
        number = self.first if token is None else int(token)
        return number + 1 if _more(answer, self.total, (number + 1 - self.first) * self.size, records) else None


@dataclass(frozen=True, slots=True)
class Offset:
    """Pages begin so many records after the first. Their end is found as with PageNumber."""

    parameter: str = "offset"
    size_parameter: str = "limit"
    size: int = 100
    total: str = ""

    def ask(self, token: Token | None) -> tuple[str | None, Mapping[str, Any]]:
        """Offset and size."""
        return None, {self.parameter: 0 if token is None else token, self.size_parameter: self.size}

    def following(self, answer: Answer, token: Token | None, records: int) -> Token | None:
        """The offset after the records that came."""
        reached = (0 if token is None else int(token)) + records
        return reached if _more(answer, self.total, reached, records) else None


def _more(answer: Answer, total: str, reached: int, records: int) -> bool:
    if not total:
        return records > 0
    known = look_up(answer.body, total)
    return records > 0 and (known is None or reached < int(known))
