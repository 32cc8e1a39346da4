"""Amazon SES: what is sent byte for byte, how requests are signed, its limits, its states, and its check."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from connectors.channels import http
from connectors.channels.contract import Envelope, Message, Refused, Rendered, Transport, Unreachable
from connectors.channels.email import CHANNEL as EMAIL
from connectors.channels.ses import PROVIDER, SesSettings, sns
from connectors.channels.ses.signature import CONTENT, SigV4
from core.errors import RetryLater
from tests.conformance.apis import Fault, ProviderApi, Reply, Request, reply
from tests.conformance.apis.ses import SesApi, error
from tests.conformance.scenes.ses import SesScene

NOTED = json.loads((Path(__file__).parents[1] / "data" / "provider_requests.json").read_text(encoding="utf-8"))
SHOP, OURS = "Käthe & Söhne <shop@example.com>", UUID(int=4711)
ADA = "ada@example.com"
AT = datetime(2026, 6, 15, 12, tzinfo=UTC)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[SesScene]:
    scene = SesScene(tmp_path)
    yield scene
    scene.stop()


@pytest.fixture
def api(scene: SesScene) -> SesApi:
    return scene.api


@pytest.fixture
def transport(scene: SesScene) -> Iterator[Transport]:
    transport = scene.open()
    yield transport
    transport.close()


def message() -> Message:
    envelope = Envelope(OURS, SHOP, "ada@example.com", "https://aima.example.com/u/4711", AT, "help@example.com")
    return EMAIL.compose(Rendered("Grüße 🎁", "Hello\n", "<p>Hello</p>"), envelope)


def test_the_message_is_ours_to_the_last_header(transport: Transport, api: SesApi) -> None:
    receipt = transport.deliver(message(), lambda: None)
    (sent,) = api.sent
    assert (receipt.provider, receipt.reference, sent.id) == ("ses", sent.reference, str(OURS))
    assert sent.whole["From"] == SHOP
    assert sent.whole["Subject"] == "Grüße 🎁"
    assert sent.whole["Reply-To"] == "help@example.com"
    assert sent.whole["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(sent.whole["List-Unsubscribe"]).startswith("<https://aima.example.com/u/4711>, <mailto:shop@")
    tree = api.asked[0].json
    assert tree["EmailTags"] == [{"Name": "message", "Value": str(OURS)}]
    raw = base64.b64decode(tree["Content"]["Raw"]["Data"])
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert "ConfigurationSetName" not in tree


def test_the_configuration_set_goes_with_it(scene: SesScene) -> None:
    transport = PROVIDER.open(scene.settings.model_copy(update={"ses_configuration_set": "aima"}))
    transport.deliver(message(), lambda: None)
    assert scene.api.asked[0].json["ConfigurationSetName"] == "aima"
    transport.close()


# --- limits and states ---


@pytest.mark.parametrize(
    "fault",
    [
        reply(400, {"message": "Maximum sending rate exceeded."}, x_amzn_ErrorType="ThrottlingException"),
        reply(429, {"message": "Maximum sending rate exceeded."}, x_amzn_ErrorType="TooManyRequestsException"),
        reply(400, {"__type": "com.amazonaws.ses.v2#TooManyRequestsException", "message": "slow down"}),
    ],
)
def test_too_fast_waits_a_moment_and_is_delivered_once(
    fault: Fault, transport: Transport, api: SesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "FIRST_PAUSE_S", 0.01)
    api.faults, asked = [fault] * 2, list[str]()
    transport.deliver(message(), lambda: asked.append("once"))
    assert (asked, len(api.asked), len(api.sent)) == (["once"], 3, 1)
    api.faults = [fault] * http.ATTEMPTS
    with pytest.raises(Unreachable, match=r"takes no more for now: (Maximum sending rate|slow down)"):
        transport.deliver(message(), lambda: None)


def test_a_day_s_quota_is_waited_for_an_hour(transport: Transport, api: SesApi) -> None:
    daily = {"message": "Daily message quota exceeded."}
    api.faults = [reply(429, daily, x_amzn_ErrorType="TooManyRequestsException")]
    with pytest.raises(Unreachable, match="Daily message quota") as found:
        transport.deliver(message(), lambda: None)
    assert (found.value.retry_after_s, len(api.asked)) == (3600, 1)


@pytest.mark.parametrize(
    ("kind", "words", "expected"),
    [
        ("MessageRejected", "Illegal content", Refused),
        ("BadRequestException", "Illegal address", Refused),
        ("MessageRejected", "Email address is not verified. The following identities failed: x", Unreachable),
        ("SendingPausedException", "Email sending is disabled", Unreachable),
        ("AccountSuspendedException", "shut", Unreachable),
        ("MailFromDomainNotVerifiedException", "MAIL FROM", Unreachable),
        ("NotFoundException", "Configuration set <x> does not exist.", Unreachable),
        ("UnrecognizedClientException", "The security token included in the request is invalid.", Unreachable),
        ("ExpiredTokenException", "expired", Unreachable),
        ("AccessDeniedException", "not authorized to perform ses:SendEmail", Unreachable),
    ],
)
def test_what_is_of_the_message_and_what_stops_everything(
    kind: str, words: str, expected: type[Exception], transport: Transport, api: SesApi
) -> None:
    status = {"AccessDeniedException": 403, "UnrecognizedClientException": 403, "NotFoundException": 404}
    said = error(status.get(kind, 400), kind, words)
    api.faults = [lambda _api, handler, _request: handler.send(said)]
    with pytest.raises(expected):
        transport.deliver(message(), lambda: None)
    assert len(api.asked) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SendingEnabled": False}, "paused"),
        ({"EnforcementStatus": "SHUTDOWN"}, "paused"),
        ({"ProductionAccessEnabled": False}, "sandbox"),
        ({"SendQuota": {"Max24HourSend": 200.0, "SentLast24Hours": 200.0}}, "used up"),
    ],
)
def test_the_check_knows_the_states_of_an_account(changes: dict[str, Any], words: str, scene: SesScene) -> None:
    assert PROVIDER.check is not None
    PROVIDER.check(scene.settings, SHOP, "ada@example.com")
    scene.api.account |= changes
    with pytest.raises(Unreachable, match=words):
        PROVIDER.check(scene.settings, SHOP, "ada@example.com")
    assert scene.api.sent == []


def test_a_domain_stands_for_those_below_it_and_a_right_that_lacks_is_named(scene: SesScene) -> None:
    assert PROVIDER.check is not None
    PROVIDER.check(scene.settings, "Shop <news@mail.shop.example.com>", ADA)
    with pytest.raises(Unreachable, match="not verified"):
        PROVIDER.check(scene.settings, "Shop <news@elsewhere.example>", ADA)
    denied = error(403, "AccessDeniedException", "User is not authorized to perform: ses:GetAccount")
    scene.api.answer = lambda _request: denied  # type: ignore[method-assign]
    with pytest.raises(Unreachable, match=r"may not do that .*ses:GetAccount"):
        PROVIDER.check(scene.settings, SHOP, ADA)


# --- signatures ---


@pytest.mark.parametrize("vector", NOTED["signatures"], ids=lambda vector: f"{vector['method']} {vector['url'][-30:]}")
def test_requests_are_signed_as_amazon_s_own_client_signs_them(vector: dict[str, Any]) -> None:
    at = datetime.strptime(vector["date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    auth = SigV4(vector["key"], vector["secret"], vector["region"], "ses", clock=lambda: at)
    hashed = {CONTENT: vector["hash"]} if vector["hash"] else {}
    request = httpx.Request(vector["method"], vector["url"], headers=hashed, content=vector["body"].encode())
    next(auth.auth_flow(request))
    assert request.headers["Authorization"] == vector["authorization"]


def test_settings_that_do_not_fit_are_refused() -> None:
    for given in ({"ses_key": "AKIA0000000000000000"}, {"ses_region": "eu-central-1", "ses_secret": "geheim"}):
        with pytest.raises(ValueError, match="go together") as found:
            SesSettings.model_validate(given)
        assert "geheim" not in str(found.value)
    for name, wrong in (("ses_region", "../x"), ("ses_topic", "arn:aws:sqs:x"), ("ses_key", "geheim geheim")):
        with pytest.raises(ValueError, match=name):
            SesSettings.model_validate({name: wrong})


# --- what is fetched from SNS ---


class SnsApi(ProviderApi):
    """Certificates, and confirmations."""

    def is_message(self, request: Request) -> bool:
        return False

    def answer(self, request: Request) -> Reply:
        if request.path == "/moved":
            return Reply(302, None, {"Location": "/certificate"})
        return Reply(200, b"x" * 100_000) if request.path == "/certificate" else Reply(404)


def test_what_sns_has_is_fetched_up_to_a_size_and_no_redirect_is_followed() -> None:
    api = SnsApi()
    assert sns.fetched(f"{api.url}/certificate") == b"x" * (64 << 10)
    for path in ("/moved", "/nothing"):
        with pytest.raises(RetryLater, match="Amazon SNS answered"):
            sns.fetched(api.url + path)
    api.stop()
    with pytest.raises(RetryLater, match="cannot be reached"):
        sns.fetched(f"{api.url}/certificate")
    assert [one.path for one in api.asked] == ["/certificate", "/moved", "/nothing"]
