"""Two organisations side by side: what one of them has, as handles to try, as secrets to look for, as a digest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
import polars as pl
from sqlalchemy import Connection, text

from core.errors import AimaError
from core.identity import SCOPES, Identity
from database.engine import Database
from tests.campaign_scene import CATALOGUE, context, launched, proposed
from tests.conftest import make_organisation
from tests.integration.accounts import PASSWORD
from tests.integration.test_odd_data import END, ordinary, score
from tools.declaration import Effect
from tools.imports.load import load_frames
from tools.people.accounts import add_key, add_user, person_of

NAMED = ("name", "title", "note", "description", "subject", "offers", "message")
SELF_KEPT = {"login_sessions", "login_tries"}  # they note each visit of their own person
UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Side:
    """An organisation whose every name begins with a mark of its own, and its administrator."""

    org_id: UUID
    mark: str
    email: str
    owner: Identity
    key: str
    cookie: str = ""
    handles: dict[str, list[str | int]] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)

    def tokens(self, told: str) -> set[str]:
        """What of a text is told of this organisation alone: its marked words, and identifiers."""
        folded = told.casefold()
        return set(re.findall(rf"{self.mark}[\w-]*", folded)) | set(UUIDS.findall(folded))

    def leaked(self, answer: str) -> set[str]:
        """What the answer tells that nobody outside has ever been told."""
        return self.tokens(answer) & self.secrets


def make_side(database: Database, mark: str) -> Side:
    """An organisation with customers, orders, scores, segments, proposals, messages, playbooks and keys."""
    org_id, email = make_organisation(database), f"{mark}-admin-{uuid4().hex[:6]}@example.com"
    add_user(database, org_id, email=email, password=PASSWORD, role="admin")
    owner = person_of(database, email, door="cli")
    side = Side(org_id, mark, email, owner, add_key(database, owner, name=f"{mark}-key", scopes=list(SCOPES)))
    _trade(database, side)
    _work(database, side)
    return side


def _trade(database: Database, side: Side) -> None:
    rows, people = ordinary(12), range(12)
    customers = pl.DataFrame(
        {
            "customer_id": [f"{side.mark}-c{n}" for n in people],
            "name": [f"{side.mark}-n{n} Person" for n in people],
            "email": [f"{side.mark}-e{n}@example.com" for n in people],
            "city": [f"{side.mark}-town{n % 3}" for n in people],
        }
    )
    orders = pl.DataFrame(
        {
            "order_id": [f"{side.mark}-o{n}" for n in range(len(rows))],
            "customer_id": [f"{side.mark}-{row[0]}" for row in rows],
            "ordered_at": [row[1] for row in rows],
            "revenue": [row[2] for row in rows],
        }
    )
    load_frames(database, side.owner, [("customers", customers), ("orders", orders)], now=END)
    with database.transaction(side.org_id) as connection:
        agreed = (
            "insert into consents (customer_id, channel, granted, source) select id, 'email', true, 't' from customers"
        )
        connection.execute(text(f"{agreed} on conflict do nothing"))
    score(database, side.owner)


def _work(database: Database, side: Side) -> None:
    """Whatever the tools' own examples make, under names with the mark."""
    for number in range(3):
        proposed(database, side.owner, name=f"{side.mark}-plan{number}", subject=f"{side.mark}-subject{number}")
    launched(database, side.owner, name=f"{side.mark}-sent", subject=f"{side.mark}-sent-subject")
    here = context(database, side.owner, now=END)
    for name, tool in CATALOGUE.tools.items():
        for example in tool.examples if tool.effect is not Effect.READ else ():
            with suppress(AimaError):
                CATALOGUE.call(name, _marked(dict(example), side.mark), here)


def _marked(value: Any, mark: str, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _marked(inner, mark, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_marked(inner, mark, key) for inner in value]
    return f"{mark}-{key} {value}" if isinstance(value, str) and key in NAMED else value


def log_in(address: str, side: Side) -> None:
    """Open a session of its administrator's."""
    answer = httpx.post(f"{address}/login", data={"username": side.email, "password": PASSWORD}, timeout=60)
    assert answer.status_code == 200, answer.text
    side.cookie = answer.cookies["aima_session"]


def tables(database: Database) -> dict[str, list[str]]:
    """Every table that says whose a row is, with its columns."""
    found: dict[str, list[str]] = {}
    query = """
        select n.nspname as schema, k.relname as name, array_agg(a.attname::text order by a.attnum) as columns
        from pg_class k join pg_namespace n on n.oid = k.relnamespace join pg_attribute a on a.attrelid = k.oid
        where n.nspname in ('public', 'chat', 'checkpoints') and k.relkind in ('r', 'p') and not k.relispartition
          and a.attnum > 0 and not a.attisdropped
        group by 1, 2 having bool_or(a.attname = 'org_id') order by 1, 2
    """
    with database.before_login() as connection:
        for row in connection.execute(text(query)):
            found[row.name if row.schema == "public" else f"{row.schema}.{row.name}"] = list(row.columns)
    return found


def as_person(connection: Connection, email: str) -> None:
    """Let the transaction see the conversations of this person."""
    connection.execute(text("select set_config('app.person', :p, true)"), {"p": email})


def digest(database: Database, side: Side) -> dict[str, tuple[int, str | None]]:
    """Rows and a checksum of each of its tables, as itself."""
    found = {}
    with database.transaction(side.org_id) as connection:
        as_person(connection, side.email)
        for table in tables(database).keys() - SELF_KEPT:
            rows = f"select md5(string_agg(md5(t::text), '' order by md5(t::text))), count(*) from {table} t"
            checksum, count = connection.execute(text(rows)).one()
            found[table] = (count, checksum)
    return found


def take_stock(database: Database, side: Side) -> None:
    """Choose what of its rows others will try with (its handles); all else it has is secret."""
    everything: set[str] = {side.email.casefold().partition("@")[0]}
    with database.transaction(side.org_id) as connection:
        as_person(connection, side.email)
        for table, columns in tables(database).items():
            rows = connection.execute(text(f"select t.*, t::text as whole from {table} t limit 200")).mappings().all()
            everything |= side.tokens(" ".join(row["whole"] for row in rows))
            told = [row for n, row in enumerate(rows) if n % 2 == 0][:20]
            names = [name for name in columns if is_handle(table, name)]
            side.handles[table] = list(dict.fromkeys(_values(told, names, side)))
    side.handles = {table: values for table, values in side.handles.items() if values}
    sent = " ".join(str(value) for values in side.handles.values() for value in values)
    side.secrets = everything - side.tokens(f"{sent} {side.org_id}")


def is_handle(table: str, column: str) -> bool:
    """Whether a column holds what a thing is asked for by."""
    return bool(re.search(r"(^|_)(id|no|hash)$|Id$", column)) or (
        column in {"name", "identifier", "prefix", "objectKey"} and table not in {"customers", "users"}
    )


def _values(rows: list[Any], names: list[str], side: Side) -> Iterator[str | int]:
    for row in rows:
        for name in names:
            value = row[name]
            if isinstance(value, UUID) or (isinstance(value, str) and (side.tokens(value) or "hash" in name)):
                yield str(value)
            elif isinstance(value, int) and not isinstance(value, bool):
                yield value
