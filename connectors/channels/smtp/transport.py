"""Email by SMTP (RFC 5321), with a hook right before the final dot: the point after which it may be delivered."""

from __future__ import annotations

import re
from collections.abc import Callable

from connectors.channels.contract import Attempt, Message, OutcomeUnknown, Postponed, Receipt, Refused, Unreachable
from connectors.channels.sender import Sender
from connectors.channels.smtp.pool import Pool
from connectors.channels.smtp.server import SmtpServer
from connectors.channels.smtp.session import BEGIN, CLOSING, GO_ON, RECIPIENTS, TROUBLE, Reply, Session, connect
from connectors.channels.smtp.trouble import reply_words
from connectors.channels.smtp.wire import compose

__all__ = ["SmtpServer", "SmtpTransport"]

# What a server says by its enhanced status code (RFC 3463, RFC 7505) of an address where nobody is: no such mailbox,
# moved without a new address, a domain that takes no mail.
NOBODY = re.compile(r"^55[0-9] 5\.1\.(?:1|6|10)(?![0-9])")


class SmtpTransport:
    """Sends over connections that are opened when first needed, and opened again after trouble."""

    def __init__(self, server: SmtpServer) -> None:
        self.server = server
        self._pool = Pool(lambda: connect(server))

    def deliver(self, message: Message, before_handover: Callable[[], None]) -> Receipt:
        """See Transport.deliver. A connection is dropped whenever the dialogue ends in any other way than a reply."""
        if not message.address.isascii():
            raise Refused("Addresses outside ASCII are not supported.")
        wire = compose(message)
        session = self._begun(message.sender, message.address)
        try:
            receipt = self._transferred(session, wire, before_handover)
        except (Refused, Postponed):
            self._reset(session)
            raise
        except BaseException:
            self._pool.drop(session)
            raise
        self._pool.give_back(session)
        return receipt

    def reconcile(self, attempt: Attempt) -> None:
        """SMTP has no way to ask."""

    def close(self) -> None:
        """Say goodbye to the server."""
        self._pool.close()

    def check(self, sender: str, address: str) -> None:
        """Whether a message would be taken: everything up to its content, which is not sent. Errors as `deliver`'s."""
        try:
            session = self._begun(sender, address, content=False)
        except (Refused, Postponed) as error:
            raise Refused(f"The login works, but not mail to {address}. {error.message}") from None
        self._reset(session)

    def _begun(self, written: str, recipient: str, *, content: bool = True) -> Session:
        """A session that has accepted sender and recipient, and waits for the content if some is to come."""
        sender = Sender.parse(written).address
        while True:
            session = self._pool.take()
            fresh = not session.used
            try:
                replies = session.begin(sender, recipient, content=content)
            except TROUBLE as error:
                self._pool.drop(session)
                if not fresh:  # the server has closed an idle connection
                    continue
                raise Unreachable(f"The mail server went away: {type(error).__name__}.") from None
            if replies[-1].code != CLOSING:
                break
            if not fresh:  # it hangs up an idle connection
                self._pool.drop(session)
            elif not self._pool.crowded(session):
                raise Unreachable(f"The mail server takes no messages: {_words(replies[-1])}.")
        self._judge(session, sender, replies)
        return session

    def _judge(self, session: Session, sender: str, replies: list[Reply]) -> None:
        """Raise what the first refusal among the replies stands for."""
        refused = next((n for n, fine in enumerate((BEGIN, RECIPIENTS, GO_ON)) if _refuses(replies, n, fine)), None)
        if refused is None:
            return
        if refused == 0 or replies[-1].code in GO_ON:  # in the second case it waits for content all the same
            self._pool.drop(session)
        else:
            self._reset(session)
        if refused == 0:
            raise Unreachable(f"The mail server does not accept our sender {sender}: {_words(replies[0])}.")
        raise _verdict(replies[refused])

    def _transferred(self, session: Session, wire: bytes, before_handover: Callable[[], None]) -> Receipt:
        try:
            reply = session.transfer(wire, before_handover)
        except TROUBLE as error:
            if session.dot_sent:
                raise OutcomeUnknown(f"No answer after handing over: {type(error).__name__}.") from None
            raise Unreachable(f"The mail server went away: {type(error).__name__}.") from None
        if reply.code != 250:
            raise _verdict(reply)
        return Receipt("smtp", _words(reply))

    def _reset(self, session: Session) -> None:
        try:
            session.rset()
        except TROUBLE:
            self._pool.drop(session)
        else:
            self._pool.give_back(session)


def _refuses(replies: list[Reply], step: int, fine: tuple[int, ...]) -> bool:
    return step < len(replies) and replies[step].code not in fine


def _words(reply: Reply) -> str:
    return reply_words(reply.code, reply.words)


def _verdict(reply: Reply) -> Refused | Postponed | Unreachable:
    """What a refusal stands for."""
    if reply.code == CLOSING or reply.code < 400:
        return Unreachable(f"The mail server ends the session: {_words(reply)}.")
    if reply.code < 500:
        return Postponed(f"Not now: {_words(reply)}.")
    return Refused(f"Refused: {_words(reply)}.", bars="bounced" if NOBODY.search(_words(reply)) else None)
