"""What the total of an order is made of, recognised on the rows themselves: which of the other amounts add up to it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from core.decisions import Decisions
from database.loading.staging import Staging

__all__ = ["tell_components"]

# Ways in which a total comes about, the fullest first: what is added to the subtotal, and whether discounts go off.
_WAYS: Sequence[tuple[tuple[str, ...], bool]] = (
    (("tax", "shipping"), True),
    (("tax", "shipping"), False),
    (("tax",), True),
    (("tax",), False),
    (("shipping",), True),
    (("shipping",), False),
    ((), True),
    ((), False),
)
NEARLY_ALL = 0.95
CENT = "0.011"


def tell_components(connection: Connection, staging: Staging, decisions: Decisions) -> None:
    """Say which of tax and shipping the staged orders' totals hold: both are in what is called revenue."""
    has = [name for name in ("tax", "shipping") if staging.has("orders", name)]
    if not has or not staging.has("orders", "revenue"):
        return
    ways = _possible(staging) if staging.has("orders", "subtotal") else []
    counts = [f"count(*) filter (where abs(revenue - ({_sum(way)})) < {CENT}) as way{n}" for n, way in enumerate(ways)]
    sums = [f"coalesce(sum({name}), 0) as {name}" for name in has]
    row = connection.execute(
        text(
            f"select count(*) as rows, {', '.join([*sums, *counts])} from staged_orders"  # noqa: S608
            f" where revenue <> 0 and {_live(staging)} and ({' or '.join(f'{name} <> 0' for name in has)})"
        )
    ).one()
    if not row.rows:
        return
    held = {name: f"{name} ({row._mapping[name]:,.2f})" for name in has if row._mapping[name]}
    fits = [way for n, way in enumerate(ways) if row._mapping[f"way{n}"] >= NEARLY_ALL * row.rows]
    if fits:
        _tell_way(fits[0], held, row.rows, decisions)
    else:
        said = f"Whether the total holds {' and '.join(held.values())} does not show; revenue is the total as charged."
        decisions.add("money", said, rows=row.rows, doubtful=True)


def _tell_way(way: tuple[tuple[str, ...], bool], held: dict[str, str], rows: int, decisions: Decisions) -> None:
    added = [held[name] for name in way[0] if name in held]
    within = [said for name, said in held.items() if name not in way[0]]
    parts = " + ".join(["subtotal", *way[0]]) + (" − discount" if way[1] else "")
    said = f"Total is {parts}: it holds {' and '.join(added)}; revenue is the total as charged."
    if added:
        decisions.add("money", said, rows=rows)
    if within:
        said = f"Total is {parts}: {' and '.join(within)} is taken to be within these, for nothing shows it apart."
        decisions.add("money", said, rows=rows, doubtful="tax" not in way[0] and "tax" in held)


def _possible(staging: Staging) -> list[tuple[tuple[str, ...], bool]]:
    discount = staging.has("orders", "discount")
    return [
        (added, off)
        for added, off in _WAYS
        if all(staging.has("orders", name) for name in added) and (discount or not off)
    ]


def _sum(way: tuple[tuple[str, ...], bool]) -> str:
    parts = [f"coalesce({name}, 0)" for name in ("subtotal", *way[0])]
    return " + ".join(parts) + (" - abs(coalesce(discount, 0))" if way[1] else "")


def _live(staging: Staging) -> str:
    return "coalesce(status, '') <> 'void'" if staging.has("orders", "status") else "true"
