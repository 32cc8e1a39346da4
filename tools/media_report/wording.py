"""The report in words: what is in it, and where it is had."""

from __future__ import annotations

from language.format import money, percent
from tools.declaration import answers
from tools.media_report.document import MediaReport, MediaReportArguments, media_report
from tools.outcome import Outcome


@answers(media_report)
def report(outcome: Outcome[MediaReportArguments, MediaReport]) -> str:
    """What the two pages say, in a sentence each."""
    result, currency = outcome.result, outcome.currency
    low, high = money(result.gain_low, currency), money(result.gain_high, currency)
    return (
        "**The report is ready: two pages to hand out.** The first says what drives sales: "
        f"{percent(result.brought_share)} of them came through advertising, by the marketing mix model. The second "
        f"says where {money(result.total, currency)} a {result.per} does most: about {money(result.gain, currency)} in "
        f"sales against today (90% interval {low} to {high}), better with {percent(result.likely_better)} probability. "
        "It names the limits, the data and the model."
    )
