"""Expressions of templates as functions: what they use, what kind of value they give, and what is wrong with them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final

from liquid.builtin.expressions import FilteredExpression, Path, logical, primitive

from language.merge.filters import FILTERS, LONGEST_TEXT, NUMBERS, Filter, unknown_directive
from language.merge.values import Kind, Value, written

__all__ = ["Evaluate", "Expressions", "Problem", "Reading", "Scope", "nearest", "negated", "true"]

Scope = MutableMapping[str, Value]
Evaluate = Callable[[Scope], Value]
_ORDERED: Final[Mapping[type, Callable[[Any, Any], bool]]] = {
    logical.LtExpression: operator.lt,
    logical.LeExpression: operator.le,
    logical.GtExpression: operator.gt,
    logical.GeExpression: operator.ge,
}
_KINDS: Final[Mapping[Kind, str]] = {
    "text": "text",
    "number": "a number",
    "money": "an amount",
    "date": "a day",
    "list": "a list",
    "truth": "true or false",
}


class Problem(Exception):
    """What is wrong with an expression, in words."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An expression as a function of the values; `kind` None: it says nothing (nil, blank, empty).

    `fields` are used in it; without a value of every one in `needs` the expression has none. `certain` are the fields
    that have a value where it is true, `else_certain` those that have one where it is not. `literal`: as written.
    """

    evaluate: Evaluate
    kind: Kind | None
    needs: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    certain: frozenset[str] = frozenset()
    else_certain: frozenset[str] = frozenset()
    literal: Value = None


def nearest(name: str, names: Iterator[str] | Mapping[str, Any] | frozenset[str], form: str = "{}") -> str:
    """ " (did you mean {% if %}?)", or nothing where nothing is like it."""
    close = get_close_matches(name, list(names), n=1)
    return f" (did you mean {form.format(close[0])}?)" if close else ""


@dataclass
class Expressions:
    """Reads expressions over fields of these kinds; `loops` are the variables of the loops around them."""

    kinds: Mapping[str, Kind]
    loops: dict[str, Kind] = field(default_factory=dict)

    def condition(self, node: Any) -> Reading:
        """A condition; Problem says what is wrong with it."""
        if isinstance(node, logical.BooleanExpression):
            return self.condition(node.expression)
        if isinstance(node, logical.LogicalAndExpression | logical.LogicalOrExpression):
            return self._joined(node)
        if type(node) in _ORDERED or isinstance(node, logical.EqExpression | logical.NeExpression):
            return self._compared(node)
        if isinstance(node, logical.ContainsExpression):
            return self._contained(node)
        return self.value(node)

    def _joined(self, node: Any) -> Reading:
        left, right = self.condition(node.left), self.condition(node.right)
        both, either = left.certain | right.certain, left.certain & right.certain
        else_both, else_either = left.else_certain | right.else_certain, left.else_certain & right.else_certain
        first, second = left.evaluate, right.evaluate
        if isinstance(node, logical.LogicalAndExpression):
            return Reading(
                lambda scope: true(first(scope)) and true(second(scope)),
                "truth",
                fields=left.fields | right.fields,
                certain=both,
                else_certain=else_either,
            )
        return Reading(
            lambda scope: true(first(scope)) or true(second(scope)),
            "truth",
            fields=left.fields | right.fields,
            certain=either,
            else_certain=else_both,
        )

    def _compared(self, node: Any) -> Reading:
        left, right = _alike(self.value(node.left), self.value(node.right))
        first, second, fields = left.evaluate, right.evaluate, left.fields | right.fields
        if compare := _ORDERED.get(type(node)):
            if left.kind in ("truth", "list", None) or right.kind is None:
                raise Problem(f"{node} cannot be said: only numbers, amounts, days and texts are more or less")

            def ordered(scope: Scope) -> bool:
                one, other = first(scope), second(scope)
                return one is not None and other is not None and compare(one, other)

            return Reading(ordered, "truth", fields=fields, certain=fields)
        equal = isinstance(node, logical.EqExpression)
        known = fields if left.kind is not None and right.kind is not None else frozenset()
        missing = frozenset() if known else fields
        return Reading(
            (lambda scope: first(scope) == second(scope)) if equal else (lambda scope: first(scope) != second(scope)),
            "truth",
            fields=fields,
            certain=known if equal else missing,
            else_certain=missing if equal else known,
        )

    def _contained(self, node: Any) -> Reading:
        left, right = self.value(node.left), self.value(node.right)
        if left.kind not in ("text", "list") or right.kind != "text":
            raise Problem(f"{node} cannot be said: a text or a list contains a text")
        whole, part, fields = left.evaluate, right.evaluate, left.fields | right.fields

        def contained(scope: Scope) -> bool:
            one, other = whole(scope), part(scope)
            return isinstance(one, str | list) and isinstance(other, str) and other in one

        return Reading(contained, "truth", fields=fields, certain=fields)

    def among(self, value: Reading, nodes: list[Any]) -> Reading:
        """Whether a value is one of some."""
        pairs = [_alike(value, self.value(node)) for node in nodes]
        first, others = value.evaluate, [other.evaluate for _, other in pairs]
        known = all(other.kind is not None for _, other in pairs)
        fields = value.fields.union(*(other.fields for _, other in pairs))

        def among(scope: Scope) -> bool:
            found = first(scope)
            return any(other(scope) == found for other in others)

        return Reading(among, "truth", fields=fields, certain=value.fields if known else frozenset())

    def value(self, node: Any) -> Reading:
        """A value: a field, a literal, or either with filters."""
        if isinstance(node, FilteredExpression):
            found = self.value(node.left)
            for used in node.filters or ():
                found = self._filtered(found, used)
            return found
        if isinstance(node, Path):
            return self.named(".".join(str(part) for part in node.path))
        return _literal(node)

    def named(self, name: str) -> Reading:
        """A field, or a loop's variable, by its name."""
        if name in self.loops:
            return Reading(lambda scope: scope.get(name), self.loops[name])
        if name not in self.kinds:
            there = f"; there are {', '.join(self.kinds)}"
            raise Problem(f"unknown merge field {{{name}}}{nearest(name, self.kinds, '{{{}}}')}{there}")
        used = frozenset({name})
        return Reading(lambda scope: scope.get(name), self.kinds[name], used, used, certain=used)

    def _filtered(self, value: Reading, used: Any) -> Reading:
        name = used.name
        if name not in FILTERS:
            raise Problem(f"unknown filter '{name}'{nearest(name, FILTERS)}; there are {', '.join(FILTERS)}")
        if any(hasattr(argument, "name") for argument in used.args):
            raise Problem(f"the filter {name} takes no named arguments")
        arguments = [self.value(argument.value) for argument in used.args]
        if name != "default":
            return self._applied(name, value, arguments)
        if len(arguments) != 1:
            raise Problem('default takes one argument, as in {{ first_name | default: "there" }}')
        return self.default(value, arguments[0])

    def default(self, value: Reading, other: Reading | str) -> Reading:
        """A value with another for those who have none."""
        other = _constant(other, "text") if isinstance(other, str) else other
        first, second = value.evaluate, other.evaluate

        def chosen(scope: Scope) -> Value:
            found = first(scope)
            return second(scope) if found is None or found == "" else found

        kind = value.kind if value.kind == other.kind else "text"
        if kind == value.kind:
            return Reading(chosen, kind, other.needs, value.fields | other.fields)
        show_value, show_other = self._shown(value), self._shown(other)
        return Reading(
            lambda scope: show_other(scope) if first(scope) is None else show_value(scope),
            "text",
            other.needs,
            value.fields | other.fields,
        )

    def _applied(self, name: str, value: Reading, arguments: list[Reading]) -> Reading:
        filter_ = FILTERS[name]
        _check_arguments(name, filter_, value, arguments)
        run, first = filter_.run, value.evaluate if filter_.takes else self._shown(value)
        rest = [
            given.evaluate if kind != "text" else self._shown(given)
            for kind, given in zip(filter_.arguments, arguments, strict=False)
        ]

        def applied(scope: Scope) -> Value:
            values = [first(scope), *(given(scope) for given in rest)]
            if None in values:
                return None
            made: Value = run(*values)
            if isinstance(made, str) and len(made) > LONGEST_TEXT:
                return made[:LONGEST_TEXT]
            return made

        needs = value.needs.union(*(given.needs for given in arguments))
        fields = value.fields.union(*(given.fields for given in arguments))
        return Reading(applied, filter_.gives or value.kind, needs, fields)

    def _shown(self, value: Reading) -> Callable[[Scope], str | None]:
        """The value as text, written as it would be shown."""
        evaluate, kind = value.evaluate, value.kind or "text"
        if kind == "text":
            return evaluate  # type: ignore[return-value]

        def shown(scope: Scope) -> str | None:
            found = evaluate(scope)
            return None if found is None else written(found, kind, str(scope.get("currency") or ""))

        return shown


