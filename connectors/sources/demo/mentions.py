"""Mentions of the shop in public places, from a small grammar of ten aspects, with the planted quality crisis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl

from connectors.sources.demo.arrays import Bools, Floats, Ints, decoded, generator, instants, numbered
from connectors.sources.demo.phrases import ASPECTS, ITEMS, LINKS, OPENINGS, PHRASES
from connectors.sources.demo.truth import CRISIS_ASPECTS, Truth

SOURCES = ("trustpilot", "google_reviews", "app_store", "g2", "reddit", "x", "youtube")
SOURCE_WEIGHTS = (0.26, 0.22, 0.10, 0.05, 0.15, 0.14, 0.08)
WITH_RATING = 4
"""The first so many sources carry stars."""
ASPECT_WEIGHTS = np.array([0.22, 0.14, 0.14, 0.08, 0.05, 0.05, 0.10, 0.14, 0.04, 0.04])
PLEASED = 0.74
PLEASED_IN_CRISIS = 0.10
FEWEST, MOST = 600, 60_000


@dataclass(frozen=True, slots=True, eq=False)
class Mentions:
    """All mentions in order of time; `first` and `second` are aspects (second -1: one aspect only)."""

    at: Floats
    crisis: Bools
    source: Ints
    first: Ints
    second: Ints
    first_pleased: Bools
    second_pleased: Bools
    stars: Ints
    text: list[str]


def draw_mentions(truth: Truth, customers: int, seed: int) -> Mentions:
    """About three mentions per ten customers, a fixed share of them within the crisis."""
    rng = generator(seed, "mentions")
    size = int(np.clip(0.3 * customers, FEWEST, MOST))
    at, crisis = _times(truth, size, rng)
    first, second = _aspects(crisis, rng)
    pleased = [_pleased(crisis, aspect, rng) for aspect in (first, second)]
    pleased[1] = np.where(second < 0, pleased[0], pleased[1])
    good = (pleased[0].astype(np.int64) + pleased[1]) * 2
    stars = np.clip(good + 1 - (good == 4) * (rng.random(size) < 0.35) + (good == 0) * (rng.random(size) < 0.35), 1, 5)
    columns = (first.tolist(), second.tolist(), pleased[0].tolist(), pleased[1].tolist())
    text = [_sentence(a, b, likes_a, likes_b, rng) for a, b, likes_a, likes_b in zip(*columns, strict=True)]
    source = rng.choice(len(SOURCES), size, p=SOURCE_WEIGHTS).astype(np.int64)
    return Mentions(at, crisis, source, first, second, pleased[0], pleased[1], stars.astype(np.int64), text)


def _times(truth: Truth, size: int, rng: np.random.Generator) -> tuple[Floats, Bools]:
    begin = (truth.crisis_start - truth.start) / timedelta(days=1)
    until = (truth.crisis_end - truth.start) / timedelta(days=1)
    inside = round(size * truth.crisis_share)
    usual = np.sqrt(rng.uniform(0.04, 1.0, size - inside)) * truth.span_days
    # The usual flow goes on during the crisis; those mentions are part of it.
    at = np.sort(np.concatenate([usual, rng.uniform(begin, until, inside)]))
    return at, (at >= begin) & (at < until)


def _aspects(crisis: Bools, rng: np.random.Generator) -> tuple[Ints, Ints]:
    size = crisis.size
    first = rng.choice(len(ASPECTS), size, p=ASPECT_WEIGHTS / ASPECT_WEIGHTS.sum()).astype(np.int64)
    broken = np.array([ASPECTS.index(name) for name in CRISIS_ASPECTS])
    first = np.where(crisis & (rng.random(size) < 0.85), broken[(rng.random(size) < 0.35).astype(np.int64)], first)
    second = (first + rng.integers(1, len(ASPECTS), size)) % len(ASPECTS)
    return first, np.where(rng.random(size) < 0.4, second, -1)


def _pleased(crisis: Bools, aspect: Ints, rng: np.random.Generator) -> Bools:
    broken = np.isin(aspect, [ASPECTS.index(name) for name in CRISIS_ASPECTS])
    return np.asarray(rng.random(aspect.size) < np.where(crisis & broken, PLEASED_IN_CRISIS, PLEASED))


def _sentence(first: int, second: int, first_pleased: bool, second_pleased: bool, rng: np.random.Generator) -> str:
    def pick(options: tuple[str, ...]) -> str:
        return options[int(rng.integers(len(options)))]

    def phrase(aspect: int, pleased: bool) -> str:
        return pick(PHRASES[ASPECTS[aspect]][0 if pleased else 1]).format(item=item)

    item = pick(ITEMS)
    text = f"{pick(OPENINGS).format(item=item)} {phrase(first, first_pleased)}"
    if second < 0:
        return text + "."
    link = pick(LINKS[0 if first_pleased == second_pleased else 1])
    return f"{text}{link} {phrase(second, second_pleased)}."


def mentions_table(truth: Truth, mentions: Mentions, seed: int) -> pl.DataFrame:
    """mention_id, source, posted_at, author_handle, text, rating (1-5 or null), url (null)."""
    size = mentions.at.size
    author = generator(seed, "mentions", 1).integers(1, 100_000, size)
    stars = pl.Series("rating", np.where(mentions.source < WITH_RATING, mentions.stars, 0))
    return pl.DataFrame(
        [
            numbered("mention_id", "M", np.arange(1, size + 1, dtype=np.int64), 6),
            decoded("source", SOURCES, mentions.source),
            instants("posted_at", truth.start, mentions.at),
            numbered("author_handle", "user_", author, 5),
            pl.Series("text", mentions.text),
            pl.select(pl.when(stars > 0).then(stars).cast(pl.Int64).alias("rating")).to_series(),
            pl.Series("url", [None], dtype=pl.String).new_from_index(0, size),
        ]
    )


def mention_truth_table(mentions: Mentions) -> pl.DataFrame:
    """mention_id, aspect, positive, in_crisis: one row for each aspect a mention speaks about."""
    ids = numbered("mention_id", "M", np.arange(1, mentions.at.size + 1, dtype=np.int64), 6)
    parts = []
    for aspect, pleased in ((mentions.first, mentions.first_pleased), (mentions.second, mentions.second_pleased)):
        columns = [
            decoded("aspect", ASPECTS, aspect),
            pl.Series("positive", pleased),
            pl.Series("in_crisis", mentions.crisis),
        ]
        parts.append(pl.DataFrame([ids, *columns]))
    return pl.concat(parts).filter(pl.col("aspect").is_not_null()).sort("mention_id", "aspect")
