"""Follow-ups: "and in October?", "only Germany", "why?", "show them" change or continue the call before."""

from __future__ import annotations

import re

from agent.offline.widened import widened
from language.followups import OF_BOTH, WHY_SCORE, continues, is_elliptic
from language.requests import Answerable
from language.rules import previous_rule
from language.scene import Call, Scene
from language.slots import Slots
from tools.audience.follow_ups import AMONG, among
from tools.catalogue import Catalogue
from tools.declaration import Effect

__all__ = ["follow_up"]

_WHY = r"(?:and |but )?(?:why|how come|why is that|why so|what happened|what is the reason|explain)[ ?.!]*"
_SHOW = (
    r"(?:and |now |please |ok )*(?:show|list|give|display|name|who)(?: me)?(?: are)? ?"
    r"(?:them|those|these|they|it|all)(?: all)?(?: please)?[ ?.!]*"
)
_SOME_OF_THEM = (
    r"(?:(?:and|so|are|is|were|did|do|have|any|some|all|which|who|how many|what share)[, ]+)*"
    r"(?:of|among) (?:them\b|(?:those|these)\b(?! (?:who|that|which|with|whose|<|[a-z]+s\b)))"
)
_OF_WHOM = (
    "Of whom? I cannot tell which customers you mean. Describe them, for example by their country or their segment."
)
_HOW_MANY_THEY = (
    r"(?:and |so )*how many (?:people|customers|heads|clients|buyers|of them)"
    r" (?:(?:is|are|was|were) (?:that|they|those|it|there)|(?:that|they|those) (?:is|are|was|were))[?.! ]*"
)
_WAS_THAT = r"\b(?:is|was|are|were) (?:that|those|these)[?.! ]*$"
_ONE = r"\b(?:she|he|her|his|him|they|their|them|it|its|this customer|that customer)\b"
_AGAIN = (
    r"(?:please |can you |could you )*"
    r"(?:(?:say|tell me|show me|give me|repeat)(?: (?:that|it|this))?"
    r"(?: (?:again|once more))?|again|once more|come again)(?: please)?[?.! ]*"
)
_AS_CHART = (  # every answer that can be drawn is
    r"(?:(?:and|now|please|ok|can i have|could i have|show|give me|make|draw)[, ]+)*(?:(?:it|that|this) )?"
    r"(?:as |in |into )?(?:a |an )?(?:(?:nice|simple|bar|line|pie|column|donut|doughnut) )?(?:chart|graph|plot|diagram)"
    r"(?: of (?:it|that|this))?(?: please)?[?.! ]*"
)
_JUDGED = (
    r"(?:(?:and|so|but|hm+|ok|well)[, ]+)*(?:is|was|would you say|are|were) (?:that|this|it|those|these)(?: is| are)?"
    r" (?:a |an |any |really |quite |pretty |very )*"
    r"(?:good|bad|ok|okay|normal|fine|lot|much|high|low|enough|great|healthy|usual)"
    r"(?: or (?:not|bad|low|good|little|high))?(?: (?:number|result|value|figure|sign|one))?[?.! ]*"
)
_NO_JUDGEMENT = (
    "Whether that is good I cannot tell from one figure. Ask for another to hold it against, for example “and the same "
    "month last year?”."
)
_UNANSWERED = (
    "I could not answer the question before, so I cannot tell what this goes on from. Please ask it in one "
    "sentence, with the figure and the period."
)
_WHICH_TWO = "I cannot tell which two you mean. Name both in one question, with the figure and the period."
# "They should live in France": one more condition on those before
_MUST = r"(?:and |but )?(?:they|these|those|all of them) (?:should|must|need to|have to|also) "


_ON_IT = r"\b(?:then|there|(?:on|of|for|from|with) (?:it|that|this|them|those))[?.! ]*$"  # "roas then"
_FEW = 4  # words


def _goes_on_from_it(slots: Slots) -> bool:
    bare = not (slots.metrics or slots.filters or slots.dimensions or slots.conditions.nodes)
    return bool(
        is_elliptic(slots)
        or slots.has(AMONG)
        or continues(slots)
        or slots.has(OF_BOTH)
        or (slots.has(_ON_IT) and len(slots.plain.split()) <= _FEW and not slots.periods)
        or re.fullmatch(_SHOW, slots.plain)
        or (slots.has(_WAS_THAT) and not slots.periods)
        or (bare and (slots.when.against or slots.measures.change))
    )


def follow_up(slots: Slots, scene: Scene, catalogue: Catalogue) -> Answerable | None:
    """The calls a short clause turns the last one into; None when the clause stands by itself."""
    last = scene.last
    if scene.unanswered:  # what goes on from a question without an answer is about no earlier one either
        return _UNANSWERED if _goes_on_from_it(slots) else None
    if last is None or last.tool not in catalogue.tools:
        return _OF_WHOM if last is None and re.match(_SOME_OF_THEM, slots.plain) else None
    tool = catalogue.get(last.tool)
    if (wider := widened(slots, last)) is not None:
        return wider
    if re.fullmatch(_WHY, slots.plain):
        return tool.why(slots, scene) if tool.why else None
    if last.arguments.get("customer") and slots.has(_ONE) and slots.has(WHY_SCORE):
        return [Call("customer_profile", {"customer": last.arguments["customer"]})]
    again = re.fullmatch(_AGAIN, slots.plain) or re.fullmatch(_AS_CHART, slots.original.lower())
    if again and tool.effect is Effect.READ:
        return [Call(last.tool, dict(last.arguments))]
    if re.fullmatch(_JUDGED, slots.plain):
        return _NO_JUDGEMENT
    if re.fullmatch(_HOW_MANY_THEY, slots.plain) and (whom := previous_rule(scene)):
        return [Call("count_segment", {"rule": whom})]
    if re.fullmatch(_SHOW, slots.plain):
        rule = previous_rule(scene)
        return [Call("find_customers", {"rule": rule, "sort_by": "monetary_value", "limit": 20})] if rule else _OF_WHOM
    if re.search(rf"^{_MUST}", slots.plain) and (narrowed := among(slots, scene)):
        return narrowed
    rows = last.arguments.get("dimensions") and last.arguments.get("limit") != 1  # "which of them grew": of the rows
    spoken_of = previous_rule(scene) or rows or last.arguments.get("filters")
    if re.match(_SOME_OF_THEM, slots.plain) and not spoken_of:
        return _OF_WHOM
    if re.search(AMONG, slots.plain) and (of_them := among(slots, scene)) is not None:
        return of_them
    answer = tool.follow_up(slots, scene) if tool.follow_up else None
    return _WHICH_TWO if answer is None and slots.has(OF_BOTH) else answer
