"""Which mark divides the decimals, judged over all numbers of a file, and over what else it shows of where it is from.

"12,50" and "1.234,50" tell; "1.250" does not: it is 1250 where points group, 1.25 where they divide. A column that does
not tell follows the others; where none tells, the delimiter, the dates and the signs of money do; else a person is
asked. A value that hangs on such a choice is always told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from connectors.files.appearance import clean
from connectors.files.currencies import currencies_in
from connectors.files.numbers import DecimalMark, NumberReading, bare, read_decimals
from core.decisions import Decisions
from core.errors import FixArguments

DecimalName = Literal["comma", "point"]
MARK_OF: dict[DecimalName, DecimalMark] = {"comma": ",", "point": "."}
# What only a decimal mark can be (`{d}`), with the other mark (`{g}`) or none between thousands.
TELLING = (
    r"^\d*{d}\d{{1,2}}$|^\d*{d}\d{{4,}}$|^0*{d}\d+$|^\d{{4,}}{d}\d{{3}}$|^\d{{1,3}}(?:{g}\d{{3}})+{d}\d*$"
    r"|^\d{{1,3}}(?:{g}\d{{3}}){{2,}}$|^\d{{1,3}}(?:[ ']\d{{3}})+{d}\d+$"
)
INDIAN = r"^\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?$"
OPEN = r"^[1-9]\d{0,2}[.,]\d{3}$"
SHORT, LONG = r"^\d{1,3}$", r"^\d{4,}$"
NUMERIC = 0.8
FIRM = 2
NAMES: dict[DecimalMark, str] = {",": "comma", ".": "point"}


@dataclass(slots=True)
class Evidence:
    """What the values of one column show."""

    comma: int = 0
    point: int = 0
    open_comma: int = 0  # "1,250": a decimal comma or one between thousands
    open_point: int = 0
    short: int = 0
    long: int = 0
    filled: int = 0
    example: str = ""
    before: int = 0  # a sign of money before the number
    after: int = 0
    currencies: dict[str, int] = field(default_factory=dict)

    def add(self, values: pl.Series) -> None:
        """Look at more values."""
        known = clean(values).drop_nulls()
        text, _ = bare(known)
        self.filled += len(known)
        self.comma += _times(text, TELLING.format(d=",", g=r"\."))
        self.point += _times(text, TELLING.format(d=r"\.", g=",") + "|" + INDIAN)
        undecided = text.str.contains(OPEN).fill_null(False)
        if undecided.any():
            self.open_comma += int(text.filter(undecided).str.contains(",", literal=True).sum())
            self.open_point += int(text.filter(undecided).str.contains(".", literal=True).sum())
            self.example = self.example or str(known.filter(undecided)[0])
        self.short += _times(text, SHORT)
        self.long += _times(text, LONG)
        self._add_currencies(known)

    def _add_currencies(self, known: pl.Series) -> None:
        named = currencies_in(known)
        said = named.is_not_null()
        if not said.any():
            return
        ends_so = known.filter(said).str.contains(r"[\p{L}\p{Sc}]\.?\s*$")
        self.after += int(ends_so.sum())
        self.before += len(ends_so) - int(ends_so.sum())
        for name, count in named.drop_nulls().value_counts().iter_rows():
            self.currencies[name] = self.currencies.get(name, 0) + count

    @property
    def open(self) -> int:
        """Values that could be either."""
        return self.open_comma + self.open_point

    @property
    def mark(self) -> DecimalMark | None:
        """The mark that the column shows by itself."""
        if self.comma == self.point:
            return None
        return "," if self.comma > self.point else "."

    @property
    def numbers(self) -> int:
        """Values that are numbers, whatever their mark."""
        return self.comma + self.point + self.open + self.short + self.long


def _times(values: pl.Series, pattern: str) -> int:
    return int(values.str.contains(pattern).fill_null(False).sum())


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else a file shows: its delimiter, how its dates are written, and what a person said."""

    delimiter: str = ""
    dates: tuple[str, ...] = ()  # formats
    given: DecimalMark | None = None

    def points(self, column: Evidence) -> int:
        """For a decimal comma (above 0) or a decimal point (below 0)."""
        comma_within = self.delimiter == "," and column.open_comma > 0
        found = (
            (self.delimiter == ";")
            - 2 * comma_within  # a comma that needed quotes groups thousands
            + any(form.startswith("%d.%m") for form in self.dates)
            - any(form.startswith("%m/%d") for form in self.dates)
            + (column.after > column.before)
            - (column.before > column.after and bool(column.currencies.keys() & {"$", "GBP", "USD", "INR", "¥"}))
        )
        # 45, 300 and 1.250 in one column: thousands are grouped, and nothing has decimals.
        if column.short and not column.long and not (column.open_comma and column.open_point):
            found += 2 if column.open_point else -2
        return found


