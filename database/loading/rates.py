"""Tables of exchange rates: which way round they are, and into their table."""

from __future__ import annotations

from sqlalchemy import Connection, text

from core.currencies import code_of
from core.decisions import Decisions
from core.errors import FixArguments
from database.loading.merge import Counts, merge
from database.loading.staging import Staging
from database.loading.statement import run

__all__ = ["merge_rates"]

# Of these a great unit has always bought many: a rate above 1 says how many one great unit is worth.
SMALL = ("JPY", "KRW", "INR", "IDR", "HUF", "VND", "CLP", "COP", "CZK", "PHP", "RUB", "THB", "ISK", "NGN", "PKR")
GREAT = ("EUR", "USD", "GBP", "CHF", "CAD", "AUD")
WAY = "columns from and to, or base (1 base = rate currency)"


def merge_rates(connection: Connection, staging: Staging, decisions: Decisions) -> Counts:
    """Bring the staged exchange rates into their table; which way round they were read is told.

    Without a base they say what a currency is worth in the organisation's, unless they can only be meant the other way.
    """
    own = connection.execute(text("select currency from organisations")).scalar_one()
    if not own and not staging.has("exchange_rates", "base"):
        raise FixArguments("Rates in which currency? Say yours first: aima org set --currency CODE.", field="currency")
    for column in ("currency", "base"):
        _name_codes(connection, staging, column, own)
    base = staging.expression("exchange_rates", "base", "null::text")
    currency, worth = "s.currency", f"coalesce({base}, (select currency from organisations))"  # noqa: S608
    if not staging.has("exchange_rates", "base") and _is_other_way(connection, own):
        currency, worth = worth, currency
    source = (
        f"select {currency} as currency, {worth} as base, day, max(rate) as rate"  # noqa: S608
        " from staged_exchange_rates s where s.currency is not null group by 1, 2, 3"
    )
    _tell(connection, source, decisions, assumed=not staging.has("exchange_rates", "base") and currency == "s.currency")
    _tell_differing(connection, currency, worth, decisions)
    rows = staging.counted(f"({source}) g")
    return merge(connection, "exchange_rates", source, key=("currency", "base", "day"), columns=("rate",), rows=rows)


def _is_other_way(connection: Connection, own: str) -> bool:
    query = text("select exists (select from staged_exchange_rates where currency = any(:small) and rate > 1)")
    return own in GREAT and bool(connection.execute(query, {"small": list(SMALL)}).scalar_one())


def _tell(connection: Connection, source: str, decisions: Decisions, *, assumed: bool) -> None:
    newest = text(
        f"select distinct on (currency, base) currency, base, day, rate from ({source}) r"  # noqa: S608
        " order by currency, base, day desc limit 4"
    )
    read = [f"1 {r.currency} = {r.rate.normalize():f} {r.base} on {r.day}" for r in connection.execute(newest)]
    said = f"Rates were read so: {', '.join(read)}."
    decisions.add("currency", said, doubtful=assumed, instead=WAY if assumed else "")


def _tell_differing(connection: Connection, currency: str, worth: str, decisions: Decisions) -> None:
    """Days for which the table gives several rates."""
    several = (
        f"select 1 from staged_exchange_rates s where s.currency is not null group by {currency}, {worth}, day"  # noqa: S608
        " having count(distinct rate) > 1"
    )
    days = connection.execute(text(f"select count(*) from ({several}) d")).scalar_one()  # noqa: S608
    if days:
        decisions.add("currency", "Days with several rates got the highest of them.", rows=days, doubtful=True)


def _name_codes(connection: Connection, staging: Staging, column: str, own: str) -> None:
    if not staging.has("exchange_rates", column):
        return
    found = connection.execute(text(f"select distinct {column} from staged_exchange_rates"))  # noqa: S608
    for said in [said for said in found.scalars() if said]:
        code = code_of(said, own)
        if code is None:
            raise FixArguments(f"'{said}' is no currency.", field="currency", valid=("EUR", "USD", "GBP", "…"))
        if code != said:
            run(
                connection,
                f"update staged_exchange_rates set {column} = :code where {column} = :said",  # noqa: S608
                code=code,
                said=said,
            )
