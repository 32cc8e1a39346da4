"""How journeys stand: which there are, and of one who is where, who left how, and what its messages came to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from core.errors import NotFound
from core.identity import READ
from database.queries import coverage, journey_calls, journey_figures, journeys, organisations, proposals
from tools.channels.account import Seal
from tools.context import Context
from tools.declaration import Effect, tool
from tools.experiments.journeys import journey_verdicts
from tools.experiments.measure import Verdict
from tools.figures import figure
from tools.journeys.approved import Approved
from tools.journeys.checks import faults
from tools.journeys.definition import Journey, Node
from tools.journeys.description import node_words, words_of
from tools.journeys.lift import DAYS, JourneyLift, journey_lift, verdict_words
from tools.journeys.picture import picture_of
from tools.journeys.proposal import KIND, frozen_rules
from tools.journeys.questions import JOURNEY_STATUS, JOURNEYS
from tools.journeys.webhook import untold
from tools.outcome import Outcome
from tools.results import Arguments, Evidence, ToolResult
from tools.views import ProposalCard, Shown, table

__all__ = ["JourneyStatus", "journey_status", "list_journeys"]

State = Literal["draft", "running", "paused", "closing", "ended"]
SHOWN = ("does", "inside", "passed", "messages", "sent", "waiting", "failed", "opened", "clicked", "unsubscribed")
SOURCES = ["journeys", "journey_people", "journey_steps", "messages", "orders"]
DEFINITIONS = [
    "passed: entries, so who entered twice counts twice.",
    "goal: what the journey is for; that somebody did it is no proof that the journey made them.",
    "lift: share of those let in who did it minus that of those kept out at random, within 30 days of what let them in "
    "(or would have), whatever they were sent (intention to treat); intervals 95%, Welch's t. Who has not had these "
    "days yet is left out; where the sizes of the two do not fit the share kept out, no lift is told.",
]
OUTCOMES = {
    "end": "came to the end",
    "goal": "reached the goal",
    "left": "left by the condition",
    "too long": "were inside for too long",
    "held out": "were kept out at random",
}


class ListJourneysArguments(Arguments):
    """Which journeys."""

    status: State | None = Field(default=None, description="Only these; absent: all.")


class JourneyLine(BaseModel):
    """One journey in figures."""

    name: str = figure("Journey", "Its name.")
    status: State = figure("Status", "draft, running, paused, closing (nobody enters any more), or ended.")
    version: int | None = figure("Version", "The version that runs; none of a draft.")
    entered: int = figure("Entered", "Entries so far, those kept out not counted.", unit="customers")
    inside: int = figure("Inside", "Customers inside now.", unit="customers")
    goal: int = figure("Reached the goal", "Entries that ended with the goal.", unit="customers")
    effect: str | None = figure(
        "Effect", "On buying within 30 days, told by those kept out at random; null: nobody was.", unit="verbatim"
    )
    id: UUID = figure("Id", "Its id.")


class Journeys(ToolResult):
    """The journeys there are."""

    journeys: list[JourneyLine] = Field(description="Those that run first.")


class JourneyStatusArguments(Arguments):
    """Which journey."""

    journey: str | None = Field(
        default=None, max_length=200, description="Name or id; absent: the one that runs, or was changed last."
    )
    about: Literal["state", "effect"] = Field(
        default="state", description="effect: what it changed, told by those kept out at random."
    )


class NodeFigures(BaseModel):
    """One node in figures, over all versions."""

    node: str = figure("Node", "Its name.")
    does: str = figure("Does", "What it does.")
    inside: int = figure("There now", "Customers at it now.", unit="customers")
    passed: int = figure("Passed", "Entries that have passed it.", unit="customers")
    ways: dict[str, int] = Field(description="How many went each way.")
    messages: int = figure("Messages", "Messages it has put in the outbox.", unit="messages")
    sent: int = figure("Sent", "Of these: sent.", unit="messages")
    waiting: int = figure("Waiting", "Of these: not sent yet.", unit="messages")
    failed: int = figure("Not sent", "Of these: failed, skipped or of unknown outcome.", unit="messages")
    opened: int = figure("Opened", "Of these: opened by people.", unit="messages")
    clicked: int = figure("Clicked", "Of these: clicked by people.", unit="messages")
    unsubscribed: int = figure("Unsubscribed", "Of these: unsubscribed or complained.", unit="messages")


class JourneyStatus(ToolResult):
    """One journey."""

    id: UUID = Field(description="Its id.")
    name: str = figure("Journey", "Its name.")
    status: State = figure("Status", "draft, running, paused, closing, or ended.")
    version: int | None = figure("Version", "The version that runs.", default=None)
    words: str = figure("In words", "What it does.")
    definition: Journey = Field(description="The newest definition, approved or not.")
    changed: bool = figure("Changed since", "True: the newest definition is not the one that runs.")
    faults: list[dict[str, str]] = Field(description="What is wrong with the newest definition: node and words.")
    picture: dict[str, Any] = Field(description="The drawing: boxes and lines on a grid.")
    entered: int = figure("Entered", "Entries so far.", unit="customers")
    inside: int = figure("Inside", "Customers inside now.", unit="customers")
    held_out: int = figure("Kept out", "Customers kept out at random.", unit="customers")
    outcomes: dict[str, int] = Field(description="How many left, by outcome: end, goal, left, too long, held out.")
    nodes: list[NodeFigures] = Field(description="Each node in figures.")
    versions: dict[int, int] = Field(description="How many are inside, by version.")
    compared: JourneyLift | None = Field(default=None, description="What it changed; absent: nobody was kept out.")
    notes: list[str] = Field(description="What a person should know: a changed segment, a version being finished.")
    started_at: datetime | None = figure("Started", "When the version that runs began.", default=None)
    waiting: UUID | None = Field(default=None, description="A proposal of it that waits for a decision.")
    done: bool = figure("Done", "True when it has ended, or is a draft.")
    currency: str = Field(default="", description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="journeys",
    agents=("content", "reporting"),
    basis="record",
    examples=({}, {"status": "running"}),
    questions=(JOURNEYS,),
    views=(table("journeys", title="Journeys"),),
    next=("How is the journey doing?", "Which proposals are waiting?"),
)
def list_journeys(context: Context, arguments: ListJourneysArguments) -> Journeys:
    """The journeys there are: drafts, those that run, are paused or have ended, with how many people are in each."""
    with context.transaction() as connection:
        rows = [row for row in journeys.listed(connection) if arguments.status in (None, row.status)]
        figures = journey_figures.totals(connection, [row.id for row in rows])
        until = coverage.reference_instant(connection, context.now)
        verdicts = journey_verdicts(connection, timedelta(days=DAYS), until)
    return Journeys(
        journeys=[_line(row, figures.get(row.id), verdicts.get(row.id)) for row in rows],
        evidence=Evidence(rows=len(rows), as_of=context.now, sources=["journeys", "journey_people"]),
    )


def _line(row: journeys.JourneyRow, found: journey_figures.Totals | None, verdict: Verdict | None) -> JourneyLine:
    entered, inside, goal = (found.entered, found.inside, found.goal) if found else (0, 0, 0)
    told = {"name": row.name, "status": row.status, "version": row.version, "id": row.id}
    effect = None if verdict is None else verdict_words(verdict)
    return JourneyLine.model_validate(told | {"entered": entered, "inside": inside, "goal": goal, "effect": effect})


def _cards(outcome: Outcome[JourneyStatusArguments, JourneyStatus]) -> list[Shown]:
    """The journey as its card; a proposal of it that waits is decided on its own."""
    return [ProposalCard(proposal=card_of(outcome.result))]


def card_of(status: JourneyStatus) -> dict[str, Any]:
    """What the chat's card of a journey shows."""
    return {
        "kind": KIND,
        "id": str(status.id),
        "title": status.name,
        "status": status.status,
        "state": status.model_dump(mode="json", exclude={"evidence", "audience"}),
    }


