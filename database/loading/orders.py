"""Orders and their lines: signs, kinds, identities, and an order as the sum of its lines.

A line or order is a refund by its status, by a negative amount, or by a cancellation number (C and digits) with no
positive amount. It is an adjustment, no sale of goods, when the quantity is positive and the price negative, when stock
goes out at price 0, or when the text says bad debt. A voided order (cancelled, failed, not
paid yet …) keeps its row with revenue 0: a later file may say that it came to something, or to nothing.
What is staged with a `currency` was charged in that one (currencies.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from database.loading.currencies import OF_ITEMS, OF_ORDERS, converted
from database.loading.merge import Counts, merge
from database.loading.naming import count_names, insert_named, name_products
from database.loading.staging import Staging
from database.loading.statement import run

CANCELLATION = "order_id ~* '^C[0-9]'"
ORDER_DETAILS = ("channel", "country", "city", "voucher_code")
COMPONENTS = ("discount", "tax", "shipping")
LINE_COLUMNS = (
    "order_id", "sku", "occurrence", "customer_id", "ordered_at", "quantity", "discount", "description", "status",
)  # fmt: skip
KNOWN_ORDER = "left join orders known on known.order_id = s.order_id"
GOODS_OF = (
    "left join (select i.order_id, sum(i.quantity) as quantity from order_items i"
    " where i.order_id in (select order_id from staged_orders) group by 1) goods on goods.order_id = s.order_id"
)
CUSTOMER_OF = "left join customers c on c.external_id = s.customer"


def merge_orders(connection: Connection, staging: Staging) -> Counts:
    """Bring the staged orders (one row an order) into the table."""
    has = staging.has
    name_orders(connection, staging)
    status = staging.expression("orders", "status", "null::text")
    amounts = {"revenue": _signed("s.revenue", status)} | {
        name: sql for name, sql in _components(status).items() if has("orders", name)
    }
    others = {"ordered_at": "s.ordered_at", "kind": _kind_of_order(status)}
    others |= {c: f"s.{c}" for c in ORDER_DETAILS if has("orders", c)}
    others |= {name: sql for name, sql in _refunding(status).items() if has("orders", name)}
    joins = ""
    if has("orders", "quantity"):
        others["quantity"] = _signed("s.quantity", status)
    elif staging.rows.get("order_lines"):
        others["quantity"], joins = "goods.quantity", f" {GOODS_OF}"
    if has("orders", "customer"):
        others["customer_id"] = "c.id"
        joins += f" {CUSTOMER_OF}"
    if has("orders", "refunded"):
        joins += f" {KNOWN_ORDER}"
    source = _charged("staged_orders s", amounts, others, joins, foreign=has("orders", "currency"))
    columns = [*others, *amounts, *(_as_charged(OF_ORDERS, amounts) if has("orders", "currency") else ())]
    return merge(
        connection,
        "orders",
        source,
        key=("order_id",),
        columns=columns,
        rows=staging.rows["orders"],
        first_span=staging.first_spans.get("orders"),
    )


def merge_lines(connection: Connection, staging: Staging) -> Counts:
    """Bring the staged order lines into order_items; `occurrence` numbers equal products of an order in file order."""
    run(connection, _typed_lines(staging))
    run(connection, "create index on typed_lines (order_id)")
    run(connection, "analyze typed_lines")
    count_names(connection)
    name_products(connection)
    columns = ["customer_id", "ordered_at", "description", "quantity", "unit_price", "revenue"]
    columns += _as_charged(OF_ITEMS, OF_ITEMS) if staging.has("order_lines", "currency") else ()
    source = f"select order_id, sku, occurrence, {', '.join(columns)} from typed_lines"  # noqa: S608
    key = ("order_id", "sku", "occurrence")
    return merge(connection, "order_items", source, key=key, columns=columns, rows=staging.rows["order_lines"])


def merge_orders_of_lines(connection: Connection, staging: Staging) -> Counts:
    """Bring the orders of the staged lines up to date: each is the sum of all its lines, also those loaded before."""
    told = [c for c in (*ORDER_DETAILS, *COMPONENTS, "refunded", "refunded_at") if staging.has("order_lines", c)]
    run(connection, _sums_of_orders(told, foreign=staging.has("order_lines", "currency")))
    run(connection, "analyze summed_orders")
    columns = ["ordered_at", "customer_id", "kind", "quantity", "revenue", *told]
    source = f"select order_id, {', '.join(columns)} from summed_orders"  # noqa: S608
    if staging.has("order_lines", "currency"):
        amounts = {c: OF_ORDERS[c] for c in COMPONENTS if c in told}
        others = [c for c in ("order_id", "charged", *columns) if c not in amounts]
        source = converted("select * from summed_orders", amounts, others)
        columns += ["currency", "charged", *amounts.values()]
    rows = staging.counted("summed_orders")
    return merge(connection, "orders", source, key=("order_id",), columns=columns, rows=rows)


def add_products(connection: Connection, staging: Staging) -> Counts:
    """Make the products that lines name and the catalogue lacks, with the last text and category of the file."""
    name = staging.expression("order_lines", "description", "null::text")
    category = staging.expression("order_lines", "category", "null::text")
    sku = staging.expression("order_lines", "sku", "s.description")
    last = "(array_agg({0} order by line desc) filter (where {0} is not null))[1] as {0}"
    run(
        connection,
        f"create temp table named_products on commit drop as select sku, {last.format('name')},"  # noqa: S608
        f" {last.format('category')} from (select {sku} as sku, {name} as name, {category} as category,"
        " max(s.line) as line from staged_order_lines s group by 1, 2, 3) told group by sku",
    )
    missing = "select * from named_products n where not exists (select from products p where p.sku = n.sku)"
    inserted = insert_named(connection, missing)
    named = staging.counted("named_products")
    run(connection, "drop table named_products")
    return Counts(inserted, unchanged=named - inserted)


def name_orders(connection: Connection, staging: Staging) -> None:
    """Orders without a number get customer, instant and their place among equal ones in file order.

    The customer is the one the file names, so that the same file gives the same numbers whoever that turns out to be.
    """
    if staging.has("orders", "order_id"):
        return
    run(connection, "alter table staged_orders add column order_id text")
    run(
        connection,
        "update staged_orders s set order_id = concat_ws('-', n.customer,"
        " to_char(n.ordered_at, case when n.ordered_at::time = '00:00' then 'YYYYMMDD' else 'YYYYMMDD-HH24MISS' end),"
        " n.nth) from (select line, customer, ordered_at,"
        " row_number() over (partition by customer, ordered_at order by line) as nth from staged_orders) n"
        " where n.line = s.line",
    )
    staging.columns["orders"] += ("order_id",)


def _as_charged(charged: Mapping[str, str], amounts: Iterable[str]) -> list[str]:
    """The columns that say what was charged."""
    return ["currency", *(charged[name] for name in amounts)]


def _signed(amount: str, status: str) -> str:
    return f"case {status} when 'refund' then -abs({amount}) when 'void' then 0 else {amount} end"


def _components(status: str) -> dict[str, str]:
    """What an order's amount is made of, with the sign of the order."""
    signed = {name: _signed(f"s.{name}", status) for name in ("tax", "shipping")}
    return {"discount": "abs(coalesce(s.discount, 0))", **signed}


