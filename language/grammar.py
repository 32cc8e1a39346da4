# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""How conditions on a customer are said: one pattern a line, with the function that makes a rule of its match."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from language.comparisons import COMPARED, either
from language.periods import span_days
from language.vocabulary import phrases
from language.words import Draft

__all__ = ["GRAMMAR", "LIKELY", "Node"]

Node = dict[str, Any]
VIP_SHARE = 0.1  # VIPs: the tenth that spent the most
LIKELY = 0.5  # "likely to leave": more likely than not

_CMP = f"(?P<cmp>{either(COMPARED)}|for more than|for over|for at least)"
_NUM = r"(?P<n>\d+(?:\.\d+)?)(?P<pct> ?%)?"
_SPAN = r"(?P<k>\d+|a|an|the)? ?(?P<unit>day|week|month|quarter|year)s?"
_WHO = r"(?:\b(?:who|that|which|and|have|has|had|been|are|is|were|was|they|did|do) )*"
_LAST = (
    r"(?: ?(?:(?:in|within|over|during|for) (?:the )?(?:last|past|previous)?|(?:the )?(?:last|past)) ?" + _SPAN + ")"
)
# "between 3 and 5", "from 3 to 5", "3 to 5", "3-5"; a bare "3 and 5" is no range
_RANGE = (
    r"(?P<from>between |from )?(?P<n>\d+(?:\.\d+)?)(?(from)(?: and | to | ?- ?)|(?: to | ?- ?))(?P<n2>\d+(?:\.\d+)?)"
)
# So many days back; "last week" and "in May" are days of the calendar, and read as such
_UNITS = "day|week|month|quarter|year"
_WITHIN = (
    rf"(?: (?:in|within|for|during|over|since)(?: the)?(?: last| past| previous)? (?P<k>\d+|a|an) ?(?P<unit>{_UNITS})s?"
    rf"| (?:(?:in|within|for|during|over) )?(?:the )?(?:(?:last|past|previous) (?P<k2>\d+)|past|(?<=in the )last) ?(?P<unit2>{_UNITS})s?"
    r"| (?:ever|yet))?\b"
)
_MONTH_NAMES = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_WINDOWS = {30: "30d", 90: "90d", 365: "365d"}
_VALUE_PATTERN = "(?:" + "|".join(re.escape(p) for p, _ in phrases("fields")) + ")"


def _condition(name: str, op: str, value: Any = None) -> Node:
    return {"field": name, "operator": op} if value is None else {"field": name, "operator": op, "value": value}


def _number(text: str, share: bool = False) -> float | int:
    value = float(text) / (100 if share else 1)
    return int(value) if value.is_integer() and not share else value


def _op(match: re.Match[str], default: str) -> str:
    said = (match["cmp"] or "").removeprefix("for ").strip()
    return COMPARED.get(said, default)


def _spent_within(match: re.Match[str], as_of: date) -> Node:
    """ "More than 1,000 but less than 2,000": two conditions on the same spending."""
    one = _spent(match, as_of)
    return {"all": [one, one | {"operator": COMPARED[match["cmp2"]], "value": _number(match["upper"])}]}


def _spent(match: re.Match[str], _as_of: date) -> Node:
    if match.groupdict().get("n2"):
        return _windowed(match, "revenue", "between", [_number(match["n"]), _number(match["n2"])])
    op = "ge" if match.groupdict().get("more") else _op(match, "ge")
    return _windowed(match, "revenue", op, _number(match["n"]))


def _orders(match: re.Match[str], _as_of: date) -> Node:
    if match.groupdict().get("n2"):
        return _windowed(match, "orders", "between", [int(float(match["n"])), int(float(match["n2"]))])
    times = {"once": 1, "twice": 2}.get(match["times"] or "")
    count = times if times is not None else int(float(match["n"]))
    return _windowed(match, "orders", "ge" if match.groupdict().get("more") else _op(match, "eq"), count)


def _windowed(match: re.Match[str], what: str, op: str, value: Any) -> Node:
    """A condition on a feature, ever or in a window features know; in any other window on the purchases themselves."""
    if not match.groupdict().get("unit"):
        return _condition({"revenue": "monetary_value", "orders": "orders_all"}[what], op, value)
    days = span_days(match["k"], match["unit"])
    if days in _WINDOWS:
        return _condition(f"{what}_{_WINDOWS[days]}", op, value)
    return {"purchase": what, "operator": op, "value": value, "within_days": days}


