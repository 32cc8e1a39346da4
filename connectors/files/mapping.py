"""Which column of a file is which field: proposed from names and values, corrected by a person, kept for next time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping as Table
from collections.abc import Sequence

import polars as pl
from pydantic import BaseModel, Field

from connectors.files.appearance import Appearance, appearance, clean
from connectors.files.columns import Names, bare, compact, find, named
from connectors.files.dates import no_dates
from connectors.files.fields import KINDS, NEEDED, NUMERIC, TIMES, Kind
from connectors.files.fields import Field as FieldOf
from connectors.files.header_words import NO_REVENUE
from connectors.files.preset import Part, Preset
from core.errors import FixArguments

# What users say for the fields and kinds that go by another name here.
ALIASES = {"customer_id": "customer", "external_id": "customer", "date": "ordered_at", "total": "revenue"}
KIND_ALIASES = {"order_items": "order_lines", "lines": "order_lines", "channel_spend": "spend"}
EXACT, PATTERN, LOOKS, TELLING = 4.0, 2.0, 1.0, 4.0
SELDOM, MOSTLY, ALWAYS = 0.2, 0.8, 0.98
# People of the shop, or at the other end of a payment: addresses that are not the customer's.
OTHERS = r"seller|sales|rep$|agent|owner|staff|employee|from|sender|vendor|merchant|support|verkaufer|vendeur|vendedor"
NAMELESS = re.compile(r"^column_\d+$")


class Further(BaseModel):
    """A further table that the same file holds."""

    kind: str = Field(description="Kind of table.")
    columns: dict[str, str] = Field(description="Field of AIMA → column of the file.")


class Mapping(BaseModel):
    """What a file holds and where: `columns` maps fields to the file's column names."""

    kind: str = Field(description="Kind of table: " + ", ".join(KINDS) + ".")
    columns: dict[str, str] = Field(description="Field of AIMA → column of the file.")
    unused: list[str] = Field(default_factory=list, description="Columns of the file that are not read.")
    preset: str = Field("", description="The vendor's export that the file is; empty: none known here.")
    further: list[Further] = Field(default_factory=list, description="Other tables that the file holds as well.")
    order: str = Field("", description="Column by which rows belong to one order; empty: a row stands for itself.")
    order_level: list[str] = Field(default_factory=list, description="Columns said once an order, on its first row.")
    statuses: dict[str, str] = Field(
        default_factory=dict, description="Status words whose meaning is set: sale, refund, void or pending."
    )

    def tables(self) -> list[Mapping]:
        """Each table of the file on its own, the main one first."""
        rest = [Mapping(kind=f.kind, columns=f.columns, statuses=self.statuses) for f in self.further]
        return [self, *rest]

    def correct(self, overrides: Table[str, str], header: Sequence[str]) -> Mapping:
        """The mapping with fields set by hand; an empty column name unmaps a field. FixArguments on unknown names."""
        columns = dict(self.columns)
        further = [(f.kind, dict(f.columns)) for f in self.further]
        for asked, column in overrides.items():
            if column and column not in header:
                raise FixArguments(f"The file has no column '{column}'.", field="map", valid=list(header))
            having = [t for t in ((self.kind, columns), *further) if _field_of(t[0], asked)]
            if not having:
                known = sorted(f.name for f in KINDS[self.kind].fields)
                raise FixArguments(f"A file of {self.kind} has no field '{asked}'.", field="map", valid=known)
            for kind, taken in having:
                _set(taken, _field_of(kind, asked), column)
        corrected = _complete(KINDS[self.kind], columns, header)
        rest = [part for part in (Further(kind=kind, columns=taken) for kind, taken in further) if _worth_reading(part)]
        read = set(self.order_level).union(corrected.columns.values(), *(part.columns.values() for part in rest))
        unused = [name for name in (self.unused if self.preset else header) if name not in read]
        return self.model_copy(update={"columns": corrected.columns, "further": rest, "unused": unused})


def _field_of(kind: str, asked: str) -> str:
    """The field of a kind that a person means; empty where it has none."""
    known = {f.name for f in KINDS[kind].fields}
    named = asked if asked in known else ALIASES.get(asked, asked)
    return named if named in known else ""


def _set(columns: dict[str, str], field: str, column: str) -> None:
    for taken in [f for f, c in columns.items() if f == field or c == column]:
        del columns[taken]
    if column:
        columns[field] = column


def mapping_by(preset: Preset, header: Sequence[str]) -> Mapping:
    """How a vendor's export with this header is read; FixArguments where a column that it needs is missing."""
    if preset.refused:
        raise FixArguments(f"This is {preset.title}. {preset.refused}", field="file")
    names = named(header)
    sources = {made: how.columns(names) for made, how in preset.derived.items() if how.there(names)}
    known = {**names, **{compact(made): made for made in sources}}
    parts = [Further(kind=part.kind, columns=_columns_of(part, known)) for part in preset.parts]
    _complete(KINDS[parts[0].kind], parts[0].columns, list(known.values()))
    parts = [parts[0], *(part for part in parts[1:] if _worth_reading(part))]
    read = [{c for name in part.columns.values() for c in sources.get(name, [name])} for part in parts]
    level = {find(names, name) for name in preset.level} or read[0]
    main, order = parts[0], find(names, preset.order) or ""
    return Mapping(
        kind=main.kind,
        columns=main.columns,
        unused=[name for name in header if not any(name in columns for columns in read) and name != order],
        preset=preset.name,
        further=parts[1:],
        order=order,
        order_level=[name for name in header if order and name in level and name != order],
        statuses=dict(preset.statuses),
    )


