"""How far the marketing mix holds, drawn: each channel under other choices, and before and after a fit anew."""

from __future__ import annotations

from collections.abc import Iterator

from tools.declaration import shows
from tools.mix.changes import MixChanges, MixChangesArguments, mix_changes
from tools.mix.check_wording import advice, holds, what_follows
from tools.mix.sensitivity import MixSensitivity, MixSensitivityArguments, mix_sensitivity
from tools.mix.views import in_money
from tools.mix.wording import called, unit_of
from tools.outcome import Outcome
from tools.views import Chart, Series, Shown, records

_VARIANT = ("channel", "variant", "roi", "roi_low", "roi_high", "moved_by", "chance", "holds", "verdict", "settled")


@shows(mix_sensitivity)
def sensitivity(outcome: Outcome[MixSensitivityArguments, MixSensitivity]) -> Iterator[Shown]:
    """Lowest, as it is, and highest return of each channel; then every channel under every variant."""
    result, unit = outcome.result, unit_of(outcome.currency)
    yield Chart(
        shape="bar", title="Returns under other choices", unit="ratio", x=[called(c.channel) for c in result.channels],
        x_title="Channel", y_title=f"Sales per {unit} spent", note=f"{holds(result)} {what_follows(result)}",
        series=[
            Series(name="Lowest of the variants", values=[c.lowest for c in result.channels]),
            Series(
                name="As the model is", values=[c.roi for c in result.channels],
                low=[c.roi_low for c in result.channels], high=[c.roi_high for c in result.channels],
            ),
            Series(name="Highest of the variants", values=[c.highest for c in result.channels]),
        ],
    )  # fmt: skip
    variants = records(result.variants, title="Each channel under each other choice", columns=_VARIANT)
    yield in_money(variants, outcome.currency)


@shows(mix_changes)
def changes(outcome: Outcome[MixChangesArguments, MixChanges]) -> Iterator[Shown]:
    """Returns before and now with their intervals, the table of it, and what was stated anew."""
    result, unit = outcome.result, unit_of(outcome.currency)
    yield Chart(
        shape="bar", title="Returns before and now, over the same weeks", unit="ratio",
        x=[called(c.channel) for c in result.channels], x_title="Channel", y_title=f"Sales per {unit} spent",
        note=advice(result),
        series=[
            Series(
                name="Fit before", values=[c.roi_before for c in result.channels],
                low=[c.before_low for c in result.channels], high=[c.before_high for c in result.channels],
            ),
            Series(
                name="Newest fit", values=[c.roi_after for c in result.channels],
                low=[c.after_low for c in result.channels], high=[c.after_high for c in result.channels],
            ),
        ],
    )  # fmt: skip
    yield in_money(records(result.channels, title="Each channel before and now"), outcome.currency)
    if result.restated:
        yield records(result.restated, title="Past weeks stated anew", total=result.restated_total)
