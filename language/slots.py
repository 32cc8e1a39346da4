"""Everything a clause says that a tool could use as an argument, taken out of its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from language.averages import take_kind_of_day, take_over
from language.beside_periods import take_added_up, take_length
from language.calendar_phrases import as_dates
from language.campaigns_named import take_campaigns
from language.codes import take_customer_code, take_product_codes, take_two_customers
from language.conditions import Conditions, grammar_words, take_conditions
from language.excluded import leave_out, leave_out_empty, said_as_left_out
from language.filler import NOISE, without_noise
from language.filters import by_one_word, named_apart, spoken, take_filters, take_together_values
from language.goods import Goods
from language.grain import take_grain, take_horizon
from language.kinds import take_both_kinds
from language.measures import Measures, names_kept, take_measures, take_order_filters
from language.merchandise import ABOUT_PEOPLE, HABITS, take_goods_back, take_together
from language.names import INSIDE, places_kept
from language.periods import Period, Periods, read_periods
from language.places import COUNTRIES, with_countries_spelled_out
from language.ranking import Rank, take_rank, take_times
from language.scene import Scene
from language.shares import share_in
from language.spelling import corrected
from language.thresholds import Limit, take_group_limits, take_limits, take_own_limits
from language.trade import in_plain_words
from language.vocabulary import known_words, phrases
from language.words import Draft, compiled, plain

__all__ = ["Slots", "read_slots"]

_FROM_WHEN: Final = "From which day to which day do you mean? Say the first and the last."
_OPEN_RANGE: Final = r"<period> ?(?:up to|to|until|till|through|thru|[-–]) ?(?:[a-z]+[- ]+){0,2}<period>"
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_UUID = r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
_CUSTOMER = (
    r"(?<!per )(?<!each )(?<!average )(?<!new )\b(?:customer|customers(?! (?:19|20)\d\d\b))"
    r" (?:number |no\.? |id |#)?((?=[\w-]*\d)[\w-]+)\b"
    r"|(?<!\w)#(\d[\w-]*)"
    r"|(?<!spent )(?<!spend )(?<!paid )\b(?:about|know of)"
    r" (?!(?:19|20)\d\d\b)(\d{3,}|(?!(?:q|h|cw|kw|wk|fy)\d)[a-z]{1,4}-?\d{2,})\b(?! days)"
    r"|\b(?:will|does|is|did|has) (\d{4,}|[a-z]+\d{3,})\b"
    r"(?= (?:\w+ )?(?:buy|order|purchase|return|come|shop|leave|churn|back|gone|worth|at risk))"
    r"|\b(?:like|similar to|for) ((?!(?:19|20)\d\d\b)\d{4,}|[a-z]+-?\d{3,})\b(?! (?:days|customers))"
)
# "How is Sweden doing", "how did the web channel perform": what it sold
_DOING = (
    r"\bhow (?:is|are|was|were|did|has|have|does|do)\b(?= (?:the |our )?<value>)"
    r"(?=.*\b(?:doing|do|done|perform\w*|going|develop\w*|selling|sell|sold)\b)"
)
_BASKETS = (
    r"\b(?:orders|invoices|baskets|transactions) (?:(?:that|which) )?(?:had|have|has|with|contain(?:s|ed|ing)?"
    r"|hold(?:s|ing)?|includ(?:e|es|ed|ing)|of) (?:more than (?:1|a single)|at least 2|2 or more|several|multiple|2\+"
    r"|(?P<one>(?:just|only|exactly) (?:1|a single)|a single|1 single|1))"
    r" (?:different |distinct )?"
    r"(?:products?|items?|articles?|skus?|things)\b"
)
# "Pieces in one order, over all orders": of which orders, and not how many they are
_OVER_ORDERS = r"\b(?:over|of|with|for|across|among|in) (?:all |the |our )*(?:\w+ )?orders\b|\borders only\b"
_ROWS_OF = (
    (r"(?:(?<=selling )|(?<=sold ))(?:items|articles|goods)\b", "product"),
    (r"\b(?:order|invoice) numbers\b", "order"),
    (r"(?<=<top> )customer ids\b", "customer"),
)
_WHOM = r"\b(?:customers?|people|buyers|shoppers|clients|those|ones|everybody|everyone) (?:who|that|with|whose|which)\b"


@dataclass(slots=True)
class Slots:
    """What was found; `text` is the clause with a mark for each thing found, `plain` the clause before that.

    `written` has each corrected word of `plain` as the user wrote it.
    """

    original: str
    plain: str
    text: str = ""
    written: dict[str, str] = field(default_factory=dict)
    quoted: list[str] = field(default_factory=list)
    customer: str | None = None
    identifier: str | None = None
    campaigns: list[str] = field(default_factory=list)
    conditions: Conditions = field(default_factory=lambda: Conditions([], None, []))
    horizon: int | None = None
    periods: list[Period] = field(default_factory=list)
    when: Periods = field(default_factory=Periods)
    measures: Measures = field(default_factory=Measures)
    order_filters: list[dict[str, Any]] = field(default_factory=list)
    grain: str | None = None
    filters: list[dict[str, Any]] = field(default_factory=list)
    metrics: list[str] = field(default_factory=list)
    dimensions: list[str] = field(default_factory=list)
    top: bool = False
    limit: int | None = None
    ascending: bool = False
    rank: Rank = field(default_factory=Rank)
    taken: list[tuple[str, str]] = field(default_factory=list)

    def marks(self) -> set[str]:
        """Kinds of things found, such as <period>."""
        return set(re.findall(r"<[a-z-]+>", self.text))

    def has(self, pattern: str) -> bool:
        """True when `pattern` occurs in the clause."""
        return compiled(pattern).search(self.plain) is not None


def read_slots(clause: str, scene: Scene) -> Slots:
    """Take quoted texts, names, conditions, periods, values, metrics and dimensions out of `clause`."""
    kept, quoted = _unquoted(clause, scene.segments)
    goods = scene.product_words | {re.sub("(?<=[^aeiou])y$", "ie", word) + "s" for word in scene.product_words}
    meant, written = corrected(plain(with_countries_spelled_out(kept)), _vocabulary(scene), goods)
    meant = places_kept(without_noise(meant, scene.product_words), goods)
    draft = Draft(_ad_costs(in_plain_words(said_as_left_out(meant)), scene))
    slots = Slots(original=clause, plain=draft.text.replace(INSIDE, ""), quoted=quoted, written=written)
    draft.text, problems = as_dates(draft.text, scene.today)
    two = [_as_written(code, clause) for code in take_two_customers(draft)]
    _take_names(draft, slots, clause)
    slots.campaigns = take_campaigns(draft, _places_and_kinds(scene))
    codes = take_product_codes(draft)
    slots.dimensions += take_both_kinds(draft)
    baskets = draft.take(_BASKETS, "<metric>")
    days = take_kind_of_day(draft)
    active = leave_out_empty(draft)
    if not (draft.has(_WHOM) or draft.has(HABITS)):
        slots.order_filters = take_order_filters(draft, scene.product_words)
    _take_rows(draft, slots)
    slots.conditions = take_conditions(draft, scene.today, _goods(slots, scene))
    slots.horizon = take_horizon(draft)
    _take_periods(draft, slots, scene, problems)
    limits = slots.measures.having
    _take_measures(draft, slots, days, goods)
    slots.measures.active = active
    slots.grain = slots.grain or take_grain(draft)
    if match := draft.take(r"(?<=<each> )(day|week|month|quarter|year)s?\b", "<grain>"):
        slots.grain = match[1]
    if slots.measures.active and slots.grain and not slots.top and slots.has(rf"\bper {slots.grain}\b"):
        slots.measures.per, slots.measures.statistic, slots.grain = slots.grain, "mean", None
    _take_values(draft, slots, scene, [_as_written(code, clause) for code in codes])
    slots.filters += [{"dimension": "customer", "operator": "in", "value": two}] if two else []
    _take_figures(draft, slots, limits, _held(baskets))
    _narrow_to_baskets(slots)
    slots.taken = draft.taken
    slots.text = re.sub(r"(<metric>)(?: ?(?:,|and) ?<metric>)+", r"\1", draft.text)
    return slots


def _take_periods(draft: Draft, slots: Slots, scene: Scene, problems: list[str]) -> None:
    """When: the periods, without what is left out of them, and whether they are added up."""
    slots.when = read_periods(draft, scene.today)
    slots.when.problems[:0] = [*problems, *([_FROM_WHEN] if re.search(_OPEN_RANGE, draft.text) else [])]
    slots.periods = leave_out(draft, slots.when.found)
    take_length(draft, slots.periods)
    slots.when.added_up = take_added_up(draft, slots.periods)


def _take_measures(draft: Draft, slots: Slots, days: str | None, goods: Set[str]) -> None:
    """What is asked of the figures; `days`: how days of one kind are averaged."""
    draft.text = names_kept(draft.text, goods)
    slots.measures = take_measures(draft, ranged=bool(slots.when.ends), shared=share_in(slots.plain) is not None)
    if days and any(f["dimension"] in ("weekday", "weekend") for f in slots.order_filters):
        slots.measures.per, slots.measures.statistic = "day", days
    elif days:  # "average orders per weekday": of which days, that is for others to ask
        draft.text = draft.text.replace("<per>", "average", 1)


def _narrow_to_baskets(slots: Slots) -> None:
    """ "The average basket of orders with two articles or more": of those orders, and not how many there are."""
    if slots.has(_OVER_ORDERS) and any(name.endswith("_per_order") for name in slots.metrics):
        slots.metrics = [name for name in slots.metrics if name != "orders"]
    for name, operator, number in (("single_product_orders", "eq", 1), ("multi_product_orders", "ge", 2)):
        if name in slots.metrics and set(slots.metrics) - {name, "orders"}:
            slots.metrics = [metric for metric in slots.metrics if metric not in (name, "orders")]
            slots.order_filters.append({"dimension": "order_products", "operator": operator, "value": number})


def _held(baskets: re.Match[str] | None) -> list[str]:
    return [] if baskets is None else ["single_product_orders" if baskets["one"] else "multi_product_orders"]


def _take_values(draft: Draft, slots: Slots, scene: Scene, codes: list[str]) -> None:
    """Filters on values that occur in the data, and on product codes."""
    slots.filters = take_filters(draft, scene)
    together = slots.has(r"\b(?:total|together|sum|combined|altogether|overall)\b")
    slots.dimensions += [] if slots.conditions.nodes or together else named_apart(draft.taken, slots.filters)
    take_together_values(draft, slots.filters)
    draft.text = draft.text.replace(INSIDE, "")
    if any(f["dimension"] == "country" and f["operator"] in ("ne", "not_in") for f in slots.filters):
        while draft.take(r"\b(?:everything|the rest)\b", " "):
            pass  # "foreign sales, everything but the UK": which country is left out has been said
    if codes:
        one = len(codes) == 1
        value: str | list[str] = codes[0] if one else codes
        slots.filters.append({"dimension": "sku", "operator": "eq" if one else "in", "value": value})


def _take_figures(draft: Draft, slots: Slots, limits: list[Limit], metrics: list[str]) -> None:
    """Rank, metrics, what they are divided by, what they are cut by, and limits on them."""
    take_together(draft)
    slots.dimensions += _take_all(draft, "dimensions", "<dimension>", _holds_a_figure)
    slots.metrics = [*_take_all(draft, "extremes", "<metric>"), *metrics]
    _take_rank(draft, slots)
    for pattern, name in _ROWS_OF:
        if draft.take(pattern, "<dimension>"):
            slots.dimensions.append(name)
    slots.measures.having = [*limits, *take_limits(draft)]
    _take_metrics(draft, slots)
    if not slots.metrics and slots.measures.having:
        slots.metrics = [slots.measures.having[0].metric]
    slots.dimensions += _take_all(draft, "dimensions", "<dimension>")
    slots.measures.having += take_own_limits(draft)
    slots.metrics = take_goods_back(draft, slots.metrics, bool(slots.dimensions))
    ranked = slots.grain is None and slots.top
    if ranked and (
        match := draft.take(r"(?<!\d )(?<!that )(?<!this )(?<!same )\b(day|week|month|quarter|year)s?\b", "<grain>")
    ):
        slots.grain = match[1]


@cache
def _holds_a_figure(phrase: str) -> bool:
    """ "Sales channels" are channels, "spend channel" is one: no sales and no spend of them."""
    figures = {said for said, _ in phrases("metrics")}
    return "channel" in phrase and any(word in figures for word in phrase.split())


def _take_metrics(draft: Draft, slots: Slots) -> None:
    slots.metrics += _take_all(draft, "metrics", "<metric>", lambda phrase: "between" in phrase)
    slots.metrics += _take_all(draft, "metrics", "<metric>", lambda phrase: " per " in phrase or " an " in phrase)
    over = take_over(draft)
    slots.measures.over = None if over == "customers" and "average_order_value" in slots.metrics else over
    before = draft.has(r"\bbefore (?:deducting )?(?:refunds|returns|cancellations|credit notes)\b")
    slots.metrics += [name for name in _take_all(draft, "metrics", "<metric>") if name not in slots.metrics]
    if before and len(slots.metrics) > 1:  # "turnover in May, before refunds" is one figure, and not the net one
        slots.metrics = [name for name in slots.metrics if name != "revenue"]
    if not slots.metrics and slots.filters and draft.take(_DOING, "<metric>"):
        slots.metrics = ["revenue"]
    _take_by_whom(draft, slots)


def _take_by_whom(draft: Draft, slots: Slots) -> None:
    """Days between orders are always of the same customer."""
    if "days_between_orders" in slots.metrics:
        slots.measures.over = None
        while draft.take(_BY_WHOM, " "):
            pass


_BY_WHOM = (
    r"<over>|\b(?:of|by|per|for|from) (?:the |an? |1 )?(?:same |single |each )?"
    r"(?:<metric>|(?:customer|client|buyer|person)s?\b)"
    r"|,? ?\b(?:in )?days\b|\bhow long\b"
)


def _goods(slots: Slots, scene: Scene) -> Goods:
    """The shop's words; names of products are none to correct."""
    countries = {name for names in COUNTRIES for name in names if len(name) > 3}
    others = {v.lower() for name, values in scene.values.items() if name != "category" for v in values}
    return Goods(
        categories={value.lower(): value for value in scene.values.get("category", [])},
        channels={said: v for v in scene.values.get("channel", []) for said in (v.lower(), plain(v), spoken(v))},
        others=frozenset(countries | others),
        words=scene.product_words,
        written=slots.written,
        quoted=tuple(slots.quoted),
    )


