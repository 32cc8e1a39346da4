"""How fast a courier sends: personalised text and HTML with signed links, to a mail server of its own on loopback.

    python -m benchmarks.sending                   3 minutes, on a database of its own in /var/tmp/aima-sending
    python -m benchmarks.sending --minutes 1

Told: messages a minute of a whole courier (database, consent, suppression, rendering, links, each message's states),
beside loops that only hand the same octets to the same server with aiosmtplib: one connection after the other's answer,
and as many at once as the courier has. The courier's memory at the start, in the middle and at the end; and what the
server counted: each Message-ID must have come once.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import psutil
from sqlalchemy import create_engine, text

from benchmarks.mail_sink import MailSink
from cli.engines.postgres import EmbeddedPostgres
from connectors.channels.smtp import PROVIDER as SMTP
from core.clock import utc_now
from core.identity import ROLE_SCOPES, Identity
from database.engine import Database
from database.migrate import upgrade
from tools.catalogue import catalogue
from tools.context import Context

HOME = Path("/var/tmp/aima-sending")
PER_MINUTE = 60_000  # people there are: more than are reached
KEPT, LOOP_S, LOOK_S = 2_000, 15.0, 1.0
CONTENT = {
    "subject": "{first_name|Hello}, your cups are back",
    "preview_text": "New glazes, for you first",
    "body_text": "Hello {first_name|there},\n\n{% if orders > 1 %}Thank you for your {{ orders }} orders. {% endif %}"
    "The cups you liked are back in {city|your town}: https://shop.example.com/cups?from=mail\n\n"
    "{% for product in last_products %}- {{ product }}\n{% endfor %}\nSee you soon.",
    "body_html": "<h1>Hello {first_name|there}</h1><p>{% if orders > 1 %}Thank you for your {{ orders }} orders. "
    '{% endif %}The cups you liked are back in {city|your town}: <a href="https://shop.example.com/cups?from=mail">'
    "have a look</a>.</p><ul>{% for product in last_products %}<li>{{ product }}</li>{% endfor %}</ul>"
    + "<p>Each cup is thrown by hand, glazed twice and fired at 1,240 degrees; no two of them are alike.</p>"
    * 12,
}
MONTHS = "select ensure_month_partitions('orders', now() - interval '3 months', now())"
PEOPLE = """
    with made as (
        insert into customers (external_id, name, city)
        select 'c' || n, (array['Ada', 'Grace', 'Zoë', 'José', 'Łucja'])[n % 5 + 1] || ' Example',
            (array['Berlin', 'Lyon', null])[n % 3 + 1]
        from generate_series(1, :people) n returning id
    ), reached as (
        insert into contact_points (customer_id, kind, address)
        select id, 'email', 'p' || id || '@example.com' from made
    ), bought as (
        select id, k, id || '-' || k as number, date_trunc('day', now()) - interval '1 day' * (k * 20 + id % 9) as at
        from made cross join generate_series(1, 2) k
    ), ordered as (
        insert into orders (order_id, customer_id, ordered_at, kind, revenue, currency)
        select number, id, at, 'sale', 20 + k, 'GBP' from bought
    ), lines as (
        insert into order_items (order_id, sku, occurrence, customer_id, ordered_at, description, quantity, unit_price)
        select number, 's' || n, 1, id, at, (array['Blue mug', 'Tea pot', 'Small plate'])[n], 1, 10
        from bought cross join generate_series(1, 3) n
    )
    insert into consents (customer_id, channel, granted, source) select id, 'email', true, 'benchmark' from made
"""


@dataclass(frozen=True)
class Sent:
    """What was seen at one moment: seconds since the first message, messages, the courier's memory in MB."""

    at_s: float
    messages: int
    memory_mb: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=3.0)
    options = parser.parse_args()
    HOME.mkdir(mode=0o711, parents=True, exist_ok=True)
    server, sink = EmbeddedPostgres(HOME / "home"), MailSink()
    server.start()
    try:
        upgrade(server.owner_url)
        database = Database(server.app_url)
        org_id = organisation(database, int(PER_MINUTE * options.minutes))
        analyse(server.owner_url)
        approve(database, org_id, sink.url)
        sink.ask(f"keep {KEPT} {HOME / 'messages'}")
        seen = courier_run(server.app_url, org_id, sink, options.minutes * 60)
        report(seen, sink, written(database, org_id))
        database.dispose()
    finally:
        server.stop()
        sink.stop()


def organisation(database: Database, people: int) -> UUID:
    """One with so many people who agreed to emails."""
    org_id = uuid4()
    with database.transaction(org_id) as connection:
        made = "insert into organisations (id, slug, name, time_zone, currency) values (:i, :s, :s, 'UTC', 'GBP')"
        connection.execute(text(made), {"i": org_id, "s": f"sending-{org_id}"})
        connection.execute(text(MONTHS))
        connection.execute(text(PEOPLE), {"people": people})
    return org_id


