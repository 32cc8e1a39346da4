"""What the README tells people to type, typed: on a data folder of its own, as processes of their own."""

from __future__ import annotations

import gzip
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Shell:
    """`aima` with a data folder and a working directory of the test's."""

    home: Path
    port: int

    def run(self, *arguments: str, status: int = 0) -> str:
        """Standard output of a command; anything but the expected exit status fails with all it said."""
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("AIMA_", "OPENAI_", "DATABASE_", "BROKER_"))
        }
        environment |= {"AIMA_HOME": str(self.home), "AIMA_PORT": str(self.port), "PYTHONPATH": str(PROJECT)}
        done = subprocess.run(
            [sys.executable, "-m", "cli.main", *arguments],
            capture_output=True, text=True, env=environment, cwd=self.home.parent, timeout=180, check=False,
        )  # fmt: skip
        assert done.returncode == status, (
            f"aima {shlex.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        )
        return done.stdout


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory, short_home: Path) -> Iterator[Shell]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = short_home / "readme"
    folder.mkdir(mode=0o711)
    shell = Shell(folder / "home", port)
    lines = ["order_id,customer_id,ordered_at,revenue,country"]
    for day in range(1, 29):
        for shopper in range(6):
            country = "DE" if shopper % 2 else "FR"
            at = f"2024-0{1 + shopper}-{day:02} 10:00"
            lines.append(f"o{day}-{shopper},c{shopper},{at},{10 * shopper + day}.50,{country}")
    (folder / "orders.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    yield shell
    shell.run("down")


def commands() -> list[list[str]]:
    """The `aima` lines of the README's shell blocks, without comments."""
    blocks = re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith(".venv/bin/aima")]


def test_the_readmes_own_data_lines_work_in_their_order(shell: Shell) -> None:
    typed = commands()
    assert [words[0] for words in typed] == ["import", "ask", "up"]
    imported, asked, up = typed
    assert "168 rows read = 168 accepted + 0 rejected" in shell.run(*imported)
    assert "This very file was imported before" in shell.run(*imported)
    assert "DE" in shell.run(*asked)
    started = shell.run(*up, "--detach")
    assert f"http://127.0.0.1:{shell.port}" in started
    assert "Log in as shop@example.com with the password" in started
    with urllib.request.urlopen(f"http://127.0.0.1:{shell.port}/health", timeout=10) as answer:
        assert answer.status == 200
    assert "running already" in shell.run("up")


@pytest.mark.slow
def test_the_commands_of_the_table_work_beside_it(shell: Shell) -> None:
    assert "healthy" in shell.run("status")
    assert "fail" not in shell.run("doctor")
    assert "order_id" in shell.run("import", "orders.csv.gz", "--preview")
    assert "shop@example.com" in shell.run("user", "list")
    assert "already at" in shell.run("db", "upgrade").lower()
    assert "0 messages" in shell.run("mailbox")
    [answer] = [json.loads(line) for line in shell.run("ask", "How many customers do we have?", "--json").splitlines()]
    assert "6 customers" in answer["text"].replace("**", "")
    assert answer["evidence"][0]["tool"] == "query_metrics"


def test_a_key_made_as_the_readme_says_opens_the_api(shell: Shell) -> None:
    made = re.search(r"`aima (key add [^`]+)`", README.replace("\n", " "))
    assert made is not None
    key = shell.run(*shlex.split(made[1].replace("you@example.com", "shop@example.com"))).strip()
    request = urllib.request.Request(
        f"http://127.0.0.1:{shell.port}/api/v1/tools/describe_data",
        data=b"{}",
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert json.load(answer)["evidence"]["tool"] == "describe_data"


def test_a_wrong_file_is_refused_in_words_with_the_exit_code_of_the_readme(shell: Shell) -> None:
    shell.run("import", "no_such_file.csv", status=2)
