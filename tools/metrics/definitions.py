"""What the terms of an answer mean, its formulas, and what is particular about its period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from database.semantic.buckets import bucket_count
from database.semantic.columns import ratio_name
from database.semantic.dimensions import DIMENSIONS
from database.semantic.metrics import METRICS
from database.semantic.model import Source, Span
from database.semantic.question import Question
from database.time_buckets import first_day

__all__ = ["CUT", "buckets_of", "definitions"]

CUT = "The data cover only part"
"""How the sentence begins that says so: answers repeat it."""

_COMPARED = {"gt": "above", "ge": "of at least", "lt": "below", "le": "of at most"}


def definitions(question: Question, sources: Mapping[str, Source]) -> list[str]:
    """One sentence a term."""
    said = [f"{name}: {METRICS[name].meaning}" for name in question.metrics]
    said += [f"{name}: {DIMENSIONS[name].meaning} Null: not known." for name in question.dimensions]
    said.append(f"Period: {question.start} to {question.end}, days of {question.time_zone}, both included.")
    said += [*_shares(question, sources), *_before(question), *_per(question, sources)]
    said += [*_others(question), *_partly(question)]
    return said


def buckets_of(question: Question, sources: Mapping[str, Source]) -> int:
    """How many buckets `per` counts for the first metric, where there is no grain; else 0."""
    if question.per == "none" or question.grain != "none" or question.only_active:
        return 0
    span = _covered(question, sources[question.metrics[0]])
    return bucket_count(question, span.start, span.end)


def _shares(question: Question, sources: Mapping[str, Source]) -> Iterator[str]:
    if not question.share:
        return
    if question.dimensions:
        whole = f"that of every {' and '.join(question.dimensions)} together, not added up from rows"
    elif question.filters:
        kept = " and ".join(question.share_within)
        whole = "the same without the filters" + (f" but those on {kept}" if kept else "")
    else:
        whole = "that of the whole period"
    if question.share_span is not None:
        whole += f", from {question.share_span.start} to {question.share_span.end}"
    bucket = (
        f" in the same {question.grain}"
        if question.grain != "none" and question.keys[1:] + [f.dimension for f in question.filters]
        else ""
    )
    for name in question.metrics:
        yield f"{name}_share: {name} over {whole}{bucket}."
        if question.dimensions and not METRICS[name].adds_up(sources[name].name):
            yield f"Rows of {name} overlap: their shares may add up to more than 1."


def _before(question: Question) -> Iterator[str]:
    if question.before is not None:
        aligned = " Time buckets meet by their position." if question.grain != "none" else ""
        yield (
            f"before: the same from {question.before.start} to {question.before.end}. change: now less before, of "
            f"shares in percentage points. growth: change over before; null where before is not above 0.{aligned}"
        )


def _per(question: Question, sources: Mapping[str, Source]) -> Iterator[str]:
    if question.per == "none":
        return
    for name in question.metrics:
        span = _covered(question, sources[name])
        what = "total over buckets" if question.statistic == "mean" and METRICS[name].is_count else question.statistic
        zero = METRICS[name].is_count and not question.only_active
        empty = "buckets without rows count as 0" if zero else "buckets without a figure do not count"
        within = f" of each {question.grain}" if question.grain != "none" else ""
        yield (
            f"{name}_per_{question.per}: {what} of the calendar {question.per}s{within} from {span.start} to "
            f"{span.end} ({bucket_count(question, span.start, span.end)}); {empty}.{_incomplete(question, span)}"
        )


def _incomplete(question: Question, span: Span) -> str:
    after = span.end.toordinal() + 1
    first = first_day(question.per, span.start, question.week_start) != span.start
    ends = (first_day(question.per, day, question.week_start) for day in (span.end, date.fromordinal(after)))
    last = len(set(ends)) == 1
    which = " and the ".join([name for name, is_so in (("first", first), ("last", last)) if is_so])
    return f" The {which} {question.per} is incomplete and counts as one." if which else ""


def _others(question: Question) -> Iterator[str]:
    if question.ratio:
        yield f"{ratio_name(question)}: {question.metrics[0]} over {question.metrics[1]}."
    if question.cumulative:
        for name in question.metrics:
            yield f"{name}_running: {name} from {question.start} to the end of each {question.grain}."
    if question.steps:
        yield f"before: the {question.grain} before that. change: now less before. growth: change over before."
    for condition in question.having:
        bound = f"{_COMPARED[condition.operator]} {condition.value:,.10g}"
        yield f"Only rows with {condition.metric} {bound}; totals hold all."
    if question.best_per is not None:
        way = "highest" if question.descending else "lowest"
        rows = f"row with the {way}" if question.best_of == 1 else f"{question.best_of} rows with the {way}"
        yield f"Of each {question.best_per} only the {rows} {question.metrics[0]}."


def _partly(question: Question) -> Iterator[str]:
    tables: dict[Span, list[str]] = {}
    for table, span in question.covered.items():
        tables.setdefault(span, []).append(table)
    before = question.before
    for span, named in tables.items():
        told = f"{' and '.join(named)} {span.start} to {span.end}."
        if question.start < span.start or question.end > span.end:
            yield f"{CUT} of the period: {told}"
        if before is not None and (before.start < span.start or before.end > span.end):
            yield f"{CUT} of the period before: {told}"


def _covered(question: Question, source: Source) -> Span:
    span = question.covered[source.table]
    return Span(max(span.start, question.start), min(span.end, question.end))
