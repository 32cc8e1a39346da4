# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Conditions on customers in a question, as a rule tree: "spent over 1,000 and silent for 90 days, but not champions"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from agent.offline.periods import span_days
from agent.offline.vocabulary import phrases
from agent.offline.words import Draft

__all__ = ["Conditions", "grammar_words", "take_conditions"]

Node = dict[str, Any]
LIKELY = 0.5  # "likely to leave": more likely than not

_CMP = (
    r"(?P<cmp>more than or equal to|less than or equal to|more than|greater than|higher than|over|above|exceeding|at least|"
    r"no less than|no fewer than|minimum|less than|lower than|fewer than|under|below|at most|no more than|up to|exactly|"
    r"only|just|equal to|>=|<=|>|<|=|for more than|for over|for at least)"
)
_OPS = {
    "more than": "gt", "greater than": "gt", "higher than": "gt", "over": "gt", "above": "gt", "exceeding": "gt", ">": "gt",
    "at least": "ge", "no less than": "ge", "no fewer than": "ge", "minimum": "ge", ">=": "ge", "more than or equal to": "ge",
    "less than": "lt", "lower than": "lt", "fewer than": "lt", "under": "lt", "below": "lt", "<": "lt",
    "at most": "le", "no more than": "le", "up to": "le", "<=": "le", "less than or equal to": "le",
    "exactly": "eq", "only": "eq", "just": "eq", "equal to": "eq", "=": "eq",
}  # fmt: skip
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
_WITHIN = r"(?: (?:in|within|for|during|over|since)(?: the)?(?: last| past| previous)? " + _SPAN + r"| (?:ever|yet))?\b"
_MONTH_NAMES = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_WINDOWS = {30: "30d", 90: "90d", 365: "365d"}
_VALUE_PATTERN = "(?:" + "|".join(re.escape(p) for p, _ in phrases("fields")) + ")"


@dataclass(slots=True)
class Conditions:
    """What was understood (`nodes`, `rule`) and what was not (`unclear`, in the user's words)."""

    nodes: list[Node]
    rule: Node | None
    unclear: list[str]


def take_conditions(draft: Draft, as_of: date) -> Conditions:
    """Take every condition on customers out of `draft`; each leaves the mark <rule>."""
    found: dict[int, Node] = {}
    unclear: list[str] = []
    for pattern, build in _GRAMMAR:
        while True:
            number = len(found)
            match = draft.take(
                rf"(?P<neg>\b(?:but not|except|excluding|not) (?:those |the |ones |who |that |are |have )*)?{pattern}",
                f"<rule{number}>",
            )
            if match is None:
                break
            node = build(match, as_of)
            if isinstance(node, str):
                unclear.append(node)
                draft.text = draft.text.replace(f"<rule{number}>", "<unclear>")
                continue
            found[number] = {"not": node} if match["neg"] else node
    unclear += _leftover(draft)
    rule = _tree(draft.text, found)
    draft.text = re.sub(
        r"<rule\d+>(?:(?: ?,? ?(?:and|or|but|,|who|that|have|has|with|are)){0,4} ?<rule\d+>)*", "<rule>", draft.text
    )
    return Conditions(list(found.values()), rule, unclear)


def _tree(text: str, found: dict[int, Node]) -> Node | None:
    """Conditions joined as the text between them says: "or" separates groups, everything else joins them."""
    if not found:
        return None
    groups: list[list[Node]] = [[]]
    end = 0
    for match in re.finditer(r"<rule(\d+)>", text):
        if re.search(r"\bor\b", text[end : match.start()]) and groups[-1]:
            groups.append([])
        groups[-1].append(found[int(match[1])])
        end = match.end()
    parts = [group[0] if len(group) == 1 else {"all": group} for group in groups if group]
    return parts[0] if len(parts) == 1 else {"any": parts}


_WHOM = re.compile(r"\b(?:customers?|people|buyers|shoppers|clients)\b,? (?:who|that|whose|with)\b")


def _leftover(draft: Draft) -> list[str]:
    """A clause about customers that no pattern took: said, never guessed."""
    clause = r"\b(?:customers?|people|buyers|shoppers|clients|ones|those|everybody|everyone)\b,? (?:who|that|whose|which) (?P<rest>(?!<|are there|do we|we |did we|i )[a-z][^<?]*)"
    joined = r"<rule\d+>,? (?:and|or|but) (?:who |that |whose |have |has |are )+(?P<rest>(?!<)[a-z][^<?]*)"
    # a comparison with something that is no figure: "more than average", "more orders than last year"
    vague = r"(?P<rest>\b(?:more|less|fewer|higher|lower|above|below)(?: [a-z]+)?(?: than)? (?:average|usual|last|before|the average|the last|others?)\b[^<?]*)"
    out = [match["rest"].strip(" ,.?") for match in re.finditer(vague, draft.text)] if _WHOM.search(draft.text) else []
    for pattern in (clause, joined):
        for match in re.finditer(pattern, draft.text):
            rest = match["rest"].strip(" ,.?")
            if not re.match(r"^(?:are|have|will|should|to|is|can|may|could|be|bought|buy|leave|churn|do)?$", rest):
                out.append(rest)
    return out


