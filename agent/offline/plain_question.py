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
    "ordering_customers": "number of buyers",
    "anonymous_orders": "guest orders",
    "customer_type": "new or returning",
    "customer_orders": "purchase count",
    "refund_orders": "refunded orders",
    "returning_customers": "existing customers",
    "units_returned": "pieces refunded",
    "spend": "ad spend",  # "spend in Poland" is what customers spend there
}
_TWO: Final = re.compile(r",? (?:and|but|yet|though)(?: then| also| still)? ")
_AGAIN: Final = re.compile(r"^(?:again |also |then )*((?:in|on|during|after|before|since) )")
_EACH: Final = re.compile(r"\b(?:per|a|each|an|every|one) (order|customer|buyer|basket|invoice)\b")
_BEFORE: Final = re.compile(
    r"(?:the |that |this )?(?:last|previous|prior|one|(?:last|previous) one)?(?: (?:from )?before)?"
)
_SAME_BEFORE: Final = re.compile(r"the (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* before")
_WHY: Final = re.compile(r"\W*(?:(?:and|so|but|ok|well) )*(?:why|how come)\b")
_AND: Final = re.compile(r"[\s,](?:and|&|plus|then|\+)\s")
_VALUED: Final = re.compile(r"\b(best|worst)\b")
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
        extreme = bool(self.figures) and all(name.startswith(("largest", "smallest")) for name in self.figures or ())
        way = ("largest", "highest") if set(ranks) == {"highest"} else ("smallest", "lowest")
        extreme = extreme and all(name.startswith(way[0]) for name in self.figures or ()) and set(ranks) == {way[1]}
        told = [] if extreme and not self.cuts else ranks  # "the biggest single order" is a figure by itself
        self.ranks = [rank for rank in told if rank] or told  # "weakest … first": it is told by one word
        self.valued = _VALUED.search(" ".join(part.text for part in parts if part.role == "o"))
        self.count = number(parts)
        self.shapes = self._shapes()
        if "why" in self.shapes or (self.shapes and _WHY.match(message)):
            # "why did it dip": how it moved is a part of that; why a share or an average moved is another question
            self.shapes = self.shapes - {"change", "plain", "trend"} | {"why"}

    def _shapes(self) -> set[str]:
        """What is made of the figure; "by how many percent up" is one thing, and percent of two times a change."""
        told = [part.text for part in self.parts if part.role == "s"]
        found = {shape(text) for text in told}
        bare_percent = not any(re.search(r"\b(?:share|proportion|part|portion|mix)\b", text) for text in told)
        if "share" in found and bare_percent and ("change" in found or (self.of and len(self.figures or ()) == 1)):
            found = found - {"share"} | {"change"}
        if "average" in found and self.figures and all(_is_average(name) for name in self.figures):
            found -= {"average"}
        if {"plain", "average"} <= found or {"plain", "change"} <= found:
            found -= {"plain"}
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
        kinds = [set_against(replace(part, text=self._against(part)), self.scene) for part in self.of]
        if "" in kinds or len(set(kinds)) > 1:
            return None
        if self._are_people():
            return self._people() if not kinds else None
        if not self.figures and not (self.ranks and self.cuts):
            return None
        kinds_of_values = [part.names.replace("_", " ") for part in self.parts if part.role == "v"]
        if not all(_is_condition(each, self.scene) for each in self.conditions):
            return None
        if self.ranks and not set(self.cuts).isdisjoint(kinds_of_values):
            return None  # "Paris is first, but who is second": not among Paris alone
        if self.ranks and not (self.cuts or self.steps) and (kinds or len(kinds_of_values) > len(set(kinds_of_values))):
            self.ranks = []  # "who buys more, Danes or Swedes": each is told
        if self._are_the_largest():
            figure, largest = (self.figures or [""])[0], f"the top {self.count} {self.cuts[0]}s"
            return f"what share of {figure} comes from {largest} {self._of_what()} {self._narrowed()}"
        if kinds[:1] == ["value"]:
            return self._side_by_side()
        return self._figures()

    def _are_the_largest(self) -> bool:
        """ "What % of revenue do the ten biggest customers make up"."""
        alone = len(self.figures or ()) == 1 and self.cuts in (["customer"], ["product"])
        ranked = self.ranks == ["highest"] and self.shapes == {"share"} and bool(self.count)
        return alone and ranked and not (self.of or self.conditions or self.steps)

    def _are_people(self) -> bool:
        if self.ranks and self.figures and self.figures != ["customers"]:
            return False  # "the 30 most loyal by orders, still active"
        whom = self.request in _PEOPLE_ASKED or self.figures == ["customers"]
        named = set(self.figures or ()) <= {"customers"} and set(self.cuts) <= {"customer"}
        return whom and bool(self.conditions) and named

    def _people(self) -> str | None:
        """How many, or which customers."""
        share = self.shapes == {"share"}
        counted = self.request == "customers_count" or _COUNTS.search(self.message) is not None
        groups = [part for part in self.parts if part.role == "v" and part.names in ("segment", "rfm_segment")]
        kind = " ".join(placed(part).removeprefix("of ").removesuffix(" customers") for part in groups)
        rest = " ".join(placed(p) for p in self.parts if p.role == "v" and p not in groups)
        whom = " and ".join(self.conditions)
        more = " ".join(said for part in self.parts if part.role in "tbx" for said in [self._as_said(part)])
        if (self.shapes and not share) or self.steps or self.ranks or (self.count and (counted or share)):
            return None
        ask = "what share of" if share else "how many" if counted else f"which {self.count}"
        return f"{ask} {kind} customers {rest} {whom} {more}"

    def _figures(self) -> str | None:
        figure, cut = " and ".join(self._by_rank()), " and ".join(self._all_cuts())
        if self.request in _PEOPLE_ASKED and self.ranks:
            cut = cut or "customer"
        fastest = self.shapes == {"change"} and bool(self.cuts) and len(self.figures or ()) <= 1 and not self.steps
        of, rest = self._of_what(), self._narrowed()
        if self.of:
            rest = f"{rest} compared with {' '.join(self._against(part) for part in self.of)}"
        if self.ranks and fastest:
            return self._ranked(f"growth of {figure or 'revenue'}", cut, f"{of} {rest}")
        if self.ranks:
            one = len(self.cuts) + bool(self.steps) <= 1 and not self.shapes
            return self._ranked(figure, cut or self.steps or "", f"{of} {rest}") if one else None
        if self.count:
            return None
        if self.shapes:
            return self._shaped(next(iter(self.shapes)), cut, of, rest)
        return f"{figure} {of} {f'by {cut}' if cut else ''} {self._every()} {rest}"

    def _ranked(self, figure: str, of: str, tail: str) -> str | None:
        """The first or last ones; the worst by returns are those with the most."""
        if not of:
            return None
        way = self.valued[1] if self.valued else "top" if self.ranks[0] == "highest" else "bottom"
        return f"{way} {self.count} {of} {f'by {figure}' if figure else ''} {tail}"

    def _by_rank(self) -> list[str]:
        """The figures, first the one that is ranked by: the one that stands next to the order."""
        figures = self.figures or []
        order = next((part.start for part in self.parts if part.role == "o"), None)
        if order is None or len(figures) < 2:
            return figures
        said = [part for part in self.parts if part.role == "m"]
        first = min(said, key=lambda part: abs(part.start - order))
        called = _CALLED.get(first.names, first.names.replace("_", " "))
        return [called, *(figure for figure in figures if figure != called)]

    def _every(self) -> str:
        return f"per {self.steps}" if self.steps else ""

    def _side_by_side(self) -> str | None:
        """Values of one kind, each by itself: "did Manchester beat Leeds"; those of others narrow them."""
        told = [part for part in self.parts if part.role == "v"]
        kinds = {_kind(against(part), self.scene) for part in self.of} or {
            part.names for part in told if [other.names for other in told].count(part.names) > 1
        }
        sides = [part for part in told if {part.names} == kinds]
        if len(kinds) != 1 or not sides or not self.figures or self.count or self.shapes - {"change"}:
            return None
        (kind,) = kinds
        if kind not in DIMENSIONS:
            return None
        both = " and ".join([*(bare(part.text) for part in sides), *(bare(against(part)) for part in self.of)])
        figures = " and ".join(self.figures)
        of = self._of_what([part for part in told if part not in sides])
        if kind == "product":
            by = f"by {' and '.join(self.cuts)}" if self.cuts else ""
            return f"{figures} of {both} {of} {by} {self._every()} {self._narrowed()} each"
        by = " and ".join(dict.fromkeys([*self.cuts, kind.replace("_", " ")]))
        return f"{figures} {of} by {by} {self._every()} in {both} {self._narrowed()}"

    def _all_cuts(self) -> list[str]:
        each = self.ranks or self.summed
        return self.cuts if each else list(dict.fromkeys([*self.cuts, *_beside(self.parts)]))

    def _shaped(self, said: str, cut: str, of: str, rest: str) -> str | None:
        figures = self.figures or []
        figure, by, every = f"{' and '.join(figures)} {of}", f"by {cut}" if cut else "", self._every()
        if said == "share":
            return self._share(figure, by, rest)
        if len(figures) > 1:  # "the difference between gross and net" is of no two times
            return f"{figure} {by} {every} {rest}" if said == "change" and self.of else None
        if said == "average":
            return self._average(figure, by, rest)
        if said == "median":
            return f"median order value {of} {by} {every} {rest}" if "order value" in figure else None
        if (cut and said in ("why", "running")) or (self.steps and said == "why"):
            return None
        stepped = f"{figure} {by} {every} {rest}"
        return {
            "why": f"why did {' and '.join(figures)} change {of} {rest}",
            "running": f"running total of {figure} per {self.steps or 'day'} {rest}",
            "trend": f"{figure} {by} per {self.steps or 'month'} {rest}",
            "change": stepped if self.steps or self.of else f"change in {figure} {by} {rest}",
        }[said]

    def _average(self, figure: str, by: str, rest: str) -> str | None:
        """Per step of time, or per order or customer."""
        told = " ".join(part.text for part in self.parts if part.role == "s")
        if figure.startswith(("average", "mean")):
            return f"{figure} {by} {self._every()} {rest}"
        if each := self.steps or unit(told):
            return f"average {figure} per {each} {by} {rest}"
        match = _EACH.search(told)
        return f"{figure} per {match[1]} {by} {rest}" if match else None

    def _share(self, figure: str, by: str, rest: str) -> str | None:
        figures = self.figures or []
        if len(figures) == 2:
            return f"{figures[0]} as share of {figures[1]} {self._of_what()} {by} {self._every()} {rest}"
        if self.steps or self.of or len(figures) != 1:  # "compared with April" is of no one share
            return None
        if by:
            return f"share of {figure} {by} {rest}"
        values = [part for part in self.parts if part.role == "v"]
        if any(part.role == "b" for part in self.parts):
            return f"% of {figures[0]} {rest} {self._of_what()}" if figures == ["orders"] else None
        one = len(values) == 1 and not self.conditions
        if not one:
            return None
        whom = values[0].names in ("customer_type", "segment", "rfm_segment")
        of = placed(values[0]).removeprefix("of ") if whom else bare(values[0].text)
        return f"what share of {figures[0]} comes from {of} {rest}"

    def _named(self, role: str, known: Container[str]) -> list[str] | None:
        """What the parts of that role are called, each once; None where one is not known."""
        names = dict.fromkeys(part.names for part in self.parts if part.role == role)
        if any(name not in known for name in names):
            return None
        return [_CALLED.get(name, name.replace("_", " ")) for name in names]

    def _of_what(self, values: Sequence[Part] | None = None) -> str:
        """Values of one kind beside each other, and whom."""
        values = [part for part in self.parts if part.role == "v"] if values is None else values
        kinds = dict.fromkeys(part.names for part in values)
        said = [" and ".join(placed(part) for part in values if part.names == kind) for kind in kinds]
        whom = f"of customers {' and '.join(self.conditions)}" if self.conditions else ""
        return " ".join([*said, whom]).strip()

    def _narrowed(self) -> str:
        """When, of which orders, and what is left out; of two times each is told."""
        said: list[str] = []
        before: Part | None = None  # the time said before
        for part in self.parts:
            if part.role in "tbx":
                # "in November and how many in December" are two times; "in 2024, just May" is one
                between = self.message[before.end : part.start] if before is not None and part.role == "t" else ""
                again = _AND.search(f" {between} ") is not None
                said.append(f"and {self._as_said(part)}" if again else self._as_said(part))
                before = part if part.role == "t" else before
        return " ".join(said)

    def _against(self, part: Part) -> str:
        """The time something is compared with; "the one before" is of the unit that the first time has."""
        said = against(part)
        times = " ".join(timed(other) for other in self.parts if other.role == "t")
        if _BEFORE.fullmatch(said) and (each := unit(times)):
            return f"the {each} before"
        return "the year before" if _SAME_BEFORE.fullmatch(said) and said.split()[-2] in times else said

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


def _kind(said: str, scene: Scene) -> str:
    """What kind of value is named."""
    filters = read_slots(f"revenue in {bare(said)}", scene).filters
    return filters[0]["dimension"] if filters else "product"


def _beside(parts: Sequence[Part]) -> list[str]:
    """Dimensions of which several values were named: each is told by itself."""
    kinds = ["rfm_segment" if part.names == "segment" else part.names for part in parts if part.role == "v"]
    return [kind.replace("_", " ") for kind in dict.fromkeys(kinds) if kinds.count(kind) > 1 and kind in DIMENSIONS]
