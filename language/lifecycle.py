"""First and last purchases, coming back, breaks and refunds, as purchase conditions of words that were found."""

from __future__ import annotations

import re
from typing import Any

from language.amounts import made
from language.goods import Goods, named_goods
from language.occasions import OPS, Occasions, amount, day_after, day_before
from language.periods import DAYS

__all__ = ["account", "active", "back", "first", "last", "opened", "paused", "refunded", "that_one"]

Node = dict[str, Any]


def first(match: re.Match[str], said: Occasions, goods: Goods) -> Node | None:
    """Nothing before the days named, something on them."""
    once = "and only" in match[0]
    if said.words or said.count or len(said.windows) > 1:
        return None
    if said.narrowed and not once and "within_days_of_first" not in said.narrowed:
        return made({}, said) | {"which": "first"}  # "through email", "with a discount": that order itself
    return opened(said, once=once) if said.windows else None


def account(match: re.Match[str], said: Occasions, goods: Goods) -> Node | None:
    """ "With an account opened in March": when the shop wrote them down, and not when they first bought."""
    if said.words or said.count or said.narrowed or len(said.windows) != 1:
        return None
    window = said.window
    since = f"as_of-{window['within_days']}d" if "within_days" in window else window.get("start")
    parts: list[Node] = [{"field": "created_at", "operator": "ge", "value": since}] if since else []
    if "end" in window:
        parts.append({"field": "created_at", "operator": "lt", "value": day_after(window["end"])})
    return {"all": parts} if len(parts) > 1 else parts[0]


def opened(said: Occasions, *, once: bool = False) -> Node | None:
    if days := said.window.get("within_days"):
        return {"field": "days_since_first_order", "operator": "le", "value": days}
    parts: list[Node] = []
    if "start" in said.window:
        parts.append({"purchase": "orders", "operator": "eq", "value": 0, "end": day_before(said.window["start"])})
    parts.append({"purchase": "orders", "operator": "ge", "value": 1} | said.narrowed | said.window)
    if once:
        parts.append({"field": "orders_all", "operator": "eq", "value": 1})
    return {"all": parts} if len(parts) > 1 else parts[0]


def last(match: re.Match[str], said: Occasions, goods: Goods) -> Node | None:
    """Something on the days named, nothing after them."""
    if said.words or said.count or len(said.windows) != 1 or "within_days" in said.window:
        return None
    parts: list[Node] = [{"purchase": "orders", "operator": "ge", "value": 1} | said.window]
    if "end" in said.window:
        parts.append({"purchase": "orders", "operator": "eq", "value": 0, "start": day_after(said.window["end"])})
    return {"all": parts} if len(parts) > 1 else parts[0]


def active(match: re.Match[str], said: Occasions, goods: Goods) -> Node | None:
    if said.words or (not said.count and (not said.windows or "start" not in said.window)):
        return None
    op, number, of = said.count or (("eq", 0, "orders") if match["never"] else ("ge", 1, "orders"))
    return made({}, said, of, op, number)


def back(match: re.Match[str], said: Occasions, goods: Goods) -> Node | None:
    """ "Ordered again": a second order, or one on the days named after one before; "… within 90 days of the first"."""
    words = re.sub(
        r"\b(?:since|so far|yet|again|then|later|afterwards|ever|at all|to us|to buy|since then|in|by now|now)\b",
        "",
        said.words,
    ).strip()
    if (
        words
        or (said.count and said.count[2] != "orders")
        or (re.search(r"\b(?:been|still)\b", match[0]) and not said.windows)
    ):
        return None
    told = re.search(r"\b(?:who|that|which|have|has|had|they|still|whoever)\b", match["said"]) or match["never"]
    if not (told or said.windows or said.narrowed or "<rule" in match.string[: match.start()]):
        return None  # "what share of customers buy again" is a figure
    second: Node = {"purchase": "orders", "operator": "ge", "value": 2}
    if said.narrowed and "within_days_of_first" not in said.narrowed:
        node = made({}, said) | {"which": "later"}  # "came back through email": with an order after their first
    elif not said.windows:
        node = second | said.narrowed if said.narrowed else {"field": "orders_all", "operator": "ge", "value": 2}
    else:
        bought = made({}, said)
        node = (
            bought
            if "within_days" in said.window
            else {"all": [bought, second | ({"end": said.window["end"]} if "end" in said.window else {})]}
        )
    if match["never"] and "start" in said.window and "end" not in said.window:  # of those who had come before
        before = {"purchase": "orders", "operator": "ge", "value": 1, "end": day_before(said.window["start"])}
        return {"all": [before, {"purchase": "orders", "operator": "eq", "value": 0} | said.window]}
    return {"not": node} if match["never"] else node


def paused(match: re.Match[str], said: Occasions, goods: Goods) -> Node | None:
    if said.count or named_goods(re.sub(r"\bbetween (?:2 )?(?:orders|purchases)\b", "", said.words), goods) != {}:
        return None
    k = match["k"] or "1"
    number = 0.5 if k == "half a" else 1 if k in ("a", "an") else float(k)
    op = "gt" if match.groupdict().get("cmp3") else OPS.get(match["cmp"] or "", "ge")
    node = {"purchase": "gap_days", "operator": op, "value": amount(str(number * DAYS[match["unit"]]))}
    return node | said.window if said.windows and len(said.windows) == 1 else node if not said.windows else None


def refunded(match: re.Match[str], said: Occasions, goods: Goods) -> Node | None:
    if named_goods(said.words, goods) != {}:
        return None
    number = 0 if match["no"] else amount(match["n"] or "1")
    plain = "eq" if match["no"] or match["n"] else "ge"
    op = "ge" if match["more"] else OPS.get(match["cmp"] or "", plain)
    if said.count and said.count[2] == "orders" and not match["n"]:
        op, number, _ = said.count
    return made({}, said, "refunds", op, number)


def that_one(match: re.Match[str], said: Occasions, goods: Goods) -> Node | None:
    """ "Exactly one order, and that one was before 2024"."""
    if said.words or said.count or len(said.windows) != 1 or not re.search(r"<rule\d+>", match.string[: match.start()]):
        return None
    return made({}, said)
