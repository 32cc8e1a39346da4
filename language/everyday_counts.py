# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Everyday turns for how something is counted: in one order, at the median, by heads or by documents, of a whole."""

from __future__ import annotations

import re
from typing import Final

from language.trade_questions import Turn

__all__ = ["EVERYDAY_COUNTS"]

_ORDER: Final = r"(?:order|invoice|basket|purchase|transaction|cart)"
_ONE: Final = rf"(?:an?|1|each|every|the|any)(?: (?:single|average|typical|normal|usual))* {_ORDER}s?"
_LIES: Final = r"(?:do|does|did|will|would|go|goes|went|are|is|were|was|lies?|lay|sits?|lands?|ends? up|fits?|comes?|belongs?|there|we have|have we|you find|in general|on average|normally|usually|typically)"
_PEOPLE: Final = r"(?:customers|clients|buyers|people|shoppers|accounts)"
_TOOK: Final = r"(?:took|taken|bought|ordered|purchased|had|got|chose|picked|buy|order|take)"
_COUNTED: Final = r"credit notes|refunds|returns|cancellations|cancelled orders|orders|invoices|discounted orders|visits|new customers"
_PAPERS: Final = r"(?:documents|papers|pieces of paper|slips|notes|cases|incidents|them|these|those)"
_MONEY: Final = r"(?:money|amounts?|value|values|sums?|euros?|pounds|dollars|worth|totals?)"
_SPOILT: Final = r"(?:spoil|skew|distort|pulled|dragged|inflated|biased|blown|misle|ruin|useless|wreck|pushed)\w*"
_GUESTS: Final = r"(?:guests?|anonymous (?:customers?|buyers?|people)|unknown (?:customers?|buyers?|people)|people without an? (?:customer number|account))"
_KNOWN: Final = r"(?:registered|known|identified|logged[- ]in)(?: (?:customers?|buyers?|ones?|people|users?))?|customers? with an? (?:customer )?(?:number|id|account)|(?:ones?|1|that|those) (?:with|having) an? (?:customer )?(?:number|id|account)"
_LARGER: Final = r"(?:bigger|larger|higher|smaller|lower|worth more|worth less)(?: (?:or|and) (?:bigger|larger|higher|smaller|lower|worth less|worth more))?"

_MAILING: Final = (
    r"(?:the |our )?(?:[a-z][\w-]+ ){0,3}?(?:mailing|e?mail|text|sms|campaign)s?(?: (?:number |no\.? ?|# ?)?\d{1,3})?"
)


def _in_one_order(match: re.Match[str]) -> str:
    """ "How many different articles lie in a basket": products, pieces or lines of one order."""
    thing = match["thing"]
    goods = thing.startswith(("product", "article", "sku")) or (thing.startswith("item") and match["kinds"])
    return "different products per order" if goods else "lines per order" if thing == "lines" else "units per order"


def _counted(match: re.Match[str]) -> str:
    """ "Credit notes per month, counts": how many, and not what they are worth."""
    return f"number of {match['what']}{match['rest']}"


