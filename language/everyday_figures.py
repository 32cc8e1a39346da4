# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Everyday turns for figures: what is counted, what it is divided by, two figures in one breath, what came back."""

from __future__ import annotations

from typing import Final

from language.trade_questions import Turn

__all__ = ["EVERYDAY_FIGURES"]

_PEOPLE: Final = r"(?:customers?|accounts|clients?|buyers?|shoppers?|people|folks|subscribers?)"
_PIECES: Final = r"pieces|units|items|pcs|qty|quantity"
_MONEY: Final = r"value|euros?|pounds|dollars|money|amount|worth"
_ORDER: Final = r"(?:order|invoice|basket|purchase|transaction)"
_BACK: Final = r"(?:returned|refunded|sent back|given back|brought back|that came back|which came back)"
_NEW: Final = r"new|first[- ]time"
_OLD: Final = r"regulars?|repeaters?|returners?"
_TIMED: Final = (
    r"this|last|today|yesterday|since|so far|ytd|until|in|during|over|week|wk|cw|q[1-4]|h[12]|all time|(?:19|20)\d\d"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
)
_CHEAP: Final = {"clicks": "cpc", "conversions": "cpa", "orders": "cpa", "customers": "cpa"}

EVERYDAY_FIGURES: Final[tuple[Turn, ...]] = (
    (r"\b(?:credit notes|refunds|returns)\b(?P<when>[^.;?!]*?)[,:–-]* ?(?:the |their )?(?:number|count|how many)(?: of them)? and (?:the |their |what |how much )*(?:total )?(?:value|amount|sum|worth)\b", r"how many credit notes and refunds\g<when>"),
    # what one order comes to
    (
        rf"\bwhat (?:does|do|did) (?:an?|1|the average|an average) ((?:\w+ )?)({_ORDER})s? (?:come to|cost|bring in|bring|amount to|run to|add up to)(?: us)?(?: on average)?\b",
        r"average order value \1",
    ),
    (
        r"\b(orders|invoices|revenue|sales|turnover|takings|units|pieces|refunds|visits|new customers) ?(?:an?|per|each|/|by) ?(day|week|month|quarter|year),? (?:the )?(?:mean|average|avg|on average)\b",
        r"average \1 per \2",
    ),
    (r"^((?:and |so |but |now |ok )*)(?:what )?if (?:we|you|i) (?:take|add|include|count)(?: in)? (.+?)(?: also| too| as well| in| on top)+(?=[?.! ]*$)", r"plus \2"),
    (r"\b(?:up|down) (?:by )?how (?:much|many)\b", "change"),
    (rf"\b({_ORDER}s)((?: [^,.;?! ]+){{1,4}}?) (?:were |was |are |is )?(?:all |each )?worth ((?:over|more than|above|under|less than|below|at (?:least|most)) \d+)\b", r"\1 \3\2"),
    (r"\b(?:put|place|bring|set|sort) ((?:our |the |all |my )*(?:product |ad )?(?:countries|categories|channels|products|months|weekdays|campaigns|cities|quarters)) in(?:to)? order\b", r"rank \1"),
    (r"(?<!\w)(%|share|part) of ((?:[\w<>-]+ ){1,4}?)(?:did|do|does|have|has) (?:the |our |my )*((?:\d+ )(?:biggest|best|largest|top) (?:customers|clients|products|countries|accounts))(?: bring| make| give| generate| contribute)(?: in| us| up)?\b", r"\1 of \2 comes from the top \3"),
    (r"\bhow many times (?:more|as (?:much|many)|higher|bigger)\b", "what change"),
    (r"\b(?:sum|total) of (?:every|each|all)(?: the| our)? orders?\b", "revenue of orders"),
    (
        r"\b(?:cancellations|credit notes|cancelled orders)\b([^?.!]*?),? (?:by |in )?(?:value|money|amount)(?=[?.!, ]*$)",
        r"refunds\1",
    ),
    # how many of them, and what they were worth
    (r"\b(?:number|count) and (?:the )?(?:total )?(?:value|amount|sum) of (?:all |the |our )*(?:credit notes|refunds|returns)\b", "how many credit notes and refunds"),
    (r"\b(?:count|counts|nr|no) of (refunds|returns)\b|\bhow many (refunds|returns)\b|\b(?:refund|return)s? count\b", "number of refunds"),
    (r"\bcredit notes?,? (?:value|amount|sum|total)s?\b|\b(?:the )?(?:total|sum|amount|value) of (?:the |all |our )*credit notes\b", "refunds"),
    (r"\b(?:mean|average) ?(?:\+|and|&|,|/) ?median (?:order value|order|basket|aov)\b|\bmedian ?(?:\+|and|&|,|/) ?(?:mean|average) (?:order value|order|basket|aov)\b", "average order value and median order value"),
    (r"\b(?:one|1) in how many\b", "what %"),
    (r"\bas % of what (?:they|customers|people|we|it) (?:ordered|bought|sold|spent)\b", "as % of gross sales"),
    (r"\b(biggest|largest|best|top|which|each|per|every|an?|1|no 1) account\b(?! (?:manager|for|with))", r"\1 customer"),
    (r"(?:^|(?<=, ))# (?:of )?(?=(?:customers|orders|people|with|buyers)\b)", "number of "),
    (r"\bnumber of with (?=\d|at least|more|exactly)", "number of customers with "),
    (r"\b(?:total|count of|how many) (?:e-?mail |hard |soft )?bounces\b|\bbounces,? (?:total|count|number)\b", "number of bounces"),
    (r"\b(?:the )?(?:total |sum )?(?:value|worth) of (?:the |all |our )*(?=orders\b)", "revenue of "),
    (r"\b(?:the )?(?:quantity|amount|count) of (?=(?:orders|invoices|purchases|customers|visits)\b)", "number of "),
    (r"\bby (?:the )?number sold\b", "by units"),
    (r"\bhow many sales\b(?! (?:people|reps|channels))", "how many orders"),
    (r"\bby (?:the )?number of sales\b", "by number of orders"),
    (r"\bhow much (did|have|do) we (?:invoiced?|billed?)\b", r"how much revenue \1 we make"),
    (r"\bkund(?:e|en|in|s)?\b", "customers"),
    (r"\b(?:per|by|each) land\b", "per country"),
    (r"\b(?:one|1)-?timers\b", "onetime customers"),
    (r"\b2nd (?=(?:order|purchase|buy|time)\b)", "second "),
    (r"\b(smallest|lowest|biggest|largest|highest) ticket\b", r"\1 order"),
    (r"\b(?:left|quit|leaving|leave) (?:the|our) (?:newsletter|(?:mailing |e?mail )?list)\b", "unsubscribed"),
    (r"\bhow many (?:e-?mails|mails|mailings)(?= (?:last|this|in|on|since|yesterday|today|from|\d)|[?.! ]*$)", "how many emails sent"),
    (r"\b(cost|price|spend)s? by (click|order|customer|visit)\b", r"\1 per \2"),
    (r"\bclicks (in|on|from) (?:our |the |all )?(?:e-?mails|mails|mailings|newsletters?)\b", "email clicks"),
    (r"\bsince midnight\b", "today"),
    # a share in other words
    (r"\b(?:out )?of (?:every |each )?100 (customers|orders|buyers|clients|invoices|visits|shoppers),? how many (?:of (?:them|those) )?", r"what % of \1 "),
    (r"\b([a-z]+) weight (?:in|inside|within) (?!stock)", r"share of \1 in "),
    (r"\b(category|channel|country|product|city) (?:mix|split) of ([\w ]+?) in %", r"share of \2 by \1"),
    # weeks, channels, baskets
    (r"\biso (?=weeks?\b)|,? \biso\b(?=[,.?! ]*$|,)", ""),
    (r"\b(has|have|did|does|do) (e-?mail|sms|newsletter) (?=(?:brought|bring|made|make|earn|earned|sell|sold|give|gave|generate)\b)", r"\1 the \2 channel "),
    (r"(?<=[a-z])\+(?=[a-z])", " and "),
    (r"(?<!the )(?<!a )\bsame (basket|order|cart|invoice)\b", r"in the same \1"),
    # two figures in one breath
    (rf"\b({_PIECES}|orders)(?:,| and| &| \+| ?/) ?(?:the )?(?:their )?(?:{_MONEY})\b(?! of| sold| per)", r"\1 and revenue"),
    (rf"\b(?:{_MONEY})(?:,| and| &| \+| ?/) ?({_PIECES})\b", r"revenue and \1"),
    (rf"\b((?:{_PIECES}|orders|invoices|number of \w+)\b[^?.!]*), ?(?:and )?(?:the )?(?:value|worth)(?=[?.! ]*$)", r"\1 and revenue"),
    (r"\bsales in (?:units|pieces|pcs)\b", "units sold"),
    (r"\b(?:the )?(?:difference|gap|spread|delta|diff) (?:between |of |in )?(?=(?:the )?(?:gross|net)(?: \w+)? ?(?:and|versus|to|-|minus|less|/|from|,)? ?(?:the )?(?:gross|net)\b)", ""),
    (rf"\b(largest|biggest|highest|greatest) (?:and|or|,) ?(?:the |our )?(smallest|lowest|tiniest) ({_ORDER})s?\b", r"largest order and smallest order"),
    # one figure over another
    (r"\b(?:e-?mail )?opens ?/ ?(?:sent|sends|(?:e-?)?mails sent)\b", "open rate"),
    (r"\b(?:e-?mail )?clicks ?/ ?(?:sent|sends|(?:e-?)?mails sent)\b", "click rate"),
    (r"(?<=[a-z]) ?/ ?(?:custs?|customers|clients|buyers|heads?)\b", " per customer"),
    (r"(?<=[a-z]) ?/ ?(?=(?:visit|session|click|basket|line)\b)", " per "),
    (r"\b(refund|return)s? %(?! of)|(?<!\d)(?<!\d )% (?:being )?(?:refunded|returned)\b(?! (?:by|from|to)\b)|(?<!\d)(?<!\d )% of (?:returns|refunds)(?= (?:in|for|on|at)\b)", "refund rate"),
    (r"\bratio of (?:returned|returns|refunded) to (?:sold|sales)\b", "units returned as share of units"),
    (r"\bcheapest (clicks|conversions|orders|customers)\b", lambda m: f"lowest {_CHEAP[m[1]]}"),
    (r"\bas (?:a |the )?part of (?:all|the whole|the total|everything)\b", "as % of all"),
    (r"\bmoney (?:that )?(?:falls|goes|comes) (?:to|on) (?:1|one|each|a single|an?) (customer|client|buyer|order|head)\b", r"revenue per \1"),
    (rf"\b(?:what|how much) (?:do |did |does |will )?(?:{_PEOPLE}|one|they) spend (?:per|an?|at an?|on an?) (?:{_ORDER}|visit)\b", "average order value"),
    (r"\b(this (?:year|month|quarter|week)),? as (?:of|at) (?:today|now)\b", r"\1 so far"),
    # whose
    (rf"\b({_NEW}|returning|existing) {_PEOPLE}'?s? (sales|revenue|turnover|orders|spend(?:ing)?)\b", r"\2 from \1 customers"),
    (rf"\b({_NEW}|returning|existing|repeat) {_PEOPLE}'?s? ((?:average |mean )?(?:basket|order|ticket|order value)|aov|refund rate|return rate)\b", r"\2 of \1 customers"),
    (rf"\b({_NEW})(?: {_PEOPLE})? (versus|against|and|or|compared (?:to|with)) (?:the |our )?(?:{_OLD})\b", r"new \2 returning customers"),
    (r"\b(?:came|come|returned) back (?:at least )?(\d+)(?: or more)? times\b", lambda m: f"ordered at least {int(m[1]) + 1} times"),
    # what came back
    (rf"^(?!.*\b(?:{_PEOPLE}|who|which|rate)\b)(.*?)\b(?:cancelled|canceled|refunded) (?:invoices|orders)\b", r"\1refund_orders"),
    (rf"\b(?:{_PIECES}) (?:{_BACK}|c[ao]me back)(?! by)|\b(?:returned|refunded) (?:{_PIECES})\b", "units_returned"),
    (rf"^(?!.*\b(?:{_PEOPLE}|who|which|what|how|orders?|gets?|got|was|were|is|are|not|never|ever)\b)([\w' -]{{3,40}}?) (?:returned|sent back)(?= (?:{_TIMED})\b|[?.! ]*$)", r"units_returned of \1"),
    (r"^(?:returned|refunded) (?=(?!orders?|invoices?|amounts?|sums?|values?|totals?|money|purchases?|sales|to|by|in|on)[a-z]{4,} )", "refunds of "),
    # of which things
    (r"^is there (?:a|any) (country|product|category|channel|city|campaign) (?:besides|except|other than|apart from) (\w+(?: \w+)?) (?=where|that|which|with)", r"which \1 excluding \2 "),
    (r"^is there (?:a|any) (?=(?:country|product|category|channel|city|campaign)\b)", "which "),
    (r"^(?:the |our )?items (?=(?:with|that|whose)\b)", "products "),
    (r"^(?:the )?(?:stuff|things) (?=(?:that |which )?we\b)", "which products "),
    (r"\b(which|what|busiest|best|strongest|quietest|slowest|by) part of (?:the )?day\b", r"\1 daypart"),
    (r"\badd(?:ed)?[- ]to[- ](?:carts?|baskets?|bags?)(?=,| (?:and|checkouts?|visits?|orders?|by|per|in|last|this)\b|[?.! ]*$)", "carts"),
    (rf"\b({_ORDER}s) (?:larger|bigger|more) than (\d+) (articles|items|pieces|units|products|lines|pcs)\b", r"\1 with more than \2 \3"),
    (rf"\b({_ORDER}s) (?:smaller|less|fewer) than (\d+) (articles|items|pieces|units|products|lines|pcs)\b", r"\1 with fewer than \2 \3"),
    (rf"\b({_ORDER}s) (over|above|under|below|more than|less than|at least|of) (\d+) (pieces|units|pcs|items|articles)\b", r"\1 with \2 \3 \4"),
    (r"\bpayed\b", "paid"),
    # where one stands among all
    (r"\b(?:the )?(?:place|position|standing) of ([\w' -]+?) (?:among|amongst|within|in) (?:all |the |our )*(products|countries|categories|channels|cities|campaigns|customers)\b", r"which rank has \1 among \2"),
    # of a hundred, of the largest, of all time
    (r"\b(?:out )?of (?:every |each |a |1 )?100 (?:of )?(\w+)\b(?P<when>[^?.!]*?),? how many (?:of (?:them|those|these) )?(?=(?:had|have|has|are|were|is|was|get|got|go|went|come|came|contain|end|ended|become|became)\b)", r"what % of \1\g<when> "),
    (r"\bhow much of ((?:[\w<>'-]+ ){1,4}?)(?:hangs?|hung|hinges?|rests?|rested|rides|depends|depended|relies|sits?) (?:up)?on (?:the |our |my )*((?:\d+ )(?:biggest|best|largest|top) (?:customers|clients|products|countries|accounts))\b", r"what % of \1comes from the top \2"),
    (r"\b(?:since|from) the (?:very )?(?:beginning|start|first day)(?: of (?:the |our )?(?:records|books|data|file|time))?(?: (?:till|until|to) the (?:last|end))?(?=[?.!, ]*$|,)", "all time"),
    # which of two is asked, and what it is told in, says nothing more
    (r",? (?:and )?which (?:one |1 |of (?:them|the 2) )?is (?:the )?(?:fatter|bigger|higher|better|larger|stronger|greater)(?: (?:one|1))?(?=[?.! ]*$)", ""),
    (r",? ?(?:in |by )?(value|number|volume) terms\b", r" by \1"),
    (r"\b(clv|ltv|lifetime value|churn|churn risk|risk) scores?\b", r"\1"),
    (r"\bwhat (?:did|do|have) (?:the |our |my )*(discounts|refunds|returns)(?: (?:that )?we (?:gave|give))? costs?(?: us)?\b", r"how much \1"),
    (r"\bmovements?(?= (?:in|of|by)\b|[?.! ]*$)", "change"),
    (r"\b(?:how )?(?:does|do|did) ((?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|q[1-4]|h[12]|this (?:week|month|quarter|year))(?: (?:19|20)\d\d)?) (?:stand|look|sit) (?:beside|against|next to) (?:the )?", r"revenue in \1 compared with "),
    (r"\b(?:usually|normally|typically) (?:leaves?|spends?) (?:here |with us |us )*(?:per|an?|each|in (?:an?|one|1)) (?:order|go|visit|basket)\b|\b(?:usually|normally|typically) (?:leaves?|spends?) (?:here )?in (?:one|1) go\b", "average order value"),
    (r"\bn of (?=(?:customers|orders|clients|buyers|invoices|people)\b)", "number of "),
    # the same basket
    (r"\bend(?:s|ed)? up (?:together )?in the same (?:parcel|box|package|bag)\b", "in the same order"),
    (r"\bmail (?=(?:clicks?|opens?|bounces?)\b)", "email "),
    (r"\b(?:had|have|has|contained|held) (?:an? |the |some )?((?!more|less|fewer|at|only|just|\d)[\w-]+(?: [\w-]+)?) in (?:them|it|there)\b", r"containing \1"),
    (r"\b(orders|invoices|baskets) (?:that )?(?:had|have|with|containing|contained) (?:just |only |exactly )*(?:a single|1) (?:item|piece|unit) in (?:them|it)\b", r"\1 of exactly 1 piece"),
)  # fmt: skip
"""Applied with the other turns, before anything is read."""
