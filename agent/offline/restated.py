"""A question about figures, put again in plain words from the roles of its parts.

"The beauty lot, did they grow or shrink from 2024 to 2025, money wise?" is "change in revenue in beauty from 2024 to
2025". Times, places, conditions and exclusions stay as they were said, for those who read them; what made the question
hard, its order and its turns of speech, is gone. Nothing is put again where a part is not borne out by the reader of
its kind, or where a word that is left out may matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from agent.offline.borne_out import borne_out
from agent.offline.divided import divided
from agent.offline.plain_question import Question
from agent.offline.roles import SMALL, SURE, essence, roles_in
from agent.offline.said_plainly import Part
from analytics.text.roles import SPEECH, Role, Sentence
from language.beyond import beyond
from language.held import not_held
from language.scene import Call, Scene
from language.slots import read_slots
from language.vocabulary import known_words

__all__ = ["loses", "otherwise", "parts_of", "restated", "without_reason"]

_ASKED_FOR: Final = 0.7  # that figures are asked for
_GUESSED: Final = 0.6
_PEOPLE_ASKED: Final = frozenset({"customers_count", "customers_list"})
_KINDS: Final = _PEOPLE_ASKED | {"metrics", "change_explained"}
_HELD: Final = frozenset("mdgtcvnosbxw")  # roles that a plain question holds
_SIGNS: Final = "%≥≤<>+#"
_POINTING: Final = frozenset("them they their those these those it its that this same ones he she".split())  # noqa: SIM905
_ACTS: Final = re.compile(
    r"(?:^|[.;!?,:] *|\b(?:and|please|then|(?<!have )(?<!had )to) )"
    r"(?:send(?!-| ?backs?\b)|mail|email|text|push|launch|vouchers?|coupons?|discount|draft|approve|schedule|save|store"
    r"|create"
    r"|put(?! .{2,40} (?:in(?:to)? order|side by side)\b))\b"
)
_SPANS: Final = "mvwqbxtc"  # roles whose parts say what their words say
_SPEECH: Final = 0.9
_SPOKEN: Final = 0.97  # of a word that may name something of the shop
_HOW_MUCH: Final = r"\bhow (?:many|much|often|big|high)\b"
_ALSO_ASKED: Final = re.compile(r"\b(?:and|then) (?:what|how|which|who|when|where)\b|[?.] (?:and )?then\b")
_SUMMED: Final = re.compile(r"\b(?:together|combined|added up|in sum)\b")
_TOLD_OTHERWISE: Final = re.compile(  # an example, a name that is explained
    r"(?<![<>≥≤])=|\b(?:for example|for instance|e\.g\.|such as)(?!\w)"
)
_COUNTED: Final = r"\b(?:how many|number of|count of) (?:(?:of|our|the|all|different) )*(\w+)"
_FOR_WHOM: Final = frozenset({"who", "whom", "whose", "rank", "ranks"})
_TWO: Final = 2
_FEW: Final = 6  # words of a message
_REASON: Final = r"(?i),? \b(?:because(?! of\b)|so that)\b[^.?!;]*"
_MOVER: Final = r"(?i)what (?:has |have )?(?:moved|moves|drove|drives|pushed|changed|lifted|hurt|caused|made)\b"
_ODD: Final = re.compile(r"\bfortnight|\b(?:bi|semi)-?(?:week|month|annual|year)")
_PUT_RIGHT: Final = re.compile(
    r"\b(?:wait|instead|or rather|scratch|no,? i mean|i meant|make that|correction|sorry,? no|no,? sorry)\b"
)


def otherwise(message: str, scene: Scene, trust: float = SURE) -> Iterator[str]:
    """`message` as it may be read where it was not understood: without speech, then put again in plain words."""
    told = essence(message, scene, trust)
    if told != message and len(message.split()) > _FEW:
        yield told  # of a few words hardly one is speech: "who resigned last month"
    for said in dict.fromkeys((message, told)):
        if (again := restated(said, roles_in(said), scene, trust)) is not None:
            yield again


def without_reason(message: str, scene: Scene) -> str | None:
    """`message` without the reason it gives, where that alone names what there are no data on.

    "…, because the supplier has a spare part for them": nothing is asked about suppliers.
    """
    told = re.sub(_REASON, "", message)
    if told == message or beyond(read_slots(message, scene)) is None or beyond(read_slots(told, scene)):
        return None
    return told


def restated(message: str, sentence: Sentence, scene: Scene, trust: float = SURE) -> str | None:
    """The question in plain words, or None where its parts do not make one of a kind that is known."""
    roles = sentence.roles
    asked = sentence.request in _KINDS and sentence.chance >= (_ASKED_FOR if trust == SURE else _GUESSED)
    whole = bool(roles) and roles[-1].end >= len(message.rstrip())
    if _TOLD_OTHERWISE.search(message.lower()):
        return None
    summed = _SUMMED.search(message.lower()) is not None
    if re.match(_MOVER, message) or _ACTS.search(message.lower()) or not asked or not whole:
        return None  # "what moved" is why it changed, and not by how much
    found = divided(message, roles, scene)
    people = sentence.request in _PEOPLE_ASKED
    if found is None or _turns(message, sentence, scene) or _may_go_on(found.parts):
        return None
    if trust == SURE and not found.may_be_left(message, scene, of_people=people):
        return None
    read = [borne_out(part, found.parts, message, scene, of_people=people) for part in found.parts]
    believed = [part for each in read if each is not None for part in each]
    odd = any(part.role not in _HELD or _ODD.search(part.text) for part in believed)
    if odd or any(each is None for each in read):
        return None
    if _loses_a_count(message.lower(), found.parts, believed, scene, of_people=people):
        return None
    times = sum(part.role in "tc" for part in believed)
    won = any(part.names == "new_customers" and part.role == "m" for part in believed)
    if (summed and times > 1) or (won and any(part.role == "w" for part in believed)):
        return None  # a sum of two times; those who were won, and what they did later
    said = Question(believed, scene, message.lower(), sentence.request, summed=summed).said()
    return re.sub(r"\s+", " ", said).strip() if said else None


def loses(message: str, told: str, calls: Sequence[Call], scene: Scene) -> bool:
    """Whether something that is read in `message` as it was said is neither held by `calls` nor part of another part.

    "We have all these umbrellas, which single one makes us the most money" is not of all products.
    """
    roles = roles_in(message).roles
    found = divided(message, roles, scene)
    if found is None:
        return True
    inside = [part for part in found.parts if part.role in _SPANS]
    slots = read_slots(message, scene)
    made = {name for call in calls for name in call.arguments.get("metrics", ())}
    named = [words for mark, words in slots.taken if mark == "<metric>"]
    figures = [words for name, words in zip(slots.metrics, named, strict=False) if name not in made]
    told_apart = len(named) == len(slots.metrics) and {call.tool for call in calls} == {"query_metrics"}
    lost = [*not_held(slots, calls), *(figures if told_apart else [])]
    if any(not _is_elsewhere(words, message, roles, inside) for words in lost):
        return True
    goods, kept = (scene.product_words | scene.names()) - known_words(), set(re.findall(r"\w+", told.lower()))
    outside = [role for role in roles if not any(part.start <= role.start < part.end for part in found.parts)]
    return any(
        (role.speech < _SPOKEN or _is_beside(role, message, found.parts))
        and {word := role.word.lower(), word.removesuffix("s")} & goods
        and word not in kept
        for role in outside
    )


def _is_beside(role: Role, message: str, parts: Sequence[Part]) -> bool:
    """Whether a part of the question stands in the same sentence."""
    return any(
        not re.search(r"[.?!;:]\s", message[min(role.start, part.start) : max(role.start, part.start)])
        for part in parts
    )


def _is_elsewhere(words: str, message: str, roles: Sequence[Role], parts: Sequence[Part]) -> bool:
    """Whether `words` are said in a part that says something else with them, or are speech."""
    at = message.lower().find(words.lower())
    if at < 0:
        return False
    return all(
        role.speech >= _SPEECH
        or role.word.lower() in SMALL
        or any(part.start <= role.start < part.end for part in parts)
        for role in roles
        if at <= role.start < at + len(words)
    )


def _may_go_on(parts: Sequence[Part]) -> bool:
    """ "Without vouchers and Garden": whether the second is left out as well is not said."""
    return any(
        one.role == "x" and other.role == "v" and re.match(r"(?:and|or) ", other.text) is not None
        for one, other in pairwise(parts)
    )


def _loses_a_count(
    message: str, parts: Sequence[Part], believed: Sequence[Part], scene: Scene, *, of_people: bool
) -> bool:
    """ "How many customers, how many orders": one of several things that are counted is in no part."""
    figures = len({part.names for part in believed if part.role == "m"})
    times = max(1, sum(part.role == "t" for part in believed))
    if len(re.findall(_HOW_MUCH, message)) > max(1, figures) * times or (
        figures * times < _TWO and _ALSO_ASKED.search(message)
    ):
        return True
    counted = [
        match
        for match in re.finditer(_COUNTED, message)
        if (found := read_slots(match[1], scene).metrics) and not (of_people and found == ["customers"])
    ]
    return any(not any(part.start <= match.start(1) < part.end for part in parts) for match in counted)


def _turns(message: str, sentence: Sentence, scene: Scene) -> bool:
    """Whether what is taken for speech puts something right, points back, or asks whose something is."""
    speech = [role.word.lower() for role in sentence.roles if role.role == SPEECH]
    if _PUT_RIGHT.search(" ".join(speech)) or (scene.past and not _POINTING.isdisjoint(speech)):
        return True
    ranked = sentence.request in _PEOPLE_ASKED or any(role.role == "o" for role in sentence.roles)
    first = sentence.roles[0].role == SPEECH
    maybe = [role.word.lower() for role in sentence.roles[first:] if role.role == SPEECH and role.speech < _SPOKEN]
    return not ranked and not _FOR_WHOM.isdisjoint(maybe)  # "the largest order, and for whom"


def parts_of(message: str, roles: Sequence[Role]) -> Iterator[Part]:
    """Neighbouring words of one role and name as they were said, small words of speech between them included."""
    start, last = None, None
    for role in [*roles, None]:
        if start is not None and last is not None:
            if role is not None and (role.role, role.names) == (start.role, start.names):
                last = role
                continue
            run = [role for role in roles if start.start <= role.start <= last.start]
            telling = [r.sure for r in run if r.word.lower() not in SMALL] or [
                r.sure for r in run if r.role == start.role
            ]
            text = message[start.start : last.end].lower()
            yield Part(start.role, start.names, text, min(telling), start.start, last.end)
            start = None
        if role is not None and role.role != SPEECH and (role.word[0].isalnum() or role.word in _SIGNS):
            start = last = role
