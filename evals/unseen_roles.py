"""`python -m evals.unseen_roles`: how well the learnt reader does on writers it was not taught with.

`unseen/*.jsonl` holds questions with their parts marked, as those in agent/offline/marked, by other people. Told is how
many words, kinds of request and conditions it gets right; how many of the questions that ordinary data answer are read;
and where what is made of the learnt roles is the same request as what is made of the right ones.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from agent.offline.learn_roles import parsed
from agent.offline.reading import Reader
from agent.offline.restated import restated
from agent.offline.roles import role_model
from analytics.text.roles import SPEECH, Role, Sentence
from language.scene import Call, Scene
from language.vocabulary import METRICS
from tools.catalogue import catalogue

UNSEEN: Final = Path(__file__).with_name("unseen")
_MARK: Final = re.compile(r"\{([a-z])(?:\.([a-z_]+))? ([^{}]+)\}")
_ORDINARY: Final = frozenset({"metrics", "customers_count", "customers_list", "change_explained"})
_BEFORE: Final = re.compile(
    r"^(?:in|from|for|of|at|on|by|to|with|via|through|the|our|all|my|only|just) ", re.IGNORECASE
)
_LISTED: Final = ("country", "city", "category", "channel", "campaign", "spend_channel")


def main() -> None:
    """Print the figures."""
    told: Counter[str] = Counter()
    reader = Reader(catalogue())
    for path in (UNSEEN / "delicatessen.jsonl", UNSEEN / "pet_supplies.jsonl"):
        for marked, kind in _lines(path):
            told += _words(marked, kind)
            told += _read(marked, kind, reader)
    for marked, kind in _lines(UNSEEN / "conditions.jsonl"):
        told += Counter({"conditions": 1, "conditions: kind right": role_model().read(_plain(marked)).request == kind})
    sys.stdout.writelines(f"{name:34}{count:6}\n" for name, count in sorted(told.items()))


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        yield record["q"], record["cap"]


def _plain(marked: str) -> str:
    return _MARK.sub(r"\3", marked)


def _words(marked: str, kind: str) -> Counter[str]:
    """How many words have the role and the name they are marked with; punctuation aside."""
    read = role_model().read(_plain(marked))
    pairs = [(one, said) for one, said in zip(read.roles, parsed(marked), strict=False) if one.word[0].isalnum()]
    figures = [(one.names, name) for one, (_, role, name) in pairs if role == "m"]
    return Counter(
        {
            "words": len(pairs), "words: role right": sum(one.role == role for one, (_, role, _) in pairs),
            "words of figures": len(figures), "words of figures: right": sum(a == b for a, b in figures),
            "questions": 1, "questions: kind right": int(read.request == kind),
        }
    )  # fmt: skip


def _read(marked: str, kind: str, reader: Reader) -> Counter[str]:
    """Of a question that ordinary data answer: whether it is read, and what is made of its learnt and right roles."""
    parts = _MARK.findall(marked)
    if kind not in _ORDINARY or any(role in "qkr" or name == "other" for role, name, _ in parts):
        return Counter()
    message, scene = _plain(marked), _scene(parts)
    whole = reader.read_question(message, scene)
    learnt = restated(message, role_model().read(message), scene)
    right = restated(message, _right(marked, kind), scene)
    made = [_calls(reader, plain, scene) for plain in (learnt, right)]
    return Counter(
        {
            "ordinary questions": 1, "ordinary questions: read": int(all(r.calls or r.small for r in whole)),
            "of learnt roles: read": int(bool(made[0])), "of right roles: read": int(bool(made[1])),
            "of learnt and right roles: both": int(all(made)),
            "of learnt and right roles: same": int(all(made) and made[0] == made[1]),
        }
    )  # fmt: skip


def _calls(reader: Reader, plain: str | None, scene: Scene) -> list[Call]:
    return [call for reading in reader.read_question(plain, scene) for call in reading.calls] if plain else []


def _right(marked: str, kind: str) -> Sentence:
    """The roles as they are marked."""
    roles, at, message = [], 0, _plain(marked)
    for word, role, name in parsed(marked):
        start = message.index(word, at)
        at = start + len(word)
        speech = float(role == SPEECH)
        roles.append(Role(word, start, at, role, speech, name, 1.0, common=True))
    return Sentence(roles, kind, 1.0)


def _scene(parts: list[tuple[str, str, str]]) -> Scene:
    """A shop that knows the values the question names."""
    values: dict[str, list[str]] = {
        "channel": ["web", "store"],
        "category": ["Kitchen"],
        "country": ["Germany", "Italy"],
    }
    words: set[str] = set()
    for role, name, said in parts:
        value = said
        while (cut := _BEFORE.sub("", value)) != value:
            value = cut
        if role in "vx" and name in _LISTED:
            values.setdefault(name, []).append(value.strip(" .,?!"))
        elif role in "vx" and name == "product":
            words |= set(re.findall(r"[a-z0-9]{3,}", value.lower()))
    known = dict.fromkeys(METRICS, True)
    return Scene(
        last_day=date(2025, 11, 20), currency="EUR", values=values, metrics=known, product_words=frozenset(words)
    )


if __name__ == "__main__":
    main()
