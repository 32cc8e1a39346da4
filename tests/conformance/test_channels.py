"""Every provider of a channel before the same tests, and the one of docs/adding-a-channel.md the whole way besides."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

import connectors.channels
from cli.doctor import checks
from cli.engines import Engines
from cli.wiring import bring_up_to_date
from connectors.channels.contract import (
    Attempt,
    Channel,
    Envelope,
    Message,
    OutcomeUnknown,
    Postponed,
    Provider,
    ProviderSettings,
    Receipt,
    Refused,
    Rendered,
    Undelivered,
    Unreachable,
)
from connectors.channels.discovery import channels, provider_for, providers
from core.errors import FixArguments
from core.identity import Identity
from core.settings import Settings, get_settings
from database.engine import Database
from database.mirror.mirror import Mirrors
from database.queries import suppressions
from tests.campaign_scene import CATALOGUE, EVERYBODY, approve, context, put_customer, statuses
from tests.conformance.scenes import Scene
from tests.integration.asking import ask, named
from tools.audience.fields import rule_fields
from tools.campaigns.unsubscribe import unsubscribe
from tools.channels.account import Seal, transports_of
from tools.imports.load import import_file
from workers.courier import Courier
from workers.letters import Links

PAGE = Path(__file__).resolve().parents[2] / "docs" / "adding-a-channel.md"
WORDS = "Grüße, 你好 🎁\n.\nlast\n"
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
LINKS = Links(b"key of the tests", "https://aima.example.com")


@pytest.fixture(scope="module", autouse=True)
def added(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[None]:
    """The file drop of the page, in a folder that the package looks into as well, and its columns among the facts."""
    root = tmp_path_factory.mktemp("added")
    for path, code in re.findall(r"```python\n# (\S+\.py)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(code, encoding="utf-8")
    connectors.channels.__path__.append(str(root / "connectors" / "channels"))
    sys.path.append(str(root))
    bring_up_to_date(engines.owner_url)
    yield
    connectors.channels.__path__.remove(str(root / "connectors" / "channels"))
    sys.path.remove(str(root))
    for name in [n for n in sys.modules if "filedrop" in n]:
        del sys.modules[name]
    bring_up_to_date(engines.owner_url)


@pytest.fixture(params=[*providers(), "filedrop"])
def scene(request: pytest.FixtureRequest, tmp_path: Path, added: None) -> Iterator[Scene]:
    """A provider in a world of its own; one without a scene fails here."""
    name = request.param
    module = import_module("filedrop_scene" if name == "filedrop" else f"tests.conformance.scenes.{name}")
    (made,) = [
        thing for thing in vars(module).values() if isinstance(thing, type) and thing.__module__ == module.__name__
    ]
    scene: Scene = made(tmp_path)
    yield scene
    scene.stop()


def channel_of(scene: Scene) -> Channel:
    return scene.provider.channel or channels()["email"]


def message(scene: Scene, address: str | None = None, words: str = WORDS) -> Message:
    to = scene.address("ada") if address is None else address
    envelope = Envelope(uuid4(), "Shop <shop@example.com>", to, "https://example.com/u/x", NOW)
    return channel_of(scene).compose(Rendered("Grüße 🎁", words, "<p>Grüße 🎁</p>"), envelope)


def arrivals(scene: Scene) -> list[tuple[str, str]]:
    return scene.arrived() or []


def test_a_message_is_handed_over_once_and_arrives_as_written(scene: Scene) -> None:
    transport, before = scene.open(), list[int]()
    receipt = transport.deliver(message(scene), lambda: before.append(len(arrivals(scene))))
    assert before == [0]  # asked before anything could have arrived
    assert receipt.provider == scene.provider.name
    assert receipt.reference
    if scene.arrived() is not None:
        assert arrivals(scene) == [(scene.address("ada"), WORDS)]
    transport.close()
    transport.close()


def test_whoever_takes_it_back_in_time_keeps_it_from_being_delivered(scene: Scene) -> None:
    def withdraw() -> None:
        raise LookupError("not ours any more")

    transport = scene.open()
    with pytest.raises(LookupError):
        transport.deliver(message(scene), withdraw)
    assert arrivals(scene) == []
    transport.deliver(message(scene, scene.address("bob")), lambda: None)
    assert scene.arrived() is None or [to for to, _ in arrivals(scene)] == [scene.address("bob")]
    transport.close()


def test_one_transport_carries_many(scene: Scene) -> None:
    transport = scene.open()
    references = [transport.deliver(message(scene, scene.address(f"c{n}")), lambda: None).reference for n in range(12)]
    assert all(references)
    if scene.arrived() is not None:
        assert sorted(to for to, _ in arrivals(scene)) == sorted(scene.address(f"c{n}") for n in range(12))
    transport.close()


@pytest.mark.parametrize(("trouble", "error"), [("refused", Refused), ("postponed", Postponed)])
def test_what_is_not_taken_is_not_delivered(scene: Scene, trouble: str, error: type[Exception]) -> None:
    address, transport = getattr(scene, trouble), scene.open()
    if address is not None:
        with pytest.raises(error):
            transport.deliver(message(scene, address), lambda: None)
    transport.deliver(message(scene), lambda: None)
    assert scene.arrived() is None or [to for to, _ in arrivals(scene)] == [scene.address("ada")]
    transport.close()


def test_silence_after_handing_over_is_an_unknown_outcome(scene: Scene) -> None:
    transport, asked = scene.open(), list[str]()
    if scene.silent is not None:
        with pytest.raises(OutcomeUnknown):
            transport.deliver(message(scene, scene.silent), lambda: asked.append("once"))
        assert asked == ["once"]
    transport.deliver(message(scene), lambda: None)
    transport.close()


def test_nobody_there_is_unreachable_and_tells_no_secret(scene: Scene) -> None:
    settings = scene.away()
    if settings is None:
        return
    transport = scene.provider.open(settings)
    with pytest.raises(Unreachable) as error:
        transport.deliver(message(scene), lambda: pytest.fail("was handed over"))
    told = f"{error.value!r} {error.value} {settings!r} {transport!r} {vars(transport)!r}"
    assert not [secret for secret in scene.secrets if secret in told]
    transport.close()


def test_an_attempt_is_told_from_a_delivery_or_nothing_is_said(scene: Scene) -> None:
    if scene.provider.dry:  # the courier itself knows: it keeps the message and its state at once
        return
    transport, sent = scene.open(), message(scene)
    transport.deliver(sent, lambda: None)
    never = message(scene, scene.address("bob"))
    fates = [transport.reconcile(Attempt(one.id, one.address, NOW)) for one in (sent, never)]
    assert not isinstance(fates[0], Undelivered)
    assert not isinstance(fates[1], Receipt)
    transport.close()


def test_what_is_declared_holds_together(scene: Scene, database: Database) -> None:
    channel = channel_of(scene)
    for name in (scene.provider.name, channel.name, channel.address.name):
        assert re.fullmatch(r"[a-z][a-z0-9_]{1,30}", name)
    assert scene.provider.dry or scene.provider.needs.startswith("AIMA_")
    assert scene.provider.dry or not scene.provider.settings().configured  # nothing is set here
    assert channel.limits.text > 0
    assert "{link}" in channel.opt_out
    names = [*rule_fields()]
    assert len(names) == len(set(names))
    assert {channel.address.name, channel.consent} <= set(names)
    samples = [scene.address("ada"), "", "no address", "ädä", "a b@example.com", "x@", "+49170123456"]
    python = [bool(re.search(channel.address.form, sample)) for sample in samples]
    with database.before_login() as connection:
        matches = text("select s ~ :form from unnest(cast(:samples as text[])) with ordinality as t(s, n) order by n")
        found = connection.execute(matches, {"form": channel.address.form, "samples": samples}).scalars().all()
    assert python == list(found)
    assert python[0]


def test_wrong_settings_are_named_without_what_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    class Odd(ProviderSettings):
        odd_port: int = 25

    monkeypatch.setenv("AIMA_ODD_PORT", "geheim")
    provider = Provider("odd", "the odd one", channel=None, open=lambda _settings: None, settings=Odd)  # type: ignore[arg-type,return-value]
    with pytest.raises(FixArguments, match="settings of the odd one are wrong: odd_port") as error:
        provider.read_settings()
    assert "geheim" not in f"{error.value!r} {error.value}"


@pytest.mark.parametrize("name", [*channels(), "filedrop"])
def test_a_channel_composes_what_it_carries(name: str) -> None:
    channel = channels()[name]
    envelope = Envelope(UUID(int=7), "Shop", "somebody", "https://example.com/u/x", NOW)
    composed = channel.compose(Rendered("Grüße", WORDS, "<p>你好</p>"), envelope)
    assert (composed.id, composed.channel, composed.address, composed.text) == (UUID(int=7), name, "somebody", WORDS)
    assert composed.subject == ("Grüße" if channel.limits.subject else None)
    assert composed.html == ("<p>你好</p>" if channel.html else None)
    assert all("\n" not in value for value in composed.fields.values())


# --- the file drop, from a file of customers to files in their folders ---

CUSTOMERS = """customer_id,name,Drop folder,consent_filedrop,consent_email
a,Ada Lovelace,ada,yes,no
b,Ben,ben,no,yes
c,Cem,cem,,yes
d,Dan,../etc,yes,yes
e,Eve,ada,yes,yes
f,Fay,fay,yes,yes
g,Gus,gus,yes,yes
h,Hal,hal,yes,
"""


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The root of the file drop, set as an administrator would."""
    root = tmp_path / "drop"
    root.mkdir()
    monkeypatch.setenv("AIMA_FILEDROP_ROOT", str(root))
    monkeypatch.chdir(tmp_path)
    return root


