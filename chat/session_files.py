"""Whose data the files of an open session may hold: said in its folder, so that an erasure looks through the right
ones (tools/privacy/files.py)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import UUID

import chainlit as cl

from tools.privacy.files import note_owner

__all__ = ["own_session_files"]


async def own_session_files(org_id: UUID) -> None:
    """Say that the session at hand is of this organisation."""
    await asyncio.to_thread(note_owner, Path(cl.context.session.files_dir), org_id)
