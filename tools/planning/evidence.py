"""What the campaigns of this organisation have shown by type, and what the next one is expected to bring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from database.queries import experiments
from language.format import count, money, points
from tools.figures import figure, share
from tools.figures import money as cents

if TYPE_CHECKING:
    from analytics.planning.returns import Measured

__all__ = ["Return", "measured_effects", "return_in_words", "return_of_type"]

WINDOW = timedelta(days=30)
SMALLEST_ARM, FEWEST_BUYERS, MOST_TRIALS = 30, 5, 40


class Return(BaseModel):
    """What a campaign is expected to bring, and on what that rests."""

    basis: Literal["measured", "assumption", "no evidence"] = figure(
        "Basis",
        "measured: own campaigns with a control group; assumption: published elsewhere; no evidence: no figure.",
    )
    lift: float | None = figure("Lift", "Added probability to buy within 30 days.", unit="share")
    lift_low: float | None = figure("Lift, low", "Lower end of its 95% interval.", unit="share")
    lift_high: float | None = figure("Lift, high", "Upper end of its 95% interval.", unit="share")
    buyers: float | None = figure("Extra buyers", "Customers more who buy.", unit="customers")
    revenue: float | None = figure("Expected return", "Their orders, less what is given away.", unit="money")
    revenue_low: float | None = figure("Return, low", "At the lower end of the lift.", unit="money")
    revenue_high: float | None = figure("Return, high", "At the upper end of the lift.", unit="money")
    given_away: float | None = figure("Given away", "What the offer takes off, of all who buy.", unit="money")
    campaigns: int = figure("Own campaigns", "Campaigns of this type that were measured here.", unit="campaigns")
    words: str = Field(description="The same in a sentence, with its basis.")


UNKNOWN = Return(
    basis="no evidence",
    lift=None,
    lift_low=None,
    lift_high=None,
    buyers=None,
    revenue=None,
    revenue_low=None,
    revenue_high=None,
    given_away=None,
    campaigns=0,
    words="No evidence yet: no campaign of this type with a control group has been measured here; its holdout will.",
)


def measured_effects(connection: Connection, until: datetime) -> dict[str, list[Measured]]:
    """Effects on buying within 30 days by type of campaign, of those with a control group whose window is over."""
    from analytics.planning.returns import Measured
    from analytics.uplift.effects import difference_in_means

    found: dict[str, list[Measured]] = defaultdict(list)
    for trial in experiments.trials(connection)[:MOST_TRIALS]:
        over = trial.started_at + WINDOW <= until
        if trial.kind is None or not over or min(trial.treated, trial.control) < SMALLEST_ARM:
            continue
        start = trial.started_at
        rows = experiments.outcomes(connection, trial.campaign_id, before=start, start=start, end=start + WINDOW)
        if sum(row.bought for row in rows) < FEWEST_BUYERS:
            continue
        effect = difference_in_means([float(row.bought) for row in rows], [row.treated for row in rows])
        found[trial.kind].append(Measured(effect.difference, effect.standard_error, trial.name))
    return dict(found)


def return_of_type(
    kind: str,
    measured: Sequence[Measured],
    *,
    recipients: int,
    order_value: float | None,
    chance: float | None,
    offer: Mapping[str, Any] | None,
    currency: str,
) -> Return:
    """What so many recipients of a type are expected to bring; without evidence, or an order value, no figure."""
    from analytics.planning.returns import expected, return_of

    effect = expected(kind, measured)
    if effect is None or not order_value or not recipients:
        return UNKNOWN
    value = float(offer["value"] or 0) if offer else 0.0
    brings = return_of(
        effect,
        recipients=recipients,
        order_value=order_value,
        chance=chance or 0.0,
        share_off=value / 100 if offer and offer["kind"] == "percent" else 0.0,
        amount_off=value if offer and offer["kind"] in ("amount", "cashback", "free_item") else 0.0,
    )
    found = Return(
        basis=effect.basis,
        lift=share(effect.mean),
        lift_low=share(effect.low),
        lift_high=share(effect.high),
        buyers=round(brings.buyers, 1),
        revenue=cents(brings.revenue),
        revenue_low=cents(brings.low),
        revenue_high=cents(brings.high),
        given_away=cents(brings.given_away),
        campaigns=effect.campaigns,
        words="",
    )
    return found.model_copy(update={"words": return_in_words(found, effect.source, currency)})


def return_in_words(found: Return, source: str, currency: str) -> str:
    """A sentence with the figure, its interval and its basis."""
    after = " after what is given away" if found.given_away else ""
    much = (
        f"About {count(found.buyers)} more buyers and {money(found.revenue, currency)}{after} "
        f"({money(found.revenue_low, currency)} to {money(found.revenue_high, currency)}; {points(found.lift)} on "
        "those who buy within 30 days)"
    )
    if found.basis == "measured":
        which = "1 own campaign" if found.campaigns == 1 else f"{found.campaigns} own campaigns"
        return f"{much}: measured in {which} with a control group ({source}), shrunk for how few that are."
    return f"{much}. That is an assumption, not measured here: {source}."