@pytest.fixture
def people(database: Database, identity: Identity, tmp_path: Path) -> None:
    """The customers, imported."""
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    assert import_file(database, identity, tmp_path / "customers.csv").inserted == 8


def dropped(root: Path) -> dict[str, list[str]]:
    """Texts by folder."""
    found: dict[str, list[str]] = {}
    for file in sorted(root.glob("*/*")):
        found.setdefault(file.parent.name, []).append(file.read_text())
    return found


def run_courier(database: Database, org_id: UUID) -> dict[str, int]:
    with database.transaction(org_id) as connection:
        transports = transports_of(connection, Seal(get_settings(), org_id))
    return Courier(database, org_id, transports, LINKS).run()


def proposal(database: Database, identity: Identity) -> Any:
    arguments = {
        "name": "Drop", "rule": EVERYBODY, "channel": "filedrop", "body_text": "Hello {first_name|there}",
        "holdout_share": 0,
    }  # fmt: skip
    result: Any = CATALOGUE.call("propose_campaign", arguments, context(database, identity))
    return result.proposal


def test_addresses_and_consents_come_with_files_and_stay(
    database: Database, identity: Identity, organisation: UUID, people: None, tmp_path: Path
) -> None:
    again = import_file(database, identity, tmp_path / "customers.csv", compare=True)
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 8)
    (tmp_path / "more.csv").write_text("customer_id,folder,consent_filedrop\na,,\nb,ben2,\nc,,no\n")
    more = import_file(database, identity, tmp_path / "more.csv")
    assert (more.inserted, more.updated, more.unchanged) == (0, 2, 1)  # an empty cell takes nothing away
    with database.transaction(organisation) as connection:
        facts = "select external_id, folder, consent_filedrop, consent_email from customer_facts order by 1 limit 3"
        assert [tuple(row) for row in connection.execute(text(facts))] == [
            ("a", "ada", True, False), ("b", "ben2", False, True), ("c", "cem", False, True),
        ]  # fmt: skip


