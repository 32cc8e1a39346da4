"""A message divided into parts: neighbouring words of one role, unsure words settled by those beside them.

Roles are learnt word by word, and one word of a part may be unsure where the part is not: "credit notes in Jan, how
many did we have to raise". Such a word has the role of the words around it, or it is left out. What is left out is
looked at once more (`Divided.may_be_left`): a sentence that is speech as a whole is talk, any other word may matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from agent.offline.agreement import akin
from agent.offline.roles import LIMITING, QUESTION, SMALL, TALK, TURNS, tells
from agent.offline.said_plainly import Part
from analytics.text.roles import SPEECH, Role
from language.scene import Scene
from language.spelling import is_english
from language.vocabulary import METRICS, known_words

__all__ = ["Divided", "divided"]

_SURE: Final = 0.6  # of a role
_LEAST: Final = 0.35  # of one whose part its reader has to bear out anyway
_READ: Final = "vtsgn"
_SURELY: Final = 0.97  # of speech
_SPOKEN: Final = 0.95
_ACRONYM: Final = 4  # letters
_APART: Final = 0.8  # of two words that name different things
_CLAUSE: Final = 3  # words that are speech together, whatever one of them is
_MAY_NAME: Final = 0.75  # of speech of a word that names something in the data
_STRONG: Final = 0.7  # of a part beside which a stray word of its role says nothing more
_WHOLE: Final = "tcwxqvb"  # roles whose parts are read by the grammar as they were said
_LOOKED_UP: Final = f"vx{SPEECH}"  # roles whose words are looked up in the data, or looked at when they are left out
_BROKEN: Final = "mdos"  # roles whose parts end at a comma
_NAMED: Final = "vmd"  # roles whose parts name something
_OTHER: Final = "k"
_SIGNS: Final = "%≥≤<>+#="
_MONEY: Final = "€£$"
_ENDS: Final = ".?!;:\n–"
_EMPTY: Final = frozenset(
    """
    the a an of in on to for with our my your we us they them and or is are was were do does did it its at by from that
    this you i so
    """.split()  # noqa: SIM905
)
_PEOPLE: Final = re.compile(r"(?:ppl|people|customers?|clients?|buyers?|folks?|accounts?|shoppers?|guys)")
_PLACES: Final = frozenset({"second", "third", "fourth", "fifth", "runner-up"})
_ASKS: Final = frozenset({"how", "what", "which"})
_JUST: Final = r"^\W*(?:(?:i am|i'm|im|we are|was|am) )?just\b"
_HOW_MANY: Final = r"\b(?:how many|number of|count of)(?: of (?:our|the))? ?$"
_AGAINST: Final = re.compile(r"(?:vs|versus|v|against|next|compar\w+)")


@dataclass(frozen=True)
class Divided:
    """The parts, in order, and runs of telling words that belong to none."""

    parts: Sequence[Part]
    left: Sequence[Sequence[Role]]
    limited: bool  # by a sentence that no part is in: "i only want the vegans"

    def may_be_left(self, message: str, scene: Scene, *, of_people: bool = False) -> bool:
        """Whether nothing that is left out may narrow or turn the question; `of_people`: they are counted or listed."""
        return not self.limited and all(self._is_nothing(run, message, scene, of_people=of_people) for run in self.left)

    def _is_nothing(self, run: Sequence[Role], message: str, scene: Scene, *, of_people: bool) -> bool:
        values = {value.lower() for known in scene.values.values() for value in known}
        if len(run) >= _CLAUSE and all(role.speech >= _SPOKEN for role in run):
            said_words = {role.word.lower() for role in run}
            return said_words.isdisjoint(TURNS | values) and not any(word[0].isdigit() for word in said_words)
        said = message[run[0].start : run[-1].end]
        if of_people and _PEOPLE.fullmatch(said.lower()):
            return True
        compared = _AGAINST.fullmatch(said.lower()) is not None and any(part.role == "c" for part in self.parts)
        counted = re.search(_HOW_MANY, message[: run[0].start].lower()) is not None
        for role in run:
            word = role.word.lower()
            if not counted and _PEOPLE.fullmatch(word):
                continue
            if role.speech >= _SURELY and role.common:
                continue
            if word in TURNS or word in _PLACES or word[0].isdigit() or word[0] in _SIGNS:
                return False
            if _is_strange(role) or (role.speech < _SURELY and word in values):
                return False
            if role.speech < _MAY_NAME and _names_something(role, scene):
                return False
            if role.speech < TALK and not (compared or self._is_said_elsewhere(role)):
                return False
        return not counted or not tells(said, scene, " ".join(part.text for part in self.parts))

    def _is_said_elsewhere(self, role: Role) -> bool:
        """A word that may be a part, where another part names the same more surely."""
        return any(
            (part.role, part.names) == (role.role, role.names) and part.names and part.sure >= _STRONG
            for part in self.parts
        )


def divided(message: str, roles: Sequence[Role], scene: Scene) -> Divided | None:
    """`message` in parts; None where a word surely has a role that no plain question holds."""
    if any(role.role == _OTHER and role.sure >= _SURE and _is_telling(role) for role in roles):
        return None
    settled = [_settled(at, roles) for at in range(len(roles))]
    told = [
        role
        for role, (kind, _) in zip(roles, settled, strict=True)
        if kind not in _LOOKED_UP and not (kind == "o" and role.word.endswith("est"))  # told by its meaning
    ]
    if any(_is_strange(role) and not _names_something(role, scene) for role in told):
        return None
    parts = [_part(run, message) for run in _runs(roles, settled)]
    out = [at for at, (role, _) in enumerate(settled) if role == SPEECH and _is_telling(roles[at])]
    talk, limited = _talk(message, roles, frozenset(out), scene)
    left = [[roles[at] for at in run] for run in _joined(out, roles, settled) if not talk.issuperset(run)]
    return Divided([part for part in parts if part is not None], left, limited)


def _is_strange(role: Role) -> bool:
    """A made-up word, or a name."""
    return _is_telling(role) and role.word.isalpha() and not (role.common or role.word.lower() in known_words())


def _names_something(role: Role, scene: Scene) -> bool:
    word = role.word.lower()
    return not {word, word.removesuffix("s")}.isdisjoint(scene.names() | scene.product_words)


def _is_telling(role: Role) -> bool:
    return role.word in _SIGNS or (
        role.word[0].isalnum() and role.word.lower() not in SMALL and (len(role.word) > 1 or role.word.isdigit())
    )


def _settled(at: int, roles: Sequence[Role]) -> tuple[str, str]:
    """The role of a word and what it names, by its own chance or by that of the telling words beside it."""
    own = roles[at]
    if own.role == _OTHER:
        return SPEECH, ""
    if not _is_telling(own) or (own.speech if own.role == SPEECH else own.sure) >= _SURE:
        return own.role, own.names
    before, after = (_beside(at, step, roles) for step in (-1, 1))
    sides = [each for each in (before, after) if each is not None and roles[each].sure >= _SURE]
    kinds = {roles[each].role for each in sides} if len(sides) == 2 else set()
    if len(kinds) == 1 and SPEECH not in kinds:
        return roles[sides[0]].role, roles[sides[0]].names
    if own.role == SPEECH:
        return SPEECH, ""
    if own.role in _READ and own.sure >= _LEAST:
        return own.role, own.names
    for each in sides:
        if roles[each].role == own.role or (roles[each].role in _WHOLE and abs(each - at) == 1):
            return roles[each].role, roles[each].names
    return SPEECH, ""


def _beside(at: int, step: int, roles: Sequence[Role]) -> int | None:
    """Where the next telling word of the same sentence stands."""
    at += step
    while 0 <= at < len(roles) and roles[at].word not in _ENDS:
        if _is_telling(roles[at]):
            return at
        at += step
    return None


def _runs(roles: Sequence[Role], settled: Sequence[tuple[str, str]]) -> Iterator[list[tuple[Role, str, str]]]:
    """Neighbouring words of one role with what they name; a sentence's end and telling words of others part them."""
    run: list[tuple[Role, str, str]] = []
    parted = False  # by small words or signs: "felt slippers did Denmark take" are a product and a country
    for role, (kind, names) in zip(roles, settled, strict=True):
        is_word = role.word[0].isalnum() or role.word in _SIGNS + _MONEY
        kept = is_word and kind != SPEECH
        ends = (
            role.word in _ENDS
            or (not kept and role.word.lower() in _ASKS)
            or (role.word == "," and bool(run) and run[0][1] in _BROKEN)
            or (bool(run) and kept and parted and _is_another(run[-1], (role, kind, names)))
        )
        parted = not kept
        if run and (ends or (kept and kind != run[0][1]) or (not kept and _is_telling(role))):
            yield run
            run = []
        if kept:
            run.append((role, kind, names))
    if run:
        yield run


