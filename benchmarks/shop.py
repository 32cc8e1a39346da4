"""A shop of any size as files to import, for the benchmarks: customers.csv, orders.csv, events.csv in order of time.

    python benchmarks/shop.py FOLDER [--customers 100000] [--orders 10] [--events 10] [--seed 7]

Customers come over three years, order at a rate and for a span of their own (both skewed, as in BG/NBD), spend around
a level of their own, and are sent, open and click messages while they are there. About `orders` orders and `events`
events a customer; the same seed gives the same files.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DAYS = 1_096
END = np.datetime64("2026-01-01T00:00:00", "us")
DAY_US = 86_400_000_000
CHUNK = 1_000_000
SECONDS = "%Y-%m-%dT%H:%M:%SZ"
COUNTRIES = ["United Kingdom", "United Kingdom", "Germany", "France", "Spain", "Netherlands", "Italy", "Ireland"]
CITIES = ["London", "Leeds", "Berlin", "Paris", "Madrid", "Utrecht", "Rome", "Cork"]
PLACE_SHARES = [0.36, 0.14, 0.16, 0.12, 0.08, 0.06, 0.05, 0.03]
CHANNELS, CHANNEL_SHARES = ["web", "app", "shop"], [0.6, 0.25, 0.15]
KINDS = ["visit", "product_view", "cart", "email_sent", "email_open", "email_click", "sms_sent"]
KIND_SHARES = [0.28, 0.2, 0.08, 0.26, 0.11, 0.04, 0.03]
REFUNDED = 0.03


@dataclass(frozen=True, slots=True)
class ShopFiles:
    """Where the files are, and how many rows each has."""

    customers: Path
    orders: Path
    events: Path
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class _People:
    """Per customer: first day and days there (of DAYS), level of spending, share of orders at a discount, place."""

    first: Floats
    span: Floats
    level: Floats
    discounts: Floats
    place: NDArray[np.int64]


def write_shop(folder: Path, customers: int, *, orders: float = 10, events: float = 10, seed: int = 7) -> ShopFiles:
    """Write the three files into `folder`."""
    rng = np.random.default_rng(seed)
    first = DAYS * rng.random(customers) ** 1.2
    people = _People(
        first=first,
        span=np.minimum(rng.exponential(rng.gamma(2.0, 250.0, customers)), DAYS - first),
        level=rng.lognormal(3.5, 0.6, customers),
        discounts=rng.beta(1.0, 3.0, customers),
        place=rng.choice(len(CITIES), customers, p=PLACE_SHARES),
    )
    files = [folder / f"{name}.csv" for name in ("customers", "orders", "events")]
    rows = {
        "customers": _write_customers(files[0], people, rng),
        "orders": _write_orders(files[1], people, orders, rng),
        "events": _write_events(files[2], people, events, rng),
    }
    return ShopFiles(*files, rows)


def _write_customers(path: Path, people: _People, rng: np.random.Generator) -> int:
    size = len(people.first)
    number = pl.int_range(1, size + 1, eager=True)
    frame = pl.DataFrame({"customer_id": number}).with_columns(
        email=pl.when(pl.Series(rng.random(size) < 0.85)).then(pl.format("customer{}@example.com", "customer_id")),
        country=_words(COUNTRIES, people.place),
        city=_words(CITIES, people.place),
        consent_email=pl.Series(rng.random(size) < 0.6),
        created_at=_instants(people.first),
    )
    frame.write_csv(path, datetime_format=SECONDS)
    return size


def _instants(days: Floats) -> pl.Series:
    """Days since the shop opened as instants."""
    start = END - np.timedelta64(DAYS, "D")
    return pl.Series(start + (np.minimum(days, DAYS - 1e-3) * DAY_US).astype("timedelta64[us]"))


def _spread(rng: np.random.Generator, people: _People, mean: float, shape: float) -> tuple[NDArray[np.int64], Floats]:
    """Owner and day of about `mean` happenings a customer, at a rate of their own while they are there, by time."""
    expected = rng.gamma(shape, 1.0, len(people.span)) * (people.span + 10.0)
    count = rng.poisson(expected * (mean * len(expected) / expected.sum()))
    owner = np.repeat(np.arange(len(count)), count)
    day = people.first[owner] + rng.random(len(owner)) * people.span[owner]
    order = np.argsort(day, kind="stable")
    return owner[order], day[order]


def _write_orders(path: Path, people: _People, mean: float, rng: np.random.Generator) -> int:
    again, when = _spread(rng, people, max(mean * (1.0 - REFUNDED) - 1.0, 0.1), 0.8)
    sold = np.concatenate([again, np.arange(len(people.first))])  # everybody's first order, and what came after
    days = np.concatenate([when, people.first])
    back = rng.random(len(sold)) < REFUNDED
    owner = np.concatenate([sold, sold[back]])
    day = np.concatenate([days, days[back] + 20.0 * rng.random(int(back.sum()))])
    refund = np.arange(len(owner)) >= len(sold)
    order = np.argsort(day, kind="stable")
    owner, day, sign = owner[order], day[order], np.where(refund[order], -1.0, 1.0)

    def rows(part: slice) -> pl.DataFrame:
        who, size = owner[part], len(owner[part])
        revenue = np.round(people.level[who] * rng.gamma(3.0, 1 / 3, size) + 1.0, 2)
        reduced = rng.random(size) < people.discounts[who]
        return pl.DataFrame(
            {
                "order_id": np.arange(part.start, part.start + size) + 10_000_000,
                "ordered_at": _instants(day[part]),
                "customer_id": who + 1,
                "revenue": sign[part] * revenue,
                "quantity": sign[part].astype(np.int64) * rng.integers(1, 6, size),
                "discount": np.where(reduced, np.round(revenue * 0.15, 2), 0.0),
                "channel": _words(CHANNELS, rng.choice(len(CHANNELS), size, p=CHANNEL_SHARES)),
                "country": _words(COUNTRIES, people.place[who]),
                "city": _words(CITIES, people.place[who]),
            }
        )

    return _written(path, len(owner), rows)


def _write_events(path: Path, people: _People, mean: float, rng: np.random.Generator) -> int:
    owner, day = _spread(rng, people, mean, 1.2)

    def rows(part: slice) -> pl.DataFrame:
        size = len(owner[part])
        return pl.DataFrame(
            {
                "event_id": np.arange(part.start, part.start + size) + 10_000_000,
                "customer_id": owner[part] + 1,
                "occurred_at": _instants(day[part]),
                "kind": _words(KINDS, rng.choice(len(KINDS), size, p=KIND_SHARES)),
            }
        )

    return _written(path, len(owner), rows)


def _words(words: list[str], codes: NDArray[np.int64]) -> pl.Series:
    return pl.Series(words).gather(codes)


def _written(path: Path, count: int, rows: Callable[[slice], pl.DataFrame]) -> int:
    """Write `count` rows in chunks, in order."""
    with path.open("wb") as file:
        for begin in range(0, count, CHUNK):
            frame = rows(slice(begin, min(begin + CHUNK, count)))
            frame.write_csv(file, include_header=begin == 0, datetime_format=SECONDS, float_precision=2)
    return count


def main() -> None:
    """Write the files, say how many rows they have."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--orders", type=float, default=10.0, help="orders a customer")
    parser.add_argument("--events", type=float, default=10.0, help="events a customer")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    files = write_shop(asked.folder, asked.customers, orders=asked.orders, events=asked.events, seed=asked.seed)
    print(", ".join(f"{count:,} {name}" for name, count in files.rows.items()))


if __name__ == "__main__":
    main()