def test_its_fields_are_fields_like_any_other(database: Database, organisation: UUID, people: None) -> None:
    rule = {
        "all": [
            {"field": "consent_filedrop", "op": "eq", "value": True},
            {"field": "folder", "op": "ne", "value": "gus"},
        ]
    }
    shown = ["folder", "consent_filedrop"]
    listed = ask(database, organisation, "find_customers", rule=rule, fields=shown, sort_by="folder")
    assert sorted(row["folder"] for row in named(listed)) == ["../etc", "ada", "ada", "fay", "hal"]
    mirrors = Mirrors(database)
    mirrors.load(organisation)
    near = ask(database, organisation, "count_segment", rule=rule, mirrors=mirrors)["segment"]
    assert near == ask(database, organisation, "count_segment", rule=rule)["segment"]
    assert near["customers"] == 5
    mirrors.close()
    profile = ask(database, organisation, "customer_profile", customer="FAY")
    assert profile["customer_id"] == "f"
    assert profile["attributes"]["folder"] == "fay"
    barred = ask(database, organisation, "export_segment", rule=rule, fields=["folder", "country"], role="viewer")
    assert barred["left_out"] == ["folder"]


def test_a_campaign_goes_out_on_it_once_to_those_who_agreed(
    database: Database, identity: Identity, organisation: UUID, people: None, drop: Path, tmp_path: Path
) -> None:
    with database.transaction(organisation) as connection:
        suppressions.add(connection, "filedrop", "GUS", "complained")
        suppressions.add(connection, "email", "fay", "bounced")  # another channel's
    shown = proposal(database, identity)
    audience = shown.audience
    assert (audience.count, audience.reachable, audience.duplicate_address) == (8, 3, 1)
    assert (audience.no_address, audience.without_consent, audience.suppressed) == (1, 2, 1)
    assert (shown.channel, shown.provider, shown.carrier) == ("filedrop", "filedrop", "the file drop")
    assert (shown.sample.recipient, shown.sample.subject, shown.sample.html) == ("ada", "", None)
    assert shown.sample.text.startswith("Hello Ada\n\nUnsubscribe: ")
    approve(database, identity, shown)
    (tmp_path / "changed.csv").write_text("customer_id,consent_filedrop\nf,no\n")
    import_file(database, identity, tmp_path / "changed.csv")
    assert run_courier(database, organisation) == {"sent": 2, "skipped": 1}
    assert {folder: len(texts) for folder, texts in dropped(drop).items()} == {"ada": 1, "hal": 1}
    assert dropped(drop)["hal"][0].startswith("Hello Hal\n\nUnsubscribe: https://aima.example.com/u/")
    assert run_courier(database, organisation) == {}
    status: Any = CATALOGUE.call("campaign_status", {}, context(database, identity))
    assert status.reasons == {"the customer has not agreed to file drop": 1}
    assert status.carrier == "the file drop"
    token = dropped(drop)["hal"][0].rpartition("/")[2].strip()
    assert unsubscribe(database, LINKS.key, token).channel == "filedrop"
    assert proposal(database, identity).audience.suppressed == 2


