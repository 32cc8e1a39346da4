"""How people ask for customers: lists, one of them, one over time, and what is known of each."""

from __future__ import annotations

import re
from typing import Any

from language.followups import PRONOUN, is_elliptic
from language.held import other_customers
from language.requests import Answerable, Request
from language.residue import not_understood, unexplained, unknown_words
from language.rules import asked_rule, habits, joined, previous_rule, untold_days
from language.scene import Call, Scene
from language.slots import Slots, read_slots
from tools.audience.asked import LIST, NO_PERIOD, counted, counts, unclear
from tools.audience.foresight import predicted_for
from tools.customers.listing import read_listing
from tools.metrics.figures import asks_figure, figures

_SORTED_BY = (
    (r"\b(?:lifetime value|clv|predicted value|most valuable)\b", "clv_12m"),
    (
        r"\b(?:largest|biggest|highest) (?:single )?(?:orders?|invoices?|baskets?)\b"
        r"|\b(?:orders?|invoices?|baskets?) (?:are|is|were|was) (?:the |our )?(?:largest|biggest|highest)\b",
        "max_order_value",
    ),
    (r"\b(?:sends?|sent) .*back\b|\b(?:returns?|refunds?)\b", "refund_rate"),
    (r"\bmost (?:faithful|loyal)\b", "brand_loyalty_score"),
    (r"\b(?:orders?|often|frequent\w*|times)\b", "orders_all"),
    (r"\b(?:risk|churn|leave)\b", "churn_90"),
    (r"\b(?:health\w*)\b", "customer_health_score"),
    (r"\b(?:average order|basket)\b", "avg_order_value"),
    (r"\b(?:longest-standing|newest) (?:customers|clients|buyers)\b", "days_since_first_order"),
    (r"\b(?:longest silent|longest without|most overdue)\b", "recency_days"),
)


# what a list of everybody is asked for in
_EVERYBODY = frozenset(
    """
    accounts spender spenders spent spend spends spending bring brings sends generates often frequent frequently times
    health score faithful loyal valuable important worth lifetime clv predicted risk churn leave silent longest overdue
    sorted order place placed longest-standing standing newest mostly mainly usually typically shops shopping
    """.split()  # noqa: SIM905
)

_FIGURE_OF = (
    r"(?:what (?:is|was) |how much |the |our |total |show (?:me )?)*<metric> (?:(?:of|from|by|for|with) |<rule>)"
)
# "customers without any refunds", "with more orders than last year": a condition that became no rule
_WITH = r"\b(?:with|without|no|any|have|has|had|more|fewer|less)\b"
_HELD = rf"{_WITH}[^<]*<(?:metric|dimension)>"


def listed(slots: Slots, scene: Scene) -> Answerable:
    """Which customers: a rule, "them", or everybody by some order; how many where that is asked."""
    look = read_listing(slots.original)
    part = "_share" in str(slots.conditions.rule)  # "the 10 % with the lowest health": that is no order of a list
    if (look.sort or look.fields) and not part:
        slots = read_slots(look.text, scene)
    if slots.conditions.unclear or unexplained(slots):
        return unclear(slots)
    rule = joined(asked_rule(slots), habits(slots))
    if rule is None and re.search(_HELD, slots.text) and (held := re.search(rf"{_WITH}.*", slots.plain)):
        return unclear(slots, held[0])
    said = slots.conditions.rule or slots.filters
    if not said and (left := _unheld(slots, scene)):
        return not_understood(left, slots)
    if rule and (asks_figure(slots) or (re.match(_FIGURE_OF, slots.text) and slots.metrics != ["customers"])):
        return figures(slots, scene)
    if rule and counts(slots) and not slots.top:
        return NO_PERIOD if untold_days(slots) else counted(slots, scene, rule)
    if slots.has(PRONOUN) or (rule is None and not slots.top and scene.last and slots.has(r"\bshow|list|who\b")):
        rule = joined(previous_rule(scene), rule)
    if slots.periods and rule is None and slots.conditions.rule is None:
        return _of_days(slots, scene)
    if untold_days(slots):
        return NO_PERIOD
    arguments: dict[str, Any] = {
        "sort_by": look.sort or _sort_field(slots),
        "limit": slots.limit or slots.rank.place or (LIST if slots.top else 20),
    }
    if rule:
        arguments["rule"] = rule
    if look.fields:
        arguments["fields"] = [name for name in look.fields if name != "customer_id"] or ["name"]
    newest = slots.has(r"\bnewest (?:customers|clients|buyers)\b")
    if newest or (slots.ascending if look.ascending is None else look.ascending):
        arguments["descending"] = False
    return [Call("find_customers", arguments)]


