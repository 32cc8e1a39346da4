"""Sales as payment services and web analytics export them: Stripe, Square, PayPal in two languages, GA4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from tests.vendors.shop import GOODS, Order, Row, Shop, as_csv

__all__ = ["ga4", "paypal", "paypal_german", "square", "stripe"]


def stripe(shop: Shop) -> str:
    """One row a payment; what was refunded in all stands beside it, with the day of the last refund."""

    def rows() -> Iterator[Row]:
        for order in shop.orders:
            last = order.refunds[-1].at if order.refunds else None
            yield {
                "id": f"ch_{order.number}", "Created date (UTC)": order.at, "Amount": order.total,
                "Amount Refunded": order.refunded, "Currency": order.currency.lower(), "Captured": "true",
                "Converted Amount": order.total, "Converted Amount Refunded": order.refunded,
                "Converted Currency": "eur", "Decline Reason": "", "Description": f"Order {order.number}",
                "Fee": "0.31", "Refunded date (UTC)": last or "", "Statement Descriptor": "SHOP",
                "Status": order.word("Paid", "Paid", "Refunded", "Failed", "requires_payment_method"),
                "Customer ID": "" if order.guest else f"cus_{order.buyer.number}", "Customer Description": "",
                "Customer Email": order.buyer.email, "Card Name": order.buyer.name, "Card Address Country": "DE",
            }  # fmt: skip

    return as_csv(rows())


def square(shop: Shop) -> str:
    """One row an item; refunds as rows of an amount of their own. What was never paid is not in it."""

    def rows() -> Iterator[Row]:
        for order in (order for order in shop.orders if order.counts):
            for line, off in zip(order.lines, order.shares(), strict=True):
                yield _item(order, order.at, f"tx{order.number}", "Payment", line.quantity, line.total, off) | {
                    "Category": "Things", "Item": GOODS[line.sku][0], "SKU": line.sku
                }  # fmt: skip
            for n, back in enumerate(order.refunds):
                yield _item(order, back.at, f"re{order.number}.{n}", "Refund", 0, -back.amount, Decimal(0)) | {
                    "Category": "", "Item": "Custom Amount", "SKU": ""
                }  # fmt: skip

    return as_csv(rows())


def _item(
    order: Order, at: datetime, number: str, event: str, quantity: int, gross: Decimal, off: Decimal
) -> dict[str, object]:
    return {
        "Date": f"{at:%m/%d/%y}", "Time": f"{at:%H:%M:%S}", "Time Zone": "UTC", "Category": "", "Item": "",
        "Qty": f"{quantity}.0", "Price Point Name": "Regular", "SKU": "", "Modifiers Applied": "",
        "Gross Sales": _euros(gross), "Discounts": _euros(-off), "Net Sales": _euros(gross - off),
        "Tax": "€0.00", "Transaction ID": number, "Payment ID": f"p{number}", "Device Name": "Till",
        "Event Type": event, "Location": "Main", "Customer ID": f"SQ{order.buyer.number}",
        "Customer Name": order.buyer.name, "Employee": "Em",
    }  # fmt: skip


def _euros(amount: Decimal) -> str:
    return f"-€{-amount:,.2f}" if amount < 0 else f"€{amount:,.2f}"


@dataclass
class _Account:
    """The activity of a PayPal account, with a running balance for each currency."""

    names: Sequence[str]
    words: Mapping[str, str]
    day: str
    german: bool
    balances: dict[str, Decimal] = field(default_factory=dict)

    def row(
        self,
        at: datetime,
        kind: str,
        status: str,
        gross: Decimal,
        currency: str,
        parties: tuple[str, str],
        ids: tuple[str, str],
    ) -> Row:
        balance = self.balances[currency] = self.balances.get(currency, Decimal("5000")) + gross
        values = (at.strftime(self.day), f"{at:%H:%M:%S}", "UTC", "Somebody", self.words[kind], self.words[status],
                  currency, self._grouped(gross), "0.00", self._grouped(gross), *parties, *ids,
                  self._grouped(balance))  # fmt: skip
        return dict(zip(self.names, values, strict=True))

    def _grouped(self, amount: Decimal) -> str:
        text = f"{amount:,.2f}"
        return text.translate(str.maketrans(",.", ".,")) if self.german else text

    def rows(self, shop: Shop) -> Iterator[Row]:
        ours = "shop@x.test"
        for order in shop.orders:
            status = {"paid": "completed", "cancelled": "denied", "pending": "pending"}[order.fate]
            own, buyer, code = f"T{order.number}", order.buyer.email, order.currency
            yield self.row(order.at, "sale", status, order.total, code, (buyer, ours), (own, ""))
            for n, back in enumerate(order.refunds):
                yield self.row(
                    back.at, "refund", "completed", -back.amount, code, (ours, buyer), (f"R{n}{order.number}", own)
                )
            if code != "EUR":
                worth = (order.total * Decimal("0.9")).quantize(Decimal("0.01"))
                at = order.at + timedelta(minutes=5)
                yield self.row(at, "exchange", "completed", -order.total, code, ("", ""), (f"X{order.number}", own))
                yield self.row(at, "exchange", "completed", worth, "EUR", ("", ""), (f"Y{order.number}", own))
            yield self.row(order.at, "away", "completed", Decimal("-500.00"), "EUR", ("", ""), (f"W{order.number}", ""))
            yield self.row(
                order.at,
                "bill",
                "completed",
                Decimal("-20.00"),
                "EUR",
                (ours, "host@x.test"),
                (f"B{order.number}", "B-9"),
            )


def paypal(shop: Shop) -> str:
    names = ("Date", "Time", "TimeZone", "Name", "Type", "Status", "Currency", "Gross", "Fee", "Net",
             "From Email Address", "To Email Address", "Transaction ID", "Reference Txn ID", "Balance")  # fmt: skip
    words = {"sale": "Express Checkout Payment", "refund": "Payment Refund", "away": "General Withdrawal",
             "bill": "PreApproved Payment Bill User Payment", "exchange": "General Currency Conversion",
             "completed": "Completed", "denied": "Denied", "pending": "Pending"}  # fmt: skip
    return as_csv(_Account(names, words, "%m/%d/%Y", german=False).rows(shop))


def paypal_german(shop: Shop) -> str:
    names = ("Datum", "Uhrzeit", "Zeitzone", "Name", "Typ", "Status", "Währung", "Brutto", "Gebühr", "Netto",
             "Absender E-Mail-Adresse", "Empfänger E-Mail-Adresse", "Transaktionscode", "Zugehöriger Transaktionscode",
             "Guthaben")  # fmt: skip
    words = {"sale": "Website-Zahlung", "refund": "Rückzahlung", "away": "Abbuchung", "bill": "Allgemeine Zahlung",
             "exchange": "Allgemeine Währungsumrechnung", "completed": "Abgeschlossen", "denied": "Abgelehnt",
             "pending": "Ausstehend"}  # fmt: skip
    return as_csv(_Account(names, words, "%d.%m.%Y", german=True).rows(shop))


def ga4(shop: Shop) -> str:
    """An exploration: lines of comment, the header, a row that sums up all, then the transactions the tag saw."""
    sold = [order for order in shop.orders if order.counts]
    head = (
        "# ----------------------------------------\n# Free form 1\n# Account: Shop\n# Property: Shop - GA4\n"
        f"# {START_DAY}-{sold[-1].at:%Y%m%d}\n# ----------------------------------------\n\n"
    )
    total, units = sum(order.total for order in sold), sum(order.units for order in sold)
    back = sum(order.refunded for order in sold)

    def rows() -> Iterator[Row]:
        names = ("Transaction ID", "Date", "Purchase revenue", "Items purchased", "Refund amount", "")
        yield dict(zip(names, ("", "", total, units, back, "Grand total"), strict=True))
        for o in sold:
            values = (f"T{o.number}", f"{o.at:%Y%m%d}", o.total, o.units, o.refunded, "")
            yield dict(zip(names, values, strict=True))

    return head + as_csv(rows())


START_DAY = "20240101"
