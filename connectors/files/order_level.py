"""Orders and their lines in one table: columns that are said once an order, blank or repeated on its further lines.

A total that is repeated on every line of an order counts once; a date, a customer or a status that stands on the first
line only belongs to the other lines too. Found by the values, since no header says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Table
from collections.abc import Sequence
from typing import TYPE_CHECKING

from connectors.files.columns import compact
from connectors.files.mapping import Further, Mapping, propose_mapping
from core.decisions import Decisions
from core.errors import FixArguments

if TYPE_CHECKING:
    import polars as pl

__all__ = ["with_lines"]

OF_THE_ORDER = ("revenue", "subtotal", "discount", "tax", "shipping", "refunded")
OF_A_LINE = ("sku", "description", "quantity", "unit_price", "line_discount")
ORDER_WORDS = re.compile(r"order|grand|bestell|auftrag|commande|pedido|ordine|encomenda|invoice|rechnung|factur")
ENOUGH = 3  # orders of several lines, all of whose amounts are the same on each line: no chance
BLANK, REPEATED, VARIED = "blank", "repeated", "varied"


def with_lines(
    mapping: Mapping,
    header: Sequence[str],
    sample: pl.DataFrame,
    overrides: Table[str, str],
    decisions: Decisions,
    exploded: str | None = None,
) -> Mapping:
    """The mapping of a file of orders, as orders and lines where its rows are lines that tell of their order.

    `exploded`: the list inside of each order whose items are the rows.
    """
    if exploded and "id" in header and "order_id" not in mapping.columns and mapping.kind in ("orders", "order_lines"):
        overrides = {"order_id": "id", **overrides}  # it comes again because the order has several items
        mapping = propose_mapping(header, sample, kind=mapping.kind, overrides=overrides)
    number = mapping.columns.get("order_id")
    if mapping.kind not in ("orders", "order_lines") or number is None or number not in sample.columns:
        return mapping
    shapes = _shapes(sample, number, header)
    if not shapes and exploded is None:
        return mapping
    inside = f"{exploded}." if exploded else None
    whole = {c for c in header if (not c.startswith(inside) if inside else shapes.get(c) in (BLANK, REPEATED))}
    total = _total_of_order(mapping, header, sample, overrides, whole, inside)
    if total is not None and (inside or shapes[total] == BLANK or _surely(sample, number, total)):
        return _orders_and_lines(mapping, header, sample, overrides, decisions, whole, total, inside)
    if total is not None:
        said = f"“{total}” is the same on each row of an order; it was taken as the amount of the row, and added up."
        decisions.add("money", said, doubtful=True, instead=f"--map revenue= (leaves “{total}” out)")
    filled = [c for c in header if shapes.get(c) == BLANK and c != number]
    if not filled:
        return mapping
    told = ", ".join(f"“{c}”" for c in filled if c in mapping.columns.values())
    if told:
        decisions.add("rows", f"{told} stand on the first row of an order; its further rows were given the same.")
    return mapping.model_copy(update={"order": number, "order_level": filled})


def _shapes(sample: pl.DataFrame, number: str, header: Sequence[str]) -> dict[str, str]:
    """How each column goes through the rows of orders that have several: blank after the first, repeated, varied."""
    import polars as pl

    rows = sample.select(
        *(pl.when(pl.col(c).str.strip_chars() != "").then(pl.col(c)).alias(c) for c in header)
    ).with_columns(pl.col(number).forward_fill())
    several = rows.filter(pl.col(number).is_duplicated() & pl.col(number).is_not_null())
    if several.is_empty():
        return {}
    first = pl.int_range(pl.len()).over(number) == 0
    marked = several.with_columns(first.alias("__first__"))
    others = [c for c in header if c != number]
    further, opening = marked.filter(~pl.col("__first__")), marked.filter("__first__")
    blank = further.select(pl.col(others).is_null().all()).row(0, named=True)
    given = opening.select(pl.col(others).is_not_null().any()).row(0, named=True)
    same = marked.group_by(number).agg(pl.col(others).n_unique() == 1).select(pl.col(others).all()).row(0, named=True)
    return {c: BLANK if blank[c] and given[c] else REPEATED if same[c] and given[c] else VARIED for c in others}


def _total_of_order(
    mapping: Mapping,
    header: Sequence[str],
    sample: pl.DataFrame,
    overrides: Table[str, str],
    whole: set[str],
    inside: str | None,
) -> str | None:
    """The column of an order's amount among those that are said once an order; None where a line's amount is meant."""
    if inside is None and not any(field in mapping.columns for field in OF_A_LINE):
        return None
    try:
        wanted = [c for c in header if c in whole or c == mapping.columns["order_id"]]
        orders = propose_mapping(wanted, sample, kind="orders")
    except FixArguments:
        return None
    given = overrides.get("revenue", overrides.get("total"))
    total = given if given else orders.columns["revenue"]
    return total if total in whole else None


def _surely(sample: pl.DataFrame, number: str, total: str) -> bool:
    """Whether a repeated amount is the order's: its header says so, or too many orders repeat theirs for chance."""
    import polars as pl

    if ORDER_WORDS.search(compact(total)):
        return True
    groups = sample.group_by(number).agg(pl.len().alias("rows"))
    return groups.filter(pl.col("rows") > 1).height >= ENOUGH


def _orders_and_lines(
    mapping: Mapping,
    header: Sequence[str],
    sample: pl.DataFrame,
    overrides: Table[str, str],
    decisions: Decisions,
    whole: set[str],
    total: str,
    inside: str | None,
) -> Mapping:
    number = mapping.columns["order_id"]
    kept = {f: c for f, c in overrides.items() if c in whole or c == number}
    orders = propose_mapping(
        [c for c in header if c in whole or c == number], sample, kind="orders", overrides={**kept, "revenue": total}
    )
    money = {orders.columns[f] for f in OF_THE_ORDER if f in orders.columns}
    further = []
    try:
        lines = _lines([c for c in header if c not in money], sample, number, inside)
        further = [Further(kind="order_lines", columns=lines)]
        goods = "its goods are read line by line"
    except FixArguments:
        goods = "its lines have no price, so that goods are not read"
    decisions.add("money", f"“{total}” is the amount of a whole order, and was counted once an order; {goods}.")
    read = {*orders.columns.values(), *(c for part in further for c in part.columns.values())}
    return orders.model_copy(
        update={
            "unused": [c for c in header if c not in read],
            "further": further,
            "order": number,
            "order_level": [c for c in header if c in whole and c != number],
        }
    )


def _lines(header: Sequence[str], sample: pl.DataFrame, number: str, inside: str | None) -> dict[str, str]:
    """Field → column of the lines; those of a list inside of the order go by their own names, without the list's."""
    if inside is None:
        return propose_mapping(header, sample, kind="order_lines").columns
    import polars as pl

    own = {c.removeprefix(inside): c for c in header if c.startswith(inside) and c.removeprefix(inside) != number}
    named = {c: c for c in header if not c.startswith(inside)} | own
    renamed = sample.select(pl.col(column).alias(name) for name, column in named.items())
    found = propose_mapping(list(named), renamed, kind="order_lines")
    return {field: named[name] for field, name in found.columns.items()}
