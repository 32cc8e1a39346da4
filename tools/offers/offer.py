"""An offer as a person sees it, as a proposal freezes it, and as a message says it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from core.calendar import Calendar
from core.errors import FixArguments, NotFound
from database.queries import offers
from database.queries.voucher_codes import Codes as MakesCodes
from language.format import count, money
from tools.figures import figure

__all__ = [
    "OFFER_FIELDS", "Codes", "Offer", "OfferKind", "example_code", "frozen", "maker_of", "offer_named", "offer_words",
    "said_values",
]  # fmt: skip

OfferKind = Literal["percent", "amount", "free_item", "cashback", "points"]
Codes = Literal["none", "shared", "unique"]
OFFER_FIELDS: Final = frozenset({"offer", "offer_code", "offer_until"})
"""Merge fields whose values come with the offer of a campaign, not from what is known of the customer."""
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that are taken for another
_LENGTH = 8


class Offer(BaseModel):
    """What a campaign offers, exactly as it is approved."""

    id: str = Field(description="The offer.")
    name: str = figure("Offer", "Its name.")
    kind: OfferKind = figure("Kind", "percent, amount (off the order), free_item, cashback, points.")
    value: float | None = figure("Worth", "Percent, money or points; of a free item what it is worth.")
    item: str | None = Field(default=None, description="What is given for free.")
    minimum: float | None = figure("From", "Order value from which on it holds.", unit="money", default=None)
    codes: Codes = figure("Codes", "none; shared: one code for all; unique: one for each customer.")
    code: str | None = Field(default=None, description="The shared code.")
    prefix: str | None = Field(default=None, description="How generated codes begin; null: codes are imported.")
    valid_from: datetime | None = figure("Holds from", "When it begins to hold.", unit="instant", default=None)
    valid_until: datetime | None = figure("Holds until", "When it ends.", unit="instant", default=None)
    words: str = figure("In words", "What a customer gets.")


def offer_words(row: offers.OfferRow, currency: str) -> str:
    """What a customer gets, as a message says it: "10% off", "£5.00 off orders from £40.00"."""
    value = float(row.value or 0)
    given = {
        "percent": f"{count(value)}% off",
        "amount": f"{money(value, currency)} off",
        "free_item": f"a free {row.item}",
        "cashback": f"{money(value, currency)} back",
        "points": f"{count(value)} points",
    }[row.kind]
    if row.minimum is None:
        return given
    least = money(float(row.minimum), currency)
    return f"{given} orders from {least}" if row.kind in ("percent", "amount") else f"{given} on orders from {least}"


def frozen(row: offers.OfferRow, currency: str) -> dict[str, Any]:
    """An offer as a proposal holds it."""
    return Offer(
        id=str(row.id),
        name=row.name,
        kind=row.kind,
        value=_number(row.value),
        item=row.item,
        minimum=_number(row.minimum),
        codes=row.codes,
        code=row.code,
        prefix=row.prefix,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        words=offer_words(row, currency),
    ).model_dump(mode="json")


def offer_named(connection: Connection, words: str) -> offers.OfferRow:
    """The offer that is meant, by id or name; NotFound and FixArguments name those there are."""
    found = offers.named(connection, words)
    if len(found) == 1:
        return found[0]
    if found:
        raise FixArguments(f"“{words}” could be several offers.", field="offer", valid=[one.name for one in found[:10]])
    _total, known = offers.listed(connection, withdrawn=False, limit=10)
    said = f"There is no offer “{words}”."
    raise NotFound(said if known else f"{said} None has been made yet.", field="offer", valid=[o.name for o in known])


def said_values(offer: Mapping[str, Any] | None, calendar: Calendar, code: str | None) -> dict[str, object]:
    """The values of the merge fields that an offer gives; none of a campaign without one."""
    if offer is None:
        return {}
    until = offer.get("valid_until")
    last: date | None = calendar.last_day(datetime.fromisoformat(until)) if until else None
    return {"offer": offer["words"], "offer_code": code or offer.get("code"), "offer_until": last}


def example_code(offer: Mapping[str, Any] | None) -> str | None:
    """A code to show where nobody has one yet: it is none that anybody gets."""
    if offer is None or offer["codes"] != "unique":
        return None
    return f"{offer['prefix']}-EXAMPLE" if offer.get("prefix") else "YOUR-CODE"


def maker_of(prefix: str | None) -> MakesCodes | None:
    """What makes the codes of an offer; None: they are imported."""
    if prefix is None:
        return None

    def make(number: int) -> Sequence[str]:
        return [f"{prefix}-{''.join(secrets.choice(_LETTERS) for _ in range(_LENGTH))}" for _ in range(number)]

    return make


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
