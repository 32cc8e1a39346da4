"""Files that people drop into the chat: taken as they come, never whole in memory, under names that harm nobody."""

from __future__ import annotations

import asyncio
import mimetypes
import os
import shutil
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, TYPE_CHECKING, Any
from uuid import uuid4

from fastapi import Depends, FastAPI, HTTPException, UploadFile

from language.one_line import one_line

if TYPE_CHECKING:
    from chainlit.session import WebsocketSession

__all__ = ["add_uploads", "plain_name"]

LONGEST_NAME = 120
ROOM = 1 << 30  # bytes that stay free on the disk: the database needs room to write


def add_uploads(app: FastAPI) -> None:
    """The route that the page uploads to, in place of chainlit's own, which reads files whole into memory."""
    from chainlit.auth import get_current_user

    @app.post("/project/file", include_in_schema=False)
    async def upload(
        session_id: str, file: UploadFile, ask_parent_id: str | None = None, user: Any = Depends(get_current_user)
    ) -> dict[str, str]:
        try:
            return {"id": await _taken(_session(session_id, user), file, ask_parent_id)}
        finally:
            await file.close()


def plain_name(name: str) -> str:
    """The name of an upload as the name of a file in a folder of its own: no path, nothing hidden, not endless."""
    bare = PurePosixPath(PureWindowsPath(one_line(name)).name).name.replace("/", "_").lstrip(".") or "file"
    ending = "".join(PurePosixPath(bare).suffixes[-2:])[-20:]
    return bare if len(bare.encode()) <= LONGEST_NAME else bare[: LONGEST_NAME // 4 - len(ending)] + ending


def _session(session_id: str, user: Any) -> WebsocketSession:
    from chainlit.session import WebsocketSession

    session: WebsocketSession | None = WebsocketSession.get_by_id(session_id)
    if session is None:
        raise HTTPException(404, "This conversation is not open any more: reload the page and drop the file again.")
    if user is None or session.user is None or session.user.identifier != user.identifier:
        raise HTTPException(401, "This conversation is somebody else's.")
    return session


async def _taken(session: WebsocketSession, file: UploadFile, asked_by: str | None) -> str:
    """Keep the upload; returns its id. What it is, its content says: browsers call a CSV file many things."""
    from chainlit.server import validate_file_size

    spec = session.files_spec.get(asked_by) if asked_by else None
    if asked_by and spec is None:
        raise HTTPException(404, "Nobody is waiting for this file any more.")
    name, mime = plain_name(file.filename or ""), file.content_type or "application/octet-stream"
    try:
        validate_file_size(file, spec)
    except ValueError:
        raise HTTPException(413, f"'{name}' is too large: import it at the shell with `aima import`.") from None
    if not file.size:
        raise HTTPException(400, f"'{name}' is empty.")
    await asyncio.to_thread(_check_room, session.files_dir, file.size)
    file_id = str(uuid4())
    path = session.files_dir / f"{file_id}{mimetypes.guess_extension(mime) or ''}"
    await asyncio.to_thread(_keep, file.file, path)
    session.files[file_id] = {"id": file_id, "path": path, "name": name, "type": mime, "size": file.size}
    return file_id


def _check_room(folder: Path, size: int) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if shutil.disk_usage(folder).free < size + ROOM:
        raise HTTPException(507, "There is not enough room on the disk for this file: make some, then drop it again.")


def _keep(source: IO[bytes], path: Path) -> None:
    """Copy piece by piece to a file that only this account reads; one that cannot be written whole is not kept."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
    except OSError as error:
        path.unlink(missing_ok=True)
        words = (
            f"The file could not be kept ({error.strerror}): see that there is room on the disk, then drop it again."
        )
        raise HTTPException(507, words) from None
