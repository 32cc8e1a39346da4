"""SendGrid on loopback."""

from __future__ import annotations

from pathlib import Path

from connectors.channels.sendgrid import PROVIDER, SendGridSettings
from tests.conformance.apis import reply
from tests.conformance.apis.sendgrid import KEY, SendGridApi
from tests.conformance.scenes import Scene, nobody


class SendGridScene(Scene):
    """See tests/conformance/apis/sendgrid.py."""

    refused = "refused-a@example.com"
    silent = "silent-a@example.com"
    secrets = (KEY,)
    key = "sendgrid_key"
    sender_refused = (reply(403, {"errors": [{"message": "not a verified Sender Identity", "field": "from"}]}),)

    def __init__(self, _folder: Path) -> None:
        self.api = SendGridApi()
        super().__init__(PROVIDER, self._at(self.api.url))

    def address(self, name: str) -> str:
        """At a domain of examples."""
        return f"{name}@example.com"

    def arrived(self) -> list[tuple[str, str]]:
        """Recipient and text, in order."""
        return [(sent.address, sent.text) for sent in self.api.sent]

    def away(self) -> SendGridSettings:
        """A port nobody listens on."""
        return self._at(nobody())

    def stop(self) -> None:
        """The server."""
        self.api.stop()

    def _at(self, url: str) -> SendGridSettings:
        return SendGridSettings.model_validate({"sendgrid_key": KEY, "sendgrid_url": url})
