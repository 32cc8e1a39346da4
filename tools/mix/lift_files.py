"""Many lift tests at once, from a file: all of them, or none and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, Literal

from pydantic import Field
from sqlalchemy import Connection

from core.calendar import Calendar, first_of_week
from core.errors import FixArguments, NoSuchData
from core.identity import WRITE
from database.queries import mix, organisations
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.mix.figures import NO_SPEND
from tools.mix.lift_rows import Around, LiftRows, SpendBefore, read_lift_rows
from tools.mix.lifts import WORDS, LiftTest, shown_lift
from tools.mix.questions import LOAD
from tools.results import Arguments, Evidence, ToolResult
from tools.views import table

WEEKS_BEFORE = 8
FIGURES = ("change", "lift", "error")
SAME = 1e-3  # money: what is kept is rounded


class LoadLiftTestsArguments(Arguments):
    """The file's text, and how it is meant."""

    content: str = Field(
        min_length=1,
        max_length=300_000,
        description="Text of a CSV file with the columns channel, from, to, spend_change, lift, and error (or low and "
        "high); spend (before the change) and note may be there too.",
    )
    file: str = Field(default="pasted rows", min_length=1, max_length=200, description="Name of the file.")
    per: Literal["week", "period"] = Field(
        default="week", description="Whether its money is a week's, or that of each test's whole period."
    )
    check_only: bool = Field(default=False, description="Read and check it, keep nothing.")


class LoadedLiftTests(ToolResult):
    """What came of the file."""

    added: int = figure("New", "Experiments that were kept.", unit="experiments")
    known: int = figure("Known before", "Experiments kept already, with the same figures.", unit="experiments")
    lift_tests: list[LiftTest] = figure("Experiments of the file", "As they are kept.")
    ignored: list[str] = figure("Columns not read", "Titles that mean nothing here.")
    checked_only: bool = Field(description="True: nothing was kept.")
    currency: str = Field(description="ISO 4217 code of money.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return f"{self.added} experiments"


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Loaded lift tests for the marketing mix",
    agents=("analytics",),
    basis="record",
    examples=({"content": "channel,from,to,spend_change,lift,error\npaid_search,2025-03-03,2025-03-30,-300,-420,60"},),
    questions=(LOAD,),
    views=(
        table(
            "lift_tests",
            title="Experiments of the file",
            columns=("channel", "started_on", "measured_on", "spend", "change", "lift", "low", "high", "note"),
        ),
    ),
    next=("Fit the marketing mix model", "Which experiments calibrate the mix model?"),
    recorded=True,
)
def load_lift_tests(context: Context, arguments: LoadLiftTestsArguments) -> LoadedLiftTests:
    """Keep all lift tests of a CSV file; the next fit of the marketing mix model is calibrated by them.

    A row that cannot be read stops the whole file, and each is named. What is known with the same figures stays as it
    is. Without a column spend, what was spent in the eight weeks before counts as the spend before the change.
    """
    with context.transaction() as connection:
        weekly, first, _last = mix.weekly_spend(connection)
        if first is None:
            raise NoSuchData(NO_SPEND)
        profile = organisations.profile(connection)
        around = Around(
            sorted({channel for _week, channel in weekly}), Calendar(profile.time_zone).day(context.now),
            _spend_before(weekly, first), arguments.per,
        )  # fmt: skip
        read = read_lift_rows(arguments.content, around)
        known = _known(connection, read)
        added = len(read.rows) - known
        if not arguments.check_only:
            added = mix.keep_lifts(connection, read.rows, arguments.file, context.identity.actor)
        shown = _shown(connection, read.rows, context)
    return LoadedLiftTests(
        added=added,
        known=known,
        lift_tests=shown,
        ignored=read.ignored,
        checked_only=arguments.check_only,
        currency=profile.currency,
        evidence=Evidence(rows=len(read.rows), as_of=context.now, sources=["lift_tests"], definitions=WORDS),
    )


def _spend_before(weekly: Mapping[tuple[date, str], float], first: date) -> SpendBefore:
    """Mean spend a week of a channel in the whole weeks before a day."""

    def before(channel: str, day: date) -> float | None:
        monday = first_of_week(day)
        weeks = [monday - timedelta(weeks=n) for n in range(1, WEEKS_BEFORE + 1)]
        weeks = [week for week in weeks if week >= first]
        return sum(weekly.get((week, channel), 0.0) for week in weeks) / len(weeks) if weeks else None

    return before


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["channel"], row["started_on"], row["measured_on"]


def _in_files(connection: Connection) -> dict[tuple[Any, ...], mix.LiftRow]:
    rows = (row for row in mix.lifts(connection) if row.source is not None)
    return {(row.channel, row.started_on, row.measured_on): row for row in rows}


def _known(connection: Connection, read: LiftRows) -> int:
    """How many are kept already; FixArguments where one is, with other figures."""
    kept, problems = _in_files(connection), []
    figures = (*FIGURES, "spend") if read.with_spend else FIGURES  # else it is the data's own, which may be restated
    for row in read.rows:
        if (old := kept.get(_key(row))) and any(abs(float(getattr(old, n)) - row[n]) > SAME for n in figures):
            problems.append(
                f"An experiment on {row['channel']} from {row['started_on']} to {row['measured_on']} is kept already "
                f"with other figures (lift {float(old.lift):,.2f}, error {float(old.error):,.2f}); take that away "
                "first, if the file is right."
            )
    if problems:
        raise FixArguments(f"Nothing was kept. {' '.join(problems[:20])}", field="content")
    return sum(_key(row) in kept for row in read.rows)


def _shown(connection: Connection, rows: Sequence[Mapping[str, Any]], context: Context) -> list[LiftTest]:
    """The rows of the file as they are kept, or as they would be."""
    kept = _in_files(connection)
    fresh = {"id": None, "created_by": context.identity.actor, "created_at": context.now, "source": None}
    return [shown_lift(kept.get(_key(row)) or SimpleNamespace(**row, **fresh)) for row in rows]
