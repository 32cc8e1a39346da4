"""A random shop with all that makes exports hard, and the figures that must come out of any export of it."""

from __future__ import annotations

import csv
import io
import random
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

__all__ = [
    "CENT", "GOODS", "NONE", "START", "Amount", "Line", "Order", "Person", "Refund", "Row", "Shop", "as_csv", "charged",
    "people",
]  # fmt: skip

Row = Mapping[str, object]
GOODS = {"MUG": ("Mug", Decimal("12.50")), "PEN": ("Pen, blue", Decimal("3.20")), "BAG": ("Bag", Decimal("1249.99"))}
NONE, CENT = Decimal(0), Decimal("0.01")
START = datetime.fromisoformat("2024-01-03T09:15:00")
# What one of each is worth in euros since a day: the newest on or before a day counts.
RATES = {
    "USD": {date(2023, 12, 29): Decimal("0.91"), date(2024, 2, 1): Decimal("0.93"), date(2024, 3, 1): Decimal("0.9")},
    "GBP": {date(2024, 1, 2): Decimal("1.15"), date(2024, 2, 10): Decimal("1.17")},
}


@dataclass(frozen=True)
class Person:
    """Somebody of the shop; `agrees` to emails since or until `said_at`; `gone`: left, bounced or complained."""

    number: int
    first: str
    last: str
    agrees: bool | None
    said_at: datetime
    gone: str = ""

    @property
    def email(self) -> str:
        plain = unicodedata.normalize("NFKD", self.first).encode("ascii", "ignore").decode()
        return f"{plain.lower()}.{self.number}@x.test"

    @property
    def phone(self) -> str:
        return f"+4930555{self.number:04}"

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


@dataclass(frozen=True)
class Line:
    sku: str
    quantity: int

    @property
    def price(self) -> Decimal:
        return GOODS[self.sku][1]

    @property
    def total(self) -> Decimal:
        return self.quantity * self.price


@dataclass(frozen=True)
class Refund:
    amount: Decimal
    at: datetime


@dataclass(frozen=True)
class Order:
    """`fate`: paid, cancelled or pending. A guest left an address and has no account."""

    number: str
    buyer: Person
    guest: bool
    at: datetime
    lines: Sequence[Line]
    discount: Decimal
    shipping: Decimal
    tax: Decimal
    fate: str
    currency: str
    refunds: Sequence[Refund] = ()

    @property
    def goods(self) -> Decimal:
        """What the goods cost before anything is taken off."""
        return sum((line.total for line in self.lines), NONE)

    @property
    def subtotal(self) -> Decimal:
        return self.goods - self.discount

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.shipping + self.tax

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def refunded(self) -> Decimal:
        return sum((refund.amount for refund in self.refunds), NONE)

    @property
    def counts(self) -> bool:
        return self.fate == "paid"

    def word(self, paid: str, part: str, whole: str, cancelled: str, pending: str) -> str:
        """The word for what became of it, of a vendor's own."""
        if not self.counts:
            return cancelled if self.fate == "cancelled" else pending
        return paid if not self.refunds else whole if self.refunded == self.total else part

    def shares(self) -> list[Decimal]:
        """The discount, spread over the lines to the penny."""
        parts = [(self.discount * line.total / self.goods).quantize(CENT) for line in self.lines]
        return [parts[0] + self.discount - sum(parts, NONE), *parts[1:]]


Amount = Callable[[Order], Decimal]


def charged(order: Order) -> Decimal:
    return order.total


def people(draw: random.Random, several: int) -> list[Person]:
    """People of all sorts: who agreed, refused, never said, left, and whose address bounces."""
    found = []
    for n in range(several):
        agrees = draw.choice((True, True, False, None))
        gone = draw.choice(("", "", "unsubscribed", "bounced")) if agrees is False else ""
        said = START - timedelta(days=draw.randint(1, 300), minutes=n)
        first = draw.choice(("Ava", "Ben", "Cy", "Zoé", "Jörg"))
        found.append(Person(7000 + n, first, draw.choice(("Ash", "O'Neil", "Großmann")), agrees, said, gone))
    return found


