"""The shop's own voucher codes, put in for an offer."""

from __future__ import annotations

import re

from pydantic import Field

from core.errors import FixArguments
from core.identity import PROPOSE
from database.queries import offers, voucher_codes
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.offers.offer import offer_named
from tools.results import Arguments, Evidence, ToolResult

__all__ = ["MOST_CODES", "add_offer_codes"]

MOST_CODES = 100_000
_CODE = re.compile(r"[^\s,;\"'<>{}]{3,64}")


class AddOfferCodesArguments(Arguments):
    """Whose codes, and which."""

    offer: str = Field(min_length=1, max_length=120, description="Offer with unique codes, by id or name.")
    codes: list[str] = Field(min_length=1, max_length=MOST_CODES, description="The shop's own codes, each for one use.")


class AddedOfferCodes(ToolResult):
    """What became of the codes."""

    offer: str = figure("Offer", "Its name.")
    added: int = figure("Added", "Codes that are new.", unit="codes")
    known: int = figure(
        "Known", "Codes that were there already, of this offer or another, or came twice.", unit="codes"
    )
    free: int = figure("Free", "Codes of the offer that nobody has.", unit="codes")


@tool(
    effect=Effect.PROPOSE,
    scope=PROPOSE,
    about="Put voucher codes in",
    agents=("content",),
    basis="record",
    examples=({"offer": "Codes of our till", "codes": ["SPRING-1A2B", "SPRING-3C4D"]},),
    views=(),
    next=("What offers do we have?",),
)
def add_offer_codes(context: Context, arguments: AddOfferCodesArguments) -> AddedOfferCodes:
    """Put the shop's own voucher codes in for an offer, to be given to one customer each; known ones are left alone."""
    told = [code.strip() for code in arguments.codes if code.strip()]
    if bad := [code for code in told if not _CODE.fullmatch(code)]:
        raise FixArguments(
            f"{len(bad):,} of these are no codes, such as “{bad[0][:40]}”: they are 3 to 64 characters without blanks, "
            "commas and quotes.",
            field="codes",
        )
    with context.transaction() as connection:
        row = offer_named(connection, arguments.offer)
        if row.codes != "unique" or row.prefix is not None:
            why = "are generated as they are given" if row.prefix else "are none, or one for all"
            raise FixArguments(f"Codes of “{row.name}” {why}: none are put in.", field="offer")
        offers.lock(connection, row.id)
        added = voucher_codes.add(connection, row.id, told, "imported")
        free = voucher_codes.free(connection, row.id)
    return AddedOfferCodes(
        offer=row.name,
        added=len(added),
        known=len(told) - len(added),
        free=free,
        evidence=Evidence(rows=len(told), as_of=context.now, sources=["offer_codes"]),
    )
