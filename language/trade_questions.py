# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Whole questions of the trade that mean the same as plainer ones: "what is our CAC", "who placed the largest order"."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

__all__ = ["QUESTIONS", "Turn"]

Turn = tuple[str, str | Callable[[re.Match[str]], str]]
"""A pattern of plain words, and what is put in its place."""
_LARGE = "biggest|largest|highest|most expensive"
_LITTLE = "smallest|lowest|cheapest"
_ORDER = "(?:order|invoice|basket|purchase|transaction)"
_FELL = "fell|fallen|falling|went down|gone down|going down|dropp?(?:ed|ing)|declin(?:ed|ing)|decreas(?:ed|ing)|shrank|shrunk|shrinking"
_ROSE = "rose|risen|rising|went up|gone up|going up|grew|grown|growing|increas(?:ed|ing)"
_WHO = r"(?:people|customers|they|buyers|clients|shoppers|subscribers|recipients|readers|everyone|everybody|most(?: people| customers)?|our (?:people|customers|readers|subscribers))"
_MAILS = r"(?:our |the |their )?(?:emails?|mails?|mailings?|messages)"
_OPENED = r"(?P<act>open|read|click)(?:s|ed)?(?: (?:on|in))?"
_WHICH_HOUR = r"(?:(?:at )?(?:what|which) (?:time|hour)s?(?: of (?:the )?day)?|when|how late)"
_WHICH_DAY = r"(?:on )?(?:what|which) (?:week ?days?|days?(?: of the week)?)"
_AGAIN = r"(?:(?:re-?)?order|buy|purchase|come back|shop|return)(?:s|ed)?"


def _opened_by(unit: str) -> Callable[[re.Match[str]], str]:
    return lambda m: f"number of {'email clicks' if m['act'] == 'click' else 'opens'} by {unit}"


