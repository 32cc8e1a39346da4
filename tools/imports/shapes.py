"""Rows as their staging table takes them: what one field lacks another may give, what a source calls otherwise."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from connectors.channels.contract import AddressKind
from connectors.channels.discovery import address_kinds
from connectors.files.fields import OF_PEOPLE
from connectors.files.persons import kept_addresses
from core.errors import GiveUp
from database.loading.contacts import ALSO, CONTACT
from database.loading.shapes import SHAPES
from tools.imports.touches import as_events

if TYPE_CHECKING:
    import polars as pl

SHAPE_OF = {"order_items": "order_lines", "spend": "channel_spend", "rates": "exchange_rates", "touches": "events"}


def shaped(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Converted rows as their staging table takes them: what one field lacks another may give."""
    import polars as pl

    has = set(frame.columns)
    if kind == "touches":
        frame = as_events(frame)
    if kind == "paths":
        frame = frame.with_columns(path_id=pl.col("path").map_elements(_hash, return_dtype=pl.String))
    if kind in (*OF_PEOPLE, "events", "touches", "assignments"):
        frame = _with_addresses(frame)
    if "line_discount" in has:
        frame = _net_of_discount(frame)
    if has & {"first_name", "last_name"}:
        frame = _with_name(frame)
    if kind == "campaigns":
        known = [c for c in ("campaign_id", "name") if c in has]
        frame = frame.with_columns(campaign_id=pl.coalesce(known), name=pl.coalesce(known[::-1]))
        frame = (
            frame.with_columns(pl.col("status").str.to_lowercase().fill_null("unknown")) if "status" in has else frame
        )
    if kind == "rates":
        frame = _rates(frame)
    if kind == "mentions" and "source" not in has:
        frame = frame.with_columns(source=pl.lit("file"))
    return frame


def _hash(words: str) -> str:
    return hashlib.md5(words.encode(), usedforsecurity=False).hexdigest()


def _with_name(frame: pl.DataFrame) -> pl.DataFrame:
    """One name of several parts: beside a first or a last name alone, a name that lacks it is the other part."""
    import polars as pl

    has = [c for c in ("first_name", "last_name") if c in frame.columns]
    parts: list[str] = list(has)
    if "name" in frame.columns and len(has) == 1:
        parts = ["first_name", "name"] if has == ["first_name"] else ["name", "last_name"]
    whole = pl.concat_str(parts, separator=" ", ignore_nulls=True)
    if "name" in frame.columns:
        part, name = (pl.col(c).str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", " ") for c in (has[0], "name"))
        holds = (" " + name + " ").str.contains(" " + part.str.strip_chars() + " ", literal=True)
        whole = pl.when(holds).then("name").otherwise(whole) if len(has) == 1 else pl.coalesce("name", whole)
    return frame.with_columns(pl.when(whole != "").then(whole).alias("name")).drop(has)


def _net_of_discount(frame: pl.DataFrame) -> pl.DataFrame:
    """Lines whose revenue is less by what was taken off them."""
    import polars as pl

    off = pl.col("line_discount").abs().fill_null(0).cast(pl.Float64)
    if "revenue" in frame.columns:
        gross = pl.col("revenue").cast(pl.Float64)
    else:
        gross = pl.col("quantity").cast(pl.Float64) * pl.col("unit_price").cast(pl.Float64)
    return frame.with_columns((gross - off).round(4).cast(pl.Decimal(18, 4)).alias("revenue")).drop("line_discount")


def _rates(frame: pl.DataFrame) -> pl.DataFrame:
    """What one `currency` is worth in `base`: so from and into say it; a base with its quote says it the other way."""

    if "base" in frame.columns:  # 1 base = rate currency
        return frame.rename({"base": "currency", "currency": "base"}).drop("into", strict=False)
    return frame.rename({"into": "base"}) if "into" in frame.columns else frame


def _with_addresses(frame: pl.DataFrame) -> pl.DataFrame:
    """Addresses as they are kept, and who the row is about: the number, else the first address that identifies.

    Beside a number those addresses are what else the person goes by (also_<kind>), in the form that is compared.
    """
    import polars as pl

    given = [kind for kind in address_kinds().values() if kind.name in frame.columns]
    frame = frame.with_columns(kept_addresses(frame[kind.name], kind) for kind in given)
    naming = [_name(kind) for kind in given if kind.identifies]
    if "customer" in frame.columns:
        address = pl.col("customer").str.contains("@", literal=True)
        number = pl.when(address).then(pl.col("customer").str.to_lowercase()).otherwise(pl.col("customer"))
        own = {ALSO + kind.name: _name(kind) for kind in given if kind.identifies and not kind.shared}
        frame = frame.with_columns(pl.coalesce(number, *naming).alias("customer"))
        return frame.with_columns(pl.when(n != pl.col("customer")).then(n).alias(c) for c, n in own.items())
    return frame.with_columns(pl.coalesce(naming).alias("customer")) if naming else frame


def _name(kind: AddressKind) -> pl.Expr:
    """An address as a name of who has it: in the form that is compared, and no number of the shop."""
    import polars as pl

    address = pl.col(kind.name).str.to_lowercase()
    bare = ~address.str.contains(r"[@+]")
    return pl.when(bare).then(pl.concat_str(pl.lit(f"{kind.name}:"), address)).otherwise(address)


def staged(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows with their addresses under the names that staging tables have for them."""
    return frame.rename({name: CONTACT + name for name in address_kinds() if name in frame.columns})


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
    numbered = renamed.with_row_index("line", offset=before).with_columns(pl.col("line").cast(pl.Int64))
    return shape, staged(numbered)
