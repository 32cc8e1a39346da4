"""Email by Twilio SendGrid."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from connectors.channels.contract import Provider, ProviderSettings
from connectors.channels.credentials import ApiAddress, ApiKey
from connectors.channels.email import CHANNEL as EMAIL
from connectors.channels.sendgrid.webhooks import WEBHOOK

if TYPE_CHECKING:
    from connectors.channels.sendgrid.transport import SendGridTransport

__all__ = ["PROVIDER", "SendGridSettings"]

REGIONS = {"global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}


class SendGridSettings(ProviderSettings):
    """The key."""

    installed: ClassVar[frozenset[str]] = frozenset({"sendgrid_url"})
    sendgrid_key: ApiKey | None = Field(
        default=None, title="API key", description="At SendGrid under API keys, with the right to send mail."
    )
    sendgrid_region: Literal["global", "eu"] = Field(
        default="global",
        title="Region",
        description="Where the account is at SendGrid.",
        json_schema_extra={"words": {"global": "Global", "eu": "European Union (a subuser there)"}},
    )
    sendgrid_webhook_key: ApiKey | None = Field(
        default=None,
        title="Verification key",
        description="At SendGrid under its signed event webhook; with it, what it reports of messages is believed.",
    )
    sendgrid_url: ApiAddress | None = Field(default=None, description="Another address of SendGrid's API.")

    @property
    def configured(self) -> bool:
        """With a key."""
        return self.sendgrid_key is not None

    @property
    def endpoint(self) -> str:
        """SendGrid's API, in the region of the account."""
        return self.sendgrid_url or REGIONS[self.sendgrid_region]


def _open(settings: SendGridSettings) -> SendGridTransport:
    from connectors.channels.sendgrid.transport import SendGridTransport

    return SendGridTransport(settings)


def _check(settings: SendGridSettings, sender: str, address: str) -> None:
    with closing(_open(settings)) as transport:
        transport.check(sender, address)


PROVIDER = Provider(
    "sendgrid",
    "SendGrid",
    channel=EMAIL,
    open=_open,
    settings=SendGridSettings,
    needs="AIMA_SENDGRID_KEY",
    check=_check,
    reconciles=True,
    webhook=WEBHOOK,
)