@tool(
    effect=Effect.READ,
    scope=READ,
    about="how a journey stands",
    agents=("content", "reporting"),
    basis="record",
    examples=({}, {"journey": "Abandoned cart"}),
    questions=(JOURNEY_STATUS,),
    views=(_cards, table("nodes", title="Steps of the journey", columns=SHOWN)),
    next=("Which proposals are waiting?",),
)
def journey_status(context: Context, arguments: JourneyStatusArguments) -> JourneyStatus:
    """How one journey stands: its steps in words and drawn, who is where, who left how, what its messages came to."""
    with context.transaction() as connection:
        row = _meant(connection, arguments.journey)
        return status_of(connection, context, row)


def _meant(connection: Connection, name: str | None) -> journeys.JourneyRow:
    if name is not None:
        return journeys.named(connection, name)
    rows = journeys.listed(connection)
    if not rows:
        raise NotFound(
            "There is no journey yet. Describe one, such as: after an abandoned cart wait 4 hours, send the e-mail "
            "“You left something”.",
            field="journey",
        )
    return rows[0]


def status_of(connection: Connection, context: Context, row: journeys.JourneyRow) -> JourneyStatus:
    """A journey as it stands."""
    versions = [Approved.of(one) for one in journeys.versions(connection, row.id)]
    newest = Journey.model_validate(row.definition)
    shown = versions[0].journey if versions else newest
    total = journey_figures.totals(connection, [row.id]).get(row.id)
    inside = journey_figures.inside_versions(connection, row.id)
    found = faults(newest) + untold(connection, Seal(context.settings, context.identity.org_id), newest)
    waiting = proposals.waiting_for(connection, KIND, "journey_id", str(row.id))
    return JourneyStatus.model_validate(
        {
            "id": row.id,
            "name": row.name,
            "status": row.status,
            "version": row.version,
            "words": words_of(newest) if _drawable(newest) else "",
            "definition": newest,
            "changed": bool(versions) and newest.plain() != shown.plain(),
            "faults": [{"node": fault.node, "said": fault.said} for fault in found],
            "picture": picture_of(shown).model_dump(mode="json") if _drawable(shown) else {},
            "entered": total.entered if total else 0,
            "inside": total.inside if total else 0,
            "held_out": total.held_out if total else 0,
            "outcomes": journey_figures.outcomes(connection, row.id),
            "nodes": _nodes(connection, context, row.id, versions, shown),
            "versions": inside,
            "compared": journey_lift(connection, context, row.id, shown),
            "notes": [*_notes(connection, versions, inside), *_untaken(connection, row.id)],
            "started_at": versions[0].row.started_at if versions else None,
            "waiting": waiting[0] if waiting else None,
            "done": row.status in ("draft", "ended"),
            "currency": organisations.profile(connection).currency,
            "evidence": Evidence(
                rows=total.entered if total else 0, as_of=context.now, sources=SOURCES, definitions=DEFINITIONS
            ),
        }
    )


