# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Everyday turns about customers that mean the same as plainer ones: "let a year go by without an order", "count them"."""

from __future__ import annotations

import re
from typing import Final

from language.trade_questions import Turn

__all__ = ["EVERYDAY_PEOPLE"]

_BOUGHT: Final = r"bought|ordered|purchased|shopped"
_ORDER: Final = r"orders?|purchases?|buys?"
_CMP: Final = r"(?:at least|more than|over|exactly|only|at most|less than|fewer than) "
_SPAN: Final = r"(?:\d+|an?|half a) (?:day|week|month|quarter|year)s?"
_MAILS: Final = r"(?:e-?mails?|mails?|mailings?|newsletters?)"
_PEOPLE: Final = r"(?:customers?|clients?|buyers|shoppers|people|folks|ones)"
_NTH: Final = r"second|third|fourth|fifth"
_WHEN: Final = (
    r"(?:(?:the )?(?:\d\d?(?:st|nd|rd|th)? )?(?:of )?(?:first|second|third|fourth|1st|2nd|3rd|4th|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|q[1-4]|h[12]|quarter|half|last|this|year|month|week)[a-z]*"
    r"(?: (?:of|quarter|half|year|month|week|this|last|the|(?:19|20)\d\d))*|(?:19|20)\d\d)"
)
_SMS: Final = r"(?:sms|texts|text messages?)"
_MAIL: Final = r"(?:e-?mails?|mails?|newsletters?|mailings?|e?mail marketing|marketing e?mails?)"
_NO_THING: Final = (
    r"(?!(?:orders?|purchases?|e?mails?|sms|discounts?|refunds?|visits?|clicks?|consent|longer|more|one|other|others|returns?"
    r"|credit|idea|matter|further|second|reorders?|response)\b)"
)


def _agreed(match: re.Match[str]) -> str:
    return f"with {'sms' if re.fullmatch(_SMS, match[1]) else 'email'} consent"


