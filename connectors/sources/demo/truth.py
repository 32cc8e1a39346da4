"""What is planted in the demo shop, as data, so that a test can ask whether an analysis found it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

HISTORY_DAYS = 1096
"""Length of the shop's history in days: three years with one leap day."""

CRISIS_ASPECTS = ("product_quality", "delivery_logistics")


@dataclass(frozen=True, slots=True)
class BuyingProcess:
    """BG/NBD and Gamma-Gamma parameters; time in days of mean demand, money per order.

    Rates are gamma(shape r, rate alpha), drop-out after each repeat order is beta(a, b); an order's value is
    gamma(p, nu) with nu gamma(q, gamma). Sources: Fader, Hardie & Lee 2005; Fader & Hardie 2013.
    """

    r: float = 0.8
    alpha: float = 60.0
    a: float = 0.8
    b: float = 3.0
    p: float = 6.0
    q: float = 4.0
    gamma: float = 25.0

    @property
    def mean_order_value(self) -> float:
        """Population mean of the order value, p * gamma / (q - 1)."""
        return self.p * self.gamma / (self.q - 1)


@dataclass(frozen=True, slots=True)
class ChannelEffect:
    """How one paid channel's spend moves demand.

    `x` is the day's spend over `daily_spend`; the stock is (1 - decay) * sum(decay^k * x[t - k]); the effect, in
    multiples of the base demand, is coefficient * (1 - exp(-saturation * stock)) / (1 + exp(-saturation * stock)).
    """

    channel: str
    coefficient: float
    decay: float
    saturation: float
    daily_spend: float
    """Mean spend a day, per customer of the shop's final size."""
    click_cost: float
    click_rate: float


CHANNEL_EFFECTS = (
    ChannelEffect("paid_search", 0.45, 0.20, 1.6, 0.0075, 0.55, 0.035),
    ChannelEffect("paid_social", 0.50, 0.55, 1.2, 0.0060, 0.40, 0.011),
    ChannelEffect("video", 0.40, 0.80, 1.0, 0.0040, 0.70, 0.006),
    ChannelEffect("affiliate", 0.15, 0.30, 2.0, 0.0015, 0.30, 0.020),
)


@dataclass(frozen=True, slots=True)
class Truth:
    """Every planted parameter and window of a shop that ends at `end` (aware, UTC)."""

    end: datetime
    buying: BuyingProcess = field(default_factory=BuyingProcess)
    channels: tuple[ChannelEffect, ...] = CHANNEL_EFFECTS
    refund_rate: float = 0.03
    prospect_share: float = 0.06
    """Customers who registered and never bought."""
    lift_campaign_id: str = "CMP-WINBACK"
    lift_window_days: int = 30
    lift_silent_days: int = 60
    lift_floor: float = 0.05
    lift_per_price_sensitivity: float = 0.30
    """Treated customers still there who would not have bought buy with probability floor + this * sensitivity."""
    drift_country: str = "Netherlands"
    drift_days: int = 60
    drift_demand: float = 0.25
    """Demand of the drifting country over its own before, in its last `drift_days`."""
    drift_discount: float = 0.45
    """Added to the probability of a discounted order in the drifting country, in the same days."""
    weekend_lovers: float = 0.10
    """Share of customers who shop at weekends, ten times as readily as on other days."""
    specialists: float = 0.20
    """Share of customers who keep to one category."""
    roaming: float = 0.20
    """Share of customers who order from all over their country. The three habits are independent of each other."""
    crisis_share: float = 0.12
    """Share of all mentions that fall into the crisis window."""

    @property
    def start(self) -> datetime:
        """Midnight UTC of the first day of the history."""
        first = self.end - timedelta(days=HISTORY_DAYS)
        return first.replace(hour=0, minute=0, second=0, microsecond=0)

    @property
    def span_days(self) -> float:
        """From start to end, in days."""
        return (self.end - self.start) / timedelta(days=1)

    @property
    def lift_sent_at(self) -> datetime:
        """When the campaign with the known lift went out: 75 days before the end, 10:00 UTC."""
        return (self.end - timedelta(days=75)).replace(hour=10, minute=0, second=0, microsecond=0)

    @property
    def drift_start(self) -> datetime:
        """From here on the drifting country behaves differently."""
        return self.end - timedelta(days=self.drift_days)

    @property
    def crisis_start(self) -> datetime:
        """First instant of the product-quality crisis."""
        return self.end - timedelta(days=40)

    @property
    def crisis_end(self) -> datetime:
        """End of the product-quality crisis (exclusive)."""
        return self.end - timedelta(days=19)
