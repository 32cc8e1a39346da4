# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Turns of phrase of the trade that mean the same as plainer ones: "left the shop" is "sold"."""

from __future__ import annotations

from core.calendar import MONTH_NAMES
from language.asked_last import asked_first
from language.cohorts import COHORTS
from language.comparisons import bounds_first
from language.dates import POINT
from language.everyday import EVERYDAY
from language.everyday_counts import EVERYDAY_COUNTS
from language.everyday_figures import EVERYDAY_FIGURES
from language.everyday_people import EVERYDAY_PEOPLE
from language.negation import plainly_negated
from language.places import people_of_places
from language.trade_media import MEDIA
from language.trade_questions import QUESTIONS, Turn
from language.words import compiled

__all__ = ["in_plain_words"]

_GONE = r"(?:(?:left|(?:went|go|gone|going) out(?: of)?|out of|over) (?:the |our )?(?:shop|store|warehouse|door|building|shelves|shelf|counter)|(?:shipped|dispatched|shifted)(?: out)?)"
_THINGS = r"(?:articles?|items?|products?|goods)"
_CODES = r"(?:product codes?|skus?|stock ?codes?|codes)"
_SEASONS = r"spring|summer|autumn|fall|winter"
_TRADE: tuple[Turn, ...] = (
    (
        r"\b(?:order |invoice )?(?:rows|lines|positions|records|line items)(?: (?:of|in) (?:the |our )?(?:file|data|data ?set|orders))?"
        r" (?:(?:that|which) )?(?:with|have|has|had|carry|show|come with|are) (?:an? )?(?:(?:unit )?price (?:of |is |was )?(?:zero|0(?:\.00?)?|nothing)|(?:zero|0) (?:unit )?price)\b",
        "zero price lines",
    ),
    (r"\bcyber monday\b", "cybermonday"),  # a day of the year, and no Monday among others
    (
        r"\b(by|through|via|from) (?:our |the )?(?:emails|mailings|mails)\b(?=[?.! ]*$| in\b| last\b| this\b)",
        r"\1 email",
    ),
    (
        rf"\b((?:19|20)\d\d),? (?:till|until|up to|through) (?:the )?(?:end of )?({'|'.join(MONTH_NAMES).lower()})\b(?! (?:19|20)\d\d)",
        r"from january \1 to \2 \1",
    ),
    (
        rf"\b({_SEASONS}) (?:of )?(?:this|the current) year\b|\bthis year'?s? ({_SEASONS})\b",
        r"this \1\2",
    ),
    (r"\bhow much (did|do|have) (.+?) order(?:ed)? for\b", r"how much \1 \2 spend"),
    (r"\b([a-z]+) (?:versus|against|or|and) (?:not|no|without) \1\b", r"\1 versus the rest"),
    (r"\bof the year\b(?=[?.!, ]*$)", "of this year"),
    (
        r"\b((?:who|customers|people|buyers|clients|shoppers) (?:have|has|had|did|do|does) not (?:ever )?(?:bought|buy|ordered|order|purchased?)) anything\b",
        r"\1",
    ),
    (
        r"\bhow many (?:customers|people|buyers|clients|shoppers) (?:have |had )?(?:bought|ordered|purchased|shopped)(?: (?:with us|from us|here))? for the first time\b(?!.*\b(?:and|but|then|since)\b)",
        "how many new customers",
    ),
    (
        r"\b(?:do|did|have) we (?:lose|lost) (?:because of|due to|through|to|by|on) (refunds|returns|cancellations|credit notes)\b",
        r"\1",
    ),
    (r"\b(best|highest|worst|lowest|better|strongest|weakest) conversion\b(?! rate)", r"\1 conversion rate"),
    (
        r"(?<!notes )(?<!refunds )(?<!returns )(?<!spent )(?<!spend )(?<!paid )\b(over|above|under|below|more than|less than|at least|at most) (\d+(?:\.\d+)?) (?:in )?total\b",
        r"spent \1 \2",
    ),
    (
        r"\bwhich emails? (?:got|had|has|have|received) the (most|fewest) clicks\b",
        r"which campaign has the \1 email clicks",
    ),
    (r"\bwhich emails? (?=(?:got|had|has|have|received|performed|were|was)\b)", "which campaign "),
    (
        r"\bfavourite (categor(?:y|ies)|products?|items?|channels?) (?=(?:of|among|for) (?!(?:the )?customer \w*\d))",
        r"most popular \1 ",
    ),
    (r"\b([mqyw])[- ]o(?:ver|n)?[- ]\1\b", r"\1o\1"),
    (
        r"^(.*\b(?:chang\w*|difference|gr[eo]w\w*|ris\w*|rose|f[ae]ll\w*|compare\w*|los[et]\w*|gain\w*|drop\w*|declin\w*|increas\w*|decreas\w*|develop\w*)\b.*)\bbetween ((?:19|20)\d\d) and ((?:19|20)\d\d)\b",
        r"\1 \2 versus \3",
    ),
    (r"\bbetween ((?:19|20)\d\d) and ((?:19|20)\d\d)\b", r"from january \1 to december \2"),
    (r"\bwhat (did|have|do) we (?:invoiced?|billed?)\b", r"what revenue \1 we make"),
    (
        r"(?<!whose )(?<!their )\borders (?:that were |which were |were |got |being )?(?:refunded|returned|cancell?ed|sent back)\b",
        "refunded orders",
    ),
    (
        r"\b((?:which|what|the|our|how many) (?:products|items|articles))(?: (?:were|was|have been|had been|that|which|we|did|only|just))* "
        r"(?:sold|bought|ordered)(?: only| just)? once\b",
        r"\1 with exactly 1 order",
    ),
    (
        r"\b(credit notes|refunds|returns|cancellations)\b(.*?),? (?:and )?(?:(?:are they |were they )?worth how much|for how much"
        r"|how much (?:are|were) they worth|of (?:what|which) (?:value|amount))\b",
        r"\1 and refunds\2",
    ),
    (
        r"\b(?:gross (?:versus|against|and|or) net|net (?:versus|against|and|or) gross)\b(?: (?:sales|revenue|turnover))?(?=.*(?:<|\d|last|this|yesterday|today|in [a-z]))(?:(.*?),? ?(?:and )?what is the difference\b)?",
        lambda m: (
            f"gross sales and net sales{f' and refunds{m[1]}' if m[1] is not None else ''}"
        ),  # they are the difference
    ),
    (r"\bgross (?:versus|against|and|or) net\b(?! (?:sales|revenue|turnover))", "gross sales and net sales"),
    (r"\bhow (?:big|large) an? (?:slice|chunk|part|share|portion|piece)(?: of| in)\b", "what share of"),
    (r"\b(top|biggest|best|largest)( \d+)? spenders\b", r"\1\2 customers by revenue"),
    (r"\b([a-z]+) (versus|against|or|and|compared (?:to|with)) (?:the )?non[- ]\1\b", r"\1 versus the rest"),
    (r",? \b(?:separately|respectively|individually|1 by 1|(?:each )?by (?:itself|themselves))\b", ", each"),
    (
        r"(?<!\bof those )(?<!\bof the customers )(?<!\bof people )(?<!\bof the people )(?<!\bof customers )(?<!\bof the buyers )(?<!\bof our customers )(?<!\bof all customers )"
        r"\b((?:who|that) (?:bought|ordered|came|shopped|purchased)\b(?:(?! and | but | or | also )[^,.?])+) also "
        r"(?=(?:bought|ordered|came|shopped|purchased)\b)",
        r"\1 and ",
    ),
    (
        r"\b(in the (?:last|past) \d+ (?:days|weeks|months)) (but|and|yet) ((?:did|have|has) not (?:buy|bought|order|ordered"
        r"|purchased?))(?: anything)?(?=[?.! ]*$)",
        r"\1 \2 \3 \1",
    ),
    (r"\b(?:with|having) (\d+(?:\.\d+)?)\+ (?:spent|spend|in spend)\b", r"who spent at least \1"),
    (
        r"\b(?:lost|loses?|losing)(?= (?:against|versus|compared|since|(?:the )?(?:most|biggest|ground)\b|(?:\w+ )?(?:revenue|sales|turnover|orders)\b))",
        "fell",
    ),
    (
        r"\b(?:gained|gains?|gaining)(?= (?:(?:the )?(?:most|biggest|ground)\b|(?:\w+ )?(?:revenue|sales|turnover|orders)\b))",
        "grew",
    ),
    (
        rf"\b((?:biggest|largest|best|top|strongest|leading|most \w+)\b(?: (?!after\b)(?:[a-z]+|\d+)){{0,2}}) (?:right |directly )?(?:after|behind|next to) (?!(?:the )?{POINT}|christmas|easter)",
        r"\1 excluding ",
    ),
    (r"\b(?:stack|measure|shape)(?:s|d|ed)? up (?:against|to|with|versus)\b", "versus"),
    (r"\b(clicks?|impressions|roas|ctr|cpc)\b(.*?)\bcosts?\b(?! per)", r"\1\2ad spend"),
    (r"\bcosts?\b(?! per)(?=.*\b(?:clicks?|impressions|roas|ctr|cpc)\b)", "ad spend"),
    (r"\bcombined\b(?! (?:with|shipping))", "together"),
    (r"\b(average|mean|total|much) discount\b(?! (?:rate|codes?|mailing|campaign|hunter))", r"\1 discounts"),
    (r"\bconversion rates?,? (?:\(?(?:from )?visits? (?:to|into|->) (?:an? )?orders?\)?)", "orders per session"),
    (r"\bconversion rates?\b(?!.*\b(?:ads?|campaigns?|clicks?)\b)", "orders per session"),
    (r"\b(?:distinct|unique) (?=(?:products?|items?|skus?|articles?|codes?|product codes?) per\b)", "different "),
    (r"\bcosts? (?=per (?:new|acquired|won) )", "ad spend "),
    (
        r"(?<=[a-z])(?<!day)(?<!month)(?<!year)/(?=(?:day|week|month|quarter|year|order|invoice|customer|client|buyer)\b)",
        " per ",
    ),
    (r"\b(?:typical|usual|normal|mean) (?=(?:order|basket|invoice|ticket|cart|purchase)\b)", "average "),
    (r"\(? ?\bmon(?:day)? ?(?:-|to|through) ?fri(?:day)?\b ?\)?(?=.*\bweek ?days?\b)", " "),
    (r"(?<=weekday) ?\(? ?\bmon(?:day)? ?(?:-|to|through) ?fri(?:day)?\b ?\)?", " "),
    (r"\b(?:different|distinct) (?=(?:customer|buyer|client|shopper|people|person))", ""),
    (
        r"\b(smallest|biggest|largest|highest|lowest) and (?=(?:smallest|biggest|largest|highest|lowest) (order|invoice|basket)\b)",
        r"\1 \2 and ",
    ),
    (r"\b(gross|net) (?:takings|turnover|income|revenues?|earnings)\b", r"\1 sales"),
    (rf"\b(how many|pieces|units|items)\b(.*?) (?:have |has |had |were |was |got |been )*{_GONE}\b", r"\1\2 sold"),
    (r"\b(how many|pieces|units)\b(.*?) did we (?:ship|dispatch|shift|move)\b(?: out)?", r"\1\2 did we sell"),
    (
        rf"\b(?:different|distinct|unique|separate|individual) {_THINGS}(?! (?:per|in each|codes?))\b",
        "different products",
    ),
    (rf"\b(?:different|distinct|unique|separate|individual) {_CODES}(?! (?:per|in each))\b", "different skus"),
    (
        r"\b(which|per|by|each|every|best|top|worst|of our) (?:e?mail ?)?mailings?\b(?! (?:list|address))",
        r"\1 campaign",
    ),
    (rf"\bhow many (?:of our |of the |of )?{_CODES}\b(?! per)", "how many different skus"),
    (r"\b(sold|bought|ordered) (?:at least once|once or more)\b", r"\1"),
    (
        r"\b(?:(?:in|to|from|through|via|over|on) )?(?:how many|(?:the )?(?:number|count) of) (?:different |distinct |separate |unique )*"
        r"(?P<of>countries|cities|towns|channels|categories)\b(?! (?:had|have|has|with|are|were|bring|brought|made|make|sold|sell|above|over|account|grew))"
        r"(?: (?:did|do|does|have|has|are|were|is)(?: (?:we|our|the|customers?|orders?|goods|there|in))*(?: (?:sell|sold|ship|shipped|deliver|send|sent|come|came|buy|bought|order|ordered|use|used|have|had|live|from|to|in|through))*)?",
        r"\g<of> served ",
    ),
    (r"\b(?:active|paying|unique|distinct|single|individual|identified) (?=(?:customer|buyer|client|shopper)\b)", ""),
    (r"\b(?:unique|distinct) (?=(?:customer|buyer|client|shopper)s\b)", ""),
    (
        r"\b((?:all|every|any)\w*(?: (?!who|that|which)\w+){0,2}) but (?!not\b|only\b|did\b|do\b|have\b|who\b)",
        r"\1 except ",
    ),
    (r"\b(?:no|nr)\.? ?1\b|\bnumber 1\b|#1\b", "top 1"),
    # how large a figure is, is the figure; "large orders" are some of them
    (
        r"\bhow (?:high|low|big|large|great|small|strong|steep) "
        r"(?=(?:is|was|were|are|has|have|did|does|do|a (?=share|part|portion))\b)",
        "what ",
    ),
    (
        r"^((?:and |now |please |ok |then |but )*)"
        r"(?:forget(?: about)?|ignore|drop(?! (?:in|of|from|by)\b)|remove|exclude|take out|skip|omit|cut out|leave out|nor"
        r"|do not (?:count|include)) (?=\w)",
        r"\1without ",
    ),
    (
        r"^((?:and |now |please |ok |then |but )*)(?:leave|take|cut|keep) (?:the |our |all )?([\w ]{3,30}?) out[.!? ]*$",
        r"\1without \2",
    ),
    (
        r"^((?:and |now |please |ok |then |but )*)without (?:the |all |any )*(?:ones|those|people|customers|buyers) (?:who live |living )?(?:from|in|of) ",
        r"\1without ",
    ),
    (
        r"^((?:and |or |then |what about |how about |no |i meant? |versus |against |than |with |to |compared )*)"
        r"(may|march)(?=[?.! ]*$)",
        r"\1in \2",
    ),
    (r"\b(?:has|have|had|with) the (?:bigger|larger|higher|greater|better) (?=[a-z])", "has the "),
    (
        r"\b(?:become|becomes|became|get|gets|got|getting) (?:any )?(?:bigger|larger|smaller|higher|lower|greater)\b",
        "changed",
    ),
    (r"\bwhoever\b|\b(?:all|anybody|anyone) (?:who|that) ever\b", "customers who"),
    (r"\baccounts? for\b|\baccounted for\b", "make up"),
    (
        r"\b(e-?mails?|mails|mailings?|newsletters?|messages) (?:that )?(?:have |were |had )?(?:went|gone) out\b",
        r"\1 sent",
    ),
    (r"\b(?:went|gone) out(?= in\b| last\b| this\b|[?,. ]*$)", "were sold"),
    (r"\bpunters\b", "customers"),
    (r"\bturn(?:ed|s)? over\b", "turnover"),
    (
        r"\bhow many (?:of )?(?!.*\b(?:different|distinct|unique|products?|items?|units?|pieces?|articles?|skus?|codes"
        r"|orders?|customers?|people)\b.* sold\b)([^,.?!]{2,60}?) (?:were |was |have been |got |are )?sold\b",
        r"how many units of \1 were sold",
    ),
    (r"\b(?:leave|leaves|left|drop|drops) with us\b", "spend"),
    (r"\b(spends?|spent|spending) (?:with|at|in) (?:us|our (?:shop|store))\b", r"\1"),
    (r",? \(?\bin (?:euros?|pounds|dollars|gbp|eur|usd|days|money)\b\)?(?= ?[?.!]*$|,)", " "),
    (r"(?<!are )(?<!were )\b(refunds|returns) (?:deducted|subtracted|taken off)\b", r"net of \1"),
    (r"\b(?:most|highest|biggest|greatest) (?:at risk|in danger|endangered)\b(?! of)", "most likely to leave"),
    (r"(\b(?:guests?|anonymous)\b.*?) ?\(?\b(?:no|without) customers? (?:no|number|id|nr)\b\.?\)?", r"\1"),
    (
        r"^((?:please |now |and )*)put (.+?) (?:in|into) an? (?:group|segment|list|audience)(?: called| named)? (?=<quoted>)",
        r"\1save \2 as ",
    ),
    # what a figure is not counted in says nothing more; who "did not spend" is another matter
    (
        r"(?<!\bdo)(?<!\bdid)(?<!\bdoes)(?<!\bhave)(?<!\bhas)(?<!\bhad)(?<!\bwas)(?<!\bwere)(?<!\bis)(?<!\bare),? \(?(?:and )?not (?:per|by) (?:the )?"
        r"(?:money|pieces|units|value|amount|quantity|count|number|days?|weeks?|months?|heads?|revenue|turnover|spend|orders?|invoices?|baskets?)\b\)?(?= ?(?:$|[,.;?!)])| (?:in|for|over|during|last|this|since)\b)"
        r"|[,(] ?(?:and )?not (?:the )?(?:mean|average|pieces|units|value|money|count|amount|quantity)\b\)?(?= ?(?:$|[,.;?!)]))",
        "",
    ),
    (r"\bper heads?\b", "per customer"),
    (
        r"\b(how many|number of|by) heads?\b|\bheads?\b(?= ?\?|$| count)|\bhead ?count\b",
        lambda m: f"{m[1] or ''} customers".strip(),
    ),
    # those who buy have an account; a login is one, too
    (
        r"(?<!\buser )(?<!\bguest )(?<!\bcustomer )(?<!\ban )(?<!\bno )(?<!\bwithout )(?<!\bad )(?<!\bany )\baccounts\b(?! (?:for|manager|with a (?:login|password)))(?!.*\b(?:connect|hook|link|sync|plug)\w*)",
        "customers",
    ),
    # the number and the money of the same thing
    (
        r"\b(credit notes?|cancellations|refund orders|orders|invoices)\b(.*?)[,:;]? (?:(?:what|tell me|give me|show|and) )?(?:the |their |both )*"
        r"(?:number|count|how many|quantity) (?:of them )?(?:and|&|plus) (?:the |their |what |its )*(?:total |overall )?(?:value|amounts?|money|how much|sum|total|revenue|worth)\b(?: each)?",
        lambda m: f"{m[1]}{' and refunds' if m[1][0] in 'cr' else ' and revenue'}{m[2]}",
    ),
    (
        r"\b(?:the )?(?:number|count|total number) (?:of|and (?:the )?(?:value|amount|total) of) (credit notes|cancellations)\b(.*?) and (?:the |their )*(?:total |overall )?(?:value|amounts?|total|sum)\b",
        r"\1 and refunds\2",
    ),
    # how many rows are enough
    (
        r"[,.;:]? \(?(?:just |only |the )?(?:top |first |best )?(\d{1,2})(?: (?:names?|rows|of them|ones?|entries|lines))? (?:is |are |will be |would be |would )?(?:enough|sufficient|plenty|will do|would do)\b\)?(?=[.!? ]*$)",
        r", \1 rows",
    ),
    (r"\bhow (?:much|many) (did|have|has) we (?:do|done)\b", r"how much revenue \1 we make"),
    (r"\b(\d{1,2}):00 (?:or|and) (?:later|after|onwards?)\b", r"after \1:00"),
    (r"\b(\d{1,2})(?::00)? ?(am|pm) (?:or|and) (?:later|after|onwards?)\b", r"after \1 \2"),
    (r"\b(\d{1,2}):00 (?:or|and) (?:earlier|before)\b", r"before \1:00"),
    (
        r"\b(?:the )?(?:orders|ones|baskets) (?:with|without|at) (?:a |any |no )?(?:discounts?|full price) (?:versus|and|or|against|compared (?:to|with)) (?:the )?(?:orders |ones )?(?:with|without|at)(?: a| any| no)? ?(?:discounts?|full price|1|any)?\b"
        r"|\bfull[- ]price (?:orders? )?(?:versus|and|or|against) discounted(?: orders?)?\b|\bdiscounted (?:orders? )?(?:versus|and|or|against) (?:full[- ]price|undiscounted|non-discounted)(?: orders?)?\b"
        r"|\bwith(?: a)? discounts? (?:versus|and|or|against) without(?: 1| a discount| discounts?| any)?\b|\bwithout(?: a)? discounts? (?:versus|and|or|against) with(?: 1| a discount| discounts?)?\b",
        "by discounted or full price",
    ),
    (
        r"\bhow many (.+?) (?:do we need|does it take|are needed|go into) (?:for|to get|per|to make) (?:1|an?|each) ",
        r"\1 per ",
    ),
)

_TURNS: tuple[Turn, ...] = (
    *EVERYDAY_COUNTS,
    *EVERYDAY_FIGURES,
    *EVERYDAY,
    *EVERYDAY_PEOPLE,
    *MEDIA,
    *QUESTIONS,
    *_TRADE,
    *COHORTS,
)


def in_plain_words(text: str) -> str:
    """Turns of phrase that mean the same as plainer ones."""
    text = asked_first(bounds_first(text))
    for pattern, plainer in _TURNS:  # a text, or what makes one of the match
        text = compiled(pattern).sub(plainer, text)
    return people_of_places(plainly_negated(text))
