"""Who the rows of a load name: known customers by anything they go by, customers that turn out to be one, new ones.

Staged rows name a person in `customer` (the shop's number, else the email address, else the telephone number) and may
say in columns also_<kind> what else the person goes by. Before anything is written, every name is replaced by the
external id of the customer it belongs to, so that the rest of the load need not know. The rules, in any order of files:

- names and identities that are equal belong to one person (email addresses after normalisation, numbers of the shop,
  numbers of a vendor, aliases);
- an address that many numbers of one file share (noreply@, info@) is nobody's;
- a telephone number that stands beside a number or an email address identifies nobody: families share them;
- two customers whom a person has parted are not made one again.

Of customers that turn out to be one the older row stays (`same_person`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, text

from core.decisions import Decisions
from database.loading.contacts import ALSO
from database.loading.same_person import kind_of, unite
from database.loading.shapes import SHAPES
from database.loading.staging import Staging
from database.loading.statement import OWN_ORG, count, holds_rows, run
from database.queries.identities import doubtful_since

__all__ = ["Names", "keep_identities", "resolve_names", "tell_doubtful"]

MANY_SHARE = 3  # numbers of one load that may share an address and still be one person
MOST_LOOKED_AT = 50_000  # customers among whom doubtful pairs are looked for at every load
_RULES = {"email": "email address", "id": "alias", "phone": "telephone number"}


@dataclass(frozen=True, slots=True)
class Names:
    """What became of the names: rows of customers who became a part of others, moved with them, by table."""

    merged: int = 0
    moved: dict[str, int] = field(default_factory=dict)
    resolved: bool = False


def resolve_names(connection: Connection, staging: Staging, decisions: Decisions, source: str, at: datetime) -> Names:
    """Replace the names of the staged rows by external ids of customers; customers found to be one are made one."""
    shapes = [name for name in SHAPES if staging.has(name, "customer")]
    links = [(name, column) for name in shapes for column in staging.columns[name] if column.startswith(ALSO)]
    if not shapes or not (links or holds_rows(connection, "identities")):
        return Names()
    _gather(connection, shapes, links)
    _leave_shared(connection, decisions)
    _find_owners(connection)
    merged, moved = _settle(connection, decisions, source, at)
    _call_by_number(connection)
    renamed = run(
        connection,
        "create temp table renamed on commit drop as select w.name, coalesce(c.external_id, w.called) as external_id"
        " from who w left join customers c on c.id = w.customer_id"
        " where w.name <> coalesce(c.external_id, w.called)",
    )
    if renamed:
        run(connection, "analyze renamed")
        for name in shapes:
            _rename(connection, staging, name)
    return Names(merged, moved, resolved=True)


def keep_identities(connection: Connection) -> None:
    """Keep what the load said of how customers are called; to be called when all its customers are there."""
    run(
        connection,
        "insert into identities (org_id, kind, value, customer_id)"  # noqa: S608
        f" select distinct on (l.kind, l.value) {OWN_ORG}, l.kind, l.value, c.id from links l"
        " join who w on w.name = l.name left join renamed r on r.name = l.name"
        " join customers c on c.external_id = coalesce(r.external_id, l.name)"
        " where (l.value <> c.external_id or l.kind like 'vendor:%') and l.kind <> 'phone' and not l.shared"
        " on conflict do nothing",
    )
    run(connection, "drop table links, who, renamed")


def tell_doubtful(connection: Connection, decisions: Decisions, newest: int) -> None:
    """Tell of customers new since the id `newest` who may be somebody known; in large shops only a tool looks."""
    few = "select count(*) < :most from (select from customers limit :most) few"
    if count(connection, few, most=MOST_LOOKED_AT):
        for why, pairs in doubtful_since(connection, newest).items():
            said = f"Customers who have {why} stayed two: that alone does not tell that they are one person."
            decisions.add("people", said, rows=pairs, doubtful=True)


def _gather(connection: Connection, shapes: Sequence[str], links: Sequence[tuple[str, str]]) -> None:
    """Every name the load uses, and what goes with it, once each, into the table `links`."""
    parts = [
        f"select distinct customer as name, {kind_of('customer')} as kind, customer as value"  # noqa: S608
        f" from {SHAPES[name].staging} where customer is not null"
        for name in shapes
    ]
    parts += [
        f"select distinct customer, {_kind(column)}, {column} from {SHAPES[name].staging}"  # noqa: S608
        f" where customer is not null and {column} is not null"
        for name, column in links
    ]
    run(
        connection,
        "create temp table links on commit drop as select name, kind, value, false as shared"  # noqa: S608
        f" from ({' union '.join(parts)}) named",
    )
    run(connection, "analyze links")


def _kind(column: str) -> str:
    """SQL: the kind of identity in a column also_<kind>; also_vendor_<name> holds numbers of a vendor."""
    kind = column.removeprefix(ALSO)
    if kind == "alias":
        return kind_of(column)
    return f"'vendor:{kind.removeprefix('vendor_')}'" if kind.startswith("vendor_") else f"'{kind}'"


def _leave_shared(connection: Connection, decisions: Decisions) -> None:
    """An address that many numbers share names none of them."""
    shared = run(
        connection,
        "update links l set shared = true from (select kind, value from links where kind <> 'id'"
        " group by kind, value having count(*) filter (where value <> name) > :many) s"
        " where l.kind = s.kind and l.value = s.value and l.value <> l.name",
        many=MANY_SHARE,
    )
    if shared:
        decisions.add(
            "people",
            f"What more than {MANY_SHARE} customer numbers share (an address, a card) was taken for nobody's own:"
            " they stay customers of their own.",
            rows=shared,
            doubtful=True,
        )


def _find_owners(connection: Connection) -> None:
    """The customers that names and what goes with them belong to already, into the table `owners`.

    A telephone number belongs to somebody only where it is all that is known of the name.
    """
    run(
        connection,
        "create temp table owners on commit drop as"
        " select distinct l.name, l.kind, l.value, o.customer_id from links l"
        " left join identities i on i.kind = l.kind and i.value = l.value"
        " left join customers c on c.external_id = l.value and l.kind not like 'vendor:%'"
        " cross join lateral (values (i.customer_id), (c.id)) as o (customer_id)"
        " where not l.shared and (l.kind <> 'phone' or l.value = l.name)"
        " and (o.customer_id is not null or coalesce(i.customer_id, c.id) is null)",
    )
    run(connection, "analyze owners")


def _settle(connection: Connection, decisions: Decisions, source: str, at: datetime) -> tuple[int, dict[str, int]]:
    """Whose each name is, into the table `who`: most are settled at once, what hangs together is looked at closely."""
    run(
        connection,
        "create temp table tangled on commit drop as"
        " select name from owners group by name having count(distinct customer_id) > 1 union"
        " select name from owners where (kind, value) in"
        " (select kind, value from owners group by kind, value having count(distinct name) > 1)",
    )
    run(
        connection,
        "create temp table who on commit drop as select name, min(customer_id) as customer_id, name as called"
        " from owners o where not exists (select from tangled t where t.name = o.name) group by name",
    )
    if not count(connection, "select count(*) from tangled"):
        run(connection, "drop table owners, tangled")
        return 0, {}
    found = _Settled()
    apart = _parted(connection)
    for group in _groups(connection):
        _put(group, apart, found)
    run(connection, "drop table owners, tangled")
    moved = _write(connection, found, source, at)
    found.tell(decisions)
    return len(found.uniting), moved


@dataclass(slots=True)
class _Settled:
    """What became of names that hang together: whose each is, who is one, how many stay apart by a person's word."""

    who: list[dict[str, object]] = field(default_factory=list)
    uniting: list[dict[str, object]] = field(default_factory=list)
    rules: Counter[str] = field(default_factory=Counter)
    apart: int = 0

    def tell(self, decisions: Decisions) -> None:
        for rule, merged in sorted(self.rules.items()):
            decisions.add(
                "people",
                f"Customers who were two and have the same {rule} became one each: what either did counts for one.",
                rows=merged,
            )
        if self.apart:
            said = "Customers whom a person has parted share an address still, and stay two."
            decisions.add("people", said, rows=self.apart)