def _is_another(before: tuple[Role, str, str], after: tuple[Role, str, str]) -> bool:
    """Whether two words of one role surely name different things."""
    sure = min(before[0].sure, after[0].sure) >= _APART
    return sure and before[1] == after[1] and after[1] in _NAMED and before[2] != after[2]


def _part(run: Sequence[tuple[Role, str, str]], message: str) -> Part | None:
    """The part that a run makes, named by what most of its words name; None where it tells nothing."""
    kind = run[0][1]
    telling = [each for each in run if _is_telling(each[0])]
    if all(role.word.lower() in _EMPTY for role, _, _ in run):
        return None
    votes: dict[str, float] = {}
    for role, _, names in run:
        if names:
            votes[names] = votes.get(names, 0) + role.sure * (1 if _is_telling(role) else 0.3)
    names = max(votes, key=lambda name: votes[name], default="")
    agreed = [role.sure for role, _, named in telling or run if named == names or not names]
    first, last = run[0][0].start, run[-1][0].end
    mixed = kind in "md" and any(_may_name_another(role, names) for role, _, _ in telling)
    sure = 0.0 if mixed else sum(agreed) / len(telling or run)
    return Part(kind, names, message[first:last].lower(), sure, first, last)


def _may_name_another(role: Role, names: str) -> bool:
    """A word of a figure or a dimension that no list has and no learning is sure of, or that is another by itself."""
    word = role.word.lower()
    if word not in known_words() and role.sure < _SURE and (len(word) <= _ACRONYM or not is_english(word)):
        return True
    if role.role != "m" or role.names == names:
        return False
    itself = _figures_of_one_word().get(word, names)
    return itself != names or (role.sure >= _SURE and not akin(role.names, names))


