"""Places in JSON, written with dots: `customer.email`, `orders.0.id`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["look_up", "place", "replaced"]


def look_up(value: Any, path: str) -> Any:
    """What stands at `path`; None where there is nothing. An empty path is the value itself."""
    for part in path.split(".") if path else ():
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def place(value: Any, path: str, new: Any) -> None:
    """Put `new` at `path` into `value`, making objects, and lists where a part is a number, on the way."""
    head, _, rest = path.partition(".")
    key: Any = int(head) if isinstance(value, list) else head
    if isinstance(value, list):
        value.extend({} for _ in range(key + 1 - len(value)))
    if not rest:
        value[key] = new
        return
    if not (isinstance(value, list) or isinstance(value.get(key), dict | list)):
        value[key] = [] if rest.partition(".")[0].isdigit() else {}
    place(value[key], rest, new)


def replaced(record: Mapping[str, Any], path: str, new: Any) -> dict[str, Any]:
    """`record` with `new` at `path`, itself unchanged."""
    head, _, rest = path.partition(".")
    inner = record.get(head)
    return {**record, head: replaced(inner if isinstance(inner, Mapping) else {}, rest, new) if rest else new}
