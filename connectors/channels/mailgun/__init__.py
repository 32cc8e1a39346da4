"""Email by Mailgun."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from connectors.channels.contract import Provider, ProviderSettings, Transport
from connectors.channels.credentials import ApiAddress, ApiKey, HostName
from connectors.channels.email import CHANNEL as EMAIL

__all__ = ["PROVIDER", "MailgunSettings"]

REGIONS = {"us": "https://api.mailgun.net", "eu": "https://api.eu.mailgun.net"}


class MailgunSettings(ProviderSettings):
    """The key, and the domain that was set up there."""

    installed: ClassVar[frozenset[str]] = frozenset({"mailgun_url"})
    mailgun_key: ApiKey | None = Field(default=None, title="API key", description="API key of Mailgun.")
    mailgun_domain: HostName | None = Field(
        default=None,
        title="Domain",
        description="Domain of yours that Mailgun sends for.",
        examples=["mg.example.com"],
    )
    mailgun_region: Literal["us", "eu"] = Field(
        default="us",
        title="Region",
        description="Region of that domain at Mailgun: us or eu.",
        json_schema_extra={"words": {"us": "United States", "eu": "European Union"}},
    )
    mailgun_url: ApiAddress | None = Field(default=None, description="Another address of Mailgun's API.")

    @model_validator(mode="after")
    def _whole(self) -> MailgunSettings:
        if (self.mailgun_key is None) != (self.mailgun_domain is None):
            raise ValueError("key and domain go together: give both, or neither")
        return self

    @property
    def configured(self) -> bool:
        """With a key."""
        return self.mailgun_key is not None

    @property
    def endpoint(self) -> str:
        """Mailgun's API, in the region of the domain."""
        return self.mailgun_url or REGIONS[self.mailgun_region]


def _open(settings: MailgunSettings) -> Transport:
    from connectors.channels.mailgun.transport import MailgunTransport

    return MailgunTransport(settings)


PROVIDER = Provider(
    "mailgun",
    "Mailgun",
    channel=EMAIL,
    open=_open,
    settings=MailgunSettings,
    needs="AIMA_MAILGUN_KEY and AIMA_MAILGUN_DOMAIN",
    reconciles=True,
)
