"""The README and the generated pages tell the truth."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from cli.main import COMMANDS
from cli.reference import DOCS, pages

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", pages())
def test_generated_pages_are_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name], "run python -m cli.reference"


def test_every_command_the_readme_names_exists() -> None:
    named = set(re.findall(r"(?:`|bin/)aima ([a-z]+)", README))
    assert named >= {"up", "down", "status", "doctor", "import", "demo", "ask", "mcp", "mailbox", "user", "key", "db"}
    assert named <= set(COMMANDS)


def test_every_command_is_in_the_readme() -> None:
    assert {name for name in COMMANDS if f"`aima {name}" not in README} == set()


def test_every_make_target_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"make ([a-z-]+)", README)) - {"sure"} <= targets


def test_every_link_leads_somewhere() -> None:
    for page in [PROJECT / "README.md", *DOCS.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    shown = subprocess.run(  # the module, so that it works wherever the script was installed
        [sys.executable, "-m", "cli.main", name, "--help"], capture_output=True, text=True, check=True, cwd=PROJECT
    )
    assert "--help" in shown.stdout
    assert len(shown.stdout) > 200
