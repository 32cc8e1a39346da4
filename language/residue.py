"""What a description of customers says beyond what was understood: named to the user, never passed over."""

from __future__ import annotations

import re
from typing import Final

from language.filler import ASKING, DESCRIBING
from language.slots import Slots
from language.vocabulary import phrases
from language.words import compiled

__all__ = ["is_description", "is_not_understood", "not_understood", "unexplained", "unknown_words"]

_STEM = 5  # letters that words of one kind share: agree, agreed
_RANKING: Final = frozenset("spent spend spending bought buy buys most often value valuable year".split())  # noqa: SIM905


def unexplained(slots: Slots) -> list[str]:
    """Parts of the clause that are neither understood nor mere filler, in the user's words."""
    if slots.conditions.rule is None and not slots.filters:
        return []
    filler = DESCRIBING | _RANKING if slots.top or slots.limit else DESCRIBING
    text = slots.text
    for phrase, _ in phrases("fields"):  # "sorted by recency"
        text = compiled(rf"\b(?:by|with the highest|with the lowest) {re.escape(phrase)}\b").sub(" ", text)
    # the name a segment is to get
    text = re.sub(r"\b(?:as|called|named|call (?:it|them)|name it) .*$", " ", text)
    parts = [part.strip(" ,.;:!?'\"-") for part in re.split(r"<[^>]*>", text)]
    return [part for part in parts if any(word not in filler for word in re.findall(r"[a-z]+|\d+", part))]


def is_description(slots: Slots) -> bool:
    """True for a bare description of customers: "customers from Germany who spent over 100", "discount hunters"."""
    nodes = slots.conditions.nodes
    if slots.conditions.rule is None or slots.periods or slots.grain or slots.dimensions or slots.top:
        return False
    if slots.metrics not in ([], ["customers"]) or (len(nodes) == 1 and _is_likelihood(nodes[0])):
        return False
    rest = re.sub(r"<(?:rule|value|metric|unclear)>", " ", slots.text)
    rest = re.sub(
        r"\b(?:the|our|my|all|which|those|and|or|but|who|that|are|is|have|has|from|in|with|of|either|customers?|people|buyers|shoppers|everyone|everybody)\b",
        " ",
        rest,
    )
    return not re.search(r"[a-z0-9<]", re.sub(r"^\s*(?:please |show |me |find |list |give |get )*", "", rest))


def _is_likelihood(node: dict[str, object]) -> bool:
    """ "Likely to leave", "high risk": a question about who leaves, answered with reasons and values."""
    field, op = str(node.get("field", "")), node.get("operator")
    return field == "churn_risk" or (field.startswith("churn_") and op == "ge" and node.get("value") == 0.5)


_UNKNOWN: Final = (
    "I do not know what {} means in your data, and leaving it out would answer another question. Ask “what data do we"
    " have?” for the figures and the names I know, or say it in other words."
)


def not_understood(words: list[str], slots: Slots) -> str:
    """Which words have no meaning in the data."""
    said = ", ".join(f"“{' '.join(slots.written.get(word, word) for word in part.split())}”" for part in words)
    return _UNKNOWN.format(said)


def is_not_understood(said: str | None) -> bool:
    """Whether words of no meaning in the data are all that stood in the way."""
    return said is not None and said.startswith(_UNKNOWN.partition("{")[0])


def unknown_words(slots: Slots, own: frozenset[str]) -> list[str]:
    """Words of the clause that are neither taken, nor filler, nor among `own`: the words a request is asked for in.

    A word counts as one of `own` in any ending; names like CMP-1 and numbers are left to those who read them.
    """
    words = re.findall(r"(?<![\w-])[a-z][a-z']+(?![\w-])", re.sub(r"<[^>]*>", " ", slots.text))
    known = own | ASKING | DESCRIBING
    stems = {word[:_STEM] for word in known if len(word) >= _STEM}
    return [w for w in dict.fromkeys(words) if not {w, w.removesuffix("s"), f"{w}s"} & known and w[:_STEM] not in stems]
