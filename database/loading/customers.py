"""Customers named by other rows: new ones are made, known ones completed, never overwritten."""

from __future__ import annotations

from sqlalchemy import Connection

from database.loading.contacts import Contacts
from database.loading.merge import Counts
from database.loading.people import describing
from database.loading.shapes import SHAPES
from database.loading.staging import Staging
from database.loading.statement import OWN_IMPORT, OWN_ORG, count, run


def ensure_customers(connection: Connection, staging: Staging, name: str, contacts: Contacts) -> Counts:
    """Make the customers that the staged shape `name` names, with what its rows and their `contacts` say of them.

    Where a customer's rows disagree (two countries), the last one of the file decides.
    Known customers only get what was missing.
    """
    if not staging.has(name, "customer"):
        return Counts()
    given = describing(staging.columns[name]) if name != "events" else []
    if not staging.copy_people(name, given):
        _collect(connection, name, given)
    run(connection, "analyze people")
    named = staging.counted("people")
    own = [column for column in given if column not in contacts.names]
    _find_told(connection, own, contacts)
    updated = _complete_known(connection, own)
    inserted = _insert_new(connection, own)
    contacts.add(connection, "told")
    run(connection, "drop table people, told")
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


def _find_told(connection: Connection, given: list[str], contacts: Contacts) -> None:
    """The people who are new, and those who lack something that is said of them, into the table `told`."""
    lacking = " or ".join([*(f"(t.{c} is null and p.{c} is not null)" for c in given), contacts.missing("p")])
    run(
        connection,
        "create temp table told on commit drop as select p.*, p.customer as external_id, t.id is null as is_new"  # noqa: S608
        f" from people p left join customers t on t.external_id = p.customer{contacts.joins('t.id')}"
        f" where t.id is null or {lacking}",
    )


def _insert_new(connection: Connection, given: list[str]) -> int:
    names = "".join(f", {c}" for c in given)
    return run(
        connection,
        f"insert into customers (org_id, import_no, external_id{names})"  # noqa: S608
        f" select {OWN_ORG}, {OWN_IMPORT}, p.customer{names} from told p where is_new"
        " on conflict (org_id, external_id) do nothing",
    )


def _complete_known(connection: Connection, given: list[str]) -> int:
    """How many known customers lacked something; their own columns are filled in."""
    known = count(connection, "select count(*) from told where not is_new")
    if given and known:
        sets = ", ".join(f"{c} = coalesce(t.{c}, p.{c})" for c in given)
        run(
            connection,
            f"update customers t set {sets} from told p where not p.is_new and t.external_id = p.customer",  # noqa: S608
        )
    return known
