"""One person is one customer, whatever the files call them and in whichever order the files come."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations

import pytest

from database.loading.same_person import part
from tests.integration.field_shops import FieldShop, case, shop

__all__ = ["shop"]

CUSTOMERS = (
    "customer_id,first_name,email,accepts_marketing\n6501,Ava,ava@example.com,yes\n6502,Ben,Ben@Example.com,no\n"
)
ORDERS = "order_id,email,order_date,total\n1,ava@example.com,2024-02-01,100\n2,BEN@example.com,2024-02-02,50\n"
NUMBERED = "order_id,customer_id,order_date,total\n3,6501,2024-03-01,10\n4,6502,2024-03-02,20\n"


def people(shop: FieldShop) -> list[tuple[object, ...]]:
    """Who there is: number, e-mail address, consent, and what they spent."""
    rows = shop.rows(
        "select f.external_id, lower(f.email) as email, f.consent_email,"
        " (select sum(revenue) from orders o where o.customer_id = f.customer_id) as spent"
        " from customer_facts f order by 1"
    )
    return [tuple(row.values()) for row in rows]


@pytest.mark.parametrize("order", [("customers.csv", "orders.csv"), ("orders.csv", "customers.csv")])
def test_orders_by_address_and_customers_by_number_meet(shop: FieldShop, order: tuple[str, str]) -> None:
    folder = case("81-orders-by-email-customers-by-id")
    shop.bring(*(folder / name for name in order))
    assert people(shop) == [
        ("6501", "ava@example.com", True, Decimal(120)),
        ("6502", "ben@example.com", False, Decimal(50)),
    ]
    again = [shop.bring(folder / name, compare=True) for name in order]
    assert [(one.inserted, one.updated) for one in again] == [(0, 0), (0, 0)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_files_in_any_order_give_the_same_people(shop: FieldShop, order: tuple[int, ...]) -> None:
    files = [shop.write(text, f"f{n}.csv") for n, text in enumerate((CUSTOMERS, ORDERS, NUMBERED))]
    shop.bring(*(files[n] for n in order))
    assert people(shop) == [
        ("6501", "ava@example.com", True, Decimal(110)),
        ("6502", "ben@example.com", False, Decimal(70)),
    ]
    for file in files:
        again = shop.bring(file, compare=True)
        assert (again.inserted, again.updated) == (0, 0)
    if order in ((1, 2, 0), (2, 1, 0)):
        assert "became one each" in shop.said()


EVENTS = "event_id,user_id,timestamp,event\ne1,6501,2024-02-05 10:00:00,visit\n"
STATE = """
    select c.external_id, c.name, c.country, c.city, c.raw, c.created_at,
        (select jsonb_agg(o.order_id order by 1) from orders o where o.customer_id = c.id) as orders,
        (select jsonb_agg(e.event_id order by 1) from events e where e.customer_id = c.id) as events,
        (select jsonb_agg(p.kind || p.address order by 1) from contact_points p where p.customer_id = c.id) as contacts,
        (select jsonb_agg(k.channel || k.granted || k.at || k.source order by 1)
            from consents k where k.customer_id = c.id) as consents,
        (select jsonb_agg(i.kind || ' ' || i.value order by 1) from identities i where i.customer_id = c.id) as names
    from customers c order by c.external_id
"""


def test_a_merge_can_be_taken_back_and_is_not_made_again(shop: FieldShop) -> None:
    visits = shop.write(EVENTS, "events.csv")
    orders = shop.write(ORDERS, "orders.csv")
    shop.bring(visits, orders)
    before = shop.rows(STATE)
    assert [row["external_id"] for row in before] == ["6501", "ava@example.com", "ben@example.com"]
    linked = shop.write("customer_id,email,created_at\n6501,ava@example.com,2023-01-01\n", "link.csv")
    shop.bring(linked)
    (merge,) = shop.rows("select id, kept, gone, rule, evidence, source from customer_merges")
    assert (merge["rule"], merge["evidence"], merge["source"]) == (
        "e-mail address", "e-mail address ava@example.com", "link.csv",
    )  # fmt: skip
    assert [row["external_id"] for row in shop.rows(STATE)] == ["6501", "ben@example.com"]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with shop.database.transaction(shop.org_id) as connection:
        part(connection, merge["id"], now)
    after = shop.rows(STATE)
    assert [row["external_id"] for row in after] == [row["external_id"] for row in before]
    assert [row["orders"] for row in after] == [row["orders"] for row in before]
    assert [row["events"] for row in after] == [row["events"] for row in before]
    shop.bring(linked, compare=True)
    assert len(shop.rows(STATE)) == 3
    assert "stay two" in shop.said()
