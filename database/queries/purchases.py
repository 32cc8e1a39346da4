"""Conditions on what customers bought: orders, revenue or units of a product, a category or anything, in a window.

Part of rules about customers (segments.py): words find products by their names of now and before, every value is bound.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from core.conventions import conventions
from core.errors import FixArguments
from database.semantic import goods
from database.time_buckets import truncated

__all__ = ["categories", "channels", "compile_purchase", "matching_products", "nearest_products", "window"]

_OPS = {"eq": "=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
# Sales are counted; money and units are net of what came back.
_ORDERS = {
    "orders": "count(*) filter (where {sale})",
    "refunds": "count(*) filter (where o.kind = 'refund')",
    "revenue": "coalesce(sum(o.revenue), 0)",
    "units": "coalesce(sum(o.quantity), 0)",
    "channels": "count(distinct o.channel) filter (where {sale})",
    "countries": "count(distinct o.country) filter (where {sale})",
    "gap_days": "coalesce(max(extract(epoch from o.gap)) / 86400, 0)",
}
_ITEMS = {
    "orders": "count(distinct o.order_id) filter (where {sale})",
    "refunds": "count(distinct o.order_id) filter (where o.quantity < 0)",
    "revenue": "coalesce(sum(o.revenue), 0)",
    "units": "coalesce(sum(o.quantity), 0)",
    "products": "count(distinct o.sku) filter (where {sale} and coalesce(p.merchandise, true))",
    "categories": "count(distinct p.category) filter (where {sale})",
}
_BUCKETS = ("day", "week", "month", "quarter", "year")
_SALES = {"orders": "o.kind = 'sale'", "order_items": "o.quantity > 0"}
_WITH_GAPS = (
    "(select *, ordered_at - lag(ordered_at) over (partition by customer_id order by ordered_at, order_id) as gap"
    " from orders where kind = 'sale' and customer_id is not null)"
)
_FIRST = (
    " join (select distinct on (customer_id) customer_id, order_id, ordered_at as at from orders where kind = 'sale'"
    " and customer_id is not null order by customer_id, ordered_at, order_id) opening"
    " on opening.customer_id = o.customer_id"
)
_WHOLE_ORDER = " join orders w on w.org_id = o.org_id and w.order_id = o.order_id"
_PRODUCT = " left join products p on p.org_id = o.org_id and p.sku = o.sku"
_RELATIVE = re.compile(r"as_of(?:([+-])(\d{1,5})d)?")
_LARGEST = 1e15
_WHICH = {"first": "=", "later": "<>"}  # each set against a customer's first sale


def compile_purchase(rule: Mapping[str, Any], bind: Callable[[Any], str], *, as_of: datetime, zone: ZoneInfo) -> str:
    """The condition as SQL over `customer_facts f`; `bind` takes a value and gives its placeholder.

    A customer without such a purchase counts as 0. FixArguments says what is wrong with the window or the value.
    """
    of_goods = rule.get("product") is not None or rule.get("category") is not None
    table = "order_items" if of_goods or rule["purchase"] in ("products", "categories") else "orders"
    source = _WITH_GAPS if rule["purchase"] == "gap_days" else table
    where = ["o.customer_id is not null", *window(rule, bind, as_of, zone), *_of_orders(rule, table, bind, zone)]
    if rule.get("product") is not None:
        where.append(f"o.sku in ({_skus(str(rule['product']), bind)})")
    if rule.get("category") is not None:
        named = f"lower(p.category) = lower({bind(_plain(rule['category'], 'category'))})"
        where.append(f"o.sku in (select p.sku from products p where {named})")  # noqa: S608 - bound
    if (which := rule.get("which")) is not None:
        where.append(f"o.order_id {_WHICH[which]} opening.order_id")
    if days := rule.get("within_days_of_first"):
        where.append(f"o.ordered_at <= opening.at + make_interval(days => {bind(days)})")
    low, high, op = _bounds(rule)
    measure = _measure(rule, table, bind, zone)
    zero = _holds(op, 0.0, low, high)
    test = _test(measure, op, low, high, bind)
    # Who bought nothing is in no group: where 0 satisfies the condition, those who fail it are left out instead.
    kept = f"not ({test})" if zero else test
    rows = f"{source} o{_joins(rule, table)} where {' and '.join(where)}"
    who = f"select o.customer_id from {rows} group by o.customer_id having {kept}"  # noqa: S608
    there = f"exists (select 1 from ({who}) did where did.customer_id = f.customer_id)"  # noqa: S608
    return f"(not {there})" if zero else f"({there})"


def _measure(rule: Mapping[str, Any], table: str, bind: Callable[[Any], str], zone: ZoneInfo) -> str:
    """What is counted, as an aggregate over rows `o`; FixArguments where it does not go with the goods asked for."""
    name, sale = rule["purchase"], _SALES[table]
    if name.removesuffix("s") in _BUCKETS:
        local = f"o.ordered_at at time zone {bind(zone.key)}"
        bucket = truncated(name.removesuffix("s"), local, conventions().week_start)
        return f"count(distinct {bucket}) filter (where {sale})"
    known = _ORDERS if table == "orders" else _ITEMS
    if name not in known:
        raise FixArguments(f"{name} does not go with a product or category.", field="purchase", valid=list(known))
    return known[name].format(sale=sale)


def _of_orders(rule: Mapping[str, Any], table: str, bind: Callable[[Any], str], zone: ZoneInfo) -> list[str]:
    """Conditions on the orders counted: their channel, day of the week, value and discount."""
    whole = "o" if table == "orders" else "w"
    out = []
    if (through := rule.get("channel")) is not None:
        names = [_plain(name, "channel").lower() for name in (through if isinstance(through, list) else [through])]
        out.append(f"lower({whole}.channel) = any({bind(names)})")
    if (days := rule.get("weekdays")) is not None:
        out.append(f"extract(isodow from o.ordered_at at time zone {bind(zone.key)})::int = any({bind(list(days))})")
    if (worth := rule.get("order_value")) is not None:
        low, high, op = _bounds({"purchase": "order_value", **worth})
        out += [f"{whole}.kind = 'sale'", _test(f"{whole}.revenue", op, low, high, bind)]
    if rule.get("discounted") is not None:
        out += [f"{whole}.kind = 'sale'", f"{whole}.discount {'>' if rule['discounted'] else '<='} 0"]
    return out


def _joins(rule: Mapping[str, Any], table: str) -> str:
    asked = {name for name in ("channel", "order_value", "discounted") if rule.get(name) is not None}
    joins = _WHOLE_ORDER if table == "order_items" and asked else ""
    joins += _PRODUCT if rule["purchase"] in ("products", "categories") else ""
    return joins + (_FIRST if rule.get("within_days_of_first") or rule.get("which") else "")


def matching_products(connection: Connection, words: str, limit: int = 20) -> tuple[list[str], int]:
    """Names (or SKUs) of the products `words` stand for, at most `limit`, and how many there are."""
    values: dict[str, Any] = {}
    sql = f"select coalesce(q.name, q.sku) as name from products q where q.sku in ({_skus(words, _binder(values))})"  # noqa: S608
    found = connection.execute(text(f"{sql} order by 1"), values).scalars().all()
    return [str(name) for name in found[:limit]], len(found)


def categories(connection: Connection) -> list[str]:
    """Every category of the catalogue, in order."""
    sql = text("select distinct category from products where category is not null order by 1")
    return [str(name) for name in connection.execute(sql).scalars()]


def channels(connection: Connection) -> list[str]:
    """Every channel that orders came through, in order."""
    sql = text("select distinct channel from orders where channel is not null order by 1")
    return [str(name) for name in connection.execute(sql).scalars()]


def nearest_products(connection: Connection, words: str, limit: int = 8) -> list[str]:
    """Names of products that share a word with `words`, those that share the most first."""
    values = {"patterns": _patterns(words), "limit": limit}
    sql = text(
        """
        select p.name from products p, unnest(cast(:patterns as text[])) as one(pattern)
        where lower(p.name) ~ one.pattern group by p.name order by count(*) desc, length(p.name), p.name limit :limit
        """
    )
    return [str(name) for name in connection.execute(sql, values).scalars()]


def _binder(values: dict[str, Any]) -> Callable[[Any], str]:
    def bind(value: Any) -> str:
        values[f"p{len(values)}"] = value
        return f":p{len(values) - 1}"

    return bind


def _skus(words: str, bind: Callable[[Any], str]) -> str:
    """SKUs of the product of exactly that SKU or name; where there is none, of those whose names have every word."""
    exact = f"cast({bind([_plain(words, 'product').lower()])} as text[])"
    return goods.worded(exact, bind(_patterns(words)))


def _patterns(words: str) -> list[str]:
    found = goods.patterns(words)
    if not found:
        raise FixArguments("A product is a SKU, a name, or words of its name.", field="product")
    return found


def _plain(value: Any, name: str) -> str:
    word = str(value).strip()
    if not word or "\x00" in word:
        raise FixArguments(f"'{name}' takes text without NUL characters.", field=name)
    return word


def window(
    rule: Mapping[str, Any],
    bind: Callable[[Any], str],
    as_of: datetime,
    zone: ZoneInfo,
    column: str = "o.ordered_at",
) -> list[str]:
    """Conditions that an instant lies in the rule's within_days, or from its start to its end, both days included."""
    if rule.get("within_days") and (rule.get("start") or rule.get("end")):
        raise FixArguments("Give within_days, or start and end, not both.", field="within_days")
    first = _instant(rule.get("start"), "start", as_of, zone)
    last = _instant(rule.get("end"), "end", as_of, zone)
    if first and last and last <= first:
        raise FixArguments("'end' lies before 'start'.", field="end")
    if days := rule.get("within_days"):
        first = as_of - timedelta(days=days)
    ends = min(last, as_of) if last else as_of
    parts = [f"{column} < {bind(ends)}"]
    return [*parts, f"{column} >= {bind(first)}"] if first else parts


