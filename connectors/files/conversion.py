"""From text columns to typed fields: what cannot be read goes out as a problem, line by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from connectors.channels.discovery import address_kinds, channels
from connectors.files.appearance import clean
from connectors.files.consents import consents_told, read_consent, read_refusal
from connectors.files.date_order import read_dates
from connectors.files.dates import DateOrder, DateReading
from connectors.files.fields import KINDS, NEEDED, NUMERIC, TIMES, Field
from connectors.files.identifiers import is_floated, tell_lost_digits, whole_ids
from connectors.files.mapping import Mapping
from connectors.files.notation import MARK_OF, DecimalName, Surroundings, open_values, rate_mark, read_marks
from connectors.files.numbers import NumberReading, read_counts, read_decimals, read_rates
from connectors.files.paths import Separator
from connectors.files.persons import (
    LINES,
    Guests,
    broken,
    kept_addresses,
    known_numbers,
    note_guests,
    one_lines,
    own_addresses,
    unwrapped,
)
from connectors.files.reading import LINE, Batch, Problem
from connectors.files.signs import Signs
from connectors.files.statuses import COLUMNS as STATUS_COLUMNS
from connectors.files.statuses import Returns, never_paid, says_returned, settled
from connectors.files.touch_kinds import read_interaction
from core.decisions import Decisions

YES = ("true", "t", "yes", "y", "1", "1.0", "on")
NO = ("false", "f", "no", "n", "0", "0.0", "off")
FIRST_INSTANT = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
LARGEST = 1e13
COUNTED = ("conversions", "nulls")
NOBODY = "neither a number nor an address that names somebody"
HUGE = "quantity times price has over 13 digits"
TRANSACTIONS = re.compile(r"(?i)type|typ$|kind|art$|tipo|event")  # headers of what a row is, not of what became of it


@dataclass(frozen=True, slots=True)
class Conversion:
    """How each field of a file is read. Made once from the sample, then applied to every batch."""

    mapping: Mapping
    dates: dict[str, DateReading]
    numbers: dict[str, NumberReading]
    floated: frozenset[str]
    latest: datetime
    decisions: Decisions = field(default_factory=Decisions)
    main: bool = True
    guests: Guests | None = None
    refused: str | None = None
    signs: Signs | None = None
    returns: Returns = Returns.NOTHING
    separator: Separator = field(default_factory=Separator)

    @classmethod
    def plan(
        cls,
        mapping: Mapping,
        sample: pl.DataFrame,
        *,
        time_zone: str,
        latest: datetime,
        order: DateOrder | None = None,
        decimal: DecimalName | None = None,
        delimiter: str = "",
        further: Callable[[], Iterable[pl.DataFrame]] = tuple,
        decisions: Decisions | None = None,
        main: bool = True,
        refused: str | None = None,
    ) -> Conversion:
        """Decide date forms and decimal marks on the sample; instants after `latest` will be refused.

        What is decided here, and while rows are read, is noted in `decisions`, once, for the `main` table. `further`:
        the rows after the sample. `refused`: why nobody is to be written to.
        """
        decisions = Decisions() if decisions is None else decisions
        dates = read_dates(
            {of.name: (c, "UTC" if of.type == "day" else time_zone) for of, c in _mapped(mapping) if of.type in TIMES},
            sample, given=order, delimiter=delimiter, decisions=decisions, further=further,
        )  # fmt: skip
        numbers = read_marks(
            {of.name: column for of, column in _mapped(mapping) if of.type in NUMERIC},
            sample,
            whole=frozenset(of.name for of, _ in _mapped(mapping) if of.type == "count"),
            around=Surroundings(delimiter, _forms(dates), MARK_OF[decimal] if decimal else None),
            decisions=decisions,
            further=further,
        )
        for of, column in (pair for pair in _mapped(mapping) if pair[0].type == "rate"):
            numbers[of.name] = NumberReading(rate_mark(clean(sample[column])), proven=True)
        guests, floated = Guests.in_column(sample, mapping.columns.get("customer")), _floated(mapping, sample)
        signs = Signs.of_file(mapping.kind, mapping.columns, numbers)
        more = (signs, _returns(mapping, sample, main=main), _separator(mapping, sample, decisions))
        return cls(mapping, dates, numbers, floated, latest, decisions, main, guests, refused, *more)

    @property
    def has_local_times(self) -> bool:
        """Whether a column holds days or times that bear no zone, so that they were read in the organisation's."""
        fields = {of.name: of.type for of, _ in _mapped(self.mapping)}
        return any(reading.is_local for name, reading in self.dates.items() if fields.get(name) == "time")

    def apply(self, batch: Batch) -> tuple[pl.DataFrame, list[Problem]]:
        """Typed rows (fields and `line`) that can be written, and a problem for every value that cannot."""
        problems = list(batch.problems)
        typed = {"line": batch.frame[LINE].alias("line")}
        good = pl.repeat(True, batch.frame.height, eager=True)
        gone = self._gone(batch.frame)
        for of, column in _mapped(self.mapping):
            raw = batch.frame[column]
            values = clean(raw)
            if gone is not None and of.type in NUMERIC:
                values = values.set(gone & values.is_null(), "0")
            typed[of.name] = self._read(of, values).alias(of.name)
            for bad, reason in self._faults(of, values, typed[of.name]):
                if bad.any():
                    problems += _problems(batch.frame, bad, column, raw, reason)
                    good = good & ~bad
        if self.mapping.kind == "customers" and self.mapping.unused:
            typed["raw"] = _rest_as_json(batch.frame.select(self.mapping.unused))
        self._note_guests(batch.frame, typed)
        if self.signs is not None:
            typed["currency"] = self.signs.read(batch.frame).alias("currency")
        frame = pl.DataFrame(list(typed.values()))
        nobody = self._nobody(frame)
        if nobody is not None and nobody.any():
            problems += _problems(batch.frame, nobody & good, self._naming_column(), None, NOBODY)
            good = good & ~nobody
        huge = _too_large(frame)
        if huge is not None and huge.any():
            problems += _problems(batch.frame, huge & good, self.mapping.columns["quantity"], None, HUGE)
            good = good & ~huge
        taken = frame if good.all() else frame.filter(good)
        return self._settled(self._consents(taken)), problems

    def _gone(self, frame: pl.DataFrame) -> pl.Series | None:
        """Rows whose status says that no money came: their amounts may be blank. None where none may be."""
        columns = [self.mapping.columns[name] for name in STATUS_COLUMNS if name in self.mapping.columns]
        return never_paid(frame.select(columns), self.mapping.statuses) if columns else None

    def _settled(self, frame: pl.DataFrame) -> pl.DataFrame:
        if self.mapping.kind == "campaigns":  # whose status is no order's
            return frame
        transactions = TRANSACTIONS.search(self.mapping.columns.get("status", "")) is not None
        return settled(frame, self.mapping.statuses, self._noting, transactions=transactions, returns=self.returns)

    @property
    def _noting(self) -> Decisions:
        """What takes what is decided of rows: that of the main table, so that nothing is told twice."""
        return self.decisions if self.main else Decisions()

    def _consents(self, frame: pl.DataFrame) -> pl.DataFrame:
        if self.mapping.kind != "customers":
            return frame
        return consents_told(frame, list(channels().values()), self.refused, self._noting)

    def _note_guests(self, frame: pl.DataFrame, typed: dict[str, pl.Series]) -> None:
        """Tell of rows whose customer number is nobody's."""
        column = self.mapping.columns.get("customer")
        if column is None:
            return
        nobody = clean(frame[column]).is_not_null() & typed["customer"].is_null()
        if nobody.any():
            note_guests(self._noting, column, nobody, _addressed(typed))

    def _nobody(self, frame: pl.DataFrame) -> pl.Series | None:
        """Rows of people that name nobody, neither by number nor by address."""
        if self.mapping.kind != "customers":
            return None
        typed = {name: frame[name] for name in frame.columns}
        return ~_addressed(typed) & typed["customer"].is_null() if "customer" in typed else ~_addressed(typed)

    def _naming_column(self) -> str:
        """The column that ought to name people."""
        named = (self.mapping.columns.get(name) for name in ("customer", *address_kinds()))
        return next(column for column in named if column)

    def _read(self, field: Field, values: pl.Series) -> pl.Series:
        column = self.mapping.columns[field.name]
        if field.type in TIMES:
            return self._read_time(field, values)
        if field.type == "consent":
            return read_consent(values, column, self._noting)
        if field.type == "refusal":
            return read_refusal(values, column, self._noting)
        if field.type == "id" or field.name in address_kinds():
            values = unwrapped(values, column, self._noting)
        if field.name in address_kinds():
            values = own_addresses(values, column, self._noting)
            values = kept_addresses(values, address_kinds()[field.name])
        if field.name == "customer" or field.name.startswith("also_"):
            values = known_numbers(values, self.guests if field.name == "customer" else None)
        if field.type == "money":
            return read_decimals(values, self._number(field, values).mark)
        if field.type == "count":
            return read_counts(values, self._number(field, values).mark)
        if field.type == "rate":
            return read_rates(values, self._number(field, values).mark)
        if field.type == "id":
            return self._read_id(field, values)
        if field.type == "path":
            return self.separator.read(values)
        if field.name in LINES:
            return one_lines(values)
        return READERS[field.type](values)

    def _read_id(self, field: Field, values: pl.Series) -> pl.Series:
        values = values.str.replace(r"\.0+$", "") if field.name in self.floated else values
        tell_lost_digits(self.mapping.columns[field.name], values, self.decisions)
        return whole_ids(values)

    def _number(self, field: Field, values: pl.Series) -> NumberReading:
        """How a field's numbers are read; of values that hang on a mark nobody has shown it is told how."""
        reading = self.numbers[field.name]
        hanging = open_values(values) if not reading.proven else None
        if hanging is not None and hanging.any():
            other = "point" if reading.mark == "," else "comma"
            self.decisions.add(
                "numbers",
                f"Column '{self.mapping.columns[field.name]}': values such as “{values.filter(hanging)[0]}” come after"
                f" many that show no decimals; “{reading.mark}” was taken as the mark before decimals.",
                rows=int(hanging.sum()),
                doubtful=True,
                instead=f"--decimal {other}",
            )
        return reading

    def _read_time(self, field: Field, values: pl.Series) -> pl.Series:
        reading = self.dates.get(field.name) or DateReading(("%Y-%m-%d %H:%M:%S",), None, "UTC")
        instants = reading.read(values)
        return instants.cast(pl.Date) if field.type == "day" else instants

    def _faults(self, field: Field, values: pl.Series, read: pl.Series) -> list[tuple[pl.Series, str]]:
        unread = read.is_null() & values.is_not_null()
        faults = [(unread, FAULTS[field.type])] if field.type in FAULTS else []
        if field.type in NUMERIC and unread.any():
            shares = unread & values.str.contains(PERCENTAGE).fill_null(False)
            faults = [(unread & ~shares, FAULTS[field.type]), (shares, "a percentage, not an amount")]
        if field.name in NEEDED[self.mapping.kind]:
            faults.append((values.is_null(), f"no value, and {field.name} is needed"))
        if field.name in address_kinds():
            faults.append((broken(values), "an address with a line break or a control character in it"))
        if field.type == "path":
            faults += self.separator.faults(values)
        if self.mapping.kind == "paths" and field.name in COUNTED:
            faults.append(((read < 0).fill_null(False), "a count below 0"))
        if field.name == "rating":
            faults.append(((read.abs() >= 100).fill_null(False), "not a rating below 100"))
        if field.type == "time":
            outside = (read < FIRST_INSTANT) | (read > self.latest)
            faults.append((outside.fill_null(False), f"not between 1970 and {self.latest:%Y-%m-%d}"))
        return faults


