"""Sets of customers: who bought what and when, who is new, who came back, what everybody has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from evals.money import Money
from evals.periods import spans
from evals.views import Frame


class People(Money):
    """Known customers, counted in every way a question leaves open."""

    def bought(self, when: str | None = None, how: str = "gross", **wanted: Any) -> set[str]:
        """Known customers with a sale (`how`: another view)."""
        period = None if when is None else self.span(when)
        return set(self.where(self._view(how, self.lines, "lines"), period, **wanted).customer.dropna())

    def sets(self, figure: Callable[[Callable[..., set[str]]], Any]) -> list[Any]:
        """`figure` with `bought` as sales; in shop A also as any row."""
        return [figure(lambda when=None, h=how, **wanted: self.bought(when, h, **wanted)) for how in self._ways]

    def people(self, condition: Callable[[Frame], pd.Series], when: str | None = None, **wanted: Any) -> list[int]:
        """How many known customers meet a condition on what they have (columns of `ledger`)."""
        return [int(condition(ledger).sum()) for ledger in self.ledgers(when, **wanted)]

    def ledgers(self, when: str | None = None, **wanted: Any) -> list[Frame]:
        """Per known customer: orders, value, units, first, last, biggest, … gross; and with net value."""
        found = []
        pairs = [(sale, money) for sale in self._ways[:2] for money in ("gross", "net")]
        for sale, money in pairs:
            for period in [None] if when is None else spans(when, self.end, self.start):
                sales = self.where(self._view(sale, self.lines, "lines"), period, **wanted)
                paid = self.where(self._view(money, self.lines, "lines"), period, **wanted)
                found.append(_ledger(sales.dropna(subset="customer"), paid))
        return found

    def firsts(self, how: str = "gross") -> pd.Series:
        """First order of each known customer."""
        rows = self._view(how, self.lines, "lines").dropna(subset="customer")
        return rows.groupby("customer")["at"].min()

    def newcomers(self, when: str, **wanted: Any) -> list[int]:
        """Customers whose first order ever falls into the period (and is of those rows)."""
        return [len(found) for found in self.newcomer_sets(when, **wanted)]

    def newcomer_sets(self, when: str, **wanted: Any) -> list[set[str]]:
        """The same, as sets; one for each way of counting."""
        found = []
        for how in self._ways:
            first = self.firsts(how)
            for begin, after in spans(when, self.end, self.start):
                came = set(first[(first >= begin) & (first < after)].index)
                found.append(came & self.bought(None, how, **wanted) if wanted else came)
        return found

    def retention(self, cohort: str, later: str) -> list[float]:
        """Of the customers who came in `cohort`: how many ordered in `later`, in percent and as a number."""
        found: list[float] = []
        for how in self._ways:
            first, (begin, after) = self.firsts(how), self.span(cohort)
            came = set(first[(first >= begin) & (first < after)].index)
            back = len(came & self.bought(later, how))
            found += [100 * back / len(came), back] if came else []
        return found

    def first_money(self, when: str, *, returning: bool = False) -> list[float]:
        """Money of first orders, and of those who came in the period; `returning`: of all other known customers'."""
        rows = self._view("gross", self.lines, "lines").dropna(subset="customer")
        first = rows.customer.map(rows.groupby("customer")["at"].min())
        begin, after = self.span(when)
        inside, came = (rows["at"] >= begin) & (rows["at"] < after), (first >= begin) & (first < after)
        value, debut = rows["value"], rows["at"] == first
        known = [float(value[inside & (debut != returning)].sum()), float(value[inside & (came != returning)].sum())]
        refunds = self._view("refunds", self.lines, "lines").dropna(subset="customer")
        begun = refunds.customer.map(self.firsts())
        back = refunds[
            (refunds["at"] >= begin) & (refunds["at"] < after) & (((begun >= begin) & (begun < after)) != returning)
        ]
        return [*known, known[1] + float(back["value"].sum())]

    def debut_orders(self, when: str, *, returning: bool = False, **wanted: Any) -> list[int]:
        """Orders that are a known customer's first (`returning`: a later one)."""
        rows = self._view("gross", self.lines, "lines").dropna(subset="customer")
        rows = rows[(rows["at"] == rows.customer.map(rows.groupby("customer")["at"].min())) != returning]
        return [self.where(rows, span, **wanted).order.nunique() for span in spans(when, self.end, self.start)]

    def together(self, column: str, names: Sequence[str], when: str | None = None, **wanted: Any) -> int:
        """Sale orders that hold all of these."""
        rows = self.where(self._view("gross", self.lines, "lines"), self.span(when) if when else None, **wanted)
        held = rows.groupby("order")[column].agg(set)
        return int(held.map(lambda found: set(names) <= found).sum())

    def gaps(self, when: str | None = None) -> list[float]:
        """Days between a customer's orders: mean and median of all gaps, and of customers' own means and medians."""
        rows = self.where(self._view("gross", self.lines, "lines"), self.span(when) if when else None)
        found: list[float] = []
        for moment in (rows["at"], rows["at"].dt.normalize()):
            heads = rows.assign(moment=moment).dropna(subset="customer").groupby(["customer", "order"]).moment.min()
            days = heads.reset_index().drop_duplicates(["customer", "moment"]).sort_values(["customer", "moment"])
            gap = days.groupby("customer").moment.diff().dt.total_seconds() / 86_400
            own = gap.groupby(days.customer)
            found += [
                gap.mean(),
                gap.median(),
                own.mean().mean(),
                own.mean().median(),
                own.median().median(),
                own.median().mean(),
            ]
        return found


def _ledger(sales: Frame, paid: Frame) -> Frame:
    groups = sales.groupby("customer")
    biggest = sales.groupby(["customer", "order"])["value"].sum().groupby("customer").max()
    found = groups.agg(orders=("order", "nunique"), units=("qty", "sum"), first=("at", "min"), last=("at", "max"))
    found["value"] = paid.groupby("customer")["value"].sum().reindex(found.index).fillna(0.0)
    found["biggest"], found["country"] = biggest, groups.country.first()
    found["products"], found["categories"] = groups.sku.nunique(), groups.category.nunique()
    return found
