"""Pages as a marketer uses them: customers, segments, churn, the dashboard, alerts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from cli.session import opened, organisation
from core.clock import utc_now
from database.queries import outbox
from tests.browser.screen import PATIENCE_S, Running, Screen, shows, wait_for
from tests.conftest import PROJECT
from tests.mail_server import MailServer
from tests.mix_shop import keep_fit

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("command", ["segments", "churn", "value", "settings"])
def test_pages_show_tables_and_fit_a_phone(open_screen: Callable[..., Screen], command: str) -> None:
    screen = open_screen(400)
    screen.choose(command, ".aima-table:visible")
    screen.page.locator(".aima-table:visible tbody tr").first.wait_for()
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 400
    assert screen.errors == []


def test_a_rule_is_counted_while_it_is_edited_then_saved_and_written_to(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen()).page
    screen.choose("segments", ".aima-editor")
    editor = page.locator(".aima-editor")
    many = counted(editor)
    shows(editor.locator("tbody tr"), 5)
    editor.locator("[aria-label='In words']").fill(
        "customers who spent over 100 and have not opened an email for a month"
    )
    editor.locator("button:has-text('Turn into')").click()
    editor.locator("select[aria-label=Event]").wait_for()
    assert editor.locator("select[aria-label=Did]").input_value() == "false"
    assert editor.locator("[role=alert]").count() == 0
    wait_for("a count of the words", lambda: 0 < counted(editor) != many)
    many = counted(editor)
    editor.locator("input[aria-label=Value]").fill("400")
    wait_for("a smaller count", lambda: 0 < counted(editor) < many)
    few = counted(editor)
    editor.locator("button:has-text('Event')").click()
    editor.locator("select[aria-label=Did]").last.select_option("false")
    wait_for("a count with the event", lambda: few >= counted(editor) > 0)
    chosen = counted(editor)
    editor.locator("input[name=segment]").fill("Silent for long")
    editor.locator("button:has-text('Save')").click()
    assert f"{chosen:,} customers" in editor.locator("[role=note]").inner_text()
    editor.locator("button:has-text('Launch')").click()
    editor.locator("input[name=subject]").fill("We have missed you")
    editor.locator("textarea[name=body_text]").fill("Hello {first_name|there}, come and see what is new.")
    editor.locator("button:has-text('Propose')").click()
    card = page.locator(".aima-card[data-status=pending]")
    card.wait_for()
    assert "We have missed you" in card.inner_text()
    assert screen.errors == []


def test_whom_emails_come_from_is_set_checked_and_tried_on_the_page(
    open_screen: Callable[..., Screen], tmp_path: Path
) -> None:
    page, server = (screen := open_screen()).page, MailServer(tmp_path / "mail.log")
    screen.choose("settings", ".aima-settings")
    page.locator("[aria-label='Change how Emails are sent']").click()
    form = page.locator(".aima-channel")
    form.locator("select[name=provider]").select_option("smtp")
    filled = {"smtp_host": "127.0.0.1", "smtp_port": "many", "sender_name": "Quay & Co", "sender": "news@quay.example"}
    for name, value in filled.items():
        form.locator(f"input[name={name}]").fill(value)
    form.locator("select[name=smtp_security]").select_option("none")
    form.locator("button:has-text('Save')").click()
    form.locator("[role=alert]:has-text('“Port” has to be a whole number')").wait_for()
    form.locator("input[name=smtp_port]").fill(str(server.port))
    form.locator("button:has-text('Save')").click()
    form.locator("text=Saved.").wait_for()
    try:
        assert "from Quay & Co <news@quay.example>" in page.locator("li:has(.aima-channel)").inner_text()
        form.locator("button:text-is('Check')").click()
        form.locator("text=takes emails from Quay & Co").wait_for()
        form.locator("button:has-text('Send me a test')").click()
        form.locator("text=on its way to").wait_for()
        assert sum(server.recipients().values()) == 1
    finally:
        form.locator("button:has-text('Remove these settings')").click()
        form.locator("button:text-is('Keep')").click()
        assert "from Quay & Co" in page.locator("li:has(.aima-channel)").inner_text()  # asked about first
        form.locator("button:has-text('Remove these settings')").click()
        form.locator("button:text-is('Yes, remove')").click()
        form.locator("text=Removed").wait_for()
        server.stop()
    assert "sandbox mailbox" in page.locator("li:has(.aima-channel)").inner_text()
    assert screen.errors == []


def test_when_messages_go_out_is_set_on_the_page(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen()).page
    screen.choose("settings", ".aima-settings")
    form = page.locator(".aima-rules")
    for name, value in {"quiet_from": "21:00", "quiet_until": "08:00", "messages": "3"}.items():
        form.locator(f"input[name={name}]").fill(value)
    form.locator("button:has-text('Save')").click()
    form.locator("[role=alert]:has-text('write messages and days such as 3/7')").wait_for()
    form.locator("input[name=days]").fill("7")
    form.locator("button:has-text('Save')").click()
    form.locator("text=It holds for all that has not been sent yet.").wait_for()
    for name in ("quiet_from", "quiet_until", "messages", "days"):
        form.locator(f"input[name={name}]").fill("")
    form.locator("button:has-text('Save')").click()
    form.locator("text=It holds for all that has not been sent yet.").wait_for()
    assert screen.errors == []


def test_a_segment_leads_to_its_playbook_and_the_page_to_what_comes_next(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen()).page
    screen.choose("segments", ".aima-editor")
    row = page.locator(".aima-table tr", has=page.locator("button:has-text('Playbook')")).first
    segment = row.locator("td").first.inner_text()
    row.locator("button:has-text('Playbook')").click()
    page.locator(f"text=/{segment}.*(customers|playbook)/i").last.wait_for()
    page.locator("li:has-text('offers:')").first.wait_for()
    page.locator(".aima-chip:has-text('Which segments overlap?')").first.click()
    page.locator("text=/in both|they are computed in the minutes after/").first.wait_for()
    assert screen.errors == []


def test_the_customers_of_an_answer_become_a_segment_to_edit(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen()).page
    screen.ask("How many customers spent over 200?")
    page.locator("button:has-text('Edit as segment')").click()
    editor = page.locator(".aima-editor")
    editor.wait_for()
    assert editor.locator("input[aria-label=Value]").input_value() == "200"
    editor.locator("[aria-label='In words']").fill("spent over 300 and drive a van")
    editor.locator("button:has-text('Turn into')").click()
    assert "drive a van" in editor.locator("[role=alert]").inner_text()
    assert editor.locator("input[aria-label=Value]").input_value() == "300"
    assert screen.errors == []


def test_risk_is_a_ring_and_a_row_opens_its_customer(open_screen: Callable[..., Screen], aima: Running) -> None:
    page = (screen := open_screen(400)).page
    screen.choose("churn", ".aima-table")
    page.locator(".aima-chart path.slice").first.wait_for()
    page.locator(".aima-table button:has-text('Campaign')").first.wait_for()
    row = page.locator(".aima-table tr", has=page.locator("button:has-text('Open')")).first
    name, customer = row.locator("td").first.inner_text(), row.locator("td").nth(2).inner_text()
    assert name != customer, "people by their names first"
    row.locator("button:has-text('Open')").click()
    profile = page.locator(f".aima-profile[data-customer='{customer}']")
    profile.wait_for()
    assert profile.locator(".aima-part").count() >= 6, "every part of the health score"
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert screen.errors == []
    kept = aima.home / "chat-files"
    assert customer in "".join(file.read_text() for file in kept.rglob("*.json"))
    assert kept.stat().st_mode & 0o077 == 0, "what a page shows of customers is closed to other accounts"
    assert not any((PROJECT / ".files").glob("*")), "nothing is left beside the code"


def somebody(aima: Running, *, agreed: bool) -> str:
    """A customer with an address who agreed to email, or declined it."""
    sql = """select external_id from customer_facts where email <> '' and consent_email = :agreed
             and churn_status = 'active' and orders_all > 3 order by external_id limit 1"""
    with (
        opened(aima.home) as session,
        session.database.transaction(organisation(session.database, "demo")) as connection,
    ):
        return str(connection.execute(text(sql), {"agreed": agreed}).scalar_one())


def test_a_customer_is_searched_opened_and_written_to(open_screen: Callable[..., Screen], aima: Running) -> None:
    page = (screen := open_screen()).page
    screen.choose("customers", ".aima-customers")
    table = page.locator(".aima-customers")
    everybody = int(table.get_attribute("data-total") or 0)
    table.locator("[aria-label='Search customers']").fill("manchester")
    wait_for("a smaller list", lambda: 0 < int(table.get_attribute("data-total") or 0) < everybody)
    table.locator("[aria-label=risk]").select_option("high")
    wait_for("a sorted page", lambda: table.get_attribute("aria-busy") == "false")
    table.locator("th button:has-text('Orders')").click()
    table.locator("th[aria-sort=descending]:has-text('Orders')").wait_for()
    wait_for("the order", lambda: table.get_attribute("aria-busy") == "false")
    orders = [int(cell) for cell in table.locator("tbody td:nth-child(4)").all_inner_texts()]
    assert orders == sorted(orders, reverse=True)
    table.locator("tbody tr").first.click()
    profile = page.locator(".aima-profile").first
    profile.wait_for()
    assert profile.locator(".aima-months .bar").count() > 3
    shows(profile.locator("text=/ to \\d+ \\w+ 20\\d\\d/"), 1, "the next purchase with its interval")
    screen.ask(f"/customer {somebody(aima, agreed=False)}", ".aima-profile")
    assert page.locator(".aima-profile").last.locator("button:has-text('Draft it')").count() == 0, "declined email"
    screen.ask(f"/customer {somebody(aima, agreed=True)}", ".aima-profile")
    page.locator(".aima-profile").last.locator("button:has-text('Draft it')").first.click()
    page.locator(".aima-card[data-status=pending]").wait_for()
    assert screen.errors == []


def test_words_that_a_page_takes_no_account_of_are_told(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen()).page
    screen.ask("/churn Germany", "text=/“Germany” is left out/")
    page.locator(".aima-chip:has-text('Churn Germany')").wait_for()
    page.locator(".aima-chart path.slice").first.wait_for()
    assert screen.errors == []


def test_the_dashboard_fits_a_phone_and_leads_on(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen(400)).page
    screen.choose("dashboard", ".aima-dashboard .aima-kpi")
    assert page.locator(".aima-kpi .aima-spark").count() >= 5
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.locator(".aima-dashboard button:has-text('Value at risk')").click()
    page.locator(".aima-table button:has-text('Campaign')").first.wait_for()
    screen.choose("plans", "text=/Plans and what became|Nothing has been proposed/")
    assert screen.errors == []


def test_every_figure_of_the_dashboard_obeys_the_period_and_adds_up(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen()).page
    screen.choose("dashboard", ".aima-dashboard .aima-kpi")
    card = page.locator(".aima-dashboard")
    assert "Last 28 days" in card.locator("h3").inner_text()
    first = shown_figures(card)
    card.locator(".aima-picker select").first.select_option("last_month")
    card.locator("h3:has-text('Last month')").wait_for()
    card.locator(".aima-picker select").nth(1).select_option("last_year")
    wait_for("the comparison", lambda: card.get_attribute("aria-busy") == "false")
    assert "Last month" in card.locator("h3").inner_text()
    assert " against " in card.locator(".aima-period [role=status]").inner_text()
    second = shown_figures(card)
    assert second != first
    for revenue, breakdowns in (first, second):
        assert breakdowns, "where revenue comes from"
        for dimension, (total, shares) in breakdowns.items():
            assert abs(sum(shares) - 1) < 1e-4, dimension
            assert dimension == "product" or abs(total - revenue) < 0.01, dimension
    card.locator(".aima-kpi[data-metric=orders]").click()
    card.locator("h4:has-text('Orders by day')").wait_for()
    card.locator(".aima-course").hover()
    assert card.locator(".aima-tip").inner_text()
    assert screen.errors == []


def shown_figures(card: Locator) -> tuple[float, dict[str, tuple[float, list[float]]]]:
    """Revenue, and each breakdown's total with its shares, as they stand on the dashboard."""
    found = {}
    for bars in card.locator(".aima-bars[data-dimension]").all():
        shares = [float(one.get_attribute("data-share") or 0) for one in bars.locator(".share").all()]
        found[bars.get_attribute("data-dimension") or ""] = (float(bars.get_attribute("data-total") or 0), shares)
    return float(card.locator(".aima-kpi[data-metric=revenue]").get_attribute("data-now") or 0), found


