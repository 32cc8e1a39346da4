"""Customers named by other rows: new ones are made, known ones completed, never overwritten."""

from __future__ import annotations

from sqlalchemy import Connection

from database.loading.merge import Counts
from database.loading.people import DESCRIBING
from database.loading.shapes import SHAPES
from database.loading.staging import Staging
from database.loading.statement import OWN_ORG, run


def ensure_customers(connection: Connection, staging: Staging, name: str) -> Counts:
    """Make the customers that the staged shape `name` names, with what its rows say of them.

    Where a customer's rows disagree (two countries), the last one of the file decides.
    Known customers only get what was missing.
    """
    if not staging.has(name, "customer"):
        return Counts()
    given = [column for column in DESCRIBING if staging.has(name, column)] if name != "events" else []
    if not staging.copy_people(name, given):
        _collect(connection, name, given)
    run(connection, "analyze people")
    named = staging.counted("people")
    inserted = _insert_new(connection, given)
    updated = _complete_known(connection, given) if given else 0
    run(connection, "drop table people")
    return Counts(inserted, updated, named - inserted - updated)


def _collect(connection: Connection, name: str, given: list[str]) -> None:
    """One row a customer; each column from the last of the customer's lines that has it."""
    staging = SHAPES[name].staging
    lines = "".join(f", max(line) filter (where {c} is not null) as {c}_line" for c in given)
    values = "".join(f", {c}_row.{c}" for c in given)
    joins = "".join(f" left join {staging} {c}_row on {c}_row.line = last.{c}_line" for c in given)
    run(
        connection,
        f"create temp table people on commit drop as select last.customer{values} from"  # noqa: S608
        f" (select customer{lines} from {staging} where customer is not null group by customer) last{joins}",
    )


def _insert_new(connection: Connection, given: list[str]) -> int:
    names = "".join(f", {c}" for c in given)
    return run(
        connection,
        f"insert into customers (org_id, external_id{names}) select {OWN_ORG}, p.customer{names} from people p"  # noqa: S608
        " where not exists (select from customers c where c.external_id = p.customer)"
        " on conflict (org_id, external_id) do nothing",
    )


def _complete_known(connection: Connection, given: list[str]) -> int:
    sets = ", ".join(f"{c} = coalesce(t.{c}, p.{c})" for c in given)
    lacking = " or ".join(f"(t.{c} is null and p.{c} is not null)" for c in given)
    return run(
        connection,
        f"update customers t set {sets} from people p where t.external_id = p.customer and ({lacking})",  # noqa: S608
    )
