"""The currency of staged rows: told by a column, by signs, by the order they belong to, else the organisation's.

An organisation whose currency nobody has told takes that of its first file, where the file leaves no doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import Connection, text

from core.currencies import code_of, codes_of_sign
from core.decisions import Decisions
from core.errors import FixArguments
from database.loading.currencies import is_foreign_here
from database.loading.shapes import SHAPES
from database.loading.staging import Staging
from database.loading.statement import run

__all__ = ["MONEY_OF", "adopt_currency", "currency_of_orders", "settle_currency", "tell_apart"]

MONEY_OF = {"orders": "revenue", "order_lines": "coalesce(revenue, quantity * unit_price)", "refunds": "amount"}
TOLD = "aima org set --currency CODE"


def settle_currency(connection: Connection, staging: Staging, name: str, decisions: Decisions) -> bool:
    """Give every staged row its ISO code, null where it is the organisation's; False where all of them are.

    FixArguments where the organisation has none yet and the file leaves it open.
    """
    column = staging.has(name, "currency")
    counted = _counted(connection, staging, name) if column else {}
    own, assumed = _own(connection)
    codes = {t: code_of(t, own) or t.strip().upper()[:12] for t in counted if t}
    if assumed and codes:
        own = _choose(connection, counted, codes, decisions)
    elif not codes:
        _tell_unsaid(own, assumed, decisions)
    if not codes:
        if column:
            _forget(connection, staging, name)
        return staging.has(name, "order_id") and _from_orders(connection, staging, name)
    if set(codes.values()) == {own}:
        decisions.add("currency", f"Amounts are in {own}, as the file says.")
        if not is_foreign_here(connection):
            _forget(connection, staging, name)
            return False
    _name_rows(connection, staging, name, codes, own)
    _tell_blank(counted, own, decisions)
    return True


def currency_of_orders(connection: Connection, staging: Staging) -> bool:
    """Lines that name no currency are in that of their orders, which the same file tells."""
    _add_column(connection, staging, "order_lines")
    run(
        connection,
        "update staged_order_lines l set currency = o.currency from staged_orders o"
        " where o.order_id = l.order_id and o.currency is not null",
    )
    return True


def adopt_currency(connection: Connection, code: str) -> None:
    """Make this the organisation's currency, as somebody or something has told."""
    connection.execute(
        text("update organisations set currency = :c, assumed = array_remove(assumed, 'currency')"), {"c": code}
    )


def tell_apart(connection: Connection, staging: Staging, names: Sequence[str], decisions: Decisions) -> None:
    """Say what of the staged orders counts converted, and what is kept apart for want of a rate."""
    ids = " union ".join(f"select order_id from {SHAPES[name].staging}" for name in names)  # noqa: S608
    found = connection.execute(
        text(
            "select currency, kind, revenue is null as apart, count(*) as orders, sum(charged) as charged,"  # noqa: S608
            " sum(revenue) as worth from orders where currency is not null and coalesce(refund_of, order_id) in"
            f" ({ids}) group by 1, 2, 3 order by 1, 2, 3"
        )
    )
    own = _own(connection)[0] or "the organisation's currency"
    for row in found:
        what = f"{row.orders:,} {'order' if row.kind == 'sale' else row.kind}{'s' if row.orders > 1 else ''}"
        amount = f"{row.charged:,.2f} {row.currency}"
        if row.apart:
            decisions.add(
                "currency",
                f"{what} in {row.currency} ({amount}) {'are' if row.orders > 1 else 'is'} kept apart and"
                f" in no figure: there is no rate from {row.currency} to {own}.",
                rows=row.orders,
                doubtful=True,
                instead="import a table of rates (columns day, currency, rate)",
            )
        else:
            decisions.add(
                "currency",
                f"{what} in {row.currency} ({amount}) {'count' if row.orders > 1 else 'counts'} as"
                f" {row.worth:,.2f} {own}, by the newest rate on or before the day.",
                rows=row.orders,
            )


def _own(connection: Connection) -> tuple[str, bool]:
    """(the organisation's currency, whether nobody has told it)."""
    row = connection.execute(text("select currency, 'currency' = any(assumed) as assumed from organisations")).one()
    return row.currency, row.assumed


