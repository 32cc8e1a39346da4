"""Everybody a plan could be for: what suits whom and how well, who can be reached, and which offers there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from connectors.channels.discovery import channel_named
from core.errors import NoSuchData
from database.queries import offers, planning
from tools.audience.facts import Facts
from tools.campaigns.draft import reach_of
from tools.campaigns.types import TYPES
from tools.context import Context
from tools.offers.offer import frozen

if TYPE_CHECKING:
    import polars as pl

    from analytics.planning.fit import Limits

__all__ = ["Crowd", "crowd_of", "offers_by_type"]

NEEDED = ("orders_all", "overdue_ratio")
MOST_OFFERS = 200


@dataclass(frozen=True, eq=False)
class Crowd:
    """`people`, `strength` and `score` have a row for each customer, in one order; `reach` has customers by channel."""

    people: pl.DataFrame
    strength: pl.DataFrame
    score: pl.DataFrame
    limits: Limits
    rules: Mapping[str, Mapping[str, Any]]
    reach: Mapping[str, frozenset[int]]
    offers: Mapping[str, Mapping[str, Any]]
    facts: Facts

    @property
    def currency(self) -> str:
        """ISO 4217 code of money."""
        return self.facts.profile.currency


def crowd_of(context: Context, connection: Connection, channels: Sequence[str]) -> Crowd:
    """Read everybody; NoSuchData where nothing has been computed yet, FixArguments for a channel there is not."""
    from analytics.planning.fit import conditions, limits_of, scores, strengths

    facts = Facts.about(connection, context.now)
    facts.require(NEEDED)
    named = {name: channel_named(name) for name in channels}
    people = planning.everybody(context.database, context.identity.org_id)
    if not people.height:
        raise NoSuchData("Nothing is known of any customer yet: import orders, and their features are computed.")
    limits = limits_of(people)
    strength = strengths(people, limits)
    return Crowd(
        people=people,
        strength=strength,
        score=scores(people, strength),
        limits=limits,
        rules=conditions(limits),
        reach={name: frozenset(planning.reachable(connection, reach_of(one))) for name, one in named.items()},
        offers=offers_by_type(connection, facts.profile.currency, context),
        facts=facts,
    )


def offers_by_type(connection: Connection, currency: str, context: Context) -> dict[str, Mapping[str, Any]]:
    """The offer of each type that needs one: the newest that holds now, of the kind that goes best with it.

    The others give nothing by themselves: a person may put an offer on their card. A type without one is left out.
    """
    _total, rows = offers.listed(connection, withdrawn=False, limit=MOST_OFFERS)
    holding = [
        row
        for row in rows
        if (row.valid_from is None or row.valid_from <= context.now)
        and (row.valid_until is None or row.valid_until > context.now)
    ]
    found: dict[str, Mapping[str, Any]] = {}
    for kind, one in TYPES.items():
        if not one.needs_offer:
            continue
        fitting = [
            (one.offers.index(row.kind), place, row) for place, row in enumerate(holding) if row.kind in one.offers
        ]
        if fitting:
            found[kind] = frozen(min(fitting, key=lambda one: one[:2])[2], currency)
    return found
