# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""What customers bought and how much of it, as purchase conditions: of the words a pattern found, see purchases.py."""

from __future__ import annotations

import re
from typing import Any, Final

from language.goods import Goods, each_of, named_goods
from language.occasions import OPS, QUANTITY, Occasions, amount, day_after, day_before
from language.vocabulary import known_words

__all__ = ["bought", "buyers", "counted", "earlier", "made", "nothing", "sold", "spent"]

Node = dict[str, Any]
_STANDARD = (30, 90, 365)  # windows that features know
_OF_GROUPS = re.compile(
    r"\b(?:countr(?:y|ies)|cit(?:y|ies)|markets?|products?|items?|articles?|categor\w+|channels?|months?|weeks?|days?|quarters?|years?|skus?|segments?|campaigns?|top|best|worst|first|last|average|median|between)(?: \w+)?,? ?$"
)


_IN = r"(?:in|on|with|at|for)(?: a| just| only)?"


def made(what: Node, said: Occasions, measure: str = "orders", op: str = "ge", number: Any = 1) -> Node:
    """The condition on the goods, in each of the windows; with "only" also that there is nothing else."""
    base = {"purchase": measure, "operator": op, "value": number}

    def within(window: Node) -> Node:
        return each_of(what, lambda one: base | one | said.narrowed | window)

    parts = [within(window) for window in said.windows or [{}]]
    node = parts[0] if len(parts) == 1 else {said.several: parts}
    return {"all": [node, *_nothing_else(what, said)]} if said.alone else node


def _nothing_else(what: Node, said: Occasions) -> list[Node]:
    """Only these goods, only this channel, only these days."""
    if isinstance(said.narrowed.get("channel"), str):
        return [{"purchase": "channels", "operator": "eq", "value": 1} | said.window]
    if days := said.narrowed.get("weekdays"):
        others = [day for day in range(1, 8) if day not in days]
        return [{"purchase": "orders", "operator": "eq", "value": 0, "weekdays": others} | said.window]
    if what:
        measure = "categories" if "category" in what else "products"
        return [{"purchase": measure, "operator": "eq", "value": 1} | said.window]
    out = []
    if start := said.window.get("start"):
        out.append({"purchase": "orders", "operator": "eq", "value": 0, "end": day_before(start)})
    if end := said.window.get("end"):
        out.append({"purchase": "orders", "operator": "eq", "value": 0, "start": day_after(end)})
    return out


def _standard(said: Occasions) -> bool:
    """What features know: no window, or the last 30, 90 or 365 days, and nothing said of the orders."""
    known = not said.windows or (len(said.windows) == 1 and said.window.get("within_days") in _STANDARD)
    return known and not said.narrowed and not said.alone


def bought(match: re.Match[str], said: Occasions, goods: Goods) -> Node | None:
    before = match.string[: match.start()]
    led = r"(?:^|[,:;=(] ?|\b(?:and|or|but|how many|many|number of|count|though|although|yet|i\.?e\.?)|>) ?$"
    if not (match["said"] or match["never"] or match["only"] or re.search(led, before)):
        return None
    present = match["verb"] in ("order", "orders", "buy", "buys", "shop", "shops", "purchase")
    if (
        present
        and not re.search(
            r"\b(?:who|that|which|whoever|they|people|customers|clients|buyers|shoppers|<metric>)\b", match["said"]
        )
        and not match["never"]
    ):
        return None  # "orders from March"
    back = match["verb"] in ("returned", "refunded", "cancelled", "canceled") or match["verb"].endswith(" back")
    said.alone |= bool(match["only"]) and said.count is None
    words = _units(said) if said.count is None else said.words
    what = named_goods(words, goods)
    taken = re.sub(r"^(?:an?|the) | from us$", "", words)
    if match["verb"] in ("got", "took", "had") and not (sold(words, goods) or goods.category(taken)):
        return None
    if match["verb"] == "came" and (words or not ({"channel"} & said.narrowed.keys() or said.count)):
        return None
    habit = present and "weekdays" in said.narrowed and not (said.alone or match["never"])
    if habit or (said.alone and isinstance(said.narrowed.get("channel"), list)):
        return None  # not of one order; only through the one or the other, which nothing holds
    if back and re.fullmatch(r"(?:an? |any |some )?(?:orders?|something|anything|purchases?)", words):
        if words == "orders" and not (match["said"] or match["never"]):
            return None  # "cancelled orders": what they are, and nothing that somebody did
        what = {}
    if what is None or (back and not words):
        return None
    if not what and not back:
        return _anything(match, said)
    if match["never"] and not said.count:
        said.several = "all"
        return made(what, said, "refunds" if back else "orders", "eq", 0)
    op, number, of = said.count or ("ge", 1, "orders")
    node = made(what, said, "refunds" if back else of, op, number)
    return {"not": node} if match["never"] else node