def _places_and_kinds(scene: Scene) -> frozenset[str]:
    """The words of values that say of whom or of what something is; a campaign's own name is no such value."""
    said = (value for name, values in scene.values.items() if name not in ("campaign", "product") for value in values)
    return frozenset(word for value in said for word in value.lower().split())


def _vocabulary(scene: Scene) -> frozenset[str]:
    names = {
        word for values in scene.values.values() for value in values for word in re.findall(r"[a-z]+", value.lower())
    }
    return _fixed_words() | names


@cache
def _fixed_words() -> frozenset[str]:
    return known_words() | grammar_words() | NOISE


# "What does 'recency' stand for": a term, and no name
_TERM: Final = (
    r"(?i)^((?:and |so )*what (?:does|do|is|are)|(?:please )?(?:explain|describe)(?: to me| me)?(?: what)?)"
    r" [\"“”'‘’]([\w -]{2,30})[\"“”'‘’]((?: (?:means?|stands? for|is|here|exactly)\b| like\b|[?.! ]*$).*)"
)
_NAMED_SO: Final = (
    r"(?i)(?:,? (?:the |its |whose )?name(?: shall be| should be| is|:)|,? (?:with|under) the name(?: of)?"
    r"|,? which (?:is|shall be) called) (?=[\"“'‘A-Z])"
)
_CALLED: Final = r"(?:(?<=called )|(?<=call it )|(?<=named )|(?<=name it ))"
_NO_NAME: Final = r"(?:with|who|whose|of|for|from|that|which|as|including|containing|where|in|and|please|pls)\b"
_NAMING: Final = (
    r"(?i)(?:(?:please|now|and|ok|can you|could you)[, ]+)*"
    r"(?:save|put|store|create|make|build|set up|group)\b.*\b(?:called|call it|named|name it) "
)


