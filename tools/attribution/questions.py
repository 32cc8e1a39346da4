"""How people ask which channels are credited with orders, and what one customer met before ordering."""

from __future__ import annotations

import re
from typing import Any

from language.followups import is_whole
from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["CREDIT", "PATH", "PATH_FILE", "follow_up", "path_file_follow_up", "path_follow_up"]

_METHODS = (
    (r"\blast[- ](?:non|not)[- ]?direct\b|\blast (?:touch|click)s? (?:that (?:was|is) )?(?:not|but) direct\b",
     "last_non_direct"),
    (r"\bmarkov\b|\bremoval effects?\b", "markov"),
    (r"\bdata[- ]driven\b|\border[- ]aware\b|\balgorithmic\b", "data_driven"),
    (r"\bshapley\b", "shapley"),
    (r"\btime[- ]?decay\b|\bhalf[- ]?life\b", "time_decay"),
    (r"\bposition(?:al|[- ]based)?\b|\bu[- ]shaped\b|\bbathtub\b|\b40[/ -]20[/ -]40\b", "position"),
    (r"\blinear(?:ly)?\b|\b(?:in )?equal (?:parts|shares|credit)\b|\beven(?:ly)?\b", "linear"),
    (r"\bfirst[- ](?:touch|click|interaction|contact)\b|\bintroduc\w+\b", "first"),
    (r"\blast[- ](?:touch|click|interaction|contact)\b|\bclos(?:es|ing|ers?)\b", "last"),
)  # fmt: skip
_NEW = r"\b(?:new|first[- ]time) (?:customers?|buyers?|shoppers?|clients?)\b|\bfirst orders?\b|\bacquisition\b"
_RETURNING = r"\b(?:returning|repeat|existing) (?:customers?|buyers?|shoppers?|clients?)\b|\brepeat orders?\b"
_CLICK = r"\b(?:first|last|non[- ]direct|assist\w*|introducing|closing)[- ]clicks?\b|\bclicks?[- ]through\b"
_WINDOW = (
    r"\b(\d{1,3})[- ]days? (?:attribution |conversion |look ?back |click )?windows?\b|\bwindows? of (\d{1,3}) days\b"
)
_SPOKEN = (
    (r"\bgoogle(?: ads| search)?\b|\badwords\b|\bpaid search\b|\bppc\b|\bsem\b",
     ("paid_search", "google", "google_ads")),
    (r"\bfacebook(?: ads)?\b|\bmeta(?: ads)?\b|\binstagram\b|\bpaid social\b",
     ("paid_social", "facebook", "meta", "instagram")),
    (r"\be?-?mails?\b|\bnewsletters?\b|\bmailings?\b", ("email",)),
    (r"\bsms\b|\btext messages?\b", ("sms",)),
    (r"\baffiliates?\b", ("affiliate",)),
    (r"\borganic(?: search)?\b", ("organic", "organic_search")),
    (r"\breferrals?\b", ("referral",)),
    (r"\bvideo\b|\byoutube\b", ("video", "youtube")),
    (r"\bdisplay\b|\bbanners?\b", ("display",)),
    (r"(?<!non-)(?<!non )(?<!not )\bdirect(?: traffic| visits)?\b", ("direct",)),
)  # fmt: skip
_NO_NARROWING = (
    "Credit is told for all customers of the shop, by channel or campaign; I cannot share it out among some customers, "
    "products or places only."
)


_PATHS_ALONE = (
    "A file of paths tells neither days nor customers, so its credit cannot be narrowed; ask for the credit in the "
    "file as a whole."
)


def credit(slots: Slots, scene: Scene) -> Answerable:
    """Credit of channels or campaigns: method, days, window, whose orders, and the channels named."""
    if slots.customer:
        return path(slots, scene)
    channels = _channels(slots, scene)
    others = [one for one in slots.filters if one["dimension"] not in ("channel", "spend_channel")]
    clicked = slots.has(_CLICK) and "event" in (slots.conditions.rule or {})  # "last click" is no condition
    if (slots.conditions.rule and not clicked) or others or _other_times(slots):
        return _NO_NARROWING
    arguments = _said(slots, scene) | ({"channels": channels} if channels else {})
    periods = [period.arguments() for period in slots.periods]
    return [Call("attribution_report", arguments | period) for period in periods or [{}]]


def path(slots: Slots, scene: Scene) -> Answerable:
    """The touches before the orders of one customer, named or spoken of before."""
    last = scene.last.arguments.get("customer") if scene.last else None
    customer = slots.customer or last
    if not customer:
        return "Whose path? Name one customer, by number or e-mail address: “show me the path of customer 17850”."
    arguments: dict[str, Any] = {"customer": customer}
    method = _methods(slots).get("method")
    return [Call("customer_path", arguments | _window(slots) | ({"method": method} if method else {}))]


