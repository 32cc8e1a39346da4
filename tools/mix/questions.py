"""How people ask for the marketing mix."""

from __future__ import annotations

import re
from typing import Any

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["CHANGES", "CURVES", "FIT", "LEAVE_OUT", "LIFTS", "LOAD", "REPORT", "SENSITIVITY", "channel_named"]

_MARGIN = r"\bmargins? (?:of |is |at )*(\d+(?:\.\d+)?) ?(?:%|percent)|(\d+(?:\.\d+)?) ?(?:%|percent) margin"
_CAMPAIGN = r"(?i)\bcampaign (?:id )?((?=[\w-]*\d|[\w]+-)[A-Z0-9][\w-]+)\b|\b(CMP-[\w-]+)\b"
_AGAIN = r"\bagain\b|\bback in\b|\bput (?:it )?back\b|\binclude\b|\bcount\b(?! it out)|\bre-?admit\b"
_ROWS = re.compile(r"(?im)^.*\bchannel\b[^\n]*[,;\t][^\n]*\blift\b.*$")
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


def sensitivity(slots: Slots, _scene: Scene) -> Answerable:
    """The check that was kept, or a new one where it is asked for."""
    again = slots.has(r"\b(?:re-?)?(?:check|test|run|compute|try|redo)\b.*\b(?:again|anew|now)\b|\bstart\b|\bre-?run\b")
    return [Call("check_mix_sensitivity" if again else "mix_sensitivity", {})]


def changes(_slots: Slots, _scene: Scene) -> Answerable:
    """What the newest fit changed."""
    return [Call("mix_changes", {})]


def load(slots: Slots, _scene: Scene) -> Answerable:
    """The rows that were pasted, else how to hand them over."""
    if found := _ROWS.search(slots.original):
        per = "period" if re.search(r"(?i)\b(?:whole|entire|full) period\b|\bper period\b", slots.original) else "week"
        return [Call("load_lift_tests", {"content": slots.original[found.start() :], "per": per})]
    return (
        "Drop the file with the lift tests into the chat, or paste its rows here under the words “load these lift "
        "tests:”. It begins with channel,from,to,spend_change,lift,error (money a week; low and high in place of error "
        "will do), then a row a test."
    )


def leave_out(slots: Slots, _scene: Scene) -> Answerable:
    """The campaign named by its id is left out, or counts again; without one the list is shown."""
    named = re.search(_CAMPAIGN, slots.original)
    campaign = slots.identifier or (named and (named[1] or named[2]))
    if not campaign:
        return [Call("list_lift_tests", {})]
    counts = {"counts": True} if slots.has(_AGAIN) else {}
    return [Call("leave_out_campaign_lift", {"campaign_id": campaign, **counts})]


