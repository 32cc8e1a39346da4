# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""A turn that changes what was asked before, in the plainest words: what is wrong, rather, instead, of those, not that.

"Wrong country, I meant Finland" is "I meant Finland", "the median is more honest, I think" is "the median instead",
"not money, the pieces" after a sum of money is "the pieces instead", "only those above 100" after orders is "only
orders above 100". Only what says that something changes is taken away; what it changes to stays as it was said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from language.scene import PastCall

__all__ = ["says_wrong", "turned"]

_KIND: Final = r"(?:country|city|place|channel|month|year|week|day|quarter|period|dates?|product|category|figure|number|metric|one|thing|button|line|row)"
_ERR: Final = (
    r"(?:arg+h*|ups|oops|whoops|uups|no|nope|wait|sorry|hm+|ah|oh|my (?:bad|mistake|fault)|mistake|typo|that was (?:a typo|wrong)"
    rf"|(?:the )?wrong(?: {_KIND})?|(?:i )?(?:mixed|messed|mixing) (?:it|that|this|them|those|something) up|i got (?:it|that) wrong"
    r"|(?:that is |that's |thats )?not what i (?:meant|wanted|asked(?: for)?)|scratch that|correction|misspoke|i misspoke)"
)
_ERRED: Final = re.compile(rf"^(?:{_ERR}[,.!;: -]+)+(?=\w)", re.IGNORECASE)
_WRONG: Final = re.compile(rf"(?:{_ERR}[,.!;: -]*)+", re.IGNORECASE)
_ALSO_TOLD: Final = re.compile(
    r"[,;. ]+(?:what(?:'s| is|s) (?:that|it|this)|how (?:much|many) (?:is|are|was|were) (?:that|it|those)|i (?:think|guess|believe|suppose))[?.! ]*$",
    re.IGNORECASE,
)
_NEEDED: Final = re.compile(
    r"^(?P<what>(?!(?:what|which|how|who)\b)[\w' -]{2,40}?),? (?:is what )?(?:i|we) (?:need|needed|want|wanted|meant|mean|was after)[?.! ]*$",
    re.IGNORECASE,
)
_RATHER: Final = re.compile(
    r"^(?:(?:and|but|ok|so|hm+|well|actually)[, ]+)*(?:i|we)(?:'d| would|d)? (?:(?:rather|sooner|much|really) )*(?:trust|prefer|like|have|see|take|use|know|go for|look at)(?: to (?:see|have|know))? (?P<what>(?!to\b)[\w' -]{2,40}?)(?: (?:more|better|rather|instead|please|then))*[?.! ]*$",
    re.IGNORECASE,
)
_OPINION: Final = re.compile(
    r"^(?:(?:and|but|ok|so|hm+|well|actually|maybe)[, ]+)*(?P<what>[\w' -]{2,40}?) (?:is|are|was|were|would be|will be|might be|seems?|sounds?|makes?|tells?|says?)(?: (?:me|us))?"
    r" (?:(?:a (?:bit|lot|little)|much|far|probably|maybe|the) )*(?:more|better|fairer|nicer|clearer|safer|best)(?: (?:honest|fair|useful|interesting|telling|meaningful|robust|reliable|relevant|important|realistic|representative|helpful|sense|sensible))?(?: (?:to|for) (?:me|us))?(?: (?:here|now|then))?[?.! ]*$",
    re.IGNORECASE,
)
_LEAD: Final = r"(?P<lead>(?:(?:and|but|ok|no|now|please|so|sorry|then|well)[, ]+)*)"
_SAID_OF: Final = r"(?:(?:by|in|for|of|the|with|at|on|from) )*"
_NOT_FIRST: Final = re.compile(
    rf"^{_LEAD}(?:not|instead of|rather than) {_SAID_OF}(?P<out>[\w' -]{{2,30}}?)(?:[,;:.! -]+| but )(?:but |rather )?(?P<what>(?:by |in |for |the )*\w.*)$",
    re.IGNORECASE,
)
_NOT_LAST: Final = re.compile(
    rf"^{_LEAD}(?P<what>\S.*?),? (?:(?:and |but )?not|instead of|rather than|in place of) {_SAID_OF}(?P<out>[\w' -]{{2,30}}?)(?: please)?[?.! ]*$",
    re.IGNORECASE,
)
_THOSE: Final = re.compile(
    r"\b(?:(?:only|just|count|of|and|but|with) )*(?P<those>those|these|the ones|ones)\b(?= (?:above|over|under|below|between|of|worth|with|since|from|in|before|after|that|which|on)\b)",
    re.IGNORECASE,
)
_AMOUNT: Final = re.compile(
    r"^(?:money|cash|amounts?|value|turnover|revenue|sales|euros?|dollars?|pounds?|sums?|takings)$", re.IGNORECASE
)
_COUNTED: Final = {
    "orders": "orders", "average_order_value": "orders", "median_order_value": "orders", "customers": "customers",
    "ordering_customers": "customers",
}  # fmt: skip


def says_wrong(words: str) -> bool:
    """Whether words only tell that something was wrong: "oops, wrong country"."""
    return _WRONG.fullmatch(words.strip(" ,.!;:-")) is not None


def turned(clause: str, last: PastCall, asked_before: Callable[[str], bool]) -> str:
    """The clause in the plainest words; `asked_before` tells whether words name only what `last` is of already."""
    if says_wrong(clause):
        return clause.strip()
    said = _ERRED.sub("i meant ", clause.strip())
    said = re.sub(r"(?i)^i meant (?=(?:i|we) (?:meant?|mean)\b)", "", said)
    said = _ALSO_TOLD.sub("", said)
    for pattern in (_NEEDED, _RATHER, _OPINION):
        if match := pattern.match(said.removeprefix("i meant ")):
            said = f"i meant {match['what']}"
            break
    return _of_those(_without_ruled_out(said, last, asked_before), last)


def _without_ruled_out(said: str, last: PastCall, asked_before: Callable[[str], bool]) -> str:
    """ "Orders instead of revenue", after revenue: what is not wanted any more is what was before."""
    for pattern in (_NOT_FIRST, _NOT_LAST):
        match = pattern.match(said)
        if match and (asked_before(match["out"]) or (_AMOUNT.match(match["out"]) and _is_money(last))):
            return f"{match['lead'] or ''}{match['what'].rstrip(' ?.!,')} instead"
    return said


def _is_money(last: PastCall) -> bool:
    metrics = last.arguments.get("metrics") or []
    return bool(metrics) and all(name in _SUMS for name in metrics)


_SUMS: Final = frozenset(
    {"revenue", "gross_sales", "refunds", "discounts", "spend", "channel_revenue", "monetary_value"}
)


def _of_those(said: str, last: PastCall) -> str:
    """ "Those above 100", "the ones since June", after one number of orders: the orders."""
    metrics = last.arguments.get("metrics") or []
    rows = last.arguments.get("dimensions") or last.arguments.get("grain", "none") != "none"
    noun = _COUNTED.get(metrics[0]) if len(metrics) == 1 and not rows else None
    if noun is None or noun == "customers":
        return said
    return _THOSE.sub(lambda match: f"only {noun}", said, count=1)