def _write(connection: Connection, found: _Settled, source: str, at: datetime) -> dict[str, int]:
    """Names into `who`; customers that are one are made one. Rows moved, by table."""
    connection.execute(text("insert into who values (:name, :id, :called)"), found.who)
    if not found.uniting:
        return {}
    run(connection, "create temp table uniting (gone bigint, kept bigint, rule text, evidence text) on commit drop")
    connection.execute(text("insert into uniting values (:gone, :kept, :rule, :evidence)"), found.uniting)
    # names settled at once may belong to somebody who goes now
    run(connection, "update who w set customer_id = u.kept from uniting u where w.customer_id = u.gone")
    moved = unite(connection, source, at)
    run(connection, "insert into touched select kept from uniting")
    run(connection, "drop table uniting")
    return moved


@dataclass(slots=True)
class _Group:
    """Names, and customers, that hang together: who owns each, and what ties them."""

    names: dict[str, int | None] = field(default_factory=dict)
    owners: dict[int, tuple[str, str]] = field(default_factory=dict)


def _groups(connection: Connection) -> list[_Group]:
    """What hangs together: names joined by equal identities, and by the customers those belong to."""
    rows = connection.execute(
        text("select o.name, o.kind, o.value, o.customer_id from owners o join tangled t using (name) order by 1, 2, 3")
    ).all()
    parent: dict[object, object] = {}

    def root(node: object) -> object:
        while (above := parent.setdefault(node, node)) != node:
            parent[node] = parent[above]
            node = parent[node]
        return node

    for name, kind, value, owner in rows:
        parent[root(("name", name))] = root((kind, value))
        if owner is not None:
            parent[root((kind, value))] = root(owner)
    groups: dict[object, _Group] = {}
    for name, kind, value, owner in rows:
        group = groups.setdefault(root(("name", name)), _Group())
        group.names.setdefault(name, None)
        if value == name:
            group.names[name] = owner
        if owner is not None:
            group.owners.setdefault(owner, (kind, value))
    return list(groups.values())


