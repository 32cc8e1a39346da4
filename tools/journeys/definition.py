"""A journey as JSON: who enters, the nodes that people are led through, and when they leave.

    {"name": "Abandoned cart", "entry": {"event": "cart"}, "goal": {"event": "order"}, "nodes": [
      {"id": "wait", "type": "wait", "amount": 4, "unit": "hours", "next": "mail"},
      {"id": "mail", "type": "send", "channel": "email", "subject": "…", "body_text": "…", "next": "bought"},
      {"id": "bought", "type": "wait_for", "event": "order", "amount": 2, "unit": "days", "next": "end",
       "otherwise": "sms"},
      {"id": "sms", "type": "send", "channel": "sms", "body_text": "…", "next": "end"},
      {"id": "end", "type": "end"}]}

People begin at the first node. Whether the graph makes sense is looked at in checks.py, what is in the data elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from core.event_kinds import EVENT_KINDS
from tools.audience.rule import Rule
from tools.results import IN_WORDS

__all__ = [
    "ACTING",
    "EVENTS",
    "MOST_NODES",
    "Branch",
    "Condition",
    "End",
    "Entry",
    "Goal",
    "Journey",
    "Node",
    "Send",
    "Share",
    "Split",
    "Unit",
    "Update",
    "Wait",
    "WaitFor",
    "WaitUntil",
    "Way",
    "Webhook",
    "length",
    "ways_out",
]  # fmt: skip

MOST_NODES = 60
EVENTS: tuple[str, ...] = ("order", *EVENT_KINDS)
"""What people do that a journey can hear of: an order is a sale of the shop, the rest are kinds of events."""
Unit = Literal["minutes", "hours", "days", "weeks"]
Again = Literal["never", "after", "always"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
NodeId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$", description="Name of the node: a-z, 0-9, _.")]
Next = Annotated[str, Field(min_length=1, max_length=40, description="Node that comes next.")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True, serialize_by_alias=True)


class Condition(_Part):
    """Something that is true of a customer, or not; exactly one of these."""

    segment: str | None = Field(default=None, max_length=200, description="They are in this segment now.")
    rule: Rule | None = Field(default=None, description="A rule tree picks them now.")
    event: str | None = Field(default=None, description="They did this since they entered: order, visit, cart …")
    opened: str | None = Field(default=None, description="They opened what this send node sent them.")
    clicked: str | None = Field(default=None, description="They clicked in what this send node sent them.")
    tag: str | None = Field(default=None, max_length=60, description="They bear this tag of a journey's.")

    def given(self) -> dict[str, Any]:
        """What is said."""
        return self.model_dump(mode="json", exclude_none=True)


class Entry(_Part):
    """Who enters: everybody in a segment or picked by a rule, or whoever does something."""

    segment: str | None = Field(default=None, max_length=200, description="Everybody who is or comes into it.")
    rule: Rule | None = Field(default=None, description="Everybody the rule picks, now or later.")
    event: str | None = Field(default=None, description="Whoever does this from the start on: cart, order, visit …")
    again: Again = Field(
        default="never", description="Whether somebody who was in it may enter again: never, after days, or always."
    )
    again_after_days: int | None = Field(
        default=None, ge=1, le=3650, description="With after: days since they entered."
    )


class Goal(_Part):
    """What the journey is for: whoever does it is done and leaves, wherever they are."""

    event: str = Field(description="order, visit, cart …")


class Wait(_Part):
    """Wait for a time."""

    id: NodeId
    type: Literal["wait"] = Field(default="wait", description="Kind of node.")
    amount: int = Field(ge=0, le=10_000, description="How many.")
    unit: Unit = Field(description="Of what.")
    next: Next


class WaitUntil(_Part):
    """Wait until a day, or until clocks of the shop show a time of day (on some weekdays)."""

    id: NodeId
    type: Literal["wait_until"] = Field(default="wait_until", description="Kind of node.")
    day: date | None = Field(default=None, description="Until this day; who comes later goes on at once.")
    clock: time | None = Field(default=None, description="Until this time of day, by the shop's clocks.")
    weekdays: list[Weekday] = Field(default_factory=list, max_length=7, description="On these days only; none: on any.")
    next: Next


class WaitFor(_Part):
    """Wait until they do something, for a time at most."""

    id: NodeId
    type: Literal["wait_for"] = Field(default="wait_for", description="Kind of node.")
    event: str = Field(description="order, visit, cart …")
    amount: int = Field(ge=0, le=10_000, description="How long at most.")
    unit: Unit = Field(description="Of what.")
    next: Next
    otherwise: str = Field(min_length=1, max_length=40, description="Node for those who did not in that time.")


class Send(_Part):
    """Send a message to those who can be written to."""

    id: NodeId
    type: Literal["send"] = Field(default="send", description="Kind of node.")
    channel: str = Field(default="email", max_length=40, description="email, sms or another channel.")
    subject: str = Field(default="", description="Subject, where the channel has one; merge fields allowed.")
    preview_text: str | None = Field(default=None, description="Line that mail programs show after the subject.")
    body_text: str = Field(default="", description="Body as plain text, in Liquid.")
    body_html: str | None = Field(default=None, description="Body as HTML; made from the text when absent.")
    next: Next


class Way(_Part):
    """One way out of a branch, for those of whom its condition holds."""

    name: str = Field(default="", max_length=60, description="What it is called; made from the condition when empty.")
    when: Condition = Field(description="Of whom it holds.")
    next: Next


class Branch(_Part):
    """Each goes the first way whose condition holds."""

    id: NodeId
    type: Literal["branch"] = Field(default="branch", description="Kind of node.")
    ways: list[Way] = Field(max_length=8, description="Ways in the order they are tried.")
    otherwise: str = Field(min_length=1, max_length=40, description="Node for everybody else.")


class Share(_Part):
    """One way out of a split."""

    percent: int = Field(ge=0, le=100, description="Share of the people, in per cent.")
    next: Next


class Split(_Part):
    """Each goes one of the ways by chance, and the same one every time."""

    id: NodeId
    type: Literal["split"] = Field(default="split", description="Kind of node.")
    ways: list[Share] = Field(max_length=8, description="Ways; their shares add up to 100.")


class Update(_Part):
    """Note a tag, or an attribute with a value, of a customer; or take it away."""

    id: NodeId
    type: Literal["update"] = Field(default="update", description="Kind of node.")
    tag: str = Field(max_length=60, description="Name of the tag or attribute.")
    value: str | None = Field(default=None, max_length=200, description="Value of an attribute; none: it is a tag.")
    remove: bool = Field(default=False, description="Take it away instead.")
    next: Next


class Webhook(_Part):
    """Tell the organisation's own server: the webhook that is set up under Messages on the settings page."""

    id: NodeId
    type: Literal["webhook"] = Field(default="webhook", description="Kind of node.")
    event: str = Field(max_length=60, description="What the server is told has happened, a word of your own.")
    next: Next


