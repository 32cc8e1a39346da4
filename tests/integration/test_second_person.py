"""Above a size that an organisation sets, two people approve; no tool, nor the database, lets one do for both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.errors import FixArguments, NotAllowed
from core.identity import Identity
from database.engine import Database
from tests.campaign_scene import CATALOGUE, add_customers, addresses, approve, context, proposed, statuses
from tests.conftest import person
from tests.integration.test_offers import offer
from tools.campaigns.second_person import (
    approval_rules_in_words,
    approval_rules_of,
    change_approval_rules,
)


def test_a_large_audience_takes_two_people(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(6))
    change_approval_rules(database, identity, audience="5")
    proposal = proposed(database, identity, holdout_share=0)
    assert "Two people have to approve it: 6 recipients are more than 5." in proposal.warnings
    first = approve(database, identity, proposal)
    assert (first.status, first.campaign_id, first.messages) == ("endorsed", None, 0)
    assert statuses(database, organisation) == {}
    with pytest.raises(FixArguments, match="You have approved this already"):
        approve(database, identity, proposal)
    same_person = replace(identity, actor="another name")
    with pytest.raises(FixArguments, match="You have approved this already"):
        approve(database, same_person, proposal)
    shown: Any = CATALOGUE.call("list_proposals", {"status": "pending"}, context(database, identity))
    assert shown.proposals[0].endorsed_by == identity.actor
    second = approve(database, person(organisation, "manager"), proposal)
    assert (second.status, second.messages) == ("active", 6)


def test_few_take_one(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(5))
    change_approval_rules(database, identity, audience="5")
    assert approve(database, identity, proposed(database, identity, holdout_share=0)).status == "active"


def test_a_large_budget_takes_two_people(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(5))
    change_approval_rules(database, identity, budget="20")
    offer(database, identity, kind="amount", value=5, codes="none", prefix=None)
    hello = {"holdout_share": 0, "offer": "Spring", "body_text": "{offer} for you"}
    proposal = proposed(database, identity, **hello)
    assert "a budget of £25.00 is more than £20.00" in " ".join(proposal.warnings)
    assert approve(database, identity, proposal).status == "endorsed"
    assert approve(database, person(organisation), proposal).status == "active"


def test_a_change_after_the_first_yes_voids_it(database: Database, organisation: UUID, identity: Identity) -> None:
    add_customers(database, organisation, addresses(6))
    change_approval_rules(database, identity, audience="5")
    proposal = proposed(database, identity, holdout_share=0)
    approve(database, identity, proposal)
    changed = {"proposal_id": str(proposal.id), "subject": "Another"}
    new: Any = CATALOGUE.call("revise_proposal", changed, context(database, identity))
    other = person(organisation)
    with pytest.raises(FixArguments, match="replaced by a newer one"):
        approve(database, other, proposal)
    assert approve(database, other, new.proposal).status == "endorsed", "the new one has nobody's word yet"


def test_the_rule_counts_at_the_time_of_the_approval(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(6))
    proposal = proposed(database, identity, holdout_share=0)
    change_approval_rules(database, identity, audience="5")
    assert approve(database, identity, proposal).status == "endorsed"
    change_approval_rules(database, identity, audience="off")
    assert approve(database, identity, proposal).status == "active"


@pytest.mark.parametrize("endorsed", [False, True])
def test_the_database_itself_wants_another_person(
    database: Database, organisation: UUID, identity: Identity, endorsed: bool
) -> None:
    add_customers(database, organisation, addresses(6))
    change_approval_rules(database, identity, audience="5")
    proposal = proposed(database, identity, holdout_share=0)
    if endorsed:
        approve(database, identity, proposal)
    decide = text("insert into approvals (proposal_id, decision, content_hash, decided_by, user_id)"
                  " values (:id, 'approved', :hash, 'me', :user)")  # fmt: skip
    values = {"id": proposal.id, "hash": proposal.content_hash, "user": identity.user_id}
    with pytest.raises(IntegrityError, match="needs a second person"), database.transaction(organisation) as connection:
        connection.execute(decide, values)
    if endorsed:
        with database.transaction(organisation) as connection:
            connection.execute(decide, values | {"user": uuid4()})


def test_rules_are_an_administrators(database: Database, organisation: UUID, identity: Identity) -> None:
    with pytest.raises(NotAllowed):
        change_approval_rules(database, person(organisation, "manager"), audience="5")
    with pytest.raises(FixArguments, match="such as 5000"):
        change_approval_rules(database, identity, audience="many")
    rules, currency = change_approval_rules(database, identity, audience="5,000", budget="1000")
    assert approval_rules_in_words(rules, currency) == (
        "Approval: two people have to approve a campaign with more than 5,000 recipients or a budget over £1,000."
    )
    change_approval_rules(database, identity, budget="off")
    assert approval_rules_of(database, identity)[0].audience_above == 5000


def test_several_are_approved_at_once_each_by_itself(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    add_customers(database, organisation, addresses(4))
    good, changed, other = (proposed(database, identity, name=name, holdout_share=0) for name in ("a", "b", "c"))
    told = [{"proposal_id": str(p.id), "content_hash": p.content_hash} for p in (good, changed, other)]
    told[1]["content_hash"] = "0" * 64
    result: Any = CATALOGUE.call("approve_proposals", {"approvals": told}, context(database, identity))
    assert [one.status for one in result.decided] == ["active", "refused", "active"]
    assert "not the hash" in result.decided[1].reason
    assert (result.approved, result.messages) == (2, 8)
    assert statuses(database, organisation) == {"pending": 8}
