"""WhatsApp messages by Meta's Cloud API: a business begins a conversation with texts that Meta has approved alone."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, model_validator

from connectors.channels.contract import Channel, Limits, Provider, ProviderSettings, SenderSettings
from connectors.channels.credentials import ApiAddress, ApiKey
from connectors.channels.sms import CHANNEL as SMS
from connectors.channels.whatsapp.webhooks import WEBHOOK
from connectors.channels.wordings import Wording

if TYPE_CHECKING:
    from connectors.channels.whatsapp.transport import WhatsAppTransport

__all__ = ["CHANNEL", "PROVIDER", "WhatsAppSettings"]


class WhatsAppSender(SenderSettings):
    """Whom WhatsApp messages come from: people see the name of the number at Meta."""

    sender: str = Field(
        default="AIMA", validation_alias="AIMA_WHATSAPP_SENDER", description="What your business is called on WhatsApp."
    )


CHANNEL = Channel(
    name="whatsapp",
    title="WhatsApp",
    plural="WhatsApp messages",
    address=SMS.address,
    settings=WhatsAppSender,
    consent_headers=("whatsappconsent", "whatsappoptin", "acceptswhatsapp", "optedintowhatsapp", "whatsappmarketing"),
    limits=Limits(text=900, footer=60),  # a body has 1,024 characters; how to get no more is among them
    opt_out="Answer STOP or open {link} to get no more of these.",
)


class WhatsAppSettings(ProviderSettings):
    """A token, the number that sends, the account that has its templates, and the secret of the app."""

    installed: ClassVar[frozenset[str]] = frozenset({"whatsapp_url"})
    whatsapp_token: ApiKey | None = Field(
        default=None,
        title="Access token",
        description="Of a system user with whatsapp_business_messaging and whatsapp_business_management.",
    )
    whatsapp_number: str | None = Field(
        default=None, pattern=r"^[0-9]{5,30}$", title="Phone number ID", description="At Meta under API setup."
    )
    whatsapp_account: str | None = Field(
        default=None, pattern=r"^[0-9]{5,30}$", title="WhatsApp Business Account ID", description="Beside it."
    )
    whatsapp_secret: ApiKey | None = Field(
        default=None,
        title="App secret",
        description="At Meta under App settings, Basic; with it, what WhatsApp reports of messages is believed.",
    )
    whatsapp_url: ApiAddress | None = Field(default=None, description="Another address of Meta's Graph API.")

    @model_validator(mode="after")
    def _whole(self) -> WhatsAppSettings:
        if len({self.whatsapp_token is None, self.whatsapp_number is None, self.whatsapp_account is None}) > 1:
            raise ValueError("token, number and account go together: give all of them, or none")
        return self

    @property
    def configured(self) -> bool:
        """With a token, a number and an account."""
        return None not in (self.whatsapp_token, self.whatsapp_number, self.whatsapp_account)

    @property
    def endpoint(self) -> str:
        """Meta's Graph API."""
        return self.whatsapp_url or "https://graph.facebook.com"


def _open(settings: WhatsAppSettings) -> WhatsAppTransport:
    from connectors.channels.whatsapp.transport import WhatsAppTransport

    return WhatsAppTransport(settings)


def _check(settings: WhatsAppSettings, _sender: str, _address: str) -> None:
    with closing(_open(settings)) as transport:
        transport.check()


def _wordings(settings: WhatsAppSettings) -> Sequence[Wording]:
    with closing(_open(settings)) as transport:
        return transport.wordings()


PROVIDER = Provider(
    "whatsapp",
    "WhatsApp",
    channel=CHANNEL,
    open=_open,
    settings=WhatsAppSettings,
    needs="AIMA_WHATSAPP_TOKEN, AIMA_WHATSAPP_NUMBER and AIMA_WHATSAPP_ACCOUNT",
    check=_check,
    reconciles=True,
    webhook=WEBHOOK,
    wordings=_wordings,
)
