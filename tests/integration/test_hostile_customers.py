"""Customers whose names, cities and addresses mean harm, from the file to the wire: each gets one plain message."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from connectors.channels.smtp.transport import SmtpServer, SmtpTransport
from core.identity import Identity
from database.engine import Database
from tests.campaign_scene import approve, proposed
from tests.hostile_text import hostile, injections
from tests.mail_server import MailServer
from tools.imports.load import import_file
from workers.courier import Courier
from workers.letters import Links

LINKS = Links(b"key of the tests", "https://aima.example.com")
PARTS = ("customer_id", "first_name", "name", "city", "country", "email", "consent_email")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    server = MailServer(tmp_path / "mail.log")
    monkeypatch.setenv("AIMA_SMTP_URL", server.url)
    yield server
    server.stop()


def people_file(folder: Path, rows: list[tuple[str, ...]]) -> Path:
    path = folder / "customers.csv"
    with path.open("w", newline="", encoding="utf-8", errors="replace") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([PARTS, *rows])
    return path


def test_what_arrives_is_what_was_approved(
    database: Database, organisation: UUID, identity: Identity, server: MailServer, tmp_path: Path
) -> None:
    draw = random.Random(1)
    texts = [*injections(), *(hostile(draw).replace("\0", "") for _ in range(70))]
    rows = [
        (f"c{n}", texts[n], texts[-n], texts[n - 3], texts[n - 7], f"c{n}@example.com", "yes")
        for n in range(len(texts))
    ]
    result = import_file(database, identity, people_file(tmp_path, rows), rejects=tmp_path / "rejects.csv")
    assert (result.inserted, result.rejected) == (len(texts), 0)
    with database.transaction(organisation) as connection:
        kept = connection.execute(text("select name, city, country from customers")).all()
    assert not [value for row in kept for value in row if value and ("=?utf-8?q?" in value or "\n" in value)]
    shown = proposed(
        database,
        identity,
        holdout_share=0,
        subject="=?utf-8?q?For=0d=0aBcc:_all@evil.example?= {first_name|you}, {name|you} in {city|town}",
        body_text="Dear {name|friend} in {country|your country}{% if city %}, {{ city | upcase }}{% endif %}",
        body_html='<p title="{{ name | default: "x" }}">{% if name %}{{ city | default: name }}{% endif %}</p>',
    )
    assert shown.content.subject == "For Bcc: all@evil.example {first_name|you}, {name|you} in {city|town}"
    approve(database, identity, shown)
    transports = {"smtp": SmtpTransport(SmtpServer.parse(server.url))}
    assert Courier(database, organisation, transports, LINKS).run() == {"sent": len(texts)}
    lines, messages = server.lines(), server.messages()
    assert sorted(line["to"][0] for line in lines) == sorted(row[5] for row in rows)
    assert all(len(line["to"]) == 1 for line in lines)
    for message in messages:
        assert {name.lower() for name in message} == {
            "from", "to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post", "content-type",
            "mime-version",
        }  # fmt: skip
    example = next(m for m in messages if str(m["To"]) == shown.sample.recipient)
    assert str(example["Subject"]) == shown.sample.subject


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\x1b"])
def test_addresses_with_line_breaks_are_refused_with_their_line(
    database: Database, identity: Identity, tmp_path: Path, end: str
) -> None:
    rows = [
        ("a", "Ann", "Ann", "Ulm", "DE", f"ann@example.com{end}Bcc: evil@evil.example", "yes"),
        ("b", "Ben", "Ben", "Ulm", "DE", "ben@example.com", "yes"),
    ]
    result = import_file(database, identity, people_file(tmp_path, rows), rejects=tmp_path / "rejects.csv")
    assert (result.inserted, result.rejected) == (1, 1)
    assert result.rejects_path is not None
    assert "an address with a line break or a control character in it" in result.rejects_path.read_text()