def _condition(name: str, op: str, value: Any = None) -> Node:
    return {"field": name, "op": op} if value is None else {"field": name, "op": op, "value": value}


def _number(text: str, share: bool = False) -> float | int:
    value = float(text) / (100 if share else 1)
    return int(value) if value.is_integer() and not share else value


def _op(match: re.Match[str], default: str) -> str:
    said = (match["cmp"] or "").removeprefix("for ").strip()
    return _OPS.get(said, default)


def _spent(match: re.Match[str], _as_of: date) -> Node | str:
    name = _windowed(match, "monetary_value", "revenue")
    if name is None:
        return f"{match[0].strip()} (spending is known for the last month, quarter and year, and since the beginning)"
    if match.groupdict().get("n2"):
        return _condition(name, "between", [_number(match["n"]), _number(match["n2"])])
    return _condition(name, "ge" if match.groupdict().get("more") else _op(match, "ge"), _number(match["n"]))


def _windowed(match: re.Match[str], ever: str, stem: str) -> str | None:
    if not match.groupdict().get("unit"):
        return ever
    days = span_days(match["k"], match["unit"])
    window = _WINDOWS.get(days)
    return f"{stem}_{window}" if window else None


def _orders(match: re.Match[str], _as_of: date) -> Node | str:
    name = _windowed(match, "orders_all", "orders")
    if name is None:
        return f"{match[0].strip()} (orders are known for the last month, quarter and year, and since the beginning)"
    if match.groupdict().get("n2"):
        return _condition(name, "between", [int(float(match["n"])), int(float(match["n2"]))])
    times = {"once": 1, "twice": 2}.get(match["times"] or "")
    count = times if times is not None else int(float(match["n"]))
    return _condition(name, "ge" if match.groupdict().get("more") else _op(match, "eq"), count)


def _silent(match: re.Match[str], _as_of: date) -> Node:
    longer = bool(re.search(r"more than|over|longer", match[0]))
    shorter = bool(re.search(r"less than|under|fewer than", match[0]))
    op = "lt" if shorter else "gt" if longer else "ge"
    return _condition("recency_days", op, span_days(match["k"], match["unit"]))


def _silent_since(match: re.Match[str], as_of: date) -> Node | str:
    from agent.offline.periods import take_periods

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


def _event(match: re.Match[str], _as_of: date) -> Node:
    said = f"{match['verb']} {match['object'] or ''}"
    kind = next(kind for stem, kind in _EVENTS.items() if stem in said)
    within = {"within_days": span_days(match["k"], match["unit"])} if match["unit"] else {}
    if kind == "cart" and "abandon" in said:
        return _abandoned(within)
    counted = match["times"] or match["times2"]
    count = {"once": 1, "twice": 2}.get(counted or "once") or int(counted)
    comparison = "ge" if match["more"] else _OPS.get(match["cmp"] or match["cmp2"] or "at least", "ge")
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
    agreed = _condition("consent_email", "eq", True)
    return {"not": agreed} if match["no"] else agreed


def _address(match: re.Match[str], _as_of: date) -> Node:
    return _condition("email", "is_null" if match["no"] else "not_null")


def _fixed(name: str, op: str, value: Any = None) -> Callable[[re.Match[str], date], Node]:
    return lambda _match, _as_of: _condition(name, op, value)


