"""The demo shop as a whole: its tables in an order in which references resolve, and what is planted in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl

from connectors.sources.demo.arrays import generator, instants
from connectors.sources.demo.campaigns import (
    CHANNELS,
    PAID,
    Campaigns,
    Tally,
    campaign_daily_table,
    campaigns_table,
    channel_spend_table,
    paid_traffic,
    plan_campaigns,
)
from connectors.sources.demo.customers import FOCUSED, ROAMS, People, customer_ids, customers_table, draw_people
from connectors.sources.demo.demand import Demand, build_demand
from connectors.sources.demo.events import count_events, draw_events, events_table
from connectors.sources.demo.items import items_table
from connectors.sources.demo.mentions import draw_mentions, mention_truth_table, mentions_table
from connectors.sources.demo.orders import Orders, assignments_table, draw_orders, order_ids, orders_table
from connectors.sources.demo.products import products
from connectors.sources.demo.truth import Truth
from core.errors import FixArguments

FEWEST_CUSTOMERS, MOST_CUSTOMERS = 1_000, 1_000_000
CHUNK_CUSTOMERS = 10_000
TABLES = (
    "products",
    "campaigns",
    "customers",
    "orders",
    "order_items",
    "events",
    "assignments",
    "campaign_daily",
    "channel_spend",
    "mentions",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoShop:
    """A shop with three years of history up to `end` (aware). Equal arguments give identical frames.

    Memory is bounded by chunks of 10,000 customers, whatever the size of the shop.
    """

    customers: int = 2_000
    seed: int = 7
    end: datetime

    def __post_init__(self) -> None:
        if not FEWEST_CUSTOMERS <= self.customers <= MOST_CUSTOMERS:
            bounds = f"{FEWEST_CUSTOMERS} to {MOST_CUSTOMERS}"
            raise FixArguments(f"A demo shop has {bounds} customers, not {self.customers}.", field="customers")
        if self.seed < 0:
            raise FixArguments(f"The seed is a whole number from 0, not {self.seed}.", field="seed")
        if self.end.tzinfo is None:
            raise FixArguments(f"The end {self.end} has no time zone; give an aware instant.", field="end")

    @property
    def truth(self) -> Truth:
        """The planted parameters and windows."""
        return Truth(end=self.end.astimezone(UTC).replace(microsecond=0))

    def tables(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """(table, frame) pairs; customers, orders, order_items, events and assignments come once per chunk.

        Every identifier a frame refers to has been yielded before it.
        """
        truth, demand, campaigns = self._world()
        catalogue = products(self.seed)
        yield "products", catalogue
        yield "campaigns", campaigns_table(campaigns, truth)
        tally = Tally.empty(campaigns, demand.days)
        for chunk in range(self._chunks()):
            yield from self._chunk_tables(truth, demand, campaigns, tally, catalogue, chunk)
        traffic = paid_traffic(truth, demand, tally, self.seed)
        yield "campaign_daily", campaign_daily_table(truth, demand, campaigns, tally, traffic)
        yield "channel_spend", channel_spend_table(truth, demand, tally, traffic)
        yield "mentions", mentions_table(truth, draw_mentions(truth, self.customers, self.seed), self.seed)

    def customer_truth(self) -> Iterator[pl.DataFrame]:
        """One frame a chunk: what is true of each customer and no table says.

        customer_id, prospect, purchase_rate (orders per day of mean demand), dropout_probability, mean_order_value,
        left_at (null: still there), price_sensitivity (0-1), drifting, the habits weekend_lover, specialist (85 % of
        what they buy is one category) and roaming (half of the orders from elsewhere), independent of each other and
        of the rate, and lift_probability (added chance to buy if treated by the win-back; null outside its audience).
        """
        truth, demand, campaigns = self._world()
        for chunk in range(self._chunks()):
            people, orders = self._chunk(truth, demand, campaigns, chunk)
            yield _customer_truth(truth, people, orders)

    def channel_truth(self) -> pl.DataFrame:
        """day, channel, share: the part of each day's demand that a paid channel drives (missing to 1: the base)."""
        truth, demand, _ = self._world()
        days = int(truth.span_days)
        first = np.datetime64(truth.start.date())
        frames = [
            pl.DataFrame({"day": first + np.arange(days), "channel": CHANNELS[row], "share": demand.shares[row, :days]})
            for row in range(PAID)
        ]
        return pl.concat(frames)

    def mention_truth(self) -> pl.DataFrame:
        """mention_id, aspect, positive, in_crisis: what each mention says about which aspect."""
        return mention_truth_table(draw_mentions(self.truth, self.customers, self.seed))

    def _world(self) -> tuple[Truth, Demand, Campaigns]:
        truth = self.truth
        demand = build_demand(truth, self.customers, self.seed)
        return truth, demand, plan_campaigns(truth, demand, self.customers)

    def _chunks(self) -> int:
        return -(-self.customers // CHUNK_CUSTOMERS)

    def _chunk(self, truth: Truth, demand: Demand, campaigns: Campaigns, chunk: int) -> tuple[People, Orders]:
        first = chunk * CHUNK_CUSTOMERS
        number = np.arange(first, min(first + CHUNK_CUSTOMERS, self.customers), dtype=np.int64)
        rng = generator(self.seed, "customers", chunk)
        people = draw_people(truth, demand, campaigns, self.customers, number, rng)
        return people, draw_orders(truth, demand, campaigns, people, self.seed, chunk)

    def _chunk_tables(
        self, truth: Truth, demand: Demand, campaigns: Campaigns, tally: Tally, catalogue: pl.DataFrame, chunk: int
    ) -> Iterator[tuple[str, pl.DataFrame]]:
        people, orders = self._chunk(truth, demand, campaigns, chunk)
        ids = order_ids(people, orders)
        yield "customers", customers_table(truth, campaigns, people)
        yield "orders", orders_table(truth, people, orders, ids)
        yield "order_items", items_table(truth, people, orders, ids, catalogue)
        events = draw_events(truth, demand, campaigns, people, orders, self.seed, chunk)
        count_events(tally, demand, orders, events)
        yield "events", events_table(truth, campaigns, people, orders, events, ids)
        yield "assignments", assignments_table(truth, campaigns, people, orders.winback)


def _customer_truth(truth: Truth, people: People, orders: Orders) -> pl.DataFrame:
    lift = np.full(people.size, np.nan)
    lift[orders.winback.owner] = orders.winback.lift
    return pl.DataFrame(
        [
            customer_ids(people),
            pl.Series("prospect", people.prospect),
            pl.Series("purchase_rate", people.rate),
            pl.Series("dropout_probability", people.dropout),
            pl.Series("mean_order_value", truth.buying.p * people.value_scale),
            instants("left_at", truth.start, orders.left),
            pl.Series("price_sensitivity", people.price_sensitivity),
            pl.Series("drifting", people.drifting),
            pl.Series("weekend_lover", people.clock % 2 == 1),
            pl.Series("specialist", people.focus == FOCUSED),
            pl.Series("roaming", people.roaming == ROAMS),
            pl.Series("lift_probability", lift).fill_nan(None),
        ]
    )
