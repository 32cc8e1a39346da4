"""How an organisation counts weeks and years and writes dates: bound for the length of one piece of work.

Whoever reads or writes a date in words asks here, because passing it along every sentence would bury the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from core.calendar import MONTH_NAMES
from core.errors import FixArguments

__all__ = ["FORMATS", "WEEKDAYS", "Conventions", "check_fiscal_year", "conventions", "follow", "following"]

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# A way of writing dates by its locale, and the same day written so.
FORMATS: Final = {"en-GB": "31 December 2026", "en-US": "December 31, 2026", "en-CA": "2026-12-31"}
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Conventions:
    """The day weeks begin with (0: Monday); month and day of the first day of the fiscal year and the way of writing
    dates, None as long as nobody has told them.
    """

    week_start: int = 0
    fiscal_start: tuple[int, int] | None = None
    formats: str | None = None

    def in_words(self) -> list[str]:
        """What of them was told and is not what most do, a sentence each."""
        told = [f"Weeks begin on {WEEKDAYS[self.week_start].capitalize()}."] if self.week_start else []
        if self.fiscal_start:
            month, day = self.fiscal_start
            told.append(f"The fiscal year begins on {day} {MONTH_NAMES[month - 1]}.")
        return told


USUAL: Final = Conventions()
_followed: ContextVar[Conventions] = ContextVar("conventions", default=USUAL)


def conventions() -> Conventions:
    """Those of the organisation at hand; what most of the world does where none is at hand."""
    return _followed.get()


def follow(these: Conventions) -> None:
    """Follow these conventions for the rest of this piece of work (of this task, where it runs in one)."""
    _followed.set(these)


@contextmanager
def following(these: Conventions) -> Iterator[None]:
    """Follow these conventions inside the block."""
    token = _followed.set(these)
    try:
        yield
    finally:
        _followed.reset(token)


def check_fiscal_year(first_day: str) -> tuple[int, int]:
    """Month and day of "04-01" or "04"; FixArguments for what is no first day of a year."""
    month, _, day = first_day.strip().partition("-")
    if first_day.isascii() and month.isdecimal() and (day.isdecimal() or not day):
        number, on = int(month), int(day or 1)
        if 1 <= number <= 12 and 1 <= on <= _LONGEST[number - 1] and (number, on) != (2, 29):
            return number, on
    raise FixArguments(
        f"'{first_day}' is no first day of a fiscal year; write month and day, such as 04-01.", field="fiscal_year"
    )
