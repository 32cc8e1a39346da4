"""The report as a file: made of the mix report and the budget plan, refused where these are."""

from __future__ import annotations

import base64
from datetime import date

from pydantic import Field

from core.identity import READ
from tools.budget.figures import BudgetArguments, Per
from tools.budget.plan import budget_plan
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.media_report.questions import MEDIA_REPORT
from tools.mix.report import MixReportArguments, mix_report
from tools.mix.stored import require_fit
from tools.results import Arguments, Evidence, ToolResult

__all__ = ["MediaReport", "MediaReportArguments", "media_report"]

PAGES = 2


class MediaReportArguments(Arguments):
    """From which return a channel pays, the budget to split, and whether the file comes with it."""

    break_even: float = Field(default=1.0, ge=0.05, le=100, description="Sales per unit spent that pay.")
    margin: float | None = Field(default=None, gt=0, le=1, description="Margin on sales, instead of break_even.")
    total: float | None = Field(
        default=None, gt=0, le=1e13, description="Whole budget per `per`; absent: as much as now."
    )
    change: float | None = Field(
        default=None, ge=-0.9, le=4.0, description="Whole budget against now: 0.2 is 20% more."
    )
    per: Per = Field(default="month", description="Period of the budget.")
    with_file: bool = Field(default=False, description="True: with the PDF as base64, for programs that save it.")


class MediaReport(ToolResult):
    """What the report says in short, and the file where it was asked for."""

    file_name: str = figure("File", "A name for the file.")
    pages: int = figure("Pages", "Of A4.", unit="pages")
    made_on: date = figure("Made", "When.", unit="day")
    brought_share: float = figure("Share of sales", "Brought by advertising, of all sales.", unit="share")
    total: float = figure("Budget planned", "Per period.", unit="money")
    gain: float = figure("Gain in sales", "Beyond today's, per period.", unit="money")
    gain_low: float = figure("Gain, low", "Lower end of the 90% interval.", unit="money")
    gain_high: float = figure("Gain, high", "Upper end of the 90% interval.", unit="money")
    likely_better: float = figure("Likely better than today", "Net of the extra spend.", unit="share")
    per: Per = Field(description="Period of the budget.")
    pdf: str | None = Field(description="The file as base64; null where it was not asked for.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="the report of the mix and the budget",
    agents=("reporting", "optimiser"),
    basis="prediction",
    examples=({}, {"change": 0.1}),
    questions=(MEDIA_REPORT,),
    views=(),
    next=("What does each channel bring?", "How should I split the budget?"),
)
def media_report(context: Context, arguments: MediaReportArguments) -> MediaReport:
    """Two pages as a PDF: what drives sales, with the model's health in words; and the best split of the budget with
    the expected change, its range and limits. Refused while no marketing mix model has passed its checks.
    """
    from tools.media_report.pages import Paper, both_pages
    from tools.media_report.sheet import as_pdf

    with context.transaction() as connection:
        require_fit(connection)
    mix = mix_report.run(context, MixReportArguments(break_even=arguments.break_even, margin=arguments.margin))
    asked = BudgetArguments(total=arguments.total, change=arguments.change, per=arguments.per)
    budget = budget_plan.run(context, asked)
    profile = context.profile()
    today = context.calendar().day(context.now)
    pdf = None
    if arguments.with_file:
        paper = Paper(profile.name, profile.is_demo, context.now, mix, budget)
        pdf = as_pdf(lambda: both_pages(paper), title="Marketing mix and budget", made=context.now)
    return MediaReport(
        file_name=f"marketing-mix-and-budget-{today}.pdf",
        pages=PAGES,
        made_on=today,
        brought_share=mix.brought_share,
        total=budget.total,
        gain=budget.gain,
        gain_low=budget.gain_low,
        gain_high=budget.gain_high,
        likely_better=budget.likely_better,
        per=arguments.per,
        pdf=base64.b64encode(pdf).decode() if pdf else None,
        currency=mix.currency,
        evidence=Evidence(
            rows=mix.weeks,
            as_of=mix.evidence.as_of,
            sources=list(mix.evidence.sources),
            definitions=list(dict.fromkeys([*mix.evidence.definitions, *budget.evidence.definitions])),
        ),
    )
