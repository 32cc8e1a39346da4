"""Whether the domain that messages come from is known to receivers: asked of the DNS when a person wants to know."""

from __future__ import annotations

from connectors.channels.discovery import channel_named
from connectors.channels.sender import Sender
from connectors.mail_domain import DomainNotes, Note
from core.errors import FixArguments
from core.identity import ADMIN, Identity
from core.settings import Settings
from database.engine import Database
from tools.channels.account import Seal, account_of
from tools.channels.change import Given, given_account
from tools.channels.check import note_try

__all__ = ["check_domain"]


def check_domain(
    database: Database,
    identity: Identity,
    settings: Settings,
    channel: str,
    given: Given | None = None,
    *,
    nameserver: tuple[str, int] | None = None,
) -> list[Note]:
    """What the DNS says of the sender's domain, by the account as it is, or as `given` would make it.

    Errors: FixArguments (the sender has no domain), RetryLater (no answer, or asked too often).
    """
    identity.require(ADMIN)
    found, seal = channel_named(channel), Seal(settings, identity.org_id)
    with database.transaction(identity.org_id) as connection:
        account = given_account(connection, found, seal, given) if given else account_of(connection, found, seal)
        if not found.named:
            raise FixArguments(f"{found.plural} come from no domain.", field="sender")
        domain = Sender.parse(account.sender).address.rpartition("@")[2]
        note_try(connection, identity, "domain_checked", found.name, {"domain": domain})
    return DomainNotes(nameserver).of(domain)
