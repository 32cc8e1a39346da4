"""Two customers made one, and parted again, by the word of a person.

Such a word is kept as an import of one row, "this customer is also called that": so it is listed with the imports,
stays true whatever is imported or undone around it, and is taken back like any import.
"""

from __future__ import annotations

import re
import time
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import Field

from core.clock import utc_now
from core.errors import FixArguments, NotFound
from core.identity import WRITE, Identity
from database.loading import journal
from database.loading.coverage import recount
from database.loading.load import Load, loading, taking_turns
from database.loading.people import people_of
from database.loading.same_person import forget_parting, part
from database.loading.staging import encode
from database.queries.audit import record
from database.queries.customers import facts_of
from database.queries.identities import Standing, newest_merge_of
from database.queries.imports import PERSON, numbered
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.imports.account import changes
from tools.imports.load import FEW
from tools.imports.record import keep_given
from tools.imports.report import Loaded, TableChange
from tools.imports.scores_after import job_after
from tools.imports.shapes import from_source
from tools.imports.undo import take_back
from tools.results import Arguments, Evidence, ToolResult

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from database.engine import Database

__all__ = ["Merged", "Parted", "merge_customers", "merge_named", "part_customers", "part_named", "two_of"]


TWO = "Say which two customers are one, by their numbers or addresses, such as `/merge 17850 and ava@example.com`."


class Merged(Loaded):
    """Two customers became one."""

    customer: str = Field(description="What the one is called.")
    was: str = Field(description="What the other was called.")
    number: int = Field(description="Number of the import that keeps it.")


class Parted(Loaded):
    """Two customers who were one are two again."""

    customer: str = Field(description="Who stayed.")
    again: str = Field(description="Who is a customer of their own again.")


def merge_named(
    database: Database, identity: Identity, first: str, second: str, *, now: datetime | None = None
) -> Merged:
    """Make one of two customers, named by number or address. NotFound, or FixArguments where they are one already."""
    identity.require(WRITE)
    now, started = now or utc_now(), time.perf_counter()
    with loading(database, identity.org_id, now, source="a person") as (connection, load):
        one, other = facts_of(connection, first), facts_of(connection, second)
        names = str(one["external_id"]), str(other["external_id"])
        if one["customer_id"] == other["customer_id"]:
            raise FixArguments(f"“{first}” and “{second}” are one customer already.", field="second")
        forget_parting(connection, one["customer_id"], other["customer_id"])
        _stage(load, *names)
        counts = load.finish()
        kept = facts_of(connection, names[0])
        if facts_of(connection, names[1])["customer_id"] != kept["customer_id"]:
            raise FixArguments(
                "Two customers known by a telephone number alone cannot be made one here: import the number or address"
                " that one of them has.",
                field="second",
            )
        called = str(kept["external_id"])
        was = names[1] if called == names[0] else names[0]
        label = f"{was} is {called}"
        keep_given(connection, identity, label, load, 1, now, time.perf_counter() - started, PERSON)
        _note(connection, identity, "merge_customers", label)
        return Merged(customer=called, was=was, number=load.number, tables=changes(counts), touched=load.touched(FEW))


def two_of(words: str) -> tuple[str, str]:
    """The two customers that are named: with "and" or a comma between them, or of one word each."""
    named = [name for name in re.split(r"\s+(?:and|&)\s+|\s*,\s*", words.strip()) if name]
    named = words.split() if len(named) == 1 else named
    if len(named) != 2:
        raise FixArguments(TWO)
    return named[0], named[1]


