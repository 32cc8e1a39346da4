"""What was charged in another currency: which rows that are, and what they are worth in the organisation's.

A row is converted by the newest rate on or before its day. A rate is told outright (currency in the organisation's),
the other way round, or through a third currency on one and the same day, in this order. A row without a rate has no
revenue: it is kept apart until one comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

from core.errors import FixArguments
from database.loading.merge import Counts
from database.loading.statement import run

__all__ = ["OF_ITEMS", "OF_ORDERS", "change_currency", "converted", "is_foreign_here", "reckon", "show_kept_apart"]

# What a column holds in the organisation's currency, and the column with what was charged.
OF_ORDERS = {
    "revenue": "charged",
    "discount": "charged_discount",
    "tax": "charged_tax",
    "shipping": "charged_shipping",
}
OF_ITEMS = {"revenue": "charged", "unit_price": "charged_price"}
# Money that no order brings: the instant whose rate converts it, and its columns.
WITHOUT_ORDERS = {
    "channel_spend": ("day", ("spend", "revenue")),
    "campaign_daily": ("day", ("cost", "revenue")),
    "campaigns": ("coalesce(started_at, now())", ("budget",)),
    "products": ("now()", ("price",)),
}
NEVER_NULL = {"discount": "0", "unit_price": "{charged}"}
_RATE_OF = "left join lateral (select rate from own_rates w where w.currency = {0}.currency and w.since <= {0}.{1}"
_RATE_OF += " order by w.since desc limit 1) rated on {0}.currency is not null"


def show_kept_apart(connection: Connection) -> None:
    """Let the rest of the transaction see rows that are kept apart."""
    connection.execute(text("select set_config('app.kept_apart', 'shown', true)"))


def is_foreign_here(connection: Connection) -> bool:
    """Whether the organisation has any order in another currency."""
    return bool(connection.execute(text("select exists (select from orders where currency is not null)")).scalar_one())


def converted(source: str, amounts: Mapping[str, str], others: Sequence[str], at: str = "ordered_at") -> str:
    """A query that gives rows as charged, with `currency` (null: the organisation's) → the same rows in both.

    `amounts` are those of OF_ORDERS or OF_ITEMS that it gives; `others` its other columns. Rates are those of `at`.
    """
    told = [f"r.{name}" for name in (*others, "currency")]
    for own, charged in amounts.items():
        told.append(f"case when r.currency is null then r.{own} else {_worth(own, f'r.{own}')} end as {own}")
        told.append(f"case when r.currency is not null then r.{own} end as {charged}")
    return f"select {', '.join(told)} from ({source}) r {_RATE_OF.format('r', at)}"  # noqa: S608


def make_rates(connection: Connection) -> None:
    """The table `own_rates` (currency, since, rate) of this transaction: all that is known of the own currency."""
    run(connection, "drop table if exists own_rates")
    run(
        connection,
        "create temp table own_rates on commit drop as with own as (select currency, time_zone from organisations),"
        " told as (select e.currency, e.day, e.rate, 0 as way from exchange_rates e join own on e.base = own.currency"
        " union all select e.base, e.day, 1 / e.rate, 1 from exchange_rates e join own on e.currency = own.currency"
        " union all select a.currency, a.day, a.rate / b.rate, 2 from exchange_rates a"
        " join exchange_rates b on b.base = a.base and b.day = a.day join own on b.currency = own.currency"
        " union all select a.base, a.day, b.rate / a.rate, 2 from exchange_rates a"
        " join exchange_rates b on b.currency = a.currency and b.day = a.day join own on b.base = own.currency)"
        " select distinct on (told.currency, day) told.currency, (day::timestamp at time zone own.time_zone) as since,"
        " rate from told, own where told.currency <> own.currency order by told.currency, day, way",
    )
    run(connection, "create index on own_rates (currency, since)")
    run(connection, "analyze own_rates")


def reckon(connection: Connection) -> Counts:
    """Work out again what every row in another currency is worth: rates have come or gone, or the own currency changed.

    Rows that turn out to be in the organisation's own currency become ordinary ones.
    """
    make_rates(connection)
    _own_again(connection, "orders", OF_ORDERS)
    _own_again(connection, "order_items", OF_ITEMS)
    _reckon(connection, "order_items", OF_ITEMS)
    return Counts(updated=_reckon(connection, "orders", OF_ORDERS))


def _worth(own: str, charged: str) -> str:
    worth = f"round({charged} * rated.rate, 4)"
    return f"coalesce({worth}, {NEVER_NULL[own].format(charged=charged)})" if own in NEVER_NULL else worth


def _reckon(connection: Connection, table: str, amounts: Mapping[str, str]) -> int:
    worth = {own: _worth(own, f"t.{charged}") for own, charged in amounts.items()}
    made = ", ".join(f"{sql} as {own}" for own, sql in worth.items())
    differs = " or ".join(f"t.{own} is distinct from n.{own}" for own in amounts)
    run(connection, "drop table if exists reckoned")
    run(
        connection,
        f"create temp table reckoned on commit drop as select n.* from (select t.ctid as place, t.tableoid as part,"  # noqa: S608
        f" t.customer_id, {made} from {table} t {_RATE_OF.format('t', 'ordered_at')} where t.currency is not null) n"
        f" join {table} t on t.ctid = n.place and t.tableoid = n.part and t.currency is not null where {differs}",
    )
    run(connection, "insert into touched select customer_id from reckoned where customer_id is not null")
    sets = ", ".join(f"{own} = n.{own}" for own in amounts)
    return run(
        connection,
        f"update {table} t set {sets} from reckoned n where t.ctid = n.place and t.tableoid = n.part",  # noqa: S608
    )


def _own_again(connection: Connection, table: str, amounts: Mapping[str, str]) -> None:
    sets = ", ".join(f"{own} = coalesce({charged}, {own}), {charged} = null" for own, charged in amounts.items())
    own = "(select currency from organisations)"
    run(
        connection,
        f"with changed as (update {table} set {sets}, currency = null where currency = {own} returning customer_id)"  # noqa: S608
        " insert into touched select customer_id from changed where customer_id is not null",
    )


def change_currency(connection: Connection, code: str, *, relabel: bool) -> Counts:
    """Give the organisation another currency.

    With `relabel` the amounts loaded so far always were in it. Else they keep the currency that they were charged in
    and are converted like any other; what has no order (spend, prices, budgets) by the rate of its day, and
    FixArguments where one lacks.
    """
    own = str(connection.execute(text("select currency from organisations")).scalar_one())
    if own and own != code and not relabel:
        _keep_as_charged(connection, "orders", OF_ORDERS, own)
        _keep_as_charged(connection, "order_items", OF_ITEMS, own)
    connection.execute(
        text("update organisations set currency = :c, assumed = array_remove(assumed, 'currency')"), {"c": code}
    )
    counts = reckon(connection)
    if own and own != code and not relabel:
        _convert_the_rest(connection, own, code)
    return counts


def _keep_as_charged(connection: Connection, table: str, amounts: Mapping[str, str], own: str) -> None:
    sets = ", ".join(f"{charged} = {amount}" for amount, charged in amounts.items())
    run(connection, f"update {table} set currency = :own, {sets} where currency is null", own=own)  # noqa: S608


def _convert_the_rest(connection: Connection, own: str, code: str) -> None:
    for table, (day, columns) in WITHOUT_ORDERS.items():
        rate = f"(select rate from own_rates w where w.currency = :own and w.since <= {day}"  # noqa: S608
        rate += " order by w.since desc limit 1)"
        money = " or ".join(f"{column} <> 0" for column in columns)
        lacking = f"select count(*) from {table} where ({money}) and {rate} is null"  # noqa: S608
        if (rows := connection.execute(text(lacking), {"own": own}).scalar_one()) > 0:
            raise FixArguments(
                f"{rows:,} rows of {table.replace('_', ' ')} are in {own}, and there is no rate from {own} to {code}"
                f" for their days: import a table of rates, or say --relabel if the amounts always were in {code}.",
                field="currency",
            )
        sets = ", ".join(f"{column} = round({column} * {rate}, 4)" for column in columns)
        run(connection, f"update {table} set {sets} where {money}", own=own)  # noqa: S608
