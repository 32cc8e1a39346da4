"""Orders: a BG/NBD process in business time, the planted extra orders of the win-back, values, channels, refunds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from connectors.sources.demo.arrays import (
    Bools,
    Floats,
    Ints,
    decoded,
    generator,
    instants,
    money,
    numbered,
    rank_within,
    sorted_uniforms,
)
from connectors.sources.demo.campaigns import (
    CHANNELS,
    DIRECT,
    EMAIL,
    MAIL_ATTRIBUTION_DAYS,
    ORGANIC,
    PAID,
    REFERRAL,
    SMS,
    SMS_ATTRIBUTION_DAYS,
    Campaigns,
)
from connectors.sources.demo.customers import CITIES, COUNTRIES, NEVER, People, customer_ids
from connectors.sources.demo.demand import Demand
from connectors.sources.demo.lines import Lines, draw_lines
from connectors.sources.demo.truth import Truth

BASE_CHANNELS = np.array([ORGANIC, DIRECT, REFERRAL, EMAIL])
BASE_CUMULATED = np.array([0.30, 0.56, 0.62, 1.0])
DISCOUNTS = np.array([0.05, 0.10, 0.15, 0.20])


@dataclass(frozen=True, slots=True, eq=False)
class Winback:
    """The randomised campaign: rows of the audience, their arm, and each one's true added chance to buy."""

    owner: Ints
    treated: Bools
    lift: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """Purchases of one chunk, grouped by customer and ascending in time, and who left when (infinity: still there)."""

    owner: Ints
    at: Floats
    rank: Ints
    channel: Ints
    campaign: Ints
    city: Ints
    cents: Ints
    discount_cents: Ints
    lines: Lines
    refunded_at: Floats
    """Infinity where the order was kept."""
    left: Floats
    winback: Winback


def draw_orders(truth: Truth, demand: Demand, campaigns: Campaigns, people: People, seed: int, chunk: int) -> Orders:
    """All purchases of a chunk of customers."""
    rng = generator(seed, "orders", chunk)
    owner, at, left = _purchases(truth, demand, people, rng)
    winback, extra_owner, extra_at = _winback(truth, campaigns, people, owner, at, left, rng)
    planted = np.concatenate([np.zeros(owner.size, bool), np.ones(extra_owner.size, bool)])
    owner, at = np.concatenate([owner, extra_owner]), np.concatenate([at, extra_at])
    order = np.lexsort((at, owner))
    owner, at, planted = owner[order], at[order], planted[order]
    channel, campaign = _channels(demand, campaigns, people, owner, at, rng)
    channel[planted], campaign[planted] = EMAIL, campaigns.lift
    value = rng.gamma(truth.buying.p, people.value_scale[owner])
    rate = _discount_rate(truth, campaigns, people, owner, at, campaign, rng)
    lines = draw_lines(people, owner, value, rate, generator(seed, "items", chunk))
    cents = lines.order_sum(lines.cents, owner.size)
    discount = np.rint(cents / (1 - rate) - cents).astype(np.int64)
    refunded = at + rng.uniform(2, 20, at.size)
    kept = (rng.random(at.size) >= truth.refund_rate) | (refunded >= truth.span_days)
    return Orders(
        owner, at, rank_within(owner, people.size), channel, campaign, people.cities_near(owner, rng), cents, discount,
        lines, np.where(kept, NEVER, refunded), left, winback,
    )  # fmt: skip


