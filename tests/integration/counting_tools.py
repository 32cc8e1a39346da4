"""A small catalogue of real tools for the doors' tests: they read and write the caller's organisation."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import text

from core.errors import FixArguments, GiveUp, NoSuchData, RetryLater
from core.identity import APPROVE, PROPOSE, READ, WRITE, Identity
from database.engine import Database
from tools.catalogue import Catalogue
from tools.context import Context
from tools.declaration import Effect, Tool, tool
from tools.results import Arguments, Evidence, ToolResult
from tools.runtime import Runtime

COUNTRIES = ("France", "Norway")


class Nothing(Arguments):
    """Nothing to say."""


class CountArguments(Arguments):
    """Which customers."""

    country: str | None = Field(default=None, description="Only customers of this country.")


class Count(ToolResult):
    """How many."""

    customers: int = Field(description="Customers.")
    names: list[str] = Field(description="Their names.")


class Noted(ToolResult):
    """What was noted, and where the call came from."""

    thread_id: str | None = Field(description="Conversation.")
    call_id: str | None = Field(description="Call.")
    actor: str = Field(description="Who called.")


class ErrorArguments(Arguments):
    """Which error."""

    kind: str = Field(description="Error to raise.")


class WaitArguments(Arguments):
    """How long."""

    seconds: float = Field(default=0.3, description="Seconds to wait.")
    fails: bool = Field(default=False, description="Fail at the end.")


def noted(context: Context) -> Noted:
    """What a call knows of its caller."""
    return Noted(
        evidence=Evidence(rows=0), thread_id=context.thread_id, call_id=context.call_id, actor=context.identity.actor
    )


@tool(effect=Effect.READ, scope=READ, examples=({},))
def count_customers(context: Context, arguments: CountArguments) -> Count:
    """Count the customers."""
    if arguments.country not in (None, *COUNTRIES):
        raise FixArguments(f"'{arguments.country}' is not a country here.", field="country", valid=COUNTRIES)
    context.progress(0.5, "counting")
    with context.transaction() as connection:
        rows = connection.execute(
            text("select name from customers where country = :c or cast(:c as text) is null order by name"),
            {"c": arguments.country},
        )
        names = list(rows.scalars())
    evidence = Evidence(rows=len(names), as_of=datetime(2026, 1, 1, tzinfo=UTC), sources=["customers"])
    return Count(evidence=evidence, customers=len(names), names=names)


@tool(effect=Effect.COMPUTE, scope=WRITE, examples=({},))
def store_scores(context: Context, arguments: Nothing) -> Noted:
    """Store scores."""
    return noted(context)


@tool(effect=Effect.PROPOSE, scope=PROPOSE, examples=({},))
def propose_something(context: Context, arguments: Nothing) -> Noted:
    """Propose something."""
    return noted(context)


@tool(effect=Effect.OPERATE, scope=APPROVE, examples=({},))
def send_everything(context: Context, arguments: Nothing) -> Noted:
    """Send everything."""
    return noted(context)


@tool(effect=Effect.READ, scope=READ, examples=({"kind": "later"},))
def fail(context: Context, arguments: ErrorArguments) -> Noted:
    """Fail in one of the ways there are."""
    match arguments.kind:
        case "later":
            raise RetryLater("The provider is busy.", retry_after_s=7)
        case "no_data":
            raise NoSuchData("There is no data for 2031; it covers 2010 to 2011.")
        case "defect":
            raise KeyError("secret detail of a defect")
        case _:
            raise GiveUp("The state is broken.")


@tool(effect=Effect.READ, scope=READ, examples=({"seconds": 0.01},), uri="aima://waiting/{seconds}")
def wait(context: Context, arguments: WaitArguments) -> Noted:
    """Wait for a while, and say how far that is."""
    for step in range(1, 11):
        time.sleep(arguments.seconds / 10)
        context.progress(step / 10, "waiting")
    if arguments.fails:
        raise GiveUp("Waited in vain.")
    return noted(context)


def no_queue(identity: Identity, task: str, arguments: object) -> UUID:
    """These tools start no job."""
    raise GiveUp("There is no queue here.")


def counting_runtime(database: Database) -> Runtime:
    """A runtime over these tools."""
    return Runtime(Catalogue(t for t in globals().values() if isinstance(t, Tool)), database, no_queue)
