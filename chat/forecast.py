"""The page of what is to come: revenue, orders, customers with their range, past error, spend planned, targets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import chainlit as cl

from chat.findings import Found, Page, ask
from chat.opening import opened_page
from chat.parts import installed
from chat.people import present
from core.calendar import first_of_month, month_after
from core.errors import AimaError, FixArguments, NoSuchData
from core.identity import WRITE, Identity
from language.format import amount, day, month, percent, period
from tools.figures import Column
from tools.forecast.outlook import Forecast
from tools.forecast.wording import NAMES
from tools.outcome import Outcome
from tools.views import Table

__all__ = ["ABOUT", "keep_target", "periods_to_come", "record_table", "show_forecast"]

TITLE = "What is to come"
CARD = "Targets"
METRICS: Final = ("revenue", "orders", "customers")
PACED: Final = ("revenue", "orders", "new_customers", "units")
AFTER = ("What will revenue be next month?", "Forecast revenue by month for the next 6 months", "/budget")
ABOUT = {
    "expected": "week by week, with the range and the same days a year before",
    "record": "forecasts that were told, and what came",
}
NOTHING = (
    "**Nothing can be foreseen yet.** What is missing stands below. Older orders make a forecast possible: drop a file "
    "of them here, or connect the shop."
)


async def show_forecast(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """Figures with their ranges; what a planned spend changes; targets and the pace; how forecasts did."""
    async with opened_page(TITLE, "Working out what is to come") as opened:
        page = await _page(identity)
        after = AFTER if page.lead != NOTHING else ("/imports", "/settings")
        await page.show(opened, after, is_demo=is_demo)


async def _page(identity: Identity) -> Page:
    told = {metric: await ask((("forecast", {"metric": metric}),), identity) for metric in METRICS}
    page = Page(_together(told.values()), identity)
    known = {metric: found.outcomes["forecast"] for metric, found in told.items() if found.outcomes}
    if not known:
        page.lead = NOTHING
        return page
    planned = await ask((("planned_forecast", {}),), identity)
    past = await ask((("forecast_record", {}),), identity)
    page.found.evidence += planned.evidence
    page.lead = "\n\n".join([_lead(known), _with_plan(planned)])
    first = next(iter(known.values())).result
    page.elements.append(await _targets(identity, first.known_until))
    for metric in known:
        page.charts(*told[metric].charts("forecast"))
    page.charts(*planned.charts("planned_forecast"))
    page.tables(record_table([outcome.result for outcome in known.values()]))
    for metric in known:
        page.tables(*told[metric].tables("forecast")[:1], folded=True, about=ABOUT["expected"])
    page.tables(*planned.tables("planned_forecast")[:1], folded=True, about="by channel, with its range")
    page.tables(*past.tables("forecast_record"), folded=True, about=ABOUT["record"])
    return page


def _together(found: Any) -> Found:
    """What several calls could not tell, and their evidence."""
    whole = Found()
    for one in found:
        whole.missing += [words for words in one.missing if words not in whole.missing]
        whole.evidence += one.evidence
    return whole


def _lead(known: Mapping[str, Outcome[Any, Any]]) -> str:
    """The first sentence of each forecast."""
    tool = installed().runtime.catalogue.get("forecast")
    first, *others = [tool.worded(outcome).split("\n\n")[0] for outcome in known.values()]
    return "\n".join([first, "", *(f"- {line}" for line in others)])


def _with_plan(planned: Found) -> str:
    """What the planned spend changes, or what is missing for that to be told."""
    if outcome := planned.outcomes.get("planned_forecast"):
        words = installed().runtime.catalogue.get("planned_forecast").worded(outcome).split("\n\n")
        return "\n\n".join(words[:2])
    return " ".join(["Spend as now is taken to go on.", *planned.missing])


def record_table(results: list[Forecast]) -> Table:
    """How forecasts of each figure did at past dates, beside what is expected."""
    return Table(
        title="How far off such forecasts were before",
        columns=[
            Column(name="figure", title="Figure"),
            Column(name="error", title="Usual error", unit="share"),
            Column(name="held", title="Ranges that held", unit="share"),
            Column(name="judged", title="Ranges judged", unit="ranges"),
            Column(name="less", title="Less error than the last cycle again", unit="share"),
            Column(name="way", title="Way of forecasting"),
        ],
        rows=[
            [NAMES[one.metric], one.error_share, one.coverage, one.judged, one.less_than_naive, one.champion]
            for one in results
        ],
        total_rows=len(results),
        tool="forecast",
    )


async def _targets(identity: Identity, known_until: date) -> cl.CustomElement:
    """Targets of the running days with their pace, and a form for another (Targets.jsx)."""
    props = {
        "targets": [row for metric in PACED if (row := await _pace(metric, identity))],
        "may_keep": WRITE in identity.scopes,
        "metrics": [[metric, NAMES[metric]] for metric in PACED],
        "periods": periods_to_come(known_until + timedelta(days=1)),
    }
    return cl.CustomElement(name=CARD, display="inline", props=props)


def periods_to_come(today: date) -> list[list[str]]:
    """Days that targets are set for: a name, the first and the last."""
    this = first_of_month(today)
    following = month_after(this)
    quarter = month_after(this, -((today.month - 1) % 3))
    spans = [
        (f"This month ({month(this)})", this, month_after(this)),
        (f"Next month ({month(following)})", following, month_after(following)),
        ("This quarter", quarter, month_after(quarter, 3)),
        ("Next quarter", month_after(quarter, 3), month_after(quarter, 6)),
        (f"This year ({today.year})", date(today.year, 1, 1), date(today.year + 1, 1, 1)),
    ]
    return [[name, begin.isoformat(), (end - timedelta(days=1)).isoformat()] for name, begin, end in spans]


async def _pace(metric: str, identity: Identity, asked: Mapping[str, Any] | None = None) -> dict[str, str] | None:
    """How a kept target stands, in words; None where none is kept; why it cannot be told where the history is short."""
    try:
        found = await installed().call("target_pace", {"metric": metric, **(asked or {})}, identity)
    except NoSuchData as error:
        if error.field == "amount":
            return None
        return {"name": NAMES[metric], "verdict": "open", "about": error.message, "days": ""}
    unit, money = found["unit"], found["currency"]
    so_far, expected, low, high, needed = (
        amount(found[name] if unit == "money" else round(found[name]), unit, money)
        for name in ("so_far", "expected", "low", "high", "needed_a_day")
    )
    begun = f"{so_far} by {day(found['known_until'])}; " if found["start"] <= found["known_until"] else ""
    return {
        "name": f"{NAMES[metric]}: {amount(found['target'], unit, money)}",
        "days": period(found["start"], found["end"]),
        "verdict": found["verdict"],
        "about": f"{begun}{expected} expected in all, nine times in ten {low} to {high}. "
        f"Chance {percent(found['chance'])}; each day left has to bring {needed}.",
    }


async def keep_target(action: cl.Action) -> dict[str, Any]:
    """A person set a target; how it stands now."""
    told = action.payload
    try:
        identity = await present()
        asked = {"metric": told.get("metric"), "start": told.get("start"), "end": told.get("end")}
        await installed().call("set_target", {**asked, "amount": _number(told.get("amount"))}, identity)
        rows = [row for metric in PACED if (row := await _pace(metric, identity))]
        kept = await _pace(str(asked["metric"]), identity, {"start": asked["start"], "end": asked["end"]})
    except AimaError as error:
        return {"error": error.message}
    return {"targets": rows, "kept": kept}


def _number(said: Any) -> float:
    """An amount as people write it; FixArguments says how."""
    try:
        return float(str(said).replace(",", "").replace(" ", ""))
    except ValueError:
        raise FixArguments("A target is an amount such as 50,000.", field="amount") from None
