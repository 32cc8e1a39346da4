"""How many people are known, with orders or without, and how many of them can be written to."""

from __future__ import annotations

from pydantic import BaseModel, Field

from connectors.channels.discovery import channel_named, channels
from core.errors import NoSuchData
from core.identity import READ
from database.queries import coverage, reach
from database.queries.audience import Reach
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.identity.questions import PEOPLE
from tools.results import Arguments, Evidence, Term, ToolResult

__all__ = ["ChannelReach", "CountPeople", "CountPeopleArguments", "count_people"]

DEFINITIONS = (
    "people: everybody known by a number or an address, whether they bought or not",
    "reachable: different addresses whose owner agreed to messages, and that are not suppressed",
)


class CountPeopleArguments(Arguments):
    """What is asked of them."""

    channel: Term | None = Field(default=None, description="Only email or sms; absent: both.")


class ChannelReach(BaseModel):
    """How far one channel reaches."""

    channel: str = figure("Channel", "Name of the channel.")
    plural: str = Field(description="Its messages in words.")
    with_address: int = figure("With an address", "People with an address of its kind.", unit="customers")
    agreed: int = figure("Agreed", "People who agreed to its messages.", unit="customers")
    refused: int = figure("Refused", "People who refused its messages or left.", unit="customers")
    suppressed: int = figure("Suppressed", "People whose address must not be written to.", unit="customers")
    reachable: int = figure("Reachable", "Addresses that may be written to.", unit="customers")


class CountPeople(ToolResult):
    """People, and who of them can be written to."""

    people: int = figure("People", "Everybody known, with orders or without.", unit="customers")
    channels: list[ChannelReach] = Field(description="By channel.")
    orders: bool = Field(description="False: no orders have been loaded, so nothing is known of what they bought.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="how many people are known",
    agents=("research", "analytics", "content"),
    basis="record",
    examples=({}, {"channel": "email"}),
    questions=(PEOPLE,),
    views=(),
    next=("Show me all customers", "How many customers are there per country?"),
)
def count_people(context: Context, arguments: CountPeopleArguments) -> CountPeople:
    """How many people are known, bought or not, and how many can be emailed or texted: agreed, refused, suppressed."""
    wanted = [channel_named(arguments.channel)] if arguments.channel else list(channels().values())
    with context.transaction() as connection:
        everybody = reach.people(connection)
        if not everybody:
            raise NoSuchData("Nobody is known yet: no customers and no orders have been loaded.")
        found = []
        for way in wanted:
            told = reach.reached(connection, Reach(way.name, way.address.name, way.address.form))
            found.append(
                ChannelReach(
                    channel=way.name,
                    plural=way.plural,
                    with_address=told.with_address,
                    agreed=told.agreed,
                    refused=told.refused,
                    suppressed=told.suppressed,
                    reachable=told.reachable,
                )
            )
        orders = bool(coverage.rows(connection, "orders"))
    return CountPeople(
        people=everybody,
        channels=found,
        orders=orders,
        evidence=Evidence(
            rows=everybody,
            as_of=context.now,
            sources=["customers", "contact_points", "consents", "suppressions"],
            definitions=list(DEFINITIONS),
        ),
    )
