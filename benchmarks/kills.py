"""What is left after kill -9 in the middle of an import, of a scoring run, and of the database under an import.

    python -m benchmarks.kills                 30 rounds, on a database of its own in /var/tmp/aima-kills
    python -m benchmarks.kills --rounds 60 --rows 50000

Each round starts the work in a process of its own, kills a process at a drawn moment of the work, looks at what is
there, and does the work again. Told per kind: how many rounds, how often the work was cut off, and how often something
was half written, lost, twice, or could not be finished. All but the first two must be 0.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import text

from cli.engines.postgres import EmbeddedPostgres
from core.identity import ROLE_SCOPES, Identity
from database.engine import Database
from database.migrate import upgrade
from tools.imports.load import import_file
from tools.scoring.organisation import score_organisation

HOME = Path("/var/tmp/aima-kills")
KINDS = ("import", "scoring", "database")
SCORES = ("features", "rfm_scores", "value_scores", "churn_scores")  # each replaced in a transaction of its own
OF_EVERYBODY = SCORES[:3]
WORKING = b"working\n"  # what a process says before it begins, so that none is killed while it only starts
PATIENCE_S = 300
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Scene:
    """The database the rounds are played on; `server` is what may be killed there."""

    database: Database
    folder: Path
    server: EmbeddedPostgres | None = None

    def count(self, org_id: UUID, query: str) -> float:
        """One figure."""
        with self.database.transaction(org_id) as connection:
            return float(connection.execute(text(query)).scalar() or 0)


def main() -> None:
    """Play the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--rows", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    HOME.mkdir(mode=0o711, parents=True, exist_ok=True)
    server = EmbeddedPostgres(HOME / "home")
    server.start()
    try:
        upgrade(server.owner_url)
        scene = Scene(Database(server.app_url), HOME, server)
        found = played(scene, options.rounds, options.rows, random.Random(options.seed))
        scene.database.dispose()
    finally:
        server.stop()
    told = ("rounds", "cut off", "half written", "lost", "twice", "unfinished")
    print(f"{'killed during':<14}" + "".join(f"{name:>14}" for name in told))
    for kind in KINDS:
        print(f"{kind:<14}" + "".join(f"{found[kind, name]:>14}" for name in told))
    bad = sum(count for (_, name), count in found.items() if name not in ("rounds", "cut off"))
    sys.exit(1 if bad else 0)


def played(scene: Scene, rounds: int, rows: int, draw: random.Random) -> Counter[tuple[str, str]]:
    """The rounds, each kind in turn: (kind, what was seen) → how often."""
    orders = orders_file(scene.folder / "orders.csv", rows, draw)
    kinds = KINDS if scene.server else KINDS[:2]
    whole_s: dict[str, float] = {}
    found: Counter[tuple[str, str]] = Counter()
    for number in range(rounds):
        kind = kinds[number % len(kinds)]
        work = "scoring" if kind == "scoring" else "import"
        if work not in whole_s:  # how long it takes undisturbed says when to disturb it
            child = _child(scene, work, _organisation(scene, orders if work == "scoring" else None), orders)
            began = time.perf_counter()
            child.wait(PATIENCE_S)
            whole_s[work] = time.perf_counter() - began
        seen = _round(scene, kind, orders, draw.uniform(0.05, 0.95) * whole_s[work])
        found.update((kind, name) for name in ("rounds", *seen))
    return found


def orders_file(path: Path, rows: int, draw: random.Random) -> Path:
    """Orders of invented customers, each order a whole number of pounds."""
    lines = [
        f"o{n},c{draw.randint(1, rows // 12)},{draw.randint(2023, 2025)}-{draw.randint(1, 12):02}-"
        f"{draw.randint(1, 28):02},{draw.randint(1, 300)}.00"
        for n in range(rows)
    ]
    path.write_text("\n".join(("order_id,customer_id,order_date,total", *lines, "")))
    return path


def _round(scene: Scene, kind: str, orders: Path, after_s: float) -> list[str]:
    """One disturbance; returns what was seen."""
    work = "scoring" if kind == "scoring" else "import"
    org_id = _organisation(scene, orders if work == "scoring" else None)
    before = _state(scene, work, org_id)
    child = _child(scene, work, org_id, orders)
    time.sleep(after_s)
    seen = ["cut off"] if child.poll() is None else []
    _kill(scene, child, server=kind == "database")
    left = _state(scene, work, org_id)
    after = _finished(scene, work, org_id, orders)
    if after is None:
        return [*seen, "unfinished"]
    if not _whole(work, left, before, after):
        seen.append("half written")
    wanted = _wanted(scene, work, org_id, orders)
    if after[: len(wanted)] != wanted:
        seen.append("lost" if after[: len(wanted)] < wanted else "twice")
    return seen


