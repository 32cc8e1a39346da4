"""The catalogue: eight categories of fifty products, priced on a logarithmic ladder."""

from __future__ import annotations

import numpy as np
import polars as pl

from connectors.sources.demo.arrays import Floats, Ints, generator

PER_CATEGORY = 50
CATEGORIES: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    ("Kitchen", 0.18, ("Pan", "Knife", "Kettle", "Bowl", "Mug")),
    ("Home", 0.16, ("Lamp", "Cushion", "Blanket", "Vase", "Rug")),
    ("Garden", 0.10, ("Planter", "Trowel", "Lantern", "Hose", "Bench")),
    ("Sports", 0.13, ("Mat", "Bottle", "Band", "Rope", "Bag")),
    ("Beauty", 0.14, ("Cream", "Serum", "Soap", "Brush", "Oil")),
    ("Electronics", 0.12, ("Speaker", "Charger", "Headset", "Cable", "Clock")),
    ("Toys", 0.09, ("Puzzle", "Blocks", "Kite", "Train", "Robot")),
    ("Books", 0.08, ("Novel", "Atlas", "Cookbook", "Guide", "Journal")),
)
CATEGORY_NAMES = tuple(name for name, _, _ in CATEGORIES)
CATEGORY_WEIGHTS = np.array([weight for _, weight, _ in CATEGORIES])
STYLES = ("Classic", "Nordic", "Compact", "Everyday", "Studio", "Trail", "Harbor", "Meadow", "Prime", "Linen")
LOWEST, HIGHEST = 3.0, 180.0


def products(seed: int) -> pl.DataFrame:
    """sku, name, category, price; row = category * PER_CATEGORY + rung of the price ladder."""
    rng = generator(seed, "products")
    ladder = LOWEST * (HIGHEST / LOWEST) ** (np.arange(PER_CATEGORY) / (PER_CATEGORY - 1))
    rows = []
    for category, _, nouns in CATEGORIES:
        prices = np.floor(ladder * rng.uniform(0.97, 1.03, PER_CATEGORY)) + 0.99
        for rung, price in enumerate(prices):
            name = f"{STYLES[rung // len(nouns)]} {nouns[rung % len(nouns)]}"
            rows.append((f"{category[:3].upper()}-{rung + 1:03d}", name, category, float(price)))
    return pl.DataFrame(rows, schema=["sku", "name", "category", "price"], orient="row")


def nearest_rung(price: Floats, rng: np.random.Generator) -> Ints:
    """Rung of the ladder around a price, with a little spread."""
    height = np.log(np.maximum(price, LOWEST) / LOWEST) / np.log(HIGHEST / LOWEST) * (PER_CATEGORY - 1)
    rung = np.rint(height + rng.normal(0.0, 0.6, price.size)).astype(np.int64)
    return np.asarray(np.clip(rung, 0, PER_CATEGORY - 1))
