"""The data folder's default place: apart from the settings, so that asking for it costs nothing."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["default_home"]


def default_home() -> Path:
    """Where data lives without AIMA_HOME: a system folder for root, the user's data folder otherwise.

    PostgreSQL never runs as root, so root's own home (closed to others) cannot hold its files.
    """
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/aima")
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "aima"
