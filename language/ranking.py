# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Which of a ranking is asked for: the best or the worst, the first few, the second, all of them in order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from language.words import Draft

__all__ = ["RANKING_WORDS", "Rank", "take_rank", "take_times"]

_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ORDINAL: Final = rf"(?P<nth>{'|'.join(_ORDINALS[1:])}|\d{{1,2}}(?:st|nd|rd|th))"
_BEST: Final = (
    r"(?:top|best|biggest|largest|leading|strongest|fastest|steepest|sharpest|highest|greatest|most valuable|most important|most popular"
    r"|most expensive|priciest|dearest|busiest|peak|(?<!at )most)"
)
_WORST: Final = (
    r"(?:worst|bottom|lowest|weakest|smallest|least popular|least expensive|cheapest|(?<!at )least|slowest|poorest|fewest"
    r"|quietest|calmest|deadest)"
)
_IMPLIED: Final = (
    (r"busiest|quietest|calmest|deadest", "busy"),
    (r"popular", "popular"),
    (r"expensive|priciest|dearest|cheapest", "price"),
)
_DOWN: Final = r"(?:best|highest|high|largest|biggest|most|strongest|top|greatest|busiest)"
_UP: Final = r"(?:worst|lowest|low|smallest|least|fewest|weakest|cheapest|quietest|calmest)"
_AHEAD: Final = r"(?:first|(?:on|at) (?:the )?top|up top)"


# "…, 5 names", "…, top 3": how many rows, said behind
_ROWS: Final = (
    r"(?:,|^| -) ?(?:just |only |give me |the |show )*(?:(\d{1,3}) (?:of them|people|rows|names|ids|results|will do|is enough)"
    r"|top (\d{1,3}))(?= ?[?.!,]|$)|,? (?:just |only )?(\d{1,3}) (?:of them|people|rows)(?= ?[?.!]*$)"
)


@dataclass(slots=True)
class Rank:
    """What is asked of an order. `place`: only that one; `whole`: all, in order; `implied`: a figure the word means.

    `implied` is "busy" (orders), "popular" (pieces of a product, else orders) or "price".
    """

    top: bool = False
    ascending: bool = False
    limit: int | None = None
    place: int | None = None
    whole: bool = False
    implied: str = ""


def take_times(draft: Draft) -> tuple[Rank, str] | None:
    """ "The best three days", "worst 2 weeks": their rank and their grain, before "3 days" is read as a period."""
    for words, ascending in ((_BEST, False), (_WORST, True)):
        match = draft.take(
            rf"\b(?:the |our |my )?(?:(?P<how>{words}) (\d+)|(\d+) (?P<same>{words})) (?P<unit>day|week|month|quarter|year)s\b",
            "<top> <grain>",
        )
        if match:
            implied = _implied(match["how"] or match["same"])
            return Rank(True, ascending, int(match[2] or match[3]), implied=implied), match["unit"]
    return None


def take_rank(draft: Draft) -> Rank:
    """The rank asked for, taken out of `draft`; each part leaves the mark <top>."""
    rank = Rank()
    draft.text = re.sub(
        r"\b(?:slow(?:est)?[- ]mov(?:ers?|ing)|shelf[- ]warmers?|flops?|slow(?:est)?[- ]sell(?:ers?|ing))\b",
        "worst sellers",
        draft.text,
    )
    for take in (_take_order, _take_place, _take_extreme, _take_first):
        if take(draft, rank):
            break
    draft.take(r"(?<=<top> )(?:of all|of them all|performing|performers?|grossing)\b", " ")
    return rank


def _take_order(draft: Draft, rank: Rank) -> bool:
    """ "Best first", "descending", "from worst to best"."""
    for first, last, way, ascending in ((_DOWN, _UP, "desc(?:ending)?", False), (_UP, _DOWN, "asc(?:ending)?", True)):
        if match := draft.take(
            rf",? ?\b(?:(?:with|starting with|sort(?:ed)?|ordered) )?(?:the )?{first} (?:ones? )?{_AHEAD}\b|,? ?\b(?:from )?(?:the )?{first} to (?:the )?{last}\b"
            rf"|,? ?\b(?:in )?{way}(?: order)?\b",
            "<top>",
        ):
            rank.top = rank.whole = True
            rank.ascending = ascending
            rank.implied = _implied(match[0])
            if match := draft.take(
                rf"(?<!<)\b(?:the )?(?:(?:{first}) )?(\d{{1,3}})(?= <| \w)(?! (?:days(?! of the week)|weeks|months|years|quarters))",
                " ",
            ):
                rank.limit, rank.whole = int(match[1]), False
            return True
    return False