QUESTIONS: Final[tuple[Turn, ...]] = (
    (
        r"\bwhich (channels?|sources?) (?:starts?|opens?|begins?) (?:the )?(?:most )?(?:of )?(?:the |our )?(?:customer )?(?:journeys|paths)\b",
        r"which \1 gets the credit by first touch",
    ),
    (
        r"\bwhich (channels?|sources?) (?:ends?|closes?|finish(?:es)?|completes?) (?:the )?(?:most )?(?:of )?(?:the |our )?(?:customer )?(?:journeys|paths)\b",
        r"which \1 gets the credit by last touch",
    ),
    (
        r"\b(?:number of|count of|how many) customers (?:by|per) (?:the |their )?number of (?:orders|purchases)\b|\b(?:distribution|histogram) of (?:orders|purchases) per customer\b",
        "customers by purchase count",
    ),
    (r"\bdid (.{2,40}?) beat (.{2,40}?) (?:in|on|by) ([a-z ]{4,30})(?=[?.! ]*$)", r"compare \3 in \1 with \2"),
    (
        r"\b(?:best|top|biggest) (?:customers|buyers|clients) for (?!(?:all|us|the|me|an?|next|this)\b)([a-z][a-z -]+)(?=[?.! ]*$)",
        r"top 10 customer ids by revenue of \1",
    ),
    (
        r"\bhow many (customers|people|buyers|clients|shoppers) (?:have |had )?(bought|ordered|purchased|shopped) (.{2,60}?),? (?:but|and|yet|though) ((?:have |has |did |had )?(?:not|never)|nothing)\b",
        r"how many \1 who \2 \3 but \4",
    ),
    (r"\b(bought|ordered|purchased) by (?:first[- ]time|newly won) (customers|buyers|clients)\b", r"\1 by new \2"),
    (
        r"\b(?:once|onetime) (customers|buyers|clients|shoppers) ?\((?:only )?(?:just )?(?:1|a single) (?:order|purchase)(?: only)?,? ?(?:ever)?\)",
        r"onetime \1",
    ),
    (
        r"\b(?:lost|losing|missed) (?:revenue|sales|money|turnover) (?:from|through|due to|because of|to|by|on|in) (cancellations|refunds|returns|credit notes)\b",
        r"refunds",
    ),
    (
        r"\baverage (?:basket|order|invoice)(?: size)? in (lines|pieces|units|items|products) and (lines|pieces|units|items|products)\b",
        r"\1 per order and \2 per order",
    ),
    (r"\baverage (?:basket|order|invoice)(?: size)? in (lines|pieces|units|items|products)\b", r"\1 per order"),
    (
        r"(?<!running )(?<!cumulative )\b(?:the )?(?:total|sum) of (?:all )?(?:the |our )?(invoices|orders)\b(?! (?:placed|number))",
        r"\1 and revenue",
    ),
    (
        r"\bwho (?:is|was|are|were) (?:our|the|my) (?:very )?(?:first|oldest|earliest|longest[- ]standing) (?:customer|client|buyer)s?\b(?: ever| of all)?",
        "who are our longest-standing customers",
    ),
    (
        r"\bwho (?:is|was|are|were) (?:our|the|my) (?:newest|latest|most recent|youngest|last new) (?:customer|client|buyer)s?\b(?: ever| of all)?",
        "who are our newest customers",
    ),
    (
        r"\b(?:how many )?(?:bounced (?:emails?|mails?|mailings)|(?:emails?|mails?|mailings) (?:have |had |that |did )*bounced?)\b",
        "number of bounces",
    ),
    (r"\b(?:sms|text message)s? (?:performance|results|statistics|stats|figures)\b", "sms sent and sms clicks"),
    (
        r"\b(?:emails?|mailing)s? (?:performance|results|statistics|stats)\b|\bperformance of (?:our )?(?:emails?|mailings?)\b",
        "emails sent and open rate and click rate and unsubscribe rate",
    ),
    (
        rf"\b{_WHICH_HOUR} (?:do|does|did|are) (?:the )?{_WHO}(?: (?:mostly|usually|mainly|most))? {_OPENED} {_MAILS}\b(?: (?:the )?most(?: often)?)?",
        _opened_by("hour"),
    ),
    (
        rf"\b{_WHICH_DAY} (?:do|does|did|are) (?:the )?{_WHO}(?: (?:mostly|usually|mainly|most))? {_OPENED} {_MAILS}\b(?: (?:the )?most(?: often)?)?",
        _opened_by("weekday"),
    ),
    (rf"\b{_WHICH_HOUR} (?:are|were) {_MAILS}(?: (?:mostly|usually|mainly|most))? {_OPENED}\b", _opened_by("hour")),
    (rf"\b{_WHICH_DAY} (?:are|were) {_MAILS}(?: (?:mostly|usually|mainly|most))? {_OPENED}\b", _opened_by("weekday")),
    (
        r"\b(which|what) (country|countries|channels?|city|cities|categor(?:y|ies)|market|markets) (?:do |does )?(?:brings?|brought|attracts?|gives?|gets?|wins?|has|have|delivers?|sends?|produces?|generates?)"
        r" (?:us |in )?(?:the |our )?(?:best|most valuable|highest[- ]value|most loyal|biggest|richest) (?:customers|buyers|clients|shoppers)\b",
        r"\1 \2 has the highest revenue per customer",
    ),
    (
        rf"\bhow (?:long|many days|much time)(?: does it take| passes| pass| goes by)?(?: on average)? (?:after|from|between|until after) (?:the|their|a|an) first (?:order|purchase|buy)(?: (?:do|does|until|before|till))?(?: (?:a |the |our )?(?:people|customers?|they|buyers?|clients?|shoppers?))?(?: (?:usually|typically|on average))? {_AGAIN}(?: again| a second time)?\b",
        "average time to second order",
    ),
    (
        rf"\bhow (?:long|many days|much time)(?: does it take| passes| pass| goes by)?(?: on average)? (?:until|till|before|for) (?:an? |the |our )?(?:people|customers?|they|buyers?|clients?|shoppers?)(?: to)? (?:re-?orders?|{_AGAIN} again|come(?:s)? back)\b(?: on average)?",
        "average days between orders",
    ),
    (
        r"\b(?:conversion |sales |purchase |marketing |checkout )?funnel\b(?! (?:stage|of love))",
        "visits and product views and carts and checkouts and orders",
    ),
    (
        r"\bper capita\b(?: (?:spend|spending|revenue|sales))?|\b(?:spend|spending|revenue|sales) per capita\b",
        "revenue per customer",
    ),
    (
        r"\b(customers?|people|buyers|clients|shoppers|those|ones|who) (?:who |that )?(?:had|have) (?:already |ever )?(?:bought|ordered|purchased|shopped)(?: (?:with|from) us)? before\b(?! (?!that\b|then\b)\w)",
        lambda m: "returning customers" if m[1] != "who" else m[0],
    ),
    (
        r"\b(customers?|people|buyers|clients|shoppers)\b(.*?)[,:] ?(?:count|number|how many)(?: of them)? and (?:what|how much) (?:they|did they|have they) (?:spent|spend|bought for|brought)\b",
        r"\1 and revenue\2",
    ),
    (
        r"\bhow much would we lose if (?:the |our )?((?:top|best|biggest|largest) \d+ ?%?)(?: (?:of )?(?:the |our )?(?:customers|clients|buyers))? (?:left|leave|were gone|went away|churned|quit|stopped(?: buying)?)\b",
        r"what share of revenue comes from the \1 customers",
    ),
    (
        r"\b(?:small|little|tiny|cheap|big|large|huge|expensive) (orders|invoices|baskets|purchases) (?=(?:under|below|over|above|of (?:less|more) than|less than|more than|up to|at least) \d)",
        r"\1 ",
    ),
    (
        r"\b(orders|invoices|baskets|purchases)\b(.*?)[,:;] ?how many(?: (?:are there|were there|of them))?,? and (?:for )?how much (?:revenue|money|turnover|sales)(?: (?:are they|do they bring|did they bring|is that))?\b",
        r"\1\2: number of \1 and revenue",
    ),
    (
        r"\bdo(?:es)? (?!(?:you|i|we)\b)(.{3,30}?) (?:prefer|like|buy more|love) (\w+) (?:or|over|more than|rather than) (\w+)(?: (?:more|better))?\b",
        r"\2 versus \3 in \1",
    ),
    (r"\bbut never (?=(?:any )?[a-z]+(?:[?.! ]*$| and\b))", "but not "),
    (
        r"\b(?:customers|people|clients|buyers|those|ones)? ?(?:who|that) used to (?:buy|order|spend|shop|purchase) (?:a lot|much|often|regularly|frequently|lots|big|heavily)(?:,? (?:and|but) (?:then |have |has |now )*(?:stopped|no longer do|do not any ?more|quit|disappeared|vanished|went (?:silent|quiet)|are gone|not any ?more))(?: (?:buying|ordering))?\b",
        "customers in cannot lose them",
    ),
    (
        r"\b(?:before noon|mornings?) (?:versus|and|or|against|compared (?:to|with)) (?:after ?noon|after noon|afterwards|later)\b",
        "before noon versus the rest",
    ),
    (
        r"\b(?:biggest|largest|highest) (?:single )(order|invoice|basket|purchase|transaction)\b",
        r"biggest \1",
    ),
    (
        r"\b(?:how (?:far|much) (?:are we )?)?(?:(?:are|is|were) (?:we|sales|business) )?(?:far |well |much |still |now |currently )?(?:ahead of|behind|up on|down on|above|below) (last (?:year|month|week|quarter))\b(?: are we)?(?=[?.! ]*$)",
        lambda m: f"{'compared' if m.string[: m.start()].strip() else 'revenue compared'} to {m[1]}",
    ),
    (r"\bcontacts (?=(?:with|without|who|that|in|from|never)\b)", "customers "),
    (
        r"\b(?:like|similar to|resembling|alike) (?:my|our|the) best (?:customers|clients|buyers|ones)\b",
        "like the champions",
    ),
    (r"\bsimilar (customers|people|buyers|clients|shoppers) to\b", r"\1 similar to"),
    (r"\b(lost|gone|left)(?: us)? (?:forever|for ever|for good)\b", r"\1"),
    (
        r"\bcac\b|\b(?:customer )?acquisition costs? per (?:new )?customer\b|\bcustomer acquisition costs?\b|\bcosts? to (?:acquire|win|get) (?:an? )?(?:new )?customers?\b"
        r"|\bwhat does it cost (?:us )?to (?:acquire|win|get) (?:an? )?(?:new )?customers?\b"
        r"|\b(?:how much|what) (?:do|did) (?:we|i) pay (?:for|per) (?:an?|1|each|every) new (?:customer|client|buyer)\b",
        "ad spend per new customer",
    ),
    (r"\bblended (?=ad spend per new customer)", ""),
    (
        r"\b(?:mer|marketing efficiency(?: ratio)?|blended (?:roas|return on ad spend))\b(?: ?\([^)]*\))?|\brevenue per (?:dollar|euro|pound) (?:of|spent on) (?:ads?|advertising|marketing|ad spend)\b",
        "revenue per ad spend",
    ),
    (
        r"\b(revenue|sales|turnover|orders) (?:of|from|by|on|through) (?:(?:the |people'?s? |customers'? |buyers'? )|(?:people|customers|buyers|those) (?:who (?:placed|made)|placing|making|with) )?(?:their |our )?(?:very )?first(?:-ever)? (?:orders?|purchases?)\b",
        r"\1 from new customers",
    ),
    (
        r"\bnc ?(?:%|share|rate) of (?:the |our )?(.{0,20}?)(revenue|sales|turnover)\b(?:[,?]? ?(?:i\.?e\.?,? )?new (?:versus|and|or) returning)?",
        r"share of \1\2 from new customers",
    ),
    (r"\bnc ?(?:%|share|rate)", "share of new customers"),
    (
        r"\b(?:time|days|number of days|gap|pause) (?:between|from) (?:the |their )?(?:first|1st) (?:and|to|until) (?:the |their )?(?:second|2nd) (?:order|purchase|1)\b"
        r"|\b(?:time|days) (?:to|until|till) (?:a |the )?second (?:order|purchase)\b",
        "days to the second order",
    ),
    (
        r"\bhow (?:long|many days) (?:does it|it|do they|do customers|do people) (?:normally |usually |typically )?take(?:s)?(?: (?:on|in) average| normally| usually| typically)? (?:until|till|before|for) (?:somebody|someone|people|customers|a customer|they|one) (?:to )?(?:buys?|orders?|purchases?|comes? back) (?:a second time|the second time|again|for the second time)\b",
        "average days to the second order",
    ),
    (
        r"\bhow many days (?:(?:had|have|has|saw|were there with|with|did we have|we had|passed with|went by with) (?:no|zero|not a single)|(?:were|was|are) (?:there )?without (?:an?|any)|without (?:an?|any)) (orders?|sales?)\b",
        r"number of days with less than 1 orders",
    ),
    (
        r"\bhow many (days|weeks|months) (.{2,25}?) (?:had|have|has|saw|with) ((?:fewer|less|more) than|over|under|at least|at most|above|below|no|zero) (\d+ )?(orders|sales|customers|visits)\b",
        lambda m: (
            f"number of {m[1]} with {'less than' if m[3] in ('no', 'zero') else m[3]} {m[4] or '1 '}{m[5]} {m[2]}"
        ),
    ),
    (
        r"\bhow many (days|weeks|months)\b(.{0,25}?) did we (?:sell|make|take|earn|turn over)(?: for)? ((?:fewer|less|more) than|over|under|at least|at most|above|below) (\d+(?:\.\d+)?)\b(?! (?:units|pieces|items|products))",
        r"number of \1 with revenue \3 \4\2",
    ),
    (
        r"\b(top|best|bottom|worst) (\d+) (products|items|articles|categories|customers|channels|cities|countries) per (category|country|channel|city|segment|month|quarter|year|week)\b",
        r"\1 \2 \3 in each \4",
    ),
    (r"\b(at least|at most|more than|fewer than|less than|over|under) (\d+) sold\b", r"\1 \2 units sold"),
    (
        r"\borders ((?:worth |of )?(?:over|above|under|below|at least|at most|more than|less than) \d+(?:\.\d+)?),? (?:how many )?(?:that |which )?(?:had|have|has|carried|got|were given|came with|with|having) (?:an? |any |the )?discounts?\b(?: on (?:them|it))?",
        r"discounted orders \1",
    ),
    (
        r"\bhow many orders (?:had|have|carried|got|were given|came with) (?:an? |any )discounts?\b(?: on (?:them|it))?",
        "how many discounted orders",
    ),
    (r"\bdiscounts? per (?=(?:discounted )?orders?\b)", "discounts per "),
    (r"\bclick(?:s)?[- ](?:to|over|per)[- ]opens?(?: rates?)?\b", "ctor"),
    (
        r"\bwho(?:m)? (?:should|shall) (?:i|we) (?:write|mail|email|contact|message|talk|reach out)(?: to)?(?: next| now| first| today| this week)*(?=[?.! ]*$)",
        "what should I do next",
    ),
    (r"\bwhat (?:happened|went on|was going on) (?=(?:last|this|in|yesterday)\b)", "report for "),
    (
        r"\b(?:on )?weekends? (?:versus|compared (?:to|with)|against|and|or) (?:on )?(?:week ?days|working days|the week)\b|\b(?:on )?week ?days (?:versus|compared (?:to|with)|against|and|or) (?:on )?weekends?\b",
        "by weekend or weekday",
    ),
    (
        r"\b(?:are|do|did|were|have) we (?:selling|sell|sold|making|make|made|doing|do|done|earning|earn(?:ed)?) (?:more|less|better|worse|as much)(?: (?:sales|money))? (?:than|as) (?:we did |we were )?(?:at |in |by )?(?:the )?(?:this time|same (?:time|days|period)(?: of| in)?) (?:of )?last year\b",
        "revenue this year compared to last year",
    ),
    (
        r"\b(?:how many|what (?:share|percentage|part)) (?:of (?:the|our) )?(?:new|first[- ]time) (?:customers|buyers|clients|shoppers) (?:from|of|in|won in|acquired in) (.{3,20}?) (?:came back|come back|returned|ordered again|bought again|reordered)(?: again| later| since)?(?=[?.! ]*$)",
        r"retention of the customers won in \1",
    ),
    (
        r"\b(what|which) (share|part|percentage|proportion|%) of (?:our|the) (?:customer )?base (?:is|are)\b",
        r"\1 \2 of our customers are",
    ),
    (
        r"\b(?:revenue|value|money|sales) (?:is |are )?at risk (?:from|of|by|through) (?:churning|leaving) customers",
        "value at risk",
    ),
    (r"\b(retention|churn) by monthly cohorts?\b|\bmonthly cohort (retention)\b", r"\1\2 by cohort"),
    (
        r"\bhow long (?:does it|it) take(?:s)?(?: (?:on|in) average| normally| usually| typically)? (?:until|till|to|before) (?:the |a |their |somebody's )?second (?:order|purchase)\b",
        "average days to the second order",
    ),
    (
        r"\b(?:how much )?(revenue|sales|orders) (?:is|are|was|were) attributed to (?:the )?(\w+(?: \w+)?)(?= (?:this|last|in|for|by)\b|[ ?.!]*$)",
        r"attribution for \2",
    ),
    (r"\b(?:web ?site|site|shop|store|online|overall) conversion rate\b", "conversion rate"),
    (
        r"\bwhat (?:did|does) (?:a|each|one|1) new (?:customer|client|buyer) cost(?: us)?\b",
        "ad spend per new customer",
    ),
    (
        r"\bhow much of (?:our|the) (?:ad |marketing |advertising )?(?:budget|spend) (?:goes|went|is spent|was spent) (?:to|on|into|for) (?:each|every|which|the) channels?\b",
        "share of ad spend by channel",
    ),
    (
        r"\bwhere should (?:i|we) (?:spend|invest) more(?: money| budget)?(?=[?.! ]*$)",
        "which channel should give, which should get",
    ),
    (r"\b(?:have|has) not (?:been )?seen (?:us )?(?:in|for) ", "have not bought for "),
    (
        r"\b(?:we|i) (?:have|did) not (?:see|seen|hear from|heard from|have back) (?:in|for|since) ",
        "who have not bought for ",
    ),
    (
        r"\b(?:at )?what time do (?:people|customers|buyers|clients|shoppers|they) (?:usually |mostly |normally |typically )?(?:order|buy|shop|purchase)\b",
        "orders by hour",
    ),
    (
        r"\bdo (?:discounted orders|orders with (?:a )?discounts?) (?:have|has|show|bring) (?:an? )?(?:higher|lower|bigger|smaller|larger) (?:average (?:order )?value|aov|baskets?)\b",
        "average order value by discounted or full price",
    ),
    (r"(?<=[\w%]),? (?:and |so |but )?where do we stand(?: now| today| at the moment)?(?=[?.! ]*$)", ""),
    (
        r"^(?:and |so |but )*where (?:do we stand|are we at)(?: now| today| at the moment)?(?=[?.! ]*$)",
        "how is business",
    ),
    (r"^(?:and |so |but )*where do we stand (?:in |for )?(.{3,25}?)(?=[?.! ]*$)", r"report for \1"),
    (r"\b(?:day by day|day after day)\b", "by day"),
    (r"\b(?:month by month|month after month)\b", "by month"),
    (r"\b(?:week by week|week after week)\b", "by week"),
    (
        r"\bhow much (?:revenue |money |turnover |sales )?(?:did|do|have|has) (?:the |our )?customers (?:who |that |we )*(acquired|won|gained|joined) (.{2,30}?) (?:bring|brought|spend|spent|generated?|make|made|give|given|earn(?:ed)?)\b(?: us| in)?",
        r"revenue of customers \1 \2",
    ),
    (
        r"\b(which|what) (country|countries|channels?|city|cities|categor(?:y|ies)|markets?) (?:has|have|shows?|had|with) (?:the )?(best|highest|worst|lowest|weakest|strongest) (?:customer )?(?:retention|loyalty)(?: rate)?\b",
        r"\1 \2 has the \3 repeat rate",
    ),
    (r"\bhow much (did|have|do) we discount(?:ed)?\b", "discounts given"),
    (
        r"\b(orders|invoices|baskets) (?:that |which )?(?:contain(?:ed|ing|s)?|hold|held|have|had|included?|including) both (?:the |an? )?(.+?) and (?:the |an? )?",
        r"\1 with both \2 and ",
    ),
    (
        r"\b(?:who|which (?:customers|people|clients|buyers)) (?:returns?|returned|sends? back|sent back|refund(?:ed|s)?)(?: (?:us|things|goods|items|products|the))* most(?: often)?\b",
        "which customers have the highest refunds",
    ),
    (
        r"\bhow many (days|weeks|months)\b(.*?) (?:had|have|has|saw|made|reached|brought|were there with|with) (?:an? )?([a-z][a-z ]+?) ((?:of )?(?:over|above|under|below|more than|less than|at least|at most)) (\d+)\b",
        r"number of \1 with \3 \4 \5 \2",
    ),
    (
        r"\b(?:of|among) (?:the |all |our )?(?:customers|people|buyers|clients|shoppers|those) (?:who|that) (?:bought|ordered|purchased) in (.+?),? how many (?:also |then |still )?(?:bought|ordered|purchased)(?: again| something)? in (.+?)(?: too| as well| also| again)?(?=[?.! ]*$)",
        r"how many customers bought in \1 and in \2",
    ),
    (
        r"\bhow many (?:of the )?(?:customers|people|buyers|clients|shoppers) (?:who|that) (?:bought|ordered|purchased) in ([^,]+?) (?:also |then |again )?(?:bought|ordered|purchased)(?: again| something)? in (.+?)(?: too| as well| also| again)?(?=[?.! ]*$)",
        r"how many customers bought in \1 and in \2",
    ),
    (
        r"^(?:please )?compare (?:the |our )?(last|past) (\d+) (day|week|month|quarter|year)s(?: (?:with|to) each other| side by side)?(?=[?.! ]*$)",
        r"revenue by \3 for the \1 \2 \3s",
    ),
    (
        r"\b(?:which|what) (?:orders|invoices) (?:were|got|have been|was) (?:refunded|returned|cancell?ed|credited)\b",
        "order numbers by refunds",
    ),
    (
        r"\b(which|what) (countr(?:y|ies)|customers|segments?|people|buyers) (?:buys?|bought|purchases?d?|orders?) (?:the )?most expensive (?:products|items|things|goods|articles)\b",
        r"\1 \2 has the highest average unit price",
    ),
    (
        r"\bdo (?:people|customers|we|they|clients) (?:buy|order|sell|shop|spend|purchase) (?:more|most|better|less)(?: things)? (?:on|at|during) (?:the )?weekends?(?: than (?:on|during) (?:the )?(?:week ?days|week|working days))?",
        "orders by weekday",
    ),
    (
        rf"\bwho (?:placed|made|gave(?: us)?|had|wrote) (?:the |our )?(?:{_LARGE}) (?:single )?{_ORDER}(?: ever)?\b(?=.*(?:\b(?:19|20)\d\d\b|\b(?:last|this|past) (?:week|month|quarter|year)\b))",
        "top 1 customer ids and order numbers by revenue",
    ),
    (
        rf"\b(?:the |our )?(?:(?P<n>\d+) (?P<how>{_LARGE}|{_LITTLE}|top)|(?P<same>{_LARGE}|{_LITTLE}|top) (?P<m>\d+)|(?P<bare>{_LARGE}|{_LITTLE})) (?:single )?{_ORDER}s(?: by (?:value|revenue|amount|size|money))?\b(?! (?:per|by|numbers?|of (?:less|more|at|over|under))\b)",
        lambda m: (
            f"{'bottom' if re.fullmatch(_LITTLE, m['how'] or m['same'] or m['bare']) else 'top'} {m['n'] or m['m'] or 10} order numbers by revenue"
        ),
    ),
    (
        r"\b(?:which|what|the|those|all)? ?(customers|people|buyers|clients|shoppers) (?:who |that |have |had )*(?:spent|bought|ordered|purchased) (less|more)(?: money)? (?=.*\b(?:than|compared (?:to|with)) (?:in |during |on |the |a )*(?:last|previous|prior|this|year|month|week|(?<=in )(?:19|20)\d\d|january|february|march|april|may|june|july|august|september|october|november|december|q[1-4]|summer|winter|spring|autumn)\b)",
        r"which customers had \2 revenue ",
    ),
    (
        rf"\b(?:which |what )?(?:customers|people|buyers|clients|shoppers) (?:whose (?:spending|spend|revenue|orders|purchases) (?:have |has |had |is |are |was |were |been )*(?:{_FELL})|(?:who |that |have |has |had )*(?:reduced|cut|lowered|decreased) their (?:spending|spend|purchases|orders)\b)(?=.*\b(?:this|last|compared|versus|than|since|from|in)\b)",
        "which customers had falling revenue",
    ),
    (
        rf"\b(?:which |what )?(?:customers|people|buyers|clients|shoppers) (?:whose (?:spending|spend|revenue|orders|purchases) (?:have |has |had |is |are |was |were |been )*(?:{_ROSE})|(?:who |that |have |has |had )*(?:increased|raised|stepped up|upped|grown) their (?:spending|spend|purchases|orders)\b)(?=.*\b(?:this|last|compared|versus|than|since|from|in)\b)",
        "which customers had growing revenue",
    ),
    (
        r"\bhow many (?:of (?:our|the) )?(?:emails?|mails|mailings|messages) (?:were|have been|got|did get) (open|click)ed\b",
        lambda m: f"number of {'opens' if m[1] == 'open' else 'email clicks'}",
    ),
)
