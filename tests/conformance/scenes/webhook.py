"""A webhook on loopback."""

from __future__ import annotations

from pathlib import Path

from connectors.channels.webhook import PROVIDER, WebhookSettings
from tests.conformance.apis.webhook import PATH, SECRET, WebhookApi
from tests.conformance.scenes import Scene, nobody


class WebhookScene(Scene):
    """See tests/conformance/apis/webhook.py."""

    refused = "refused-a"
    silent = "silent-a"
    secrets = (SECRET,)
    key = "webhook_secret"
    finds = False
    any_answer = True

    def __init__(self, _folder: Path) -> None:
        self.api = WebhookApi()
        super().__init__(PROVIDER, self._at(self.api.url))

    def arrived(self) -> list[tuple[str, str]]:
        """Recipient and text, in order."""
        return [(sent.address, sent.text) for sent in self.api.sent]

    def away(self) -> WebhookSettings:
        """A port nobody listens on."""
        return self._at(nobody())

    def stop(self) -> None:
        """The server."""
        self.api.stop()

    def _at(self, url: str) -> WebhookSettings:
        given = {"webhook_url": url + PATH, "webhook_secret": SECRET, "webhook_networks": "127.0.0.0/8"}
        return WebhookSettings.model_validate(given)