def _take_place(draft: Draft, rank: Rank) -> bool:
    """ "Second best", "3rd largest", "runner-up", "in fourth place", "last but one"."""
    for words, ascending in ((_BEST, False), (_WORST, True)):
        if match := draft.take(rf"(?<!<)\b(?:the |our |my )?{_ORDINAL}[- ](?P<how>{words})\b", "<top>"):
            return _placed(rank, _number(match["nth"]), ascending, match["how"])
    if draft.take(r"\b(?:the )?runners?[- ]?up\b|\b(?:the )?number 2\b|#2\b", "<top>"):
        return _placed(rank, 2, False)
    if draft.take(
        r"\b(?:the )?(?:second|next)[- ](?:to[- ])?last\b|\b(?:the )?last but one\b|\bpenultimate\b", "<top>"
    ):
        return _placed(rank, 2, True)
    if match := draft.take(
        rf"\b(?:(?:in|on|at|comes?|came|ranks?|ranked|is|are|was) )*(?:the )?{_ORDINAL} (?:place|position|rank)\b"
        rf"|\b(?:comes?|came|ranks?|ranked|finished) (?:in )?(?P<bare>{'|'.join(_ORDINALS[1:])})\b",
        "<top>",
    ):
        return _placed(rank, _number(match["nth"] or match["bare"]), False)
    if match := draft.take(
        r"\b(?:(?:in|on|at) )?(?:place|position|rank|number) (\d{1,2})\b(?! ?(?:of|%|orders))", "<top>"
    ):
        return _placed(rank, int(match[1]), False)
    return False


def _placed(rank: Rank, place: int, ascending: bool, how: str = "") -> bool:
    rank.top, rank.place, rank.ascending, rank.implied = True, place, ascending, _implied(how)
    return True


def _take_extreme(draft: Draft, rank: Rank) -> bool:
    for words, ascending in ((_BEST, False), (_WORST, True)):
        match = draft.take(
            rf"(?<!<)\b(?:the |our |my )?(?:(?P<how>{words}) (\d+)|(\d+) (?P<same>{words})|(?P<bare>{words}))\b(?! recent| likely)"
            r"(?: ?-? ?(?:of all time|ever))?",
            "<top>",
        )
        if match:
            rank.top, rank.ascending = True, ascending
            rank.limit = int(match[2] or match[3]) if match[2] or match[3] else _number_wanted(draft)
            rank.implied = _implied(match["how"] or match["same"] or match["bare"])
            return True
    rank.top = draft.take(r"\brecord (?=<|day|week|month|quarter|year)|\bpeak(?:s|ed)\b", "<top>") is not None
    return rank.top


def _take_first(draft: Draft, rank: Rank) -> bool:
    if match := draft.take(r"\b(?:the )?first (\d{1,2})\b(?! (?:days|weeks|months))", "<top>"):
        rank.top, rank.limit = True, int(match[1])
        return True
    rank.limit = _number_wanted(draft)
    return rank.limit is not None


def _number_wanted(draft: Draft) -> int | None:
    """ "Show me 20", "which 10 customers": how many rows."""
    wanted = (
        r"\b(?:first|show|list|give|tell|which|what|whose|name|find)(?: me)?(?: the| only| just)? (?!1 )(\d{1,3})(?= )"
    )
    match = draft.take(wanted, "<limit>") or draft.take(_ROWS, " <limit>")
    return next((int(number) for number in match.groups() if number), None) if match else None


def _implied(words: str) -> str:
    return next((name for pattern, name in _IMPLIED if re.search(pattern, words)), "")


def _number(ordinal: str) -> int:
    return _ORDINALS.index(ordinal) + 1 if ordinal in _ORDINALS else int(re.sub(r"\D", "", ordinal))


RANKING_WORDS: Final = frozenset(
    """
    together alongside basket combination
    second third fourth fifth sixth seventh eighth ninth tenth runner runners penultimate busiest quietest calmest
    popular expensive priciest cheapest peak peaks peaked record descending ascending seller sellers bestselling place
    position weakest strongest poorest slowest fewest
    """.split()  # noqa: SIM905
)
