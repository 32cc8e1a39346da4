"""A sheet of A4 in points, on which text, bars and rules are put; and sheets as a PDF."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from tools.media_report.lettering import cut, families, paragraph

__all__ = ["BAD", "FAINT", "GOOD", "INK", "MUTED", "PRIMARY", "UNSURE", "WIDE", "Sheet", "as_pdf"]

WIDE, HIGH = 595.28, 841.89  # points
INK, MUTED, FAINT = "#1c1f21", "#5b6166", "#d9dcde"
PRIMARY, SECOND = "#0d9488", "#938fbe"
GOOD, BAD, UNSURE = "#207e27", "#d24011", "#938fbe"
LINE: Final = 1.32  # of a size, from one line to the next
_drawing = threading.Lock()  # matplotlib's settings are the process's


class Sheet:
    """One page; places are points from its upper left corner."""

    def __init__(self) -> None:
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=(WIDE / 72, HIGH / 72))
        self._axes = self.figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, WIDE)
        self._axes.set_ylim(HIGH, 0)
        self._axes.axis("off")

    def line(
        self, x: float, y: float, text: str, *, room: float, size: float = 9, weight: str = "normal",
        colour: str = INK, align: str = "left",
    ) -> None:  # fmt: skip
        """One line whose letters stand on `y`, cut off at `room` points."""
        self._axes.text(
            x, y, cut(text, room, size, weight), fontsize=size, fontweight=weight, color=colour, ha=align,
            va="baseline", parse_math=False, family=families(),
        )  # fmt: skip

    def block(
        self, x: float, y: float, text: str, *, room: float, size: float = 9, weight: str = "normal",
        colour: str = INK, most: int = 3,
    ) -> float:  # fmt: skip
        """A paragraph of at most so many lines whose first stands on `y`; returns where the next line would stand."""
        for line in paragraph(text, room, size, most=most, weight=weight):
            self.line(x, y, line, room=room, size=size, weight=weight, colour=colour)
            y += size * LINE
        return y

    def bullets(
        self, x: float, y: float, texts: Sequence[str], *, room: float, until: float, most: int = 99
    ) -> float:  # fmt: skip
        """A list down to `until` at most, no point longer than two lines; what is left out is counted."""
        for number, text in enumerate(texts):
            left = len(texts) - number
            lines = len(paragraph(text, room - 10, 9, most=2))
            end = y + lines * 9 * LINE + (9 * LINE if left > 1 else 0)
            if end > until or number >= most:
                return self.block(x + 10, y, f"and {left} more in AIMA.", room=room - 10, most=1)
            self.line(x, y, "•", room=9)
            y = self.block(x + 10, y, text, room=room - 10, most=2) + 1.5
        return y

    def bar(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle from its upper left corner; a negative width reaches to the left."""
        from matplotlib.patches import Rectangle

        self._axes.add_patch(Rectangle((min(x, x + width), y), abs(width), height, facecolor=colour, linewidth=0))

    def rule(self, x: float, y: float, to_x: float, to_y: float, *, colour: str = FAINT, width: float = 0.6) -> None:
        """A straight line."""
        self._axes.plot([x, to_x], [y, to_y], color=colour, linewidth=width, solid_capstyle="butt")

    def whisker(self, low: float, high: float, y: float) -> None:
        """An interval, lying."""
        self.rule(low, y, high, y, colour=INK, width=0.9)
        for end in (low, high):
            self.rule(end, y - 2.5, end, y + 2.5, colour=INK, width=0.9)


def as_pdf(draw: Callable[[], Sequence[Sheet]], *, title: str, made: datetime) -> bytes:
    """The sheets that `draw` makes as a PDF, fonts embedded."""
    with _drawing:
        return _written(draw, {"Title": title, "Creator": "AIMA", "Producer": "AIMA", "CreationDate": made})


def _written(draw: Callable[[], Sequence[Sheet]], about: dict[str, Any]) -> bytes:
    import matplotlib
    from matplotlib.backends.backend_pdf import PdfPages

    out = io.BytesIO()
    with matplotlib.rc_context({"pdf.fonttype": 42, "text.usetex": False}), PdfPages(out, metadata=about) as pdf:
        for sheet in draw():
            pdf.savefig(sheet.figure)
    return out.getvalue()
