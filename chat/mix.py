"""The page of the marketing mix: what each channel brings, curves, checks; `/mix fit` and `/mix check` do so before."""

from __future__ import annotations

import asyncio

from chat.downloads import download_element
from chat.findings import Calls, Page, ask
from chat.opening import Opened, opened_page
from chat.parts import installed
from core.errors import GiveUp
from core.identity import WRITE, Identity
from tools.mix.sensitivity import NOT_CHECKED

__all__ = ["FIT", "show_mix"]

TITLE = "What each ad channel brings"
POLL_S = 1.0
FIT, CHECK = "/mix fit", "/mix check"
AFTER = ("/budget", "Which experiments calibrate the mix model?")
WORK = {"fit": "fit_mix", "check": "check_mix_sensitivity"}


async def show_mix(words: str, identity: Identity, *, is_demo: bool) -> None:
    """The newest fit, or a preview until there is one."""
    async with opened_page(TITLE, "Looking up what channels bring") as opened:
        if work := WORK.get(words.strip().lower()):
            await _finished(work, opened, identity)
        page = await _mix_page(identity)
        has_fit = "mix_curves" in page.found.outcomes
        again = () if WRITE not in identity.scopes else (FIT, CHECK) if has_fit else (FIT,)
        await page.show(opened, (*again, *AFTER), is_demo=is_demo)


async def _finished(work: str, opened: Opened, identity: Identity) -> None:
    """Start the work and say how far it is until it has ended."""
    started = await installed().call(work, {}, identity)
    while True:
        job = await installed().call("job_status", {"job_id": started["job_id"]}, identity)
        if job["status"] == "failed":
            raise GiveUp(f"The marketing mix model could not be worked on. {job['error']}")
        if job["status"] == "succeeded":
            return
        opened.message.content = (
            f"### {opened.title}\n\n_{job['detail'] or 'waiting for a worker'} … {job['progress']:.0%}_"
        )
        await opened.message.update()
        await asyncio.sleep(POLL_S)


async def _mix_page(identity: Identity) -> Page:
    found = await ask(CALLS, identity)
    page = Page(found, identity)
    report = found.outcomes.get("mix_report")
    if report is None:
        return page
    is_checked_later = "mix_curves" in found.outcomes  # the lead says what a preview lacks; a second fit comes anyway
    found.missing = [words for words in found.missing if is_checked_later and NOT_CHECKED in words]
    page.lead = installed().runtime.catalogue.get("mix_report").worded(report)
    page.charts(*found.charts("mix_report"))
    first, *others = found.tables("mix_report")
    page.tables(first)
    if not report.result.preview and report.result.verdict != "failed":
        page.elements.append(download_element("media_report", {}))
    page.charts(*found.charts("mix_curves"))
    for table in others:
        page.tables(table, folded=True, about=ABOUT.get(table.title, ""))
    for tool in ("mix_sensitivity", "mix_changes"):
        page.charts(*found.charts(tool))
        for table in found.tables(tool):
            page.tables(table, folded=True, about=ABOUT.get(table.title, ""))
    page.tables(*found.tables("list_lift_tests"), folded=True, about="what experiments measured, for calibration")
    return page


CALLS: Calls = (
    ("mix_report", {}), ("mix_curves", {}), ("mix_sensitivity", {}), ("mix_changes", {}), ("list_lift_tests", {}),
)  # fmt: skip
ABOUT = {
    "How effects come and wear off": "carryover, saturation, and what was thought before the data",
    "Checks of the model": "what has to hold before its advice is given",
    "Each channel under each other choice": "how far returns move where the model is fitted otherwise",
    "Each channel before and now": "the newest fit against the one before",
    "Past weeks stated anew": "figures that are others than when the model was fitted before",
}
