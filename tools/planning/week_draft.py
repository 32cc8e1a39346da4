"""How a week is planned: everybody scored, then given actions within caps, consent, quiet hours and budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import Field
from sqlalchemy import Connection

from connectors.channels.discovery import channel_named
from core.calendar import Calendar, first_of_week
from core.errors import FixArguments
from database.queries import planning, sending_rules
from database.queries.sending_rules import Rules
from language.format import count
from language.format import money as amount
from tools.campaigns.types import TYPES
from tools.channels.account import Seal, account_of
from tools.channels.rules import dry_ones
from tools.context import Context
from tools.planning.crowd import Crowd
from tools.planning.evidence import measured_effects, return_of_type
from tools.planning.ideas import HOLDOUT
from tools.planning.reasons import columns_of, hints, reasons
from tools.results import Arguments

if TYPE_CHECKING:
    import polars as pl

    from analytics.planning.assignment import Actions

__all__ = ["DAYS", "HOLDOUT", "Made", "PlanWeekArguments", "Span", "made_of", "span_of"]

DAYS = 7
FARTHEST = 60
HABIT = 3  # orders from which the day and hour of most of them is a habit


class PlanWeekArguments(Arguments):
    """Which week, and within which limits."""

    week: date | None = Field(default=None, description="A day of the week to plan; absent: next week.")
    channels: list[str] = Field(
        default=["email"], min_length=1, max_length=4, description="Channels, the first choice first: email, sms …"
    )
    most_per_customer: int = Field(default=1, ge=1, le=3, description="Most messages for one customer in the week.")
    budget: float | None = Field(default=None, ge=0, le=1e9, description="Most that all offers together may give away.")
    kinds: list[str] | None = Field(
        default=None, min_length=1, max_length=8, description="Only these types of campaign."
    )


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a plan: from tomorrow at the earliest."""

    week: date
    first: date
    days: int
    ahead: int


def span_of(told: date | None, calendar: Calendar, context: Context) -> Span:
    today = calendar.day(context.now)
    starts = context.profile().conventions.week_start
    if told is not None and not DAYS < told.toordinal() < date.max.toordinal() - DAYS:
        raise FixArguments(f"{told} is in no week that could be planned.", field="week")
    week = first_of_week(told or first_of_week(today, starts) + timedelta(days=DAYS), starts)
    first, end = max(week, today + timedelta(days=1)), week + timedelta(days=DAYS)
    if first >= end:
        raise FixArguments(f"The week of {week} is over, or ends today: plan a later one.", field="week")
    if (first - today).days > FARTHEST:
        raise FixArguments(
            "More than two months ahead nobody's score means anything: plan a nearer week.", field="week"
        )
    return Span(week, first, (end - first).days, (first - today).days)


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """The actions of a plan as rows of week_actions, and what is kept with them."""

    frame: pl.DataFrame
    settings: dict[str, Any]
    totals: dict[str, Any]


def made_of(context: Context, connection: Connection, crowd: Crowd, told: PlanWeekArguments, span: Span) -> Made:
    import numpy as np

    from analytics.planning.assignment import Bounds, assign
    from analytics.planning.fit import KINDS

    rules = sending_rules.get(connection)
    not_planned = _not_planned(crowd, told)
    chosen = [kind for kind in KINDS if kind in crowd.rules and kind not in not_planned]
    channel = _channel_of_each(crowd, told.channels)
    scores = crowd.score.select(chosen).to_numpy().copy() if chosen else np.zeros((crowd.people.height, 0))
    scores[channel < 0] = np.nan
    bounds = Bounds(
        days=span.days,
        days_ahead=span.ahead,
        most=told.most_per_customer,
        cap_messages=rules.cap.messages if rules.cap else None,
        cap_days=rules.cap.days if rules.cap else None,
        budget=told.budget,
    )
    had, preferred = _had(context, connection, crowd, told.channels, rules, span), _preferred_days(crowd, span)
    found = assign(scores, _costs(crowd, chosen), had, preferred, bounds)
    by = [told.channels[place] for place in channel[found.customer].tolist()]
    frame = _frame(crowd, found, chosen, by, rules, span)
    totals = {
        "actions": frame.height,
        "customers": int(np.unique(found.customer).size),
        "cost": round(float(found.cost.sum()), 2),
        "not_planned": [f"{TYPES[kind].title}: {why}" for kind, why in not_planned.items()],
        "limits": _limits(rules, told, crowd),
        "kinds": _kinds(connection, crowd, found, chosen),
        "days": [(span.first + timedelta(days=n)).isoformat() for n in range(span.days)],
    }
    settings = told.model_dump(mode="json") | {"offers": {kind: crowd.offers.get(kind) for kind in chosen}}
    return Made(frame, settings, totals)


