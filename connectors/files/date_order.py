"""Whether a file writes the day before the month: judged over all of its dates, told where they do not show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from connectors.files.appearance import clean
from connectors.files.date_words import plain_dates
from connectors.files.dates import EXCEL, SERIAL, DateOrder, DateReading, decide
from core.conventions import conventions
from core.decisions import Decisions
from core.errors import FixArguments

NUMERIC_FORM = r"^\s*(\d{1,2})([/.-])(\d{1,2})[/.-](?:\d{4}|\d{2})(?:\D|$)"
MOSTLY = 0.8
USUAL_ORDER: dict[str, DateOrder] = {"en-GB": "dmy", "en-US": "mdy"}
WORDS: dict[DateOrder, str] = {"dmy": "the day before the month", "mdy": "the month before the day"}


@dataclass(slots=True)
class OrderEvidence:
    """What numeric dates of a column show: how many have a number over 12 first, or second; how many dots divide."""

    dates: int = 0
    day_first: int = 0
    month_first: int = 0
    dotted: int = 0
    example: str = ""

    def add(self, values: pl.Series) -> None:
        """Look at more values."""
        known = plain_dates(clean(values).drop_nulls())
        parts = known.str.extract_groups(NUMERIC_FORM).struct.unnest()
        parts.columns = ["first", "mark", "second"]
        told = parts.with_columns(known.alias("text")).drop_nulls("first")
        if told.is_empty():
            return
        self.example = self.example or str(told["text"][0])
        self.dates += told.height
        self.day_first += int((told["first"].cast(pl.Int16) > 12).sum())
        self.month_first += int((told["second"].cast(pl.Int16) > 12).sum())
        self.dotted += int((told["mark"] == ".").sum())

    @property
    def open(self) -> bool:
        """Whether there are numeric dates and none tells."""
        return self.dates > 0 and bool(self.day_first) == bool(self.month_first)

    @property
    def order(self) -> DateOrder | None:
        """What the column shows by itself."""
        if bool(self.day_first) == bool(self.month_first):
            return None
        return "dmy" if self.day_first else "mdy"


def read_dates(
    wanted: Mapping[str, tuple[str, str]],
    sample: pl.DataFrame,
    *,
    given: DateOrder | None,
    delimiter: str,
    decisions: Decisions,
    further: Callable[[], Iterable[pl.DataFrame]] = tuple,
) -> dict[str, DateReading]:
    """How each field (`wanted`: field → column, zone of its times) is read; FixArguments where no value tells."""
    filled = {f: (c, zone) for f, (c, zone) in wanted.items() if clean(sample[c]).null_count() < sample.height}
    seen = {column: _evidence(sample[column]) for column, _ in filled.values()}
    if given is None and any(e.open and not e.day_first for e in seen.values()):
        for frame in further():
            for column, evidence in seen.items():
                evidence.add(frame[column])
    others = {e.order for e in _others(sample, set(seen), seen.values())} - {None}
    result = {}
    for field, (column, zone) in filled.items():
        order = given or _order(column, seen[column], others, delimiter, decisions)
        result[field] = decide(clean(sample[column]), column=column, time_zone=zone, order=order)
        _tell_serials(column, sample[column], result[field], decisions)
    return result


def _evidence(values: pl.Series) -> OrderEvidence:
    found = OrderEvidence()
    found.add(values)
    return found


def _others(sample: pl.DataFrame, but: set[str], seen: Iterable[OrderEvidence]) -> list[OrderEvidence]:
    """Evidence of all columns of dates, those too that no field is read from; none unless a column needs it."""
    known = list(seen)
    if not any(e.open for e in known):
        return []
    texts = [name for name, kind in sample.schema.items() if kind == pl.String and name not in but]
    more = [(_evidence(sample[name].head(1_000)), sample[name].head(1_000).count()) for name in texts]
    return known + [e for e, filled in more if e.dates and e.dates >= MOSTLY * filled]


def _order(
    column: str, evidence: OrderEvidence, others: set[DateOrder | None], delimiter: str, decisions: Decisions
) -> DateOrder | None:
    if evidence.order or not evidence.dates:
        return evidence.order
    order: DateOrder | None = None
    if not evidence.day_first:
        order, why, doubtful = _elsewhere(evidence, others, delimiter)
    if order is None:
        both = "some values have the day first and some the month"
        raise FixArguments(
            f"Column '{column}': day and month cannot be told apart"
            f" ({both if evidence.day_first else 'no value has a number over 12'}; for example {evidence.example!r})."
            " Say which with --dates.",
            field="dates",
            valid=("dmy", "mdy"),
        )
    decisions.add(
        "dates",
        f"Column '{column}': dates such as “{evidence.example}” were read with {WORDS[order]}, {why}.",
        rows=evidence.dates,
        doubtful=doubtful,
        instead=f"--dates {'mdy' if order == 'dmy' else 'dmy'}",
    )
    return order


def _elsewhere(
    evidence: OrderEvidence, others: set[DateOrder | None], delimiter: str
) -> tuple[DateOrder | None, str, bool]:
    """(order, why, whether it is doubtful) by what else the file shows."""
    if len(others) == 1:
        return next(iter(others)), "as other dates of the file show", False
    if not others and evidence.dotted == evidence.dates:
        return "dmy", "as dates with dots are written", False
    if not others and delimiter == ";":
        return "dmy", "as in countries whose files have semicolons between columns", True
    if not others and (usual := USUAL_ORDER.get(conventions().formats or "")):
        return usual, "as your organisation writes dates", True
    return None, "", False


def _tell_serials(column: str, values: pl.Series, reading: DateReading, decisions: Decisions) -> None:
    if EXCEL not in reading.formats:
        return
    known = clean(values).drop_nulls()
    known = known.filter(known.str.contains(SERIAL))
    day = reading.read(known.head(1))[0] if len(known) else None
    if day is not None:
        said = f"Column '{column}' holds numbers of days as spreadsheets count them: {known[0]} is {day:%Y-%m-%d}."
        decisions.add("dates", said)