def path_follow_up(slots: Slots, scene: Scene) -> Answerable | None:
    """The same customer's path by another method, or with another window."""
    said = _window(slots) | {name: value for name, value in _methods(slots).items() if name == "method"}
    if scene.last is None or is_whole(slots) or not said or slots.customer or slots.periods or slots.conditions.rule:
        return None
    arguments = {**scene.last.arguments, **said}
    return [Call("customer_path", arguments)] if arguments != scene.last.arguments else None


def path_file(slots: Slots, _scene: Scene) -> Answerable:
    """Credit in a file of paths: the one named in quotes, else the latest."""
    if slots.conditions.rule or slots.filters or slots.periods:
        return _PATHS_ALONE
    named = {"file": slots.quoted[0]} if slots.quoted else {}
    return [Call("path_file_report", named | _of_file(slots))]


def path_file_follow_up(slots: Slots, scene: Scene) -> Answerable | None:
    """The same file by another method, or by value."""
    said = _of_file(slots)
    if scene.last is None or is_whole(slots) or not said or slots.customer or slots.conditions.rule:
        return None
    arguments = {**scene.last.arguments, **said}
    return [Call("path_file_report", arguments)] if arguments != scene.last.arguments else None


def _of_file(slots: Slots) -> dict[str, Any]:
    arguments = {name: value for name, value in _methods(slots).items() if name == "method" and value != "time_decay"}
    if slots.has(r"\b(?:value|worth|revenue|money|amounts?)\b"):
        arguments["of"] = "value"
    if slots.has(r"\bsecond[- ]order\b|\border (?:2|two)\b"):
        arguments["markov_order"] = 2
    return arguments


def follow_up(slots: Slots, scene: Scene) -> Answerable | None:
    """The same by another method, for other days, of new customers alone, or by campaign."""
    if scene.last is None or is_whole(slots) or slots.customer or slots.metrics or slots.conditions.rule:
        return None
    said = {name: value for name, value in _said(slots, scene).items() if name != "by" or value == "campaign"} | (
        slots.periods[0].arguments() if slots.periods else {}
    )
    if channels := _channels(slots, scene):
        said["channels"] = channels
    arguments = {**scene.last.arguments, **said}
    return [Call("attribution_report", arguments)] if said and arguments != scene.last.arguments else None


def _said(slots: Slots, _scene: Scene) -> dict[str, Any]:
    arguments: dict[str, Any] = dict(_window(slots))
    arguments |= _methods(slots)
    arguments["by"] = "campaign" if slots.has(r"\bcampaigns?\b") else "channel"
    if "revenue" in slots.metrics or slots.has(r"\b(?:revenue|turnover|money)\b"):
        arguments["of"] = "revenue"
    elif slots.has(r"(?<!second )(?<!second-)\borders?\b(?! (?:1|2|two)\b)"):
        arguments["of"] = "orders"
    if _kind(slots) == "new" or slots.has(_NEW):
        arguments["customers"] = "new"
    elif _kind(slots) == "returning" or slots.has(_RETURNING):
        arguments["customers"] = "returning"
    if slots.has(r"\bsecond[- ]order\b|\border (?:2|two)\b"):
        arguments["markov_order"] = 2
    if slots.has(r"\b(?:views?|impressions?|view[- ]through|opened)\b"):
        arguments["touches"] = "all"
    elif slots.has(r"\bclicks?\b"):
        arguments["touches"] = "clicks"
    return arguments


def _kind(slots: Slots) -> str | None:
    """Whose orders: of new customers, or of those who return."""
    return next((one["value"] for one in slots.order_filters if one["dimension"] == "customer_type"), None)


def _other_times(slots: Slots) -> bool:
    return any(one["dimension"] != "customer_type" for one in slots.order_filters)


def _methods(slots: Slots) -> dict[str, Any]:
    """The method named; of two, the first said with the other one against it."""
    found = {name: match.start() for pattern, name in _METHODS if (match := re.search(pattern, slots.plain))}
    if "last_non_direct" in found:
        found.pop("last", None)
    named = sorted(found, key=found.__getitem__)
    return dict(zip(("method", "against"), named, strict=False))


def _window(slots: Slots) -> dict[str, Any]:
    found = re.search(_WINDOW, slots.plain)
    return {"window_days": int(found[1] or found[2])} if found else {}


def _channels(slots: Slots, scene: Scene) -> list[str]:
    """Channels named: as they stand in the data, else as people call them."""
    named = [one["value"] for one in slots.filters if one["dimension"] in ("channel", "spend_channel")]
    known = {v.lower().replace(" ", "_") for name in ("channel", "spend_channel") for v in scene.values.get(name, [])}
    for pattern, names in _SPOKEN:
        if not named and slots.has(pattern):
            named.append(next((name for name in names if name in known), names[0]))
    return [name for each in named for name in (each if isinstance(each, list) else [each])]


