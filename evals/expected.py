"""Truths of requests: computed when run, kept by the hash of rows, expression and vocabulary, never written by hand."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from evals.judge import Expected
from evals.request import Request
from evals.shops import Rows
from evals.truths import Truths

HERE = Path(__file__).parent
CACHE = HERE / ".cache"
_RANKED = ("country", "channel", "category", "name", "sku", "customer", "city")
_TIMED = {r"\d{4}-\d\d": "month", r"\d{4}-\d\d-\d\d": "day", r"\d{4}-Q\d": "quarter", r"\d{4}-W\d\d": "week"}
_TIMED |= {r"\d\d:00": "hour", r"\w+day": "weekday"}


class ExpectedOf:
    """The expected answers over one shop's rows."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._kept = CACHE / f"{rows.shop.slug}.json"
        self._values: dict[str, Any] = json.loads(self._kept.read_text()) if self._kept.exists() else {}

    @cached_property
    def truths(self) -> Truths:
        """The vocabulary; reading a large shop's rows is left until something must be computed."""
        return Truths(self.rows)

    def of(self, request: Request) -> Expected:
        """What the request's answer must hold."""
        first = self.readings(request.truth)
        rest = [self.readings(group) for group in request.all]
        ranked = next((name for group in (first, *rest) for value in group for name in _names(value)), None)
        return Expected(first, rest, self.universe(ranked) if ranked else ())

    def readings(self, expressions: Iterable[str]) -> list[Any]:
        """All readings of some expressions."""
        return [value for expression in expressions for value in self._computed(expression)]

    def universe(self, name: str) -> list[str]:
        """The names that could stand where `name` stands: all countries, all products, all months …"""
        found: list[str] = self._remembered(f"universe of {name}", lambda: self._column_of(name))
        return found

    def keep(self) -> None:
        """Write what was computed; what belongs to other rows is dropped."""
        CACHE.mkdir(exist_ok=True)
        used = {key: value for key, value in self._values.items() if key.startswith(self._mark)}
        self._kept.write_text(json.dumps(used))

    @cached_property
    def _mark(self) -> str:
        sources = [HERE / name for name in ("truths.py", "people.py", "money.py", "views.py", "periods.py", "shops.py")]
        code = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
        return f"{self.rows.fingerprint}/{code}/"

    def _computed(self, expression: str) -> list[Any]:
        kept = self._remembered(expression, lambda: [_packed(value) for value in self.truths.readings(expression)])
        return [_unpacked(value) for value in kept]

    def _remembered(self, what: str, compute: Any) -> Any:
        key = self._mark + hashlib.sha256(what.encode()).hexdigest()[:24]
        if key not in self._values:
            self._values[key] = compute()
        return self._values[key]

    def _column_of(self, name: str) -> list[str]:
        lines = self.truths.lines
        timed = next((column for form, column in _TIMED.items() if re.fullmatch(form, name)), None)
        columns = [timed] if timed else [c for c in _RANKED if c in lines and (lines[c] == name).any()]
        return sorted({str(value) for value in lines[columns[0]].dropna()}) if columns else []


def _names(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _packed(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return {"all of": sorted(map(str, value))}
    if isinstance(value, dict):
        return {"rows": value}
    return value if isinstance(value, str | list) else float(value)


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        return set(value["all of"]) if "all of" in value else value["rows"]
    return value
