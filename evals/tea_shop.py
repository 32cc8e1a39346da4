"""The small shop: a seeded file of orders of an invented seller of tea and coffee, three years long.

    python -m evals.tea_shop        writes evals/data/tea_shop.csv anew, the same bytes each time

About 1,500 lines of 200 customers in six countries over five channels, with credit notes (rows of their own, negative
quantity), guests (no customer number), a Christmas season, people who come once and people who never leave.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

FILE = Path(__file__).parent / "data" / "tea_shop.csv"
SEED = 20_231
START, END = datetime.fromisoformat("2023-01-02"), datetime.fromisoformat("2025-10-22T23:00")
COLUMNS = (
    "Order No", "Customer ID", "Country", "Channel", "Order Date", "SKU", "Product", "Category", "Qty", "Unit Price",
    "Status",
)  # fmt: skip
PRODUCTS = (
    ("COF-ESP", "Espresso beans", "Coffee", 18.50, 9),
    ("COF-FIL", "Filter roast", "Coffee", 16.00, 7),
    ("COF-DEC", "Decaf blend", "Coffee", 17.00, 3),
    ("TEA-ASM", "Assam", "Tea", 9.50, 6),
    ("TEA-SEN", "Green sencha", "Tea", 12.00, 5),
    ("TEA-ROO", "Rooibos", "Tea", 8.00, 4),
    ("BRW-FRP", "French press", "Brewing", 39.00, 3),
    ("BRW-GRI", "Hand grinder", "Brewing", 68.00, 2),
    ("BRW-KET", "Gooseneck kettle", "Brewing", 84.00, 2),
    ("CUP-STO", "Stoneware cup", "Cups", 14.50, 4),
    ("CUP-TRA", "Travel tumbler", "Cups", 26.00, 3),
    ("SWE-SHO", "Shortbread", "Sweets", 6.50, 5),
    ("SWE-CHO", "Dark chocolate", "Sweets", 4.80, 5),
    ("GFT-VOU", "Gift voucher", "Gifts", 30.00, 2),
)
COUNTRIES = (
    ("Ireland", 0.34),
    ("Austria", 0.22),
    ("Belgium", 0.16),
    ("Sweden", 0.12),
    ("Poland", 0.10),
    ("Portugal", 0.06),
)
CHANNELS = (("webshop", 0.36), ("marketplace", 0.22), ("newsletter", 0.18), ("instagram", 0.14), ("phone", 0.10))
HOURS = np.array([0, 0, 0, 0, 0, 0, 1, 3, 6, 8, 8, 7, 7, 6, 5, 5, 6, 7, 9, 11, 10, 7, 3, 1], dtype=float)
WEEKDAYS = np.array([1.0, 1.1, 1.0, 0.9, 0.8, 1.3, 1.2])
MONTHS = np.array([0.8, 0.8, 0.9, 0.9, 0.9, 0.7, 0.6, 0.7, 1.0, 1.1, 1.6, 1.9])
CUSTOMERS, GUESTS = 200, 55
RETURNED = 0.07


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file."""

    order: str
    customer: str
    country: str
    channel: str
    at: datetime
    product: int
    quantity: int
    status: str


def rows(seed: int = SEED) -> list[Row]:
    """All lines by time."""
    rng = np.random.default_rng(seed)
    baskets: list[tuple[datetime, str, str, str]] = []
    for number in range(CUSTOMERS):
        baskets += _history(rng, f"T{number + 101}")
    for _ in range(GUESTS):
        baskets.append((_moment(rng, START, END), "", _drawn(rng, COUNTRIES), _drawn(rng, CHANNELS)))
    baskets.sort()
    found: list[Row] = []
    for index, (at, customer, country, channel) in enumerate(baskets):
        found += _basket(rng, 10_001 + index, at, customer, country, channel)
    return sorted(found, key=lambda row: (row.at, row.order))


def write(path: Path = FILE) -> None:
    """Write the file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(COLUMNS)
        for row in rows():
            sku, name, category, price, _ = PRODUCTS[row.product]
            at = row.at.strftime("%Y-%m-%d %H:%M")
            line = (row.order, row.customer, row.country, row.channel, at, sku, name, category, row.quantity)
            out.writerow((*line, f"{price:.2f}", row.status))


def _history(rng: np.random.Generator, customer: str) -> list[tuple[datetime, str, str, str]]:
    """A customer's orders: a first day, a rhythm, a chance to leave after each, a favourite channel."""
    country, usual = _drawn(rng, COUNTRIES), _drawn(rng, CHANNELS)
    at = _moment(rng, START, END - timedelta(days=20))
    gap, leaves = rng.gamma(3.0, 25.0), rng.beta(1.2, 3.4)
    found = []
    while at < END:
        channel = usual if rng.random() < 0.7 else _drawn(rng, CHANNELS)
        found.append((at, customer, country, channel))
        if rng.random() < leaves:
            break
        later = at + timedelta(days=float(rng.exponential(gap) + 2))
        at = _moment(rng, later, later + timedelta(days=9))
    return [one for one in found if one[0] < END]


def _basket(
    rng: np.random.Generator, number: int, at: datetime, customer: str, country: str, channel: str
) -> list[Row]:
    weights = np.array([product[4] for product in PRODUCTS], dtype=float)
    size = min(1 + int(rng.poisson(0.95)), 5)
    chosen = rng.choice(len(PRODUCTS), size, replace=False, p=weights / weights.sum())
    lines = [
        Row(f"A{number}", customer, country, channel, at, int(product), 1 + int(rng.poisson(0.6)), "completed")
        for product in chosen
    ]
    back = at + timedelta(days=int(rng.integers(3, 25)), minutes=int(rng.integers(1, 300)))
    if rng.random() >= RETURNED or back > END:
        return lines
    line = lines[int(rng.integers(size))]
    returned = Row(
        f"CN{number}",
        customer,
        country,
        channel,
        back,
        line.product,
        -int(rng.integers(1, line.quantity + 1)),
        "refund",
    )
    return [*lines, returned]


def _moment(rng: np.random.Generator, first: datetime, last: datetime) -> datetime:
    """A minute between two instants, more often in the season, at the weekend and in the evening."""
    days = max((last - first).days, 1)
    while True:
        day = first + timedelta(days=int(rng.integers(days)))
        if rng.random() * MONTHS.max() * WEEKDAYS.max() < MONTHS[day.month - 1] * WEEKDAYS[day.weekday()]:
            break
    hour = int(rng.choice(24, p=HOURS / HOURS.sum()))
    return day.replace(hour=hour, minute=int(rng.integers(60)), second=0, microsecond=0)


def _drawn(rng: np.random.Generator, shares: tuple[tuple[str, float], ...]) -> str:
    return str(rng.choice([name for name, _ in shares], p=[share for _, share in shares]))


if __name__ == "__main__":
    write()
