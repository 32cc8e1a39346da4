"""Email by Mailgun."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from connectors.channels.contract import Provider, ProviderSettings
from connectors.channels.credentials import ApiAddress, ApiKey, HostName
from connectors.channels.email import CHANNEL as EMAIL
from connectors.channels.mailgun.webhooks import WEBHOOK

if TYPE_CHECKING:
    from connectors.channels.mailgun.transport import MailgunTransport

__all__ = ["PROVIDER", "MailgunSettings"]

REGIONS = {"us": "https://api.mailgun.net", "eu": "https://api.eu.mailgun.net"}


class MailgunSettings(ProviderSettings):
    """The key, and the domain that was set up there."""

    installed: ClassVar[frozenset[str]] = frozenset({"mailgun_url"})
    mailgun_key: ApiKey | None = Field(default=None, title="API key", description="At Mailgun under API security.")
    mailgun_domain: HostName | None = Field(
        default=None,
        title="Domain",
        description="The domain of yours that Mailgun sends for; your sender is of it.",
        examples=["mg.example.com"],
    )
    mailgun_region: Literal["us", "eu"] = Field(
        default="us",
        title="Region",
        description="Where that domain was set up at Mailgun.",
        json_schema_extra={"words": {"us": "United States", "eu": "European Union"}},
    )
    mailgun_webhook_key: ApiKey | None = Field(
        default=None,
        title="Webhook signing key",
        description="At Mailgun under Webhooks; with it, what it reports of messages is believed.",
    )
    mailgun_url: ApiAddress | None = Field(default=None, description="Another address of Mailgun's API.")

    @model_validator(mode="after")
    def _whole(self) -> MailgunSettings:
        if (self.mailgun_key is None) != (self.mailgun_domain is None):
            raise ValueError("key and domain go together: give both, or neither")
        return self

    @property
    def configured(self) -> bool:
        """With a key and a domain."""
        return self.mailgun_key is not None and self.mailgun_domain is not None

    @property
    def endpoint(self) -> str:
        """Mailgun's API, in the region of the domain."""
        return self.mailgun_url or REGIONS[self.mailgun_region]


def _open(settings: MailgunSettings) -> MailgunTransport:
    from connectors.channels.mailgun.transport import MailgunTransport

    return MailgunTransport(settings)


def _check(settings: MailgunSettings, sender: str, address: str) -> None:
    with closing(_open(settings)) as transport:
        transport.check(sender, address)


PROVIDER = Provider(
    "mailgun",
    "Mailgun",
    channel=EMAIL,
    open=_open,
    settings=MailgunSettings,
    needs="AIMA_MAILGUN_KEY and AIMA_MAILGUN_DOMAIN",
    check=_check,
    reconciles=True,
    webhook=WEBHOOK,
)