def test_what_is_to_come_has_a_band_and_a_target_is_set_there(open_screen: Callable[..., Screen]) -> None:
    page = (screen := open_screen(400)).page
    screen.choose("forecast", ".aima-targets")
    page.locator(".aima-notes").first.wait_for()
    charts = page.locator(".aima-chart:has(polygon.band)")
    wait_for("a band for each figure", lambda: charts.count() >= 3)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    charts.first.locator("button:has-text('Table')").click()
    assert " to " in charts.page.locator(".aima-chart").first.locator("tbody tr").first.inner_text(), "its range"
    targets = page.locator(".aima-targets")
    targets.locator("input[name=amount]").fill("a lot")
    targets.locator("button:has-text('Set the target')").click()
    targets.locator("[role=alert]:has-text('such as 50,000')").wait_for()
    targets.locator("select[name=days]").select_option("1")
    targets.locator("input[name=amount]").fill("50,000")
    targets.locator("button:has-text('Set the target')").click()
    targets.locator("[role=status]:has-text('Kept.')").wait_for(timeout=PATIENCE_S * 1000)
    assert "Revenue: $50,000" in targets.locator("li").first.inner_text()
    assert page.locator("text=How far off such forecasts were before").count() == 1
    assert screen.errors == []


@pytest.mark.slow
def test_the_budget_leads_to_a_fit_and_after_it_to_the_report(
    open_screen: Callable[..., Screen], aima: Running, tmp_path: Path
) -> None:
    page = (screen := open_screen()).page
    screen.choose("budget", ".aima-chart")
    page.locator(".aima-chip:has-text('Fit the model')").wait_for()
    assert "has not been fitted" in page.locator(".message-content").last.inner_text()
    assert page.locator(".aima-download").count() == 0
    with opened(aima.home) as session:
        keep_fit(session.database, organisation(session.database, "demo"), now=utc_now())
    page = (screen := open_screen()).page
    screen.choose("budget", ".aima-download")
    page.locator("text=Sales beyond the same money spread evenly").wait_for()
    with page.expect_download() as saved:
        page.locator(".aima-download button").click()
    saved.value.save_as(tmp_path / "report.pdf")
    assert saved.value.suggested_filename.startswith("marketing-mix-and-budget-")
    assert len(PdfReader(tmp_path / "report.pdf").pages) == 2
    screen.ask("Give me the mix report as a PDF", ".aima-download")
    page.locator(".aima-chip:has-text('Put this split before a person')").first.click()
    page.locator("[data-budget]").wait_for(timeout=PATIENCE_S * 1000)
    assert screen.errors == []