def _purchases(truth: Truth, demand: Demand, people: People, rng: np.random.Generator) -> tuple[Ints, Floats, Floats]:
    # Given that nobody leaves, repeat orders are a Poisson process in business time; leaving cuts it after the first
    # tails of a coin flipped at each repeat order, so the whole chunk needs no loop.
    begin = demand.business(people.clock, people.joined + people.offset)
    length = demand.business(people.clock, truth.span_days + people.offset) - begin
    counts = rng.poisson(people.rate * np.maximum(length, 0.0))
    last = rng.geometric(np.maximum(people.dropout, 1e-12))
    owner, share = sorted_uniforms(rng, counts)
    rank = rank_within(owner, people.size)
    at = demand.calendar(people.clock[owner], begin[owner] + share * length[owner]) - people.offset[owner]
    at = np.minimum(at, truth.span_days - 1e-4)
    left = np.full(people.size, NEVER)
    final = rank == last[owner] - 1
    left[owner[final]] = at[final]
    stays = (rank < last[owner]) & ~people.prospect[owner]
    left[people.prospect] = NEVER
    first = np.flatnonzero(~people.prospect)
    return np.concatenate([first, owner[stays]]), np.concatenate([people.joined[first], at[stays]]), left


def _winback(
    truth: Truth, campaigns: Campaigns, people: People, owner: Ints, at: Floats, left: Floats, rng: np.random.Generator
) -> tuple[Winback, Ints, Floats]:
    sent = campaigns.started[campaigns.lift]
    known = np.bincount(owner[at < sent - truth.lift_silent_days], minlength=people.size) > 0
    recent = np.bincount(owner[(at >= sent - truth.lift_silent_days) & (at < sent)], minlength=people.size) > 0
    later = np.bincount(owner[(at >= sent) & (at < sent + truth.lift_window_days)], minlength=people.size) > 0
    # Those who unsubscribe never belong to the audience: the mailing calendar would have to know both at once.
    reachable = people.consent_email & (people.mails_read > campaigns.mail.size)
    audience = np.flatnonzero(known & ~recent & reachable)
    chance = truth.lift_floor + truth.lift_per_price_sensitivity * people.price_sensitivity
    lift = np.where((left > sent) & ~later, chance, 0.0)[audience]
    treated = rng.random(audience.size) < 0.5
    buys = treated & (rng.random(audience.size) < lift)
    delay = np.minimum(0.1 + rng.exponential(6.0, audience.size), truth.lift_window_days - 0.5)
    return Winback(audience, treated, lift), audience[buys], sent + delay[buys]


