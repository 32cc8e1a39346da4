"""The page of the marketing mix: what each channel brings, curves, checks; `/mix fit` fits the model before."""

from __future__ import annotations

import asyncio

from chat.downloads import download_element
from chat.findings import Page, ask
from chat.opening import Opened, opened_page
from chat.parts import installed
from core.errors import GiveUp
from core.identity import WRITE, Identity

__all__ = ["FIT", "show_mix"]

TITLE = "What each ad channel brings"
POLL_S = 1.0
FIT = "/mix fit"
AFTER = ("/budget", "Which experiments calibrate the mix model?")


async def show_mix(words: str, identity: Identity, *, is_demo: bool) -> None:
    """The newest fit, or a preview until there is one."""
    async with opened_page(TITLE, "Looking up what channels bring") as opened:
        if words.strip().lower() == "fit":
            await _fit(opened, identity)
        page = await _mix_page(identity)
        again = (FIT,) if WRITE in identity.scopes else ()
        await page.show(opened, (*again, *AFTER), is_demo=is_demo)


async def _fit(opened: Opened, identity: Identity) -> None:
    """Start a fit and say how far it is until it has ended."""
    started = await installed().call("fit_mix", {}, identity)
    while True:
        job = await installed().call("job_status", {"job_id": started["job_id"]}, identity)
        if job["status"] == "failed":
            raise GiveUp(f"The marketing mix model could not be fitted. {job['error']}")
        if job["status"] == "succeeded":
            return
        opened.message.content = (
            f"### {opened.title}\n\n_{job['detail'] or 'waiting for a worker'} … {job['progress']:.0%}_"
        )
        await opened.message.update()
        await asyncio.sleep(POLL_S)


async def _mix_page(identity: Identity) -> Page:
    found = await ask((("mix_report", {}), ("mix_curves", {}), ("list_lift_tests", {})), identity)
    page = Page(found, identity)
    report = found.outcomes.get("mix_report")
    if report is None:
        return page
    if report.result.preview:
        found.missing = []  # the lead says that there is no fit yet
    page.lead = installed().runtime.catalogue.get("mix_report").worded(report)
    page.charts(*found.charts("mix_report"))
    first, *others = found.tables("mix_report")
    page.tables(first)
    if not report.result.preview and report.result.verdict != "failed":
        page.elements.append(download_element("media_report", {}))
    page.charts(*found.charts("mix_curves"))
    for table in others:
        page.tables(table, folded=True, about=ABOUT.get(table.title, ""))
    page.tables(*found.tables("list_lift_tests"), folded=True, about="what experiments measured, for calibration")
    return page


ABOUT = {
    "How effects come and wear off": "carryover, saturation, and what was thought before the data",
    "Checks of the model": "what has to hold before its advice is given",
}
