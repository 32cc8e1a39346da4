"""A message without what is mere speech in it, and with everyday words for figures by their names.

What each word is, is learnt (analytics/text/roles.py). Used where a message was not understood as it stands: only words
that are almost surely speech go, so that what narrows a question is still named or asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from analytics.text.roles import SPEECH, Role, RoleModel, Sentence
from language.filler import ASKING, DESCRIBING, NOISE
from language.fiscal import is_convention
from language.instructions import instruction
from language.scene import Scene
from language.slots import read_slots
from language.vocabulary import DIMENSIONS, METRICS, SEGMENTS, known_words

__all__ = [
    "GUESSED",
    "KEPT",
    "LIMITING",
    "QUESTION",
    "SMALL",
    "SURE",
    "TALK",
    "TURNS",
    "essence",
    "may_matter",
    "role_model",
    "roles_in",
    "tells",
    "without_talk",
]

KEPT: Final = Path(__file__).with_name("roles.npz")
QUITE: Final = 0.97  # of a word that may name something
TALK: Final = 0.85  # of each word of a sentence that asks nothing
HARDLY: Final = 0.5  # of a small word beside it
NAMED: Final = 0.8  # probability from which an unknown word is taken for the figure it seems to name


SURE: Final = 0.97
"""Probability from which a word is taken for speech: enough to answer by."""
GUESSED: Final = 0.6
"""Enough to ask whether that is meant."""
SMALL: Final = (ASKING | DESCRIBING) - NOISE
_ASKED: Final = frozenset(
    """
    how many much which what whats who whom whose when where why is are was were do does did not no never without
    """.split()  # noqa: SIM905
)
"""Small words that say what is asked for: they stay beside what stays."""
TURNS: Final = frozenset(
    """
    not no never without except instead wait nor only same other others both separate separately each don't dont didn't
    doesn't isn't allowed permitted consent permission
    average avg mean median rank ranks
    """.split()  # noqa: SIM905
)
"""Words that turn a question round: they are never speech that can be left out."""
_ACRONYM: Final = re.compile(r"[b-df-hj-np-tv-xz]{2,4}|[A-Z]{2,4}")  # of another figure, and no word for this one
_NEAR: Final = (
    r"(?:on |by |for |until |till )?(?:today|tonight|tomorrow|this (?:morning|afternoon|evening|week)|next week"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?:'s)?"
)
_CLAUSE: Final = 5  # words, from which a part may say by itself what is not
_FEW: Final = 3  # words that say something by themselves: "client is waiting"
_ENDS: Final = frozenset(".?!;:\n")
QUESTION: Final = re.compile(
    r"(?i)^\W*(?:how (?!are you\b)|which|what|who|whose|when|where|why|is|are|do|does|did|was|were)\b"
)
LIMITING: Final = re.compile(
    r"(?i)\b(?:only|just|not|no|without|except|exclud\w*|ignor\w*|leav\w+ out|instead|count(?:ed|s)?|includ\w*|skip\w*"
    r"|you (?:may|can|must|should|shall|will|need|have to|are (?:to|allowed)))\b|n't\b"
    r"|^\W*(?:approve|send|delete|pretend|act|assume|suppose)\b"
)


@lru_cache(maxsize=1)
def role_model() -> RoleModel:
    """What was learnt by `python -m agent.offline.learn_roles`; read when it is first needed."""
    return RoleModel.of(KEPT)


@lru_cache(maxsize=256)
def roles_in(text: str) -> Sentence:
    """The roles of the words of `text`; a message is looked at several times while it is read anew."""
    return role_model().read(text)


def essence(message: str, scene: Scene, trust: float = SURE) -> str:
    """`message` without what is speech by that much trust; figures and dimensions that no list knows by their names."""
    roles = roles_in(message).roles
    if not roles or roles[-1].end < len(message.rstrip()):
        return message  # longer than what can be read as a whole
    spoken = list(_speech(roles, scene.names(), trust))
    rest = _without(message, spoken)
    gone: list[tuple[int, int, str]] = [
        (start, end, " ") for start, end in spoken if not tells(message[start:end], scene, rest)
    ]
    gone += _named(roles, scene.names())
    for start, end, put in sorted(gone, reverse=True):
        message = f"{message[:start]} {put} {message[end:]}"
    message = re.sub(r"\s+(?=[,.;:?!])", "", re.sub(r"\s+", " ", message))
    return re.sub(r"^[\s,.;:!?-]+|[\s,;:-]+$", "", message)


def without_talk(message: str, scene: Scene) -> tuple[str, list[str]]:
    """`message` without the sentences that only surround the question, and these: "I am putting together a slide."

    Only where something is asked beside them, and nothing is read in them.
    """
    roles = roles_in(message).roles
    if not roles or roles[-1].end < len(message.rstrip()):
        return message, []
    sentences = list(_sentences(roles))
    talk = [each for each in sentences if _is_talk(each, message, scene)]
    if not talk or not any(_tells_something(each) for each in sentences):
        return message, []
    gone = [(each[0].start, each[-1].end) for each in talk]
    return _without(message, gone).strip(), [message[start:end] for start, end in gone]


def _sentences(roles: Sequence[Role]) -> Iterator[Sequence[Role]]:
    ends = [n + 1 for n, role in enumerate(roles) if role.word in _ENDS]
    for start, end in pairwise([0, *ends, len(roles)]):
        if end > start:
            yield roles[start:end]


def _is_talk(sentence: Sequence[Role], message: str, scene: Scene) -> bool:
    words = [role for role in sentence if role.word[0].isalnum()]
    if len(words) < _FEW or not all(role.role == SPEECH for role in words):
        return False
    least = TALK if len(words) >= _CLAUSE else QUITE
    if any(role.speech < (least if role.word.lower() not in SMALL else HARDLY) for role in words):
        return False
    said = message[sentence[0].start : sentence[-1].end]
    if QUESTION.search(said) or instruction(said, scene) is not None or is_convention(said):
        return False
    surely = all(role.speech >= QUITE for role in words if role.word.lower() not in SMALL)
    return (surely or not tells(said, scene)) and not LIMITING.search(said)


def _tells_something(sentence: Sequence[Role]) -> bool:
    """A part of a question, or its topic, is said there."""
    return any(role.role != SPEECH and role.sure >= HARDLY for role in sentence)


def _speech(roles: Sequence[Role], names: Set[str], trust: float) -> Iterator[tuple[int, int]]:
    """Where there is speech: whole sentences and parts, and within others what stands around a word that is."""
    for part in _parts(roles):
        words = [role for role in part if role.word[0].isalnum()]
        telling = any(role.word.lower() not in SMALL for role in words)
        denied = len(words) >= _CLAUSE
        if telling and all(_is_speech(role, names, trust) or (denied and _is_denied(role, trust)) for role in words):
            yield part[0].start, part[-1].end
            continue
        for run in _runs(part, names, trust):
            yield from _within(run)


def _within(run: Sequence[Role]) -> Iterator[tuple[int, int]]:
    """From the run's first word, or what asks before it, to its last one that is not small."""
    telling = [n for n, role in enumerate(run) if role.word[0].isalnum() and role.word.lower() not in SMALL]
    if not telling:
        return
    asking = [n for n in range(telling[0]) if run[n].word.lower() in _ASKED]
    yield run[asking[-1] + 1 if asking else 0].start, run[telling[-1]].end