def _channels(
    demand: Demand, campaigns: Campaigns, people: People, owner: Ints, at: Floats, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    day = demand.day_of(at)
    channel = drawn_channels(demand, at, rng)
    campaign = np.full(owner.size, -1, np.int64)
    paid = channel < PAID
    campaign[paid] = campaigns.paid[channel[paid], day[paid]]
    mailed = np.flatnonzero(channel == EMAIL)
    issue = latest_mailing(campaigns, people, owner[mailed], at[mailed])
    campaign[mailed] = np.where(issue >= 0, campaigns.mail[issue], -1)
    channel[mailed] = np.where(issue >= 0, EMAIL, DIRECT)
    direct = np.flatnonzero((channel == DIRECT) & (rng.random(owner.size) < 0.5))
    text = latest_text(campaigns, people, owner[direct], at[direct])
    campaign[direct] = np.where(text >= 0, campaigns.sms[text], -1)
    channel[direct] = np.where(text >= 0, SMS, DIRECT)
    return channel, campaign


def drawn_channels(demand: Demand, at: Floats, rng: np.random.Generator) -> Ints:
    """The channel behind each moment of demand: paid ones by their share of the day, else one of the free ones."""
    day = demand.day_of(at)
    draw = rng.random(at.size)
    channel = np.zeros(at.size, np.int64)
    for reach in np.cumsum(demand.shares, axis=0):
        channel += draw >= reach[day]
    base = channel == PAID
    channel[base] = BASE_CHANNELS[np.searchsorted(BASE_CUMULATED, rng.random(int(base.sum())))]
    return channel


def latest_mailing(campaigns: Campaigns, people: People, owner: Ints, at: Floats) -> Ints:
    """Number of the mailing the customer got within the last week, or -1."""
    times = campaigns.started[campaigns.mail]
    issue = np.searchsorted(times, at - 0.02) - 1
    got = (issue >= 0) & (people.created[owner] < times[issue]) & (issue < people.mails_read[owner])
    return np.where(got & (at - times[issue] < MAIL_ATTRIBUTION_DAYS), issue, -1)


def latest_text(campaigns: Campaigns, people: People, owner: Ints, at: Floats) -> Ints:
    """Number of the text message the customer got within the last three days, or -1."""
    times = campaigns.started[campaigns.sms]
    issue = np.searchsorted(times, at - 0.02) - 1
    got = (issue >= 0) & (people.created[owner] < times[issue]) & people.consent_sms[owner]
    return np.where(got & (at - times[issue] < SMS_ATTRIBUTION_DAYS), issue, -1)


def _discount_rate(
    truth: Truth,
    campaigns: Campaigns,
    people: People,
    owner: Ints,
    at: Floats,
    campaign: Ints,
    rng: np.random.Generator,
) -> Floats:
    offers = np.array([kind in ("discount", "re_engagement", "cashback") for kind in campaigns.kinds])
    offered = (campaign >= 0) & offers[campaign]
    drifted = people.drifting[owner] & (at >= truth.span_days - truth.drift_days)
    chance = 0.05 + 0.55 * people.price_sensitivity[owner] + 0.35 * offered + truth.drift_discount * drifted
    rate = DISCOUNTS[rng.integers(0, DISCOUNTS.size, owner.size)]
    return np.where(rng.random(owner.size) < chance, rate, 0.0)


def order_ids(people: People, orders: Orders) -> pl.Series:
    """External identifiers: customer and running number."""
    head = numbered("head", "O", people.number + 1, 7).gather(orders.owner)
    return (head + numbered("tail", "-", orders.rank + 1, 3)).alias("order_id")


def orders_table(truth: Truth, people: People, orders: Orders, ids: pl.Series) -> pl.DataFrame:
    """order_id, customer_id, ordered_at, revenue, discount, quantity, channel, country, city, is_refund, refund_of.

    Revenue is what was charged, after discount; a refund is a row of its own with negative revenue and quantity.
    """
    bought = pl.DataFrame(
        [
            ids,
            customer_ids(people).gather(orders.owner),
            instants("ordered_at", truth.start, orders.at),
            money("revenue", orders.cents),
            money("discount", orders.discount_cents),
            pl.Series("quantity", orders.lines.order_sum(orders.lines.quantity, orders.owner.size)),
            decoded("channel", CHANNELS, orders.channel),
            decoded("country", COUNTRIES, people.country[orders.owner]),
            decoded("city", CITIES, orders.city),
            pl.Series("is_refund", np.zeros(orders.owner.size, bool)),
            pl.Series("refund_of", [None], dtype=pl.String).new_from_index(0, orders.owner.size),
        ]
    )
    back = np.isfinite(orders.refunded_at)
    returned = bought.filter(pl.Series(back)).with_columns(
        (pl.col("order_id") + "R").alias("order_id"),
        instants("ordered_at", truth.start, orders.refunded_at[back]),
        -pl.col("revenue"),
        pl.lit(0.0).alias("discount"),
        -pl.col("quantity"),
        pl.lit(True).alias("is_refund"),
        pl.col("order_id").alias("refund_of"),
    )
    return pl.concat([bought, returned])


def assignments_table(truth: Truth, campaigns: Campaigns, people: People, winback: Winback) -> pl.DataFrame:
    """customer_id, campaign_id, arm, assigned_at of the campaign with a randomised holdout."""
    size = winback.owner.size
    return pl.DataFrame(
        [
            customer_ids(people).gather(winback.owner),
            pl.Series("campaign_id", [truth.lift_campaign_id]).new_from_index(0, size),
            decoded("arm", ("control", "treatment"), winback.treated.astype(np.int64)),
            instants("assigned_at", truth.start, np.full(size, campaigns.started[campaigns.lift])),
        ]
    )
