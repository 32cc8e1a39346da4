"""Money given back for orders: every refund is a row of its own beside the order, on its own day.

A refund is told by its own file, by a row among the orders that names its order, or by a column of the order itself.
The last says how much has been given back in all: what rows do not account for becomes the row `ORDER~refunded`, on
`refunded_at`, else on the day of the order. Customer, place, channel and the share of tax are those of the order.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from core.decisions import Decisions
from database.loading.currencies import OF_ORDERS, converted
from database.loading.merge import Counts, merge
from database.loading.shapes import SHAPES
from database.loading.staging import Staging
from database.loading.statement import run

__all__ = ["REST", "complete_refunds", "merge_refunds", "orders_of", "rest_of_refunds", "tell_refunds"]

REST = "~refunded"
AMOUNTS = {name: OF_ORDERS[name] for name in ("revenue", "tax")}
OTHERS = ("order_id", "ordered_at", "customer_id", "kind", "channel", "country", "city", "refund_of")
COLUMNS = (*OTHERS[1:], *AMOUNTS, "currency", *AMOUNTS.values())
PAID = "coalesce({0}.charged, {0}.revenue)"


def merge_refunds(connection: Connection, staging: Staging) -> Counts:
    """Bring the staged refunds (one row a refund) into the table of orders, each as a row of its own."""
    customer, join = ("coalesce(c.id, o.customer_id)", "left join customers c on c.external_id = s.customer")
    if not staging.has("refunds", "customer"):
        customer, join = "o.customer_id", ""
    currency = "coalesce(s.currency, o.currency)" if staging.has("refunds", "currency") else "o.currency"
    source = _of_order("abs(s.amount)") + (
        f", {customer} as customer_id, s.order_id || '~' || s.refund_id as order_id, s.refunded_at as ordered_at,"
        f" s.order_id as refund_of, {currency} as currency"
        f" from staged_refunds s left join orders o on o.order_id = s.order_id and o.refund_of is null {join}"
    )
    rows = staging.rows["refunds"]
    return _merge(connection, source, rows)


def complete_refunds(connection: Connection, ids: str) -> int:
    """Refunds that came before their orders (those of the query `ids`) get the customer, place, tax and currency."""
    amount = PAID.format("r")
    tax = _tax_of(f"-{amount}")
    same = " and ".join(f"(r.{c} is not null or o.{c} is null)" for c in ("customer_id", "channel", "country", "city"))
    return run(
        connection,
        "update orders r set customer_id = coalesce(r.customer_id, o.customer_id),"  # noqa: S608
        " channel = coalesce(r.channel, o.channel), country = coalesce(r.country, o.country),"
        f" city = coalesce(r.city, o.city), tax = coalesce(r.tax, {tax}), currency = o.currency,"
        f" charged = case when o.currency is not null then {amount} end,"
        f" charged_tax = case when o.currency is not null then coalesce(r.charged_tax, r.tax, {tax}) end"
        f" from orders o where o.order_id = r.refund_of and o.refund_of is null and o.order_id in ({ids})"
        f" and not ({same} and (r.tax is not null or o.tax is null)"
        " and (r.currency is not null or o.currency is null))",
    )


def rest_of_refunds(connection: Connection, ids: str) -> Counts:
    """What orders (those of the query `ids`) tell was given back and no refund accounts for: one row for each."""
    run(
        connection,
        "create temp table refunds_due on commit drop as select o.order_id, o.refunded"  # noqa: S608
        f" - coalesce((select sum(-{PAID.format('r')}) from orders r where r.refund_of = o.order_id"
        f" and r.order_id <> o.order_id || '{REST}'), 0) as due from orders o"
        f" where o.refunded is not null and o.order_id in ({ids})",
    )
    run(connection, "analyze refunds_due")
    run(
        connection,
        f"delete from orders where order_id in (select order_id || '{REST}' from refunds_due where due <= 0)",  # noqa: S608
    )
    source = _of_order("d.due") + (
        f", o.customer_id, o.order_id || '{REST}' as order_id, coalesce(o.refunded_at, o.ordered_at) as ordered_at,"
        " o.order_id as refund_of, o.currency from refunds_due d join orders o using (order_id) where d.due > 0"
    )
    counts = _merge(connection, source, staging_rows(connection))
    run(connection, "drop table refunds_due")
    return counts


def staging_rows(connection: Connection) -> int:
    """How many rests there are to book."""
    return int(connection.execute(text("select count(*) from refunds_due where due > 0")).scalar_one())


def orders_of(staging: Staging, names: Sequence[str]) -> str:
    """A query for the numbers of the orders that the staged shapes tell of."""
    parts = [f"select order_id from {SHAPES[name].staging}" for name in names]  # noqa: S608
    parts += ["select refund_of from staged_orders"] if staging.has("orders", "refund_of") else []
    return " union ".join(parts)


def tell_refunds(connection: Connection, ids: str, decisions: Decisions) -> None:
    """Say what was booked as refunds of these orders, and what about it is doubtful."""
    own = f"o.refund_of is not null and o.refund_of in ({ids})"
    given = connection.execute(
        text(
            f"select count(*) filter (where o.order_id like '%{REST}') as rests,"  # noqa: S608
            f" -sum({PAID.format('o')}) filter (where o.order_id like '%{REST}') as rest_money,"
            f" count(*) filter (where o.order_id like '%{REST}' and p.refunded_at is null) as undated,"
            " count(*) filter (where p.order_id is null) as orphans,"
            f" -sum({PAID.format('o')}) filter (where p.order_id is null) as orphan_money"
            f" from orders o left join orders p on p.order_id = o.refund_of and p.refund_of is null where {own}"
        )
    ).one()
    if given.rests:
        when = "on the day of their order, since the file does not say when" if given.undated else "on their day"
        said = f"Money given back, as orders tell it, is booked as refunds of their own {when}."
        decisions.add("refunds", said, rows=given.rests, amount=given.rest_money)
    if given.orphans:
        said = "Refunds of orders that are not here (yet) count as refunds all the same."
        decisions.add("refunds", said, rows=given.orphans, amount=given.orphan_money, doubtful=True)
    _tell_too_much(connection, own, decisions)


def _tell_too_much(connection: Connection, own: str, decisions: Decisions) -> None:
    found = connection.execute(
        text(
            "select count(*) as orders, sum(back - paid) as money, (array_agg(order_id order by order_id))[1:3] as some"  # noqa: S608
            f" from (select p.order_id, min({PAID.format('p')}) as paid, sum(-{PAID.format('o')}) as back from orders o"
            f" join orders p on p.order_id = o.refund_of and p.refund_of is null where {own} group by p.order_id) g"
            " where back > paid + 0.005"
        )
    ).one()
    if found.orders:
        said = (
            f"More was given back than was charged for orders such as {', '.join(found.some)}; it is counted as told."
        )
        decisions.add("refunds", said, rows=found.orders, amount=found.money, doubtful=True)


def _of_order(amount: str) -> str:
    """The beginning of a query of refunds of this amount: what they have from their order `o`."""
    return f"select 'refund' as kind, o.channel, o.country, o.city, -({amount}) as revenue, {_tax_of(amount)} as tax"


def _tax_of(amount: str) -> str:
    """The tax in an amount given back: the same share as in the order."""
    tax = "coalesce(o.charged_tax, o.tax)"
    return f"-round({tax} * ({amount}) / nullif({PAID.format('o')}, 0), 4)"


def _merge(connection: Connection, source: str, rows: int) -> Counts:
    made = converted(source, AMOUNTS, OTHERS)
    return merge(connection, "orders", made, key=("order_id",), columns=COLUMNS, rows=rows)
