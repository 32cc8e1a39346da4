"""Campaigns: what runs when, and the daily tables of campaigns and channels.

Paid channels run one campaign a quarter, so that every day's spend belongs to exactly one campaign. What the daily
tables call conversions and revenue is counted from the generated orders, never drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from connectors.sources.demo.arrays import Floats, Ints, decoded, generator, instants, money
from connectors.sources.demo.demand import Demand
from connectors.sources.demo.names import mailing_title, paid_title, text_title
from connectors.sources.demo.truth import Truth

CHANNELS = ("paid_search", "paid_social", "video", "affiliate", "organic", "direct", "referral", "email", "sms")
Row = tuple[str, str, int, str, float, float, str, float]
PAID = 4
ORGANIC, DIRECT, REFERRAL, EMAIL, SMS = range(PAID, len(CHANNELS))
MAIL_KINDS = ("category_promotion", "loyalty", "discount", "location_based", "spending_milestone", "vip")
MAIL_ATTRIBUTION_DAYS, SMS_ATTRIBUTION_DAYS = 7.0, 3.0
MAIL_COST, SMS_COST = 0.001, 0.04
QUARTER_DAYS = 91
CLICKS_PER_ORDER = 8
"""A paid channel never reports fewer clicks than this many for an order."""


@dataclass(frozen=True, slots=True, eq=False)
class Campaigns:
    """All campaigns of the shop, in columns; times in days since the start. `lift` is the row of the planted one."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    channel: Ints
    kinds: tuple[str, ...]
    started: Floats
    ended: Floats
    audiences: tuple[str, ...]
    budget: Floats
    mail: Ints
    """Rows sent by email to all subscribers, in order of time (without the planted one)."""
    sms: Ints
    paid: Ints
    """Row per paid channel (rows) and day (columns)."""
    lift: int


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Counts per campaign and day, and per paid channel and day, that grow as chunks of customers go by."""

    clicks: Ints
    reached: Ints
    orders: Ints
    cents: Ints
    paid_orders: Ints
    paid_cents: Ints

    @classmethod
    def empty(cls, campaigns: Campaigns, days: int) -> Tally:
        """All zero."""
        tables = [np.zeros((len(campaigns.ids), days), np.int64) for _ in range(4)]
        return cls(*tables, *(np.zeros((PAID, days), np.int64) for _ in range(2)))


def add_at(table: Ints, row: Ints, day: Ints, amount: Ints | None = None) -> None:
    """Add 1, or `amount`, to table[row, day] for every row given; negative rows are left out."""
    known = row >= 0
    flat = row[known] * table.shape[1] + day[known]
    weights = None if amount is None else amount[known].astype(np.float64)
    table += np.bincount(flat, weights, minlength=table.size).astype(np.int64).reshape(table.shape)


def plan_campaigns(truth: Truth, demand: Demand, customers: int) -> Campaigns:
    """The shop's calendar: paid quarters, a mailing a month, a text message a quarter, the planted win-back."""
    rows: list[Row] = []
    span = int(truth.span_days)
    paid = np.zeros((PAID, demand.days), np.int64)
    for channel in range(PAID):
        for quarter, day in enumerate(range(0, span, QUARTER_DAYS), start=1):
            until = min(day + QUARTER_DAYS, demand.days)
            paid[channel, day:] = len(rows)
            title = paid_title(CHANNELS[channel], quarter)
            budget = float(np.round(demand.spend[channel, day:until].sum() * 1.05, -1))
            name = f"CMP-{CHANNELS[channel].upper()}-{quarter:02d}"
            rows.append((name, title, channel, "category_promotion", day, until, "everyone", budget))
    mail = _add_mailings(rows, span, customers)
    sms = _add_texts(rows, span, customers)
    sent = (truth.lift_sent_at - truth.start) / timedelta(days=1)
    title = "We saved something for you (win-back with holdout)"
    audience = f"silent for {truth.lift_silent_days} days"
    rows.append(
        (
            truth.lift_campaign_id,
            title,
            EMAIL,
            "re_engagement",
            sent,
            sent + truth.lift_window_days,
            audience,
            customers * 0.01,
        )
    )
    ids, names, channels, kinds, started, ended, audiences, budgets = zip(*rows, strict=True)
    return Campaigns(
        ids, names, np.array(channels, np.int64), kinds, np.array(started, np.float64), np.array(ended, np.float64),
        audiences, np.array(budgets), mail, sms, paid, len(rows) - 1,
    )  # fmt: skip


def _add_mailings(rows: list[Row], span: int, customers: int) -> Ints:
    first = len(rows)
    for issue, day in enumerate(range(20, span - 2, 30), start=1):
        kind = MAIL_KINDS[issue % len(MAIL_KINDS)]
        sent = day + 10 / 24
        rows.append(
            (
                f"CMP-MAIL-{issue:02d}",
                mailing_title(kind, issue),
                EMAIL,
                kind,
                sent,
                sent + MAIL_ATTRIBUTION_DAYS,
                "subscribers",
                customers * 0.002,
            )
        )
    return np.arange(first, len(rows), dtype=np.int64)


