"""What the values of a column look like: the evidence for a mapping where names do not tell."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from connectors.files.consents import are_consents
from connectors.files.dates import looks_like_dates, serials
from connectors.files.numbers import read_decimals
from connectors.files.paths import BETWEEN
from connectors.files.statuses import known_share
from connectors.files.touch_kinds import CLICKED, VIEWED

MISSING = ("", "null", "NULL", "Null", "nan", "NaN", "None", "\\N", "N/A", "n/a", "#N/A")
PROBE = 2_000
NUMBER_FORM = r"^[^\d]{0,12}\d[^\p{L}/:@]*\p{L}{0,4}[^\p{L}/:@]{0,4}$"


@dataclass(frozen=True, slots=True)
class Appearance:
    """Shares are of the filled values of the sample."""

    filled: float
    dates: float
    numbers: float
    decimals: float
    whole: float
    padded: float
    distinct: float
    average: float
    emails: float
    consents: float = 0.0
    telling_consents: float = 0.0
    serials: float = 0.0
    statuses: float = 0.0
    paths: float = 0.0
    interactions: float = 0.0

    @property
    def is_identifier(self) -> bool:
        """Could name a thing: no amount, no date, not mostly one value."""
        return self.filled > 0 and self.dates < 0.9 and self.decimals == 0

    @property
    def is_empty(self) -> bool:
        """No value in the sample."""
        return self.filled == 0


def appearance(values: pl.Series) -> Appearance:
    """Look at a column of text."""
    known = clean(values).drop_nulls()
    if known.is_empty():
        return Appearance(0, 0, 0, 0, 0, 0, 0, 0, 0)
    probe = known.head(PROBE)
    consents, telling = are_consents(probe)
    numbers = _numbers(probe)
    return Appearance(
        filled=len(known) / len(values),
        dates=looks_like_dates(probe),
        numbers=len(numbers) / len(probe),
        decimals=_share(probe, r"^\D{0,3}\d[\d,. ]*[.,]\d{1,4}\D{0,3}$"),
        whole=_share(probe, r"^-?\d+$"),
        padded=_share(probe, r"^0\d+$"),
        distinct=known.n_unique() / len(known),
        average=float(numbers.cast(pl.Float64).abs().mean() or 0) if len(numbers) else 0.0,  # type: ignore[arg-type]
        emails=_share(probe, r"^[^@\s]+@[^@\s]+\.[^@\s]+$"),
        consents=consents,
        telling_consents=telling,
        serials=serials(probe),
        statuses=known_share(probe),
        paths=_share(probe, BETWEEN),
        interactions=float(probe.str.to_lowercase().is_in((*CLICKED, *VIEWED)).sum()) / len(probe),
    )


def _numbers(probe: pl.Series) -> pl.Series:
    """The values that are numbers by the decimal mark that makes most of them numbers."""
    like = probe.filter(probe.str.contains(NUMBER_FORM))
    points = read_decimals(like).drop_nulls()
    if len(points) == len(like):
        return points
    return max(points, read_decimals(like, ",").drop_nulls(), key=len)


def clean(values: pl.Series) -> pl.Series:
    """Without blanks around the values; null where the value says that there is none."""
    stripped = values.str.strip_chars()
    missing = stripped.is_in(MISSING)
    return stripped.set(missing, None) if missing.any() else stripped


def _share(values: pl.Series, pattern: str) -> float:
    return float(values.str.contains(pattern).sum()) / len(values)
