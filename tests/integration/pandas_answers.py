"""Answers to whole questions with pandas: shares, comparisons, buckets, running totals, ratios and what is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean, median
from typing import Any

import pandas as pd

from database.semantic.metrics import METRICS
from tests.integration.pandas_figures import NEGATED, Books, bucket, buckets, figure, meets, of_day

Key = tuple[Any, ...]
Row = dict[str, float | None]
OF_LINES = {"product", "sku", "category"}
ONLY_LINES = {
    "lines_per_order", "average_unit_price", "lines", "free_lines", "products_sold", "categories_sold", "skus_sold",
}  # fmt: skip
STATISTICS: Mapping[str, Callable[[list[float]], float]] = {"mean": mean, "median": median, "max": max, "min": min}
NUMBERS: Mapping[str, Callable[[float, float], bool]] = {
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
}


@dataclass
class Answers:
    """Answers about one shop; a question is the arguments of query_metrics with everything said."""

    books: Books
    asked: dict[str, Any]

    def table(self) -> dict[Key, Row]:
        """The rows of the answer by their keys."""
        q = self.asked
        rows = self._period(q["start"], q["end"])
        if q["compare_start"]:
            rows = self._compared(rows, self._period(q["compare_start"], q["compare_end"]))
        if q["cumulative"]:
            self._run_up(rows)
        if q.get("steps"):
            self._step(rows)
        hidden = {h["metric"] for h in q["having"]} - set(q["metrics"])
        for condition in q["having"]:
            holds = NUMBERS[condition["operator"]]
            value = condition["value"]
            rows = {k: r for k, r in rows.items() if (f := r[condition["metric"]]) is not None and holds(f, value)}
        rows = {key: {n: v for n, v in row.items() if _metric(n) not in hidden} for key, row in rows.items()}
        return self._best(rows) if q["best_per"] else rows

    def _period(self, start: date, end: date) -> dict[Key, Row]:
        q = self.asked
        names = list(dict.fromkeys([*q["metrics"], *(h["metric"] for h in q["having"])]))
        found = self.metrics(names, q["dimensions"], q["filters"], [q["grain"]], start, end)
        if q["share"]:
            self._share(found, start, end)
        if q["per"] != "none":
            self._per(found, start, end)
        if q["ratio"]:
            first, second = q["metrics"]
            for row in found.values():
                top, bottom = row[first], row[second]
                row[f"{first}_per_{second}"] = top / bottom if top is not None and bottom else None
        return found

    def metrics(
        self,
        names: Sequence[str],
        dimensions: Sequence[str],
        filters: Sequence[dict[str, Any]],
        grains: Sequence[str],
        start: date,
        end: date,
    ) -> dict[Key, Row]:
        """Metrics by time buckets and dimensions; those of no rows where there are no keys."""
        found: dict[Key, Row] = {}
        told = [*dimensions, *(f["dimension"] for f in filters)]
        for name in names:
            by_line = name in ONLY_LINES or bool(OF_LINES & set(told))
            frame = self.books.rows(by_line, start, end, filters)
            named = [f for f in filters if f["dimension"] in ("product", "sku") and f["operator"] not in NEGATED]
            if {"product", "sku"} & set(dimensions) and not named:
                frame = frame[frame["goods"]]
            if "buyers" in METRICS[name].sql and (dimensions or set(grains) != {"none"}):
                frame = frame.dropna(subset=["customer"])  # rows are there where there are buyers
            for key, group in _groups(frame, grains, dimensions):
                since = max([start, *(k for k in key if isinstance(k, date))])
                found.setdefault(key, dict.fromkeys(names))[name] = figure(name, group, since)
        return found

    def _share(self, found: dict[Key, Row], start: date, end: date) -> None:
        q = self.asked
        start, end = q["whole_start"] or start, q["whole_end"] or end
        kept = q["filters"] if q["dimensions"] else [f for f in q["filters"] if f["dimension"] in q["share_within"]]
        in_bucket = q["grain"] != "none" and bool(q["dimensions"] or q["filters"])
        # The whole is counted in the same table as its parts.
        by_line = bool(OF_LINES & {*q["dimensions"], *(f["dimension"] for f in q["filters"])})
        for name in q["metrics"]:
            frame = self.books.rows(by_line or name in ONLY_LINES, start, end, kept)
            whole = {
                key: figure(name, group, max([start, *key]))
                for key, group in _groups(frame, [q["grain"]] if in_bucket else ["none"], [])
            }
            for key, row in found.items():
                over = whole.get(key[:1] if in_bucket else ())
                row[f"{name}_share"] = row[name] / over if over and row[name] is not None else None  # type: ignore[operator]

    def _per(self, found: dict[Key, Row], start: date, end: date) -> None:
        q = self.asked
        per, grain = q["per"], q["grain"]
        fine = self.metrics(q["metrics"], q["dimensions"], q["filters"], [grain, per], start, end)
        first, last = self.books.span
        days = [d.date() for d in pd.date_range(max(start, first), min(end, last))]
        days = [d for d in days if all(meets(of_day(d), f) for f in q["filters"] if f["dimension"] in of_day(d))]
        at = 1 if grain != "none" else 0
        for key, row in found.items():
            said = [(n, value) for n, value in zip(q["dimensions"], key[at:], strict=True) if n in of_day(start)]
            own = [d for d in days if all(of_day(d)[n] == value for n, value in said)]
            there = {bucket(per, d) for d in own if not at or bucket(grain, d) == key[0]}
            for name in q["metrics"]:
                values = [fine.get((*key[:at], b, *key[at:]), {}).get(name) for b in sorted(there)]
                if METRICS[name].is_count and not q.get("only_active"):
                    values = [value or 0 for value in values]
                known = [value for value in values if value is not None]
                row[f"{name}_per_{per}"] = float(STATISTICS[q["statistic"]](known)) if known else None

    def _compared(self, now: dict[Key, Row], before: dict[Key, Row]) -> dict[Key, Row]:
        q = self.asked
        if q["grain"] != "none":
            own = buckets(q["grain"], q["start"], q["end"])
            theirs = buckets(q["grain"], q["compare_start"], q["compare_end"])
            place = dict(zip(theirs, own, strict=False))
            before = {(place[key[0]], *key[1:]): row for key, row in before.items() if key[0] in place}
        names = list(next(iter([*now.values(), *before.values()]), {}))
        return {
            key: _beside(names, now.get(key, {}), before.get(key, {}), q["metrics"])
            for key in dict.fromkeys([*now, *before])
        }

    def _run_up(self, rows: dict[Key, Row]) -> None:
        for name in self.asked["metrics"]:
            for side in ("", "_before") if self.asked["compare_start"] else ("",):
                sums: dict[Key, float] = {}
                for key in sorted(rows, key=lambda k: k[0]):
                    sums[key[1:]] = sums.get(key[1:], 0.0) + (rows[key][f"{name}{side}"] or 0.0)
                    rows[key][f"{name}_running{side}"] = sums[key[1:]]

    def _step(self, rows: dict[Key, Row]) -> None:
        """Beside each metric that of the bucket before: 0 where a count had no row there, but earlier ones."""
        for name in self.asked["metrics"]:
            for key, row in rows.items():
                before = (bucket(self.asked["grain"], key[0] - timedelta(days=1)), *key[1:])
                begun = any(other[0] < key[0] and other[1:] == key[1:] for other in rows)
                empty = 0.0 if begun and METRICS[name].is_count else None
                old, new = rows[before][name] if before in rows else empty, row[name]
                known = new is not None and old is not None
                change = new - old if known else None  # type: ignore[operator]
                growth = change / old if change is not None and old and old > 0 else None
                row |= {f"{name}_before": old, f"{name}_change": change, f"{name}_growth": growth}

    def _best(self, rows: dict[Key, Row]) -> dict[Key, Row]:
        q = self.asked
        names = [*(["time"] if q["grain"] != "none" else []), *q["dimensions"]]
        at, first = names.index(q["best_per"]), q["metrics"][0]

        def rank(key: Key) -> tuple[Any, ...]:
            value = rows[key][first]
            number = 0.0 if value is None else round(-value if q["descending"] else value, 6)
            return (value is None, number, [(k is None, str(k)) for k in key])

        kept: dict[Any, list[Key]] = {}
        for key in sorted(rows, key=rank):
            kept.setdefault(key[at], []).append(key)
        return {key: rows[key] for keys in kept.values() for key in keys[: q.get("best_of", 1)]}


def _groups(
    frame: pd.DataFrame, grains: Sequence[str], dimensions: Sequence[str]
) -> Iterator[tuple[Key, pd.DataFrame]]:
    """Groups of rows by their keys; all of them, even none, where there are no keys."""
    cut = [grain for grain in grains if grain != "none"]
    if not cut and not dimensions:
        yield (), frame
        return
    keys = [
        (*(bucket(grain, row["day"]) for grain in cut), *(_word(name, row[name]) for name in dimensions))
        for _, row in frame.iterrows()
    ]
    for key in dict.fromkeys(keys):
        yield key, frame[[k == key for k in keys]]


def _word(name: str, value: Any) -> str | None:
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return None
    return f"{value:02}" if name == "hour" else str(value)


def _beside(names: Sequence[str], now: Mapping[str, Any], before: Mapping[str, Any], metrics: Sequence[str]) -> Row:
    """The figures of a row with those before."""
    row: Row = {}
    for name in names:
        metric = _metric(name)
        is_ratio = len(metrics) == 2 and name == f"{metrics[0]}_per_{metrics[1]}"
        if METRICS[metric].is_count and not is_ratio:
            new, old = now.get(name) or 0.0, before.get(name) or 0.0
        else:
            new, old = now.get(name), before.get(name)
        is_share = name.endswith("_share")
        known = new is not None and old is not None
        row |= {name: new, f"{name}_before": old}
        row[f"{name}_change"] = new - old if known else None
        if not is_share:
            row[f"{name}_growth"] = (new - old) / old if known and old > 0 else None
    return row


def _metric(column: str) -> str:
    """The metric a column tells of."""
    return max((name for name in METRICS if column == name or column.startswith(f"{name}_")), key=len)