def sold(words: str, goods: Goods) -> bool:
    """Every word is one of products' names, and more than one of them or no everyday word."""
    told = re.sub(r"^(?:the|our|a|an|any|some) ", "", words).split()
    named = [w for w in told if w in goods.words or w.removesuffix("s") in goods.words]
    return bool(told) and len(named) == len(told) and (len(told) > 1 or told[0] not in known_words())


def _units(said: Occasions) -> str:
    """ "At least 3 mugs": the number of pieces taken out of the words."""
    units = re.match(rf"^{QUANTITY} (?=[a-z])", said.words)
    if units is None:
        return said.words
    said.count = ("ge" if units["more"] else OPS.get(units["cmp"] or "", "ge"), amount(units["n"]), "units")
    return said.words[units.end() :]


def _anything(match: re.Match[str], said: Occasions) -> Node | None:
    """No goods are named: only what features cannot say (days of the calendar, other windows than theirs)."""
    op, number, of = said.count or ("ge", 1, "orders")
    distinct = of not in ("orders", "units")
    clearly = (
        re.search(r"\b(?:who|that|which|have|has|had|ever|whoever|everyone|anyone)\b", match["said"])
        or not match["said"]
    )
    if (
        not clearly
        and not match["never"]
        and not distinct
        and not said.narrowed
        and len(said.windows) < 2
        and not said.alone
    ):
        return None
    known = distinct and not said.windows and of in ("products", "categories") and not said.narrowed
    if known and op != "eq":
        node: Node = {"field": f"distinct_{of}", "operator": op, "value": number}
        return {"not": node} if match["never"] else node
    if (_standard(said) and not distinct) or said.words:
        return None
    if said.narrowed == {"discounted": True} and not said.windows and not said.count:
        return None  # the share of orders with a discount says it
    if "within_days" in said.window and not said.count and not said.narrowed and not said.alone:
        return None
    if said.count or not match["never"]:
        node = made({}, said, of, op, number)
        return {"not": node} if match["never"] else node
    start = said.window.get("start")
    silent = made({}, said, "orders", "eq", 0)
    if not start or "end" in said.window or said.narrowed:
        return silent
    # "Not since August" is said of customers: of those who bought before.
    return {"all": [{"purchase": "orders", "operator": "ge", "value": 1, "end": day_before(start)}, silent]}


_HELD: Final = re.compile(
    r"(?:of|with|containing|including|from|for|that (?:have|had|contain(?:ed)?)|which (?:have|had|contain(?:ed)?))"
    r" (?:(?:the|our|some|any) )*(.+?)(?: (?:category|range|department))?(?: (?:in|on) (?:it|them))?"
)


