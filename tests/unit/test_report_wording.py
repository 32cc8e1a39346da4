"""A report of some days in words: nothing is left out that changes what they say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tools.catalogue import catalogue
from tools.dashboard.marketing import EmailCampaign
from tools.figures import change
from tools.outcome import Outcome
from tools.report.period_report import Mover, PeriodReport, PeriodReportArguments, ReportFigure, period_report
from tools.results import Evidence

catalogue()  # wording is declared in files of its own
AT = datetime(2026, 11, 28, tzinfo=UTC)


def line(metric: str, unit: str, now: float, before: float | None) -> ReportFigure:
    title = metric.replace("_", " ").capitalize()
    return ReportFigure(metric=metric, title=title, unit=unit, now=now, before=before, change=change(now, before, unit))


def reported(*figures: ReportFigure, **more: Any) -> str:
    week = {"start": "2026-11-16", "end": "2026-11-22", "compare_start": "2026-11-09", "compare_end": "2026-11-15"}
    found: dict[str, Any] = {
        **week, "figures": list(figures), "grew": [], "fell": [], "campaigns": [], "days": [], "actions": [],
        "currency": "EUR", "evidence": Evidence(rows=1, as_of=AT), **more,
    }  # fmt: skip
    return period_report.worded(Outcome(PeriodReportArguments(), PeriodReport.model_validate(found)))


def test_what_fell_to_nothing_is_said_and_what_never_was_is_not() -> None:
    told = reported(
        line("revenue", "money", 50.0, 100.0), line("new_customers", "customers", 0, 4), line("visits", "visits", 0, 0)
    )
    assert "**Revenue was down 50.0% on the week before**" in told
    assert told.endswith("Also: new customers 0 (−100.0%).")


def test_many_are_and_a_rate_over_few_is_none() -> None:
    mails = [
        EmailCampaign(name="Spring", emails_sent=900, open_rate=0.25, click_rate=0.1),
        EmailCampaign(name="Trial", emails_sent=3, open_rate=None, click_rate=None),
    ]
    moved = [Mover(kind="channel", name="paid_social", now=9.0, before=1.0, change=8.0)]
    told = reported(line("visits", "visits", 12, 10), campaigns=mails, grew=moved)
    assert told.startswith("**Visits were up 20.0% on the week before**")
    assert "**Winners:** the Paid social channel (+€8.00)." in told
    assert "Spring: 900 emails, 25.0% opened; Trial: 3 emails." in told


def test_what_the_figures_do_not_hold_is_said_before_what_to_do() -> None:
    said = ["The data cover only part of the period before: orders 2026-11-12 to 2026-11-22.",
            "Not counted, for there is no exchange rate: orders 3 in USD (30.00 USD)."]  # fmt: skip
    evidence = Evidence(rows=1, as_of=AT, definitions=["Revenue: all of it.", *said])
    assert reported(line("revenue", "money", 50.0, 10.0), evidence=evidence).endswith(" ".join(said))
