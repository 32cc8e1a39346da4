"""How people ask what customers will be worth and when they will buy next."""

from __future__ import annotations

from language.followups import PRONOUN, is_elliptic
from language.requests import Answerable, Request
from language.rules import joined
from language.scene import Call, Scene
from language.slots import Slots
from tools.audience.asked import LIST, customer_meant, customers_by, rule_meant, unclear
from tools.audience.foresight import due_within, predicted_for

_BEST = (
    r"\b(?:best|top|biggest|largest|most valuable|highest[- ]spending)(?: \d+)? "
    r"(?:customers|clients|buyers|spenders|shoppers)\b"
)
_DUE = 14  # days, when the request does not say how many


def value(slots: Slots, scene: Scene) -> Answerable:
    """Lifetime value: of one customer, of those described, of all."""
    if (predicted := predicted_for(slots, scene)) is not None:
        return predicted
    if slots.customer:
        return [Call("customer_profile", {"customer": slots.customer, "about": "value"})]
    if slots.conditions.unclear:
        return unclear(slots)
    if (rule := rule_meant(slots, scene)) is not None:
        return customers_by(rule, slots)
    return [Call("clv_summary", {"top": min(slots.limit or LIST, 100)})]


def next_purchase(slots: Slots, scene: Scene) -> Answerable:
    """When a customer buys next, or who buys soon: of all, or of those described."""
    if (customer := customer_meant(slots, scene)) is not None:
        return predicted_for(slots, scene) or [Call("next_purchase", {"customer": customer})]
    if slots.conditions.unclear:
        return unclear(slots)
    days, limit = min(slots.horizon or _DUE, 3650), slots.limit or 20
    if (rule := rule_meant(slots, scene)) is not None:
        soonest = {"sort_by": "next_purchase_at", "descending": False, "limit": limit}
        return [Call("find_customers", {"rule": joined(due_within(days), rule), **soonest})]
    if slots.has(_BEST):  # when the best of them buy: their dates, not who is due
        columns = ["name", "monetary_value", "next_purchase_at", "churn_90"]
        order = {"sort_by": "monetary_value", "descending": True, "limit": limit, "fields": columns}
        due = {"rule": due_within(days)} if slots.horizon else {}
        return [Call("find_customers", due | order)]
    if slots.has(PRONOUN):
        return "Of whom? Name a customer or describe them, for example: when will customer 17850 buy again?"
    return [Call("next_purchase", {"within_days": days, "limit": limit})]


def another_horizon(slots: Slots, scene: Scene) -> list[Call] | None:
    """ "And within 30 days?": everybody due by then."""
    if not is_elliptic(slots) or not slots.horizon:
        return None
    arguments = {name: said for name, said in scene.past[-1].arguments.items() if name != "customer"}
    return [Call("next_purchase", arguments | {"within_days": slots.horizon})]


VALUE = Request(
    "value",
    """
        what is our customer lifetime value | who are our most valuable customers over the next year | total CLV | clv |
        average lifetime value | what will our customers be worth | predicted value of our customers | CLV summary |
        how much will customers spend in the next 12 months | customers with the highest lifetime value | ltv |
        what is the customer base worth | customer lifetime value please | what is our LTV | predicted customer value |
        expected value of our customers over 12 months | total value of the customer base | customer equity |
        how valuable is our customer base | value of our customer base in money | how much is a customer worth |
        what is the whole customer base worth to us over the next year | what's a customer worth to us on average |
        how much money will a customer bring us in the future | expected spend per customer in the next 12 months |
        how much will an average customer spend over the next year | future spending of our customers | average clv |
        what are our customers going to spend in the coming year | future value of existing customers |
        predicted spend of the best customers | median lifetime value | distribution of lifetime value | top 20 by clv |
        clv with interval | top customers by lifetime value | who will be most valuable in the future |
        who are going to be our best customers next year | which customers have the highest predicted value |
        which customers will be worth the most | which customers have the most potential | list the customers by ltv |
        rank customers by predicted value | most valuable customers over the coming year | lifetime value of a buyer |
        how much can I spend to win a customer, given their lifetime value | long-term value of customers |
        what do people bring in over their lifetime | what can we expect from our customers over the long run |
        could you calculate how much our clients will be worth | how many worth is one customer for us | clv overview |
        for the bank I need the predicted value of our customer base | customer life time value avrage |
        wich customers bring most money in future | value per customer over the next twelve months |
        what is the average customer worth | lifetime value of our customers | show the lifetime value |
        predicted value by customer | best customers by predicted value | who will be our most valuable customers |
        how much will our customers spend with us next year
    """,
    value,
    # of what was counted before: "how many orders, and what is one worth"
    unless=r"\b(?:is|are|was|were) (?:one|1|it|each)(?: of (?:them|those|these))? worth\b",
    near_misses="""
        LTV to CAC ratio | company valuation | what is the company worth | value of our stock on hand |
        value of the brand | net present value of the investment | loan to value ratio | our share price |
        what will revenue be next year | predict total sales for the coming year | resale value of my car |
        customer lifetime value benchmark in the industry | core values of the company | value added tax |
        nutritional value of the snacks | resale value of a used mug
    """,
)
NEXT_PURCHASE = Request(
    "next_purchase",
    """
        who is most likely to order again in the coming days, some names | K204 next order | next purchase of U1177 |
        the ids of those who will probably buy again within 10 days | a few customers who will surely buy next month |
        who will buy in the next 14 days | when will customer 17850 buy again | who is expected to order next week |
        next purchase dates | which customers are due to buy soon | when does customer 12345 order next |
        expected purchases in the next 30 days | who will buy soon | who is going to order in the next 7 days |
        who's likely to buy this week | who will probably shop within a month | which customers will order next |
        which customers are expected back soon | which clients are due for an order | who is due in the next 10 days |
        customers due to reorder | customers whose next purchase is coming up | upcoming purchases by customer |
        expected buyers over the next 14 days | list of people expected to buy before the end of the month |
        who should be ordering about now | who is ready to buy again | who's about to place an order | who buys next |
        when is the next order of customer C-1042 expected | when will customer 8831 come back | who wil buy nxt week |
        when can we expect customer #20417 again | when is lee@shop.example due to buy | next purchase predictions |
        when is customer 15311 likely to shop again | next order date of customer 16029 | will customer 12748 buy soon |
        predicted next purchase date for customer 13089 | in how many days will customer 17841 buy again |
        how long until customer 14911 orders again | will customer 15061 order within 30 days |
        expected date of the next purchase with interval | next order predictions per customer |
        when do our best customers buy again |
        when do customers buy next | when are they going to buy again | when will these people come back |
        who comes back next week | who can we expect in the shop next week | which shoppers will be back by Sunday |
        replenishment timing of customers | good moment to contact customer 18102, when does he buy next |
        I want to remind people just before they buy, who is due | when will order again the customer 14096 |
        could you please tell me who is going to order in the coming two weeks | which client is buying soon |
        what day will customer 16422 probably order | when will customer 15838 order | who will buy again soon |
        will customer 13089 order again soon | who will place an order this month | which customers should buy soon |
        next purchase date per customer | how soon will customer 14606 buy again
    """,
    next_purchase,
    near_misses="""
        when does the next delivery arrive | when will the parcel be here | when should we reorder stock |
        when is the next sale | when does the shop open | when will my order ship |
        how much will we sell in the next 14 days | when is the invoice due |
        when is the next newsletter due | which payments are due this week | who will win the next election |
        when will the item be back in stock | who will visit the trade fair | when is the next holiday
    """,
)