def _forms(dates: dict[str, DateReading]) -> tuple[str, ...]:
    """The form most dates of each column have."""
    return tuple(form for reading in dates.values() for form in reading.formats[:1])


def _floated(mapping: Mapping, sample: pl.DataFrame) -> frozenset[str]:
    """Fields of identifiers that a spreadsheet wrote as 1001.0."""
    return frozenset(of.name for of, column in _mapped(mapping) if of.type == "id" and is_floated(sample[column]))


def _addressed(typed: dict[str, pl.Series]) -> pl.Series:
    """Where an address tells who it is."""
    any_of = pl.repeat(False, len(typed["line"]), eager=True)
    for kind in address_kinds().values():
        if kind.identifies and kind.name in typed:
            any_of = any_of | typed[kind.name].is_not_null()
    return any_of


def _mapped(mapping: Mapping) -> list[tuple[Field, str]]:
    kind = KINDS[mapping.kind]
    return [(kind.field(name), column) for name, column in mapping.columns.items()]


def _returns(mapping: Mapping, sample: pl.DataFrame, *, main: bool) -> Returns:
    """What orders become whose status says that their money went back: decided once, so that batches are alike."""
    columns = [mapping.columns[name] for name in STATUS_COLUMNS if name in mapping.columns]
    if not main:
        return Returns.SOLD
    told = "refunded" in mapping.columns or any(says_returned(sample[c], mapping.statuses) for c in columns)
    return Returns.REFUNDED if columns and told else Returns.NOTHING


