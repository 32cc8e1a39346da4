"""Twilio on loopback."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

from connectors.channels.twilio import PROVIDER, TwilioSettings
from tests.conformance.apis import reply
from tests.conformance.apis.twilio import ACCOUNT, REFUSED, TOKEN, TwilioApi
from tests.conformance.scenes import Scene, nobody


class TwilioScene(Scene):
    """See tests/conformance/apis/twilio.py."""

    refused = next(iter(REFUSED))
    silent = "+491701230000"
    secrets = (TOKEN,)
    key = "twilio_token"
    sender_refused = (reply(400, {"code": 21606, "message": "The From number is not a valid, SMS-capable number"}),)

    def __init__(self, _folder: Path) -> None:
        self.api = TwilioApi()
        super().__init__(PROVIDER, self._at(self.api.url))

    def address(self, name: str) -> str:
        """A number for each name."""
        return f"+4917{crc32(name.encode()) % 10_000_000:07}1"

    def arrived(self) -> list[tuple[str, str]]:
        """Recipient and text, in order."""
        return [(sent.address, sent.text) for sent in self.api.sent]

    def away(self) -> TwilioSettings:
        """A port nobody listens on."""
        return self._at(nobody())

    def stop(self) -> None:
        """The server."""
        self.api.stop()

    def _at(self, url: str) -> TwilioSettings:
        given = {"twilio_account": ACCOUNT, "twilio_token": TOKEN, "twilio_url": url}
        return TwilioSettings.model_validate(given)