def part_named(database: Database, identity: Identity, who: str, *, now: datetime | None = None) -> Parted:
    """Take back the last merge of a customer, named by what they are or were called; NotFound where there is none.

    A merge by a person's word is undone; one that an import made is remembered, and not made again.
    """
    identity.require(WRITE)
    now = now or utc_now()
    with taking_turns(database, identity.org_id) as connection:
        merge = newest_merge_of(connection, who)
        if merge is None:
            raise NotFound(f"No two customers were made one that go by “{who}”.", field="customer")
        tables = _take_word_back(connection, database, identity, merge, now) if merge.by_person else None
        if tables is None:
            journal.pause(connection)
            apart = part(connection, merge.id, now)
            recount(connection, "customers", now)
            tables = {"customers": TableChange(inserted=1, updated=1, unchanged=0)}
            tables["orders"] = TableChange(inserted=0, updated=apart.orders, unchanged=0)
        _note(connection, identity, "part_customers", f"{merge.gone} from {merge.kept}")
        return Parted(customer=merge.kept, again=merge.gone, tables=tables, touched=None)


def _take_word_back(
    connection: Connection, database: Database, identity: Identity, merge: Standing, now: datetime
) -> dict[str, TableChange]:
    kept = numbered(connection, merge.import_no or 0)
    assert kept is not None  # noqa: S101 - it is what says that a person did
    return take_back(connection, database, identity, kept, now).tables


def _stage(load: Load, first: str, second: str) -> None:
    """One row: this customer is also called that. A telephone number names somebody only where it stands first."""
    import polars as pl

    name, alias = (second, first) if second.startswith(("+", "phone:")) else (first, second)
    shape, rows = from_source("customers", pl.DataFrame({"customer": [name], "also_alias": [alias]}), 0)
    load.staging.add(shape, tuple(rows.columns), rows.height, encode(rows), people_of(rows))


def _note(connection: Connection, identity: Identity, action: str, subject: str) -> None:
    record(connection, actor=identity.actor, door=identity.door, action=action, subject=subject, detail={})


class MergeCustomersArguments(Arguments):
    """The two."""

    first: str = Field(min_length=1, max_length=400, description="Number or address of the one.")
    second: str = Field(min_length=1, max_length=400, description="Number or address of the other.")


class PartCustomersArguments(Arguments):
    """Of whom."""

    customer: str = Field(min_length=1, max_length=400, description="What the customer is, or was, called.")


class MergedCustomers(ToolResult):
    """Two customers became one."""

    customer: str = figure("Customer", "What the one is called.")
    was: str = figure("Was", "What the other was called.")
    number: int = figure("Number", "The import that keeps it, by which it can be undone.")
    job_id: UUID | None = Field(description="The job that brings scores up to date; null: none rests on it.")


class PartedCustomers(ToolResult):
    """Two customers who were one are two again."""

    customer: str = figure("Customer", "Who stayed.")
    again: str = figure("Again", "Who is a customer of their own again.")
    job_id: UUID | None = Field(description="The job that brings scores up to date; null: none rests on it.")


@tool(effect=Effect.OPERATE, scope=WRITE, basis="record", examples=({"first": "17850", "second": "13047"},))
def merge_customers(context: Context, arguments: MergeCustomersArguments) -> MergedCustomers:
    """A person says that two customers are one: what either did counts for one, until it is taken back."""
    merged = merge_named(context.database, context.identity, arguments.first, arguments.second, now=context.now)
    return MergedCustomers(
        customer=merged.customer, was=merged.was, number=merged.number, job_id=_job(context, merged),
        evidence=Evidence(rows=2, as_of=context.now, sources=["customers", "imports"]),
    )  # fmt: skip


@tool(effect=Effect.OPERATE, scope=WRITE, basis="record", examples=({"customer": "17850"},))
def part_customers(context: Context, arguments: PartCustomersArguments) -> PartedCustomers:
    """A person says that a customer is two: the last merge of them is taken back, and not made again by a file."""
    parted = part_named(context.database, context.identity, arguments.customer, now=context.now)
    return PartedCustomers(
        customer=parted.customer, again=parted.again, job_id=_job(context, parted),
        evidence=Evidence(rows=2, as_of=context.now, sources=["customers", "customer_merges"]),
    )  # fmt: skip


def _job(context: Context, changed: Loaded) -> UUID | None:
    job = job_after(context.database, context.identity, changed, context.now)
    return context.enqueue(context.identity, *job) if job else None
