"""What is wrong with a journey as a graph: each fault names its node and says what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.errors import FixArguments
from tools.journeys.definition import (
    ACTING,
    EVENTS,
    Branch,
    Condition,
    End,
    Entry,
    Journey,
    Node,
    Send,
    Split,
    Update,
    Wait,
    WaitFor,
    WaitUntil,
    Webhook,
    ways_out,
)

__all__ = ["Fault", "faults", "on_circles", "require_sound"]

WAITING = (Wait, WaitUntil, WaitFor)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and at which node; empty: with the journey as a whole."""

    node: str
    said: str


def require_sound(journey: Journey, *, without_texts: bool = False) -> None:
    """FixArguments names every fault with its node; `without_texts`: what is sent may be written later."""
    bodies = {"body_text": "…"}
    if without_texts:
        nodes = [node.model_copy(update=bodies) if isinstance(node, Send) else node for node in journey.nodes]
        journey = journey.model_copy(update={"nodes": nodes})
    if found := faults(journey):
        raise FixArguments("The journey cannot run: " + "; ".join(fault.said for fault in found) + ".", field="journey")


def faults(journey: Journey) -> list[Fault]:
    """Everything that is wrong, in the order of the nodes."""
    ids = [node.id for node in journey.nodes]
    found = [Fault("", said) for said in _entry(journey.entry)]
    found += [Fault(id_, f"two nodes are called '{id_}': each needs a name of its own") for id_ in _doubled(ids)]
    for node in journey.nodes:
        found += [Fault(node.id, f"node '{node.id}' {said}") for said in _node(node, set(ids))]
    found += [Fault("", said) for said in _whole(journey)]
    if not found:
        found += _graph(journey)
    return found


def on_circles(journey: Journey) -> set[str]:
    """The nodes that somebody can come back to."""
    onward = {node.id: {next_ for _way, next_ in ways_out(node)} for node in journey.nodes}
    return {id_ for id_ in onward if id_ in _reached(onward, onward[id_])}


def _reached(onward: dict[str, set[str]], begin: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    left = list(begin)
    while left:
        if (id_ := left.pop()) not in seen:
            seen.add(id_)
            left += onward.get(id_, ())
    return seen


def _doubled(ids: list[str]) -> list[str]:
    return sorted({id_ for id_ in ids if ids.count(id_) > 1})


def _entry(entry: Entry) -> Iterator[str]:
    given = [name for name in ("segment", "rule", "event") if getattr(entry, name) is not None]
    if len(given) != 1:
        yield "the entry says not who enters: give exactly one of segment, rule and event"
    if entry.event is not None and entry.event not in EVENTS:
        yield f"the entry waits for '{entry.event}', which is no event: {_listed(EVENTS)}"
    if entry.again == "after" and entry.again_after_days is None:
        yield "the entry lets people in again after days, and says not after how many: give their number"
    if entry.again != "after" and entry.again_after_days is not None:
        yield "the entry names days, and not that people enter again after them: say so, or leave the days out"
    if entry.again == "always" and entry.event is None:
        yield (
            "a segment cannot be entered again always, for whoever leaves is in it still: let people enter again after "
            "some days, or never"
        )


def _node(node: Node, ids: set[str]) -> Iterator[str]:
    for _way, next_ in ways_out(node):
        if next_ not in ids:
            yield f"leads to '{next_}', which is no node: {_listed(sorted(ids))}"
    match node:
        case Wait() | WaitFor() if node.amount == 0:
            yield "waits for no time: give at least 1 minute, or leave it out"
        case WaitUntil() if node.day is None and node.clock is None and not node.weekdays:
            yield "does not say until when: give a day, a time of day or weekdays"
        case WaitUntil() if node.day is not None and node.weekdays:
            yield "waits for a day and for weekdays: give one of them"
        case Send() if not node.body_text.strip():
            yield "sends nothing: write its text"
        case Update() | Webhook() if not (node.tag if isinstance(node, Update) else node.event).strip():
            yield (
                "has no name to note" if isinstance(node, Update) else "does not say what has happened: name the event"
            )
        case Branch() if not node.ways:
            yield "is an empty branch: give it at least one way with a condition, or leave it out"
        case Split():
            yield from _split(node)
    if isinstance(node, WaitFor) and node.event not in EVENTS:
        yield f"waits for '{node.event}', which is no event: {_listed(EVENTS)}"
    if isinstance(node, WaitFor) and node.next == node.otherwise:
        yield "goes on to the same node either way: take a plain wait, or lead them apart"


def _split(node: Split) -> Iterator[str]:
    if len(node.ways) < 2:
        yield "splits nothing: give it at least two ways"
    elif (total := sum(way.percent for way in node.ways)) != 100:
        yield f"splits {total} % of the people: the shares must add up to 100"
    if any(way.percent == 0 for way in node.ways):
        yield "has a way for 0 % of the people: leave it out"


def _whole(journey: Journey) -> Iterator[str]:
    sends = {node.id for node in journey.sends}
    for place, condition in journey.conditions():
        yield from (f"{place} {said}" for said in _condition(condition, sends))
    if journey.goal and journey.goal.event not in EVENTS:
        yield f"the goal is '{journey.goal.event}', which is no event: {_listed(EVENTS)}"
    if journey.goal and journey.goal.event == journey.entry.event:
        yield "the goal is what lets people in, so they would leave as they enter: take another one"


def _condition(condition: Condition, sends: set[str]) -> Iterator[str]:
    given = condition.given()
    if len(given) != 1:
        yield "needs exactly one of segment, rule, event, opened, clicked and tag"
    for what in ("opened", "clicked"):
        if (node := given.get(what)) is not None and node not in sends:
            yield f"asks who {what} '{node}', which sends nothing: {_listed(sorted(sends)) or 'no node does'}"
    if condition.event is not None and condition.event not in EVENTS:
        yield f"asks for '{condition.event}', which is no event: {_listed(EVENTS)}"


def _graph(journey: Journey) -> list[Fault]:
    onward = {node.id: {next_ for _way, next_ in ways_out(node)} for node in journey.nodes}
    found = []
    reached = _reached(onward, [journey.first.id])
    for node in journey.nodes:
        if node.id not in reached:
            found.append(
                Fault(node.id, f"node '{node.id}' cannot be reached from '{journey.first.id}': lead a way to it")
            )
    ends = {node.id for node in journey.nodes if isinstance(node, End)}
    if not ends:
        found.append(Fault("", "nothing ends the journey: add a node of type end and lead every way to it"))
    for node in journey.nodes:
        if ends and node.id in reached and not ends & _reached(onward, [node.id]):
            found.append(Fault(node.id, f"there is no way out of node '{node.id}': lead a way from it to an end"))
    return found + _circles(journey, onward)


def _circles(journey: Journey, onward: dict[str, set[str]]) -> list[Fault]:
    found = []
    circles = on_circles(journey)
    waits = {node.id for node in journey.nodes if isinstance(node, WAITING) and getattr(node, "day", None) is None}
    hasty = {id_: onward[id_] - waits for id_ in onward if id_ not in waits}
    for node in journey.nodes:
        if node.id in circles and isinstance(node, ACTING):
            said = "would do the same to somebody over and over: lead no way back before it, or let people enter again"
            found.append(Fault(node.id, f"node '{node.id}' {said}"))
        elif node.id in hasty and node.id in _reached(hasty, hasty[node.id]):
            said = "leads back to itself without a wait: put a wait on the way"
            found.append(Fault(node.id, f"node '{node.id}' {said}"))
    return found


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
