"""One customer, and everything they go by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

__all__ = ["Candidate", "Person", "candidates", "person"]

_FOUND = """
    select c.id, c.external_id, c.name, c.city, min(p.address) filter (where p.kind = 'email') as email
    from customers c left join contact_points p on p.customer_id = c.id
    where {0} group by c.id, c.external_id, c.name, c.city order by c.id limit :limit
"""
_BY = (
    "c.external_id = :who",
    "c.id in (select customer_id from contact_points where lower(trim(address)) = lower(:who)"
    " or (kind = 'phone' and regexp_replace(address, '[^0-9]', '', 'g') ="
    " nullif(regexp_replace(:who, '[^0-9]|^[^0-9+]*[A-Za-z@].*$', '', 'g'), ''))"
    " union select customer_id from identities where value in (:who, lower(:who)))",
    "lower(c.name) = lower(:who)",
    "c.name ilike '%' || :like || '%'",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer who may be meant."""

    id: int
    external_id: str
    name: str | None
    city: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """A customer with everything they go by: numbers, addresses by kind, names of vendors, names, and places.

    `vendors` are such as vendor:stripe|cus_1. `own` addresses and numbers are nobody else's.
    """

    id: int
    external_id: str
    names: tuple[str, ...]
    cities: tuple[str, ...]
    numbers: tuple[str, ...]
    vendors: tuple[str, ...]
    addresses: tuple[tuple[str, str], ...]
    shared: frozenset[str]

    @property
    def marks(self) -> frozenset[str]:
        """What rows of files are known by that are about them, and nobody else."""
        emails = {address for kind, address in self.addresses if kind == "email"}
        known = {name.lower() for name in (*self.numbers, *emails)} - self.shared
        return frozenset(known | {vendor.lower() for vendor in self.vendors})

    @property
    def own_addresses(self) -> tuple[tuple[str, str], ...]:
        """Kinds and addresses that no other customer has."""
        return tuple((kind, a) for kind, a in self.addresses if a.lower() not in self.shared)

    def is_meant(self, name: str) -> bool:
        """Whether a row of a file that goes by `name` is about them."""
        return name.strip().lower() in self.marks


def candidates(connection: Connection, who: str, limit: int = 20) -> Sequence[Candidate]:
    """Customers who are meant by a number, else an address, else a name, else a part of a name."""
    like = who.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    for condition in _BY:
        rows = connection.execute(text(_FOUND.format(condition)), {"who": who.strip(), "like": like, "limit": limit})
        if found := [Candidate(*row) for row in rows]:
            return found
    return []


def person(connection: Connection, customer: int) -> Person | None:
    """The customer of that internal id; None where there is none (any more)."""
    told = connection.execute(text("select external_id, name, city from customers where id = :id"), {"id": customer})
    row = told.one_or_none()
    if row is None:
        return None
    merged = connection.execute(
        text("select moved #>> '{customer,external_id}', gone_name, moved #>> '{customer,name}',"
             " moved #>> '{before,external_id}', moved #>> '{before,name}' from customer_merges"
             " where (kept = :id or gone = :id) and parted_at is null"),
        {"id": customer},
    ).all()  # fmt: skip
    known = connection.execute(
        text("select kind, value from identities where customer_id = :id"), {"id": customer}
    ).all()
    reached = connection.execute(
        text("select kind, trim(address) from contact_points where customer_id = :id"), {"id": customer}
    ).all()
    cities = {row.city, *connection.execute(
        text("select distinct city from orders where customer_id = :id"), {"id": customer}
    ).scalars()}  # fmt: skip
    numbers = {row.external_id, *(m[n] for m in merged for n in (0, 1, 3)), *(v for k, v in known if ":" not in k)}
    addresses = {(kind, address) for kind, address in reached} | {(k, v) for k, v in known if k in ("email", "phone")}
    addresses |= {("email", n) for n in numbers if n and "@" in n}
    addresses |= {("phone", n) for n in numbers if n and n.startswith(("+", "phone:"))}
    vendors = {f"{kind}|{value}" for kind, value in known if ":" in kind}
    names = {row.name, *(m[n] for m in merged for n in (2, 4))}
    return Person(
        customer,
        row.external_id,
        tuple(sorted(name for name in names if name)),
        tuple(sorted(set(cities) - {None})),
        tuple(sorted(number for number in numbers if number)),
        tuple(sorted(vendors)),
        tuple(sorted(addresses)),
        _shared(connection, customer, {address for _kind, address in addresses} | {n for n in numbers if n}),
    )


def _shared(connection: Connection, customer: int, known: set[str]) -> frozenset[str]:
    """Those that another customer goes by as well, in small letters."""
    rows = connection.execute(
        text("select lower(trim(address)) from contact_points where customer_id <> :id"
             " and lower(trim(address)) = any(:known) union select lower(external_id) from customers"
             " where id <> :id and lower(external_id) = any(:known)"),
        {"id": customer, "known": sorted({name.lower() for name in known})},
    )  # fmt: skip
    return frozenset(rows.scalars())
