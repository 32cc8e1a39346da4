"""How people ask what a word means, and what a figure counts and leaves out."""

from __future__ import annotations

from language.filler import ASKING
from language.requests import Answerable, Request
from language.residue import not_understood
from language.scene import Call, Scene
from language.slots import Slots
from language.vocabulary import SEGMENTS
from language.words import plain


def meaning(slots: Slots, _scene: Scene) -> Answerable:
    """The terms of the clause; what is neither a term nor the way one asks for a meaning is named."""
    from tools.glossary.terms import terms_in  # it knows every declared name

    said = slots.plain
    for name in slots.quoted:  # what does “recency” stand for
        said = said.replace("<quoted>", plain(name), 1)
    terms, rest = terms_in(said)
    if slots.has(r"\bhow (?:much|many) (?:do|does|did|have|has)\b"):
        return (
            "Do you ask what a term means, or for a figure? Say which figure, for example “revenue of the champions”."
        )
    if slots.periods:
        return "A definition is the same for every period. Ask for the meaning alone, or for the figure of that time."
    unknown = [word for word in rest.split() if word not in _ASKING and not word.isdigit() and len(word) > 1]
    if unknown:
        return not_understood(unknown, slots)
    if not terms:
        return (
            "I can explain my own terms: figures (net revenue, average order value), fields of a customer (recency, "
            f"health score), segments ({', '.join(list(SEGMENTS)[:2])}), RFM, churn, CLV. Which of them?"
        )
    return [Call("define_terms", {"terms": [term.name for term in terms[:8]]})]


# "How many …", "what is a normal basket", "champions against loyal: revenue": a figure, whatever terms are in it
_A_FIGURE = (
    r"^(?:and |so |then )*how (?:many|much)\b|\b(?:normal|usual) |\btypical (?!gap)|\ban? average\b"
    r"|^(?!.*\b(?:what|whats|who|when|how|which|why|explain\w*|defin\w*|mean\w*|differ\w*|formula|stands?|is|are|does"
    r"|do|did|was|were|includ\w*|contain\w*|glossary|terms?|words?|interpret\w*|read|gross or net|behind|concept)\b)"
    r"|^do(?:es)? (?!.*\b(?:mean|include|contain|count)\b).*"
    r"\b(?:bring|lead|cause|drive|increase|boost|help|improve|attract|make|sell)\b"
    r"|\bwho (?:spends?|buys?|orders?|returns?|pays?)\b"
    r"|^(?!.*\b(?:differ\w*|mean\w*|defin\w*|explain\w*)\b).*\b(?:versus|against|compared?)\b"
)
MEANING = Request(
    "meaning",
    """
        what does health score mean | how is price sensitivity defined | explain the customer health score |
        what do you mean by health score | how do you work out brand loyalty | meaning of p_alive | define churn |
        what is the overdue ratio | what does tenure days stand for | how is cart abandonment rate computed |
        explain price sensitivity to me | what goes into the health score | how do you measure loyalty |
        definition of monetary value | what is meant by weekend share | on what scale is the loyalty score |
        is a high health score good or bad | what does revenue_trend_90d mean | what is a typical gap | whats clv |
        I don't understand the churn probability, what is it | tell me the meaning of recency | what is tenure_days |
        what does the churn probability field mean | meaning of the health score | what does frequency score mean |
        how do you calculate net sales | definition of net revenue | what exactly counts as an order in your figures |
        what is your revenue definition | are refunds taken off in the revenue | how is revenue defined here |
        are returns already deducted from turnover | does turnover contain refunds | is the revenue net or gross |
        do you subtract credit notes from sales | do refunds reduce revenue | is that figure before or after refunds |
        are cancelled orders counted as orders | do returned items lower the units | are discounts part of revenue |
        when you say sales do you mean gross or net | is revenue including or excluding returns | gross or net sales? |
        does average order value include refunds | are discounts already taken off from the revenue you show |
        what's the difference between gross sales and revenue | difference between orders and order lines |
        who counts as a new customer | when is somebody a repeat customer | what makes a customer at risk |
        what counts as a returning customer for you | who are the hibernating customers, what does that word mean |
        what kind of customers are champions in your terms | what does cannot lose them stand for | define loyal |
        what is a potential loyalist | explain about to sleep | what does promising mean here | meaning of at risk |
        what does R F M stand for | explain rfm in simple words | rfm meaning | how does rfm scoring work |
        what is an rfm segment | what is a cluster here | what are discovered groups | what is a behaviour pattern |
        how do you find clusters | what is a cohort | what is retention in your reports | what's a holdout group |
        explain lift like i am a beginner | what is clv in plain english | what does AOV stand for | aov meaning |
        what is aov | meaning of roas | what do ctr and cpc mean | how is click rate calculated | define bounce rate |
        how do you compute the refund rate | formula of the repeat rate | how is the repeat purchase rate worked out |
        what is behind the figure revenue per customer | explain the term recency | sorry what is recency again |
        can you explain p_alive in words a child understands | explain p_alive as if i were five |
        pls explain what monetary score is | what means frequency | could you tell me how churn is defined |
        when is a customer churned in your eyes | when do you call a customer lost | what is an inactive customer |
        in your system, what is a seasonal spender | what do you call a high spender | new customer definition |
        I'm new to this, what is average order value | what does net mean in net revenue | glossary entry for lift |
        what does units mean, sold or returned too | how should I read the overdue ratio | what's rfm all about |
        what does the word anonymous orders mean | do guest orders count in revenue | are guests counted as customers |
        what is an at risk customer | what's a loyal customer in your terms | what makes somebody a potential loyalist |
        what is a hibernating customer | a lost customer, what is that | what does new mean in your segments |
        which customers count as promising, by definition | explain the segment names | what is a champion to you |
        is a refund an order for you | how do you define active customers | what do orders per customer mean exactly |
        how do you compute the health score | how do you arrive at the lifetime value | how is churn worked out |
        difference between champions and loyal customers | at risk versus about to sleep, what is the difference
    """,
    meaning,
    unless=_A_FIGURE,
    near_misses="""
        define GDPR | what does ROI stand for | explain quantum computing | what is a KPI tree | meaning of life |
        explain the tax rules for exports | what is the capital of France | what is the weather | what is love |
        explain why | what is new |
        explain yourself | what is wrong with you | what do you mean
    """,
)
_ASKING = (
    MEANING.words
    | ASKING
    | frozenset(
        """
    negative minus positive included include includes including counted counting counts count deducted deduct
    subtract subtracted without stands stood means meant abbreviation acronym short term terms word words simple
    simply english language layman laymans beginner dummies child kid five im like mean calculated calculation
    computed defined defines formula described describe description idea concept here segmentation system tool
    report reports dashboard app aima contain contains containing add added adds reduce reduced lower treat
    treated handle handled net gross after before between versus or difference
    """.split()  # noqa: SIM905
    )
)
