"""Rows as their staging table takes them: what one field lacks another may give, what a source calls otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import GiveUp
from database.loading.shapes import SHAPES

if TYPE_CHECKING:
    import polars as pl

SHAPE_OF = {"order_items": "order_lines", "spend": "channel_spend"}
NOT_KEPT = {"orders": ("refund_of",)}  # columns of a source that no table holds


def shaped(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Converted rows as their staging table takes them: what one field lacks another may give."""
    import polars as pl

    has = set(frame.columns)
    if "email" in has and kind in ("customers", "orders", "order_lines"):
        email = pl.col("email").str.to_lowercase()
        frame = frame.with_columns((pl.coalesce("customer", email) if "customer" in has else email).alias("customer"))
    if kind == "customers" and has & {"first_name", "last_name"}:
        parts = [pl.col(c) for c in ("first_name", "last_name") if c in has]
        whole = pl.concat_str(parts, separator=" ", ignore_nulls=True)
        whole = pl.coalesce("name", whole) if "name" in has else whole
        frame = frame.with_columns(pl.when(whole != "").then(whole).alias("name"))
        frame = frame.drop([c for c in ("first_name", "last_name") if c in has])
    if kind == "campaigns":
        known = [c for c in ("campaign_id", "name") if c in has]
        frame = frame.with_columns(campaign_id=pl.coalesce(known), name=pl.coalesce(known[::-1]))
    if kind == "mentions" and "source" not in has:
        frame = frame.with_columns(source=pl.lit("file"))
    return frame


def from_source(table: str, frame: pl.DataFrame, before: int) -> tuple[str, pl.DataFrame]:
    """A source's frame as a staging shape with numbered lines."""
    import polars as pl

    shape = SHAPE_OF.get(table, table)
    if shape not in SHAPES:
        raise GiveUp(f"There is no table '{table}' to load.")
    renamed = frame.rename({"customer_id": "customer"}) if "customer_id" in frame.columns else frame
    renamed = shaped(renamed, table)
    if "is_refund" in renamed.columns:
        refund = pl.when("is_refund").then(pl.lit("refund")).alias("status")
        renamed = renamed.with_columns(refund).drop("is_refund")
    renamed = renamed.drop(NOT_KEPT.get(table, ()), strict=False)
    return shape, renamed.with_row_index("line", offset=before).with_columns(pl.col("line").cast(pl.Int64))
