"""Events: shopping sessions, browsing that leads nowhere, and what happens to emails and text messages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from connectors.sources.demo.arrays import (
    MINUTE,
    Bools,
    Floats,
    Ints,
    decoded,
    generator,
    instants,
    numbered,
    rank_within,
    sorted_uniforms,
)
from connectors.sources.demo.campaigns import CHANNELS, DIRECT, EMAIL, PAID, SMS, Campaigns, Tally, add_at
from connectors.sources.demo.customers import People, customer_ids
from connectors.sources.demo.demand import Demand
from connectors.sources.demo.orders import Orders, drawn_channels
from connectors.sources.demo.products import CATEGORY_NAMES
from connectors.sources.demo.truth import Truth
from core.event_kinds import EVENT_KINDS

KIND = {name: code for code, name in enumerate(EVENT_KINDS)}
BROWSING = 1.1
"""Visits without an order, per expected order."""
LINGERING_DAYS = 20.0
"""Mean business time a customer who left keeps visiting."""
BOUNCE_RATE = 0.008


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Events in columns; `order` is the row of the chunk's orders, `campaign` that of the campaigns, -1 for none."""

    owner: Ints
    at: Floats
    kind: Ints
    channel: Ints
    campaign: Ints
    order: Ints

    def where(self, mask: Bools) -> Events:
        """The events of the mask."""
        return Events(*(getattr(self, name)[mask] for name in self.__slots__))

    def sorted(self) -> Events:
        """By customer, then time."""
        rank = np.argsort(self.owner * 4096.0 + self.at, kind="stable")
        return Events(*(getattr(self, name)[rank] for name in self.__slots__))


def joined_events(parts: list[Events]) -> Events:
    """One block out of many."""
    return Events(*(np.concatenate([getattr(part, name) for part in parts]) for name in Events.__slots__))


def draw_events(
    truth: Truth, demand: Demand, campaigns: Campaigns, people: People, orders: Orders, seed: int, chunk: int
) -> Events:
    """All events of a chunk before the end, by customer and time."""
    rng = generator(seed, "events", chunk)
    winback = np.zeros((people.size, 1), bool)
    winback[orders.winback.owner[orders.winback.treated], 0] = True
    times = campaigns.started[campaigns.mail]
    mailed = (people.created[:, None] < times) & (np.arange(times.size) < people.mails_read[:, None])
    texted = (people.created[:, None] < campaigns.started[campaigns.sms]) & people.consent_sms[:, None]
    mail_rows = np.append(campaigns.mail, campaigns.lift)
    events = joined_events(
        [
            *_sessions(orders, rng),
            *_browsing(truth, demand, people, orders, rng),
            *_mails(people, orders, campaigns, mail_rows, np.hstack([mailed, winback]), rng),
            *_texts(people, orders, campaigns, texted, rng),
        ]
    )
    return events.where(events.at < truth.span_days).sorted()


def _block(kind: str, owner: Ints, at: Floats, channel: Ints, campaign: Ints, order: Ints | None = None) -> Events:
    none = np.full(owner.size, -1, np.int64)
    return Events(owner, at, np.full(owner.size, KIND[kind]), channel, campaign, none if order is None else order)


def _sessions(orders: Orders, rng: np.random.Generator) -> list[Events]:
    row = np.arange(orders.owner.size, dtype=np.int64)
    length = rng.uniform(5, 15, row.size) * MINUTE
    steps = (("visit", 1.0, 1.0), ("product_view", 0.8, 0.6), ("cart", 0.4, 1.0), ("checkout", 0.2, 1.0))
    blocks = [_block("purchase", orders.owner, orders.at, orders.channel, orders.campaign, row)]
    for kind, before, chance in steps:
        some = rng.random(row.size) < chance
        at = orders.at[some] - before * length[some]
        channel, campaign = orders.channel[some], orders.campaign[some]
        blocks.append(_block(kind, orders.owner[some], at, channel, campaign, row[some]))
    return blocks


def _browsing(truth: Truth, demand: Demand, people: People, orders: Orders, rng: np.random.Generator) -> list[Events]:
    begin = demand.business(people.clock, people.joined + people.offset)
    end = demand.business(people.clock, truth.span_days + people.offset)
    lingers = demand.business(people.clock, orders.left + people.offset) + rng.exponential(LINGERING_DAYS, people.size)
    until = np.minimum(end, np.where(people.prospect, begin + 30.0, np.where(np.isfinite(orders.left), lingers, end)))
    rate = np.where(people.prospect, 0.08, BROWSING * people.rate)
    length = np.maximum(until - begin, 0.0)
    owner, share = sorted_uniforms(rng, rng.poisson(rate * length))
    at = demand.calendar(people.clock[owner], begin[owner] + share * length[owner]) - people.offset[owner]
    channel = drawn_channels(demand, at, rng)
    channel[channel == EMAIL] = DIRECT
    blocks = []
    for kind, after, chance in (("visit", 0.0, 1.0), ("product_view", 2.0, 0.5), ("cart", 5.0, 0.22)):
        some = rng.random(owner.size) < chance
        none = np.full(int(some.sum()), -1, np.int64)
        blocks.append(_block(kind, owner[some], at[some] + after * MINUTE, channel[some], none))
    return blocks


