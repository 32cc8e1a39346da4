"""The attribution page: which channels and campaigns are credited with orders, by every method."""

from __future__ import annotations

from chat.findings import Calls, Page, ask
from chat.opening import opened_page
from core.identity import Identity
from tools.attribution.wording import credit_lead, refunds, why_they_differ

__all__ = ["ATTRIBUTION", "show_attribution"]

ATTRIBUTION: Calls = (("attribution_report", {}),)
CREDIT_ONLY = (
    "Credit is not cause: it shares out orders among the channels that customers met before them. What a channel "
    "caused only a campaign with a control group tells; where there is one, it stands below."
)
AFTER = ("First touch versus last touch", "Attribution of new customers", "Attribution by campaign")


async def show_attribution(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """Credit by channel and method, then what control groups measured."""
    async with opened_page("Which channels are credited", "Following customers from touch to order") as opened:
        found = await ask(ATTRIBUTION, identity)
        page = Page(found, identity)
        if credit := found.result("attribution_report"):
            parts = (
                credit_lead(credit, credit.currency),
                why_they_differ(credit),
                refunds(credit, credit.currency),
                CREDIT_ONLY,
            )
            page.lead = "\n\n".join(part for part in parts if part)
        page.charts(*found.charts("attribution_report"))
        page.tables(*found.tables("attribution_report"))
        await page.show(opened, AFTER, is_demo=is_demo)
