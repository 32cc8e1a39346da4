"""What is known of customers, at the instant it is true for: rules made ready, or refused when nothing was computed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from core.calendar import Calendar
from core.errors import FixArguments, NoSuchData
from core.event_kinds import EVENT_KINDS
from database.queries import (
    coverage,
    customers,
    groupings,
    metrics,
    model_runs,
    organisations,
    purchases,
    segments,
)
from database.queries.segments import RuleField
from tools.audience.fields import SCORE_WORDS, rule_fields
from tools.audience.names import find
from tools.audience.rule import Rule
from tools.results import Evidence

if TYPE_CHECKING:
    import polars as pl

    from database.mirror.mirror import Mirror

__all__ = ["Facts", "rule_of_segment"]

SHOWN = 10  # names of products or categories listed at most
_FAMILIES = ("email_", "sms_")


@dataclass(frozen=True, slots=True)
class Facts:
    """The customers of an organisation: `as_of` is the instant their features are true for."""

    connection: Connection
    profile: organisations.Profile
    as_of: datetime
    data_as_of: datetime
    scores: frozenset[str]

    @classmethod
    def about(cls, connection: Connection, now: datetime) -> Facts:
        """Read the organisation's labels, instants and which scores it has."""
        reference = coverage.reference_instant(connection, now)
        return cls(
            connection,
            organisations.profile(connection),
            customers.features_as_of(connection) or reference,
            reference,
            frozenset(metrics.scored(connection)),
        )

    @property
    def calendar(self) -> Calendar:
        """Days as the organisation counts them."""
        return Calendar(self.profile.time_zone)

    @property
    def has_orders(self) -> bool:
        """Whether any order has been loaded; without one nothing is known of what people bought."""
        return bool(coverage.rows(self.connection, "orders"))

    def where(self, rule: Rule | None) -> tuple[str, dict[str, Any]]:
        """The rule as a condition on `customer_facts f` with its bound values; None picks everybody.

        FixArguments names what is wrong in the rule; NoSuchData says what has not been computed or loaded.
        """
        if rule is None:
            return segments.EVERYBODY, {}
        tree = rule.plain()
        names = segments.fields_of(tree)
        fields = self._with_groups(names)
        compiled = segments.compile_rule(tree, fields, as_of=self.as_of, time_zone=self.profile.time_zone)
        self.require(names)
        self._require_events(segments.event_kinds(tree))
        self._require_purchases(tree)
        return compiled

    def size(self, rule: Rule, mirror: Mirror | None = None) -> segments.Size:
        """Size and value of the customers a rule picks; from `mirror` (see Context.mirror) where that can tell."""
        condition, values = self.where(rule)
        if mirror is not None and (picked := self._picked(rule, mirror)) is not None:
            from database.mirror import answers

            return answers.size(mirror.frame, picked)
        return segments.size(self.connection, condition, values)

    def find(self, rule: Rule | None, mirror: Mirror | None, **how: Any) -> customers.Found:
        """A page of the customers a rule picks; `how` as customers.find takes it, `mirror` as `size` does."""
        condition, values = self.where(rule)
        if mirror is not None and (picked := self._picked(rule, mirror)) is not None:
            from database.mirror import answers

            if (found := answers.find(mirror.frame, picked, **how)) is not None:
                return found
        return customers.find(self.connection, condition, values, **how)

    def _picked(self, rule: Rule | None, mirror: Mirror) -> pl.Series | None:
        from database.mirror.expression import mask_of

        tree = rule.plain() if rule else {"all": []}
        return mask_of(tree, rule_fields(), mirror, as_of=self.as_of, time_zone=self.profile.time_zone)

    def _with_groups(self, names: set[str]) -> dict[str, RuleField]:
        """The fields, those of found groups with the names there are (so that a wrong one is refused)."""
        fields = rule_fields()
        if names.isdisjoint(groupings.KINDS.values()):
            return fields
        runs = groupings.latest(self.connection)
        found = {
            column: replace(fields[column], values=tuple(group["name"] for group in runs[kind].groups))
            for kind, column in groupings.KINDS.items()
            if kind in runs
        }
        return fields | found

    def fields(self, names: Iterable[str]) -> list[RuleField]:
        """The fields of those names, computed; FixArguments for one that does not exist."""
        found = [segments.look_up(rule_fields(), name) for name in dict.fromkeys(names)]
        self.require(f.name for f in found)
        return found

    def has(self, name: str) -> bool:
        """True when the score the field of that name comes from has been computed."""
        return rule_fields()[name].score in (None, *self.scores)

    def require(self, names: Iterable[str]) -> None:
        """NoSuchData unless the score each field comes from has been computed."""
        known = rule_fields()
        wanted = {score for name in names if (score := known[name].score)}
        for score in sorted(wanted - self.scores):
            if not self.has_orders:
                words = f"There are no {SCORE_WORDS[score]}: no orders have been loaded, and they are made of these."
                raise NoSuchData(words, field="rule")
            run = model_runs.latest(self.connection, score)
            if run is not None and run.reason:
                raise NoSuchData(f"There are no {SCORE_WORDS[score]}: {run.reason}", field="rule")
            words = (
                f"There are no {SCORE_WORDS[score]} yet: they are computed in the minutes after an import, or when "
                f"somebody asks to recompute the {'clusters' if score == 'groups' else 'scores'}."
            )
            raise NoSuchData(words, field="rule")

    def evidence(self, rows: int, sources: Iterable[str], definitions: Iterable[str] = ()) -> Evidence:
        """Evidence of figures about customers; says so when the scores are older than the data."""
        said = list(definitions)
        if "features" in self.scores and self.as_of < self.data_as_of:
            scored, reached = map(self.calendar.last_day, (self.as_of, self.data_as_of))
            said.append(f"Scores are of {scored}; the data reach {reached}.")
        return Evidence(rows=rows, as_of=self.as_of, sources=list(sources), definitions=said)

    def definitions_of(self, names: Iterable[str]) -> list[str]:
        """What each field means, one sentence each."""
        known = rule_fields()
        return [f"{name} ({known[name].unit}): {known[name].meaning}" for name in dict.fromkeys(names)]

    def definitions_of_rule(self, rule: Rule | None) -> list[str]:
        """What each field of a rule means, and which products its words stand for."""
        if rule is None:
            return []
        tree = rule.plain()
        said = self.definitions_of(sorted(segments.fields_of(tree)))
        for product in dict.fromkeys(p["product"] for p in segments.purchases_of(tree) if p.get("product")):
            names, count = purchases.matching_products(self.connection, product, limit=SHOWN)
            more = f" and {count - len(names):,} more" if count > len(names) else ""
            said.append(f"product '{product}' stands for {', '.join(names)}{more}.")
        return said

    def _require_purchases(self, tree: dict[str, Any]) -> None:
        """NoSuchData where a product, category or channel is asked for that nobody can have bought."""
        goods = [p for p in segments.purchases_of(tree) if p.get("product") or p.get("category")]
        self._require_channels(tree)
        if goods and not coverage.rows(self.connection, "order_items"):
            raise NoSuchData("No order lines have been loaded, so it is not known who bought what.", field="product")
        for product in dict.fromkeys(p["product"] for p in goods if p.get("product")):
            if not purchases.matching_products(self.connection, product, limit=1)[1]:
                near = purchases.nearest_products(self.connection, product)
                raise NoSuchData(f"No product is called '{product}'.", field="product", valid=near)
        for category in dict.fromkeys(p["category"] for p in goods if p.get("category")):
            known = purchases.categories(self.connection)
            if category.lower() not in {name.lower() for name in known}:
                raise NoSuchData(f"No product has the category '{category}'.", field="category", valid=known[:SHOWN])

    def _require_channels(self, tree: dict[str, Any]) -> None:
        named = [p["channel"] for p in segments.purchases_of(tree) if p.get("channel")]
        each = [channel for one in named for channel in (one if isinstance(one, list) else [one])]
        for channel in dict.fromkeys(each):
            known = purchases.channels(self.connection)
            if channel.lower() not in {name.lower() for name in known}:
                raise NoSuchData(f"No order came through '{channel}'.", field="channel", valid=known[:SHOWN])

    def _require_events(self, kinds: set[str]) -> None:
        for kind in sorted(kinds):
            if kind not in EVENT_KINDS:
                raise FixArguments(f"There is no kind of event '{kind}'.", field="event", valid=EVENT_KINDS)
            family = _family(kind)
            if not segments.has_events(self.connection, family):
                raise NoSuchData(
                    f"No events of the kinds {', '.join(family)} have been loaded, so nobody can be said to have "
                    f"done or not done '{kind}'.",
                    field="event",
                )


def _family(kind: str) -> list[str]:
    """The kinds that are loaded together: without any of them, 'did not open' would hold for everybody."""
    prefix = next((p for p in _FAMILIES if kind.startswith(p)), None)
    if prefix:
        return [k for k in EVENT_KINDS if k.startswith(prefix)]
    return [k for k in EVENT_KINDS if not k.startswith(_FAMILIES)]


def rule_of_segment(connection: Connection, name: str) -> Rule:
    """The rule of the segment of that name, of whatever kind; NotFound lists the names there are."""
    return Rule.model_validate(find(connection, name).rule)
