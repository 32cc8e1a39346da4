"""How far segments share their customers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

__all__ = ["overlap"]


def overlap(members: pl.DataFrame, segments: Sequence[str]) -> pl.DataFrame:
    """Every pair of segments: first, second, first_size, second_size, both, jaccard, share_of_first, share_of_second.

    `members` has segment (Int32, a position in `segments`) and customer_id, one row a membership. jaccard is both /
    either, 0 for two empty segments. Pairs with the most in common come first.
    """
    known = members.unique(["segment", "customer_id"])
    customers = known["customer_id"].unique().sort()
    inside = np.zeros((len(segments), customers.len()), np.float32)
    inside[known["segment"].to_numpy(), customers.search_sorted(known["customer_id"]).to_numpy()] = 1
    both = np.rint(inside @ inside.T).astype(np.int64) if customers.len() else np.zeros((len(segments),) * 2, np.int64)
    rows = [_pair(segments, both, i, j) for i in range(len(segments)) for j in range(i + 1, len(segments))]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row").sort("jaccard", "both", descending=True)


_SCHEMA = {
    "first": pl.String,
    "second": pl.String,
    "first_size": pl.Int64,
    "second_size": pl.Int64,
    "both": pl.Int64,
    "jaccard": pl.Float64,
    "share_of_first": pl.Float64,
    "share_of_second": pl.Float64,
}


def _pair(
    segments: Sequence[str], both: np.ndarray[tuple[int, int], np.dtype[np.int64]], i: int, j: int
) -> tuple[object, ...]:
    one, other, shared = int(both[i, i]), int(both[j, j]), int(both[i, j])
    either = one + other - shared
    return (
        segments[i],
        segments[j],
        one,
        other,
        shared,
        shared / either if either else 0.0,
        shared / one if one else 0.0,
        shared / other if other else 0.0,
    )
