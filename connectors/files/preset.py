"""What a vendor's export declares. Each module of presets/ exports `PRESETS`; known_exports.py finds them.

    PRESETS = (
        Preset(
            name="acme_orders", title="Acme orders", source="Acme → Orders → Export",
            marks=("Order No", "Acme SKU"),
            parts=(Part("orders", {"order_id": "Order No", "ordered_at": "when"}), Part("order_lines", {...})),
            derived={"when": together("Day", "Clock")},
            order="Order No",
        ),
    )

That alone makes the file known: its tables, what is left out and why, a page of docs, a test of its sample.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from connectors.files.columns import Derived, Names, find

__all__ = ["LeftOut", "Part", "Preset"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that are left out: those whose `column` has (or, `unless`, has not) this form, folded; and why."""

    column: str
    form: str
    said: str
    unless: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a file: its kind, and for each field the header of its column, or several of which one is there."""

    kind: str
    columns: Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Preset:
    """A vendor's export.

    `marks` must all be among the headers ("a|b": one of them), and none of `without`. `order` is the column that names
    the order a row belongs to: rows of one order share what stands on its first row (of the
    columns in `level`, where given, else of all that its first table reads). `note` is told on each import.
    `span` are the first and the last day that a row covers. `unread` is what the file holds and is not read, for the
    docs. `refused`: why such a file cannot be read at all. A header that ends in * stands for all that begin so.
    """

    name: str
    title: str
    source: str
    marks: tuple[str, ...]
    parts: tuple[Part, ...]
    without: tuple[str, ...] = ()
    derived: Mapping[str, Derived] = field(default_factory=dict)
    order: str = ""
    level: tuple[str, ...] = ()
    leave_out: tuple[LeftOut, ...] = ()
    statuses: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    span: tuple[str, str] | None = None
    unread: str = ""
    refused: str = ""

    def fits(self, names: Names) -> bool:
        """Whether a file with these headers is this export."""
        marked = all(any(find(names, m) for m in mark.split("|")) for mark in self.marks)
        return marked and not any(find(names, word) for word in self.without)
