"""Vectors of customers as of an instant, from a trained network."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from analytics.vectors.sequences import Tokens
from analytics.vectors.training import Trained

__all__ = ["embed"]

CHUNK = 512


def embed(trained: Trained, tokens: Tokens, *, as_of: datetime) -> pl.DataFrame:
    """One row a customer with anything before `as_of`: customer_id, vector (list of `hidden` Float32, length 1).

    `tokens` made with the categories of `trained`. Tokens at or after `as_of` are ignored.
    """
    import torch

    from analytics.vectors.transformer import tensors

    cut = int(as_of.timestamp())
    everybody = np.arange(tokens.customer_ids.size)
    counts = tokens.known(everybody, np.full(everybody.size, cut))
    present = everybody[counts > 0]
    by_length = present[np.argsort(counts[present], kind="stable")]  # batches of one length need little padding
    vectors = np.zeros((everybody.size, trained.model.shape.hidden), np.float32)
    threads = torch.get_num_threads()
    torch.set_num_threads(trained.plan.threads)
    try:
        trained.model.eval()
        with torch.inference_mode():
            for start in range(0, by_length.size, CHUNK):
                rows = by_length[start : start + CHUNK]
                part = tokens.batch(rows, np.full(rows.size, cut), counts[rows])
                vectors[rows] = trained.model.vectors(tensors(part)).numpy()
    finally:
        torch.set_num_threads(threads)
    width = vectors.shape[1]
    return pl.DataFrame(
        {
            "customer_id": pl.Series(tokens.customer_ids[present], dtype=pl.Int64),
            "vector": pl.Series(vectors[present], dtype=pl.Array(pl.Float32, width)).cast(pl.List(pl.Float32)),
        }
    )
