"""An email as octets (RFC 5322, 2045, 2047): headers written here, each value decoded and encoded exactly once.

Python's email package reads encoded words in header values and, in several of its versions, writes what they hold as it
is, line ends included. So it only writes the body, in which nothing can be taken for a header.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP as WIRE

from connectors.channels.contract import Message
from connectors.channels.mail import LONGEST_LINE, PLAIN, Mail
from connectors.channels.sender import phrase
from language.one_line import one_line

__all__ = ["compose"]

# 7bit: any server can carry it.
POLICY = WIRE.clone(cte_type="7bit")
WORD_OCTETS = 39  # make words of 64 characters, so that no line with one is over 76 (RFC 2047, 2)


def compose(message: Message) -> bytes:
    """The message for the wire: text and HTML alternatives, ASCII only, CRLF line ends.

    Refused where there is no address to send to, or a field holds what no header may.
    """
    mail = Mail.of(message)
    body = EmailMessage(policy=POLICY)
    body.set_content(mail.text)
    if mail.html is not None:
        body.add_alternative(mail.html, subtype="html")
    headers = "".join(f"{name}: {value}\r\n" for name, value in _headers(mail))
    return headers.encode("ascii") + body.as_bytes()


def _headers(mail: Mail) -> Iterator[tuple[str, str]]:
    sender = mail.sender
    yield "From", f"{_phrase(sender.name)} <{sender.address}>" if sender.name else sender.address
    yield "To", mail.recipient
    yield "Subject", _text(mail.subject)
    yield from mail.headers.items()


def _text(text: str) -> str:
    """Text as it stands in a header; encoded where it is not plain, or could be taken for an encoded word."""
    line = one_line(text)
    if PLAIN.fullmatch(line) and "=?" not in line and len(line) < LONGEST_LINE - 80:
        return line
    return "\r\n ".join(_encoded_words(line))


def _phrase(name: str) -> str:
    """A name before an address: as it is, in quotation marks where it holds what has a meaning there, or encoded."""
    encoded = _text(name)
    return encoded if encoded != name else phrase(name)


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
