"""Why a candidate drops out of the race."""

from __future__ import annotations

__all__ = ["FitFailure"]


class FitFailure(ArithmeticError):
    """A candidate could not be fitted to these data; the comparison says why and goes on with the others."""