def _unheld(slots: Slots, scene: Scene) -> list[str]:
    """What a list of everybody, or of "them", leaves out: words and parts that rank nobody."""
    words = unknown_words(slots, LISTED.words if slots.periods else _EVERYBODY)
    ranks = {"customers", "ordering_customers", "orders", "revenue", "spend", "gross_sales", "largest_order"}
    kinds = {
        "<when>": bool(slots.order_filters) and habits(slots) is None,
        "<having>": True,
        "<metric>": habits(slots) is None and not set(slots.metrics) <= ranks,
    }
    parts = [said for mark, said in slots.taken if kinds.get(mark) and not slots.periods and not slots.top]
    return words or parts


def _sort_field(slots: Slots) -> str:
    for pattern, field in _SORTED_BY:
        if slots.has(pattern) and not (slots.conditions.rule and field == "orders_all" and not _by_orders(slots)):
            return field
    return "monetary_value"


def _by_orders(slots: Slots) -> bool:
    """Orders are said beside those of a condition: "the 30 active customers with the most orders"."""
    return "orders" in slots.metrics and bool(
        re.search(r"<top> <metric>|\b(?:by|most) (?:the |their )*<metric>", slots.text)
    )


def _of_days(slots: Slots, scene: Scene) -> Answerable:
    """Everybody who bought on some days: ranked by a figure of those days, or listed."""
    if slots.top or slots.has(r"\bmost\b") or re.search(r"\bby <metric>", slots.text):
        return figures(slots, scene)
    if len(slots.periods) > 1 or slots.when.against or set(slots.metrics) - {"customers"} or slots.dimensions:
        return NO_PERIOD
    bought = {"purchase": "orders", "operator": "ge", "value": 1} | slots.periods[0].arguments()
    return [Call("find_customers", {"sort_by": "monetary_value", "limit": slots.limit or 20, "rule": bought})]


def profile(slots: Slots, scene: Scene) -> Answerable:
    """One customer, or each of those named."""
    others = other_customers(slots)
    if not others and (predicted := predicted_for(slots, scene)) is not None and not slots.has(r"\bwhy\b"):
        return predicted
    if others:
        named = [str(slots.customer), *others]
        return [Call("customer_profile", {"customer": each}) for each in named]
    customer = slots.customer or (scene.last.arguments.get("customer") if scene.last else None)
    if not customer:
        return "Which customer? Give me the customer id or the email address."
    return [Call("customer_profile", {"customer": customer})]


def another(slots: Slots, _scene: Scene) -> list[Call] | None:
    """ "And customer 12345?" after a profile."""
    named = is_elliptic(slots) and slots.customer
    return [Call("customer_profile", {"customer": slots.customer})] if named else None


def again(_slots: Slots, scene: Scene) -> list[Call] | None:
    """ "Why?" after a profile: it has the reasons in it."""
    return [Call("customer_profile", scene.last.arguments)] if scene.last else None


def history(slots: Slots, _scene: Scene) -> Answerable:
    """One customer over time; of the days that are named, what was bought."""
    if slots.periods:
        return _bought_then(slots)
    return [Call("customer_history", {"customer": slots.customer})]


def _bought_then(slots: Slots) -> Answerable:
    bought = slots.has(r"\b(?:buy|bought|ordered|purchased?|orders?|purchases)\b") and not slots.has(r"\bemails?\b")
    if not bought or len(slots.periods) > 1 or slots.customer is None or "@" in slots.customer:
        return NO_PERIOD
    goods = {"metrics": ["units", "revenue"], "dimensions": ["product"], "limit": LIST}
    whose = {"filters": [{"dimension": "customer", "operator": "eq", "value": slots.customer}]}
    return [Call("query_metrics", goods | whose | slots.periods[0].arguments())]


def features(_slots: Slots, _scene: Scene) -> list[Call]:
    """What every field means."""
    return [Call("feature_dictionary", {})]


