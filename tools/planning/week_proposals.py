"""A weekly plan proposed: one campaign for each day, type and channel, to exactly the customers planned."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Connection

from connectors.channels.discovery import channel_named
from core.errors import FixArguments, NoSuchData
from core.identity import PROPOSE
from database.queries import proposals, week_plans
from language.format import short_day
from tools.audience.rule import Rule
from tools.campaigns.approved import approved_wordings
from tools.campaigns.draft import Draft, propose, view
from tools.campaigns.payload import Content, ProposalView
from tools.campaigns.terms import Terms
from tools.campaigns.types import TYPES, words_for
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.planning.questions import PROPOSE_WEEK
from tools.planning.week import WEEK, plan_named
from tools.planning.week_draft import HOLDOUT
from tools.results import Arguments, Evidence, ToolResult

__all__ = ["ProposedWeek", "propose_week"]

EVERYBODY = Rule.model_validate({"field": "customer_id", "operator": "not_null"})
MOST = 100


class ProposeWeekArguments(Arguments):
    """Which plan."""

    week: WEEK = Field(default=None, description="A day of its week; absent: the plan made last.")
    kinds: list[str] | None = Field(
        default=None, min_length=1, max_length=8, description="Only these types of campaign."
    )


class ProposedWeek(ToolResult):
    """The proposals of a plan, each waiting for a person."""

    plan_id: UUID = Field(description="The plan.")
    proposals: list[ProposalView] = Field(description="By day.")
    made: int = figure("New proposals", "Those made by this call.", unit="proposals")
    left_out: list[str] = Field(description="Parts that could not be proposed, with why.")
    messages: int = figure("Messages", "Messages that would go out if all are approved.", unit="messages")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return str(self.plan_id)


@tool(
    effect=Effect.PROPOSE,
    scope=PROPOSE,
    about="Proposed a weekly plan",
    agents=("content", "optimiser"),
    basis="record",
    examples=({},),
    questions=(PROPOSE_WEEK,),
    next=("Which proposals are waiting?", "Show the weekly plan"),
)
def propose_week(context: Context, arguments: ProposeWeekArguments) -> ProposedWeek:
    """Propose a weekly plan: a campaign a day and type, each for a person to approve; nothing is sent by this."""
    with context.transaction() as connection:
        plan = plan_named(connection, arguments.week, context)
        channels = {one.channel for one in week_plans.groups(connection, plan.id)}
    wordings = {name: approved_wordings(context, name) for name in channels}
    made, left_out = 0, list[str]()
    with context.transaction() as connection:
        proposals.lock(connection, plan.id)  # two at once would both propose every part
        known = _known(connection, plan.id)
        groups = [
            one for one in week_plans.groups(connection, plan.id) if not arguments.kinds or one.kind in arguments.kinds
        ]
        if not groups and not arguments.kinds:
            raise NoSuchData("There are no actions in the plan: nobody could be planned for.", field="week")
        if not groups:
            raise FixArguments("Nothing of that is in the plan.", field="kinds", valid=_kinds(connection, plan.id))
        for group in groups:
            if (group.day, group.kind, group.channel) in known:
                continue
            problem = _proposed(context, connection, plan, group, wordings[group.channel])
            made += problem is None
            left_out += [problem] if problem else []
        _total, rows = proposals.listed(connection, status=None, proposal_id=None, limit=MOST, plan_id=plan.id)
    shown = sorted(
        (view(row) for row in rows if row.status in ("pending", "approved")),
        key=lambda one: (one.plan.day if one.plan else plan.week, one.title),
    )
    return ProposedWeek(
        plan_id=plan.id,
        proposals=shown,
        made=made,
        left_out=left_out,
        messages=sum(one.audience.to_send for one in shown),
        evidence=Evidence(rows=len(shown), as_of=context.now, sources=["week_actions", "proposals"]),
    )


def _known(connection: Connection, plan_id: UUID) -> set[tuple[Any, ...]]:
    """Parts of the plan that are proposed, or were: rejected ones are not proposed a second time."""
    _total, rows = proposals.listed(connection, status=None, proposal_id=None, limit=MOST, plan_id=plan_id)
    parts = [(row.payload.get("plan") or {}, row.payload["channel"]) for row in rows if row.status != "superseded"]
    return {(datetime.fromisoformat(p["day"]).date(), p["kind"], channel) for p, channel in parts if p}


def _kinds(connection: Connection, plan_id: UUID) -> list[str]:
    return sorted({one.kind for one in week_plans.groups(connection, plan_id)})


def _proposed(
    context: Context, connection: Connection, plan: week_plans.WeekPlan, group: week_plans.Group, wordings: Any
) -> str | None:
    """Propose one part; why it could not be, in a savepoint of its own so that the others stand."""
    who = f"{TYPES[group.kind].title} on {short_day(group.day)}"
    try:
        with connection.begin_nested():
            draft = _draft(connection, plan, group, wordings)
            propose(connection, context, draft, part=f"{plan.id}:{group.day}:{group.kind}:{group.channel}")
    except FixArguments as error:
        return f"{who}: {error.message}"
    return None


def _draft(connection: Connection, plan: week_plans.WeekPlan, group: week_plans.Group, wordings: Any) -> Draft:
    one, offer = TYPES[group.kind], plan.settings["offers"].get(group.kind)
    channel = channel_named(group.channel)
    expected = next((k["expected"]["words"] for k in plan.totals["kinds"] if k["kind"] == group.kind), None)
    planned = week_plans.customers_of(connection, plan.id, group.day, group.kind, group.channel)
    hour = datetime.combine(group.day, time(group.hour))
    return Draft(
        name=f"{one.title}, {short_day(group.day)} ({channel.title})",
        kind=group.kind,  # type: ignore[arg-type]
        segment=None,
        rule=EVERYBODY,
        channel=group.channel,
        content=Content.model_validate(
            {"subject": "", **words_for(group.kind, offer, subject=channel.limits.subject is not None)}
        ),
        send_at=hour,
        holdout_share=HOLDOUT,
        terms=Terms(offer["id"] if offer else None, group.cost if offer and offer["kind"] == "percent" else None),
        plan={
            "id": str(plan.id),
            "week": plan.week.isoformat(),
            "day": group.day.isoformat(),
            "kind": group.kind,
            "audience": f"Planned for {short_day(group.day)}: {one.audience}",
        },
        customers=planned,
        expected=f"Of all {one.title.lower()} messages of the week: {expected}" if expected else None,
        wordings=wordings,
    )
