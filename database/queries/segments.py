"""Rules about customers as SQL over the view customer_facts, and the size and value of who they pick.

A rule is the plain JSON tree that tools/rules.py describes. Fields are looked up, never interpolated; every value is
bound. Each condition is either true or false (an unknown value makes it false), so `not` means what it says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from core.errors import FixArguments
from database.queries.purchases import compile_purchase, window

__all__ = [
    "EVERYBODY",
    "FieldType",
    "RuleCompiler",
    "RuleField",
    "Size",
    "compile_rule",
    "event_kinds",
    "fields_of",
    "has_events",
    "look_up",
    "purchases_of",
    "shared",
    "size",
    "sizes",
    "sizes_by",
]

FieldType = Literal["real", "double precision", "integer", "text", "text[]", "boolean", "timestamptz"]
EVERYBODY = "true"
DEEPEST, LARGEST, MOST_VALUES, HIGHEST = 12, 200, 10_000, 1e30
_COMPARE = {"eq": "=", "ne": "=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_NUMBERS = ("real", "double precision", "integer")
_SHARES = {"top_share": (">=", "desc"), "bottom_share": ("<=", "asc")}
_RELATIVE = re.compile(r"as_of(?:([+-])(\d{1,5})d)?")
_TAKES: Mapping[FieldType, str] = {
    "real": "a number",
    "double precision": "a number",
    "integer": "a whole number",
    "text": "text",
    "text[]": "one of its words",
    "boolean": "true or false",
    "timestamptz": "an ISO date ('2011-12-09') or one relative to the end of the data ('as_of-30d', 'as_of+14d')",
}


@dataclass(frozen=True, slots=True)
class RuleField:
    """A field rules may use: its column of customer_facts, type, unit and meaning; `values` where they are few.

    `score` names the score it comes from (features, rfm, churn, value, groups); None for attributes. A "text[]" holds
    several words: "eq" asks for one of them.
    """

    name: str
    column: str
    type: FieldType
    unit: str
    meaning: str
    group: str
    score: str | None = None
    values: tuple[str, ...] = ()
    title: str = ""

    @property
    def operators(self) -> tuple[str, ...]:
        """The operators that make sense for its type."""
        anything = ("is_null", "not_null")
        if self.type == "boolean":
            return ("eq", "ne", *anything)
        if self.type == "text[]":
            return ("eq", "ne", "in", "not_in", *anything)
        if self.type == "text":
            return ("eq", "ne", "in", "not_in", "contains", *anything)
        if self.type == "timestamptz":
            return ("lt", "le", "gt", "ge", "between", *anything)
        return ("eq", "ne", "lt", "le", "gt", "ge", "between", "in", "not_in", *_SHARES, *anything)


def compile_rule(
    rule: Mapping[str, Any], fields: Mapping[str, RuleField], *, as_of: datetime, time_zone: str = "UTC"
) -> tuple[str, dict[str, Any]]:
    """The rule as a condition on `customer_facts f`, and its bound values.

    Relative dates and event windows count back from `as_of`; dates without a zone are days of `time_zone`.
    FixArguments names the field, operator or value that is wrong, the closest valid ones first.
    """
    compiler = RuleCompiler(fields, as_of, ZoneInfo(time_zone))
    return compiler.node(rule, 1), compiler.values


def look_up(fields: Mapping[str, RuleField], name: str) -> RuleField:
    """The field of that name; FixArguments lists the valid names, the closest first."""
    if name not in fields:
        close = get_close_matches(name, fields, n=8, cutoff=0.4)
        valid = [*close, *(n for n in fields if n not in close)]
        raise FixArguments(f"There is no customer field '{name}'.", field="field", valid=valid)
    return fields[name]


def fields_of(rule: Mapping[str, Any]) -> set[str]:
    """Names of the fields a rule uses."""
    if "field" in rule:
        return {rule["field"]}
    return set().union(*(fields_of(child) for child in _children(rule)))


def event_kinds(rule: Mapping[str, Any]) -> set[str]:
    """Kinds of events a rule uses."""
    if "event" in rule:
        return {rule["event"]}
    return set().union(*(event_kinds(child) for child in _children(rule)))


def purchases_of(rule: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The conditions of a rule on what was bought."""
    if "purchase" in rule:
        return [rule]
    return [found for child in _children(rule) for found in purchases_of(child)]


def _children(rule: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*rule.get("all", ()), *rule.get("any", ()), *([rule["not"]] if "not" in rule else ())]


