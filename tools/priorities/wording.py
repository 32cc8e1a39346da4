"""What to do next, in words."""

from __future__ import annotations

from language.format import money
from tools.declaration import answers
from tools.outcome import Outcome
from tools.priorities.next_actions import NextActions, NextActionsArguments, next_actions


@answers(next_actions)
def actions(outcome: Outcome[NextActionsArguments, NextActions]) -> str:
    """The first action and what is at stake, then all of them with their reasons."""
    found, currency = outcome.result.actions, outcome.currency
    if not found:
        return "**Nothing stands out**: no group of customers has value at risk, and no ad channel loses money."
    first = found[0]
    lines = [
        f"{number}. **{action.title}** ({money(action.at_stake, currency)} at stake): {action.reason}"
        for number, action in enumerate(found, 1)
    ]
    head = f"**Begin with this: {first.title[:1].lower()}{first.title[1:]}.** It has the most money at stake."
    drafted = "Choose one below to have it drafted; nothing is sent before you approve it."
    return "\n".join([head, "", *lines, "", drafted])
