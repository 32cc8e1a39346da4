"""Amazon SES on loopback."""

from __future__ import annotations

from pathlib import Path

from connectors.channels.ses import PROVIDER, SesSettings
from tests.conformance.apis import Fault, reply
from tests.conformance.apis.ses import KEY, REGION, SECRET, SesApi
from tests.conformance.scenes import Scene, nobody


class SesScene(Scene):
    """See tests/conformance/apis/ses.py."""

    refused = "refused-a@example.com"
    silent = "silent-a@example.com"
    secrets = (SECRET,)
    key = "ses_secret"
    sender_refused = (
        reply(
            400,
            {"message": "Email address is not verified. The following identities failed the check: shop@example.com"},
            x_amzn_ErrorType="MessageRejected:",
        ),
    )
    finds = False

    def __init__(self, _folder: Path) -> None:
        self.api = SesApi()
        super().__init__(PROVIDER, self._at(self.api.url))

    def address(self, name: str) -> str:
        """At a domain of examples."""
        return f"{name}@example.com"

    def arrived(self) -> list[tuple[str, str]]:
        """Recipient and text, in order."""
        return [(sent.address, sent.text) for sent in self.api.sent]

    def away(self) -> SesSettings:
        """A port nobody listens on."""
        return self._at(nobody())

    def refusal(self, words: str) -> Fault:
        """As SES refuses what a message holds."""
        return reply(400, {"message": words}, x_amzn_ErrorType="MessageRejected")

    def stop(self) -> None:
        """The server."""
        self.api.stop()

    def _at(self, url: str) -> SesSettings:
        return SesSettings.model_validate({"ses_key": KEY, "ses_secret": SECRET, "ses_region": REGION, "ses_url": url})
