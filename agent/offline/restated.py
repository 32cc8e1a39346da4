"""A question about figures, put again in plain words from the roles of its parts.

"The beauty lot, did they grow or shrink from 2024 to 2025, money wise?" is "change in revenue in beauty from 2024 to
2025". Times, places, conditions and exclusions stay as they were said, for those who read them; what made the question
hard, its order and its turns of speech, is gone. Nothing is put again where a part has a role that no plain question
holds, or one that is not sure.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from agent.offline.roles import SMALL, SURE, Trust, essence, may_matter, roles_in, tells
from analytics.text.roles import SPEECH, Role, Sentence
from language.beyond import beyond
from language.scene import Scene
from language.slots import read_slots
from language.vocabulary import DIMENSIONS, METRICS, known_words

__all__ = ["otherwise", "restated", "without_reason"]

_SURELY: Final = 0.8  # of each of two figures
_ASKED_FOR: Final = 0.6  # that figures are asked for
_KINDS: Final = frozenset({"metrics", "change_explained", "customers_count", "customers_list"})
_TAIL: Final = "vbwxt"  # roles whose words stay as they were said
_COUNTED: Final = frozenset(
    "customers orders units products_sold visits lines carts checkouts emails_sent sms_sent".split()  # noqa: SIM905
)
_PEOPLE: Final = r"(?:people|customers?|clients|buyers|shoppers|folks|ones|users)"
_COUNTS: Final = re.compile(r"\bhow many\b|\bnumber of\b|\bcount\b|\bhead ?count\b")
_BARE: Final = re.compile(r"(?:19|20)\d\d\b|[qh][1-4]\b|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b")
_REASON: Final = r"(?i),? \b(?:because(?! of\b)|so that)\b[^.?!;]*"
_MOVER: Final = r"(?i)what (?:has |have )?(?:moved|moves|drove|drives|pushed|changed|lifted|hurt|caused|made)\b"
_UNIT: Final = re.compile(r"\b(day|dai|week|month|quarter|qtr|year|annual|hour)")
_UNEVEN: Final = re.compile(r"\d|\b(?:half|bi|semi|every (?:other|second|third)|fiscal|two|three|four)|fortnight")
_ODD: Final = re.compile(r"\bfortnight|\b(?:bi|semi)-?(?:week|month|annual|year)")
_UNITS: Final = {"dai": "day", "qtr": "quarter", "annual": "year"}
_LOW: Final = re.compile(
    r"\b(?:least|worst|low\w*|small\w*|tin\w*|few\w*|weak\w*|bottom|min\w*|poor\w*|slow\w*|dead\w*|flop\w*|asc\w*|quietest)\b"
)
_HIGH: Final = re.compile(
    r"\b(?:most\w*|best|top|high\w*|big\w*|larg\w*|strong\w*|max\w*|peak\w*|great\w*|fat\w*|heav\w*|fast\w*|quick\w*|rich\w*"
    r"|busiest|popular|desc\w*|favou?rite|hottest|leading|more)\b"
)
_SHAPES: Final = tuple(
    (shape, re.compile(pattern))
    for shape, pattern in (
        ("plain", r"\b(?:break|breaks|broken|split) ?down\b|\bsplit\b|\bbreakdown\b"),
        ("why", r"\bwhy\b|\bhow come\b|\breasons?\b|\bcaus\w*\b|\bbehind\b|\bdrove\b|\bwhat made\b"),
        ("running", r"\bcumul\w*|\brunning\b|\brunning total\b"),
        ("median", r"\bmedian\b"),
        ("share", r"%|\b(?:share|percent\w*|pct|proportion|fraction|portion|part|slice|chunk)\b"),
        (
            "average",
            r"\b(?:average|avg|mean|typical\w*|usual\w*)\b|\b(?:per|a|each|an) (?:day|week|month|quarter|year|order)\b",
        ),
        ("trend", r"\btrend\w*|\bover time\b|\bdevelop\w*"),
        (
            "change",
            r"\b(?:up|down|grow\w*|grew|shr[aiu]nk\w*|chang\w*|differ\w*|delta|diff|yoy|mom|wow|drop\w*|fall\w*|fell|ris\w*|rose"
            r"|increas\w*|decreas\w*|declin\w*|dip\w*|jump\w*|tank\w*|climb\w*|slump\w*|compar\w*|versus|vs|against|better|worse"
            r"|more|less|higher|lower|gap|beat|went|gone|moved?)\b",
        ),
        ("plain", r"\b(?:total|sum|split|breakdown|together|rank\w*|value|count|how (?:much|many))\b"),
    )
)


@dataclass(frozen=True, slots=True)
class _Part:
    """Neighbouring words of one role; `sure` is the least of those that tell something, 0 where none does."""

    role: str
    names: str
    text: str
    sure: float


def otherwise(message: str, scene: Scene, trust: Trust = SURE) -> Iterator[str]:
    """`message` as it may be read where it was not understood: without speech, then put again in plain words."""
    told = essence(message, scene, trust)
    if told != message:
        yield told
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
    if re.match(_MOVER, message):
        return None  # that is why it changed, and not by how much
    asked = sentence.request in _KINDS and sentence.chance >= _ASKED_FOR
    if (
        not roles
        or not asked
        or roles[-1].end < len(message.rstrip())
        or not all(_is_sure(role, trust) for role in roles)
    ):
        return None
    if any(may_matter(role, scene.names()) or (role.role, role.word) == ("v", "us") for role in roles):
        return None
    parts = list(_parts(message, roles))
    held = " ".join(part.text for part in parts)
    if any(tells(words, scene, held) for words in _left_out(message, roles)):
        return None
    if sum(part.role == "m" for part in parts) > 1 and any(
        r.role == "m" and r.sure < min(_SURELY, trust.figure) for r in roles
    ):
        return None
    alone = {part.names for part in parts if part.role == "m" and _is_named_alone(part, trust)}
    if not all(part.names in alone and _is_named_alone(part, trust, beside=True) for part in parts if part.role == "m"):
        return None
    if any(_ODD.search(part.text) for part in parts):
        return None
    if any(part.role not in (*_TAIL, "m", "d", "g", "c", "n", "o", "s") for part in parts):
        return None
    figures = _named(parts, "m", METRICS)
    cuts = _named(parts, "d", DIMENSIONS)
    if not figures or cuts is None or len(figures) > 2 or len(cuts) > 2 or _steps(parts) is None:
        return None
    shapes = {_shape(part.text) for part in parts if part.role == "s" and (part.sure or _shape(part.text))}
    if "" in shapes:
        return None
    said = _said(message.lower(), figures, cuts, parts, shapes - {"plain"})
    return re.sub(r"\s+", " ", said).strip() if said else None


def _said(
    message: str, figures: Sequence[str], cuts: Sequence[str], parts: Sequence[_Part], shapes: set[str]
) -> str | None:
    """The question of those figures and cuts in the one shape it has."""
    tail = _tail(parts, _TAIL)
    against = " ".join(part.text for part in parts if part.role == "c")
    steps = _steps(parts) or ""
    ranks = [direction for part in parts if part.role == "o" if (direction := _direction(part.text))]
    count = " ".join(re.sub(r"\b(?:top|bottom|first|best|worst) ", "", part.text) for part in parts if part.role == "n")
    unordered = len(ranks) < sum(part.role == "o" for part in parts)
    if unordered or len(set(ranks)) > 1 or len(shapes) > 1 or (ranks and shapes):
        return None
    cuts = list(dict.fromkeys([*cuts, *_beside(parts)])) if not ranks else cuts
    figure, cut = " and ".join(figures), " and ".join(cuts)
    if against and any(part.role in "wb" for part in parts):
        return None
    if against:
        tail = f"{tail} compared with {against}"
    if ranks:
        one = len(figures) == 1 and not (cut and steps)
        return _ranked(figure, cut or steps, ranks[0], count, tail) if one else None
    if count:
        return None
    if figures == ["customers"] and any(part.role == "w" for part in parts):
        counted = _COUNTS.search(message) is not None
        tail = re.sub(rf"^(?:the |all |our )*{_PEOPLE} (?=who|that|with|whose|which)", "", tail)
        return f"{'how many ' if counted else ''}customers {tail}" if not (shapes or cut or steps) else None
    if shapes:
        return _shaped(shapes.pop(), figures, cut, steps, tail, parts)
    return f"{figure} {f'by {cut}' if cut else ''} {f'per {steps}' if steps else ''} {tail}"


def _ranked(figure: str, of: str, direction: str, count: str, tail: str) -> str | None:
    if not of:
        return None
    return f"{'top' if direction == 'highest' else 'bottom'} {count} {of} by {figure} {tail}"


def _shaped(shape: str, figures: Sequence[str], cut: str, steps: str, tail: str, parts: Sequence[_Part]) -> str | None:
    figure = " and ".join(figures)
    by = f"by {cut}" if cut else ""
    every = f"per {steps}" if steps else ""
    if shape == "share":
        if len(figures) == 2:
            return f"{figures[0]} as share of {figures[1]} {by} {every} {tail}"
        if steps or any(part.role == "c" for part in parts):  # "compared with April" is of no one share
            return None
        if cut:
            return f"share of {figure} {by} {tail}"
        values = [part for part in parts if part.role == "v"]
        rest = _tail(parts, _TAIL.replace("v", ""))
        return f"what share of {figure} comes from {values[0].text} {rest}" if len(values) == 1 else None
    if len(figures) > 1:  # "the difference between gross and net" is of no two times
        return None
    if shape == "average":
        unit = steps or _unit(" ".join(part.text for part in parts if part.role == "s"))
        if figure.startswith(("average", "mean")):
            return f"{figure} {by} {every} {tail}"
        return f"average {figure} per {unit} {by} {tail}" if unit else None
    if shape == "median":
        return f"median order value {by} {every} {tail}" if "order value" in figure else None
    if (cut and shape in ("why", "running")) or (steps and shape == "why"):
        return None
    said = {
        "why": f"why did {figure} change {tail}",
        "running": f"running total of {figure} per {steps or 'day'} {tail}",
        "trend": f"{figure} {by} per {steps or 'month'} {tail}",
        "change": f"{figure} {by} {every} {tail}"
        if steps or "compared with" in tail
        else f"change in {figure} {by} {tail}",
    }
    return said[shape]


def _parts(message: str, roles: Sequence[Role]) -> Iterator[_Part]:
    """Neighbouring words of one role and name as they were said, small words of speech between them included."""
    start, last = None, None
    for role in [*roles, None]:
        if start is not None and last is not None:
            if role is not None and (role.role, role.names) == (start.role, start.names):
                last = role
                continue
            telling = [r.sure for r in roles if start.start <= r.start <= last.start and r.word.lower() not in SMALL]
            text = message[start.start : last.end].lower()
            yield _Part(start.role, start.names, text, min(telling, default=0.0))
            start = None
        if role is not None and role.role != SPEECH and role.word[0].isalnum():
            start = last = role


def _left_out(message: str, roles: Sequence[Role]) -> Iterator[str]:
    """Each run of speech that is more than small words: what the plain question does not hold."""
    for speech, run in groupby(roles, key=lambda role: role.role == SPEECH):
        said = list(run)
        if speech and any(role.word.lower() not in SMALL for role in said):
            yield message[said[0].start : said[-1].end]


def _is_sure(role: Role, trust: Trust) -> bool:
    if role.word.lower() in SMALL or not role.word[0].isalnum():
        return True
    kept = role.role in (*_TAIL, "c", "n") or role.word.lower() in known_words()
    return role.sure >= trust.role and (role.common or kept)


def _named(parts: Sequence[_Part], role: str, known: Container[str]) -> list[str] | None:
    """What the parts of that role are called, each once; None where one is not known."""
    names = dict.fromkeys(part.names for part in parts if part.role == role)
    return None if any(name not in known for name in names) else [name.replace("_", " ") for name in names]


def _beside(parts: Sequence[_Part]) -> list[str]:
    """Dimensions of which several values were named: each is told by itself."""
    kinds = ["rfm_segment" if part.names == "segment" else part.names for part in parts if part.role == "v"]
    return [kind.replace("_", " ") for kind in dict.fromkeys(kinds) if kinds.count(kind) > 1 and kind in DIMENSIONS]


def _is_named_alone(part: _Part, trust: Trust, *, beside: bool = False) -> bool:
    """Nothing stands with the name of what is counted: "frequent buyers" are not all customers.

    `beside`: another part names the figure, and this one may be its verb: "how much money has … made us".
    """
    phrases = (p for p in METRICS.get(part.names, ()) if re.search(rf"(?<!\w){re.escape(p)}(?!\w)", part.text))
    said = max(phrases, key=len, default="")
    rest = [word for word in part.text.replace(said, " ").split() if word not in SMALL]
    if said or not rest:
        return not rest and (beside or bool(said))
    if beside and part.sure >= _SURELY and part.names not in _COUNTED:
        return True
    return part.sure >= trust.figure and (len(rest) == 1 or part.names not in _COUNTED)


def _shape(text: str) -> str:
    """What is made of the figure; nothing where it may be two things: "how many percent more"."""
    found = dict.fromkeys(shape for shape, pattern in _SHAPES if pattern.search(text))
    return "" if {"share", "change"} <= found.keys() else next(iter(found), "")


def _direction(text: str) -> str:
    low, high = _LOW.search(text), _HIGH.search(text)
    return "" if bool(low) == bool(high) else ("lowest" if low else "highest")


def _steps(parts: Sequence[_Part]) -> str | None:
    """The unit of the steps in time, empty where there are none; None where they are no plain ones: "fortnightly"."""
    said = [part.text for part in parts if part.role == "g"]
    units = {_unit(text) for text in said}
    if "" in units or len(units) > 1 or any(_UNEVEN.search(text) for text in said):
        return None
    return next(iter(units), "")


def _unit(text: str) -> str:
    match = _UNIT.search(text)
    return _UNITS.get(match[1], match[1]) if match else ""


def _tail(parts: Sequence[_Part], roles: str) -> str:
    """Parts of those roles as they were said; values of one kind beside each other."""
    said: list[str] = []
    kinds = [part.names for part in parts if part.role == "v"]
    for kind in dict.fromkeys(kinds) if "v" in roles else ():
        said.append(" and ".join(_placed(part) for part in parts if (part.role, part.names) == ("v", kind)))
    return " ".join(said + [_dated(part) for part in parts if part.role in roles and part.role != "v"])


def _dated(part: _Part) -> str:
    return f"in {part.text}" if part.role == "t" and _BARE.match(part.text) else part.text


def _placed(part: _Part) -> str:
    """A value with a word before it that says it is one."""
    if re.match(r"(?:in|from|via|of|for|on|through|by|at|to|with)\b", part.text):
        return part.text
    return f"in {part.text}"
