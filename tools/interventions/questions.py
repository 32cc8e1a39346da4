"""How people ask what to do for customers."""

from __future__ import annotations

from language.followups import PRONOUN
from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots
from tools.audience.advice import advised, group_named
from tools.audience.asked import LIST, customer_meant, rule_meant, unclear

__all__ = ["BUDGET", "INTERVENTIONS", "measured_effects"]


def interventions(slots: Slots, scene: Scene) -> Answerable:
    """What to do for one customer, or for a group: named, described, or "them"."""
    if (given := advised(slots, scene)) is not None and not slots.conditions.unclear:
        return given
    if customer := customer_meant(slots, scene):
        return [Call("customer_interventions", {"customer": customer})]
    if slots.conditions.unclear:
        return unclear(slots)
    rule = rule_meant(slots, scene)
    if rule is None and slots.has(PRONOUN):
        return "For whom? Name a customer or a segment, for example: what should I do for the high risk customers?"
    return [Call("recommend_interventions", {**(group_named(rule) if rule else {}), "limit": slots.limit or LIST})]


def measured_effects(_slots: Slots, _scene: Scene) -> Answerable:
    """Why these: what campaigns with a control group have shown."""
    return [Call("experiment_effect", {})]


def budget(slots: Slots, scene: Scene) -> Answerable:
    """What to do with money: what each ad channel brought, or where value is at risk."""
    return advised(slots, scene) or [Call("at_risk_segments", {"by": "rfm_segment", "limit": LIST})]


BUDGET = Request(
    "budget",
    """
        where should I put an additional 300 euros | I have 2000 left for advertising, which channel should get it |
        should we stop affiliate ads | is video worth its money | are the ads worth it | which ads would you end |
        where does another dollar of ad budget pay off | do we waste money on paid social | which ad channel to drop |
        shall we keep paid search |
        is it time to quit display advertising | should I spend more on search or on social | best use of 200 pounds |
        how should I split the ad budget | which ads should we end | would you go on with affiliate | budget advice |
        what would you do with 5000 extra next quarter | if you had 800 more to spend, where would it go and why |
        we got a bit of marketing money for spring, any idea where to put it | which channel deserves more budget |
        should I rather stop search or affiliate | is display worth the effort | keep on with social ads or better not |
        somebody gave us $900 for january, what would you do first with it |
        can we cut video without losing much | is advertising on social profitable for us | invest 1000, where, honestly
    """,
    budget,
    timed=True,
    near_misses="""
        raise the budget of video to 3000 | stop the video ads | holiday budget | which stock should I invest in |
        budget of the government | our tax budget
    """,
)
INTERVENTIONS = Request(
    "interventions",
    """
        what should I do for customer 17850 | what should we do for them | what should we offer customer 8831 |
        which intervention suits the at risk customers | how can we keep the high risk customers | how do we keep them |
        how do I keep customer 17850 from leaving | what can I offer them | best action for customer 17850 |
        what does the playbook say for the lost customers | next best action | what can we do for customer C-1042 |
        which offer for customer #20417 | what's the best thing to do for customer 15311 | what should I do about them |
        how do we keep customer 16029 | how do we stop customer 13089 from going | right offer for customer 14911 |
        how can I win customer 17841 back, what works | what action do you suggest for customer 12748 |
        next best action for lee@shop.example | next step for customer 15061 | should I give customer 18102 a discount |
        would a voucher help with customer 14096 | discount or loyalty points for customer 16422 | how can I save them |
        which treatment suits customer 13798 | how should I treat customer 17511 | how to handle customer 12971 |
        customer 14156 is about to go, what now | what works best on customers like this one | which measures for them |
        what do we do with these | what could we do for these people | what should we give them |
        what can we do so that they stay | how do we hold on to those customers | how can we stop them from leaving |
        what would make them stay | what would get them buying again | which offer would work on them |
        what is the best offer for those | do they need a discount or something else | interventions for them |
        treatment recommendations for them | interventions for the high risk customers | which intervention works best |
        recommended actions for high risk customers | best action for medium risk customers | best offer per customer |
        what to do with customers at high risk | what can be done about customers who may leave |
        how to retain the customers likely to leave | how do we prevent the high risk customers from churning |
        how can we reduce churn among our best customers | retention measures for vips at risk |
        retention tactics for customers silent for 60 days | which intervention gives most gain |
        retention offers for customers who spent over 500 and are about to leave | actions ranked by expected gain |
        which retention action pays most for the at risk customers | interventions ranked by uplift minus cost |
        which interventions are there | what interventions can you recommend | who should get which intervention |
        who should get a discount and who shouldn't | who responds to a discount | who needs no discount to come back |
        assign an action to every customer at risk | pick the best offer for each of them | what should I do with them |
        personal offer for each high risk customer | what to offer customers who abandoned their basket |
        what should we do for one-time buyers in France | what can we offer people who have not bought since March |
        how do we get inactive customers to order again, what measure | is a re-engagement sequence right for them |
        how to bring back customers who went quiet, which offer | which measure is fitting for the clients in risk |
        give me ideas what we could do for the overdue customers | does a win-back discount suit the at risk group |
        would early access or a discount be better for the loyal ones | what to do for not lose customer 12583 |
        what trial should we run to learn which offer works for them | what would you do to keep customer 15189 |
        which test would tell us what works on high risk customers | need retention actions for high risk clients asap |
        could you please suggest a suitable measure for each customer in danger | what shall I do for custmer 13694 |
        I want to save my best customers, what do I offer them | how much would we gain by treating them |
        okay these people are leaving so what do we do about it | is it worth giving them anything |
        what does the playbook recommend for high risk people | what can we do about customer 14911 |
        what do we do about these customers | best intervention for customer 15838 | next best action for them |
        what to offer to high risk customers | what should we offer customers who are likely to leave |
        any ideas for making customers from Belgium buy more frequently | advise me on customers who went silent |
        ideas for the hibernating ones | our Swiss customers order less and less, what to do | three ideas for vips |
        how could we get garden lovers to buy kitchen things as well | what is to be done about all the single buyers |
        what would you try with people who never came back | tips to make champions even happier | any advice on vips |
        ideas to get Spanish customers to buy more often | how do we get German buyers to come back more frequently |
        how could we make customers in France spend more | which first step keeps people from going |
        what is the best thing to do about customers who disappeared | what now with customers who vanished |
        what should we do with customer 16422 | what offer should customer 12662 get | how can I keep customer 13263 |
        what should we do for the loyal ones | what do we do for the lost customers | what should I do for segment X |
        what could bring john@shop.com back | what might win back customer 4711 |
        how could we keep ann@mail.org | what would win him back |
        next best action for the hibernating customers | nba for the champions | is it worth contacting customer 17850 |
        should we bother writing to customer C-1042 | what do you advise for customers about to churn
    """,
    interventions,
    timed=True,
    near_misses="""
        medical intervention | military intervention | what should I do about my toothache | treatment for back pain |
        what should I offer my employees to stay | how do we keep staff from leaving | how do I keep my data safe |
        next best action in chess | give customer 17850 a refund | give customer 14646 a voucher now |
        apply the discount to order 1042 | what should I cook for them | how do I save this file | how to stop spam |
        best offer from our supplier | what salary should I offer | playbook of the football team |
        raise their credit limit
    """,
)