def _drawable(journey: Journey) -> bool:
    """Whether every way leads to a node, so that it can be told and drawn."""
    return not any("is no node" in fault.said or "two nodes" in fault.said for fault in faults(journey))


def _nodes(
    connection: Connection, context: Context, journey_id: UUID, versions: list[Approved], shown: Journey
) -> list[NodeFigures]:
    """The nodes of the newest version, then those of earlier ones that are gone."""
    known: dict[str, Node] = {node.id: node for node in shown.nodes}
    for version in versions:
        for node in version.journey.nodes:
            known.setdefault(node.id, node)
    at = journey_figures.nodes(connection, journey_id, context.now)
    ways, sent = journey_figures.ways(connection, journey_id), journey_figures.sent(connection, journey_id)
    return [_figures(node, at.get(node.id), ways.get(node.id, {}), sent.get(node.id)) for node in known.values()]


def _figures(
    node: Node, at: journey_figures.NodeRow | None, ways: Mapping[str, int], sent: journey_figures.SentRow | None
) -> NodeFigures:
    said = node_words(node)
    figures = {name: getattr(sent, name) if sent else 0 for name in (
        "messages", "sent", "waiting", "failed", "opened", "clicked", "unsubscribed",
    )}  # fmt: skip
    return NodeFigures(
        node=node.id,
        does=f"{said[:1].upper()}{said[1:]}",
        inside=at.inside if at else 0,
        passed=at.passed if at else 0,
        ways=dict(ways),
        **figures,
    )


def _notes(connection: Connection, versions: list[Approved], inside: Mapping[int, int]) -> list[str]:
    if not versions:
        return []
    said, newest = [], versions[0]
    for version, people in sorted(inside.items()):
        if version != newest.row.version:
            said.append(f"{people:,} are still inside on version {version}, which they finish.")
    try:
        now = frozen_rules(connection, newest.journey)
    except NotFound as error:
        return [*said, f"A segment of it is gone: it runs by the rule that was approved. {error.message}"]
    for name, rule in newest.rules.items():
        if now[name].plain() != rule.plain():
            said.append(
                f"The segment “{name}” was changed since: the journey runs by the rule that was approved. Propose it "
                "anew to follow the change."
            )
    return said


def _untaken(connection: Connection, journey_id: UUID) -> list[str]:
    """What the webhook has not taken, and why."""
    said = []
    for one in journey_calls.troubles(connection, journey_id):
        calls, waits = ("1 call", "waits") if one.calls == 1 else (f"{one.calls:,} calls", "wait")
        what = "failed" if one.status == "failed" else f"{waits} to be made again"
        said.append(f"Node '{one.node}': {calls} to the webhook {what}. {one.reason}")
    return said