def _separator(mapping: Mapping, sample: pl.DataFrame, decisions: Decisions) -> Separator:
    """What stands between the touches of a path."""
    column = mapping.columns.get("path") if mapping.kind == "paths" else None
    return Separator() if column is None else Separator.of_file(clean(sample[column]), column, decisions)


def _problems(frame: pl.DataFrame, bad: pl.Series, column: str, raw: pl.Series | None, reason: str) -> list[Problem]:
    lines, values = frame[LINE].filter(bad), (frame[column] if raw is None else raw).filter(bad)
    return [Problem(line, column, value or "", reason) for line, value in zip(lines, values, strict=True)]


def _rest_as_json(frame: pl.DataFrame) -> pl.Series:
    """The columns no field takes, as one JSON object a row."""
    return frame.select(pl.struct(pl.all()).struct.json_encode().alias("raw")).to_series()


def _too_large(frame: pl.DataFrame) -> pl.Series | None:
    """Where quantity times price has more digits than money can have."""
    if not {"quantity", "unit_price"} <= set(frame.columns):
        return None
    product = pl.col("quantity").cast(pl.Float64).abs() * pl.col("unit_price").cast(pl.Float64).abs()
    return frame.select((product >= LARGEST).fill_null(False)).to_series()


def _read_flag(values: pl.Series) -> pl.Series:
    low = values.str.to_lowercase()
    flags = pl.when(pl.col("v").is_in(YES)).then(True).when(pl.col("v").is_in(NO)).then(False)
    return low.to_frame("v").select(flags).to_series()


def _read_mark(values: pl.Series) -> pl.Series:
    """Whether anything is there that does not say no: an instant, a tick, a word."""
    low = values.str.to_lowercase()
    return (low.is_not_null() & ~low.is_in([*NO, "live", "production"]) & ~low.str.contains(r"^0000-00-00")).fill_null(
        False
    )


def _read_json(values: pl.Series) -> pl.Series:
    return values.map_elements(_json_or_none, return_dtype=pl.String)


def _json_or_none(text: str) -> str | None:
    import json

    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except json.JSONDecodeError:
        return None


def _as_is(values: pl.Series) -> pl.Series:
    return values


READERS: dict[str, Callable[[pl.Series], pl.Series]] = {
    "text": _as_is,
    "flag": _read_flag,
    "status": _as_is,
    "mark": _read_mark,
    "json": _read_json,
    "interaction": read_interaction,
}
PERCENTAGE = r"\d\s*%\s*$"
FAULTS = {
    "time": "not a date in the form of this column",
    "day": "not a date in the form of this column",
    "money": "not a number with at most 14 digits before the decimals",
    "count": "not a whole number",
    "rate": "not a rate above 0",
    "flag": "neither yes nor no",
    "json": "not JSON",
    "interaction": "neither a click nor a view",
}
