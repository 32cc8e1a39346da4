# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""A part of a period that is left out: "2011 without December", "leaving May aside"; days without trade."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from language.periods import Period
from language.words import Draft

__all__ = ["EXCLUDING_WORDS", "leave_out", "leave_out_empty", "said_as_left_out"]

_LEFT_OUT: Final = (
    r",? ?\b(?:without|excluding|except(?: for)?|minus|ignoring|apart from|leaving(?: out)?|leave(?: out)?|not counting"
    r"|but not|not including|other than|skipping|skip)(?: (?:in|on|for|the|all|of))* <period>(?: (?:aside|out|apart))?"
    r"|,? ?(?:\bwith )?<period> (?:is |are |was )?(?:left (?:out|aside)|aside|excluded|not (?:counted|included)|ignored|omitted|apart)\b"
)
# why it is left out says nothing more
_REASON: Final = (
    r",? ?\b(?:since|because|as|for) (?:it|that|this|they|that one|that month) (?:is|are|was|were|has|have) "
    r"(?:(?:not|only|still|just|yet|partly|half|been) ?)*(?:complete|finished|over|full|partial|half|started|done|begun"
    r"|whole|incomplete|unfinished)\b"
)
_TRADE: Final = r"(?:any )?(?:orders?|sales|revenue|trade|takings|business)"
_EMPTY: Final = (
    rf",? ?\b(?:and |but )?(?:(?:ignoring|excluding|leaving out|not counting|skipping) )?(?:the )?(?:days|weeks|months|hours)(?: that had| that have| which had)? (?:without|with no|with 0) {_TRADE}"
    r"(?: (?:do not|does not|should not|shall not|must not|are not|not) (?:to be )?count(?:ed)?| (?:are )?(?:left out|excluded|ignored|aside))?"
    r"|,? ?\b(?:ignoring|excluding|leaving out|not counting|skipping|without) (?:the )?(?:empty|0|dead|closed|zero) (?:days|weeks|months|hours)\b"
)
# "Only count the days we were open (nothing happens on Saturdays)"
_ONLY: Final = r"(?:only (?:count|take|use|look at)(?:ing)?|(?:count|tak|us|look)(?:ing|e)?(?: at)? only|(?:count|tak)(?:ing|e)|only(?: (?:for|on|over))?|but only|over)"
_OPEN: Final = (
    rf",? ?\(?\b(?:but |and )?{_ONLY} (?:the )?(?:days|weeks) (?:(?:(?:on|in) which|when|that|where) )?(?:we (?:were|are|had) (?:open|trading|orders|sales)|the (?:shop|store) (?:was|is) open"
    r"|(?:something|anything) (?:was|got) (?:sold|ordered|bought)|(?:there were|with(?: any)?|had) (?:orders|sales))\b\)?"
)
_SHUT: Final = (
    r",? ?\(?\b(?:(?:and|as|because|since) )?(?:(?:on|at) )?(?:the )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?)(?:,| and| we| it| is| are| the shop| the store)* ?"
    r"(?:nothing happens|closed|shut|no orders(?: come(?: in)?)?)\b\)?"
)
# "Sales of the year, gift vouchers out": without them
_OUT: Final = re.compile(
    r", ?(?:and |but |the |all )*(?P<what>(?!(?:[\w' ]+ )?(?:how|what|which|who|when|went|go|goes|sent|send|gave|give|came|come|find|figure|sold|sell|is|are|was|were|run|ran|check|left|leave|work|works|help|opt|opted|inside)\b)"
    r"[a-z][\w'-]*(?: [\w'-]+){0,2}) (?:taken )?out(?= ?[.?!]*$)"
)


def said_as_left_out(text: str) -> str:
    """`text` (plain) with "…, gift vouchers out" as "without gift vouchers"."""
    return _OUT.sub(lambda m: f", without {m['what']}", text)


def leave_out(draft: Draft, periods: list[Period]) -> list[Period]:
    """The periods; of two of which one leaves out the other's beginning or end, what is left as one.

    A part in the middle leaves two stretches of days: then the clause is left as it is, for others to refuse.
    """
    if len(periods) != 2 or not draft.has(_LEFT_OUT):
        return periods
    left = _less(periods)
    if left is None:
        return periods
    draft.take(_LEFT_OUT, " ")
    draft.take(_REASON, " ")
    return [left]


def leave_out_empty(draft: Draft) -> str:
    """ "Days without orders don't count": in a ranking they have no row, of an average they are left out.

    "empty" or "open" where that is said, by the figure asked for or by the shop's being open; else nothing.
    """
    if draft.take(_EMPTY, " "):
        return "empty"
    if draft.take(_OPEN, " ") is None:
        return ""
    draft.take(_SHUT, " ")
    return "open"


def _less(periods: list[Period]) -> Period | None:
    nothing, day = timedelta(0), timedelta(days=1)
    inner, outer = sorted(periods, key=lambda p: p.end - p.start if p.start and p.end else nothing)
    if not (outer.start and outer.end and inner.start and inner.end):
        return None
    if outer.start < inner.start <= outer.end <= inner.end:
        return Period(outer.start, inner.start - day)
    if inner.start <= outer.start <= inner.end < outer.end:
        return Period(inner.end + day, outer.end)
    return None


EXCLUDING_WORDS: Final = frozenset("aside leaving skipping omitted ignored excluded complete incomplete empty".split())  # noqa: SIM905