def _counted(connection: Connection, staging: Staging, name: str) -> dict[str, tuple[int, Decimal]]:
    """(rows, money) by what the column says; "" where it says nothing."""
    given = [c for c in ("revenue", "quantity", "unit_price", "amount") if staging.has(name, c)]
    money = "sum(quantity * unit_price)" if {"quantity", "unit_price"} <= {*given} else "null"
    money = f"sum({given[0]})" if given and given[0] in ("revenue", "amount") else money
    found = connection.execute(
        text(
            f"select coalesce(trim(currency), '') as said, count(*) as rows, {money} as money"  # noqa: S608
            f" from {SHAPES[name].staging} group by 1 order by 2 desc, 1"
        )
    )
    return {row.said: (row.rows, row.money or Decimal(0)) for row in found}


def _choose(
    connection: Connection, counted: dict[str, tuple[int, Decimal]], codes: dict[str, str], decisions: Decisions
) -> str:
    """The organisation's currency, nobody having told it: the one that most rows are in."""
    rows: dict[str, int] = {}
    for said, code in codes.items():
        rows[code] = rows.get(code, 0) + counted[said][0]
    code, most = max(rows.items(), key=lambda pair: pair[1])
    if most * 2 <= sum(rows.values()):
        several = ", ".join(f"{c} ({n:,})" for c, n in sorted(rows.items(), key=lambda pair: -pair[1]))
        raise FixArguments(
            f"The file has rows in {several}, and nobody has said which is your currency. Say it: --currency {code}"
            f" (or {TOLD}); the others are converted where there are rates, and kept apart where not.",
            field="currency",
            valid=sorted(rows),
        )
    adopt_currency(connection, code)
    shared = [said for said, c in codes.items() if c == code and len(codes_of_sign(said)) > 1]
    meanings = f", though {shared[0]} may mean {' or '.join(codes_of_sign(shared[0])[1:4])} too" if shared else ""
    alone = "the file says it" if len(rows) == 1 else f"{most:,} of {sum(rows.values()):,} rows are in it"
    decisions.add(
        "currency",
        f"Your currency is taken to be {code}: {alone}{meanings}.",
        doubtful=len(rows) > 1 or bool(shared),
        instead=TOLD,
    )
    return code


def _tell_unsaid(own: str, assumed: bool, decisions: Decisions) -> None:
    if assumed:
        said = "Nothing says which currency the amounts are in; figures have no sign until you tell it."
        decisions.add("currency", said, doubtful=True, instead=TOLD)
    else:
        said = f"The file names no currency: its amounts are taken to be in {own}, your own."
        decisions.add("currency", said)


def _tell_blank(counted: dict[str, tuple[int, Decimal]], own: str, decisions: Decisions) -> None:
    if "" in counted:
        rows, money = counted[""]
        said = f"Rows without a currency were taken to be in {own}, or in that of their order where it is known."
        decisions.add("currency", said, rows=rows, amount=money, doubtful=True)


def _name_rows(connection: Connection, staging: Staging, name: str, codes: dict[str, str], own: str) -> None:
    table = SHAPES[name].staging
    run(connection, f"update {table} set currency = null where trim(currency) = ''")  # noqa: S608
    if staging.has(name, "order_id") and is_foreign_here(connection):
        _of_known_orders(connection, name)
    for given, code in codes.items():
        if code == own:
            run(connection, f"update {table} set currency = null where trim(currency) = :t", t=given)  # noqa: S608
        elif code != given:
            run(connection, f"update {table} set currency = :c where trim(currency) = :t", c=code, t=given)  # noqa: S608


def _from_orders(connection: Connection, staging: Staging, name: str) -> bool:
    """A file that names no currency has the one of the orders it tells of, where they are known."""
    if not is_foreign_here(connection):
        return False
    _add_column(connection, staging, name)
    if _of_known_orders(connection, name):
        return True
    _forget(connection, staging, name)
    return False


def _of_known_orders(connection: Connection, name: str) -> int:
    return run(
        connection,
        f"update {SHAPES[name].staging} s set currency = o.currency from orders o where o.order_id = s.order_id"  # noqa: S608
        " and o.currency is not null and s.currency is null",
    )


def _add_column(connection: Connection, staging: Staging, name: str) -> None:
    if not staging.has(name, "currency"):
        run(connection, f"alter table {SHAPES[name].staging} add column currency text")
        staging.columns[name] += ("currency",)


def _forget(connection: Connection, staging: Staging, name: str) -> None:
    run(connection, f"alter table {SHAPES[name].staging} drop column currency")
    staging.columns[name] = tuple(c for c in staging.columns[name] if c != "currency")
