"""Dates as they are written in files: which form a column uses, and reading it.

Day and month are told apart by the values (a first number over 12, or a second one); where no value decides, nothing is
guessed. Times without a zone are read in the zone given; in the repeated hour of autumn the earlier instant is taken,
and a time in the skipped hour of spring is no time at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import polars as pl

from core.errors import FixArguments

DateOrder = Literal["dmy", "mdy"]

ISO_PARTS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d")
NAMED_PARTS = ("%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%b %d %Y", "%d %B %Y", "%B %d, %Y")
NUMERIC_PARTS: dict[DateOrder, tuple[str, ...]] = {
    "dmy": ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y", "%d-%m-%y"),
    "mdy": ("%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y", "%m/%d/%y", "%m.%d.%y", "%m-%d-%y"),
}
CLOCKS = (" %H:%M:%S", "", " %H:%M", " %H:%M:%S%.f", "T%H:%M:%S", "T%H:%M:%S%.f", "T%H:%M", " %I:%M %p", " %I:%M:%S %p")
ZONED_CLOCKS = ("T%H:%M:%S%.f%#z", " %H:%M:%S%.f%#z", "T%H:%M%#z", " %H:%M:%S%.f %#z", " %H:%M:%S%.f UTC")
NUMERIC_FORM = r"^\s*(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})(?:\D|$)"
DATE_FORM = r"^\s*(?:\d{1,4}[-/. ][\dA-Za-z]|(?:19|20)\d{6}(?:\D|$)|[A-Za-z]{3,9}\.? \d)"
EPOCH_SECONDS, EPOCH_MILLISECONDS = "epoch s", "epoch ms"
PROBE = 1_000
FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class DateReading:
    """How a column of dates is read: formats in the order they are tried, and the zone of times without one."""

    formats: tuple[str, ...]
    order: DateOrder | None
    time_zone: str

    def read(self, values: pl.Series) -> pl.Series:
        """Text to UTC instants (Datetime[us, UTC]); null where no format fits."""
        result = parse(values, self.formats[0], self.time_zone)
        for form in (*self.formats[1:], *candidates(self.order)):
            left = result.is_null() & values.is_not_null()
            if not left.any():
                break
            positions = left.arg_true()
            result = result.scatter(positions, parse(values.gather(positions), form, self.time_zone))
        return result


def looks_like_dates(values: pl.Series) -> float:
    """Share of the values that some format reads (at most a thousand are tried)."""
    known = values.drop_nulls().head(PROBE)
    probe = known.filter(known.str.contains(DATE_FORM))
    if probe.is_empty():
        return 0.0
    read = pl.repeat(False, len(probe), eager=True)
    for form in (*candidates("dmy"), *candidates("mdy")):
        left = (~read).arg_true()
        if left.is_empty():
            break
        hit = parse(probe.gather(left), form, "UTC").is_not_null()
        read = read.scatter(left, hit)
    return float(read.sum()) / len(known)


def decide(values: pl.Series, *, column: str, time_zone: str, order: DateOrder | None = None) -> DateReading:
    """Choose formats for a column from a sample; FixArguments when day and month cannot be told apart."""
    known = values.drop_nulls().str.strip_chars()
    order = order or _order_of(known, column)
    probe = known.head(PROBE)
    hits = [(form, _hits(probe, form)) for form in (*candidates(order), EPOCH_SECONDS, EPOCH_MILLISECONDS)]
    best = sorted((h for h in hits if h[1]), key=lambda h: -h[1])
    if not best:
        shown = ", ".join(repr(v) for v in probe.unique(maintain_order=True).head(3))
        raise FixArguments(f"Column '{column}' holds no date in a form known here (for example {shown}).", field=column)
    return DateReading(tuple(form for form, _ in best[:4]), order, time_zone)


@cache
def candidates(order: DateOrder | None) -> tuple[str, ...]:
    """Every format that may be tried when numeric dates are in `order` (None: no numeric dates)."""
    parts = (*ISO_PARTS, *(NUMERIC_PARTS[order] if order else ()), *NAMED_PARTS)
    return (
        *(part + clock for part in parts for clock in CLOCKS),
        *(part + clock for part in parts[:2] for clock in ZONED_CLOCKS),
    )


def parse(values: pl.Series, form: str, time_zone: str) -> pl.Series:
    """Text to UTC instants by one format; null where it does not fit or the year is out of all proportion."""
    if form in (EPOCH_SECONDS, EPOCH_MILLISECONDS):
        return _epoch(values, form)
    if "%#z" in form:
        found = values.str.to_datetime(form, time_zone="UTC", time_unit="us", strict=False)
    else:
        local = values.str.to_datetime(form, time_unit="us", strict=False)
        zone = "UTC" if form.endswith("UTC") else time_zone
        found = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")
    sane = found.dt.year().is_between(FIRST_YEAR, LAST_YEAR)
    return found if sane.all() else found.to_frame("at").select(pl.when(sane).then("at")).to_series()


def _epoch(values: pl.Series, form: str) -> pl.Series:
    digits = 10 if form == EPOCH_SECONDS else 13
    whole = values.to_frame("v").select(
        pl.when(pl.col("v").str.contains(rf"^[12]\d{{{digits - 1}}}$")).then(pl.col("v").cast(pl.Int64, strict=False))
    )
    micros = whole.to_series() * (1_000_000 if form == EPOCH_SECONDS else 1_000)
    return micros.cast(pl.Datetime("us", "UTC"))


def _hits(values: pl.Series, form: str) -> int:
    return int(parse(values, form, "UTC").is_not_null().sum())


def _order_of(values: pl.Series, column: str) -> DateOrder | None:
    """Day first or month first, by the numbers over 12 of the whole sample; None when no value is of that form."""
    pairs = pl.DataFrame(
        {
            "first": values.str.extract(NUMERIC_FORM, 1).cast(pl.Int16),
            "second": values.str.extract(NUMERIC_FORM, 2).cast(pl.Int16),
        }
    ).drop_nulls()
    if pairs.is_empty():
        return None
    day_first = bool((pairs["first"] > 12).any())
    month_first = bool((pairs["second"] > 12).any())
    if day_first == month_first:
        why = "some values have the day first and some the month" if day_first else "no value has a number over 12"
        raise FixArguments(
            f"Column '{column}': day and month cannot be told apart ({why}; for example {values[0]!r})."
            " Say which with --dates.",
            field="dates",
            valid=("dmy", "mdy"),
        )
    return "dmy" if day_first else "mdy"
