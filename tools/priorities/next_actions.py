"""What to do next: the few actions with the most money at stake, each with its reason and what drafts it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, Field

from core.errors import NoSuchData
from core.identity import READ
from database.queries import alerts, coverage
from language.cells import value_name
from language.format import count, money, percent
from tools.audience.places import with_article
from tools.churn.value_at_risk import AtRiskSegment, AtRiskSegments, AtRiskSegmentsArguments, at_risk_segments
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.figures import money as to_cents
from tools.metrics.arguments import QueryMetricsArguments
from tools.metrics.query import query_metrics
from tools.results import Arguments, Evidence, ToolResult
from tools.segments.count import CountSegmentArguments, count_segment

if TYPE_CHECKING:
    from tools.metrics.query import QueryMetrics

SEGMENTS = 2  # of the actions so many are about segments, more only where there is nothing else
ADS_DAYS = 90
ALERTS = 20
LOYAL: Final = frozenset({"Champions", "Loyal", "Potential Loyalist", "Promising", "New"})
"""Segments whose customers still buy: these are to be kept, the others won back."""
WORDS = [
    "at stake: of customers, the probability to leave within 90 days times the predicted value of the next 12 months, "
    "summed; of an ad channel, what was spent beyond the revenue it brought in the last 90 days."
]


class NextActionsArguments(Arguments):
    """How many."""

    limit: int = Field(default=3, ge=1, le=10, description="Actions at most, the most money at stake first.")


class NextAction(BaseModel):
    """One thing to do."""

    title: str = figure("Action", "What to do, in a few words.")
    reason: str = figure("Reason", "Why, with the figures behind it.")
    at_stake: float = figure("At stake", "Money at stake.", unit="money")
    request: str = Field(description="What to say to AIMA to have it drafted or looked into.")


class NextActions(ToolResult):
    """Actions, the most money at stake first."""

    actions: list[NextAction] = Field(description="What to do first, and next.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="what to do next",
    agents=("optimiser", "reporting"),
    basis="prediction",
    examples=({}, {"limit": 5}),
    views=(),
    next=lambda outcome: [action.request for action in outcome.result.actions],
)
def next_actions(context: Context, arguments: NextActionsArguments) -> NextActions:
    """What to do next: the actions with the most money at stake, each with its reason and a request that drafts it."""
    segments = at_risk_segments.run(context, AtRiskSegmentsArguments())
    about_segments = [row for row in segments.rows if row.rule and row.value_at_risk]
    others = [*_of_countries(context), *_of_ads(context)]
    few = max(SEGMENTS, arguments.limit - len(others))
    found = [*(_of_segment(context, row, segments) for row in about_segments[:few]), *others]
    found.sort(key=lambda action: -action.at_stake)
    return NextActions(
        actions=[action for action in found if action.at_stake > 0][: arguments.limit],
        currency=segments.currency,
        evidence=Evidence(
            rows=segments.evidence.rows,
            as_of=segments.evidence.as_of,
            sources=sorted({*segments.evidence.sources, "alerts"}),
            definitions=WORDS,
        ),
    )


def _of_segment(context: Context, row: AtRiskSegment, found: AtRiskSegments) -> NextAction:
    """Keep, or win back, the customers of a segment."""
    keeps = row.name in LOYAL
    people = row.name if row.name.endswith("s") else f"{row.name} customers"
    title = f"Keep your {people}" if keeps else f"Win back your {people}"
    draft = f"Write {'an email' if keeps else 'a win-back email'} to the {row.name} customers"
    return NextAction(
        title=title, reason=_at_risk(context, row, found.currency), at_stake=row.value_at_risk or 0.0, request=draft
    )


def _at_risk(context: Context, row: AtRiskSegment, currency: str) -> str:
    likely = (
        f", on average {percent(row.average_probability)} likely to leave within 90 days"
        if row.average_probability
        else ""
    )
    return (
        f"{count(row.customers)} customers, expected to spend {money(row.clv_12m, currency)} over the next 12 months"
        f"{likely}. {_reach(context, row.rule or {})}"
    )


def _reach(context: Context, rule: dict[str, Any]) -> str:
    size = count_segment.run(context, CountSegmentArguments.model_validate({"rule": rule})).segment
    return f"{count(size.with_consent_email)} of them may be emailed."


def _of_countries(context: Context) -> Iterator[NextAction]:
    """Write to the customers of a country that an alert told of lately."""
    with context.transaction() as connection:
        told = alerts.listed(connection, unseen_only=False, limit=ALERTS)
    fresh = context.now - timedelta(days=60)
    names = dict.fromkeys(
        str(alert.detail.get("segment"))
        for alert in told
        if alert.kind == "segment_drift" and alert.detail.get("kind") == "country" and alert.created_at >= fresh
    )
    if not names:
        return
    by_country = at_risk_segments.run(context, AtRiskSegmentsArguments(by="country", limit=200))
    for row in by_country.rows:
        if row.name in names and row.rule:
            place = with_article(row.name)
            yield NextAction(
                title=f"Stop the decline in {place}",
                reason=f"Customers there do less than two months ago. {_at_risk(context, row, by_country.currency)}",
                at_stake=row.value_at_risk or 0.0,
                request=f"Write a win-back email to customers in {place}",
            )


def _of_ads(context: Context) -> Iterator[NextAction]:
    """Look into the ad channel that loses most."""
    spent = _ads(context)
    if spent is None:
        return
    names = [column.name for column in spent.columns]
    losses = [
        (cost - came, str(channel), cost, came) for channel, cost, came in _channels(spent.rows, names) if cost > came
    ]
    if not losses:
        return
    lost, channel, cost, came = max(losses)
    yield NextAction(
        title=f"Check what {value_name('spend_channel', channel)} ads bring",
        reason=f"{money(cost, spent.currency)} were spent in the last {ADS_DAYS} days of the data, and "
        f"{money(came, spent.currency)} of revenue came back by the platform's own count.",
        at_stake=to_cents(lost) or 0.0,
        request="Show spend and return on ad spend by ad channel",
    )


def _channels(rows: Iterable[Any], names: list[str]) -> Iterator[tuple[Any, float, float]]:
    at = [names.index(name) for name in ("spend_channel", "spend", "channel_revenue")]
    for row in rows:
        channel, cost, came = (row[place] for place in at)
        if channel is not None and isinstance(cost, int | float) and isinstance(came, int | float):
            yield channel, float(cost), float(came)


def _ads(context: Context) -> QueryMetrics | None:
    """Spend and revenue of each ad channel in the last days of the data; None where there are none."""
    with context.transaction() as connection:
        as_of = coverage.reference_instant(connection, context.now)
    last = context.calendar().last_whole_day(as_of)
    asked = {
        "metrics": ["spend", "channel_revenue"], "dimensions": ["spend_channel"],
        "start": last - timedelta(days=ADS_DAYS - 1), "end": last,
    }  # fmt: skip
    try:
        return query_metrics.run(context, QueryMetricsArguments.model_validate(asked))
    except NoSuchData:
        return None
