"""Postmark's email (POST /email), and its message search for what became of one (GET /messages/outbound).

postmarkapp.com/developer: Email API, Messages API, API error codes. What went wrong stands in ErrorCode, with 422 or,
as for each message of a batch, with 200.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from connectors.channels.contract import Attempt, Bar, Message, OutcomeUnknown, Receipt, Refused, Unreachable
from connectors.channels.http import Answer, Api, Body, part, rows
from connectors.channels.mail import Mail, rehearsal

if TYPE_CHECKING:
    from connectors.channels.postmark import PostmarkSettings

__all__ = ["PostmarkTransport"]

LISTED = 50
WRONG_TOKEN = 10
# 300 is an invalid request, of which some concern the sender; 406 a recipient that bounced, complained or left.
INACTIVE = 406
OF_THE_MESSAGE = frozenset({300, INACTIVE})
BARS: Mapping[str, Bar] = {
    "HardBounce": "bounced",
    "SpamComplaint": "complained",
    "ManualSuppression": "unsubscribed",
}


class PostmarkTransport:
    """One server at Postmark."""

    def __init__(self, settings: PostmarkSettings) -> None:
        token = settings.postmark_token.get_secret_value() if settings.postmark_token else ""
        self._stream = settings.postmark_stream
        headers = {"X-Postmark-Server-Token": token}
        self._api = Api("Postmark", settings.endpoint, headers=headers, secrets=(token,))

    def deliver(self, message: Message, before_handover: Callable[[], None]) -> Receipt:
        """See Transport.deliver."""
        body = Body.json(self._tree(Mail.of(message), str(message.id)))
        try:
            answer = self._api.hand_over("/email", body, before_handover, self._trouble)
        except Refused as error:
            raise Refused(error.message, bars=error.bars and self._barred(message.address)) from None
        if not (reference := answer.fields.get("MessageID")):
            raise OutcomeUnknown("Postmark answered with something that is no receipt.")
        return Receipt("postmark", str(reference))

    def reconcile(self, attempt: Attempt) -> Receipt | None:
        """A message with our id among those sent shows that it was taken. None shows nothing: they are listed late."""
        asked = {
            "count": str(LISTED),
            "offset": "0",
            "messagestream": self._stream,
            "metadata_message": str(attempt.id),
        }
        for sent in rows(self._api.ask("GET", "/messages/outbound", parameters=asked), "Messages"):
            if part(sent, "Metadata", "message") == str(attempt.id) and sent.get("MessageID"):
                return Receipt("postmark", str(sent["MessageID"]))
        return None

    def check(self, sender: str, address: str) -> None:
        """See Provider.check: whether the token is one of a server, and the stream is one of its own."""
        Mail.of(rehearsal(sender, address))
        stream = self._api.look(f"/message-streams/{self._stream}", self._trouble)
        if stream.fields.get("ArchivedAt"):
            raise Unreachable(f"The message stream {self._stream} is archived at Postmark: choose another one.")

    def close(self) -> None:
        """The connection."""
        self._api.close()

    def _barred(self, address: str) -> Bar:
        """Why Postmark holds a recipient inactive, by its list; a reason that can be lifted where that says nothing."""
        path = f"/message-streams/{self._stream}/suppressions/dump"
        for listed in rows(self._api.ask("GET", path, parameters={"EmailAddress": address}), "Suppressions"):
            if str(listed.get("EmailAddress")).lower() == address.lower():
                return BARS.get(str(listed.get("SuppressionReason")), "unsubscribed")
        return "unsubscribed"

    def _tree(self, mail: Mail, id_: str) -> dict[str, Any]:
        headers = dict(mail.other_headers)
        if "Message-ID" in headers:
            headers["X-PM-KeepID"] = "true"  # else Postmark writes a Message-ID of its own
        html = {} if mail.html is None else {"HtmlBody": mail.html}
        answers = {"ReplyTo": mail.answers_to.written} if mail.answers_to else {}
        return {
            "From": mail.sender.written,
            "To": mail.recipient,
            "Subject": mail.subject,
            "TextBody": mail.text,
            **html,
            **answers,
            "Headers": [{"Name": name, "Value": value} for name, value in headers.items()],
            "Metadata": {"message": id_},
            "MessageStream": self._stream,
            "TrackOpens": False,
            "TrackLinks": "None",
        }

    def _trouble(self, answer: Answer) -> Refused | Unreachable | None:
        code = answer.fields.get("ErrorCode", 0)
        if code in (0, WRONG_TOKEN):
            return None
        said = f"{code}: {self._api.words(answer.fields.get('Message', ''))}"
        if code in OF_THE_MESSAGE and "'From'" not in said:
            return Refused(f"Postmark refused it ({said}).", bars="unsubscribed" if code == INACTIVE else None)
        return Unreachable(f"Postmark sends nothing for us ({said}).")
