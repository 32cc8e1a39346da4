"""Messages on the settings page: whom each channel's come from, who carries them, and trying it out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from chat.managing import managed
from chat.parts import installed
from connectors.channels.contract import Provider
from connectors.channels.discovery import provider_for
from connectors.channels.sender import Sender
from core.clock import utc_now
from core.identity import ADMIN, Identity
from core.settings import Settings, get_settings
from database.engine import Database
from language.format import capital, day
from tools.campaigns.hooks import reports_to
from tools.campaigns.trial import try_channel
from tools.channels.change import Given, change_account, reset_account
from tools.channels.check import check_account
from tools.channels.domain import check_domain as look_up
from tools.channels.form import fields_of
from tools.channels.view import AccountView, accounts_of

__all__ = ["check_channel", "check_domain", "reset_channel", "save_channel", "test_channel", "ways_of"]


def ways_of(database: Database, identity: Identity, settings: Settings) -> list[dict[str, Any]]:
    """Where the messages of each channel go, in words, and for those who may change it what is filled in; no secret."""
    return [_way(view, identity) for view in accounts_of(database, identity, settings)]


@managed
def save_channel(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Keep what is filled in for a channel."""
    change_account(_database(), identity, get_settings(), str(payload["channel"]), _given(payload))
    return _ways(identity)


@managed
def reset_channel(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Let a channel be as the installation has it again."""
    reset_account(_database(), identity, str(payload["channel"]))
    return _ways(identity)


@managed
def check_channel(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Ask the provider, with what is filled in now, whether it would take messages."""
    return {"said": check_account(_database(), identity, get_settings(), str(payload["channel"]), _given(payload))}


@managed
def check_domain(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Ask the DNS whether receivers know the sender's domain, as it is filled in now."""
    notes = look_up(_database(), identity, get_settings(), str(payload["channel"]), _given(payload))
    return {"notes": [asdict(note) for note in notes]}


@managed
def test_channel(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Send the person a test message by what is kept."""
    return {"said": try_channel(_database(), identity, get_settings(), str(payload["channel"]), utc_now())}


def _database() -> Database:
    return installed().runtime.database


def _ways(identity: Identity) -> dict[str, Any]:
    return {"ways": ways_of(_database(), identity, get_settings())}


def _given(payload: Mapping[str, Any]) -> Given:
    """What the form holds. A sender of two fields is written as one."""
    name, address = (re.sub(r"[<>]", "", str(payload.get(part) or "")).strip() for part in ("sender_name", "sender"))
    return Given(
        provider=str(payload.get("provider") or "") or None,
        values={str(name): str(value) for name, value in (payload.get("values") or {}).items()},
        sender=f"{name} <{address}>" if name else address,
        reply_to=str(payload.get("reply_to") or ""),
        footer=str(payload.get("footer") or ""),
    )


def _way(view: AccountView, identity: Identity) -> dict[str, Any]:
    told = {"channel": view.channel.name, "title": capital(view.channel.plural), "sends": view.sends, "says": view.says}
    return told | _form(view, identity) if ADMIN in identity.scopes else told


def _form(view: AccountView, identity: Identity) -> dict[str, Any]:
    """What is filled in, and what can be. Tests go to the address somebody logs in with, where the channel has such."""
    channel, own = view.channel, Sender.parse(view.sender)
    return {
        "named": channel.named,
        "usual": view.usual,
        "usual_carrier": _named(provider_for(channel)),
        "kept": {
            "provider": view.provider,
            "values": dict(view.filled),
            "sender_name": own.name if channel.named else "",
            "sender": own.address if channel.named else view.sender,
            "reply_to": view.reply_to,
            "footer": view.footer,
        },
        "longest_footer": channel.limits.footer,
        "secrets": list(view.secrets),
        "trouble": view.trouble,
        "carriers": [_carrier(provider, identity) for provider in view.carriers],
        "changed": f"{view.changed_by}, {day(view.changed_at)}" if view.changed_at else "",
        "to_me": bool(re.search(channel.address.form, identity.actor)),
    }


def _named(provider: Provider) -> str:
    return capital(provider.title.removeprefix("the "))


def _carrier(provider: Provider, identity: Identity) -> dict[str, Any]:
    fields = [] if provider.dry else [asdict(field) for field in fields_of(provider.settings)]
    return {
        "name": provider.name,
        "title": _named(provider),
        "sends": not provider.dry,
        "checks": provider.check is not None,
        "reports": provider.webhook is not None,
        "reports_to": reports_to(get_settings(), provider, identity.org_id),
        "fields": fields,
    }