def negated(asked: Reading) -> Reading:
    """The opposite of a condition."""
    evaluate = asked.evaluate
    return Reading(
        lambda scope: not true(evaluate(scope)),
        "truth",
        fields=asked.fields,
        certain=asked.else_certain,
        else_certain=asked.certain,
    )


def true(value: Value) -> bool:
    """Whether a condition holds; as in Liquid, only what is missing or false does not, and 0 does."""
    return value is not None and value is not False


def _literal(node: Any) -> Reading:
    if isinstance(node, primitive.Nil | primitive.Empty | primitive.Blank):
        return Reading(lambda _scope: None, None)
    if isinstance(node, primitive.StringLiteral):
        return _constant(node.value, "text")
    if isinstance(node, primitive.TrueLiteral | primitive.FalseLiteral):
        return _constant(isinstance(node, primitive.TrueLiteral), "truth")
    if isinstance(node, primitive.IntegerLiteral | primitive.FloatLiteral):
        return _constant(Decimal(str(node.value)), "number")
    raise Problem(f"{node} is nothing that a message can use")


def _constant(value: Value, kind: Kind) -> Reading:
    return Reading(lambda _scope: value, kind, literal=value)


def _alike(left: Reading, right: Reading) -> tuple[Reading, Reading]:
    """Both sides of a comparison, a day in quotes as a day; Problem where they cannot be compared."""
    left, right = _as_day(left, right), _as_day(right, left)
    kinds = {left.kind, right.kind} - {None}
    if len(kinds) == 2 and not kinds <= NUMBERS:
        one, other = (_KINDS[kind] for kind in (left.kind, right.kind) if kind is not None)
        hint = ""
        if "text" in kinds:
            hint = ": texts stand in quotes, numbers do not"
        raise Problem(f"{one} is compared with {other}{hint}")
    return left, right


