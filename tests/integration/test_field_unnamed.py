"""Columns that no name tells are read for what they hold, or asked about; states of a union are no statuses."""

from __future__ import annotations

from decimal import Decimal

from tests.integration.field_shops import FieldShop, shop

__all__ = ["shop"]

HEADER = "order id,date,total"


def test_a_column_of_addresses_names_the_customers(shop: FieldShop) -> None:
    shop.bring(shop.write(f"{HEADER},Adresse du client\n1,2025-01-31,10,ann@x.com\n2,2025-02-01,20,bob@x.com\n"))
    assert shop.figure("customers") == 2
    assert "“Adresse du client” holds email addresses" in shop.said()


def test_addresses_of_the_shops_own_people_name_nobody(shop: FieldShop) -> None:
    report = shop.bring(
        shop.write(f"{HEADER},Sales rep e-mail\n1,2025-01-31,10,rep@shop.com\n2,2025-02-01,20,rep@shop.com\n")
    )
    assert shop.figure("customers") == 0
    assert any(d.doubtful and "Sales rep e-mail" in d.said for d in report.decisions)


def test_of_two_columns_of_addresses_neither_is_taken_in_silence(shop: FieldShop) -> None:
    lines = "1,2025-01-31,10,ann@x.com,bob@y.com\n2,2025-02-01,20,cy@x.com,dee@y.com\n"
    report = shop.bring(shop.write(f"{HEADER},one,other\n{lines}"))
    assert shop.figure("customers") == 0
    assert any(d.doubtful and "email addresses" in d.said for d in report.decisions)


def test_states_of_a_union_are_no_statuses(shop: FieldShop) -> None:
    lines = "1,2025-01-31,10,Texas\n2,2025-02-01,20,Ohio\n3,2025-02-02,30,Maine\n"
    shop.bring(shop.write(f"{HEADER},State\n{lines}"))
    assert shop.figure("revenue") == Decimal(60)
    assert "no status known" not in shop.said()


def test_a_state_that_is_a_status_counts(shop: FieldShop) -> None:
    lines = "1,2025-01-31,10,complete\n2,2025-02-01,20,canceled\n3,2025-02-02,30,complete\n"
    shop.bring(shop.write(f"{HEADER},State\n{lines}"))
    assert shop.figure("revenue") == Decimal(40)


def test_a_till_numbers_its_receipts(shop: FieldShop) -> None:
    lines = 'B1;01.02.2025;Tasse;2;"19,80"\nB1;01.02.2025;Teller;1;"12,50"\nB2;13.02.2025;Tasse;1;"9,90"\n'
    shop.bring(shop.write(f"Bon;Datum;Artikel;Menge;Betrag\n{lines}"))
    assert shop.figure("revenue") == Decimal("42.20")
    assert shop.figure("orders") == 2


def test_two_rates_for_a_day_are_told(shop: FieldShop) -> None:
    euros = FieldShop(shop.database, shop.folder, currency="EUR")
    report = euros.bring(euros.write("day,currency,rate\n2025-01-01,USD,0.90\n2025-01-01,USD,0.95\n", "rates.csv"))
    assert any(d.doubtful and "several rates" in d.said for d in report.decisions)


def test_a_mapping_from_before_is_told(shop: FieldShop) -> None:
    shop.bring(shop.write(f"{HEADER}\n1,2025-01-31,10\n", "a.csv"), overrides={"revenue": "total"})
    report = shop.bring(shop.write(f"{HEADER}\n2,2025-01-31,10\n", "b.csv"))
    assert any("confirmed for such a header" in d.said for d in report.decisions)


def test_orders_whose_rows_do_not_stand_together_are_told(shop: FieldShop) -> None:
    header = (
        "Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Created at,"
        "Lineitem quantity,Lineitem name,Lineitem price"
    )
    one = "#1,a@x.com,paid,2025-01-31 10:00:00 +0000,EUR,10,10,2025-01-31 10:00:00 +0000,1,Mug,10"
    two = one.replace("#1", "#2")
    report = shop.bring(shop.write("\n".join([header, one, two, one]), "orders_export.csv"))
    assert any(d.doubtful and "do not stand together" in d.said for d in report.decisions)
    assert shop.figure("revenue") == Decimal(20)
