"""Messages to a server of your own, signed as Standard Webhooks are: it does with them what it likes.

A person's address here is the id by which that server knows them; who agreed to what it does with messages is
consent_webhook.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator, Field, SecretStr

from connectors.channels.contract import (
    AddressKind,
    Channel,
    Envelope,
    Limits,
    Provider,
    ProviderSettings,
    SenderSettings,
)
from connectors.channels.credentials import HookAddress, Networks
from connectors.channels.reading import read
from connectors.channels.webhook.standard import key_in
from connectors.channels.webhook.webhooks import WEBHOOK

if TYPE_CHECKING:
    from connectors.channels.webhook.transport import WebhookTransport

__all__ = ["CHANNEL", "PROVIDER", "WebhookSettings"]


class WebhookSender(SenderSettings):
    """Whom messages to a webhook come from."""

    sender: str = Field(
        default="AIMA", validation_alias="AIMA_WEBHOOK_SENDER", description="Whom messages to a webhook come from."
    )


def fields(envelope: Envelope) -> Mapping[str, str]:
    """When the message was made, where one click ends messages to this person, where to tell what became of it."""
    told = {"report_to": envelope.callback} if envelope.callback else {}
    return {"at": envelope.at.isoformat(), "unsubscribe": envelope.unsubscribe, **told}


CHANNEL = Channel(
    name="webhook",
    title="webhook",
    plural="webhook messages",
    address=AddressKind(
        name="webhook_id",
        title="id at the webhook",
        heading="Webhook id",
        form=r"^[A-Za-z0-9][A-Za-z0-9._:@+/=~-]{0,199}$",
        headers=("webhookid", "webhookuserid", "pushid", "pushuserid"),
    ),
    settings=WebhookSender,
    limits=Limits(text=10_000, subject=150),
    opt_out="No more of these: {link}",
    fields=fields,
)


def _secret(value: SecretStr) -> SecretStr:
    key_in(value.get_secret_value().strip())
    return SecretStr(value.get_secret_value().strip())


class WebhookNetworks(ProviderSettings):
    """What the environment alone says: where webhooks may lead to besides the internet."""

    webhook_networks: Networks = Field(
        default="",
        description="Networks of your own that webhooks may lead to, such as 10.1.0.0/16, with commas between.",
    )


class WebhookSettings(WebhookNetworks):
    """Where the server is, and the secret that it knows our messages by."""

    installed: ClassVar[frozenset[str]] = frozenset({"webhook_networks"})
    webhook_url: HookAddress | None = Field(
        default=None,
        title="Address",
        description="Where your server takes messages, by POST.",
        examples=["https://hooks.example.com/aima"],
    )
    webhook_secret: Annotated[SecretStr, AfterValidator(_secret)] | None = Field(
        default=None,
        title="Signing secret",
        description="whsec_ and 24 to 64 random bytes in Base64, which your server verifies messages by.",
    )

    @property
    def configured(self) -> bool:
        """With an address and a secret."""
        return self.webhook_url is not None and self.webhook_secret is not None

    @property
    def endpoint(self) -> str | None:
        """The server."""
        return self.webhook_url

    @property
    def networks(self) -> str:
        """What the environment says of networks, whoever has given the rest."""
        return self.webhook_networks or read(WebhookNetworks, "webhooks").webhook_networks


def _open(settings: WebhookSettings) -> WebhookTransport:
    from connectors.channels.webhook.transport import WebhookTransport

    return WebhookTransport(settings)


def _check(settings: WebhookSettings, sender: str, _address: str) -> None:
    with closing(_open(settings)) as transport:
        transport.check(sender)


PROVIDER = Provider(
    "webhook",
    "your webhook",
    channel=CHANNEL,
    open=_open,
    settings=WebhookSettings,
    needs="AIMA_WEBHOOK_URL and AIMA_WEBHOOK_SECRET",
    check=_check,
    repeats=True,
    webhook=WEBHOOK,
)
