"""The currency of staged advertising: converted by the rate of its day; what has none is left out, and told.

Daily figures are kept in the organisation's currency alone: dollars are never added to euros.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from core.currencies import code_of
from core.decisions import Decisions
from database.loading.shapes import SHAPES
from database.loading.staging import Staging
from database.loading.statement import run

__all__ = ["SPENT", "settle_spending"]

SPENT = {"channel_spend": ("spend", "revenue"), "campaign_daily": ("cost", "revenue")}
TOLD_OF = {"channel_spend": "Costs of advertising", "campaign_daily": "Costs of campaigns"}
RATES_FIRST = "import a table of rates (columns day, currency, rate), then this file again"
_RATED = (
    "(select rate from own_rates w where w.currency = s.currency and w.since <="
    " (s.day::timestamp at time zone (select time_zone from organisations)) order by w.since desc limit 1)"
)


def settle_spending(connection: Connection, staging: Staging, name: str, decisions: Decisions) -> None:
    """Bring staged amounts into the organisation's currency, and take out the column that says theirs."""
    table = SHAPES[name].staging
    own, assumed = connection.execute(text("select currency, 'currency' = any(assumed) from organisations")).one()
    told = connection.execute(text(f"select distinct trim(currency) from {table} where trim(currency) <> ''")).scalars()  # noqa: S608
    codes = {said: code_of(said, own) or said.upper()[:12] for said in told}
    foreign = {said: code for said, code in codes.items() if code != own}
    if assumed and codes:
        decisions.add(
            "currency",
            f"What advertising cost is in {', '.join(sorted(set(codes.values())))}, as the file says, and nobody has"
            " told the currency of your shop: it is taken to be the same.",
            doubtful=True,
            instead="aima org set --currency CODE",
        )
    elif foreign:
        for said, code in foreign.items():
            run(connection, f"update {table} set currency = :code where trim(currency) = :said", code=code, said=said)  # noqa: S608
        _convert(connection, staging, name, sorted(set(foreign.values())), own, decisions)
    run(connection, f"alter table {table} drop column currency")
    staging.columns[name] = tuple(c for c in staging.columns[name] if c != "currency")


def _convert(
    connection: Connection, staging: Staging, name: str, foreign: list[str], own: str, decisions: Decisions
) -> None:
    table, (cost, *_), what = SHAPES[name].staging, SPENT[name], TOLD_OF[name]
    amounts = [column for column in SPENT[name] if staging.has(name, column)]
    worth = ", ".join(f"{column} = round({column} * {_RATED}, 4)" for column in amounts)
    money = f"sum({cost})" if cost in amounts else "null::numeric"
    without = f"currency = :code and {_RATED} is null"
    for code in foreign:
        counted = f"select count(*), {money} from {table} s where {without}"  # noqa: S608
        rows, amount = connection.execute(text(counted), {"code": code}).one()
        if rows:
            run(connection, f"delete from {table} s where {without}", code=code)  # noqa: S608
            staging.rows[name] -= rows
            said = f"{what} in {code} were left out: there is no rate from {code} to {own}."
            decisions.add("currency", said, rows=rows, amount=amount, doubtful=True, instead=RATES_FIRST)
        if done := run(connection, f"update {table} s set {worth} where currency = :code", code=code):  # noqa: S608
            said = f"{what} in {code} count in {own}, by the newest rate on or before their day."
            decisions.add("currency", said, rows=done)
