"""The two pages: what drives sales, and where the budget does most. Figures and words are those of the two tools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from language.format import count, day, money, percent
from tools.budget.plan import BudgetLine, BudgetPlan
from tools.budget.wording import gain_words, move_words
from tools.media_report.charts import Bar, Frame, bars, beside
from tools.media_report.lettering import measured
from tools.media_report.sheet import BAD, FAINT, GOOD, INK, MUTED, PRIMARY, SECOND, UNSURE, WIDE, Sheet
from tools.mix.report import MixChannel, MixReport
from tools.mix.wording import called, what_next

__all__ = ["Paper", "both_pages"]

LEFT, ROOM = 44.0, WIDE - 88.0
FOOT = 812.0
MOST = 9  # channels drawn by name; the others are one bar
TONES = {"pays": GOOD, "loses": BAD, "unsure": UNSURE}
OTHERS = "{} other channels"
ROUNDED = 0.001  # of sales: what rounding may leave


@dataclass(frozen=True, slots=True)
class Paper:
    """What the pages are made of."""

    organisation: str
    is_demo: bool
    made: datetime
    mix: MixReport
    budget: BudgetPlan

    @property
    def currency(self) -> str:
        """ISO 4217 code of all money."""
        return self.mix.currency


def both_pages(paper: Paper) -> Sequence[Sheet]:
    """Page one and page two."""
    return [_drivers(paper), _split(paper)]


def _drivers(paper: Paper) -> Sheet:
    sheet, mix = Sheet(), paper.mix
    y = _head(sheet, paper, "What drives sales")
    y = sheet.block(LEFT, y, _lead(paper), room=ROOM, size=10.5, weight="bold", most=4) + 8
    y = _titled(sheet, y, "Where sales came from", "thin lines: 90% intervals")
    rows = _waterfall(paper)
    high = _height(len(rows), 220.0)
    bars(sheet, Frame(LEFT, y, ROOM, high), rows)
    y = _titled(sheet, y + high + 22, "Sales per unit spent", _key(mix))
    ranked = sorted(mix.channels, key=lambda one: -one.roi)
    rows = [_return(one) for one in ranked[: MOST + 1]]
    high = _height(len(rows), 150.0)
    bars(sheet, Frame(LEFT, y, ROOM, high), rows, mark=mix.break_even)
    y += high + 18
    if len(ranked) > len(rows):
        y = sheet.block(LEFT, y, f"{len(ranked) - len(rows)} channels with less are left out.", room=ROOM, size=8)
    y = sheet.block(LEFT, y, what_next(mix, paper.currency), room=ROOM, most=3) + 10
    y = _titled(sheet, y, "How far the model can be trusted", "")
    sheet.bullets(LEFT, y, _health(mix), room=ROOM, until=FOOT - 14)
    _foot(sheet, paper, 1)
    return sheet


def _split(paper: Paper) -> Sheet:
    sheet, budget = Sheet(), paper.budget
    y = _head(sheet, paper, "Where the budget does most")
    y = sheet.block(LEFT, y, _plain(gain_words(budget, paper.currency)), room=ROOM, size=10.5, weight="bold", most=5)
    y = _titled(sheet, y + 8, f"Budget a {budget.per}, now and planned", "")
    sheet.bar(WIDE - LEFT - 110, y - 16, 8, 8, SECOND)
    sheet.line(WIDE - LEFT - 98, y - 9, "now", room=40, size=8)
    sheet.bar(WIDE - LEFT - 60, y - 16, 8, 8, PRIMARY)
    sheet.line(WIDE - LEFT - 48, y - 9, "planned", room=48, size=8)
    lines = budget.lines[:MOST]
    high = _height(len(lines), 162.0)
    pairs = [(_amount(line.now, SECOND, paper), _amount(line.planned, PRIMARY, paper)) for line in lines]
    beside(sheet, Frame(LEFT, y, ROOM, high), [called(line.channel) for line in lines], pairs)
    y = _table(sheet, y + high + 20, paper, lines)
    y = _expected(sheet, y + 14, paper)
    y = _titled(sheet, y + 8, "Its limits", "")
    sheet.bullets(LEFT, y, _limits(paper), room=ROOM, until=FOOT - 70)
    _stands_on(sheet, paper)
    _foot(sheet, paper, 2)
    return sheet


def _height(rows: int, most: float) -> float:
    """Of a chart: rows of a good height where they are few, lower ones where they are many."""
    return min(28.0 * rows, most)


def _head(sheet: Sheet, paper: Paper, title: str) -> float:
    demo = " (demo shop: made-up data)" if paper.is_demo else ""
    sheet.line(LEFT, 54, title, room=ROOM * 0.6, size=17, weight="bold")
    sheet.line(WIDE - LEFT, 54, f"{paper.organisation}{demo}", room=ROOM * 0.38, size=9, colour=MUTED, align="right")
    mix = paper.mix
    weeks = f"{count(mix.weeks)} weeks, {day(mix.first_week)} to the week of {day(mix.last_week)}"
    sheet.line(LEFT, 69, f"Marketing mix and budget. {weeks}", room=ROOM, size=8.5, colour=MUTED)
    sheet.rule(LEFT, 78, WIDE - LEFT, 78)
    return 98.0


def _foot(sheet: Sheet, paper: Paper, page: int) -> None:
    sheet.rule(LEFT, FOOT - 10, WIDE - LEFT, FOOT - 10)
    said = f"Made by AIMA on {day(paper.made)}. Estimates of a statistical model, not measured effects."
    sheet.line(LEFT, FOOT, said, room=ROOM - 60, size=7.5, colour=MUTED)
    sheet.line(WIDE - LEFT, FOOT, f"Page {page} of 2", room=60, size=7.5, colour=MUTED, align="right")


def _titled(sheet: Sheet, y: float, title: str, note: str) -> float:
    sheet.line(LEFT, y, title, room=ROOM, size=11, weight="bold")
    if note:
        x = LEFT + measured(title, 11, "bold") + 8
        sheet.line(x, y, note, room=WIDE - LEFT - x, size=8, colour=MUTED)
    return y + 13


def _lead(paper: Paper) -> str:
    mix = paper.mix
    return (
        f"About {percent(mix.brought_share)} of sales ({money(mix.brought, paper.currency)} of "
        f"{money(mix.sales, paper.currency)}) came through advertising, by the marketing mix model; "
        f"{money(mix.baseline, paper.currency)} would have come anyway (90% interval "
        f"{money(mix.baseline_low, paper.currency)} to {money(mix.baseline_high, paper.currency)})."
    )


def _waterfall(paper: Paper) -> list[Bar]:
    """From sales without advertising, channel by channel, to all sales; small channels together."""
    mix, at = paper.mix, paper.mix.baseline
    rows = [
        Bar("Without advertising", at, _money(at, paper), low=mix.baseline_low, high=mix.baseline_high, colour=MUTED)
    ]
    named = mix.channels if len(mix.channels) <= MOST else mix.channels[: MOST - 1]
    for one in named:
        end = at + one.brought
        words = _money(one.brought, paper)
        rows.append(Bar(called(one.channel), end, words, at, at + one.brought_low, at + one.brought_high))
        at = end
    if rest := mix.channels[len(named) :]:
        brought = sum(one.brought for one in rest)
        rows.append(Bar(OTHERS.format(len(rest)), at + brought, _money(brought, paper), at))
        at += brought
    if abs(mix.sales - at) > ROUNDED * mix.sales:  # what channels bring beyond each alone
        rows.append(Bar("Channels together", mix.sales, _money(mix.sales - at, paper), at))
    return [*rows, Bar("All sales", mix.sales, _money(mix.sales, paper), colour=MUTED)]


def _return(one: MixChannel) -> Bar:
    words = f"{one.roi:.2f}, the next unit {one.next_unit:.2f}"
    return Bar(called(one.channel), one.roi, words, low=one.roi_low, high=one.roi_high, colour=TONES[one.verdict])


def _key(mix: MixReport) -> str:
    return f"green: pays, above {mix.break_even:g} for sure; red: does not; violet: unsure; upright line: break even"


def _health(mix: MixReport) -> list[str]:
    """The verdict, what calls for caution, what passed, the weeks held out, experiments."""
    verdict = {
        "passed": "All checks of the model passed.",
        "caution": "No check of the model failed; some call for caution.",
        "failed": "The model failed its checks: no advice is to be taken from it.",
    }[mix.verdict]
    held = f"On weeks it had not seen its mean error was {percent(mix.error)} of sales." if mix.error else ""
    inside = f"Of these, {percent(mix.coverage)} lay inside their 90% interval." if mix.coverage and held else ""
    doubts = [gate.words for gate in mix.gates if gate.verdict != "passed"]
    if any("had not seen" in words for words in doubts):
        inside = ""  # a doubt says it
    passed = sum(gate.verdict == "passed" for gate in mix.gates)
    checks = f"{count(passed)} of {count(len(mix.gates))} checks passed."
    parts = [verdict, f"{held} {inside}".strip(), *doubts, _silent(mix), _experiments(mix), checks, *mix.findings]
    return list(dict.fromkeys(part for part in parts if part))


def _silent(mix: MixReport) -> str:
    silent = [called(one.channel) for one in mix.channels if one.data_say.startswith("next")]
    if not silent:
        return ""
    return f"The data say next to nothing about {', '.join(silent)}: what is said of it was thought before."


def _experiments(mix: MixReport) -> str:
    if mix.lift_tests:
        return f"{count(mix.lift_tests)} experiments calibrate it."
    return "No experiment calibrates it: switching a channel off somewhere for some weeks tells more than history."


def _table(sheet: Sheet, y: float, paper: Paper, lines: Sequence[BudgetLine]) -> float:
    """Now, planned, change, sales planned with their interval, the next unit."""
    heads = ("Channel", "Now", "Planned", "Change", "Sales planned", "90% interval", "Next unit")
    ends = (LEFT + 118, LEFT + 174, LEFT + 230, LEFT + 284, LEFT + 346, LEFT + 462, WIDE - LEFT)
    _row(sheet, y, heads, ends, colour=MUTED)
    sheet.rule(LEFT, y + 4, WIDE - LEFT, y + 4)
    y += 15
    for line in lines:
        interval = f"{_money(line.sales_low, paper)} to {_money(line.sales_high, paper)}"
        cells = (
            called(line.channel), _money(line.now, paper), _money(line.planned, paper), _money(line.change, paper),
            _money(line.sales_planned, paper), interval, f"{line.next_unit_planned:.2f}",
        )  # fmt: skip
        _row(sheet, y, cells, ends)
        y += 13
    if rest := paper.budget.lines[len(lines) :]:
        now, planned = sum(line.now for line in rest), sum(line.planned for line in rest)
        change = _money(planned - now, paper)
        _row(sheet, y, (OTHERS.format(len(rest)), _money(now, paper), _money(planned, paper), change), ends[:4])
        y += 13
    sheet.rule(LEFT, y - 8, WIDE - LEFT, y - 8)
    budget = paper.budget
    whole = ("All channels", budget.total_now, budget.total, budget.extra, budget.sales)
    _row(sheet, y + 3, (whole[0], *(_money(value, paper) for value in whole[1:])), ends[:5], weight="bold")
    return y + 8


def _row(
    sheet: Sheet, y: float, cells: Sequence[str], ends: Sequence[float], *, colour: str = INK, weight: str = "normal"
) -> None:
    """The first cell from the left, the others up to their ends."""
    sheet.line(LEFT, y, cells[0], room=ends[0] - LEFT - 4, size=8, colour=colour, weight=weight)
    for cell, before, end in zip(cells[1:], ends, ends[1:], strict=False):
        sheet.line(end, y, cell, room=end - before - 4, size=8, colour=colour, align="right", weight=weight)


def _expected(sheet: Sheet, y: float, paper: Paper) -> float:
    """The gain with its range, and the moves."""
    budget = paper.budget
    y = _titled(sheet, y, f"Expected change in sales a {budget.per}", "thin line: 90% interval")
    words = f"{_money(budget.gain, paper)} ({_money(budget.gain_low, paper)} to {_money(budget.gain_high, paper)})"
    colour = GOOD if budget.gain_low > 0 else BAD if budget.gain_high < 0 else UNSURE
    row = Bar("Against today", budget.gain, words, low=budget.gain_low, high=budget.gain_high, colour=colour)
    bars(sheet, Frame(LEFT, y, ROOM, 20), [row])
    better = f"Likely better than today, the extra spend taken off: {percent(budget.likely_better)}."
    y = sheet.block(LEFT, y + 32, better, room=ROOM, most=1) + 2
    moves = [_plain(one) for one in move_words(budget, paper.currency)]
    few = 4 if len(budget.lines) <= 6 else 2
    return sheet.bullets(LEFT, y, moves, room=ROOM, until=FOOT - 150, most=few)


def _limits(paper: Paper) -> list[str]:
    """The first of the plan's own cautions, what always holds, the others."""
    cautions = paper.budget.cautions
    return [
        *cautions[:2],
        "AIMA moves no money: budgets at the ad platforms are changed by people. Sales are not profit.",
        "Read from how sales moved with spend, for a split that has gone on for a while: what moved both can mislead.",
        *cautions[2:],
    ]


