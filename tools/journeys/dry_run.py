"""A journey tried on last month's people: who would have entered and gone which way, what would have been sent."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from connectors.channels.discovery import channel_named
from core.errors import FixArguments
from core.identity import READ
from database.queries import journey_rehearsal as queries
from database.queries import journeys
from tools.audience.facts import Facts
from tools.audience.rule import Rule
from tools.campaigns.draft import reach_of
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.journeys.checks import require_sound
from tools.journeys.definition import Journey
from tools.journeys.description import node_words, words_of
from tools.journeys.proposal import frozen_rules
from tools.journeys.questions import DRY_RUN
from tools.journeys.rehearsal import Known, Walk, rehearsed
from tools.results import Arguments, Evidence, ToolResult
from tools.views import bars, table

__all__ = ["JourneyTrial", "dry_run_journey"]

MOST = 100_000
DEFINITIONS = [
    "Conditions on segments and rules, addresses and consent are as of now, for nobody knows how they were then.",
    "Opens and clicks are nobody's in a dry run: it cannot be known who would have.",
    "Quiet hours and the frequency cap would put messages off or leave some out; here they are counted in.",
]


class DryRunArguments(Arguments):
    """Which journey, and how far back."""

    journey: str | None = Field(default=None, max_length=200, description="Name or id of a journey there is.")
    definition: Journey | None = Field(default=None, description="Or the journey itself.")
    days: int = Field(default=30, ge=1, le=365, description="The days before now that it is tried on.")


class TriedNode(BaseModel):
    """One node in a dry run."""

    node: str = figure("Node", "Its name.")
    does: str = figure("Step", "What it does.")
    passed: int = figure("Passed", "Entries that would have passed it.", unit="customers")
    inside: int = figure("There now", "Entries that would be at it now.", unit="customers")
    messages: int = figure("Messages", "What it would have sent.", unit="messages")
    ways: dict[str, int] = Field(description="How many would have gone each way.")


class JourneyTrial(ToolResult):
    """What would have been."""

    name: str = figure("Journey", "Its name.")
    words: str = figure("In words", "What it does.")
    days: int = figure("Days", "Days it was tried on.", unit="days")
    entered: int = figure("Would have entered", "Entries.", unit="customers")
    held_out: int = figure("Would have been kept out", "At random.", unit="customers")
    messages: int = figure("Would have been sent", "Messages, over all steps.", unit="messages")
    inside: int = figure("Would be inside", "Entries that would not be through.", unit="customers")
    outcomes: dict[str, int] = Field(description="How the others would have left.")
    nodes: list[TriedNode] = Field(description="Each node.")
    cut: bool = figure("Cut", "True: only the latest entries were looked at.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="what a journey would have done",
    agents=("content", "analytics"),
    basis="measured",
    examples=({"journey": "Abandoned cart"},),
    questions=(DRY_RUN,),
    views=(
        bars("nodes", x="does", y="passed", title="Who would have passed each step"),
        table("nodes", title="Dry run over {days} days", columns=("does", "passed", "inside", "messages")),
    ),
    next=("What journeys are running?",),
)
def dry_run_journey(context: Context, arguments: DryRunArguments) -> JourneyTrial:
    """Try a journey on the last weeks' people: who would have entered, gone which way and got what; nothing is sent."""
    with context.transaction() as connection:
        journey, salt = _meant(connection, arguments)
        require_sound(journey, without_texts=True)
        since = context.now - timedelta(days=arguments.days)
        rules = frozen_rules(connection, journey)
        facts = Facts.about(connection, context.now)
        entrants = _entrants(connection, facts, journey, rules, since, context.now)
        known = _known(connection, facts, journey, rules, {customer for customer, _at in entrants}, since, context.now)
    walk = rehearsed(journey, entrants, known, context.now, facts.calendar, salt)
    return _result(context, journey, arguments.days, walk, cut=len(entrants) >= MOST)


def _meant(connection: Connection, arguments: DryRunArguments) -> tuple[Journey, str]:
    if (arguments.journey is None) == (arguments.definition is None):
        raise FixArguments("Give either `journey`, by name, or a `definition`.", field="journey")
    if arguments.definition is not None:
        return arguments.definition, str(uuid4())
    row = journeys.named(connection, arguments.journey or "")
    return Journey.model_validate(row.definition), str(row.id)


def _entrants(
    connection: Connection, facts: Facts, journey: Journey, rules: dict[str, Rule], since: datetime, now: datetime
) -> list[tuple[int, datetime]]:
    """Who would have entered, and when: those of a segment on the first day, for nobody knows since when they are."""
    if journey.entry.event is not None:
        return queries.entrants_by_event(connection, journey.entry.event, since, now, MOST)
    condition, values = facts.where(rules.get(journey.entry.segment or "") or journey.entry.rule)
    return [(customer, since) for customer in queries.members(connection, condition, values, MOST)]


def _known(
    connection: Connection, facts: Facts, journey: Journey, rules: dict[str, Rule], people: set[int], since: datetime,
    now: datetime,
) -> Known:  # fmt: skip
    asked = journey.listens() | {one.event for _place, one in journey.conditions() if one.event is not None}
    fits: dict[str, set[int]] = {}
    for place, condition in _places(journey):
        rule = rules.get(condition.segment or "") or condition.rule
        if rule is not None:
            fits[place] = queries.picked(connection, *facts.where(rule), people)
        elif condition.tag is not None:
            fits[place] = queries.tags(connection, condition.tag, people)
    return Known(
        did={event: queries.did(connection, event, people, since, now) for event in sorted(asked)},
        fits=fits,
        reach={
            channel: queries.reach(connection, reach_of(channel_named(channel)), people)
            for channel in sorted({send.channel for send in journey.sends})
        },
    )


def _places(journey: Journey) -> list[tuple[str, Any]]:
    """The conditions by the places that a rehearsal calls them by."""
    found = [
        (f"{node.id} {n}", way.when)
        for node in journey.nodes
        if node.type == "branch"
        for n, way in enumerate(node.ways, 1)
    ]
    return [*found, *([("leave_when", journey.leave_when)] if journey.leave_when else [])]


def _result(context: Context, journey: Journey, days: int, walk: Walk, *, cut: bool) -> JourneyTrial:
    nodes = []
    for node in journey.nodes:
        said, ways = node_words(node), walk.ways.get(node.id, Counter())
        nodes.append(
            TriedNode(
                node=node.id,
                does=f"{said[:1].upper()}{said[1:]}",
                passed=ways.total(),
                inside=walk.inside[node.id],
                messages=ways["sent"],
                ways=dict(ways),
            )
        )
    return JourneyTrial(
        name=journey.name,
        words=words_of(journey),
        days=days,
        entered=walk.entered,
        held_out=walk.held_out,
        messages=sum(node.messages for node in nodes),
        inside=walk.inside.total(),
        outcomes=dict(walk.outcomes),
        nodes=nodes,
        cut=cut,
        evidence=Evidence(
            rows=walk.entered,
            as_of=context.now,
            sources=["customers", "events", "orders", "contact_points", "consents"],
            definitions=DEFINITIONS,
        ),
    )
