"""Learn the roles of words anew, after marked questions were added: `python -m agent.offline.learn_roles` (minutes).

Each line of `marked/*.jsonl` is a question in which the parts that matter are marked, `{role words}` or
`{role.name words}`; all the rest is speech, which could be left out without another answer. Roles: m figure,
d what it is cut by, g steps in time, t time, c what it is compared with, v value it is limited to, x what is left out,
n how many, o order, s what is made of the figure, w condition on customers, b bound on orders, r what was before,
k topic of a request that is no figure, q whatever else narrows or changes it.

`marked/conditions/*.jsonl` has conditions on customers by themselves, "who bought {v.product tea} {n twice}", with
their kind as `cap` (agent/offline/conditions.py).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from agent.offline.roles import KEPT
from analytics.text.role_training import Marked, train
from analytics.text.roles import SPEECH, words_of

__all__ = ["CONDITIONS", "MARKED", "marked_in", "parsed"]

MARKED = Path(__file__).with_name("marked")
CONDITIONS = MARKED / "conditions"
_MARK = re.compile(r"\{([a-z])(?:\.([a-z_]+))? ([^{}]+)\}")


def main() -> None:
    """Write what was learnt beside the code."""
    questions = [question for path in sorted(MARKED.glob("*.jsonl")) for question in marked_in(path)]
    conditions = [condition for path in sorted(CONDITIONS.glob("*.jsonl")) for condition in marked_in(path)]
    train(questions, conditions, told=lambda line: sys.stdout.write(f"{line}\n")).save(KEPT)
    sys.stdout.write(f"{len(questions)} questions: {KEPT.name}, {KEPT.stat().st_size:,} bytes\n")


def marked_in(path: Path) -> Iterator[Marked]:
    """The questions of a file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            record = json.loads(line)
            yield Marked(parsed(record["q"]), record["cap"])


def parsed(text: str) -> list[tuple[str, str, str]]:
    """(word, role, what it names) of a marked question."""
    words: list[tuple[str, str, str]] = []
    at = 0
    for mark in _MARK.finditer(text):
        words += [(word, SPEECH, "") for word in words_of(text[at : mark.start()])]
        words += [(word, mark[1], mark[2] or "") for word in words_of(mark[3])]
        at = mark.end()
    return words + [(word, SPEECH, "") for word in words_of(text[at:])]


if __name__ == "__main__":
    main()
