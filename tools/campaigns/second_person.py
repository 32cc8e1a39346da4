"""A second pair of eyes: above a size that an organisation sets, two people approve, and the second is another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from core.errors import FixArguments
from core.identity import ADMIN, READ, Identity
from database.engine import Database
from database.queries import approval_rules, organisations
from database.queries.approval_rules import ApprovalRules
from database.queries.audit import record
from language.format import count, money

__all__ = ["approval_rules_in_words", "approval_rules_of", "change_approval_rules", "why_two"]

NEVER = "off"
MOST = 1_000_000_000


def why_two(rules: ApprovalRules, shown: Mapping[str, Any], currency: str = "") -> str | None:
    """Why a proposal (its payload) takes two people; None: one is enough."""
    recipients, budget = shown["audience"]["to_send"], shown.get("budget")
    if rules.audience_above is not None and recipients > rules.audience_above:
        return f"{count(recipients)} recipients are more than {count(rules.audience_above)}"
    if rules.budget_above is not None and budget is not None and Decimal(str(budget)) > rules.budget_above:
        return f"a budget of {money(budget, currency)} is more than {money(float(rules.budget_above), currency)}"
    return None


def approval_rules_of(database: Database, identity: Identity) -> tuple[ApprovalRules, str]:
    """What is set, and the currency of the organisation."""
    identity.require(READ)
    with database.transaction(identity.org_id) as connection:
        return approval_rules.get(connection), organisations.profile(connection).currency


def change_approval_rules(
    database: Database, identity: Identity, *, audience: str | None = None, budget: str | None = None
) -> tuple[ApprovalRules, str]:
    """Keep what is told, for whatever is approved from now on; what is not told stays; "off": never.

    FixArguments says what is wrong.
    """
    identity.require(ADMIN)
    with database.transaction(identity.org_id) as connection:
        rules = approval_rules.get(connection)
        if audience is not None:
            above = _number(audience, "second_audience", "recipients such as 5000")
            rules = replace(rules, audience_above=None if above is None else int(above))
        if budget is not None:
            rules = replace(rules, budget_above=_number(budget, "second_budget", "an amount such as 1000"))
        approval_rules.put(connection, rules, identity.actor)
        detail = {
            "audience_above": rules.audience_above,
            "budget_above": None if rules.budget_above is None else str(rules.budget_above),
        }
        record(
            connection,
            actor=identity.actor,
            door=identity.door,
            action="approval_rules",
            subject="organisation",
            detail=detail,
        )
        return approval_rules.get(connection), organisations.profile(connection).currency


def approval_rules_in_words(rules: ApprovalRules, currency: str) -> str:
    """What is set, in a sentence."""
    sizes = [
        *([f"more than {count(rules.audience_above)} recipients"] if rules.audience_above is not None else []),
        *([f"a budget over {money(float(rules.budget_above), currency)}"] if rules.budget_above is not None else []),
    ]
    if not sizes:
        return "Approval: one person is enough, whatever the size of a campaign."
    return f"Approval: two people have to approve a campaign with {' or '.join(sizes)}."


def _number(told: str, field: str, such: str) -> Decimal | None:
    said = told.strip().lower().replace(",", "")
    if said in ("", NEVER):
        return None
    try:
        number = Decimal(said)
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or not 0 <= number <= MOST:
        raise FixArguments(f"'{told}' is no size; write {such}, or off.", field=field)
    return number
