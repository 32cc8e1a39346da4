"""SMS by Twilio."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from connectors.channels.contract import Provider, ProviderSettings, Transport
from connectors.channels.credentials import ApiAddress, ApiKey
from connectors.channels.sms import CHANNEL as SMS

__all__ = ["PROVIDER", "TwilioSettings"]


class TwilioSettings(ProviderSettings):
    """An account, and a token of it or an API key with its secret."""

    installed: ClassVar[frozenset[str]] = frozenset({"twilio_url"})
    twilio_account: str | None = Field(
        default=None,
        pattern=r"^AC[0-9a-fA-F]{32}$",
        title="Account SID",
        description="Account SID at Twilio: AC and 32 digits.",
    )
    twilio_token: ApiKey | None = Field(
        default=None, title="Auth token", description="Auth token of that account; with an API key, the key's secret."
    )
    twilio_key: str | None = Field(
        default=None,
        pattern=r"^SK[0-9a-fA-F]{32}$",
        title="API key SID",
        description="SID of an API key (SK …), where one is used; else nothing.",
    )
    twilio_service: str | None = Field(
        default=None,
        pattern=r"^MG[0-9a-fA-F]{32}$",
        title="Messaging service",
        description="Messaging service that picks the sender (MG …). Unset: the sender of SMS sends.",
    )
    twilio_url: ApiAddress | None = Field(default=None, description="Another address of Twilio's API.")

    @model_validator(mode="after")
    def _whole(self) -> TwilioSettings:
        if (self.twilio_account is None) != (self.twilio_token is None):
            raise ValueError("account and token go together: give both, or neither")
        return self

    @property
    def configured(self) -> bool:
        """With an account."""
        return self.twilio_account is not None

    @property
    def endpoint(self) -> str:
        """Twilio's API."""
        return self.twilio_url or "https://api.twilio.com"


def _open(settings: TwilioSettings) -> Transport:
    from connectors.channels.twilio.transport import TwilioTransport

    return TwilioTransport(settings)


PROVIDER = Provider(
    "twilio",
    "Twilio",
    channel=SMS,
    open=_open,
    settings=TwilioSettings,
    needs="AIMA_TWILIO_ACCOUNT and AIMA_TWILIO_TOKEN",
    reconciles=True,
)
