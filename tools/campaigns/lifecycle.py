"""What a person does to a launched campaign: pause, resume, end, archive; an illegal step names the legal ones."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from core.errors import AskPerson, FixArguments, NotFound
from core.identity import APPROVE, Identity
from database.queries import campaigns, lifecycle
from tools.campaigns.approval import DISPATCH_JOB
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.results import Arguments, Evidence, ToolResult

__all__ = ["DONE", "StepName", "StepTaken", "campaign_named", "refused", "steps_of"]

StepName = Literal["pause", "resume", "end", "archive"]
DONE = {"pause": "paused", "resume": "resumed", "end": "ended", "archive": "archived", "reopen": "opened again"}
CAMPAIGN = "The campaign: its id, its name, or words of its name."


class StepArguments(Arguments):
    """Which campaign, and why."""

    campaign: str = Field(min_length=1, max_length=200, description=CAMPAIGN)
    note: str | None = Field(default=None, max_length=500, description="Why, for its history.")


class StepTaken(BaseModel):
    """One step of a campaign."""

    was: str = figure("From", "What it was; draft: a proposal.")
    status: str = figure("To", "What it became.")
    actor: str = figure("By", "Who did it; AIMA: by itself, as its time came or all was sent.")
    note: str | None = figure("Why", "What was said about it.")
    at: datetime = figure("When", "When.", unit="instant")


class SteppedCampaign(ToolResult):
    """A campaign after a step."""

    campaign_id: str = Field(description="The campaign.")
    name: str = figure("Name", "Its name.")
    was: str = figure("Was", "Its status before.")
    status: str = figure("Status", "Its status now.")
    steps: list[str] = Field(description="What can be done to it now.")
    skipped: int = figure("Left out", "Messages that will not go out any more.", unit="messages")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return self.campaign_id


@tool(
    effect=Effect.OPERATE,
    scope=APPROVE,
    about="Paused a campaign",
    basis="record",
    examples=({"campaign": "CMP-1"},),
    views=(),
)
def pause_campaign(context: Context, arguments: StepArguments) -> SteppedCampaign:
    """A person pauses a campaign: nothing more of it goes out but what is being handed over at this moment."""
    return _taken(context, "pause", arguments)


@tool(
    effect=Effect.OPERATE,
    scope=APPROVE,
    about="Resumed a campaign",
    basis="record",
    examples=({"campaign": "CMP-1"},),
    views=(),
)
def resume_campaign(context: Context, arguments: StepArguments) -> SteppedCampaign:
    """A person lets a paused campaign go on: what had not gone out goes out, each message once."""
    result = _taken(context, "resume", arguments)
    context.enqueue(context.identity, DISPATCH_JOB, {})
    return result


@tool(
    effect=Effect.OPERATE,
    scope=APPROVE,
    about="Ended a campaign",
    basis="record",
    examples=({"campaign": "CMP-1"},),
    views=(),
)
def end_campaign(context: Context, arguments: StepArguments) -> SteppedCampaign:
    """A person ends a campaign before everything is sent; what has not gone out is left out for good."""
    return _taken(context, "end", arguments)


@tool(
    effect=Effect.OPERATE,
    scope=APPROVE,
    about="Archived a campaign",
    basis="record",
    examples=({"campaign": "CMP-1"},),
    views=(),
)
def archive_campaign(context: Context, arguments: StepArguments) -> SteppedCampaign:
    """A person puts a campaign that is over out of the lists; its figures stay."""
    return _taken(context, "archive", arguments)


def campaign_named(connection: Connection, words: str) -> lifecycle.Stage:
    """The launched campaign that is meant; NotFound and FixArguments (it could be several) name those there are."""
    found = lifecycle.find(connection, words)
    if len(found) == 1:
        return found[0]
    if found:
        valid = [f"{one.name} ({one.campaign_id})" for one in found[:10]]
        raise FixArguments(f"“{words}” could be {len(found)} campaigns: name one.", field="campaign", valid=valid)
    _total, known = lifecycle.listed(connection, None, 10)
    if not known:
        raise NotFound(
            "No campaign has been launched from here yet: one that is proposed has no steps before it is approved.",
            field="campaign",
        )
    said = f"There is no launched campaign '{words}'."
    raise NotFound(said, field="campaign", valid=[one.name for one in known])


def refused(stage: lifecycle.Stage, step: str) -> FixArguments:
    """Why a step is not possible, with those that are."""
    legal = lifecycle.legal_steps(stage.status)
    return FixArguments(
        f"“{stage.name}” is {stage.status}, so it cannot be {DONE[step]}."
        + (f" Possible now: {', '.join(legal)}." if legal else " Nothing more can be done to it."),
        field="campaign",
    )


def steps_of(connection: Connection, campaign_id: str) -> list[StepTaken]:
    """The history of a campaign, oldest first."""
    return [
        StepTaken(was=one.was, status=one.status, actor=one.actor, note=one.note, at=one.at)
        for one in lifecycle.history(connection, campaign_id)
    ]


def _taken(context: Context, step: StepName, arguments: StepArguments) -> SteppedCampaign:
    _require_person(context.identity)
    with context.transaction() as connection:
        stage = lifecycle.stage(connection, campaign_named(connection, arguments.campaign).campaign_id)
        if stage is None:
            raise NotFound("The campaign is gone.", field="campaign")
        if not lifecycle.becomes(stage.status, step):
            raise refused(stage, step)
        lifecycle.acting(connection, context.identity.actor, arguments.note)
        skipped = _carry_out(connection, stage, step, context)
        now = lifecycle.stage(connection, stage.campaign_id)
        rows = sum(campaigns.counts(connection, stage.campaign_id).values())
    status = now.status if now else stage.status
    return SteppedCampaign(
        campaign_id=stage.campaign_id,
        name=stage.name,
        was=stage.status,
        status=status,
        steps=lifecycle.legal_steps(status),
        skipped=skipped,
        evidence=Evidence(rows=rows, as_of=context.now, sources=["campaigns", "messages", "campaign_history"]),
    )


def _require_person(identity: Identity) -> None:
    """Checked here too: these functions change what goes out."""
    identity.require(APPROVE)
    if not identity.person:
        raise AskPerson("Only a person can change what a campaign does.")


def _carry_out(connection: Connection, stage: lifecycle.Stage, step: StepName, context: Context) -> int:
    """Do the step; how many messages it leaves out."""
    campaign, now, skipped = stage.campaign_id, context.now, 0
    if step == "pause":
        lifecycle.put(connection, campaign, "paused")
    elif step == "resume":
        if stage.ends_at is not None and stage.ends_at <= now:
            raise FixArguments(f"“{stage.name}” was to end on {stage.ends_at:%Y-%m-%d %H:%M} UTC.", field="campaign")
        lifecycle.put(
            connection, campaign, "scheduled" if lifecycle.waits_until(connection, campaign, now) else "active"
        )
        campaigns.close_finished(connection, now)
    elif step == "end":
        skipped = lifecycle.end(connection, campaign, now, f"the campaign was ended by {context.identity.actor}")
        lifecycle.put(connection, campaign, "completed", ended_at=now)
    else:
        if left := lifecycle.unsettled(connection, campaign):
            raise FixArguments(f"Of {left:,} messages it is not settled what became of them: do that first.")
        lifecycle.put(connection, campaign, "archived")
    return skipped