CREDIT = Request(
    "attribution",
    """
        multi-touch attribution | attribution | attribution report | which channel gets the credit for our sales |
        which channel deserves the credit | first touch versus last touch | compare attribution models |
        attribution by channel | attribution for google ads last quarter | credit of the channels |
        markov attribution | shapley attribution | shapley credit per channel | time decay attribution |
        linear attribution | position-based attribution | u-shaped attribution | data-driven attribution |
        last non-direct click attribution | last click attribution | first click attribution | removal effects |
        how are conversions credited to channels | which touchpoints lead to orders | which touchpoints matter |
        multi-touch: which channel really drives sales | how much credit has email |
        credit per channel by first touch | credit per channel by last touch | who gets credit for the conversions |
        which channel introduces new customers | which channel closes the sale | channels that open and close sales |
        which channels assist conversions | assisted conversions by channel | attribution of new customers |
        attribution with a 7 day window | attribution by campaign | which campaign gets credit for orders |
        attributed revenue by channel | attributed orders by channel | roas by credit | return on spend by attribution |
        mta please | run an attribution analysis | show me the attribution models side by side |
        please attribute the orders of last month to channels | how much credit does paid social get |
        how would you split the credit among our channels | customer journey attribution | conversion paths |
        paths to purchase | attribtion by chanel | attribution modelling | does facebook deserve more credit |
        what do the attribution models say about email | how does last touch differ from first touch |
        credit of returning customers' orders | attribution including views | view-through attribution |
        which ads get credit for first orders | what would the markov model give affiliates |
        last touch | first touch | by which touch did customers come to us | touchpoint analysis |
        I want to know which channels are undervalued by last click | which channels does last click undervalue |
        Could you show the credited conversions per marketing channel for 2024? | attribution in November
    """,
    credit,
    timed=True,
    unless=r"\b(?:how long|time (?:from|to|between|until)|how many (?:days|touches|touchpoints))\b",
    near_misses="""
        touch up the product photos | attribution of the quote | creative commons attribution licence |
        credit note for order 4711 | credit card payments | touch screen sales | store credit balance |
        marketing mix model with adstock | optimal budget allocation | credit limit of our clients |
        who touched the settings | first aid | last name of the customer | credit the author of the photo |
        attributes of a customer | attribution error in psychology | Markov the mathematician
    """,
)
PATH = Request(
    "path",
    """
        show me the path of customer 17850 | path to purchase of customer 17850 | touchpoints of customer 14646 |
        what did customer 17850 click before ordering | which channels did customer 12583 meet before buying |
        how did customer 17850 come to us | the journey with credits of customer 17850 | channels of customer 13089 |
        through which channels did customer 17850 come before each order | attribution of customer 17850 |
        touches before the orders of customer 12347 | show me the path of C0042 |
        credit of each touch of customer 17850 |
        conversion path of customer 12415 | what led customer 17850 to order |
        where did customer 17850 come from before the order | clicks before the purchase of customer 17850 |
        markov credit for customer 17850 | shapley credit of customer 17850's path | credit for customer 14646 by every
        method | which channel gets the credit for customer 17850's orders |
        path of customer 17850 by last touch | path of customer 12583 by first touch
    """,
    path,
    needs=("<customer>",),
    near_misses="path of the file | bicycle path | career path of our staff | what is the path to the export folder",
)
PATH_FILE = Request(
    "path file",
    """
        attribution of the path file | credit in the file of paths | attribution of the file of paths |
        credit in the path file | markov credit in the file of paths | shapley of the path file |
        first touch in the file of paths | last touch in 'PathData.csv' | linear credit in the uploaded paths |
        attribution of 'paths.csv' | attribution of the uploaded conversion paths |
        markov attribution of 'PathData.csv' | analyse the paths file |
        analyse the conversion paths I uploaded | what do the uploaded paths say | attribution of the uploaded paths |
        which channel gets the credit in the file of paths | credit by value in the file of paths |
        removal effects in the path file | data-driven attribution of the imported paths file |
        please run the attribution models on the paths file | how are conversions credited in 'paths.csv' |
        could you compute credit for the paths I imported | analysis of the file of paths | path file please |
        credit of the channels in 'paths.xlsx' | the journeys file I dropped in, who gets credit |
        which touchpoints matter in the file of conversion paths | markov on the path file | mta on the path file
    """,
    path_file,
    near_misses="""
        where is the file | path to the file on my disk | which files were imported | undo the file of orders |
        open the file | credit card file | file path of the export | download the attribution as a file
    """,
)