@dataclass(slots=True)
class RuleCompiler:
    """Makes SQL of a rule's parts, and sees to their operators and values."""

    fields: Mapping[str, RuleField]
    as_of: datetime
    zone: ZoneInfo
    values: dict[str, Any] = field(default_factory=dict)
    nodes: int = 0

    def node(self, rule: Mapping[str, Any], depth: int) -> str:
        self.nodes += 1
        if depth > DEEPEST or self.nodes > LARGEST:
            raise FixArguments(f"The rule is too large: at most {LARGEST} parts, {DEEPEST} deep.", field="rule")
        if "all" in rule:
            return "(" + " and ".join(self.node(child, depth + 1) for child in rule["all"]) + ")"
        if "any" in rule:
            return "(" + " or ".join(self.node(child, depth + 1) for child in rule["any"]) + ")"
        if "not" in rule:
            return f"(not {self.node(rule['not'], depth + 1)})"
        if "purchase" in rule:
            return compile_purchase(rule, self.bind, as_of=self.as_of, zone=self.zone)
        return self.event(rule) if "event" in rule else self.condition(rule)

    def bind(self, value: Any) -> str:
        name = f"r{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def event(self, rule: Mapping[str, Any]) -> str:
        when = " and ".join(window(rule, self.bind, self.as_of, self.zone, "e.occurred_at"))
        counted = f"where e.kind = {self.bind(rule['event'])} and e.customer_id is not null and {when}"
        often = f"group by e.customer_id having count(*) >= {self.bind(rule.get('at_least', 1))}"
        who = f"(select e.customer_id from events e {counted} {often}) did"  # noqa: S608 - bound values only
        # Not `in`: where its list outgrows memory, the list is read again for every customer.
        there = f"exists (select 1 from {who} where did.customer_id = f.customer_id)"  # noqa: S608
        return f"({there})" if rule.get("did", True) else f"(not {there})"

    def condition(self, rule: Mapping[str, Any]) -> str:
        known = look_up(self.fields, rule["field"])
        op, value = rule["operator"], rule.get("value")
        if op not in known.operators:
            raise FixArguments(f"'{op}' does not go with {known.name}.", field="operator", valid=known.operators)
        column = f"f.{known.column}"
        if op in ("is_null", "not_null"):
            return f"({column} is {'not ' if op == 'not_null' else ''}null)"
        make = self.listed if op in ("in", "not_in") else self.edge if op in _SHARES else self.single
        test = make(known, column, op, value)
        return f"(not coalesce({test}, false))" if op in ("ne", "not_in") else f"coalesce({test}, false)"

    def single(self, known: RuleField, column: str, op: str, value: Any) -> str:
        if op == "between":
            if not isinstance(value, list) or len(value) != 2:
                raise FixArguments(f"'between' on {known.name} needs [low, high].", field="value")
            low, high = (self.bind(self.typed(known, v)) for v in value)
            return f"{column} between cast({low} as {known.type}) and cast({high} as {known.type})"
        if op == "contains":
            return f"position(lower({self.bind(self.typed(known, value, whole=False))}) in lower({column})) > 0"
        bound = self.bind(self.typed(known, value))
        if known.type == "text":
            return f"lower({column}) = lower({bound})"
        if known.type == "text[]":
            return f"lower({bound}) = any({column})"
        return f"{column} {_COMPARE[op]} cast({bound} as {known.type})"

    def edge(self, known: RuleField, column: str, op: str, value: Any) -> str:
        """At or beyond the value that ends the share, among customers who have one; ties at the edge are in."""
        value = _plain(value, "real")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
            raise FixArguments(f"'{op}' on {known.name} takes a share above 0 and up to 1 (0.1 = 10%).", field="value")
        compare, order = _SHARES[op]
        # A hair less: 0.07 of 100 customers are 7, though 0.07 * 100 exceeds 7 in floating point.
        bound = self.bind(float(value) * (1 - 1e-12))
        place = f"percentile_disc(cast({bound} as double precision)) within group (order by t.{known.column} {order})"
        return f"{column} {compare} (select {place} from customer_facts t)"  # noqa: S608 - looked up, bound

    def listed(self, known: RuleField, column: str, op: str, value: Any) -> str:
        if not isinstance(value, list) or not value or len(value) > MOST_VALUES:
            raise FixArguments(f"'{op}' on {known.name} needs a list of 1 to {MOST_VALUES} values.", field="value")
        items = [self.typed(known, v) for v in value]
        if known.type == "text":
            return f"lower({column}) = any({self.bind([v.lower() for v in items])})"
        if known.type == "text[]":
            return f"{column} && cast({self.bind([v.lower() for v in items])} as text[])"
        return f"{column} = any(cast({self.bind(items)} as {known.type}[]))"

    def typed(self, known: RuleField, value: Any, *, whole: bool = True) -> Any:
        """`value` as the field's type, or FixArguments that says what the field takes."""
        value = _plain(value, known.type)
        if known.type == "boolean" and isinstance(value, bool):
            return value
        if known.type in _NUMBERS and _is_number(value, known.type):
            return int(value) if known.type == "integer" else float(value)
        if known.type == "timestamptz" and isinstance(value, str):
            return self.instant(known, value)
        if known.type in ("text", "text[]") and isinstance(value, str | int) and not isinstance(value, bool):
            return _word(known, str(value), whole)
        raise FixArguments(
            f"{known.name} takes {_TAKES[known.type]}, not {value!r}.", field="value", valid=known.values
        )

    def instant(self, known: RuleField, value: str) -> datetime:
        if match := _RELATIVE.fullmatch(value.strip()):
            days = int(match[2] or 0)
            return self.as_of + timedelta(days=-days if match[1] == "-" else days)
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            raise FixArguments(f"{known.name} takes {_TAKES['timestamptz']}, not {value!r}.", field="value") from None
        return (at if at.tzinfo else at.replace(tzinfo=self.zone)).astimezone(UTC)


