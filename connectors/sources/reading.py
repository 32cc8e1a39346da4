"""Reading a stream from where it stands: batches with the importer's columns, each with the position after it.

A batch is to be loaded, and its position kept, in one transaction. Whoever is killed in between reads it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.files.reading import Problem
from connectors.sources.contract import Generated, Record, S, Source, Stream
from connectors.sources.cursors import Days, Position, Since
from connectors.sources.http import Client, Declined
from connectors.sources.pagers import Token
from connectors.sources.paths import look_up
from connectors.sources.rows import frames_of, latest_of
from core.errors import GiveUp

if TYPE_CHECKING:
    import polars as pl

__all__ = ["BATCH_RECORDS", "Batch", "read"]

BATCH_RECORDS = 2_000


@dataclass(frozen=True, slots=True)
class Batch:
    """(table, frame) pairs to be loaded together, where the stream then goes on, the rows left out and why."""

    tables: Iterable[tuple[str, pl.DataFrame]]
    position: Position
    records: int = 0
    left_out: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Page:
    """Records, and the position after them; None where they must not be loaded without the page that follows."""

    records: list[Record]
    position: Position | None


def read(
    source: Source[S],
    stream: Stream | Generated[S],
    settings: S,
    position: Position,
    now: datetime,
) -> Iterator[Batch]:
    """What is new in `stream` since `position`, at least BATCH_RECORDS records at a time but for the last.

    Errors: those of `Client.fetch`; GiveUp where the answers are not what the stream declares.
    """
    if isinstance(stream, Generated):
        if position.since is None:
            yield Batch(stream.tables(settings), Position(since=now))
        return
    with source.client(settings) as client:
        if isinstance(stream.cursor, Days):
            pages = _by_days(client, stream, stream.cursor, position, now)
        else:
            pages = _by_pages(client, stream, stream.cursor, position, now)
        gathered: list[Record] = []
        reached = None
        for page in pages:
            gathered += page.records
            reached = page.position
            if reached is not None and len(gathered) >= BATCH_RECORDS:
                yield _batch(stream, gathered, reached, now)
                gathered, reached = [], None
        if reached is not None:
            yield _batch(stream, gathered, reached, now)


def _batch(stream: Stream, records: list[Record], position: Position, now: datetime) -> Batch:
    tables, left_out, problems = frames_of(stream, latest_of(stream, records), now)
    return Batch(tables, position, len(records), left_out, problems)


def _by_pages(
    client: Client, stream: Stream, cursor: Since | None, position: Position, now: datetime
) -> Iterator[_Page]:
    """One pass over the pages, or the rest of one that was cut off."""
    resumed = position.page is not None
    here = position if resumed else Position(since=position.since, began=now)
    asked = cursor.parameters(here.since) if cursor else {}
    while True:
        try:
            records, following = _fetch(client, stream, here.page, asked)
        except Declined:
            if not resumed:
                raise
            here, resumed = Position(since=here.since, began=now), False  # the vendor has forgotten the page
            continue
        resumed = False
        highest = cursor.highest(records, here.highest) if cursor else None
        here = here.model_copy(update={"highest": highest, "page": following})
        if following is None:
            yield _Page(records, here.passed())
            return
        yield _Page(records, here)


def _by_days(client: Client, stream: Stream, cursor: Days, position: Position, now: datetime) -> Iterator[_Page]:
    """Windows of days, each to be loaded whole: a day's figures may come in parts on several pages."""
    for first, last, after in cursor.windows(position, now):
        token: Token | None = None
        while True:
            records, token = _fetch(client, stream, token, cursor.parameters(first, last))
            yield _Page(records, after if token is None else None)
            if token is None:
                break


def _fetch(
    client: Client, stream: Stream, token: Token | None, asked: Mapping[str, Any]
) -> tuple[list[Record], Token | None]:
    """The records of a page, and the token of the one that follows."""
    link, paging = stream.pager.ask(token)
    if link is not None:
        answer = client.fetch(link, {})
    else:
        answer = client.fetch(stream.path, {**stream.parameters, **asked, **paging}, method=stream.method)
    records = look_up(answer.body, stream.records)
    if not isinstance(records, list):
        raise GiveUp(f"The answer at {stream.path} has no list at '{stream.records}', where {stream.name} should be.")
    following = stream.pager.following(answer, token, len(records))
    if following is not None and following == token:
        raise GiveUp(f"The pages of {stream.name} go round in circles.")
    return records, following
