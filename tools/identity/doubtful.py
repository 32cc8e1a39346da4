"""Who may be one person twice, and who was made one."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from core.identity import READ
from database.queries import identities
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.identity.questions import DOUBTFUL
from tools.results import Arguments, Evidence, ToolResult
from tools.views import table

__all__ = ["DoubtfulCustomers", "DoubtfulCustomersArguments", "Merge", "Pair", "doubtful_customers"]

DEFINITIONS = (
    "Customers with the same email address, number of a vendor or alias are one; a telephone or a name is not enough.",
)


class DoubtfulCustomersArguments(Arguments):
    """How many."""

    limit: int = Field(default=20, ge=1, le=500, description="Pairs, and merges, at most.")


class Pair(BaseModel):
    """Two customers who may be one person."""

    first: str = figure("Customer", "Number or address of the one.")
    second: str = figure("And", "Number or address of the other.")
    name: str | None = figure("Name", "Name of the first.")
    why: str = figure("Why", "What they share.")


class Merge(BaseModel):
    """A customer who became a part of another."""

    id: int = figure("Merge", "Its number.")
    customer: str = figure("Customer", "Who stayed.")
    was: str = figure("Was", "Who became a part of them.")
    rule: str = figure("Because of", "What they shared.")
    source: str = figure("Source", "The file that told.")
    at: datetime = figure("When", "When.", unit="instant")
    parted: bool = figure("Taken back", "A person parted them again.")


class DoubtfulCustomers(ToolResult):
    """Pairs that may be one person, and merges made, newest first."""

    total: int = figure("Pairs", "Pairs of customers who may be one person.", unit="customers")
    pairs: list[Pair] = Field(description="The first of them.")
    merged: int = figure("Merged", "Customers who became a part of another.", unit="customers")
    merges: list[Merge] = Field(description="The last of them.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="customers who may be one person",
    agents=("research", "analytics"),
    basis="record",
    examples=({},),
    questions=(DOUBTFUL,),
    views=(table("pairs", title="Possibly one person", total="total"),),
    next=("How many people can we email?",),
)
def doubtful_customers(context: Context, arguments: DoubtfulCustomersArguments) -> DoubtfulCustomers:
    """Customers who may be one person (same telephone, name and city, number but for zeros), and those made one."""
    with context.transaction() as connection:
        found = identities.doubtful(connection, arguments.limit)
        total = identities.count_doubtful(connection)
        merges = identities.merges(connection, arguments.limit)
        merged = identities.count_merges(connection)
    return DoubtfulCustomers(
        total=total,
        pairs=[Pair(first=p.first, second=p.second, name=p.name, why=p.why) for p in found],
        merged=merged,
        merges=[
            Merge(id=m.id, customer=m.kept, was=m.gone, rule=m.rule, source=m.source, at=m.at, parted=m.parted)
            for m in merges
        ],
        evidence=Evidence(
            rows=total + merged, as_of=context.now, sources=["customers", "contact_points", "customer_merges"],
            definitions=list(DEFINITIONS),
        ),
    )  # fmt: skip
