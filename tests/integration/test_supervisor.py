"""The process tree, with real engines and small children: crashes, kills, second starts, external services."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from cli.engines import running_engines
from cli.engines.child import ProcessId
from cli.state import PartState, RunState
from tests.samples import one_in

TREE = Path(__file__).with_name("supervised_tree.py")
PROJECT = TREE.parents[2]
PATIENCE_S = 60.0


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Tree:
    """A running `supervised_tree.py`, and what it has said."""

    def __init__(self, process: subprocess.Popen[str], home: Path) -> None:
        self.process, self.home = process, home

    def until(self, words: str) -> list[str]:
        """Read its lines up to one that contains `words`."""
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line.rstrip())
            if words in line:
                return lines
        raise AssertionError(f"ended without saying {words!r}: {lines}")

    def state(self) -> RunState:
        state = RunState.live(self.home)
        assert state is not None
        return state

    def pid(self, name: str) -> int:
        process = self.state().parts[name].process
        assert process is not None
        return process.pid

    def end(self) -> str:
        """Stop it as Ctrl-C does; what it still said."""
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=PATIENCE_S)
        assert self.process.returncode == 0
        return rest


@contextmanager
def tree(home: Path, port: int, mode: str = "", **env: str) -> Iterator[Tree]:
    """Start the tree; whatever the test did, nothing of it is left afterwards."""
    process = subprocess.Popen(
        [sys.executable, str(TREE), str(home), str(port), mode],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT)} | env,
    )
    try:
        yield Tree(process, home)
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=PATIENCE_S)
        eventually(lambda: belonging_to(home) == [])


def belonging_to(home: Path) -> list[str]:
    """Live processes that mention the data folder in arguments or environment (grandchildren inherit the latter)."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        try:
            words = " ".join(process.info["cmdline"] or []) + str(process.environ().get("AIMA_HOME"))
        except (psutil.NoSuchProcess, psutil.AccessDenied, ProcessLookupError):
            continue
        if str(home) in words and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(f"{process.pid} {words[:80]}")
    return found


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "did not become true"
        time.sleep(0.05)


