# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""How people ask on how many days there was, or was not, an order."""

from __future__ import annotations

import re
from typing import Any, Final

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots
from language.whole_clause import whole_clause

__all__ = ["BEST_DAY", "DAYS"]

_WEEKDAY: Final = r"(?P<name>monday|tuesday|wednesday|thursday|friday|saturday|sunday)s"
_UNIT: Final = rf"(?:(?:calendar |trading |working |business )?days|{_WEEKDAY})"
_HOW_MANY: Final = rf"(?:(?:on|for|in|during) )?(?:how many|(?:the )?number of|which) {_UNIT}\b"
_ANY: Final = r"(?:an?|any|some|at least 1|1)"
_ORDERS: Final = r"(?:orders?|sales?|purchases?)"
_PLACED: Final = r"(?: (?:at all|placed|made|come in|came in|coming in|arrive|through))*"
_NONE: Final = (
    rf"\b(?:was|were|is|are) there (?:not (?:{_ANY}|a single) |no (?:single )?){_ORDERS}{_PLACED}\b",
    rf"\b(?:had|saw|passed|went by|brought|there were|came) (?:with )?(?:no|0) {_ORDERS}{_PLACED}\b",
    rf"\bwith less than 1 {_ORDERS}\b|\bwithout (?:{_ANY} |a single )?{_ORDERS}\b|\bwith (?:no|0) {_ORDERS}\b|\bno {_ORDERS}{_PLACED}\b",
    r"\b(?:did )?(?:nobody|no ?one|no customer) (?:order(?:ed)?|buy|bought|purchased?)(?: anything)?\b",
    rf"\b(?:did )?(?:we )?(?:not (?:sell|get|have|receive) (?:anything|{_ANY} {_ORDERS}|a single {_ORDERS})|sell nothing|(?:get|have|had|got|receive) no {_ORDERS})\b",
    rf"\b(?:did )?(?:not (?:a single|1|any) {_ORDERS}{_PLACED}|nothing (?:come in|sell|get sold|sold|was sold))\b",
)
_SOME: Final = (
    rf"\b(?:was|were|is|are) there (?:{_ANY} )?{_ORDERS}{_PLACED}\b|\b(?:did )?(?:{_ANY} )?{_ORDERS} (?:came|come) in\b",
    rf"\b(?:with|had|have|has|saw) (?:{_ANY} )?{_ORDERS}{_PLACED}\b",
    rf"\b(?:did )?(?:we |the shop )?(?:get|receive|take|have) (?:{_ANY} )?{_ORDERS}{_PLACED}\b",
    r"\b(?:did )?(?:we |the shop )(?:sell|sold) (?:something|anything)(?: at all)?\b|\b(?:was|did) (?:something|anything) (?:sold|sell)\b",
    r"\b(?:did )?(?:somebody|anybody|someone|anyone) (?:order(?:ed)?|buy|bought|purchased?)(?: (?:something|anything))?\b",
)


def days(slots: Slots, scene: Scene) -> list[Call] | None:
    """The days a clause asks for; None where any word of it says more than that."""
    clause = whole_clause(slots, scene)
    head = clause.take(_HOW_MANY, " ") if clause else None
    if clause is None or head is None or clause.customer:
        return None
    without = any(clause.take(pattern, " ") for pattern in _NONE)
    if not without and not any(clause.take(pattern, " ") for pattern in _SOME):
        return None
    clause.drop(r"\b(?:there|day|days|actually|ever|at all|<period> (?=<period>))\b")
    if not clause.is_explained() or re.search(r"trading|working|business", head[0]):
        return None
    asked: dict[str, Any] = clause.days() | ({"country": clause.country} if clause.country else {})
    asked |= {"weekday": head["name"].capitalize()} if head["name"] else {}
    return [Call("order_days", asked | ({"without": True} if without else {}))]


def _unsure(slots: Slots, scene: Scene) -> Answerable:
    return days(slots, scene) or "Ask on how many days of a time there was an order, or was none."


DAYS = Request("order_days", "", _unsure, reads=days)

_METRICS: Final = {
    "turnover": "revenue",
    "revenue": "revenue",
    "sales": "revenue",
    "money": "revenue",
    "takings": "revenue",
    "orders": "orders",
    "number of orders": "orders",
    "units": "units",
    "pieces": "units",
}
_BEST: Final = r"\b(?:(?P<best>best|strongest|biggest|busiest|top|highest)|(?P<worst>worst|weakest|slowest|quietest|lowest)) (?P<name>monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
_BY: Final = rf"\b(?:by|in terms of|for|in) (?:the )?(?P<by>{'|'.join(_METRICS)})\b"
_DATED: Final = r"\b(?:(?:which|what) (?:date|day)(?: (?:was|is) (?:it|that|this))?|the date|date|when (?:was|is) (?:it|that|this)?|when)\b"


def best_day(slots: Slots, scene: Scene) -> list[Call] | None:
    """ "Best Sunday we ever had, by turnover, date?": that one day."""
    clause = whole_clause(slots, scene)
    head = clause.take(_BEST, " ") if clause else None
    if clause is None or head is None or clause.customer:
        return None
    by = clause.take(_BY, " ")
    dated = clause.drop(_DATED)
    clause.drop(r"\b(?:ever|we (?:ever |<period> )?had|of all time)\b")
    if not (dated or by) or not clause.is_explained():
        return None
    metric = _METRICS[by["by"]] if by else "revenue"
    filters = [{"dimension": "weekday", "operator": "eq", "value": head["name"].capitalize()}]
    filters += [{"dimension": "country", "operator": "eq", "value": clause.country}] if clause.country else []
    asked = {"metrics": [metric], "filters": filters, "grain": "day", "order_by": metric, "limit": 1}
    return [Call("query_metrics", asked | ({"descending": False} if head["worst"] else {}) | clause.days())]


BEST_DAY = Request(
    "best_day", "", lambda slots, scene: best_day(slots, scene) or "Which day of the week?", reads=best_day
)
