# ruff: noqa: E501  (a table of examples)
"""What can be asked about what to do: effects, interventions, next products, value at risk, customers alike, models."""

from __future__ import annotations

from typing import Final

from agent.offline.intent import Intent

__all__ = ["RESPONSE_INTENTS"]

_THEM = r"(?:them|those|these|him|her|it|<customer>|(?:the |our |all |of |<metric> )*(?:<value> )?<rule>)"
RESPONSE_INTENTS: Final[tuple[Intent, ...]] = (
    Intent(
        "train", "analytics", "train",
        ("train the vectors", "learn the customer vectors anew", "retrain the similarity model", "refresh the recommendations", "recompute the next products", "fit the full posterior of customer value", "sample the posterior", "learn anew who responds to what"),
        cues=(r"\b(?:re)?(?:fit|sample|train|compute|calculate|run|draw)\b(?: \w+){0,4} (?:posterior|bayesian)\b", r"\b(?:re)?(?:train|learn|fresh|compute|update|calculate|run)\b(?: \w+){0,4} (?:vectors?|embeddings?|similarit\w+|recommendations?|next products?|uplifts?|effects|interventions|responds?)\b",
              r"\b(?:refresh|recompute|rerun|retrain|relearn)\b(?: \w+){0,4} (?:vectors?|embeddings?|similarit\w+|recommendations?|next <dimension>|uplifts?|effects|interventions|responds?)\b"),
    ),
    Intent(
        "model_report", "analytics", "model_report",
        ("how good is the value model", "model report", "how accurate is the lifetime value model", "report on the vectors model", "do the vectors beat the features", "how good are the similarity vectors", "how reliable is the predicted value", "show me the posterior of customer value", "did the chains converge"),
        cues=(r"\b(?:show|report|what|how|is|does|do|did|tell)\b.*\b(?:posterior|bayesian (?:fit|model)|chains? (?:converge|agree)\w*)\b", r"\b(?:vectors?|embeddings?)\b.*\b(?:beat|better|good|accurate|help)\b", r"\bmodel report\b|\breport (?:on|about|of) the (?:[\w ]+ )?model\b",
              r"\b(?:good|accurate|accuracy|reliable|trust|quality|beat|won|chosen)\b.*\b(?:lifetime value|clv|value|vectors?|embeddings?|similarity)\b.*\bmodel",
              r"\b(?:good|accurate|accuracy|reliable|trust|quality|beat)\b.*\b(?:vectors?|embeddings?|predicted values?|lifetime value predictions?)\b"),
    ),
    Intent(
        "effect", "analytics", "effect",
        ("what was the lift of our campaigns", "did the win-back campaign work", "which campaign caused more sales", "what effect did the campaign have", "results of the experiments", "what did the A/B test show", "incremental revenue of the campaigns", "was the last campaign worth it", "treated against control group", "which campaigns work"),
        cues=(r"\b(?:lift|uplift|incremental\w*|experiments?|a/b|ab test\w*|control groups?)\b", r"\beffects? (?:of|did|do|had|have|has)\b|\b(?:what|which|measured) effects?\b",
              r"\bcampaigns?\b.*\b(?:work|works|worked|pay off|paid off|effective|cause[ds]?|worth it|successful|succeed(?:ed)?|help(?:ed)?)\b",
              r"\b(?:effective|successful)\b.*\bcampaigns?\b"),
        not_with=r"\bwithout\b|\bno (?:holdout|control)|<rule>",
    ),
    Intent(
        "next_product", "analytics", "next_product",
        ("what will customer 17850 buy next", "which products should we recommend to customer 17850", "next best product", "which products come next for most customers", "product recommendations", "what can we cross-sell", "recommend products for customer 14646", "which category comes next", "what should customer 17850 buy next"),
        cues=(r"\bnext best (?:product|item|offer|category|<dimension>)", r"\b(?:product|item|category|<dimension>) recommendations?\b|\bcross-?sell",
              r"\b(?:recommend|suggest)\w* (?:\w+ ){0,3}(?:products?|items?|articles?|categor\w+)\b",
              r"\b(?:which|what) (?:products?|items?|articles?|categor\w+)\b.*\b(?:next|recommend|suggest|want)\b",
              r"\bwhat (?:will|would|might|could|should|does) <customer> (?:\w+ ){0,2}(?:buy|want|order|purchase|like)\b",
              r"\bwhat (?:will|would|might|could) (?:they|he|she|it|most \w+|<metric>) (?:\w+ ){0,2}(?:buy|want|order|purchase) next\b"),
    ),
    Intent(
        "interventions", "optimiser", "interventions",
        ("what should I do for customer 17850", "what should we do for them", "which intervention suits the at risk customers", "how can we keep the high risk customers", "how do I keep customer 17850 from leaving", "what can I offer them", "best action for customer 17850", "what does the playbook say for the lost customers", "next best action"),
        cues=(rf"\b(?:should|can|could|shall|would|to) (?:i |we |you )?(?:do|offer|send|give|try)\b(?: \w+){{0,2}} (?:for|to) {_THEM}", r"\b(?:should|can|could|shall) (?:i|we) (?:do (?:with|about)|offer|give) (?:them|those|these|him|her|<customer>)",
              r"\binterventions?\b|\bplaybook\b|\bnext best action\b", rf"\bhow (?:do|can|could|should|to) (?:i |we )?(?:keep|retain|save|hold) {_THEM}", rf"\b(?:best|right|which|what) (?:offer|action|measure|<top> action)s? (?:\w+ )?(?:for|to|suits?|fits?) {_THEM}", rf"<top> (?:offer|action|measure)s? for {_THEM}"),
    ),
    Intent(
        "at_risk", "analytics", "at_risk",
        ("where is value at risk", "which segments hold the most value at risk", "value at risk by country", "which countries are at risk", "value at risk by segment", "churn risk by segment", "at risk segments", "which groups are we losing", "how did value at risk develop by segment"),
        cues=(r"\b(?:value|revenue|money|much) (?:is |are )?at risk (?:by|per|in each)\b|\b(?:churn|risk)(?: risk)? (?:by|per) (?:rfm )?(?:segment|country|channel|category|market|<dimension>)",
              r"\b(?:which|what)(?: \w+)? (?:segments?|groups?|countries|country|channels?|categor\w+|markets?)\b.*\b(?:at risk|losing|leav\w+|churn\w*)\b",
              r"\bwhere (?:is|are|do|does)\b.*\b(?:at risk|losing|lose)\b", r"\b(?:at[- ]risk|endangered) (?:segments|groups|countries|markets)\b"),
    ),
    Intent(
        "similar", "analytics", "similar",
        ("customers like customer 17850", "who is similar to customer 17850", "find customers like them", "lookalikes of the champions", "lookalike audience for our best customers", "who behaves like the champions", "more like these", "who else is like them", "customers similar to the loyal customers"),
        cues=(r"\blook-?\s?a-?likes?\b", rf"\b(?:similar|alike|resembl\w+)(?: to)? {_THEM}|\b(?:similar|alike|resembling) <metric>|<metric> (?:similar|alike)",
              rf"\b(?:customers?|people|buyers|shoppers|anyone|anybody|others?|else|ones|who|more|<metric>)(?: (?:is|are|that|who|behaves?|acts?|buys?|just|much))* like {_THEM}",
              rf"^(?:who|find)\b.* like {_THEM}",
              rf"^(?:and |now |so |find |show |show me )*(?:others? |more )?like {_THEM}"),
    ),
)  # fmt: skip
