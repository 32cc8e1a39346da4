"""RFM segments: recency, frequency and monetary value scored 1 to 5 by rank, and named."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from core.errors import FixArguments

__all__ = ["SEGMENTS", "RfmEdges", "Segment", "edges_of", "rfm_by_edges", "rfm_segments", "segment_name"]


@dataclass(frozen=True, slots=True)
class Segment:
    """One RFM segment: who they are, and what to do with them."""

    name: str
    description: str
    strategy: str


SEGMENTS: tuple[Segment, ...] = (
    Segment(
        "Champions",
        "bought lately, often and for the most",
        "Reward and ask: early access, a referral, a review. No discount is needed.",
    ),
    Segment(
        "Loyal",
        "buy regularly and are still with us",
        "Offer the next better product, a loyalty level, bundles of what they like.",
    ),
    Segment(
        "Potential Loyalist",
        "recent customers who have come back at least once, or often for little",
        "Invite to the loyalty programme and recommend related products.",
    ),
    Segment(
        "New",
        "bought for the first time very recently",
        "Welcome series, help with the first product, a reason for the second order within 30 days.",
    ),
    Segment(
        "Promising",
        "bought once, fairly recently",
        "Stay in mind: useful content, a small offer on a second category.",
    ),
    Segment(
        "Need Attention",
        "middling in recency and frequency, or one large recent order",
        "A limited-time offer based on past purchases; ask what is missing.",
    ),
    Segment(
        "About to Sleep",
        "below the middle and slowing down",
        "Reconnect with popular products or a reminder before they are gone.",
    ),
    Segment(
        "At Risk",
        "used to buy often or for a lot, and have not for long",
        "Personal win-back message with an offer tied to what they used to buy.",
    ),
    Segment(
        "Cannot Lose Them",
        "were among the best, and have not bought for very long",
        "Win back by a person: a call, a service credit, a renewal of their conditions.",
    ),
    Segment(
        "Hibernating",
        "bought seldom, and long ago",
        "Low-cost reminders with a standard offer; do not spend much.",
    ),
    Segment(
        "Lost",
        "the longest silent, seldom and for little",
        "One last re-engagement message, then leave out of paid campaigns.",
    ),
)

_CODES = {
    "CH": "Champions",
    "LO": "Loyal",
    "PL": "Potential Loyalist",
    "NE": "New",
    "PR": "Promising",
    "NA": "Need Attention",
    "AS": "About to Sleep",
    "AR": "At Risk",
    "CL": "Cannot Lose Them",
    "HI": "Hibernating",
    "LS": "Lost",
}
# The whole map: a line per recency 5 to 1, a word per frequency 1 to 5; monetary 1-3 on the left, 4-5 on the right.
_GRID = """
NE PL PL LO LO   NE PL LO CH CH
PR PL PL LO LO   PR PL LO CH CH
AS AS NA LO LO   NA NA NA LO LO
HI HI AR AR AR   HI AR AR AR CL
LS LS HI AR AR   HI AR AR CL CL
"""
_ROWS = [[_CODES[word] for word in line.split()] for line in _GRID.strip().splitlines()]


def segment_name(recency: int, frequency: int, monetary: int) -> str:
    """The segment of three scores, each 1 to 5; raises FixArguments for others."""
    for field, score in (("recency", recency), ("frequency", frequency), ("monetary", monetary)):
        if score not in range(1, 6):
            raise FixArguments(f"The {field} score {score} is not between 1 and 5.", field=field)
    return _ROWS[5 - recency][frequency - 1 + (5 if monetary >= 4 else 0)]


def rfm_segments(features: pl.DataFrame) -> pl.DataFrame:
    """customer_id, recency_score, frequency_score, monetary_score (Int8, 1 to 5, 5 best), segment; by customer_id.

    Takes recency_days, frequency_all and monetary_value; customers who never ordered (null recency) are left out.
    A score is the fifth in which the customer's rank lies. Equal values share the middle of their ranks and so the
    same score; a single purchase day always has frequency score 1, however many customers have it.
    """
    buyers = _buyers(features)
    frequency = pl.when(pl.col("frequency_all") <= 1).then(1).otherwise(_fifth(pl.col("frequency_all")))
    scored = buyers.select(
        "customer_id",
        _fifth(-pl.col("recency_days")).alias("recency_score"),
        frequency.cast(pl.Int8).alias("frequency_score"),
        _fifth(pl.col("monetary_value")).alias("monetary_score"),
    )
    return _named(scored)


@dataclass(frozen=True, slots=True)
class RfmEdges:
    """Where the scores of a run begin: the least value of scores 2, 3, 4 and 5 (None where nobody has one).

    recency is counted as -recency_days.
    """

    recency: list[float | None]
    frequency: list[float | None]
    monetary: list[float | None]


def edges_of(features: pl.DataFrame, scores: pl.DataFrame) -> RfmEdges:
    """The edges of `scores`, which rfm_segments made of `features`."""
    rows = _buyers(features).join(scores, on="customer_id", how="inner")

    def least(value: pl.Expr, score: str) -> list[float | None]:
        return [rows.filter(pl.col(score) >= s).select(value.cast(pl.Float64).min()).item() for s in range(2, 6)]

    return RfmEdges(
        least(-pl.col("recency_days"), "recency_score"),
        least(pl.col("frequency_all"), "frequency_score"),
        least(pl.col("monetary_value"), "monetary_score"),
    )


def rfm_by_edges(features: pl.DataFrame, edges: RfmEdges, *, later_days: float = 0.0) -> pl.DataFrame:
    """rfm_segments for some customers, scored where a run of everybody put the edges.

    `later_days`: how much later than that run `features` are: everybody has aged by that.
    """
    values = {
        "recency_score": (later_days - pl.col("recency_days"), edges.recency),
        "frequency_score": (pl.col("frequency_all"), edges.frequency),
        "monetary_score": (pl.col("monetary_value"), edges.monetary),
    }
    scores = {
        name: pl.sum_horizontal(pl.lit(1), *(value >= edge for edge in at if edge is not None)).cast(pl.Int8)
        for name, (value, at) in values.items()
    }
    return _named(_buyers(features).select("customer_id", **scores))


def _buyers(features: pl.DataFrame) -> pl.DataFrame:
    return features.filter(pl.col("recency_days").is_not_null()).sort("customer_id")


def _named(scored: pl.DataFrame) -> pl.DataFrame:
    return scored.join(_names(), on=["recency_score", "frequency_score", "monetary_score"], how="left").sort(
        "customer_id"
    )


def _fifth(value: pl.Expr) -> pl.Expr:
    middle = (value.rank("average") - 0.5) / pl.len()
    return ((middle * 5).floor() + 1).clip(1, 5).cast(pl.Int8)


def _names() -> pl.DataFrame:
    scores = [(r, f, m) for r in range(1, 6) for f in range(1, 6) for m in range(1, 6)]
    columns = ["recency_score", "frequency_score", "monetary_score"]
    table = pl.DataFrame(scores, schema=dict.fromkeys(columns, pl.Int8), orient="row")
    return table.with_columns(pl.Series("segment", [segment_name(*score) for score in scores], dtype=pl.String))
