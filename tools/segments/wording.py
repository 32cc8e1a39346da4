"""Segments in words: counted, saved, listed, one of them, exported, and what people change."""

from __future__ import annotations

from collections.abc import Iterable

from language.format import bullets, capital, count, day, money, percent, spaced
from tools.audience.size import SegmentSize
from tools.audience.wording import rule_words
from tools.declaration import answers
from tools.outcome import Outcome
from tools.segments.count import CountSegment, CountSegmentArguments, count_segment
from tools.segments.detail import Movement, SegmentDetail, SegmentDetailArguments, segment_detail
from tools.segments.export import ExportSegment, ExportSegmentArguments, export_segment
from tools.segments.groups import KIND_TITLES, GroupInfo, GroupingInfo, PlaybookInfo
from tools.segments.list import ListSegments, ListSegmentsArguments, RfmSegment, list_segments
from tools.segments.playbook import UpdatePlaybook, UpdatePlaybookArguments, update_playbook
from tools.segments.saved import (
    ArchiveSegment,
    ArchiveSegmentArguments,
    SaveSegment,
    SaveSegmentArguments,
    archive_segment,
    reactivate_segment,
    save_segment,
)

FOLLOWING = 2  # named after the first; the table has them all


@answers(count_segment)
def counted(outcome: Outcome[CountSegmentArguments, CountSegment]) -> str:
    """Size, share, value, risk, reach."""
    size, rule = outcome.result.segment, rule_words(outcome.arguments.rule.plain())
    among = outcome.arguments.among and rule_words(outcome.arguments.among.plain())
    of_them = f" of the {count(outcome.result.among or 0)} customers who meet: {among}" if among else ""
    if not size.customers:
        return f"**No customer**{of_them} matches: {rule}."
    lines = [_worth(size, outcome.currency)]
    if size.average_churn_90 is not None:
        lines.append(f"mean probability to leave within 90 days: {percent(size.average_churn_90)}")
    lines.append(f"{count(size.with_consent_email)} of them can be emailed (address and consent)")
    products = outcome.said("product '")  # which products the words of the rule stand for
    share = f"{percent(outcome.result.share_among or 0)}{of_them}" if among else f"{percent(size.share)} of all"
    people = f"{count(size.customers)} customer{'' if size.customers == 1 else 's'}"
    return f"**{people}**, {share}. Condition: {rule}.{products}\n\n{bullets(lines)}"


def _worth(size: SegmentSize, currency: str) -> str:
    words = f"revenue so far {money(size.revenue_all, currency)}, {money(size.average_value, currency)} each on average"
    if size.average_clv_12m is not None:
        words += f"; predicted {money(size.average_clv_12m, currency)} each over the next 12 months"
    return words


@answers(save_segment)
def saved(outcome: Outcome[SaveSegmentArguments, SaveSegment]) -> str:
    """What was saved."""
    segment = outcome.result.segment
    did = "Saved" if outcome.result.created else "Updated"
    words = rule_words(segment.rule)
    return f"**{did} the segment “{segment.name}”: {count(segment.size)} customers.** Condition: {words}."


@answers(archive_segment)
def archived(outcome: Outcome[ArchiveSegmentArguments, ArchiveSegment]) -> str:
    """What was put away."""
    segment = outcome.result.segment
    return f"**The segment “{segment.name}” is archived** ({count(segment.size)} customers). It can be reactivated."


@answers(reactivate_segment)
def reactivated(outcome: Outcome[ArchiveSegmentArguments, ArchiveSegment]) -> str:
    """What was brought back."""
    segment = outcome.result.segment
    words = rule_words(segment.rule)
    return f"**The segment “{segment.name}” is back: {count(segment.size)} customers.** Condition: {words}."


@answers(list_segments)
def listed(outcome: Outcome[ListSegmentsArguments, ListSegments]) -> str:
    """The one asked about, or all of them; with the figures to choose by when a recommendation is asked for."""
    result = outcome.result
    saved = bullets([f"**{s.name}**: {count(s.size)} customers" for s in result.saved])
    if outcome.arguments.archived:
        return f"Archived segments:\n\n{saved}" if saved else "No segment is archived."
    if not result.rfm and not result.saved:
        if result.groupings:
            return "\n\n".join(_grouping(grouping, outcome.currency) for grouping in result.groupings)
        return "There are no segments yet: the RFM scores have not been computed. Say “recompute the scores”."
    asked = [s for s in result.rfm if s.name.lower() in outcome.question.lower()]
    if asked:
        return "\n\n".join(_one(s, outcome.currency) for s in asked)
    own = f"\n\nSaved segments: {_joined(f'**{s.name}** ({count(s.size)})' for s in result.saved)}." if saved else ""
    return f"{_lead(outcome)}{own}".strip()


