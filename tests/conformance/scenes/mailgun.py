"""Mailgun on loopback."""

from __future__ import annotations

from pathlib import Path

from connectors.channels.mailgun import PROVIDER, MailgunSettings
from tests.conformance.apis import reply
from tests.conformance.apis.mailgun import DOMAIN, KEY, MailgunApi
from tests.conformance.scenes import Scene, nobody


class MailgunScene(Scene):
    """See tests/conformance/apis/mailgun.py."""

    refused = "refused-a@example.com"
    silent = "silent-a@example.com"
    secrets = (KEY,)
    key = "mailgun_key"
    sender_refused = (reply(400, {"message": "'from' parameter is not a valid address. please check documentation"}),)

    def __init__(self, _folder: Path) -> None:
        self.api = MailgunApi()
        super().__init__(PROVIDER, self._at(self.api.url))

    def address(self, name: str) -> str:
        """At a domain of examples."""
        return f"{name}@example.com"

    def arrived(self) -> list[tuple[str, str]]:
        """Recipient and text, in order."""
        return [(sent.address, sent.text) for sent in self.api.sent]

    def away(self) -> MailgunSettings:
        """A port nobody listens on."""
        return self._at(nobody())

    def stop(self) -> None:
        """The server."""
        self.api.stop()

    def _at(self, url: str) -> MailgunSettings:
        given = {"mailgun_key": KEY, "mailgun_domain": DOMAIN, "mailgun_url": url}
        return MailgunSettings.model_validate(given)
