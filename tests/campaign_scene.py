"""An organisation with customers to write to, and the whole way from a proposal to its approval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from core.clock import utc_now
from core.identity import Identity
from database.engine import Database
from database.queries import jobs
from tools.catalogue import catalogue
from tools.context import Context

CATALOGUE = catalogue()
EVERYBODY = {"field": "customer_id", "operator": "not_null"}
CONTENT = {
    "name": "Win back",
    "rule": EVERYBODY,
    "subject": "Hello {first_name|there}",
    "body_text": "Hello {first_name|there},\n\nsomething new is waiting: https://shop.example.com/new",
}


def add_customers(
    database: Database,
    org_id: UUID,
    addresses: list[str | None],
    *,
    consent: bool | None = True,
    kind: str = "email",
    channel: str = "email",
) -> None:
    """Customers with these addresses, who agreed to the channel, did not, or have not said."""
    with database.transaction(org_id) as connection:
        for address in addresses:
            put_customer(connection, f"c-{uuid4().hex[:12]}", address, consent, kind=kind, channel=channel)


def put_customer(
    connection: Connection,
    customer: str,
    address: str | None,
    consent: bool | None = True,
    *,
    kind: str = "email",
    channel: str = "email",
) -> int:
    """A customer with an address and a consent; returns the internal id."""
    added = text("insert into customers (external_id) values (:customer) returning id")
    customer_id: int = connection.execute(added, {"customer": customer}).scalar_one()
    values = {"id": customer_id, "kind": kind, "address": address, "channel": channel, "consent": consent}
    if address is not None:
        reached = "insert into contact_points (customer_id, kind, address) values (:id, :kind, :address)"
        connection.execute(text(reached), values)
    if consent is not None:
        agreed = "insert into consents (customer_id, channel, granted, source) values (:id, :channel, :consent, 'test')"
        connection.execute(text(agreed), values)
    return customer_id


def addresses(count: int, prefix: str = "c") -> list[str | None]:
    return [f"{prefix}{number}@example.com" for number in range(count)]


def context(database: Database, identity: Identity, *, now: datetime | None = None, call: str | None = None) -> Context:
    """A context whose jobs are kept in the database and told to nobody."""

    def enqueue(who: Identity, name: str, arguments: Mapping[str, Any]) -> UUID:
        with database.transaction(who.org_id) as connection:
            return jobs.create(connection, name, arguments, who.actor)

    return Context(
        identity=identity,
        database=database,
        now=now or utc_now(),
        enqueue=enqueue,
        thread_id="thread" if call else None,
        call_id=call,
    )


def proposed(database: Database, identity: Identity, **changes: Any) -> Any:
    """The proposal (as the tool shows it) of CONTENT with changes."""
    arguments = {key: value for key, value in (CONTENT | changes).items() if value is not None}
    result: Any = CATALOGUE.call("propose_campaign", arguments, context(database, identity))
    return result.proposal


def approve(database: Database, identity: Identity, proposal: Any) -> Any:
    """Approve what was shown."""
    arguments = {"proposal_id": str(proposal.id), "content_hash": proposal.content_hash}
    return CATALOGUE.call("approve_proposal", arguments, context(database, identity))


def launched(database: Database, identity: Identity, **changes: Any) -> Any:
    """Propose without a holdout and approve."""
    return approve(database, identity, proposed(database, identity, holdout_share=0, **changes))


def statuses(database: Database, org_id: UUID) -> dict[str, int]:
    """Messages by status."""
    with database.transaction(org_id) as connection:
        rows = connection.execute(text("select status, count(*) from messages group by status"))
        return {row[0]: row[1] for row in rows}
