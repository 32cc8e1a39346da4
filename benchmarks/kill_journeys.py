"""What becomes of journeys and campaigns when a process is killed (kill -9) while they run.

    python -m benchmarks.kill_journeys              20 rounds of 5,000 people, in /var/tmp/aima-kills-journeys
    python -m benchmarks.kill_journeys --rounds 3 --people 500 --seed 7

Each round is an organisation of its own with three journeys that everybody enters (sends, waits, a split, a branch, a
tag, a wait for an order) and two campaigns to everybody, by a mail server that counts. While they run, the worker, the
courier, the broker or the database is killed at a drawn moment and started again; waits are cut short, so that a round
takes seconds. Told of each round: entries, and of them lost (no longer there, or not through), steps that were skipped
or are on no way of theirs, messages, those that never arrived (lost) or arrived twice (doubled), and those whose
outcome nobody knows: at most what was in hand at a kill, and a person is asked about each.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from benchmarks.kill_sending import PEOPLE
from benchmarks.mail_sink import MailSink
from benchmarks.sending_tree import Tree
from core.clock import utc_now
from core.errors import RetryLater
from core.identity import ROLE_SCOPES, Identity
from tools.catalogue import catalogue
from tools.channels.change import Given, change_account
from tools.context import Context
from tools.journeys.definition import Journey, ways_out

HOME = Path("/var/tmp/aima-kills-journeys")
VICTIMS = ("worker", "courier", "database", "broker")
PATIENCE_S, NUDGE_S, LATEST_S = 900.0, 1.0, 8.0
EVERYBODY = {"field": "customer_id", "operator": "not_null"}


def _send(id_: str, next_: str) -> dict[str, Any]:
    return {"id": id_, "type": "send", "channel": "email", "subject": id_, "body_text": "Hello.", "next": next_}


JOURNEYS: tuple[dict[str, Any], ...] = (
    {"name": "Welcome", "entry": {"rule": EVERYBODY}, "nodes": [
        _send("hello", "pause"),
        {"id": "pause", "type": "wait", "amount": 1, "unit": "days", "next": "halves"},
        {"id": "halves", "type": "split", "ways": [{"percent": 50, "next": "a"}, {"percent": 50, "next": "b"}]},
        _send("a", "end"), _send("b", "end"), {"id": "end", "type": "end"}]},
    {"name": "Tagged", "entry": {"rule": EVERYBODY}, "nodes": [
        {"id": "odd", "type": "split", "ways": [{"percent": 30, "next": "tag"}, {"percent": 70, "next": "asked"}]},
        {"id": "tag", "type": "update", "tag": "odd", "next": "asked"},
        {"id": "asked", "type": "branch", "ways": [{"when": {"tag": "odd"}, "next": "note"}], "otherwise": "end"},
        _send("note", "rest"), {"id": "rest", "type": "wait", "amount": 1, "unit": "days", "next": "end"},
        {"id": "end", "type": "end"}]},
    {"name": "In vain", "entry": {"rule": EVERYBODY}, "nodes": [
        {"id": "order", "type": "wait_for", "event": "order", "amount": 1, "unit": "days", "next": "end",
         "otherwise": "reminder"},
        _send("reminder", "end"), {"id": "end", "type": "end"}]},
)  # fmt: skip
CAMPAIGNS = tuple(
    {"name": name, "rule": EVERYBODY, "subject": name, "body_text": "Hello.", "holdout_share": 0}
    for name in ("First", "Second")
)


@dataclass(frozen=True)
class Seen:
    """What a round came to."""

    entries: int
    gone: int
    astray: int
    messages: int
    lost: int
    doubled: int
    unknown: int
    kills: int
    seconds: float

    @property
    def good(self) -> bool:
        """Nobody is gone or astray, no message is lost or doubled."""
        return self.gone == self.astray == self.lost == self.doubled == 0


class Scene:
    """The processes, and the mail server that counts."""

    def __init__(self, home: Path) -> None:
        self.sink = MailSink()
        os.environ["AIMA_SENDER"] = "Shop <shop@example.com>"  # of the installation: its processes inherit it
        self.tree = Tree(home, web=False)

    def stop(self) -> None:
        """End everything."""
        self.tree.stop()
        self.sink.stop()


def main() -> None:
    """Play the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(mode=0o711, parents=True)
    draw, seen = random.Random(options.seed), list[Seen]()
    names = [field.name for field in fields(Seen)]
    print(f"{'round':<7}{'killed':<10}" + "".join(f"{name:>9}" for name in names), flush=True)
    scene = Scene(HOME / "home")
    try:
        for number in range(options.rounds):
            victim = VICTIMS[number % len(VICTIMS)]
            seen.append(played(scene, victim, options.people, draw))
            print(f"{number + 1:<7}{victim:<10}{_row(seen[-1])}", flush=True)
    finally:
        scene.stop()
    totals = Seen(*(sum(getattr(one, name) for one in seen) for name in names))
    print(f"{'':<7}{'together':<10}{_row(totals)}")
    shutil.rmtree(HOME, ignore_errors=True)
    sys.exit(0 if totals.good else 1)


def played(scene: Scene, victim: str, people: int, draw: random.Random, *, latest_s: float = LATEST_S) -> Seen:
    """One round: the victim is killed twice, at drawn moments."""
    began, org_id, prefix = time.monotonic(), uuid4(), f"r{uuid4().hex[:8]}-"
    _people(scene, org_id, prefix, people)
    for definition in JOURNEYS:
        _approved(scene, org_id, "propose_journey", {"definition": definition})
    for content in CAMPAIGNS:
        _approved(scene, org_id, "propose_campaign", content)
    started, nudged, kills = time.monotonic(), 0.0, 0
    moments = sorted(draw.uniform(0.2, latest_s) for _ in range(2))
    while not (moments == [] and _through(scene, org_id, people)):
        if time.monotonic() - started > PATIENCE_S:
            raise TimeoutError(f"waited {PATIENCE_S:.0f} s in vain: journeys and campaigns end")
        if moments and time.monotonic() - started > moments[0]:
            moments.pop(0)
            kills += scene.tree.kill(victim)
        if time.monotonic() - nudged > NUDGE_S:
            nudged = time.monotonic()
            _nudge(scene, org_id)
        time.sleep(0.05)
    return _counted(scene, org_id, prefix, people, kills, time.monotonic() - began)


