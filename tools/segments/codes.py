"""What groups are made of and described by: features with categories as codes, and a group's record by their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from database.engine import Database
from database.queries import groupings

if TYPE_CHECKING:
    import polars as pl

    from analytics.segmentation.groups import Group
    from analytics.segmentation.naming import Trait

__all__ = ["CATEGORIES", "SEED", "coded", "group_record", "read_coded", "trait_record"]

SEED = 20_250_101
CATEGORIES = ("favourite_category", "main_channel", "main_location")


def read_coded(database: Database, org_id: UUID) -> tuple[pl.DataFrame, dict[str, list[str]]]:
    """customer_id and what groups are made of and described by, from the stored features, and the names of categories.

    Categories are codes in the frame: places in their list of names, -1 for none.
    """
    from analytics.features.dictionary import NUMBER_NAMES

    frame = groupings.read_features(database, org_id, [*NUMBER_NAMES, *CATEGORIES])
    return coded(frame)


def coded(frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, list[str]]]:
    """`frame` with CATEGORIES as codes, and the names by code."""
    import polars as pl

    names = {name: frame[name].drop_nulls().unique().sort().to_list() for name in CATEGORIES}
    codes = {n: pl.col(n).cast(pl.Enum(names[n])).to_physical().cast(pl.Int32).fill_null(-1) for n in CATEGORIES}
    return frame.with_columns(**codes), names


def group_record(group: Group, names: Mapping[str, list[str]]) -> dict[str, Any]:
    """A group as it is stored and answered: number, name, size, value level, and what sets it apart."""
    return {
        "number": group.number,
        "name": group.name,
        "size": group.size,
        "value_level": group.value_level,
        "traits": [trait_record(trait, names) for trait in group.traits],
    }


def trait_record(trait: Trait, names: Mapping[str, list[str]]) -> dict[str, Any]:
    """A trait as it is stored and answered; a category by its name: "favourite category Garden: 45% against 20%"."""
    words = trait.words
    if trait.code is not None:
        words = words.replace(":", f" {names[trait.feature][trait.code]}:", 1)
    return {
        "feature": trait.feature,
        "difference": round(trait.difference, 4),
        "inside": round(trait.inside, 4),
        "outside": round(trait.outside, 4),
        "words": words,
    }
