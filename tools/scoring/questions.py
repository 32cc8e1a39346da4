"""How people ask for scores to be computed anew."""

from __future__ import annotations

from language.requests import Request
from language.scene import Call, Scene
from language.slots import Slots

_SCORES = {"features": "feature", "rfm": "rfm|segment", "churn": "churn", "value": "value|clv"}


def refresh(slots: Slots, _scene: Scene) -> list[Call]:
    """Compute scores anew: those named, or all."""
    what = [score for score, words in _SCORES.items() if slots.has(rf"\b(?:{words})")]
    return [Call("refresh_scores", {"what": what} if what else {})]


REFRESH = Request(
    "refresh",
    """
        recompute the scores | refresh the churn scores | update the segments | calculate everything anew |
        rerun the models | retrain the churn model | recalculate the scores | recompute all scores | update the scores |
        refresh all the scores | refresh scores please | bring the scores up to date | score the customers again |
        rescore everybody | rescore all customers | run the scoring | run scoring now | start the scoring |
        kick off scoring | compute new scores | recalculate the churn risk | update the churn predictions |
        run the churn model again | rerun churn | refresh churn and value | retrain churn | train the churn model anew |
        recompute lifetime values | recalculate clv | update the clv scores | refresh the lifetime values |
        run the value model again | recompute the rfm segments | refresh rfm | rebuild the rfm segments |
        recompute the features | recalculate customer features | update the customer features after the import |
        refresh the health scores | calculate the health scores anew | do all the calculations again | recalculate all |
        I imported new orders, please recompute everything | rerun all the models | get fresh predictions |
        the predictions are from last week, compute them again | could you please update all predictions |
        make the scores current | recompte scores | refresh prediction of churn pls | scores are stale, redo them |
        calculate again the scores of customers | scoring run please | update all the scores now | recompute churn |
        refresh the predictions | recalculate churn probabilities | update the customer scores |
        recompute the customer health scores | rerun the scoring for everyone
    """,
    refresh,
    near_misses="""
        refresh the page | update the software | update the prices in the shop | refresh the dashboard every minute |
        update the address of the customer | recalculate the invoice | recalculate the shipping costs |
        football scores | improve my credit score | set the score of customer 17850 to 90 | calculate my taxes |
        change the churn threshold to 80 % | calculate 15 % of 240 | train new employees | rerun the advert |
        restart the server
    """,
)
