"""A person handed out and erased at the shell and on the customer's page: shown first, then typed."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from cli.engines import Engines
from cli.main import main
from tests.integration.accounts import someone
from tests.integration.marked_person import FILES, HELD, NUMBER, Scene, made
from tests.screen import load_chainlit
from tools.people.accounts import person_of
from tools.privacy.files import CHAT_FILES, erase_files, note_owner

load_chainlit()

from chat import managing, privacy  # noqa: E402 - chainlit reads the environment when imported

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def scene(engines: Engines, short_home: Path, tmp_path: Path) -> Iterator[Scene]:
    scene = made(engines, short_home, tmp_path)
    for name in ("customers.csv", "orders.csv"):
        scene.load(name, FILES[name])
    yield scene
    scene.close()


@pytest.fixture
def run(scene: Scene, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `aima person …`; exit code and what it said. `typed` is its standard input."""

    @contextmanager
    def opened(_home: Path | None = None) -> Iterator[Any]:
        yield SimpleNamespace(database=scene.database, settings=scene.settings)

    monkeypatch.setattr("cli.session.opened", opened)
    monkeypatch.setattr("cli.session.organisation", lambda *_: scene.org_id)
    monkeypatch.chdir(scene.folder)

    def command(*words: str, typed: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
        with pytest.raises(SystemExit) as ended:
            main(["person", *words])
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out + captured.err

    return command


def test_at_the_shell(run: Run, scene: Scene) -> None:
    assert run("erasures") == (0, "Nobody has been erased.\n")
    code, said = run("export", "quaxmarkel")
    archive = scene.folder / f"person-{NUMBER}.zip"
    assert code == 0
    assert said.endswith(f"kinds: person-{NUMBER}.zip\n")
    assert zipfile.is_zipfile(archive)
    assert archive.stat().st_mode & 0o077 == 0, "nobody else reads it"
    assert run("export", "quaxmarkel")[0] == 2, "it is not written over"

    code, said = run("erase", "quaxmarkel", typed="yes")
    assert (code, "Nothing was erased" in said, "Orders, now nobody's: 2" in said) == (2, True, True)
    assert scene.run("select count(*) from customers") == 3
    code, said = run("erase", "zq.quaxmail@example.com", typed=NUMBER)
    assert code == 0, said
    certificate = said[said.index("# Certificate") :]
    assert not HELD.search(certificate)
    assert scene.run("select count(*) from customers") == 2

    number = scene.run("select id::text from erasures")
    assert run("erasures")[1].startswith(f"{number}  ")
    assert run("erasures", number[:8])[1].strip() == certificate.strip()
    assert run("erasures", "zz")[0] == 2
    assert run("readmit", NUMBER)[0] == 0
    assert run("readmit", NUMBER)[0] == 2
    assert run("erase", NUMBER, "--confirm", NUMBER)[0] == 2, "there is nobody any more"


async def test_on_the_customers_page(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    email = scene.identity.actor

    async def present() -> Any:
        return person_of(scene.database, email, door="chat")

    runtime = SimpleNamespace(database=scene.database, settings=scene.settings)
    monkeypatch.setattr(privacy, "installed", lambda: SimpleNamespace(runtime=runtime))
    monkeypatch.setattr(managing, "present", present)

    async def press(action: str, **payload: str) -> dict[str, Any]:
        answer: dict[str, Any] = await getattr(privacy, action)(SimpleNamespace(payload=payload))
        return answer

    saved = await press("export_customer", customer=NUMBER)
    assert zipfile.is_zipfile(io.BytesIO(base64.b64decode(saved["data"])))
    shown = await press("preview_erasure", customer=NUMBER)
    assert shown["typed"] == NUMBER
    assert "Customers: 1" in shown["places"]
    assert "type the customer's number" in (await press("erase_person", customer=NUMBER, typed="x"))["error"]
    done = await press("erase_person", customer=NUMBER, typed=NUMBER)
    assert done["certificate"].startswith(f"# Certificate of erasure {done['number']}")
    assert not HELD.search(done["certificate"])
    owner = person_of(scene.database, email, door="chat")
    assert [one["number"] for one in privacy.erasures_of(owner)] == [done["number"]]

    email = someone(scene.database, scene.org_id, "manager")
    for action in ("export_customer", "preview_erasure", "erase_person"):
        assert "admin" in (await press(action, customer="C-1", typed="C-1"))["error"]
    assert scene.run("select count(*) from customers") == 2


def test_files_of_another_organisations_conversations_stay(scene: Scene, tmp_path: Path) -> None:
    from tests.unit.test_words_of_a_person import words_of_ann

    theirs, ours, nobodys = (tmp_path / CHAT_FILES / name for name in ("theirs", "ours", "nobodys"))
    note_owner(theirs, uuid4())
    note_owner(ours, scene.org_id)
    nobodys.mkdir()
    for folder in (theirs, ours, nobodys):
        (folder / "a.csv").write_text("name\nÄnne Quaxmarkel\n")
    assert dict(erase_files(tmp_path, scene.org_id, words_of_ann())) == {"files of open conversations": 1}
    assert [folder.name for folder in (theirs, ours, nobodys) if (folder / "a.csv").exists()] == ["theirs", "nobodys"]