def test_alerts_greet_until_somebody_has_seen_them_and_unknown_deliveries_are_settled(
    open_screen: Callable[..., Screen], aima: Running
) -> None:
    page = (screen := open_screen()).page
    screen.ask("Write a win-back email to the Promising customers", ".aima-card[data-status=pending]")
    page.locator(".aima-card .aima-go").click()
    page.locator("text=is carried out").first.wait_for(timeout=PATIENCE_S * 1000)
    with (
        opened(aima.home) as session,
        session.database.transaction(organisation(session.database, "demo")) as connection,
    ):
        lost = """update messages set status = 'unknown', sent_at = null
                  where id in (select id from messages where status = 'sent' limit 1) returning id"""
        outbox.announce_unknown(connection, list(connection.execute(text(lost)).scalars()))
    page = (screen := open_screen()).page
    needs = page.locator(".aima-needs")
    lost_alert = needs.locator("li", has_text="may or may not have been delivered")
    lost_alert.locator("button:has-text('Look')").click()
    page.locator(".aima-unknown button:has-text('It arrived')").click()
    page.locator(".aima-unknown").wait_for(state="detached")
    assert "unknown" not in page.locator(".aima-card .aima-progress").inner_text()
    assert page.locator(".aima-home").count() == 0, "the greeting leaves with the first question"
    page = open_screen().page
    page.locator(".aima-starters").wait_for()
    seen = page.locator(".aima-needs button[title^='Seen']")
    while left := seen.count():
        seen.first.click()
        wait_for("the alert to go", lambda left=left: seen.count() < left)
    page = open_screen().page
    page.locator(".aima-starters").wait_for()
    assert page.locator(".aima-needs button[title^='Seen']").count() == 0, "told once"
    assert screen.errors == []


def counted(editor: Locator) -> int:
    """Customers the editor shows, once it has counted."""
    editor.locator("[role=status]:not([data-count=''])").wait_for()
    return int(editor.locator("[role=status]").get_attribute("data-count") or 0)
