# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Customers and products named by their bare number: "what did 17850 spend", "units of 85123A", "orders from T156".

Nothing says of a number whose it is but where it stands: who buys is a customer, what is sold is a product. A number of
neither is refused by the figures, which know every one there is.
"""

from __future__ import annotations

import re
from typing import Final

from language.words import Draft

__all__ = ["take_customer_code", "take_product_codes", "take_two_customers"]

_YEAR: Final = r"(?!(?:19|20|21)\d\d\b)"
_CODE: Final = rf"{_YEAR}(?:[a-z]{{1,4}}-?\d{{2,}}|[a-z]+-\d{{3,}}|\d{{4,}}(?![.,]\d|%| ?(?:%|days?|orders|times|units|pieces|euros?|or more|lines?|customers|people|buyers)\b))\b"
_ARTICLE: Final = rf"{_YEAR}(?:\d{{4,}}[a-z]{{0,2}}|[a-z]{{1,4}}-?\d{{2,}}[a-z]?)\b(?![.,]\d|%| ?(?:%|days?|orders?|times|euros?|or more|lines?)\b)"
_NO_GOODS: Final = (  # "with code SPRING15": of a discount, and no article's
    r"(?<!with code )(?<!with the code )(?<!using code )(?<!used code )(?<!discount code )(?<!promo code )(?<!voucher code )"
    r"(?<!coupon code )(?<!via code )(?<!coupon )(?<!voucher )"
)
_NO_CODE: Final = r"(?!(?:q|h|cw|kw|wk|fy|top|b2b|clv|set|rule|value)\d)"
_ACTS: Final = (
    r"(?:ever |already |actually |together )?(?:spen[dt]|buy|bought|orders?|ordered|purchased?|paid|pay|give|gave|bring|brought|"
    r"had|return|returned|place|placed|generated?|ma[dk]e|cost|been|shop|shopped|get|got|leave|sen[dt]"
    r"|(?:still |already |now )?(?:an? |our )?(?:active |loyal |good |regular )?(?:customer|client|buyer|champion)|still (?:active|with us|alive|here|there|buying))"
)
_ASKED: Final = (  # of whom a bare number begins a question
    r"(?:total|which|what|how|who|where|when|is(?! (?:what|which)\b)|does|did|has|orders?|invoices?|spend|revenue|turnover|sales|country|city|email"
    r"|churn|risk|value|clv|segment|history|profile|last|first|next|favourite|consent"
    r"|(?:day|week|month|quarter|year) (?:by|over) |by (?:day|week|month|quarter|year)\b|(?:dai|week|month|quarter|year)ly\b)"
)
_FROM: Final = (
    r"(?:(?<=order )|(?<=orders )|(?<=revenue )|(?<=sales )|(?<=spend )|(?<=turnover )|(?<=purchases )|(?<=invoices )"
    r"|(?<=money )|(?<=refunds )|(?<=income )|(?<=returns )|(?<=units )|(?<=pieces )|(?<=bought )|(?<=much )|(?<=placed )"
    r"|(?<=takings )|(?<=business )|(?<=made )|(?<=received )|(?<=get )|(?<=got )|(?<=came )|(?<=come ))(?:in )?(?:from|by|with)"
)
_SOLD: Final = (
    r"(?:(?<=units )|(?<=pieces )|(?<=sales )|(?<=turnover )|(?<=revenue )|(?<=many )|(?<=much )|(?<=sold )|(?<=sell )"
    r"|(?<=selling )|(?<=takings )|(?<=quantity )|(?<=orders )|(?<=number )|(?<=returns )|(?<=refunds ))(?:of |with |for )?"
    r"|\b(?:product|article|item|sku|stock ?code|product code|item number|article number|code)s? (?:number |no\.? ?|nr\.? )?#?"
)

# what is asked of the days to come is asked of a customer: "odds that T134 leaves us", "what is 12748 worth"
_FORESEEN: Final = (
    r"\b(?:worth|clv|ltv|lifetime|leav\w+|churn\w*|gone|los(?:e|ing)|risk|odds|chance|probab\w*|likel\w+|expected|predict\w*|"
    r"next (?:order|purchase|buy)|(?:buy|order|purchase|back|return) (?:again|next|soon)|will|going to|recommend\w*|suggest\w*)\b"
)
_NO_AMOUNT: Final = (
    r"(?<!over )(?<!than )(?<!least )(?<!above )(?<!below )(?<!under )(?<!worth )(?<!spent )(?<!spend )(?<!top )(?<!product )"
    r"(?<!article )(?<!sku )(?<!code )(?<!item )(?<!order )(?<!invoice )(?<!proposal )(?<!extra )(?<!to )(?<!by )(?<![\w.-])"
)


def take_customer_code(draft: Draft) -> str | None:
    """The number of the customer who acts, as it stands in the clause; leaves <customer>."""
    acting = rf"\b(?P<aux>did|has|does|will|had|have|is|was) {_NO_CODE}(?P<code>{_CODE})(?= {_ACTS}\b)"
    from_ = rf"{_FROM} {_NO_CODE}(?P<code>{_CODE})"
    subject = rf"^{_NO_CODE}(?P<code>{_CODE})(?= {_ACTS}\b| ?[,:](?: .*)? {_ASKED}\b| {_ASKED}\b)"
    for pattern in (acting, from_, subject):
        if match := draft.take(pattern, lambda m: f"{m.groupdict().get('aux') or 'from'} <customer>"):
            return match["code"]
    lettered = rf"(?<!product )(?<!article )(?<!sku )(?<!code )(?<!item )(?<!order )(?<!invoice )(?<![\w.-]){_NO_CODE}(?P<code>[a-z]{{1,2}}-?\d{{3,}})\b"
    foreseen = rf"(?:{lettered})|(?:{_NO_AMOUNT}(?P<number>(?=[a-z]|\d{{5}}){_CODE}))"
    if not draft.has(_FORESEEN):
        foreseen = (
            lettered if draft.has(r"\b(?:next|show|offer|pitch|sell|would|might|love|likes?|prefer)\b") else r"(?!)"
        )
    match = draft.take(foreseen, "<customer>")
    if match:
        return next(code for code in match.groupdict().values() if code)
    return None


def take_two_customers(draft: Draft) -> list[str]:
    """The numbers of two customers who are set against each other: "T119 versus T242"; leaves <value>.

    A bare number may be an article: with the word "customers" it is none.
    """
    lettered = rf"{_NO_CODE}[a-z]{{1,2}}-?\d{{3,}}\b"
    number = rf"(?:{lettered}|{_YEAR}\d{{4,}}\b)"
    no_goods = r"(?<!product )(?<!article )(?<!sku )(?<!code )(?<!item )(?<!order )(?<!invoice )(?<!sold )(?<![\w.-])"
    against = r"(?P<set> (?:versus|against|compared (?:to|with)|or))"
    for one, lead in ((number, r"\bcustomers? "), (lettered, no_goods)):
        both = rf"(?<=compare ){lead}(?P<one>{one}) (?:and|with|to) (?:customer )?(?P<two>{one})"
        sides = rf"{lead}(?P<one>{one}){against} (?:customer )?(?P<two>{one})"
        if match := draft.take(both, "<value>") or draft.take(sides, lambda m: f"<value>{m['set']}"):
            return [match["one"], match["two"]]
    return []


def take_product_codes(draft: Draft) -> list[str]:
    """The numbers of what is sold, joined by commas, "and" or "plus"; leaves <value>."""
    more = rf"(?:(?:, ?and |, ?| and | or | plus ){_NO_CODE}{_ARTICLE})*"
    match = draft.take(rf"(?:{_SOLD}){_NO_GOODS}(?P<codes>{_NO_CODE}{_ARTICLE}{more})", "<value>")
    match = match or draft.take(rf"\b(?P<codes>{_NO_CODE}\d{{4,}}[a-z]{{1,2}}{more})\b", "<value>")
    return re.findall(rf"{_NO_CODE}{_ARTICLE}", match["codes"]) if match else []
