"""Text from outside inside of Markdown: shown as the text it is, never as a link, a picture, a heading or emphasis.

Answers are Markdown, and hold names of customers, titles of products and words of reviews: whoever chose those must not
choose what a reader clicks on. `as_text` is for what enters an answer, `own_links` for all that leaves.
"""

from __future__ import annotations

import re

__all__ = ["as_text", "own_links"]

_BLANK = "\u2060"  # a word joiner: seen by nobody, and no address goes on over it
# Signs with a meaning wherever they stand. An underscore has one only at the edge of a word: names of fields keep it.
_SIGNS = re.compile(r"[\\`*\[\]<~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|&(?=#?\w+;)")
_LINE_STARTS = re.compile(r"(?m)^(\s*)(#{1,6}(?=\s|$)|[-+>=|](?=.|$)|\d{1,9}(?=[.)](?:\s|$)))")
_ADDRESS = re.compile(r"(?i)(https?|ftp)(:)(?=//)|(www)(\.)(?=[\w-])")
_TARGET = re.compile(r"\]\((?!(?:/(?![/\\])|#)[^\s)\\]*(?:\s+\"[^\"]*\")?\))")
_ANGLE = re.compile(r"<(?=[A-Za-z][A-Za-z0-9+.-]{1,31}:|[/!?A-Za-z])")


def as_text(value: str) -> str:
    """`value` with every sign that Markdown gives a meaning to made a plain one."""
    shown = _SIGNS.sub(lambda sign: "\\" + sign[0], value)
    shown = _LINE_STARTS.sub(_plain_start, shown)
    return _without_addresses(shown)


def own_links(text: str) -> str:
    """Markdown with links to pages of our own only ("/…", "#…"); other links, and all pictures, are shown as text."""
    if not ("](" in text or "]:" in text or "://" in text or "<" in text or "![" in text or "www." in text.lower()):
        return text
    text = text.replace("![", "!\\[")
    text = _TARGET.sub("]\\\\(", text)
    text = text.replace("]:", "]\\:")  # where the link of a name is told
    return _without_addresses(_ANGLE.sub("\\\\<", text))


def _plain_start(start: re.Match[str]) -> str:
    blanks, sign = start[1], start[2]
    return f"{blanks}{sign}\\" if sign[0].isdigit() else f"{blanks}\\{sign}"


def _without_addresses(text: str) -> str:
    """Written-out addresses stay readable, and are no links: programs make links of them by themselves."""
    return _ADDRESS.sub(lambda found: f"{found[1] or found[3]}{_BLANK}{found[2] or found[4]}", text)