@dataclass(frozen=True)
class Shop:
    orders: Sequence[Order]
    people: Sequence[Person]

    @classmethod
    def drawn(cls, seed: int, currencies: Sequence[str] = ("EUR",)) -> Shop:
        """Guests, several lines, discounts, refunds in part, again and whole, orders cancelled and unpaid."""
        draw = random.Random(seed)
        known, orders = people(draw, 8), []
        for n in range(draw.randint(10, 22)):
            lines = [Line(sku, draw.randint(1, 4)) for sku in draw.sample(sorted(GOODS), draw.randint(1, len(GOODS)))]
            order = Order(
                number=str(1000 + n),
                buyer=draw.choice(known),
                guest=draw.random() < 0.3,
                at=START + timedelta(days=n * 3 + 15 * (n % 2), minutes=n),
                lines=lines,
                discount=Decimal(draw.choice(("0.00", "0.00", "2.35"))),
                shipping=Decimal(draw.choice(("0.00", "4.95"))),
                tax=Decimal(draw.choice(("0.00", "2.10"))),
                fate=draw.choices(("paid", "cancelled", "pending"), (8, 1, 1))[0],
                currency=draw.choice((currencies[0], *currencies)),
            )
            orders.append(replace(order, refunds=refunds(draw, order) if order.counts else ()))
        return cls(orders, known)

    def told(self, change: Callable[[Order], Order]) -> Shop:
        """The shop as far as an export can tell it: every order changed so."""
        return replace(self, orders=[change(order) for order in self.orders])

    def truth(self, amount: Amount, dated: Callable[[Order, Refund], datetime], rated: bool) -> dict[str, Decimal]:
        """Revenue (refunds off), refunds, orders, customers and units of what was sold, in euros.

        `rated`: orders in other currencies count by the rates of their days, else not at all. A refund is worth the
        rate of the day it is booked on.
        """
        sold = [o for o in self.orders if o.counts and (o.currency == "EUR" or (rated and worth(o.currency, o.at)))]
        gross = sum((_in_euros(amount(o), o.currency, o.at) for o in sold), NONE)
        back = sum((_in_euros(r.amount, o.currency, dated(o, r)) for o in sold for r in o.refunds), NONE)
        return {
            "revenue": (gross - back).quantize(CENT, ROUND_HALF_UP),
            "refunds": back.quantize(CENT, ROUND_HALF_UP),
            "orders": Decimal(len(sold)),
            "customers": Decimal(len({o.buyer for o in sold})),
            "units": Decimal(sum(o.units for o in sold)),
        }


def refunds(draw: random.Random, order: Order) -> Sequence[Refund]:
    """Nothing, a part, several parts, or all of what was charged."""
    days = [order.at + timedelta(days=d, hours=1) for d in (2, 9)]
    part = (order.total / 3).quantize(CENT)
    some: Sequence[Sequence[Refund]] = (
        (),
        (Refund(part, days[0]),),
        (Refund(part, days[0]), Refund(part, days[1])),
        (Refund(order.total, days[1]),),
        (Refund(part, days[0]), Refund(order.total - part, days[1])),
    )
    return draw.choices(some, (6, 1, 1, 1, 1))[0]


def worth(currency: str, at: datetime) -> Decimal | None:
    """The rate of a day."""
    since = [day for day in RATES[currency] if day <= at.date()]
    return RATES[currency][max(since)] if since else None


def _in_euros(amount: Decimal, currency: str, at: datetime) -> Decimal:
    return amount if currency == "EUR" else round(amount * (worth(currency, at) or NONE), 4)


def rates() -> str:
    """The rates as a file."""
    return as_csv(
        {"day": day, "currency": code, "rate": rate} for code, days in RATES.items() for day, rate in days.items()
    )


def as_csv(rows: Iterable[Row], delimiter: str = ",") -> str:
    """Rows with the columns of all of them, in the order in which they come first."""
    listed, out = list(rows), io.StringIO()
    names = list(dict.fromkeys(name for row in listed for name in row))
    writer = csv.DictWriter(out, names, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue()
