"""A week of actions for everybody: planned within caps, consent, quiet hours and budget; kept, shown, never sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from core.calendar import first_of_week
from core.errors import FixArguments, NoSuchData
from core.identity import READ, WRITE
from database.queries import week_plans
from language.merge.values import cleaned
from tools.campaigns.merging import filled, parts
from tools.campaigns.payload import Content
from tools.campaigns.types import TYPES
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money
from tools.planning.crowd import crowd_of
from tools.planning.evidence import Return
from tools.planning.ideas import NO_OFFER
from tools.planning.questions import PLAN_WEEK, SHOW_WEEK
from tools.planning.week_draft import PlanWeekArguments, made_of, span_of
from tools.results import Arguments, Evidence, ToolResult
from tools.views import table

__all__ = [
    "WEEK", "WORDS", "WeekPlanArguments", "WeekPlanResult", "offer_in_words", "plan_named", "plan_week",
    "planned_action", "week_plan",
]  # fmt: skip

MOST_LISTED = 200
FIRST_DAYS = 7  # of the calendar: the week of these would begin before it
WORDS = [
    "score: 0 to 100: how well the type suits (rules of the playbook), weighed with how much of the customers is worth "
    "less. It orders; it is no probability.",
    "window: hours by the customer's own clocks, about when they usually order, outside your quiet hours.",
    "cost: what the offer gives away at most: its amount, or its share of an average order. The budget is of that.",
    "The plan sends nothing: its campaigns are proposed, and go out once a person has approved each.",
]


WEEK = date | None


class WeekPlanArguments(Arguments):
    """Which plan, and which part of it to list."""

    week: date | None = Field(default=None, description="A day of its week; absent: the plan made last.")
    day: date | None = Field(default=None, description="List only this day.")
    kind: str | None = Field(default=None, description="List only this type of campaign.")
    limit: int = Field(default=20, ge=0, le=MOST_LISTED, description="Actions to list at most.")
    offset: int = Field(default=0, ge=0, description="Skip so many.")


class PlannedGroup(BaseModel):
    """The actions of one day, type and channel."""

    day: date = figure("Day", "Day.")
    kind: str = Field(description="Type of campaign.")
    title: str = figure("Campaign", "Its type, for people.")
    channel: str = figure("Channel", "Channel.")
    customers: int = figure("Customers", "Customers who get it.", unit="customers")
    score: float = figure("Score", "Their average score, 0 to 100.")
    offer: str = figure("Offer", "What it offers.")
    cost: float | None = figure("Cost", "What the offer gives away at most.", unit="money")
    hour: int = figure("Hour", "The hour that suits most of them, by their own clocks.", unit="hour")


class PlannedAction(BaseModel):
    """One action for one customer."""

    day: date = figure("Day", "Day.")
    customer: str | None = figure("Customer", "The shop's customer id.")
    name: str | None = figure("Name", "Name, where known and you may see it.")
    title: str = figure("Campaign", "Type of campaign.")
    score: float = figure("Score", "0 to 100: how much it matters.")
    reason: str = figure("Reason", "Why this, for this customer.")
    offer: str = figure("Offer", "What it offers.")
    message: str = figure("Message", "Subject of its first draft, as they would read it.")
    hint: str | None = figure("Hint", "What to know when writing to them.")
    window: str = figure("Window", "Hours that suit, by the customer's clocks.")
    channel: str = figure("Channel", "Channel.")
    cost: float | None = figure("Cost", "What the offer gives away at most.", unit="money")


class PlannedKind(BaseModel):
    """One type over the week."""

    kind: str = Field(description="Type of campaign.")
    title: str = figure("Campaign", "Its type, for people.")
    customers: int = figure("Customers", "Customers who get it.", unit="customers")
    expected: Return = Field(description="What it is expected to bring, with its basis.")


class WeekPlanResult(ToolResult):
    """A plan and the part of it that was asked for."""

    plan_id: UUID = Field(description="The plan.")
    week: date = figure("Week", "Its first day.")
    days: list[date] = Field(description="The days it has actions on, or could have.")
    customers: int = figure("Customers", "Customers who get something.", unit="customers")
    actions: int = figure("Actions", "Actions in all.", unit="actions")
    cost: float = figure("Cost", "What all offers give away at most.", unit="money")
    budget: float | None = figure("Budget", "What they may give away.", unit="money")
    limits: list[str] = Field(description="What held while it was planned, a sentence each.")
    not_planned: list[str] = Field(description="Types that were not planned, with why.")
    groups: list[PlannedGroup] = Field(description="By day, type and channel.")
    kinds: list[PlannedKind] = Field(description="By type, with what each is expected to bring.")
    rows: list[PlannedAction] = Field(description="The actions asked for: by day, the highest score first.")
    rows_total: int = Field(description="How many these are in all.")
    made_by: str = Field(description="Who planned it.")
    made_at: datetime = figure("Made", "When.", unit="instant")
    currency: str = Field(description="ISO 4217 code of money.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return str(self.plan_id)


_VIEWS = (
    table(
        "groups",
        title="The week by day and campaign",
        columns=("day", "title", "channel", "customers", "score", "offer", "cost", "hour"),
    ),
    table(
        "rows",
        title="Actions by customer",
        columns=("day", "customer", "name", "title", "score", "reason", "offer", "window", "channel", "hint"),
        total="rows_total",
    ),
)


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Planned a week",
    agents=("optimiser", "content"),
    basis="prediction",
    examples=({}, {"budget": 500, "most_per_customer": 2}),
    questions=(PLAN_WEEK,),
    views=_VIEWS,
    next=("Propose the weekly plan", "Export the weekly plan", "Which campaigns are worth proposing?"),
)
def plan_week(context: Context, arguments: PlanWeekArguments) -> WeekPlanResult:
    """Plan a week: who gets which campaign on which day, why and when; caps, consent, quiet hours and budget hold."""
    if unknown := set(arguments.kinds or ()) - set(TYPES):
        raise FixArguments(f"No type of campaign: {', '.join(sorted(unknown))}.", field="kinds", valid=sorted(TYPES))
    with context.transaction() as connection:
        crowd = crowd_of(context, connection, arguments.channels)
        span = span_of(arguments.week, crowd.facts.calendar, context)
        made = made_of(context, connection, crowd, arguments, span)
        week_plans.keep(
            connection, span.week, made.frame, settings=made.settings, totals=made.totals, by=context.identity.actor
        )
        return _shown(context, connection, plan_named(connection, span.week, context), WeekPlanArguments())


@tool(
    effect=Effect.READ,
    scope=READ,
    about="the weekly plan",
    agents=("content", "reporting"),
    basis="prediction",
    examples=({},),
    questions=(SHOW_WEEK,),
    views=_VIEWS,
    next=("Propose the weekly plan", "Export the weekly plan", "Plan next week"),
)
def week_plan(context: Context, arguments: WeekPlanArguments) -> WeekPlanResult:
    """The plan of a week as it was made last: by day and campaign, and customer by customer."""
    with context.transaction() as connection:
        plan = plan_named(connection, arguments.week, context)
        return _shown(context, connection, plan, arguments)


def plan_named(connection: Connection, week: date | None, context: Context) -> week_plans.WeekPlan:
    """The plan of the week of a day, or the one made last; NoSuchData where there is none."""
    near = week is not None and week.toordinal() > FIRST_DAYS
    start = first_of_week(week, context.profile().conventions.week_start) if week is not None and near else week
    plan = week_plans.plan_of(connection, start)
    if plan is None:
        which = "yet" if week is None else f"of the week of {week}"
        raise NoSuchData(f"There is no weekly plan {which}. “Plan next week” makes one.", field="week")
    return plan


def _shown(
    context: Context, connection: Connection, plan: week_plans.WeekPlan, arguments: WeekPlanArguments
) -> WeekPlanResult:
    groups = week_plans.groups(connection, plan.id)
    total, rows = week_plans.actions(
        connection, plan.id, day=arguments.day, kind=arguments.kind, limit=arguments.limit, offset=arguments.offset
    )
    offers: Mapping[str, Any] = plan.settings["offers"]
    named = WRITE in context.identity.scopes
    return WeekPlanResult(
        plan_id=plan.id,
        week=plan.week,
        days=plan.totals["days"],
        customers=plan.totals["customers"],
        actions=plan.totals["actions"],
        cost=plan.totals["cost"],
        budget=plan.settings.get("budget"),
        limits=plan.totals["limits"],
        not_planned=plan.totals["not_planned"],
        groups=[_group(one, offers) for one in groups],
        kinds=[PlannedKind(title=TYPES[one["kind"]].title, **one) for one in plan.totals["kinds"]],
        rows=[planned_action(dict(row), offers, named=named) for row in rows],
        rows_total=total,
        made_by=plan.created_by,
        made_at=plan.created_at,
        currency=context.profile().currency,
        evidence=Evidence(
            rows=plan.totals["actions"],
            as_of=context.now,
            sources=["customer_facts", "consents", "messages", "offers", "week_actions"],
            definitions=WORDS,
        ),
    )


def _subject(kind: str, row: Mapping[str, Any], offer: str) -> str:
    """The subject of a type's first draft as this customer would read it."""
    content = Content(subject=TYPES[kind].subject, body_text="")
    known = {"city": row["city"], "favourite_category": row["favourite_category"], "offer": offer}
    return filled(parts(content)["subject"], cleaned(known))


