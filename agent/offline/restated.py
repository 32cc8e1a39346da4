"""A question about figures, put again in plain words from the roles of its parts.

"The beauty lot, did they grow or shrink from 2024 to 2025, money wise?" is "change in revenue in beauty from 2024 to
2025". Times, places, conditions and exclusions stay as they were said, for those who read them; what made the question
hard, its order and its turns of speech, is gone. Nothing is put again where a part has a role that no plain question
holds, or one that is not sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import groupby, pairwise
from typing import Final

from agent.offline.borne_out import is_borne_out
from agent.offline.plain_question import Question
from agent.offline.roles import SMALL, SURE, Trust, essence, may_matter, roles_in, tells
from agent.offline.said_plainly import Part
from analytics.text.roles import SPEECH, Role, Sentence
from language.beyond import beyond
from language.scene import Scene
from language.slots import read_slots
from language.vocabulary import DIMENSIONS, METRICS, known_words

__all__ = ["otherwise", "parts_of", "restated", "without_reason"]

_CERTAIN: Final = 0.97  # of speech that seems to tell something, and of unusual words for what is counted
_SIGNS: Final = "%≥≤<>+#"
_SURELY: Final = 0.8  # of each of two figures
_ASKED_FOR: Final = 0.6  # that figures are asked for
_PEOPLE_ASKED: Final = frozenset({"customers_count", "customers_list"})
_KINDS: Final = _PEOPLE_ASKED | {"metrics", "change_explained"}
_KNOWN: Final = frozenset("mdgtcvnosbxw")
_KEPT: Final = frozenset("vbwxtcn")  # roles whose words stay as they were said
_READ_AGAIN: Final = frozenset("wtvnb")
_AS_SAID: Final = 0.4  # probability of the role of a word that stays
_POINTING: Final = frozenset("them they their those these it its that this same ones he she".split())  # noqa: SIM905
_HOW: Final = frozenset({"how", "how many", "how much"})  # beside the figure's own words
_WHO_DOES: Final = re.compile(
    r"(?i)how many (?:shop|buy|bought|ordered|come|came|visit|visited|click|clicked|open|opened)\b"
)
_PEOPLE: Final = frozenset({"customers", "new_customers", "returning_customers", "ordering_customers"})
_ACTS: Final = frozenset(
    "send mail email text push launch voucher vouchers coupon coupons discount draft approve schedule".split()  # noqa: SIM905
)
_FOR_WHOM: Final = frozenset({"who", "whom", "whose", "rank", "ranks"})
_FEW: Final = 6  # words of a message
_COUNTED: Final = frozenset(
    "customers orders units products_sold visits lines carts checkouts emails_sent sms_sent".split()  # noqa: SIM905
)
_REASON: Final = r"(?i),? \b(?:because(?! of\b)|so that)\b[^.?!;]*"
_MOVER: Final = r"(?i)what (?:has |have )?(?:moved|moves|drove|drives|pushed|changed|lifted|hurt|caused|made)\b"
_ODD: Final = re.compile(r"\bfortnight|\b(?:bi|semi)-?(?:week|month|annual|year)")
_PUT_RIGHT: Final = re.compile(
    r"\b(?:wait|actually|instead|rather|scratch|i meant?|make that|correction|sorry,? no|no,? sorry)\b"
)
_BESIDE: Final = re.compile(
    r"[\s,.:;?!-]*(?:(?:vs|versus|against|and|with|to|than|of|by|per|for|in|the|where|compared|as|a|an) ?)*[\s,.:;?!-]*"
)


def otherwise(message: str, scene: Scene, trust: Trust = SURE) -> Iterator[str]:
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


def restated(message: str, sentence: Sentence, scene: Scene, trust: Trust = SURE) -> str | None:
    """The question in plain words, or None where its parts do not make one of a kind that is known."""
    roles = sentence.roles
    asked = sentence.request in _KINDS and sentence.chance >= _ASKED_FOR
    whole = bool(roles) and roles[-1].end >= len(message.rstrip())
    if re.match(_MOVER, message) or not asked or not whole:
        return None  # "what moved" is why it changed, and not by how much
    unsure = [role for role in roles if not _is_sure(role, trust, scene.names())]
    if not all(is_borne_out(role, roles, parts_of(message, roles), scene) for role in unsure):
        return None
    if _drops(message, roles, scene):
        return None
    if any(role.role == "m" and role.word.lower() in scene.product_words - known_words() for role in roles):
        return None  # "postage" where it is a product
    parts = list(parts_of(message, roles))
    if not _are_known(parts, roles, trust):
        return None
    said = Question(parts, scene, message.lower(), sentence.request).said()
    return re.sub(r"\s+", " ", said).strip() if said else None


def _drops(message: str, roles: Sequence[Role], scene: Scene) -> bool:
    """Whether something that is taken for speech may tell something after all."""
    if any((role.role, role.word) == ("v", "us") for role in roles):
        return True
    if _PUT_RIGHT.search(" ".join(role.word.lower() for role in roles if role.role == SPEECH)):
        return True
    if any(role.role == SPEECH and role.word.lower() in _FOR_WHOM for role in roles[1:]):
        return True  # "the largest order, and for whom"
    if _WHO_DOES.match(message) and not any(role.names in _PEOPLE for role in roles if role.role == "m"):
        return True  # "how many shop at night": people, whatever figure the verb may name
    if any(role.role == SPEECH and role.word.lower() in _ACTS for role in roles):
        return True  # "…, send it out today": that is asked for, too
    if scene.past and any(role.role == SPEECH and role.word.lower() in _POINTING for role in roles):
        return True  # "of these the ones with …"
    names, held = scene.names(), " ".join(part.text for part in parts_of(message, roles))
    for run in _left_out(roles):
        telling = [role for role in run if role.word[0].isalnum() and role.word.lower() not in SMALL]
        words = message[run[0].start : run[-1].end].lower()
        if min(role.speech for role in telling) >= _CERTAIN:
            continue
        if any(may_matter(role, names) for role in run):
            return True
        if _BESIDE.fullmatch(words) is None and tells(words, scene, held):
            return True
    return False


def _are_known(parts: Sequence[Part], roles: Sequence[Role], trust: Trust) -> bool:
    """Every part has a role and a name that a plain question holds."""
    figures = [part for part in parts if part.role == "m"]
    figures = [part for part in figures if not (part.text in _HOW and [p.names for p in figures].count(part.names) > 1)]
    if {part.role for part in parts} - _KNOWN or any(_ODD.search(part.text) for part in parts):
        return False
    least = min(_SURELY, trust.figure)
    if len({part.names for part in figures}) > 1 and any(role.role == "m" and role.sure < least for role in roles):
        return False
    if any(part.role == "d" and not _is_named_alone(part, trust, DIMENSIONS) for part in parts):
        return False  # "aquarium products" are not all products
    if any({one.role, other.role} == {"d"} for one, other in pairwise(_runs(roles))):
        return False  # two right beside each other: one of them narrows the other
    if any(one == "x" and two == "v" for one, two in pairwise(_runs_of(roles))):
        return False  # "without vouchers and Garden": where it ends nobody knows
    alone = {part.names for part in figures if _is_named_alone(part, trust)}
    return all(part.names in alone and _is_named_alone(part, trust, beside=True) for part in figures)


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


def _runs(roles: Sequence[Role]) -> list[Role]:
    """The first word of each run of one role and name."""
    return [next(run) for _, run in groupby(roles, key=lambda role: (role.role, role.names))]


def _runs_of(roles: Sequence[Role]) -> list[str]:
    """The roles of neighbouring parts that only "and" or "or" stands between, else parts with a gap after them."""
    told: list[str] = []
    for role in roles:
        said = "" if role.word.lower() in ("and", "or", "nor") else role.role
        if said and (not told or told[-1] != said):
            told.append(said)
    return told


def _left_out(roles: Sequence[Role]) -> Iterator[list[Role]]:
    """Each run of speech that is more than small words: what the plain question does not hold."""
    for speech, run in groupby(roles, key=lambda role: role.role == SPEECH):
        said = list(run)
        if speech and any(role.word[0].isalnum() and role.word.lower() not in SMALL for role in said):
            yield said


def _is_sure(role: Role, trust: Trust, names: Set[str]) -> bool:
    word = role.word.lower()
    if word in SMALL or not role.word[0].isalnum():
        return True
    known = role.common or word in known_words()
    if role.role == "w" and not known and word not in names and not word[0].isdigit():
        return False  # a made-up word in a condition would be taken for goods
    # what stays as it was said is read once more, and what is not understood of it is named
    least = min(trust.role, _AS_SAID) if role.role in _READ_AGAIN else trust.role
    return role.sure >= least and (known or role.role in _KEPT)


def _is_named_alone(
    part: Part, trust: Trust, known: Mapping[str, tuple[str, ...]] = METRICS, *, beside: bool = False
) -> bool:
    """Nothing stands with the name of what is counted: "frequent buyers" are not all customers.

    `beside`: another part names the figure, and this one may be its verb: "how much money has … made us".
    """
    phrases = (p for p in known.get(part.names, ()) if re.search(rf"(?<!\w){re.escape(p)}(?!\w)", part.text))
    said = max(phrases, key=len, default="")
    words = part.text.replace(said, " ") if said else part.text
    rest = [word for word in words.split() if word not in SMALL]
    if not rest:
        return beside or bool(said) or part.sure >= trust.figure
    if beside and part.sure >= _SURELY and part.names not in _COUNTED:
        return True
    return part.sure >= (_CERTAIN if part.names in _COUNTED and len(rest) > 1 else trust.figure)
