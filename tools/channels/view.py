"""The accounts of an organisation's channels for those who look at them: in a sentence, and as a form. No secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from connectors.channels.contract import Channel, Provider
from connectors.channels.discovery import carriers, channels
from core.errors import AimaError, AskPerson
from core.identity import ADMIN, READ, Identity
from core.settings import Settings
from database.engine import Database
from database.queries import channel_accounts
from database.queries.channel_accounts import AccountRow
from language.format import capital
from tools.channels.account import Account, Seal, account_of
from tools.channels.form import fields_of

__all__ = ["AccountView", "accounts_of", "in_sentences"]

KEPT = "Kept in the sandbox mailbox on this machine; nobody gets them."


@dataclass(frozen=True, slots=True)
class AccountView:
    """One channel. `filled` are the provider's settings without secrets, `secrets` the names of those that are stored.

    `provider`, `sender`, `reply_to` and `footer` are the organisation's own, empty where it has set none; `usual` is
    whom messages come from otherwise. `trouble`: why the account cannot be used.
    """

    channel: Channel
    says: str
    sends: bool
    usual: str
    provider: str = ""
    sender: str = ""
    reply_to: str = ""
    footer: str = ""
    filled: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    trouble: str = ""
    checkable: bool = False
    changed_by: str = ""
    changed_at: datetime | None = None

    @property
    def carriers(self) -> list[Provider]:
        """Who can be chosen to carry its messages."""
        return carriers(self.channel)


def accounts_of(database: Database, identity: Identity, settings: Settings) -> list[AccountView]:
    """Every channel by name; what is filled in only for those who may change it."""
    identity.require(READ)
    seal = Seal(settings, identity.org_id)
    with database.transaction(identity.org_id) as connection:
        return [_view(connection, channel, seal, whole=ADMIN in identity.scopes) for channel in channels().values()]


def in_sentences(connection: Connection, seal: Seal) -> list[str]:
    """Whom each channel's messages come from and who carries them, a sentence each."""
    views = [_view(connection, channel, seal, whole=False) for channel in channels().values()]
    return [f"{capital(view.channel.plural)}: {view.says}" for view in views]


def _view(connection: Connection, channel: Channel, seal: Seal, *, whole: bool) -> AccountView:
    row = channel_accounts.get(connection, channel.name)
    try:
        account, trouble = account_of(connection, channel, seal), ""
    except AimaError as error:
        account, trouble = None, error.message
    says = _sentence(account) if account else f"They wait: {trouble}"
    sends = account is not None and not account.provider.dry
    if row is None or not whole:
        checkable = account is not None and account.provider.check is not None
        return AccountView(channel, says, sends, channel.sender, trouble=trouble, checkable=checkable)
    filled, secrets = _filled(account, row, seal)
    return AccountView(
        channel=channel,
        says=says,
        sends=sends,
        usual=channel.sender,
        provider=row.provider or "",
        sender=row.sender or "",
        reply_to=row.reply_to or "",
        footer=row.footer or "",
        filled=filled,
        secrets=secrets,
        trouble=trouble,
        checkable=account is not None and account.provider.check is not None,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )


def _sentence(account: Account) -> str:
    if account.provider.dry:
        return KEPT
    where = "" if account.own else ", as it is set up for this whole installation"
    return f"Sent by {account.provider.title}, from {account.sender}{where}."


def _filled(account: Account | None, row: AccountRow, seal: Seal) -> tuple[dict[str, str], tuple[str, ...]]:
    """The provider's settings that may be shown, and the names of the secrets that are stored."""
    if account is None or not account.own:
        return {}, ()
    try:
        stored = seal.opened(row)
    except AskPerson:
        return {}, ()
    secret = {one.name for one in fields_of(account.provider.settings) if one.kind == "secret"}
    shown = {name: value for name, value in stored.items() if name not in secret}
    return shown, tuple(sorted(stored.keys() & secret))