def analyse(url: str) -> None:
    """What the database does by itself within a minute of an import, done at once; only its owner may."""
    owner = create_engine(url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("analyze"))
    owner.dispose()


def approve(database: Database, org_id: UUID, url: str) -> None:
    """Propose a campaign to everybody, and approve it as a person does."""
    os.environ["AIMA_SMTP_URL"] = url
    identity = Identity(org_id, "benchmark", ROLE_SCOPES["admin"], "cli", user_id=uuid4(), person=True)
    context = Context(identity, database, utc_now(), lambda *_: uuid4())
    everybody = {"field": "customer_id", "operator": "not_null"}
    arguments = {"name": "Cups", "rule": everybody, "holdout_share": 0, **CONTENT}
    proposal = catalogue().call("propose_campaign", arguments, context).proposal  # type: ignore[attr-defined]
    shown = {"proposal_id": str(proposal.id), "content_hash": proposal.content_hash}
    catalogue().call("approve_proposal", shown, context)


def courier_run(url: str, org_id: UUID, sink: MailSink, seconds: float) -> list[Sent]:
    """A courier at work for so long; what was seen of it, from its first message on."""
    env = os.environ | {
        "AIMA_HOME": str(HOME), "AIMA_APP_DATABASE_URL": url, "AIMA_SMTP_URL": sink.url, "AIMA_SECRET_KEY": "benchmark"
    }  # fmt: skip
    argv = [sys.executable, "-m", "workers.courier", str(org_id)]
    with subprocess.Popen(argv, env=env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as courier:
        process = psutil.Process(courier.pid)
        while not (first := sink.ask("count")["messages"]) and courier.poll() is None:
            time.sleep(0.02)
        began, seen = time.perf_counter(), list[Sent]()
        while courier.poll() is None and (since := time.perf_counter() - began) < seconds:
            seen.append(Sent(since, sink.ask("count")["messages"] - first, process.memory_info().rss / 2**20))
            time.sleep(LOOK_S)
        courier.communicate()  # its input ends: it finishes what it has in hand
    return seen


def written(database: Database, org_id: UUID) -> int:
    """Messages that the database knows to be sent."""
    with database.transaction(org_id) as connection:
        return int(connection.execute(text("select count(*) from messages where status = 'sent'")).scalar_one())


def report(seen: list[Sent], sink: MailSink, marked: int) -> None:
    """Print the table; the loops run here, right after the courier."""
    counted, last = sink.ask("count"), seen[-1]
    kept = list(_messages(HOME / "messages"))
    rate = last.messages / last.at_s
    one = asyncio.run(_bare(sink.port, kept, 1))
    several = asyncio.run(_bare(sink.port, kept, SMTP.at_once))
    print(f"{'':<34}{'messages a minute':>20}{'courier beside it':>20}")
    print(f"{'courier':<34}{rate * 60:>20,.0f}{'':>20}")
    for name, found in (("aiosmtplib, one connection", one), (f"aiosmtplib, {SMTP.at_once} at once", several)):
        print(f"{name:<34}{found * 60:>20,.0f}{rate / found:>20.2f}")
    third = max(1, len(seen) // 3)
    for name, part in (("first", seen[: third + 1]), ("second", seen[third : 2 * third + 1]), ("last", seen[-third:])):
        took = part[-1].at_s - part[0].at_s
        print(f"{f'courier, {name} third':<34}{(part[-1].messages - part[0].messages) / took * 60:>20,.0f}")
    places = (("start", seen[min(5, len(seen) - 1)]), ("middle", seen[len(seen) // 2]), ("end", last))
    print(f"{last.at_s:,.0f} s; memory: " + ", ".join(f"{name} {at.memory_mb:.0f} MB" for name, at in places))
    print(
        f"the server counted {counted['messages']:,} messages, {counted['different']:,} different, at most "
        f"{counted['most']} of each; {marked:,} are marked as sent"
    )
    sys.exit(0 if counted["messages"] == counted["different"] == marked else 1)


def _messages(path: Path) -> list[bytes]:
    """Those the sink has kept."""
    found, content = [], path.read_bytes()
    while content:
        length = int.from_bytes(content[:4])
        found.append(content[4 : 4 + length])
        content = content[4 + length :]
    return found


async def _bare(port: int, messages: list[bytes], connections: int) -> float:
    """Messages a second by aiosmtplib alone."""
    from aiosmtplib import SMTP as Client

    sent, until = 0, time.perf_counter() + LOOP_S

    async def loop(number: int) -> None:
        nonlocal sent
        client = Client(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False)
        await client.connect()
        position = number
        while time.perf_counter() < until:
            content = messages[position % len(messages)]
            await client.sendmail("shop@example.com", [f"bare{position}@example.com"], content)
            position += connections
            sent += 1
        await client.quit()

    began = time.perf_counter()
    await asyncio.gather(*(loop(number) for number in range(connections)))
    return sent / (time.perf_counter() - began)


if __name__ == "__main__":
    shutil.rmtree(HOME, ignore_errors=True)
    main()
