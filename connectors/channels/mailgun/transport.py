"""Mailgun's messages (POST /v3/{domain}/messages), and its events for what became of one.

documentation.mailgun.com: Send → Messages, Events. A key for sending only cannot read events: then nobody can say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx

from connectors.channels.contract import Attempt, Message, OutcomeUnknown, Receipt, Refused, Unreachable
from connectors.channels.http import Answer, Api, Body, part, rows
from connectors.channels.mail import Mail, rehearsal

if TYPE_CHECKING:
    from connectors.channels.mailgun import MailgunSettings

__all__ = ["MailgunTransport"]

PAGES, PER_PAGE = 3, 300
BEFORE, AFTER = timedelta(minutes=10), timedelta(days=1)
# Whatever the domain's own settings say: opens and clicks are followed by links of ours, or not at all.
OFF = {"o:tracking": "no", "o:tracking-clicks": "no", "o:tracking-opens": "no"}


class MailgunTransport:
    """One domain at Mailgun."""

    def __init__(self, settings: MailgunSettings) -> None:
        key = settings.mailgun_key.get_secret_value() if settings.mailgun_key else ""
        self._path = f"/v3/{settings.mailgun_domain}"
        self._base = settings.endpoint
        self._api = Api("Mailgun", settings.endpoint, auth=httpx.BasicAuth("api", key), secrets=(key,))

    def deliver(self, message: Message, before_handover: Callable[[], None]) -> Receipt:
        """See Transport.deliver."""
        body = Body.form(dict(_fields(Mail.of(message), str(message.id))))
        answer = self._api.hand_over(f"{self._path}/messages", body, before_handover, self._trouble)
        if not (reference := answer.fields.get("id")):
            raise OutcomeUnknown("Mailgun answered with something that is no receipt.")
        return Receipt("mailgun", str(reference))

    def reconcile(self, attempt: Attempt) -> Receipt | None:
        """An event of the message shows that Mailgun has it. None shows nothing: events come late."""
        for event in self._events(attempt):
            if _named(event) == str(attempt.id):
                return Receipt("mailgun", f"<{part(event, 'message', 'headers', 'message-id') or attempt.id}>")
        return None

    def check(self, sender: str, address: str) -> None:
        """See Provider.check: a message that Mailgun is told not to send (it is counted as one)."""
        fields = dict(_fields(Mail.of(rehearsal(sender, address)), "")) | {"o:testmode": "yes"}
        if not self._api.rehearse(f"{self._path}/messages", Body.form(fields), self._trouble).fields.get("id"):
            raise Unreachable("Mailgun answered with something that is no receipt.")

    def close(self) -> None:
        """The connection."""
        self._api.close()

    def _events(self, attempt: Attempt) -> Iterator[Mapping[str, Any]]:
        """What happened to the address around that time, in order."""
        path = f"{self._path}/events"
        asked: dict[str, str] | None = {
            "begin": str(int((attempt.at - BEFORE).timestamp())),
            "end": str(int((attempt.at + AFTER).timestamp())),
            "ascending": "yes",
            "limit": str(PER_PAGE),
            "recipient": attempt.address,
        }
        for _ in range(PAGES):
            page = self._api.ask("GET", path, parameters=asked)
            events = rows(page, "items")
            yield from events
            link = str(part(page, "paging", "next"))
            if not events or not link.startswith(f"{self._base}/"):
                return
            path, asked = link.removeprefix(self._base), None

    def _trouble(self, answer: Answer) -> Refused | Unreachable | None:
        said = self._api.words(answer.fields.get("message", ""))
        if answer.status == httpx.codes.NOT_FOUND:
            return Unreachable("Mailgun does not know our domain: check its name and its region in the settings.")
        if answer.status == httpx.codes.FORBIDDEN and said:
            return Unreachable(f"Mailgun sends nothing for us (403): {said}.")
        if answer.status == httpx.codes.BAD_REQUEST:
            ours = re.match(r"'?from'? parameter|.*not allowed to send", said, re.I)
            return Unreachable(f"Mailgun sends nothing for us: {said}.") if ours else Refused(f"Mailgun: {said}.")
        return None


def _fields(mail: Mail, id_: str) -> Iterator[tuple[str, str]]:
    yield "from", mail.sender.written
    yield "to", mail.recipient
    yield "subject", mail.subject
    yield "text", mail.text
    if mail.html is not None:
        yield "html", mail.html
    if mail.answers_to:
        yield "h:Reply-To", mail.answers_to.written
    yield from ((f"h:{name}", value) for name, value in mail.other_headers.items())
    yield "v:message", id_
    yield from OFF.items()


def _named(event: Mapping[str, Any]) -> str | None:
    """The id of ours that an event carries; some answers hold the variables as JSON in a text."""
    variables = event.get("user-variables")
    if isinstance(variables, str):
        try:
            variables = json.loads(variables)
        except ValueError:
            return None
    return variables.get("message") if isinstance(variables, dict) else None