def _worth_reading(part: Further) -> bool:
    """Whether the columns that are there make rows of a further table."""
    given = frozenset(part.columns)
    return NEEDED[part.kind] <= given or not KINDS[part.kind].missing(given)


def _columns_of(part: Part, known: Names) -> dict[str, str]:
    """Field → column of the file, for the headers of a part that are there."""
    found = {}
    for field, wanted in part.columns.items():
        words = (wanted,) if isinstance(wanted, str) else wanted
        column = next((c for c in (find(known, word) for word in words) if c is not None), None)
        if column is not None:
            found[field] = column
    return found


def header_key(header: Sequence[str]) -> str:
    """A fingerprint of a header, under which its mapping is kept."""
    return hashlib.sha256("\x1f".join(header).encode()).hexdigest()


def propose_mapping(
    header: Sequence[str], sample: pl.DataFrame, *, kind: str | None = None, overrides: Table[str, str] | None = None
) -> Mapping:
    """The likeliest mapping; `overrides` (field → column) are taken as given. FixArguments where none fits."""
    looks = {name: appearance(sample[name]) for name in header}
    wanted = [_kind(kind)] if kind else [k for k in KINDS.values() if _spoken_of(k, header)]
    found = [(candidate, _match(candidate, header, looks, overrides or {})) for candidate in wanted]
    fitting = [(k, match) for k, match in found if not k.missing(frozenset(match.columns))]
    if not fitting:
        raise _no_fit(found, sample)
    best, match = max(fitting, key=lambda pair: pair[1].score)
    return _complete(best, match.columns, header).correct(overrides or {}, header)


def _spoken_of(kind: Kind, header: Sequence[str]) -> bool:
    return not kind.speaks or any(re.search(kind.speaks, compact(name)) for name in header)


class _Match:
    """Fields found so far for one kind, and how sure they are."""

    def __init__(self) -> None:
        self.columns: dict[str, str] = {}
        self.score = 0.0

    def take(self, field: FieldOf, column: str, weight: float) -> None:
        self.columns[field.name] = column
        self.score += weight + (TELLING if field.tells else 0)


def _match(kind: Kind, header: Sequence[str], looks: Table[str, Appearance], given: Table[str, str]) -> _Match:
    match = _Match()
    for asked, column in given.items():
        name = asked if any(f.name == asked for f in kind.fields) else ALIASES.get(asked, asked)
        if column in header and any(f.name == name for f in kind.fields):
            match.take(kind.field(name), column, EXACT)
    _by_synonyms(kind, header, looks, match)
    _by_patterns(kind, header, looks, match)
    _by_looks(kind, header, looks, match)
    return match


def _by_synonyms(kind: Kind, header: Sequence[str], looks: Table[str, Appearance], match: _Match) -> None:
    for _, _, field, name in _ranked(kind, header):
        if field.name in match.columns or name in match.columns.values():
            continue
        if _plausible(kind, field, looks[name], SELDOM) and _own_id(kind, field, name, looks[name]):
            match.take(field, name, EXACT)


def _ranked(kind: Kind, header: Sequence[str]) -> list[tuple[int, int, FieldOf, str]]:
    """Synonym matches, the surest synonym first."""
    pairs = [
        (field.synonyms.index(word), position, field, name)
        for position, field in enumerate(kind.fields)
        for name in header
        for word in {compact(name): 0, compact(bare(name)): 0}
        if word in field.synonyms
    ]
    return sorted(pairs, key=lambda pair: pair[:2])


def _by_patterns(kind: Kind, header: Sequence[str], looks: Table[str, Appearance], match: _Match) -> None:
    for field in kind.fields:
        if field.name in match.columns or field.pattern is None:
            continue
        for name in header:
            free = name not in match.columns.values()
            if free and _patterned(field, name) and _plausible(kind, field, looks[name], MOSTLY):
                match.take(field, name, PATTERN)
                break


def _patterned(field: FieldOf, name: str) -> bool:
    if field.pattern is None or (field.name in ("revenue", "amount") and re.search(NO_REVENUE, compact(name))):
        return False
    return re.search(field.pattern, compact(name)) is not None


