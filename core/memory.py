"""Memory that was freed, given back to the operating system."""

from __future__ import annotations

import ctypes

__all__ = ["give_back"]


def give_back() -> None:
    """Have the C library return what it holds freed; does nothing where it has no such call (glibc's malloc_trim).

    A driver that reads gigabytes in pieces leaves glibc with as much again that nobody uses.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
