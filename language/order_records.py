# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""What is asked of orders one by one: "T156's largest order, date and amount", "credit notes of May with customer"."""

from __future__ import annotations

from typing import Any, Final

from language.scene import Scene
from language.slots import Slots
from language.whole_clause import CODE, WholeClause, customer_before, whole_clause

__all__ = ["orders_asked"]

_REFUND: Final = r"(?:credit (?:note|memo)|refund|cancellation)(?: order)?(?P<many>s)?(?! (?:rate|share))"
_ORDER: Final = r"(?:(?:sales? )?(?:order|invoice|bill|receipt|basket)|purchase|transaction)(?P<many>s)?(?! (?:lines?|days?|items?|values?|size|history|numbers?|no|nr|ids?)\b)|(?:(?<=first )|(?<=last ))(?:buy|bought|ordered|purchased?|shop(?:ped)?)"
_FIRST: Final = r"(?:very )?(?:first|earliest|oldest)"
_LAST: Final = r"(?:very )?(?:last|latest|most recent|newest)"
_RANKS: Final = (
    ("oldest", _FIRST), ("newest", _LAST), ("largest", r"(?:single )?(?:largest|biggest|highest|most expensive|priciest)"),
    ("smallest", r"(?:smallest|lowest|cheapest)"),
)  # fmt: skip
_IT: Final = r"(?: (?:it|that|this|they|the <doc>))?"
_WHO: Final = (
    r"(?:by |from |of )?(?:which|what) (?:customer|client|buyer)(?: (?:was|is|made|placed|did)(?: it| that)?(?: come from)?)?\b",
    r"(?:from |by )whom(?: (?:was|is) (?:it|that))?|whose (?=<doc>|<rank>|(?:was|is)\b)",
    rf"who (?:made|placed|did|was|bought|gave|sent|<doc>){_IT}(?!\w)|(?<=[,:] )who\b(?= and| ?[?,]|$)|and who(?= ?[?.]*$)",
    r"(?:and|with|its|,|/) ?(?:the |its )?(?:customer|client|buyer)(?: (?:id|number|no\.?|name|code)s?)?(?![\w'])|(?:customer|client|buyer) (?:id|number|no\.?|name|code)s?\b",
)
_WHEN: Final = (
    rf"(?:on )?(?:which|what) (?:day|date)(?: (?:was|is|did){_IT})?\b",
    rf"when (?:was|is|were|did|has|have){_IT}\b|\bwhen\b",
    r"(?:(?:on|the|with|its|their|and|by) )?(?:(?:calendar|order|purchase|invoice) )?(?:dates?|day)\b(?: of(?= (?:the |<|their|his|her))| and time)?",
)
_AMOUNT: Final = (
    r"(?:for |and )?how (?:much|large|big|high)(?: money)?(?: (?:was|is|did|does|were)(?: (?:it|that|this|they|he|she))?(?: (?:come to|cost|pay|spend|amount to|bring|worth)(?: for it)?)?)?\b",
    r"what (?:did|does|do|was) (?:it|that|this|they|he|she|<customer>)(?: (?:come to|cost|pay|spend|amount to|worth))(?: for (?:it|that))?\b|what (?:it|that|they) (?:came to|cost|paid|spent|amounted to)\b",
    r"(?:(?:with|the|its|their|and|,|&|by) ?)?(?:(?:order|invoice|total|<doc>) )?(?<!<)(?:amounts?|sums?|totals?|values?|price|worth)\b(?!>)(?: of(?= (?:the |<|their|his|her|it)))?",
)
_NUMBERS: Final = r"(?:(?:order|invoice|document|receipt) )(?:number|no\.?|nr\.?|id)(?P<many>s)?(?!\w)"
_NUMBER: Final = r"(?:<doc> )?(?:numbers?|no\.?|nr\.?|ids?)(?!\w)(?! of\b)"
_BOUNDS: Final = (
    ("at_least", r"(?:at least|no less than) (?P<n>\d+(?:\.\d+)?)|from (?P<o>\d+(?:\.\d+)?) (?:up|upwards?|on)|(?P<m>\d+(?:\.\d+)?)(?: or (?:more|over|above|higher)|\+)"),
    ("at_most", r"(?:at most|up to|no more than) (?P<n>\d+(?:\.\d+)?)|(?P<m>\d+(?:\.\d+)?) or less"),
    ("above", r"(?:over|above|more than|bigger than|larger than|higher than|exceeding|beyond|greater than|>) ?(?P<n>\d+(?:\.\d+)?)"),
    ("below", r"(?:under|below|less than|smaller than|<) ?(?P<n>\d+(?:\.\d+)?)"),
)  # fmt: skip
_WORTH: Final = r"(?:(?:(?:that|which) )?(?:went|go|goes|was|were|is|are|worth|came to|amount to|of|with an? (?:amount|total|value)(?: of)?) )*"
_CONTENT: Final = (
    r"what (?:was|is|were|did) (?:in|inside|on) (?:it|the (?:box|parcel|package)|them)\b|(?:and )?what (?:was|is|were) (?:in|inside|on)(?= (?:the |their |his |her )?(?:<rank> )?(?:<doc>|<code>))",
    r"(?:which|what) (?:products?|articles?|items?|goods|things) (?:was|were|are|is|did)(?: there)? (?:in|on)(?: it)?\b|(?:contents?|items|articles|products|lines|positions) (?:of|in|on)\b",
)
# of one order; of all of them it is which products somebody bought
_BOUGHT: Final = r"what (?:did|does|was|had|has) (?:<customer>|<code>|they|he|she|it) (?:buy|bought|order|<doc>|get|contain|include|hold)(?: (?:in|with|on))?(?= (?:the |their |his |her )?<rank>)"
_ASIDE: Final = r"(?:(?:is|are) )?(?:just )?(?:on the (?:phone|line)|calling|asking)(?: (?:right )?now)?\b|\bwe (?:ever|<period>) (?:had|got|took|received)\b|\b(?:we )?(?:had|got)\b(?= (?:in|from|so far|<period>|[?.!]*$))|\bever\b|\b(?:so far|to date|until now|by now)\b|\bwith us\b"
_PRONOUN: Final = r"\b(?:they|their|he|his|she|her|them|this (?:customer|account)|that (?:customer|account|one))\b"
_AS_RANKING: Final = (
    r"\b(?P<top>top|bottom) (?P<n>\d{1,3} )?order numbers by revenue\b"  # how the largest orders are said for figures
)
_RANKED: Final = {"top": "largest", "bottom": "smallest"}
_OF_OTHERS: Final = r"\b(?:from when|since when|customers|clients|buyers|people|average|each|every|per|how many|total number|share|compare)\b"
_FEW: Final = 10  # of the largest, where nobody says how many
_SHOW: Final = r"^(?:(?:please|and|can you|could you|i need|i want|ok|now) )*(?:show|list|give|which|all|need|pull|tell|what are)\b"


