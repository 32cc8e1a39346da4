"""Whether a reading holds everything that the roles of the words say was asked: two readers have to agree.

One reads by rules, the other was learnt (analytics/text/roles.py). Where the second is sure of a part that the calls of
the first have nothing of, that part was passed over, and the answer would be to another question.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final

from agent.offline.roles import SMALL
from analytics.text.roles import SPEECH, Role, Sentence
from language.filler import without_noise
from language.scene import Call, Scene
from language.slots import read_slots
from language.vocabulary import DIMENSIONS
from language.words import plain

__all__ = ["passed_over"]

_SURE: Final = 0.85  # of every word of a part that tells something
_FIGURES: Final = "query_metrics"
_PEOPLE: Final = frozenset({"find_customers", "count_segment", "save_segment", "export_segment"})
_OF_PEOPLE: Final = re.compile(
    r'"(?:rule|segment|audience|risk)"|customer_type|known_customer|discount|repeat|returning|order_value|\w*customers'
)
_NOTHING_OUT: Final = re.compile(
    r"\binclu|\breturns?\b|\brefunds?\b|\bdays? without\b|\bempty\b|\bonly\b|\bvat\b|\btax\b"
)
_OF_DAYS: Final = frozenset({"weekday", "daypart", "hour"})
_LEFT: Final = re.compile(
    r'"(?:ne|not_in|not_contains|not|excluding)"|"value": 0|"did": false|"is_null"|weekday|gross_sales|"lt"|"le"'
)
_TIMED: Final = re.compile(
    r'"(?:start|end|grain|within_days|days|compare_start|cohort|horizon_days|since|until|month|year)"|recency|_\d+d"|first_order|tenure'
)


def passed_over(message: str, calls: Sequence[Call], told: Callable[[str], Sentence], scene: Scene) -> list[str]:
    """The parts of `message` that are surely asked and that no call has anything of, as they were said.

    `told` tells the roles; it is asked only where a word of the message was taken for nothing.
    """
    if not calls or any(call.tool not in _PEOPLE | {_FIGURES} for call in calls):
        return []
    held = _Held(message, calls, scene)
    if not held.leaves_words():
        return []
    return [text for role, names, text in _parts(message, told(message).roles) if not held.has(role, names, text)]


def _parts(message: str, roles: Sequence[Role]) -> list[tuple[str, str, str]]:
    found = []
    for (role, names), group in groupby(roles, key=lambda role: (role.role, role.names)):
        run = list(group)
        telling = [one for one in run if one.word[0].isalnum() and one.word.lower() not in SMALL]
        if role != SPEECH and telling and min(one.sure for one in telling) >= _SURE:
            found.append((role, names, message[run[0].start : run[-1].end]))
    return found


class _Held:
    """What the calls hold, and what of the message was read to make them."""

    def __init__(self, message: str, calls: Sequence[Call], scene: Scene) -> None:
        self.said = json.dumps([call.arguments for call in calls], default=str).lower()
        self.figures = any(call.tool == _FIGURES for call in calls)
        self.scene = scene
        self.slots = read_slots(message, scene)
        self.heard = _words(without_noise(plain(message), scene.product_words))

    def leaves_words(self) -> bool:
        """Whether a word that was heard was taken for nothing."""
        taken = {word for _, said in self.slots.taken for word in _words(said)}
        return bool((self.heard & _words(self.slots.plain)) - taken)

    def has(self, role: str, names: str, text: str) -> bool:
        """Whether a part of that role is in the calls."""
        match role:
            case "d":
                cut = names not in DIMENSIONS or names in self.said or "grain" in self.said or "best_per" in self.said
                return not self.figures or cut or self._occurs(text)
            case "w":
                return _OF_PEOPLE.search(self.said) is not None
            case "t":
                timed = _TIMED.search(self.said) is not None or read_slots(text, self.scene).when.whole
                return timed or self._occurs(text)
            case "x":
                return (
                    '"filters"' in self.said
                    or _LEFT.search(self.said) is not None
                    or _NOTHING_OUT.search(text.lower()) is not None
                )
            case "v" | "q":
                aside = names in _OF_DAYS or _NOTHING_OUT.search(text.lower()) is not None
                return aside or self._occurs(text) or self._was_read(text)
            case "g":
                return any(word in self.said for word in ('"grain"', '"per"', '"compare_start"', "hour", "weekday"))
            case _:
                return True

    def _occurs(self, text: str) -> bool:
        """Whether a word of `text`, or a value or condition it stands for, is in the calls."""
        slots = read_slots(text, self.scene)
        filters = [*slots.filters, *slots.order_filters]
        if filters and all(str(one["dimension"]) in self.said for one in filters):
            return True
        if slots.conditions.nodes and '"rule"' in self.said:
            return True
        words = _words(text)
        return not words or any(word.removesuffix("s")[:4] in self.said for word in words)

    def _was_read(self, text: str) -> bool:
        """Whether every word of `text` was heard and taken for something, or put in plainer words.

        Not as a figure of its own: "with invoice purchase" is no number of orders.
        """
        words = _words(text)
        taken = {
            w for mark, said in self.slots.taken for w in _words(said) if mark != "<metric>" or _words(said) - words
        }
        left = words & self.heard & _words(self.slots.plain)  # the rest is noise, or was put in plainer words
        return left <= taken


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z0-9]{3,}", text.lower()) if word not in SMALL}
