"""A template: read once, checked, and rendered for many people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from language.merge.pieces import Piece
from language.merge.program import Frame, Missing, Program, TooLong
from language.merge.structure import Flaw, flaws, without_comments
from language.merge.values import Kind, Value, Values

__all__ = ["Missing", "Template", "TooLong"]


class Template:
    """Pieces of text as a template over fields of these kinds.

    `flaws` are what is wrong with it, by line; it can be rendered only where there are none. `fields` are used in it
    under whatever condition; everybody must have a value of those in `needs`.
    """

    def __init__(self, pieces: Sequence[Piece], kinds: Mapping[str, Kind], known_flaws: Sequence[Flaw] = ()) -> None:
        kept = without_comments(pieces)
        self.flaws: list[Flaw] = [*flaws(kept), *known_flaws]
        self.fields: frozenset[str] = frozenset()
        self.needs: frozenset[str] = frozenset()
        if not self.flaws:
            program = Program(kept, kinds)
            self.fields, self.needs = frozenset(program.fields), frozenset(program.needs)
            self.flaws, self._steps = sorted(program.flaws), program.steps

    def render(self, values: Values, limit: int) -> str:
        """The text filled in; Missing where a value is, TooLong where it has more than `limit` characters.

        ValueError when there are flaws.
        """
        if self.flaws:
            raise ValueError(self.flaws[0][1])
        scope: dict[str, Value] = dict(values)
        frame = Frame(scope, limit)
        for step in self._steps:
            step(frame)
        return "".join(frame.text)
