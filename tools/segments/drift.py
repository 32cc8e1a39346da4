"""How segments change, and who moved from one into another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Connection, RowMapping

from core.errors import FixArguments, NoSuchData
from core.identity import READ
from database.queries import drifts
from tools.audience.facts import Facts
from tools.audience.names import Kind, KnownSegment, every, find
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money
from tools.results import Arguments, ToolResult
from tools.segments.drift_run import LAG
from tools.segments.groups import GROUP_WORDS, Badge
from tools.segments.groups_questions import SEGMENT_DRIFT

NONE = "none"
DRIFT_WORDS = [
    *GROUP_WORDS[-1:],
    "scores: z values of a fixed group's activity, margin and response to email against everybody else's; below 0 is "
    "worse. RFM segments and behaviours are computed as of both dates; clusters, discovered and saved segments are "
    "compared with the runs kept in between.",
]


class SegmentDriftArguments(Arguments):
    """Which segments, which moves."""

    kind: Kind | None = Field(default=None, description="Only segments of this kind; absent: all.")
    badge: Badge | None = Field(default=None, description="Only segments with this badge.")
    moved_from: str | None = Field(default=None, description="Only customers who left this segment (or 'none').")
    moved_to: str | None = Field(default=None, description="Only customers who came into this segment (or 'none').")
    limit: int = Field(default=20, ge=1, le=1_000, description="Customers listed at most.")


class SegmentChange(BaseModel):
    """How one segment changed."""

    segment: str = figure("Segment", "Name.")
    kind: Kind = figure("Kind", "How the segment comes about.")
    badge: Badge | None = figure("Badge", "growing, stable, shrinking, deteriorating; null: nothing to compare with.")
    alert: bool = figure("Alert", "True: people were told.")
    reason: str = figure("Reason", "Why that badge.")
    size_before: int | None = figure("Customers before", "Customers at the earlier date.", unit="customers")
    size_now: int = figure("Customers now", "Customers now.", unit="customers")
    entered: int | None = figure("Entered", "Customers who came in.", unit="customers")
    departed: int | None = figure("Departed", "Customers who went.", unit="customers")
    scores: dict[str, float] | None = Field(description="z values of a fixed group; null: not judged by behaviour.")
    rule: dict[str, Any] = Field(description="Rule that picks its customers.")


class Transition(BaseModel):
    """Customers who went from one segment into another."""

    moved_from: str = figure("Moved from", "Segment then; 'none' for none.")
    moved_to: str = figure("Moved to", "Segment now; 'none' for none.")
    customers: int = figure("Customers", "How many.", unit="customers")
    clv_12m: float | None = figure("12-month value", "Their predicted value of the next 12 months.", unit="money")


class MovedCustomer(BaseModel):
    """One customer who moved."""

    customer: str = figure("Customer", "The shop's customer id.")
    name: str | None = figure("Name", "Name, where known.")
    moved_from: str = figure("Moved from", "Segment then.")
    moved_to: str = figure("Moved to", "Segment now.")
    monetary_value: float | None = figure("Spent", "Revenue since the beginning.", unit="money")
    clv_12m: float | None = figure("12-month value", "Predicted value of the next 12 months.", unit="money")


class SegmentDrift(ToolResult):
    """Badges of all segments, and who moved."""

    compared_with: datetime = figure("Compared with", "The earlier date.")
    segments: list[SegmentChange] = Field(description="Segments, those with an alert first.")
    moves_of: Kind = figure("Moves of", "Kind of segment `transitions` and `customers` are of.")
    moved: int = figure("Moved", "Customers who match `moved_from` and `moved_to`, before `limit`.", unit="customers")
    transitions: list[Transition] = Field(description="From where to where, the most customers first.")
    customers: list[MovedCustomer] = Field(description="Who moved, the highest revenue first; only when asked for.")
    currency: str = Field(description="ISO 4217 code of money.")


def _audience(_arguments: SegmentDriftArguments, result: SegmentDrift | None) -> dict[str, Any] | None:
    """The customers who moved, where they are listed."""
    ids = [row.customer for row in result.customers] if result else []
    return {"field": "customer_id", "operator": "in", "value": ids} if ids else None


@tool(
    effect=Effect.READ,
    scope=READ,
    about="how segments changed",
    agents=("analytics", "research", "optimiser", "reporting"),
    basis="prediction",
    examples=({}, {"badge": "shrinking"}, {"moved_from": "Loyal", "moved_to": "At Risk", "limit": 10}),
    questions=(SEGMENT_DRIFT,),
    views=(),
    next=("What should we send the at risk customers?", "Who is likely to leave in the next 60 days?"),
    audience=_audience,
)
def segment_drift(context: Context, arguments: SegmentDriftArguments) -> SegmentDrift:
    """Which segments grow, shrink or deteriorate against two months ago and why, and who moved from which to which."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        rows = drifts.latest(connection)
        if not rows:
            raise NoSuchData("Nothing is known of changes yet: they are looked for after an import and every morning.")
        compared = rows[0].as_of - LAG
        known: dict[tuple[str, str], KnownSegment] = {(s.kind, s.name): s for s in every(connection)}
        sides, kind = _asked(connection, arguments)
        counted = drifts.transitions(connection, kind, compared)
        listed = drifts.moved(connection, kind, compared, **sides, limit=arguments.limit) if any(sides.values()) else []
    chosen = [t for t in counted if all(want in (None, t[side]) for side, want in sides.items())]
    changes = [_change(known[d.kind, d.segment], d) for d in rows if (d.kind, d.segment) in known]
    changes = [c for c in changes if arguments.kind in (None, c.kind) and arguments.badge in (None, c.badge)]
    return SegmentDrift(
        compared_with=compared,
        segments=changes,
        moves_of=kind,
        moved=sum(t["customers"] for t in chosen),
        transitions=[Transition(**{**t, "clv_12m": money(t["clv_12m"])}) for t in chosen],
        customers=[_customer(row) for row in listed],
        currency=facts.profile.currency,
        evidence=facts.evidence(
            sum(c.size_now for c in changes), ["segment_drifts", "membership_moves", "customer_facts"], DRIFT_WORDS
        ),
    )


