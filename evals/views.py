"""The rows of a shop as truths see them: periods, filters, and the ways a question may be read.

A view is one way: net (refunds taken off), gross (priced sales), sold (sales of any price), refunds; ", known" for
known customers alone; in shop A with or without its bad-debt lines, and all invoices but cancellations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from evals.periods import Span, spans
from evals.shops import Rows

Readings = pd.Series
"""One value a reading, by the name of the view and the number of the period."""
Frame = pd.DataFrame
_FIELDS = ("country", "channel", "category", "name", "sku", "customer", "city", "order")


class Views:
    """A shop's lines and documents, and the views of them."""

    def __init__(self, rows: Rows) -> None:
        frames = rows.frames
        self.key = rows.shop.key
        self.frames = frames
        self.lines, self.docs = _dated(frames["lines"]), _dated(frames["orders"])
        self.start, self.end = self.lines["at"].min(), self.lines["at"].max()
        self._filtered: dict[str, Frame] = {}

    def span(self, when: str) -> Span:
        """First instant and the first after of the plainest reading."""
        return spans(when, self.end, self.start)[0]

    def over(self, when: str, figure: Callable[[Callable[[pd.Series], pd.Series]], Any]) -> list[Any]:
        """`figure` for each reading of a period; it gets a mask-maker for instants."""
        found = spans(when, self.end, self.start)
        return [figure(lambda at, s=span: (at >= s[0]) & (at < s[1])) for span in found]  # type: ignore[misc]

    def where(self, frame: Frame, when: Span | None = None, **wanted: Any) -> Frame:
        """Rows of a period and of values: country="Austria", not_country=[…], hours=(18, 22), weekdays=[5, 6]."""
        keep = pd.Series(True, index=frame.index)
        if when is not None:
            keep &= (frame["at"] >= when[0]) & (frame["at"] < when[1])
        for name, value in wanted.items():
            keep &= _matching(frame, name, value)
        return frame[keep]

    def _each(self, views: Mapping[str, Frame], figure: Callable[[Frame], Any], when: Any, wanted: Any) -> Readings:
        found: dict[str, Any] = {}
        periods = [None] if when is None else spans(when, self.end, self.start)
        for view, frame in views.items():
            for number, period in enumerate(periods):
                found[f"{view}/{number}"] = figure(self.where(frame, period, **wanted))
        return pd.Series(found)

    def _view(self, which: str, frame: Frame, name: str) -> Frame:
        key = f"{name}:{which}"
        if key not in self._filtered:
            self._filtered[key] = _seen(frame, which)
        return self._filtered[key]

    def _views(self, names: Sequence[str], *, docs: bool = False) -> dict[str, Frame]:
        frame, label = (self.docs, "docs") if docs else (self.lines, "lines")
        return {name: self._view(name, frame, label) for name in names}

    @property
    def _net(self) -> list[str]:
        return ["net", "net, known", "net, no debts"] if self.key == "A" else ["net"]

    @property
    def _gross(self) -> list[str]:
        return ["gross", "gross, known", "gross, a debt"] if self.key == "A" else ["gross"]

    @property
    def _sales(self) -> list[str]:
        return ["gross", "gross, known", "sold", "sold, known"] if self.key == "A" else ["gross"]

    @property
    def _ways(self) -> tuple[str, ...]:
        """What makes somebody a buyer: a priced sale; in shop A also one of any price, or any row."""
        return ("gross", "sold", "net") if self.key == "A" else ("gross",)


def _dated(frame: Frame) -> Frame:
    at = frame["at"]
    iso = at.dt.isocalendar()
    columns = {"year": at.dt.strftime("%Y"), "month": at.dt.strftime("%Y-%m"), "day": at.dt.strftime("%Y-%m-%d")}
    columns["quarter"] = columns["year"] + "-Q" + at.dt.quarter.astype(str)
    columns["week"] = iso.year.astype(str) + "-W" + iso.week.astype(str).str.zfill(2)
    columns["weekday"], columns["hour"] = at.dt.day_name(), at.dt.strftime("%H:00")
    return frame.assign(**columns)


def _seen(frame: Frame, which: str) -> Frame:
    """The rows of a way of reading: net, gross, sold, refunds, uncancelled; ", known" for known customers alone."""
    kind, first = frame.kind, frame["order"].str[0]
    keep = {
        "net": kind != "",
        "net, no debts": kind != "debt",
        "gross": (kind == "sale") & (frame["value"] > 0),
        "gross, a debt": (kind != "refund") & (frame["value"] > 0),
        "sold": kind == "sale",
        "refunds": (kind == "refund") & (frame["value"] < 0),
        "uncancelled": ~first.isin(["C"]) & (kind != "debt"),
    }[which.removesuffix(", known")]
    return frame[keep & frame.customer.notna()] if which.endswith(", known") else frame[keep]


def _matching(frame: Frame, name: str, value: Any) -> pd.Series:
    if name == "hours":
        return (frame["at"].dt.hour >= value[0]) & (frame["at"].dt.hour < value[1])
    if name == "weekdays":
        return frame["at"].dt.weekday.isin(value)
    if name == "months":
        return frame["at"].dt.month.isin(value)
    if name == "order_value":
        total = frame.groupby("order")["value"].transform("sum")
        return value(total)
    if name == "rows":
        return value(frame)
    column = name.removeprefix("not_")
    if column not in _FIELDS:
        raise ValueError(f"no such column: {column}")
    found = frame[column].isin(value if isinstance(value, list | set) else [value])
    return ~found if name.startswith("not_") else found
