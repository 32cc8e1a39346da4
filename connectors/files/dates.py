"""Dates as they are written in files: which form a column uses, and reading it.

Day and month are told apart by the values (a first number over 12, or a second one), of this column or the file's
others; where no value decides, nothing is guessed. Times without a zone are read in the zone given; in the repeated
hour of autumn the earlier instant is taken, and a time in the skipped hour of spring is no time at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

import polars as pl

from connectors.files.date_words import plain_dates
from core.errors import FixArguments

DateOrder = Literal["dmy", "mdy"]

ISO_PARTS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d")
NAMED_PARTS = ("%d %b %Y", "%b %d %Y", "%d %b %y", "%Y %b %d")
NUMERIC_PARTS: dict[DateOrder, tuple[str, ...]] = {
    "dmy": ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y", "%d-%m-%y"),
    "mdy": ("%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y", "%m/%d/%y", "%m.%d.%y", "%m-%d-%y"),
}
CLOCKS = (" %H:%M:%S", "", " %H:%M", " %H:%M:%S%.f", "T%H:%M:%S", "T%H:%M:%S%.f", "T%H:%M", " %I:%M %p", " %I:%M:%S %p")
ZONED_CLOCKS = ("T%H:%M:%S%.f%#z", " %H:%M:%S%.f%#z", "T%H:%M%#z", " %H:%M:%S%.f %#z", " %H:%M:%S%.f UTC")
LATE_ZONES = (" %H:%M:%S %#z", " %H:%M %#z", " %I:%M:%S %p %#z", " %I:%M %p %#z")
UNIX_FORMS = ("%b %d %H:%M:%S %#z %Y", "%b %d %H:%M:%S %Y")  # of the command `date` and of Ruby
DAY, MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
NAMED = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: [ap]m)?"
ZONE = r"(?: ?(?:z|utc|[+-]\d{2}:?\d{2}))?"
DATE_FORM = (
    rf"(?i)^\s*(?:(?:(?:19|20|21)\d\d([-/.])?{MONTH}(?:[-/.])?{DAY}|(?:{DAY}[/.-]{MONTH}|{MONTH}[/.-]{DAY})[/.-]\d\d(?:\d\d)?"
    rf"|{DAY} {NAMED} \d\d(?:\d\d)?|{NAMED} {DAY} \d{{4}}|\d{{4}} {NAMED} {DAY})(?:[ t]{CLOCK}{ZONE})?"
    rf"|{NAMED} {DAY} {CLOCK}{ZONE} \d{{4}})\s*$"
)
EPOCH_SECONDS, EPOCH_MILLISECONDS, EXCEL = "epoch s", "epoch ms", "Excel's day numbers"
SERIAL = r"^(?:2\d|3\d|4\d|5\d)\d{3}(?:[.,]\d+)?$"  # 1954 to 2064
SPAN = r"\d.{0,3}(?: [-\u2013\u2014] | to | bis | au | al | a |\.\.|/)\s?(?:\d{4}-|\d{1,2}[./]\d|\p{L})"
WEEK = r"^\s*\d{4}[- ]?[WwKk]{1,2} ?\d{1,2}\s*$"
PROBE = 1_000
FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class DateReading:
    """How a column of dates is read: formats in the order they are tried, and the zone of times without one."""

    formats: tuple[str, ...]
    order: DateOrder | None
    time_zone: str

    @property
    def is_local(self) -> bool:
        """Whether what most values say depends on the time zone."""
        form = self.formats[0]
        return "%#z" not in form and not form.endswith("UTC") and form not in (EPOCH_SECONDS, EPOCH_MILLISECONDS)

    def read(self, values: pl.Series) -> pl.Series:
        """Text to UTC instants (Datetime[us, UTC]); null where no format fits."""
        result = parse(values, self.formats[0], self.time_zone)
        left = result.is_null() & values.is_not_null()
        if not left.any():
            return result
        positions = left.arg_true()
        return result.scatter(positions, self._others(plain_dates(values.gather(positions))))

    def _others(self, values: pl.Series) -> pl.Series:
        result = parse(values, self.formats[0], self.time_zone)
        for form in (*self.formats[1:], *_possible(values.head(PROBE), candidates(self.order))):
            left = result.is_null() & values.is_not_null()
            if not left.any():
                break
            positions = left.arg_true()
            result = result.scatter(positions, parse(values.gather(positions), form, self.time_zone))
        return result


def looks_like_dates(values: pl.Series) -> float:
    """Share of the values that look like a date (at most a thousand are looked at)."""
    known = values.drop_nulls().head(PROBE)
    return float(plain_dates(known).str.contains(DATE_FORM).sum()) / len(known) if len(known) else 0.0


def decide(values: pl.Series, *, column: str, time_zone: str, order: DateOrder | None = None) -> DateReading:
    """Choose formats for a column from a sample; `order` is that of its numeric dates. FixArguments when none fits."""
    probe = plain_dates(values.drop_nulls().str.strip_chars().head(PROBE))
    forms = (*_possible(probe, candidates(order)), EPOCH_SECONDS, EPOCH_MILLISECONDS, EXCEL)
    hits = [(form, _hits(probe, form)) for form in forms]
    best = sorted((h for h in hits if h[1]), key=lambda h: -h[1])
    if not best:
        raise FixArguments(no_dates(values, column), field=column)
    return DateReading(tuple(form for form, _ in best[:4]), order, time_zone)


def no_dates(values: pl.Series, column: str) -> str:
    """Why a column cannot be read as dates."""
    known = values.drop_nulls()
    shown = ", ".join(repr(v) for v in known.head(PROBE).unique(maintain_order=True).head(3))
    if known.head(PROBE).str.contains(SPAN).any():
        return f"Column '{column}' holds spans of days, not days (for example {shown}); export the report by day."
    if known.head(PROBE).str.contains(WEEK).any():
        return f"Column '{column}' holds weeks, not days (for example {shown}); export the report by day."
    return f"Column '{column}' holds no date in a form known here (for example {shown})."


@cache
def candidates(order: DateOrder | None) -> tuple[str, ...]:
    """Every format that may be tried when numeric dates are in `order` (None: no numeric dates)."""
    parts = (*ISO_PARTS, *(NUMERIC_PARTS[order] if order else ()), *NAMED_PARTS)
    return (
        *(part + clock for part in parts for clock in CLOCKS),
        *(part + clock for part in ISO_PARTS[:2] for clock in ZONED_CLOCKS),
        *(part + clock for part in (*ISO_PARTS[:2], *parts[len(ISO_PARTS) :]) for clock in LATE_ZONES),
        *UNIX_FORMS,
    )


def _possible(values: pl.Series, forms: tuple[str, ...]) -> list[str]:
    """The formats whose signs between numbers occur in the values, and that have those which all values have."""
    characters = set("".join(values.drop_nulls()))
    everywhere = {sign for sign in ":/" if values.str.contains(sign, literal=True).all()}
    return [form for form in forms if _signs(form) <= characters and everywhere <= _signs(form)]


@cache
def _signs(form: str) -> frozenset[str]:
    return frozenset(re.sub(r"UTC|%\.f|%#z|%[A-Za-z]", "", form))


def parse(values: pl.Series, form: str, time_zone: str) -> pl.Series:
    """Text to UTC instants by one format; null where it does not fit or the year is out of all proportion."""
    if form in (EPOCH_SECONDS, EPOCH_MILLISECONDS):
        return _epoch(values, form)
    if form == EXCEL:
        return _serials(values, time_zone)
    if "%#z" in form:
        found = values.str.to_datetime(form, time_zone="UTC", time_unit="us", strict=False)
    else:
        zone = "UTC" if form.endswith("UTC") else time_zone
        found = _in_zone(values.str.to_datetime(form, time_unit="us", strict=False), zone)
    sane = found.dt.year().is_between(FIRST_YEAR, LAST_YEAR)
    return found if sane.all() else found.to_frame("at").select(pl.when(sane).then("at")).to_series()


def _in_zone(local: pl.Series, zone: str) -> pl.Series:
    return local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")


def _epoch(values: pl.Series, form: str) -> pl.Series:
    digits = 10 if form == EPOCH_SECONDS else 13
    whole = values.to_frame("v").select(
        pl.when(pl.col("v").str.contains(rf"^[12]\d{{{digits - 1}}}$")).then(pl.col("v").cast(pl.Int64, strict=False))
    )
    micros = whole.to_series() * (1_000_000 if form == EPOCH_SECONDS else 1_000)
    return micros.cast(pl.Datetime("us", "UTC"))


def _serials(values: pl.Series, time_zone: str) -> pl.Series:
    """Days since the end of 1899, as spreadsheets count them; to the second."""
    fitting = pl.when(pl.col("v").str.contains(SERIAL)).then(pl.col("v").str.replace(",", ".", literal=True))
    days = values.to_frame("v").select(fitting.cast(pl.Float64, strict=False)).to_series()
    seconds = (days * 86_400).round(0).cast(pl.Int64)
    since = pl.lit("1899-12-30").str.to_datetime(time_unit="us")
    local = seconds.to_frame("s").select(since + pl.duration(seconds=pl.col("s")))
    return _in_zone(local.to_series().cast(pl.Datetime("us")), time_zone)


def serials(values: pl.Series) -> float:
    """Share of the values that could be a spreadsheet's numbers of days."""
    known = values.drop_nulls().head(PROBE)
    return float(known.str.contains(SERIAL).sum()) / len(known) if len(known) else 0.0


def _hits(values: pl.Series, form: str) -> int:
    return int(parse(values, form, "UTC").is_not_null().sum())