def _unquoted(clause: str, names: Sequence[str]) -> tuple[str, list[str]]:
    """The clause with a mark for each text in quotation marks, and for each name of a segment that stands bare.

    Names are too easily meant as words ("how many orders this year", "who bought only once"): one counts bare only
    when it has several words and a capital, is written just so, and does not begin the clause.
    """
    clause = re.sub(_TERM, r"\1 \2\3", clause)
    clause = re.sub(_NAMED_SO, " called ", clause)
    quoted = r"[\"“”«]([^\"“”»]+)[\"“”»]|(?<![\w])'([^']+)'(?![\w])"
    bare = "|".join(
        re.escape(name) for name in sorted(names, key=len, reverse=True) if " " in name.strip() and name[0].isupper()
    )
    named = rf"{_CALLED}([A-Z][\w-]*(?: (?!{_NO_NAME})[\w-]+){{0,4}})" if re.match(_NAMING, clause) else r"(?!)()"
    pattern = rf"{quoted}|{named}|(?<=\s)({bare})(?!\w)" if bare else f"{quoted}|{named}"
    found = [next(filter(None, match.groups())) for match in re.finditer(pattern, clause)]
    return re.sub(pattern, " <quoted> ", clause), found


def _take_names(draft: Draft, slots: Slots, clause: str) -> None:
    if match := draft.take(_EMAIL, "<customer>"):
        slots.customer = match[0]
    if match := draft.take(_UUID, "<id>"):
        slots.identifier = match[0]
    elif slots.customer is None and (match := draft.take(_CUSTOMER, _customer_mark)):
        slots.customer = _as_written(next(group for group in match.groups() if group), clause)
    elif slots.customer is None and (code := take_customer_code(draft)):
        slots.customer = _as_written(code, clause)


