"""A split of the budget put before a person, and their decision. Approving keeps it as agreed; no money moves by it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from core.errors import AskPerson, FixArguments, GiveUp
from core.identity import APPROVE, PROPOSE, READ
from database.queries import budget_plans, organisations
from tools.budget.figures import BudgetArguments, best_level, ready
from tools.budget.plan import BudgetLine, BudgetMove, plan_result
from tools.budget.questions import PROPOSE_BUDGET, RECOMMENDED
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.results import Arguments, Evidence, ToolResult
from tools.views import table

Status = Literal["pending", "approved", "rejected", "superseded"]
NOTHING_MOVES = (
    "Approving keeps this split as agreed. Budgets at the ad platforms are changed by you: AIMA moves no money."
)


class ProposeBudgetArguments(BudgetArguments):
    """As for a plan, with a name."""

    title: str = Field(default="Budget split", min_length=1, max_length=120, description="Name, for people.")


class RecommendedBudget(BaseModel):
    """A split as a person is asked to decide on it."""

    id: UUID = figure("Id", "For deciding.")
    title: str = figure("Title", "Name, for people.")
    status: Status = figure("Status", "pending, approved, rejected or superseded by a newer one.")
    lines: list[BudgetLine] = Field(description="Now and planned by channel.")
    moves: list[BudgetMove] = Field(description="What to move where.")
    per: str = Field(description="Period of all amounts.")
    total_now: float = figure("Budget now", "Per period.", unit="money")
    total: float = figure("Budget planned", "Per period.", unit="money")
    gain: float = figure("Gain in sales", "Per period.", unit="money")
    gain_low: float = figure("Gain, low", "Lower end of the interval.", unit="money")
    gain_high: float = figure("Gain, high", "Upper end of the interval.", unit="money")
    likely_better: float = figure("Likely better than today", "Net of the extra spend.", unit="share")
    cautions: list[str] = Field(description="What makes it doubtful.")
    content_hash: str = Field(description="Names exactly what was shown.")
    created_by: str = figure("By", "Who asked for it.")
    created_at: datetime = figure("Made", "When.")
    decided_by: str | None = figure("Decided by", "Who.")
    decided_at: datetime | None = figure("Decided", "When.")
    note: str | None = figure("Note", "Why, from whoever decided.")


class BudgetResult(ToolResult):
    """One split and where it stands."""

    plan: RecommendedBudget = Field(description="Exactly what a person is asked to decide on.")
    currency: str = Field(description="ISO 4217 code of money.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return str(self.plan.id)


class ListBudgetPlansArguments(Arguments):
    """Which."""

    status: Status | None = Field(default=None, description="Only these; absent: all.")
    plan_id: UUID | None = Field(default=None, description="Only this one.")
    limit: int = Field(default=20, ge=1, le=200, description="At most so many, newest first.")


class BudgetPlans(ToolResult):
    """Splits that were recommended, newest first."""

    total: int = figure("Budgets", "That match.", unit="budgets")
    plans: list[RecommendedBudget] = figure("Recommended budgets", "Newest first.")
    currency: str = Field(description="ISO 4217 code of money.")


class ApproveBudgetArguments(Arguments):
    """What is approved: the plan and the hash of what was shown."""

    plan_id: UUID = Field(description="The pending plan.")
    content_hash: str = Field(description="The content_hash that was shown with it.")


class RejectBudgetArguments(Arguments):
    """What is turned down, and why."""

    plan_id: UUID = Field(description="The pending plan.")
    note: str | None = Field(default=None, max_length=2000, description="Why.")


@tool(
    effect=Effect.PROPOSE,
    scope=PROPOSE,
    about="Proposed a budget",
    agents=("optimiser",),
    basis="prediction",
    examples=({}, {"change": 0.1, "title": "Ten per cent more"}),
    questions=(PROPOSE_BUDGET,),
    next=("Which budgets wait for a decision?", "What does each channel bring?"),
)
def propose_budget(context: Context, arguments: ProposeBudgetArguments) -> BudgetResult:
    """Put the best split of the budget before a person to approve or reject; nothing moves money by itself."""
    key = f"{context.thread_id}:{context.call_id}" if context.thread_id and context.call_id else None
    with context.transaction() as connection:
        asked = ready(connection, arguments)
        currency = organisations.profile(connection).currency
        result = plan_result(asked, best_level(asked, arguments), currency)
        names = set(RecommendedBudget.model_fields) & set(type(result).model_fields)
        payload = {**result.model_dump(mode="json", include=names), "fitted_at": str(asked.kept.run.created_at)}
        row = budget_plans.keep(
            connection,
            title=arguments.title,
            payload=payload,
            content_hash=_hash(payload),
            by=context.identity.actor,
            request_key=key,
        )
    return BudgetResult(plan=_shown(row), currency=currency, evidence=result.evidence)


@tool(
    effect=Effect.READ,
    scope=READ,
    about="recommended budgets",
    agents=("optimiser", "reporting"),
    basis="record",
    examples=({}, {"status": "pending"}),
    questions=(RECOMMENDED,),
    views=(
        table(
            "plans",
            title="Recommended budgets",
            columns=(
                "title",
                "status",
                "total_now",
                "total",
                "gain",
                "likely_better",
                "created_by",
                "created_at",
                "id",
            ),
            total="total",
        ),
    ),
    next=("How should I split the budget?",),
)
def list_budget_plans(context: Context, arguments: ListBudgetPlansArguments) -> BudgetPlans:
    """Splits of the budget that were put before a person, with the decision: waiting, approved, rejected."""
    with context.transaction() as connection:
        currency = organisations.profile(connection).currency
        if arguments.plan_id is not None:
            total, rows = 1, [budget_plans.get(connection, arguments.plan_id)]
        else:
            total, found = budget_plans.listed(connection, arguments.status, arguments.limit)
            rows = list(found)
    return BudgetPlans(
        total=total,
        plans=[_shown(row) for row in rows],
        currency=currency,
        evidence=Evidence(rows=total, as_of=context.now, sources=["budget_plans"]),
    )


@tool(
    effect=Effect.OPERATE,
    scope=APPROVE,
    about="Approved the budget",
    basis="record",
    examples=({"plan_id": "00000000-0000-0000-0000-000000000000", "content_hash": "0" * 64},),
    views=(),
)
def approve_budget_plan(context: Context, arguments: ApproveBudgetArguments) -> BudgetResult:
    """A person agrees to exactly the split that was shown; it is kept as agreed, budgets are changed by people."""
    return _decided(context, arguments.plan_id, "approved", shown_hash=arguments.content_hash)


@tool(
    effect=Effect.OPERATE,
    scope=APPROVE,
    about="Rejected the budget",
    basis="record",
    examples=({"plan_id": "00000000-0000-0000-0000-000000000000", "note": "Video is cut next month anyway."},),
    views=(),
)
def reject_budget_plan(context: Context, arguments: RejectBudgetArguments) -> BudgetResult:
    """A person turns a split of the budget down; it can never be approved afterwards."""
    return _decided(context, arguments.plan_id, "rejected", note=arguments.note)


def _decided(
    context: Context, plan_id: UUID, status: str, *, shown_hash: str | None = None, note: str | None = None
) -> BudgetResult:
    user_id = _person(context)
    with context.transaction() as connection:
        currency = organisations.profile(connection).currency
        row = budget_plans.get(connection, plan_id, lock=True)
        if row.status != "pending":
            raise FixArguments(f"Budget {row.id} is {row.status} already. Nothing was done a second time.")
        if _hash(row.payload) != row.content_hash:
            raise GiveUp(f"Budget {row.id} is damaged: its content does not match its hash. Propose it again.")
        if shown_hash is not None and shown_hash.strip().lower() != row.content_hash:
            raise FixArguments(
                f"This is not the hash of budget {row.id} as it stands. Look at it again before approving.",
                field="content_hash",
            )
        row = budget_plans.decide(
            connection, plan_id, status=status, by=context.identity.actor, user_id=user_id, note=note
        )
    return BudgetResult(
        plan=_shown(row),
        currency=currency,
        evidence=Evidence(rows=1, as_of=context.now, sources=["budget_plans"], definitions=[NOTHING_MOVES]),
    )


def _person(context: Context) -> UUID:
    """The user who decides; checked here too, whatever door called."""
    identity = context.identity
    identity.require(APPROVE)
    if not identity.person or identity.user_id is None:
        raise AskPerson("Only a person who is logged in as a user can decide about a budget.")
    return identity.user_id


def _hash(payload: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(payload, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _shown(row: budget_plans.PlanRow) -> RecommendedBudget:
    kept = {name: row.payload[name] for name in RecommendedBudget.model_fields if name in row.payload}
    stored = ("id", "title", "status", "content_hash", "created_by", "created_at", "decided_by", "decided_at", "note")
    return RecommendedBudget(**{**kept, **{name: getattr(row, name) for name in stored}})
