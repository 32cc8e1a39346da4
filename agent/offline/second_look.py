"""The kind of a request by its words alone, as it is learnt from marked questions, beside what it was taken for.

"Mails sent in September to people with no purchase since 2023" holds all that a campaign needs, and asks for a figure.
Two that were learnt from different questions seldom err alike: where the second is sure of one of the ordinary kinds,
and the first took the clause for something of another kind, the first is not followed.
"""

from __future__ import annotations

import re
from typing import Final

from agent.offline.roles import roles_in
from language.slots import Slots

__all__ = ["asks_ordinarily", "hangs_on", "meant_alone", "meant_instead", "with_people"]

_PEOPLE: Final = frozenset(
    "customers ordering_customers new_customers returning_customers repeat_customers one_time_customers".split()  # noqa: SIM905
)
_WHO: Final = (
    r"\b(?:who|whom|whose|customers?|clients?|buyers?|shoppers?|people|accounts?|subscribers?|deciles?|quartiles?)\b"
    r"(?! only\b)|\b(?:top|bottom) \d+ ?%"
)
_GOING_ON: Final = r"(?:and|so|but|then|or|ok)\b"
_CERTAIN: Final = 0.985  # of what was taken for meant, from which it stands
_LIKELY: Final = 0.9  # of a figure that is asked for, from which it is no number of customers
_SURE: Final = {"metrics": 0.84, "customers_count": 0.8, "customers_list": 0.95}
_SPOKEN_OF: Final = (
    r"\b(?:customers?|clients?|buyers?|shoppers?|people|persons?|folks|who|whom|whose|accounts?|subscribers?|members?|they|them"
    r"|those|these|everyone|everybody|anyone|anybody|nobody)\b"
)
_OF_PEOPLE: Final = frozenset({"customers_count", "customers_list"})
_ORDINARY: Final = _OF_PEOPLE | {"metrics", "change_explained"}
_ALONE: Final = 0.97  # where nothing else was made of it
_NOT: Final = {
    "metrics": frozenset(
        """
        campaign customers_list interventions priorities forecast data survival next_purchase budget
        """.split()  # noqa: SIM905
    ),
    "customers_count": frozenset({"metrics", "campaign", "interventions", "none"}),
    "customers_list": frozenset({"metrics", "campaign", "customers_count", "budget", "interventions"}),
}
"""For each ordinary kind, the requests that are mistaken for it."""


def meant_alone(clause: str) -> str | None:
    """The ordinary kind that a clause surely is, which was taken for nothing."""
    told = roles_in(clause)
    return told.request if told.request in _NOT and told.chance >= _ALONE else None


def hangs_on(clause: str, taken: str) -> bool:
    """ "So what's left": goes on from something, and its words alone are of another kind than it was taken for."""
    return re.match(_GOING_ON, clause.lower()) is not None and roles_in(clause).request != taken


def meant_instead(clause: str, taken: str, chance: float, slots: Slots) -> str | None:
    """The kind that `clause` surely is, where it was taken (with that `chance`) for another one."""
    if not any(taken in others for others in _NOT.values()):
        return None
    told = roles_in(clause)
    if taken not in _NOT.get(told.request, ()) or told.chance < _SURE[told.request]:
        return None
    if taken == "metrics":  # how many bought in May, and who returns most, are figures, too; invoices per buyer are not
        people = bool(_PEOPLE & set(slots.metrics)) and not slots.measures.over
        other = bool(slots.metrics) and (people if told.request == "customers_list" else not people)
        return told.request if other and not (people and slots.top) and chance < _LIKELY else None
    if taken == "customers_list" and slots.has(_WHO):
        return None
    return told.request if chance < _CERTAIN else None


def asks_ordinarily(message: str) -> bool:
    """A figure or customers are surely asked for, and nothing that is to be done."""
    sentence = roles_in(message)
    return sentence.request in _ORDINARY and sentence.chance >= _LIKELY


def with_people(message: str) -> str | None:
    """ "3+ orders, silent since May, Spain": with the customers, who surely are meant by it."""
    sentence = roles_in(message)
    if sentence.request not in _OF_PEOPLE or sentence.chance < _ALONE or re.search(_SPOKEN_OF, message.lower()):
        return None
    ask = "how many customers" if sentence.request == "customers_count" else "which customers"
    return f"{ask} {re.sub(r'(?i)^how many (?=[a-z])', '', message)}"
