"""Words whose role is not sure by what was learnt, and that the readers of their kind or the words around bear out.

"Between easter monday and the end of june in 2011" is a time, whatever the chance of each word; a word nobody knows in
a sentence that asks nothing ("my umbrella broke") is no part of the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from agent.offline.said_plainly import Part, bare, number, timed, without
from analytics.text.roles import SPEECH, Role
from language.residue import unknown_words
from language.scene import Scene
from language.slots import Slots, read_slots
from language.vocabulary import DIMENSIONS, METRICS

__all__ = ["is_borne_out"]

_LEAST: Final = 0.3  # probability of a role below which it is a guess
_TALK: Final = 0.85  # of speech, of each other word of the sentence
_ENDS: Final = frozenset(".?!;:\n")
_ASKING: Final = frozenset({"revenue"})


def is_borne_out(unsure: Role, roles: Sequence[Role], parts: Iterable[Part], scene: Scene) -> bool:
    """Whether the part that `unsure` belongs to is read as a whole, or all its sentence is speech."""
    if unsure.role == SPEECH:
        return _is_talk(unsure, roles)
    own = next((part for part in parts if part.start <= unsure.start < part.end), None)
    return own is not None and own.sure >= _LEAST and _is_read(own, scene)


def _is_talk(unsure: Role, roles: Sequence[Role]) -> bool:
    """Nothing of its sentence may be a part of the question, and there are others that are."""
    at = roles.index(unsure)
    start = next((n + 1 for n in range(at, -1, -1) if roles[n].word in _ENDS), 0)
    end = next((n for n in range(at, len(roles)) if roles[n].word in _ENDS), len(roles))
    others = [role for role in roles[start:end] if role is not unsure and role.word[0].isalnum()]
    return bool(others) and all(role.role == SPEECH and role.speech >= _TALK for role in others)


def _is_read(part: Part, scene: Scene) -> bool:
    match part.role:
        case "t" | "c":
            slots = read_slots(f"revenue {timed(part)}", scene)
            return bool(slots.periods) and not slots.when.problems and _is_whole(slots)
        case "v":
            slots = read_slots(f"revenue in {bare(part.text)}", scene)
            return bool(slots.filters) and _is_whole(slots)
        case "x":
            slots = read_slots(f"revenue {without(part)}", scene)
            return bool(slots.filters) and _is_whole(slots)
        case "m":
            return part.text in METRICS.get(part.names, ())
        case "d":
            return part.text in DIMENSIONS.get(part.names, ())
        case "n":
            return number([part]).isdigit()
        case _:
            return False


def _is_whole(slots: Slots) -> bool:
    return not unknown_words(slots, _ASKING)