def _as_day(value: Reading, other: Reading) -> Reading:
    if other.kind != "date" or not isinstance(value.literal, str):
        return value
    try:
        return _constant(date.fromisoformat(value.literal), "date")
    except ValueError:
        raise Problem(f'"{value.literal}" is no day: write it like "2026-03-31"') from None


def _check_arguments(name: str, filter_: Filter, value: Reading, arguments: list[Reading]) -> None:
    most = len(filter_.arguments)
    if not most - filter_.optional <= len(arguments) <= most:
        wanted = ", ".join(_KINDS[kind] for kind in filter_.arguments) or "none"
        raise Problem(f"the filter {name} got {len(arguments)} arguments; it takes {wanted}")
    if filter_.takes is not None and value.kind not in filter_.takes:
        wanted = " or ".join(sorted(_KINDS[kind] for kind in filter_.takes))
        got = _KINDS[value.kind] if value.kind else "nothing"
        raise Problem(f"the filter {name} works on {wanted}, and gets {got}")
    for wanted_kind, given in zip(filter_.arguments, arguments, strict=False):
        if given.kind is None or (wanted_kind == "number" and given.kind not in NUMBERS):
            raise Problem(f"the filter {name} takes {_KINDS[wanted_kind]} there")
    form = arguments[0].literal if name == "date" else None
    if name == "date" and not isinstance(form, str):
        raise Problem('the form of a date stands in quotes: {{ last_order | date: "%d %B %Y" }}')
    if isinstance(form, str) and (odd := unknown_directive(form)):
        raise Problem(f"{odd} is no part of a date: %d, %-d, %m, %Y, %y, %B, %b, %A and %a are")
    if name == "divided_by" and arguments[0].literal == 0:
        raise Problem("nothing can be divided by 0")
