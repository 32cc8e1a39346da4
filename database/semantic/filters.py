"""Conditions on dimensions, as SQL with bound values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from core.errors import FixArguments
from database.semantic import goods
from database.semantic.dimensions import DIMENSIONS
from database.semantic.model import Place

__all__ = ["COMPARISONS", "LISTS", "NEGATED", "Condition", "Filter", "bound", "stretches"]

COMPARISONS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}
LISTS = ("in", "not_in", "between")
NEGATED = {"ne": "eq", "not_in": "in", "not_contains": "contains"}
_LARGEST = Decimal("1e15")
_TEXT = {
    "eq": "lower({0}) = lower({1})",
    "ne": "lower({0}) is distinct from lower({1})",
    "in": "lower({0}) = any({1})",
    "not_in": "coalesce(lower({0}) <> all({1}), true)",
    "contains": "position(lower({1}) in lower({0})) > 0",
    "not_contains": "coalesce(position(lower({1}) in lower({0})) = 0, true)",
}
_NUMBER = {
    "eq": "{0} = {1}",
    "ne": "{0} is distinct from {1}",
    "in": "{0} = any({1})",
    "not_in": "coalesce({0} <> all({1}), true)",
    "between": "{0} between ({1})[1] and ({1})[2]",
    **{name: f"{{0}} {sign} {{1}}" for name, sign in COMPARISONS.items()},
}
# One of the stretches of days, each of them "first/last"
_WITHIN = (
    "exists (select 1 from unnest(cast({1} as text[])) span"
    " where {0} between cast(split_part(span, '/', 1) as date) and cast(split_part(span, '/', 2) as date))"
)


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a dimension, as in query_metrics; words in any case, `between` with both ends included."""

    dimension: str
    operator: str
    value: str | Sequence[str]

    def values(self) -> list[str]:
        """The value or values as a list."""
        return [self.value] if isinstance(self.value, str) else list(self.value)


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter whose value is bound: the placeholder stands for it, as text, number or list of either.

    `words` stands for the patterns of its words, where products are looked for; `others` are further texts, each with
    its patterns, of which a product may hold any.
    """

    dimension: str
    operator: str
    placeholder: str
    words: str = ""
    others: tuple[tuple[str, str], ...] = ()

    def sql(self, place: Place) -> str:
        """The condition in a source where the dimension is at `place`."""
        matches = DIMENSIONS[self.dimension].matches
        if matches == "number":
            return _NUMBER[self.operator].format(place.number, self.placeholder)
        if matches == "days":
            return _WITHIN.format(place.sql, self.placeholder)
        if matches == "text":
            return _TEXT[self.operator].format(place.sql, self.placeholder)
        among = place.among.format(self._skus(matches == "category"))
        return f"not ({among})" if self.operator in NEGATED else among

    def _skus(self, of_category: bool) -> str:
        operator = NEGATED.get(self.operator, self.operator)
        if of_category:
            test = _TEXT[operator].format("p.category", self.placeholder)
            return f"select p.sku from products p where {test}"  # noqa: S608 - declared SQL only
        if operator == "contains":
            texts = [(self.placeholder, self.words), *self.others]
            return " union all ".join(f"select sku from ({goods.containing(*each)}) held" for each in texts)  # noqa: S608
        wanted = f"array[lower({self.placeholder})]" if operator == "eq" else self.placeholder
        return goods.called(wanted)


def bound(filters: Sequence[Filter], values: dict[str, Any]) -> list[Condition]:
    """The filters with their values put into `values`; FixArguments where one has the wrong number or kind of them."""
    return [_condition(asked, f"f{number}", values) for number, asked in enumerate(filters)]


def _condition(asked: Filter, name: str, values: dict[str, Any]) -> Condition:
    given = _counted(asked)
    many = asked.operator in LISTS
    numeric = DIMENSIONS[asked.dimension].matches == "number"
    if (asked.operator in COMPARISONS or asked.operator == "between") and not numeric:
        raise FixArguments(
            f"{asked.dimension} has words, no numbers: '{asked.operator}' does not go with it.",
            field="filters",
            valid=[n for n, d in DIMENSIONS.items() if d.matches == "number"],
        )
    if asked.operator.endswith("contains") and numeric:
        raise FixArguments(f"{asked.dimension} is a number: 'contains' does not go with it.", field="filters")
    if DIMENSIONS[asked.dimension].matches == "days":
        _check_days(asked, given)
    if not numeric:
        return _worded(asked, given, name, values)
    numbers = [_number(asked.dimension, value) for value in given]
    values[name] = numbers if many else numbers[0]
    return Condition(asked.dimension, asked.operator, f"cast(:{name} as numeric{'[]' if many else ''})")


def stretches(values: Sequence[str]) -> list[tuple[date, date]]:
    """The first and the last day of each stretch of days: "2024-12-01/2024-12-10"."""
    ends = (value.partition("/") for value in values)
    return [(date.fromisoformat(first), date.fromisoformat(last)) for first, _, last in ends]


def _check_days(asked: Filter, given: list[str]) -> None:
    try:
        told = stretches(given)
    except ValueError:
        told = []
    if asked.operator != "in" or not told or any(first > last for first, last in told):
        raise FixArguments(
            "The filter on days takes 'in' and a list of stretches: 2024-12-01/2024-12-10.", field="filters"
        )


def _worded(asked: Filter, given: list[str], name: str, values: dict[str, Any]) -> Condition:
    if any("\x00" in value for value in given):
        raise FixArguments("A filter takes text without NUL characters.", field="filters")
    values[name] = [v.lower() for v in given] if asked.operator in LISTS else given[0]
    if not (asked.operator.endswith("contains") and DIMENSIONS[asked.dimension].matches == "product"):
        return Condition(asked.dimension, asked.operator, f":{name}")
    texts = [name, *(f"{name}_{at}" for at in range(1, len(given)))]
    for each, said in zip(texts, given, strict=True):
        values |= {each: said, f"{each}_words": goods.patterns(said)}
    first, *others = ((f":{each}", f":{each}_words") for each in texts)
    return Condition(asked.dimension, asked.operator, *first, tuple(others))


def _counted(asked: Filter) -> list[str]:
    given = asked.values()
    any_of = asked.operator.endswith("contains") and DIMENSIONS[asked.dimension].matches == "product"
    wanted = None if any_of else {"in": None, "not_in": None, "between": 2}.get(asked.operator, 1)
    if not given or (wanted and len(given) != wanted):
        needed = {None: "a list of values", 1: "one value", 2: "two values, [low, high],"}[wanted]
        raise FixArguments(
            f"The filter on {asked.dimension} needs {needed} for '{asked.operator}'.",
            field="filters",
            valid=[
                "eq, ne, contains, not_contains, gt, ge, lt, le: one value",
                "in, not_in, and contains of products: a list",
                "between: [low, high]",
            ],
        )
    return given


def _number(dimension: str, value: str) -> Decimal:
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or abs(number) > _LARGEST:
        raise FixArguments(f"{dimension} is compared with numbers, not with '{value}'.", field="filters")
    return number
