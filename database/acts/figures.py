"""Figures of orders and events counted in columns: what the SQL of a metric is made of, by group.

A metric is taken where its SQL consists of counts and sums that are known here; what is made of these stays SQL, so
that a figure is defined in one place (database/semantic).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from database.acts.columns import Columns, Ints, Places

__all__ = ["Rows", "counted", "made_of"]

Mask = NDArray[np.bool_]
MOST_PLACES = 40_000_000  # groups × customers that are marked, not sorted
_EVENTS = re.compile(r"count\(\*\) filter \(where e\.kind = '(\w+)'\)")
_SEEN = "count(distinct o.customer_id) filter (where {})"


@dataclass(frozen=True)
class Rows:
    """The rows of a period: a slice of the columns, the group of each row, and the instant its period began.

    `since`: the beginning of the period, or of the row's time bucket in it.
    """

    columns: Columns
    part: slice
    group: Ints
    groups: int
    since: Ints

    def of_kind(self, name: str) -> Mask:
        return self.columns.of_kind(name, self.part)

    @property
    def who(self) -> Places:
        return self.columns.who[self.part]

    @property
    def at(self) -> Ints:
        return self.columns.at[self.part]

    @property
    def first_at(self) -> Ints:
        """The first row ever of each row's customer."""
        return self.columns.first_at[self.who]

    def number(self, mask: Mask | None = None) -> Ints:
        """Rows of each group."""
        group = self.group if mask is None else self.group[mask]
        return np.bincount(group, minlength=self.groups)

    def money(self, mask: Mask | None = None) -> list[Decimal | None]:
        """The revenue of each group's rows; None where there are none."""
        revenue = self.columns.revenue[self.part]
        group = self.group if mask is None else self.group[mask]
        total = np.zeros(self.groups, np.int64)
        np.add.at(total, group, revenue if mask is None else revenue[mask])
        there = self.number(mask) > 0
        return [Decimal(int(v)).scaleb(-4) if known else None for v, known in zip(total, there, strict=True)]

    def people(self, mask: Mask) -> Ints:
        """Different customers of each group's rows, those nobody knows left out."""
        chosen = mask & (self.who >= 0)
        group, who = self.group[chosen], self.who[chosen]
        everybody = len(self.columns.customers)
        if self.groups * everybody > MOST_PLACES:
            return np.bincount(
                np.unique(group * everybody + who.astype(np.int64)) // max(everybody, 1), minlength=self.groups
            )
        seen = np.zeros((self.groups, everybody), bool)
        seen[group, who] = True
        different: Ints = np.count_nonzero(seen, axis=1)
        return different


_ORDERS: Mapping[str, Callable[[Rows], Ints | list[Decimal | None]]] = {
    "sum(o.revenue) filter (where o.kind = 'sale')": lambda rows: rows.money(rows.of_kind("sale")),
    "sum(o.revenue) filter (where o.kind = 'refund')": lambda rows: rows.money(rows.of_kind("refund")),
    "sum(o.revenue)": lambda rows: rows.money(),
    "count(*) filter (where o.kind = 'sale')": lambda rows: rows.number(rows.of_kind("sale")),
    "count(*) filter (where o.kind = 'refund')": lambda rows: rows.number(rows.of_kind("refund")),
    "count(*) filter (where o.kind = 'sale' and o.customer_id is null)": lambda rows: rows.number(
        rows.of_kind("sale") & (rows.who < 0)
    ),
    _SEEN.format("o.kind <> 'void'"): lambda rows: rows.people(~rows.of_kind("void")),
    _SEEN.format("o.kind = 'sale'"): lambda rows: rows.people(rows.of_kind("sale")),
    _SEEN.format("o.ordered_at = first.at"): lambda rows: rows.people(rows.at == rows.first_at),
    _SEEN.format("first.at < {since}"): lambda rows: rows.people(rows.first_at < rows.since),
}


def made_of(source: str, sql: str) -> tuple[str, list[str]] | None:
    """A metric's SQL with `{0}`, `{1}` … in place of what is counted here, and what that is; None: it is not."""
    parts: list[str] = []

    def put(found: re.Match[str]) -> str:
        if found[0] not in parts:
            parts.append(found[0])
        return f"{{{parts.index(found[0])}}}"

    known = {"orders": _OF_ORDERS, "events": _EVENTS}.get(source)
    made = known.sub(put, sql) if known else sql
    return None if known is None or re.search(r"\b[a-z]\w*\.", made) else (made, parts)  # asks for rows besides


_OF_ORDERS = re.compile("|".join(re.escape(sql) for sql in sorted(_ORDERS, key=len, reverse=True)))


def counted(rows: Rows, what: str) -> list[Any]:
    """One of the parts of `made_of`, by group."""
    event = _EVENTS.fullmatch(what)
    found = rows.number(rows.of_kind(event[1])) if event else _ORDERS[what](rows)
    return list(found) if isinstance(found, list) else list(found.tolist())