def environment_of_web(port: int) -> dict[str, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
        found: dict[str, str] = json.load(answer)
    return found


def test_up_starts_everything_and_stops_it_leaving_nothing(home: Path, port: int) -> None:
    with tree(home, port) as up:
        lines = up.until("AIMA is running at")
        assert lines[0] == "migrated"
        assert lines[-1] == f"AIMA is running at http://127.0.0.1:{port}"
        eventually(lambda: up.state().parts["worker"].condition == "healthy")
        assert list(up.state().parts) == ["postgres", "valkey", "web", "worker"]
        seen = environment_of_web(port)
        assert "//aima_app:" in seen["AIMA_APP_DATABASE_URL"]
        assert seen["BROKER_URL"].startswith("redis+socket://:")
        assert "DATABASE_URL" not in seen
        assert not any("aima_owner" in value for value in seen.values())
        key_file = home / "secret_key"
        assert seen["AIMA_SECRET_KEY"] == key_file.read_text()
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
        with running_engines(home) as engines:
            assert engines.app_url == seen["AIMA_APP_DATABASE_URL"]
        up.end()
    assert RunState.read(home) is None
    assert belonging_to(home) == []


def test_a_second_up_says_where_it_runs_already(home: Path, port: int) -> None:
    with tree(home, port) as up:
        up.until("AIMA is running at")
        status, words = tree_words(home, port)
        assert status == 0
        assert words == f"AIMA is running already at http://127.0.0.1:{port} (process {up.process.pid})."
        assert up.state().stage == "running"


def tree_words(home: Path, port: int, mode: str = "") -> tuple[int, str]:
    """Run the tree to its end: its exit status and all it said."""
    command = [sys.executable, str(TREE), str(home), str(port), mode]
    env = os.environ | {"PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE_S, cwd=PROJECT, env=env, check=False
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def test_kill_9_of_the_supervisor_leaves_no_process_and_the_next_up_works(home: Path, port: int) -> None:
    with tree(home, port) as up:
        up.until("AIMA is running at")
        eventually(lambda: up.state().parts["worker"].condition == "healthy")
        with running_engines(home) as engines, connect(engines.owner_url) as connection:
            connection.execute("create table kept as select 7 as i")
        up.process.kill()
        up.process.wait()
        with tree(home, port) as again:  # at once: it waits for what is still ending
            again.until("AIMA is running at")
            with running_engines(home) as engines, connect(engines.owner_url) as connection:
                assert connection.execute("select i from kept").fetchone() == (7,)
            again.end()
        eventually(lambda: belonging_to(home) == [])


def test_kill_9_of_the_supervisor_alone_ends_the_whole_tree(home: Path, port: int) -> None:
    with tree(home, port) as up:
        up.until("AIMA is running at")
        eventually(lambda: up.state().parts["worker"].condition == "healthy")
        assert len(belonging_to(home)) >= 6  # supervisor, postgres and its own, valkey, web, worker, inner
        up.process.kill()
        up.process.wait()
        eventually(lambda: belonging_to(home) == [])


@pytest.mark.parametrize("name", one_in(2, ["postgres", "valkey", "worker", "web"]))
def test_a_killed_process_is_reported_and_started_again(home: Path, port: int, name: str) -> None:
    with tree(home, port) as up:
        up.until("AIMA is running at")
        eventually(lambda: up.state().parts["worker"].condition == "healthy")
        before, inner = up.pid(name), _inner_pid(home)
        os.kill(before, signal.SIGKILL)
        assert f"{name} was killed by signal 9; starting it again" in up.until("starting it again")[-1]
        up.until(f"{name} is running again")
        assert up.pid(name) != before
        assert up.state().parts[name].restarts == 1
        assert (ProcessId.find(inner) is not None) == (name != "worker")
        with running_engines(home) as engines, connect(engines.app_url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)


def _inner_pid(home: Path) -> int:
    words = (home / "logs" / "worker.log").read_text().split()
    return int(words[words.index("inner") + 1])


def test_a_web_process_that_cannot_start_ends_up_with_the_end_of_its_log(home: Path, port: int) -> None:
    status, words = tree_words(home, port, "broken-web")
    assert status == 1
    assert "web ended with status 3 and cannot be kept running" in words
    assert "the reason it cannot work" in words
    assert belonging_to(home) == []


def test_a_worker_that_keeps_crashing_is_given_up_and_the_rest_goes_on(home: Path, port: int) -> None:
    with tree(home, port, "broken-worker") as up:
        words = "\n".join(up.until("the reason it cannot work"))
        assert words.count("starting it again") == 4
        assert "worker ended with status 3 and cannot be kept running" in words
        assert up.state().parts["worker"].condition == "failed"
        assert environment_of_web(port)["AIMA_PORT"] == str(port)


def test_a_taken_port_is_named_with_its_setting(home: Path, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        status, words = tree_words(home, port)
        assert status == 2
        assert f"Port {port} on 127.0.0.1 cannot be used" in words
        assert "--port or AIMA_PORT" in words
    assert belonging_to(home) == []


def test_external_services_are_used_instead_of_the_engines(home: Path, port: int, tmp_path: Path) -> None:
    urls = {"DATABASE_URL": "postgresql+psycopg://owner@db/x", "BROKER_URL": "redis://cache:6379/0"}
    with tree(home, port, AIMA_APP_DATABASE_URL="postgresql+psycopg://app@db/x", **urls) as up:
        lines = up.until("AIMA is running at")
        assert json.loads(lines[1]) == {"owner_url": urls["DATABASE_URL"], "broker_url": urls["BROKER_URL"]}
        assert list(up.state().parts) == ["web", "worker"]
        seen = environment_of_web(port)
        assert seen["AIMA_APP_DATABASE_URL"] == "postgresql+psycopg://app@db/x"
        assert seen["BROKER_URL"] == urls["BROKER_URL"]
        assert "DATABASE_URL" not in seen
        assert not (home / "postgres").exists()
        assert not (home / "valkey").exists()


def test_a_state_file_with_a_reused_pid_is_not_believed(home: Path) -> None:
    home.mkdir()
    own = ProcessId.of(os.getpid())
    stranger = ProcessId(own.pid, own.started + "0")
    RunState(stranger, "http://127.0.0.1:1", "running", {"web": PartState("healthy", stranger)}).write(home)
    assert RunState.live(home) is None
    assert aima("status", "--home", str(home)).returncode == 1
    down = aima("down", "--home", str(home))
    assert (down.returncode, down.stdout) == (0, "AIMA is not running.\n")
    assert own.alive()
    assert RunState.read(home) is None


def test_status_and_down_act_on_the_running_tree(home: Path, port: int) -> None:
    with tree(home, port) as up:
        up.until("AIMA is running at")
        eventually(lambda: up.state().parts["worker"].condition == "healthy")
        told = aima("status", "--json", "--home", str(home))
        assert told.returncode == 0
        record = json.loads(told.stdout)
        assert record["address"] == f"http://127.0.0.1:{port}"
        assert record["parts"]["postgres"]["alive"] is True
        assert "postgres   healthy (process" in aima("status", "--home", str(home)).stdout
        again = aima("up", "--home", str(home), "--port", str(port))
        assert again.returncode == 0
        assert "running already at" in again.stdout
        assert aima("down", "--home", str(home)).stdout == "AIMA has stopped.\n"
        assert up.process.wait(PATIENCE_S) == 0
        assert aima("status", "--home", str(home)).returncode == 1


def aima(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, cwd=PROJECT, check=False)


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
