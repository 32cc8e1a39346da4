"""The account a channel's messages go by: the organisation's own where it has set one, else the installation's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection

from connectors.channels.contract import Channel, Provider, ProviderSettings, Transport
from connectors.channels.discovery import channels, configured_for, provider_for, provider_title, providers
from core.errors import AimaError, AskPerson
from core.secrets import Vault
from core.settings import Settings
from database.queries import channel_accounts
from database.queries.channel_accounts import AccountRow

__all__ = [
    "Account",
    "Seal",
    "account_of",
    "carriers_of",
    "own_provider",
    "settings_of",
    "transports_of",
    "waiting_words",
]


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a channel's messages come from, and who carries them. `own`: the provider is the organisation's own."""

    channel: Channel
    provider: Provider
    settings: ProviderSettings = field(repr=False)
    sender: str
    reply_to: str = ""
    footer: str = ""
    own: bool = False


class Seal:
    """Keeps what providers are told by one organisation: it opens at its own channel of its own organisation only."""

    def __init__(self, settings: Settings, org_id: UUID) -> None:
        self._settings, self._org_id = settings, org_id

    def sealed(self, channel: str, values: Mapping[str, str]) -> bytes:
        """Values as they are stored."""
        return self._vault().seal(json.dumps(dict(values)), self._place(channel))

    def opened(self, row: AccountRow) -> dict[str, str]:
        """The values of an account; AskPerson where they cannot be read."""
        if row.settings is None:
            return {}
        try:
            values: dict[str, str] = json.loads(self._vault().open(row.settings, self._place(row.channel)))
        except AskPerson:
            raise AskPerson(
                "What is stored to send with cannot be read with this installation's secret key. "
                "Fill it in anew under Messages on the settings page."
            ) from None
        return values

    def _vault(self) -> Vault:
        return Vault.of(self._settings)

    def _place(self, channel: str) -> str:
        return f"{self._org_id}/channel {channel}"


def account_of(connection: Connection, channel: Channel, seal: Seal) -> Account:
    """The account of one channel; AskPerson where what is stored cannot be used any more."""
    row = channel_accounts.get(connection, channel.name)
    if row is None:
        provider = provider_for(channel)
        return Account(channel, provider, provider.read_settings(), channel.sender)
    own = row.provider is not None
    provider = own_provider(row) if own else provider_for(channel)
    return Account(
        channel,
        provider,
        provider.read_settings(seal.opened(row) if own else None),
        row.sender or channel.sender,
        row.reply_to or "",
        row.footer or "",
        own,
    )


def own_provider(row: AccountRow) -> Provider:
    """Who was chosen to carry a channel's messages; AskPerson where there is no such provider any more."""
    found = providers().get(row.provider or "")
    if found is None:
        raise AskPerson(f"Messages were to go by '{row.provider}', which is not there any more. Choose another one.")
    return found


def settings_of(connection: Connection, provider: Provider, seal: Seal) -> ProviderSettings:
    """What a provider is used with: as the organisation has set it up, else as the installation has.

    AskPerson where what is stored cannot be read.
    """
    row = channel_accounts.get(connection, provider.channel.name) if provider.channel else None
    own = row is not None and row.provider == provider.name
    return provider.read_settings(seal.opened(row) if row is not None and own else None)


def carriers_of(connection: Connection, seal: Seal) -> dict[str, ProviderSettings]:
    """The providers that an organisation's messages may go by, by name, with what each is used with.

    A channel with an account of its own goes by that alone. One whose account cannot be used has none: its messages
    wait. The sandbox takes what was approved for it, whatever was set since.
    """
    ready: dict[str, ProviderSettings] = {}
    for channel in channels().values():
        row = channel_accounts.get(connection, channel.name)
        if row is None or row.provider is None:
            ready |= {one.name: settings for one, settings in configured_for(channel)}
            continue
        try:
            found = account_of(connection, channel, seal)
        except AimaError:
            continue
        if found.settings.configured:
            ready[found.provider.name] = found.settings
    return ready | {one.name: one.read_settings() for one in providers().values() if one.dry}


def transports_of(connection: Connection, seal: Seal) -> dict[str, Transport]:
    """A transport of each of them, by name; they connect when first used."""
    return {name: providers()[name].open(settings) for name, settings in carriers_of(connection, seal).items()}


def waiting_words(provider: str) -> str:
    """Why messages that were approved to go by a provider are not sent."""
    return (
        f"wait for {provider_title(provider)}, which is not set up here any more, or was exchanged since the approval: "
        "see Messages on the settings page"
    )
