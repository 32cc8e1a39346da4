"""Weekly sales, spend and controls as the model takes them, and what experiments measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import FixArguments

__all__ = ["LiftTest", "Series"]

Array = NDArray[np.float64]
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class LiftTest:
    """What an experiment measured of a channel: spend a week moved by `change` from `spend`, sales a week by `lift`.

    Money a week; `error` is the standard error of `lift`, above 0. A channel switched off has change = -spend and a
    negative lift. The effect is that of spend held long enough for its carryover to be over. name: what it is called.
    """

    channel: str
    spend: float
    change: float
    lift: float
    error: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Consecutive weeks: their first days, sales (weeks), spend (weeks, channels), and controls by name (weeks).

    Errors: FixArguments where lengths differ, weeks are missing or doubled, a figure is not finite, or spend is
    negative.
    """

    weeks: Sequence[date]
    sales: Array
    spend: Array
    channels: Sequence[str]
    controls: Mapping[str, Array] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        weeks: Sequence[date],
        sales: ArrayLike,
        spend: Mapping[str, ArrayLike],
        controls: Mapping[str, ArrayLike] | None = None,
    ) -> Series:
        """Check and arrange; channels keep the order of `spend`."""
        named = {name: np.asarray(values, dtype=np.float64) for name, values in spend.items()}
        others = {name: np.asarray(values, dtype=np.float64) for name, values in (controls or {}).items()}
        result = np.asarray(sales, dtype=np.float64)
        for name, values in {"sales": result, **named, **others}.items():
            if values.shape != (len(weeks),):
                raise FixArguments(f"“{name}” has {values.size} figures for {len(weeks)} weeks; give one a week.")
            if not np.isfinite(values).all():
                raise FixArguments(f"“{name}” has gaps or infinite figures; fill them, with 0 where nothing was spent.")
        for name, values in named.items():
            if (values < 0).any():
                raise FixArguments(f"The spend of “{name}” is negative in some week; spend is 0 or more.")
        for earlier, later in pairwise(weeks):
            if later - earlier != WEEK:
                raise FixArguments(f"The weeks are not consecutive: {later} follows {earlier}; they are 7 days apart.")
        columns = np.column_stack(list(named.values())) if named else np.zeros((len(weeks), 0))
        return cls(list(weeks), result, columns, list(named), others)

    def last(self, weeks: int) -> Array:
        """Mean spend a week of each channel over the last `weeks`."""
        return np.asarray(self.spend[-weeks:].mean(axis=0))

    def only(self, channels: Sequence[str]) -> Series:
        """The same weeks with some of the channels."""
        places = [list(self.channels).index(name) for name in channels]
        return Series(self.weeks, self.sales, self.spend[:, places], list(channels), self.controls)

    def without(self, control: str) -> Series:
        """The same weeks with one control less."""
        kept = {name: values for name, values in self.controls.items() if name != control}
        return Series(self.weeks, self.sales, self.spend, self.channels, kept)

    def beside(self, name: str, values: Array) -> Series:
        """The same weeks with one control more."""
        return Series(self.weeks, self.sales, self.spend, self.channels, {**self.controls, name: values})

    def before(self, weeks: int) -> Series:
        """Without the last `weeks`."""
        upto = len(self.weeks) - weeks
        kept = {name: values[:upto] for name, values in self.controls.items()}
        return Series(self.weeks[:upto], self.sales[:upto], self.spend[:upto], self.channels, kept)
