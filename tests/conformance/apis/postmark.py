"""Postmark: email and the search of messages (postmarkapp.com/developer)."""

from __future__ import annotations

from uuid import uuid4

from tests.conformance.apis import ProviderApi, Reply, Request, Sent

TOKEN, STREAM = "token-of-postmark-4711", "broadcast"
FIELDS = {"From", "To", "Subject", "TextBody", "HtmlBody", "Headers", "ReplyTo", "Metadata"}
FIELDS |= {"MessageStream", "TrackOpens", "TrackLinks"}


class PostmarkApi(ProviderApi):
    """One server; `inactive` are addresses it sends nothing to any more, with its reason."""

    def __init__(self) -> None:
        super().__init__()
        self.inactive: dict[str, str] = {}

    def is_message(self, request: Request) -> bool:
        """A POST to email."""
        return (request.method, request.path) == ("POST", "/email")

    def answer(self, request: Request) -> Reply:
        """As Postmark does."""
        if request.headers.get("x-postmark-server-token") != TOKEN:
            return Reply(401, {"ErrorCode": 10, "Message": "The Server Token you provided is not valid."})
        if self.is_message(request):
            return self._message(request)
        if (request.method, request.path) == ("GET", "/messages/outbound"):
            return self._search(request)
        if (request.method, request.path) == ("GET", f"/message-streams/{STREAM}/suppressions/dump"):
            asked = request.query["EmailAddress"]
            reason = self.inactive.get(asked)
            listed = [{"EmailAddress": asked, "SuppressionReason": reason, "Origin": "Recipient"}] if reason else []
            return Reply(200, {"Suppressions": listed})
        if (request.method, request.path) == ("GET", f"/message-streams/{STREAM}"):
            return Reply(200, {"ID": STREAM, "MessageStreamType": "Broadcasts", "ArchivedAt": None})
        return Reply(404 if "streams" not in request.path else 422, {"ErrorCode": 1226, "Message": "not found"})

    def _message(self, request: Request) -> Reply:
        mail = request.json
        if not set(mail) <= FIELDS:
            return Reply(422, {"ErrorCode": 403, "Message": f"Unknown: {set(mail) - FIELDS}"})
        if mail["To"].startswith("refused") or mail["To"] in self.inactive:
            words = "You tried to send to recipient(s) that have been marked as inactive."
            return Reply(422, {"ErrorCode": 406, "Message": words})
        if mail["MessageStream"] != STREAM:
            return Reply(422, {"ErrorCode": 1235, "Message": "The stream provided does not exist on this server."})
        sent = self.take(Sent(str(uuid4()), mail["Metadata"]["message"], mail["To"], mail["TextBody"], mail))
        taken = {"To": sent.address, "SubmittedAt": sent.at.isoformat(), "MessageID": sent.reference}
        return Reply(200, taken | {"ErrorCode": 0, "Message": "OK"})

    def _search(self, request: Request) -> Reply:
        query = request.query
        assert {"count", "offset"} <= query.keys()
        shown = [
            {
                "MessageID": sent.reference,
                "Recipients": [sent.address],
                "Metadata": sent.whole["Metadata"],
                "MessageStream": STREAM,
                "Status": "Sent",
            }
            for sent in self.visible()
            if query["messagestream"] == STREAM and query["metadata_message"] == sent.id
        ]
        return Reply(200, {"TotalCount": len(shown), "Messages": shown[: int(query["count"])]})
