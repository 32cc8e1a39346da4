"""Faults of the machine: a full disk, a folder that may not be written, a clock that jumps, signals while starting."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from cli.disk import disk_trouble
from cli.engines.child import ProcessId
from cli.engines.postgres import EmbeddedPostgres
from cli.main import main
from cli.state import RunState
from cli.supervisor import AlreadyRunning
from connectors.channels.smtp.transport import SmtpServer, SmtpTransport
from core.clock import utc_now
from core.errors import RetryLater
from core.identity import Identity
from database.engine import Database
from database.migrate import upgrade
from tests.campaign_scene import add_customers, addresses, launched, statuses
from tests.conftest import make_organisation, person
from tests.integration.test_supervisor import belonging_to, eventually, port, tree  # noqa: F401 - a fixture among them
from tests.mail_server import MailServer
from tools.imports.load import import_file
from workers.courier import Courier
from workers.letters import Links

LINKS = Links(b"key of the tests", "https://aima.example.com")
FULL_MB = 260


def test_a_full_disk_of_the_database_is_told_in_words(database: Database, organisation: UUID) -> None:
    full = "do $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$"
    with pytest.raises(RetryLater, match="make room"), database.transaction(organisation) as connection:
        connection.execute(text(full))
    with pytest.raises(RetryLater, match="make room"), database.transaction(organisation) as connection:
        connection.connection.driver_connection.execute(full)  # type: ignore[union-attr]
    with database.transaction(organisation) as connection:
        assert connection.execute(text("select 1")).scalar() == 1


def test_a_database_that_is_away_is_told_in_words(tmp_path: Path) -> None:
    nowhere = Database(f"postgresql+psycopg://a:b@/x?host={tmp_path}")
    with pytest.raises(RetryLater, match="does not answer"), nowhere.before_login():
        pass


@pytest.mark.parametrize(
    ("number", "words"), [(28, "no room left"), (122, "no room left"), (30, "cannot be used"), (13, "cannot be used")]
)
def test_trouble_with_a_disk_says_what_to_do(number: int, words: str) -> None:
    told = disk_trouble(OSError(number, os.strerror(number), "/data/state.json"))
    assert told is not None
    assert words in told
    assert told.endswith("then do this again.")
    assert disk_trouble(OSError(2, "No such file", "/data")) is None


@pytest.mark.parametrize("command", [["status"], ["import", "orders.csv"], ["up"], ["ask", "revenue"]])
def test_a_data_folder_that_cannot_be_written_is_told_in_words(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIMA_HOME", "/proc/aima")
    with pytest.raises(SystemExit) as ended:
        main(command)
    told = capsys.readouterr()
    assert ended.value.code in (1, 3)
    assert "Traceback" not in told.err
    assert "cannot be written" in told.err or "not running" in told.out


@pytest.mark.parametrize("argument", ["who is \udcff leaving", "\ud800"])
def test_octets_that_are_no_text_are_told_by_their_place(argument: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["ask", argument])
    assert ended.value.code == 2
    assert "Argument 2" in capsys.readouterr().err


# --- a clock that jumps ---


def jumping(draw: random.Random) -> Callable[[], datetime]:
    """A clock that goes on, and now and then leaps up to a day ahead or back."""
    steps = itertools.count()

    def now() -> datetime:
        leap = timedelta(hours=draw.uniform(-24, 24)) if next(steps) % 3 else timedelta(0)
        return utc_now() + leap

    return now


def test_a_jumping_clock_sends_nothing_twice_and_loses_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = MailServer(tmp_path / "mail.log")
    monkeypatch.setenv("AIMA_SMTP_URL", server.url)
    try:
        for seed in range(3):
            org_id, prefix = make_organisation(database), f"jump{seed}-"
            add_customers(database, org_id, addresses(25, prefix))
            launched(database, person(org_id))
            clock = jumping(random.Random(seed))
            for _ in range(6):  # what was not due by one clock is by another
                transports = {"smtp": SmtpTransport(SmtpServer.parse(server.url))}
                Courier(database, org_id, transports, LINKS, clock=clock).run()
            transports = {"smtp": SmtpTransport(SmtpServer.parse(server.url))}
            Courier(database, org_id, transports, LINKS).run()
            assert statuses(database, org_id) == {"sent": 25}
            sent = {address: n for address, n in server.recipients().items() if address.startswith(prefix)}
            assert sent == dict.fromkeys(map(str, addresses(25, prefix)), 1)
    finally:
        server.stop()


def test_what_was_written_by_a_clock_ahead_is_read_by_one_behind(
    database: Database, identity: Identity, tmp_path: Path
) -> None:
    """The machine's clock is a year ahead while a file is imported, and right again for the next one."""
    (tmp_path / "one.csv").write_text("order_id,customer_id,order_date,total\n1,a,2024-01-02,5.00\n")
    (tmp_path / "two.csv").write_text("order_id,customer_id,order_date,total\n2,b,2024-01-03,7.00\n")
    ahead = datetime.now(UTC) + timedelta(days=366)
    assert import_file(database, identity, tmp_path / "one.csv", now=ahead, rejects=tmp_path / "r1").inserted >= 1
    assert import_file(database, identity, tmp_path / "two.csv", rejects=tmp_path / "r2").inserted >= 1
    again = import_file(database, identity, tmp_path / "one.csv", compare=True, rejects=tmp_path / "r3")
    assert again.inserted == 0
    with database.transaction(identity.org_id) as connection:
        assert connection.execute(text("select count(*), sum(revenue) from orders")).one() == (2, 12)