_SERIES: Final = (  # a figure in steps, and no list
    r"\b(?:day|week|month) by (?:day|week|month)\b|\b(?:per|each|every|by) (?:day|week|month|quarter|year|weekday|hour)\b"
    r"|\b(?:daily|weekly|monthly|quarterly)\b"
)


def orders_asked(slots: Slots, scene: Scene) -> dict[str, Any] | None:
    """The arguments of list_orders that a clause asks for; None where it asks for anything else, or for more."""
    clause = whole_clause(slots, scene)
    if clause is None or clause.has(_OF_OTHERS) or clause.has(_SERIES):
        return None
    told = _Told(clause, scene)
    if told.subject is None or not clause.is_explained():
        return None
    within = told.bounds | clause.days() | ({"country": clause.country} if clause.country else {})
    if "order" in told.subject:
        return _one(told) if not within else None
    picked = _ranked(told, cut=bool(within)) if told.rank and not (told.number or told.many) else _several(told)
    return None if picked is None else {"kind": told.kind} | picked | told.subject | within


class _Told:
    """What a clause tells, taken out of it part by part."""

    def __init__(self, clause: WholeClause, scene: Scene) -> None:
        clause.take(_AS_RANKING, lambda match: f"{match['n'] or ''}{_RANKED[match['top']]} orders")
        self.shows = clause.has(_SHOW)
        self.goes_on = clause.has(r"^(?:and|so|but|ok)\b")
        self.bounds = _bounds(clause)
        self.named = _named(clause)
        numbers = clause.take(_NUMBERS, " ")
        self.kind, self.many = _documents(clause)
        if numbers and self.kind is None:
            self.kind, self.many = "orders", bool(numbers["many"])
        self.rank, self.number = _rank(clause)
        self.content = any(clause.take(pattern, " ") for pattern in _CONTENT)
        self.content = bool(clause.take(_BOUGHT, " ")) or self.content
        self.who = any(clause.drop(pattern) for pattern in _WHO)
        self.when = any(clause.drop(pattern) for pattern in _WHEN)
        self.amount = any(clause.drop(pattern) for pattern in _AMOUNT)
        self.numbers = clause.drop(_NUMBER) or bool(numbers)
        clause.drop(_ASIDE)
        self.subject = self._subject(clause, scene)
        if self.kind is None and self.rank and self.when and self.subject:  # "when was the last time"
            self.kind = "orders"

    def _subject(self, clause: WholeClause, scene: Scene) -> dict[str, str] | None:
        """Whose orders, or which order; nothing: all. None where nobody can tell."""
        back = clause.drop(_PRONOUN)
        clause.drop("<doc>|<rank>")
        code = self.named.get("code") if clause.drop("<code>") else None
        alone = not (self.rank or self.many)
        if "order" in self.named:
            return self.named
        if code:
            if clause.customer or (alone and not (self.content or self.who)):
                return None
            return {"order": code} if alone else {"customer": code}
        if clause.customer:
            return {"order" if alone and self.content else "customer": clause.customer}
        before = customer_before(scene)
        if back or self.goes_on:
            return {"customer": before} if before else None
        return None if before else {}