def _stands_on(sheet: Sheet, paper: Paper) -> None:
    """Date, data and model, above the foot."""
    mix, y = paper.mix, FOOT - 54
    sheet.rule(LEFT, y - 12, WIDE - LEFT, y - 12, colour=FAINT)
    fitted = day(mix.fitted_at) if mix.fitted_at else "not kept"
    said = (
        f"Stands on: orders and ad spend of {count(mix.weeks)} whole weeks from {day(mix.first_week)} to the week of "
        f"{day(mix.last_week)}; {len(mix.channels)} channels; all money in {paper.currency or 'the shop’s currency'}."
    )
    model = (
        f"Model: {mix.shape}, fitted on {fitted}, {_used(mix)}. Budget: the mean of the last 13 weeks as "
        f"“now”, each channel within its bounds. Made on {day(paper.made)}."
    )
    y = sheet.block(LEFT, y, said, room=ROOM, size=8, colour=MUTED, most=2)
    sheet.block(LEFT, y + 1, model, room=ROOM, size=8, colour=MUTED, most=2)


def _used(mix: MixReport) -> str:
    return f"calibrated by {count(mix.lift_tests)} experiments" if mix.lift_tests else "no experiment used"


def _amount(value: float, colour: str, paper: Paper) -> Bar:
    return Bar("", value, _money(value, paper), colour=colour)


def _money(value: float, paper: Paper) -> str:
    return money(value, paper.currency)


def _plain(text: str) -> str:
    """Without the marks that make words bold on a screen."""
    return text.replace("**", "")
