"""Declared phrasings that are not read as their own request, by the reason; only ever shorter (test_confusion.py)."""

from __future__ import annotations

from typing import Final

__all__ = ["CONFUSED"]

# ruff: noqa: E501  (a table)
CONFUSED: Final[dict[str, tuple[str, ...]]] = {
    "One question in two clauses is read as two; the second is then answered without what the first one named.": (
        "how many are still active and how many have left",
        "is customer 14096 coming back, and when more or less",
    ),
    "Which average is meant is asked by the capability itself; what the words were learnt to mean is answered.": (
        "average spending of a customer",
    ),
    "Read by its learnt parts: what is bought most is counted in pieces, and not in money.": (
        "what have the hibernating ones bought most",
    ),
    "A share cut by a condition that becomes no rule is taken for its neighbour, which refuses and names the words.": (
        "how many percent of the first-quarter newcomers were back in the second",
        "what share of mug buyers also got a plate",
        "what share of the April customers bought again in May",
    ),
    "“At risk” and “group” are read as customers or as a segment of that name, not as the risk of each segment.": (
        "at risk segments",
        "number of customers at risk",
        "loyal customers at risk of churning",
        "which customer group has the worst churn",
    ),
    "Two requests answer this about equally well; it is asked about, or the neighbouring one says what it cannot do.": (
        "define churn",
        "how can we reduce churn among our best customers",
    ),
    "“Bought” and “come back” are read as sales and refunds, which hold less than a history or a cohort would.": (
        "which products has customer 15061 bought",
    ),
    "A number or code alone: that it is a product's or a customer's is known where the data hold it, and these do not.": (
        "23203 is what",
        "how good a customer is 15769",
        "how much has K311 bought from us this year",
        "info client 12830",
        "quick facts on buyer 14298",
        "range of the value of P881",
        "sales ledger for client 16013",
        "trace the activity of buyer 15769",
        "value of R556 in the future",
        "what came in from 30882 last quarter",
        "what kind of customer is 17841",
        "what kind of product is 79321",
        "what product is hiding behind 22086 and how much of it was sold",
        "which product is 47566",
    ),
    "A person's name that is no customer of these data, so nobody is asked about; refused, no figure is shown.": (
        "show me the profile of Maria Lopez",
        "show the history of Maria Lopez",
        "timeline for Maria Lopez",
    ),
    "A ranking by a figure, or against a year ago, is read as the figure itself and says so in its heading.": (
        "buyers with more purchases than a year ago",
        "customers with the lowest average order",
        "the highest open rates",
    ),
    "What moved or went wrong: why it changed is told only where two times and a figure are named; refused.": (
        "revenue down 20 percent, where does it come from",
        "what hurt us in November",
        "what moved revenue",
        "what went wrong in August",
    ),
    "Names costs, places or times of which there are no data or no reading yet; refused, no figure is shown.": (
        "any idea how much the Paris store made over the holidays",
        "at lunchtime",
        "cost of video ads in Q1",
        "what did social cost us last month",
        "what was sold on 5/6/2023, day first",
    ),
    "What is sold or its cut is known only from the data, and these hold no such thing; refused.": (
        "everything except gift cards",
        "how many different candles sold",
        "how many tea towels in October",
    ),
    "Speaks of “them” or “this selection” of an earlier answer, and nothing was said before; refused.": (
        "count them",
        "how many of them live in Germany",
        "how many of these bought again",
        "store this selection",
        "what did they buy",
        "what else did they buy",
    ),
    "Counts customers by a condition that becomes no rule over these data; refused in place of a count of all.": (
        "customer count where orders > 5 and country = UK",
        "how big is the group with a basket over 100",
        "how many bought the mug and also the plate",
        "how many buy in the app and nowhere else",
        "how many customers are dormant",
        "how many shop at night",
        "how much customers bought more than one time",
    ),
    "Read as small talk, which answers with what AIMA is or can do; nothing is called and nothing is lost.": (
        "undo my last upload",
        "what are you computing at the moment",
        "what are you working on right now",
        "what can i ask about",
    ),
    "No capability is sure enough; it is refused or asked about.": (
        "draft campaigns for whoever is at risk or new",
        "how to spend 20% more",
        "method",
        "reload from the store",
        "we got a bit of marketing money for spring, any idea where to put it",
        "what did the last campaign bring us in extra revenue",
    ),
    "A word that no list knows is passed over as speech, which is told; it is then read as its own request.": (
        "hey can u show me punters who came back at least twice",
        "for the budget, how many agreed to mails",
        "how many of the January 2011 cohort came back after 2 months",
    ),
    "Near misses of one capability that are questions to another, which answers them.": (
        "top 10 % of customers, list them",
        "marketing mix model results",
        "optimal budget allocation",
        "optimise the budget across channels",
        "predict total sales for the coming year",
        "which departments are growing",
        "which files were imported",
    ),
}
