"""A customer whose every detail is a mark found nowhere else, put where people's details get to by the ways they get
there; and a search of every place for the marks."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, create_engine, text

from cli.engines import Engines
from core.identity import Identity
from core.secrets import secret_key
from core.settings import Settings
from database.engine import Database
from database.erasure.packed import texts
from tests.campaign_scene import CATALOGUE, context, launched, proposed
from tests.conftest import make_organisation, person
from tests.integration import reporting
from tests.integration.test_outbox import courier
from tools.identity.merging import merge_named
from tools.imports.load import import_file
from tools.people.accounts import add_user

__all__ = ["MARKS", "NUMBER", "Places", "Scene", "everything", "made", "plant", "search"]

NUMBER, SECOND = "ZQ-90817", "ZQ-90818"
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
MARKS = {
    "number": "zq-90817", "second number": "zq-90818", "name": "quaxmarkel", "first name": "zebulonix",
    "email": "zq.quaxmail", "phone": "1715550199", "city": "vorbelheim", "second city": "altvorbel",
    "raw": "zzrawmark", "event": "zzeventmark", "mention": "zzmentionmark", "chat": "zzchatmark",
    "feedback": "zzfeedbackmark", "vendor": "cus_zqvendor1",
}  # fmt: skip
HELD = re.compile("|".join(re.escape(mark) for mark in MARKS.values()), re.IGNORECASE)
CUSTOMERS = f"""customer_id,name,email,phone,city,country,accepts_marketing,notes
{NUMBER},Zebulonix Quaxmarkel,zq.quaxmail@example.com,+49 171 5550199,Vorbelheim,Germany,yes,zzrawmark likes teal
C-1,Ada Bell,ada@example.com,+49 171 5550100,Berlin,Germany,yes,early riser
C-2,Bob Kay,bob@example.com,,Berlin,Germany,yes,
"""
MOVED = f"customer_id,name,email,city\n{NUMBER},Zebulonix Quaxmarkel,zq.quaxmail@example.com,Altvorbel\n"
ORDERS = f"""order_id,order_date,customer_id,total,city,country,sku,product,quantity
o-1,2026-01-05,{NUMBER},40.00,Vorbelheim,Germany,S1,Blue mug,2
o-2,2026-02-07,C-1,25.50,Berlin,Germany,S1,Blue mug,1
o-3,2026-03-09,{NUMBER},60.25,Vorbelheim,Germany,S2,Tea pot,1
"""
UNNUMBERED = "email,order_date,total\nzq.quaxmail@example.com,2026-04-01,11.00\nbob@example.com,2026-04-02,12.00\n"
SECONDS = f"customer_id,name\n{SECOND},Quaxmarkel Zebulonix\n"
EVENTS = f"""event_id,customer_id,event,occurred_at,properties
e-1,{NUMBER},page_view,2026-04-01 10:00:00,"{{""note"": ""zzeventmark""}}"
e-2,C-1,page_view,2026-04-01 11:00:00,
"""
MENTIONS = """mention_id,source,date,author,text
m-1,forum,2026-04-03,somebody,"Zebulonix Quaxmarkel says zzmentionmark of the mugs"
m-2,forum,2026-04-04,other,Nice mugs
"""
VENDORS = "Customer ID,Customer Email\ncus_zqvendor1,zq.quaxmail@example.com\n"
FILES = {
    "customers.csv": CUSTOMERS, "orders.csv": ORDERS, "unnumbered.csv": UNNUMBERED, "moved.csv": MOVED,
    "seconds.csv": SECONDS, "events.csv": EVENTS, "mentions.csv": MENTIONS,
}  # fmt: skip
KINDS = {"mentions.csv": "mentions", "events.csv": "events", "unnumbered.csv": "orders"}


@dataclass
class Scene:
    """An organisation with the marked person, its administrator, and the home of its installation."""

    engines: Engines
    database: Database
    home: Path
    org_id: UUID
    identity: Identity
    folder: Path

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home)

    def close(self) -> None:
        """Leave nothing behind: the planner's statistics are of all organisations together."""
        engine = create_engine(self.engines.owner_url)
        with engine.begin() as connection:
            tables = [table.name for table in connection.execute(text(_TABLES)) if table.of_organisations]
            for table in tables:
                connection.execute(text(f"delete from {table} where org_id = :org"), {"org": self.org_id})
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("analyze"))
        engine.dispose()
        self.database.dispose()

    def run(self, query: str, **values: Any) -> Any:
        with self.database.transaction(self.org_id) as connection:
            result = connection.execute(text(query), values)
            return result.scalar() if result.returns_rows else None

    def load(self, name: str, content: str) -> Any:
        path = self.folder / name
        path.write_text(content)
        rejects = self.folder / f"{name}.rejects.csv"
        return import_file(self.database, self.identity, path, rejects=rejects, now=NOW, kind=KINDS.get(name))

    def call(self, tool: str, /, **arguments: Any) -> Any:
        return CATALOGUE.call(tool, arguments, context(self.database, self.identity))

    def revenue(self) -> Any:
        return self.run("select sum(revenue) from orders")


