"""What a node does with those who are due at it, as one statement's parts: which way they go, and what is done."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.channels.discovery import channel_named
from core.calendar import Calendar
from database.queries import journey_moves as moves
from database.queries.journey_moves import Deed, Target
from database.queries.journey_news import DRAWN, did_since
from tools.audience.facts import Facts
from tools.journeys.approved import Approved
from tools.journeys.clockwork import due_at
from tools.journeys.definition import Branch, Condition, End, Node, Send, Split, Update, WaitFor, Webhook, ways_out

__all__ = ["Step", "step_of"]

_BOUND = re.compile(r"(?<!:):(r\d+|[a-z]\w*)\b")
REACHED = ("sent", "passed", "no address", "suppressed", "no consent")
"""What can come of a send for somebody; they go on whichever it is."""


@dataclass(slots=True)
class Step:
    """The parts of one node's statement (database/queries/journey_moves.py)."""

    way: str
    values: dict[str, Any]
    targets: list[Target]
    deed: Deed = field(default_factory=Deed)
    picked: Mapping[str, str] = field(default_factory=dict)


class _Asked:
    """Conditions of one statement as SQL, each with values of its own."""

    def __init__(self, facts: Facts, approved: Approved, earlier: Sequence[Approved]) -> None:
        self._facts, self._approved, self._earlier = facts, approved, earlier
        self.values: dict[str, Any] = {}
        self.picked: dict[str, str] = {}

    def sql(self, condition: Condition) -> str:
        rule = self._approved.rule(condition)
        if rule is not None:
            name = f"rule_{len(self.picked)}"
            self.picked[name] = self._own(*self._facts.where(rule), name)
            return moves.rule_holds(name)
        name = f"k{len(self.values)}"
        if condition.event is not None:
            self.values[name] = condition.event
            return did_since(condition.event, "d.customer_id", "d.caused_at", name)
        if condition.tag is not None:
            self.values[name] = condition.tag
            return moves.tagged(name)
        node = condition.opened or condition.clicked or ""
        self.values[name] = [one.campaign(node) for one in self._earlier]  # who was moved got it from another version
        return moves.reacted(name, clicked=condition.clicked is not None)

    def _own(self, said: str, values: dict[str, Any], rule: str) -> str:
        """The names of a compiled rule's values made the statement's own: each rule begins to count anew."""
        mark = f"{rule}_"
        self.values |= {f"{mark}{name}": value for name, value in values.items()}
        return _BOUND.sub(lambda found: f":{mark}{found[1]}" if found[1] in values else found[0], said)


def step_of(
    node: Node, approved: Approved, facts: Facts, now: datetime, versions: Sequence[Approved], actor: str
) -> Step:
    """The statement's parts of a node of an approved version; `versions`: all that people may have passed."""
    asked = _Asked(facts, approved, versions)
    way = _way(node, approved, asked)
    step = Step(
        way, asked.values, _targets(node, approved, now, facts.calendar), _deed(node, approved, actor), asked.picked
    )
    if isinstance(node, Split):
        step.values |= {"salt": f"{approved.row.journey_id} {node.id}"}
    return step


def _way(node: Node, approved: Approved, asked: _Asked) -> str:
    match node:
        case WaitFor():
            asked.values["heard"] = node.event
            did = did_since(node.event, "d.customer_id", "d.since", "heard")
            return f"case when {did} then 'happened' else 'in vain' end"
        case Branch():
            cases = " ".join(f"when {asked.sql(way.when)} then 'way {n}'" for n, way in enumerate(node.ways, 1))
            return f"case {cases} else 'otherwise' end"
        case Split():
            return _split(node)
        case Send():
            return f"case {_leaving(approved, asked)} else ({moves.SENDABLE}) end"
        case Update() | Webhook():
            return f"case when {moves.PASSED} then 'passed' else 'done' end"
        case End():
            return "'end'"
    return "'waited'"


def _split(node: Split) -> str:
    drawn = DRAWN.format(salt="cast(:salt as text)", customer="d.customer_id")
    below, cases = 0, []
    for number, way in enumerate(node.ways, 1):
        below += way.percent
        cases.append(f"when {drawn} < {below / 100} then 'way {number}'")
    return f"case {' '.join(cases)} end"


def _leaving(approved: Approved, asked: _Asked) -> str:
    """Who is not written to any more: the goal is looked at a last time, whenever its data came in."""
    said = []
    if goal := approved.journey.goal:
        asked.values["goal"] = goal.event
        said.append(f"when {did_since(goal.event, 'd.customer_id', 'd.caused_at', 'goal')} then 'goal'")
    if condition := approved.journey.leave_when:
        said.append(f"when {asked.sql(condition)} then 'left'")
    return " ".join(said) or "when false then 'left'"


def _targets(node: Node, approved: Approved, now: datetime, calendar: Calendar) -> list[Target]:
    found = [Target("too long", outcome="too long")]
    if isinstance(node, End):
        return [*found, Target("end", outcome="end")]
    if isinstance(node, Send):
        found += [Target("goal", outcome="goal"), Target("left", outcome="left")]
    onward = ways_out(node)
    if isinstance(node, Send):
        onward = [(way, node.next) for way in REACHED]
    elif isinstance(node, Update | Webhook):
        onward = [(way, node.next) for way in ("done", "passed")]
    for way, next_ in onward:
        found.append(Target(way, next_, due_at(approved.journey.node(next_), now, calendar)))
    return found


def _deed(node: Node, approved: Approved, actor: str) -> Deed:
    match node:
        case Send():
            channel = channel_named(node.channel)
            provider = str(approved.sends[node.id]["provider"])
            address = channel.address
            return moves.send(approved.campaign(node.id), channel.name, address.name, address.form, provider)
        case Update():
            return moves.note_tag(node.tag, node.value, actor, remove=node.remove)
        case Webhook():
            return moves.call_webhook(node.event)
    return Deed()