_SHOWN: Final = r"(?:(?:what|how (?:high|big|large)|is|the|our|show|give|me|tell)[, ]+)*"
_SCORE: Final = r"(?:churn (?:risk|probability|score)|risk (?:of|to) (?:churn\w*|leav\w+)|clv|ltv|lifetime value|predicted (?:12[- ]month )?value)"
EVERYDAY_PEOPLE: Final[tuple[Turn, ...]] = (
    (
        r"\blast (order|purchase)(?: (?:is|was|being|lies))? (?:older than|over|more than) (\d+ (?:days|weeks|months|years?)|an? (?:year|month|week))(?: old| back)?(?! ago)\b",
        r"last \1 was more than \2 ago",
    ),
    (
        r",? (?:and|but) (?:(?:who|that) )?(?:are|is|do|does) not (?:from|in|living in|live in|come from) (?:the )?",
        " outside ",
    ),
    (r"\b(?:were |was |have |has )?never (?:been |were |had a |got a )?refund(?:ed)?\b", "with no refund"),
    # when they bought last or first
    (
        r"\b((?:onetime |new |first[- ]time )?(?:customers|buyers|clients|shoppers|starters|cohort)) from (?=(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* (?:19|20)\d\d|(?:19|20)\d\d)\b(?! ?(?:to|till|until|through|-|on\b|onwards?|and)))",
        r"\1 of ",
    ),
    (r"\b(last|latest|first) invoice\b(?= (?:was|is|before|after|in|on|since)\b)", r"\1 order"),
    (
        r"\b(last|latest|most recent|first) (order|purchase) (?:is|lies|dates|dated|being) (?=before|after|in|on|since|from)",
        r"\1 \2 was ",
    ),
    (
        r"\b(?:placed|made|did|had) (?:their|the|his|her) (?:last|latest|most recent) (?:order|purchase)\b",
        "last ordered",
    ),
    (r"\bstill (?=(?:bought|ordered|purchased) (?:in|during|on)\b)", ""),
    (
        r"\b(?:(?:were|was|have|has|had|been) )*not (?:been )?(?:seen|heard from|heard of)(?: again| here)? (for|in|within|since) ",
        lambda m: f"with no order {'since' if m[1] == 'since' else 'in'} ",
    ),
    # what they agreed to
    (
        rf"(?:(?:who|that) )?(?:still )?\b(?:accept|accepts|accepted|agreed to|said yes to) (?:get(?:ting)? |receiv(?:e|ing) )?(?:our |the )?({_SMS}|{_MAIL})\b",
        _agreed,
    ),
    (
        rf"(?:(?:who|that) )?(?:(?:are|is) )?\b(?:subscribed|signed up) (?:to|for) (?:the |our )?({_SMS}|{_MAIL})(?: list)?\b",
        _agreed,
    ),
    (rf"\b({_SMS}|{_MAIL}) subscribers\b", lambda m: f"customers {_agreed(m)}"),
    (
        rf"(?<!without )(?<!no )(?<!without an )(?<!\bnot )(?:\b(?:have|has|with|having|whose|an|gave|given) )*\b({_SMS}|{_MAIL})[- ](?:opt-?in|ok|okay|allowed|permission|yes|consent (?:given|yes))\b",
        _agreed,
    ),
    # neither of two, no other thing
    (
        r"\b(?:but|and|yet) neither (?P<when>in |on |during )?(?P<one>[\w ]{2,30}?) nor (?:in |on |during )?(?P<two>[\w ]{2,30}?)(?=[,.?!]|$)",
        lambda m: f"but did not buy {m['when'] or ''}{m['one']} and did not buy {m['when'] or ''}{m['two']}",
    ),
    (
        rf"\b(bought|ordered|purchased) ([^,.?]{{2,40}}?),? (?:but|and|yet) no {_NO_THING}([a-z][\w -]{{2,25}}?)(?=[,.?!]|$)",
        r"\1 \2 but did not buy \3",
    ),
    (
        rf"\b(who|that|{_PEOPLE}) (?:took(?: out)?|grabbed|snapped up) (?=(?:the|a|an|both|either|any|our|more|at least|\d)\b)",
        r"\1 bought ",
    ),
    (r"\b(?:realise|realize|effect) (?:any |an? )?(?:purchase|order)s?\b", "buy"),
    (r"\bmore as (?=\d)", "more than "),
    (r"\byet (?=(?:did|have|has|do|does|never|not|no|nothing)\b)", "but "),
    (r"(?<=[a-z]) (?:in|on|from) our (?:base|database|books|list|system|crm|files?)\b", ""),
    (r"\b((?:19|20)\d\d)\b(.*?)\b(?:of |in )?(?:the |that )?same year\b", r"\1\2\1"),
    (
        r"\b((?:last|past) (\d+ (?:days|weeks|months))\b.*?)\bin (?:those|these|the same) \2\b",
        r"\1in the last \2",
    ),
    (
        r"\b(?:over|of|in|for|during) (?:the |all )?(?:whole|entire|full|complete) time\b|\bsince they (?:are|have been) with us\b",
        "in total",
    ),
    (
        rf"\b({_BOUGHT}) (?:something|anything|sth\.?|stuff) (?=(?:in|this|last|since|during|between|on|after|before|within)\b)",
        r"\1 ",
    ),
    (
        rf"\b((?:{_ORDER}|times)) (?:containing|that contain(?:ed)?|which contain(?:ed)?|that includ(?:e|ed)|including) ",
        r"\1 of ",
    ),
    (rf"\b({_ORDER}) with (?:some |any )?(\w+(?: \w+)?) in (?:it|them)\b", r"\1 of \2"),
    # what they are to be part of, said first
    (
        rf"^(?:and |so |of )*(?:the |all )?(?:those|customers|people|buyers|ones) (who|that) (.+?),? (?:and )?how many(?: of (?:them|these|those))? (?=(?:have|has|had|did|also|then|later|came|are|live|come|{_BOUGHT}|opened|clicked)\b)",
        r"how many customers \1 \2 and ",
    ),
    (r"\b(?:who|that|which) (?:were|are|was|is) new (?=(?:in|during|last|this)\b)", "who first ordered "),
    (
        r"\bhow much (?=(?:different |distinct |new |other )?(?:customers|clients|buyers|people|orders|invoices|products|items|pieces|units|countries|cities|days|emails|visits)\b(?! (?:\w+ )?(?:spend|spent|pays?|paid|brings?|brought|costs?|leave|left|are worth|make|made|earn)\b))",
        "how many ",
    ),
    (rf"\b((?:different|distinct) {_PEOPLE}) (?:has|have|had) placed (?:an? )?orders?\b", r"\1 ordered"),
    (rf"\bhow many {_PEOPLE} (?:have )?(?:ever )?(?:came|come|returned) back(?=[?.! ]*$)", "how many repeat customers"),
    # first orders
    (
        rf"\b(?:how many|number of) (?:different )?{_PEOPLE} (?:have |had |has )?(?:{_BOUGHT})(?: (?:from us|with us|here|something|anything))? for the (?:very )?first time(?: ever)?(?=[?.!]*$| (?:in|during|per|each|last|this|between|from)\b)(?!.*\b(?:and|but|then|since|again)\b)",
        "how many new customers",
    ),
    (rf"\b({_BOUGHT})(?: (?:from us|with us|here))? for the (?:very )?first time\b", r"first \1"),
    (r"\b(?:made|did|had) (?:their|a|the) (?:very )?first (order|purchase)\b", r"placed their first \1"),
    # what they did not do
    (rf"\b(?:but|and) never (?:any|a single|one|1) (?!(?:{_ORDER})\b)", "but never bought "),
    (
        rf"\b(nothing|never {_BOUGHT}|not {_BOUGHT}) (?:in|during) ({_WHEN}),? (?:but|and) something (?=in\b|during\b|this\b|last\b)",
        r"\1 in \2 but bought something ",
    ),
    (rf"\b(?:but|and) (?:in|during) ({_WHEN}) nothing\b(?: (?:at all|any ?more))?", r"but bought nothing in \1"),
    (
        rf"\b(?:(?:who|that) )?(?:has|have|had)? ?let (?:at least )?({_SPAN}) (?:go by|pass|go) without (?:(?:an?|any|placing an?) )?(?:order|purchase|buying|ordering)\b",
        r"with no order for \1",
    ),
    (
        r"\b(?:but |and |with )?(?:not (?:1 |a )?single|not 1|not even 1|zero|without (?:any|a|an|a single|1)) (order|purchase)s?\b(?= (?:in|since|for|during|from|within|this|last|over)\b)",
        r"with no \1",
    ),
    (
        r"\bsince ((?:the )?[\w ]{3,20}?) (?:with no|without (?:any|an|a single|1|a)) (order|purchase)\b",
        r"with no \2 since \1",
    ),
    (
        rf"\b({_PEOPLE}) (?:with (?:no|0|zero)|without)(?: any| an?| a single)? (?:{_ORDER})(?: at all)?(?=[?.!,]*$|,? (?:but|and|yet)\b)",
        r"\1 who never ordered",
    ),
    (rf"\bat least once ({_BOUGHT})\b", r"\1"),
    (
        rf"\b(?:who|that|everyone|everybody|customers|people) has (?=(?:{_CMP})?\d+ (?:or more )?(?:{_ORDER})\b)",
        "customers with ",
    ),
    # one of a ranking
    (
        rf"\b(?:who|which (?:customers?|clients?|buyers?|shoppers?)) (?:has |have )?ordered (?:the )?(?:({_NTH}) )?most(?: often)?(?=[?.!]*$| (?:in|during|last|this|from|of)\b)",
        lambda m: f"which customers have the {m[1] or ''} most orders",
    ),
    (
        rf"\b({_PEOPLE}|customer|client|buyer|shopper) (?:who|that) (spent|paid|brought(?: in)?|ordered|bought)(?: (?:us|with us))? the ({_NTH}) most\b(?: (?:with us|at ours|here))?",
        lambda m: f"{m[1]} with the {m[3]} most {'orders' if m[2] in ('ordered', 'bought') else 'revenue'}",
    ),
    (
        rf"\b(who is|is|was|were|came|comes) ({_NTH}|number 2)(?= (?:in|by|for|with|among)\b|[?.! ]*$)",
        r"\1 in \2 place",
    ),
    # a group that is to be kept
    (
        r"^(?:please |to )*(?:put|place|collect) (?=.*\b(?:everyone|everybody|customers|people|buyers|those|clients|shoppers|who)\b)(.+?) (?:on|in|into) (?:a|1|an own|the) (?:new )?(?:list|group|segment)\b(?: for me)?",
        r"save \1",
    ),
    (
        r"^(?:please |to )*(?:make|create|build|set up)(?: me)?(?: please)? (?:a|1|an) (?:saved |new )?(?:segment|group)\b,?",
        "save a segment",
    ),
    (
        rf"\b({_BOUGHT}) (?:only )?(?:a |1 )?(?:onetime|single time|1 time|once) (?:only )?and (?:then )?never again\b",
        r"\1 only once",
    ),
    (
        r",? (?:and )?what is (?:his|her|their|its|the customer'?s?) (?:customer )?(?:number|id|name)\b(?: please)?(?=[?.! ]*$)",
        "",
    ),
    (
        rf"^(?:out )?of (?:everybody|everyone|all(?: people| customers)?|those) who (?:has |have )?ever ({_BOUGHT})(?: from us)?,? (what|which|how) (%|share|many)(?: of them)? ",
        r"\2 \3 of our buyers ",
    ),
    (
        r"\b(?:has |have )?(?:come|came|been) back for (?:a|their|the) second (?:order|purchase|time)(?: or more)?\b",
        "ordered at least 2 times",
    ),
    (
        rf"^((?:for [\w -]{{3,25}} )?)(?:i|we) need (?:the |a )?(?:head ?count|number|count)(?: of)?[:,]? (?=(?:{_CMP})?\d+ (?:{_ORDER})\b)",
        r"\1how many customers with ",
    ),
    (
        rf"\b(?:and|but) since ({_WHEN}|\d{{1,2}} [a-z]+(?: (?:19|20)\d\d)?|(?:19|20)\d\d-\d\d-\d\d) nothing(?: (?:any ?more|at all))?\b",
        r"but with no order since \1",
    ),
    (
        rf"^(?:customers|people|those|buyers) (who|that) (.+?)[,:;-]* (?:what|which) (%|share)(?: of (?:them|these|those))? (?=(?:{_BOUGHT}|have|has|came|are)\b)",
        r"of the customers \1 \2, what \3 ",
    ),
    # consent
    (
        r"\b(?:who |whom |that |which )?(?:we (?:are allowed|are permitted|have (?:the )?(?:permission|consent|right)) to|we may|may we|are we allowed to) (?:e-?mail|mail|write to|send (?:e-?mails?|mails?|newsletters?)(?: to)?)(?: to)?\b",
        "with email consent",
    ),
    (
        r"\b(?:who |whom |that |which )?(?:we (?:are allowed|are permitted|have (?:the )?(?:permission|consent|right)) to|we (?:may|can)|(?:may|can) we|are we allowed to) (?:text|sms|send (?:an? |any )?(?:texts?(?: messages?)?|sms)(?: to)?)(?: to)?\b",
        "with sms consent",
    ),
    (
        rf"\bof (them|those|these) (?:agreed|said yes|opted in|consented|signed up) to (?:get |receive |be sent |our )*{_MAILS}",
        r"of \1 have email consent",
    ),
    (
        r"\bof (them|those|these) (?:agreed|said yes|opted in|consented) to (?:get |receive |be sent |our )*(?:texts?(?: messages?)?|sms)\b",
        r"of \1 have sms consent",
    ),
    (rf"\b(clicked|opened) (?:in |on |at )?(?:any|1|some|at least 1) of (?:our|the) {_MAILS}", r"\1 an email"),
    (rf"\b(?:a|any|the|some) links? in (?:any|1|some|at least 1) of (?:our|the) {_MAILS}", "an email"),
    (
        rf"^((?:and |so )*how many {_PEOPLE}\b.*?)[?,.;]* ?(?:i mean )?{_PEOPLE},? (?:and )?not (?:clicks|opens|orders|visits|emails)\b",
        r"\1",
    ),
    # discounts
    (
        r"\b(?:customers |people |buyers )?(?:for whom|of whom|where|whose) (?:every|each|all)(?: single)?(?: of their)? (?:orders?|purchases?) (?:had|has|have|was|were|came|carried)(?: with| at)?(?: an?| some)? discount(?:s|ed)?(?: on (?:it|them))?\b",
        "customers who always bought with a discount",
    ),
    (
        rf"\b(?:with |have |had |having |made |placed )((?:{_CMP})?\d+)( or more)? (?:discounted (?:{_ORDER})|(?:{_ORDER}) (?:on which (?:was|were|there was)|(?:that|which) had|with|at)(?: an?| any)? discounts?)\b",
        lambda m: f"who used a discount {'at least ' if m[2] else ''}{m[1]} times",
    ),
    # refunds
    (r"\bgot (?:onetime|1 time) (?=(?:credit note|refund|return))", "got a "),
    (
        rf"\b(but|and) (?:then |later |afterwards )(?:all the same |nevertheless |still |anyway )?({_BOUGHT}) again\b",
        r"\1 \2 again later",
    ),
    # a draft has no discount that nobody asked for
    (
        r"^(?P<to>(?:(?:please|can you|could you|would you|now|ok|so|and|then)[, ]+)*(?:draft|write|make|prepare|create|mail|email|propose)\b[^?.!]*?)"
        r",? (?:(?:but|and|with) )?(?:no|without(?: an?y?)?|without any|not an?y?) (?:discounts?|vouchers?|coupons?)\b",
        r"\g<to>",
    ),
    # what is told of every group that is counted
    (
        rf"^{_SHOWN}(?:mean|average|avg) {_SCORE}(?: of| in| for| among)?(?: the| our| all)* (?P<one>(?!(?:per|by|this|last|today|versus|those|these|them|it|that|each|every)\b)[\w ]+?)(?: segment| customers| group)*[?.! ]*$",
        r"how many customers are \g<one>",
    ),
    (r"\bin (?:all )?(?:their|his|her|its) (?:whole |entire )?life(?:time)?\b", "in total"),
    (r"(?<=once),? ?(?:and |so )?that(?:'s| is|s| was) (?:it|all|that)(?=[?.!,]| *$)", ""),
    (
        rf"(?<!not )\b(?P<who>{_PEOPLE} )?(?:(?:who|that|which) )?(?:(?:has|have|had) (?!not\b))?(?P<never>never )?(?:sent|brought|given) (?:something|anything|things?|stuff|a thing|it) back\b",
        lambda m: f"{m['who'] or ''}who {'never ' if m['never'] else ''}returned anything",
    ),
    (r"\b(?:which |who |that )?(?:have |has |had )?placed nothing\b", "who ordered nothing"),
    (
        r"(?:^|(?<=, ))(?P<one>(?!e?mail|sms)[a-z][\w -]{2,30}?) yes,? (?:but )?(?P<two>(?!e?mail|sms)[a-z][\w -]{2,30}?) (?:never|no)\b",
        r"customers who bought \g<one> but never bought \g<two>",
    ),
    (
        rf"\bhow many(?: of)?(?: our| the)?(?: {_PEOPLE})? (?:can|may|could) (?:we|i) (?:text|sms)\b(?:[,?]? (?:sms )?consent)?",
        "how many customers have sms consent",
    ),
    (
        rf"\bhow many(?: of)?(?: our| the)?(?: {_PEOPLE})? (?:can|may|could) (?:we|i) (?:e?mail|write(?: an email)? to)\b(?=\W*\w)(?:[,?]? (?:e?mail )?consent)?",
        "how many customers have email consent",
    ),
    (
        r"(?<!not )(?<!never )(?<!no )(?<!without )\b(?:with |(?:have |has )?(?:given |gave )?)(?:the |a |their )?(?:consent|permission) (?:for|to) (?:the |our )?(sms|texts?|text messages|e?mails?|newsletters?)\b",
        lambda m: f"with {'email' if 'mail' in m[1] or 'news' in m[1] else 'sms'} consent",
    ),
    (
        r"\b(?:mail|email)(?:s|ing)? (?:allowed|ok|okay|yes|permitted)\b|(?<!not )(?<!no longer )\bmailable\b",
        "with email consent",
    ),
    (r"\b(?:sms|texts?) (?:allowed|ok|okay|yes|permitted)\b", "with sms consent"),
    (r"\b(with (sms|email) consent)[?,. ]+(?:\2 )?consent\b", r"\1"),
)