EVERYDAY_COUNTS: Final[tuple[Turn, ...]] = (
    # in one order
    (
        rf"\bhow many (?P<kinds>(?:different |distinct |unique )?)(?P<thing>products|articles|skus|items|units|pieces|lines) (?:{_LIES} )*(?:in|into|inside|within|to|per) (?:{_ONE}|{_ORDER})\b",
        _in_one_order,
    ),
    # at the median
    (
        r"\bwhat (?:does|do|did) an? (?P<who>\w+) (?:(?:typically|usually|normally|on average) )*(?:spend|leave|pay) (?:per|on|for|in|at) (?:an?|1|each|a single) (?:order|purchase|invoice|basket)\b",
        r"average order value of \g<who>",
    ),
    (
        rf"\bmedian\b(?P<rest>.*?)[,;]? (?:(?:and|because|as|since|for) )?(?:the )?(?:mean|average) (?:is|gets|was|would be)(?: \w+){{0,2}} {_SPOILT}(?: up| down| out)?(?: (?:by|from|through|because of) .*)?$",
        r"median\g<rest>",
    ),
    (
        rf"\b(?:average|typical|usual|normal|mean) (?P<order>{_ORDER})(?: values?| size)?\b(?P<rest>[^?]*?),? ?\(?(?:i mean |as |at |in )?(?:the |a )?median\b\)?(?:[, ]+(?:and )?not (?:the )?(?:mean|average))?,?",
        r"median order value\g<rest>",
    ),
    # of one kind beside the other
    (
        rf"\b(?:do|does|did|is|are|was|were) (?:an? |the |our )?(?:{_GUESTS})(?: orders?)? (?:spend |pay |orders? )?(?:{_LARGER}|more|less)(?: or (?:more|less))?(?: per (?:order|basket))? than (?:an? |the |our )?(?:{_KNOWN})\b(?: orders?)?",
        "average order value of guests versus known customers",
    ),
    (
        rf"\b(?:do|does|did) (?:the |our )?(?:{_GUESTS}|{_KNOWN}) (?:or|and|versus) (?:the |our )?(?:{_GUESTS}|{_KNOWN}) (?:spend|pay|leave) (?:more|less) (?:per|an|each) (?:order|basket|purchase)\b",
        "average order value of guests versus known customers",
    ),
    (
        r"(\bguests versus known customers\b.*?)[,?;:]* (?:the )?(?:mean|average) (?:of|for) (?:each|both|the 2)\b",
        r"\1",
    ),
    # by heads
    (
        rf"\b(?:by|in terms of) (?:the )?(?!(?:number|count) of {_PEOPLE}(?! (?:who|that|which|{_TOOK}|have|had)\b))(?:how many|number of|count of) (?:different |distinct |unique |separate )*{_PEOPLE}(?: (?:who|that|which))?(?: (?:have |had )?{_TOOK})?(?: (?:them|it|each|each of them|1|these))?(?=[,.?!; ]*$| (?:in|during|for|last|this|since)\b|,)",
        "by number of buyers",
    ),
    # by documents, and not by what they are worth
    (
        rf"\b(?:number of|how many) (?P<what>{_COUNTED})\b(?P<rest>[^?]*?)[,.;:]* (?:(?:just|only|i mean|so) )*(?:the )?(?:how many|number of|count of|numbers? of) {_PAPERS}(?:,? (?:and )?not (?:in )?(?:the )?{_MONEY})?(?=[?.! ]*$)",
        _counted,
    ),
    (
        rf"\b(?:the )?(?:number of |how many )?(?P<what>{_COUNTED})\b(?P<rest>[^?]*?),? (?:(?:just|only) )*(?<!not )(?:the )?(?:counts?|counted|as (?:a )?count|in numbers|the number)(?:,? (?:and )?not (?:in |by )?(?:the )?{_MONEY})?(?=[?.! ]*$)",
        _counted,
    ),
    (
        rf"\b(?:the )?(?:number of |how many )(?P<what>{_COUNTED})\b(?P<rest>[^?]*?),? (?:and )?not (?:in |by )?(?:the )?{_MONEY}(?=[?.! ]*$)",
        _counted,
    ),
    (
        r"\b(?:is|are|was|were|gets?|got|has been|have been) (?:the )?(?:most (?:often )?)?credited(?: back)?(?: (?:the )?most(?: often)?)?\b",
        "has the most credit notes",
    ),
    # put in order, left out, listed
    (r"\b(\d) week ?days (?=with the (?:most|fewest|highest|lowest|least)\b)", r"\1 days of the week "),
    (
        r"(?:,|;| -)(?: (?:and|but|please))? (?:the )?(?P<what>[a-z]+(?:(?: and | or )[a-z]+){0,2})(?: (?:lines|items|rows|articles|charges))? (?:do|does|should) not (?:belong|count|go|be|appear)(?: (?:in|into|to|there|here|that|it|them|the list|the ranking|included|counted))+(?=[,.?! ]*$)",
        r" without \g<what>",
    ),
    (
        r"^((?:please |and |now |ok )*)(?:(?:give|show|tell|send|get)(?: me| us)?|list|name|what are|i need|we need)(?: all)? (?:the |our |all )*(?:customer|client|account) (?:numbers|ids|nos) (?:of|for|from) (?=\w)",
        r"\1list ",
    ),
    (r"(?:^|(?<=please )|(?<=you )|(?<=now )|(?<=, ))order (?=(?:the |our |all |my )+(?:\w+ )?\w+s by\b)", "rank "),
    # of a hundred, of what somebody paid
    (r"\bhow many (?:out )?of (?:every |each |a )?100 (?:of )?(?:(?:our|the|all|my) )*", "what % of "),
    (
        r"\b(?:as|in|is) (?:an? |the )?(?:part|share|proportion|fraction|%) of (?:all |everything |the money |the sum )?(?:that |which )?what (?P<who>[\w ]{2,30}?) (?:has |have |had )?(?:paid|pays|pay|spent|brought|gave)(?: us| to us| with us| from us| in)?\b",
        r"as % of revenue of \g<who>",
    ),
    # what several things are, said with them
    (
        r"\b(?:packs|packets|bags|boxes|tins|cans|pieces|units) of [\w -]{3,30}? ?\((?:that is|this is|meaning|namely),? (?P<all>[a-z][\w, -]*? and [\w -]+?)(?: (?:together|combined))?\)",
        r"units of \g<all> together",
    ),
    # off the list price
    (
        r"\b(?:the )?(?:average |mean )?(?:discounts? depth|depth of (?:the |our )?discounts?)\b|\b(?:the |our )?(?:average |mean )?discounts?,? (?:in|as) (?:an? )?% (?:off|of) (?:the |our )?(?:list|full|regular|original)(?: prices?)?\b|\bhow many % off (?:the |our )?(?:list|full|regular)(?: prices?)?(?: (?:do|did|does) (?:we|people|customers) (?:give|get|pay))?",
        "discount rate",
    ),
    # in the cart
    (
        r"\b(?:how many times|how often) (?:(?:was|were|is|has|have|did|do) )?(?:something|anything|things?|products?|items?|goods|an? (?:item|product|article)|stuff|people|someone|somebody|customers)(?: been| get| got)? (?:put|added|placed|laid|thrown|dropped|landed|land|go|went)(?: (?:something|things?|items?|products?))? (?:in|into|to) (?:the |an? |their )?(?:shopping )?(?:carts?|baskets?|bags?)\b",
        "number of carts",
    ),
    (
        r"\bmost (?:things|items|products|goods|stuff) (?:get |are |go |put |were )*(?:put|added|placed|laid|land|landed|dropped|go|end up)? ?(?:in|into|to) (?:the |an? |their )?(?:shopping )?(?:carts?|baskets?)\b",
        "most carts",
    ),
    (
        r"\b(?:do |did |does )?(?:the |our )?(?:people|customers|visitors|they|users|folks) (?:visit|come to|look at) (?:our |the )?(?:website|site|web ?shop|page)(?: the)? most(?: often)?\b",
        "most visits",
    ),
    # on ads
    (r"\b(?:single )?(?:ad |advertising |ads )flights?\b", "campaign"),
    (
        r"\bcampaign (?:that )?(?:ate|eats|has eaten|swallowed|burned|burnt|cost|used up|took)(?: us)?(?: up)? (?:the )?most(?: (?:ad )?(?:money|budget|spend|cash))?(?! (?:time|effort))",
        "campaign had the highest ad spend",
    ),
    (r"\bcosts? by (conversion|acquisition|sale)\b", r"cost per \1"),
    (
        r"\b(?:average|mean) (?:number of )?stars\b([^?]*?)(?:,? (?:of |from |in |for )?(?:our |the |all )*(?:product )?reviews)?(?=[?.! ]*$)",
        r"average rating\1",
    ),
    (r"\btext messages?\b", "sms"),
    # what came of a mailing
    (r"\bnewest (?=(?:e?mail|mailing|campaign|text|sms)s?\b)", "latest "),
    (
        r",? (?:please )?(?:(?:give|tell|show) (?:me|us) )?(?:the )?both (?:the )?(?:rates|numbers|figures|values)(?=[?.! ]*$)",
        "",
    ),
    (
        rf"(?:\bpc|(?<!\d)(?<!\d )%|\bwhat (?:%|share|part)) of (?:the |our |all )*(?:recipients|receivers|addressees|readers) (?:who |that |have )*(?P<act>open|click)(?:s|ed)?(?: (?:in|on|through))*(?= (?:the|our|an?|{_MAILING}))",
        r"\g<act> rate of",
    ),
    (
        rf"^(?:and |so |to )*how many (?:people|customers|contacts|subscribers|recipients|addresses) (?:(?:got|received|were sent|did|was|were|have got|had got) )(?P<name>{_MAILING})\b(?: (?:go to|go out to|go|reach|sent to|sent))?",
        r"results of \g<name>",
    ),
    (
        r"\b(?:is|was|are|were) (?:booked|credited|attributed|recorded|reported) (?:on|to|for) it\b(?:,? (?:in|by) the campaign (?:figures|data|report|results))?",
        "did it make",
    ),
    (
        r"\bclick(?:-through)? rates? (?:of|for|on|in) (?:our |the |all |every )*(?:texts?|sms)(?: (?:messages|campaigns))?\b(?! \d)|\b(?:sms|text) click(?:-through)? rate\b(?! of)",
        "sms click rate",
    ),
)
"""Applied with the other turns, before anything is read."""
