"""Groups of customers told so that people can work with them: name, size, value level, what sets each apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.segmentation.grouping import Grouping
from analytics.segmentation.kmeans import value_levels
from analytics.segmentation.naming import Trait, named, traits
from analytics.segmentation.scaling import Matrix

__all__ = ["Group", "described", "lasting_names"]

SAME_GROUP = 0.5


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its number in the grouping, its name, size, value level (high, medium, low) and traits."""

    number: int
    name: str
    size: int
    value_level: str
    traits: tuple[Trait, ...]


def described(
    grouping: Grouping, matrix: Matrix, features: pl.DataFrame, earlier: pl.DataFrame | None = None
) -> list[Group]:
    """The groups of `grouping`, largest first.

    `matrix` and `features` (customer_id, monetary_value and what traits are told of) are of the customers of
    `grouping`, in the same order. `earlier` (customer_id, name) are the groups before: who is still mostly the same
    group keeps its name.
    """
    labels = grouping.members["group"].to_numpy()
    levels = value_levels(grouping.members, features)
    found = [traits(matrix, features, labels, number) for number in range(grouping.groups)]
    names = named(found, [levels.get(number, "medium") for number in range(grouping.groups)])
    if earlier is not None and earlier.height:
        names = lasting_names(grouping.members, names, earlier)
    sizes = np.bincount(labels[labels >= 0], minlength=grouping.groups)
    groups = [
        Group(number, names[number], int(sizes[number]), levels.get(number, "medium"), tuple(found[number]))
        for number in range(grouping.groups)
    ]
    return sorted(groups, key=lambda group: -group.size)


def lasting_names(members: pl.DataFrame, names: Sequence[str], earlier: pl.DataFrame) -> list[str]:
    """`names` of the groups of `members`, with the earlier name where a group is the same as one before.

    Groups are paired so that the pairs share as much as they can (Kuhn 1955); a pair with a Jaccard index of a half
    or more is one group that lives on. A new group does not take a name that lives on elsewhere.
    """
    from scipy.optimize import linear_sum_assignment

    old = earlier["name"].unique().sort().to_list()
    counted = _shared(members, earlier, len(names), old)
    new_sizes, old_sizes = _sizes(members, len(names)), np.array([(earlier["name"] == name).sum() for name in old])
    jaccard = counted / np.maximum(new_sizes[:, None] + old_sizes[None, :] - counted, 1)
    rows, columns = linear_sum_assignment(-jaccard)
    pairs = zip(rows, columns, strict=True)
    lasting = {int(i): old[j] for i, j in pairs if jaccard[i, j] >= SAME_GROUP}
    taken = set(lasting.values())
    out = []
    for number, name in enumerate(names):
        chosen = lasting.get(number) or _free(name, taken)
        taken.add(chosen)
        out.append(chosen)
    return out


def _shared(
    members: pl.DataFrame, earlier: pl.DataFrame, groups: int, old: Sequence[str]
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    both = members.filter(pl.col("group") >= 0).join(earlier, on="customer_id", how="inner")
    place = {name: number for number, name in enumerate(old)}
    counts = np.zeros((groups, len(old)))
    for group, name, count in both.group_by("group", "name").len().iter_rows():
        counts[group, place[name]] = count
    return counts


def _sizes(members: pl.DataFrame, groups: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    labels = members["group"].to_numpy()
    return np.bincount(labels[labels >= 0], minlength=groups)


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    return next(other for n in range(2, len(taken) + 3) if (other := f"{name} ({n})") not in taken)