# --- signals while starting ---


@pytest.mark.parametrize("rounds", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_a_signal_while_starting_leaves_nothing_and_the_next_start_works(home: Path, port: int, rounds: int) -> None:  # noqa: F811
    draw = random.Random(rounds)
    for number in range(rounds):
        with tree(home, port) as up:
            time.sleep(draw.uniform(0.0, 3.0))
            up.process.send_signal(draw.choice([signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL]))
            said, _ = up.process.communicate(timeout=150)  # a server that is just starting may have its 60 s
        assert "GiveUp" not in said, (number, said)
        eventually(lambda: belonging_to(home) == [])
    with tree(home, port) as up:
        up.until("AIMA is running at")
        up.end()


def test_the_second_of_two_starts_is_told_of_the_first() -> None:
    state = RunState(ProcessId(7, "x"), "http://127.0.0.1:8000", "starting")
    assert (
        str(AlreadyRunning(state)) == "AIMA is being started by another command at http://127.0.0.1:8000 (process 7)."
    )
    state.stage = "running"
    assert str(AlreadyRunning(state)).startswith("AIMA is running already at")


# --- a full disk ---


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with little room. Only root may make one."""
    place = Path("/run") / f"aima-full-{os.getpid()}"
    place.mkdir(exist_ok=True)
    options = ["-t", "tmpfs", "-o", f"size={FULL_MB}m,mode=0755", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(["mount", *options], check=False, capture_output=True).returncode:
        place.rmdir()
        pytest.skip("only root can mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)
    place.rmdir()


def test_an_import_on_a_full_disk_writes_nothing_and_works_once_there_is_room(small_disk: Path, tmp_path: Path) -> None:
    server = EmbeddedPostgres(small_disk / "home")
    server.start()
    try:
        upgrade(server.owner_url)
        database = Database(server.app_url)
        identity = person(make_organisation(database))
        lines = [f"o{n},c{n % 900},2024-01-{n % 28 + 1:02},{n % 90}.00,{'x' * 200}" for n in range(60_000)]
        orders = tmp_path / "orders.csv"
        orders.write_text("\n".join(("order_id,customer_id,order_date,total,note", *lines, "")))
        filler = small_disk / "filler"
        room = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
        filler.write_bytes(b"\0" * max(0, room - (6 << 20)))
        with pytest.raises(RetryLater, match=r"make room|does not answer"):
            import_file(database, identity, orders, rejects=tmp_path / "r1")
        filler.unlink()
        if server.exit_status() is not None or not server.answers():
            server.bury()
            server.start()
        database.engine.dispose()
        with database.transaction(identity.org_id) as connection:
            assert connection.execute(text("select count(*) from orders")).scalar() == 0
        small = tmp_path / "few.csv"
        small.write_text("\n".join(("order_id,customer_id,order_date,total,note", *lines[:500], "")))
        assert import_file(database, identity, small, rejects=tmp_path / "r2").rejected == 0
        database.dispose()
    finally:
        server.stop()
