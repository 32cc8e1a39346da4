# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Conditions on customers whose kind is learnt: "nothing for 8 months" is "with no order for 8 months".

The model of roles (analytics/text/roles.py) is taught conditions by themselves, too: their kind, and which of their
words are goods, a time, a number, a channel, a place or a name. Each kind is put in the words that the grammar of
conditions (language/conditions.py) reads; what has a detail that its kind does not hold is left as it was said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from agent.offline.roles import role_model
from analytics.text.roles import SPEECH
from language.residue import unknown_words
from language.scene import Scene
from language.slots import read_slots
from language.words import plain

__all__ = ["as_grammar_reads", "in_plain_words"]

_SURE: Final = 0.88  # of the kind
_ROLE: Final = 0.6  # of each word of a detail
_SLOTS: Final = {
    "product": "goods",
    "category": "goods",
    "channel": "channel",
    "city": "place",
    "country": "place",
    "segment": "name",
}
_PLAIN: Final[Mapping[str, str]] = {
    "bought": "who bought{goods}{channel}{time}",
    "not_bought": "who did not buy{goods}{channel}{time}",
    "bought_count": "with{number} orders{of_goods}{channel}{time}",
    "bought_units": "who bought{number} pieces{of_goods}{time}",
    "spent": "who spent{number}{on_goods}{time}",
    "order_worth": "with an order of{number}{time}",
    "average_order": "with an average order value{number}",
    "lifetime_value": "with a lifetime value{number}",
    "first_bought": "who first bought{time}",
    "last_bought": "who last bought{time}",
    "bought_again": "who bought again{time}",
    "bought_once_only": "with exactly 1 order{time}",
    "only_bought": "who only bought{goods}",
    "used_discount": "who used a discount{time}",
    "never_discount": "who never used a discount",
    "only_discount": "who always used a discount",
    "opened": "who opened an email{time}",
    "not_opened": "who did not open an email{time}",
    "clicked": "who clicked an email{time}",
    "not_clicked": "who did not click an email{time}",
    "unsubscribed": "who unsubscribed{time}",
    "visited": "who visited the website{time}",
    "not_visited": "who did not visit the website{time}",
    "filled_cart": "who filled a cart{time}",
    "email_consent": "with email consent",
    "no_email_consent": "without email consent",
    "sms_consent": "with sms consent",
    "no_sms_consent": "without sms consent",
    "both_consents": "with email consent and with sms consent",
    "has_email": "with an email address",
    "no_email": "without an email address",
    "has_phone": "with a phone number",
    "no_phone": "without a phone number",
    "refunded": "who got a refund{time}",
    "not_refunded": "who got no refund{time}",
    "lives_in": "who live in{place}",
    "through_channel": "who bought{channel}",
    "segment": "who are{name}",
    "lapsed": "who have left",
    "active": "who are still active",
    "at_risk": "who are likely to leave",
    "new_customers": "who first bought{time}",
}
"""Each kind in plain words, with the details it may have."""
_NEEDED: Final[Mapping[str, frozenset[str]]] = {
    "time": frozenset({"first_bought", "last_bought", "new_customers"}),
    "number": frozenset({"bought_count", "bought_units", "spent", "order_worth", "average_order", "lifetime_value"}),
    "goods": frozenset({"only_bought"}), "channel": frozenset({"through_channel"}), "place": frozenset({"lives_in"}), "name": frozenset({"segment"}),
}  # fmt: skip
_DENYING: Final = re.compile(
    r"\b(?:no|not|nor|never|without|nothing|none|zero|nil|0|non|yet to|un\w+|nobody|refus\w+|declin\w+|withdr\w+)\b|n'?t\b"
)
_SILENT: Final = re.compile(
    r"\b(?:silent|quiet|inactive|dormant|cold|away|gone|absent|asleep|missing|stopped|lapsed|lost|disappeared|vanished|since|last|ghosted|sleep\w*|idle)\b"
)
_DENIED: Final = frozenset(
    "not_bought never_discount not_opened not_clicked not_visited no_email_consent no_sms_consent no_email no_phone not_refunded".split()  # noqa: SIM905
)
_EITHER: Final = frozenset({"bought_once_only", "lapsed", "unsubscribed", "only_bought", "only_discount", "at_risk"})
_TELLING: Final = frozenset(
    """
    over under above below more less fewer least most than only just exactly first last second third half full same
    each every all both always once twice other another double
    """.split()  # noqa: SIM905
)
_OF_KIND: Final[Mapping[str, frozenset[str]]] = {
    kind: frozenset(words.split())
    for kind, words in {
        "bought_once_only": "only just exactly once first one", "only_bought": "only just", "only_discount": "only always every each all",
        "first_bought": "first", "last_bought": "last", "bought_again": "second another more once", "both_consents": "both",
        "new_customers": "first", "never_discount": "full always", "not_bought": "all more", "at_risk": "most",
    }.items()
}  # fmt: skip
_LENGTH: Final = re.compile(
    r"(?:(?:(?:in|for|within|during|since|of|inside)(?: the)?|over the) )?(?:(?:last|past|previous) )?(?P<cmp>(?:more than|over|longer than|at least|less than|under|almost|about) )?"
    r"(?:a )?(?P<n>\d+|an?|half a|a whole|a full|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen)(?P<more>\+| or more| plus)? ?-?(?P<unit>d|w|m|mo|y|yr|days?|weeks?|months?|quarters?|years?)(?: or (?:more|longer))?(?P<ago> ago| back)?"
)
_UNITS: Final = {"d": "days", "w": "weeks", "m": "months", "mo": "months", "y": "years", "yr": "years"}
_RELATIVE: Final = re.compile(
    r"\b(?:then|that|this(?! (?:year|month|week|quarter|spring|summer|autumn|winter|season))|it|later|after(?:wards?)?|before(?:hand)?|earlier|since|again|already|same)\b(?! (?:the )?(?:\d|[a-z]+\b))"
)
_NOUNS: Final = re.compile(
    r" ?\b(?:orders?|ords?|purchases?|times?|invoices?|buys?|x|pieces?|units?|items?|bottles?|euros?|eur|quid|pounds?|dollars?|bucks|in total|total|lifetime|altogether|worth)\b\.?"
)
_NUMBERS: Final = (
    (r"(?:≥|>=|=>|min\.?|minimum(?: of)?|upwards of|no (?:less|fewer) than) ?", "at least "),
    (r"(?:≤|<=|max\.?|maximum(?: of)?|up to|no more than) ?", "at most "),
    (r"(?:>|beat|beats|exceed(?:s|ed|ing)?|north of|in excess of|above|exceeding) ?", "more than "),
    (r"(?:<|below|south of) ?", "less than "),
    (
        r"(\d+(?:[.,]\d+)?k?) ?(?:\+|plus|upwards?|and (?:up|more|above)|or (?:more|above|over)|min\.?|minimum)(?!\w)",
        r"at least \1",
    ),
    (r"(\d) ?x\b", r"\1"),
)