def read_marks(
    wanted: Mapping[str, str],
    sample: pl.DataFrame,
    *,
    whole: frozenset[str],
    around: Surroundings,
    decisions: Decisions,
    further: Callable[[], Iterable[pl.DataFrame]] = tuple,
) -> dict[str, NumberReading]:
    """How each field (`wanted`: field → column) is read. Fields in `whole` have no decimals, so a mark in them groups.

    `further` gives the rows after the sample, read only where the sample leaves a column open.
    """
    seen = {column: _evidence(sample[column]) for column in dict.fromkeys(wanted.values())}
    if around.given is None and any(e.open and e.mark is None for e in seen.values()):
        for frame in further():
            for column, evidence in seen.items():
                evidence.add(frame[column])
    proven = {column: _own(field, seen[column], whole) for field, column in wanted.items()}
    file = _of_file([m for m in proven.values() if m] or _of_others(sample, set(wanted.values())))
    result = {}
    for name, column in wanted.items():
        evidence = seen[column]
        mark = around.given or proven[column] or _follow(column, evidence, file, around, decisions)
        _tell_mixed(column, evidence, mark, decisions)
        result[name] = NumberReading(
            mark, tuple(evidence.currencies), proven=bool(around.given or proven[column] or evidence.open)
        )
    return result


def mark_of(values: pl.Series) -> DecimalMark:
    """The mark that these values show by themselves; a point where they show none."""
    return _evidence(values).mark or "."


def rate_mark(values: pl.Series) -> DecimalMark:
    """The mark of exchange rates, which have decimals and no thousands."""
    found = _evidence(values)
    return found.mark or ("," if found.open_comma > found.open_point else ".")


def open_values(values: pl.Series) -> pl.Series:
    """Where a value is read otherwise by the other mark."""
    return values.str.contains(r"[.,]").fill_null(False) & bare(values)[0].str.contains(OPEN).fill_null(False)


def _evidence(values: pl.Series) -> Evidence:
    found = Evidence()
    found.add(values)
    return found


def _own(field: str, evidence: Evidence, whole: frozenset[str]) -> DecimalMark | None:
    if evidence.mark is None and field in whole and evidence.open:
        return "," if evidence.open_point > evidence.open_comma else "."
    return evidence.mark


def _of_others(sample: pl.DataFrame, but: set[str]) -> list[DecimalMark]:
    """Marks that columns show which no field is read from."""
    texts = [name for name, kind in sample.schema.items() if kind == pl.String and name not in but]
    others = [_evidence(sample[name].head(1_000)) for name in texts]
    return [e.mark for e in others if e.mark is not None and e.filled and e.numbers >= NUMERIC * e.filled]


def _of_file(marks: list[DecimalMark]) -> DecimalMark | None:
    """The mark of all columns that show one; None where they differ, or none does."""
    return marks[0] if len(set(marks)) == 1 else None


def _follow(
    column: str, evidence: Evidence, file: DecimalMark | None, around: Surroundings, decisions: Decisions
) -> DecimalMark:
    """The mark of a column that does not tell: what the rest of the file says; FixArguments where it is silent."""
    points = around.points(evidence)
    mark: DecimalMark | None = file or ("," if points > 0 else "." if points < 0 else None)
    if not evidence.open:
        return mark or "."
    if mark is None:
        raise FixArguments(
            f"Column '{column}': whether '{evidence.example}' has decimals or thousands cannot be told from the file."
            " Say which mark stands before decimals with --decimal.",
            field="decimal",
            valid=tuple(MARK_OF),
        )
    why = "as other columns of the file do" if file else "as its delimiter, dates and signs suggest"
    groups = (evidence.open_comma > 0) == (mark == ".")
    decisions.add(
        "numbers",
        f"Column '{column}': “{evidence.example}” was read as {_meant(evidence.example, mark)}"
        f" ({'thousands' if groups else 'decimals'}; a {NAMES[mark]} stands before decimals, {why}).",
        rows=evidence.open,
        doubtful=file is None and abs(points) < FIRM,
        instead=f"--decimal {NAMES['.' if mark == ',' else ',']}",
    )
    return mark


def _meant(example: str, mark: DecimalMark) -> str:
    value = read_decimals(pl.Series([example]), mark)[0]
    return example if value is None else f"{value.normalize():f}"


def _tell_mixed(column: str, evidence: Evidence, mark: DecimalMark, decisions: Decisions) -> None:
    if evidence.comma and evidence.point:
        other = evidence.point if mark == "," else evidence.comma
        decisions.add(
            "numbers",
            f"Column '{column}' has decimals after a comma and after a point; a {NAMES[mark]} was taken as the mark,"
            " and values with the other one are rejected.",
            rows=other,
            doubtful=True,
            instead=f"--decimal {NAMES['.' if mark == ',' else ',']}",
        )