def offer_in_words(offers: Mapping[str, Any], kind: str) -> str:
    """What a type offers in this plan."""
    offer = offers.get(kind)
    return str(offer["words"]) if offer else NO_OFFER


def _group(one: week_plans.Group, offers: Mapping[str, Any]) -> PlannedGroup:
    return PlannedGroup(
        day=one.day,
        kind=one.kind,
        title=TYPES[one.kind].title,
        channel=one.channel,
        customers=one.customers,
        score=round(one.score, 1),
        offer=offer_in_words(offers, one.kind),
        cost=money(one.cost),
        hour=one.hour,
    )


def planned_action(row: Mapping[str, Any], offers: Mapping[str, Any], *, named: bool) -> PlannedAction:
    """One action as it is shown; names only for those who may see them."""
    kind = row["kind"]
    return PlannedAction(
        day=row["day"],
        customer=row["customer"],
        name=row["name"] if named else None,
        title=TYPES[kind].title,
        score=round(float(row["score"]), 1),
        reason=row["reason"],
        offer=offer_in_words(offers, kind),
        message=_subject(kind, row, offer_in_words(offers, kind)),
        hint=row["hint"],
        window=f"{row['hour_from']:02d}:00 to {row['hour_until']:02d}:00",
        channel=row["channel"],
        cost=money(row["cost"]),
    )
