"""The SMTP channel against a real server on loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from connectors.channels.contract import Message, OutcomeUnknown, Postponed, Refused, Unreachable
from connectors.channels.smtp.transport import SmtpServer, SmtpTransport, compose
from core.errors import FixArguments
from tests.mail_server import MailServer

LONG_LINK = "https://shop.example.com/u/" + "x" * 300


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    server = MailServer(tmp_path / "mail.log")
    yield server
    server.stop()


def email(to: str = "ada@example.com", text: str = "Hello.\n", subject: str = "Grüße 🎁") -> Message:
    headers = {"Message-ID": "<1@example.com>", "List-Unsubscribe": f"<{LONG_LINK}>"}
    sender = "Shop <shop@example.com>"
    return Message(UUID(int=1), "email", sender, to, subject, text, "<p>Hello.</p>", headers)


def test_a_message_arrives_as_written(server: MailServer, channel: SmtpTransport) -> None:
    handed_over: list[int] = []
    text = "first\n.\n..two dots\n.hidden\nlast ä\n"
    receipt = channel.deliver(email(text=text), lambda: handed_over.append(len(server.lines())))
    assert receipt.provider == "smtp"
    assert "250" in receipt.reference
    assert handed_over == [0]  # asked before the server had the message
    (message,) = server.messages()
    assert message["Subject"] == "Grüße 🎁"
    assert message["Message-ID"] == "<1@example.com>"
    assert message["List-Unsubscribe"] == f"<{LONG_LINK}>"
    plain = message.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n") == text
    assert server.lines()[0]["from"] == "shop@example.com"


def test_a_long_header_is_not_turned_into_encoded_words() -> None:
    assert f"List-Unsubscribe: <{LONG_LINK}>\r\n".encode() in compose(email())


def test_one_connection_carries_many(server: MailServer, channel: SmtpTransport) -> None:
    for number in range(20):
        channel.deliver(email(f"c{number}@example.com"), lambda: None)
    assert len(server.recipients()) == 20


@pytest.mark.parametrize("address", ["refused-a@example.com", "afterdata-a@example.com", "ä@example.com"])
def test_refused_for_good(server: MailServer, channel: SmtpTransport, address: str) -> None:
    with pytest.raises(Refused):
        channel.deliver(email(address), lambda: None)
    channel.deliver(email(), lambda: None)
    assert list(server.recipients()) == ["ada@example.com"]


def test_postponed_before_anything_is_handed_over(server: MailServer, channel: SmtpTransport) -> None:
    with pytest.raises(Postponed, match="450"):
        channel.deliver(email("later-a@example.com"), lambda: pytest.fail("was handed over"))
    assert server.lines() == []


def test_no_answer_after_handing_over_is_unknown(server: MailServer, channel: SmtpTransport) -> None:
    with pytest.raises(OutcomeUnknown):
        channel.deliver(email("silent-a@example.com"), lambda: None)
    channel.deliver(email(), lambda: None)  # over a new connection
    assert server.recipients() == {"silent-a@example.com": 1, "ada@example.com": 1}


def test_a_hook_that_raises_keeps_the_message_from_being_delivered(server: MailServer, channel: SmtpTransport) -> None:
    def withdraw() -> None:
        raise LookupError("not ours any more")

    with pytest.raises(LookupError):
        channel.deliver(email(), withdraw)
    channel.deliver(email("next@example.com"), lambda: None)
    assert list(server.recipients()) == ["next@example.com"]


def test_nobody_listening() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        channel = SmtpTransport(SmtpServer("127.0.0.1", unused.getsockname()[1]))
        with pytest.raises(Unreachable, match="cannot be used"):
            channel.deliver(email(), lambda: pytest.fail("was handed over"))


def test_a_server_that_hangs_up_before_the_dot_is_not_unknown() -> None:
    """It says 354, takes the body, and goes: nothing was delivered, and the message may be tried again."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"220 x\r\n")
            for reply in (b"250 x\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
                connection.recv(65536)
                connection.sendall(reply + (b"421 closing\r\n" if reply.startswith(b"354") else b""))

    thread = threading.Thread(target=serve)
    thread.start()
    channel = SmtpTransport(SmtpServer("127.0.0.1", listener.getsockname()[1]))
    with pytest.raises(Unreachable):
        channel.deliver(email(text="x" * 100_000), lambda: pytest.fail("was handed over"))
    thread.join()
    listener.close()


def test_a_subject_with_a_line_break_is_one_line(server: MailServer, channel: SmtpTransport) -> None:
    channel.deliver(email(subject="x\r\nBcc: c@example.com"), lambda: None)
    (message,) = server.messages()
    assert (message["Subject"], message["Bcc"]) == ("x Bcc: c@example.com", None)


def test_the_url() -> None:
    server = SmtpServer.parse("smtp://user%40example.com:p%3Aw@mail.example.com")
    assert (server.user, server.password, server.starttls, server.port) == ("user@example.com", "p:w", True, 587)
    assert "p:w" not in repr(server)
    assert SmtpServer.parse("smtps://mail.example.com").port == 465
    assert not SmtpServer.parse("smtp://u:p@localhost:2525").starttls
    assert not SmtpServer.parse("smtp://u:p@mail.example.com?starttls=false").starttls
    assert SmtpServer.parse("smtp://mail.example.com?timeout=5").timeout_s == 5


@pytest.mark.parametrize(
    "url",
    [
        "http://user:topsecret@mail.example.com",
        "smtp://",
        "smtp://user:topsecret@mail.example.com:99999",
        "smtp://user:topsecret@mail.example.com?starttls=perhaps",
        "smtp://user:topsecret@mail.example.com?tls=yes",
        "smtp://user:topsecret@mail.example.com?timeout=soon",
    ],
)
def test_a_wrong_url_is_named_without_its_password(url: str) -> None:
    with pytest.raises(FixArguments) as error:
        SmtpServer.parse(url)
    assert "topsecret" not in error.value.message
