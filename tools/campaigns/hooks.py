"""Calls of providers that tell what became of messages: whose they are, whether to believe them, what follows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from connectors.channels.contract import Channel, Provider, ProviderSettings
from connectors.channels.discovery import providers
from connectors.channels.events import Forged, HookRequest, MessageEvent, Webhook
from core.errors import FixArguments, NotFound, RetryLater
from core.secrets import secret_key
from core.settings import Settings
from database.engine import Database
from database.queries import events
from database.queries.events import Applied, Told
from tools.campaigns import tokens
from tools.channels.account import Seal, settings_of

__all__ = ["PATH", "Hooks", "hook_url", "reports_to", "webhook_of"]

PURPOSE = b"aima webhook 1"
PATH = "/hooks/"


def hook_url(key: bytes, base: str, provider: str, org_id: UUID) -> str:
    """Where a provider tells what becomes of an organisation's messages; `base` is the public address."""
    return f"{base}{PATH}{provider}/{tokens.sign(key, PURPOSE, org_id)}"


def reports_to(settings: Settings, provider: Provider, org_id: UUID) -> str:
    """The address to set at a provider as that of its reports; empty where it makes none, or could not reach us."""
    if provider.webhook is None or settings.public_url is None:
        return ""
    return hook_url(secret_key(settings), settings.public_url.rstrip("/"), provider.name, org_id)


def webhook_of(name: str) -> tuple[Provider, Channel, Webhook]:
    """A provider that calls back, its channel and how it calls; NotFound for any other name."""
    provider = providers().get(name)
    if provider is None or provider.webhook is None or provider.channel is None:
        raise NotFound("Nobody of that name calls here.")
    return provider, provider.channel, provider.webhook


@dataclass(frozen=True, slots=True)
class Hooks:
    """The calls of providers. `key` signs the addresses they are made to."""

    database: Database
    settings: Settings
    key: bytes

    def receive(self, name: str, token: str, request: HookRequest) -> Applied | str | None:
        """Verify a call and keep what it tells, in one transaction; a call that comes again changes nothing.

        A call that only asks whether somebody is here gets its answer, None where nobody asks this provider's way.
        Errors: NotFound (no such provider), Forged (not from the provider, too old, or used up with another body),
        FixArguments (not a call of this provider's), AskPerson (its key cannot be read), RetryLater (its key is not
        set, the database is away).
        """
        provider, channel, webhook = webhook_of(name)
        ids = tokens.read(self.key, PURPOSE, token, 1)
        if ids is None:
            raise Forged("The address is not one of ours.")
        settings = self._settings(ids[0], provider)
        if (answer := webhook.handshake(settings, request)) is not None or request.method != "POST":
            return answer
        webhook.verify(settings, request)
        told = [_kept(event, channel) for event in webhook.events(request)]
        nonce = webhook.nonce(request)
        with self.database.transaction(ids[0]) as connection:
            if nonce and not events.first_body(connection, name, nonce, request.body, request.now):
                raise Forged("The signature was used before, with another body.")
            return events.apply(connection, name, channel.name, told, request.now)

    def _settings(self, org_id: UUID, provider: Provider) -> ProviderSettings:
        """What the provider is set up with; where that is wrong, it is no fault of the call's."""
        try:
            with self.database.transaction(org_id) as connection:
                return settings_of(connection, provider, Seal(self.settings, org_id))
        except FixArguments as error:
            raise RetryLater(error.message, retry_after_s=600) from None


def _kept(event: MessageEvent, channel: Channel) -> Told:
    return Told(
        event_id=event.id,
        kind=event.kind,
        at=event.at,
        message=event.message,
        address=channel.address.normalised(event.address) if event.address else None,
        detail=event.reason,
        permanent=event.hard,
        machine=event.machine,
        url=event.url,
        reference=event.reference,
    )
