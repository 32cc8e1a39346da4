"""Uploads: under names that harm nobody, piece by piece to files of this account alone, within the room there is."""

from __future__ import annotations

import io
import shutil
import stat
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.screen import load_chainlit

load_chainlit()

from chainlit.auth import get_current_user  # noqa: E402 - chainlit reads the environment when imported
from chainlit.session import WebsocketSession  # noqa: E402

from chat.uploads import LONGEST_NAME, _keep, add_uploads, plain_name  # noqa: E402

Usage = namedtuple("Usage", "total used free")
ADA, BOB = SimpleNamespace(identifier="ada@example.com"), SimpleNamespace(identifier="bob@example.com")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("orders.csv", "orders.csv"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("C:\\Users\\ann\\orders.csv", "orders.csv"),
        ("..", "file"),
        ("", "file"),
        (".bashrc", "bashrc"),
        ("a\0b.csv", "ab.csv"),
        ("orders\r\nX: y.csv", "orders X: y.csv"),
        ("Bestellungen März.csv", "Bestellungen März.csv"),
        ("gnp\u202ecsv.exe", "gnpcsv.exe"),
        ("=?utf-8?q?orders=2Ecsv?=", "orders.csv"),
    ],
)
def test_names_of_uploads_are_names_of_files(name: str, kept: str) -> None:
    assert plain_name(name) == kept


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("x" * 5_000 + ".csv.gz", "x.csv.gz"),
        ("🎁" * 300 + ".csv", "🎁.csv"),
        ("." * 400, "file"),
        ("a." + "b" * 300, "b"),
    ],
)
def test_endless_names_are_cut_and_keep_their_ending(name: str, ending: str) -> None:
    kept = plain_name(name)
    assert 0 < len(kept.encode()) <= LONGEST_NAME
    assert kept.endswith(ending)


class Pieces(io.RawIOBase):
    """A large file of which nobody may ask the whole."""

    left = 40

    def read(self, size: int = -1) -> bytes:
        assert 0 < size <= 1 << 20, "read whole"
        self.left -= 1
        return b"x" * 1_000 if self.left >= 0 else b""


def test_an_upload_is_written_piece_by_piece_for_this_account_alone(tmp_path: Path) -> None:
    _keep(Pieces(), tmp_path / "file")  # type: ignore[arg-type]
    assert (tmp_path / "file").stat().st_size == 40_000
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Ada's open conversation."""
    session = SimpleNamespace(user=ADA, files={}, files_spec={}, files_dir=tmp_path / "files")
    monkeypatch.setattr(WebsocketSession, "get_by_id", lambda name: session if name == "hers" else None)
    return session


async def posted(by: Any, content: bytes, name: str = "orders.csv", **query: str) -> httpx.Response:
    app = FastAPI()
    add_uploads(app)
    app.dependency_overrides[get_current_user] = lambda: by
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        return await client.post(
            "/project/file", params={"session_id": "hers", **query}, files={"file": (name, content)}
        )


async def test_a_file_is_taken_into_its_own_conversation(session: Any) -> None:
    answer = await posted(ADA, b"a,b\n1,2\n", "../orders.csv")
    kept = session.files[answer.json()["id"]]
    assert (kept["name"], kept["size"], kept["path"].read_bytes()) == ("orders.csv", 8, b"a,b\n1,2\n")
    assert kept["path"].parent == session.files_dir
    assert stat.S_IMODE(session.files_dir.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("by", "content", "query", "status"),
    [
        (BOB, b"x", {}, 401),
        (None, b"x", {}, 401),
        (ADA, b"x", {"session_id": "other"}, 404),
        (ADA, b"x", {"ask_parent_id": "nobody"}, 404),
        (ADA, b"", {}, 400),
    ],
)
async def test_what_cannot_be_taken_is_said(
    session: Any, by: Any, content: bytes, query: dict[str, str], status: int
) -> None:
    answer = await posted(by, content, **query)
    assert answer.status_code == status
    assert session.files == {}


async def test_a_file_that_the_disk_has_no_room_for_is_refused(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: Usage(1, 1, 1_000))
    answer = await posted(ADA, b"x" * 2_000)
    assert answer.status_code == 507
    assert "room" in answer.json()["detail"]
    assert session.files == {}
