"""A weekly plan as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from pydantic import Field

from core.identity import READ, WRITE
from database.queries import week_plans
from language.cells import file_cell, file_title
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.planning.questions import EXPORT_WEEK
from tools.planning.week import WEEK, WORDS, PlannedAction, plan_named, planned_action
from tools.results import Arguments, Evidence, ToolResult

__all__ = ["export_week"]

MOST = 100_000
_COLUMNS = (
    "day", "customer", "name", "title", "channel", "window", "offer", "message", "hint", "reason", "score", "cost",
)  # fmt: skip


class ExportWeekArguments(Arguments):
    """Which plan, which part."""

    week: WEEK = Field(default=None, description="A day of its week; absent: the plan made last.")
    limit: int = Field(default=50_000, ge=1, le=MOST, description="Actions at most.")
    offset: int = Field(default=0, ge=0, description="Actions to skip, for the next part.")


class ExportedWeek(ToolResult):
    """A plan as CSV."""

    file_name: str = figure("File", "A name for the file.")
    total: int = figure("In all", "Actions of the plan.", unit="actions")
    rows: int = figure("Actions", "Actions in this part.", unit="actions")
    currency: str = Field(description="ISO 4217 code of money.")
    csv: str = Field(description="The file: UTF-8, comma, a header line; by day, the highest score first.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="the weekly plan as a file",
    recorded=True,
    agents=("reporting", "content"),
    basis="prediction",
    examples=({"limit": 1000},),
    questions=(EXPORT_WEEK,),
    views=(),
    next=("Propose the weekly plan",),
)
def export_week(context: Context, arguments: ExportWeekArguments) -> ExportedWeek:
    """The weekly plan as a CSV file, a row an action; names only for those who may also change segments."""
    with context.transaction() as connection:
        plan = plan_named(connection, arguments.week, context)
        total, rows = week_plans.actions(
            connection, plan.id, day=None, kind=None, limit=arguments.limit, offset=arguments.offset
        )
    named, currency = WRITE in context.identity.scopes, context.profile().currency
    actions = [planned_action(dict(row), plan.settings["offers"], named=named) for row in rows]
    return ExportedWeek(
        file_name=f"week-{plan.week}.csv",
        total=total,
        rows=len(actions),
        currency=currency,
        csv=_csv(actions, currency),
        evidence=Evidence(rows=total, as_of=context.now, sources=["week_actions"], definitions=list(WORDS)),
    )


def _csv(actions: Sequence[PlannedAction], currency: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    fields = PlannedAction.model_fields
    units = [currency if name == "cost" else "text" for name in _COLUMNS]
    writer.writerow([file_title(fields[n].title or n, unit) for n, unit in zip(_COLUMNS, units, strict=True)])
    for action in actions:
        told = action.model_dump(mode="json")
        writer.writerow([_harmless(told[n], unit) for n, unit in zip(_COLUMNS, units, strict=True)])
    return out.getvalue()


def _harmless(value: object, unit: str) -> object:
    """A cell of the file; a text that a spreadsheet would take for a formula is marked as text."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return file_cell(value, unit)
