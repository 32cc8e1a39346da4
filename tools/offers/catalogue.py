"""Offers: listed with their codes and uses, made, and withdrawn."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from pydantic import Field
from sqlalchemy import Connection

from core.errors import AskPerson, FixArguments
from core.identity import APPROVE, PROPOSE, READ
from database.queries import offers, organisations
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money
from tools.offers.offer import Codes, Offer, OfferKind, frozen, offer_named
from tools.offers.questions import OFFERS
from tools.results import Arguments, Evidence, ToolResult
from tools.views import table

__all__ = ["create_offer", "list_offers", "withdraw_offer"]

SHOWN = 200
DEFINITIONS = [
    "given: codes that customers have; one each for a customer and campaign. free: codes that nobody has yet.",
    "redeemed: sales whose order names a code of the offer (a column such as Discount Code, when orders are imported).",
    "committed: budgets of the campaigns that were approved with it.",
]


class OfferLine(Offer):
    """An offer with what became of it."""

    given: int = figure("Codes given", "Codes that customers have.", unit="codes")
    free: int = figure("Codes free", "Codes that nobody has.", unit="codes")
    redeemed: int = figure("Redeemed", "Sales whose order names a code of it.", unit="orders")
    discount: float | None = figure("Taken off", "Discount of these sales.", unit="money")
    budget: float | None = figure("Budget", "Most that all campaigns may give away.", unit="money")
    committed: float | None = figure("Committed", "Budgets of approved campaigns with it.", unit="money")
    holds: bool = figure("Holds", "False: it has ended, has not begun, or was withdrawn.")


class ListOffersArguments(Arguments):
    """Which offers."""

    withdrawn: bool = Field(default=False, description="Also those that were withdrawn.")
    limit: int = Field(default=50, ge=1, le=SHOWN, description="At most so many, newest first.")


class OfferList(ToolResult):
    """Offers, newest first."""

    total: int = figure("Offers", "Offers there are.", unit="offers")
    offers: list[OfferLine] = Field(description="Newest first, up to the limit.")
    currency: str = Field(description="ISO 4217 code of money.")


class CreateOfferArguments(Arguments):
    """What is offered."""

    name: str = Field(min_length=1, max_length=80, description="Name of the offer, for people.")
    kind: OfferKind = Field(description="percent or amount off the order, free_item, cashback, or points.")
    value: float | None = Field(
        default=None, gt=0, le=1_000_000, description="Percent, money or points; of a free item what it is worth."
    )
    item: str | None = Field(default=None, min_length=1, max_length=80, description="What is free, for free_item.")
    minimum: float | None = Field(default=None, gt=0, le=1_000_000, description="Order value from which on it holds.")
    codes: Codes = Field(
        default="none", description="none; shared: one code for all (`code`); unique: one for each customer."
    )
    code: str | None = Field(default=None, min_length=3, max_length=40, description="The shared code.")
    prefix: str | None = Field(
        default=None,
        min_length=1,
        max_length=16,
        description="Of unique codes: how generated ones begin; absent: the shop's own are put in by add_offer_codes.",
    )
    budget: float | None = Field(default=None, gt=0, le=1e9, description="Most that all its campaigns may give away.")
    valid_from: datetime | None = Field(default=None, description="When it begins to hold, by the shop's clocks.")
    valid_until: datetime | None = Field(default=None, description="When it ends, by the shop's clocks.")
    replaces: str | None = Field(default=None, description="Offer (id or name) that this one takes the place of.")


class OfferResult(ToolResult):
    """The offer as it is kept."""

    offer: OfferLine = Field(description="The offer.")
    currency: str = Field(description="ISO 4217 code of money.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return self.offer.id


class WithdrawOfferArguments(Arguments):
    """Which offer."""

    offer: str = Field(min_length=1, max_length=120, description="Offer, by id or name.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="offers and their codes",
    agents=("content",),
    basis="record",
    examples=({},),
    questions=(OFFERS,),
    views=(
        table(
            "offers",
            title="Offers",
            columns=("name", "words", "codes", "free", "given", "redeemed", "budget", "committed", "valid_until"),
            total="total",
        ),
    ),
    next=("Which types of campaign are there?", "Propose campaigns"),
)
def list_offers(context: Context, arguments: ListOffersArguments) -> OfferList:
    """The offers that campaigns can give: what they are worth, their codes given and free, and how often redeemed."""
    with context.transaction() as connection:
        currency = organisations.profile(connection).currency
        total, rows = offers.listed(connection, withdrawn=arguments.withdrawn, limit=arguments.limit)
        lines = [_line(connection, row, currency, context.now) for row in rows]
    return OfferList(
        total=total,
        offers=lines,
        currency=currency,
        evidence=Evidence(
            rows=total, as_of=context.now, sources=["offers", "offer_codes", "orders"], definitions=DEFINITIONS
        ),
    )


@tool(
    effect=Effect.PROPOSE,
    scope=PROPOSE,
    about="Made an offer",
    agents=("content",),
    basis="record",
    examples=({"name": "Spring 10", "kind": "percent", "value": 10, "codes": "unique", "prefix": "SPRING"},),
    views=(),
    next=("What offers do we have?",),
)
def create_offer(context: Context, arguments: CreateOfferArguments) -> OfferResult:
    """Keep an offer that campaigns can give; a changed one replaces the old. Nobody gets anything by this."""
    _require_whole(arguments)
    with context.transaction() as connection:
        profile = organisations.profile(connection)
        begins, ends = (
            at if at is None or at.tzinfo else at.replace(tzinfo=context.calendar().zone)
            for at in (arguments.valid_from, arguments.valid_until)
        )
        if ends is not None and (ends <= context.now or (begins is not None and ends <= begins)):
            raise FixArguments("The offer would end before it begins, or has ended already.", field="valid_until")
        old = _replaced(connection, arguments.replaces, context)
        new = _new(arguments, begins, ends, old)
        made = offers.by_id(connection, offers.insert(connection, new, context.identity.actor))
        if made is None:
            raise FixArguments("The offer is gone.", field="name")
        line = _line(connection, made, profile.currency, context.now)
    return OfferResult(
        offer=line, currency=profile.currency, evidence=Evidence(rows=0, as_of=context.now, sources=["offers"])
    )


@tool(
    effect=Effect.OPERATE,
    scope=APPROVE,
    about="Withdrew an offer",
    basis="record",
    examples=({"offer": "Spring 10"},),
    views=(),
)
def withdraw_offer(context: Context, arguments: WithdrawOfferArguments) -> OfferResult:
    """A person withdraws an offer: no campaign can give it any more. Refused while campaigns under way do."""
    if not context.identity.person:
        raise AskPerson("Only a person can withdraw an offer.")
    with context.transaction() as connection:
        row = offer_named(connection, arguments.offer)
        offers.lock(connection, row.id)
        _require_unused(connection, row)
        offers.withdraw(connection, row.id, context.identity.actor, context.now)
        currency = organisations.profile(connection).currency
        gone = offers.by_id(connection, row.id) or row
        line = _line(connection, gone, currency, context.now)
    return OfferResult(offer=line, currency=currency, evidence=Evidence(rows=1, as_of=context.now, sources=["offers"]))


def _replaced(connection: Connection, words: str | None, context: Context) -> offers.OfferRow | None:
    """The offer that a new one takes the place of, withdrawn."""
    if words is None:
        return None
    old = offer_named(connection, words)
    offers.lock(connection, old.id)
    _require_unused(connection, old)
    offers.withdraw(connection, old.id, context.identity.actor, context.now)
    return old


def _require_unused(connection: Connection, row: offers.OfferRow) -> None:
    if live := offers.live_campaigns(connection, row.id):
        raise FixArguments(
            f"“{row.name}” is what customers of {', '.join(f'“{name}”' for name in live[:5])} were promised: it holds "
            "until these campaigns are over, or a person has ended them.",
            field="offer",
        )


def _require_whole(told: CreateOfferArguments) -> None:
    """FixArguments says what is missing, or does not go together."""
    if (told.item is not None) != (told.kind == "free_item"):
        raise FixArguments(
            "`item` says what is free: give it with the kind free_item, and with no other.", field="item"
        )
    if told.value is None and told.kind != "free_item":
        raise FixArguments(f"Say what the offer is worth: `value` of {told.kind}.", field="value")
    if told.kind == "percent" and (told.value or 0) > 100:
        raise FixArguments("More than 100 percent cannot be taken off.", field="value")
    if (told.code is not None) != (told.codes == "shared"):
        raise FixArguments(
            "`code` is the one code that all get: give it with shared codes, and with no other.", field="code"
        )
    if told.prefix is not None and (told.codes != "unique" or not re.fullmatch(r"[A-Za-z0-9]+", told.prefix)):
        raise FixArguments("`prefix` is letters and digits, and goes with unique codes alone.", field="prefix")
    if told.code is not None and not re.fullmatch(r"[A-Za-z0-9_-]+", told.code):
        raise FixArguments("A code is letters, digits, - and _.", field="code")


def _new(
    arguments: CreateOfferArguments, begins: datetime | None, ends: datetime | None, old: offers.OfferRow | None
) -> offers.NewOffer:
    return offers.NewOffer(
        name=arguments.name.strip(),
        kind=arguments.kind,
        value=_exact(arguments.value),
        item=arguments.item,
        minimum=_exact(arguments.minimum),
        codes=arguments.codes,
        code=arguments.code,
        prefix=arguments.prefix,
        budget=_exact(arguments.budget),
        valid_from=begins,
        valid_until=ends,
        replaces=None if old is None else old.id,
    )


def _exact(amount: float | None) -> Decimal | None:
    return None if amount is None else Decimal(str(amount))


def _line(connection: Connection, row: offers.OfferRow, currency: str, now: datetime) -> OfferLine:
    used = offers.uses(connection, row)
    begun, over = (
        (row.valid_from is None or row.valid_from <= now),
        (row.valid_until is not None and row.valid_until <= now),
    )
    return OfferLine(
        **frozen(row, currency),
        given=used.given,
        free=used.free,
        redeemed=used.redeemed,
        discount=money(used.discount),
        budget=money(row.budget),
        committed=money(offers.committed(connection, row.id)),
        holds=begun and not over and row.withdrawn_at is None,
    )
