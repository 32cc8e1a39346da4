"""How a capability is asked for, as data: phrasings, and how its arguments are read out of a clause."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from functools import cached_property

from language.filler import without_noise
from language.scene import Call, Scene
from language.slots import Slots
from language.words import plain

__all__ = ["Answerable", "Noted", "Request", "made"]


@dataclass(frozen=True, slots=True)
class Noted:
    """Calls to make, and what to say beside their answers; `short`: they leave out what the note tells."""

    calls: list[Call]
    note: str
    short: bool = True


Answerable = list[Call] | str | Noted
"""Calls to make, or the words to say instead."""


def made(answerable: list[Call] | Noted) -> list[Call]:
    """The calls to make."""
    return answerable.calls if isinstance(answerable, Noted) else answerable


@dataclass(frozen=True)
class Request:
    """One way of asking. `calls` turns a clause into tool calls, or into the words to say instead.

    `free`: it may be told any words, such as the text of a message.
    `whole`: a pattern of messages that are one request, whatever sentences and "and" they hold;
    it names itself what it does not understand.
    `reads`: a grammar of its own that explains each word of a clause, or gives None: it needs no meaning to be learnt.
    `timed`: its answer can be limited to the days a clause names. `examples` are phrasings in many registers,
    separated by bars or lines; `near_misses` sound alike and mean nothing that can be asked. Which request a clause is
    for is learnt from both (agent/offline/meaning.py). `needs` are marks it cannot do without, and a clause in which
    `unless` (a pattern of plain words) is found asks for something else, however alike it sounds. `agent` is the
    sub-agent that carries it out where it is another than the tool's first.
    """

    name: str
    examples: str
    calls: Callable[[Slots, Scene], Answerable] = field(repr=False)
    needs: tuple[str, ...] = ()
    unless: str = ""
    agent: str = ""
    near_misses: str = ""
    timed: bool = False
    free: bool = False
    whole: str = ""
    reads: Callable[[Slots, Scene], list[Call] | None] | None = field(default=None, repr=False)

    def has_needs(self, marks: Set[str]) -> bool:
        """Whether a clause that holds these `marks` has what it cannot do without."""
        return all(marks & set(need.split("|")) for need in self.needs)

    def is_ruled_out(self, slots: Slots) -> bool:
        """Whether a clause says that something else is asked for."""
        return bool(self.unless) and slots.has(self.unless)

    @property
    def phrasings(self) -> list[str]:
        """The examples one by one."""
        return _listed(self.examples)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words it is asked for in."""
        return frozenset(re.findall(r"[a-z][a-z'-]+", self.said))

    @cached_property
    def said(self) -> str:
        """The examples as plain text, as a clause is read: without noise."""
        return without_noise(plain(self.examples))

    @cached_property
    def spoken(self) -> list[str]:
        """The examples one by one, as plain text."""
        return [without_noise(plain(example)) for example in self.phrasings]

    @property
    def others(self) -> list[str]:
        """The near misses one by one."""
        return _listed(self.near_misses)


def _listed(text: str) -> list[str]:
    return [said for line in text.split("\n") for part in line.split(" | ") if (said := part.strip(" |"))]
