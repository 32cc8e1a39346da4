"""The certificate of an erasure in words; it holds nothing of the person."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from connectors.channels.discovery import providers
from connectors.sources.discovery import sources
from core.settings import Settings
from database.erasure.erase import Erased
from database.erasure.person import Person
from database.queries import connections
from database.queries.erasures import ErasureRow
from language.format import capital

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["certificate_words", "elsewhere_words", "kept_words", "place_words"]

PLACES = {
    "assignments": "Places in experiments",
    "audit_log": "Lines of the audit log that lost words",
    "churn_scores": "Churn predictions",
    "contact_points": "Addresses",
    "conversations": "Conversations that named them",
    "conversations in memory": "Conversations of the shell and of programs",
    "customers": "Customers",
    "customer_merges": "Merges of customers",
    "customer_vectors": "Vectors of behaviour",
    "identities": "Names they went by",
    "mentions": "Mentions that named them",
    "message_events": "Events of messages",
    "order_items kept": "Lines of orders, now nobody's",
    "orders kept": "Orders, now nobody's",
    "proposals": "Proposals, now without them",
    "proposals withdrawn": "Proposals withdrawn that were waiting",
    "rows kept with imports": "Rows kept with imports",
    "sandbox_mailbox": "Messages in the sandbox mailbox",
    "segment_members": "Memberships of segments",
    "segments": "Saved segments that named them",
    "suppressions": "Refusals, now a hash",
}
ALWAYS_ELSEWHERE = (
    "Files that were imported, files of rejected rows, and exports lie where you keep them: delete them there.",
    "AIMA makes no backups. A copy of the database or of the data folder that you made before holds the person still:"
    " after going back to one, erase again.",
    "PostgreSQL's write-ahead log and the space of deleted rows hold them until they are written over.",
)


def place_words(place: str, rows: int) -> str:
    """One count as a line."""
    return f"{PLACES.get(place, capital(place.replace('_', ' ')))}: {rows:,}"


def kept_words(erased: Erased, meant: Person) -> list[str]:
    """What stays, and why."""
    kept = []
    if orders := erased.places["orders kept"]:
        kept.append(
            f"Orders, with their lines, as nobody's: {orders:,} (number, day, amounts, goods and country of each). The"
            " books have to add up: revenue is what it was. Nothing in AIMA leads from them to the person."
        )
    kept.append(
        f"Keyed hashes of numbers and addresses: {erased.marks:,}. By them rows of later files about the person are"
        " left out; they cannot be read back."
    )
    if erased.refusals:
        kept.append(
            f"Keyed hashes of addresses that must not be written to: {erased.refusals:,}. Whoever such an address comes"
            " with, nothing is sent to it."
        )
    if meant.shared:
        kept.append("An address or number that another customer has as well stays with that customer.")
    kept.append("Figures added up over many customers, and models fitted to them, hold nothing of one.")
    return kept


def elsewhere_words(connection: Connection, erased: Erased, settings: Settings) -> list[str]:
    """Who else has, or may have, what was erased here."""
    known = providers()
    said = [
        f"{known[name].title} carried messages to the person ({count:,}): ask it to delete them from its logs."
        for name, count in erased.services.items()
        if name in known and not known[name].dry
    ]
    titles = {name: source.title for name, source in sources().items()}
    names = {titles.get(row.source, row.source) for row in connections.every(connection)}
    said += [f"{name} is connected: what it knows of the person it keeps." for name in sorted(names)]
    if settings.uses_llm:
        host = urlsplit(settings.openai_base_url or "https://api.openai.com").hostname
        where = "on this machine" if settings.local_model else f"at {host}"
        said.append(f"The language model {where} was sent what was asked and shown in conversations.")
    return [*said, *ALWAYS_ELSEWHERE]


def certificate_words(row: ErasureRow) -> str:
    """The certificate as a page of Markdown."""
    erased = "\n".join(f"- {line}" for line in sorted(place_words(*place) for place in row.places.items()))
    kept = "\n".join(f"- {one}" for one in row.kept)
    elsewhere = "\n".join(f"- {one}" for one in row.elsewhere)
    return (
        f"# Certificate of erasure {row.id}\n\n"
        f"A customer was erased on {row.erased_at:%Y-%m-%d at %H:%M} UTC by {row.erased_by}.\n\n"
        f"## Erased\n\n{erased}\n\n## Kept, and why\n\n{kept}\n\n## Out of reach from here\n\n{elsewhere}\n"
    )
