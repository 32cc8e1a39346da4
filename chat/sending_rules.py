"""Under Messages on the settings page: quiet hours, the frequency cap, and whether opens and clicks are followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chat.managing import managed
from chat.parts import installed
from core.clock import utc_now
from core.identity import Identity
from core.settings import get_settings
from database.engine import Database
from database.queries.approval_rules import ApprovalRules
from database.queries.sending_rules import Rules
from language.format import day
from tools.campaigns.second_person import approval_rules_in_words, approval_rules_of, change_approval_rules
from tools.channels.rules import change_rules, rules_in_words, rules_of

__all__ = ["rules_on_page", "save_rules"]


def rules_on_page(database: Database, identity: Identity) -> dict[str, Any]:
    """What is set, in words and as the form has it."""
    return _form(rules_of(database, identity), *approval_rules_of(database, identity))


@managed
def save_rules(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Keep what the form holds."""
    start, end, messages, days = (
        str(payload.get(name) or "").strip() for name in ("quiet_from", "quiet_until", "messages", "days")
    )
    rules = change_rules(
        installed().runtime.database,
        identity,
        get_settings(),
        utc_now(),
        quiet=f"{start}-{end}" if start or end else "off",
        most=f"{messages}/{days}" if messages or days else "off",
        follows=bool(payload.get("follows")),
    )
    told = {name: str(payload.get(name) or "").strip() or "off" for name in ("second_audience", "second_budget")}
    second = change_approval_rules(
        installed().runtime.database, identity, audience=told["second_audience"], budget=told["second_budget"]
    )
    return {"rules": _form(rules, *second)}


def _form(rules: Rules, second: ApprovalRules, currency: str) -> dict[str, Any]:
    quiet, cap = rules.quiet, rules.cap
    audience, budget = second.audience_above, second.budget_above
    return {
        "says": [*rules_in_words(rules), approval_rules_in_words(second, currency)],
        "second_audience": "" if audience is None else str(audience),
        "second_budget": "" if budget is None else f"{budget:f}".rstrip("0").rstrip("."),
        "quiet_from": f"{quiet.start:%H:%M}" if quiet else "",
        "quiet_until": f"{quiet.end:%H:%M}" if quiet else "",
        "messages": str(cap.messages) if cap else "",
        "days": str(cap.days) if cap else "",
        "follows": rules.follows,
        "changed": f"{rules.changed_by}, {day(rules.changed_at)}" if rules.changed_at else "",
    }