def _asked(connection: Connection, arguments: SegmentDriftArguments) -> tuple[dict[str, str | None], Kind]:
    """The two sides as segments are called, and their kind (RFM unless something else is named)."""
    sides: dict[str, str | None] = {"moved_from": None, "moved_to": None}
    kinds: set[Kind] = set()
    for side in sides:
        name = getattr(arguments, side)
        if name is not None and name.strip().lower() != NONE:
            segment = find(connection, name, arguments.kind)
            sides[side] = segment.name
            kinds.add(segment.kind)
        elif name is not None:
            sides[side] = NONE
    if len(kinds) > 1:
        words = f"{sides['moved_from']} and {sides['moved_to']} are segments of two kinds: nobody moves between them."
        raise FixArguments(words, field="moved_to", valid=sorted(kinds))
    return sides, kinds.pop() if kinds else arguments.kind or "rfm"


def _change(segment: KnownSegment, drift: drifts.Drift) -> SegmentChange:
    return SegmentChange(
        segment=segment.name,
        kind=segment.kind,
        badge=drift.badge,
        alert=drift.alert,
        reason=drift.reason,
        size_before=drift.size_before,
        size_now=drift.size_now,
        entered=drift.entered,
        departed=drift.departed,
        scores=dict(drift.scores) if drift.scores is not None else None,
        rule=segment.rule,
    )


def _customer(row: RowMapping) -> MovedCustomer:
    return MovedCustomer(
        customer=row["external_id"],
        name=row["name"],
        moved_from=row["moved_from"],
        moved_to=row["moved_to"],
        monetary_value=money(row["monetary_value"]),
        clv_12m=money(row["clv_12m"]),
    )
