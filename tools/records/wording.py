"""Orders one by one, days with orders, and the facts of a product, in words."""

from __future__ import annotations

from collections.abc import Iterator

from language.format import bullets, count, day, money, period
from tools.declaration import answers
from tools.outcome import Outcome
from tools.records.days import OrderDays, OrderDaysArguments, order_days
from tools.records.orders import ListOrders, ListOrdersArguments, OrderLine, OrderRecord, list_orders
from tools.records.product import ProductFacts, ProductFactsArguments, ProductInfo, product_facts

SHOWN = 8
_RANKS = {"newest": "latest", "oldest": "first", "largest": "largest", "smallest": "smallest"}
_CALLED = {"sale": "order", "refund": "refund"}
Orders = Outcome[ListOrdersArguments, ListOrders]
Product = Outcome[ProductFactsArguments, ProductFacts]


@answers(list_orders)
def orders(outcome: Orders) -> str:
    """The one order that was asked for, or how many there are, and the first of them."""
    asked, result = outcome.arguments, outcome.result
    if not result.orders:
        return f"There is **no {_kind(asked, 1)}**{_which(asked)}."
    if len(result.orders) == 1:
        (one,) = result.orders
        alone = asked.order is not None or result.total == 1
        head = _one(one, "" if alone else f"{_RANKS[asked.sort]} ", outcome.currency)
        within = _which(asked.model_copy(update={"customer": None})) if asked.order is None else ""
        return f"{head}{within}.{_contents(result.lines, outcome.currency)}"
    head = _head(outcome)
    shown = result.orders[:SHOWN]
    way = f"{asked.sort} first"
    more = f", {len(shown)} of them here" if len(result.orders) > len(shown) else ""
    lines = [_line(one, outcome.currency, of_one=asked.customer is not None) for one in shown]
    return f"{head} {way.capitalize()}{more}:\n\n{bullets(lines)}{_contents(result.lines, outcome.currency)}"


def _head(outcome: Orders) -> str:
    """How many there are and what they sum to; of some of them, of how many they are."""
    asked, result = outcome.arguments, outcome.result
    listed, named = len(result.orders), f"{_kind(asked, result.total)}**{_which(asked)}"
    if result.total > listed:
        return f"The **{listed} {_RANKS[asked.sort]}** of **{count(result.total)} {named}."
    together = f", **{money(result.amount, outcome.currency, cents=True)}** together" if result.amount else ""
    return f"**{count(result.total)} {named}{together}."


def _kind(asked: ListOrdersArguments, number: int) -> str:
    plural = "" if number == 1 else "s"
    both = f"order{plural} and refund{plural}"
    return {"orders": f"order{plural}", "refunds": f"refund{plural}"}.get(asked.kind, both)


def _which(asked: ListOrdersArguments) -> str:
    """ " of customer T242 from Spain over €300 in May 2024"."""
    said = [
        f" of customer {asked.customer}" if asked.customer else "",
        f" from {asked.country}" if asked.country else "",
    ]
    bounds = {"above": "over", "at_least": "of at least", "below": "under", "at_most": "of at most"}
    said += [
        f" {words} {getattr(asked, name):,.10g}" for name, words in bounds.items() if getattr(asked, name) is not None
    ]
    if asked.start and asked.end:
        said.append(f" {period(asked.start, asked.end)}" if asked.start != asked.end else f" on {day(asked.start)}")
    elif asked.start or asked.end:
        said.append(f" since {day(asked.start)}" if asked.start else f" until {day(asked.end)}")
    return "".join(said)


def _one(one: OrderRecord, rank: str, currency: str) -> str:
    whose = f"customer **{one.customer}**" if one.customer else "no known customer"
    what = f"{rank}{_CALLED.get(one.kind, one.kind)}".capitalize()
    return f"{what} **{one.order}**: **{day(one.day)}**, **{money(one.amount, currency, cents=True)}**, {whose}"


def _line(one: OrderRecord, currency: str, *, of_one: bool) -> str:
    whose = "" if of_one else f", customer {one.customer or 'not known'}"
    refund = " (refund)" if one.kind == "refund" else ""
    return f"{one.order}{refund}: {day(one.day)}, {money(one.amount, currency, cents=True)}{whose}"


def _contents(lines: list[OrderLine], currency: str) -> str:
    if not lines:
        return ""
    told = [
        f"{count(each.units)} × {each.product}, {money(each.amount, currency, cents=True)}" for each in lines[:SHOWN]
    ]
    more = f" ({count(len(lines))} lines, the largest {SHOWN} here)" if len(lines) > SHOWN else ""
    return f"\n\nWhat was in it{more}:\n\n{bullets(told)}"


@answers(order_days)
def days(outcome: Outcome[OrderDaysArguments, OrderDays]) -> str:
    """How many days had an order, and how many had none."""
    asked, result = outcome.arguments, outcome.result
    unit = f"{asked.weekday}s" if asked.weekday else "days"
    where = f" from {asked.country}" if asked.country else ""
    number, other = count(result.with_orders), count(result.without_orders)
    of = f"of {count(result.days)} {unit} there was"
    told = f"On **{number}** {of} an order{where}, on {other} there was none"
    if asked.without:
        told = f"On **{other}** {of} no order{where}; on {number} there was"
    return f"{told} ({day(result.start)} to {day(result.end)})."


@answers(product_facts)
def product(outcome: Product) -> str:
    """What was asked of each product that goes by the code or the words."""
    asked, found = outcome.arguments, outcome.result.products
    told = [
        f"**{each.name}** ({each.sku}): {', '.join(_facts(each, asked, outcome.currency))}." for each in found[:SHOWN]
    ]
    if len(told) == 1:
        return told[0]
    units = f" Together: **{count(sum(each.units for each in found))} units**." if "units" in asked.about else ""
    return f"{count(len(found))} products go by “{asked.product}”.{units}\n\n{bullets(told)}"


def _facts(one: ProductInfo, asked: ProductFactsArguments, currency: str) -> Iterator[str]:
    """Each fact asked for; of a name alone everything that is known."""
    about = set(asked.about) - {"name"} or {"price", "first_sold", "units", "revenue"}
    within = f" {period(asked.start, asked.end)}" if asked.start and asked.end else ""
    within = within or (f" since {day(asked.start)}" if asked.start else "")
    if one.category and about >= {"price", "first_sold"}:
        yield f"category {one.category}"
    if "price" in about:
        yield from _prices(one, currency, within)
    ends = {"lowest_price": ("lowest", one.lowest_price), "highest_price": ("highest", one.highest_price)}
    for name, (word, price) in ends.items():
        if name in about:
            yield f"{word} price **{money(price, currency, cents=True)}**{within}"
    if "first_sold" in about:
        yield f"first sold on **{day(one.first_sold)}**"
    if "last_sold" in about:
        yield f"last sold on **{day(one.last_sold)}**"
    if "units" in about:
        yield f"**{count(one.units)} units** sold{within}"
    if "revenue" in about:
        yield f"revenue **{money(one.revenue, currency, cents=True)}**{within}"


def _prices(one: ProductInfo, currency: str, within: str) -> Iterator[str]:
    usual, low, high = (
        money(each, currency, cents=True) for each in (one.usual_price, one.lowest_price, one.highest_price)
    )
    if one.usual_price is None:
        yield f"no price is known{within}"
    elif low == high:
        yield f"price **{usual}**{within}"
    else:
        yield f"usual price **{usual}**{within} (between {low} and {high}"
        yield f"latest {money(one.latest_price, currency, cents=True)})"