def _as_written(name: str, clause: str) -> str:
    """Identifiers may have capitals."""
    said = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", clause, re.I)
    return said[0] if said else name


def _customer_mark(match: re.Match[str]) -> str:
    if match[4] or match[5]:
        return f"{match[0].rpartition(' ')[0]} <customer>"
    return "about <customer>" if match[3] else "<customer>"


def _ad_costs(text: str, scene: Scene) -> str:
    """ "What did video cost us": what was spent on a channel that ads run on."""
    channels = [spoken(value) for value in scene.values.get("spend_channel", [])]
    if not channels:
        return text
    one = "|".join(map(re.escape, [*channels, *by_one_word(scene)]))
    asked = rf"\b(?:what|how much) (?:did|does|do|has|have) (?:the )?({one})(?: ads?| campaigns?| channel)? cost\b"
    text = re.sub(rf"{asked}(?: us)?", r"ad spend on \1", text)
    return re.sub(
        rf"\b(?:the )?costs? (?:of|for) (?:the )?({one})\b(?: ads?| campaigns?| channel)?", r"ad spend on \1", text
    )


def _take_rows(draft: Draft, slots: Slots) -> None:
    """What says which rows of a ranking are kept, before anything of it is read as a period or as said of customers."""
    limits = take_group_limits(draft)
    if not draft.has(ABOUT_PEOPLE):
        limits += take_limits(draft)
    slots.measures.having = limits
    if limits and (match := draft.take(r"\b(day|week|month|quarter|year)s (?=<having>)", "<grain>")):
        slots.grain = match[1]
    if times := take_times(draft):
        slots.rank, slots.grain = times


def _take_rank(draft: Draft, slots: Slots) -> None:
    if not slots.rank.top:
        slots.rank = take_rank(draft)
    if slots.rank.top and draft.take(
        r"\b(?:products|articles|items|skus|goods) (?=(?:are |were |that )?(?:sold|sell|selling)\b)", "<dimension>"
    ):
        slots.dimensions.append("product")
    slots.top, slots.ascending, slots.limit = slots.rank.top, slots.rank.ascending, slots.rank.limit
    if draft.take(r"(?<=<top> )(?:sellers?\b|selling(?= (?:in|of|for|by|at|on|<)|[ ?.!]*$))", "<dimension>"):
        slots.dimensions.append("product")


def _take_all(draft: Draft, table: str, mark: str, only: Callable[[str], bool] | None = None) -> list[str]:
    found: list[tuple[int, str]] = []
    for phrase, name in phrases(table):
        if only is not None and not only(phrase):
            continue
        while phrase in draft.text and (
            match := draft.take(rf"(?<![\w<-]){re.escape(phrase)}(?![\w>-]| rates?\b)", mark)
        ):
            if name not in [n for _, n in found]:
                found.append((match.start(), name))
    return [name for _, name in sorted(found)] if len(found) > 1 else [name for _, name in found]
