"""Cases of which the quick tests try a part, always the same; `make test-slow` tries the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

__all__ = ["one_in"]


def one_in(number: int, cases: Iterable[Any]) -> list[Any]:
    """`cases`, all but every `number`th of them marked as slow, beginning with the first."""
    return [case if at % number == 0 else pytest.param(case, marks=pytest.mark.slow) for at, case in enumerate(cases)]
