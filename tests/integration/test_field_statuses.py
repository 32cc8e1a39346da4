"""What became of an order, by all of its status columns: what never came or went back is no revenue, and is told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.errors import FixArguments
from tests.integration.field_shops import FieldShop, case, shop

__all__ = ["shop"]


def test_two_status_columns_are_read_together(shop: FieldShop) -> None:
    shop.bring(case("73-two-status-columns") / "orders.csv")
    assert shop.figure("revenue") == Decimal("20.00")
    for word in ("Refunded", "Chargeback", "Cancelled", "On hold"):
        assert word in shop.said()


def test_german_words(shop: FieldShop) -> None:
    shop.bring(case("44b-german-status") / "orders.csv")
    assert shop.figure("revenue") == Decimal("90.50")
    assert all(word in shop.said() for word in ("storniert", "Erstattet", "Gutschrift"))


def test_woocommerce_prefixes_and_refund_rows(shop: FieldShop) -> None:
    shop.bring(case("04-woo-refund-rows") / "orders.csv")
    assert shop.figure("revenue") == Decimal("70.00")
    assert shop.figure("orders") == 3


def test_a_later_file_changes_what_became_of_an_order(shop: FieldShop) -> None:
    header = "order_id,customer_id,order_date,total,status\n"
    shop.bring(shop.write(header + "1,a,2024-01-02,10,pending\n2,b,2024-01-03,20,paid\n"))
    assert shop.figure("revenue") == 20
    shop.bring(shop.write(header + "1,a,2024-01-02,10,paid\n2,b,2024-01-03,20,cancelled\n"))
    assert shop.figure("revenue") == 10


@pytest.mark.parametrize(
    ("words", "revenue"),
    [
        ("abgeschlossen storniert bezahlt fehlgeschlagen", "10 30"),
        ("terminée annulée payée en_attente", "10 30"),
        ("completado anulado enviado pendiente", "10 30"),
        ("completato annullato spedito in_attesa", "10 30"),
        ("voltooid geannuleerd verzonden openstaand", "10 30"),
        ("concluído cancelado entregue aguardando_pagamento", "10 30"),
        ("wc-completed wc-trash wc-processing wc-on-hold", "10 30"),
        ("Shipped Cancelled Shipped_-_Delivered_to_Buyer Pending", "10 30"),
        ("succeeded requires_payment_method succeeded failed", "10 30"),
    ],
)
def test_words_of_languages_and_vendors(shop: FieldShop, words: str, revenue: str) -> None:
    lines = [f"{n},c{n},2024-01-0{n},{n}0,{word.replace('_', ' ')}" for n, word in enumerate(words.split(), 1)]
    shop.bring(shop.write("order_id,customer_id,order_date,total,status\n" + "\n".join(lines) + "\n"))
    assert shop.figure("revenue") == sum(Decimal(part) for part in revenue.split())
    left_out = {d.said: (d.rows, d.amount) for d in shop.reports[-1].decisions if d.about == "status"}
    assert sorted(left_out.values()) == [(1, Decimal(20)), (1, Decimal(40))]


def test_an_unknown_word_is_told_with_its_money(shop: FieldShop) -> None:
    lines = "1,a,2024-01-01,10,paid\n2,b,2024-01-02,20,zweimal gegrüßt\n3,b,2024-01-02,5,zweimal gegrüßt\n"
    report = shop.bring(shop.write("order_id,customer_id,order_date,total,status\n" + lines))
    (told,) = [d for d in report.decisions if "gegrüßt" in d.said]
    assert (told.doubtful, told.rows, told.amount) == (True, 2, Decimal(25))
    assert "--status" in told.instead


def test_test_orders_and_cancelled_at(shop: FieldShop) -> None:
    header = "order_id,email,order_date,total,test,cancelled_at\n"
    lines = "1,a@x.test,2024-01-01,10,false,\n2,b@x.test,2024-01-02,20,true,\n"
    lines += "3,c@x.test,2024-01-03,40,false,2024-01-04\n4,d@x.test,2024-01-03,80,,0000-00-00 00:00:00\n"
    shop.bring(shop.write(header + lines))
    assert shop.figure("revenue") == 90
    assert "Test orders were left out." in shop.said()


def test_the_meaning_of_a_word_can_be_said_and_is_remembered(shop: FieldShop) -> None:
    text = (
        "order_id,customer_id,order_date,total,status\n{0},a,2024-01-01,10,paid\n{0}1,b,2024-01-02,20,Zwischenlager\n"
    )
    shop.bring(shop.write(text.format(1)), statuses={"zwischenlager": "void"})
    assert shop.figure("revenue") == 10
    shop.bring(shop.write(text.format(2)))
    assert shop.figure("revenue") == 20
    with pytest.raises(FixArguments):
        shop.bring(shop.write(text.format(3)), statuses={"zwischenlager": "maybe"})
