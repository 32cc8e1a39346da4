"""A journey in words, in the very grammar that tools/journeys/grammar.py reads."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tools.audience.wording import rule_words
from tools.journeys.definition import (
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
    Way,
    Webhook,
)

__all__ = [
    "condition_words",
    "entry_words",
    "event_words",
    "names_of",
    "node_words",
    "span_words",
    "title_of",
    "words_of",
]

EVENT_WORDS = {
    "order": ("an order", "order"),
    "purchase": ("a purchase event", "have a purchase event"),
    "visit": ("a visit", "visit"),
    "product_view": ("a product view", "view a product"),
    "cart": ("a cart", "fill a cart"),
    "checkout": ("a checkout", "begin a checkout"),
    "email_sent": ("an e-mail sent", "are sent an e-mail"),
    "email_open": ("an e-mail open", "open an e-mail"),
    "email_click": ("an e-mail click", "click in an e-mail"),
    "email_bounce": ("an e-mail bounce", "have an e-mail bounce"),
    "email_unsubscribe": ("an e-mail unsubscribe", "unsubscribe from e-mails"),
    "sms_sent": ("an SMS sent", "are sent an SMS"),
    "sms_click": ("an SMS click", "click in an SMS"),
}
"""Each event as a thing, and as what they do."""
CHANNEL_WORDS = {"email": "the e-mail", "sms": "the SMS"}
LONGEST_QUOTE = 60


def event_words(event: str) -> str:
    """An event as a thing: an order, a visit."""
    return EVENT_WORDS.get(event, (event, event))[0]


def span_words(amount: int, unit: str) -> str:
    """A time: 1 day, 4 hours."""
    return f"{amount:,} {unit.removesuffix('s') if amount == 1 else unit}"


def entry_words(entry: Entry, goal: str | None = None) -> str:
    """Who enters: after an abandoned cart, for the segment “At Risk”."""
    if entry.event == "cart" and goal == "order":
        return "after an abandoned cart"
    if entry.event is not None:
        return f"after {event_words(entry.event)}"
    if entry.segment is not None:
        return f"for the segment “{entry.segment}”"
    return f"for customers who fit “{rule_words(entry.rule.plain()) if entry.rule else ''}”"


def names_of(journey: Journey) -> dict[str, str]:
    """What each send is called where it is spoken of: its title, or its id where another has the same title."""
    titles = [title_of(send) for send in journey.sends]
    return {send.id: title if title and titles.count(title) == 1 else send.id
            for send, title in zip(journey.sends, titles, strict=True)}  # fmt: skip


def condition_words(condition: Condition, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """What is asked of them: they are in “VIP”; `names` of sends, by their nodes."""
    if condition.segment is not None:
        return f"they are in “{condition.segment}”"
    if condition.rule is not None:
        return f"they fit “{rule_words(condition.rule.plain())}”"
    if condition.event is not None:
        return f"there has been {event_words(condition.event)}"
    if condition.tag is not None:
        return f"they bear the tag “{condition.tag}”"
    node = condition.opened or condition.clicked or ""
    return f"they {'opened' if condition.opened else 'clicked'} “{names.get(node, node)}”"


def title_of(node: Send) -> str:
    """What a send is called: its subject, or how its text begins."""
    said = node.subject.strip() or " ".join(node.body_text.split())
    return said if len(said) <= LONGEST_QUOTE else f"{said[: LONGEST_QUOTE - 1].rstrip()}…"


def node_words(node: Node) -> str:
    """What one node does, without where it leads."""
    match node:
        case Wait():
            return f"wait {span_words(node.amount, node.unit)}"
        case WaitUntil():
            return f"wait until {_until(node)}"
        case WaitFor():
            return f"wait {span_words(node.amount, node.unit)} at most for {event_words(node.event)}"
        case Send():
            what = CHANNEL_WORDS.get(node.channel, f"the {node.channel} message")
            return f"send {what} “{title_of(node)}”" if title_of(node) else f"send {what}"
        case Branch():
            return "ask " + " or ".join(f"whether {condition_words(way.when)}" for way in node.ways)
        case Split():
            return f"split {'/'.join(str(way.percent) for way in node.ways)}"
        case Update():
            said = f"{node.tag} = {node.value}" if node.value is not None else node.tag
            return f"{'take the tag' if node.remove else 'tag them'} “{said}”{' away' if node.remove else ''}"
        case Webhook():
            return f"tell the webhook “{node.event}”"
        case End():
            return "end"
    raise TypeError(f"no node: {node!r}")


def words_of(journey: Journey) -> str:
    """The whole journey as a text; a way that comes to what was told already says so."""
    goal = journey.goal.event if journey.goal else None
    told = _Told(journey)
    said = f"{entry_words(journey.entry, goal)} {told.block(journey.first.id)}".strip()
    return " ".join([f"{said[:1].upper()}{said[1:]}.", *_rules(journey, goal)])


def _rules(journey: Journey, goal: str | None) -> list[str]:
    said = []
    if goal is not None:
        said.append(f"Goal: {event_words(goal)}.")
    if journey.leave_when is not None:
        said.append(f"Leave when {condition_words(journey.leave_when, names_of(journey))}.")
    match journey.entry.again:
        case "always":
            said.append("Again every time.")
        case "after":
            said.append(f"Again after {span_words(journey.entry.again_after_days or 0, 'days')}.")
    if journey.holdout_percent:
        said.append(f"Keep back {journey.holdout_percent} %.")
    return said


class _Told:
    """Nodes in the order of their ways, each told once."""

    def __init__(self, journey: Journey) -> None:
        self._journey, self._told, self._names = journey, set[str](), names_of(journey)

    def block(self, id_: str) -> str:
        """What follows from a node on."""
        said: list[str] = []
        while True:
            node = self._journey.node(id_)
            if isinstance(node, End):
                return ", ".join(said) or "end"
            if id_ in self._told:
                return ", ".join([*said, f"go on at “{node_words(node)}”"])
            self._told.add(id_)
            if isinstance(node, WaitFor | Branch | Split):
                return ", ".join([*said, self._fork(node)])
            said.append(node_words(node))
            id_ = node.next

    def _fork(self, node: WaitFor | Branch | Split) -> str:
        if isinstance(node, Split):
            ways = " or ".join(f"({self.block(way.next)})" for way in node.ways)
            return f"{node_words(node)}: {ways}"
        if isinstance(node, WaitFor):
            asked = f"{event_words(node.event)} within {span_words(node.amount, node.unit)}"
            if self._is_end(node.next):
                return f"if there is no {_bare(asked)}, {self.block(node.otherwise)}"
            other = "" if self._is_end(node.otherwise) else f", otherwise ({self.block(node.otherwise)})"
            return f"if there is {asked}, ({self.block(node.next)}){other}"
        return self._branch(node.ways, node.otherwise)

    def _branch(self, ways: list[Way], otherwise: str) -> str:
        said = ", ".join(f"if {condition_words(way.when, self._names)}, ({self.block(way.next)})" for way in ways)
        return said if self._is_end(otherwise) else f"{said}, otherwise ({self.block(otherwise)})"

    def _is_end(self, id_: str) -> bool:
        return isinstance(self._journey.node(id_), End)


def _bare(asked: str) -> str:
    """Without its article: no order, no visit."""
    article, _, rest = asked.partition(" ")
    return rest if article in ("a", "an") else asked


def _until(node: WaitUntil) -> str:
    days = " or ".join(day.capitalize() for day in node.weekdays)
    said = [node.day.isoformat()] if node.day else [days] if days else []
    return " at ".join([*said, *([f"{node.clock:%H:%M}"] if node.clock else [])])
