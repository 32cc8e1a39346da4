"""Amazon SES, version 2 of its API (POST /v2/email/outbound-emails), with messages written here (raw MIME).

docs.aws.amazon.com/ses/latest/APIReference-V2. Headers are ours but Date and Message-ID, which SES writes anew. What
became of a message cannot be asked; its events tell (`webhooks`).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from connectors.channels.contract import Attempt, Message, OutcomeUnknown, Receipt, Refused, Unreachable
from connectors.channels.http import Answer, Api, Body, TooMuch, part
from connectors.channels.mail import Mail, rehearsal
from connectors.channels.sender import Sender
from connectors.channels.ses.signature import CONTENT, SigV4
from connectors.channels.smtp.wire import compose

if TYPE_CHECKING:
    from connectors.channels.ses import SesSettings

__all__ = ["SesTransport"]

SEND, ACCOUNT, IDENTITIES = "/v2/email/outbound-emails", "/v2/email/account", "/v2/email/identities"
HOUR_S = 3_600.0  # how long to wait where a quota of the last 24 hours is used up
OF_THE_KEY = frozenset({"ExpiredToken", "IncompleteSignature", "InvalidClientTokenId", "UnrecognizedClient"})
OF_THE_MESSAGE = frozenset({"MessageRejected", "BadRequest", "ValidationError", "Validation"})
TOO_MUCH = frozenset({"Throttling", "TooManyRequests", "LimitExceeded", "RequestLimitExceeded"})


class SesTransport:
    """One account in one region."""

    def __init__(self, settings: SesSettings) -> None:
        secret = settings.ses_secret.get_secret_value() if settings.ses_secret else ""
        signature = SigV4(settings.ses_key or "", secret, settings.ses_region or "", "ses")
        self._set = settings.ses_configuration_set
        self._api = Api("Amazon SES", settings.endpoint, auth=signature, secrets=(secret,))

    def deliver(self, message: Message, before_handover: Callable[[], None]) -> Receipt:
        """See Transport.deliver."""
        body = Body.json(self._tree(message))
        hashed = {CONTENT: hashlib.sha256(body.content).hexdigest()}
        answer = self._api.hand_over(SEND, replace(body, headers=hashed), before_handover, self._trouble)
        if not (reference := answer.fields.get("MessageId")):
            raise OutcomeUnknown("Amazon SES answered with something that is no receipt.")
        return Receipt("ses", str(reference))

    def reconcile(self, _attempt: Attempt) -> None:
        """SES cannot be asked."""
        return

    def check(self, sender: str, address: str) -> None:
        """See Provider.check: whether the account may send to everybody, and the sender is verified."""
        Mail.of(rehearsal(sender, address))
        account = self._api.look(ACCOUNT, self._trouble).fields
        if account.get("EnforcementStatus") == "SHUTDOWN" or account.get("SendingEnabled") is False:
            raise Unreachable("Amazon has paused sending for this account: see to it in the SES console.")
        if account.get("ProductionAccessEnabled") is False:
            raise Unreachable("The account is in the SES sandbox: ask for production access in the SES console.")
        most, sent = (part(account, "SendQuota", name) for name in ("Max24HourSend", "SentLast24Hours"))
        if isinstance(most, int | float) and isinstance(sent, int | float) and 0 <= most <= sent:  # -1: no limit
            raise Unreachable("Amazon SES's quota of the last 24 hours is used up.", retry_after_s=HOUR_S)
        own = Sender.parse(sender).address
        if not any(self._verified(identity) for identity in _identities(own)):
            raise Unreachable(f"The sender {own} is not verified at Amazon SES in this region, nor is its domain.")

    def close(self) -> None:
        """The connection."""
        self._api.close()

    def _verified(self, identity: str) -> bool:
        try:
            found = self._api.look(f"{IDENTITIES}/{quote(identity, safe='')}", self._missing).fields
        except _Missing:
            return False
        return found.get("VerifiedForSendingStatus") is True

    def _missing(self, answer: Answer) -> Refused | Unreachable | None:
        if answer.status == httpx.codes.NOT_FOUND:
            return _Missing("There is no such identity.")
        return self._trouble(answer)

    def _tree(self, message: Message) -> Mapping[str, Any]:
        raw = base64.b64encode(compose(message)).decode()
        named = {"ConfigurationSetName": self._set} if self._set else {}
        return {
            "Content": {"Raw": {"Data": raw}},
            "Destination": {"ToAddresses": [Mail.of(message).recipient]},
            "EmailTags": [{"Name": "message", "Value": str(message.id)}],
            **named,
        }

    def _trouble(self, answer: Answer) -> Refused | Unreachable | None:
        if answer.status < httpx.codes.BAD_REQUEST or answer.status == httpx.codes.NOT_FOUND:
            return None
        kind = _kind(answer)
        said = self._api.words(answer.fields.get("message") or answer.fields.get("Message") or kind)
        if kind in TOO_MUCH:
            daily = "daily" in said.lower()
            return TooMuch(f"Amazon SES takes no more for now: {said.rstrip('.')}.", HOUR_S if daily else None)
        if kind in OF_THE_KEY:
            return Unreachable(f"Amazon SES refuses our key ({kind}): give it a valid one in the settings.")
        if kind == "AccessDenied":
            return Unreachable(f"Our key may not do that at Amazon SES: {said}.")
        if "not verified" in said:  # of the recipient too, as long as the account is in the sandbox
            return Unreachable(f"Amazon SES does not accept our sender, or is in its sandbox ({kind}): {said}.")
        if kind in OF_THE_MESSAGE:
            return Refused(f"Amazon SES refused it ({kind}): {said}.")
        if answer.status == httpx.codes.BAD_REQUEST and kind:
            return Unreachable(f"Amazon SES sends nothing for us ({kind}): {said}.")
        return None


def _identities(address: str) -> Iterator[str]:
    """What may be verified for an address to send: its domain, one above that, or the address alone."""
    labels = address.rpartition("@")[2].split(".")
    yield from (".".join(labels[start:]) for start in range(max(1, len(labels) - 1)))
    yield address


class _Missing(Unreachable):
    """There is no such thing at SES."""


def _kind(answer: Answer) -> str:
    """What an error is called: in a header, or in the body, with or without what stands around it."""
    named = answer.headers.get("x-amzn-ErrorType") or answer.fields.get("__type") or answer.fields.get("code") or ""
    return str(named).partition(":")[0].rpartition("#")[2].removesuffix("Exception")
