"""Random journeys that are sound, for property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.journey_scene import END, EVERYBODY

__all__ = ["graphs"]

FRENCH = {"field": "country", "operator": "eq", "value": "France"}
KINDS = ("wait", "wait_for", "send", "branch", "split", "update", "circle")


@st.composite
def graphs(draw: st.DrawFn, *, goal: bool | None = None) -> dict[str, Any]:
    """A definition: a chain with ways that leap ahead, and circles that only wait and ask."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=7))
    names = [f"n{number}" for number in range(len(kinds))]
    nodes: list[dict[str, Any]] = []
    for number, kind in enumerate(kinds):
        later = [*names[number + 1 :], "end"]
        nodes += _nodes(draw, kind, names[number], later[0], draw(st.sampled_from(later)))
    with_goal = draw(st.booleans()) if goal is None else goal
    event = draw(st.booleans())
    return {
        "name": "Drawn",
        "entry": {"event": "cart", "again": "always"} if event else {"rule": EVERYBODY},
        "nodes": [*nodes, END],
        "most_days": 20,
        **({"goal": {"event": "order"}} if with_goal else {}),
        **({"leave_when": {"tag": "done"}} if draw(st.booleans()) and goal is None else {}),
    }  # fmt: skip


def _nodes(draw: st.DrawFn, kind: str, id_: str, next_: str, other: str) -> list[dict[str, Any]]:
    amount = draw(st.integers(1, 30))
    match kind:
        case "wait":
            return [{"id": id_, "type": "wait", "amount": amount, "unit": "hours", "next": next_}]
        case "wait_for" if next_ != other:
            event = draw(st.sampled_from(["visit", "order"]))
            return [{"id": id_, "type": "wait_for", "event": event, "amount": amount, "unit": "hours", "next": other,
                     "otherwise": next_}]  # fmt: skip
        case "branch":
            when = draw(st.sampled_from([
                {"tag": "done"}, {"event": "visit"}, {"rule": FRENCH},
            ]))  # fmt: skip
            return [{"id": id_, "type": "branch", "ways": [{"when": when, "next": other}], "otherwise": next_}]
        case "split":
            share = draw(st.integers(1, 99))
            ways = [{"percent": share, "next": next_}, {"percent": 100 - share, "next": other}]
            return [{"id": id_, "type": "split", "ways": ways}]
        case "update":
            return [{"id": id_, "type": "update", "tag": draw(st.sampled_from(["done", "seen"])), "next": next_}]
        case "circle":
            again = [{"when": {"event": "visit"}, "next": next_}]
            return [
                {"id": id_, "type": "wait", "amount": amount, "unit": "hours", "next": f"{id_}_asked"},
                {"id": f"{id_}_asked", "type": "branch", "ways": again, "otherwise": id_},
            ]
    return [{"id": id_, "type": "send", "channel": "email", "subject": id_, "body_text": "Hello.", "next": next_}]
