"""The form of packed rows, in SQL that makes it and as numpy reads it.

A record is an instant (microseconds since 2000, as PostgreSQL sends it), a customer (0: not known), a kind (id of
act_kinds) and, of orders, the revenue in ten-thousandths. Days are of UTC; records of a day are in order of time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["EPOCH", "TABLES", "Packed"]

EPOCH = "2000-01-01T00:00:00+00:00"
NOTHING = "chr(1)"  # stands for null where kinds are compared: no text that was read from a file holds it
_TEXTS = ("kind", "channel", "country", "city", "currency", "campaign_id")


@dataclass(frozen=True, slots=True)
class Packed:
    """A table that is packed: its column of time, what tells rows of an instant apart, and each column of a kind."""

    name: str
    at: str
    key: str
    kinds: Mapping[str, str]
    revenue: bool

    @property
    def day(self) -> str:
        """The day of a row `t`, UTC."""
        return f"cast(t.{self.at} at time zone 'UTC' as date)"

    @property
    def kind_columns(self) -> str:
        """The columns of a kind, of a row `t`."""
        return ", ".join(f"{sql} as {name}" for name, sql in self.kinds.items())

    @property
    def same_kind(self) -> str:
        """The condition that a row `t` is of the kind `k`."""
        return " and ".join(
            f"coalesce({sql}, {NOTHING}) = coalesce(k.{name}, {NOTHING})" if name in _TEXTS else f"({sql}) = k.{name}"
            for name, sql in self.kinds.items()
        )

    @property
    def record(self) -> str:
        """A row `t` of kind `k` as a record."""
        sent = f"timestamptz_send(t.{self.at}) || int8send(coalesce(t.customer_id, 0)) || int4send(k.id)"
        return f"{sent} || int8send(cast(t.revenue * 10000 as bigint))" if self.revenue else sent

    @property
    def dtype(self) -> list[tuple[str, str]]:
        """The record as numpy reads it."""
        fields = [("at", ">i8"), ("customer", ">i8"), ("kind", ">i4")]
        return [*fields, ("revenue", ">i8")] if self.revenue else fields


_ORDERS: Mapping[str, Any] = {
    "kind": "t.kind",
    "channel": "t.channel",
    "country": "t.country",
    "city": "t.city",
    "currency": "t.currency",
    "taxed": "t.tax is not null",
    "shipped": "t.shipping is not null",
}
TABLES = {
    "orders": Packed("orders", "ordered_at", "order_id", _ORDERS, revenue=True),
    "events": Packed("events", "occurred_at", "event_id", {"kind": "t.kind", "campaign_id": "t.campaign_id"}, False),
}
