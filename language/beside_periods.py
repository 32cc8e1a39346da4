# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""What is said beside periods: how long one is, and that several are added up into one figure."""

from __future__ import annotations

from typing import Final

from core.calendar import whole_months
from language.periods import Period
from language.words import Draft

__all__ = ["take_added_up", "take_length"]

_IN_A_WEEK: Final = 7
# "2023 and 2024 added up": one figure of all of them
_ADDED_UP: Final = (
    r" ?,? ?\(?\b(?:all |both |the 2 |taken |put |them )*(?:added (?:up|together)|adding (?:them|both|up)(?: up)?|add (?:them|both)(?: up| together)?|summed(?: up)?|taken together|put together"
    r"|combined|together|as (?:1|a single) (?:figure|number|sum))\b\)?"
)


def take_length(draft: Draft, periods: list[Period]) -> None:
    """ "November 2011 (30 days)", "the 4 weeks 31 Oct to 27 Nov": said of a period that has so many, it is no other one."""
    lengths = [_lengths(p) for p in periods if p.start and p.end]
    if not lengths:
        return
    said = "|".join(sorted(set().union(*lengths)))
    days = "|".join(sorted({length.removesuffix(" days") for each in lengths for length in each if "days" in length}))
    draft.take(rf"(?<=<period>) ?\( ?(?:{days}) (?:calendar )?days ?\)", " ")
    draft.take(rf"\b(?:(?:in|over|during|for|across|of) )?(?:the )?(?:{said})(?: from| of|,|:)? ?(?=<period>)", " ")


def _lengths(period: Period) -> set[str]:
    assert period.start is not None  # noqa: S101 - of closed periods alone
    assert period.end is not None  # noqa: S101
    days = (period.end - period.start).days + 1
    said = {f"{days} days"}
    if days % _IN_A_WEEK == 0:
        said |= {f"{days // _IN_A_WEEK} weeks"}
    if months := whole_months(period.start, period.end):
        said |= {f"{months} months"}
    return said


def take_added_up(draft: Draft, periods: list[Period]) -> bool:
    """Whether one figure of several periods is asked for: "December 2023 and 2024 together"."""
    if len(periods) < 2 or draft.text.count("<period>") < 2:
        return False
    beside = rf"(?<=<period>){_ADDED_UP}"
    return bool(draft.take(beside, " ") or draft.take(rf"^{_ADDED_UP}[,:]", " "))
