"""How people ask what campaigns changed."""

from __future__ import annotations

import re
from typing import Any

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["EFFECT"]

_CAMPAIGN = r"(?i)\bcampaign (?:id )?((?=[\w-]*\d|[\w]+-)[A-Z0-9][\w-]+)\b|\b(CMP-[\w-]+)\b"
_LONGEST = 365


def effect(slots: Slots, _scene: Scene) -> Answerable:
    """What campaigns with a control group changed: the one named by its id, else all of them."""
    arguments: dict[str, Any] = {}
    named = re.search(_CAMPAIGN, slots.original)
    if slots.identifier or named:
        arguments["campaign_id"] = slots.identifier or (named and (named[1] or named[2]))
    if days := re.search(r"\b(?:within|after|over|in) (?:the first )?(\d+) days\b", slots.plain):
        arguments["window_days"] = max(1, min(int(days[1]), _LONGEST))
    return [Call("experiment_effect", arguments)]


EFFECT = Request(
    "effect",
    """
        what was the lift of our campaigns | did the win-back campaign work | which campaign caused more sales |
        what effect did the campaign have | results of the experiments | what did the A/B test show | was it worth it |
        incremental revenue of the campaigns | was the last campaign worth it | treated against control group |
        which campaigns work | did our last campaign work | did the mailing bring anything | uplift of the campaigns |
        did the newsletter bring extra sales | what did the last campaign bring us in extra revenue | test results |
        did it pay off to e-mail the lapsed customers | was the discount campaign worth the money | experiment results |
        was the win-back mailing any good | how effective was the spring campaign | how effective are our campaigns |
        which campaigns were successful | which campaign had the biggest lift | uplift of campaign CMP-204 |
        measured lift with interval | incremental sales from campaign CMP-17 | would they have bought anyway |
        how many extra orders did the campaign cause | how many orders would we have got anyway | treatment vs control |
        what would have happened without the campaign | did the e-mail really cause the purchases | campaign lift |
        compare the treated with the control group | how did the holdout buy compared with those we e-mailed |
        difference between people who got the mail and those who did not | what came out of the test | camapign lift |
        results of our randomised trials | which of our trials showed an effect | is the effect significant |
        is the lift statistically significant | causal effect of the last mailing | did the offer change anything |
        return on the re-engagement campaign measured against the holdout | does sending discounts help at all |
        does e-mailing people make them buy more | do our win-back mails make any difference | did campain work or not |
        could you tell me whether the loyalty campaign was successful | what have we learnt from our experiments |
        I have to justify the budget, did the campaigns cause more revenue | proof that the campaign worked |
        lift of the last campaign | A/B test results | what did the experiments show | result of the experiment |
        did the treated customers buy more than the control group | did our e-mails lead to more orders |
        did the campaign have an effect | incremental effect of the last campaign | did the test work |
        ab test results | a/b test outcome please | how did the split test end | which half of the a/b test did better
    """,
    effect,
    near_misses="""
        will the next campaign work | predict the open rate before we send |
        expected ROI of this campaign before launch | forklift rental |
        marketing mix model results | saturation of TV spend | optimise the budget across channels | greenhouse effect |
        set up an A/B test for the homepage | how many visitors do I need for an A/B test |
        which subject line will win | lift is broken in our building | side effects of the medicine |
        science experiments for kids | effect of the weather on sales | brand lift study on YouTube
    """,
)