def _by_looks(kind: Kind, header: Sequence[str], looks: Table[str, Appearance], match: _Match) -> None:
    """Fill what a kind requires from the values alone; in files without a header also what orders usually have."""
    nameless = all(NAMELESS.match(name) for name in header)
    if (nameless and kind.name != "orders") or kind.name == "touches":  # any list of people has a number and a date
        return
    for field in kind.fields:
        required = any(field.name in group and not set(group) & set(match.columns) for group in kind.requires)
        wanted = required or field.name == "email" or (nameless and field.name in ("customer", "quantity"))
        if field.name in match.columns or not wanted:
            continue
        free = [name for name in header if name not in match.columns.values()]
        column = _look_alike(field, free, looks, nameless)
        if column is not None:
            match.take(field, column, LOOKS)


def _look_alike(field: FieldOf, free: list[str], looks: Table[str, Appearance], nameless: bool) -> str | None:
    if field.type in TIMES:
        return next((name for name in free if looks[name].dates >= ALWAYS), None)
    if field.name == "email":
        written = [name for name in free if looks[name].emails >= MOSTLY]
        return written[0] if len(written) == 1 and not re.search(OTHERS, compact(written[0])) else None
    if field.name == "revenue":
        money = (name for name in reversed(free) if looks[name].decimals >= 0.5)
        return next((name for name in money if not re.search(NO_REVENUE, compact(name))), None)
    if field.name == "quantity":
        counts = (n for n in free if looks[n].whole >= ALWAYS and not looks[n].padded and looks[n].average < 1_000)
        return next((n for n in counts if looks[n].dates < 0.5 and looks[n].distinct < 0.5), None)
    identifiers = [name for name in free if looks[name].is_identifier] if nameless else []
    if field.name == "order_id":
        return next((name for name in identifiers if looks[name].distinct == 1 and not looks[name].emails), None)
    if field.name == "customer":
        return next((name for name in identifiers if looks[name].distinct < 1), None)
    return None


def _own_id(kind: Kind, field: FieldOf, name: str, look: Appearance) -> bool:
    """A column called just `id` is an order's where it names each row; a customer's where it comes again.

    One called just `status` is of consent where its words are of nothing else; `state` and `type` have words of status.
    """
    if field.type == "consent" and compact(name) in ("status", "state"):
        return look.telling_consents >= 0.5
    if field.type == "status" and compact(name) in ("state", "type"):  # a state of the union, a type of customer
        return look.statuses >= SELDOM
    if compact(name) != "id" or kind.name == "customers":
        return True
    if field.name == "customer":
        return kind.name == "orders" and look.distinct <= MOSTLY
    return kind.name != "orders" or look.distinct > MOSTLY


def _plausible(kind: Kind, field: FieldOf, look: Appearance, share: float) -> bool:
    """Whether values that look so can be of that field."""
    if look.is_empty:
        return not any(field.name in group for group in kind.requires)
    if field.type in TIMES:
        return look.dates >= share or look.serials >= ALWAYS or (look.whole >= ALWAYS and look.average > 1e9)
    if field.type in ("consent", "refusal"):
        return look.consents >= 0.5
    if field.type == "path":
        return look.paths >= SELDOM
    if field.type == "interaction":
        return look.interactions >= MOSTLY
    if field.type in NUMERIC:
        return look.numbers >= share and (look.dates < ALWAYS or look.decimals > 0 or look.whole < ALWAYS)
    return True


def _complete(kind: Kind, columns: dict[str, str], header: Sequence[str]) -> Mapping:
    missing = kind.missing(frozenset(columns))
    if missing:
        raise FixArguments(
            f"A file of {kind.name} needs {'; '.join(missing)}, and no column of it is that.",
            field="map",
            valid=[f"{missing[0].split(' or ')[0]}={name}" for name in header],
        )
    ordered = {f.name: columns[f.name] for f in kind.fields if f.name in columns}
    return Mapping(kind=kind.name, columns=ordered, unused=[n for n in header if n not in ordered.values()])


def _kind(name: str) -> Kind:
    found = KINDS.get(KIND_ALIASES.get(name, name))
    if found is None:
        raise FixArguments(f"There is no kind of file '{name}'.", field="kind", valid=list(KINDS))
    return found


def _no_fit(found: list[tuple[Kind, _Match]], sample: pl.DataFrame) -> FixArguments:
    nearest, match = max(found, key=lambda pair: pair[1].score - 2 * len(pair[0].missing(frozenset(pair[1].columns))))
    lacking = "; ".join(nearest.missing(frozenset(match.columns)))
    return FixArguments(
        f"The columns ({', '.join(sample.columns)}) fit no kind of file; nearest is {nearest.name}, without {lacking}."
        f"{_undated(nearest, match, sample)} Name the columns with --map field=column, or the kind with --kind.",
        field="kind",
        valid=list(KINDS),
    )


def _undated(kind: Kind, match: _Match, sample: pl.DataFrame) -> str:
    """Why a column called like a date that is missing is none."""
    fields = [f for f in kind.fields if f.type in TIMES and f.name not in match.columns]
    named = [name for name in sample.columns if any(compact(name) in f.synonyms for f in fields)]
    return " " + no_dates(clean(sample[named[0]]), named[0]) if named and sample[named[0]].count() else ""
