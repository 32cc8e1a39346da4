"""What a fit anew has changed: each channel over the weeks that both fits know, and what changed in the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analytics.mix.effects import Interval, interval
from analytics.mix.posterior import Posterior
from analytics.mix.series import Series

__all__ = ["ChannelChange", "DataChange", "Restated", "Stability", "compared"]

Array = NDArray[np.float64]
FEWEST_WEEKS = 26  # in common
LITTLE = 0.25  # of the width of the earlier interval: a move that means nothing
RESTATED = 0.001  # relative change from which a week counts as stated anew

Verdict = Literal["stable", "within", "beyond"]
RANK: tuple[Verdict, ...] = ("stable", "within", "beyond")


@dataclass(frozen=True, slots=True)
class ChannelChange:
    """One channel over the weeks in common, before and after. verdict: of the ROI's new mean against its earlier
    interval: stable (moved by at most a quarter of its width), within it, or beyond it. agree: the intervals overlap.
    """

    channel: str
    roi_before: Interval
    roi_after: Interval
    brought_before: Interval
    brought_after: Interval
    agree: bool
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Restated:
    """A week whose figure is another than when the model was fitted before; `what`: sales, or a channel's spend."""

    week: date
    what: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class DataChange:
    """What the later fit had that the earlier had not, and the other way round."""

    weeks_added: int
    weeks_gone: int
    restated: list[Restated]
    channels_added: list[str]
    channels_gone: list[str]


@dataclass(frozen=True, slots=True)
class Stability:
    """An earlier and a later fit over the same weeks."""

    first: date
    last: date
    weeks: int
    channels: list[ChannelChange]
    data: DataChange

    @property
    def verdict(self) -> Verdict:
        """The worst of the channels."""
        return max((change.verdict for change in self.channels), key=RANK.index)


def compared(before: Posterior, after: Posterior) -> Stability | None:
    """The later fit against the earlier, each with the data it was fitted to, over the weeks that both know.

    None where they have fewer than 26 weeks or no channel in common.
    """
    old, new = before.design.series, after.design.series
    weeks = sorted(set(old.weeks) & set(new.weeks))
    if len(weeks) < FEWEST_WEEKS:
        return None
    earlier, later = _over(before, weeks), _over(after, weeks)
    names = [name for name in earlier if name in later and earlier[name][1] > 0 and later[name][1] > 0]
    if not names:
        return None
    changes = [_change(name, earlier[name], later[name]) for name in names]
    data = DataChange(
        len(set(new.weeks) - set(old.weeks)), len(set(old.weeks) - set(new.weeks)), _restated(old, new, weeks),
        [name for name in new.channels if name not in old.channels],
        [name for name in old.channels if name not in new.channels],
    )  # fmt: skip
    return Stability(weeks[0], weeks[-1], len(weeks), changes, data)


def _over(posterior: Posterior, weeks: Sequence[date]) -> dict[str, tuple[Array, float]]:
    """By channel, draws of what it brought in these weeks, and what was spent in them."""
    series = posterior.design.series
    places = [list(series.weeks).index(week) for week in weeks]
    brought = posterior.curves.contributions(series.spend)[:, places].sum(axis=1)
    spend = series.spend[places].sum(axis=0)
    return {name: (brought[:, c], float(spend[c])) for c, name in enumerate(series.channels)}


def _change(channel: str, before: tuple[Array, float], after: tuple[Array, float]) -> ChannelChange:
    (old, spent_old), (new, spent_new) = before, after
    roi_old, roi_new = interval(old / spent_old), interval(new / spent_new)
    return ChannelChange(
        channel, roi_old, roi_new, interval(old), interval(new),
        roi_old.low <= roi_new.high and roi_new.low <= roi_old.high, _verdict(roi_old, roi_new.mean),
    )  # fmt: skip


def _verdict(before: Interval, now: float) -> Verdict:
    if abs(now - before.mean) <= LITTLE * (before.high - before.low):
        return "stable"
    return "within" if before.low <= now <= before.high else "beyond"


def _restated(old: Series, new: Series, weeks: Sequence[date]) -> list[Restated]:
    """Figures of weeks in common that differ, week by week."""
    before, after = _columns(old), _columns(new)
    found = []
    for week in weeks:
        i, j = list(old.weeks).index(week), list(new.weeks).index(week)
        for what in before.keys() & after.keys():
            was, now = float(before[what][i]), float(after[what][j])
            if abs(now - was) > RESTATED * max(abs(was), abs(now)):
                found.append(Restated(week, what, was, now))
    return sorted(found, key=lambda one: (one.week, one.what != "sales", one.what))


def _columns(series: Series) -> dict[str, Array]:
    return {"sales": series.sales, **dict(zip(series.channels, series.spend.T, strict=True))}
