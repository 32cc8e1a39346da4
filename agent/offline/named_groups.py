# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""A name that a message gives to some customers, put in the question as what it stands for.

"Old guard = first purchase before 2024. How many of the old guard ordered in May?" is "of the customers whose first
purchase was before 2024, how many ordered in May?". Nothing is put in where what the name stands for is no condition
that is read as a whole.
"""

from __future__ import annotations

import re
from typing import Final

from agent.offline.conditions import as_grammar_reads
from language.scene import Scene

__all__ = ["without_names"]

_SENTENCES: Final = re.compile(r"(?<=[a-z0-9)])[.;?!\n]+\s+")
_MEANS: Final = re.compile(
    r"(?i)^(?:(?:so|and|ok|say|let'?s say|we call|i call|call|by|with)[, ]+)*(?:the |our |my )?[\"'“]?(?P<name>[a-z][a-z' -]{2,28}?)[\"'”]?"
    r" ?(?:=|:|\bmeans?(?: that)?\b|\b(?:i|we) mean\b|\bstands for\b|\b(?:are|is)(?= (?:those|all|everyone|everybody|anyone|customers|people|buyers)\b)) ?"
    r"(?:(?:the|all|those|everyone|everybody|anyone|our|customers|people|buyers) )*(?P<what>\S.{7,120})$"
)
_VERB: Final = r"(?:have|has|had|did|also|still|again|then|ordered|bought|purchased|spent|came|were|was|agreed|got|returned|opened|clicked|visited|never|live|are|left)\b"


def without_names(question: str, scene: Scene) -> str:
    """`question` with what a name in it stands for in the name's place, or as it is."""
    said = [part.strip() for part in _SENTENCES.split(question.strip()) if part.strip()]
    for at, sentence in enumerate(said):
        match, rest = _MEANS.match(sentence), " ".join(said[:at] + said[at + 1 :])
        if match is None or len(said) < 2 or not re.search(_named(match["name"]), rest, re.IGNORECASE):
            continue
        whom = as_grammar_reads(_as_it_is(match["what"]), scene)
        if whom is not None:
            return _put_in(match["name"], whom, rest) or question
    return question


def _as_it_is(what: str) -> str:
    """ "First purchase before 2024" as something that was."""
    return re.sub(r"(?i)^(?:their )?(first|last) (order|purchase)(?: was| is)? (?=\w)", r"whose \1 \2 was ", what)


def _named(name: str) -> str:
    return rf"(?:(?:the|our|these|those|my) )*[\"'“]?\b{re.escape(name.strip())}[\"'”]?(?!\w)"


def _put_in(name: str, whom: str, rest: str) -> str | None:
    """The question with `whom` for the name: how many they are, or how many of them; None for any other figure."""
    among = re.compile(rf",? ?\b(?:of|among|from) {_named(name)}", re.IGNORECASE)
    counted = re.compile(rf"\bhow many {_named(name)} (?={_VERB})", re.IGNORECASE)
    if among.search(rest) and re.search(r"(?i)\b(?:how many|percent\w*|share|proportion|part)\b|%", rest):
        return f"of the customers {whom}, {among.sub('', rest, count=1).strip(' ,:;-')}"
    if counted.search(rest):
        return f"of the customers {whom}, {counted.sub('how many ', rest, count=1)}"
    alone = re.compile(
        rf"\bhow many {_named(name)}(?= (?:do we have|are there|have we got|exist)\b|[?.! ]*$)", re.IGNORECASE
    )
    return alone.sub(f"how many customers {whom}", rest, count=1) if alone.search(rest) else None
