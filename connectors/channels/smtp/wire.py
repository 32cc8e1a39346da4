"""An email as octets (RFC 5322, 2045, 2047): headers written here, each value decoded and encoded exactly once.

Python's email package reads encoded words in header values and, in several of its versions, writes what they hold as it
is, line ends included. So it only writes the body, in which nothing can be taken for a header.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP as WIRE

from connectors.channels.contract import Message
from connectors.channels.sender import ADDRESS, Sender
from core.storable import storable
from language.one_line import one_line

__all__ = ["compose"]

# 7bit: any server can carry it.
POLICY = WIRE.clone(cte_type="7bit")
LONGEST_LINE = 998  # octets, RFC 5322 2.1.1
WORD_OCTETS = 39  # make words of 64 characters, so that no line with one is over 76 (RFC 2047, 2)
PLAIN = re.compile(r"[ -~]*")
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


def compose(message: Message) -> bytes:
    """The message for the wire: text and HTML alternatives, ASCII only, CRLF line ends.

    ValueError where there is no address to send to, or a field holds what no header may.
    """
    body = EmailMessage(policy=POLICY)
    body.set_content(storable(message.text))
    if message.html is not None:
        body.add_alternative(storable(message.html), subtype="html")
    headers = "".join(f"{name}: {value}\r\n" for name, value in _headers(message))
    return headers.encode("ascii") + body.as_bytes()


def _headers(message: Message) -> Iterator[tuple[str, str]]:
    sender = Sender.parse(message.sender)
    if not sender.address:
        raise ValueError("the sender has no email address")
    if not ADDRESS.fullmatch(message.address):
        raise ValueError("this is no address that mail can be sent to")
    yield "From", f"{_phrase(sender.name)} <{sender.address}>" if sender.name else sender.address
    yield "To", message.address
    yield "Subject", _text(message.subject or "")
    for name, value in message.fields.items():
        if not HEADER_NAME.fullmatch(name) or not PLAIN.fullmatch(value):
            raise ValueError(f"the header {name[:40]!r} holds what no header may")
        if len(name) + len(value) + 2 > LONGEST_LINE:
            raise ValueError(f"the header {name} is too long")
        yield name, value


def _text(text: str) -> str:
    """Text as it stands in a header; encoded where it is not plain, or could be taken for an encoded word."""
    line = one_line(text)
    if PLAIN.fullmatch(line) and "=?" not in line and len(line) < LONGEST_LINE - 80:
        return line
    return "\r\n ".join(_encoded_words(line))


def _phrase(name: str) -> str:
    """A name before an address: as it is, in quotation marks where it holds what has a meaning there, or encoded."""
    encoded = _text(name)
    if ATOMS.fullmatch(encoded) or encoded != name:
        return encoded
    return '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'


def _encoded_words(text: str) -> Iterator[str]:
    """Encoded words, none of which ends inside of a character."""
    octets = b""
    for character in text:
        written = character.encode()
        if len(octets) + len(written) > WORD_OCTETS:
            yield _word(octets)
            octets = b""
        octets += written
    yield _word(octets)


def _word(octets: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(octets).decode()}?="
