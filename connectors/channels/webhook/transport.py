"""Messages to a webhook: one POST each, with an id that stays the same however often it is sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from connectors.channels.contract import Attempt, Message, Receipt, Refused, Unreachable
from connectors.channels.http import Answer, Api, Body
from connectors.channels.webhook.guard import GuardedTransport
from connectors.channels.webhook.standard import key_in, signed_headers
from core.clock import utc_now
from core.storable import storable
from language.one_line import one_line

if TYPE_CHECKING:
    from connectors.channels.webhook import WebhookSettings

__all__ = ["WebhookTransport"]


class WebhookTransport:
    """One server. It tells calls that come twice by their header webhook-id (`Provider.repeats`)."""

    def __init__(self, settings: WebhookSettings) -> None:
        secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
        parts = urlsplit(settings.webhook_url or "")
        self._sign: Callable[[str, bytes], Mapping[str, str]] = _signer(key_in(secret))
        self._path = parts._replace(scheme="", netloc="").geturl()
        base = f"{parts.scheme}://{parts.netloc}"
        self._api = Api("Your webhook", base, secrets=(secret,), transport=GuardedTransport(settings.networks))

    def deliver(self, message: Message, before_handover: Callable[[], None]) -> Receipt:
        """See Transport.deliver. Whatever a 2xx says, it is a receipt."""
        tree = {"type": "message.send", "timestamp": message.fields.get("at", _now()), "data": _data(message)}
        self._api.hand_over(self._path, self._signed(str(message.id), tree), before_handover, self._trouble)
        return Receipt("webhook", str(message.id))

    def tell(self, id_: str, kind: str, data: Mapping[str, str]) -> None:
        """Tell the server of something that is no message; what comes twice has the same id. Errors as `deliver`'s."""
        tree = {"type": kind, "timestamp": _now(), "data": {name: storable(said) for name, said in data.items()}}
        self._api.hand_over(self._path, self._signed(id_, tree), lambda: None, self._trouble)

    def reconcile(self, _attempt: Attempt) -> None:
        """Nobody can be asked; there is no need to, for it may be sent again."""
        return

    def check(self, sender: str) -> None:
        """See Provider.check: a call that says it is one."""
        tree = {"type": "check", "timestamp": _now(), "data": {"from": one_line(sender)}}
        self._api.rehearse(self._path, self._signed(str(uuid4()), tree), self._trouble)

    def close(self) -> None:
        """The connection."""
        self._api.close()

    def _signed(self, id_: str, tree: Mapping[str, Any]) -> Body:
        body = Body.json(tree)
        return replace(body, headers=self._sign(id_, body.content))

    def _trouble(self, answer: Answer) -> Refused | Unreachable | None:
        said = self._api.words(answer.fields.get("error") or answer.fields.get("message") or "")
        if answer.status == httpx.codes.GONE:  # what the specification has for it
            return Unreachable("Your webhook answered 410: it takes no messages any more; correct its address.")
        if answer.status in (httpx.codes.BAD_REQUEST, httpx.codes.UNPROCESSABLE_ENTITY) and said:
            return Refused(f"Your webhook refused it ({answer.status}): {said}.")
        return None


def _signer(key: bytes) -> Callable[[str, bytes], Mapping[str, str]]:
    """Signs with a key that no attribute shows."""
    return lambda id_, body: signed_headers(key, id_, int(time.time()), body)


def _data(message: Message) -> Mapping[str, Any]:
    return {
        "id": str(message.id),
        "to": message.address,
        "from": one_line(message.sender),
        "subject": one_line(message.subject or ""),
        "text": storable(message.text),
        "unsubscribe": message.fields.get("unsubscribe", ""),
        "report_to": message.fields.get("report_to", ""),
    }


def _now() -> str:
    return utc_now().isoformat()