def _refunding(status: str) -> dict[str, str]:
    """What an order tells of money given back; a refund names its order. What was once given back stays so."""
    given_back = f"greatest(known.refunded, case when {status} is null then abs(s.refunded) end)"
    of_order = f"case when {status} = 'refund' or s.revenue < 0 then s.refund_of end"
    return {"refunded": given_back, "refunded_at": "s.refunded_at", "refund_of": of_order}


def _charged(table: str, amounts: dict[str, str], others: dict[str, str], joins: str, *, foreign: bool) -> str:
    """Rows of a staging table with their amounts in the organisation's currency, and as charged where that differs."""
    made = "".join(f", {sql} as {name}" for name, sql in (others | amounts).items())
    if not foreign:
        return f"select s.order_id{made} from {table}{joins}"  # noqa: S608
    source = f"select s.order_id, s.currency{made} from {table}{joins}"  # noqa: S608
    return converted(source, {name: OF_ORDERS[name] for name in amounts}, ["order_id", *others])


def _kind_of_order(status: str) -> str:
    return (
        f"case when {status} = 'void' then 'void' when {status} = 'refund' or s.revenue < 0 then 'refund'"
        f" when s.revenue = 0 and s.{CANCELLATION} then 'refund' else 'sale' end"
    )


def _typed_lines(staging: Staging) -> str:
    """Lines with sign, price, revenue, customer id and occurrence, whatever columns the file gave."""

    def given(column: str, otherwise: str = "null::text") -> str:
        return staging.expression("order_lines", column, otherwise)

    quantity, status, sku = given("quantity", "1::numeric(18,4)"), given("status"), given("sku", "s.description")
    price = given("unit_price", f"round(s.revenue / coalesce(nullif({quantity}, 0), 1), 4)")
    revenue = given("revenue", f"{quantity} * {price}")
    told = [c for c in ("tax", "shipping", "refunded", "refunded_at") if staging.has("order_lines", c)]
    details = "".join(f", {given(c)} as {c}" for c in ("description", "status", *ORDER_DETAILS))
    signs = {"refunded": f"case when {status} is null then abs(s.refunded) end", "refunded_at": "s.refunded_at"}
    details += "".join(f", {signs.get(c) or _signed(given(c), status)} as {c}" for c in told)
    customer, join = ("c.id", CUSTOMER_OF) if staging.has("order_lines", "customer") else ("null::bigint", "")
    lines = (
        f"select s.order_id, {sku} as sku,"  # noqa: S608
        f" row_number() over (partition by s.order_id, {sku} order by s.line)::integer as occurrence,"
        f" {customer} as customer_id, s.ordered_at, {_signed(quantity, status)}::numeric(18,4) as quantity,"
        f" {price}::numeric(18,4) as unit_price, {_signed(revenue, status)}::numeric(18,4) as revenue,"
        f" abs({given('discount', '0::numeric')}) as discount{details}{{currency}} from staged_order_lines s {join}"
    )
    if staging.has("order_lines", "currency"):
        of_order = ", max(s.currency) over (partition by s.order_id) as currency"
        others = [*LINE_COLUMNS, *ORDER_DETAILS, *told]
        lines = converted(lines.format(currency=of_order), OF_ITEMS, others)
    return f"create temp table typed_lines on commit drop as {lines.format(currency='')}"


