"""What an approval starts, by the kind of what was proposed; that of campaigns stands in approval.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from database.queries.proposals import ProposalRow
from tools.context import Context

__all__ = ["Start", "start_of", "starts"]

Begin = Callable[[Connection, Context, ProposalRow], Any]


@dataclass(frozen=True, slots=True)
class Start:
    """`begin` runs within the approval's transaction: it checks that what was shown still holds, starts it, and returns
    what approve_proposal does. `job` is asked for once that is committed, where it is active at once.
    """

    begin: Begin
    job: str


_STARTS: dict[str, Start] = {}


def starts(kind: str, *, job: str) -> Callable[[Begin], Begin]:
    """Declare what an approval of proposals of a kind starts."""

    def declare(begin: Begin) -> Begin:
        _STARTS[kind] = Start(begin, job)
        return begin

    return declare


def start_of(kind: str) -> Start | None:
    """What an approval of that kind starts; None where nothing is declared."""
    return _STARTS.get(kind)
