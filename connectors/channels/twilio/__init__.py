"""SMS by Twilio."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, model_validator

from connectors.channels.contract import Provider, ProviderSettings
from connectors.channels.credentials import ApiAddress, ApiKey
from connectors.channels.sms import CHANNEL as SMS
from connectors.channels.twilio.webhooks import WEBHOOK

if TYPE_CHECKING:
    from connectors.channels.twilio.transport import TwilioTransport

__all__ = ["PROVIDER", "TwilioSettings"]


class TwilioSettings(ProviderSettings):
    """An account, and a token of it or an API key with its secret."""

    installed: ClassVar[frozenset[str]] = frozenset({"twilio_url"})
    twilio_account: str | None = Field(
        default=None,
        pattern=r"^AC[0-9a-fA-F]{32}$",
        title="Account SID",
        description="On the first page of Twilio's console; it begins with AC.",
    )
    twilio_token: ApiKey | None = Field(
        default=None, title="Auth token", description="Beside it; with an API key, the secret of that key."
    )
    twilio_key: str | None = Field(
        default=None,
        pattern=r"^SK[0-9a-fA-F]{32}$",
        title="API key SID",
        description="Only where an API key is used; it begins with SK.",
    )
    twilio_service: str | None = Field(
        default=None,
        pattern=r"^MG[0-9a-fA-F]{32}$",
        title="Messaging service",
        description="Only where a messaging service picks the sender; it begins with MG.",
    )
    twilio_webhook_key: ApiKey | None = Field(
        default=None,
        title="Webhook key",
        description="The account's auth token, where an API key sends: Twilio signs its reports with it.",
    )
    twilio_url: ApiAddress | None = Field(default=None, description="Another address of Twilio's API.")

    @model_validator(mode="after")
    def _whole(self) -> TwilioSettings:
        if (self.twilio_account is None) != (self.twilio_token is None):
            raise ValueError("account and token go together: give both, or neither")
        return self

    @property
    def configured(self) -> bool:
        """With an account and a token."""
        return self.twilio_account is not None and self.twilio_token is not None

    @property
    def endpoint(self) -> str:
        """Twilio's API."""
        return self.twilio_url or "https://api.twilio.com"


def _open(settings: TwilioSettings) -> TwilioTransport:
    from connectors.channels.twilio.transport import TwilioTransport

    return TwilioTransport(settings)


def _check(settings: TwilioSettings, sender: str, address: str) -> None:
    with closing(_open(settings)) as transport:
        transport.check(sender, address)


PROVIDER = Provider(
    "twilio",
    "Twilio",
    channel=SMS,
    open=_open,
    settings=TwilioSettings,
    needs="AIMA_TWILIO_ACCOUNT and AIMA_TWILIO_TOKEN",
    check=_check,
    reconciles=True,
    webhook=WEBHOOK,
)
