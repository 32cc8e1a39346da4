# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""What is asked of a figure beyond the figure: its share, its change, an average per month, a median, the best in each.

Each part leaves a mark, so that what is left of a clause is what was not understood.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any, Final

from language.averages import take_buckets
from language.changes import CHANGE_WORDS, MOVES, take_changes
from language.comparisons import BOUNDS, either
from language.filler import ASKING
from language.hours_and_days import as_said_together, take_days, take_hours
from language.names import INSIDE, beside_goods
from language.negation import RULING_OUT
from language.shares import SHARE
from language.thresholds import Limit
from language.words import Draft

__all__ = ["MEASURE_WORDS", "Measures", "names_kept", "take_measures", "take_order_filters"]

Filter = dict[str, Any]
_CMP: Final = {**BOUNDS, "from": "ge"}
_CMPS: Final = f"(?:{either(_CMP)})"
MOST_FILTERS = 8


@dataclass(slots=True)
class Measures:
    """What is asked of the figures. `having` are conditions on the figures of a row."""

    share: bool = False
    change: bool = False
    explain: bool = False
    same_days: bool = False
    down: bool = False
    up: bool = False
    rest: bool = False  # set against everything else: "the UK versus the rest"
    per: str | None = None
    statistic: str | None = None
    active: str = ""  # of which days an average is: "empty" ones are left out, or those with the shop "open"
    over: str | None = None  # what a figure is divided by: "per invoice"
    running: bool = False
    best_per: bool = False
    having: list[Limit] = field(default_factory=list)

    def any(self) -> bool:
        """Whether anything was asked beyond the figures themselves."""
        return bool(
            self.share or self.change or self.per or self.over or self.statistic or self.running or self.best_per
        )


def take_measures(draft: Draft, *, ranged: bool = False, shared: bool = False) -> Measures:
    """Everything asked of the figures, taken out of `draft`.

    `ranged`: a period goes from one point to another; `shared`: both the part and the whole of a share are said.
    """
    said = Measures()
    said.running = draft.take(_RUNNING, "<running>") is not None
    if buckets := take_buckets(draft):
        said.per, said.statistic = buckets
    said.rest = draft.take(_REST, " ") is not None
    if re.search(SHARE, draft.text):
        said.rest = False  # what a share leaves is the rest
        draft.text = re.sub(r"\bf[ae]lls? (?=on |in |into |at |within |<)", "were ", draft.text)
    changes = take_changes(draft, ranged=ranged, shared=shared)
    said.change, said.explain, said.same_days = changes.change, changes.explain, changes.same_days
    said.down, said.up = changes.down, changes.up
    by_name = bool(re.search(r"\b(?:share|proportion|fraction|slice|portion|(?:what|which) part(?= of))\b", draft.text))
    if by_name or not said.change:
        said.share = _take_share(draft, by_name=by_name) or (shared and not said.change)
    said.best_per = draft.take(_EACH, "<each>") is not None or draft.has(_BEST_BY)
    return said


_REST = (
    r"(?<=\S )(?:versus|against|or|and|compared (?:to|with)|than|not) (?:(?:from|of|by|in|the|all|our) )*(?:rest|others|other (?:countries|markets|channels|categories|cities|products|ones)|everything else|everywhere else|elsewhere"
    r"|everybody else|everyone else|(?:existing|returning|old|repeat)(?: (?:ones|customers?|buyers?|clients?))?)(?: of (?:us|(?:the )?(?:world|shop|business|range|countries)|them|it))?\b"
)
_RUNNING = r"\b(?:cumulative(?:ly)?|running (?:total|sum)s?|accumulated|cumulated|adding up)\b(?: of)?"
_EACH = (
    r"\b(?:in|for|of|by|per|within|from) (?:each|every)(?: single)?(?: of (?:the|our))?\b|\beach (?=(?:country|channel|category|city|segment|campaign|market|product)\b(?=.*\b(?:top|best|worst|biggest)\b))"
    r"|\bper (?=(?:country|channel|category|city|segment|campaign|market|product)\b)(?=.*\b(?:top|best)\b(?!(?: \d+)? ?[?.!]*$)|(?<=top \d per ))"
)


# "Best product by channel": the one of each
_BEST_BY = (
    r"\b(?:best|top|worst|favourite|biggest|most \w+)(?:[- ]sell(?:ing|er))? (?:product|category|item|article|city|country|channel) "
    r"(?:by|per|for each|in each) (?=(?:country|channel|category|city|segment|market)\b)"
)


