"""Nested objects as rows of a table: `customer.id` for a field inside of a field, one row for each item of a list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

# Lists that are the lines of an order; other lists (taxes, tags, addresses) stay one value.
ITEM_LISTS = (
    "line_items", "lineitems", "order_items", "orderitems", "order_lines", "orderlines", "items", "lines", "products",
    "order_products", "orderproducts", "positions", "details", "articles", "cart_items", "cartitems", "order_details",
    "line_item", "productos", "articulos", "artikel", "positionen", "produits", "articles",
)  # fmt: skip
DEEPEST = 8


def listed(value: object) -> list[dict[str, Any]] | None:
    """The objects of a list, also of a connection as GraphQL writes one; None where the value is none."""
    if isinstance(value, dict):
        if isinstance(value.get("edges"), list):
            value = [edge.get("node") if isinstance(edge, dict) else edge for edge in value["edges"]]
        elif isinstance(value.get("nodes"), list):
            value = value["nodes"]
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return value
    return None


def item_list(found: Iterable[Mapping[str, Any]]) -> str | None:
    """Name of the field that holds the lines of each of these objects; None where none does."""
    names = {name for one in found for name, value in one.items() if listed(value) is not None}
    known = {name.lower(): name for name in names}
    return next((known[name] for name in ITEM_LISTS if name in known), None)


def rows_of(found: Mapping[str, Any], items: str | None) -> Iterator[dict[str, str | None]]:
    """The rows of one object: its own fields, repeated for each of its items."""
    own = flat({name: value for name, value in found.items() if name != items})
    inside = listed(found.get(items)) if items else None
    if inside is None:
        yield own
        return
    for item in inside:
        yield own | flat(item, f"{items}.")


def flat(found: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str | None]:
    """Fields by their path with dots, as text; lists as JSON."""
    result: dict[str, str | None] = {}
    for name, value in found.items():
        path = prefix + str(name)
        if isinstance(value, dict) and value and depth < DEEPEST:
            result |= flat(value, f"{path}.", depth + 1)
        else:
            result[path] = as_text(value)
    return result


def as_text(value: object) -> str | None:
    """A value as a CSV file would hold it; null for an empty one."""
    if value is None or value == "" or value == [] or value == {}:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def tables_in(document: Mapping[str, Any], depth: int = 0) -> dict[str, Sequence[Mapping[str, Any]]]:
    """The lists of objects in a document, by their path; the nearest to the top of each branch."""
    found: dict[str, Sequence[Mapping[str, Any]]] = {}
    for name, value in document.items():
        objects = listed(value)
        if objects is not None:
            found[name] = objects
        elif isinstance(value, dict) and depth < DEEPEST:
            found |= {f"{name}.{inner}": table for inner, table in tables_in(value, depth + 1).items()}
    return found
