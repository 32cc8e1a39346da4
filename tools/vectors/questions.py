"""How people ask for customers alike, and for what is learnt of behaviour to be learnt anew."""

from __future__ import annotations

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots
from tools.audience.asked import LIST, customer_meant, rule_meant, unclear


def similar(slots: Slots, scene: Scene) -> Answerable:
    """Customers like one customer, or like a group."""
    limit = slots.limit or LIST
    if customer := customer_meant(slots, scene):
        return [Call("similar_customers", {"customer": customer, "limit": limit})]
    if slots.conditions.unclear:
        return unclear(slots)
    rule = rule_meant(slots, scene)
    if rule is None and slots.top:
        rule = {"field": "monetary_value", "operator": "top_share", "value": 0.1}
    if rule is None and slots.quoted:
        return [Call("lookalike_segment", {"segment": slots.quoted[0], "limit": limit})]
    if rule is None:
        return "Like whom? Name a customer or a segment, for example: find customers like the champions."
    named = (rule.get("field"), rule.get("operator")) == ("rfm_segment", "eq")
    group = {"segment": rule["value"]} if named else {"rule": rule}
    return [Call("lookalike_segment", {**group, "limit": limit})]


def train(slots: Slots, _scene: Scene) -> list[Call]:
    """Learn vectors, the posterior of value, or responses and next products, anew."""
    if slots.has(r"\b(?:posterior|bayesian)"):
        return [Call("value_posterior", {})]
    return [Call("train_vectors" if slots.has(r"\b(?:vector|embedding|similar)") else "refresh_recommendations", {})]


def why_similar(_slots: Slots, scene: Scene) -> list[Call]:
    """What is known of the customer the others are like."""
    return [Call("customer_profile", {"customer": scene.past[-1].arguments.get("customer")})]


def why_lookalike(_slots: Slots, _scene: Scene) -> list[Call]:
    """How good the vectors are that the likeness rests on."""
    return [Call("model_report", {"model": "vectors"})]


TRAIN = Request(
    "train",
    """
        train the vectors | learn the customer vectors anew | retrain the similarity model | retrain the vectors |
        refresh the recommendations | recompute the next products | fit the full posterior of customer value |
        sample the posterior | learn anew who responds to what | train vectors | train the vectors again |
        learn the vectors from scratch | relearn the behavioural vectors | recompute the embeddings |
        compute the customer embeddings anew | update the vectors with the new orders | refresh the similarities |
        update the similarity between customers | rebuild the lookalike model | train the transformer | retrain vectos |
        train the behaviour model | start training of the vectors | run vector training | rerun the recommender |
        kick off the embedding training | recalculate the recommendations | update the product recommendations |
        compute the next products anew | retrain the recommendation model | learn again which products follow which |
        refresh the uplift model | retrain the uplift forest | learn anew which offers work | recompute the uplifts |
        relearn who reacts to discounts | recompute the effects of the interventions | fit the posterior |
        update who responds to which intervention | fit the bayesian value model | run the full bayesian fit |
        run the posterior for lifetime value | draw posterior samples of customer value | compute the full posterior |
        sample the value model with mcmc | start the long bayesian computation of clv | embedding retraining |
        could you please train the similarity vectors again after the import | make again the training of embeddings |
        the recommendations look old, refresh them | new data is in, learn the behaviour of customers again |
        train the similarity model | retrain the embeddings | update the recommendation model |
        recompute the posterior | refit the bayesian model | relearn the interventions | run mcmc for the value model |
        recompute the uplift of the interventions | refresh the next best products |
        fit the posterior of customer value again
    """,
    train,
    near_misses="""
        train timetable | train the new colleague | train ticket to Hamburg | personal training plan |
        train a chatbot on our FAQ | train the model to write poems | fine-tune GPT on our brand voice | fitting room |
        training videos for staff | convert the logo into a vector | train a churn model for employees | learn Spanish |
        update the recommendations on the website | fit of the shirt | sample products for the press
    """,
)
SIMILAR = Request(
    "similar",
    """
        customers like customer 17850 | who is similar to customer 17850 | find customers like them |
        lookalikes of the champions | lookalike audience for our best customers | who behaves like the champions |
        more like these | who else is like them | customers similar to the loyal customers | more customers like 8831 |
        who is like customer C-1042 | find lookalikes of customer #20417 | twins of customer 15311 | similar customers |
        customers that resemble customer 16029 | people who behave like customer 13089 | who buys like customer 17841 |
        who shops the same way as customer 14911 | closest customers to lee@shop.example | similar clients to 14096 |
        nearest neighbours of customer 12748 | which customers are comparable with customer 15061 | others like those |
        customers who act the same as customer 18102 | is there anybody similar to customer 16422 | who resembles them |
        find me more people like customer 13798 | similar buyers to these | who else behaves like that | lookalikes |
        find others like them | more of the same kind of customers | people who are like them but not in the list |
        lookalike audience | build a lookalike audience of our best customers | lookalikes for the segment 'VIP' |
        lookalike segment of the loyal customers | customers who are not champions yet but act like champions |
        who could become a champion because they behave like one | who looks like a champion |
        who is most like our top 10 % of spenders | find people similar to our weekend shoppers |
        find customers with the same behaviour as the high spenders | audience expansion from the champions |
        shoppers who behave like customers who spent over 1000 | expand the 'Big spenders' group with similar people |
        which ordinary customers resemble our vips | doppelgangers of our best buyers | custmers simlar to 12971 |
        could you please find customers that are alike to customer 17511 | who has same habits than customer 14156 |
        we love customer 13694, find more like her | same type of buyer as 12583 | who is similar to lee@shop.example |
        customers similar to customer 12971 | find similar customers to 14156 | who behaves like our champions |
        shoppers that look like our champions | more customers like that | nearest customers to customer 12971
    """,
    similar,
    near_misses="""
        similar products to the red mug | products like this one | shops similar to ours | companies like Amazon |
        which of our competitors are similar to us | find similar images | upload the lookalike audience to Facebook |
        duplicate customers with similar names | similar words for discount | do customers like our products |
        how many people like our page | I like it | what do customers like about us | find more customers on LinkedIn |
        songs similar to this | twins born in May
    """,
)
