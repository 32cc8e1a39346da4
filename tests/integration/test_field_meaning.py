"""What a file without a declaration means: its kind, its money, its orders and their lines; never in silence."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from core.errors import FixArguments
from tests.integration.field_shops import FieldShop, case, shop

__all__ = ["shop"]

REPEATED = """order no,date,customer email,order total,item,qty,price
1,2024-01-02,a@x.test,45.00,Mug,2,10.00
1,2024-01-02,a@x.test,45.00,Pen,1,20.00
2,2024-01-03,b@x.test,10.00,Mug,1,10.00
3,2024-01-04,a@x.test,30.00,Pen,1,20.00
3,2024-01-04,a@x.test,30.00,Mug,1,10.00
"""
BLANKS = """Bestellnummer;Bestelldatum;E-Mail;Gesamtbetrag;Artikel;Menge;Einzelpreis
1;02.01.2024;a@x.test;45,00;Tasse;2;10,00
;;;;Stift;1;20,00
2;13.01.2024;b@x.test;10,00;Tasse;1;10,00
3;14.01.2024;a@x.test;30,00;Stift;1;20,00
;;;;Tasse;1;10,00
"""
FIRST_LINE_ONLY = """order_id,order_date,email,sku,qty,unit_price
1,2024-01-02,a@x.test,MUG,2,10.00
1,,,PEN,1,20.00
2,2024-01-03,b@x.test,MUG,1,10.00
"""


@pytest.mark.parametrize("text", [REPEATED, BLANKS])
def test_a_total_said_once_an_order_counts_once(shop: FieldShop, text: str) -> None:
    report = shop.bring(shop.write(text))
    assert (report.read, report.accepted, report.rejected) == (5, 5, 0)
    assert (shop.figure("revenue"), shop.figure("orders"), shop.figure("customers")) == (Decimal(85), 3, 2)
    assert sorted(shop.figures("units", "product").values(), key=str) == [2, 4]
    assert "once an order" in shop.said()
    again = shop.bring(shop.write(text), compare=True)
    assert (again.inserted, again.updated) == (0, 0)


def test_dates_and_customers_on_the_first_line_only(shop: FieldShop) -> None:
    report = shop.bring(shop.write(FIRST_LINE_ONLY))
    assert report.rejected == 0
    assert (shop.figure("revenue"), shop.figure("orders"), shop.figure("customers")) == (Decimal(50), 2, 2)
    assert "first row of an order" in shop.said()


def test_equal_amounts_of_two_lines_are_asked_about(shop: FieldShop) -> None:
    text = "order_id,date,email,sku,amount\n1,2024-01-02,a@x.test,MUG,10.00\n1,2024-01-02,a@x.test,PEN,10.00\n"
    report = shop.bring(shop.write(text))
    assert shop.figure("revenue") == 20
    assert any(d.doubtful and "same on each row" in d.said for d in report.decisions)


@pytest.mark.parametrize("part", ["balance", "Saldo", "Kontostand", "fee", "Provision", "payout"])
def test_what_is_no_revenue_is_never_taken_for_it(shop: FieldShop, part: str) -> None:
    text = f"txn,when,email,taken,{part}\n1,2024-01-02,a@x.test,10.50,900.25\n2,2024-01-03,b@x.test,20.25,910.75\n"
    path = shop.write(text.replace("txn", "order_id"))
    shop.bring(path)
    assert shop.figure("revenue") == Decimal("30.75")
    assert f"“{part}”" in shop.said()


def test_of_several_amounts_the_one_taken_is_told(shop: FieldShop) -> None:
    text = "order_id,date,email,value,worth\n1,2024-01-02,a@x.test,10.50,9.25\n2,2024-01-03,b@x.test,20.25,18.75\n"
    report = shop.bring(shop.write(text))
    (told,) = [d for d in report.decisions if d.about == "money" and d.doubtful]
    assert told.doubtful
    assert "“worth”" in told.said


@pytest.mark.parametrize(
    "text",
    [
        "sku,product-name,bought,worth\nMUG,Mug,2024-03-01,60.00\nPEN,Pen,2024-03-02,10.00\n",
        "Name;Datum;Summe\nAva Ash;14.07.2024;12,50\nBen Birch;15.07.2024;3,20\n",
    ],
)
def test_a_file_with_amounts_and_dates_is_no_list_of_things(shop: FieldShop, text: str) -> None:
    with pytest.raises(FixArguments):
        shop.bring(shop.write(text))


def test_sums_by_month_are_no_orders(shop: FieldShop) -> None:
    with pytest.raises(FixArguments):
        shop.bring(case("70-monthly-aggregate") / "monthly.csv")


def test_spanish_headers(shop: FieldShop) -> None:
    shop.bring(case("44-spanish-headers") / "orders.csv", dates="dmy")
    assert [shop.figure(m) for m in ("revenue", "refunds", "orders")] == [Decimal("1100.50"), Decimal(30), 2]


@pytest.mark.parametrize(
    "header",
    [
        "Bestellnummer;Bestelldatum;Kundennummer;Gesamtbetrag (EUR);Bestellstatus",
        "N° de commande;Date de commande;N° client;Montant total;Statut",
        "Nº pedido;Fecha de pedido;Código cliente;Importe;Estado",
        "Numero ordine;Data ordine;Codice cliente;Importo totale;Stato",
        "Bestelnummer;Besteldatum;Klantnummer;Totaalbedrag;Status",
        "Número do pedido;Data do pedido;Código do cliente;Valor total;Situação",
        "Order number;Order date;Customer no.;Grand total;State",
    ],
)
def test_headers_of_seven_languages(shop: FieldShop, header: str) -> None:
    shop.bring(shop.write(f"{header}\n1;13.01.2024;k1;10,50;\n2;14.01.2024;k2;1.020,25;\n"))
    assert (shop.figure("revenue"), shop.figure("customers")) == (Decimal("1030.75"), 2)


def test_tax_and_shipping_are_read(shop: FieldShop) -> None:
    preview = shop.preview(case("75-tax-and-shipping") / "orders.csv")
    assert preview.mapping.columns["revenue"] == "total"
    assert {"tax", "shipping", "subtotal"} <= set(preview.mapping.columns)


def test_orders_of_an_api_with_their_items_inside(shop: FieldShop) -> None:
    report = shop.bring(case("64-shopify-api-jsonl") / "orders.jsonl")
    assert (report.read, report.rejected) == (4, 0)
    assert (shop.figure("revenue"), shop.figure("orders")) == (Decimal("160.00"), 2)
    assert [row["external_id"] for row in shop.rows("select external_id from customers order by 1")] == ["11", "12"]
    assert sorted(shop.figures("units", "product").values(), key=str)[-2:] == [1, 2]
    assert "Test orders were left out." in shop.said()


def test_an_array_of_orders_with_several_items(shop: FieldShop) -> None:
    items = [{"sku": "MUG", "quantity": 2, "price": "10.00"}, {"sku": "PEN", "quantity": 1, "price": "20.00"}]
    one = {"id": 1, "created_at": "2024-03-01T10:00:00Z", "total_price": "45.00", "customer": {"id": 5}}
    two = {"id": 2, "created_at": "2024-03-02T10:00:00Z", "total_price": "10.00", "customer": {"id": 6}}
    shop.bring(shop.write(json.dumps([one | {"line_items": items}, two | {"line_items": items[:1]}]), "orders.json"))
    assert (shop.figure("revenue"), shop.figure("orders"), shop.figure("units")) == (Decimal(55), 2, 5)
