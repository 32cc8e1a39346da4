"""A change taken apart, exactly: by groups, and into how many there were and how much each was worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["Contributed", "Factors", "contributions", "factors"]

_PLACES = Decimal("0.0001")  # as amounts are kept


@dataclass(frozen=True, slots=True)
class Contributed:
    """What one group had now and before."""

    value: str | None
    now: Decimal
    before: Decimal

    @property
    def change(self) -> Decimal:
        """Now less before."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Factors:
    """A total as a number times an average, in two periods, and what each contributes to the change of the total."""

    number_now: int
    number_before: int
    average_now: Decimal
    average_before: Decimal
    from_number: Decimal
    from_average: Decimal


def contributions(
    groups: Mapping[str | None, tuple[Decimal, Decimal]], now: Decimal, before: Decimal, top: int
) -> tuple[list[Contributed], Contributed]:
    """The `top` groups whose (now, before) moved most, and the rest: together exactly the change of the whole.

    The rest is what the whole has beside the groups shown, so that what is in no group is in it too.
    """
    found = [Contributed(value, own, earlier) for value, (own, earlier) in groups.items()]
    found.sort(key=lambda group: (-abs(group.change), group.value is None, group.value))
    shown = found[:top]
    left = Contributed(None, now - sum(g.now for g in shown), before - sum(g.before for g in shown))
    return shown, left


def factors(totals: Sequence[Decimal], numbers: Sequence[int]) -> Factors | None:
    """The change of total = number x average, (now, before) each; None where there was nothing to divide by.

    Each factor's change counts at the mean of the other in both periods (the midpoint, or Shapley, decomposition), so
    that neither comes first and the two add up.
    """
    (now, before), (many, few) = totals, numbers
    if not many or not few:
        return None
    average_now, average_before = now / many, before / few
    from_number = ((many - few) * (average_now + average_before) / 2).quantize(_PLACES)
    return Factors(many, few, average_now, average_before, from_number, now - before - from_number)