class End(_Part):
    """The end."""

    id: NodeId
    type: Literal["end"] = Field(default="end", description="Kind of node.")


def _type(node: Any) -> str | None:
    """What kind of node is meant: a discriminator by field would leave references that some clients cannot follow."""
    found = node.get("type") if isinstance(node, dict) else getattr(node, "type", None)
    return found if isinstance(found, str) else None


Node = Annotated[
    Annotated[Wait, Tag("wait")]
    | Annotated[WaitUntil, Tag("wait_until")]
    | Annotated[WaitFor, Tag("wait_for")]
    | Annotated[Send, Tag("send")]
    | Annotated[Branch, Tag("branch")]
    | Annotated[Split, Tag("split")]
    | Annotated[Update, Tag("update")]
    | Annotated[Webhook, Tag("webhook")]
    | Annotated[End, Tag("end")],
    Discriminator(_type),
]
ACTING = (Send, Update, Webhook)
"""Nodes that do something to the world, or to what is known of a customer."""


class Journey(_Part):
    """A journey: {"name": …, "entry": {"event": "cart"} or {"segment": "At Risk"} or {"rule": rule}, "nodes": [nodes]},
    people begin at the first node; optionally "goal": {"event": "order"}, "leave_when": condition, "holdout_percent",
    "on_change": finish or move, "most_days", and in the entry "again": never, after or always. A node has an "id", a
    "type" and, but for branch, split and end, "next": the id of another. wait: "amount", "unit" (minutes, hours, days,
    weeks). wait_until: "day", "clock", "weekdays". wait_for: "event", "amount", "unit", "otherwise". send: "channel",
    "subject", "body_text". branch: "ways": [{"when": condition, "next": …}], "otherwise". split: "ways":
    [{"percent": 50, "next": …}]. update: "tag", "value". webhook: "event". end. A condition is one of segment, rule,
    event, opened or clicked (the id of a send), tag.
    """

    model_config = ConfigDict(json_schema_extra={IN_WORDS: True})

    name: str = Field(min_length=1, max_length=120, description="Name, for people.")
    entry: Entry = Field(description="Who enters.")
    nodes: list[Node] = Field(min_length=1, max_length=MOST_NODES, description="Nodes; people begin at the first.")
    goal: Goal | None = Field(default=None, description="Whoever does this leaves at once, and is counted.")
    leave_when: Condition | None = Field(
        default=None, description="Of whom this holds when something would be sent to them: they leave instead."
    )
    holdout_percent: int = Field(default=0, ge=0, le=50, description="Share kept out at random, to compare with.")
    on_change: Literal["finish", "move"] = Field(
        default="finish",
        description="Who is inside when a newer version is approved: finish as they began, or move to the node of the "
        "same name and kind, if there is one.",
    )
    most_days: int = Field(default=365, ge=1, le=1095, description="Who is inside for so long leaves.")

    def node(self, id_: str) -> Node:
        """The node of that name; KeyError where there is none."""
        for node in self.nodes:
            if node.id == id_:
                return node
        raise KeyError(id_)

    @property
    def first(self) -> Node:
        """Where people begin."""
        return self.nodes[0]

    @property
    def sends(self) -> list[Send]:
        """The nodes that send."""
        return [node for node in self.nodes if isinstance(node, Send)]

    def plain(self) -> dict[str, Any]:
        """As JSON, without what is not said."""
        return self.model_dump(mode="json", exclude_none=True)

    def conditions(self) -> Iterator[tuple[str, Condition]]:
        """Every condition, with where it stands."""
        for node in self.nodes:
            if isinstance(node, Branch):
                for number, way in enumerate(node.ways, 1):
                    yield f"way {number} of node '{node.id}'", way.when
        if self.leave_when is not None:
            yield "the condition to leave", self.leave_when

    def listens(self) -> set[str]:
        """The events that change where people are."""
        said = [node.event for node in self.nodes if isinstance(node, WaitFor)]
        said += [self.goal.event] if self.goal else []
        return {*said, *([self.entry.event] if self.entry.event else [])}


def ways_out(node: Node) -> list[tuple[str, str]]:
    """The ways out of a node as (way, next node); the way is what is kept with a step."""
    match node:
        case Wait() | WaitUntil():
            return [("waited", node.next)]
        case WaitFor():
            return [("happened", node.next), ("in vain", node.otherwise)]
        case Branch():
            return [*((f"way {n}", way.next) for n, way in enumerate(node.ways, 1)), ("otherwise", node.otherwise)]
        case Split():
            return [(f"way {n}", way.next) for n, way in enumerate(node.ways, 1)]
        case Send() | Update() | Webhook():
            return [("done", node.next)]
        case End():
            return []
    raise TypeError(f"no node: {node!r}")


def length(amount: int, unit: Unit) -> timedelta:
    """A time as a span."""
    assert unit in get_args(Unit)  # noqa: S101 - checked by the model
    return timedelta(**{unit: amount})
