"""From a proposal to a decision: what is frozen, what is bound to the hash, who may decide, and what happens once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from core.clock import utc_now
from core.errors import AskPerson, FixArguments, GiveUp, NotAllowed, NotFound
from core.identity import ROLE_SCOPES, SCOPES, Identity
from core.settings import get_settings
from database.engine import Database
from database.queries import suppressions
from tests.campaign_scene import (
    CATALOGUE,
    CONTENT,
    add_customers,
    addresses,
    approve,
    context,
    launched,
    proposed,
    statuses,
)
from tests.conftest import make_organisation, person
from tools.campaigns.draft import held_out


def scalar(database: Database, org_id: UUID, query: str, **values: Any) -> Any:
    with database.transaction(org_id) as connection:
        return connection.execute(text(query), values).scalar()


def test_the_audience_is_counted_by_reach(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, ["a@example.com", "A@example.com ", "b@example.com", "gone@example.com"])
    add_customers(database, organisation, [None, "", "no address", "x@", "a b@example.com", "c@ä.example"])
    add_customers(database, organisation, ["no@example.com"], consent=False)
    add_customers(database, organisation, ["perhaps@example.com"], consent=None)
    with database.transaction(organisation) as connection:
        suppressions.add(connection, "email", "GONE@example.com", "bounced")
    proposal = proposed(database, identity, holdout_share=0)
    audience = proposal.audience
    assert (audience.count, audience.reachable, audience.to_send, audience.held_out) == (12, 2, 2, 0)
    assert (audience.no_address, audience.without_consent, audience.suppressed) == (6, 2, 1)
    assert audience.duplicate_address == 1
    assert proposal.sample.recipient == "a@example.com"
    assert proposal.sample.subject == "Hello there"
    assert "Unsubscribe:" in proposal.sample.text
    assert proposal.provider == "sandbox"


def test_a_tenth_is_held_out_at_random_and_kept(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(200))
    approved = approve(database, identity, proposed(database, identity))
    assert (approved.messages, approved.held_out) == (180, 20)
    arms = "select count(*) from assignments a where a.campaign_id = :c and a.arm = :arm"
    assert scalar(database, organisation, arms, c=approved.campaign_id, arm="control") == 20
    assert scalar(database, organisation, arms, c=approved.campaign_id, arm="treatment") == 180
    both = """select count(*) from assignments a join messages m using (campaign_id, customer_id)
              where a.arm = 'control'"""
    assert scalar(database, organisation, both) == 0
    ids = list(range(1000))
    assert held_out(ids, 0.1, "a") == held_out(ids, 0.1, "a") != held_out(ids, 0.1, "b")


def test_asking_twice_is_one_proposal(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(3))
    same = [CATALOGUE.call("propose_campaign", CONTENT, context(database, identity, call="1")) for _ in range(2)]
    other = CATALOGUE.call("propose_campaign", CONTENT, context(database, identity, call="2"))
    first, second = (result.proposal for result in same)  # type: ignore[attr-defined]
    assert first == second
    assert other.proposal.id != first.id  # type: ignore[attr-defined]
    with ThreadPoolExecutor(4) as pool:
        asked = [
            pool.submit(CATALOGUE.call, "propose_campaign", CONTENT, context(database, identity, call="3"))
            for _ in range(4)
        ]
    assert len({future.result().proposal.id for future in asked}) == 1  # type: ignore[attr-defined]


def test_approving_starts_it_once(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(20))
    proposal = proposed(database, identity, holdout_share=0)
    approved = approve(database, identity, proposal)
    assert (approved.status, approved.messages) == ("active", 20)
    assert approved.job_id is not None
    with pytest.raises(FixArguments, match=rf"approved already by {identity.actor} on 20"):
        approve(database, identity, proposal)
    assert statuses(database, organisation) == {"pending": 20}
    (shown,) = CATALOGUE.call("list_proposals", {"status": "approved"}, context(database, identity)).proposals  # type: ignore[attr-defined]
    assert shown.decision.by == identity.actor
    assert shown.campaign_id == approved.campaign_id
    log = "select count(*) from audit_log where subject = :id and action in ('approve_proposal', 'campaign_launched')"
    assert scalar(database, organisation, log, id=str(proposal.id)) == 2


def test_two_people_approve_at_once(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(50))
    proposal = proposed(database, identity, holdout_share=0)

    def press(number: int) -> str:
        try:
            approve(database, person(organisation), proposal)
        except FixArguments as error:
            return "refused" if "approved already" in error.message else error.message
        return "approved"

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(press, range(6)))
    assert outcomes == ["approved"] + ["refused"] * 5
    assert statuses(database, organisation) == {"pending": 50}


def test_only_a_person_with_the_right_decides(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(2))
    proposal = proposed(database, identity)
    key = Identity(organisation, "key", frozenset(SCOPES), "mcp", user_id=uuid4(), person=False)
    nobody = Identity(organisation, "shell", frozenset(SCOPES), "cli", user_id=None, person=True)
    for who, error in ((key, AskPerson), (nobody, AskPerson), (person(organisation, "analyst"), NotAllowed)):
        with pytest.raises(error):
            approve(database, who, proposal)
        with pytest.raises(error):
            CATALOGUE.call("reject_proposal", {"proposal_id": str(proposal.id)}, context(database, who))
    entry, arguments = (
        CATALOGUE.get("approve_proposal"),
        {"proposal_id": proposal.id, "content_hash": proposal.content_hash},
    )
    with pytest.raises(AskPerson):  # also when the catalogue is passed by
        entry.run(context(database, key), entry.arguments.model_validate(arguments))
    assert statuses(database, organisation) == {}
    assert approve(database, person(organisation, "manager"), proposal).messages == 2
    assert "approve" not in ROLE_SCOPES["analyst"]


def test_another_hash_is_refused(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(2))
    proposal = proposed(database, identity)
    with pytest.raises(FixArguments, match="not the hash"):
        approve(database, identity, proposal.model_copy(update={"content_hash": "0" * 64}))
    assert statuses(database, organisation) == {}


def test_another_organisation_cannot_see_or_approve_it(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(2))
    proposal = proposed(database, identity)
    stranger = person(make_organisation(database))
    with pytest.raises(NotFound):
        approve(database, stranger, proposal)
    assert CATALOGUE.call("list_proposals", {}, context(database, stranger)).total == 0  # type: ignore[attr-defined]


def test_the_application_cannot_change_what_was_shown(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(2))
    proposal = proposed(database, identity)
    with pytest.raises(ProgrammingError, match="permission denied"):
        scalar(database, organisation, "update proposals set payload = '{}' where id = :id returning 1", id=proposal.id)
    approve(database, identity, proposal)
    with pytest.raises(ProgrammingError, match="permission denied"):
        scalar(database, organisation, "update approvals set content_hash = '' returning 1")


def test_a_payload_that_was_tampered_with_is_not_approved(
    database: Database, organisation: UUID, identity: Identity, owner: Database
) -> None:
    """Not even the owner of the database gets other content sent than what was shown."""
    add_customers(database, organisation, addresses(2))
    proposal = proposed(database, identity)
    change = "update proposals set payload = jsonb_set(payload, '{content,subject}', '\"x\"') where id = :id"
    with owner.engine.begin() as connection:
        connection.execute(text("reset role"))
        connection.execute(text("select set_config('app.org_id', :org, true)"), {"org": str(organisation)})
        assert connection.execute(text(change), {"id": proposal.id}).rowcount == 1
    with pytest.raises(GiveUp, match="damaged"):
        approve(database, identity, proposal)


@pytest.fixture
def owner(engines: Any) -> Any:
    owner = Database(engines.owner_url)
    yield owner
    owner.dispose()


def test_a_revision_replaces_and_needs_its_own_approval(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(10))
    old = proposed(database, identity, body_html="<p>old</p>")
    arguments = {"proposal_id": str(old.id), "subject": "Another", "body_text": "new", "holdout_share": 0.5}
    new = CATALOGUE.call("revise_proposal", arguments, context(database, identity)).proposal  # type: ignore[attr-defined]
    assert (new.content.subject, new.content.body_text, new.content.body_html) == ("Another", "new", None)
    assert (new.replaces, new.title, new.audience.held_out) == (old.id, old.title, 5)
    assert new.content_hash != old.content_hash
    with pytest.raises(FixArguments, match="replaced"):
        approve(database, identity, old)
    with pytest.raises(FixArguments, match="superseded"):
        CATALOGUE.call("revise_proposal", arguments, context(database, identity))
    with pytest.raises(FixArguments, match="Nothing to change"):
        CATALOGUE.call("revise_proposal", {"proposal_id": str(new.id)}, context(database, identity))
    assert approve(database, identity, new).messages == 5


def test_a_rejected_one_stays_rejected(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(2))
    proposal = proposed(database, identity)
    arguments = {"proposal_id": str(proposal.id), "note": "too early"}
    rejected = CATALOGUE.call("reject_proposal", arguments, context(database, identity)).proposal  # type: ignore[attr-defined]
    assert (rejected.status, rejected.decision.note) == ("rejected", "too early")
    for name in ("approve_proposal", "reject_proposal"):
        more = {"content_hash": proposal.content_hash} if name == "approve_proposal" else {}
        with pytest.raises(FixArguments, match="rejected already"):
            CATALOGUE.call(name, {"proposal_id": str(proposal.id), **more}, context(database, identity))


def test_the_audience_is_who_was_shown_not_who_is_there_later(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(3))
    proposal = proposed(database, identity, holdout_share=0)
    add_customers(database, organisation, addresses(5, "later"))
    assert approve(database, identity, proposal).messages == 3


def test_without_addresses_nobody_can_be_written_to(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, [None] * 5, consent=None)
    proposal = proposed(database, identity)
    assert proposal.audience.reachable == 0
    assert proposal.sample is None
    assert any("Nobody can be written to" in warning for warning in proposal.warnings)
    with pytest.raises(FixArguments, match=r"5 have no usable address.*import customers with an email"):
        approve(database, identity, proposal)


def test_an_appointed_time_is_kept(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(2))
    at = utc_now() + timedelta(days=2)
    approved = approve(database, identity, proposed(database, identity, holdout_share=0, send_at=at.isoformat()))
    assert (approved.status, approved.send_at, approved.job_id) == ("scheduled", at, None)
    assert scalar(database, organisation, "select min(due_at) from messages") == at


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"send_at": "2020-01-01T00:00:00Z"}, "in the past"),
        ({"segment": "Champions"}, "either `segment`"),
        ({"rule": None}, "either `segment`"),
        ({"rule": {"field": "customer_id", "operator": "eq", "value": "nobody"}}, "nobody is in it"),
        ({"body_text": "Dear {first_name}"}, "no value for 2 customers"),
        ({"body_text": "guaranteed results"}, "claim"),
        ({"rule": {"field": "shoe_size", "operator": "eq", "value": 1}}, "shoe_size"),
        ({"holdout_share": 0.9}, "holdout_share"),
        ({"rule": None, "segment": "Chumps"}, "no segment 'Chumps'"),
    ],
)
def test_what_cannot_be_proposed_is_refused_with_the_reason(
    database: Database, organisation: UUID, identity: Identity, changes: dict[str, Any], said: str
) -> None:
    add_customers(database, organisation, addresses(2))
    with pytest.raises(FixArguments) as error:
        proposed(database, identity, **changes)
    assert said in error.value.message
    assert CATALOGUE.call("list_proposals", {}, context(database, identity)).total == 0  # type: ignore[attr-defined]


def test_what_was_approved_for_the_sandbox_is_never_mailed(
    database: Database, organisation: UUID, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider is part of what a person approves."""
    add_customers(database, organisation, addresses(2))
    launched(database, identity)
    shown = proposed(database, identity, holdout_share=0)
    monkeypatch.setenv("AIMA_SMTP_URL", "smtp://127.0.0.1:1")
    get_settings.cache_clear()
    try:
        with pytest.raises(FixArguments, match=r"shown as going out by the sandbox mailbox.*Propose the campaign anew"):
            approve(database, identity, shown)
        changed = {"proposal_id": str(shown.id), "subject": "Looked at again"}
        again: Any = CATALOGUE.call("revise_proposal", changed, context(database, identity))
        assert again.proposal.provider == "smtp"
        approve(database, identity, again.proposal)
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()
    carriers = "select string_agg(provider, ',' order by provider) from messages"
    assert scalar(database, organisation, carriers) == "sandbox,sandbox,smtp,smtp"


def test_progress_of_a_campaign(database: Database, organisation: UUID, identity: Identity) -> None:
    with pytest.raises(NotFound, match="No campaign has been launched"):
        CATALOGUE.call("campaign_status", {}, context(database, identity))
    add_customers(database, organisation, addresses(4))
    approved = launched(database, identity)
    status: Any = CATALOGUE.call("campaign_status", {}, context(database, identity))
    assert (status.campaign_id, status.total, status.counts, status.done) == (
        approved.campaign_id,
        4,
        {"pending": 4},
        False,
    )
    with pytest.raises(NotFound, match=approved.campaign_id):
        CATALOGUE.call("campaign_status", {"campaign_id": "x"}, context(database, identity))
