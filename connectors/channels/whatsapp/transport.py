"""WhatsApp's Cloud API (POST /{number}/messages), with the templates of the account (GET /{account}/message_templates).

developers.facebook.com/docs/whatsapp/cloud-api: Messages, Templates, Error codes. Meta keeps no log that can be asked
what became of a message; its webhooks tell.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import httpx

from connectors.channels.contract import (
    Attempt,
    Message,
    OutcomeUnknown,
    Postponed,
    Receipt,
    Refused,
    Unreachable,
)
from connectors.channels.http import Answer, Api, Body, TooMuch, part, rows
from connectors.channels.wordings import Wording, wording_of

if TYPE_CHECKING:
    from connectors.channels.whatsapp import WhatsAppSettings

__all__ = ["OPTED_OUT", "WhatsAppTransport"]

VERSION = "v26.0"
PAGES, PER_PAGE = 20, 100
FIELDS = "name,language,category,status,components,parameter_format"
MARKETING = "MARKETING"
OPTED_OUT = 131050  # this person takes no marketing from us
KEY = frozenset({0, 190})
TOO_FAST = frozenset({4, 80007, 130429})
PAIR = 131056  # too many messages to this person at once
SPAM, SPAM_S = 131048, 3_600.0
# Of the recipient or of the values (developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes): part of an
# experiment, a country that is closed to us, ourselves, not to be reached, no window open, kept back for the person's
# sake, no such kind of message, the filled text too long.
OF_THE_MESSAGE = frozenset({130472, 130497, 131021, 131026, 131047, 131049, 131051, 132005})


class WhatsAppTransport:
    """One number. The templates of its account are read once."""

    def __init__(self, settings: WhatsAppSettings) -> None:
        token = settings.whatsapp_token.get_secret_value() if settings.whatsapp_token else ""
        self._number = f"/{VERSION}/{settings.whatsapp_number}"
        self._templates = f"/{VERSION}/{settings.whatsapp_account}/message_templates"
        headers = {"Authorization": f"Bearer {token}"}
        self._api = Api("WhatsApp", settings.endpoint, headers=headers, secrets=(token,))
        self._known: Sequence[Wording] | None = None
        self._reading = threading.Lock()

    def deliver(self, message: Message, before_handover: Callable[[], None]) -> Receipt:
        """See Transport.deliver."""
        body = Body.json(self._tree(message))
        answer = self._api.hand_over(f"{self._number}/messages", body, before_handover, self._trouble)
        taken = rows(answer.body, "messages")
        if not taken or not taken[0].get("id"):
            raise OutcomeUnknown("WhatsApp answered with something that is no receipt.")
        return Receipt("whatsapp", str(taken[0]["id"]))

    def reconcile(self, _attempt: Attempt) -> None:
        """WhatsApp cannot be asked."""
        return

    def check(self) -> None:
        """See Provider.check: whether the token may use the number, and there is a text to send."""
        self._api.look(self._number, self._trouble, {"fields": "display_phone_number,verified_name,quality_rating"})
        if not self.wordings():
            raise Unreachable("No marketing template of this account is approved that AIMA can fill: make one at Meta.")

    def wordings(self) -> Sequence[Wording]:
        """The approved templates for marketing whose only gaps are in their body; errors as `Api.look`."""
        return [one for row in self._listed() if (one := _wording(row)) is not None]

    def close(self) -> None:
        """The connection."""
        self._api.close()

    def _listed(self) -> Iterator[Mapping[str, Any]]:
        asked = {"status": "APPROVED", "limit": str(PER_PAGE), "fields": FIELDS}
        for _ in range(PAGES):
            page = self._api.look(self._templates, self._trouble, asked).body
            yield from rows(page, "data")
            after = part(page, "paging", "cursors", "after")
            if not part(page, "paging", "next") or not isinstance(after, str):
                return
            asked = asked | {"after": after}

    def _tree(self, message: Message) -> Mapping[str, Any]:
        with self._reading:
            if self._known is None:
                self._known = self.wordings()
        found = wording_of(message.text, self._known)
        if found is None:
            raise Refused("WhatsApp takes texts that it has approved alone, and none of these reads like this one.")
        wording, values = found
        filled = [
            {"type": "text", "text": value, **({} if gap.isdecimal() else {"parameter_name": gap})}
            for gap, value in zip(wording.gaps, values, strict=True)
        ]
        template = {"name": wording.name, "language": {"code": wording.language}}
        return {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": message.address,
            "type": "template",
            "template": template | ({"components": [{"type": "BODY", "parameters": filled}]} if filled else {}),
            "biz_opaque_callback_data": str(message.id),
        }

    def _trouble(self, answer: Answer) -> Refused | Postponed | Unreachable | None:
        code, error = part(answer.body, "error", "code"), part(answer.body, "error")
        if answer.status < httpx.codes.BAD_REQUEST or not isinstance(code, int):
            return None
        said = self._api.words(part(error, "error_data", "details") or part(error, "message") or "")
        return _error(code, said, answer.status)


def _error(code: int, said: str, status: int) -> Refused | Postponed | Unreachable | None:
    """The error that a code stands for: Meta advises not to go by the status."""
    if code == OPTED_OUT:
        return Refused(f"WhatsApp refused it ({code}): {said}.", bars="unsubscribed")
    if code in OF_THE_MESSAGE:
        return Refused(f"WhatsApp refused it ({code}): {said}.")
    if code in TOO_FAST:
        return TooMuch(f"WhatsApp takes no more for now ({code}): {said}.")
    if code == PAIR:
        return Postponed(f"WhatsApp takes no more for this person now ({code}).")
    if code == SPAM:
        return Unreachable(f"WhatsApp lets this number send no more for now ({code}): {said}.", retry_after_s=SPAM_S)
    if code in KEY:
        return Unreachable(f"WhatsApp refuses our key ({code}): give it a valid token in the settings.")
    if status < httpx.codes.INTERNAL_SERVER_ERROR:
        return Unreachable(f"WhatsApp sends nothing for us ({code}): {said}.")
    return None


def _wording(row: Mapping[str, Any]) -> Wording | None:
    """A template as a text, its parts a line apart; None for one that is not for marketing, or has other gaps."""
    name, language = row.get("name"), row.get("language")
    if (row.get("category"), row.get("status")) != (MARKETING, "APPROVED"):
        return None
    if not isinstance(name, str) or not isinstance(language, str):
        return None
    said: dict[str, str] = {}
    for component in rows(row, "components"):
        kind, text = str(component.get("type")).upper(), component.get("text")
        if kind not in ("HEADER", "BODY", "FOOTER") or not isinstance(text, str):
            return None  # a picture, buttons: what people get would not be what was shown
        if kind != "BODY" and "{{" in text:
            return None
        said[kind] = text
    parts = [said[kind] for kind in ("HEADER", "BODY", "FOOTER") if kind in said]
    return Wording(name, language, "\n\n".join(parts)) if "BODY" in said else None
