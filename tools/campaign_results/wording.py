"""What came of campaigns, in words."""

from __future__ import annotations

from language.format import bullets, count, day, money, percent
from tools.campaign_results.results import (
    CampaignResult,
    CampaignResults,
    CampaignResultsArguments,
    campaign_results,
)
from tools.declaration import answers
from tools.outcome import Outcome

SHOWN = 10
_CALLED = {
    "sent": "messages", "opened": "number of opens", "clicked": "number of clicks",
    "open_rate": "open rate", "click_rate": "click rate",
    "click_to_open_rate": "rate of clicks per open", "bounce_rate": "bounce rate",
    "unsubscribe_rate": "unsubscribe rate", "orders": "number of orders", "revenue": "revenue",
}  # fmt: skip


@answers(campaign_results)
def results(outcome: Outcome[CampaignResultsArguments, CampaignResults]) -> str:
    """One campaign in a sentence; of several the first, then each in a line."""
    asked, result = outcome.arguments, outcome.result
    first = result.campaigns[0]
    if result.total == 1:
        return f"**“{first.name}”** went out on {day(first.sent_at)}: {_told(first, result.currency)}."
    lines = [f"**{one.name}** ({day(one.sent_at)}): {_told(one, result.currency)}" for one in result.campaigns[:SHOWN]]
    return f"{_lead(asked, result)}\n\n{bullets(lines)}"


def _lead(asked: CampaignResultsArguments, result: CampaignResults) -> str:
    whose = f"the last {count(asked.last)} campaigns" if asked.last else f"{count(result.total)} campaigns"
    if asked.control_group is not None:
        whose += " with a control group" if asked.control_group else " without a control group"
    name = asked.order_by
    first = result.campaigns[0]
    if name == "newest" or getattr(first, name) is None:
        unknown = "" if name == "newest" else f" No {_CALLED[name]} of them is known."
        return f"**{whose[:1].upper()}{whose[1:]}**, {'newest' if asked.descending else 'oldest'} first.{unknown}"
    way = "highest" if asked.descending else "lowest"
    return f"**{first.name}** has the {way} {_CALLED[name]} of {whose}: **{_value(first, name, result.currency)}**."


def _value(one: CampaignResult, name: str, currency: str) -> str:
    value = getattr(one, name)
    if name == "revenue":
        return money(value, currency)
    return percent(value) if name.endswith("_rate") else count(value)


def _told(one: CampaignResult, currency: str) -> str:
    parts = [f"{count(one.sent)} messages"]
    for rate, number, did in (
        (one.open_rate, one.opened, "opened"), (one.click_rate, one.clicked, "clicked"),
        (one.unsubscribe_rate, None, "unsubscribed"), (one.bounce_rate, None, "bounced"),
    ):  # fmt: skip
        if rate is not None and (rate or number is not None):
            parts.append(f"{percent(rate)} {did}" + (f" ({count(number)})" if number is not None else ""))
    if one.orders is not None:
        parts.append(f"{count(one.orders)} orders" + (f", {money(one.revenue, currency)}" if one.revenue else ""))
    return ", ".join(parts)
