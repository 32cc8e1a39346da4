"""Amazon SES, WhatsApp and a webhook set at the shell by one organisation, and asked whether they take its messages."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from database.engine import Database
from tests.conformance.apis.ses import KEY, REGION, SECRET, SesApi
from tests.conformance.apis.webhook import PATH, WebhookApi
from tests.conformance.apis.webhook import SECRET as SIGNING
from tests.conformance.apis.whatsapp import ACCOUNT, NUMBER, TOKEN, WhatsAppApi, template
from tests.integration.accounts import someone
from tests.integration.test_channel_shell import Run, audited, run

__all__ = ["run"]


@pytest.fixture
def ses(monkeypatch: pytest.MonkeyPatch) -> Iterator[SesApi]:
    """Amazon's API on loopback."""
    api = SesApi()
    monkeypatch.setattr("connectors.channels.ses.SesSettings.endpoint", api.url)
    yield api
    api.stop()


@pytest.fixture
def whatsapp(monkeypatch: pytest.MonkeyPatch) -> Iterator[WhatsAppApi]:
    api = WhatsAppApi()
    api.templates = [template("news", ("BODY", "Hello {{1}}"))]
    monkeypatch.setattr("connectors.channels.whatsapp.WhatsAppSettings.endpoint", api.url)
    yield api
    api.stop()


@pytest.fixture
def webhook() -> Iterator[WebhookApi]:
    api = WebhookApi()
    yield api
    api.stop()


def test_ses_is_set_shown_and_asked(run: Run, ses: SesApi, database: Database, organisation: UUID) -> None:
    told = ["--set", f"ses_key={KEY}", "--set", f"ses_region={REGION}", "--from", "Shop <shop@example.com>"]
    code, said = run("set", "email", "--provider", "ses", *told, typed=[SECRET])
    assert (code, said.splitlines()[0]) == (0, "email: Sent by Amazon SES, from Shop <shop@example.com>.")
    admin = someone(database, organisation, "admin")
    assert run("check", "email", "--to", admin) == (0, "Amazon SES takes emails from Shop <shop@example.com>.\n")
    ses.account["SendingEnabled"] = False
    code, said = run("check", "email", "--to", admin)
    assert (code, "paused" in said) == (4, True)
    _code, listed = run("list")
    assert f"  ses_key: {KEY}\n" in listed
    assert "  ses_secret: (set)\n" in listed
    assert "ses_topic: Its ARN" in listed
    assert "ses_url" not in listed
    assert SECRET not in listed + said + audited(database, organisation)


def test_whatsapp_is_set_shown_and_asked(
    run: Run, whatsapp: WhatsAppApi, database: Database, organisation: UUID
) -> None:
    told = ["--set", f"whatsapp_number={NUMBER}", "--set", f"whatsapp_account={ACCOUNT}", "--from", "Mug Shop"]
    code, said = run("set", "whatsapp", "--provider", "whatsapp", *told, typed=[TOKEN, ""])
    assert (code, said.splitlines()[0]) == (0, "whatsapp: Sent by WhatsApp, from Mug Shop.")
    admin = someone(database, organisation, "admin")
    assert run("check", "whatsapp", "--to", admin) == (0, "WhatsApp takes WhatsApp messages from Mug Shop.\n")
    whatsapp.templates = []
    code, said = run("check", "whatsapp", "--to", admin)
    assert (code, "No marketing template" in said) == (4, True)
    assert TOKEN not in run("list")[1] + said


def test_a_webhook_inside_is_refused_until_whoever_runs_aima_allows_it(
    run: Run, webhook: WebhookApi, database: Database, organisation: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ["--set", f"webhook_url={webhook.url}{PATH}"]
    assert run("set", "webhook", "--provider", "webhook", *told, "--set", "webhook_networks=127.0.0.0/8")[0] == 2
    assert run("set", "webhook", "--provider", "webhook", *told, typed=[SIGNING])[0] == 0
    admin = someone(database, organisation, "admin")
    code, said = run("check", "webhook", "--to", admin)
    assert (code, "AIMA_WEBHOOK_NETWORKS" in said, webhook.asked) == (4, True, [])
    monkeypatch.setenv("AIMA_WEBHOOK_NETWORKS", "127.0.0.0/8")
    assert run("check", "webhook", "--to", admin) == (0, "Your webhook takes webhook messages from AIMA.\n")
    code, said = run("set", "webhook", "--set", "webhook_url=https://elsewhere.example.com/x", typed=[""])
    assert (code, "Fill in “Signing secret” again" in said) == (2, True)
    assert SIGNING not in run("list")[1] + said