def _people(scene: Scene, org_id: UUID, prefix: str, people: int) -> None:
    with scene.tree.database.transaction(org_id) as connection:
        made = "insert into organisations (id, slug, name, time_zone, currency) values (:i, :s, :s, 'UTC', 'GBP')"
        connection.execute(text(made), {"i": org_id, "s": prefix})
        connection.execute(text(PEOPLE), {"prefix": prefix, "people": people})
    values = {"smtp_host": "127.0.0.1", "smtp_port": str(scene.sink.port), "smtp_security": "none"}
    given = Given("smtp", values, sender="Shop <shop@example.com>")
    change_account(scene.tree.database, _person(org_id), scene.tree.settings, "email", given)


def _person(org_id: UUID) -> Identity:
    return Identity(org_id, "benchmark", ROLE_SCOPES["admin"], "cli", user_id=uuid4(), person=True)


def _approved(scene: Scene, org_id: UUID, tool: str, arguments: Mapping[str, Any]) -> None:
    context = Context(
        _person(org_id), scene.tree.database, utc_now(), scene.tree.queue.enqueue, settings=scene.tree.settings
    )
    proposed: Any = catalogue().call(tool, arguments, context)
    shown = {"proposal_id": str(proposed.proposal.id), "content_hash": proposed.proposal.content_hash}
    catalogue().call("approve_proposal", shown, context)


def _nudge(scene: Scene, org_id: UUID) -> None:
    """What supervisor, sweep and clock do by themselves; and time passes: who waits is due."""
    scene.tree.mend()
    with suppress(OperationalError, RetryLater):
        with scene.tree.database.transaction(org_id) as connection:
            connection.execute(text("set local lock_timeout = '2s'"))
            connection.execute(text("update journey_people set due_at = now() where state = 'in' and due_at > now()"))
            connection.execute(text("delete from jobs where status = 'queued'"))  # one of each waits at most
        scene.tree.queue.enqueue(_person(org_id), "run_journeys", {})
        if not scene.tree.couriers():
            scene.tree.queue.enqueue(_person(org_id), "dispatch_outbox", {})


def _through(scene: Scene, org_id: UUID, people: int) -> bool:
    """Whether everybody has entered and is out, and nothing is left to be sent."""
    try:
        with scene.tree.database.transaction(org_id) as connection:
            inside, out = connection.execute(
                text("select count(*) filter (where state = 'in'), count(*) from journey_people")
            ).one()
            left = "select count(*) from messages where status in ('pending', 'claimed', 'handing_over')"
            waiting = connection.execute(text(left)).scalar_one()
        return not inside and out >= people * len(JOURNEYS) and not waiting and not scene.tree.couriers()
    except (OperationalError, RetryLater):
        return False


def _counted(scene: Scene, org_id: UUID, prefix: str, people: int, kills: int, seconds: float) -> Seen:
    arrived = Counter(scene.sink.ask(f"people {prefix}"))
    with scene.tree.database.transaction(org_id) as connection:
        rows = connection.execute(text("select lower(address), status from messages")).all()
        entries = connection.execute(
            text("select j.name, p.customer_id, p.outcome from journey_people p join journeys j on j.id = p.journey_id")
        ).all()
        steps = connection.execute(
            text("select j.name, s.customer_id, s.node, s.way, s.visits from journey_steps s"
                 " join journeys j on j.id = s.journey_id")
        ).all()  # fmt: skip
    sent = Counter(address for address, status in rows if status == "sent")
    unknown = Counter(address for address, status in rows if status == "unknown")
    through = sum(outcome == "end" for _name, _customer, outcome in entries)
    return Seen(
        entries=len(entries),
        gone=people * len(JOURNEYS) - through,
        astray=_astray(steps, people),
        messages=len(rows),
        lost=sum(max(0, count - arrived[address]) for address, count in sent.items()),
        doubled=sum(max(0, count - sent[address] - unknown[address]) for address, count in arrived.items()),
        unknown=unknown.total(),
        kills=kills,
        seconds=seconds,
    )


def _astray(steps: Any, people: int) -> int:
    """People whose steps are not those of one way from the first node to the end, each once."""
    taken: dict[tuple[str, int], dict[str, str]] = {}
    twice = 0
    for name, customer, node, way, visits in steps:
        taken.setdefault((name, customer), {})[node] = way
        twice += visits != 1
    wrong = people * len(JOURNEYS) - len(taken)
    for definition in JOURNEYS:
        journey = Journey.model_validate(definition)
        leads = {node.id: dict(ways_out(node)) for node in journey.nodes}
        for (name, _customer), path in taken.items():
            if name == journey.name:
                wrong += not _is_way(journey.first.id, leads, dict(path))
    return wrong + twice


def _is_way(at: str, leads: Mapping[str, Mapping[str, str]], path: dict[str, str]) -> bool:
    while (way := path.pop(at, None)) not in (None, "end"):
        at = leads[at].get(str(way)) or leads[at]["done"]
    return way == "end" and not path


def _row(seen: Seen) -> str:
    return "".join(f"{getattr(seen, field.name):>9.0f}" for field in fields(seen))


if __name__ == "__main__":
    main()
