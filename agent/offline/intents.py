# ruff: noqa: E501  (a table of examples)
"""What can be asked, as data: each intent with its sub-agent, example phrasings, and words that speak for it.

A clause is matched by grammar first (`cues`: a pattern over its plain words, strongest first) and by retrieval after
(the nearest example, both with names, periods and figures replaced by marks).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agent.offline.intent import WHY_SCORE, Intent
from agent.offline.overview_intents import OVERVIEW_INTENTS
from agent.offline.response_intents import RESPONSE_INTENTS
from agent.offline.segment_intents import SEGMENT_INTENTS

__all__ = ["INTENTS", "SAID", "Intent"]


INTENTS: Final[tuple[Intent, ...]] = (
    *SEGMENT_INTENTS,
    Intent(
        "revise", "content", "revise",
        ("change the subject to 'Hello again'", "make the subject shorter", "edit the proposal", "use another subject line", "set the holdout to 20 %"),
        cues=(r"\b(?:change|edit|revise|set|replace|update|rename) (?:the |its |that )*(?:subject|body|text|message|preview|name|holdout|control|email|proposal)",),
    ),
    Intent(
        "campaign", "content", "campaign",
        ("write them an e-mail", "launch a campaign at them", "propose a win-back campaign for customers silent for 90 days",
         "draft an email to the champions", "send a message to customers who bought only once", "start a re-engagement campaign",
         "create a newsletter for our best customers", "win them back", "contact them", "can you email those customers", "prepare a mailing"),
        cues=(
            r"\b(?:write|draft|compose|prepare|create|make|send|launch|start|propose|run|plan|design|set up)\b(?: [\w-]+){0,4} (?:emails?|campaigns?|mailing|message|offer|winback|reengagement)\b",
            r"\b(?:email|contact|message|mail|target|reach out to|write to|write) (?:them|those|these|the|all|our|customers|everybody|everyone|people)\b",
            r"\b(?:by|via|with an?|per) (?:email|mail)\b|^offer\b",
            r"\bwin(?:back)? (?:them|those|these|the|our|customers)? ?back\b|\bwinback\b|\breengage (?:them|those|the|our)\b",
        ),
        not_with=r"\bhow is\b|\bhow (?:far|did)\b|\bstatus\b|\bwhich proposals\b|\bemails? (?:did|have) we\b|\bsegment (?:of|from|out of)\b|^(?:did|was|were|has|have)\b|^(?:what|which)\b.*\b(?:effects?|lift|uplift|work\w*|caused?)\b",
    ),
    Intent(
        "save_segment", "research", "save_segment",
        ("save them as VIP", "save this as a segment", "create a segment of customers who spent over 500", "make a segment called 'Quiet' from them", "remember this group", "store those customers as 'Big spenders'", "keep them as a segment"),
        cues=(r"\b(?:save|store|keep|remember)\b.*\b(?:as|segment|group|them|those|these|this)\b", r"\b(?:create|make|build|define|set up|add) (?:a |an |me |new |the )*segment\b"),
    ),
    *OVERVIEW_INTENTS,
    *RESPONSE_INTENTS,
    Intent(
        "campaign_state", "content", "campaign_state",
        ("how is the campaign doing", "how far is sending", "campaign status", "how many messages were sent", "is the campaign finished", "did the emails go out", "what happened to the campaign"),
        cues=(r"\bcampaign(?:'s)? (?:status|progress|result)", r"\b(?:status|progress|state|results?) of (?:the |our |my |last )*campaign", r"\bhow (?:is|was|did|far is) (?:the |our |my |last |that )*campaign", r"\bhow many (?:messages|emails) (?:were|have been|are|went) (?:sent|out|waiting)", r"\b(?:did|have) (?:the |those |all )*(?:emails|messages) (?:go|gone|been sent)"),
    ),
    Intent(
        "proposals", "content", "proposals",
        ("which proposals are waiting", "list the proposals", "what is waiting for approval", "show pending proposals", "rejected proposals", "what did we propose", "is there anything to approve"),
        cues=(r"\bproposals\b", r"\bwaiting for (?:my |an? |our )?approval\b", r"\b(?:anything|something|what|which|nothing) (?:\w+ ){0,2}to approve\b", r"\bawaiting approval\b"),
    ),
    Intent(
        "mailbox", "content", "mailbox",
        ("show the mailbox", "what is in the sandbox", "show me the messages that were delivered", "open the sandbox mailbox", "which mails arrived"),
        cues=(r"\b(?:mailbox|sandbox|inbox|outbox)\b",),
    ),
    Intent(
        "job", "analytics", "job",
        ("how far is the job", "job status", "is the scoring finished", "what is running in the background", "did the import finish", "progress of the job"),
        cues=(r"\bjobs?\b", r"\b(?:is|has|did) (?:the )?(?:scoring|import|refresh|computation)\b", r"\bbackground\b"),
    ),
    Intent(
        "refresh", "analytics", "refresh",
        ("recompute the scores", "refresh the churn scores", "update the segments", "calculate everything anew", "rerun the models", "retrain the churn model"),
        cues=(r"\b(?:recompute|refresh|recalculate|rerun|retrain|update|compute|calculate)\b(?: \w+){0,4} (?:scores?|features?|segments|models?|rfm|churn|predictions?|everything|values?)\b",),
    ),
    Intent(
        "profile", "research", "profile",
        ("tell me about customer 17850", "who is customer 12345", "profile of customer 14646", "show customer 12346", "what do we know about jane@example.com", "customer 17850", "why is customer 17850 at risk", "how much did customer 14646 spend", "why is the health of customer 17850 low", "how loyal is customer 17850", "is customer 17850 still a customer"),
        cues=(r"\babout <customer>", r"^<customer>[.?]*$", r"\b(?:who is|profile of|show(?: me)?) <customer>", WHY_SCORE),
        needs=("<customer>",),
    ),
    Intent(
        "next_purchase", "analytics", "next_purchase",
        ("who will buy in the next 14 days", "when will customer 17850 buy again", "who is expected to order next week", "next purchase dates", "which customers are due to buy soon", "when does customer 12345 order next", "expected purchases in the next 30 days"),
        cues=(r"\bnext (?:purchase|order|buy)\b", r"\bwhen (?:will|does|is|are)\b.*\b(?:buy|order|purchase|shop|return|come back|due)\b", r"\b(?:will|expected to|going to|likely to|due to|about to) (?:probably )?(?:buy|order|purchase|shop|come back)\b", r"\bdue (?:soon|<horizon>|in|within)\b"),
    ),
    Intent(
        "cohorts", "analytics", "cohorts",
        ("the December 2010 cohort after one month", "cohort analysis", "retention by cohort", "how many of the January 2011 cohort came back after 2 months", "show retention", "how many customers who first bought in March 2011 came back the next month", "do customers come back", "monthly cohorts", "retention rate"),
        cues=(r"\bcohorts?\b", r"\bretention\b|\bretained\b|\bretain\b", r"\bfirst (?:bought|ordered|purchased|order)\b.*\b(?:came|come|returned|back|again)\b", r"\bcome back\b(?!.*\blikely\b)"),
    ),
    Intent(
        "churn_model", "analytics", "churn_overview",
        ("how good is the churn model", "how accurate are the churn predictions", "what does churn mean here", "when does a customer count as left", "which churn model won", "can I trust the churn scores", "definition of churn"),
        cues=(r"\b(?:good|accurate|accuracy|reliable|trust|trustworthy|quality|precise|calibrat\w*|backtest\w*|back-test\w*|concordance)\b.*\b(?:churn|leav\w+|model|predictions?)\b", r"\b(?:churn|leav\w+)\b.*\b(?:accurate|accuracy|reliable|trust|calibrat\w*|defin\w+|mean|model)\b", r"\b(?:counts?|counted|considered) as (?:left|gone|lost|churned)\b", r"\bdefin\w+ of (?:churn|left|leaving)\b", r"\bmodels?\b.*\b(?:good|accurate|reliable)\b"),
    ),
    Intent(
        "churn_who", "analytics", "churn_who",
        ("who is likely to leave in the next 60 days and what are they worth", "which customers will churn", "who are we about to lose", "high risk customers by value", "customers at risk of leaving", "which valuable customers might leave", "whom are we losing", "who is going to churn next month", "top 10 customers at risk"),
        cues=(r"\b(?:who|which|whom|list|show|name)\b.*\b(?:leav\w+|churn\w*|lose|losing|defect|quit|at risk of)\b", r"\b(?:high|medium|low)[- ](?:churn[- ])?risk customers?\b", r"\b(?:customers?|people|clients|buyers) (?:\w+ )?(?:likely|about|going|expected|predicted) to (?:leave|churn|lapse|quit)\b"),
        not_with=r"\bhow many\b|\bnumber of\b|\bsegment",
    ),
    Intent(
        "churn_overview", "analytics", "churn_overview",
        ("how many customers will leave", "what is our churn", "churn rate", "how big is the churn risk", "value at risk", "how much revenue is at risk", "how many customers have we lost", "churn summary", "how many customers are at high risk", "number of customers likely to leave within 30 days", "how much money are we going to lose"),
        cues=(r"\bchurn\b", r"\bat risk of (?:leaving|churn\w*)\b", r"\b(?:value|revenue|money|much) (?:is |are )?at risk\b", r"\b(?:will|to|might|may|could) leave\b|\bleaving\b", r"\bhave we lost\b|\bdid we lose\b|\bleft us\b"),
        not_with=r"\bsegment|\bdefin",
    ),
    Intent(
        "value", "analytics", "value",
        ("what is our customer lifetime value", "who are our most valuable customers over the next year", "total CLV", "average lifetime value", "what will our customers be worth", "predicted value of our customers", "how much will customers spend in the next 12 months", "customers with the highest lifetime value", "what is the customer base worth"),
        cues=(r"\b(?:clv|ltv|lifetime values?|customer value|predicted values?|customer equity)\b", r"\b(?:customers|customer base|they|people) (?:be |are |is )?worth\b", r"\b(?:will|going to) (?:our |the )?(?:customers|they|people) spend\b", r"\bmost valuable customers\b"),
        not_with=r"<rule>|\bsegment",
    ),
    Intent(
        "segments", "research", "segments",
        ("show me the segments", "which RFM segments are there", "list saved segments", "what is our largest segment", "how are customers segmented", "describe the customer groups", "which segment is most valuable", "what should I do with the hibernating customers", "how should we treat our champions"),
        cues=(r"\b(?:show|list|what|which|describe|see|all|our|my|are)\b.*\b(?:segments|segmentation|customer groups)\b", r"\brfm\b", r"\b(?:which|what|largest|biggest|smallest|best|valuable) segment\b", r"\bhow are (?:our |the )?customers segmented\b"),
        not_with=r"\bby (?:rfm )?segment|\bper (?:rfm )?segment|<metric>.*segment",
        must=r"segment|\brfm\b|\bgroups?\b|\bchampions|hibernating|loyal|promising|sleep|attention",
    ),
    Intent(
        "features", "research", "features",
        ("which customer features are there", "what does health score mean", "how is price sensitivity defined", "feature dictionary", "what can I filter customers by", "which fields can I use", "explain the customer health score", "what do you know about each customer"),
        cues=(r"\b(?:features?|fields|attributes|properties)\b", r"\bwhat (?:does|do|is meant by)\b.*\b(?:mean|score)\b", r"\b(?:explain|define|definition of|meaning of)\b", r"\bhow is\b.*\b(?:defined|calculated|computed|measured)\b", r"\bwhat can i filter\b"),
    ),
    Intent(
        "data", "research", "data",
        ("what data do you have", "which data is loaded", "how fresh is the data", "what period does the data cover", "how many rows are there", "which metrics can I ask for", "what is missing from the data", "describe the data", "when does the data end", "is this demo data", "which tables are there", "what can i ask about"),
        cues=(r"\b(?:data|tables|dataset|rows)\b", r"\b(?:which|what) (?:metrics|dimensions|figures)\b", r"\bhow (?:fresh|recent|old|up to date)\b"),
        not_with=r"<metric> .*by|\bsegment",
    ),
    Intent(
        "report", "reporting", "report",
        ("give me a report", "weekly report", "overview of the business", "how are we doing", "summarise the situation", "dashboard", "how is business", "give me a summary of last month", "what is going on"),
        cues=(r"\b(?:report|overview|dashboard|summary|summarise|summarize|recap|kpis?)\b(?!.*\bchurn\b)", r"\bhow (?:are we|is (?:the )?(?:business|shop|company)) (?:doing|going|performing)\b", r"\bhow are things\b", r"\bwhat happened (?:in|during|last|on|this|<period>)\b|\bhow did we (?:do|perform)\b"),
    ),
    Intent(
        "priorities", "optimiser", "priorities",
        ("what should I do next", "where should we focus", "which segment should we target first", "what do you recommend", "whom should we win back first", "where is the biggest opportunity", "what are our priorities", "how can we earn more", "where does effort pay most", "any advice", "what would you do", "how do we increase revenue"),
        cues=(r"\b(?:should|shall|would|could) (?:i|we|you) (?:do|focus|target|start|begin|concentrate|prioriti[sz]e|act|work|go after|contact|approach|invest)\b", r"\brecommend\w*\b|\badvice\b|\bpriorit\w+\b|\bopportunit\w+\b|\bsuggest\w*\b", r"\bwhere (?:to|should|does|do)\b.*\b(?:focus|start|effort|pay)\b", r"\bhow (?:can|could|do|should) (?:i|we) (?:increase|grow|improve|earn|raise|boost)\b"),
    ),
    Intent(
        "customers_count", "research", "customers_count",
        ("how many customers spent over 1000", "how many customers bought only once", "number of customers silent for 90 days", "how many champions do we have", "count customers with a health score below 40", "what share of customers is from Germany and silent for a year", "how many of them agreed to e-mails", "how large is the group of customers with more than 5 orders"),
        cues=(r"\b(?:how many|number of|count|what share|what percentage|what proportion|how large|how big)\b.*",),
        needs=("<rule>",),
    ),
    Intent(
        "customers_list", "research", "customers_list",
        ("which customers bought only once", "customers who spent over 1000 and have been silent for 90 days", "show me customers from France", "list the champions", "who are our best customers", "top 10 customers by revenue", "who spent the most", "show them", "who are they", "our biggest customers", "give me customers with more than 20 orders", "find customers who have not ordered for a year", "which customers order most often", "customers in Spain"),
        cues=(r"^(?:<\w+> )?<rule>$", r"\b(?:who|which|list|show|find|give|see|name|display|get)\b.*<rule>", r"<metric> (?:<value> )?<rule>", r"^(?:and )?(?:please )?(?:show|list|give|display)(?: me)? (?:them|those|these|it)\b", r"\bwho are (?:they|those|these|them)\b", r"\b(?:who|which customers?) (?:spent|spend|bought|buys?|orders?|ordered|purchased?)\b"),
    ),
    Intent(
        "metrics", "research", "metrics",
        ("what was our revenue in November 2011", "compare October and November 2011", "how many customers do we have", "how many customers", "how many customers are there", "how large is our customer base", "best countries outside the UK", "revenue by month", "top 5 products", "orders per week since March", "average order value in Germany", "compare Germany and France", "how did sales develop", "our open rate", "repeat purchase rate", "which month was best", "how much did we refund last quarter", "worst selling products", "revenue in 2031", "which country buys most", "new customers by month", "where do our customers come from", "spend by ad channel", "roas", "how much did we sell last month", "bestsellers", "which weekday is strongest", "how many orders were cancelled", "is revenue growing", "share of repeat customers"),
        needs=("<metric>|<dimension>|<grain>|<top>|<compare>",),
    ),
)  # fmt: skip

SAID: Final[Mapping[str, tuple[str, str]]] = {
    "approve": (
        r"^(?:please |yes,? |ok,? |go ahead and |and )*(?:approve|send|launch|start|go ahead|do)(?: it| this| that| them| the (?:campaign|proposal|emails?)| all| now| out)*(?: now| please| out| immediately)*[.!]?$",
        "I cannot approve or send anything: that takes a person. Press **Approve** on the proposal's card (or reject or "
        "edit it there). Ask “which proposals are waiting?” to see them.",
    ),
    "delete": (
        r"\b(?:delete|erase|drop|wipe|remove) (?:the |all |our |my |every |these |those )*(?:data|customers?|orders?|tables?|everything|database|segments?|emails?|history)\b",
        "I cannot delete anything. I read data, save segments, and put campaigns before a person.",
    ),
    "greeting": (
        r"^(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|hi there|hello there|hey there|greetings)\b[ ,!.]*(?:aima|there|everyone|how are you)?[ !.?]*$",
        "Hello. I answer questions about your customers, orders and campaigns, each figure with its source.",
    ),
    "thanks": (
        r"^(?:many |ok,? |great,? |perfect,? |good,? )*(?:thanks|thank you|thx|cheers|great|perfect|awesome|nice|wonderful|well done|good job)(?: a lot| very much| so much| you)?[ !.]*$",
        "You are welcome.",
    ),
    "bye": (r"^(?:good)?(?:bye|night)(?: bye)?[ !.]*$|^see you\b.*$", "Until next time. The conversation is kept."),
    "who": (
        r"\b(?:who|what) are you\b(?! (?:most|about|likely))|\bare you (?:an? )?(?:ai|bot|robot|human|person|llm|chatgpt|gpt)\b|\bwhat is your name\b",
        "I am AIMA, a marketing analyst on your own machine. Without a language model configured I work offline: I understand "
        "questions in English about your data by grammar, call the same tools, and write the answers from their results.",
    ),
    "help": (
        r"^(?:please )?help(?: me)?[ !.?]*$|\bwhat can (?:you|i|aima) (?:do|ask|help)\b|\bhow (?:do|can) i (?:use|start|begin|ask)\b|\bwhat (?:are your|do you offer|kind of questions)\b|\bcapabilit\w+\b|\bcommands\b|\bhow does this work\b",
        "",
    ),
}  # fmt: skip