def made(engines: Engines, home: Path, folder: Path) -> Scene:
    """An organisation with an administrator."""
    database = Database(engines.app_url, secret=lambda: secret_key(Settings(home=home)))
    org_id = make_organisation(database, currency="EUR")
    identity = person(org_id)
    email = f"admin-{uuid4().hex[:8]}@shop.example"
    add_user(database, org_id, email=email, password="a long password", role="admin")
    identity = Identity(org_id, email, identity.scopes, "chat", identity.user_id, person=True)
    return Scene(engines, database, home, org_id, identity, folder)


def plant(scene: Scene) -> None:
    """Everything but conversations (test_privacy.py has those): files, merges, segments, campaigns, events, texts."""
    for name, content in FILES.items():
        result = scene.load(name, content)
        assert result.rejected == 0, (name, result)
    merge_named(scene.database, scene.identity, NUMBER, SECOND, now=NOW)
    scene.run(
        "insert into identities (kind, value, customer_id) select 'vendor:stripe', 'cus_zqvendor1', id from customers"
        " where external_id = :number",
        number=NUMBER,
    )
    email = {"field": "email", "operator": "eq", "value": "zq.quaxmail@example.com"}
    scene.call("save_segment", name="One of ours", rule=email)
    scene.call("save_segment", name="Berlin", description="Friends of Zebulonix Quaxmarkel",
         rule={"field": "city", "operator": "eq", "value": "Berlin"})  # fmt: skip
    launched(scene.database, scene.identity, name="Spring for Quaxmarkel", subject="Hello {name}")
    assert courier(scene.database, scene.org_id).run()["sent"] == 3
    waiting = proposed(scene.database, scene.identity, name="Summer", rule=email, subject="Hello {name}")
    assert waiting.sample.recipient == "zq.quaxmail@example.com"
    _told_by_providers(scene)
    _noted(scene)


def _told_by_providers(scene: Scene) -> None:
    """What a service says of its message: it has to have carried it."""
    message = scene.run(
        "update messages set provider = 'sendgrid' where address = 'zq.quaxmail@example.com' returning id"
    )
    bounced = reporting.event("bounced", message, NOW, detail="no mailbox zq.quaxmail@example.com", permanent=True)
    left = reporting.event("unsubscribed", None, NOW, address="zq.quaxmail@example.com")
    reporting.apply(scene.database, scene.org_id, bounced, left)
    assert reporting.suppressed(scene.database, scene.org_id, "zq.quaxmail@example.com") == "bounced"


