"""Which records a sync asks for: those changed since the last one, or days that are read again; and where it stands.

A vendor's records may share an instant, come late or out of order, and change while they are read. So a mark is never
later than the instant at which the pass over the pages began, it moves on only when the last page has been read, and
the next pass begins `overlap` before it. Rows read twice change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict

from connectors.sources.pagers import Token
from connectors.sources.paths import look_up

__all__ = ["Days", "Position", "Since", "instant"]

MILLISECONDS_FROM = 100_000_000_000


class Position(BaseModel):
    """Where reading a stream goes on, as kept between syncs.

    `since`: everything changed before has been read. While a pass is under way: the instant it `began`, the `highest`
    mark seen in it, and the `page` (with days: the day) that comes next.
    """

    model_config = ConfigDict(frozen=True)

    since: datetime | None = None
    began: datetime | None = None
    highest: datetime | None = None
    page: Token | None = None

    def passed(self) -> Position:
        """The position once the last page of a pass has been read."""
        marks = [at for at in (self.highest, self.began) if at is not None]
        reached = min(marks) if self.highest else None
        return Position(since=max((at for at in (self.since, reached) if at), default=None))


@dataclass(frozen=True, slots=True)
class Since:
    """New and changed records: `field` of a record says when it changed, `parameter` asks for those from an instant on.

    `overlap` has to be longer than records take to show up in the vendor's list, and than its clock and ours differ.
    `form` writes an instant as the vendor wants it.
    """

    field: str
    parameter: str
    overlap: timedelta = timedelta(minutes=10)
    form: Callable[[datetime], Any] = lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}"

    def __post_init__(self) -> None:
        if self.overlap < timedelta(seconds=1):
            raise ValueError("records that share the last instant read would be lost without an overlap")

    def parameters(self, since: datetime | None) -> Mapping[str, Any]:
        """What to ask for; nothing the first time, when everything is read."""
        return {} if since is None else {self.parameter: self.form((since - self.overlap).astimezone(UTC))}

    def highest(self, records: Iterable[Mapping[str, Any]], so_far: datetime | None) -> datetime | None:
        """The latest change among these records and before."""
        found = (instant(look_up(record, self.field)) for record in records)
        return max((at for at in (*found, so_far) if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Days:
    """Figures by day, which the vendor corrects afterwards: the last `restated` days are read again by each sync.

    `since` and `until` are the parameters of the first and the last day asked for; `step` days are asked for and loaded
    together. The first sync begins `history` days back.
    """

    since: str
    until: str
    restated: int = 28
    step: int = 30
    history: int = 730
    form: Callable[[date], Any] = date.isoformat

    def __post_init__(self) -> None:
        if min(self.restated, self.step) < 1:
            raise ValueError("today is not over: at least one day is read again, and one at a time")

    def windows(self, position: Position, now: datetime) -> Iterator[tuple[date, date, Position]]:
        """First and last day of each window to be read up to today (UTC), and the position after it."""
        today = now.astimezone(UTC).date()
        if position.page is not None:
            first = date.fromisoformat(str(position.page))
        elif position.since is not None:
            first = position.since.astimezone(UTC).date() - timedelta(days=self.restated)
        else:
            first = today - timedelta(days=self.history)
        first = min(first, today)
        while (last := first + timedelta(days=self.step - 1)) < today:
            following = last + timedelta(days=1)
            yield first, last, position.model_copy(update={"page": following.isoformat()})
            first = following
        yield first, today, Position(since=datetime.combine(today, time(), UTC))

    def parameters(self, first: date, last: date) -> Mapping[str, Any]:
        """What to ask for."""
        return {self.since: self.form(first), self.until: self.form(last)}


def instant(value: Any) -> datetime | None:
    """An instant as vendors write it: ISO 8601 (UTC where no zone is given), or seconds or milliseconds since 1970."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return _iso(value)
    try:
        return datetime.fromtimestamp(number / 1000 if abs(number) >= MILLISECONDS_FROM else number, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _iso(value: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