def _silent(match: re.Match[str], _as_of: date) -> Node:
    longer = bool(re.search(r"more than|over|longer", match[0]))
    shorter = bool(re.search(r"less than|under|fewer than", match[0]))
    op = "lt" if shorter else "gt" if longer else "ge"
    return _condition("recency_days", op, span_days(match["k"], match["unit"]))


def _silent_between(match: re.Match[str], _as_of: date) -> Node:
    """ "Last order between 6 and 12 months ago"."""
    return _condition(
        "recency_days", "between", [span_days(match["k"], match["unit"]), span_days(match["k2"], match["unit"])]
    )


def _silent_since(match: re.Match[str], as_of: date) -> Node | str:
    from language.periods import take_periods

    periods = take_periods(Draft(f"since {match['since']}"), as_of)
    if not periods or not periods[0].start:
        return match[0].strip()
    return _condition("recency_days", "gt", (as_of - periods[0].start).days)


def _active(match: re.Match[str], _as_of: date) -> Node:
    return _condition("recency_days", "le", span_days(match["k"], match["unit"]))


def _joined(match: re.Match[str], _as_of: date) -> Node:
    return _condition("days_since_first_order", "le", span_days(match["k"], match["unit"]))


_EVENTS = {
    "open": "email_open", "click": "email_click", "visit": "visit", "browse": "visit", "view": "product_view",
    "looked": "product_view", "cart": "cart", "basket": "cart", "unsubscrib": "email_unsubscribe", "bounc": "email_bounce",
    "checkout": "checkout", "checked": "checkout",
}  # fmt: skip


_TEXTS = r"\b(?:sms|texts?)\b"


def _kind_of_event(said: str, before: str) -> str:
    """The kind of event; "clicked any of them" is of text messages where those were spoken of."""
    texts = re.search(_TEXTS, said) or ("any of" in said and re.search(_TEXTS, before))
    if "received" in said:
        return "sms_sent" if texts else "email_sent"
    if texts and "click" in said:
        return "sms_click"
    return next(kind for stem, kind in _EVENTS.items() if stem in said)


def _event(match: re.Match[str], _as_of: date) -> Node:
    said = f"{match['verb']} {match['object'] or ''}"
    kind = _kind_of_event(said, match.string[: match.start()])
    unit = match["unit"] or match["unit2"]
    within = {"within_days": span_days(match["k"] or match["k2"], unit)} if unit else {}
    if kind == "cart" and "abandon" in said:
        return _abandoned(within)
    counted = match["times"] or match["times2"]
    count = {"once": 1, "twice": 2}.get(counted or "once") or int(counted)
    comparison = "ge" if match["more"] else COMPARED.get(match["cmp"] or match["cmp2"] or "at least", "ge")
    # so many times or more is what can be asked; "exactly twice" is that, and not three times
    least = count + (comparison in ("gt", "le"))
    did = (comparison in ("gt", "ge", "eq")) != bool(match["no"])

    def times(number: int, did: bool) -> Node:
        often = {"at_least": number} if number > 1 else {}
        return {"event": kind, "did": did} | often | within

    if comparison == "eq" and not match["no"]:
        return {"all": [times(count, True), times(count + 1, False)]}
    return times(least, did)


def _acted(match: re.Match[str], as_of: date) -> Node | str:
    """`_event`, where the verb or its object says which: what was opened, viewed or abandoned has to be named."""
    if not match["object"] and re.match(r"open|view|abandon|look", match["verb"]):
        return match[0].strip()
    if re.search(_TEXTS, match["object"] or "") and not match["verb"].startswith("click"):
        return match[0].strip()  # whether a text message was opened is not known
    return _event(match, as_of)


def _abandoned(within: dict[str, int]) -> Node:
    """A cart filled and no order since; at any time without a span."""
    if not within:
        return _condition("cart_abandonment_rate", "gt", 0)
    silent = _condition("recency_days", "gt", within["within_days"])
    return {"all": [{"event": "cart", "did": True} | within, silent]}


