"""What the compiled loops share: the compiler call, array types, and the walk that cuts sorted rows by customer.

numba's cache notices a change of a compiled function's own file only, not of the files of what it calls. So compiled
functions never call each other across files, and the positions of a loop's results live beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

F = TypeVar("F", bound=Callable[..., Any])
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

HOUR = 3_600_000_000
DAY = 24 * HOUR


def compiled(function: F) -> F:
    """numba's njit, typed; the machine code is kept on disk."""
    return cast(F, numba.njit(cache=True)(function))


@compiled
def is_sorted(customers: Integers, instants: Integers) -> bool:
    """True when rows are in (customer, time) order."""
    for i in range(1, customers.size):
        if customers[i] < customers[i - 1]:
            return False
        if customers[i] == customers[i - 1] and instants[i] < instants[i - 1]:
            return False
    return True


@compiled
def customer_offsets(ids: Integers, customers: Integers) -> Integers:
    """Offsets (n + 1) of each of the sorted unique `ids` in the sorted column `customers`."""
    offsets = np.empty(ids.size + 1, np.int64)
    row = 0
    for i in range(ids.size):
        offsets[i] = row
        while row < customers.size and customers[row] == ids[i]:
            row += 1
    offsets[ids.size] = row
    return offsets