def _take_share(draft: Draft, *, by_name: bool) -> bool:
    """ "What share of", "what % of", "as % of"; not "20 % off" and not the market's share."""
    if by_name and re.search(r"\bmarket share\b", draft.text):
        return False
    lead = r"(?:\b(?:what|which|how many|how much|the|as|in|is|a|show|give) )*"
    word = r"\b(?:share|proportion|fraction|slice|portion|part)s?\b" if by_name else r"(?<!\d )(?<!\d)%"
    tail = (
        r"(?: share)?(?: (?:of (?:the |our |all )*(?:total|overall|whole|everything|all)|of|from|comes? from|is from|is|are"
        r"|was|were|in|by|goes to)\b)?"
    )
    if draft.take(rf"{lead}{word}{tail}(?! ?(?:off|discount|holdout))", "<share>") is None:
        return False
    draft.take(r"\bof (?:the |our )?(?:total|overall|all|grand total)\b|\bmakes? up\b", " ")
    draft.take(r",? ?\(?(?:\b(?:in|as|a) )*(?<!\d )(?<!\d)%(?: only| please)?\)?(?! of\b)", " ")
    return True


def take_order_filters(draft: Draft, goods: Set[str] = frozenset()) -> list[Filter]:
    """Conditions on orders: their value, hour, day of the week, whether the customer is new, known or none.

    `goods` are the words of the products' names.
    """
    found: list[Filter] = []
    if _in_a_name(draft.text, goods):
        draft.text = re.sub(_PART_OF_DAY, lambda m: f"{m[0][0]}{_WITHIN}{m[0][1:]}", draft.text)
    for take in (take_hours, take_days, _customer_type, _discounted, _order_value, _order_content):
        while len(found) <= MOST_FILTERS and (one := take(draft)) is not None:
            found.append(one)
    draft.text = draft.text.replace(_WITHIN, "")
    return as_said_together(_joined(found))


_WITHIN: Final = "\x03"  # put into a part of the day inside a name while orders' hours are read
_PART_OF_DAY: Final = r"\b(?:morning|afternoon|evening|night)s?\b"
_MOVED_IN_A_NAME: Final = re.compile(rf"\b(?P<move>{'|'.join(MOVES)}|up|down) (?=(?P<thing>[a-z]{{3,}}))")


def names_kept(text: str, goods: Set[str]) -> str:
    """ "Climbing roses", "grow bags", "pull up bar": a word of change inside a product's name is none."""

    def kept(match: re.Match[str]) -> str:
        before = text[: match.start()].split()[-1:]
        inside = match["move"] in goods or (len(match["move"]) < 5 and before and before[0] in goods)
        named = inside and match["thing"] in goods - ASKING
        return f"{match['move'][0]}{INSIDE}{match['move'][1:]} " if named else match[0]

    return _MOVED_IN_A_NAME.sub(kept, text)


def _in_a_name(text: str, goods: Set[str]) -> bool:
    """ "Rabbit night light": a part of the day inside a product's name."""
    return any(m[0] in goods and beside_goods(m, goods) for m in re.finditer(_PART_OF_DAY, text))


def _joined(found: list[Filter]) -> list[Filter]:
    """Several values of one dimension are any of them: "on Mondays and Tuesdays", "morning versus evening"."""
    named: dict[str, list[str]] = {}
    for one in found:
        if one["operator"] in ("eq", "in"):
            value = one["value"]
            named.setdefault(one["dimension"], []).extend(value if isinstance(value, list) else [value])
    several = {name: distinct for name, values in named.items() if len(distinct := list(dict.fromkeys(values))) > 1}
    once = [f for n, f in enumerate(found) if f not in found[:n]]
    kept = [f for f in once if f["operator"] not in ("eq", "in") or f["dimension"] not in several]
    return kept + [{"dimension": name, "operator": "in", "value": values} for name, values in several.items()]


# "Orders with more than 5 different products": things in them, and no money
_NO_THINGS: Final = (
    r"(?! (?:different|distinct|separate|unique|kinds?|sorts?|products?|items?|articles?|pieces?|units?|pcs|lines?|skus?|things?"
    r"|goods|positions?|categor\w+|order|purchase|people)\b)"
    r"(?! (?!(?:euros|pounds|dollars|bucks|francs|kronor|pesos|rupees|cents|this|was|is|does|plus|minus|less|always|sales|gross|across|versus|as)\b)[a-z]{2,}s\b)"
)


_YEARS: Final = r"(?:19|20)\d\d (?:and|to|-) (?:19|20)\d\d\b"  # "orders between 2023 and 2024"


