"""The money of one load: currencies of what was staged, exchange rates, and refunds that follow from orders."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from core.decisions import Decisions
from database.loading.components import tell_components
from database.loading.currencies import is_foreign_here, make_rates, reckon
from database.loading.merge import Counts
from database.loading.rates import merge_rates
from database.loading.refunds import complete_refunds, merge_refunds, orders_of, rest_of_refunds, tell_refunds
from database.loading.spending import SPENT, settle_spending
from database.loading.staged_currency import MONEY_OF, currency_of_orders, settle_currency, tell_apart
from database.loading.staging import Staging
from database.loading.statement import run

__all__ = ["finish_money", "merge_rates", "merge_refunds", "settle_currencies"]


def settle_currencies(connection: Connection, staging: Staging, staged: Sequence[str], decisions: Decisions) -> None:
    """Say of every staged amount which currency it is in, and have the rates ready where one is foreign."""
    if "orders" in staged:
        tell_components(connection, staging, decisions)
    foreign = dict[str, bool]()
    for name in sorted((name for name in staged if name in MONEY_OF), key=list(MONEY_OF).index):
        if name == "order_lines" and "orders" in foreign and not staging.has(name, "currency"):
            foreign[name] = foreign["orders"] and currency_of_orders(connection, staging)
        else:
            foreign[name] = settle_currency(connection, staging, name, decisions)
    spent = [name for name in staged if name in SPENT and staging.has(name, "currency")]
    if any(foreign.values()) or spent or "refunds" in staged:
        make_rates(connection)
    for name in spent:
        settle_spending(connection, staging, name, decisions)


def finish_money(connection: Connection, staging: Staging, staged: Sequence[str], decisions: Decisions) -> Counts:
    """After all rows are in: refunds that orders tell of, rows that new rates convert; what changed of the orders."""
    counts = Counts()
    told = [name for name in staged if name in MONEY_OF]
    if told and _has_refunds(connection, staging, told):
        make_rates(connection)
        run(connection, f"create temp table refunding on commit drop as {orders_of(staging, told)}")
        run(connection, "analyze refunding")  # orders lie in many partitions: few are looked up, many are hashed
        ids = "select order_id from refunding"
        if complete_refunds(connection, ids):
            counts += reckon(connection)
        counts += rest_of_refunds(connection, ids)
        tell_refunds(connection, ids, decisions)
    if "exchange_rates" in staged and is_foreign_here(connection):
        counts += _reckoned(connection, decisions)
    elif told and is_foreign_here(connection):
        tell_apart(connection, staging, told, decisions)
    return counts


def _has_refunds(connection: Connection, staging: Staging, told: Sequence[str]) -> bool:
    """Whether the staged rows tell of money given back, or refunds wait for them."""
    if "refunds" in told or any(staging.has(name, "refunded") for name in told):
        return True
    return bool(connection.execute(text("select exists (select from orders where refund_of is not null)")).scalar_one())


def _reckoned(connection: Connection, decisions: Decisions) -> Counts:
    before = _apart(connection)
    counts = reckon(connection)
    still = _apart(connection)
    if counts.updated:
        said = "Orders in other currencies were converted anew by these rates."
        decisions.add("currency", said, rows=counts.updated)
    for code, orders in sorted(still.items()):
        said = f"Orders in {code} are still kept apart: no rate on or before their day."
        decisions.add("currency", said, rows=orders, doubtful=True)
    if counted := sum(before.values()) - sum(still.values()):
        decisions.add("currency", "Orders that were kept apart count now.", rows=counted)
    return counts


def _apart(connection: Connection) -> dict[str, int]:
    found = connection.execute(
        text("select currency, count(*) as n from orders where currency is not null and revenue is null group by 1")
    )
    return {row.currency: row.n for row in found}
