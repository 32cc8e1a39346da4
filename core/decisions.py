"""Decisions taken while data were read that change a figure: kept, counted, and told; never taken in silence.

    decisions.add("status", "“storniert” is a cancelled order and was left out.", rows=2)

Whoever decides adds; the report of the import shows all of them. Equal ones are added up.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from threading import Lock
from typing import Literal

from pydantic import BaseModel, Field

__all__ = ["Decision", "Decisions", "Subject"]

Subject = Literal[
    "rows", "columns", "dates", "numbers", "money", "currency", "status", "refunds", "people", "consent", "kind"
]


class Decision(BaseModel):
    """What was decided about a file, in a sentence, and how to have it otherwise."""

    about: Subject = Field(description="What it is about.")
    said: str = Field(description="What was taken for what, and why: one sentence.")
    rows: int = Field(0, description="Rows it concerns; 0: the file as a whole.")
    amount: Decimal | None = Field(None, description="Money it concerns, in the currency of the rows.")
    doubtful: bool = Field(False, description="True: it could well be otherwise, and a person should look.")
    instead: str = Field("", description="How to decide otherwise, as the option of `aima import`; empty: no way.")


class Decisions:
    """The decisions of one import, in the order they were first taken."""

    def __init__(self) -> None:
        self._taken: dict[tuple[str, str], Decision] = {}
        self._lock = Lock()

    def add(
        self,
        about: Subject,
        said: str,
        *,
        rows: int = 0,
        amount: Decimal | None = None,
        doubtful: bool = False,
        instead: str = "",
    ) -> None:
        """Note a decision; one with the same words is the same decision, about more rows and more money."""
        new = Decision(about=about, said=said, rows=rows, amount=amount, doubtful=doubtful, instead=instead)
        with self._lock:
            known = self._taken.get((about, said))
            self._taken[about, said] = new if known is None else _together(known, new)

    def __iter__(self) -> Iterator[Decision]:
        return iter(list(self._taken.values()))

    def __len__(self) -> int:
        return len(self._taken)


def _together(one: Decision, other: Decision) -> Decision:
    amounts = [d.amount for d in (one, other) if d.amount is not None]
    return one.model_copy(
        update={
            "rows": one.rows + other.rows,
            "amount": sum(amounts, Decimal(0)) if amounts else None,
            "doubtful": one.doubtful or other.doubtful,
        }
    )
