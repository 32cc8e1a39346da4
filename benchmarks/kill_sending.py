"""What becomes of campaigns when a process is killed (kill -9) while they are sent.

    python -m benchmarks.kill_sending              20 rounds, on a data folder of its own in /var/tmp/aima-kills-sending
    python -m benchmarks.kill_sending --rounds 40 --people 2000 --seed 7

Each round is a campaign to people of its own, every second one by a mail server, the others by a service with logs
(Mailgun's API on loopback). At a drawn moment the worker, the courier, the web process, the broker or the database is
killed and started again; then the campaign is waited for. Told of each round: whom it killed, how many messages waited
at that moment, and, counted where messages arrive: people with one (sent), without (lost) and with two (doubled). Those
whose outcome nobody knows (unknown) are none of these: each must stand where a person is asked about it.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from benchmarks.mail_sink import MailSink
from benchmarks.sending_tree import VICTIMS, Tree
from core.clock import utc_now
from core.errors import RetryLater
from core.identity import ROLE_SCOPES, Identity
from tests.conformance.apis.mailgun import DOMAIN, KEY, MailgunApi
from tools.campaigns.unsubscribe import signing_key
from tools.catalogue import catalogue
from tools.channels.account import Seal, transports_of
from tools.channels.change import Given, change_account
from tools.context import Context
from workers.courier import Courier
from workers.letters import Links

HOME = Path("/var/tmp/aima-kills-sending")
PATIENCE_S, NUDGE_S = 240.0, 2.0
SENDER = f"Shop <shop@{DOMAIN}>"
LOGS_HAD_TIME = timedelta(minutes=16)
CONTENT = {
    "name": "Cups",
    "rule": {"field": "customer_id", "operator": "not_null"},
    "subject": "Hello {first_name|there}",
    "body_text": "Hello {first_name|there},\n\nthe cups are back: https://shop.example.com/cups",
    "holdout_share": 0,
}
PEOPLE = """
    with made as (
        insert into customers (external_id, name) select :prefix || n, 'Ada Example' from generate_series(1, :people) n
        returning id, external_id
    ), reached as (
        insert into contact_points (customer_id, kind, address)
        select id, 'email', external_id || '@example.com' from made
    )
    insert into consents (customer_id, channel, granted, source) select id, 'email', true, 'benchmark' from made
