"""How people ask about connected sources, and for a sync."""

from __future__ import annotations

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["CONNECT", "CONNECTIONS", "SYNC"]

BY_HAND = (
    "Connecting or disconnecting a source takes a credential, which does not belong in a chat. Somebody with access to "
    "the machine does it at the shell: `aima connect SOURCE` asks for what it needs, `aima connections` lists what "
    "there is."
)


def connections(_slots: Slots, _scene: Scene) -> Answerable:
    """What is connected and how it is."""
    return [Call("list_connections", {})]


def connect(_slots: Slots, _scene: Scene) -> Answerable:
    """Only a person at the shell can."""
    return BY_HAND


def sync(slots: Slots, _scene: Scene) -> Answerable:
    """The connection named in quotes, or all of them."""
    return [Call("sync_connection", {"connection": slots.quoted[0]} if slots.quoted else {})]


CONNECTIONS = Request(
    "connections",
    """
        which sources are connected | what is connected | show the connections | when was the last sync |
        did the sync work | why is the shop not synced any more | is my shop connected
    """,
    connections,
    rank=282,
    cues=(
        r"\bconnections\b",
        r"\b(?:what|which|is|are)\b.*\bconnected\b",
        r"\b(?:last|latest) sync\b|\bsynced\b|\b(?:did|is|has|was) the sync\b",
    ),
)
CONNECT = Request(
    "connect",
    """
        connect my shop | connect a new source | add a connection to our ads account | disconnect the shop
    """,
    connect,
    rank=281,
    cues=(r"\b(?:dis)?connect (?:to |with )?(?:my|our|the|a|an|another)\b", r"\badd (?:a|another) connection\b"),
)
SYNC = Request(
    "sync",
    """
        sync now | sync the shop | synchronise the data | fetch the newest orders from the shop
    """,
    sync,
    rank=283,
    cues=(
        r"^(?:please |can you |could you )?(?:sync|synchroni[sz]e)\b",
        r"\bfetch (?:the |our |all )*(?:new|newest|latest) (?:orders|customers|data)\b",
    ),
)