@cache
def _figures_of_one_word() -> dict[str, str]:
    """The words that name a figure by themselves."""
    return {said: name for name, phrases in METRICS.items() for said in phrases if said.isalpha()}


def _joined(out: Sequence[int], roles: Sequence[Role], settled: Sequence[tuple[str, str]]) -> Iterator[list[int]]:
    """The words left out, those together between which nothing else stands."""
    run: list[int] = []
    for at in out:
        between = range(run[-1] + 1, at) if run else ()
        if run and any(settled[n][0] != SPEECH or roles[n].word in f"{_ENDS}," for n in between):
            yield run
            run = []
        run.append(at)
    if run:
        yield run


def _talk(message: str, roles: Sequence[Role], out: frozenset[int], scene: Scene) -> tuple[frozenset[int], bool]:
    """The telling words of sentences of which every one is left out, and that ask, limit and name nothing.

    And whether one of these limits something after all.
    """
    found: set[int] = set()
    limited = False
    ends = [at for at, role in enumerate(roles) if role.word in _ENDS]
    for start, end in pairwise([-1, *ends, len(roles)]):
        telling = [at for at in range(start + 1, end) if _is_telling(roles[at])]
        if not telling or not out.issuperset(telling):
            continue
        said = message[roles[start + 1].start : roles[end - 1].end]
        likely = sum(roles[at].speech for at in telling) / len(telling) >= TALK
        named = any(roles[at].speech < _SURELY and _names_something(roles[at], scene) for at in telling)
        limits = LIMITING.search(re.sub(_JUST, "", said.lower())) is not None
        limited = limited or (limits and min(roles[at].speech for at in telling) < _SURELY)
        if likely and not (named or limits or QUESTION.search(said)):
            found.update(telling)
    return frozenset(found), limited