def _sums_of_orders(told: list[str], *, foreign: bool) -> str:
    """Per order of the staged lines: sums over all lines in the table, and what the staged lines tell."""
    adjusts = "(i.quantity > 0 and i.unit_price < 0) or (i.quantity < 0 and i.unit_price = 0)"
    adjusts += " or i.description ~* '\\mbad debt\\M'"
    summed = (*COMPONENTS, "refunded")
    aggregates = "".join(f", {'sum' if c in summed else 'max'}({c}) as {c}" for c in told)
    revenue, money = "sum(i.revenue) as revenue", "m.revenue"
    if foreign:  # an order with a line that has no rate has none
        revenue = "case when bool_and(i.revenue is not null) then sum(i.revenue) end as revenue,"
        revenue += " max(i.currency) as currency, sum(i.charged) as charged"
        money = "coalesce(m.charged, m.revenue)"
    return (
        "create temp table summed_orders on commit drop as with told as (select order_id,"  # noqa: S608
        " coalesce(bool_or(status = 'refund'), false) as reversed, coalesce(bool_and(coalesce(status, '') = 'void'),"
        f" false) as voided{aggregates}"
        " from typed_lines group by order_id), summed as (select i.order_id, min(i.ordered_at) as ordered_at,"
        f" min(i.customer_id) as customer_id, sum(i.quantity) as quantity, {revenue},"
        f" bool_and({adjusts}) as adjusts from order_items i"
        " where exists (select from told t where t.order_id = i.order_id) group by i.order_id)"
        f" select m.*, case when t.voided and {money} = 0 then 'void'"
        f" when m.quantity <= 0 and {money} <= 0 and m.{CANCELLATION} then 'refund'"
        f" when m.adjusts then 'adjustment' when t.reversed or {money} < 0 then 'refund' else 'sale' end as kind"
        f"{''.join(f', t.{c}' for c in told)} from summed m join told t using (order_id)"
    )
