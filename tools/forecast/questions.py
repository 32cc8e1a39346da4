"""How people ask what figures will be, whether a target is in reach, and how forecasts turned out."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from core.calendar import MONTH_NAMES
from language.followups import is_whole
from language.format import period
from language.requests import Answerable, Noted, Request
from language.scene import Call, Scene
from language.slots import Slots
from tools.forecast.days import days_ahead
from tools.forecast.spending import KEPT_PLAN, changes_of, is_about_spending

__all__ = ["FORECAST", "PACE", "PLANNED", "RECORD", "SET_TARGET", "follow_up"]

_KNOWN = ("revenue", "orders", "new_customers", "units", "customers")
_SALES = r"\b(?:sell|sales|revenue|turnover|takings|earn|make|take|income)\b"
_AMOUNT = re.compile(
    r"(?<![\w.])[£$€]?(?P<number>\d{1,3}(?:[,']\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r" ?(?P<scale>k|thousand|m|mn|million|bn)?\b"
)
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9}
_ONE_FILTER = (
    "I can forecast the whole shop, or one country, city, channel, product or category at a time, not several "
    "conditions and not some customers."
)
# Told to be kept, and not only spoken of: "our November target was 45k, where do we stand"
_IS_SET = (
    r"\b(?:set|put|make|keep|note|record|change|raise|lower|save|enter|fix|define|aim|update|remember|use|store|let)\b"
    r"|\b(?:target|goal|objective|quota|plan)\b.*(?:\b(?:is|shall be|should be|will be)\b|:|=)"
    r"|\b(?:is|as) (?:our|the|my) (?:target|goal)\b|^(?:(?:new|our|the|my|revenue|sales|orders?) )*(?:target|goal)\b"
)
_FROM_NOW = r"\bfrom (?:today|now|tomorrow|here)(?: on(?:wards?)?)?\b|\bstarting (?:today|now|tomorrow)\b"
_IS_ASKED = (
    r"\b(?:possible|realistic|doable|in reach|can we|will we|do we|did we|are we|where do we stand|how much|how far"
    r"|on track)\b"
)
_FURTHER = rf"\b(?:and|or|versus|to) (?:in |for )?(?:q[1-4]|{'|'.join(MONTH_NAMES).lower()})\b"
_ONE_PERIOD = "Ask for one period at a time: from its first day to its last."
_ONLY_REVENUE = "What a change of spend brings I can tell of revenue only, not of {}."
_WHICH_CHANGE = (
    "Which change of spend? Say the channel and how much, such as “what will revenue be next month if we spend 20% "
    "more on search”, or “with the planned budget”."
)
_OTHER = "I can forecast revenue, orders, new customers, units sold and how many customers order, not {}."


def forecast(slots: Slots, scene: Scene) -> Answerable:
    """What a figure will be: which, when, by what step, of what."""
    metrics, other = _metrics(slots)
    if is_about_spending(slots, scene):
        return planned(slots, scene)
    if other:
        return _OTHER.format(other.replace("_", " "))
    if slots.conditions.rule or slots.order_filters or len(slots.filters) > 1 or slots.customer:
        return _ONE_FILTER
    if _several_periods(slots):
        return _ONE_PERIOD
    if _amount(slots) and slots.has(r"\b(?:reach|hit|target|goal|track|make)\b"):
        return pace(slots, scene)
    arguments = _days(slots, scene) | _step(slots, scene)
    said: dict[str, Any] = {"filters": slots.filters} if slots.filters else {}
    calls = [Call("forecast", said | {"metric": metric} | arguments) for metric in metrics or ["revenue"]]
    return _dated(calls, slots)


def planned(slots: Slots, scene: Scene) -> Answerable:
    """Revenue with a change of spend: of a channel or of all, else by the budget that was kept."""
    metrics = [name for name in _metrics(slots)[0] if name != "revenue"]
    if metrics:
        return _ONLY_REVENUE.format(metrics[0].replace("_", " "))
    if _several_periods(slots):
        return _ONE_PERIOD
    changes = changes_of(slots, scene)
    if not changes and not slots.has(KEPT_PLAN):
        return _WHICH_CHANGE
    return _dated([Call("planned_forecast", {**changes, **_days(slots, scene)})], slots)


def pace(slots: Slots, scene: Scene) -> Answerable:
    """Whether a target is in reach: the amount and the days said, else those of the target that is kept."""
    if is_about_spending(slots, scene):
        return planned(slots, scene)
    metrics, other = _metrics(slots)
    if other or "customers" in metrics:
        return "A target can be of revenue, orders, new customers or units sold."
    if slots.conditions.rule or slots.filters or slots.order_filters:
        return "A target is of the whole shop; I cannot tell it for a part of it."
    if _several_periods(slots):
        return _ONE_PERIOD
    arguments: dict[str, Any] = {"metric": (metrics or ["revenue"])[0]}
    if amount := _amount(slots):
        arguments["amount"] = amount
        days = _days(slots, scene)
        if not days:
            return "By when? Say the days, such as “this month”, “this year” or “until the end of March”."
        arguments |= days
    else:
        arguments |= _days(slots, scene)
    return _dated([Call("target_pace", arguments)], slots)


def set_target(slots: Slots, scene: Scene) -> Answerable:
    """A target to keep; whether one is in reach, where that is asked."""
    if slots.has(_IS_ASKED) or not slots.has(_IS_SET):
        return pace(slots, scene)
    metrics, other = _metrics(slots)
    amount, days = _amount(slots), _days(slots, scene)
    if other or "customers" in metrics:
        return "A target can be of revenue, orders, new customers or units sold."
    if slots.conditions.rule or slots.filters or slots.order_filters:
        return "A target is of the whole shop; I cannot keep one for a part of it."
    if _several_periods(slots):
        return _ONE_PERIOD
    if not amount or not days:
        return "Say the amount and the days: “set a revenue target of 50,000 for December”."
    return _dated([Call("set_target", {"metric": (metrics or ["revenue"])[0], "amount": amount} | days)], slots)


def record(slots: Slots, _scene: Scene) -> Answerable:
    """How forecasts turned out, of one figure or all."""
    metrics, _ = _metrics(slots)
    return [Call("forecast_record", {"metric": metrics[0]} if metrics else {})]


def follow_up(slots: Slots, scene: Scene) -> Answerable | None:
    """Another figure, other days, another step, another part of the shop."""
    if scene.last is None or is_whole(slots) or slots.conditions.rule or slots.customer or len(slots.filters) > 1:
        return None
    metrics, other = _metrics(slots)
    if other or not re.search(
        r"\b(?:next|will|forecast\w*|by|in|for|and|only|just|what about|how about)\b", slots.plain
    ):
        return None
    said: dict[str, Any] = ({"metric": metrics[0]} if metrics else {}) | _days(slots, scene) | _step(slots, scene)
    if slots.filters:
        said["filters"] = slots.filters
    arguments = {**scene.last.arguments, **said}
    return [Call("forecast", arguments)] if said and arguments != scene.last.arguments else None


def _several_periods(slots: Slots) -> bool:
    """ "January and March": of which only the first may have been read."""
    return len(slots.periods) > 1 or re.search(_FURTHER, slots.text) is not None


def _dated(calls: list[Call], slots: Slots) -> Answerable:
    """The calls; with the days named where they are not those that the words would mean of the past."""
    told = calls[0].arguments
    past = [p for p in slots.periods if p.end and "end" in told and p.end.isoformat() != told["end"]]
    if past and "start" in told:
        return Noted(calls, f"Taken as the days to come: {period(told['start'], told['end'])}.")
    per_day = "<per>" in slots.text  # "a day": what is needed a day is told anyway
    return Noted(calls, "") if per_day and calls[0].tool == "target_pace" else calls


def _metrics(slots: Slots) -> tuple[list[str], str]:
    """The figures said that can be foreseen, and one that cannot."""
    said = ["customers" if name in ("ordering_customers", "buyers") else name for name in slots.metrics]
    said = ["revenue" if name in ("net_sales", "gross_sales") else name for name in said]
    if slots.has(r"\bnew (?:customers|buyers|clients)\b"):
        said = ["new_customers" if name == "customers" else name for name in said]
    if "customers" in said and slots.has(r"\b(?:will|who|can|to) order\b"):
        said = [name for name in said if name != "orders"]  # what they do, and no second figure
    if not said and slots.has(_SALES):
        said = ["revenue"]
    known = list(dict.fromkeys(name for name in said if name in _KNOWN))
    return known, next((name for name in said if name not in _KNOWN), "")


def _days(slots: Slots, scene: Scene) -> dict[str, str]:
    found = days_ahead(slots, scene)
    if not found:
        return {}
    start, end = found
    if slots.has(_FROM_NOW) and start <= scene.today < end:
        start = scene.today + timedelta(days=1)
    return {"start": start.isoformat(), "end": end.isoformat()}


def _step(slots: Slots, scene: Scene) -> dict[str, str]:
    """The step said; of many weeks or months ahead, their own."""
    if slots.grain in ("day", "week", "month", "quarter") and not slots.has(r"\bper (?:day|week|month)\b.*\bneed"):
        return {"grain": slots.grain}
    found = re.search(r"\bnext (\d{1,3}) (day|week|month|quarter)s\b", slots.plain)
    if found and 1 < int(found[1]) <= 60:
        return {"grain": found[2]}
    return {"grain": "month"} if slots.has(r"\bnext (?:quarter|year)\b") else {}


def _amount(slots: Slots) -> float | None:
    """The largest number that is no year, no day and no count of days."""
    text = re.sub(
        r"\b(?:19|20)\d\d\b|\bq[1-4]\b|\b\d{1,3} (?:days?|weeks?|months?|quarters?|years?)\b", " ", slots.plain
    )
    found = [
        float(re.sub(r"[,']", "", match["number"])) * _SCALES.get(match["scale"] or "", 1.0)
        for match in _AMOUNT.finditer(text)
    ]
    large = [amount for amount in found if amount >= 32]
    return max(large) if large else None


FORECAST = Request(
    "forecast",
    """
        what will revenue be next month | predict next month's orders | what will November look like |
        how will next month look | predict the orders of next week | what can we expect for December |
        what should we expect next month in sales | forecast revenue | revenue forecast | forecast orders for Q1 |
        sales forecast for the next 4 weeks | how much will we sell in December | what will sales be next week |
        predict revenue for January 2012 | how many orders will we get next week, forecast pls | expected revenue |
        sales projection for q1 2012 | expected revenue next quarter | projected turnover until the end of the year |
        how many orders can we expect tomorrow | forecast revenue in Germany next month | forecast orders by week |
        forecast new customers for next month | how many new customers will we win next quarter |
        how many customers will order next week | predict how many customers we have next year |
        how many customers will we have in June | forecast of units sold in the next 30 days | sales outlook |
        revenue outlook for next year | what turnover can we expect this month | forcast sales nxt month |
        what will revenue be by the end of this year | how will sales develop over the next 3 months |
        estimate next month's revenue | could you please project our sales for the coming quarter |
        revenue for the rest of this month | demand forecast for the next 8 weeks | predict sales |
        give me a forecast by month for the next 6 months | how much are we going to sell next week |
        what are we likely to turn over in January | extrapolate revenue | prognosis of orders for spring |
        will sales go up or down next month | forecast revenue by day for next week | forecast |
        I need a revenue forecast with a range | how many units will we sell next month |
        revenue next month | sales next quarter | forecasts for revenue and orders |
        how is revenue going to look in the coming weeks | expected orders in March
    """,
    forecast,
    timed=True,
    near_misses="""
        weather forecast | what will the weather be like tomorrow | who will win the match | forecast of the election |
        will it rain in Berlin | stock price prediction | predict the lottery numbers | horoscope for next week |
        what will the dollar be worth next month | predict the open rate of this subject line |
        when will my parcel arrive | will interest rates rise | what will happen to the economy |
        which subject line will win | project plan for the relaunch | estimated delivery time
    """,
)
PLANNED = Request(
    "planned_forecast",
    """
        what will revenue be next month if we spend 20% more on search |
        revenue next month with 20% more on paid search | forecast revenue for January with 10% less video spend |
        what happens to revenue next month if we double paid social |
        how much revenue would spending 5,000 more a month on search bring next month |
        what if we stop display ads in December | what would revenue be with the planned budget |
        forecast with the approved budget split | revenue forecast with and without the planned spend |
        what if we cut social by half next month | what if we pause video for a month |
        if we put 20% more into google ads, what will we sell next month |
        expected revenue if ad spend goes up 15% | how would revenue change with 30% less ad spend |
        what would sales be if we cut the marketing spend by half |
        what will turnover be if we spend 3000 a month on email ads |
        would 10% more spend on display pay off next month | forcast with 20 percent more on serch |
        could you please forecast sales for next month assuming we raise facebook spend by 25% |
        next month's revenue if we spend 2,500 more on search | sales forecast given the new budget |
        revenue with the budget plan | impact on revenue of 20% more spend on search |
        what do we lose in sales next month if we switch off tv ads |
        scenario: social spend up 20%, revenue next month |
        how much would we sell in December if social gets half | forecast with the planned spend and without it
    """,
    planned,
    timed=True,
    unless=r"^(?!.*(?:\bspen[dt]|\bbudget|\bplan|\bads?\b|\badvert|%|percent|\bdouble\b|\bhalf\b|\bhalve|\bstop|\bpause|"
    r"\bswitch off\b|\bturn off\b|\b(?:more|less) on\b))",
    near_misses="""
        customers who spend 20% more on weekends | which customers spent more | spend more time outdoors |
        what will the budget of the city be | search for a customer |
        will our rent go up 20% next month | cut the price by 20% next month | double the points for champions
    """,
)
PACE = Request(
    "target_pace",
    """
        are we on track for 50k this month | will we reach 1.2m this year | are we on track |
        what do we need per day to reach 1m this year | will we hit our target | are we going to make 100k this month |
        how are we doing against target | pacing | target pacing for this month | how far are we from our goal |
        are we ahead of or behind target | will we make our numbers this quarter | how likely is it that we reach 200k |
        chance of reaching 30000 revenue in December | can we still hit 500 orders this month |
        how much do we need to sell a day to reach 80,000 by the end of the month | run rate against target |
        what are the odds of hitting 2 million this year | on track for 300 new customers this quarter |
        do we make the budget this month | target versus actual this month | are we on trak for our target |
        how much is missing to reach 100k | required daily sales to reach the target | what is our target for December |
        will we reach 1000 orders next month | is 60k this month realistic
    """,
    pace,
    timed=True,
    near_misses="""
        target audience of the campaign | which customers should we target | target the champions with an offer |
        is my parcel on track | track my order | track record of the company | railway tracks | target practice |
        how fast do I have to run | what is the pace of the marathon
    """,
)
SET_TARGET = Request(
    "set_target",
    """
        set a target of 50k revenue for December | set a revenue target of 50,000 for this month |
        our target for this year is 1.2 million | keep a goal of 500 orders for next month |
        the target for Q1 is 300k | make 80k our goal for January | we want to reach 2m this year, note it |
        save a target of 200 new customers for this quarter | change the target for December to 60000 |
        remember that we aim for 40k revenue in March
    """,
    set_target,
    timed=True,
    near_misses="set an alarm for 8 | set the price to 20 | set the target group of the campaign | goal keeper gloves",
)
RECORD = Request(
    "forecast_record",
    """
        how accurate were our forecasts | how did the forecasts turn out | forecast accuracy | forecast against actual |
        how far off was the revenue forecast | were your forecasts any good |
        how good are the sales forecasts | track record of the forecasts | did the forecast hold |
        compare the forecast with actuals | past forecasts of orders | list the forecasts you made |
        did sales come out as you predicted | forecast error
    """,
    record,
    near_misses="""
        how accurate is the clock | accuracy of the weather forecast | record sales day | was the horoscope true
    """,
)
