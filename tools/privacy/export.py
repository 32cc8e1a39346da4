"""Everything held about a customer as one archive: for people as text and CSV, for machines as JSON."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.clock import utc_now
from core.identity import Identity
from database.erasure.erase import words_for
from database.erasure.holdings import holdings
from database.queries import organisations
from database.queries.audit import record
from tools.context import Context
from tools.customers.profile import CustomerProfileArguments, customer_profile
from tools.privacy.choice import chosen, may_export

if TYPE_CHECKING:
    from database.engine import Database

__all__ = ["KINDS", "PersonArchive", "export_person"]

KINDS = {
    "customer": "the customer as the shop's files and sources told of them",
    "contact_points": "addresses and telephone numbers",
    "identities": "other numbers and addresses they go by",
    "merges": "customers who turned out to be them",
    "consents": "what they said to messages on each channel, when, and where it was read",
    "suppressions": "addresses of theirs that must not be written to, and why",
    "orders": "orders, refunds and adjustments",
    "order_items": "lines of orders",
    "events": "visits, carts, opened messages …",
    "messages": "messages to them: the text as approved, and as sent where the sandbox mailbox has it",
    "message_events": "what became of those messages",
    "segments": "saved segments they are in",
    "known_scores_and_features": "scores and features as they stand, with what drives the risk to leave",
    "explanations": "scores taken apart: why each is what it is",
    "campaigns": "campaigns they got, or were kept back from",
    "assignments": "arms of experiments they were drawn into",
    "proposals": "proposals that had them in the list of recipients",
    "mentions_in_conversations": "lines of conversations with the assistant that name them",
    "mentions_elsewhere": "other texts that name them: alerts, jobs, the log of what was done",
    "rows_of_imported_files": "rows of files about them, kept so that an import can be taken back",
    "rows_that_imports_changed": "what later imports changed of them",
}


@dataclass(frozen=True, slots=True)
class PersonArchive:
    """A zip file: README.txt, person.json with all of it, one CSV a kind. `rows` counts by kind."""

    file_name: str
    data: bytes
    rows: Mapping[str, int]


def export_person(database: Database, identity: Identity, who: str, *, now: datetime | None = None) -> PersonArchive:
    """Everything held about the customer meant by `who`; leaves a line in the audit log. Errors as `choice.chosen`."""
    may_export(identity)
    at = now or utc_now()
    with database.transaction(identity.org_id) as connection:
        connection.exec_driver_sql("select set_config('app.kept_apart', 'shown', true)")
        meant = chosen(connection, who)
        found = holdings(connection, identity.org_id, meant, words_for(connection, meant))
        shop = organisations.profile(connection).name
        record(
            connection, actor=identity.actor, door=identity.door, action="person_exported", subject=meant.external_id,
            detail={"rows": {kind: len(rows) for kind, rows in found.items()}},
        )  # fmt: skip
    found["explanations"] = _explained(database, identity, meant.external_id, at)
    number = "".join(c if c.isalnum() else "-" for c in meant.external_id).strip("-")[:40]
    rows = {kind: len(found[kind]) for kind in sorted(found, key=_order)}
    return PersonArchive(f"person-{number or 'export'}.zip", _zip(found, rows, shop, meant.external_id, at), rows)


def _explained(database: Database, identity: Identity, number: str, now: datetime) -> list[dict[str, Any]]:
    """The parts of each score, and what drives the risk to leave, as the profile tells them."""

    def nothing_starts(*_asked: object) -> Any:
        raise AssertionError("a profile starts no job")

    profile = customer_profile.function(
        Context(identity, database, now, nothing_starts), CustomerProfileArguments(customer=number)
    )
    parts = [
        {"score": score, **part.model_dump(mode="json")}
        for score in ("health", "price_sensitivity", "brand_loyalty")
        for part in getattr(profile, score)
    ]
    return [*parts, *({"score": "churn", "why": driver} for driver in profile.churn_drivers)]


def _zip(
    found: Mapping[str, Sequence[Mapping[str, Any]]], rows: Mapping[str, int], shop: str, number: str, at: datetime
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _readme(rows, shop, number, at))
        whole = {"number": number, "held_by": shop, "as_of": at.isoformat(), **{k: found[k] for k in rows}}
        archive.writestr("person.json", json.dumps(whole, indent=1, ensure_ascii=False, default=str))
        for kind in rows:
            if found[kind]:
                archive.writestr(f"csv/{kind}.csv", _csv(found[kind]))
    return out.getvalue()


def _readme(rows: Mapping[str, int], shop: str, number: str, at: datetime) -> str:
    lines = "\n".join(f"  {kind}: {count:,}: {KINDS.get(kind, kind.replace('_', ' '))}" for kind, count in rows.items())
    return (
        f"Everything that {shop} holds about customer {number} in AIMA, as of {at:%Y-%m-%d %H:%M} UTC.\n\n"
        "person.json has all of it in one document; csv/ has one table a kind, as UTF-8 with commas and a header.\n"
        "Times are in UTC. A kind that is not listed has no rows.\n\n"
        f"{lines}\n\n"
        "Predicted scores are estimates from past orders and events; `explanations` says what they rest on.\n"
        "Messages are kept as they were approved: what stands for {{ first_name }} and the like was filled in when it\n"
        "was sent. Of conversations and texts that name others too, only what names this customer is given.\n"
    )


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV; a text that a spreadsheet would take for a formula is marked as text."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in names])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value


def _order(kind: str) -> tuple[int, str]:
    known = list(KINDS)
    return (known.index(kind) if kind in known else len(known), kind)
