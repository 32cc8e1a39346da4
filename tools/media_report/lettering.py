"""Text on a page of fixed size: legible whatever it holds, measured, cut off or broken so that it stays in its place.

Names come from data: any script, any length, marks that turn the direction of reading. Fonts are those that come with
matplotlib (DejaVu), and of the machine's own the usual ones for other scripts; shaping and direction are matplotlib's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from language.one_line import one_line

__all__ = ["MISSING", "cut", "families", "legible", "measured", "paragraph"]

MISSING: Final = "□"
ELLIPSIS: Final = "…"
JOINERS: Final = "\u200c\u200d"  # Persian and Indic words are spelt with them
UNSEEN: Final = ("Cf", "Co", "Cn")
LONGEST: Final = 300  # characters; what is longer is cut off before it is measured
OTHERS: Final = (  # for scripts that DejaVu lacks, where the machine has them
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Source Han Sans SC", "WenQuanYi Zen Hei",
    "Microsoft YaHei", "Yu Gothic", "Malgun Gothic", "PingFang SC", "Hiragino Sans", "Arial Unicode MS",
    "Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans Bengali", "Noto Sans Tamil", "Noto Sans Ethiopic",
)  # fmt: skip


@lru_cache(maxsize=1)
def families() -> list[str]:
    """Names of the fonts there are, in the order they are tried."""
    from matplotlib import font_manager

    installed = {entry.name for entry in font_manager.fontManager.ttflist}
    return ["DejaVu Sans", *(name for name in OTHERS if name in installed)]


@lru_cache(maxsize=4)
def _paths(weight: str) -> tuple[Any, ...]:
    from matplotlib import font_manager

    return tuple(font_manager.findfont(font_manager.FontProperties(family=name, weight=weight)) for name in families())


@lru_cache(maxsize=1)
def _known() -> frozenset[int]:
    """Characters that can be drawn, thin and bold."""
    from matplotlib.font_manager import get_font

    of_each = [{code for path in _paths(weight) for code in get_font(path).get_charmap()} for weight in _WEIGHTS]
    return frozenset(set.intersection(*of_each))


_WEIGHTS: Final = ("normal", "bold")


def legible(text: str) -> str:
    """One line of what can be drawn: no control or hidden characters, a box for each character no font has."""
    known = _known()
    line = one_line(text)[:LONGEST]
    shown = (c for c in unicodedata.normalize("NFC", line) if c in JOINERS or unicodedata.category(c) not in UNSEEN)
    return "".join(c if ord(c) in known else MISSING for c in shown)


@lru_cache(maxsize=4096)
def measured(text: str, size: float, weight: str = "normal") -> float:
    """Width in points of a legible text."""
    from matplotlib.font_manager import get_font
    from matplotlib.ft2font import LoadFlags

    font = get_font(list(_paths(weight)))
    font.set_size(size, 72)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64


def cut(text: str, room: float, size: float, weight: str = "normal") -> str:
    """The legible text, as much of it as `room` points hold, with an ellipsis where it is cut off."""
    whole = legible(text)
    if measured(whole, size, weight) <= room:
        return whole
    low, high = 0, len(whole)
    while low < high:
        middle = (low + high + 1) // 2
        fits = measured(whole[:middle].rstrip() + ELLIPSIS, size, weight) <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    return whole[:low].rstrip() + ELLIPSIS


def paragraph(text: str, room: float, size: float, *, most: int, weight: str = "normal") -> Sequence[str]:
    """The text broken into lines of `room` points, `most` of them; the last one is cut off where more would follow."""
    lines: list[str] = []
    words = legible(text).split(" ")
    while words and len(lines) < most:
        if len(lines) == most - 1:
            lines.append(cut(" ".join(words), room, size, weight))
            break
        count = 1
        while count < len(words) and measured(" ".join(words[: count + 1]), size, weight) <= room:
            count += 1
        lines.append(cut(" ".join(words[:count]), room, size, weight))
        words = words[count:]
    return lines
