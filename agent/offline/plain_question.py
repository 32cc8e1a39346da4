"""The parts of a question put together in plain words: the figure, what it is cut by, of what and of whom, and when."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import replace
from typing import Final

from agent.offline.conditions import in_plain_words
from agent.offline.said_plainly import (
    Part,
    against,
    bare,
    condition,
    direction,
    number,
    placed,
    set_against,
    shape,
    steps,
    timed,
    unit,
    without,
)
from language.residue import unknown_words
from language.scene import Scene
from language.slots import read_slots
from language.vocabulary import DIMENSIONS, METRICS

__all__ = ["Question"]

_PEOPLE_ASKED: Final = frozenset({"customers_count", "customers_list"})
_ASKING: Final = frozenset("how many customers".split())  # noqa: SIM905
_MOST: Final = 6  # figures
_CUTS: Final = 3
_CALLED: Final = {
    "refund_orders": "refunded orders",
    "returning_customers": "existing customers",
    "units_returned": "pieces refunded",
    "spend": "ad spend",  # "spend in Poland" is what customers spend there
}
_TWO: Final = re.compile(r",? (?:and|but|yet|though)(?: then| also| still)? ")
_AGAIN: Final = re.compile(r"^(?:again |also |then )*((?:in|on|during|after|before|since) )")
_COUNTS: Final = re.compile(r"\bhow many\b|(?<!customer )\bnumber\b|\bcount\b|\bhead ?count\b|\bcnt\b|\bquantity of\b")


class Question:
    """The parts of a question, put together in the one shape they make."""

    def __init__(
        self, parts: Sequence[Part], scene: Scene, message: str, request: str, *, summed: bool = False
    ) -> None:
        self.parts, self.scene, self.message, self.request = parts, scene, message, request
        self.figures = self._named("m", METRICS)
        self.cuts = self._named("d", DIMENSIONS) or []
        self.conditions = [_whom(part, scene) for part in parts if part.role == "w"]
        self.of = [part for part in parts if part.role == "c"]
        self.steps = steps(parts)
        self.summed = summed
        ranks = [direction(part.text) for part in parts if part.role == "o"]
        self.ranks = [rank for rank in ranks if rank] or ranks  # "weakest … first": it is told by one word
        self.count = number(parts)
        self.shapes = self._shapes()
        if "why" in self.shapes:  # "why did it dip": how it moved is a part of that
            self.shapes -= {"change", "plain", "trend"}

    def _shapes(self) -> set[str]:
        """What is made of the figure; "by how many percent up" is one thing, and percent of two times a change."""
        told = [part.text for part in self.parts if part.role == "s"]
        found = {shape(text) for text in told}
        bare_percent = not any(re.search(r"\b(?:share|proportion|part|portion|mix)\b", text) for text in told)
        if "share" in found and bare_percent and ("change" in found or (self.of and len(self.figures or ()) == 1)):
            found = found - {"share"} | {"change"}
        if "average" in found and self.figures and all(_is_average(name) for name in self.figures):
            found -= {"average"}
        return found

    def said(self) -> str | None:
        """The plain question; None where there is none."""
        known = self.figures is not None and len(self.figures) <= _MOST and len(self.cuts) <= _CUTS
        named = all(part.names in DIMENSIONS for part in self.parts if part.role == "d")
        if not known or not named or self.steps is None or "" in self.shapes or "" in self.ranks:
            return None
        self.shapes -= {"plain"}
        if len(set(self.ranks)) > 1 or len(self.shapes) > 1 or (self.of and self.conditions):
            return None
        kinds = [set_against(part, self.scene) for part in self.of]
        if "" in kinds or len(set(kinds)) > 1:
            return None
        if self._are_people():
            return self._people() if not kinds else None
        if not self.figures and not (self.ranks and self.cuts):
            return None
        if self.ranks and any(part.role == "v" and part.names.replace("_", " ") in self.cuts for part in self.parts):
            return None  # "Paris is first, but who is second": not among Paris alone
        if self._are_the_largest():
            figure, largest = (self.figures or [""])[0], f"the top {self.count} {self.cuts[0]}s"
            return f"what share of {figure} comes from {largest} {self._tail()}"
        if kinds[:1] == ["value"]:
            return self._side_by_side()
        return self._figures(self._tail())

    def _are_the_largest(self) -> bool:
        """ "What % of revenue do the ten biggest customers make up"."""
        alone = len(self.figures or ()) == 1 and self.cuts in (["customer"], ["product"])
        ranked = self.ranks == ["highest"] and self.shapes == {"share"} and bool(self.count)
        return alone and ranked and not (self.of or self.conditions or self.steps)

    def _are_people(self) -> bool:
        whom = self.request in _PEOPLE_ASKED or self.figures == ["customers"]
        named = set(self.figures or ()) <= {"customers"} and set(self.cuts) <= {"customer"}
        return whom and bool(self.conditions) and named

    def _people(self) -> str | None:
        """How many, or which customers."""
        share = self.shapes == {"share"}
        if (self.shapes and not share) or self.steps or self.ranks or self.count:
            return None
        counted = self.request == "customers_count" or _COUNTS.search(self.message) is not None
        groups = [part for part in self.parts if part.role == "v" and part.names in ("segment", "rfm_segment")]
        kind = " ".join(placed(part).removeprefix("of ").removesuffix(" customers") for part in groups)
        rest = " ".join(placed(p) for p in self.parts if p.role == "v" and p not in groups)
        whom = " and ".join(self.conditions)
        more = " ".join(said for part in self.parts if part.role in "tbx" for said in [self._as_said(part)])
        ask = "what share of" if share else "how many" if counted else "which"
        return f"{ask} {kind} customers {rest} {whom} {more}"

    def _figures(self, tail: str) -> str | None:
        figure, cut = " and ".join(self.figures or ()), " and ".join(self._all_cuts())
        fastest = self.shapes == {"change"} and bool(self.cuts) and len(self.figures or ()) <= 1 and not self.steps
        if self.of:
            tail = f"{tail} compared with {' '.join(against(part) for part in self.of)}"
        if self.ranks and fastest:
            return _ranked(f"growth of {figure or 'revenue'}", cut, self.ranks[0], self.count, tail)
        if self.ranks:
            one = len(self.figures or ()) <= 1 and len(self.cuts) + bool(self.steps) <= 1 and not self.shapes
            return _ranked(figure, cut or self.steps or "", self.ranks[0], self.count, tail) if one else None
        if self.count:
            return None
        if self.shapes:
            return self._shaped(next(iter(self.shapes)), cut, tail)
        return f"{figure} {f'by {cut}' if cut else ''} {f'per {self.steps}' if self.steps else ''} {tail}"

    def _side_by_side(self) -> str | None:
        """Two values of one kind, each by itself: "did Manchester beat Leeds"."""
        values = [part for part in self.parts if part.role == "v"]
        kinds = {part.names for part in values}
        if (
            len(kinds) != 1
            or not self.figures
            or self.count
            or self.shapes - {"change"}
            or not kinds <= DIMENSIONS.keys()
        ):
            return None
        (kind,) = kinds
        both = " and ".join([*(bare(part.text) for part in values), *(bare(against(part)) for part in self.of)])
        by = " and ".join(dict.fromkeys([*self.cuts, kind.replace("_", " ")]))
        every = f"per {self.steps}" if self.steps else ""
        return f"{' and '.join(self.figures or ())} by {by} {every} in {both} {self._tail(without_values=True)}"

    def _all_cuts(self) -> list[str]:
        each = self.ranks or self.summed
        return self.cuts if each else list(dict.fromkeys([*self.cuts, *_beside(self.parts)]))

    def _shaped(self, said: str, cut: str, tail: str) -> str | None:
        figures = self.figures or []
        figure, by, every = " and ".join(figures), f"by {cut}" if cut else "", f"per {self.steps}" if self.steps else ""
        if said == "share":
            return self._share(figure, by, tail)
        if len(figures) > 1:  # "the difference between gross and net" is of no two times
            return f"{figure} {by} {every} {tail}" if said == "change" and self.of else None
        if said == "average":
            of = self.steps or unit(" ".join(part.text for part in self.parts if part.role == "s"))
            if figure.startswith(("average", "mean")):
                return f"{figure} {by} {every} {tail}"
            return f"average {figure} per {of} {by} {tail}" if of else None
        if said == "median":
            return f"median order value {by} {every} {tail}" if "order value" in figure else None
        if (cut and said in ("why", "running")) or (self.steps and said == "why"):
            return None
        stepped = f"{figure} {by} {every} {tail}"
        return {
            "why": f"why did {figure} change {tail}",
            "running": f"running total of {figure} per {self.steps or 'day'} {tail}",
            "trend": f"{figure} {by} per {self.steps or 'month'} {tail}",
            "change": stepped if self.steps or self.of else f"change in {figure} {by} {tail}",
        }[said]

    def _share(self, figure: str, by: str, tail: str) -> str | None:
        figures = self.figures or []
        if len(figures) == 2:
            return f"{figures[0]} as share of {figures[1]} {by} {f'per {self.steps}' if self.steps else ''} {tail}"
        if self.steps or self.of or len(figures) != 1:  # "compared with April" is of no one share
            return None
        if by:
            return f"share of {figure} {by} {tail}"
        values = [part for part in self.parts if part.role == "v"]
        rest = self._tail(without_values=True)
        if any(part.role == "b" for part in self.parts):
            return f"% of {figure} {self._tail()}" if figure == "orders" else None
        return f"what share of {figure} comes from {bare(values[0].text)} {rest}" if len(values) == 1 else None

    def _named(self, role: str, known: Container[str]) -> list[str] | None:
        """What the parts of that role are called, each once; None where one is not known."""
        names = dict.fromkeys(part.names for part in self.parts if part.role == role)
        if any(name not in known for name in names):
            return None
        return [_CALLED.get(name, name.replace("_", " ")) for name in names]

    def _tail(self, *, without_values: bool = False) -> str:
        """Everything that narrows the figure: values of one kind beside each other, whom, when and what is left out."""
        said: list[str] = []
        values = [] if without_values else [part for part in self.parts if part.role == "v"]
        for kind in dict.fromkeys(part.names for part in values):
            said.append(" and ".join(placed(part) for part in values if part.names == kind))
        if self.conditions:
            said.append(f"of customers {' and '.join(self.conditions)}")
        return " ".join([*said, *(self._as_said(part) for part in self.parts if part.role in "tbx")])

    def _as_said(self, part: Part) -> str:
        return {"t": timed, "x": without}.get(part.role, lambda one: one.text)(part)


def _is_average(name: str) -> bool:
    """A figure that is an average by itself: "pieces per order", "days to second order"."""
    return name.startswith(("average", "mean", "median", "days ")) or " per " in name or name.endswith(" rate")


def _whom(part: Part, scene: Scene) -> str:
    """A condition as it was said where that is read as a whole, and else in the plain words of its kind.

    "3 orders in total but silent since May" are two of them.
    """
    said = condition(part)
    if _is_condition(said, scene):
        return said
    if (plain := in_plain_words(part.text, scene)) is not None:
        return plain
    pieces = [replace(part, text=text) for text in _TWO.split(part.text)]
    again = [_AGAIN.sub(r"bought \1", piece.text) if at else piece.text for at, piece in enumerate(pieces)]
    told = [_whom(replace(part, text=text), scene) for text in again] if len(pieces) > 1 else []
    return " and ".join(told) if told and all(_is_condition(each, scene) for each in told) else said


def _is_condition(said: str, scene: Scene) -> bool:
    slots = read_slots(f"how many customers {said}", scene)
    return slots.conditions.rule is not None and not slots.conditions.unclear and not unknown_words(slots, _ASKING)


def _ranked(figure: str, of: str, way: str, count: str, tail: str) -> str | None:
    if not of:
        return None
    by = f"by {figure}" if figure else ""
    return f"{'top' if way == 'highest' else 'bottom'} {count} {of} {by} {tail}"


def _beside(parts: Sequence[Part]) -> list[str]:
    """Dimensions of which several values were named: each is told by itself."""
    kinds = ["rfm_segment" if part.names == "segment" else part.names for part in parts if part.role == "v"]
    return [kind.replace("_", " ") for kind in dict.fromkeys(kinds) if kinds.count(kind) > 1 and kind in DIMENSIONS]
