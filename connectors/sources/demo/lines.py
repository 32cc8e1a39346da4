"""What is in a basket: lines in whole cents, so that they always sum to their order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from connectors.sources.demo.arrays import Floats, Ints
from connectors.sources.demo.customers import People
from connectors.sources.demo.products import CATEGORY_WEIGHTS, PER_CATEGORY, nearest_rung

MOST_LINES = 6


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Order lines, grouped by order: `order` is the row in the chunk's orders, `product` the row in the catalogue."""

    order: Ints
    product: Ints
    quantity: Ints
    unit_cents: Ints

    @property
    def cents(self) -> Ints:
        """Charged amount of each line."""
        return self.quantity * self.unit_cents

    def order_sum(self, values: Ints, orders: int) -> Ints:
        """Sum of a per-line value for each order."""
        return np.bincount(self.order, values.astype(np.float64), minlength=orders).astype(np.int64)


def draw_lines(people: People, owner: Ints, value: Floats, discount: Floats, rng: np.random.Generator) -> Lines:
    """Split each order's value over one to six lines; the product is the one whose list price fits."""
    counts = np.minimum(1 + rng.poisson(0.9, owner.size), MOST_LINES)
    order = np.repeat(np.arange(owner.size, dtype=np.int64), counts)
    weight = rng.gamma(3.0, 1.0, order.size)
    part = value[order] * weight / np.bincount(order, weight, minlength=owner.size)[order]
    quantity = 1 + np.minimum(rng.geometric(0.8, order.size) - 1, 5)
    unit = np.maximum(np.rint(100 * part / quantity), 50).astype(np.int64)
    buyer = owner[order]
    usual = rng.choice(CATEGORY_WEIGHTS.size, order.size, p=CATEGORY_WEIGHTS)
    category = np.where(rng.random(order.size) < people.focus[buyer], people.favourite[buyer], usual)
    rung = nearest_rung(unit / 100 / (1 - discount[order]), rng)
    return Lines(order, category * PER_CATEGORY + rung, quantity.astype(np.int64), unit)
