"""Customers that turn out to be one: the rows of the one that goes follow to the one that stays, and can go back.

Orders, lines, events, messages, addresses, consents, assignments, voucher codes, memberships and journeys follow.
Of two consents the stricter stays (`weight`). What is computed of either is taken away, to be computed anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from database.loading.contacts import weight
from database.loading.statement import OWN_ORG, run

__all__ = ["DERIVED", "FOLLOWS", "KEYED", "forget_parting", "kind_of", "part", "unite"]

# Rows that are named without their customer, and by what.
FOLLOWS = {
    "orders": ("order_id",),
    "order_items": ("order_id", "sku", "occurrence"),
    "events": ("event_id",),
    "identities": ("kind", "value"),
}
# Rows of which a customer has one for each of these: one that both have stays with the customer who stays.
KEYED = {
    "contact_points": ("kind",),
    "consents": ("channel",),
    "assignments": ("campaign_id",),
    "segment_members": ("segment_id",),
    "messages": ("campaign_id", "channel", "entry"),
    "journey_people": ("journey_id",),  # nobody is in a journey twice: where both were, the one who stays goes on
    "journey_steps": ("journey_id",),
    "journey_calls": ("journey_id", "entry", "node"),
    "customer_tags": ("name",),
    "code_assignments": ("campaign_id",),
}
DERIVED = (
    "features",
    "rfm_scores",
    "churn_scores",
    "churn_watches",
    "value_scores",
    "uplift_scores",
    "next_items",
    "customer_groups",
    "membership_moves",
    "map_points",
    "customer_vectors",
    "week_actions",
)
FILLED = ("name", "country", "city", "time_zone", "created_at")
_TOLD = ("granted", "at", "source", "stated_at")


def kind_of(value: str) -> str:
    """SQL: the kind of identity a text is: an email address, a telephone number, or an id."""
    telephone = f"{value} ~ '^([+]|phone:)[0-9]{{5,15}}$'"
    return f"case when {value} like '%@%' then 'email' when {telephone} then 'phone' else 'id' end"


def unite(connection: Connection, source: str, at: datetime) -> dict[str, int]:
    """Make one of each pair in the temporary table `uniting` (gone, kept, rule, evidence); rows moved, by table.

    A customer who goes is in one pair, and stays in none.
    """
    moved = dict.fromkeys((*FOLLOWS, *KEYED), 0)
    run(
        connection,
        "create temp table turns on commit drop as"
        " select u.*, row_number() over (partition by kept order by gone) as turn from uniting u",
    )
    last = connection.execute(text("select coalesce(max(turn), 0) from turns")).scalar_one()
    for turn in range(1, last + 1):
        run(connection, "create temp table pairs on commit drop as select * from turns where turn = :turn", turn=turn)
        run(connection, "analyze pairs")
        run(connection, "create temp table moves (gone bigint, how text, name text, rows jsonb) on commit drop")
        _weigh_consents(connection)
        for table, key in KEYED.items():
            _leave_equal(connection, table, key)
        for table, key in (FOLLOWS | KEYED).items():
            moved[table] += _follow(connection, table, key)
        for table in DERIVED:
            run(
                connection,
                f"delete from {table} x using pairs p where x.customer_id in (p.gone, p.kept)",  # noqa: S608
            )
        _close(connection, source, at)
        run(connection, "drop table pairs, moves")
    run(connection, "drop table turns")
    return moved


def _weigh_consents(connection: Connection) -> None:
    """Where the consent of who goes outweighs, it takes the place of the other, which is noted."""
    run(
        connection,
        "create temp table weighed on commit drop as"  # noqa: S608
        " select p.gone, p.kept, g.channel, g.granted, g.at, g.source, g.stated_at, to_jsonb(k) as before"
        " from pairs p join consents g on g.customer_id = p.gone"
        " join consents k on k.customer_id = p.kept and k.channel = g.channel"
        f" where {weight('g.granted', 'g.stated_at')} > {weight('k.granted', 'k.stated_at')}",
    )
    run(
        connection,
        "insert into moves select gone, 'replaced', 'consents', jsonb_agg(before) from weighed group by gone",
    )
    sets = ", ".join(f"{name} = w.{name}" for name in _TOLD)
    run(
        connection,
        f"update consents k set {sets} from weighed w where k.customer_id = w.kept and k.channel = w.channel",  # noqa: S608
    )
    run(connection, "drop table weighed")


def _leave_equal(connection: Connection, table: str, key: tuple[str, ...]) -> None:
    """Take away, and note, the rows of those who go that those who stay have as well."""
    same = " and ".join(f"k.{name} = x.{name}" for name in key)
    run(
        connection,
        f"with taken as (delete from {table} x using pairs p where x.customer_id = p.gone and exists"  # noqa: S608
        f" (select from {table} k where k.customer_id = p.kept and {same}) returning p.gone, to_jsonb(x) as row)"
        f" insert into moves select gone, 'dropped', '{table}', jsonb_agg(row) from taken group by gone",
    )


def _follow(connection: Connection, table: str, key: tuple[str, ...]) -> int:
    """Give the rows of those who go to those who stay; how many."""
    named = ", ".join(f"'{name}', x.{name}" for name in key)
    run(
        connection,
        f"with given as (update {table} x set customer_id = p.kept from pairs p where x.customer_id = p.gone"  # noqa: S608
        f" returning p.gone, jsonb_build_object({named}) as row)"
        f" insert into moves select gone, 'moved', '{table}', jsonb_agg(row) from given group by gone",
    )
    count = text("select coalesce(sum(jsonb_array_length(rows)), 0) from moves where how = 'moved' and name = :t")
    return int(connection.execute(count, {"t": table}).scalar_one())


def _close(connection: Connection, source: str, at: datetime) -> None:
    """Note the merges, take the rows of those who go away, and let those who stay have what they lacked."""
    filled = "".join(f", coalesce(k.{c}, g.{c}) as {c}" for c in FILLED)
    better = f"case when {_rank('g.external_id')} < {_rank('k.external_id')} then g.external_id else k.external_id end"
    run(
        connection,
        "create temp table stays on commit drop as select k.id, p.gone, g.external_id as gone_name,"  # noqa: S608
        f" k.external_id as kept_name, {better} as external_id{filled},"
        " case when g.raw is null then k.raw else g.raw || coalesce(k.raw, '{}') end as raw,"
        " to_jsonb(k) as before, to_jsonb(g) as customer from pairs p"
        " join customers g on g.id = p.gone join customers k on k.id = p.kept",
    )
    run(
        connection,
        "insert into customer_merges (org_id, kept, gone, gone_name, rule, evidence, source, at, moved)"  # noqa: S608
        f" select {OWN_ORG}, p.kept, p.gone, s.gone_name, p.rule, p.evidence, :source, :at,"
        " jsonb_build_object('customer', s.customer, 'before', s.before, 'after', to_jsonb(s) - 'before' - 'customer')"
        " || coalesce(h.tables, '{}') from pairs p join stays s on s.gone = p.gone"
        " left join (select gone, jsonb_object_agg(how, tables) as tables from (select gone, how,"
        " jsonb_object_agg(name, rows) as tables from moves group by gone, how) m group by gone) h on h.gone = p.gone",
        source=source,
        at=at,
    )
    run(connection, "delete from customers c using pairs p where c.id = p.gone")
    sets = ", ".join(f"{c} = s.{c}" for c in ("external_id", *FILLED, "raw"))
    run(connection, f"update customers c set {sets} from stays s where c.id = s.id")  # noqa: S608
    run(connection, "delete from identities i using stays s where i.customer_id = s.id and i.value = s.external_id")
    run(
        connection,
        "insert into identities (org_id, kind, value, customer_id)"  # noqa: S608
        f" select {OWN_ORG}, {kind_of('n.value')}, n.value, n.id from"
        " (select id, case when external_id = kept_name then gone_name else kept_name end as value from stays) n"
        " on conflict do nothing",
    )
    run(connection, "drop table stays")


def _rank(name: str) -> str:
    """SQL: numbers before addresses before telephones, as what a customer is called."""
    return f"case {kind_of(name)} when 'id' then 1 when 'email' then 2 else 3 end"


@dataclass(frozen=True, slots=True)
class Parted:
    """Two customers who were one until now, and how many orders went back."""

    kept: int
    gone: int
    orders: int


def part(connection: Connection, merge: int, at: datetime | None) -> Parted:
    """Take a merge back: both customers are as they were, with what came since staying with the one who stayed.

    `at`: when a person parted them; they are not merged again. None: as if it had never been (an import undone).
    The later merges of the customer who stayed have to be taken back first.
    """
    found = connection.execute(text("select kept, gone, moved from customer_merges where id = :id"), {"id": merge})
    row = found.one()
    moved: dict[str, Any] = row.moved
    _restore_names(connection, row.kept, row.gone, moved)
    back = dict[str, int]()
    for table, rows in moved.get("moved", {}).items():
        key = (FOLLOWS | KEYED)[table]
        same = " and ".join(f"x.{name} = r.{name}" for name in key)
        back[table] = run(
            connection,
            f"update {table} x set customer_id = :gone"  # noqa: S608
            f" from jsonb_populate_recordset(null::{table}, cast(:rows as jsonb)) r"
            f" where x.customer_id = :kept and {same}",
            gone=row.gone,
            kept=row.kept,
            rows=_json(rows),
        )
    for table, rows in moved.get("dropped", {}).items():
        run(
            connection,
            f"insert into {table} select * from jsonb_populate_recordset(null::{table}, cast(:rows as jsonb))"  # noqa: S608
            " on conflict do nothing",
            rows=_json(rows),
        )
    _restore_consents(connection, moved)
    for table in DERIVED:
        run(connection, f"delete from {table} where customer_id in (:kept, :gone)", kept=row.kept, gone=row.gone)  # noqa: S608
    if at is None:
        run(connection, "delete from customer_merges where id = :id", id=merge)
    else:
        run(connection, "update customer_merges set parted_at = :at where id = :id", id=merge, at=at)
    return Parted(row.kept, row.gone, back.get("orders", 0))


def forget_parting(connection: Connection, one: int, other: int) -> None:
    """Let two customers whom a person has parted be made one again."""
    run(
        connection,
        "delete from customer_merges where parted_at is not null and kept in (:one, :other) and gone in (:one, :other)",
        one=one,
        other=other,
    )


def _restore_names(connection: Connection, kept: int, gone: int, moved: dict[str, Any]) -> None:
    """What the customer who stayed got by the merge goes, where nothing has changed it since; the other is back."""
    names = [moved["customer"]["external_id"], moved["before"]["external_id"]]
    run(connection, "delete from identities where customer_id = :kept and value = any(:names)", kept=kept, names=names)
    sets = ", ".join(
        f"{c} = case when c.{c} is not distinct from a.{c} then b.{c} else c.{c} end" for c in (*FILLED, "raw")
    )
    run(
        connection,
        f"update customers c set external_id = b.external_id, {sets}"  # noqa: S608
        " from jsonb_populate_record(null::customers, cast(:before as jsonb)) b,"
        " jsonb_populate_record(null::customers, cast(:after as jsonb)) a"
        " where c.id = :kept",
        before=_json(moved["before"]),
        after=_json(moved["after"]),
        kept=kept,
    )
    run(
        connection,
        "insert into customers select * from jsonb_populate_record(null::customers, cast(:customer as jsonb))",
        customer=_json(moved["customer"]),
    )


def _restore_consents(connection: Connection, moved: dict[str, Any]) -> None:
    """The consent that was outweighed is back, unless another has come since."""
    replaced, dropped = (moved.get(how, {}).get("consents", []) for how in ("replaced", "dropped"))
    if not replaced:
        return
    sets = ", ".join(f"{name} = b.{name}" for name in _TOLD)
    run(
        connection,
        f"update consents c set {sets}"  # noqa: S608
        " from jsonb_populate_recordset(null::consents, cast(:before as jsonb)) b,"
        " jsonb_populate_recordset(null::consents, cast(:other as jsonb)) o where c.customer_id = b.customer_id"
        " and c.channel = b.channel and o.channel = b.channel and c.at = o.at and c.source = o.source",
        before=_json(replaced),
        other=_json(dropped),
    )


def _json(value: object) -> str:
    import json

    return json.dumps(value)
