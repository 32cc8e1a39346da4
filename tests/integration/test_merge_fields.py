"""Merge fields from the database to the message: each value, who lacks it, and what a proposal says of that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from connectors.channels.smtp.transport import SmtpServer, SmtpTransport
from core.errors import FixArguments
from core.identity import Identity
from database.engine import Database
from database.queries.audience import Reach, audience, merge_values
from database.queries.merge_fields import MERGE_FIELDS
from tests.campaign_scene import approve, proposed
from tests.mail_server import MailServer
from tools.campaigns import draft
from tools.imports.load import import_file
from workers.courier import Courier
from workers.letters import Links

NOW = datetime(2026, 6, 1, 22, 30, tzinfo=UTC)  # the next day in Berlin
NAMES = [field.name for field in MERGE_FIELDS]
EMAIL = Reach("email", "email", ".")
CUSTOMERS = """customer_id,name,city,country,email,consent_email
a,Ada King Lovelace,London,United Kingdom,a@example.com,yes
b,Ben Ito,,Germany,b@example.com,yes
c,Customer 0003,Ulm,,c@example.com,yes
"""
ORDERS = """order_id,customer_id,order_date,sku,product,quantity,unit_price
1,a,2026-05-01 10:00,M,Blue mug,1,10.50
2,a,2026-05-30 23:30,T,Tea pot,2,20.00
2,a,2026-05-30 23:30,P,Postage,1,3.00
3,b,2026-01-02 09:00,M,Blue mug,1,10.50
"""


@pytest.fixture
def shop(database: Database, organisation: UUID, identity: Identity, tmp_path: Path) -> UUID:
    """Two people who ordered, and one who did not."""
    for name, rows in (("customers.csv", CUSTOMERS), ("orders.csv", ORDERS)):
        (tmp_path / name).write_text(rows)
        import_file(database, identity, tmp_path / name, rejects=tmp_path / "rejects.csv")
    with database.transaction(organisation) as connection:
        connection.execute(
            text("update organisations set name = 'Mug Shop', time_zone = 'Europe/Berlin', currency = 'EUR'")
        )
    return organisation


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    server = MailServer(tmp_path / "mail.log")
    monkeypatch.setenv("AIMA_SMTP_URL", server.url)
    yield server
    server.stop()


def values(database: Database, shop: UUID, customer: str) -> dict[str, object]:
    with database.transaction(shop) as connection:
        number = connection.execute(text("select id from customers where external_id = :c"), {"c": customer})
        return merge_values(connection, number.scalar_one(), EMAIL, NAMES, NOW)[1]


def test_what_is_known_of_a_customer(database: Database, shop: UUID) -> None:
    found = values(database, shop, "a")
    days = found.pop("days_since_last_order"), found.pop("last_order")
    assert days in {(3, date(2026, 5, 30)), (2, date(2026, 5, 31))}  # by the zone that the file is read in
    assert found == {
        "first_name": "Ada",
        "last_name": None,  # of three names nobody can tell
        "name": "Ada King Lovelace",
        "country": "United Kingdom",
        "city": "London",
        "customer_id": "a",
        "orders": 2,
        "total_spent": Decimal("53.5000"),
        "last_products": ["Tea pot"],
        "favourite_category": None,
        "shop": "Mug Shop",
        "today": date(2026, 6, 2),
        "offer": None,  # these three come with the offer of the campaign
        "offer_code": None,
        "offer_until": None,
        "currency": "EUR",
    }


def test_what_is_not_known_is_missing(database: Database, shop: UUID) -> None:
    ben, nobody = values(database, shop, "b"), values(database, shop, "c")
    assert (ben["first_name"], ben["last_name"], ben["city"], ben["orders"]) == ("Ben", "Ito", None, 1)
    assert {name for name, value in nobody.items() if value is None} == {
        "first_name", "last_name", "country", "last_order", "days_since_last_order", "total_spent", "last_products",
        "favourite_category", "offer", "offer_code", "offer_until",
    }  # fmt: skip
    assert nobody["orders"] == 0


def test_those_who_lack_a_field_are_counted(database: Database, shop: UUID) -> None:
    with database.transaction(shop) as connection:
        found = audience(connection, "true", {}, EMAIL, now=NOW, fields=NAMES)
        few = audience(connection, "true", {}, EMAIL, now=NOW)
    assert found.count == few.count == 3
    assert few.missing == {}
    assert found.missing == {
        "first_name": 1, "last_name": 2, "name": 0, "country": 1, "city": 1, "customer_id": 0, "last_order": 1,
        "days_since_last_order": 1, "orders": 0, "total_spent": 1, "last_products": 1, "favourite_category": 3,
        "shop": 0, "today": 0, "offer": 3, "offer_code": 3, "offer_until": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("In {{ city }}", "{city} has no value for 1 customer of the audience"),
        ("{{ last_name }}", "{last_name} has no value for 2 customers of the audience"),
        ("{% if orders < 3 %}{{ last_order }}{% endif %}", "{last_order} has no value for 1 customer"),
        ("{% if country == 'Germany' %}{{ city }}{% endif %}", "{city} has no value for 1 customer"),
        ("{% if country == 'Germany' %}{{ city }}{% else %}{{ country }}{% endif %}", "{country} has no value for 1"),
        ("{% for p in last_products %}{{ p }}{{ total }}{% endfor %}", "unknown merge field {total}"),
        ("{% if city %}\n{{ city }}", "{% if %} is not closed: {% endif %} is missing (body, line 1)"),
    ],
)
def test_a_draft_that_would_fail_somebody_is_refused(
    database: Database, shop: UUID, identity: Identity, body: str, said: str
) -> None:
    with pytest.raises(FixArguments, match=re.escape(said)):
        proposed(database, identity, body_text=body)


def test_who_is_shown_nothing_of_a_field_needs_no_value_of_it(
    database: Database, shop: UUID, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "{% if country == 'United Kingdom' %}{{ city }}{% endif %}{% if orders > 0 %}{{ last_order }}{% endif %}"
    assert proposed(database, identity, body_text=body).audience.reachable == 3
    monkeypatch.setattr(draft, "MOST_TRIED", 0)  # of more than can be tried, everybody must have it
    with pytest.raises(FixArguments, match=r"\{city\} has no value for 1 .*\{last_order\} has no value for 1"):
        proposed(database, identity, body_text=body)


def test_what_was_approved_is_what_everybody_gets(
    database: Database, shop: UUID, identity: Identity, server: MailServer
) -> None:
    shown = proposed(
        database,
        identity,
        holdout_share=0,
        subject="{{ first_name | default: 'Hello' }}, {% if orders > 1 %}thank you{% else %}welcome{% endif %}",
        preview_text="From {{ shop }} to {{ city | default: 'you' }}",
        body_text="{% if city %}In {{ city }}.{% endif %} {% if orders %}{{ total_spent | default: 0 }}{% endif %}",
        body_html="<ul>{% for p in last_products %}<li>{{ p }}</li>{% else %}<li>{{ shop }}</li>{% endfor %}</ul>",
    )
    assert shown.sample.preview_text == "From Mug Shop to London"
    assert shown.sample.preview_text in shown.sample.html
    approve(database, identity, shown)
    transports = {"smtp": SmtpTransport(SmtpServer.parse(server.url))}
    assert Courier(database, shop, transports, Links(b"key", "https://a.example.com")).run() == {"sent": 3}
    arrived = {str(m["To"]): m for m in server.messages()}
    assert {to[0]: str(m["Subject"]) for to, m in arrived.items()} == {
        "a": "Ada, thank you",
        "b": "Ben, welcome",
        "c": "Hello, welcome",
    }
    assert str(arrived[shown.sample.recipient]["Subject"]) == shown.sample.subject
    plain = {to[0]: str(m.get_body(("plain",)).get_content()).splitlines()[0] for to, m in arrived.items()}
    assert plain == {"a": "In London. €53.50", "b": " €10.50", "c": "In Ulm. 0"}
    html = {to[0]: str(m.get_body(("html",)).get_content()) for to, m in arrived.items()}
    items = {to: re.findall(r"<li>(.*?)</li>", page) for to, page in html.items()}
    assert items == {"a": ["Tea pot"], "b": ["Blue mug"], "c": ["Mug Shop"]}
