"""What there are no data on is refused by name, in any wording; what sounds like it and is known is answered."""

from __future__ import annotations

import pytest

from language.beyond import BEYOND, beyond
from language.slots import read_slots
from tests.unit.offline_scene import CATALOGUE, calls, read_question, scene

REFUSED = {
    "profit, margin": (
        "whats our gross margin on garden stuff",
        "profit per category in november 2011 pls",
        "how much money do we make on candles after costs of goods",
        "which products are we losing money on?",
        "What was the purchase price of the red mug?",
        "how much did we pay for the candles",
        "show cogs by month",
    ),
    "stock": (
        "are candles sold out?",
        "hw many teapots are left in the warehouse",
        "do we need to restock anything before christmas",
        "inventory value by category",
        "which items are out of stock in germany",
        "kettles still available?",
    ),
    "coupon codes": (
        "orders with promo code SPRING",
        "who redeemed a voucher in october",
        "revenue by discount code please",
        "were any coupons used last month",
    ),
    "delivery": (
        "average shipping time to spain",
        "how many shipments got lost in the post",
        "share of orders delivered late in november",
        "which courier is the slowest",
        "how long does it take an order to arrive in france",
        "what do we charge for shipping costs per order",
    ),
    "payments": (
        "how many orders were paid by credit card",
        "which customers still owe us money",
        "paypal share of revenue",
        "list unpaid invoices",
        "chargebacks in october 2011",
    ),
    "devices": ("revenue from iphone users", "which browser converts best", "orders on desktop in november"),
    "staff": (
        "who is our best sales rep",
        "revenue per employee",
        "top sellers of the sales team by orders, the staff",
    ),
    "street": ("footfall in the london shop yesterday", "revenue of the flagship store", "which branch sells most"),
    "age, sex": (
        "are more women or men buying candles",
        "average age of buyers in france",
        "how many of our customers have kids",
        "what is the median income of our customers in spain",
        "customers by education level",
        "do rich people buy more",
    ),
    "surveys": (
        "whats our nps",
        "how satisfied are customers in germany",
        "return reasons for the blue vase",
        "number of complaints in october",
        "open support tickets",
    ),
    "search engines": (
        "which keywords bring traffic",
        "how many instagram followers do we have",
        "time on site last week",
    ),
    "other companies": (
        "what is our market share in germany",
        "revenue compared to the industry",
        "prices of competitors",
    ),
    "weather": ("did the rain hurt sales in october", "sales on sunny days"),
    "economy": ("effect of inflation on revenue", "did covid change how people buy"),
    "books": ("cash flow in 2011",),
    "suppliers": ("which supplier sells us the most candles", "open purchase orders"),
    "colour": ("which colour of mug sells best", "revenue by brand"),
    "people say about the brand yet": (
        "sentiment about the shop last month",
        "what are customers writing about us online",
        "how is our brand perceived in france",
    ),
    "proof of what caused it": (
        "did the mailings cause the growth, causally",
        "prove that the ads are the cause of it",
    ),
}
KNOWN = (
    "revenue in may 2011 till june",
    "how many pieces left the warehouse in october",
    "cancellations as share of orders",
    "what does churn cost us",
    "any delivery problems in the campaign",
    "which messages were delivered",
    "is the churn forecast any good",
    "offer free delivery to customers who bought only once",
    "write an e-mail to the champions: our new sizes are in stock, free shipping with your coupon",
    "income from customers in Germany in october 2011",
    "revenue of stock code 23084 in 2011",
    "which customers will churn",
    "what will our customers be worth",
)


@pytest.mark.parametrize(("name", "question"), [(name, said) for name, every in REFUSED.items() for said in every])
def test_what_there_are_no_data_on_is_refused_by_name(name: str, question: str) -> None:
    said = " ".join(reading.said or "" for reading in read_question(question, scene()))
    assert not calls(question)
    assert said.startswith("I have no")
    assert name in said.split(". ")[0]


@pytest.mark.parametrize("question", KNOWN)
def test_what_sounds_like_it_and_is_known_is_not_refused_by_name(question: str) -> None:
    assert not [r.said for r in read_question(question, scene()) if (r.said or "").startswith("I have no")]


def test_no_declared_phrasing_is_taken_for_something_there_are_no_data_on() -> None:
    told = scene()
    refused = {
        phrase: said
        for tool in CATALOGUE.tools.values()
        for request in tool.questions
        if not request.free
        for phrase in request.phrasings[::3]
        if (said := beyond(read_slots(phrase, told), request.said))
    }
    assert not refused


def test_the_name_of_a_product_is_no_subject() -> None:
    told = scene()
    slots = read_slots("revenue of rain hats", told)
    assert (beyond(slots) or "").startswith("I have no data on the weather")
    assert beyond(slots, goods=frozenset({"rain", "hat"})) is None


def test_each_refusal_says_what_there_is_instead_without_a_figure() -> None:
    for subject in BEYOND:
        assert subject.instead.endswith(".")
        assert not any(letter.isdigit() for letter in subject.instead)