def _add_texts(rows: list[Row], span: int, customers: int) -> Ints:
    first = len(rows)
    for issue, day in enumerate(range(60, span - 2, QUARTER_DAYS), start=1):
        sent = day + 15 / 24
        rows.append(
            (
                f"CMP-SMS-{issue:02d}",
                text_title(issue),
                SMS,
                "cashback",
                sent,
                sent + SMS_ATTRIBUTION_DAYS,
                "text subscribers",
                customers * 0.02,
            )
        )
    return np.arange(first, len(rows), dtype=np.int64)


def campaigns_table(campaigns: Campaigns, truth: Truth) -> pl.DataFrame:
    """campaign_id, name, channel, kind, started_at, ended_at, budget, audience."""
    return pl.DataFrame(
        [
            pl.Series("campaign_id", campaigns.ids),
            pl.Series("name", campaigns.names),
            decoded("channel", CHANNELS, campaigns.channel),
            pl.Series("kind", campaigns.kinds),
            instants("started_at", truth.start, campaigns.started),
            instants("ended_at", truth.start, campaigns.ended),
            pl.Series("budget", np.round(campaigns.budget, 2)),
            pl.Series("audience", campaigns.audiences),
        ]
    )


@dataclass(frozen=True, slots=True, eq=False)
class PaidTraffic:
    """Clicks and impressions of the paid channels, one row a channel, one column a whole day before the end."""

    clicks: Ints
    impressions: Ints


def paid_traffic(truth: Truth, demand: Demand, tally: Tally, seed: int) -> PaidTraffic:
    """Clicks bought with the spend, never fewer than the counted orders need, and the impressions behind them."""
    rng = generator(seed, "campaigns")
    days = int(truth.span_days)
    cost = np.array([c.click_cost for c in truth.channels])[:, None]
    rate = np.array([c.click_rate for c in truth.channels])[:, None]
    orders = tally.paid_orders[:, :days]
    clicks = np.maximum(rng.poisson(demand.spend[:, :days] / cost), orders * CLICKS_PER_ORDER)
    impressions = clicks + rng.poisson(clicks * (1 / rate - 1))
    return PaidTraffic(clicks.astype(np.int64), impressions.astype(np.int64))


def channel_spend_table(truth: Truth, demand: Demand, tally: Tally, traffic: PaidTraffic) -> pl.DataFrame:
    """day, channel, spend, impressions, clicks, conversions, revenue; whole days before the end."""
    days = traffic.clicks.shape[1]
    day = np.tile(np.arange(days), PAID)
    return pl.DataFrame(
        [
            _dates(truth, day),
            decoded("channel", CHANNELS, np.repeat(np.arange(PAID, dtype=np.int64), days)),
            pl.Series("spend", demand.spend[:, :days].ravel()),
            pl.Series("impressions", traffic.impressions.ravel()),
            pl.Series("clicks", traffic.clicks.ravel()),
            pl.Series("conversions", tally.paid_orders[:, :days].ravel()),
            money("revenue", tally.paid_cents[:, :days].ravel()),
        ]
    ).sort("day", "channel")


def campaign_daily_table(
    truth: Truth, demand: Demand, campaigns: Campaigns, tally: Tally, traffic: PaidTraffic
) -> pl.DataFrame:
    """campaign_id, day, impressions, clicks, conversions, cost, revenue; days on which something happened.

    Impressions of email and text campaigns are the messages sent.
    """
    days = traffic.clicks.shape[1]
    clicks, impressions = tally.clicks[:, :days].copy(), tally.reached[:, :days].copy()
    unit = np.where(campaigns.channel == EMAIL, MAIL_COST, np.where(campaigns.channel == SMS, SMS_COST, 0.0))
    cost = np.round(impressions * unit[:, None], 2)
    day = np.arange(days)
    for channel in range(PAID):
        row = campaigns.paid[channel, :days]
        clicks[row, day], impressions[row, day] = traffic.clicks[channel], traffic.impressions[channel]
        cost[row, day] = demand.spend[channel, :days]
    orders, cents = tally.orders[:, :days], tally.cents[:, :days]
    row, column = np.nonzero((clicks + impressions + orders > 0) | (cost > 0))
    return pl.DataFrame(
        [
            decoded("campaign_id", campaigns.ids, row),
            _dates(truth, column),
            pl.Series("impressions", impressions[row, column]),
            pl.Series("clicks", clicks[row, column]),
            pl.Series("conversions", orders[row, column]),
            pl.Series("cost", cost[row, column]),
            money("revenue", cents[row, column]),
        ]
    )


def _dates(truth: Truth, day: Ints) -> pl.Series:
    first = (truth.start.date() - date(1970, 1, 1)).days
    return pl.Series("day", day + first).cast(pl.Int32).cast(pl.Date)