LISTED = Request(
    "customers_list",
    """
        which customers bought only once | customers who spent over 1000 and have been silent for 90 days |
        show me customers from France | list the champions | who are our best customers | top 10 customers by revenue |
        who spent the most | show them | who are they | our biggest customers | who bought the blue vase |
        give me customers with more than 20 orders | find customers who have not ordered for a year | top spenders |
        which customers order most often | customers in Spain | shoppers in Madrid that never opened an email |
        customers with more than 3 orders and a health score under 50 | which people ordered candles last month |
        list everyone who spent at least 250 in the last 90 days | give me the 50 biggest spenders | show our vips |
        names of customers who haven't been back since January | our best clients in Italy | who are the vips |
        biggest accounts | our 20 most important accounts | who are our most loyal customers | who shops at night |
        loyal customers from Austria | pull a list of people who abandoned their cart this week | discount hunters |
        who left something in the basket and did not check out | customers who clicked an email but didn't buy |
        people who only buy on sale | weekend shoppers in Dublin | customers who returned more than 2 orders |
        who sends the most stuff back | customers with a high refund rate | clients without an email address |
        everyone who agreed to marketing emails | who has not given consent yet | new customers of the last 30 days |
        who joined us this month | who signed up in the last week | which customers are overdue | unhealthy customers |
        customers late with their next order | customers whose spending is falling | who is spending more than before |
        who is buying less than they used to | one-time buyers from Sweden | repeat buyers with a basket over 80 |
        people that bought twice | customers with exactly 2 purchases | who bought garden stuff but never kitchen |
        buyers of both candles and candle holders | people who bought the teapot since Easter | dormant accounts |
        price sensitive customers | customers sorted by health score, lowest first | longest silent customers |
        rank customers by number of orders | who haven't we seen for half a year | inactive clients over 180 days |
        list lapsed customers | former customers who used to spend a lot | members of the promising segment |
        who is in the need attention segment | which customers are hibernating | show me the lost customers |
        bottom 10 customers by revenue | customers with the lowest average order | who placed the largest single order |
        find customers whose name contains smith | show me 5 of them | display these customers | list those people |
        let me see them | which ones exactly | gimme folks who spent over a grand | pls list custmers form germny |
        could you please give me a list of all customers from Norway who have ordered at least three times |
        hey can u show me punters who came back at least twice | need list customers spain spend > 300 asap |
        I need the clients with more than 10 invoices for the Christmas cards | who never opens our emails |
        looking for buyers with average basket above 120 | filter customers: country = France, orders >= 5 |
        customers where lifetime value > 1000 and last order > 60 days ago | select customers with open rate below 5 % |
        customers that visit the site a lot but don't order | which accounts turn over more than 5,000 a year |
        our top clients by turnover | who are our regulars | who are the big fish | people living in Lyon |
        who generates the most income for us | which buyers bring in the most money | any customers in Japan |
        who in Poland bought more than once | anyone who ordered the advent calendar | who mainly shops in the store |
        who bought something in the last 7 days | which customers order through the app | people who bought the mug |
        tell me which persons have bought three times or more | customers who are with us since more than 2 years |
        who has been a client for over five years | who hasn't ordered anything since the price increase in April |
        I'd like to see everybody with a churn probability above 60 % who lives in Denmark | our most faithful buyers |
        find me buyers who purchased the desk lamp and the chair together | who do we count among the champions |
        okay who are the people that spent between 100 and 200 | buyers of the scarf | customers from Germany |
        which shoppers fill their carts all the time but never pay | who bought the red mug last year |
        weekend shoppers in Germany | price sensitive customers from Spain | who are our top customers |
        customers who opened an email in the last 30 days |
        valuable people with a high churn risk | customers at high risk with a value above 1000 |
        customers without any orders since May | buyers with more purchases than a year ago |
        clients that bought each month and then stopped | list garden buyers, sorted by last order, newest first |
        who bought in April, with their e-mail and country | top 5 customers in June by revenue |
        people with 4+ orders |
        customers with a single order above 500 | whoever ordered through the app and never on the web |
        champions ranked by number of orders, lowest first | show name and city of the lost customers |
        first bought in autumn 2022 and still ordering | customers whose last order was between May and July |
        who returned something last year | customers that came back after a long break of more than 8 months |
        bought mugs in May but nothing since | list those who ordered in every quarter |
        lowest health scores in Spain | worst loyalty score, 5 people | the highest open rates |
        email addresses of our best customers | phone numbers of the champions | night owls among the buyers
    """,
    listed,
    near_misses="""
        list of employees | list our suppliers | which customers are male | customers under 30 years old |
        customers with open invoices | who still owes us money | customers who complained | customers using an iPhone |
        customers who called support last week | customers who paid with PayPal | whose birthday is this month |
        who follows us on Instagram | phone number of customer service | top 10 companies in Germany | who is the ceo |
        delete customers from France | merge duplicate customers | add a new customer | who works in the warehouse |
        customers within 10 km of the store |
        are you alive | are you lost | are you active
    """,
)
PROFILE = Request(
    "profile",
    """
        tell me about customer 17850 | who is customer 12345 | profile of customer 14646 | show customer 12346 |
        what do we know about jane@example.com | customer 17850 | why is customer 17850 at risk | info client 12830 |
        how much did customer 14646 spend | why is the health of customer 17850 low | how loyal is customer 17850 |
        is customer 17850 still a customer | everything about customer C-1042 | pull up customer 8831 |
        customer card of #20417 | give me the full picture of customer 15311 | look up anna.kowalski@example.org |
        who is lee@shop.example | open the record of customer 16029 | details on customer 13089 please | customr 16013 |
        what kind of customer is 17841 | how valuable is customer 14911 | what is customer 12748 worth to us |
        how much has customer 15061 spent in total | is customer 17850 about to leave | how healthy is customer 17511 |
        what is the churn risk of customer 18102 | how likely is customer 14096 to churn | quick facts on buyer 14298 |
        why is the score of customer 16422 so low | explain the health score of customer 13798 | open customer 14606 |
        which segment is customer 12971 in | where does customer 14156 live | has customer 13694 agreed to get emails |
        what's the email address of customer 12583 | contact data of customer 15189 | is customer 12921 still active |
        how price sensitive is customer 16684 | when did customer 14606 become a customer | cust 17735 profile pls |
        what is the average order of customer 17389 | does customer 18229 usually buy with a discount |
        what does customer 13408 like to buy | favourite category of customer 14680 | how good a customer is 15769 |
        could you please show me what you know about customer 15838 | got a call from customer 12415, who are they |
        show me the profile of Maria Lopez | I have john.smith@mail.example on the phone, what should I know about him |
        tell me all what you have of customer 17377 | what is the churn probability of customer 14156 |
        what is the lifetime value of customer 12921 | how is customer 15189 doing | summary of customer 13263 |
        who is the customer with the address lee@shop.example | show me details about customer 12662 |
        how much has jane@example.com spent with us | is customer 13408 a good customer |
        does customer 12415 have consent |
        likelihood of K204 going away in the next quarter | chance of customer 14646 being gone by then, in percent |
        chances of losing customer 14646 | probability that customer 12346 churns in the next 30 days |
        odds of customer 20417 leaving | how likely is U1177 to leave us |
        how probable is it that customer C-1042 quits within 90 days | P881 churn risk |
        will customer 17850 leave us soon | are we about to lose customer 8831 | is customer 12748 going to stay |
        is R556 about to churn | does customer 13089 look like leaving | risk of losing customer 15061 |
        is 14911 likely to quit | will customer 18102 ever come back |
        is customer 14096 coming back, and when more or less | next order of K204, any date |
        clv of customer 16422 with the interval | how much will customer 13798 spend next year, from what to what |
        how much is customer 17511 going to spend with us in the next 12 months | lifetime value of customer 12971 |
        predicted value of jane@example.com | what can we expect from customer 14156 over the coming 12 months |
        how much money will customer 12583 still bring in | future value of customer 15189, low and high |
        K204 lifetime value | what is customer 16684 going to be worth, with error bars |
        value of R556 in the future | estimate the worth of U1177 | how long will customer 14606 stay with us |
        prediction for customer 12921 | forecast for customer 17389 | what do you predict for customer 18229 |
        give me the outlook for customer 13408 | range of the value of P881 |
        expected revenue from customer 14680 and how uncertain it is | will U1177 stick around for the next 2 months |
        is customer 15838 likely to go in the next quarter | wats the probability customer 12415 leave in 90 days |
        how safe is customer 17735 for the next two months | customer 14298: leaving probability and value |
        can you tell me if customer 12830 will churn, in percent
    """,
    profile,
    needs=("<customer>",),
    near_misses="""
        edit my profile | change the address of customer 17850 | delete the profile of customer 12345 |
        how old is customer 17850 | is customer 14646 married | credit rating of customer 12346 | call customer 17850 |
        what is the password of customer 17850 | merge customer 12345 with customer 12346 | write a customer persona |
        update the phone number of jane@example.com | profile picture of customer 17850 |
        linkedin profile of Jane Doe | who is the account manager of customer 17850 |
        did customer 14646 pay the invoice | what is the house of customer 17850 worth | odds that Arsenal wins |
        will customer 17850 pay the invoice | probability of rain in the next 60 days | chance of a delay of order 1042
    """,
)
HISTORY = Request(
    "history",
    """
        history of customer 17850 | what did customer 12345 do lately | order history of customer 14646 |
        timeline of customer 12346 | what has customer 17850 bought so far | everything customer C-1042 ever ordered |
        past orders of customer 8831 | purchase history for #20417 | what did customer 15311 buy last time |
        when did customer 16029 last order | all invoices of customer 13089 | latest orders of customer 17841 |
        show the orders of lee@shop.example in order | activity log of customer 14911 | chronology of customer 13694 |
        what has customer 12748 been up to recently | which products has customer 15061 bought |
        list the purchases of customer 18102 month by month | how did customer 14096 develop over time |
        spending of customer 16422 by month | which emails did customer 13798 open | journey of customer 15189 |
        did customer 17511 open our last emails | when was customer 12971 on the website | events of customer 14156 |
        what happened with customer 12583 over the past year | walk me through the history of customer 16684 |
        what was the first thing customer 14606 bought | what did anna.kowalski@example.org order in the past |
        how many orders did customer 12921 place over the years, and when | customer 17389 order list |
        could you show me step by step what customer 18229 has done | interactions with customer 13408 |
        has customer 14680 returned anything | refunds of customer 15838 over time | sales ledger for client 16013 |
        last ten actions of customer 12415 | account statement of customer 17735 | ordr histry custmer 14298 |
        what all did customer 12830 purchase until now | trace the activity of buyer 15769 | timeline for Maria Lopez |
        has 17377 been buying less lately, show month by month | what does the past of customer 12662 look like |
        recent visits and orders of customer 13263 | what did customer 12748 do last month | visits of customer 17735 |
        purchases of customer 15061 | what has customer 16422 ordered so far | recent activity of customer 14156 |
        order timeline of customer 13694 | show the history of Maria Lopez | when did customer 12583 buy |
        has customer 12415 bought anything lately | journey of customer 12830 with us
    """,
    history,
    timed=True,
    needs=("<customer>",),
    near_misses="""
        browser history | history of our company | delete the history of customer 17850 | chat history |
        show my previous conversations | history of price changes for the red mug | support tickets of customer 17850 |
        where is the parcel of customer 17850 | delivery status of order 536365 | call log of customer 12345 |
        payment history of customer 14646 | job history of the applicant | cancel the last order of customer 17850 |
        medical history
    """,
)
FEATURES = Request(
    "features",
    """
        which customer features are there | feature dictionary | what can I filter customers by | feature list pls |
        which fields can I use | list all customer attributes | what do you know about each customer |
        what fields do we have on customers | glossary of customer fields | which properties can be used in a rule |
        what characteristics can I build a segment on | which criteria can I filter on | customer fields |
        data dictionary for customers | what variables do you calculate per customer | fields I can filter on |
        which features do the models use | could you explain the terms used for customers |
        which customer information is available for filtering | tell me the meaning of every customer attribute |
        which scores does every customer get | describe the fields of the customer table |
        can I filter on the favourite category of a customer | which attributes does a customer have
    """,
    features,
    near_misses="""
        which features does the new iPhone have | request a new feature | feature roadmap of AIMA |
        turn on the beta features | product features of the desk lamp | add a custom field to customers |
        which form fields does the checkout have | attributes of a good leader
    """,
)