def _risk(match: re.Match[str], _as_of: date) -> Node:
    return _condition("churn_risk", "eq", match["level"])


def _likely(match: re.Match[str], _as_of: date) -> Node:
    days = span_days(match["k"], match["unit"]) if match["unit"] else 60
    horizon = min((30, 60, 90), key=lambda h: abs(h - days))
    return _condition(f"churn_{horizon}", "lt" if match["no"] else "ge", LIKELY)


LIKELY_TO_LEAVE = _condition("churn_60", "ge", LIKELY)


def _field(match: re.Match[str], _as_of: date) -> Node:
    name = dict(phrases("fields"))[match["field"]]
    share = bool(match["pct"])
    if match.groupdict().get("n2"):
        return _condition(name, "between", [_number(match["n"], share), _number(match["n2"], share)])
    return _condition(name, _op(match, "eq"), _number(match["n"], share))


def _share(match: re.Match[str], _as_of: date) -> Node | str:
    """ "The top 10 % by orders"; by spend unless something else is named."""
    share = float(match["n"]) / 100
    if match["other"] or not 0 < share <= 1:
        return match[0].strip()
    name = (
        dict(phrases("fields"))[match["field"]] if match["field"] else "clv_12m" if match["worth"] else "monetary_value"
    )
    low = match["way"] in ("bottom", "worst", "lowest", "least")
    return _condition(name, "bottom_share" if low else "top_share", round(share, 6))


def _segment(match: re.Match[str], _as_of: date) -> Node:
    return _condition("rfm_segment", "eq", dict(phrases("segments"))[match["segment"]])


def _consent(match: re.Match[str], _as_of: date) -> Node:
    channel = "sms" if re.search(r"\b(?:sms|text)", match[0]) else "email"
    agreed = _condition(f"consent_{channel}", "eq", True)
    return {"not": agreed} if match["no"] else agreed


def _address(match: re.Match[str], _as_of: date) -> Node:
    return _condition("email", "is_null" if match["no"] else "not_null")


def _fixed(name: str, op: str, value: Any = None) -> Callable[[re.Match[str], date], Node]:
    return lambda _match, _as_of: _condition(name, op, value)


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _weekday(match: re.Match[str], _as_of: date) -> Node:
    return _condition("preferred_day_of_week", "eq", 1 + _WEEKDAYS.index(match["day"]))


def _name(match: re.Match[str], _as_of: date) -> Node:
    return _condition("name", "contains", match["part"])


def _tenure(match: re.Match[str], _as_of: date) -> Node:
    op = {"more than": "gt", "over": "gt", "longer than": "gt", "less than": "lt", "under": "lt"}.get(
        match["cmp"], "ge"
    )
    return _condition("days_since_first_order", op, span_days(match["k"], match["unit"]))


def _discounted(match: re.Match[str], _as_of: date) -> Node:
    """ "Used a discount at least twice": so many orders that had one."""
    count = {"once": 1, "twice": 2}.get(match["times"] or "") or int(match["n"])
    op = "ge" if match["more"] or (count == 1 and not match["cmp"]) else _op(match, "eq")
    return {"purchase": "orders", "operator": op, "value": count, "discounted": True}


def _activity(match: re.Match[str], _as_of: date) -> Node:
    """By their own rhythm."""
    return _condition("churn_status", "eq", "left" if match["no"] else "active")


