"""Offers in words."""

from __future__ import annotations

from language.format import bullets, count, day, money
from tools.declaration import answers
from tools.offers.catalogue import (
    CreateOfferArguments,
    ListOffersArguments,
    OfferLine,
    OfferList,
    OfferResult,
    WithdrawOfferArguments,
    create_offer,
    list_offers,
    withdraw_offer,
)
from tools.offers.codes import AddedOfferCodes, AddOfferCodesArguments, add_offer_codes
from tools.outcome import Outcome

SHOWN = 8


@answers(list_offers)
def listed(outcome: Outcome[ListOffersArguments, OfferList]) -> str:
    """How many, and what each gives."""
    result = outcome.result
    if not result.total:
        return (
            "**There are no offers yet.** One says what a campaign gives: percent or money off, a free item, cashback "
            "or points, with one voucher code for all or one for each customer. It is made on the page Campaigns, by "
            "an assistant, or at the shell (`aima offer add`)."
        )
    lines = [_line(offer, outcome.currency) for offer in result.offers[:SHOWN]]
    which = "offer" if result.total == 1 else "offers"
    return f"**{count(result.total)} {which}.**\n\n{bullets(lines)}"


@answers(create_offer)
def made(outcome: Outcome[CreateOfferArguments, OfferResult]) -> str:
    """What is kept."""
    offer = outcome.result.offer
    todo = (
        " Put the shop's codes in before a campaign gives it." if offer.codes == "unique" and not offer.prefix else ""
    )
    return f"**The offer “{offer.name}” is kept: {offer.words}.**{todo} Nobody gets it before a campaign is approved."


@answers(withdraw_offer)
def withdrawn(outcome: Outcome[WithdrawOfferArguments, OfferResult]) -> str:
    """That it is gone."""
    return f"**The offer “{outcome.result.offer.name}” is withdrawn: no campaign can give it any more.**"


@answers(add_offer_codes)
def added(outcome: Outcome[AddOfferCodesArguments, AddedOfferCodes]) -> str:
    """How many are new, and how many are free."""
    result = outcome.result
    known = f" {count(result.known)} were there already." if result.known else ""
    return f"**{count(result.added)} codes were put in for “{result.offer}”; {count(result.free)} are free.**{known}"


def _line(offer: OfferLine, currency: str) -> str:
    said = [offer.words]
    if offer.codes == "unique":
        own = "made as they are given" if offer.prefix else f"{count(offer.free)} codes free"
        said.append(f"one code for each customer ({own}, {count(offer.given)} given)")
    elif offer.code:
        said.append(f"code {offer.code}")
    if offer.redeemed:
        said.append(f"redeemed in {count(offer.redeemed)} orders")
    if offer.budget is not None:
        said.append(f"{money(offer.committed, currency)} of {money(offer.budget, currency)} committed")
    if offer.valid_until:
        said.append(f"until {day(offer.valid_until)}")
    ended = "" if offer.holds else " (does not hold now)"
    return f"**{offer.name}**{ended}: {', '.join(said)}"
