"""Figures of money, pieces, orders and people, each with all its readings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from evals.views import Frame, Readings, Views


class Money(Views):
    """What was sold, and to how many."""

    def revenue(self, when: str | None = None, **wanted: Any) -> Readings:
        """Money, net of refunds or gross."""
        return self._each(self._views(self._net + self._gross), value_of, when, wanted)

    def net(self, when: str | None = None, **wanted: Any) -> Readings:
        """Money less refunds."""
        return self._each(self._views(self._net), value_of, when, wanted)

    def gross(self, when: str | None = None, **wanted: Any) -> Readings:
        """Money before refunds; with discounts recorded also at list prices."""
        found = self._each(self._views(self._gross), value_of, when, wanted)
        if self.key != "C" or set(wanted) & {"category", "name", "sku"}:
            return found
        listed = self._each(self._views(["gross"], docs=True), lambda f: f.value.sum() + f.discount.sum(), when, wanted)
        return pd.concat([found, listed.rename(lambda name: f"listed {name}")])

    def refunded(self, when: str | None = None, **wanted: Any) -> Readings:
        """Money given back, as a positive amount."""
        views = ["refunds", "refunds, known"] if self.key == "A" else ["refunds"]
        return -self._each(self._views(views), value_of, when, wanted)

    def refunds(self, when: str | None = None, **wanted: Any) -> Readings:
        """Number of refund documents (shop A: invoices that begin with C)."""
        views = ["refunds", "refunds, known"] if self.key == "A" else ["refunds"]
        return self._each(self._views(views), lambda f: f.order.nunique(), when, wanted)

    def orders(self, when: str | None = None, **wanted: Any) -> Readings:
        """Number of sale orders; shop A: also every invoice but C… and A…."""
        views = [*self._sales, "uncancelled", "uncancelled, known"] if self.key == "A" else self._sales
        return self._each(self._views(views), lambda f: f.order.nunique(), when, wanted)

    def documents(self, when: str | None = None, **wanted: Any) -> Readings:
        """Number of all invoices, those of refunds among them, and of sale invoices alone."""
        return self._each(self._views([*self._sales, "net"]), lambda f: f.order.nunique(), when, wanted)

    def units(self, when: str | None = None, **wanted: Any) -> Readings:
        """Pieces sold, and pieces sold less those that came back."""
        views = [*self._net, *self._sales] + (["uncancelled"] if self.key == "A" else [])
        return self._each(self._views(views), lambda f: f.qty.sum(), when, wanted)

    def pieces_sold(self, when: str | None = None, **wanted: Any) -> Readings:
        """Pieces sold, returns not taken off."""
        return self._each(self._views(self._sales), lambda f: f.qty.sum(), when, wanted)

    def buyers(self, when: str | None = None, **wanted: Any) -> Readings:
        """Different known customers with a sale."""
        views = ["gross", "sold", "net"] if self.key == "A" else ["gross"]
        return self._each(self._views(views), lambda f: f.customer.nunique(), when, wanted)

    def customers(self, when: str | None = None, **wanted: Any) -> Readings:
        """The same, or with any row."""
        return self._each(self._views(["gross", "net"]), lambda f: f.customer.nunique(), when, wanted)

    def order_values(self, when: str | None = None, **wanted: Any) -> Readings:
        """A series of order values a reading: of priced sales; in shop A also of those of any price."""
        return self._each(self._views(self._sales), by_order, when, wanted)

    def aov(self, when: str | None = None, **wanted: Any) -> list[float]:
        """Mean order value: gross, or net revenue over sale orders (in shop A priced ones, or all)."""
        counts = self._each(self._views(self._sales), _orders, when, wanted)
        return per(self.revenue(when, **wanted), counts, aligned=True)

    def order_stat(self, stat: Callable[[pd.Series], Any], when: str | None = None, **wanted: Any) -> list[Any]:
        """A statistic of the order values, such as median or max."""
        return [stat(values) for values in self.order_values(when, **wanted)]


def per(one: Any, other: Any, *, aligned: bool = False) -> list[float]:
    """Quotients of all pairs; `aligned`: of known customers with known ones only."""
    pairs = [(a, b) for a in _items(one) for b in _items(other)]
    if aligned:
        pairs = [(a, b) for a, b in pairs if ("known" in a[0]) == ("known" in b[0]) and a[0][-1] == b[0][-1]]
    return [float(a[1]) / float(b[1]) for a, b in pairs if b[1]]


def _items(value: Any) -> Iterable[tuple[str, float]]:
    if isinstance(value, pd.Series):
        return [(str(name), item) for name, item in value.items()]
    return [(str(n), item) for n, item in enumerate(value)] if isinstance(value, list) else [("", value)]


def value_of(frame: Frame) -> float:
    return float(frame["value"].sum())


def _orders(frame: Frame) -> int:
    return int(frame.order.nunique())


def by_order(frame: Frame) -> pd.Series:
    return frame.groupby("order")["value"].sum()