def _plain(value: Any, wanted: FieldType) -> Any:
    """A number or a truth that came as text ("90", "true"); anything else as it is."""
    if isinstance(value, str) and wanted == "boolean":
        return {"true": True, "false": False}.get(value.strip().lower(), value)
    if isinstance(value, str) and wanted in _NUMBERS:
        try:
            return float(value)
        except ValueError:
            return value
    return value


def _is_number(value: Any, wanted: FieldType) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= HIGHEST:
        return False
    return wanted != "integer" or (float(value).is_integer() and abs(value) < 2**31)


def _word(known: RuleField, value: str, whole: bool) -> str:
    if "\x00" in value:
        raise FixArguments(f"{known.name} takes text without NUL characters.", field="value")
    if whole and known.values and value.lower() not in {v.lower() for v in known.values}:
        close = get_close_matches(value.title(), known.values, n=len(known.values), cutoff=0.4)
        valid = [*close, *(v for v in known.values if v not in close)]
        raise FixArguments(f"No {known.name} is called '{value}'.", field="value", valid=valid)
    return value


@dataclass(frozen=True, slots=True)
class Size:
    """How many customers, of how many, and what they are worth (None where nobody has the value)."""

    name: str | None
    customers: int
    all_customers: int
    revenue_365d: float | None
    revenue_all: float | None
    average_value: float | None
    average_clv_12m: float | None
    average_churn_90: float | None
    average_health: float | None
    with_email: int
    with_consent_email: int


_FIGURES = """
    count(*) as customers, (select count(*) from customers), sum(f.revenue_365d), sum(f.monetary_value),
    avg(f.monetary_value), avg(f.clv_12m), avg(f.churn_90), avg(f.customer_health_score),
    count(*) filter (where f.email <> ''), count(*) filter (where f.email <> '' and f.consent_email)
"""
_MEASURED = (
    "revenue_365d", "monetary_value", "clv_12m", "churn_90", "customer_health_score", "email", "consent_email",
)  # fmt: skip
_SIZES_OF = (
    "select '{column}' as place, {name} as name, {figures} from f{each} where {name} is not null group by {name}"
)


def size(connection: Connection, condition: str, values: Mapping[str, Any]) -> Size:
    """Size and value of the customers a compiled rule picks."""
    sql = f"select {_FIGURES} from customer_facts f where {condition}"  # noqa: S608 - compiled rule
    return Size(None, *connection.execute(text(sql), dict(values)).one())


def sizes(connection: Connection, column: str = "rfm_segment") -> list[Size]:
    """Size and value of everybody by a column of customer_facts that holds a name, or several; largest first."""
    return sizes_by(connection, [column])[column]


def sizes_by(connection: Connection, columns: Sequence[str]) -> dict[str, list[Size]]:
    """The same by each of these columns, in one pass over everybody."""
    found: dict[str, list[Size]] = {column: [] for column in columns}
    if not columns:
        return found
    parts = [_SIZES_OF.format(column=column, figures=_FIGURES, **_name_in(column)) for column in columns]
    needed = ", ".join(f"f.{name}" for name in dict.fromkeys([*columns, *_MEASURED]))
    everybody = f"with f as materialized (select {needed} from customer_facts f)"  # noqa: S608 - our own columns
    rows = connection.execute(text(f"{everybody} {' union all '.join(parts)} order by customers desc, name"))
    for column, *size in rows:
        found[column].append(Size(*size))
    return found


def _name_in(column: str) -> dict[str, str]:
    """Where the names in a column are found that holds one, or several."""
    if column == "behaviours":
        return {"name": "b.name", "each": " cross join lateral unnest(f.behaviours) as b(name)"}
    return {"name": f"f.{column}", "each": ""}


def shared(
    connection: Connection, conditions: Sequence[tuple[str, Mapping[str, Any]]], pairs: Sequence[tuple[int, int]]
) -> list[int]:
    """Customers whom both compiled rules of each pair of places pick; (i, i) is a rule's own size.

    One pass over the customers, however many rules.
    """
    flags, values = [], dict[str, Any]()
    for place, (condition, bound) in enumerate(conditions):
        own = re.sub(r":(r\d+)\b", rf":c{place}\1", condition)  # each rule counts its bound values from nought
        flags.append(f"{own} as c{place}")
        values |= {f"c{place}{name}": value for name, value in bound.items()}
    counts = ", ".join(f"count(*) filter (where c{i} and c{j})" for i, j in pairs)
    sql = f"select {counts} from (select {', '.join(flags)} from customer_facts f) flagged"  # noqa: S608 - compiled
    return list(connection.execute(text(sql), values).one())


def has_events(connection: Connection, kinds: Collection[str]) -> bool:
    """Whether the organisation has any event of these kinds."""
    sql = text("select exists (select 1 from events where kind = any(:kinds))")
    return bool(connection.execute(sql, {"kinds": list(kinds)}).scalar_one())