def test_what_a_dead_courier_left_is_asked_for(
    database: Database, identity: Identity, organisation: UUID, people: None, drop: Path
) -> None:
    """One file is in its place, one is not: the first counts as sent, the second is sent once."""
    approve(database, identity, proposal(database, identity))
    with database.transaction(organisation) as connection:
        lost = connection.execute(
            text(
                "update messages set status = 'handing_over', claimed_by = 42 where address in ('ada', 'fay')"
                " returning address, id"
            )
        )
        ids = {row.address: row.id for row in lost}
    (drop / "ada").mkdir()
    (drop / "ada" / f"{ids['ada']}.txt").write_text("as it was dropped")
    assert run_courier(database, organisation) == {"recovered": 2, "sent": 3}
    assert statuses(database, organisation) == {"sent": 4}
    assert {folder: len(texts) for folder, texts in dropped(drop).items()} == {"ada": 1, "fay": 1, "gus": 1, "hal": 1}
    assert dropped(drop)["ada"] == ["as it was dropped"]


def test_until_it_is_configured_the_sandbox_stands_in(
    database: Database, identity: Identity, organisation: UUID, people: None
) -> None:
    shown = proposal(database, identity)
    assert shown.provider == "sandbox"
    assert any("no provider of" in warning for warning in shown.warnings)
    approve(database, identity, shown)
    assert run_courier(database, organisation)["sent"] == 4
    found: Any = CATALOGUE.call("mailbox", {"recipient": "hal"}, context(database, identity))
    assert [(m.channel, m.subject, m.body_html) for m in found.messages] == [("filedrop", None, None)]


def test_the_doctor_and_other_channels_see_it(
    short_home: Path, drop: Path, database: Database, identity: Identity, organisation: UUID
) -> None:
    findings = {finding.subject: finding for finding in checks(Settings(home=short_home, port=1))}
    assert findings["file drop"].words == "the file drop"
    assert provider_for(channels()["filedrop"]).name == "filedrop"
    assert provider_for(channels()["sms"]).name == "sandbox"
    with database.transaction(organisation) as connection:
        put_customer(connection, "s", "+49170123456", kind="phone", channel="sms")
        put_customer(connection, "t", "0170 123456", kind="phone", channel="sms")
    arguments = {"name": "Text", "rule": EVERYBODY, "channel": "sms", "body_text": "Hello", "holdout_share": 0}
    result: Any = CATALOGUE.call("propose_campaign", arguments, context(database, identity))
    assert (result.proposal.audience.reachable, result.proposal.audience.no_address) == (1, 1)
    assert result.proposal.sample.text == f"Hello\n\nNo more SMS from AIMA: {result.proposal.sample.text.split()[-1]}\n"
