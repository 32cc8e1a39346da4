# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""How people ask for one figure of one customer, whom they name by a bare number or by "they"."""

from __future__ import annotations

import re
from typing import Any, Final

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots
from language.whole_clause import CODE, WholeClause, customer_before, whole_clause
from tools.metrics.goods import product_named

__all__ = ["CUSTOMER"]

_CODE: Final = rf"\b(?:(?:customer|client|buyer|account|cust) (?:number |no\.? |id )?)?(?<!order )(?<!invoice )(?<!product )(?<!article )(?P<code>{CODE})(?:'s)?"
_ONE: Final = r"(?:<one>|<customer>|they|he|she|(?:this|that) (?:customer|account|one|client|person))"
_DONE: Final = r"(?:(?:did|has|have|does|do|had|was|were|is|are) )?"
_ASIDE: Final = r"\b(?:from|with|at|to|by|for) us\b|\b(?:so far|to date|by now|until now|already|altogether|in total|in all|overall|ever|since the (?:beginning|start)|on average|(?:is|are) (?:just )?(?:on the (?:phone|line)|calling))\b|(?<=[,:]) ?(?:mean|average)(?=[?.! ]*$)"
_BUY: Final = r"(?:order(?:ed)?|buy|bought|purchased?|shop(?:ped)?|get|got|taken|take)"
_PIECES: Final = r"(?:(?:pieces|pcs|units|bags|boxes) of |of (?:the |our )?)?"
_MAILS: Final = r"(?:e-?mails?|mails?|mailings?|newsletters?)"
_FIGURES: Final = (
    ("days_between_orders", rf"\bevery how many days {_DONE}{_ONE} (?:re-?)?{_BUY}\b|\bhow many days (?:(?:are|lie|pass|go by|is|there) )*between {_ONE}(?:'s)? (?:<their> )?(?:orders|purchases)\b|\bdays between (?:(?:the |2 )?(?:orders|purchases) (?:of|by|from) {_ONE}|{_ONE}(?:'s)? (?:orders|purchases))\b"),
    ("orders", rf"\bhow (?:often|many times) {_DONE}{_ONE} {_DONE}(?:been )?{_BUY}\b(?: anything)?"),
    ("orders", rf"\b(?:in )?how many (?:orders|purchases|invoices)(?: {_DONE}{_ONE} {_DONE}(?:{_BUY}|placed?|made?|make)| (?:(?:was|is|were|are) (?:that|it|those|there))?(?: (?:for|from|of|by) {_ONE})?)(?!\w)"),
    ("revenue", rf"\b(?:what|how much(?: money)?) {_DONE}{_ONE} {_DONE}(?:spen[dt]|paid|pay|brought|brings?)(?: in)?\b"),
    ("emails_sent", rf"\bhow many {_MAILS} (?:{_DONE}{_ONE} {_DONE}(?:get|got|gotten|receive|received|sent)|{_DONE}(?:we )?(?:send|sent)(?: to)? {_ONE}|(?:did|have) we (?:send|sent)(?: to)? {_ONE}|went to {_ONE})\b(?: sent)?"),
    ("email_opens", rf"\bhow (?:many(?: of (?:those|these|them)| {_MAILS})?|often) (?:(?:did|have|has|were|was|are) )?(?:{_ONE} )?(?:been )?open(?:ed)?(?: by {_ONE})?(?: them)?\b"),
)  # fmt: skip
_GOODS: Final = rf"\bhow many {_PIECES}(?P<goods>[a-z][a-z' -]*?) (?:did|has|have|had) {_ONE} {_BUY}\b"
_WHO: Final = rf"^(?:and |so |ok )*(?:who is|who the hell is|who are) {_ONE}$"


def customer(slots: Slots, scene: Scene) -> list[Call] | None:
    """The figures of one customer that a clause asks for; None where any word of it says more than that."""
    clause = whole_clause(slots, scene)
    if clause is None or clause.country:
        return None
    code = clause.take(_CODE, "<one>")
    who = clause.as_written(code["code"]) if code else clause.customer
    if code and clause.customer:
        return None
    while clause.take(r"(?<!<)\b(?:their|his|her)\b", "<their>"):
        pass
    clause.drop(_ASIDE)
    clause.text = re.sub(
        r"^(?:from )?(?:<one>|<customer>) ?[:,-]+ ?(?=.*\b(?:they|he|she)\b)", "", clause.text.strip(" ?.!")
    )
    if re.search(_WHO, clause.text) and code:
        return [Call("customer_profile", {"customer": who})]
    calls = _figures(clause, who, scene)
    told_by_profile = re.search(r"\bcustomers?\b|@", slots.plain)  # "how much did customer 14646 spend"
    return None if calls and told_by_profile and calls[0].arguments.get("metrics") == ["revenue"] else calls


def _figures(clause: WholeClause, who: str | None, scene: Scene) -> list[Call] | None:
    spoken = f" {clause.text} "
    metrics, goods = _named(clause, scene)
    back = re.search(rf"{_ONE}|\b(?:those|these|that)\b", spoken) is not None
    who = who or (customer_before(scene) if back else None)
    clause.drop(r"<one>|<their>|\b(?:they|them|he|she|(?:this|that) (?:customer|account|client|person))\b")
    if not metrics or who is None or not clause.is_explained():
        return None
    mine = {"dimension": "customer", "operator": "eq", "value": who}
    if metrics == ["email_opens"] and "those" in spoken and not clause.period:
        return _of_those(mine, scene)
    asked: dict[str, Any] = {"metrics": metrics, "filters": [mine, *goods]}
    return [Call("query_metrics", asked | clause.days())]


def _named(clause: WholeClause, scene: Scene) -> tuple[list[str], list[dict[str, Any]]]:
    """The figures, and the goods they are of."""
    metrics: list[str] = []
    for name, pattern in _FIGURES:
        if clause.take(pattern, " ") and name not in metrics:
            metrics.append(name)
    if not metrics and (match := clause.take(_GOODS, " ")):
        product = product_named(match["goods"], "many", scene)
        if product is not None:
            return ["units"], [{"dimension": "product", "operator": "contains", "value": product}]
    return metrics, []


def _of_those(mine: dict[str, Any], scene: Scene) -> list[Call] | None:
    """ "How many of those were opened", of the mails counted before."""
    last = scene.last
    if last is None or last.arguments.get("metrics") != ["emails_sent"] or last.arguments.get("filters") != [mine]:
        return None
    return [Call(last.tool, {**last.arguments, "metrics": ["email_opens"]})]


def _unsure(slots: Slots, scene: Scene) -> Answerable:
    return customer(slots, scene) or "Of which customer? Give me the customer id or the email address."


CUSTOMER = Request("customer_figure", "", _unsure, reads=customer)
