"""Postmark on loopback."""

from __future__ import annotations

from pathlib import Path

from connectors.channels.postmark import PROVIDER, PostmarkSettings
from tests.conformance.apis import Fault, reply
from tests.conformance.apis.postmark import TOKEN, PostmarkApi
from tests.conformance.scenes import Scene, nobody


class PostmarkScene(Scene):
    """See tests/conformance/apis/postmark.py."""

    refused = "refused-a@example.com"
    silent = "silent-a@example.com"
    secrets = (TOKEN,)
    key = "postmark_token"
    sender_refused = (
        reply(422, {"ErrorCode": 400, "Message": "The 'From' address you supplied is not a Sender Signature."}),
    )

    def __init__(self, _folder: Path) -> None:
        self.api = PostmarkApi()
        super().__init__(PROVIDER, self._at(self.api.url))

    def address(self, name: str) -> str:
        """At a domain of examples."""
        return f"{name}@example.com"

    def arrived(self) -> list[tuple[str, str]]:
        """Recipient and text, in order."""
        return [(sent.address, sent.text) for sent in self.api.sent]

    def away(self) -> PostmarkSettings:
        """A port nobody listens on."""
        return self._at(nobody())

    def refusal(self, words: str) -> Fault:
        """An invalid request."""
        return reply(422, {"ErrorCode": 300, "Message": words})

    def stop(self) -> None:
        """The server."""
        self.api.stop()

    def _at(self, url: str) -> PostmarkSettings:
        return PostmarkSettings.model_validate({"postmark_token": TOKEN, "postmark_url": url})
