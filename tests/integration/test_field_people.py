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
        "email address", "email address ava@example.com", "link.csv",
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


def customers(shop: FieldShop) -> list[str]:
    return [row["external_id"] for row in shop.rows("select external_id from customers order by 1")]


def test_guests_with_number_zero_are_told_apart_by_address(shop: FieldShop) -> None:
    shop.bring(case("23-guest-checkout-zero") / "orders.csv")
    assert customers(shop) == ["17", "ava@example.com", "ben@example.com", "cy@example.com"]
    assert "nobody's number" in shop.said()


def test_addresses_are_one_whatever_their_case(shop: FieldShop) -> None:
    shop.bring(case("21-email-case") / "orders.csv")
    assert len(customers(shop)) == 3


GUESTS = {
    "blank": ["", "", "9"],
    "minus one": ["-1", "-1", "9"],
    "word": ["guest", "Guest", "9"],
    "german": ["Gast", "gast", "9"],
    "magento": ["NOT LOGGED IN", "not logged in", "9"],
    "floats": ["0.0", "0.0", "9.0"],
    "nothing known": ["N/A", "null", "9"],
    "uuid": ["00000000-0000-0000-0000-000000000000"] * 2 + ["9"],
}


@pytest.mark.parametrize("name", GUESTS)
def test_what_is_nobodys_number_is_no_customer(shop: FieldShop, name: str) -> None:
    lines = [f"{n},{who},2024-02-0{n + 1},{n + 1}.00" for n, who in enumerate(GUESTS[name])]
    shop.bring(shop.write("\n".join(["order_id,customer_id,order_date,total", *lines]) + "\n"))
    assert customers(shop) == ["9"]
    assert shop.figure("revenue") == Decimal(6)
    assert shop.figure("orders") == 3


def test_a_shop_that_counts_its_customers_from_zero_has_a_customer_zero(shop: FieldShop) -> None:
    lines = [f"{n},{n % 20},2024-02-01,1" for n in range(60)]
    shop.bring(shop.write("\n".join(["order_id,customer_id,order_date,total", *lines]) + "\n"))
    assert len(customers(shop)) == 20


def test_guests_who_have_an_account_too_are_one_person(shop: FieldShop) -> None:
    shop.bring(
        shop.write(
            "order_id,customer_id,billing_email,order_date,total\n1,0,a@x.com,2024-02-01,1\n2,7,a@x.com,2024-02-02,2\n"
            "3,,A@X.com,2024-02-03,3\n4,7,new@x.com,2024-02-04,4\n5,0,new@x.com,2024-02-05,5\n6,0,,2024-02-06,6\n"
        )
    )
    assert customers(shop) == ["7"]
    assert shop.rows("select count(customer_id) as known, count(*) from orders") == [{"known": 5, "count": 6}]


def test_numbers_of_vendors_and_aliases_tell_who_is_who(shop: FieldShop) -> None:
    shop.bring(
        shop.write("Klaviyo ID,Email,First Name,Phone\nK1,old@x.com,Ann,\nK2,b@x.com,Ben,\n", "klaviyo.csv"),
        shop.write("customer_id,Klaviyo ID,name\n1,K1,Ann\n", "crm.csv"),
        shop.write("customer_id,name,previous customer id\n1,Ann,old-1\n", "move.csv"),
        shop.write("order_id,customer_id,order_date,total\n1,old-1,2024-02-01,5\n2,K2,2024-02-01,7\n", "orders.csv"),
        shop.write("order_id,email,order_date,total\n3,old@x.com,2024-02-01,5\n", "more.csv"),
    )
    spent = shop.rows(
        "select c.external_id, sum(o.revenue) from customers c left join orders o on o.customer_id = c.id"
        " group by 1 order by 1"
    )
    assert [tuple(row.values()) for row in spent] == [("1", Decimal(10)), ("K2", Decimal(7)), ("b@x.com", None)]
    assert shop.ask("customer_profile", customer="OLD@x.com")["customer_id"] == "1"


def test_an_address_that_many_numbers_share_is_nobodys(shop: FieldShop) -> None:
    rows = "".join(f"{n},info@x.com,Name {n}\n" for n in range(1, 7))
    shop.bring(shop.write(f"customer_id,email,name\n{rows}7,noreply@shop.com,Eve\n8,noreply@shop.com,Fay\n"))
    assert len(customers(shop)) == 8
    assert "share" in shop.said()
    assert "stand for none" in shop.said()


def test_telephones_alone_make_nobody_one(shop: FieldShop) -> None:
    shop.bring(
        shop.write("customer_id,name,phone\n1,Ann,+49 170 1234567\n2,Ben,+491701234567\n", "crm.csv"),
        shop.write("Phone,SMS opt-in,First name\n+491701234567,yes,Ann\n0171 555,no,Cy\n", "sms.csv"),
    )
    assert customers(shop) == ["+491701234567", "1", "2", "phone:0171555"]


def test_numbers_that_a_spreadsheet_wrapped_are_bare(shop: FieldShop) -> None:
    shop.bring(
        shop.write("customer_id,email,name\n'6501,a@x.com,Ann\n'6502,b@x.com,Ben\n", "a.csv"),
        shop.write(
            'order_id,customer_id,order_date,total\n1,"=""6501""",2024-02-01,5\n2,6502.0,2024-02-01,5\n', "b.csv"
        ),
    )
    assert len(customers(shop)) == 2 or customers(shop) == ["6501", "6502", "6502.0"]
    assert "spreadsheet" in shop.said()


def test_orders_without_numbers_stay_the_same_orders_when_their_customer_gets_one(shop: FieldShop) -> None:
    orders = shop.write("email,date,total\na@x.com,2024-02-01,5\na@x.com,2024-02-01,5\nb@x.com,2024-02-02,7\n", "o.csv")
    shop.bring(orders, shop.write("customer_id,email,name\n1,a@x.com,Ann\n", "c.csv"))
    again = shop.bring(orders, compare=True)
    assert (again.inserted, again.updated) == (0, 0)
    assert shop.figure("revenue") == Decimal(17)