def _parted(connection: Connection) -> set[frozenset[int]]:
    """Pairs of customers whom a person has parted."""
    rows = connection.execute(text("select kept, gone from customer_merges where parted_at is not null"))
    return {frozenset(pair) for pair in rows}


def _put(group: _Group, apart: set[frozenset[int]], found: _Settled) -> None:
    """Settle a group: all of it is one person, unless a person has said otherwise."""
    owners = sorted(group.owners)
    if any(frozenset((a, b)) in apart for a in owners for b in owners):
        found.apart += 1
        found.who += [{"name": n, "id": own or owners[0], "called": n} for n, own in group.names.items()]
        return
    called = min(group.names, key=lambda name: (_rank(name), len(name), name))
    kept = owners[0] if owners else None
    found.who += [{"name": name, "id": kept, "called": called} for name in group.names]
    for owner in owners[1:]:
        kind, value = group.owners[owner]
        found.rules[_rule(kind)] += 1
        found.uniting.append({"gone": owner, "kept": kept, "rule": _rule(kind), "evidence": f"{_rule(kind)} {value}"})


def _rule(kind: str) -> str:
    return _RULES.get(kind) or f"{kind.removeprefix('vendor:').capitalize()} number"


def _rank(name: str) -> int:
    """Numbers before addresses before telephones, as what a customer is called."""
    return 2 if "@" in name else 3 if name.startswith(("+", "phone:")) else 1


def _call_by_number(connection: Connection) -> None:
    """Customers known by an address are called by their number once it is known; the address still names them."""
    run(
        connection,
        "create temp table numbered on commit drop as select c.id, c.external_id as before, min(w.name) as number"  # noqa: S608
        f" from who w join customers c on c.id = w.customer_id where {kind_of('w.name')} = 'id'"
        f" and {kind_of('c.external_id')} <> 'id' group by c.id, c.external_id",
    )
    if count(connection, "select count(*) from numbered"):
        run(connection, "update customers c set external_id = n.number from numbered n where c.id = n.id")
        run(
            connection,
            "delete from identities i using numbered n where i.kind = 'id' and i.value = n.number",
        )
        run(
            connection,
            "insert into identities (org_id, kind, value, customer_id)"  # noqa: S608
            f" select {OWN_ORG}, {kind_of('before')}, before, id from numbered on conflict do nothing",
        )
    run(connection, "drop table numbered")


def _rename(connection: Connection, staging: Staging, name: str) -> None:
    """The names of a staged shape by external ids."""
    shape = SHAPES[name].staging
    if run(connection, f"update {shape} s set customer = r.external_id from renamed r where s.customer = r.name"):  # noqa: S608
        staging.forget_people(name)
