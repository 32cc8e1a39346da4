"""How people ask for the marketing mix."""

from __future__ import annotations

import re
from typing import Any

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["CURVES", "FIT", "LIFTS", "REPORT", "channel_named"]

_MARGIN = r"\bmargins? (?:of |is |at )*(\d+(?:\.\d+)?) ?(?:%|percent)|(\d+(?:\.\d+)?) ?(?:%|percent) margin"
_BREAK_EVEN = r"\bbreak ?-?even (?:of |is |at |point |roas )*(\d+(?:\.\d+)?)"


def report(slots: Slots, _scene: Scene) -> list[Call]:
    """What channels bring, from the break even or margin that is named."""
    arguments: dict[str, Any] = {}
    if found := re.search(_BREAK_EVEN, slots.plain):
        arguments["break_even"] = float(found[1])
    elif found := re.search(_MARGIN, slots.plain):
        arguments["margin"] = round(float(found[1] or found[2]) / 100, 4)
    return [Call("mix_report", arguments)]


def channel_named(slots: Slots) -> str | None:
    """The one channel a clause names, as its spend is called."""
    named = [entry["value"] for entry in slots.filters if entry["dimension"] in ("spend_channel", "channel")]
    values = [value for each in named for value in (each if isinstance(each, list) else [each])]
    return str(values[0]) if len(values) == 1 else None


def curves(slots: Slots, _scene: Scene) -> list[Call]:
    """The curves, or the one of a channel that is named."""
    channel = channel_named(slots)
    return [Call("mix_curves", {"channel": channel} if channel else {})]


def fit(slots: Slots, _scene: Scene) -> list[Call]:
    """The fit, with the form of saturation that is named."""
    arguments: dict[str, Any] = {}
    if slots.has(r"\blogistic\b"):
        arguments["saturation"] = "logistic"
    elif slots.has(r"\bhill\b"):
        arguments["saturation"] = "hill"
    if slots.has(r"\bwithout (?:the )?(?:lift|experiment|calibration)"):
        arguments["use_lift_tests"] = False
    return [Call("fit_mix", arguments)]


def lifts(_slots: Slots, _scene: Scene) -> Answerable:
    """The experiments kept."""
    return [Call("list_lift_tests", {})]


REPORT = Request(
    "mix_report",
    """
        marketing mix model results | show the marketing mix model | what does the MMM say | MMM results | media mix |
        what does each channel really bring | what does each channel bring by the mix model | contribution by channel |
        how much of our sales comes from advertising | which share of sales would have come without ads | MMM report |
        incremental revenue by channel | incremental sales of paid search by the model | channel contributions |
        what would we have sold without any advertising | baseline sales without marketing | true ROI of each channel |
        real return of each channel, not what the platform claims | marginal ROI by channel |
        marginal return per channel |
        what does the next dollar on video bring | which channels are saturated | adstock of the channels |
        how long does a TV ad keep working | carryover of each channel | half-life of our advertising |
        which channels pay off at a margin of 40% | which channels pay at break even 2.5 | is the mix model any good |
        did the marketing mix model pass its checks | how reliable is the MMM | diagnostics of the mix model |
        econometric model of our media | media mix modelling please | marketing mix modeling results for the board |
        could you show me what the channels contribute to sales | decompose sales into channels and baseline |
        how much revenue did advertising cause by the mix model | waterfall of sales by channel | mmm resluts |
        what part of revenue is driven by media | ROI of the channels with intervals | effect of ad spend on sales |
        did the ROI of the channels move since the last fit | what did the data say about affiliate in the mix model |
        prior against posterior of the mix model | which channels are we unsure about
    """,
    report,
    near_misses="""
        marketing mix of the four Ps | mix of paint colours | pick and mix sweets | trail mix |
        mixed methods research | what is a marketing mix in a textbook
    """,
)
CURVES = Request(
    "mix_curves",
    """
        response curves | show the response curves | saturation curves | saturation curve of paid search |
        diminishing returns by channel | where do returns diminish | how does video respond to more spend |
        what would more spend on paid social bring | what happens to sales if we double the spend on search |
        response curve for video | curve of spend against sales per channel | spend response | how saturated is search |
        how much more could we spend on affiliate before it stops paying | show diminishing returns |
        at which spend does paid search saturate | plot sales by spend for each channel | respons curves |
        is there room to spend more on video | show me the hill curves | could you draw the saturation of the channels
    """,
    curves,
    near_misses="""
        learning curve | curve of the road | response time of the server | saturation of the photo |
        response rate of the survey | yield curve | retention curve
    """,
)
FIT = Request(
    "mix_fit",
    """
        fit the marketing mix model | fit the MMM | run the marketing mix model | train the mix model | refit the MMM |
        refresh the marketing mix model | update the media mix model | build a marketing mix model | start the MMM |
        compute the mix model again | rerun the marketing mix with the new spend | fit the mix model with hill curves |
        fit the mix model with logistic saturation | calibrate the mix model with the experiments |
        recalibrate the MMM | please run the media mix modelling | fit mmm | can you fit a mix model on our spend |
        fit the mix model without the experiments | make a new mix model | redo the marketing mix modelling
    """,
    fit,
    near_misses="""
        fit for summer | train the dog | does the dress fit | fitting room |
        run a marathon | build a website | fit a churn model for me in Python
    """,
)
LIFTS = Request(
    "lift_tests",
    """
        which experiments calibrate the mix model | list the lift tests | lift tests | geo tests we have entered |
        show the experiments for the marketing mix | which lift tests do we have | calibration of the MMM |
        what calibrates the media mix model | incrementality tests we kept | show incrementality tests
    """,
    lifts,
    near_misses="""
        forklift test | lift in the building | pregnancy tests | lipstick tests | shoplifting |
        calibrate my monitor
    """,
)
