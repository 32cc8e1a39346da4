# ruff: noqa: E501  (one turn of phrase a line)
"""What people say of advertising and its budget, as plainer words: "what if we go dark on search", "I have 20k"."""

from __future__ import annotations

from typing import Final

from core.calendar import MONTH_NAMES
from language.trade_questions import Turn

__all__ = ["MEDIA"]

_MEDIA: Final = r"(?:spend|spent|spending|budgets?|ads?|adverts?|advertising|media|search|social|display|video|affiliates?|facebook|google|meta|tv|radio|newsletter ads)"
_MONTH: Final = rf"(?:{'|'.join(MONTH_NAMES).lower()}|(?:the )?(?:next|this|coming) month)"
_SPLIT: Final = r"(?:split|allocate|distribute|divide|spread|use|spend|invest)"
# with its decimals an amount is no year
_AMOUNT: Final = r"(\d+(?:\.\d+)?)(?![\d.])"
_AT_HAND: Final = {
    "doubled": "double", "tripled": "triple", "halved": "halve", "stopped": "stop", "paused": "pause", "raised": "raise",
    "increased": "increase", "reduced": "reduce", "lowered": "lower", "spent": "spend",
}  # fmt: skip

MEDIA: Final[tuple[Turn, ...]] = (
    (rf"\b(?:go|going|went) (?:completely |fully )?dark on (?=(?:\w+ )?{_MEDIA}\b)", "stop "),
    # what a change of spend brings is told; what any other change brings is refused by name
    (
        rf"^(?:(?:and|so|ok|but|now)[, ]+)*(?:what if|what happens if|what would happen if|what happens when|suppose(?: that)?|imagine(?: that)?|assume(?: that)?|let us say(?: that)?|say) (?=(?:we|i)\b[^.?!]*\b{_MEDIA}\b)(?!.*\b(?:customers?|prices?)\b)",
        "what will revenue be if ",
    ),
    (
        rf"(?<=what will revenue be if )(we|i) (?:would |were to )?({'|'.join(_AT_HAND)})\b",
        lambda match: f"{match[1]} {_AT_HAND[match[2]]}",
    ),
    (
        rf"\bwhat if (?=(?:we )?(?:\w+ )?{_MEDIA} (?:is|was|were|goes|went) (?:cut|raised|doubled|halved|reduced|increased))",
        "what will revenue be if ",
    ),
    (
        rf"\bwhere (?:should|do|shall|would|could) (?:i|we|you) (?:spend|put|invest) {_AMOUNT}(?! more)(?: (?:on|in) (?:ads|advertising|marketing))?(?: (?:for|in|during)? ?{_MONTH})?",
        lambda match: f"best split of an ad budget of {float(match[1])} per month",
    ),
    (
        rf"\b(?:i|we) (?:have|got|have got) (?:a budget of )?{_AMOUNT} (?:for|in) {_MONTH}[,;:.]? (?:and )?(?:how (?:(?:would|should|do|could) (?:you|i|we) )?{_SPLIT} (?:it|that|this))",
        lambda match: f"best split of an ad budget of {float(match[1])} per month",
    ),
    (
        rf"\b(?:how (?:(?:would|should|do|could|can) (?:you|i|we) )?)?{_SPLIT} {_AMOUNT}(?: (?:across|over|between|among) (?:the |our |all )*channels)?(?: (?:for|in|during))? {_MONTH}",
        lambda match: f"best split of an ad budget of {float(match[1])} per month",
    ),
    (
        rf"\b(?:best|smartest|optimal) way to (?:spend|use|invest) {_AMOUNT}(?: (?:on|in) (?:ads|advertising|marketing|media))",
        lambda match: f"best split of an ad budget of {float(match[1])}",
    ),
    (
        rf"\boptimi[sz]e {_AMOUNT} (?:over|across|for|in) (?:the next )?(\d+) weeks\b",
        lambda match: f"lay an ad budget of {float(match[1])} over the next {match[2]} weeks",
    ),
    (
        r"\b(?:(?:my|our|the|their) (?:ad |marketing )?budget (?:was|is|got|gets|has been|will be) (?:just )?cut|(?:boss|cfo|they|management|finance) (?:just )?cut (?:me|us|my budget|our budget|the budget)) by (\d+) ?(?:%|percent)[^?.!]*?[,.;:]? (?:so )?(?:what|where|which channels?) (?:do|should|would|could) (?:i|we|you) (?:cut|reduce|save|drop)(?: first)?(?: so that it hurts (?:the )?(?:least|less))?",
        r"best split with \1% less budget",
    ),
    (
        r"\bwhich channels? (?:should|could|can|would) (?:i|we|you) (?:cut|reduce|drop|stop)(?: first)?\b",
        "which channel should give, which should get",
    ),
    (
        r"\b(?:adstock|carry-?over) (?:half[- ]?li(?:fe|ves)|decay|rates?)(?: (?:by|per|of each|of the) channels?)?\b|\bhalf[- ]?li(?:fe|ves) (?:by|per|of each|of the) channels?\b|\bhow long (?:do|does) (?:the |our )?(?:ads?|adverts?|advertising) (?:work|last|keep working)(?: (?:by|per|for each) channel)?",
        "adstock of the channels",
    ),
    (
        r"\b(?:where|what) is the saturation (?:point|level) (?:of|for|on) (?:the |our )?(\w+(?: \w+)?)(?=[ ?.!]*$)|\bsaturation point of (?:the |our )?(\w+(?: \w+)?)(?=[ ?.!]*$)",
        lambda match: f"at what spend does {match[1] or match[2]} saturate",
    ),
    (r"\bwhat (?:does|do|did) (?:the |our )?(?:marketing |media )?mix model (?:say|tell us|show)(?: (?:about|of|on) (?:the |our )?(?:channels|media|ads|advertising))?", "show the marketing mix model"),
    (r"\bmarginal (?:roas|roi|returns?)(?: on ad spend)? (?:by|per|of each|for each) channels?\b", "marginal roi by channel"),
    (r"\b(?:r-?hat|rhat|divergences|effective sample size) of the (?:mix|mmm)(?: model)?\b", "diagnostics of the mix model"),
)  # fmt: skip
