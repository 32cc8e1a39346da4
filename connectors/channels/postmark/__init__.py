"""Email by Postmark."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from connectors.channels.contract import Provider, ProviderSettings
from connectors.channels.credentials import ApiAddress, ApiKey
from connectors.channels.email import CHANNEL as EMAIL
from connectors.channels.postmark.webhooks import WEBHOOK

if TYPE_CHECKING:
    from connectors.channels.postmark.transport import PostmarkTransport

__all__ = ["PROVIDER", "PostmarkSettings"]


class PostmarkSettings(ProviderSettings):
    """The token of a server, and the stream that messages go by."""

    installed: ClassVar[frozenset[str]] = frozenset({"postmark_url"})
    postmark_token: ApiKey | None = Field(
        default=None, title="Server API token", description="At Postmark under the server's API tokens."
    )
    postmark_stream: str = Field(
        default="broadcast",
        pattern=r"^[a-z0-9][a-z0-9_-]{0,29}$",
        title="Message stream",
        description="One for broadcasts: marketing may not go by the others.",
    )
    postmark_webhook_secret: ApiKey | None = Field(
        default=None,
        title="Webhook secret",
        description="A long random word of yours that Postmark's webhook sends as its header X-Webhook-Secret.",
    )
    postmark_url: ApiAddress | None = Field(default=None, description="Another address of Postmark's API.")

    @property
    def configured(self) -> bool:
        """With a token."""
        return self.postmark_token is not None

    @property
    def endpoint(self) -> str:
        """Postmark's API."""
        return self.postmark_url or "https://api.postmarkapp.com"


def _open(settings: PostmarkSettings) -> PostmarkTransport:
    from connectors.channels.postmark.transport import PostmarkTransport

    return PostmarkTransport(settings)


def _check(settings: PostmarkSettings, sender: str, address: str) -> None:
    with closing(_open(settings)) as transport:
        transport.check(sender, address)


PROVIDER = Provider(
    "postmark",
    "Postmark",
    channel=EMAIL,
    open=_open,
    settings=PostmarkSettings,
    needs="AIMA_POSTMARK_TOKEN",
    check=_check,
    reconciles=True,
    webhook=WEBHOOK,
)