def _instant(value: Any, name: str, as_of: datetime, zone: ZoneInfo) -> datetime | None:
    """The beginning of the first day, or the end of the last one, in the organisation's zone."""
    if value is None:
        return None
    if match := _RELATIVE.fullmatch(str(value).strip()):
        days = int(match[2] or 0)
        return as_of + timedelta(days=-days if match[1] == "-" else days)
    try:
        day = datetime.fromisoformat(str(value)).date()  # of an instant, the day it names
        after = day + timedelta(days=1) if name == "end" else day
    except (ValueError, OverflowError):
        said = f"'{name}' takes an ISO day ('2011-12-09') or 'as_of-30d', not {value!r}."
        raise FixArguments(said, field=name) from None
    return datetime.combine(after, time(), zone).astimezone(UTC)


def _bounds(rule: Mapping[str, Any]) -> tuple[float, float, str]:
    """(low, high, op); `high` is `low` unless op is between."""
    op, value = rule["operator"], rule["value"]
    numbers = value if isinstance(value, list) else [value]
    if len(numbers) != (2 if op == "between" else 1):
        raise FixArguments("'between' needs [low, high], every other operator one number.", field="value")
    if any(isinstance(n, bool) or not isinstance(n, int | float) or not abs(n) <= _LARGEST for n in numbers):
        raise FixArguments(f"{rule['purchase']} takes a number, not {value!r}.", field="value")
    return float(numbers[0]), float(numbers[-1]), op


def _holds(op: str, number: float, low: float, high: float) -> bool:
    if op == "between":
        return low <= number <= high
    return {"eq": number == low, "lt": number < low, "le": number <= low, "gt": number > low, "ge": number >= low}[op]


def _test(measure: str, op: str, low: float, high: float, bind: Callable[[Any], str]) -> str:
    def number(value: float) -> str:
        return f"cast({bind(value)} as double precision)"

    if op == "between":
        return f"cast({measure} as double precision) between {number(low)} and {number(high)}"
    return f"cast({measure} as double precision) {_OPS[op]} {number(low)}"