_ASKED: Final = frozenset("how many customers".split())  # noqa: SIM905
# between two conditions, where the second one has a verb or a number of its own: "got a desk but no lamp"
_BETWEEN: Final = re.compile(
    r",? (?:and|but|yet|then|plus)(?: also| then| have| has| had| who| that)* (?=(?:never|no|not|none|nothing|without|with|did|didn'?t|have|has|had|haven'?t"
    r"|hasn'?t|came|got|bought|ordered|spent|sent|returned|opened|clicked|agreed|live|living|are|is|at least|at most|more|less|fewer|over|under|\d)\b)"
    r"|, (?=(?:never|no|not|nothing|without|with|did|didn'?t|skipped|came|bought|ordered|spent|returned|opened)\b)"
)


def in_plain_words(said: str, scene: Scene) -> str | None:
    """The condition `said` as what may follow "customers", or None where its kind or a detail of it is not sure.

    Of several beside each other ("got a desk but no lamp") each is read by itself.
    """
    pieces = [piece for piece in _BETWEEN.split(said) if piece.strip(" ,")]
    if len(pieces) == 1:
        return _one_in_plain_words(said, scene)
    plainly = [as_grammar_reads(piece, scene) or _one_in_plain_words(piece, scene) for piece in pieces]
    told = " and ".join(each for each in plainly if each)
    return told if all(plainly) and _is_read(told, scene) else None


def as_grammar_reads(piece: str, scene: Scene) -> str | None:
    """A piece as what may follow "customers who", where the grammar of conditions reads all of it."""
    said = piece.strip(" ,")
    tried = (said,) if re.match(r"(?:who|whose|with|without|that)\b", said) else (f"who {said}", f"with {said}")
    return next((each for each in tried if _is_read(each, scene)), None)


def _is_read(said: str, scene: Scene) -> bool:
    slots = read_slots(f"how many customers {said}", scene)
    understood = slots.conditions.rule is not None and not slots.conditions.unclear
    return understood and not unknown_words(slots, _ASKED)


def _one_in_plain_words(said: str, scene: Scene) -> str | None:
    sentence = role_model().read(said)
    kind = sentence.request
    if sentence.chance < _SURE or kind not in _PLAIN or not _is_denied_as_said(kind, said.lower()):
        return None
    details = _details(said)
    if details is None or _is_told_beside(kind, said.lower(), details):
        return None
    if any(kind in kinds and not details.get(slot) for slot, kinds in _NEEDED.items()):
        return None
    plainly = _put(kind, details)
    if plainly is None:
        return None
    return plainly if _is_read(plainly, scene) else None


