"""Rows of one file that tell of the same person, put together."""

from __future__ import annotations

from sqlalchemy import Connection

from core.decisions import Decisions
from database.loading.contacts import CONSENT, STATED, weight
from database.loading.shapes import SHAPES
from database.loading.staging import Staging
from database.loading.statement import count, run

__all__ = ["put_together"]


def put_together(connection: Connection, staging: Staging, decisions: Decisions) -> None:
    """One staged row a customer: of each column the last row that has it, of consents the one that stands."""
    table = SHAPES["customers"].staging
    run(
        connection,
        f"create temp table repeated on commit drop as select customer from {table}"  # noqa: S608
        " group by customer having count(*) > 1",
    )
    several = f"from {table} where customer in (table repeated)"
    again = count(connection, f"select count(*) - count(distinct customer) {several}")
    if again:
        columns = staging.columns["customers"]
        told = ", ".join(_told(column, columns) for column in columns if column not in ("line", "customer"))
        run(
            connection,
            f"create temp table together on commit drop as select max(line) as line, customer, {told} {several}"
            " group by customer",
        )
        run(connection, f"delete {several}")
        names = ", ".join(columns)
        run(connection, f"insert into {table} ({names}) select {names} from together")  # noqa: S608
        run(connection, "drop table together")
        staging.rows["customers"] -= again
        staging.forget_people("customers")
        said = "Rows that tell of somebody another row of the file tells of were put together: the last of them decides"
        decisions.add("people", f"{said}, and a refusal of messages stands.", rows=again)
    run(connection, "drop table repeated")


def _told(column: str, columns: tuple[str, ...]) -> str:
    """SQL: what the rows of a person say in a column."""
    channel = column.removeprefix(CONSENT).removeprefix(STATED)
    consent, stated = f"{CONSENT}{channel}", f"{STATED}{channel}"
    order = "line desc"
    if column in (consent, stated) and consent in columns:
        order = f"{weight(consent, stated if stated in columns else 'null')} desc"
        return f"(array_agg({column} order by {order}) filter (where {consent} is not null))[1] as {column}"
    return f"(array_agg({column} order by {order}) filter (where {column} is not null))[1] as {column}"