REPORT = Request(
    "mix_report",
    """
        marketing mix model results | show the marketing mix model | what does the MMM say | MMM results | media mix |
        what does each channel really bring | what does each channel bring by the mix model | contribution by channel |
        what part of our sales comes from advertising | how much of our revenue comes from advertising |
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
        what did the data say about affiliate in the mix model |
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
        what calibrates the media mix model | which experiments count for the mix model |
        which campaigns with a control group count for the mix model |
        incrementality tests we kept | show incrementality tests
    """,
    lifts,
    near_misses="""
        forklift test | lift in the building | pregnancy tests | lipstick tests | shoplifting |
        calibrate my monitor
    """,
)
SENSITIVITY = Request(
    "mix_sensitivity",
    """
        how sensitive is the mix model | how sensitive is the model to its assumptions | sensitivity of the MMM |
        sensitivity analysis of the marketing mix model | how robust are the channel ROIs |
        robustness check of the MMM | what happens to the ROI if we drop a control |
        what if we leave out a control | does the ROI depend on the prior |
        what if the seasonality were different | ROI of the channels without seasonality | with a wider prior |
        which results of the mix model hold | what holds and what does not in the marketing mix model |
        would another season change the ROI of the channels | how much do the ROIs move under other assumptions |
        is the ROI of video just the prior | how much does the mix model rest on the experiments |
        sensitivty of the mmm |
        stress test the marketing mix model | can I trust the ROIs if a control is missing | mmm sensitivity please |
        check the sensitivity of the mix model again | run the sensitivity check of the MMM again |
        how solid are the channel ROIs if the seasonality changes | how solid is the mix model |
        would the ROI of paid search survive without the controls | does the return of video hold without the controls |
        how firm are the results of the MMM | could you tell me how fragile the channel ROIs are |
        which channel depends on the model's choices
    """,
    sensitivity,
    near_misses="""
        price sensitivity of our customers | how price sensitive are they | sensitive skin products |
        sensitive personal data | a sensitive topic | sensitivity of the churn threshold | how sensitive is my tooth |
        is the churn model robust
    """,
)
CHANGES = Request(
    "mix_changes",
    """
        what changed since the last fit | what changed since the last fit of the mix model | MMM stability report |
        did the ROI of the channels move since the last fit | is the mix model stable | how stable is the MMM |
        compare the new mix model with the one before | mix model before and after the refresh | stability of the MMM |
        what moved since we last fitted the MMM | did anything change between the last two fits of the mix model |
        which channels moved since the model was refitted | did the refresh of the mix model change anything |
        are the channel ROIs still the same as at the last fit | difference between the last two mix models |
        what did the refit of the marketing mix model change | did past weeks change since the last fit |
        were any weeks restated since the last mix model | does the old budget advice still hold |
        is our budget plan still valid after the refit | waht changed since the last fit | changes since the last MMM |
        could you show me how the marketing mix model moved against the previous one
    """,
    changes,
    near_misses="""
        what changed since last week | what changed in revenue since last month |
        what changed in the app since the last release | did prices change | change my password |
        how did churn change since the last run | compare this month with the last
    """,
)
LOAD = Request(
    "load_lift_tests",
    """
        load these lift tests | load a file of lift tests | import our lift tests | upload lift tests |
        read these geo tests | add these incrementality tests to the mix model | here are our lift tests |
        I have a CSV of lift tests | how do I load many lift tests at once | import a csv with geo experiments |
        put these experiments into the marketing mix model | load our experiments for calibration |
        please take these lift tests into the MMM | load this lift tests file | bulk upload of incrementality tests |
        load the following lift tests for the mix model | take our geo test results from a csv |
        feed our incrementality results into the MMM | I want to enter twenty lift tests in one go
    """,
    load,
    near_misses="""
        load the orders | import the customers | upload my shop data | load a file of products |
        load the truck | test the load of the website | upload a photo | how do I import a csv file
    """,
    whole=r"(?s)\A[^\n]*\b(?:lift|geo|incrementality) (?:tests?|experiments?)\b[^\n]*\n.*\bchannel\b.*\blift\b",
)
LEAVE_OUT = Request(
    "leave_out_lift",
    """
        leave the experiment of campaign CMP-RETARGET out of the mix model |
        do not calibrate the mix model with campaign CMP-204 | ignore campaign CMP-17 in the MMM calibration |
        exclude the lift of campaign CMP-RETARGET from the marketing mix |
        use the experiment of campaign CMP-RETARGET in the mix model again |
        let campaign CMP-204 calibrate the MMM again | leave out a campaign's lift test |
        take campaign CMP-17 out of the mix calibration | include campaign CMP-204 in the mix model again |
        ignore what campaign CMP-RETARGET measured in the mix model | mix model without the lift of CMP-17 please |
        the mix model should not use campaign CMP-RETARGET | stop using CMP-204 as a lift test
    """,
    leave_out,
    near_misses="""
        cancel campaign CMP-204 | stop campaign CMP-204 | pause the campaign | leave out VIP customers |
        exclude customers of campaign CMP-17 | delete the campaign | do not send campaign CMP-204
    """,
)
