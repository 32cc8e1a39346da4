"""Text as ill will writes it: encoded words, line ends, control characters, markup, half characters; from a seed."""

from __future__ import annotations

import base64
import random

__all__ = ["HEADERS", "hostile", "injections"]

HEADERS = ("Bcc: evil@evil.example", "X-Injected: yes", "Subject: other", "\r\nThe attacker's body.", "Content-Type: x")
_ENDS = ("\r\n", "\n", "\r", "\r\n\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x00", "\r\n ", "\r\n\t")
_CHARSETS = ("utf-8", "UTF-8", "us-ascii", "iso-8859-1", "utf8", "koi8-r", "utf-8*en", "unicode_escape", "no-such", "")
_PLAIN = (
    "Ann",
    "Zoë",
    'O\'Neil "Al"',
    "李小龍",
    "אבי",
    "Grüße 🎁",
    "a\\b",
    "Müller, Anna",
    "=?",
    "?=",
    "x" * 400,
    "😀" * 60,
)


def _quoted(text: str) -> str:
    return "".join(f"={octet:02x}" if octet in b"\r\n=?_" or octet > 126 else chr(octet) for octet in text.encode())


def _word(draw: random.Random, text: str) -> str:
    charset = draw.choice(_CHARSETS)
    if draw.random() < 0.5:
        return f"=?{charset}?{draw.choice('qQ')}?{_quoted(text).replace(' ', '_')}?="
    return f"=?{charset}?{draw.choice('bB')}?{base64.b64encode(text.encode('utf-8', 'replace')).decode()}?="


def injections() -> list[str]:
    """Texts that end a header and begin another, by themselves and inside of encoded words."""
    bare = [f"Ann{end}{header}" for end in ("\r\n", "\n", "\r") for header in HEADERS]
    return bare + [f"=?utf-8?q?{_quoted(text).replace(' ', '_')}?=" for text in bare]


def hostile(draw: random.Random) -> str:
    """A name, city or subject of somebody who means harm."""
    text = draw.choice(_PLAIN)
    for _ in range(draw.randint(1, 4)):
        text += draw.choice(
            [
                draw.choice(_ENDS) + draw.choice(HEADERS),
                _word(draw, draw.choice(_PLAIN) + draw.choice(_ENDS) + draw.choice(HEADERS)),
                _word(draw, _word(draw, "Ann" + draw.choice(_ENDS) + draw.choice(HEADERS))),  # a word in a word
                "=?utf-8?q?" + draw.choice(["Ann=0d=0aBcc:_evil@evil.example", "=E2=82", "=0", "a b\tc"]) + "?=",
                "=?utf-8?b?" + draw.choice(["DQpCY2M6IGV2aWxAZXZpbC5leGFtcGxl", "====", "DQ", "\r\nDQo="]) + "?=",
                chr(draw.choice([0, 7, 8, 27, 127, 0x9B, 0xD800, 0xDFFF, 0x202E, 0x2066, 0xFEFF, 0xFFFF])),
                draw.choice(["<b>", "[x](http://evil.example)", "{name}", "%s", "{{7*7}}", " " * 30, "‮"]),
                draw.choice(_PLAIN),
            ]
        )
    return text