def _ranked(told: _Told, *, cut: bool) -> dict[str, Any] | None:
    """The first, last, largest or smallest one; of all orders the amount or the day alone is one of the shop."""
    sure = told.who or (told.when and cut) or told.content or told.subject
    if not (told.kind and sure):
        return None
    return {"sort": told.rank, "limit": 1} | ({"lines": True} if told.content else {})


def _several(told: _Told) -> dict[str, Any] | None:
    """A list: with the days, the customers or the numbers; a sum or a count of them is a figure."""
    listed = told.shows and told.amount and (told.bounds or told.subject)
    cut = told.when or told.who or told.numbers or listed or (told.shows and told.bounds) or told.rank
    if told.kind is None or told.content or not (cut and told.many):
        return None
    sort = {"sort": told.rank or ("largest" if told.bounds else "oldest")}
    few = told.number or (_FEW if told.rank in ("largest", "smallest") else None)
    return sort | ({"limit": few} if few else {})


def _one(told: _Told) -> dict[str, Any] | None:
    """One document by its number: who placed it and when, or what was in it."""
    asked = told.who or told.when or told.amount
    if not (told.content or asked) or told.rank or told.subject is None:
        return None
    return {**told.subject, "lines": True} if told.content else dict(told.subject)


def _bounds(clause: WholeClause) -> dict[str, float]:
    """ "Over 300", "of at least 50"."""
    found: dict[str, float] = {}
    for name, pattern in _BOUNDS:
        if match := clause.take(
            rf"\b{_WORTH}(?:{pattern})(?! ?(?:%|days?|orders|units|pieces|times|lines?)\b)(?![\w.])", " "
        ):
            found[name] = float(next(filter(None, match.groups())))
    return found


def _named(clause: WholeClause) -> dict[str, str]:
    """Numbers that stand bare: one after "order" is an order's, any other may be a customer's."""
    if match := clause.take(
        rf"\b(?:order|invoice|bill|credit note|basket|receipt) (?:number |no\.? |nr\.? |id |#)?#?(?P<code>{CODE})",
        "<code>",
    ):
        return {"order": clause.as_written(match["code"])}
    if match := clause.take(
        rf"\b(?:(?:customer|client|buyer|account|cust) )?(?<!product )(?<!article )(?<!item )(?<!sku )(?<!code )(?P<code>{CODE})(?:'s|s')?",
        "<code>",
    ):
        return {"code": clause.as_written(match["code"])}
    return {}


def _documents(clause: WholeClause) -> tuple[str | None, bool]:
    """Which kind of documents, and whether they are several; leaves <doc>."""
    kinds: dict[str, bool] = {}
    for kind, pattern in (("refunds", _REFUND), ("orders", _ORDER)):
        while match := clause.take(rf"\b{pattern}\b", "<doc>"):
            kinds[kind] = kinds.get(kind, False) or bool(match["many"])
    if not kinds and clause.take(r"\beverything\b", "<doc>"):
        kinds = {"orders": True}
    named = "both" if len(kinds) > 1 else next(iter(kinds), None)
    return named, any(kinds.values())


def _rank(clause: WholeClause) -> tuple[str | None, int | None]:
    """ "The 3 largest orders", "their last one", "when did they first order"; leaves <rank>."""
    for sort, word in _RANKS:
        number = r"(?:(?P<before>\d{1,3}) )?"
        noun = r"(?P<noun>(?: ones?| 1)?(?= ?<doc>)|(?= \d{1,3} <doc>)|(?: ones?| 1| time)\b)"
        if match := clause.take(rf"\b{number}{word}(?: (?P<after>\d{{1,3}}))?{noun}", "<rank>"):
            found = match["before"] or match["after"]
            return sort, int(found) if found and found != "1" else None
    return None, None