def _not_planned(crowd: Crowd, told: PlanWeekArguments) -> dict[str, str]:
    """Types that are not planned, and why."""
    wanted = told.kinds or list(TYPES)
    left: dict[str, str] = {}
    for kind in wanted:
        if kind not in crowd.rules or not crowd.strength[kind].count():
            left[kind] = "suits nobody at the moment"
        elif TYPES[kind].needs_offer and kind not in crowd.offers:
            left[kind] = f"needs an offer ({TYPES[kind].offers[0].replace('_', ' ')}), and none holds"
    return left | {kind: "was not asked for" for kind in TYPES if kind not in wanted}


def _channel_of_each(crowd: Crowd, channels: Sequence[str]) -> Any:
    """Place among `channels` of the first that each customer can be reached by; -1: none."""
    import numpy as np

    ids = crowd.people["customer_id"].to_numpy()
    found = np.full(ids.size, -1, np.int64)
    for place in reversed(range(len(channels))):
        found[np.isin(ids, np.fromiter(crowd.reach[channels[place]], np.int64))] = place
    return found


def _costs(crowd: Crowd, chosen: Sequence[str]) -> Any:
    """What each type gives each customer at most."""
    import numpy as np

    orders = np.nan_to_num(crowd.people["avg_order_value"].to_numpy(), nan=0.0).clip(0.0)
    costs = np.zeros((crowd.people.height, len(chosen)))
    for place, kind in enumerate(chosen):
        offer = crowd.offers.get(kind)
        if offer and offer["kind"] == "percent":
            costs[:, place] = np.round(orders * float(offer["value"]) / 100, 2)
        elif offer and offer["kind"] != "points":
            costs[:, place] = float(offer["value"] or 0.0)
    return costs


def _had(
    context: Context, connection: Connection, crowd: Crowd, channels: Sequence[str], rules: Rules, span: Span
) -> Any:
    """Messages that count against the cap: had lately, and waiting to go out before the week is over."""
    import numpy as np

    if rules.cap is None:
        return np.zeros(crowd.people.height, np.int64)
    seal = Seal(context.settings, context.identity.org_id)
    dry = all(account_of(connection, channel_named(name), seal).provider.dry for name in channels)
    until = crowd.facts.calendar.start(span.first + timedelta(days=span.days))
    known = planning.messages_of(connection, context.now - rules.cap.window, until, dry=dry, dry_ones=list(dry_ones()))
    return np.array([known.get(customer, 0) for customer in crowd.people["customer_id"].to_list()], np.int64)


def _preferred_days(crowd: Crowd, span: Span) -> Any:
    """Day of the plan on which each usually orders; -1: not known, or not among its days."""
    import numpy as np

    told = crowd.people["preferred_day_of_week"].fill_null(0.0).to_numpy()  # 1: Monday
    weekday = np.where(_has_habits(crowd.people), told, 0.0).astype(np.int64)
    day = (weekday - 1 - span.first.weekday()) % DAYS
    return np.where((weekday >= 1) & (day < span.days), day, -1)