def _is_denied_as_said(kind: str, said: str) -> bool:
    """A kind that denies something is said with a word that does, and no other is."""
    if kind in _EITHER:
        return True
    denied = _DENYING.search(said) is not None
    return denied or _SILENT.search(said) is not None if kind in _DENIED else not denied


def _is_told_beside(kind: str, said: str, details: Mapping[str, str]) -> bool:
    """Whether a word beside the details says more than the kind does: "over 120 days" of which only the days are one."""
    for words in details.values():
        said = said.replace(words, " ", 1)
    return bool(_TELLING & set(re.findall(r"[a-z]+", said)) - _OF_KIND.get(kind, frozenset()))


def _details(said: str) -> dict[str, str] | None:
    """The words of each detail; None where one is in two places or not sure."""
    found: dict[str, list[tuple[int, int]]] = {}
    before = ""
    for role in role_model().read(said).roles:
        slot = {"t": "time", "n": "number", "v": _SLOTS.get(role.names, "")}.get(role.role, "")
        if role.role == SPEECH:
            before = ""
            continue
        if role.sure < _ROLE or not slot:
            return None  # a detail that no kind holds
        spans = found.setdefault(slot, [])
        if slot == before:
            spans[-1] = (spans[-1][0], role.end)
        else:
            spans.append((role.start, role.end))
        before = slot
    if any(len(spans) > 1 for spans in found.values()):
        return None
    return {slot: said[spans[0][0] : spans[0][1]].lower() for slot, spans in found.items()}


def _put(kind: str, details: dict[str, str]) -> str | None:
    """The plain words of a kind with its details; None where it does not hold one of them."""
    plainly, time = _PLAIN[kind], details.pop("time", "")
    goods = re.sub(r"^(?:the|our|some|any|an?|of) ", "", details.get("goods", ""))
    if any(f"{slot}}}" not in plainly for slot in details) or (time and "{time}" not in plainly):
        return None
    if time:
        if kind == "not_bought" and goods == "" and (length := _length(time)):
            return f"with no order for {length}"
        if kind == "last_bought" and (length := _length(time)):
            if re.match(r"(?:with)?in\b|inside|less than|under|during", time):
                within = length.removeprefix("less than ").removeprefix("under ")
                return f"with at least 1 order in the last {within}" if within[:1].isdigit() else None
            return f"whose last order was {length} ago"
    when = _when(time)
    number = _number(details.get("number", ""))
    if when is None or number is None:
        return None
    if kind == "bought_count" and re.fullmatch(r"(?:only |just |exactly |at least |more than )?(?:once|twice)", number):
        plainly = "who bought{goods}{number}{channel}{time}"
    channel = re.sub(r"^(?:in|on|via|through|by|from|at|over) ", "", details.get("channel", ""))
    channel = re.sub(r"^(?:the|our) ", "", channel)
    spaced = {
        "goods": goods,
        "number": number,
        "time": when,
        "place": details.get("place", ""),
        "name": details.get("name", ""),
    }
    said = {slot: f" {words}" if words else "" for slot, words in spaced.items()}
    said["channel"] = f" via {channel}" if channel else ""
    said |= {"of_goods": f" of {goods}" if goods else "", "on_goods": f" on {goods}" if goods else ""}
    if kind in ("bought", "not_bought") and not (goods or channel or when):
        return "with at least 1 order" if kind == "bought" else "who never ordered"
    return plainly.format(**said)


def _length(time: str) -> str:
    """A length of time, as long as it was said to be."""
    match = _LENGTH.fullmatch(time)
    if match is None:
        return ""
    unit = _UNITS.get(match["unit"], match["unit"])
    least = "at least " if match["more"] else ""
    return f"{match['cmp'] or least}{match['n'].replace('a whole', 'a').replace('a full', 'a')} {unit}"


def _when(time: str) -> str | None:
    """A time of the calendar as it was said, "the last 6 months" among them.

    None for what points to another condition, as any other length may: "within 90 days", of the first order or of today.
    """
    if not time:
        return ""
    if match := _LENGTH.fullmatch(time):
        lasting = match["cmp"] or match["more"] or match["ago"] or not re.search(r"\b(?:last|past|previous)\b", time)
        number = {"a": "", "an": "", "a whole": "", "a full": "", "one": ""}.get(match["n"], match["n"])
        return None if lasting else f"in the last {number} {_UNITS.get(match['unit'], match['unit'])}"
    return None if _RELATIVE.search(time) else time


def _number(said: str) -> str | None:
    """A number with its comparison in the words the grammar knows."""
    said = re.sub(r"\s+", " ", _NOUNS.sub("", plain(said))).strip()
    for pattern, put in _NUMBERS:
        said = re.sub(pattern, put, said)
    return (
        said
        if not said
        or re.search(
            r"\d|\b(?:once|twice|one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand)\b", said
        )
        else None
    )
