"""One connection to a mail server: a message's envelope in one go, its content, and the dot that delivers it."""

from __future__ import annotations

import re
import select
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from connectors.channels.smtp.server import SmtpServer
from connectors.channels.smtp.trouble import unusable

__all__ = ["TROUBLE", "Reply", "Session", "connect"]

TROUBLE = (smtplib.SMTPException, OSError)
BEGIN, RECIPIENTS, GO_ON, CLOSING = (250,), (250, 251), (354,), 421


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server said to one command."""

    code: int
    words: bytes


class Session(smtplib.SMTP):
    """smtplib's, with a message handed over in steps. `used`: it has begun a message before."""

    used = False
    dot_sent = False

    def begin(self, sender: str, recipient: str, *, content: bool = True) -> list[Reply]:
        """MAIL, RCPT and, where there is `content` to come, DATA; returns the replies.

        A server that takes several commands at once gets them so (RFC 2920), which saves two waits for each message;
        any other is asked no further once it has refused one.
        """
        steps = [
            (f"MAIL FROM:{smtplib.quoteaddr(sender)}", BEGIN),
            (f"RCPT TO:{smtplib.quoteaddr(recipient)}", RECIPIENTS),
            ("DATA", GO_ON),
        ]
        steps = steps if content else steps[:2]
        at_once = self.has_extn("pipelining")
        if at_once:
            self.send("".join(f"{command}\r\n" for command, _ in steps))
        replies: list[Reply] = []
        for command, fine in steps:
            if not at_once:
                self.putcmd(command)
            replies.append(Reply(*self.getreply()))
            if replies[-1].code == CLOSING or (replies[-1].code not in fine and not at_once):
                break
        self.used = True
        return replies

    def transfer(self, wire: bytes, before_dot: Callable[[], None]) -> Reply:
        """The content, then `before_dot`, then the dot; `dot_sent` tells whether an error came after it."""
        self.dot_sent = False
        body = re.sub(rb"(?m)^\.", b"..", wire)
        self.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        if self._spoke_early():
            raise smtplib.SMTPServerDisconnected("the server ended the transfer")
        before_dot()
        self.dot_sent = True
        self.send(b".\r\n")
        return Reply(*self.getreply())

    def _spoke_early(self) -> bool:
        """True when the server said something or hung up before the end of the body (TLS has records of its own)."""
        if self.sock is None or isinstance(self.sock, ssl.SSLSocket):
            return False
        return bool(select.select([self.sock], [], [], 0)[0])


class TlsSession(Session, smtplib.SMTP_SSL):
    """The same inside TLS from the first octet (smtps)."""


def connect(server: SmtpServer) -> Session:
    """A session that is logged in; Unreachable says why there is none, without the password."""
    try:
        session = _open(server)
    except TROUBLE as error:
        raise unusable(error, server) from None
    greeted = False
    try:
        if server.starttls:
            session.starttls(context=ssl.create_default_context())
        session.ehlo_or_helo_if_needed()
        greeted = True
        if server.user is not None:
            session.login(server.user, server.password or "")
    except (*TROUBLE, UnicodeError) as error:
        session.close()
        raise unusable(error, server, at_login=greeted) from None
    return session


def _open(server: SmtpServer) -> Session:
    at, name, timeout_s = (server.host, server.port), socket.gethostname(), server.timeout_s
    session = (
        TlsSession(*at, name, timeout=timeout_s, context=ssl.create_default_context())
        if server.tls
        else Session(*at, name, timeout=timeout_s)
    )
    if session.sock is not None:
        # Without it the lone dot waits for the acknowledgement of the body (Nagle), some 40 ms a message.
        session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return session
