"""A journey as a drawing: each node with its place on a grid, each way with its label; what draws it only draws.

The ways that are first taken to each node make a tree, laid out from the top, leaves side by side; the others are drawn
across it.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, Field

from tools.journeys.definition import Branch, End, Journey, Node, Send, Split, Wait, WaitFor, WaitUntil, ways_out
from tools.journeys.description import condition_words, entry_words, names_of, node_words, span_words

__all__ = ["Box", "Line", "Picture", "picture_of"]


class Box(BaseModel):
    """A node on the grid."""

    id: str = Field(description="Node.")
    type: str = Field(description="Kind of node; 'entry' is who enters.")
    title: str = Field(description="What it does, in a few words.")
    column: float = Field(description="Place from the left, in columns.")
    row: int = Field(description="Place from the top, in rows.")


class Line(BaseModel):
    """A way from a node to the next."""

    source: str = Field(description="From this node.")
    target: str = Field(description="To this one.")
    way: str = Field(description="The way as it is kept with steps.")
    label: str = Field(default="", description="What stands beside it.")
    across: bool = Field(default=False, description="True: it leads to a node that has its place by another way.")


class Picture(BaseModel):
    """The drawing."""

    boxes: list[Box] = Field(description="Nodes.")
    lines: list[Line] = Field(description="Ways.")
    columns: float = Field(description="How wide it is.")
    rows: int = Field(description="How high it is.")


ENTRY = "entry"


def picture_of(journey: Journey) -> Picture:
    """The drawing of a journey whose ways lead to nodes there are."""
    goal = journey.goal.event if journey.goal else None
    said = entry_words(journey.entry, goal)
    grid = _Grid(journey)
    width = grid.place(journey.first.id, 0.0, 1)
    entry = Box(
        id=ENTRY, type=ENTRY, title=f"{said[:1].upper()}{said[1:]}", column=grid.boxes[journey.first.id].column, row=0
    )
    boxes = [entry, *grid.boxes.values()]
    lines = [Line(source=ENTRY, target=journey.first.id, way="entered"), *grid.lines]
    return Picture(boxes=boxes, lines=lines, columns=width, rows=1 + max(box.row for box in boxes))


class _Grid:
    """Places, found from the top. Each way to an end has an end of its own, called by the node and a number."""

    def __init__(self, journey: Journey) -> None:
        self._journey = journey
        self.boxes: dict[str, Box] = {}
        self.lines: list[Line] = []
        self._names = names_of(journey)

    def place(self, id_: str, left: float, row: int) -> float:
        """Place a node and what hangs on it; returns how wide that is."""
        node, width, below = self._journey.node(id_), 0.0, []
        self.boxes[id_] = Box(id=id_, type=node.type, title=_title(node, self._names), column=left, row=row)
        for way, next_ in ways_out(node):
            end = isinstance(self._journey.node(next_), End)
            target = f"{next_}#{len(self.boxes)}" if end else next_
            across = target in self.boxes
            self.lines.append(
                Line(source=id_, target=target, way=way, label=_label(node, way, self._names), across=across)
            )
            if end:
                self.boxes[target] = Box(id=target, type="end", title="End", column=left + width, row=row + 1)
                width += 1
            elif not across:
                width += self.place(next_, left + width, row + 1)
            if not across:
                below.append(self.boxes[target].column)
        if below:
            self.boxes[id_].column = (below[0] + below[-1]) / 2
        return max(width, 1.0)


def _title(node: Node, names: Mapping[str, str]) -> str:
    match node:
        case WaitFor():
            said = node_words(node).replace(" at most for ", " for ")
        case Branch() if len(node.ways) == 1:
            said = f"{condition_words(node.ways[0].when, names)}?"
        case Branch():
            said = "which of these holds first?"
        case _:
            said = node_words(node)
    return f"{said[:1].upper()}{said[1:]}"


def _label(node: Node, way: str, names: Mapping[str, str]) -> str:
    match node:
        case WaitFor():
            return "yes" if way == "happened" else f"not in {span_words(node.amount, node.unit)}"
        case Branch() if way != "otherwise":
            chosen = node.ways[int(way.removeprefix("way ")) - 1]
            return chosen.name or ("yes" if len(node.ways) == 1 else condition_words(chosen.when, names))
        case Split():
            return f"{node.ways[int(way.removeprefix('way ')) - 1].percent} %"
        case Branch():
            return "no" if len(node.ways) == 1 else "otherwise"
        case Wait() | WaitUntil() | Send():
            return ""
    return ""
