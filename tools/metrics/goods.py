# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Products that a clause names by words of their names, and the words of it that nothing explains."""

from __future__ import annotations

import re
from typing import Any, Final

from language.filler import ASKING
from language.negation import RULING_OUT
from language.scene import Scene
from language.seasons import SEASON_WORDS
from language.slots import Slots
from language.spelling import is_english
from language.vocabulary import known_words
from language.words import plain

__all__ = ["goods_named", "product_named", "together"]

_JOINING: Final = frozenset({"with", "of", "making", "in", "the", "for"})
_COMMA: Final = "\x03"  # between things that are left out
_NO_NAME: Final = frozenset(
    """
    first second third fourth last next previous new newest oldest only time times day days week weeks month months year
    years hour hours account accounts number medium average order orders amount value money part way thing things kind
    sort end start grand total
    """.split()  # noqa: SIM905
)
# "Assam, sencha and rooibos": each by itself
_SEVERAL: Final = r"\b[a-z-]+(?: [a-z-]+){0,2}(?:, [a-z-]+(?: [a-z-]+){0,2})+,? and (?:the )?[a-z-]+"
_IN_ONE: Final = r"\b(?:together|combined|altogether|summed(?: up)?|added up|the sum of|in 1 (?:number|figure|sum))\b"
_OF_GOODS: Final = r"(?:\b(?:which|of|for|on|from|with|many|much|sold|sell|bought|buy|buying|the|our|excluding|except|without|product|item)|<share>)$"


def goods_named(slots: Slots, scene: Scene) -> tuple[list[dict[str, Any]], list[str]]:
    """Products that the rest of the clause names, as filters, and the words that are neither understood nor filler."""
    named = [product for name in slots.quoted if (product := product_named(plain(name), "of", scene))]
    filters: list[dict[str, Any]] = [{"dimension": "product", "operator": "contains", "value": p} for p in named]
    unknown: list[str] = []
    # of what is left out each is a name of its own: "without postage, carriage and samples"
    text = re.sub(rf"(\b{RULING_OUT}\b[^<>]*)", lambda m: m[0].replace(",", f" {_COMMA} "), slots.text)
    text = re.sub(_SEVERAL, lambda m: m[0].replace(",", f" {_COMMA} "), text)
    text = re.sub(r"[?!.,;:()/\"+→]|(?<!\w)-|-(?!\w)", " ", text)
    for run, before in _runs(text):
        name = re.sub(rf"^{RULING_OUT} ", "", run)
        before = before if name == run else f"{before} excluding"
        lead = before.split()[-1:]  # "hand grinder": a word of the product's name that is asked with as well
        bare = rf"(?:{re.escape(lead[0])} )?" if lead and lead[0] in scene.product_words else ""
        whole = bare + re.escape(run)
        beside = re.search(rf"(?:(?<!<period)> |^){whole}\b|\b{whole} <(?!ch|comp)|<period> {whole}$", text.strip())
        product = product_named(name, before, scene, beside=bool(filters or beside))
        if product is None:
            unknown.append(run)
            continue
        negated = (
            name != run
            or re.search(rf"\b{RULING_OUT}(?: \w+)?$", before)
            or _joined_to_excluded(before, filters, slots)
        )
        filters.append(
            {"dimension": "product", "operator": "not_contains" if negated else "contains", "value": product}
        )
    return filters, unknown


def together(slots: Slots, goods: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """ "The mugs and the plates together": products of any of these names, as one condition."""
    named = [one for one in goods if one["operator"] == "contains"]
    if len(named) < 2 or not slots.has(_IN_ONE):
        return goods
    any_of = {"dimension": "product", "operator": "contains", "value": [one["value"] for one in named]}
    return [any_of, *(one for one in goods if one not in named)]


def _joined_to_excluded(before: str, filters: list[dict[str, Any]], slots: Slots) -> bool:
    """ "Excluding vouchers and postage", "excluding Ireland and vouchers": both are left out."""
    if before.endswith("<value> and") or before.endswith("<value> or"):
        return any(f["operator"] in ("ne", "not_in") for f in slots.filters)
    last = filters[-1] if filters else {"operator": ""}
    return last["operator"] == "not_contains" and bool(
        re.search(rf"\w (?:{_COMMA} )?(?:and|or|nor|{_COMMA})(?: the)?$", before)
    )


def _runs(text: str) -> list[tuple[str, str]]:
    """Neighbouring words that are no filler, each with what stands before it."""
    out: list[tuple[str, str]] = []
    for part in re.finditer(r"[^<>]+(?![^<]*>)", text):
        words = part[0].split()
        at = 0
        while at < len(words):
            end = at
            while end < len(words) and words[end] not in ASKING and words[end] not in ("1", _COMMA):
                end += 1
            if end > at:
                out.append((" ".join(words[at:end]), f"{text[: part.start()]} {' '.join(words[:at])}".strip()))
            at = max(end, at + 1)
    return _named(out)


def _named(runs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Runs with only joining words between them are one name: "jam making set with jars"."""
    out: list[tuple[str, str]] = []
    for run, before in runs:
        if out:
            between = before.removeprefix(f"{out[-1][1]} {out[-1][0]}".strip()).strip()
            if between and before != between and all(word in _JOINING for word in between.split()):
                out[-1] = (f"{out[-1][0]} {between} {run}", out[-1][1])
                continue
        out.append((run, before))
    return out


def product_named(run: str, before: str, scene: Scene, *, beside: bool = True) -> str | None:
    """The words of a product's name that `run` is; None where a word occurs in no name of a product.

    A word that means something else as well is a product only where something is said to be of it or sold, and a word
    of common English only beside a figure: "mug sales", but not "I would love to know the sales".
    """
    said: list[str] = []
    for word in re.split(r"[ -]", re.sub(r"^[a-z][ -](?=[a-z]{3})", "", run)):  # "t-shirt" is found by its longer word
        if said and (not word.isalpha() or len(word) == 1):
            said.append(word)  # "3 tier", "50's": the name is found by its other words too
            continue
        forms = (word,) if word.endswith("ss") else (word, word.removesuffix("s"), word.removesuffix("es"))
        known = next((form for form in forms if form in scene.product_words), None)
        if known is None and not (said and (word in _JOINING or word.isdigit())):
            return None
        single = known.removesuffix("s") if known else ""
        said.append(single if single in scene.product_words else known or word)
    if run in _NO_NAME or all(word in SEASON_WORDS for word in run.split()):
        return None  # "Easter till June": a time, whatever the products are called
    another = run in known_words() or (is_english(run) and not beside)
    if len(said) == 1 and another and not re.search(_OF_GOODS, before) and not (beside and before.endswith("<period>")):
        return None
    return " ".join(said)
