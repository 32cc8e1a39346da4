"""How people ask for offers."""

from __future__ import annotations

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["OFFERS"]


def offers(slots: Slots, _scene: Scene) -> Answerable:
    """The offers there are; those that were withdrawn only where they are asked for."""
    return [Call("list_offers", {"withdrawn": True} if slots.has(r"\b(?:withdrawn|old|former|ended)\b") else {})]


OFFERS = Request(
    "offers",
    """
        what offers do we have | list the offers | show me our offers | which offers are there | offers please |
        which offers can campaigns give | offers and their codes | show all offers | our current offers |
        which offers hold at the moment | which offers are still valid | what can we offer in a campaign |
        list of offers with their budget | how many codes of the offers are left | offer list | offers overview |
        how much of the offer budget is committed | which of our offers were used most | are there any offers |
        do we have an offer for new customers on file | what offers are set up | withdrawn offers | old offers too |
        which offers have been withdrawn | wat offers do we hav | could you please list our offers with their codes |
        I need the list of offers for a campaign | offers that we can send |
        how many voucher codes are left |
        which vouchers do we have | list our discount codes | are there voucher codes left |
        voucher codes left per offer
    """,
    offers,
    near_misses="""
        best offer from our supplier | job offers | make me an offer | accept the offer |
        offer of a bank loan | which offer would work on them | special offers at the supermarket | office hours |
        offer them free delivery by email
    """,
)
