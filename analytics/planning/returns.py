"""What a campaign is expected to bring, and on what that rests: measured here, assumed from elsewhere, or nothing.

Effects are additions to the probability to buy within a window. Those measured in campaigns of this organisation are
shrunk: measured by few customers they are noisy, and the largest of several is large by luck too. Model: each campaign
of a type has an effect drawn from Normal(mu, tau²), its measurement adds the standard error; mu ~ Normal(m0, s0²). The
next campaign of the type is predicted by the posterior of mu, plus tau². Gelman et al., Bayesian Data Analysis (2013),
5.4; tau is the prior's as long as fewer than three campaigns tell it, then DerSimonian & Laird's (1986) estimate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["ASSUMED", "SCEPTIC", "Assumption", "Basis", "Effect", "Expected", "Measured", "expected", "return_of"]

Basis = Literal["measured", "assumption", "no evidence"]
Z = 1.959964


@dataclass(frozen=True, slots=True)
class Measured:
    """An effect measured with a control group: added probability to buy, and its standard error."""

    effect: float
    error: float
    campaign: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """A belief before anything was measured here: mean and spread of mu, spread between campaigns, where it is from."""

    mean: float
    spread: float
    between: float
    source: str


SCEPTIC: Final = Assumption(0.0, 0.02, 0.01, "")
"""Nothing is known: effects of campaigns are mostly small, a few points at the most."""
ASSUMED: Final[Mapping[str, Assumption]] = {
    "category_promotion": Assumption(
        0.0055,
        0.004,
        0.003,
        "an email with merchandise to customers of one US shop who had bought within the year added 0.4 and 0.7 "
        "percentage points to those who buy within two weeks (MineThatData e-mail challenge, 2008)",
    ),
}
"""What is published of a type elsewhere: an assumption here, and told as one."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect expected of the next campaign, with its 95% interval, and what it rests on."""

    mean: float
    low: float
    high: float
    basis: Basis
    source: str
    campaigns: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What a campaign is expected to bring: orders more than without it, and money after what is given away."""

    buyers: float
    revenue: float
    low: float
    high: float
    given_away: float


def expected(kind: str, measured: Sequence[Measured]) -> Effect | None:
    """The effect of the next campaign of a type; None where nothing is known of it."""
    known = [one for one in measured if one.error > 0 and math.isfinite(one.effect)]
    belief = ASSUMED.get(kind)
    if not known:
        if belief is None:
            return None
        spread = math.hypot(belief.spread, belief.between)
        return Effect(belief.mean, belief.mean - Z * spread, belief.mean + Z * spread, "assumption", belief.source, 0)
    prior = belief or SCEPTIC
    between = max(_between(known), 0.0) if len(known) >= 3 else prior.between
    weights = [1 / (one.error**2 + between**2) for one in known]
    precision = 1 / prior.spread**2 + sum(weights)
    mean = (
        prior.mean / prior.spread**2 + sum(w * one.effect for w, one in zip(weights, known, strict=True))
    ) / precision
    spread = math.sqrt(1 / precision + between**2)
    names = ", ".join(one.campaign for one in known[:3]) + (" and others" if len(known) > 3 else "")
    return Effect(mean, mean - Z * spread, mean + Z * spread, "measured", names, len(known))


def _between(known: Sequence[Measured]) -> float:
    """The spread between campaigns: the method of moments of DerSimonian & Laird."""
    weights = [1 / one.error**2 for one in known]
    total = sum(weights)
    centre = sum(w * one.effect for w, one in zip(weights, known, strict=True)) / total
    q = sum(w * (one.effect - centre) ** 2 for w, one in zip(weights, known, strict=True))
    scale = total - sum(w**2 for w in weights) / total
    return math.sqrt(max(0.0, (q - (len(known) - 1)) / scale)) if scale > 0 else 0.0


def return_of(
    effect: Effect, *, recipients: int, order_value: float, chance: float, share_off: float, amount_off: float
) -> Expected:
    """What so many recipients are expected to bring. `chance` is the probability to buy without the campaign.

    Whoever buys uses the offer, also those who would have bought anyway: given away = (chance + effect) × recipients ×
    (share_off × order value + amount_off). Revenue = effect × recipients × order value − given away.
    """
    each = share_off * order_value + amount_off

    def money(lift: float) -> tuple[float, float]:
        bought = min(max(chance + lift, 0.0), 1.0) * recipients
        return lift * recipients * order_value - bought * each, bought * each

    revenue, given = money(effect.mean)
    return Expected(effect.mean * recipients, revenue, money(effect.low)[0], money(effect.high)[0], given)
