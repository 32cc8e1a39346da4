"""Changing whom a channel's messages come from and who carries them: an administrator's act, written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from connectors.channels.contract import Channel, Provider, ProviderSettings
from connectors.channels.discovery import carriers, channel_named, provider_for
from connectors.channels.reading import label
from connectors.channels.sender import Sender
from core.errors import AskPerson, FixArguments
from core.identity import ADMIN, Identity
from core.settings import Settings
from database.engine import Database
from database.queries import channel_accounts, provider_pauses
from database.queries.audit import record
from database.queries.channel_accounts import AccountRow
from language.one_line import one_line
from tools.channels.account import Account, Seal
from tools.channels.form import fields_of

__all__ = ["Given", "change_account", "given_account", "reset_account"]


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody fills in for a channel; what is empty stays the installation's.

    `provider` None: whoever carries the installation's messages. `values` are the provider's settings; a secret that is
    left out stays as it is stored.
    """

    provider: str | None = None
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    sender: str = ""
    reply_to: str = ""
    footer: str = ""


def change_account(database: Database, identity: Identity, settings: Settings, channel: str, given: Given) -> None:
    """Keep what is given for a channel, for what is proposed from now on. FixArguments says what is wrong with it.

    What was approved already goes by the provider that was approved, if that is still the channel's; else it waits.
    """
    identity.require(ADMIN)
    found, seal = channel_named(channel), Seal(settings, identity.org_id)
    with database.transaction(identity.org_id) as connection:
        before = channel_accounts.get(connection, found.name)
        values, account = _checked(found, seal, before, given)
        channel_accounts.put(
            connection,
            found.name,
            provider=given.provider,
            settings=seal.sealed(found.name, values) if values else None,
            sender=account.sender if given.sender else None,
            reply_to=account.reply_to or None,
            footer=account.footer or None,
            by=identity.actor,
        )
        provider_pauses.forget(connection)
        told = {
            "provider": given.provider,
            "settings": sorted(values),
            "sender": account.sender if given.sender else None,
        }
        _note(
            connection, identity, found, "channel_set", {**told, "reply_to": account.reply_to, "footer": account.footer}
        )


def reset_account(database: Database, identity: Identity, channel: str) -> bool:
    """Let a channel be as the installation has it again; False where it was."""
    identity.require(ADMIN)
    found = channel_named(channel)
    with database.transaction(identity.org_id) as connection:
        gone = channel_accounts.forget(connection, found.name)
        if gone:
            provider_pauses.forget(connection)
            _note(connection, identity, found, "channel_reset", {})
    return gone


def given_account(connection: Connection, channel: Channel, seal: Seal, given: Given) -> Account:
    """The account that `given` would make, nothing kept; FixArguments says what is wrong with it."""
    return _checked(channel, seal, channel_accounts.get(connection, channel.name), given)[1]


def _checked(channel: Channel, seal: Seal, before: AccountRow | None, given: Given) -> tuple[dict[str, str], Account]:
    """The provider's settings as they are to be stored, and the account they make."""
    if given.provider is None:
        values: dict[str, str] = {}
        provider = provider_for(channel)
        settings = provider.read_settings()
    else:
        provider = _provider(channel, given.provider)
        values = _values(provider, given.values, _stored(provider, seal, before))
        settings = provider.read_settings(values)
    account = Account(
        channel,
        provider,
        settings,
        channel.check_sender(given.sender) if given.sender.strip() else channel.sender,
        _reply_to(channel, given.reply_to),
        _footer(channel, given.footer),
        own=given.provider is not None,
    )
    return values, account


def _provider(channel: Channel, name: str) -> Provider:
    able = {one.name: one for one in carriers(channel)}
    if name not in able:
        raise FixArguments(f"'{name}' carries no {channel.plural}.", field="provider", valid=list(able))
    return able[name]


def _stored(provider: Provider, seal: Seal, before: AccountRow | None) -> dict[str, str]:
    """What the provider was told before; nothing where it is another one, or what is stored cannot be read."""
    if before is None or before.provider != provider.name:
        return {}
    try:
        return seal.opened(before)
    except AskPerson:
        return {}


def _values(provider: Provider, given: Mapping[str, str], stored: Mapping[str, str]) -> dict[str, str]:
    """What is given, completed by the secrets that are stored.

    A stored secret is used for what it was given for only: whoever changes where it is sent to has to know it.
    """
    fields = {one.name: one for one in fields_of(provider.settings)}
    if unknown := sorted(given.keys() - fields.keys()):
        raise FixArguments(f"{provider.title} has no setting '{unknown[0]}'.", field=unknown[0], valid=list(fields))
    values = {name: text for name, value in given.items() if (text := str(value).strip())}
    secrets = {name for name, one in fields.items() if one.kind == "secret"}
    for name in [one for one in fields if one in secrets and one in stored and one not in values]:
        if _plain(provider, values, secrets) != _plain(provider, stored, secrets):
            words = label(provider.settings, name)
            raise FixArguments(f"Fill in “{words}” again: it would be sent to another place now.", field=name)
        values[name] = stored[name]
    settings = provider.read_settings(values)
    missing = [one for one in fields.values() if one.required and one.name not in values]
    if missing or not settings.configured:
        words = " and ".join(f"“{one.label}”" for one in missing) or "what it needs"
        raise FixArguments(f"Fill in {words}.", field=missing[0].name if missing else None)
    return values


def _plain(provider: Provider, values: Mapping[str, str], secrets: set[str]) -> Mapping[str, Any]:
    """Where settings lead to, whatever the secrets."""
    settings: ProviderSettings = provider.read_settings(values)
    return settings.model_dump(exclude=secrets | {"messages_per_second"})


def _reply_to(channel: Channel, given: str) -> str:
    if not given.strip():
        return ""
    found = Sender.parse(given).address
    if not channel.named or not found:
        raise FixArguments("Answers need an email address to go to, such as hello@your-shop.com.", field="reply_to")
    return found


def _footer(channel: Channel, given: str) -> str:
    footer = "\n".join(one_line(line) for line in given.strip().splitlines())
    if len(footer) > channel.limits.footer:
        raise FixArguments(
            f"The text at the end has {len(footer):,} characters, {channel.limits.footer:,} are the limit.",
            field="footer",
        )
    return footer


def _note(connection: Connection, by: Identity, channel: Channel, action: str, detail: Mapping[str, Any]) -> None:
    record(connection, actor=by.actor, door=by.door, action=action, subject=channel.name, detail=detail)
