"""The attribution page: who is credited with orders, by every method; of one customer's orders; of a file of paths."""

from __future__ import annotations

from chat.findings import Calls, Page, ask
from chat.opening import opened_page
from core.identity import Identity
from tools.attribution.wording import credit_lead, path_credit, path_file_lead, path_lead, refunds, why_they_differ

__all__ = ["ATTRIBUTION", "show_attribution"]

ATTRIBUTION: Calls = (("attribution_report", {}),)
PATH_FILE: Calls = (("path_file_report", {}),)
CREDIT_ONLY = (
    "Credit is not cause: it shares out orders among the channels that customers met before them. What a channel "
    "caused only a campaign with a control group tells; where there is one, it stands below."
)
AFTER = ("First touch versus last touch", "Attribution of new customers", "Attribution by campaign")
AFTER_PATH = ("Which channels are credited with orders?", "What will they buy next?")
ALONE = "There are no touches of your own customers yet; this is the file of paths alone."


async def show_attribution(words: str, identity: Identity, *, is_demo: bool) -> None:
    """Credit by channel and method, then what control groups measured; with a customer's number, of their orders."""
    if words:
        await _show_path(words.removeprefix("customer ").strip(), identity, is_demo=is_demo)
        return
    async with opened_page("Which channels are credited", "Following customers from touch to order") as opened:
        found = await ask(ATTRIBUTION, identity)
        page = Page(found, identity)
        if credit := found.result("attribution_report"):
            lead = (credit_lead(credit, credit.currency), why_they_differ(credit), refunds(credit, credit.currency))
            page.lead = "\n\n".join(part for part in (*lead, CREDIT_ONLY) if part)
        else:
            await _of_file(page, identity)
        page.charts(*page.found.charts("attribution_report", "path_file_report"))
        page.tables(*page.found.tables("attribution_report", "path_file_report"))
        await page.show(opened, AFTER, is_demo=is_demo)


async def _of_file(page: Page, identity: Identity) -> None:
    """Where the shop has nothing to credit, the file of paths that is loaded, if there is one."""
    found = await ask(PATH_FILE, identity)
    if report := found.result("path_file_report"):
        page.found = found
        page.lead = f"{path_file_lead(report, report.currency)}\n\n{ALONE}"


async def _show_path(customer: str, identity: Identity, *, is_demo: bool) -> None:
    """What one customer met before ordering, and every method's credit for it."""
    title = f"What customer {customer} met before ordering"
    async with opened_page(title, "Following the customer from touch to order") as opened:
        found = await ask((("customer_path", {"customer": customer, "orders": 20}),), identity)
        page = Page(found, identity)
        if path := found.result("customer_path"):
            page.lead = "\n\n".join(part for part in (path_lead(path), path_credit(path, path.currency)) if part)
        page.charts(*found.charts("customer_path"))
        page.tables(*found.tables("customer_path"))
        await page.show(opened, AFTER_PATH, is_demo=is_demo)
