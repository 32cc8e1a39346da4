"""Journeys: the touches before each conversion, and of those who did not convert, as flat arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import FixArguments

__all__ = ["Floats", "Ints", "Journeys", "journeys_of_paths"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=False)
class Journeys:
    """`n` journeys over `channels`.

    `codes` holds the touches of all journeys one after the other, oldest first, as places in `channels`; those of
    journey i are codes[starts[i]:starts[i + 1]]. `conversions` (n,): how often the journey ended in a conversion,
    `nulls` (n,): how often it did not, `value` (n,): what its conversions were worth in all. `ages`: days from each
    touch to the conversion, where times are known. No journey is empty.
    """

    channels: tuple[str, ...]
    codes: Ints
    starts: Ints
    conversions: Floats
    value: Floats
    nulls: Floats
    ages: Floats | None = None

    def __post_init__(self) -> None:
        _check(self)

    @property
    def size(self) -> int:
        """Number of journeys."""
        return self.starts.size - 1

    @cached_property
    def lengths(self) -> Ints:
        """Touches of each journey."""
        return np.diff(self.starts)

    @cached_property
    def owner(self) -> Ints:
        """The journey of each touch."""
        return np.repeat(np.arange(self.size), self.lengths)

    @cached_property
    def is_last(self) -> NDArray[np.bool_]:
        """Whether a touch is the last of its journey."""
        last = np.zeros(self.codes.size, dtype=bool)
        last[self.starts[1:] - 1] = True
        return last

    @cached_property
    def pairs(self) -> tuple[Ints, Ints, Ints]:
        """Each channel of each journey once: the journeys, the channels (both sorted), and the pair of each touch."""
        width = len(self.channels)
        keys, place = np.unique(self.owner * width + self.codes, return_inverse=True)
        return keys // width, keys % width, place.astype(np.int64)

    @cached_property
    def converting(self) -> Journeys:
        """Those that ended in a conversion."""
        return self.only(self.conversions > 0)

    def only(self, chosen: NDArray[np.bool_]) -> Journeys:
        """The journeys of a mask."""
        touches = np.repeat(chosen, self.lengths)
        starts = np.concatenate([[0], np.cumsum(self.lengths[chosen])]).astype(np.int64)
        return replace(
            self,
            codes=self.codes[touches],
            starts=starts,
            conversions=self.conversions[chosen],
            value=self.value[chosen],
            nulls=self.nulls[chosen],
            ages=None if self.ages is None else self.ages[touches],
        )

    def path(self, journey: int) -> list[str]:
        """The channels of one journey, oldest touch first."""
        return [self.channels[code] for code in self.codes[self.starts[journey] : self.starts[journey + 1]]]


def journeys_of_paths(
    paths: Sequence[Sequence[str]],
    conversions: ArrayLike,
    value: ArrayLike | None = None,
    nulls: ArrayLike | None = None,
    ages: Sequence[Sequence[float]] | None = None,
) -> Journeys:
    """Journeys from lists of names, each list one path with its counts; channels in alphabetical order.

    Names are taken as they are: nothing is joined, so any character may stand in them. FixArguments for an empty path
    and for counts that do not fit.
    """
    lengths = np.array([len(path) for path in paths], dtype=np.int64)
    flat = [name for path in paths for name in path]
    channels = tuple(sorted(set(flat)))
    places = {name: place for place, name in enumerate(channels)}
    zeros = np.zeros(len(paths))
    return Journeys(
        channels=channels,
        codes=np.array([places[name] for name in flat], dtype=np.int64),
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        conversions=np.asarray(conversions, dtype=np.float64),
        value=zeros if value is None else np.asarray(value, dtype=np.float64),
        nulls=zeros if nulls is None else np.asarray(nulls, dtype=np.float64),
        ages=None if ages is None else np.array([age for path in ages for age in path], dtype=np.float64),
    )


def _check(journeys: Journeys) -> None:
    lengths = np.diff(journeys.starts)
    if not lengths.size or lengths.min() < 1 or journeys.starts[-1] != journeys.codes.size:
        raise FixArguments("Attribution needs journeys, each with at least one touch.", field="journeys")
    for name in ("conversions", "value", "nulls"):
        counts = getattr(journeys, name)
        if counts.shape != lengths.shape or not np.isfinite(counts).all():
            raise FixArguments(f"Each journey needs one finite figure of {name}.", field=name)
    if min(journeys.conversions.min(), journeys.nulls.min()) < 0:
        raise FixArguments("Conversions and failures to convert are counts from 0.", field="conversions")
    if journeys.codes.size and not 0 <= journeys.codes.min() <= journeys.codes.max() < len(journeys.channels):
        raise FixArguments("A touch names a channel that does not exist.", field="codes")
    if journeys.ages is not None and (journeys.ages.shape != journeys.codes.shape or not (journeys.ages >= 0).all()):
        raise FixArguments("Each touch needs one age in days, from 0.", field="ages")