_BUY = r"(?:bought|buy|ordered|order|purchased|purchase|shopped|shop|been back|come back|came back|returned|placed an? order|placed any orders?|made a purchase|made any purchases?|spent anything|paid)"
GRAMMAR: list[tuple[str, Callable[[re.Match[str], date], Node | str]]] = [
    # before counts and silence: "never bought with a discount"
    (
        _WHO + r"(?:use|used|bought|ordered|shopped|had|got) (?:with |on |at )?(?:a |any |the |our )?discounts?(?: codes?)? (?:" + _CMP + r" )?(?:(?P<times>once|twice)|(?P<n>\d+) (?:times|orders))\b(?P<more> or more(?: often)?)?",
        _discounted,
    ),
    (_WHO + r"(?:never|not) (?:use|used|buy|bought|order|ordered|shop|shopped) (?:with |on |at )?(?:a |any |the )?discounts?(?: codes?)?\b", _fixed("discounted_order_share", "eq", 0)),
    (_WHO + r"never (?:ever )?(?:paid|pay|bought at|buy at|ordered at) (?:the )?full price\b(?: in (?:their )?li(?:fe|ves))?", _fixed("discounted_order_share", "ge", 1)),
    (_WHO + r"only (?:ever )?(?:buy|bought|order|ordered|shop|shopped|purchase|purchased)s? (?:with (?:an? )?|on |at (?:an? )?)(?:discounts?|sale)\b", _fixed("discounted_order_share", "ge", 1)),
    (_WHO + r"always (?:use|used|buy|bought|order|ordered|shop|wait for) (?:with |on |at )?(?:a |any |the )?discounts?(?: codes?)?\b", _fixed("discounted_order_share", "ge", 1)),
    (_WHO + r"(?:use|used|bought|ordered|shopped) (?:with |on |at )?(?:a |any |the )?discounts?(?: codes?)?\b", _fixed("discounted_order_share", "gt", 0)),
    # silence and activity before counts: "no order in 90 days" is not "0 orders"
    (
        _WHO + r"(?:gone |been |stayed |remained )?(?:silent|quiet|inactive|dormant|absent|away|lapsed|asleep|missing)(?: for| since| over| in)*(?: the)?(?: last| past)?(?: more than| over| at least| longer than)? " + _SPAN + r"\b(?: or (?:more|longer))?",
        _silent,
    ),
    (
        _WHO + rf"not (?:yet )?{_BUY}(?: (?:anything|again|from us|a thing|with us))*(?: in| for| within| during| over)*(?: the)?(?: last| past)?(?: more than| over| at least| longer than)? " + _SPAN + r"\b",
        _silent,
    ),
    (
        r"(?:\bwith )?\b(?:no|without (?:an? |any )?) ?(?:order|purchase|activity|sale)s?(?: at all)?(?: in| for| within| during| over| since)*(?: the)?(?: last| past)?(?: more than| over)? " + _SPAN + r"\b",
        _silent,
    ),
    (
        rf"\b(?:whose |with (?:a |their )?)?(?:last|latest|most recent) (?:order|purchase) (?:was |is |being )?(?:between |from )?(?P<k>\d+) (?:and|to|-) (?P<k2>\d+) (?P<unit>{_UNITS})s? ago\b",
        _silent_between,
    ),
    (r"\b(?:whose |with (?:a |their )?)?(?:last|latest|most recent) (?:order|purchase) (?:was |is |being )?(?:more than |over |at least |less than |under )?" + _SPAN + r" ago\b", _silent),
    (_WHO + rf"last {_BUY}(?: (?:anything|something|from us))? (?:more than |over |at least |less than |under )?" + _SPAN + r" ago\b", _silent),
    (_WHO + rf"(?:not {_BUY}(?: anything)?|been (?:silent|inactive|quiet)|(?:silent|inactive|quiet)) since (?P<since>(?:the )?[a-z]+ ?\d{{0,4}}|\d{{4}}-\d\d-\d\d)", _silent_since),
    (
        _WHO + r"(?:joined|signed up|first (?:bought|ordered)|new|became (?:a )?customers?|new customers?)(?: for the first time)? (?:in|within|during|from|of) (?:the (?:last|past)|(?:last|past)(?= \d)) " + _SPAN + r"\b",
        _joined,
    ),
    # emails and visits
    (
        _WHO + r"(?P<no>not |never )?(?:ever |yet )?(?P<verb>added|add|put|filled)(?P<cmp>)(?P<cmp2>)(?P<more>)(?P<times>)(?P<times2>) (?P<object>(?:(?:something|anything|an item|items|a product|products|a thing) )?(?:(?:in|into|to) )?(?:the |an? |their |our )?(?:carts?|baskets?))" + _WITHIN,
        _event,
    ),
    (
        r"(?<!per )(?<!each )(?<!every )(?<!a )" + _WHO + r"(?P<no>not |never )?(?:ever |yet )?(?P<verb>opened|open|clicked|click|visited|visit|browsed|viewed|unsubscribed|bounced|abandoned|looked)\b(?! rates?)(?![- ](?:through|throughs|costs?|prices?|and[- ]collect))(?: (?:" + _CMP.replace("P<cmp>", "P<cmp2>") + r" )?(?P<times2>\d+)(?: of our| of the)?(?= (?:e?mails?|mailings?|products?|pages?|links?)))?(?P<object> (?:anything|any of (?:it|them|those|these)|(?:on |at |from |through |out )?(?:an? |any |any of (?:our|the) |our |one of our |1 of our |a single |the |their |1 |our last |the last )?(?:e?mails?|mailings?|website|web site|site|shop|store|products?|pages?|links?|carts?|baskets?|sms|texts?|text messages?)(?: in (?:an? |our |one of our |the )?emails?)?(?: links?| from us)?))?(?: us)?(?: (?:" + _CMP + r" )?(?P<times>\d+(?= times?)|once|twice)(?: times?)?)?(?P<more> or more(?: often)?)?" + _WITHIN,
        _acted,
    ),
    (
        _WHO + r"(?P<no>not |never )?(?P<verb>received) (?:" + _CMP + r" )?(?P<times>\d+)(?P<more> or more)?(?P<cmp2>)(?P<times2>) (?P<object>emails|sms)(?: from us)?" + _WITHIN,
        _event,
    ),
    # money
    (
        _WHO + r"(?:spent|spend|spending|paid) (?:" + _CMP + r" )(?P<n>\d+(?:\.\d+)?)(?P<more>)(?:,? (?:and|but)) (?:not )?"
        + _CMP.replace("P<cmp>", "P<cmp2>") + r" (?P<upper>\d+(?:\.\d+)?)(?! ?%| times| orders)\b" + _LAST + "?",
        _spent_within,
    ),
    (
        _WHO + r"(?:spent|spend|spending|paid|bought for|brought in|with (?:a )?(?:total )?(?:spend|spending|revenue|sales)(?: of)?|worth of orders) " + _RANGE + _LAST + "?",
        _spent,
    ),
    (
        _WHO + r"(?:(?:spent|spend|spending|paid|bought for|brought in)(?! (?:19|20)\d\d\b)|with (?:a )?(?:total )?(?:spend|spending|revenue|sales)(?: of)?)(?: us| a total of| in total)? (?:" + _CMP + " )?" + r"(?P<n>\d+(?:\.\d+)?)(?P<more> or more| and more|\+)?(?: (?:with us|in total|overall|altogether))?" + _LAST + "?",
        _spent,
    ),
    # how often
    (
        _WHO + r"(?:(?:bought|ordered|purchased|shopped|came|buy|order|placed|made|with|having|have) )" + _RANGE + r" (?P<times>)(?:times?|orders?|purchases?|invoices?)\b" + _LAST + "?",
        _orders,
    ),
    (
        _WHO + r"(?:(?:bought|ordered|purchased|shopped|came|come|buy|order|placed|made|with|having|have) )?(?:from us )?(?:" + _CMP + r" )?(?P<times>once|twice)\b(?P<more> or more)?(?: only)?(?P<n>)?" + _LAST + "?",
        _orders,
    ),
    (
        _WHO + r"(?:(?:bought|ordered|purchased|shopped|came|buy|order|placed|made|with|having|have) )(?:" + _CMP + r" )?(?P<n>\d+)(?P<more> or more|\+)? (?P<times>)(?:times?|orders?|purchases?|invoices?)(?: or more)?\b" + _LAST + "?",
        _orders,
    ),
    (_WHO + r"(?:bought|ordered|purchased|shopped) (?:only |just |exactly )?onetime(?: only)?\b", _fixed("orders_all", "eq", 1)),
    (_WHO + r"(?:only|just|exactly) (?:bought|ordered|purchased|placed|made|shopped) (?:once\b|(?:a single|1|one) (?:order|purchase|time))", _fixed("orders_all", "eq", 1)),
    (r"\b(?:onetime|single-order|single-purchase) (?:customers|buyers|shoppers|ones)\b", _fixed("orders_all", "eq", 1)),
    (r"\b(?:repeat|returning) (?:customers|buyers|shoppers|ones)\b", _fixed("orders_all", "ge", 2)),
    (_WHO + r"never (?:bought|ordered|purchased|placed an order)(?: (?:anything|a thing|a single thing|one thing|1 thing|something))?", _fixed("recency_days", "is_null")),
    (_WHO + r"(?:bought|ordered|purchased|active|shopped|placed an order|made a purchase)(?: something| anything| again)? (?:in|within|during) (?:the )?(?:last|past) " + _SPAN + r"\b", _active),
    # predictions
    (r"\b(?:with |at |whose |of )*(?:an? )?(?P<level>high|medium|low)(?:[- ](?:churn[- ])?risk| churn probability)(?: of (?:leaving|churn(?:ing)?))?\b", _risk),
    (_WHO + r"(?P<no>not |un)?(?:likely|about|going|expected|predicted|probable|at risk of|in danger of|close to|on the verge of) ?(?:to )?(?:leav(?:e|ing)|churn(?:ing)?|laps(?:e|ing)|quit|go away|defect)(?: (?:in|within|over)(?: the)?(?: next| coming)? " + _SPAN + r")?\b", _likely),
    (
        r"(?:\b(?:in|among|of|are|who are|belong to|within|the|our|all) )*\b(?P<way>top|best|highest|upper|bottom|worst|lowest|least) (?P<n>\d+(?:\.\d+)?) ?%(?: of)?(?: (?:the|our|all))*(?P<worth> most valuable)?(?: (?:customers?|buyers?|shoppers?|clients?|people|spenders?))?(?: (?:by|in terms of|ranked by|sorted by)(?: (?:their|the|total))* (?:(?P<field>" + _VALUE_PATTERN + r")\b|(?P<other>[a-z]+(?: [a-z]+)?)))?",
        _share,
    ),
    (_WHO + r"(?:overdue|late with their next order)\b", _fixed("overdue_ratio", "gt", 1)),
    # any field by its name
    (
        rf"\b(?:with |whose |have |having |an? |their )*(?P<field>{_VALUE_PATTERN}) (?:score |is |was |are |of |that is |being )*(?:between |from )(?P<n>\d+(?:\.\d+)?)(?P<pct> ?%)?(?: and | to )(?P<n2>\d+(?:\.\d+)?)(?! ?(?:st|nd|rd|th|of|[a-z]{3,9} \d{4}|" + _MONTH_NAMES + r")) ?%?",
        _field,
    ),
    (rf"\b(?:with |whose |have |having |an? |their )*(?P<field>{_VALUE_PATTERN}) (?:score |is |was |are |of |that is |being )*{_CMP} {_NUM}", _field),
    (rf"\b(?:with |have |having |are |worth )*{_CMP} {_NUM} (?:in |of )?(?P<field>{_VALUE_PATTERN})\b", _field),
    (r"\b(?:are |is |be )?(?P<field>worth) " + _CMP + " " + _NUM + r"(?: each)?", _field),
    (rf"\b(?:the )?(?P<n>\d+(?:\.\d+)?) ?% (?:of )?(?:the |our |all )*(?:customers?|buyers?|people|shoppers?) with (?:the )?(?P<way>highest|lowest|best|worst|most|least|largest|smallest) (?P<field>{_VALUE_PATTERN})\b(?P<worth>)(?P<other>)", _share),
    # what they do
    (r"\b(?:the |our )?most loyal\b(?: customers?| buyers?)?", _fixed("brand_loyalty_score", "top_share", VIP_SHARE)),
    (r"\b(?:the |our |all )*vips?\b(?! segment)(?: customers?)?", _fixed("monetary_value", "top_share", VIP_SHARE)),
    (_WHO + r"(?:still )?(?:lapsed|churned|left us|left already|gone for good|former|vanished|disappeared|drifted away|walked away|gone away|dropped off|defected|abandoned us|stopped (?:buying|ordering|shopping)(?! (?!from us\b|with us\b|here\b|at\b|in\b|since\b|and\b|but\b|recently\b|completely\b|altogether\b|last\b|this\b|after\b)[a-z]))(?: customers?)?\b(?! (?:for|since|over|in))", _fixed("churn_status", "eq", "left")),
    (_WHO + r"(?:still |currently |now )*(?<![a-z])(?P<no>in)?active(?=(?: (?:customers?|people|buyers?|clients?|shoppers?|ones|now|today|currently|at the moment))?(?: ?[?.!,]| and\b| but\b| in\b|$)| customers?\b)(?! (?:in|since|last|this|over)\b)", _activity),
    (_WHO + r"(?:still (?:active|customers|with us|buying|alive)|(?<![a-z])alive)\b(?! (?:in|since|last|this|over))", _fixed("churn_status", "eq", "active")),
    (_WHO + r"(?:been )?(?:with us|(?:a )?customers?) for (?:(?P<cmp>more than|over|at least|longer than|less than|under) )?" + _SPAN + r"\b(?: or (?:more|longer))?", _tenure),
    (_WHO + r"(?:usually |mostly |mainly |often )?(?:shop|buy|order)s?(?: mostly| mainly| usually)? (?:at night|late at night)\b", _fixed("night_share", "ge", 0.5)),
    (_WHO + r"(?:usually |mostly |mainly |often )?(?:shop|buy|order)s?(?: mostly| mainly| usually)? on (?P<day>monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?\b", _weekday),
    (_WHO + r"(?:(?:spend|buy|spent|bought|spending|buying) less than (?:they used to|before)|whose (?:spend|spending|revenue|orders) (?:is |are |has |have |been )*(?:falling|declining|shrinking|going down|dropping|fallen|dropped|gone down|shrunk))\b", _fixed("revenue_trend_90d", "lt", 0)),
    (_WHO + r"(?:(?:spend|buy|spent|bought|spending|buying) more than (?:they used to|before)|whose (?:spend|spending|revenue|orders) (?:is |are )?(?:growing|rising|increasing|going up))\b", _fixed("revenue_trend_90d", "gt", 0)),
    # what they are
    (r"\b(?:the |our |in |of |segment )*(?<!<)(?:(?!lost\b)|(?<!\bi )(?<!\bwe )(?<!money )(?<!revenue )(?<!sales )(?<!turnover )(?<!orders )(?<!much ))(?P<segment>" + "|".join(re.escape(p) for p, _ in phrases("segments")) + r")\b(?! of)(?: customers| segments?| ones)?", _segment),
    (r"\b(?:with|who|that|have|has|gave|given|whom|which|do|did|are) (?:have |has |gave |given |do )*(?P<no>not |no |without )?(?:given |give )?(?:us )?(?:(?:e?mail|sms|text(?: message)?) )?(?:consent(?:ed)?|agreed|opted in|permission)(?: (?:to|for))?(?: get(?:ting)?| receiv(?:e|ing)| be sent)?(?: our)?(?: marketing)?(?: (?:e?mails?|sms|texts?(?: messages?)?))?\b", _consent),
    (r"\b(?P<no>without )(?:(?:e?mail|sms|text) )?consent\b", _consent),
    (r"\bwith(?P<no>out)? (?:an? )?(?:email )address(?:es)?\b", _address),
    (r"\b(?:that |who )?(?:have|has|having)(?P<no> no)? (?:an? )?email address(?:es)?\b", _address),
    (r"\b(?P<no>no )(?:(?:e?mail|sms|text) )?consent\b", _consent),
    (_WHO + r"(?:signed up|registered|opened an account|created an account|(?:with|have|has) an account)(?= (?:but|and|yet|though|without|who)\b)", _fixed("customer_id", "not_null")),
    (r"\bwith(?:out| no) (?:an? )?(?:tele)?phone(?: numbers?)?\b", _fixed("phone", "is_null")),
    (r"\bwith (?:an? )?(?:tele)?phone(?: numbers?)?\b", _fixed("phone", "not_null")),
    (r"\bwhose (?:(?:first|last|family) )?name (?:contains|includes|has|is) (?P<part>[\w-]+)\b", _name),
    (_WHO + r"(?:weekend (?:shoppers|buyers)|(?:shop|buy|order)(?: mostly| mainly)? (?:at|on) (?:the )?weekends?)\b", _fixed("weekend_share", "ge", 0.7)),
    (r"\b(?:discount (?:hunters|buyers|shoppers)|bargain hunters)\b", _fixed("discounted_order_share", "ge", 0.5)),
    (r"\bprice[- ]sensitive(?: customers| ones)?\b", _fixed("price_sensitivity_score", "ge", 70)),
    (r"\b(?:unhealthy|unwell)(?: customers)?\b", _fixed("customer_health_score", "lt", 40)),
]  # fmt: skip
