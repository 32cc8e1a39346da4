"""Asking a provider, without sending anything, whether it would take our messages; how often anybody may try it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from connectors.channels.contract import Channel
from connectors.channels.discovery import channel_named
from core.clock import utc_now
from core.errors import AskPerson, FixArguments, RetryLater
from core.identity import ADMIN, Identity
from core.settings import Settings
from database.engine import Database
from database.queries import channel_accounts, people
from database.queries.audit import record
from language.format import capital
from tools.channels.account import Seal, account_of
from tools.channels.change import Given, given_account

__all__ = ["address_of", "check_account", "note_try"]

KNOWN = "email"  # the kind of address that people log in with
WINDOW = timedelta(hours=1)
MOST_TRIES = 20  # of one person in that time: enough to find a wrong password of one's own, none to guess another's


def check_account(
    database: Database,
    identity: Identity,
    settings: Settings,
    channel: str,
    given: Given | None = None,
    *,
    to: str | None = None,
) -> str:
    """Whether messages would be taken, by the account as it is, or as `given` would make it; good news in words.

    Errors: Unreachable or Refused (what is wrong and what to do), FixArguments, RetryLater (asked too often).
    """
    identity.require(ADMIN)
    found, seal = channel_named(channel), Seal(settings, identity.org_id)
    with database.transaction(identity.org_id) as connection:
        account = given_account(connection, found, seal, given) if given else account_of(connection, found, seal)
        if account.provider.check is None or not account.settings.configured:
            raise FixArguments(
                f"{capital(account.provider.title)} cannot be asked without sending: send yourself a test."
            )
        address = address_of(connection, identity, found, to) if found.address.name == KNOWN else _nobody(identity)
        note_try(connection, identity, "channel_checked", found.name, {"provider": account.provider.name})
    account.provider.check(account.settings, account.sender, address)
    return f"{capital(account.provider.title)} takes {found.plural} from {account.sender}."


def _nobody(identity: Identity) -> str:
    """No address: only email addresses of those who log in are known."""
    _require_person(identity)
    return ""


def address_of(connection: Connection, identity: Identity, channel: Channel, to: str | None = None) -> str:
    """The person's own address on a channel: what they log in with; at the shell, that of somebody with an account.

    Errors: AskPerson (no person asks), FixArguments (they have no address on this channel, or `to` is nobody's).
    """
    _require_person(identity)
    wanted = to if identity.door == "cli" else identity.actor
    if not wanted:
        raise FixArguments("Say to whom: the address somebody here logs in with.", field="to")
    member = people.member(connection, wanted)
    if member is None or member.disabled_at is not None:
        raise FixArguments(f"Nobody who logs in here has the address {wanted.strip()}.", field="to")
    if not re.search(channel.address.form, member.email):
        raise FixArguments(f"{member.email} is no {channel.address.title}, and AIMA knows no other address of yours.")
    return member.email


def _require_person(identity: Identity) -> None:
    if not identity.person:
        raise AskPerson("Only a person who is logged in can ask for this.")


def note_try(
    connection: Connection,
    identity: Identity,
    action: str,
    subject: str,
    detail: Mapping[str, Any],
    now: datetime | None = None,
) -> None:
    """Write down that somebody tries it; RetryLater where they have done so too often lately."""
    channel_accounts.turn(connection, identity.actor)
    since = (now or utc_now()) - WINDOW
    if channel_accounts.tests_since(connection, identity.actor, action, since) >= MOST_TRIES:
        raise RetryLater(f"You have tried this {MOST_TRIES} times within an hour. Try again later.", retry_after_s=600)
    record(connection, actor=identity.actor, door=identity.door, action=action, subject=subject, detail=detail)
