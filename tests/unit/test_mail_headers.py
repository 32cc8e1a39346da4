"""Whatever names, subjects and senders hold, what arrives by a real mail server is what was shown, and no more."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from email.header import decode_header, make_header
from email.utils import parseaddr
from uuid import UUID

import pytest

from connectors.channels.contract import Envelope, Message, Refused
from connectors.channels.email import CHANNEL as EMAIL
from connectors.channels.sender import Sender
from connectors.channels.smtp.transport import SmtpTransport
from connectors.channels.smtp.wire import compose
from core.clock import utc_now
from language.one_line import ODD, one_line
from tests.hostile_text import hostile, injections
from tests.mail_server import MailServer
from tools.campaigns.content import render
from tools.campaigns.payload import Content

SENDER = "Shop <shop@example.com>"
LINK = "https://aima.example.com/u/token"
HEADERS = (
    "From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version",
    "Content-Type",
)  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    server = MailServer(tmp_path_factory.mktemp("mail") / "mail.log")
    yield server
    server.stop()


def written(subject: str, values: Mapping[str, object], sender: str = SENDER, to: str = "ann@example.com") -> Message:
    """The message as the courier makes it."""
    content = Content(subject=subject, body_text="Hello {name|there}, from {city|nowhere}.")
    rendered = render(content, values, EMAIL, sender=sender, unsubscribe=LINK)
    return EMAIL.compose(rendered, Envelope(UUID(int=7), sender, to, LINK, utc_now()))


def headers(wire: str) -> list[tuple[str, str]]:
    """The header fields that a server reads: unfolded, nothing decoded."""
    block = wire.replace("\r\n", "\n").partition("\n\n")[0]
    return [tuple(line.split(": ", 1)) for line in re.sub(r"\n[ \t]+", " ", block).split("\n")]  # type: ignore[misc]


def read(value: str) -> str:
    """A header as a mail program shows it: decoded once."""
    return str(make_header(decode_header(value)))


def check(wire: str, message: Message) -> None:
    found = headers(wire)
    assert [name for name, _ in found] == list(HEADERS), wire[:600]
    told = dict(found)
    assert told["To"] == message.address
    assert read(told["Subject"]) == (message.subject or "")
    assert one_line(message.subject or "") == message.subject, "what is shown is not what is read"
    assert all(len(line) <= 998 for line in wire.split("\r\n"))
    assert wire.isascii()


def send_all(server: MailServer, channel: SmtpTransport, messages: list[Message]) -> None:
    before = len(server.lines())
    for message in messages:
        channel.deliver(message, lambda: None)
    lines = server.lines()[before:]
    assert [line["to"] for line in lines] == [[message.address] for message in messages]
    for line, message in zip(lines, messages, strict=True):
        assert line["from"] == Sender.parse(message.sender).address
        check(line["content"], message)


SUBJECTS = (
    "Gift for {name}",
    "{city}",
    "{{ name }}",
    "=?utf-8?q?{name}?=",
    "News =?utf-8?b?{city}?= {customer_id}",
    "{% if city %}{{ city | upcase }}{% else %}{{ name | truncate: 40 }}{% endif %}, =?utf-8?q?{{ name }}?=",
    '{% if name contains "Bcc" %}{{ name | replace: "Bcc", "=?utf-8?q?=0d=0aBcc?=" }}{% endif %}{city|=}',
    "{{ city | append: name }}{% for product in last_products %}{{ product }}{% endfor %}",
)


def drawn(seed: int) -> Message:
    draw = random.Random(seed)
    values: dict[str, object] = {name: hostile(draw) for name in ("name", "first_name", "city", "customer_id")}
    subject = draw.choice(SUBJECTS) if draw.random() < 0.8 else hostile(draw).replace("{", "").replace("}", "")
    values |= {name: "x" for name, value in values.items() if not one_line(str(value)[:300])}
    values["last_products"] = [hostile(draw), hostile(draw)]
    name = hostile(draw).translate({ord(c): None for c in "<>"})
    sender = draw.choice([SENDER, f"{name} <shop@example.com>", f'"{name}" <shop@example.com>'])
    return written(subject, values, sender, f"c{seed}@example.com")


@pytest.mark.parametrize("field", ["name", "city", "customer_id"])
def test_a_customers_data_begins_no_header(server: MailServer, channel: SmtpTransport, field: str) -> None:
    send_all(server, channel, [written(f"Gift for {{{field}}}", {field: text}) for text in injections()])


def test_a_word_in_the_subject_itself_begins_none(server: MailServer, channel: SmtpTransport) -> None:
    send_all(server, channel, [written(text, {}) for text in injections()])


def test_hostile_text_arrives_as_shown(server: MailServer, channel: SmtpTransport) -> None:
    send_all(server, channel, [drawn(seed) for seed in range(250)])


@pytest.mark.slow
def test_thousands_of_hostile_texts_arrive_as_shown(server: MailServer, channel: SmtpTransport) -> None:
    send_all(server, channel, [drawn(seed) for seed in range(400, 12_000)])


@pytest.mark.parametrize(
    "address",
    [
        "ann@example.com\r\nBcc: evil@evil.example",
        "ann@example.com\n",
        "=?utf-8?q?x=0d=0aBcc=3a_evil=40evil.example?=@example.com",
        "ann@example.com> RCPT TO:<evil@evil.example",
        "ann@example.com, evil@evil.example",
        "ann <ann@example.com>",
        "a\0nn@example.com",
        "ann@exa\u2028mple.com",
        "ann@",
        "",
    ],
)
def test_an_address_that_holds_more_than_one_is_refused(
    server: MailServer, channel: SmtpTransport, address: str
) -> None:
    before = len(server.lines())
    with pytest.raises(Refused):
        channel.deliver(written("Hello", {}, to=address), lambda: pytest.fail("was handed over"))
    assert len(server.lines()) == before
    assert re.fullmatch(EMAIL.address.form, address) is None


@pytest.mark.parametrize("value", ["<1@x>\r\nBcc: evil@evil.example", "a\nb", "ä", "x" * 1_000])
def test_a_field_that_no_header_may_hold_is_refused(channel: SmtpTransport, value: str) -> None:
    message = written("Hello", {})
    odd = Message(**{**{f: getattr(message, f) for f in Message.__slots__}, "fields": {"Message-ID": value}})
    with pytest.raises(Refused, match="Message-ID"):
        channel.deliver(odd, lambda: pytest.fail("was handed over"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=?utf-8?q?Zo=C3=AB?=", "Zoë"),
        ("=?iso-8859-1?Q?J=FCrgen_M=FCller?=", "Jürgen Müller"),
        ("=?utf-8?B?5p2O?= =?utf-8?B?5bCP?=", "李小"),
        ("=?utf-8?b?5p0=?= =?utf-8?b?jg==?= Ltd", "李 Ltd"),  # a character cut in two
        ("=?utf-8?q?Ann=0d=0aBcc:_evil@evil.example?=", "Ann Bcc: evil@evil.example"),
        ("Who=? Me?=", "Who=? Me?="),
        ("  Ann \t Smith ", "Ann Smith"),
        ("Ann\u202egnp.exe", "Anngnp.exe"),
        ("👩‍👩‍👧 कक्षा نمونه‌ها", "👩‍👩‍👧 कक्षा نمونه‌ها"),  # joiners are part of the writing
        ("\0\r\n\x1b", ""),
    ],
)
def test_text_is_read_as_a_reader_sees_it(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_reading_twice_changes_nothing() -> None:
    for seed in range(600):
        line = one_line(hostile(random.Random(seed)))
        assert one_line(line) == line
        assert re.search(ODD.partition("|")[2], line) is None
        line.encode()


def test_a_deep_nest_of_words_ends_as_text() -> None:
    text = "Ann\r\nBcc: e@e.example"
    for _ in range(9):
        quoted = "".join(f"={octet:02x}" for octet in text.encode())
        text = (
            f"=?utf-8?q?{quoted}?="
            if len(text) < 5_000
            else f"=?utf-8?q?{text.replace('=', '=3d').replace('?', '=3f')}?="
        )
    line = one_line(text)
    assert one_line(line) == line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("written_as", "name", "address"),
    [
        ("Shop <shop@example.com>", "Shop", "shop@example.com"),
        ('"Müller, Söhne" <shop@example.com>', "Müller, Söhne", "shop@example.com"),
        ("shop@example.com", "", "shop@example.com"),
        ("AIMA <marketing@localhost>", "AIMA", "marketing@localhost"),
        ("Shop <shop@example.com>\r\nBcc: <evil@evil.example>", "", ""),
        ("Shop", "", ""),
        (r'"The \"Corner\"" <shop@example.com>', 'The "Corner"', "shop@example.com"),
    ],
)
def test_senders(written_as: str, name: str, address: str) -> None:
    sender = Sender.parse(written_as)
    assert sender.address == address
    if address:
        assert sender.name == name
        told = dict(headers(compose(written("Hi", {}, written_as)).decode()))["From"]
        assert read(parseaddr(told)[0]) == name
