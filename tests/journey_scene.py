"""An organisation with people who fill carts and order, and a journey from its definition to its approval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from core.identity import Identity
from database.engine import Database
from tests.campaign_scene import CATALOGUE, context, put_customer
from tools.journeys.tick import Round, play

EVERYBODY = {"field": "customer_id", "operator": "not_null"}
END = {"id": "end", "type": "end"}


def wait(id_: str, next_: str, amount: int = 4, unit: str = "hours") -> dict[str, Any]:
    return {"id": id_, "type": "wait", "amount": amount, "unit": unit, "next": next_}


def send(id_: str, next_: str, channel: str = "email", **more: Any) -> dict[str, Any]:
    subject = {"subject": f"About {id_}"} if channel == "email" else {}
    return {"id": id_, "type": "send", "channel": channel, **subject, "body_text": "Hello.", "next": next_, **more}


def wait_for(id_: str, event: str, next_: str, otherwise: str, days: int = 2) -> dict[str, Any]:
    return {"id": id_, "type": "wait_for", "event": event, "amount": days, "unit": "days", "next": next_,
            "otherwise": otherwise}  # fmt: skip


CART: Mapping[str, Any] = {
    "name": "Abandoned cart",
    "entry": {"event": "cart"},
    "goal": {"event": "order"},
    "nodes": [
        wait("pause", "mail"),
        send("mail", "bought"),
        wait_for("bought", "visit", "end", "sms"),
        send("sms", "end", "sms"),
        END,
    ],
}
EVERYONE: Mapping[str, Any] = {
    "name": "Everyone",
    "entry": {"rule": EVERYBODY},
    "nodes": [send("hello", "pause"), wait("pause", "more", 1, "days"), send("more", "end"), END],
}


def people(database: Database, org_id: UUID, count: int, *, consent: bool | None = True) -> list[int]:
    """Customers who can be written to by e-mail."""
    with database.transaction(org_id) as connection:
        return [
            put_customer(connection, f"j-{uuid4().hex[:10]}", f"{uuid4().hex[:10]}@example.com", consent)
            for _ in range(count)
        ]


def did(database: Database, org_id: UUID, customer: int, event: str, at: datetime) -> None:
    """Somebody did something, and it was loaded."""
    values = {"id": uuid4().hex, "customer": customer, "kind": event, "at": at}
    with database.transaction(org_id) as connection:
        table = "orders" if event == "order" else "events"
        connection.execute(text(f"select ensure_month_partitions('{table}', :at, :at)"), {"at": at})
        if event == "order":
            connection.execute(
                text(
                    "insert into orders (order_id, ordered_at, customer_id, revenue) values (:id, :at, :customer, 10)"
                ),
                values,
            )
        else:
            connection.execute(
                text(
                    "insert into events (event_id, occurred_at, customer_id, kind) values (:id, :at, :customer, :kind)"
                ),
                values,
            )
        connection.execute(
            text(
                "insert into data_coverage (table_name, rows) values (:table, 1)"
                " on conflict (org_id, table_name) do update set version = data_coverage.version + 1"
            ),
            {"table": table},
        )


def proposed(database: Database, identity: Identity, definition: Mapping[str, Any], now: datetime, **more: Any) -> Any:
    """The proposal of a journey."""
    arguments = {"definition": definition, **more}
    result: Any = CATALOGUE.call("propose_journey", arguments, context(database, identity, now=now))
    return result.proposal


def approved(database: Database, identity: Identity, proposal: Any, now: datetime) -> Any:
    """Approve what was shown."""
    arguments = {"proposal_id": str(proposal.id), "content_hash": proposal.content_hash}
    return CATALOGUE.call("approve_proposal", arguments, context(database, identity, now=now))


def started(database: Database, identity: Identity, definition: Mapping[str, Any], now: datetime, **more: Any) -> UUID:
    """A journey that runs."""
    journey_id: UUID = approved(
        database, identity, proposed(database, identity, definition, now, **more), now
    ).journey_id
    return journey_id


def status(database: Database, identity: Identity, journey: UUID | str, now: datetime) -> Any:
    """How it stands."""
    return CATALOGUE.call("journey_status", {"journey": str(journey)}, context(database, identity, now=now))


def change(database: Database, identity: Identity, tool: str, journey: UUID | str, now: datetime) -> Any:
    """Pause it, let it go on, close it."""
    return CATALOGUE.call(tool, {"journey": str(journey)}, context(database, identity, now=now))


def round_at(database: Database, org_id: UUID, now: datetime, **more: Any) -> Round:
    """A round of the tick."""
    return play(database, org_id, now, **more)


def where(database: Database, org_id: UUID, customer: int) -> list[tuple[Any, ...]]:
    """Entries of a customer: state, node or outcome."""
    with database.transaction(org_id) as connection:
        rows = connection.execute(
            text("select state, coalesce(node, outcome) from journey_people where customer_id = :id order by entry"),
            {"id": customer},
        )
        return [tuple(row) for row in rows]


def sent_to(database: Database, org_id: UUID, customer: int) -> list[str]:
    """The nodes that put a message for a customer in the outbox."""
    with database.transaction(org_id) as connection:
        rows = connection.execute(
            text(
                "select split_part(campaign_id, ':', 2) from messages"
                " where customer_id = :id and campaign_id like '%:%' order by due_at, 1"
            ),
            {"id": customer},
        )
        return list(rows.scalars())