def _first_order_after(orders: Orders, rows: Ints, owner: Ints, column: Ints, people: int) -> Floats:
    """Time of the first order credited to each (customer, campaign) message, infinity for none."""
    place = np.full(int(rows.max()) + 1, -1, np.int64)
    place[rows] = np.arange(rows.size)
    credited = np.flatnonzero((orders.campaign >= 0) & np.isin(orders.campaign, rows))[::-1]
    bought = np.full((people, rows.size), np.inf)
    # Orders ascend in time within a customer: written in reverse, the earliest is what stays.
    bought[orders.owner[credited], place[orders.campaign[credited]]] = orders.at[credited]
    return bought[owner, column]


def _mails(
    people: People, orders: Orders, campaigns: Campaigns, rows: Ints, sent: Bools, rng: np.random.Generator
) -> list[Events]:
    owner, column = np.nonzero(sent)
    at, bought = campaigns.started[rows[column]], _first_order_after(orders, rows, owner, column, people.size)
    leaves = (people.mails_read[owner] == column + 1) & (column < campaigns.mail.size)
    converted = np.isfinite(bought)
    bounced = (rng.random(owner.size) < BOUNCE_RATE) & ~converted & ~leaves
    interest = people.open_rate[owner] * np.where(orders.left[owner] > at, 1.0, 0.15)
    opened = ((rng.random(owner.size) < interest) | converted | leaves) & ~bounced
    clicked = opened & ((rng.random(owner.size) < 0.16) | converted)
    gap = np.where(converted, bought - at, 1.0)
    opened_at = at + np.minimum(rng.exponential(0.3, owner.size), np.where(converted, 0.3 * gap, 0.8))
    clicked_at = opened_at + np.minimum(5 * MINUTE, 0.1 * gap)
    moments = (
        ("email_sent", at, np.ones(owner.size, bool)),
        ("email_bounce", at + MINUTE, bounced),
        ("email_open", opened_at, opened),
        ("email_click", clicked_at, clicked),
        ("email_unsubscribe", opened_at + 10 * MINUTE, leaves),
    )
    channel = np.full(owner.size, EMAIL, np.int64)
    return [_block(kind, owner[m], when[m], channel[m], rows[column[m]]) for kind, when, m in moments]


def _texts(people: People, orders: Orders, campaigns: Campaigns, sent: Bools, rng: np.random.Generator) -> list[Events]:
    owner, column = np.nonzero(sent)
    at = campaigns.started[campaigns.sms[column]]
    bought = _first_order_after(orders, campaigns.sms, owner, column, people.size)
    converted = np.isfinite(bought)
    clicked = (rng.random(owner.size) < np.where(orders.left[owner] > at, 0.07, 0.01)) | converted
    delay = np.minimum(rng.exponential(0.1, owner.size), np.where(converted, 0.4 * (bought - at), 0.8))
    channel, campaign = np.full(owner.size, SMS, np.int64), campaigns.sms[column]
    clicks = _block("sms_click", owner[clicked], (at + delay)[clicked], channel[clicked], campaign[clicked])
    return [_block("sms_sent", owner, at, channel, campaign), clicks]


def count_events(tally: Tally, demand: Demand, orders: Orders, events: Events) -> None:
    """Add a chunk's messages, clicks, orders and revenue to the daily counts."""
    day = demand.day_of(events.at)
    for table, kinds in ((tally.reached, ("email_sent", "sms_sent")), (tally.clicks, ("email_click", "sms_click"))):
        mine = np.isin(events.kind, [KIND[kind] for kind in kinds])
        add_at(table, events.campaign[mine], day[mine])
    day = demand.day_of(orders.at)
    add_at(tally.orders, orders.campaign, day)
    add_at(tally.cents, orders.campaign, day, orders.cents)
    paid = np.where(orders.channel < PAID, orders.channel, -1)
    add_at(tally.paid_orders, paid, day)
    add_at(tally.paid_cents, paid, day, orders.cents)


def events_table(
    truth: Truth, campaigns: Campaigns, people: People, orders: Orders, events: Events, ids: pl.Series
) -> pl.DataFrame:
    """event_id, customer_id, occurred_at, kind, channel, campaign_id, properties (JSON text or null)."""
    rank = rank_within(events.owner, people.size)
    head = numbered("head", "E", people.number + 1, 7).gather(events.owner)
    return pl.DataFrame(
        [
            (head + numbered("tail", "-", rank + 1, 5)).alias("event_id"),
            customer_ids(people).gather(events.owner),
            instants("occurred_at", truth.start, events.at),
            decoded("kind", EVENT_KINDS, events.kind),
            decoded("channel", CHANNELS, events.channel),
            decoded("campaign_id", campaigns.ids, events.campaign),
            _properties(people, orders, events, ids),
        ]
    )


def _properties(people: People, orders: Orders, events: Events, ids: pl.Series) -> pl.Series:
    value = pl.Series(orders.cents / 100.0).cast(pl.String)
    bought = '{"order_id":"' + ids + '","value":' + value + "}"
    viewed = pl.Series([f'{{"category":"{name}"}}' for name in CATEGORY_NAMES])
    texts = pl.concat([bought, viewed])
    index = np.where(events.kind == KIND["purchase"], events.order, -1)
    looking = events.kind == KIND["product_view"]
    index[looking] = bought.len() + people.favourite[events.owner[looking]]
    return texts.gather(pl.select(pl.when(pl.Series(index) >= 0).then(pl.Series(index))).to_series()).alias(
        "properties"
    )
