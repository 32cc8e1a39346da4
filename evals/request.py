"""Requests as data: one JSON a line, by kind, a third of them set aside by a hash of their id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

HERE = Path(__file__).parent
Part = Literal["open", "held_out"]
PARTS: tuple[Part, ...] = ("open", "held_out")
KINDS = (
    "figure", "average", "share", "change", "ranking", "list", "segment", "cohort", "product", "follow-up", "several",
    "why", "prediction", "advice", "action", "definition", "data", "refuse", "later", "language", "nonsense",
    "injection",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, in one or more turns, and what the last answer must hold.

    `truth`: expressions (evals/truths.py); one of all their readings must be there. `all`: more groups of them, each of
    which must be met too. `mention`, `must_not`: patterns. `refuse`: right is to say that it cannot, naming what
    `mention` describes. `why`: for people. `given`, `sql`: truths as numbers or as SQL over the product's tables,
    first the group of which one must be there, then more groups; only in files of another format (evals/foreign.py).
    """

    id: str
    shop: str
    kind: str
    turns: tuple[str, ...]
    truth: tuple[str, ...] = ()
    all: tuple[tuple[str, ...], ...] = ()
    mention: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    refuse: bool = False
    tol: float = 0.001
    why: str = ""
    given: tuple[tuple[float, ...], ...] = ()
    sql: tuple[str, ...] = ()

    @property
    def judged(self) -> bool:
        """Whether anything can be held against an answer; what cannot is for people to read."""
        return bool(self.truth or self.all or self.mention or self.must_not or self.given or self.sql)


def part_of(identifier: str) -> Part:
    """Where a request belongs: decided by its id alone, before anything is known of how it fares."""
    return "held_out" if int(hashlib.sha256(identifier.encode()).hexdigest(), 16) % 3 == 0 else "open"


def load(part: Part) -> list[Request]:
    """The requests of a part, by kind and id."""
    found = [read for path in sorted((HERE / part).glob("*.jsonl")) for read in _lines(path)]
    return sorted(found, key=lambda request: (KINDS.index(request.kind), request.id))


def save(requests: Iterable[Request]) -> None:
    """Write each request to the file of its part and kind."""
    files: dict[Path, list[str]] = {}
    for request in sorted(requests, key=lambda one: one.id):
        path = HERE / part_of(request.id) / f"{request.kind}.jsonl"
        kept = {name: value for name, value in asdict(request).items() if value or name == "id"}
        if kept.get("tol") == Request.__dataclass_fields__["tol"].default:
            del kept["tol"]
        files.setdefault(path, []).append(json.dumps(kept, ensure_ascii=False))
    for path, lines in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def request_of(record: dict[str, Any]) -> Request:
    """A request from a JSON record; a lone string stands for a list of one."""
    form = {name: value for name, value in record.items() if name in Request.__dataclass_fields__}
    for name in ("turns", "truth", "mention", "must_not"):
        value = form.get(name, ())
        form[name] = (value,) if isinstance(value, str) else tuple(value)
    form["all"] = tuple((group,) if isinstance(group, str) else tuple(group) for group in form.get("all", ()))
    if form["kind"] not in KINDS:
        raise ValueError(f"{form['id']}: no such kind: {form['kind']}")
    return Request(**form)


def _lines(path: Path) -> Iterable[Request]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield request_of(json.loads(line))