_BUY = r"(?:bought|buy|ordered|order|purchased|purchase|shopped|shop|been back|come back|came back|returned|placed an? order|placed any orders?|made a purchase|made any purchases?|spent anything|paid)"
_GRAMMAR: list[tuple[str, Callable[[re.Match[str], date], Node | str]]] = [
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
        r"(?:\bwith )?\bno (?:order|purchase|activity|sale)s?(?: at all)?(?: in| for| within| during| over| since)*(?: the)?(?: last| past)?(?: more than| over)? " + _SPAN + r"\b",
        _silent,
    ),
    (r"\b(?:whose |with (?:a |their )?)?(?:last|latest|most recent) (?:order|purchase) (?:was |is |being )?(?:more than |over |at least |less than |under )?" + _SPAN + r" ago\b", _silent),
    (_WHO + rf"last {_BUY}(?: (?:anything|something|from us))? (?:more than |over |at least |less than |under )?" + _SPAN + r" ago\b", _silent),
    (_WHO + rf"(?:not {_BUY}(?: anything)?|been (?:silent|inactive|quiet)|(?:silent|inactive|quiet)) since (?P<since>(?:the )?[a-z]+ ?\d{{0,4}}|\d{{4}}-\d\d-\d\d)", _silent_since),
    (
        _WHO + r"(?:joined|signed up|first (?:bought|ordered)|new|became (?:a )?customers?)(?: for the first time)? (?:in|within|during) (?:the )?(?:last|past) " + _SPAN + r"\b",
        _joined,
    ),
    # e-mails and visits
    (
        _WHO + r"(?P<no>not |never )?(?:ever |yet )?(?P<verb>added|add|put|filled)(?P<cmp>)(?P<cmp2>)(?P<more>)(?P<times>)(?P<times2>) (?P<object>(?:(?:something|anything|an item|items|a product|products|a thing) )?(?:(?:in|into|to) )?(?:the |an? |their |our )?(?:carts?|baskets?))" + _WITHIN,
        _event,
    ),
    (
        _WHO + r"(?P<no>not |never )?(?:ever |yet )?(?P<verb>opened|open|clicked|click|visited|visit|browsed|viewed|unsubscribed|bounced|abandoned|looked)\b(?! rates?)(?: (?:" + _CMP.replace("P<cmp>", "P<cmp2>") + r" )?(?P<times2>\d+)(?: of our| of the)?(?= (?:emails?|products?|pages?|links?)))?(?P<object> (?:on |at |from |through |out )?(?:an? |any |our |one of our |the |their )?(?:emails?|website|web site|site|shop|store|products?|pages?|links?|carts?|baskets?)(?: in (?:an? |our |one of our |the )?emails?)?(?: links?| from us)?)?(?: us)?(?: (?:" + _CMP + r" )?(?P<times>\d+(?= times?)|once|twice)(?: times?)?)?(?P<more> or more(?: often)?)?" + _WITHIN,
        _acted,
    ),
    # money
    (
        _WHO + r"(?:spent|spend|spending|paid|bought for|brought in|with (?:a )?(?:total )?(?:spend|spending|revenue|sales)(?: of)?|worth of orders) " + _RANGE + _LAST + "?",
        _spent,
    ),
    (
        _WHO + r"(?:spent|spend|spending|paid|bought for|brought in|with (?:a )?(?:total )?(?:spend|spending|revenue|sales)(?: of)?)(?: us| a total of| in total)? (?:" + _CMP + " )?" + r"(?P<n>\d+(?:\.\d+)?)(?P<more> or more| and more|\+)?(?: (?:with us|in total|overall|altogether))?" + _LAST + "?",
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
    (_WHO + r"never (?:bought|ordered|purchased|placed an order)(?: anything)?", _fixed("recency_days", "is_null")),
    (_WHO + r"(?:bought|ordered|purchased|active|shopped|placed an order|made a purchase)(?: something| anything| again)? (?:in|within|during) (?:the )?(?:last|past) " + _SPAN + r"\b", _active),
    # predictions
    (r"\b(?:with |at |whose |of )*(?:an? )?(?P<level>high|medium|low)(?:[- ](?:churn[- ])?risk| churn probability)(?: of (?:leaving|churn(?:ing)?))?\b", _risk),
    (_WHO + r"(?P<no>not |un)?(?:likely|about|going|expected|predicted|probable|at risk of) ?(?:to )?(?:leav(?:e|ing)|churn(?:ing)?|laps(?:e|ing)|quit|go away|defect)(?: (?:in|within|over)(?: the)?(?: next| coming)? " + _SPAN + r")?\b", _likely),
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
    # what they are
    (r"\b(?:the |our |in |of |segment )*(?<!<)(?P<segment>" + "|".join(re.escape(p) for p, _ in phrases("segments")) + r")\b(?! of)(?: customers| segment| ones)?", _segment),
    (r"\b(?:with|who|that|have|has|gave|given|whom|which|do|did|are) (?:have |has |gave |given |do )*(?P<no>not |no |without )?(?:given |give )?(?:us )?(?:email )?(?:consent(?:ed)?|agreed|opted in|permission)(?: to)?(?: get| receive| be sent)?(?: our)?(?: marketing)?(?: emails?)?\b", _consent),
    (r"\b(?P<no>without )(?:email )?consent\b", _consent),
    (r"\bwith(?P<no>out)? (?:an? )?(?:email )address(?:es)?\b", _address),
    (_WHO + r"(?:weekend (?:shoppers|buyers)|(?:shop|buy|order)(?: mostly| mainly)? (?:at|on) (?:the )?weekends?)\b", _fixed("weekend_share", "ge", 0.7)),
    (r"\b(?:discount (?:hunters|buyers|shoppers)|bargain hunters)\b", _fixed("discounted_order_share", "ge", 0.5)),
    (r"\bprice[- ]sensitive(?: customers| ones)?\b", _fixed("price_sensitivity_score", "ge", 70)),
    (r"\b(?:unhealthy|unwell)(?: customers)?\b", _fixed("customer_health_score", "lt", 40)),
]  # fmt: skip


def grammar_words() -> frozenset[str]:
    """Every word of the grammar: none of them is a typing error."""
    return frozenset(word for pattern, _ in _GRAMMAR for word in re.findall(r"[a-z]{3,}", pattern))
