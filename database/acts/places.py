"""Dimensions of orders and events in columns: the value of each row, as numbers and what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, text

from database.acts.columns import Columns, Ints, Kind

__all__ = ["PLACES", "Cut"]


@dataclass(frozen=True, slots=True)
class Cut:
    """Each row's value by its place in `values`."""

    code: Ints
    values: Sequence[str | None]


Place = Callable[[Connection, Columns, slice], Cut]


def _of_kinds(columns: Columns, part: slice, value: Callable[[Kind], str | None]) -> Cut:
    values = [value(kind) for kind in columns.kinds]
    distinct = list(dict.fromkeys(values))
    return Cut(_places(values, distinct)[columns.kind[part]], distinct)


def _places(values: Sequence[str | None], among: Sequence[str | None]) -> Ints:
    place = {value: number for number, value in enumerate(among)}
    return np.array([place[value] for value in values], np.int64)


def _said(name: str) -> Place:
    def place(_connection: Connection, columns: Columns, part: slice) -> Cut:
        if ("said", name) not in columns.made:
            values = [getattr(kind, name) for kind in columns.kinds]
            distinct = list(dict.fromkeys(values))
            columns.made["said", name] = Cut(_places(values, distinct), distinct)
        cut: Cut = columns.made["said", name]
        return Cut(cut.code[columns.kind[part]], cut.values)

    return place


def _known(_connection: Connection, columns: Columns, part: slice) -> Cut:
    return Cut((columns.who[part] < 0).astype(np.int64), ["known", "anonymous"])


def _customer_type(_connection: Connection, columns: Columns, part: slice) -> Cut:
    code = np.where(columns.who[part] < 0, 2, np.where(columns.opening[part], 0, 1))
    return Cut(code, ["new", "returning", "unknown"])


def _currency(connection: Connection, columns: Columns, part: slice) -> Cut:
    own = connection.execute(text("select nullif(currency, '') from organisations")).scalar_one()
    return _of_kinds(columns, part, lambda kind: kind.currency or own)


def _campaign(connection: Connection, columns: Columns, part: slice) -> Cut:
    found = connection.execute(text("select campaign_id, name from campaigns"))
    names: dict[str | None, str] = {row.campaign_id: row.name for row in found}
    return _of_kinds(columns, part, lambda kind: names.get(kind.campaign_id, kind.campaign_id))


def _of_customers(connection: Connection, columns: Columns, part: slice, sql: str) -> Cut:
    """What is known of the customers: `sql` gives a value and the ids it is true of, packed."""
    values: list[str | None] = [None]
    code = np.zeros(len(columns.customers) + 1, np.int64)  # nobody's is the last
    for value, packed in connection.execute(text(sql)):
        ids = np.frombuffer(packed, ">i8").astype(np.int64)
        place = np.searchsorted(columns.customers, ids)
        there = place < len(columns.customers)
        place, ids = place[there], ids[there]
        code[place[columns.customers[place] == ids]] = len(values)
        values.append(value)
    return Cut(code[columns.who[part]], values)


def _rfm(connection: Connection, columns: Columns, part: slice) -> Cut:
    sql = "select segment, string_agg(int8send(customer_id), '') from rfm_scores group by 1 order by 1"
    return _of_customers(connection, columns, part, sql)


def _else_of_customer(name: str) -> Place:
    """What the order says, else the customer."""

    def place(connection: Connection, columns: Columns, part: slice) -> Cut:
        told = _said(name)(connection, columns, part)
        if None not in told.values:
            return told
        sql = f"select {name}, string_agg(int8send(id), '') from customers where {name} is not null group by 1"  # noqa: S608
        own = _of_customers(connection, columns, part, sql)
        values = list(dict.fromkeys([*told.values, *own.values]))
        first, second = (_places(cut.values, values)[cut.code] for cut in (told, own))
        return Cut(np.where(first == values.index(None), second, first), values)

    return place


PLACES: Mapping[str, Mapping[str, Place]] = {
    "orders": {
        "country": _else_of_customer("country"),
        "city": _else_of_customer("city"),
        "channel": _said("channel"),
        "kind": _said("kind"),
        "currency": _currency,
        "rfm_segment": _rfm,
        "customer_type": _customer_type,
        "known_customer": _known,
    },
    "events": {"event_kind": _said("kind"), "campaign": _campaign, "known_customer": _known, "rfm_segment": _rfm},
}
