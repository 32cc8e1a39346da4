"""The SMTP channel against a real server on loopback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.channels.contract import Message, OutcomeUnknown, Postponed, Refused, Unreachable
from connectors.channels.smtp.transport import SmtpServer, SmtpTransport, compose
from core.errors import FixArguments
from tests.mail_server import MailServer

LONG_LINK = "https://shop.example.com/u/" + "x" * 300


@pytest.fixture(params=[True, False], ids=["commands at once", "one by one"])
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[MailServer]:
    server = MailServer(tmp_path / "mail.log", several=request.param)
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


# --- several at once ---


def test_each_of_several_messages_has_a_connection_of_its_own(server: MailServer, channel: SmtpTransport) -> None:
    """All of them stand right before the dot at the same time; then each is delivered once."""
    together = threading.Barrier(5, timeout=20)

    def stand() -> None:
        together.wait()

    def carry(number: int) -> str:
        return channel.deliver(email(f"c{number}@example.com"), stand).reference

    with ThreadPoolExecutor(5) as threads:
        assert all("250" in reference for reference in threads.map(carry, range(10)))
    assert server.recipients() == {f"c{number}@example.com": 1 for number in range(10)}


class Narrow:
    """A mail server that takes so many connections at once; one more is told so and cut off."""

    def __init__(self, most: int) -> None:
        self.most, self.open, self.taken, self.refused = most, 0, list[str](), 0
        self.lock, self.listener = threading.Lock(), socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self.lock:
            self.open += 1
            crowded = self.open > self.most
            self.refused += crowded
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"421 4.3.2 too many connections\r\n" if crowded else b"220 narrow\r\n")
            while not crowded and (line := lines.readline()):
                self._answer(connection, line, lines)
        with self.lock:
            self.open -= 1

    def _answer(self, connection: socket.socket, line: bytes, lines: BinaryIO) -> None:
        if not line.startswith(b"DATA"):
            connection.sendall(b"250 ok\r\n")
            return
        connection.sendall(b"354 go\r\n")
        while lines.readline() != b".\r\n":
            pass
        with self.lock:
            self.taken.append("one")
        time.sleep(0.01)
        connection.sendall(b"250 kept\r\n")


def test_a_server_that_takes_few_connections_gets_no_more_of_them() -> None:
    server = Narrow(2)
    channel = SmtpTransport(SmtpServer("127.0.0.1", server.listener.getsockname()[1]))
    with ThreadPoolExecutor(8) as threads:
        sent = list(threads.map(lambda n: channel.deliver(email(f"c{n}@example.com"), lambda: None), range(40)))
    assert (len(sent), len(server.taken)) == (40, 40)
    assert 1 <= server.refused <= 8, "it is not asked again and again"
    channel.close()
    server.listener.close()


def test_content_never_follows_a_refused_recipient() -> None:
    """Some servers say 354 all the same where commands come together: the connection is given up instead."""
    listener, heard = socket.create_server(("127.0.0.1", 0)), list[bytes]()
    listener.settimeout(10)

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"220 x\r\n")
            heard.append(connection.recv(65536))
            connection.sendall(b"250-x\r\n250 PIPELINING\r\n")
            heard.append(connection.recv(65536))
            connection.sendall(b"250 ok\r\n550 nobody here\r\n354 go\r\n")
            heard.append(connection.recv(65536))

    thread = threading.Thread(target=serve)
    thread.start()
    channel = SmtpTransport(SmtpServer("127.0.0.1", listener.getsockname()[1]))
    with pytest.raises(Refused, match="nobody here"):
        channel.deliver(email(), lambda: pytest.fail("was handed over"))
    thread.join()
    assert heard[1].count(b"\r\n") == 3
    assert heard[2] == b""
    listener.close()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=400))
def test_any_text_is_read_as_it_was_written(text: str) -> None:
    """By Python's own reader of emails; line ends are one kind, and the last line is ended."""
    read = message_from_bytes(compose(email(text=text)), policy=policy.default)
    plain, html = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None
    assert html is not None
    wanted = text.replace("\r\n", "\n").replace("\r", "\n")
    assert plain.get_content().replace("\r\n", "\n") == (wanted if wanted.endswith("\n") else wanted + "\n")
    assert html.get_content().strip() == "<p>Hello.</p>"
    assert max(map(len, compose(email(text=text)).split(b"\r\n"))) <= 400