def _whole(work: str, left: tuple[float, ...], before: tuple[float, ...], after: tuple[float, ...]) -> bool:
    """Whether what a kill left is either as before or as after: an import as one, scores table by table."""
    if work == "import":  # one that had ended is listed, and doing the work again lists another
        (*was, imports), (*will, _), (*now, listed) = before, after, left
        return (now, listed) in ((was, imports), (will, imports + 1))
    return all(now in (was, will) for now, was, will in zip(left, before, after, strict=True))


def _kill(scene: Scene, child: subprocess.Popen[bytes], *, server: bool) -> None:
    if server and scene.server is not None and scene.server.process is not None:
        scene.server.process.send_signal(signal.SIGKILL)
        child.wait()  # its connection is gone: it ends by itself, with a word
        scene.server.bury()
        scene.database.engine.dispose()
        scene.server.start()
    else:
        child.kill()
        child.wait()


def _state(scene: Scene, work: str, org_id: UUID) -> tuple[float, ...]:
    """What the work has left in the database, in figures, all of one instant: the server may be about to commit."""
    figures = [f"select count(*) from {table}" for table in SCORES]
    if work == "import":
        figures = ["select count(*) from orders", "select sum(revenue) from orders", "select count(*) from imports"]
    query = "select " + ", ".join(f"coalesce(({figure}), 0)" for figure in figures)
    with scene.database.transaction(org_id) as connection:
        return tuple(float(figure) for figure in connection.execute(text(query)).one())


def _wanted(scene: Scene, work: str, org_id: UUID, orders: Path) -> tuple[float, ...]:
    """The first figures that `_state` must come to: the file's orders and money, or everybody in each table."""
    if work == "scoring":
        people = scene.count(org_id, "select count(distinct customer_id) from orders")
        return (people,) * len(OF_EVERYBODY)
    lines = orders.read_text().splitlines()[1:]
    return float(len(lines)), sum(float(line.rpartition(",")[2]) for line in lines)


def _organisation(scene: Scene, orders: Path | None) -> UUID:
    """A new organisation, with these orders imported where there are any."""
    org_id = uuid4()
    with scene.database.transaction(org_id) as connection:
        made = "insert into organisations (id, slug, name, time_zone, currency) values (:i, :s, :s, 'UTC', 'GBP')"
        connection.execute(text(made), {"i": org_id, "s": f"kills-{org_id}"})
    if orders is not None:
        _import(scene.database, _identity(org_id), orders)
    return org_id


def _finished(scene: Scene, work: str, org_id: UUID, orders: Path) -> tuple[float, ...] | None:
    """Do the work to its end; what is there then, None where it does not end well."""
    if _child(scene, work, org_id, orders).wait(PATIENCE_S) != 0:
        return None
    return _state(scene, work, org_id)


def _child(scene: Scene, work: str, org_id: UUID, orders: Path) -> subprocess.Popen[bytes]:
    """A process that has begun the work."""
    env = os.environ | {"KILLS_DATABASE": scene.database.url.render_as_string(hide_password=False)}
    argv = [sys.executable, "-m", "benchmarks.kills", "--", work, str(org_id), str(orders)]
    with (scene.folder / "children.log").open("ab") as log:
        child = subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, stderr=log, cwd=Path(__file__).parent.parent)
    assert child.stdout is not None
    with child.stdout as out:
        if out.readline() != WORKING:
            raise RuntimeError(f"The work did not begin; see {scene.folder / 'children.log'}.")
    return child


def _identity(org_id: UUID) -> Identity:
    return Identity(org_id, "kills", ROLE_SCOPES["admin"], "cli", person=True)


def _import(database: Database, identity: Identity, orders: Path) -> None:
    import_file(database, identity, orders, rejects=orders.with_suffix(f".{os.getpid()}.rejects"), now=NOW)


def _score(database: Database, identity: Identity, _orders: Path) -> None:
    score_organisation(database, identity, NOW, lambda _share, _words: None)


WORK: dict[str, Callable[[Database, Identity, Path], None]] = {"import": _import, "scoring": _score}


def _work(work: str, org_id: str, orders: str) -> None:
    """What the processes do that are killed."""
    database = Database(os.environ["KILLS_DATABASE"])
    sys.stdout.buffer.write(WORKING)
    sys.stdout.buffer.flush()
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nobody reads on
    WORK[work](database, _identity(UUID(org_id)), Path(orders))
    database.dispose()


if __name__ == "__main__":
    if "--" in sys.argv:
        _work(*sys.argv[sys.argv.index("--") + 1 :])
    else:
        shutil.rmtree(HOME, ignore_errors=True)
        main()
