"""An email as octets (RFC 5322, 2045, 2047), written here: each header value decoded and encoded exactly once.

Python's email package reads encoded words in header values and, in several of its versions, writes what they hold as it
is, line ends included; and it takes two milliseconds for each message, twenty times what is written here.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from connectors.channels.contract import Message
from connectors.channels.mail import LONGEST_LINE, PLAIN, Mail
from connectors.channels.sender import phrase
from language.one_line import one_line

__all__ = ["compose"]

WORD_OCTETS = 39  # make words of 64 characters, so that no line with one is over 76 (RFC 2047, 2)
NOT_ASCII = bytes(range(128, 256))
MOSTLY_PLAIN = 0.85  # with fewer ASCII octets than that, base64 is shorter than quoted-printable


def compose(message: Message) -> bytes:
    """The message for the wire: text and HTML alternatives, ASCII only, CRLF line ends.

    Refused where there is no address to send to, or a field holds what no header may.
    """
    mail = Mail.of(message)
    headers = "".join(f"{name}: {value}\r\n" for name, value in _headers(mail)).encode("ascii")
    if mail.html is None:
        return headers + b"MIME-Version: 1.0\r\n" + _part(mail.text, "plain")
    # "=_" occurs in neither encoding of a part, so no part can hold the line that ends it (RFC 2045, 6.7).
    between = f"=_{message.id.hex}".encode()
    return b"".join(
        (
            headers,
            b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="',
            between,
            b'"\r\n',
            *(b"\r\n--" + between + b"\r\n" + part for part in (_part(mail.text, "plain"), _part(mail.html, "html"))),
            b"\r\n--",
            between,
            b"--\r\n",
        )
    )


def _part(text: str, subtype: str) -> bytes:
    """A text with its headers, in whichever encoding is shorter; each of its lines is ended."""
    octets = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    octets = octets if octets.endswith(b"\n") else octets + b"\n"
    if len(octets.translate(None, NOT_ASCII)) >= MOSTLY_PLAIN * len(octets):
        encoding, content = b"quoted-printable", binascii.b2a_qp(octets, istext=True)
    else:
        encoding, content = b"base64", base64.encodebytes(octets.replace(b"\n", b"\r\n"))
    kind = f'Content-Type: text/{subtype}; charset="utf-8"\r\n'.encode()
    return kind + b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n" + content.replace(b"\n", b"\r\n")


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
