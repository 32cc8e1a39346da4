# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Campaigns that a question about their results names: by their number, or by words that stand in their names."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Final

from core.calendar import MONTH_NAMES
from language.words import Draft

__all__ = ["CAMPAIGN", "take_campaigns"]

CAMPAIGN: Final = "<named-campaign>"
_KIND: Final = r"(?:mailing|e?mail|text|sms|campaign)"
_NUMBER: Final = r"(?:number |no\.? ?|nr\.? ?|# ?)?0*(?P<number>\d{1,3})(?! ?(?:%|:\d|/|\.\d|[a-z]*(?:days?|weeks?|months?|hours?|customers|people|euros?|dollars|pounds|orders|times|emails?|mailings?|campaigns?|of)\b))\b"
_NUMBERED: Final = (
    rf"\b(?:the |our )?(?P<kind>{_KIND})s? {_NUMBER}(?:,? \(?(?:the )?(?P<more>[a-z][a-z' -]{{2,40}}?) (?:1|one)\b\)?)?"
)
_AND_NUMBER: Final = (
    rf"(?<={CAMPAIGN}) ?(?:,|and|or|versus|against|than|with|to|compared (?:to|with)) ?(?:(?:of|that of) )?{_NUMBER}"
)
_WORDED: Final = r"\b(?:the|our) (?P<words>(?:[a-z][a-z'-]+ ){1,4}?)(?P<kind>mailing|e?mail|text|sms|campaign)\b(?! (?:campaigns?|mailings?|channel|list|address|program|open|click|revenue|orders?))"
# What is told of a campaign that was sent; who got it, what it caused and what is to be done with it are other questions
_RESULT: Final = r"\b(?:open(?:s|ed|ing)?|click\w*|unsubscrib\w*|opt-?outs?|bounc\w*|revenue|money|sales|rates?|perform\w*|results?|how (?:did|was|were)|sent|messages|reached)\b"
_ELSE: Final = (
    r"\b(?:who|whom|whose|which (?:customers|people)|list|segments?|saved?|send|pause|stop|resume|cancel|delete|draft|create|write|again|lift|uplift|incremental"
    r"|control|holdout|effect|caus\w+|significan\w*|everyone|audience|not|never|without|no|except|excluding|journeys?|opened an?|after|before|subject|content|customers)\b"
)
_NO_NAME: Final = frozenset(
    """
    last latest newest recent most first second third new old oldest best worst previous prior next top bottom each every
    all same other others email mail sms text texts ad ads whole which this that these those average single own current
    past few two weekly monthly daily yearly sent running active planned automatic and or of in to for from by via
    channel marketing open click rate rates revenue paid social search video affiliate
    spring summer autumn winter today yesterday week month quarter year day
    monday tuesday wednesday thursday friday saturday sunday is was did how
    """.split()  # noqa: SIM905
) | {month.lower() for month in MONTH_NAMES}  # fmt: skip


def take_campaigns(draft: Draft, values: Set[str]) -> list[str]:
    """The names, as words to look for in them; none where the question is not about results.

    `values` are words of values in the data: "the German mailing" may be whom it went to.
    """
    if not draft.has(_RESULT) or draft.has(_ELSE):
        return []
    names: list[str] = []
    kind = "campaign"
    while match := draft.take(_NUMBERED, CAMPAIGN):
        kind = match["kind"]
        names.append(f"{kind} {match['number']} {match['more'] or ''}".strip())
    while names and (match := draft.take(_AND_NUMBER, f" and {CAMPAIGN}")):
        names.append(f"{kind} {match['number']}")
    for match in re.finditer(_WORDED, draft.text):
        words = match["words"].split()
        if not _NO_NAME & set(words) and not values >= set(words):
            names.append(f"{' '.join(words)} {match['kind']}")
            draft.take(re.escape(match[0]), CAMPAIGN)
    draft.text = re.sub(
        rf"\b(?:than|versus|against|compared (?:to|with))(?: (?:of|that of|in))? (?={CAMPAIGN})", "and ", draft.text
    )
    if len(names) > 1:  # each is told with its figures: which of them is better is seen
        draft.text = re.sub(r"\b(?:a |the )?(?:better|higher|bigger|worse|lower)\b", "", draft.text)
    return names
