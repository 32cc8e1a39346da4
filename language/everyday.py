# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Everyday turns that mean the same as plainer ones, whatever the figure: "month wise", "in the last 30d", "since launch"."""

from __future__ import annotations

from typing import Final

from language.trade_questions import Turn

__all__ = ["EVERYDAY"]

_ORDINALS: Final = ("first", "second", "third", "fourth")
_CUT: Final = r"country|category|product|item|sku|channel|customer|segment|city|campaign|day|date|week|month|quarter|year|region|state"
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_MAILS: Final = r"(?:e-?mails?|mails?|mailings?|messages|newsletters?)"
_DONE: Final = {"open": "email opens", "clic": "email clicks"}
_FEW: Final = r"customers|clients|buyers|shoppers|products|articles|countries|cities"
_OF_WHAT: Final = (
    r"(?:(?:which|what|how|much|many|big|share|part|%|of|that|this|the|same|year|years|year's|month|month's|quarter|our|total|whole|all"
    r"|revenue|turnover|sales|money|they|them|do|does|did|is|are|was|make|makes|made|bring|brings|brought|together|in|from|for|up"
    r"|account|accounts|to|it|and|as|a)\b[ ,.:;?!]*|%[ ,.:;?!]*)+"
)
_ORDER: Final = r"order|basket|invoice|purchase|transaction|sale|cart|receipt"
_PIECE: Final = r"piece|unit|item|article|product"
_WE: Final = r"(?:we|the shop|the store|our shop|the business|the company)"
_TIMED: Final = (
    r"this|last|today|yesterday|week|month|quarter|since|so far|ytd|until|to date|(?:19|20)\d\d|q[1-4]"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
)
_COMPARING: Final = (
    r"than|versus|against|compar\w*|grow\w*|grew|chang\w*|up|down|more|less|fewer|better|worse|higher|lower|same|differ\w*"
    r"|r[io]se\w*|fall\w*|fell"
)
EVERYDAY: Final[tuple[Turn, ...]] = (
    (r"\btime of the day\b", "time of day"),
    (r"\b(?:the )?most (?:often )?viewed (products|items|articles|pages)\b", r"\1 with the most product views"),
    (
        r",? ?\b(?:but |and )?(?:only (?:for |from |of )?)?new (?:customers|ones|buyers|clients|shoppers) only\b|, only (?:for |from |of )?new (?:customers|ones|buyers|clients|shoppers)\b",
        " of new customers",
    ),
    (
        r"\b(weekends?|week ?days|(?:mon|tues|wednes|thurs|fri|satur|sun)days?) (?:out|left out|excluded|aside|removed|not counted|off)\b(?! of)",
        r"excluding \1",
    ),
    (r"\baverage sale\b(?! price)", "average order value"),
    (rf"\b(?:on |in )?(?:a |an )?({_CUT})[- ]?wise\b", r"by \1"),
    (r"\b(?:on |in )?(?:a )?(?:money|revenue|sales|value|turnover)[- ]?wise\b", "in revenue"),
    (r"\b(?:on |in )?(?:an )?orders?[- ]?wise\b", "by number of orders"),
    (r"\b(?:on |in )?(?:a )?(?:units?|quantity)[- ]?wise\b", "by units"),
    (r"\bper (day|week|month|quarter|year) (?:by|per|for|after|to) \1\b", r"per \1"),
    (r"\b(first|second|1st|2nd) (?:semester|half[- ]year)\b", r"\1 half"),
    (r"\b([1-4])(?:st|nd|rd|th) (?=(?:quarter|qtr|half|month|week)\b)", lambda m: f"{_ORDINALS[int(m[1]) - 1]} "),
    (r"\bpro[cz]ents?\b|\bpercents\b|(?<=\d )pct\b", "%"),
    (r"\bpercent(?:age)?[- ]?wise\b|\bpercentagewise\b", "in %"),
    (r"\b(which|what) date\b", r"\1 day"),
    (r"\b(this (?:year|quarter|month|week)),? (?:up to|till?|until) now\b", r"\1 so far"),
    # how much it moved
    (
        r",? ?\b(?:by )?(?:how (?:many|much)|what) (?:% )?(?:(?:we|it|they) (?:are|is|were|was) )?(?:over or under|up or down|plus or minus|more or less|above or below)\b(?: in %)?",
        ", change in %",
    ),
    (
        r",? ?\b(?:over or under|up or down|plus or minus|more or less|above or below)\b,? (?:by )?how (?:many|much) %(?: (?:it is|is it|was it|it was))?",
        ", change in %",
    ),
    (r"\b(?:it has |has it |it )?moved (?:for|by) how (?:many|much) (?:%|percentage points?)", "change"),
    (
        r"\b(?:on|against|to|over|with|versus) (?:the )?same (days|weeks|months|stretch|period) (?:of|in) (?:the )?(last|previous) year\b",
        r"compared to the same \1 last year",
    ),
    (r"\b(?:lfl|like[- ]for[- ]like)\b(?=.*\bsame (?:days|weeks|months|stretch|period)\b)", ""),
    (
        r"\beaster (?:sunday|day)\b(?:,? ((?:19|20)\d\d))?(?: ?\(\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:march|april)\))?",
        r"easter \1",
    ),
    (r"\bcustomer acquisitions?\b", "new customers"),
    (
        r"\b(?:last|previous) (week|month|quarter|year) and (?:also )?(?:in )?(?:the )?(?:\1|1) before(?: (?:this|that|it))?\b",
        r"last \1 compared to the \1 before",
    ),
    (
        r"\bhow much (?:money|revenue|income|turnover|sales) (?:will|would|might|could|are we going to|is going to) (?:we )?(?:make|take|earn|get|have|come in|be coming in|see)(?: in)?\b",
        "what revenue do we expect",
    ),
    (rf"\b((?:{_TIMED})[\w ]*?) in front of (?=(?:{_TIMED})\b)", r"\1 compared to "),
    (
        r"\bhow (?:big|large|high),? (?:in %,? )?is the (?:part|share|portion|proportion|percentage|slice) of",
        "what share of",
    ),
    (r"\bwhich (?:1 |one )?is (?:in front|ahead|leading|in the lead)\b", "which is higher"),
    (r"(?<=[a-z]) n'? (?=[a-z]{3})", " and "),
    # one figure over another
    (r"\b((?:\w+ )?\w+) to ((?:\w+ )?\w+) ratio\b", r"\1 as share of \2"),
    (r"\bratio of ((?:\w+ )?\w+) to ((?:\w+ )?\w+)\b(?! (?:customers|buyers))", r"\1 as share of \2"),
    (r"\b(?:refunds?|returns?|refunded orders) (?:in|as) (?:%|a % ) ?of (?:all )?(?:the )?orders\b", "refund rate"),
    (
        r"\b(refund|return|discount|ad|spend)(?:s|ed)?(?: value| amount| sum)? (?:in|as) (?:%|a % ) ?of (?=gross|net|revenue|turnover|sales)",
        r"\1s as share of ",
    ),
    (r"\bads? costs?\b|\bcosts? of (?:the |our )?ads\b", "ad spend"),
    (
        r"\bif (?:i|we|you) (?:take|look at|pick) 100 (orders|customers|invoices|buyers|visits)\b(.*?),? how many (?:of (?:them|those|these) )?(?:are|come|came|were)(?= )",
        r"what % of \1\2 come",
    ),
    (
        r"\bactive (?=(?:buyers|customers|clients|shoppers|accounts)\b.*\b(?:by|per|each) (?:day|week|month|quarter|year)\b)|(?<=growth of )active |(?<=growth in )active |(?<=change of )active ",
        "",
    ),
    (r"(?<!ly )\bactive (?=(?:buyers|customers|clients|shoppers) (?:in|during|last|this|q[1-4]|(?:19|20)\d\d)\b)", ""),
    # a list of figures
    (r"\b(?:average|avg|mean) (?:order|basket|invoice)(?= ?(?:,|and\b|$))", "average order value"),
    (r"\brefunded (?:sum|amount|total|value)\b", "refunds"),
    (r"\b(?:in|on) (?:1|a|a single) (?:line|go|row|slide)(?= ?[:,])", ""),
    # the median
    (r"\bmedian of (?:the )?(?=order|basket|invoice)", "median "),
    (r"\b(median\b.*?),? (?:and )?\(?not (?:the )?(?:mean|average)\)?(?=[?.!, ]*$)", r"\1"),
    (r"\b(median\b.*?),? (?:the )?1 in (?:the )?middle\b", r"\1"),
    # discounts
    (
        r"\b(?:orders |ones )?(?:where|on which|with which|for which) we (?:knocked|took|gave|cut) (?:some |a bit of |a little )?(?:money |something |a discount |discount )?(?:off|away)?",
        "discounted orders ",
    ),
    (
        r"^(?:we have|there are) (?:all )?(?:these|those|the|our|a lot of|many) (\w+),? which (?:single )?(?:one|1)\b",
        r"which \1",
    ),
    (r"\bonly what (?:came|comes|has come|we got)(?: in)? (?=from|via|through|in)\b", "only "),
    # what the few bring
    (
        rf"^(?:the |our )?(?:(?:top|biggest|best|largest) (\d+)|(\d+) (?:biggest|best|largest|top)) ({_FEW})((?: (?:of|in|from|during) (?:(?:19|20)\d\d|(?:this|last) (?:year|quarter|month)))?)"
        rf"(?: so far| together| combined| taken together)*[,:;-]? ?(?=.*(?:\bshare\b|%|\bpart\b))(?=.*\b(?:revenue|turnover|sales|money)\b)(?:(?<=so far)|(?<=so far[,:;-])|(?<=so far[,:;-] )|(?!.*\bthis (?:year|quarter|month))){_OF_WHAT}$",
        lambda m: f"what share of revenue comes from the top {m[1] or m[2]} {m[3]}{m[4] or ''}",
    ),
    (
        r"(?:,| -| across| over| for| from| of) all (?:the |our )?(?:channels|countries|categories|platforms|markets|regions)(?: (?:together|combined|in (?:1|one) sum|taken together))?(?=[?.!, ]*$)",
        "",
    ),
    (r"^((?!.*\b(?:(?:leav|putt?|sett?)(?:e|ing)?|jok\w*|kidding)\b)[\w' -]{3,30}?) aside, (?=\w)", r"excluding \1, "),
    (
        r"\bhow much (?:money|revenue) (?:has|have) (?:the |our )?([\w' -]{3,25}?) (?:made|brought|earned)(?: us)?\b",
        r"how much revenue came from \1",
    ),
    (r"\bcalendar (?=(?:year|month|quarter|week)\b)", ""),
    (r"\bback in (?=(?:(?:19|20)\d\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))", "in "),
    (r"\bbrand new (?=customers|buyers|clients|shoppers)", "new "),
    (
        r"^after (?:the )?([\w' ]+?)(?: and (?:the )?([\w' ]+?))?,? which (country|city|channel|category|product|market) (?:comes|is|was|came) (?:next|then)\b",
        lambda m: f"top 1 {m[3]} excluding {m[1]}{f' and {m[2]}' if m[2] else ''}",
    ),
    (
        r"\b(?:what|which) (turnover|revenue|sales|income) (?:should|can|may|do|could) (?:i|we) (?:put|write|plan|enter|assume|expect)(?: (?:in(?:to)?|down))?(?: (?:(?:the|my|our) )?(?:plan|budget|forecast))?(?: (?:for|with))?\b",
        r"what \1 do we expect",
    ),
    (r"\bwho'll\b", "who will"),
    (
        r"^(?:and |so )*what do (?:the )?((?!customers|people|buyers|clients|shoppers|folks|we|they|you)[a-z]+) buy (?:the )?(?:most|best)(?: of)?[?,.! ]*(?:(top \d+)(?: (?:by|in) (\w+))?)?",
        lambda m: f"{m[2] or 'top'} products bought by {m[1]}{f' by {m[3]}' if m[3] else ''}",
    ),
    (r"\bsold the (fewest|least|most) of\b", r"sold the \1 units of"),
    (
        r"\bin (?:what|which) (\d+ )?(towns|cities|countries) do (?:the )?most(?: of)? (?:my|our|the) (customers|buyers|clients|people) (?:live|come from|sit)\b",
        r"top \1\2 by number of \3",
    ),
    (
        r"\bwhat (?:ends|goes|lands|is)(?: up)? in the same (?:order|basket|cart)s? (?:as|with) (.+?)(?: (?:the )?most often)?(?=[?.! ]*$)",
        r"what is bought together with \1",
    ),
    (
        r"\bhow many of (?:the|our) (?:buyers|customers|clients) (?:were|are) (?:there|here|with us)?,? ?for the (?:very )?first time and how many (?:had|have) (?:already )?(?:bought|ordered)(?: something)? before\b",
        "new and returning customers",
    ),
    (r"\bfor (?:my|our|the) ([a-z]+) (?:slides?|deck|presentation|report|pitch)\b", r"for \1"),
    # of what was asked before
    (
        r"^(?:and |so )*(?:the )?same (?:\d+ )?(?:days?|weeks?|months?|quarters?|period) (?:of )?(?:the |a )?year (?:before|earlier)\b",
        "and a year before",
    ),
    (r"\bhow (?:many|much) (?:euros?|dollars?|pounds?|money) (?:is the |of )?difference\b", "what is the difference"),
    (
        r"^(?:and |so )*(?:(?:for|in|what about|how about) )?the (day|week|month|quarter|year) after(?: that)?[?.! ]*$",
        r"and next \1",
    ),
    (r"^(?:and )?how much of (?:it|that|this) (?:came|comes|was|is|did we make) (?=from|in|via|through)", "and only "),
    (
        r"^(?:and |so |but )*(?:is|was|were) (?:that|this|it|those) (?:more|less|better|worse|higher|lower|up|down)(?: than| on| compared to| from) (?=last|the|a|in)",
        "and compared to ",
    ),
    (r"^(?:(?:oh|no|sorry|oops),? )+(?:but )?(?:i|we) (?:wanted|needed|was after) (?=[a-z0-9 ]+$)", "no, i meant "),
    (
        rf"\b({_MONTH}) plus ({_MONTH})\b(?! \d)",
        lambda m: f"from {m[1]} to {m[2]}" if (_MONTHS.index(m[2][:3]) - _MONTHS.index(m[1][:3])) % 12 == 1 else m[0],
    ),
    (
        r"^(?:oh |no )?,?(?:sorry,? )?(?:the )?(money|revenue|orders|units|pieces|customers) i (?:have )?meant\b[?.! ]*$",
        lambda m: f"no, i meant {'revenue' if m[1] == 'money' else m[1]}",
    ),
    # places and messages
    (
        rf"\bof (?:all )?(?:the |our )?{_MAILS}(?: (?:that |which )?(?:we|were|have been)(?: have| had)? ?sent(?: out)?)?( .*?)?,? how many (?:of (?:them|those|these) )?(?:have |had |were |got |did )?(bounced?|opened|open|clicked|click|(?:came |come )?(?:back )?(?:to us )?undelivered|came back)\b",
        lambda m: f"how many {_DONE.get(m[2][:4], 'email bounces')}{m[1] or ''}",
    ),
    (rf"\bmost recent (?=(?:(?:sms|text|e?mail) )?(?:campaign|{_MAILS})\b)", "last "),
    (
        r"\bwhere do (?:the )?most(?: of)? (?:my|our|the) (customers|buyers|clients|people) (?:live|come from|sit)\b[?,.!]* (?:just |only |give me )?(?:the )?(top \d+ )?(towns|cities|countries)\b",
        r"\2\3 by number of \1",
    ),
    (
        r"\b(?:was|were|got|has been|have been) (clicked|opened) (?:the )?(most|least)(?: often)?\b",
        lambda m: f"has the {m[2]} email {m[1].removesuffix('ed')}s",
    ),
    (r" ?\((?:in )?absolute \w+,? (?:and )?not (?:the )?rates?\)", ""),
    (
        r"^money in (?=last|this|today|yesterday|in|q[1-4]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|(?:19|20)\d\d)",
        "revenue ",
    ),
    (r"^(?:just |please )?(?:take a |your (?:best )?|a )?guess(?:ing)?[,:]? (?=how|what)", ""),
    (
        rf"\b(?:in|of|over) the (?:whole |entire |full )?(?:history|life) of (?:the|our|this) (?:shop|store|company|business)\b"
        rf"|\b(?:ever )?since (?:the |our )?(?:launch|start of (?:the|our) (?:shop|store|business)|day 1|{_WE} (?:started|opened|launched|began)|inception)\b(?=[?.!, ]*$|,)",
        "overall",
    ),
    (r"\bsingle (?=(?:biggest|largest|best|worst|highest|lowest|smallest|most|busiest)\b)", ""),
    (
        rf"\b(biggest|largest|best|worst|highest|lowest|smallest|busiest) single (?={_ORDER}|day|week|month|quarter|year)",
        r"\1 ",
    ),
    (rf"\b(?:cheapest|tiniest|littlest) (?=(?:{_ORDER})s?\b)", "smallest "),
    (rf"\b(?:priciest|dearest|most expensive|fattest|heaviest) (?=(?:{_ORDER})s?\b)", "largest "),
    (
        r"\b(?:explain|describe|clarify)(?: to me| me)? what (.{2,40}?) (?:stands? for|means?|is)\b",
        r"what does \1 mean",
    ),
    (r"\b(?:e?mails?|mailings) per (customer|person|head|recipient|client|buyer)\b", "emails sent per customer"),
    (
        rf"\b(?:average |mean |typical |usual |normal )?price (?:of|for|per) (?:1|an?|each|a single) (?:(?!(?:{_PIECE})\b)(\w+) )?(?:{_PIECE})\b(?! (?:called|named))",
        r"average price \1",
    ),
    (
        r"\b(dai|week|month|quarter|year)ly active (?:customers|buyers|users|shoppers|clients)\b",
        r"\1ly number of customers",
    ),
    (
        r"\b(cost|price|spend|spending|clicks|orders|sales|units|revenue|emails|visits) an? (click|order|customer|visit|day|week|month|year|head|person)\b(?! (?:ago|before|earlier|later|after))",
        r"\1 per \2",
    ),
    (r"\b(?:spend|spending) per (?:head|person)\b", "revenue per customer"),
    (r"\b(?:ad|ads|advertising|media|marketing) (?:euros|dollars|pounds|money|bucks)\b", "ad spend"),
    (r"\bconv(?:ersion)?s? rates?\b", "conversion rate"),
    (r"\b(?:checkouts started|started checkouts|begun checkouts)\b", "checkouts"),
    (r"\b(?:one|1)[- ]and[- ]done (?:customers|buyers|clients|shoppers|people|ones)\b", "onetime customers"),
    (r"\bre-?(?:buy|order|purchase) rate\b", "repeat rate"),
    (r"\b(?:the )?(gap|wait|time|days|pause) between (?=(?:2 )?(?:orders|purchases)\b)", "time between "),
    (
        r"\b(bought|ordered|purchased) from (?:the )?([\w-]+) and (?:also |then )?(?:bought |ordered )?from (?:the )?([\w-]+)\b(?= ?(?:[,.?!]|$))",
        r"\1 \2 and \1 \3",
    ),
    (r"\b(?:a )?(?:minimum|min)\.? (?:of )?(?=\d+ (?:orders?|purchases|pieces|units)\b)", "at least "),
    (r"\busers (?=(?:who|that|with|whose)\b)", "customers "),
    (r"\b(have|has|had) already (?=[a-z]+)", r"\1 "),
    (
        r",? (?:but|and|yet) ((?:this|last|in|since|during) [^,?.!]{2,20}?),? nothing(?: (?:yet|so far|at all|since))?(?= ?(?:[,?.!]|$))",
        r" but did not buy \1",
    ),
    (r"\b(?:how much )?money (?:(?:has|have) )?c[ao]me in\b", "how much revenue did we make"),
    (r"\bout(spend|sell)s?\b|\bout(spent)\b", lambda m: f"{m[1] or m[2]} more than"),
    (
        r"\b(?:group|kind|sort|type|class)s? of (?=(?:customers|clients|buyers|shoppers)\b(?:.*\b(?:most|best|least|biggest|highest)\b))",
        "segment of ",
    ),
    (r"\bsegment of (?:customers|clients|buyers|shoppers)\b", "segment"),
    (
        rf"^(?!.*\b(?:{_TIMED})\b)(.*?)\b(?:(up|down) )?(?:on|than|versus|against|to|with|compared (?:to|with)) (?:a|1) year (?:ago|before|earlier)\b",
        lambda m: f"{m[1]}{m[2] or ''} this year compared to last year",
    ),
    (rf"^(?!.*\b(?:{_COMPARING}|{_TIMED})\b)(.*?)\b(?:exactly |about )?(?:a|1) year ago\b", r"\1last year"),
    (r"\bas (?:of|at|per) (?=(?:the )?end of\b|(?:3[01]|2[89])\b)", "until "),
    (r"\b(?:the )?difference between (?=(?:gross|net)(?: \w+)? (?:and|versus) (?:gross|net)\b)", ""),
)
"""Applied after noise is gone, before anything is read."""
