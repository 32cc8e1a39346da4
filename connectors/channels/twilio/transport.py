"""Twilio's messages (POST and GET /2010-04-01/Accounts/{account}/Messages.json).

twilio.com/docs: Messaging → Message resource; API → errors. Twilio keeps nothing of ours with a message but its text:
one is known again by the link in it, which is no other message's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx

from connectors.channels.contract import Attempt, Bar, Message, OutcomeUnknown, Receipt, Refused, Unreachable
from connectors.channels.http import Answer, Api, Body, rows
from connectors.channels.sms import number
from core.storable import storable

if TYPE_CHECKING:
    from connectors.channels.twilio import TwilioSettings

__all__ = ["TwilioTransport"]

PAGES, PER_PAGE = 3, 100
BEFORE = timedelta(minutes=10)
# Of the recipient or the text (twilio.com/docs/api/errors): not a number, not in a country that is allowed, not reached
# from here, not confirmed on a trial, opted out, no mobile; no text, too long a one.
OF_THE_MESSAGE = frozenset({21211, 21217, 21265, 21408, 21602, 21604, 21608, 21610, 21612, 21614, 21617, 21619})
# What these say of the number itself: there is none, it is no mobile, its owner wrote STOP.
BARS: Mapping[int, Bar] = {21211: "bounced", 21217: "bounced", 21614: "bounced", 21610: "unsubscribed"}
QUEUE_FULL, FULL_FOR_S = 21611, 600.0


class TwilioTransport:
    """One account at Twilio."""

    def __init__(self, settings: TwilioSettings) -> None:
        token = settings.twilio_token.get_secret_value() if settings.twilio_token else ""
        user = settings.twilio_key or settings.twilio_account or ""
        self._path = f"/2010-04-01/Accounts/{settings.twilio_account}/Messages.json"
        self._service = settings.twilio_service
        self._api = Api("Twilio", settings.endpoint, auth=httpx.BasicAuth(user, token), secrets=(token,))

    def deliver(self, message: Message, before_handover: Callable[[], None]) -> Receipt:
        """See Transport.deliver."""
        body = Body.form(self._fields(message))
        answer = self._api.hand_over(self._path, body, before_handover, self._trouble)
        if not (reference := answer.fields.get("sid")):
            raise OutcomeUnknown("Twilio answered with something that is no receipt.")
        return Receipt("twilio", str(reference))

    def reconcile(self, attempt: Attempt) -> Receipt | None:
        """A message to the number with the link of ours shows that it was taken. None shows nothing."""
        mark = attempt.unsubscribe.rpartition("/")[2]
        if not mark:
            return None
        for sent in self._sent_to(attempt.address, attempt.at - BEFORE):
            if mark in str(sent.get("body") or "") and sent.get("sid"):
                return Receipt("twilio", str(sent["sid"]))
        return None

    def check(self, sender: str, _address: str) -> None:
        """See Provider.check: whether the account lets us in, and a number that sends is one of its own."""
        self._api.look(self._path, self._trouble, {"PageSize": "1"})
        own = _sender(sender)
        if self._service or not re.fullmatch(r"\+\d{7,15}", own):
            return
        path = self._path.replace("Messages.json", "IncomingPhoneNumbers.json")
        if not rows(self._api.look(path, self._trouble, {"PhoneNumber": own}).body, "incoming_phone_numbers"):
            raise Unreachable(f"{own} is no number of this account at Twilio: buy it there, or choose another sender.")

    def close(self) -> None:
        """The connection."""
        self._api.close()

    def _fields(self, message: Message) -> dict[str, str]:
        sender = {"MessagingServiceSid": self._service} if self._service else {"From": _sender(message.sender)}
        callback = message.fields.get("callback", "")
        # Twilio takes no message whose callback it could not reach.
        told = {"StatusCallback": _with_id(callback, message)} if callback.startswith("https://") else {}
        return {"To": message.address, **sender, "Body": storable(message.text), **told}

    def _sent_to(self, address: str, since: datetime) -> Iterator[Mapping[str, Any]]:
        """Messages to a number since then. They come newest first; by date, those still queued would be left out."""
        path = self._path
        asked: dict[str, str] | None = {"To": address, "PageSize": str(PER_PAGE)}
        for _ in range(PAGES):
            page = self._api.ask("GET", path, parameters=asked) or {}
            sent = rows(page, "messages")
            yield from sent
            following = str(page.get("next_page_uri") or "")
            if not following.startswith(self._path) or not sent or _made(sent[-1], since) < since:
                return
            path, asked = following, None

    def _trouble(self, answer: Answer) -> Refused | Unreachable | None:
        code, said = answer.fields.get("code"), self._api.words(answer.fields.get("message", ""))
        if answer.status < httpx.codes.BAD_REQUEST or not isinstance(code, int):
            return None
        if code == QUEUE_FULL:
            return Unreachable(f"Twilio's queue of our sender is full ({code}).", retry_after_s=FULL_FOR_S)
        if code in OF_THE_MESSAGE:
            return Refused(f"Twilio refused it ({code}): {said}.", bars=BARS.get(code))
        if answer.status == httpx.codes.BAD_REQUEST:
            return Unreachable(f"Twilio sends nothing for us ({code}): {said}.")
        return None


def _sender(text: str) -> str:
    """A number without what people write between its digits; a name as it is."""
    return number(text) if number(text).lstrip("+").isdecimal() else text.strip()


def _with_id(callback: str, message: Message) -> str:
    return f"{callback}{'&' if '?' in callback else '?'}{urlencode({'message': str(message.id)})}"


def _made(sent: Mapping[str, Any], otherwise: datetime) -> datetime:
    try:
        return parsedate_to_datetime(str(sent.get("date_created")))
    except ValueError:
        return otherwise
