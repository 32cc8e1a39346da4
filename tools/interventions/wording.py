"""What to do for customers, in words. "Measured" and "gain" stand only where a randomised comparison backs them."""

from __future__ import annotations

from collections.abc import Iterable

from language.format import bullets, count, money, percent, points
from tools.audience.wording import rule_words
from tools.declaration import answers
from tools.interventions.interventions import (
    Basis,
    CustomerIntervention,
    CustomerInterventions,
    CustomerInterventionsArguments,
    InterventionChoice,
    InterventionTotal,
    RecommendInterventions,
    RecommendInterventionsArguments,
    customer_interventions,
    recommend_interventions,
)
from tools.outcome import Outcome

SHOWN = 5
FIRST = 3


@answers(customer_interventions)
def for_customer(outcome: Outcome[CustomerInterventionsArguments, CustomerInterventions]) -> str:
    """What to do for one customer, best first, and on what ground."""
    result, currency = outcome.result, outcome.currency
    if not result.choices:
        return f"**No intervention of the playbook is open for customer {result.customer}.**"
    first = result.choices[0]
    risk = (
        ""
        if result.churn_60 is None
        else f" They are {percent(result.churn_60)} likely to leave within 60 days, with a predicted 12-month value of "
        f"{money(result.clv_12m, currency)}."
    )
    lines = [_choice(choice, currency) for choice in result.choices[:SHOWN]]
    ground = _ground(choice.basis for choice in result.choices)
    return f"**For customer {result.customer}: {first.title}** ({first.offer}).{risk}\n\n{bullets(lines)}\n\n{ground}"


@answers(recommend_interventions)
def for_group(outcome: Outcome[RecommendInterventionsArguments, RecommendInterventions]) -> str:
    """First choices for a group, the customers to begin with, and the trial worth holding."""
    result, currency = outcome.result, outcome.currency
    totals = result.interventions
    if not totals:
        return "**Nobody of them ever bought anything**, so no intervention can be chosen."
    begin = ", ".join(f"**{row.name or row.customer}**{_worth(row, currency)}" for row in result.rows[:FIRST])
    following = ", ".join(_total(total, currency) for total in totals[1:FIRST])
    parts = [
        f"**{totals[0].title} comes first for {count(totals[0].customers)} of {count(result.customers)} customers**"
        f"{_whom(outcome.arguments)}"
        f"{_gain(totals[0], currency)}.{f' Then {following}.' if following else ''}",
        f"Begin with {begin}." if begin else "",
        _ground(total.basis for total in totals),
        f"To measure it: {result.experiments[0].words}" if result.experiments else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _whom(arguments: RecommendInterventionsArguments) -> str:
    """Which customers these are, where they were described."""
    if arguments.rule is None:
        return ""
    return f" ({rule_words(arguments.rule.plain())})"


def _choice(choice: InterventionChoice, currency: str) -> str:
    if choice.basis == "rule":
        return f"**{choice.title}**: by rule: {choice.suits}"
    return (
        f"**{choice.title}**: measured: {points(choice.uplift)} on the probability to buy within 30 days, expected "
        f"gain {money(choice.gain, currency)} after {money(choice.cost, currency)} of cost"
    )


def _total(total: InterventionTotal, currency: str) -> str:
    return f"{total.title} ({count(total.customers)}{_gain(total, currency)})"


def _gain(total: InterventionTotal, currency: str) -> str:
    """What a measured intervention is expected to bring; a rule of the playbook has no gain."""
    if total.basis == "rule":
        return ""
    return f", measured {points(total.average_uplift)}, expected gain {money(total.gain, currency)}"


def _worth(row: CustomerIntervention, currency: str) -> str:
    if row.gain is not None:
        return f" (expected gain {money(row.gain, currency)})"
    return "" if row.value_at_risk is None else f" ({money(row.value_at_risk, currency)} at risk)"


def _ground(bases: Iterable[Basis]) -> str:
    if all(basis == "rule" for basis in bases):
        return "These are rules of the playbook: no campaign with a control group has measured what they change here."
    return "Measured gains come from campaigns with a control group and count the next order only."
