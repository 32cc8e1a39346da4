"""Random shops, written as each vendor's export writes them, with the truth that must come out."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

Row = Mapping[str, object]
GOODS = {"MUG": ("Mug", Decimal("12.50")), "PEN": ("Pen, blue", Decimal("3.20")), "BAG": ("Bag", Decimal("1249.99"))}
NONE = Decimal(0)
START = datetime.fromisoformat("2024-01-03T09:15:00")


@dataclass(frozen=True)
class Line:
    sku: str
    quantity: int
    price: Decimal

    @property
    def total(self) -> Decimal:
        return self.quantity * self.price


@dataclass(frozen=True)
class Order:
    """`fate`: paid, cancelled, pending; `refunded` is what went back of it, on `refunded_at`."""

    number: str
    buyer: str
    at: datetime
    lines: Sequence[Line]
    shipping: Decimal
    tax: Decimal
    fate: str
    refunded: Decimal

    @property
    def goods(self) -> Decimal:
        return sum((line.total for line in self.lines), NONE)

    @property
    def total(self) -> Decimal:
        return self.goods + self.shipping + self.tax

    @property
    def counts(self) -> bool:
        return self.fate == "paid"


@dataclass
class Shop:
    orders: list[Order] = field(default_factory=list)

    @classmethod
    def drawn(cls, seed: int) -> Shop:
        """Guests, several lines, refunds in part and whole, orders cancelled and unpaid."""
        draw, shop = random.Random(seed), cls()
        for n in range(draw.randint(8, 20)):
            lines = [
                Line(sku, draw.randint(1, 4), GOODS[sku][1])
                for sku in draw.sample(sorted(GOODS), draw.randint(1, len(GOODS)))
            ]
            at = START + timedelta(days=n * 3 + 15 * (n % 2), minutes=n)
            fate = draw.choices(("paid", "cancelled", "pending"), (8, 1, 1))[0]
            buyer = f"buyer{draw.randint(1, 6)}@x.test"
            order = Order(
                str(1000 + n), buyer, at, lines, Decimal(draw.choice(("0.00", "4.95"))),
                Decimal(draw.choice(("0.00", "2.10"))), fate, NONE,
            )  # fmt: skip
            back = draw.choices((NONE, order.total, (order.total / 3).quantize(Decimal("0.01"))), (6, 1, 1))[0]
            shop.orders.append(Order(**{**order.__dict__, "refunded": back if order.counts else NONE}))
        return shop

    def truth(self, amount: Callable[[Order], Decimal]) -> dict[str, Decimal]:
        """Revenue (refunds off), refunds, orders, customers and units of what was sold."""
        sold = [order for order in self.orders if order.counts]
        back = sum((order.refunded for order in sold), NONE)
        return {
            "revenue": sum((amount(order) for order in sold), NONE) - back,
            "refunds": back,
            "orders": Decimal(len(sold)),
            "customers": Decimal(len({order.buyer for order in sold})),
            "units": Decimal(sum(line.quantity for order in sold for line in order.lines)),
        }


def as_csv(rows: Iterator[Row], delimiter: str = ",") -> str:
    """Rows with the columns of the first one."""
    listed, out = list(rows), io.StringIO()
    names = list(dict.fromkeys(name for row in listed for name in row))
    writer = csv.DictWriter(out, names, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue()


def _paid(order: Order, paid: str, part: str, whole: str, cancelled: str, pending: str) -> str:
    if order.fate == "cancelled":
        return cancelled
    if order.fate == "pending":
        return pending
    return paid if not order.refunded else whole if order.refunded == order.total else part


def shopify(shop: Shop) -> str:
    def rows() -> Iterator[Row]:
        for order in shop.orders:
            stamp = f"{order.at:%Y-%m-%d %H:%M:%S} +0000"
            for place, line in enumerate(order.lines):
                first = {
                    "Financial Status": _paid(order, "paid", "partially_refunded", "refunded", "voided", "pending"),
                    "Paid at": stamp if order.counts else "", "Currency": "EUR", "Subtotal": order.goods,
                    "Shipping": order.shipping, "Taxes": order.tax, "Total": order.total, "Discount Amount": "0.00",
                    "Cancelled at": stamp if order.fate == "cancelled" else "", "Refunded Amount": order.refunded,
                    "Billing Name": order.buyer.split("@")[0].title(), "Id": f"50{order.number}",
                }  # fmt: skip
                blank = dict.fromkeys(first, "")
                yield {"Name": f"#{order.number}", "Email": order.buyer} | (blank if place else first) | {
                    "Created at": stamp, "Lineitem quantity": line.quantity, "Lineitem name": GOODS[line.sku][0],
                    "Lineitem price": line.price, "Lineitem sku": line.sku, "Lineitem discount": "0.00",
                }  # fmt: skip

    return as_csv(rows())


def woocommerce_advanced(shop: Shop) -> str:
    def rows() -> Iterator[Row]:
        for order in shop.orders:
            for line in order.lines:
                yield {
                    "Order Number": order.number,
                    "Order Status": _paid(order, "Completed", "Completed", "Refunded", "Cancelled", "Pending payment"),
                    "Order Date": f"{order.at:%Y-%m-%d %H:%M}", "Email (Billing)": order.buyer,
                    "First Name (Billing)": order.buyer[:6], "Last Name (Billing)": "X", "Order Currency": "EUR",
                    "Order Subtotal Amount": order.goods, "Order Shipping Amount": order.shipping,
                    "Order Refund Amount": order.refunded, "Order Total Amount": order.total,
                    "Order Total Tax Amount": order.tax, "SKU": line.sku, "Item Name": GOODS[line.sku][0],
                    "Quantity": line.quantity, "Item Cost": line.price,
                }  # fmt: skip

    return as_csv(rows())


def woocommerce_analytics(shop: Shop) -> str:
    def rows() -> Iterator[Row]:
        for order in shop.orders:
            named = {"Customer": order.buyer.split("@")[0], "Customer type": "returning", "Product(s)": "things"}
            status = _paid(order, "completed", "completed", "refunded", "cancelled", "pending")
            yield {"Date": order.at, "Order #": order.number, "Status": status, **named,
                   "Items sold": sum(line.quantity for line in order.lines), "N. Revenue": order.total}  # fmt: skip
            if order.refunded:
                yield {"Date": order.at + timedelta(days=1), "Order #": order.number, "Status": "completed", **named,
                       "Items sold": 0, "N. Revenue": -order.refunded}  # fmt: skip

    return as_csv(rows())


def magento(shop: Shop) -> str:
    def rows() -> Iterator[Row]:
        for order in shop.orders:
            yield {
                "ID": f"00000{order.number}", "Purchase Point": "Main Website", "Purchase Date": order.at,
                "Bill-to Name": "A B", "Grand Total (Base)": order.total, "Grand Total (Purchased)": order.total,
                "Status": _paid(order, "complete", "complete", "closed", "canceled", "pending"),
                "Customer Email": order.buyer, "Subtotal": order.goods, "Shipping and Handling": order.shipping,
                "Total Refunded": order.refunded or "",
            }  # fmt: skip

    return as_csv(rows())


def bigcommerce(shop: Shop) -> str:
    def rows() -> Iterator[Row]:
        for order in shop.orders:
            yield {
                "Order ID": order.number, "Customer ID": "0", "Customer Email": order.buyer,
                "Order Date": f"{order.at:%d/%m/%Y}", "Subtotal (inc tax)": order.goods, "Tax Total": order.tax,
                "Order Status": _paid(
                    order, "Shipped", "Partially Refunded", "Refunded", "Cancelled", "Awaiting Payment"
                ),
                "Shipping Cost (inc tax)": order.shipping, "Order Total (inc tax)": order.total,
                "Order Currency Code": "EUR", "Refund Amount": order.refunded,
                "Total Quantity": sum(line.quantity for line in order.lines),
            }  # fmt: skip

    return as_csv(rows())


def amazon(shop: Shop) -> str:
    def rows() -> Iterator[Row]:
        for order in shop.orders:
            for line in order.lines:
                dead = order.fate == "cancelled"
                yield {
                    "amazon-order-id": f"111-{order.number}", "buyer-email": order.buyer,
                    "purchase-date": f"{order.at:%Y-%m-%dT%H:%M:%S}+00:00",
                    "order-status": {"paid": "Shipped", "cancelled": "Cancelled", "pending": "Pending"}[order.fate],
                    "product-name": GOODS[line.sku][0], "sku": line.sku, "quantity": 0 if dead else line.quantity,
                    "currency": "EUR", "item-price": "" if dead else line.total, "item-tax": order.tax,
                    "shipping-price": order.shipping, "item-promotion-discount": "",
                }  # fmt: skip

    return as_csv(rows(), "\t")


def stripe(shop: Shop) -> str:
    def rows() -> Iterator[Row]:
        for order in shop.orders:
            yield {
                "id": f"ch_{order.number}", "Created date (UTC)": order.at, "Amount": order.total,
                "Amount Refunded": order.refunded, "Currency": "eur", "Customer Email": order.buyer, "Fee": "0.31",
                "Status": _paid(order, "Paid", "Paid", "Refunded", "Failed", "requires_payment_method"),
                "Refunded date (UTC)": order.at + timedelta(days=2) if order.refunded else "",
            }  # fmt: skip

    return as_csv(rows())


def _grouped(amount: Decimal, german: bool) -> str:
    text = f"{amount:,.2f}"
    return text.translate(str.maketrans(",.", ".,")) if german else text


def _paypal(shop: Shop, names: Sequence[str], words: Mapping[str, str], *, german: bool) -> str:
    def rows() -> Iterator[Row]:
        balance = Decimal("5000")
        form = "%d.%m.%Y" if german else "%m/%d/%Y"

        def row(at: datetime, kind: str, status: str, gross: Decimal, sent: str, got: str, code: str) -> Row:
            nonlocal balance
            balance += gross
            values = (at.strftime(form), f"{at:%H:%M:%S}", "UTC", words[kind], words[status], "EUR",
                      _grouped(gross, german), "0.00", _grouped(gross, german), sent, got, code,
                      _grouped(balance, german))  # fmt: skip
            return dict(zip(names, values, strict=True))

        for order in shop.orders:
            status = {"paid": "completed", "cancelled": "denied", "pending": "pending"}[order.fate]
            yield row(order.at, "sale", status, order.total, order.buyer, "shop@x.test", f"T{order.number}")
            if order.refunded:
                later = order.at + timedelta(days=1)
                yield row(later, "refund", "completed", -order.refunded, "shop@x.test", order.buyer, f"R{order.number}")
            yield row(order.at, "away", "completed", Decimal("-500.00"), "", "", f"W{order.number}")
            yield row(
                order.at, "bill", "completed", Decimal("-20.00"), "shop@x.test", "host@x.test", f"B{order.number}"
            )

    return as_csv(rows())


def paypal(shop: Shop) -> str:
    names = ("Date", "Time", "TimeZone", "Type", "Status", "Currency", "Gross", "Fee", "Net", "From Email Address",
             "To Email Address", "Transaction ID", "Balance")  # fmt: skip
    words = {"sale": "Express Checkout Payment", "refund": "Payment Refund", "away": "General Withdrawal",
             "bill": "PreApproved Payment Bill User Payment", "completed": "Completed", "denied": "Denied",
             "pending": "Pending"}  # fmt: skip
    return _paypal(shop, names, words, german=False)


def paypal_german(shop: Shop) -> str:
    names = ("Datum", "Uhrzeit", "Zeitzone", "Typ", "Status", "Währung", "Brutto", "Gebühr", "Netto",
             "Absender E-Mail-Adresse", "Empfänger E-Mail-Adresse", "Transaktionscode", "Guthaben")  # fmt: skip
    words = {"sale": "Website-Zahlung", "refund": "Rückzahlung", "away": "Abbuchung", "bill": "Allgemeine Zahlung",
             "completed": "Abgeschlossen", "denied": "Abgelehnt", "pending": "Ausstehend"}  # fmt: skip
    return _paypal(shop, names, words, german=True)


def square(shop: Shop) -> str:
    def rows() -> Iterator[Row]:
        for order in shop.orders:
            if not order.counts:
                continue
            base = {"Date": f"{order.at:%m/%d/%y}", "Time": f"{order.at:%H:%M:%S}", "Time Zone": "UTC",
                    "Customer ID": order.buyer, "Location": "Main"}  # fmt: skip
            for line in order.lines:
                yield base | {"Category": "Things", "Item": GOODS[line.sku][0], "Qty": f"{line.quantity}.0",
                              "SKU": line.sku, "Gross Sales": f"${line.total:,.2f}", "Discounts": "$0.00",
                              "Net Sales": f"${line.total:,.2f}", "Tax": "$0.00", "Transaction ID": f"tx{order.number}",
                              "Event Type": "Payment"}  # fmt: skip
            if order.refunded:
                yield base | {"Category": "", "Item": "Custom Amount", "Qty": "0.0", "SKU": "",
                              "Gross Sales": f"-${order.refunded:,.2f}", "Discounts": "$0.00",
                              "Net Sales": f"-${order.refunded:,.2f}", "Tax": "$0.00",
                              "Transaction ID": f"re{order.number}", "Event Type": "Refund"}  # fmt: skip

    return as_csv(rows())


def etsy(shop: Shop) -> str:
    def rows() -> Iterator[Row]:
        for order in shop.orders:
            if not order.counts:
                continue
            yield {
                "Sale Date": f"{order.at:%m/%d/%y}", "Order ID": order.number, "Buyer User ID": order.buyer,
                "Full Name": "A B", "Number of Items": sum(line.quantity for line in order.lines), "Currency": "EUR",
                "Order Value": order.goods, "Discount Amount": "0.00", "Shipping": order.shipping,
                "Sales Tax": order.tax, "Order Total": order.total, "Card Processing Fees": "0.30",
                "Order Net": order.total - Decimal("0.30"),
                "Adjusted Order Total": order.total - order.refunded if order.refunded < order.total else "",
            }  # fmt: skip

    return as_csv(rows())
