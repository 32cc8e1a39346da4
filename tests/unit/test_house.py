"""The conventions that a machine can hold: sizes, names, package docstrings, the version pins."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "agent", "analytics", "chat", "cli", "connectors", "core", "database", "language", "mcp_server", "prompts",
    "tools", "web", "workers",
)  # fmt: skip
LONGEST_FILE, LONGEST_FUNCTION = 400, 40
ALLOWED_LONGER: dict[str, int] = {}  # "path::function" → lines; entries may only shrink or go
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "service"}


def sources() -> list[Path]:
    return sorted(p for package in PACKAGES for p in (PROJECT / package).rglob("*.py"))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_files_are_short() -> None:
    beside = (p for folder in ("benchmarks", "evals", "tests") for p in (PROJECT / folder).rglob("*.py"))
    files = [*sources(), *beside]
    long = {str(p.relative_to(PROJECT)): n for p in files if (n := len(p.read_text().splitlines())) > LONGEST_FILE}
    assert long == {}


def test_functions_are_short() -> None:
    found = {
        f"{p.relative_to(PROJECT)}::{name}": n for p in sources() for name, n in functions(p) if n > LONGEST_FUNCTION
    }
    longer = {place: n for place, n in found.items() if n > ALLOWED_LONGER.get(place, LONGEST_FUNCTION)}
    assert longer == {}
    assert set(ALLOWED_LONGER) <= set(found), "shrunk below the limit: take it off the list"


def test_no_file_name_says_nothing() -> None:
    assert [str(p) for p in sources() if p.stem in VAGUE] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_says_what_belongs_in_it(package: str) -> None:
    words = ast.get_docstring(ast.parse((PROJECT / package / "__init__.py").read_text()))
    assert words
    assert len([line for line in words.splitlines() if line.strip()]) >= 2


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    lines = (PROJECT / "constraints.txt").read_text().split()
    pins = {normal(line.split("==")[0]) for line in lines if "==" in line}
    assert {normal(re.split(r"[\[;=<> ]", name)[0]) for name in wanted} - pins == set()


def normal(name: str) -> str:
    return name.lower().replace("_", "-")