def counted(match: re.Match[str], said: Occasions, goods: Goods) -> Node | None:
    """ "With at least 3 kitchen orders in 2024", "no order since May", "an order of 200 or more"."""
    before = match.string[: match.start()]
    if _OF_GROUPS.search(before) or not (
        match["n"] or match["no"] or (match["lead"] and (match["single"] or said.count))
    ):
        return None
    if not match["lead"] and not match["no"] and not match["cmp"] and not match["more"] and before.strip(" ,:("):
        return None
    what = named_goods(match["of"] or "", goods)
    if not what and (held := _HELD.fullmatch(said.words)) and (goods.category(held[1]) or sold(held[1], goods)):
        what, said.words = named_goods(held[1], goods), ""  # "3 orders of tea": of that, and not 3 orders and any tea
    if what is None or said.words or (said.count and said.count[2] == "units"):
        return None
    if match["no"]:
        if (
            said.count
            or not (said.windows or what or said.narrowed)
            or (said.window.get("within_days") and not what and not said.narrowed)
        ):
            return None  # silence, which features know
        start, end = said.window.get("start"), said.window.get("end")
        node = made(what, said, "orders", "eq", 0)
        bought = (
            {"purchase": "orders", "operator": "ge", "value": 1, "end": day_before(start)}
            if start and not end and not what
            else None
        )
        return {"all": [bought, node]} if bought else node
    number = 2 if (match["single"] or "") in ("several", "multiple") else amount(match["n"]) if match["n"] else 1
    plain = "ge" if match["single"] and match["single"] != "a single" else "eq"
    op = "ge" if match["more"] else OPS.get(match["cmp"] or "", plain)
    if said.count:  # "at least 1 order in each of 3 different months": so many months
        op, number, measure = said.count
        return made(what, said, measure, op, number)
    if what or not _standard(said):
        return made(what, said, "orders", op, number)
    days = said.window.get("within_days")
    return {"field": f"orders_{days}d" if days else "orders_all", "operator": op, "value": number}


def earlier(match: re.Match[str], said: Occasions, goods: Goods) -> Node | None:
    """ "Though they had 4 or more before": orders, of which was spoken."""
    if said.windows or said.count or not re.search(r"<rule\d+>|\border", match.string[: match.start()]):
        return None
    return {
        "field": "orders_all",
        "operator": "ge" if match["more"] else OPS.get(match["cmp"] or "", "ge"),
        "value": amount(match["n"]),
    }


def spent(match: re.Match[str], said: Occasions, goods: Goods) -> Node | None:
    words = re.sub(
        r"^(?:with us|in total|overall|altogether|alone)\b ?|\b ?(?:in total|overall|altogether|with us)$",
        "",
        said.words,
    )
    one = said.count is not None and said.count[1:] == (1, "orders")  # "more than 500 in one order"
    if one and re.fullmatch(_IN, words) and not match.groupdict().get("low"):
        worth = {"operator": "ge" if match["more"] else OPS.get(match["cmp"] or "", "ge"), "value": amount(match["n"])}
        said.narrowed["order_value"], said.count = worth, None
        return made({}, said)
    on = re.match(r"(?:on|in|for) ", words)
    what = named_goods(words[on.end() :] if on else words, goods)
    if what is None or said.count or bool(what) != bool(on):
        return None
    elsewhere = not re.search(r"\bspenders?\b", match[0]) and not match.groupdict().get("after")
    if not what and _standard(said) and elsewhere:
        return None  # a feature says it
    if match.groupdict().get("low"):
        op: str = "between"
        value: Any = [amount(match["low"]), amount(match["high"])]
    else:
        op, value = "ge" if match["more"] else OPS.get(match["cmp"] or "", "ge"), amount(match["n"])
    if what or not _standard(said):
        return made(what, said, "revenue", op, value)
    days = said.window.get("within_days")
    return {"field": f"revenue_{days}d" if days else "monetary_value", "operator": op, "value": value}


def nothing(match: re.Match[str], said: Occasions, goods: Goods) -> Node | None:
    if said.words or said.count or not said.windows:
        return None
    return made({}, said, "orders", "eq", 0)


def buyers(match: re.Match[str], said: Occasions, goods: Goods) -> Node | None:
    what = named_goods(said.words, goods)
    return made(what, said, *((said.count[2], *said.count[:2]) if said.count else ())) if what else None
