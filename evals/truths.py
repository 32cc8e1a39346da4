"""What truths may say: a small vocabulary over a shop's raw rows, every word giving all defensible readings.

A truth is an expression in this vocabulary. Figures are pandas series, one value a reading, so that the readings of
two figures meet each other in `share(revenue(country="Austria"), revenue())`, net with net and gross with gross.

Readings: revenue net of refunds or gross; in shop A with everybody or only with known customers, with or without the
bad-debt lines; orders as sale invoices (priced or of any price) or as all documents; customers as those who bought or
those with any row. A question that says which is meant gets that one alone (`gross`, `net`, `buyers`, …).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from evals.money import by_order, per, value_of
from evals.people import People
from evals.views import Frame


class Truths(People):
    """The vocabulary of one shop."""

    def readings(self, expression: str) -> list[Any]:
        """The readings of one expression: numbers, lists of names (in order), sets of names, mappings."""
        # Our own data files, not anybody's input.
        return flat(eval(expression, self.vocabulary()))

    def vocabulary(self) -> dict[str, Any]:
        """Every public word of this class, and the shop's frames."""
        words = {name: getattr(self, name) for name in dir(self) if not name.startswith("_")}
        named = {"registered": self.frames["customers"], "spend": self.frames.get("channel_spend"), "np": np, "pd": pd}
        frames = {name: frame for name, frame in self.frames.items() if name not in words}
        return {**frames, **words, **named}

    def top(self, by: str, figure: str = "revenue", n: int = 1, when: str | None = None, *, least: bool = False,
            only: Callable[[pd.Series], pd.Series] | None = None, **wanted: Any) -> list[list[str]]:  # fmt: skip
        """The first `n` of a ranking, a list a reading."""
        found = []
        for values in self.table(by, figure, when, **wanted):
            kept = (values if only is None else values[only(values)]).dropna()
            for ordered in (kept.sort_index(), kept.sort_index(ascending=False)):  # equals stand in either order
                found.append([str(name) for name in ordered.sort_values(ascending=least, kind="stable").index[:n]])
        return [names for number, names in enumerate(found) if names not in found[:number]]

    def table(self, by: str, figure: str = "revenue", when: str | None = None, **wanted: Any) -> list[pd.Series]:
        """A figure by a column of the lines (country, name, month, weekday, hour …), a series a reading."""
        views, measure = self._measured(figure)
        tables = self._each(views, lambda f: _grouped(f, by, measure), when, wanted)
        return list(tables)

    def best_in_each(self, group: str, by: str, figure: str = "revenue", when: str | None = None, **wanted: Any
                     ) -> list[dict[str, str]]:  # fmt: skip
        """The first of `by` within each value of `group`, a mapping a reading."""
        views, measure = self._measured(figure)

        def best(frame: Frame) -> dict[str, str]:
            found = {}
            for name, part in frame.groupby(group):
                values = _grouped(part, by, measure).dropna()
                if len(values):
                    found[str(name)] = str(values.idxmax())
            return found

        return list(self._each(views, best, when, wanted))

    def listed(
        self, by: str, figure: str = "revenue", when: str | None = None, **wanted: Any
    ) -> list[dict[str, float]]:
        """The same as `table`, as mappings that must be shown row by row."""
        return [{str(name): float(value) for name, value in t.items()} for t in self.table(by, figure, when, **wanted)]

    def _measured(self, figure: str) -> tuple[dict[str, Frame], Callable[[Frame], float]]:
        money, sales = self._net + self._gross, self._sales
        views, measure = {
            "revenue": (money, value_of),
            "net": (self._net, value_of),
            "gross": (self._gross, value_of),
            "refunded": (["refunds"], lambda f: -f.value.sum()),
            "units": ([*self._net, *sales], lambda f: f.qty.sum()),
            "orders": (sales, lambda f: f.order.nunique()),
            "customers": (["gross", "net"], lambda f: f.customer.nunique()),
            "buyers": (["gross"], lambda f: f.customer.nunique()),
            "aov": (sales, lambda f: f.value.sum() / f.order.nunique() if len(f) else float("nan")),
            "per customer": (money, lambda f: f.value.sum() / max(f.customer.nunique(), 1)),
            "median": (sales, lambda f: by_order(f).median()),
        }[figure]
        return self._views(views), measure

    def cumulative(self, by: str, when: str) -> list[dict[str, float]]:
        """Running totals of money, row by row."""
        return [{str(k): float(v) for k, v in t.sort_index().cumsum().items()} for t in self.table(by, "revenue", when)]

    @staticmethod
    def share(part: Any, whole: Any) -> Any:
        """Percent, reading by reading where both have them."""
        return 100 * part / whole

    @staticmethod
    def change(before: Any, after: Any) -> Any:
        """Percent more (or less) than before."""
        return 100 * (after / before - 1)

    @staticmethod
    def per(one: Any, other: Any) -> list[float]:
        """Every reading of one by every reading of the other."""
        return per(one, other)


def flat(found: Any) -> list[Any]:
    """Readings as a list: of numbers, of lists or sets of names, of mappings."""
    if isinstance(found, pd.Series):
        found = list(found)
    if isinstance(found, list) and (not found or not all(isinstance(item, str) for item in found)):
        return [reading for item in found for reading in flat(item)]
    if isinstance(found, tuple):
        return [reading for item in found for reading in flat(item)]
    if isinstance(found, np.generic):
        found = found.item()
    return [found]


def _grouped(frame: Frame, by: str, measure: Callable[[Frame], float]) -> pd.Series:
    return pd.Series({str(name): measure(part) for name, part in frame.groupby(by)}, dtype=float)
