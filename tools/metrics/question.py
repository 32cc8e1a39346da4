"""A question about figures as it is asked, made ready for the semantic layer, or refused with what would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from core.calendar import Calendar
from core.errors import FixArguments, NoSuchData
from database.queries import coverage, metrics, organisations
from database.semantic.dimensions import DIMENSIONS
from database.semantic.metrics import METRICS
from database.semantic.model import Source, Span
from database.semantic.question import Filter, Having, Question, choose_sources
from tools.audience.facts import Facts
from tools.metrics.arguments import QueryMetricsArguments
from tools.metrics.values import check_values

__all__ = ["Asking"]


@dataclass(frozen=True, slots=True)
class Asking:
    """A question with what is needed to check it: the organisation, what is loaded, the end of its data."""

    connection: Connection
    arguments: QueryMetricsArguments
    profile: organisations.Profile
    as_of: datetime
    loaded: Mapping[str, metrics.Covered]
    facts: Facts

    @classmethod
    def about(cls, connection: Connection, now: datetime, arguments: QueryMetricsArguments) -> Asking:
        """Read what has to be known before the question can be put."""
        return cls(
            connection,
            arguments,
            organisations.profile(connection),
            coverage.reference_instant(connection, now),
            metrics.covered(connection),
            Facts.about(connection, now),
        )

    @property
    def running_day(self) -> date | None:
        """The last day of the data, where it is not over yet."""
        return Calendar(self.profile.time_zone).running_day(self.as_of)

    def sources(self) -> dict[str, Source]:
        """The source of each metric; NoSuchData where the organisation has none of the rows a metric needs."""
        probe = self._probe(Span(date.min, date.max))
        chosen = choose_sources(probe, self.loaded)
        has = metrics.available(self.connection, self.loaded, chosen)
        for name, source in chosen.items():
            if source.table not in self.loaded or not has[name]:
                every = metrics.available(self.connection, self.loaded)
                raise NoSuchData(
                    self._missing(name, source), field="metrics", valid=[m for m, ok in every.items() if ok]
                )
        for asked in probe.filters:
            if (table := DIMENSIONS[asked.dimension].table) and table not in self.loaded:
                raise NoSuchData(f"What is in an order is not known: no {table} have been loaded.", field="filters")
        check_values(self.connection, probe.filters, _different(chosen), self.profile.time_zone)
        return chosen

    def question(self, sources: Mapping[str, Source]) -> Question:
        """The question with its periods filled in; NoSuchData when one lies outside the data."""
        covered = {source.table: self._span(source) for source in _different(sources)}
        return self._probe(self._period(covered), self._before(covered), covered)

    def refuse_empty(self, found: metrics.Answer, sources: Mapping[str, Source]) -> None:
        """NoSuchData when a dimension asked for has no known value in any row of the answer."""
        offset = 1 if self.arguments.grain != "none" else 0
        for position, name in enumerate(self.arguments.dimensions):
            if found.rows and all(row[offset + position] is None for row in found.rows):
                tables = ", ".join(sorted({s.table for s in sources.values()}))
                raise NoSuchData(f"No row of {tables} says its {name}: there is nothing to cut by.", field="dimensions")

    def _probe(self, span: Span, before: Span | None = None, covered: Mapping[str, Span] | None = None) -> Question:
        asked = self.arguments
        who, values = self.facts.where(asked.rule) if asked.rule else ("", {})
        return Question(
            metrics=tuple(dict.fromkeys(asked.metrics)),
            dimensions=tuple(dict.fromkeys(asked.dimensions)),
            filters=[Filter(f.dimension, f.operator, f.value) for f in asked.filters],
            having=[Having(h.metric, h.operator, h.value) for h in asked.having],
            grain=asked.grain,
            start=span.start,
            end=span.end,
            time_zone=self.profile.time_zone,
            order_by=asked.order_by,
            descending=asked.descending,
            limit=asked.limit,
            share=asked.share,
            share_within=asked.share_within,
            share_span=self._whole(covered),
            before=before,
            per=asked.per,
            statistic=asked.statistic or "mean",
            only_active=asked.only_active,
            cumulative=asked.cumulative,
            ratio=asked.ratio,
            best_per=asked.best_per,
            best_of=asked.best_of,
            steps=asked.steps,
            position=asked.position,
            covered=covered or {},
            of_customers=who,
            customer_values=values,
            week_start=self.profile.conventions.week_start,
        )

    def _whole(self, covered: Mapping[str, Span] | None) -> Span | None:
        """The days that a share is of, where they are said."""
        start, end = self.arguments.whole_start, self.arguments.whole_end
        if start is None and end is None:
            return None
        known = [] if covered is None else list(covered.values())
        start = start or min((span.start for span in known), default=date.min)
        end = end or max((span.end for span in known), default=date.max)
        if start > end:
            raise FixArguments(f"whole_start {start} is after whole_end {end}.", field="whole_start")
        return Span(start, end)

    def refuse_unknown(self, question: Question, found: metrics.Answer) -> None:
        """NoSuchData for one figure that is not known because part of what it needs was never told."""
        if question.keys or not found.rows or not found.evidence_rows:
            return
        for figure, value in zip(found.figures, found.rows[0], strict=True):
            metric = METRICS[figure.metric]
            if value is None and metric.lacking and figure.name == metric.name:
                raise NoSuchData(f"{metric.heading} cannot be told: {metric.lacking}.", field="metrics")

    def _missing(self, name: str, source: Source) -> str:
        if source.table in self.loaded and METRICS[name].lacking:
            return f"{METRICS[name].heading} cannot be told: {METRICS[name].lacking}."
        if source.table in self.loaded:
            return f"There is no data for {name}: {source.table} holds none of the rows it needs."
        return f"There is no data for {name}: no {source.table} have been loaded."

    def _period(self, covered: Mapping[str, Span]) -> Span:
        start, end = self.arguments.start, self.arguments.end
        if start and end and start > end:
            raise FixArguments(f"start {start} is after end {end}.", field="start")
        _refuse_outside(covered, start, end, "There is no such data", "start")
        return Span(
            start or min(span.start for span in covered.values()), end or max(span.end for span in covered.values())
        )

    def _before(self, covered: Mapping[str, Span]) -> Span | None:
        start, end = self.arguments.compare_start, self.arguments.compare_end
        if start is None and end is None:
            return None
        if start is None or end is None:
            raise FixArguments("A comparison needs compare_start and compare_end.", field="compare_start")
        if start > end:
            raise FixArguments(f"compare_start {start} is after compare_end {end}.", field="compare_start")
        _refuse_outside(covered, start, end, "There is nothing to compare with", "compare_start")
        return Span(start, end)

    def _span(self, source: Source) -> Span:
        calendar = Calendar(self.profile.time_zone)
        days = self.loaded[source.table].days(calendar) or metrics.local_span(
            self.connection, source, calendar.time_zone
        )
        if days is None:
            raise NoSuchData(f"There are no rows in {source.table}.", field="metrics")
        return Span(days[0], min(days[1], calendar.last_day(self.as_of)))


def _refuse_outside(covered: Mapping[str, Span], start: date | None, end: date | None, said: str, field: str) -> None:
    for table, span in covered.items():
        if (start and start > span.end) or (end and end < span.start):
            raise NoSuchData(
                f"{said}: {table} cover {span.start} to {span.end}, and nothing of "
                f"{start or span.start} to {end or span.end}.",
                field=field,
            )


def _different(sources: Mapping[str, Source]) -> list[Source]:
    return list({source.table: source for source in sources.values()}.values())