def _noted(scene: Scene) -> None:
    """Texts of people and of jobs."""
    scene.run(
        "insert into alerts (kind, severity, title, detail) values ('drift', 'low', 'About Zebulonix Quaxmarkel',"
        ' \'{"customers": ["ZQ-90817"], "n": 1}\')'
    )
    scene.run(
        "insert into jobs (name, arguments, requested_by, error) values ('refresh', '{\"customer\": \"ZQ-90817\"}',"
        " 'worker', 'zq.quaxmail@example.com cannot be read')"
    )
    scene.run(
        "insert into playbooks (kind, segment, offers, message, channels, send_window, updated_by) values"
        " ('rfm', 'Champions', '[\"a mug for Quaxmarkel\"]', 'call +49 (171) 555-0199', '[]', '', 'x')"
    )
    logs = scene.home / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    (logs / "web.log").write_text("before\nGET /x?who=zq.quaxmail%40example.com Zebulonix+Quaxmarkel\nafter\n")
    from tools.privacy.files import CHAT_FILES, note_owner

    session = scene.home / CHAT_FILES / str(uuid4())
    note_owner(session, scene.org_id)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("people.csv", CUSTOMERS)
    (session / "dropped.zip").write_bytes(packed.getvalue())
    (session / "harmless.txt").write_text("mugs")


Places = Counter[str]


def search(scene: Scene) -> dict[str, Places]:
    """Where each mark is found: rows of every table of the database (of one organisation, where given), files, the
    broker. Octets are unpacked; PostgreSQL's own files (write-ahead log, freed space) are left out."""
    found: dict[str, Places] = {mark: Counter() for mark in MARKS}

    def note(place: str, said: str) -> None:
        held = {hit.lower() for hit in HELD.findall(re.sub(r"(?<=\d)[ ().-]+(?=\d)", "", said))}
        for mark, value in MARKS.items():
            found[mark][place] += value in held

    for place, said in everything(scene.engines.owner_url, scene.engines.redis_url, scene.home, scene.org_id):
        note(place, said)
    return {mark: +places for mark, places in found.items()}


def everything(owner_url: str, redis_url: str, home: Path, org_id: UUID) -> Iterator[tuple[str, str]]:
    """Every text there is, with its place."""
    engine = create_engine(owner_url)
    yield from _database(engine, org_id)
    engine.dispose()
    for file in home.rglob("*"):
        if file.is_file() and "postgres" not in file.relative_to(home).parts[:1]:
            for said in texts(file.read_bytes()):
                yield f"file {file.relative_to(home)}", said
    for said in _broker(redis_url):
        yield "broker", said


_TABLES = """
    select format('%I.%I', n.nspname, c.relname) as name, c.oid,
        exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id') as of_organisations,
        array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.atttypid = 'bytea'::regtype
            and a.attnum > 0 and not a.attisdropped) as octets
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') order by 1
"""


def _database(engine: Engine, org_id: UUID) -> Iterator[tuple[str, str]]:
    import pyarrow as pa

    with engine.connect() as connection:
        for table in connection.execute(text(_TABLES)).all():
            where = f" where t.org_id = '{org_id}'" if table.of_organisations else ""
            name = re.sub(r"_(p?\d{4}_?\d{2}|[0-9a-f]{32}|[0-9a-f_]{36})$", "", table.name)
            for said in connection.execute(text(f"select t::text from {table.name} t{where}")).scalars():
                yield name, said
            for column in table.octets:
                for row in connection.execute(text(f"select * from {table.name} t{where}")).mappings():
                    data = bytes(row[column] or b"")
                    if "size" in row and column == "packed":
                        data = pa.decompress(data, decompressed_size=row["size"], codec="zstd", asbytes=True)
                    for said in texts(data):
                        yield f"{name}.{column}", said
        views = ("pg_stats", "pg_stats_ext", "pg_stats_ext_exprs")
        every = " union all ".join(f"select s::text from {view} s" for view in views)
        for said in connection.execute(text(every)).scalars():
            yield "planner's statistics", said


def _broker(redis_url: str) -> Iterator[str]:
    import redis

    client = redis.from_url(redis_url)
    for key in client.scan_iter(count=1000):
        yield f"{key!r} {client.dump(key)!r}"
        if client.type(key) == b"list":
            yield repr(client.lrange(key, 0, -1))
        elif client.type(key) == b"hash":
            yield repr(client.hgetall(key))
    client.close()
