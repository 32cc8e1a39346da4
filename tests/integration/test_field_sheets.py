"""Open spreadsheets, percentages where amounts are looked for, and names in two columns of a file of orders."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.errors import FixArguments
from tests.integration.field_shops import FieldShop, shop
from tests.open_documents import opendocument, row

__all__ = ["shop"]


def test_an_open_spreadsheet_is_read(shop: FieldShop) -> None:
    rows = row("order_id", "customer_id", "order_date", "total") + row("A1", "c1", "2024-02-01", 12.5)
    rows += row("A2", "c2", "2024-02-03", 30)
    empty = '<table:table-cell table:number-columns-repeated="1024"/>'
    rows += f'<table:table-row table:number-rows-repeated="1048000">{empty}</table:table-row>'
    report = shop.bring(shop.write(opendocument(rows), "orders.ods"))
    assert (report.read, report.rejected) == (2, 0)
    assert (shop.figure("revenue"), shop.figure("orders")) == (Decimal("42.50"), 2)
    assert shop.figure("orders", start="2024-02-03", end="2024-02-03") == 1


def test_an_open_spreadsheet_of_a_million_equal_rows_is_refused(shop: FieldShop) -> None:
    many = row("A1", "c1", "2024-02-01", 12.5).replace(
        "<table:table-row>", '<table:table-row table:number-rows-repeated="1000000">'
    )
    wide = many.replace("<table:table-cell ", '<table:table-cell table:number-columns-repeated="250" ', 1)
    with pytest.raises(FixArguments, match="too large"):
        shop.bring(shop.write(opendocument(wide), "bomb.ods"))


@pytest.mark.parametrize("share", ["19 %", "19%", "12,5 %", "7.5%"])
def test_percentages_are_no_amounts_and_said_to_be_unread(shop: FieldShop, share: str) -> None:
    lines = "".join(f"A{n};c{n};2024-02-1{n};1{n},50;{share};{share}\n" for n in range(5))
    report = shop.bring(shop.write(f"order_id;customer_id;order_date;total;tax;discount\n{lines}"))
    assert (report.accepted, report.rejected) == (5, 0)
    assert shop.figure("revenue") == Decimal("60.00") + Decimal("0.50") * 5
    assert shop.rows("select coalesce(sum(tax), 0) + coalesce(sum(discount), 0) as n from orders") == [{"n": 0}]
    (told,) = [d for d in report.decisions if "percentages" in d.said]
    assert "“tax”" in told.said
    assert "“discount”" in told.said


def test_a_percentage_among_amounts_is_rejected_by_name(shop: FieldShop) -> None:
    lines = "".join(f"A{n},c{n},2024-02-1{n},10.50,{'10 %' if n == 3 else '1.00'}\n" for n in range(6))
    report = shop.bring(shop.write(f"order_id,customer_id,order_date,total,discount\n{lines}"))
    assert (report.accepted, report.rejected) == (5, 1)
    assert "percentage" in (shop.folder / "file.csv.rejects.csv").read_text()


PEOPLE = {
    "german": ("Bestellnummer;Vorname;Nachname;E-Mail;Datum;Betrag", "{n};Jörg;Groß;j@x.test;1{n}.02.2024;10,50"),
    "german family": ("Bestellnummer;Vorname;Name;E-Mail;Datum;Betrag", "{n};Jörg;Groß;j@x.test;1{n}.02.2024;10,50"),
    "french": ("Commande,Prénom,Nom,Email,Date,Total", "{n},Jörg,Groß,j@x.test,2024-02-1{n},10.50"),
    "spanish": ("Pedido,Nombre,Apellidos,Email,Fecha,Total", "{n},Jörg,Groß,j@x.test,2024-02-1{n},10.50"),
    "italian": ("Ordine,Nome,Cognome,Email,Data,Totale", "{n},Jörg,Groß,j@x.test,2024-02-1{n},10.50"),
    "dutch": ("Ordernummer,Voornaam,Achternaam,Email,Datum,Totaal", "{n},Jörg,Groß,j@x.test,2024-02-1{n},10.50"),
    "portuguese": ("Encomenda,Nome,Apelido,Email,Data,Total", "{n},Jörg,Groß,j@x.test,2024-02-1{n},10.50"),
    "english": (
        "order_id,billing_first_name,billing_last_name,email,date,total",
        "{n},Jörg,Groß,j@x.test,2024-02-1{n},10.50",
    ),
    "whole beside": ("order_id,first_name,name,email,date,total", "{n},Jörg,Jörg Groß,j@x.test,2024-02-1{n},10.50"),
    "lines": (
        "order_id,First name,Last name,email,date,sku,quantity,unit_price",
        "{n},Jörg,Groß,j@x.test,2024-02-1{n},M,1,10.50",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PEOPLE)
def test_first_and_last_names_of_orders_are_one_name(shop: FieldShop, name: str) -> None:
    header, line = PEOPLE[name]
    shop.bring(shop.write(header + "\n" + "".join(line.format(n=n) + "\n" for n in range(3, 6))))
    assert shop.rows("select name from customers") == [{"name": "Jörg Groß"}]
    assert shop.figure("revenue") == Decimal("31.50")
