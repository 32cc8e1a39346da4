"""The marketing mix drawn: where sales came from, what a unit brings, curves; each chart says what follows."""

from __future__ import annotations

from collections.abc import Iterator

from language.format import money
from tools.declaration import shows
from tools.mix.curves import MixCurve, MixCurves, MixCurvesArguments, mix_curves
from tools.mix.report import MixChannel, MixReport, MixReportArguments, MixTogether, mix_report
from tools.mix.wording import called, unit_of, what_next
from tools.outcome import Outcome
from tools.views import Chart, Series, Shown, Table, records

__all__ = ["in_money"]

TONES = {"pays": "good", "loses": "bad", "unsure": "unsure"}
MOST_CURVES = 8


@shows(mix_report)
def report(outcome: Outcome[MixReportArguments, MixReport]) -> Iterator[Shown]:
    """Waterfall, returns with intervals, spend against effect, then the tables."""
    result, currency = outcome.result, outcome.currency
    yield _waterfall(result, currency)
    yield _returns(result, currency)
    yield _shares(result, currency)
    yield in_money(records(result.channels, title="What each channel brings", columns=_CHANNEL), currency)
    yield records(result.parameters, title="How effects come and wear off")
    yield records(result.gates, title="Checks of the model")


def in_money(item: Table, currency: str) -> Table:
    """The table with the unit of spend called as it is: "Sales per $ spent", "Sales of the next $"."""
    unit = unit_of(currency)
    titles = [
        column.title.replace("per unit", f"per {unit}").replace("ext unit", f"ext {unit}") for column in item.columns
    ]
    columns = [c.model_copy(update={"title": title}) for c, title in zip(item.columns, titles, strict=True)]
    return item.model_copy(update={"columns": columns})


_CHANNEL = (
    "channel", "spend", "brought", "brought_low", "brought_high", "roi", "roi_low", "roi_high", "next_unit",
    "next_unit_low", "next_unit_high", "verdict", "data_say", "share_of_sales",
)  # fmt: skip


def _waterfall(result: MixReport, currency: str) -> Chart:
    """From sales without advertising, channel by channel, to all sales."""
    steps: list[MixChannel | MixTogether] = [*result.channels, *([result.together] if result.together else [])]
    names = ["Without advertising", *(_named(step) for step in steps), "All sales"]
    starts, at = [0.0], result.baseline
    for step in steps:
        starts.append(at)
        at += step.brought
    values = [result.baseline, *(start + c.brought for start, c in zip(starts[1:], steps, strict=True)), at]
    lows = [result.baseline_low, *(s + c.brought_low for s, c in zip(starts[1:], steps, strict=True)), None]
    highs = [result.baseline_high, *(s + c.brought_high for s, c in zip(starts[1:], steps, strict=True)), None]
    best = max(result.channels, key=lambda c: c.brought)
    return Chart(
        shape="bar", title="Where sales came from", unit="money", x=names, x_title="", y_title="Sales",
        note=f"Thin lines: 90% intervals. {called(best.channel)} brings most; see below what "
        f"one {unit_of(currency)} on it brings.",
        series=[
            Series(
                name="Sales", values=values, starts=[*starts, 0.0], low=lows, high=highs,
                tones=["rest", *("" for _ in steps), "rest"],
            )
        ],
    )  # fmt: skip


def _named(step: MixChannel | MixTogether) -> str:
    return called(step.channel) if isinstance(step, MixChannel) else f"{called(step.first)} with {called(step.second)}"


def _returns(result: MixReport, currency: str) -> Chart:
    """Sales per unit spent, green where it pays, red where not, pale where nobody knows."""
    name = f"Sales per {unit_of(currency)} spent"
    ranked = sorted(result.channels, key=lambda c: -c.roi)
    return Chart(
        shape="bar", title=f"{name}, on average", unit="ratio", x=[called(c.channel) for c in ranked],
        x_title="Channel", y_title=name,
        note=f"Green: pays (above {result.break_even:g} for sure), red: does not, pale: unsure. "
        f"{what_next(result, currency)}",
        series=[
            Series(
                name=name, values=[c.roi for c in ranked], tones=[TONES[c.verdict] for c in ranked],
                low=[c.roi_low for c in ranked], high=[c.roi_high for c in ranked],
            )
        ],
    )  # fmt: skip


def _shares(result: MixReport, currency: str) -> Chart:
    """Share of spend beside share of effect."""
    gap = max(result.channels, key=lambda c: c.effect_share - c.spend_share)
    return Chart(
        shape="bar", title="Share of spend and share of effect", unit="share",
        x=[called(c.channel) for c in result.channels], x_title="Channel", y_title="Share",
        note=f"{called(gap.channel)} brings more than its share of spend; look at its next {unit_of(currency)} "
        "before giving it more.",
        series=[
            Series(name="Share of spend", values=[c.spend_share for c in result.channels]),
            Series(name="Share of effect", values=[c.effect_share for c in result.channels]),
        ],
    )  # fmt: skip


@shows(mix_curves)
def curves(outcome: Outcome[MixCurvesArguments, MixCurves]) -> Iterator[Shown]:
    """One chart a channel: what it brings by spend, dashed where nobody ever spent so much."""
    for curve in outcome.result.curves[:MOST_CURVES]:
        yield _curve(curve, outcome.currency)


def _curve(curve: MixCurve, currency: str) -> Chart:
    labels = [f"{money(round(p.spend), currency)}{' (now)' if p.today else ''}" for p in curve.points]
    room = (
        "More spend still brings more than it costs" if curve.next_unit > 1 else "More spend brings less than it costs"
    )
    dashed = " Dashed: beyond what was ever spent, a guess." if any(p.beyond for p in curve.points) else ""
    return Chart(
        shape="line", title=f"{called(curve.channel)}: sales by spend a week", unit="money", x=labels,
        x_title="Spend a week", y_title="Sales a week", partial=[i for i, p in enumerate(curve.points) if p.beyond],
        note=f"Now {money(curve.today, currency)} a week; the next {unit_of(currency)} brings "
        f"{money(curve.next_unit, currency)}. {room}.{dashed}",
        series=[
            Series(name="Expected", values=[p.brought for p in curve.points]),
            Series(name="Low (5%)", values=[p.low for p in curve.points]),
            Series(name="High (95%)", values=[p.high for p in curve.points]),
        ],
    )  # fmt: skip
