"""WhatsApp on loopback."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

from connectors.channels.whatsapp import PROVIDER, WhatsAppSettings
from tests.conformance.apis import Fault, reply
from tests.conformance.apis.whatsapp import ACCOUNT, NUMBER, REFUSED, TOKEN, WhatsAppApi
from tests.conformance.scenes import Scene, nobody


class WhatsAppScene(Scene):
    """See tests/conformance/apis/whatsapp.py; the texts of the suite are approved templates there."""

    refused = REFUSED
    silent = "+491701230000"
    secrets = (TOKEN,)
    key = "whatsapp_token"
    finds = False

    def __init__(self, _folder: Path) -> None:
        self.api = WhatsAppApi()
        super().__init__(PROVIDER, self._at(self.api.url))

    def address(self, name: str) -> str:
        """A number for each name."""
        return f"+4917{crc32(name.encode()) % 10_000_000:07}1"

    def arrived(self) -> list[tuple[str, str]]:
        """Recipient and text, in order."""
        return [(sent.address, sent.text) for sent in self.api.sent]

    def away(self) -> WhatsAppSettings:
        """A port nobody listens on."""
        return self._at(nobody())

    def refusal(self, words: str) -> Fault:
        """A person who cannot be reached."""
        return reply(400, {"error": {"code": 131026, "message": words}})

    def stop(self) -> None:
        """The server."""
        self.api.stop()

    def _at(self, url: str) -> WhatsAppSettings:
        given = {"whatsapp_token": TOKEN, "whatsapp_number": NUMBER, "whatsapp_account": ACCOUNT, "whatsapp_url": url}
        return WhatsAppSettings.model_validate(given)