def _order_value(draft: Draft) -> Filter | None:
    not_ = rf"(?P<not>\b{RULING_OUT} (?:the |all |any )*)?"
    orders = r"(?P<what>orders?|invoices?|purchases?|baskets?|transactions?|tickets?|refunds?)"
    match = draft.take(
        rf"{not_}\b{orders} (?:(?:are|were|is|was|that are|that were|which were|(?:that )?(?:had|have|having)|with|an? (?:value|total|amount)|(?:value|total|amount)|worth|valued|of|for|being|costing|totalling) )*(?:between|from) (?!{_YEARS})(?P<low>\d+(?:\.\d+)?) (?:and|to|-) (?P<high>\d+(?:\.\d+)?)(?![\d.])(?! (?:of|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))(?! ?(?:%|am\b|pm\b|h\b|o'clock|in the))",
        _ordered,
    )
    if match:
        return {"dimension": "order_value", "operator": "between", "value": [float(match["low"]), float(match["high"])]}
    match = draft.take(
        rf"{not_}\b{orders} (?:(?:are|were|is|was|that are|that were|which were|(?:that )?(?:had|have|having)|with|an? (?:value|total|amount)|(?:value|total|amount)|worth|valued|of|for|being|costing|totalling|at) )*(?P<cmp>{_CMPS}) (?P<n>\d+(?:\.\d+)?)(?![\d./-]|:\d)(?! ?(?:%|am\b|pm\b|h\b|o'clock)){_NO_THINGS}(?! (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))(?! <?(?:lines?|items?|products?|units?|pieces?|metric))",
        _ordered,
    )
    if match is None:
        return None
    operator = _CMP[match["cmp"]]
    if match["not"]:
        operator = {"gt": "le", "ge": "lt", "lt": "ge", "le": "gt"}[operator]
    return {"dimension": "order_value", "operator": operator, "value": float(match["n"])}


_HOLDS: Final = (
    r"\b(?P<what>orders?|invoices?|purchases?|baskets?|transactions?|tickets?) (?:(?:that|which) )?"
    r"(?:(?:had|have|has|having|with|contain(?:s|ed|ing)?|hold(?:s|ing)?|held|includ(?:e|es|ed|ing)|of|for|consist(?:s|ed|ing)? of|comprising"
    r"|were|made up of|carry|carried|carrying|only|just) )+"
)
_THINGS: Final = (
    r"(?P<different>(?:different|distinct|separate|unique) )?"
    r"(?P<things>(?:order |invoice )?lines?|line items?|positions?|products?|articles?|skus?|pieces?|pcs|units?|(?(different)items?|(?!)))\b"
    r"(?P<more2> or more| and more)?(?P<less2> or (?:fewer|less))?"
    r"(?: (?:on|in) (?:them|it|each|the (?:order|invoice|basket)))?(?! (?:of|sold|per|called|from)\b)"
)


def _order_content(draft: Draft) -> Filter | None:
    """ "Orders with more than 50 different products", "invoices that have just one line", "orders of 10 pieces or more"."""
    single = r"(?P<single>(?:a |1 )?single|only 1|just 1|exactly 1|1)"
    many = rf"(?:(?P<cmp>{_CMPS}|exactly|only|just) )?(?P<n>\d+)(?P<more> or more|\+| and more)?(?P<less> or (?:fewer|less))?"
    match = draft.take(rf"{_HOLDS}(?:{single}|between (?P<low>\d+) and (?P<high>\d+)|{many}) {_THINGS}", _ordered)
    if match is None:
        return None
    of = "lines" if re.search("line|position", match["things"]) else "products"
    if re.match("piece|pcs|unit|item", match["things"]) and not match["different"]:
        of = "units"
    if match["low"]:
        return {"dimension": f"order_{of}", "operator": "between", "value": [int(match["low"]), int(match["high"])]}
    if match["single"]:
        return {"dimension": f"order_{of}", "operator": "eq", "value": 1}
    more, less = match["more"] or match["more2"], match["less"] or match["less2"]
    operator = "ge" if more else "le" if less else _CMP.get(match["cmp"] or "", "eq")
    return {"dimension": f"order_{of}", "operator": operator, "value": int(match["n"])}


def _ordered(match: re.Match[str]) -> str:
    """What is counted stays: "orders over 300" is about orders; "excluding orders over 300" is not."""
    return "<orders>" if match.groupdict().get("not") else f"{match['what']} <orders>"