def _has_habits(people: pl.DataFrame) -> Any:
    """Whether somebody ordered often enough that the day and hour of most orders says anything."""
    return (people["orders_all"].fill_null(0.0) >= HABIT).to_numpy()


def _frame(
    crowd: Crowd, found: Actions, chosen: Sequence[str], channels: Sequence[str], rules: Rules, span: Span
) -> pl.DataFrame:
    """The rows of week_actions."""
    import polars as pl

    who, kinds = crowd.people[found.customer], [chosen[place] for place in found.kind.tolist()]
    start, until = _windows(who, kinds, rules)
    known = columns_of(who, crowd.limits)
    texts = dict.fromkeys(("kind", "channel", "reason", "hint"), pl.String)
    return pl.DataFrame(
        {
            "customer_id": who["customer_id"],
            "day": [span.first + timedelta(days=day) for day in found.day.tolist()],
            "kind": kinds,
            "channel": channels,
            "score": found.score,
            "reason": reasons(known, kinds),
            "hint": hints(known, kinds),
            "hour_from": start,
            "hour_until": until,
            "cost": [cost or None for cost in found.cost.tolist()],
        },
        schema_overrides={"day": pl.Date, "cost": pl.Float64, **texts},
    )


def _windows(who: pl.DataFrame, kinds: Sequence[str], rules: Rules) -> tuple[Any, Any]:
    """From and until which hour each message suits; FixArguments where quiet hours leave none."""
    import numpy as np

    from analytics.planning.assignment import hours_allowed, windows

    quiet = (_hours(rules.quiet.start), _hours(rules.quiet.end)) if rules.quiet else None
    allowed = hours_allowed(quiet)
    if not allowed:
        raise FixArguments("Your quiet hours leave no whole hour of the day to send in.", field="week")
    usual = np.array([TYPES[kind].hour for kind in kinds], np.int64)
    hour = np.where(_has_habits(who), who["preferred_hour_of_day"].fill_null(-1.0).to_numpy(), usual)
    start, until = windows(hour.astype(np.int64), allowed)
    return start.astype(np.int16), until.astype(np.int16)


def _hours(at: Any) -> float:
    return float(at.hour + at.minute / 60)


def _limits(rules: Rules, told: PlanWeekArguments, crowd: Crowd) -> list[str]:
    reached = ", ".join(f"{count(len(crowd.reach[name]))} by {channel_named(name).title}" for name in told.channels)
    return [
        f"Only who agreed to the channel and can be reached: {reached}.",
        f"Frequency cap: {rules.cap}." if rules.cap else "Frequency cap: none is set.",
        f"At most {told.most_per_customer} for one customer in the week.",
        f"Quiet hours: {rules.quiet}." if rules.quiet else "Quiet hours: none are set; hours of the day are taken.",
        f"Budget: {amount(told.budget, crowd.currency)}." if told.budget is not None else "Budget: none was given.",
    ]


def _kinds(connection: Connection, crowd: Crowd, found: Actions, chosen: Sequence[str]) -> list[dict[str, Any]]:
    """By type: how many, and what is expected of it."""
    import numpy as np

    measured = measured_effects(connection, crowd.facts.data_as_of)
    kinds = []
    for place, kind in enumerate(chosen):
        who = np.unique(found.customer[found.kind == place])
        if not who.size:
            continue
        group = crowd.people[who]
        mean = group["avg_order_value"].mean()
        yearly = group["expected_orders_12m"].clip(0.0)
        chance = (1.0 - (-yearly * 30 / 365).exp()).mean()
        brings = return_of_type(
            kind,
            measured.get(kind, ()),
            recipients=round(who.size * (1 - HOLDOUT)),
            order_value=_number(mean),
            chance=_number(chance),
            offer=crowd.offers.get(kind),
            currency=crowd.currency,
        )
        kinds.append({"kind": kind, "customers": int(who.size), "expected": brings.model_dump(mode="json")})
    return kinds


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
