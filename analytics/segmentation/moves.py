"""Who went from which segment into which other between two dates."""

from __future__ import annotations

import polars as pl

__all__ = ["NONE", "joined_and_left", "moves"]

NONE = "none"
"""In no segment of the kind."""


def moves(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """customer_id, moved_from, moved_to of the customers whose segment is another one than before.

    Both frames: customer_id and segment (a name), one row a customer at most; who is missing was or is in "none".
    """
    then = before.select("customer_id", moved_from=pl.col("segment"))
    present = now.select("customer_id", moved_to=pl.col("segment"))
    joined = then.join(present, on="customer_id", how="full", coalesce=True)
    known = joined.with_columns(pl.col("moved_from", "moved_to").cast(pl.String).fill_null(NONE))
    return known.filter(pl.col("moved_from") != pl.col("moved_to"))


def joined_and_left(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """The same for segments that share customers: one row for each segment joined (from "none") or left (to "none")."""
    pair = ["customer_id", "segment"]
    came = now.select(pair).join(before.select(pair), on=pair, how="anti")
    went = before.select(pair).join(now.select(pair), on=pair, how="anti")
    return pl.concat(
        [
            came.select("customer_id", moved_from=pl.lit(NONE), moved_to=pl.col("segment")),
            went.select("customer_id", moved_from=pl.col("segment"), moved_to=pl.lit(NONE)),
        ]
    )
