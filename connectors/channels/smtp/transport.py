"""Email by SMTP (RFC 5321), with a hook right before the final dot: the point after which it may be delivered."""

from __future__ import annotations

import re
import select
import smtplib
import socket
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING

from connectors.channels.contract import Attempt, Message, OutcomeUnknown, Postponed, Receipt, Refused, Unreachable
from connectors.channels.sender import Sender
from connectors.channels.smtp.server import SmtpServer
from connectors.channels.smtp.trouble import reply_words, unusable
from connectors.channels.smtp.wire import compose

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["SmtpServer", "SmtpTransport"]


class _Session(smtplib.SMTP):
    """smtplib's DATA in two steps: everything up to the body's end, then the hook, then the dot that delivers."""

    before_dot: Callable[[], None]
    dot_sent = False

    def data(self, msg: Buffer | str) -> tuple[int, bytes]:
        """As smtplib's, with `before_dot` called in between; `dot_sent` tells whether an error came after it."""
        self.putcmd("data")
        code, reply = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, reply)
        body = re.sub(rb"(?m)^\.", b"..", msg.encode("ascii") if isinstance(msg, str) else bytes(msg))
        self.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        if self._spoke_early():
            raise smtplib.SMTPServerDisconnected("the server ended the transfer")
        self.before_dot()
        self.dot_sent = True
        self.send(b".\r\n")
        return self.getreply()

    def _spoke_early(self) -> bool:
        """True when the server said something or hung up before the end of the body (TLS has records of its own)."""
        if self.sock is None or isinstance(self.sock, ssl.SSLSocket):
            return False
        return bool(select.select([self.sock], [], [], 0)[0])


class _TlsSession(_Session, smtplib.SMTP_SSL):
    """The same inside TLS from the first octet (smtps)."""


class SmtpTransport:
    """Sends over one connection, opened when first needed and opened again after trouble."""

    def __init__(self, server: SmtpServer) -> None:
        self.server = server
        self._session: _Session | None = None

    def deliver(self, message: Message, before_handover: Callable[[], None]) -> Receipt:
        """See Transport.deliver. The connection is dropped whenever the dialogue ends in any other way than a reply."""
        if not message.address.isascii():
            raise Refused("Addresses outside ASCII are not supported.")
        wire = compose(message)
        try:
            session = self._envelope(message.sender, message.address)
            session.before_dot = before_handover
            return self._transfer(session, wire)
        except (Refused, Postponed):
            self._reset()
            raise
        except BaseException:
            self._drop()
            raise

    def reconcile(self, attempt: Attempt) -> None:
        """SMTP has no way to ask."""

    def close(self) -> None:
        """Say goodbye to the server."""
        if self._session is not None:
            try:
                self._session.quit()
            except (smtplib.SMTPException, OSError):
                self._session.close()
            self._session = None

    def check(self, sender: str, address: str) -> None:
        """Whether a message would be taken: everything up to its content, which is not sent. Errors as `deliver`'s."""
        try:
            self._envelope(sender, address)
        except (Refused, Postponed) as error:
            raise Refused(f"The login works, but not mail to {address}. {error.message}") from None
        self._reset()

    def _envelope(self, written: str, recipient: str) -> _Session:
        """A session that has accepted sender and recipient."""
        sender = Sender.parse(written).address
        session = self._connected()
        try:
            code, reply = session.mail(sender)
        except (smtplib.SMTPServerDisconnected, OSError):  # an idle connection the server has closed since
            self._drop()
            session = self._connected()
            code, reply = self._asked(lambda: session.mail(sender))
        if code != 250:
            raise Unreachable(f"The mail server does not accept our sender {sender}: {reply_words(code, reply)}.")
        code, reply = self._asked(lambda: session.rcpt(recipient))
        if code not in (250, 251):
            raise _verdict(code, reply)
        return session

    def _transfer(self, session: _Session, wire: bytes) -> Receipt:
        session.dot_sent = False
        try:
            code, reply = session.data(wire)
        except smtplib.SMTPDataError as error:
            raise _verdict(error.smtp_code, error.smtp_error) from None
        except (smtplib.SMTPException, OSError) as error:
            if session.dot_sent:
                raise OutcomeUnknown(f"No answer after handing over: {type(error).__name__}.") from None
            raise Unreachable(f"The mail server went away: {type(error).__name__}.") from None
        if code != 250:
            raise _verdict(code, reply)
        return Receipt("smtp", reply_words(code, reply))

    def _asked(self, command: Callable[[], tuple[int, bytes]]) -> tuple[int, bytes]:
        try:
            return command()
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(f"The mail server went away: {type(error).__name__}.") from None

    def _connected(self) -> _Session:
        if self._session is None:
            self._session = self._connect()
        return self._session

    def _connect(self) -> _Session:
        try:
            session = self._open()
        except (smtplib.SMTPException, OSError) as error:
            raise unusable(error, self.server) from None
        greeted = False
        try:
            if self.server.starttls:
                session.starttls(context=ssl.create_default_context())
            session.ehlo_or_helo_if_needed()
            greeted = True
            if self.server.user is not None:
                session.login(self.server.user, self.server.password or "")
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            session.close()
            raise unusable(error, self.server, at_login=greeted) from None
        return session

    def _open(self) -> _Session:
        at, name, timeout_s = (self.server.host, self.server.port), socket.gethostname(), self.server.timeout_s
        session = (
            _TlsSession(*at, name, timeout=timeout_s, context=ssl.create_default_context())
            if self.server.tls
            else _Session(*at, name, timeout=timeout_s)
        )
        if session.sock is not None:
            # Without it the lone dot waits for the acknowledgement of the body (Nagle), some 40 ms a message.
            session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return session

    def _reset(self) -> None:
        if self._session is not None:
            try:
                self._session.rset()
            except (smtplib.SMTPException, OSError):
                self._drop()

    def _drop(self) -> None:
        """Hang up without a word: a server that has not seen the final dot discards the message (RFC 5321, 4.1.1.4)."""
        if self._session is not None:
            self._session.close()
            self._session = None


def _verdict(code: int, reply: bytes | str) -> Refused | Postponed | Unreachable:
    if code == 421 or code < 400:
        return Unreachable(f"The mail server ends the session: {reply_words(code, reply)}.")
    if code < 500:
        return Postponed(f"Not now: {reply_words(code, reply)}.")
    return Refused(f"Refused: {reply_words(code, reply)}.")
