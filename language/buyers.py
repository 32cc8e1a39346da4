# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Kinds of buyers named before the noun, and habits: "kitchen buyers", "January 2025 starters", "who mostly buy tea"."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from language.amounts import sold
from language.goods import Goods
from language.lifecycle import opened
from language.occasions import occasions
from language.words import Draft, compiled

__all__ = ["AGAIN", "keep", "take_habits", "take_kinds"]

Node = dict[str, Any]


def keep(found: dict[int, Node], node: Node) -> str:
    """Put a condition among those found; gives the mark that stands for it."""
    found[len(found)] = node
    return f"<rule{len(found) - 1}>"


def take_habits(draft: Draft, goods: Goods, found: dict[int, Node]) -> None:
    """ "Whose favourite category is Garden", "who mostly buy Garden": what they buy most of."""
    habit = (
        r"(?:(?:whose|with (?:the |a )?) ?)?(?:favourite|main|preferred|usual) (?:sales )?(?:category|channel)(?: is| of)?"
        r"|(?:(?:who|that) )?(?:mostly|mainly|usually) (?:buy|bought|order|ordered|shop)s?(?: from| in| at| through| via| by)?"
        r"|(?:(?:who|that) )?(?:buy|bought|order|ordered|shop)s? (?:mostly|mainly|usually)(?: from| in| at| through| via| by)?"
    )
    for name, values in (("favourite_category", goods.categories), ("main_channel", goods.channels)):
        known = "|".join(re.escape(v) for v in sorted(values, key=len, reverse=True))
        while known and (
            match := compiled(rf"\b(?:{habit}) (?:the )?({known})\b(?: products?| items?)?").search(draft.text)
        ):
            draft.taken.append(("<rule>", match[0]))
            mark = keep(found, {"field": name, "operator": "eq", "value": values[match[1]]})
            draft.text = f"{draft.text[: match.start()]}{mark}{draft.text[match.end() :]}"


AGAIN = r"\b(?:again|back|return\w*|second|repeat\w*|still|since|stay\w*|another)\b"
_KINDS: Final = (
    (r"(?:starters|newcomers|joiners|first-timers|intake|cohort)", "start"),
    (rf"new (?:customers|buyers|clients|shoppers)(?=.*{AGAIN})", "start"),
    (r"(?:buyers|purchasers|shoppers|customers|fans|lovers|drinkers|eaters|orderers|clients)", "goods"),
)
_NO_KIND: Final = frozenset(
    [
        "new",
        "repeat",
        "top",
        "best",
        "big",
        "biggest",
        "first",
        "time",
        "weekend",
        "night",
        "local",
        "all",
        "our",
        "the",
        "returning",
        "loyal",
        "lost",
    ]
)


def take_kinds(draft: Draft, as_of: date, goods: Goods, found: dict[int, Node]) -> None:
    """ "January 2025 starters", "kitchen buyers", "marketplace customers": said before the noun."""
    for noun, kind in _KINDS:
        for match in list(re.finditer(rf"\b{noun}\b(?! (?:of|who first))", draft.text))[::-1]:
            words = re.search(r"((?:[\w'-]+ ){1,4})$", draft.text[: match.start()])
            spans = words[1].split() if words else []
            for n in range(len(spans), 0, -1):
                node = _kind(" ".join(spans[-n:]), kind, as_of, goods)
                if node is not None:
                    draft.taken.append(("<rule>", f"{' '.join(spans[-n:])} {match[0]}"))
                    start = match.start() - len(" ".join(spans[-n:])) - 1
                    draft.text = f"{draft.text[:start]}{keep(found, node)}{draft.text[match.end() :]}"
                    break


def _kind(words: str, kind: str, as_of: date, goods: Goods) -> Node | None:
    words = re.sub(r"^(?:the|our|all|those) ", "", words)
    if kind == "start":
        said = occasions(words, as_of, goods)
        pure = said and len(said.windows) == 1 and not said.words and not said.count and "start" in said.window
        return opened(said) if said and pure else None
    if category := goods.category(words):
        return {"purchase": "orders", "operator": "ge", "value": 1, "category": category}
    if channel := goods.channels.get(words):
        return {"purchase": "orders", "operator": "ge", "value": 1, "channel": channel}
    parts = re.split(r" (?:and|or) ", words)
    if len(parts) > 1:  # "lantern and candle buyers": of the one or the other
        either = [_kind(part, kind, as_of, goods) for part in parts]
        return {"any": either} if all(either) else None
    joined = re.search(r"\b(?:and|or|of|for|with|to|in|from|by)$", words)  # "orders and customers": two figures
    named = sold(words, goods) and not joined and not _NO_KIND & set(words.split())
    return {"purchase": "orders", "operator": "ge", "value": 1, "product": words} if named else None
