"""Text from outside as one line that says what a reader sees: nothing hidden in it, nothing that ends a line.

Names, cities and subjects come with files and shops. Some hold encoded words (RFC 2047: "=?utf-8?q?Zo=C3=AB?="), which
mail programs show decoded; some hold what is put there to end a header and begin another.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
import unicodedata

from core.storable import storable

__all__ = ["ODD", "one_line"]

# What asks for a closer look, as a pattern that Python and polars read alike: an encoded word, control characters,
# line separators, and marks that reverse the direction of reading (a name could show an address that is none).
ODD = r"=\?|[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
_ODD = re.compile(ODD + r"|[\ud800-\udfff]")
_HIDDEN = re.compile(r"[\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_WORD = re.compile(r"=\?([\w-]{1,40})(?:\*[\w-]*)?\?([bBqQ])\?([^?\r\n]*)\?=")
_RUN = re.compile(rf"{_WORD.pattern}(?:\s*{_WORD.pattern})*")
# The character sets of mail. Python knows others, which are no text ("zlib") or write escapes ("unicode_escape").
_CHARSET = re.compile(
    r"(?i)^(?:utf-?8|us-ascii|ascii|iso-?8859-\d+|latin-?1|windows-\d+|cp\d+|koi8-[ru]|gb2312|gbk|gb18030|big5"
    r"|shift[_-]jis|euc-\w+|iso-2022-\w+)$"
)
_ROUNDS = 5  # words inside of words


def one_line(text: str) -> str:
    """`text` with encoded words decoded, control characters and line ends as single blanks, and no hidden marks."""
    if _ODD.search(text) is None:
        return " ".join(text.split())
    text = _visible(text)
    for _ in range(_ROUNDS):
        decoded = _visible(_RUN.sub(_decoded_run, text))
        if decoded == text:
            return text
        text = decoded
    return text.replace("=?", "= ?")  # words in words in words: nobody's name, and no reader is to decode them further


def _visible(text: str) -> str:
    shown = _HIDDEN.sub("", storable(text))
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in shown).split())


def _decoded_run(run: re.Match[str]) -> str:
    """Neighbouring words as one text: a character may be cut in two between them, and blanks there mean nothing."""
    text, octets, charset = "", b"", ""
    for word in _WORD.finditer(run.group()):
        if word[1].lower() != charset:
            text, octets, charset = text + _text(octets, charset), b"", word[1].lower()
        octets += _octets(word[2], word[3])
    return text + _text(octets, charset)


def _octets(encoding: str, written: str) -> bytes:
    data = written.encode(errors="replace")
    if encoding in "qQ":
        return quopri.decodestring(data, header=True)
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    try:
        return base64.b64decode(kept[: len(kept) - (len(kept) % 4 == 1)] + b"=" * (-len(kept) % 4))
    except binascii.Error:
        return b""


def _text(octets: bytes, charset: str) -> str:
    try:
        return octets.decode(charset if _CHARSET.match(charset) else "latin-1", "replace")
    except (LookupError, UnicodeError):
        return octets.decode("latin-1")
