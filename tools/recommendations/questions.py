"""How people ask what customers will buy next."""

from __future__ import annotations

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots
from tools.audience.asked import LIST, customer_meant

__all__ = ["NEXT_PRODUCT"]

_MOST = 100


def next_product(slots: Slots, scene: Scene) -> Answerable:
    """What one customer will want next, or what comes next for most."""
    if customer := customer_meant(slots, scene):
        return [Call("next_best_product", {"customer": customer})]
    return [Call("next_best_product", {"top": min(slots.limit or LIST, _MOST)})]


NEXT_PRODUCT = Request(
    "next_product",
    """
        what will customer 17850 buy next | which products should we recommend to customer 17850 | next best product |
        which products come next for most customers | product recommendations | what can we cross-sell | cross selling |
        recommend products for customer 14646 | which category comes next | what should customer 17850 buy next |
        what might customer C-1042 want next | what is customer 8831 likely to buy next | cross-selling opportunities |
        which product will customer #20417 need next | product suggestions for customer 15311 | upselling options |
        suggest items for lee@shop.example | recommend something to buy for customer 16029 | what will they buy next |
        which articles fit customer 13089 | what else would customer 17841 like | what could we sell to customer 14911 |
        what goes well with what customer 12748 bought | cross-sell ideas for customer 15061 | next product |
        upsell ideas for customer 18102 | next category for customer 14096 | which item would customer 13798 go for |
        which category will customer 16422 buy from next | which products should I show to customer 17511 |
        best product to recommend to customer 14156 | next products for our customers | which product usually follows |
        products that customers will want next | which products will sell to existing customers next |
        what do people buy after their first order | what do customers typically buy next | product recommender |
        what do people buy after the teapot | what will most customers buy next | what product would interest them |
        what might these people want to buy next | which products should we push to our customers | what can we upsell |
        which products to recommend in the newsletter | which items should we feature for repeat buyers |
        what should we recommend them from the catalogue | show product recommendations for each customer |
        likely next categories | top 20 next products | I am writing to customer 13694, which product should I mention |
        could you please recommend three products for customer 12583 | wich product next for custmer 15189 |
        what item to propose to client 16684 | what would Maria Lopez like to buy | which products to cross-sell |
        items customer 14606 has not bought yet but probably will | which products would suit customer 14156 |
        recommended products for customer 12583 | what do customers usually buy after the mug |
        what could we recommend to customer 17511 |
        which product would customer 17850 love | what would customer 14646 like best | what to offer #20417 next
    """,
    next_product,
    near_misses="""
        what will our next product launch be | ideas for new products to develop | recommend a restaurant |
        which products should we stop selling | which products should we order from the supplier | product roadmap |
        recommend a good book | recommend me a laptop to buy | what should I buy my wife |
        which product is out of stock | frequently bought together widget for the website | buy product 22423 |
        product reviews of the teapot | price recommendation for the red mug
    """,
)