_EARNED: Final = (
    r"\b(?:revenue|sales|turnover|orders?|invoices?|units|pieces|spen[dt]|spending|refunds?|money|takings|income|made"
    r"|placed|bought|generated|brought|purchases?|aov|basket|earned|share)\b"
)


def _customer_type(draft: Draft) -> Filter | None:
    who = r"(?:customers?|buyers?|clients?|shoppers?|ones|people)"
    # "the number of new customers" counts them; "countries by new customers" is ordered by them
    by = "" if re.search(rf"{_EARNED}.*\bby (?:the |our )?(?:\w+ )?(?:\w+ )?{who}", draft.text) else "(?!by )"
    lead = rf"(?:(?<!number )(?<!count )(?<!total )(?<!numbers )(?<!share )(?<!% )(?<!proportion )(?<!growth )(?<!increase )(?<!decrease )(?<!rise )(?<!drop )(?<!decline )(?<!trend )(?<!change ){by}\b(?:from|by|of|for|with|to|made by|due to|is from|are from|was from|comes from|that come from) (?:the |our )*)"
    if draft.take(
        rf"{lead}(?:brand )?(?:new|first[- ]time|newly won|newcomer) {who}\b(?! (?:versus|and|or) (?:returning|existing|old|repeat))|{lead}newcomers\b",
        "<whose>",
    ):
        return {"dimension": "customer_type", "operator": "eq", "value": "new"}
    once = draft.has(r"\bonetime\b")  # against those who bought once stand customers, and no orders
    if not once and draft.take(rf"{lead}(?:returning|existing|old|repeat|recurring) {who}\b", "<whose>"):
        return {"dimension": "customer_type", "operator": "eq", "value": "returning"}
    unknown = rf"(?:{who} (?:that |which |whom )?(?:we|you) (?:cannot|can not|could not|do not|don't) (?:identify|know|name)|(?:unknown|anonymous|unidentified|guest) {who}|anonymous|guests?|(?:without|with no|missing|have no|had no) (?:an? |any )?(?:known )?(?:customer(?: ?id| number)?|account|login|log in|registration)|(?:unregistered|non-?registered|not registered|walk-?in) {who}|walk-?ins|(?:not|never|did not|do not) (?:registered|register|logged in|log in|signed up|sign up)|nobody we know|(?:guest|anonymous) (?=orders|checkout))"
    no = r"\b(?:without|excluding|except(?: for)?|minus|leaving out|not counting|ignoring|less|not) (?:the |any |all |our )*"
    known = rf"(?:known|registered|identified) {who}|(?:customers?|buyers?|people) (?:that |whom? )?we know"
    if draft.take(rf"{no}(?:guest(?:s| \w+)?|(?:anonymous|unknown) {who})\b|{lead}{known}\b", "<whose>"):
        return {"dimension": "known_customer", "operator": "eq", "value": "known"}
    if draft.take(rf"{lead}?{unknown}\b", "<whose>"):
        return {"dimension": "known_customer", "operator": "eq", "value": "anonymous"}
    return None


def _discounted(draft: Draft) -> Filter | None:
    """ "Orders at full price", "with a discount", "without one": of figures of orders; what they were given is a metric."""
    of = r"(?:(?<=orders )|(?<=order )|(?<=invoices )|(?<=baskets )|(?<=aov )|(?<=only )|^(?:(?:and|so|ok|what about|how about|only|just|now|the ones|those|ones|the)[, ]+)*)"
    words = r"(?:(?:that |which )?(?:had|have|got|came|were|are|was|is) )?"
    if draft.take(
        rf"{of}{words}(?:without|with no|not) (?:a |any )?discount(?:s|ed)?\b|\b(?:at )?full[- ]price\b(?: orders?)?|\bundiscounted\b(?= orders)",
        "<when>",
    ):
        return {"dimension": "discounted", "operator": "eq", "value": "full price"}
    if draft.take(rf"{of}{words}(?:with|at|on) (?:a |any )?discounts?\b(?! (?:codes?|rate))", "<when>"):
        return {"dimension": "discounted", "operator": "eq", "value": "discounted"}
    return None


MEASURE_WORDS: Final = CHANGE_WORDS | frozenset(
    """
    median mean average typical against versus cumulative running accumulated share proportion fraction percent growth
    noon midday morning mornings afternoon afternoons evening evenings night nights weekend weekends weekday weekdays
    anonymous guest guests unidentified identify first second third half fiscal minimum maximum exceeding excluding
    except newcomers newcomer returning existing together
    """.split()  # noqa: SIM905
)