def _runs(part: Sequence[Role], names: Set[str], trust: float) -> Iterator[Sequence[Role]]:
    start = 0
    for at in range(len(part) + 1):
        if at == len(part) or not _is_speech(part[at], names, trust):
            if at > start:
                yield part[start:at]
            start = at + 1


def _is_speech(role: Role, names: Set[str], trust: float) -> bool:
    if role.word.lower() in SMALL:
        return role.role == SPEECH and role.speech >= HARDLY and role.word.lower() not in TURNS
    return role.role == SPEECH and role.speech >= trust and role.common and not may_matter(role, names)


def _is_denied(role: Role, trust: float) -> bool:
    """A word that turns a sentence round which is speech as a whole: "i dont know the words yet"."""
    return role.role == SPEECH and role.speech >= trust and role.word.lower() in TURNS


def tells(words: str, scene: Scene, rest: str = "") -> bool:
    """Whether a time, a value, a figure or a condition is read in what would be left out.

    A place that the `rest` is of as well tells nothing more ("a card for Germany. How many German customers …"), nor
    does the day somebody needs the answer, where the rest has days of its own.
    """
    if is_convention(words):
        return True  # "our books run from April to March": it says which days a year has
    slots = read_slots(words, scene)
    marks = slots.marks()
    if not marks or not rest or marks - {"<value>", "<period>", "<when>"}:
        return bool(marks)
    kept = read_slots(rest, scene)
    own = [f for f in [*slots.filters, *slots.order_filters] if f not in kept.filters]
    days = [said for mark, said in slots.taken if mark in ("<period>", "<when>")]
    near = all(re.fullmatch(_NEAR, said) for said in days) and bool(kept.periods)
    return bool([f for f in own if f["dimension"] != "weekday" or not near]) or bool(days and not near)


def _without(message: str, gone: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(gone, reverse=True):
        message = f"{message[:start]} {message[end:]}"
    return message


def may_matter(role: Role, names: Set[str]) -> bool:
    """Speech that turns the question round, counts, or may after all name something: one of `names`, or a figure."""
    word = role.word.lower()
    if role.role != SPEECH or not word[0].isalnum():
        return False
    telling = word in names or word.removesuffix("s") in names or word in _telling()
    return word in TURNS or word[0].isdigit() or (telling and word not in SMALL and role.speech < QUITE)


@cache
def _telling() -> frozenset[str]:
    tables = (METRICS, DIMENSIONS, SEGMENTS)
    return (
        frozenset(w for table in tables for said in table.values() for phrase in said for w in phrase.split()) - SMALL
    )


def _parts(roles: Sequence[Role]) -> Iterator[Sequence[Role]]:
    """Sentences, and what stands between commas."""
    ends = [n + 1 for n, role in enumerate(roles) if role.word in _ENDS or role.word in ",-"]
    for start, end in pairwise([0, *ends, len(roles)]):
        if end > start:
            yield roles[start:end]


def _named(roles: Sequence[Role], names: Set[str]) -> Iterator[tuple[int, int, str]]:
    """Figures and dimensions said in words that no list and no name knows: where, and what they are called."""
    start = 0
    for at in range(1, len(roles) + 1):
        first = roles[start]
        if at < len(roles) and (roles[at].role, roles[at].names) == (first.role, first.names):
            continue
        run = roles[start:at]
        table = {"m": METRICS, "d": DIMENSIONS}.get(first.role)
        telling = [role for role in run if role.word[0].isalnum() and role.word.lower() not in SMALL]
        unknown = telling and all(
            role.common and role.word.lower() not in known_words() | TURNS | names and not _ACRONYM.fullmatch(role.word)
            for role in telling
        )
        if table and first.names in table and unknown and min(role.sure for role in telling) >= NAMED:
            yield first.start, run[-1].end, table[first.names][0]
        start = at