"""


@dataclass(frozen=True)
class Seen:
    """What a round came to. `waiting`: messages not sent at the kill; `unasked`: unknown ones no person sees."""

    waiting: int
    sent: int
    lost: int
    doubled: int
    unknown: int
    arrived: int
    unasked: int
    seconds: float

    @property
    def good(self) -> bool:
        """Nothing lost, nothing doubled, nothing unknown that nobody is asked about."""
        return self.lost == self.doubled == self.unasked == 0


class Scene:
    """The tree, and the two places where messages arrive."""

    def __init__(self, home: Path, *, web: bool = True) -> None:
        self.sink, self.api = MailSink(), MailgunApi()
        # Of the installation: its processes inherit it.
        os.environ |= {
            "AIMA_MAILGUN_URL": self.api.url,
            "AIMA_MAILGUN_KEY": KEY,
            "AIMA_MAILGUN_DOMAIN": DOMAIN,
            "AIMA_SENDER": SENDER,
        }
        self.tree = Tree(home, web=web)

    def arrived(self, service: str, prefix: str) -> Counter[str]:
        """How many messages each person of a round has got."""
        if service == "smtp":
            return Counter(self.sink.ask(f"people {prefix}"))
        return Counter(sent.address for sent in list(self.api.sent) if sent.address.startswith(prefix))

    def stop(self) -> None:
        """End everything."""
        self.tree.stop()
        self.sink.stop()
        self.api.stop()


def main() -> None:
    """Play the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    HOME.mkdir(mode=0o711, parents=True, exist_ok=True)
    draw, seen = random.Random(options.seed), list[Seen]()
    scene = Scene(HOME / "home")
    names = [field.name for field in fields(Seen)]
    print(f"{'round':<7}{'service':<9}{'killed':<10}" + "".join(f"{name:>9}" for name in names), flush=True)
    try:
        for number in range(options.rounds):
            service, victim = ("smtp", "mailgun")[number % 2], VICTIMS[number // 2 % len(VICTIMS)]
            seen.append(played(scene, service, victim, options.people, draw))
            print(f"{number + 1:<7}{service:<9}{victim:<10}" + _row(seen[-1]), flush=True)
    finally:
        scene.stop()
    totals = Seen(*(sum(getattr(one, name) for one in seen) for name in names))
    print(f"{'':<7}{'':<9}{'together':<10}" + _row(totals))
    sys.exit(0 if totals.good else 1)


def played(scene: Scene, service: str, victim: str, people: int, draw: random.Random) -> Seen:
    """One round."""
    began, org_id, prefix = time.monotonic(), uuid4(), f"r{uuid4().hex[:8]}-"
    _people(scene, org_id, service, prefix, people)
    moment = draw.randint(1, int(people * 0.95))
    _launch(scene, org_id)
    nudge = partial(_nudge, scene, org_id)
    _wait(lambda: sum(scene.arrived(service, prefix).values()) >= moment, "messages arrive", nudge, 0.005)
    scene.tree.kill(victim)
    waiting = people - sum(scene.arrived(service, prefix).values())
    scene.tree.mend()
    _wait(lambda: _settled(scene, org_id), "the campaign ends", nudge, 0.1)
    _second_look(scene, org_id)
    return _counted(scene, org_id, service, prefix, waiting, time.monotonic() - began)


def _people(scene: Scene, org_id: UUID, service: str, prefix: str, people: int) -> None:
    with scene.tree.database.transaction(org_id) as connection:
        made = "insert into organisations (id, slug, name, time_zone, currency) values (:i, :s, :s, 'UTC', 'GBP')"
        connection.execute(text(made), {"i": org_id, "s": prefix})
        connection.execute(text(PEOPLE), {"prefix": prefix, "people": people})
    if service == "smtp":  # of its own; Mailgun is the installation's
        values = {"smtp_host": "127.0.0.1", "smtp_port": str(scene.sink.port), "smtp_security": "none"}
        given = Given(service, values, sender=SENDER)
        change_account(scene.tree.database, _person(org_id), scene.tree.settings, "email", given)


def _person(org_id: UUID) -> Identity:
    return Identity(org_id, "benchmark", ROLE_SCOPES["admin"], "cli", user_id=uuid4(), person=True)


def _launch(scene: Scene, org_id: UUID) -> None:
    """Propose and approve; the worker is told of it."""
    context = Context(
        _person(org_id), scene.tree.database, utc_now(), scene.tree.queue.enqueue, settings=scene.tree.settings
    )
    proposed: Any = catalogue().call("propose_campaign", CONTENT, context)
    shown = {"proposal_id": str(proposed.proposal.id), "content_hash": proposed.proposal.content_hash}
    catalogue().call("approve_proposal", shown, context)


def _settled(scene: Scene, org_id: UUID) -> bool:
    """Whether nothing is left to be sent, and nobody is about to write."""
    try:
        with scene.tree.database.transaction(org_id) as connection:
            left = "select count(*) from messages where status in ('pending', 'claimed', 'handing_over')"
            return not connection.execute(text(left)).scalar_one() and not scene.tree.couriers()
    except (OperationalError, RetryLater):
        return False


def _nudge(scene: Scene, org_id: UUID) -> None:
    """What supervisor and sweep do by themselves, a minute after a failure at the latest."""
    scene.tree.mend()  # a worker that loses its broker may end
    if not scene.tree.couriers():
        with suppress(OperationalError, RetryLater):  # the database may not be there yet
            scene.tree.queue.enqueue(_person(org_id), "dispatch_outbox", {})


def _second_look(scene: Scene, org_id: UUID) -> None:
    """A courier a quarter of an hour later: it asks services once more what they know, and then a person."""
    with scene.tree.database.transaction(org_id) as connection:
        transports = transports_of(connection, Seal(scene.tree.settings, org_id))
    links = Links(signing_key(scene.tree.settings), "http://127.0.0.1")
    Courier(scene.tree.database, org_id, transports, links, clock=lambda: utc_now() + LOGS_HAD_TIME).run()


def _counted(scene: Scene, org_id: UUID, service: str, prefix: str, waiting: int, seconds: float) -> Seen:
    arrived = scene.arrived(service, prefix)
    with scene.tree.database.transaction(org_id) as connection:
        rows = connection.execute(text("select lower(address), status, id::text from messages")).all()
        listed = connection.execute(
            text(
                "select jsonb_array_elements_text(detail -> 'message_ids') from alerts where kind = 'delivery_unknown'"
            )
        )
        asked = set(listed.scalars())
    unknown = {address: message for address, status, message in rows if status == "unknown"}
    known = [address for address, _, _ in rows if address not in unknown]
    return Seen(
        waiting=waiting,
        sent=sum(arrived[address] == 1 for address in known),
        lost=sum(arrived[address] == 0 for address in known),
        doubled=sum(count > 1 for count in arrived.values()),
        unknown=len(unknown),
        arrived=sum(arrived[address] > 0 for address in unknown),
        unasked=len(set(unknown.values()) - asked),
        seconds=seconds,
    )


def _wait(condition: Callable[[], bool], what: str, nudge: Callable[[], None], every_s: float) -> None:
    """Until it is so; now and then somebody is reminded."""
    until, nudged = time.monotonic() + PATIENCE_S, time.monotonic()
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(f"waited {PATIENCE_S:.0f} s in vain: {what}")
        if time.monotonic() - nudged > NUDGE_S:
            nudge()
            nudged = time.monotonic()
        time.sleep(every_s)


def _row(seen: Seen) -> str:
    return "".join(f"{getattr(seen, field.name):>9.0f}" for field in fields(seen))


if __name__ == "__main__":
    shutil.rmtree(HOME, ignore_errors=True)
    main()