def _lead(outcome: Outcome[ListSegmentsArguments, ListSegments]) -> str:
    """What the question looks for among the segments, and what comes next; the table has them all."""
    segments, currency = outcome.result.rfm, outcome.currency
    if not segments:
        return ""
    if outcome.asks(r"valuable|worth|revenue|value|best"):
        best, *others = sorted(segments, key=lambda s: -(s.size.revenue_all or 0))
        then = _then(f"{s.name} ({money(s.size.revenue_all, currency)})" for s in others)
        return f"**{best.name}** bring the most: **{money(best.size.revenue_all, currency)}** so far.{then}"
    small = outcome.asks(r"small")
    first, *others = reversed(segments) if small else segments
    then = _then(f"{s.name} ({count(s.size.customers)})" for s in others)
    return (
        f"**{first.name}** is the {'smallest' if small else 'largest'} of {count(len(segments))} segments: "
        f"**{count(first.size.customers)} customers**, {percent(first.size.share)} of all"
        f"{_each(first.size, currency)}.{then}"
    )


def _then(said: Iterable[str]) -> str:
    named = list(said)[:FOLLOWING]
    return f" Then {_joined(named)}." if named else ""


def _joined(said: Iterable[str]) -> str:
    *first, last = said
    return f"{', '.join(first)} and {last}" if first else last


def _one(segment: RfmSegment, currency: str) -> str:
    size = segment.size
    return (
        f"**{segment.name}: {count(size.customers)} customers** ({percent(size.share)} of all), who "
        f"{segment.description}. {capital(_worth(size, currency))}. {segment.strategy}"
    )


def _each(size: SegmentSize, currency: str) -> str:
    return f", {money(size.average_value, currency)} each on average" if size.average_value is not None else ""


def _grouping(grouping: GroupingInfo, currency: str) -> str:
    title = KIND_TITLES[grouping.kind]
    if grouping.reason:
        return f"**{title}:** none. {grouping.reason}"
    lines = [_group_line(group, currency) for group in grouping.groups if group.size.customers]
    structure = f" ({grouping.structure})" if grouping.structure else ", of which a customer may show several"
    alone = f" {count(grouping.ungrouped)} customers lie in no dense group." if grouping.kind == "discovered" else ""
    return f"**{title}**{structure}.{alone}\n\n{bullets(lines)}"


def _group_line(group: GroupInfo, currency: str) -> str:
    size = group.size
    badge = f", {group.badge}" if group.badge not in (None, "stable") else ""
    who = f": {group.description}" if not group.value_level else ""
    return (
        f"**{spaced(group.name)}**{who}: {count(size.customers)} customers ({percent(size.share)})"
        f"{_each(size, currency)}{badge}"
    )


@answers(segment_detail)
def detail(outcome: Outcome[SegmentDetailArguments, SegmentDetail]) -> str:
    """Who they are, what sets them apart, how they change, what to send them."""
    result, currency = outcome.result, outcome.currency
    segment, size = result.segment, result.segment.size
    worth = [f"Revenue so far {money(size.revenue_all, currency)}"]
    if size.average_value is not None:
        worth.append(f"{money(size.average_value, currency)} each on average")
    if size.average_clv_12m is not None:
        worth.append(f"predicted {money(size.average_clv_12m, currency)} each over the next 12 months")
    if size.average_churn_90 is not None:
        worth.append(f"{percent(size.average_churn_90)} likely on average to leave within 90 days")
    about = f": {segment.description.rstrip('.')}" if result.kind in ("rfm", "behaviour") else ""
    apart = bullets([trait.words for trait in segment.traits])
    traits = f"\n\nWhat sets them apart:\n\n{apart}" if apart else ""
    return (
        f"**{spaced(segment.name)}: {count(size.customers)} customers** ({percent(size.share)} of all){about}. "
        f"{'; '.join(worth)}.{_change(result.movement, segment)}\n\n{segment.strategy}\n\n"
        f"**What to send them:**\n\n{_playbook(segment.playbook)}{traits}"
    )


def _change(movement: Movement | None, segment: GroupInfo) -> str:
    if movement is None or segment.badge is None:
        return ""
    return (
        f" **{segment.badge.capitalize()}** since {day(movement.compared_with)}: {count(movement.size_before)} then, "
        f"{count(movement.size_now)} now ({count(movement.entered)} came, {count(movement.departed)} went)."
    )


def _playbook(playbook: PlaybookInfo) -> str:
    return bullets(
        [
            f"offers: {'; '.join(playbook.offers)}",
            f"message: {playbook.message}",
            f"channels: {', '.join(playbook.channels)}",
            f"when: {playbook.send_window}",
        ]
    )


@answers(update_playbook)
def playbook_changed(outcome: Outcome[UpdatePlaybookArguments, UpdatePlaybook]) -> str:
    """The playbook as it is now."""
    result = outcome.result
    return f"**The playbook of {spaced(result.segment)} is changed:**\n\n{_playbook(result.playbook)}"


@answers(export_segment)
def exported(outcome: Outcome[ExportSegmentArguments, ExportSegment]) -> str:
    """How many customers the file holds, and what was left out."""
    result = outcome.result
    rest = f" of {count(result.total)}" if result.rows < result.total else ""
    barred = f" Left out, as your rights do not cover it: {', '.join(result.left_out)}." if result.left_out else ""
    columns = ", ".join(column.title for column in result.columns)
    return f"**{result.file_name}: {count(result.rows)} customers**{rest}. Columns: {columns}.{barred}"
