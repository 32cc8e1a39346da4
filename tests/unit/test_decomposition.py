"""A change taken apart adds up to the change, to the last decimal."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.metrics.decomposition import contributions, factors

amounts = st.decimals(-10_000, 10_000, places=4)
groups = st.dictionaries(st.one_of(st.none(), st.text(max_size=3)), st.tuples(amounts, amounts), max_size=8)


@given(groups=groups, beside=st.tuples(amounts, amounts), top=st.integers(1, 10))
def test_groups_and_the_rest_are_the_whole_change(
    groups: dict[str | None, tuple[Decimal, Decimal]], beside: tuple[Decimal, Decimal], top: int
) -> None:
    now, before = (sum((pair[i] for pair in groups.values()), beside[i]) for i in (0, 1))
    shown, rest = contributions(groups, now, before, top)
    assert sum((one.change for one in shown), rest.change) == now - before
    assert [abs(one.change) for one in shown] == sorted((abs(one.change) for one in shown), reverse=True)
    assert len(shown) == min(top, len(groups))


@given(totals=st.tuples(amounts, amounts), numbers=st.tuples(st.integers(1, 500), st.integers(1, 500)))
def test_number_and_average_are_the_whole_change(totals: tuple[Decimal, Decimal], numbers: tuple[int, int]) -> None:
    found = factors(totals, numbers)
    assert found is not None
    assert found.from_number + found.from_average == totals[0] - totals[1]
    if numbers[0] == numbers[1]:
        assert found.from_number == 0


@given(average=amounts, numbers=st.tuples(st.integers(1, 500), st.integers(1, 500)))
def test_where_the_average_stays_all_comes_from_the_number(average: Decimal, numbers: tuple[int, int]) -> None:
    found = factors((average * numbers[0], average * numbers[1]), numbers)
    assert found is not None
    assert abs(found.from_average) <= Decimal("0.0001")


def test_the_midpoint_formula_by_hand() -> None:
    """10 orders of 20 became 12 of 25: two more orders at 22.50 each, and 5 more on 11 orders."""
    found = factors((Decimal(300), Decimal(200)), (12, 10))
    assert found is not None
    assert (found.from_number, found.from_average) == (45, 55)


@pytest.mark.parametrize("numbers", [(0, 3), (3, 0), (0, 0)])
def test_nothing_is_taken_apart_where_there_was_nothing_to_divide_by(numbers: tuple[int, int]) -> None:
    assert factors((Decimal(3), Decimal(4)), numbers) is None
