# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""From a clause that asks for figures to calls of query_metrics: nothing that was said may be left out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from database.semantic.metrics import METRICS
from language.filler import ALL_TIME
from language.requests import Answerable
from language.residue import not_understood, unexplained
from language.rules import asked_rule, joined, previous_rule, untold_days
from language.scene import Call, Scene
from language.shares import share_in
from language.slots import Slots, read_slots
from tools.audience.asked import LIST, counted, unclear
from tools.metrics.averages import AVERAGE_OF_WHAT, divided, without_average
from tools.metrics.baskets import in_one_order
from tools.metrics.comparison import added_up, between_values, over_periods, versus_rest
from tools.metrics.cuts import cannot_cut
from tools.metrics.earlier import resumed
from tools.metrics.goods import goods_named, together
from tools.metrics.groups import each_group, two_groups
from tools.metrics.in_a_row import in_a_row
from tools.metrics.meant import ADVERTISING, explained_by, in_terms_of, meant_metrics
from tools.metrics.ranking import ALL_BUCKETS, PLACED, ranked
from tools.metrics.shares import NO_PART, PART_OF, Side, of_whose, share_of
from tools.metrics.unheld import HEADS, THEIRS, of_nobody, unheld

__all__ = ["apart", "asks_figure", "figures"]

_THEIR_GOODS: Final = (
    r"\bwhat (?:else )?(?:did|do|have|has|are) (?:[\w-]+ ){0,5}?(?:buy|bought|buying|order|ordered|purchased?)\b"
)


_APART: Final = r"\b(?:compar\w+|versus|against|each|separately|respectively|apart|by segment|per segment)\b"
_AND_COUNT: Final = (
    r"\b(?:count|head ?count|number) (?:and|plus)\b|\band (?:the |their )?(?:count|head ?count|number)\b"
)
_OFTEN: Final = (
    {"field": "orders_all", "operator": "ge", "value": 2},
    {"field": "orders_all", "operator": "gt", "value": 1},
)
_OF_PLACE: Final = (
    r"<dimension> (?:of |by |from |with |for |in )?(?:the |our |all )*<value> <metric>"  # whose orders they are
)
_WHO_ACT: Final = (
    r"\b(?:do|did|does|have|has|are)(?: the| our| my| most)? (?:customers?|people|buyers?|clients?|shoppers?)\b"
)
# "The phone channel", "all countries except …": the kind of the value, nothing to cut by.
_KIND_OF_VALUE: Final = (
    r"<value> <dimension>|(?:^|all|every|the|of|in|from|to)(?: the| other)? <dimension>,? <value>|^<dimension> <value>"
)
_ORDERS_WITHOUT: Final = (
    r"\b(?:orders?|invoices?|baskets?) (?:that |which )?(?:without|with no|with none of|not (?:contain|includ|have|hold)\w*"
    r"|(?:do|did|does) not (?:contain|include|have|hold))\b"
)
_SHARE_AND_GROWTH: Final = r"(?:\bshares?\b|%) (?:and|plus|,) ?(?:the )?(?:growth|change)\b|\b(?:growth|change) (?:and|plus|,) ?(?:the )?share\b"
_WHICH_ONE: Final = r"\bwhich (?:1|one|ones)\b"
_RATES: Final = ("_rate", "ctr", "roas")


def figures(slots: Slots, scene: Scene) -> Answerable:
    """The calls; a question back where a date is none, words are not understood, or two things do not go together."""
    if slots.when.problems:
        return slots.when.problems[0]
    resuming = resumed(slots, scene)
    if isinstance(resuming, str):
        return resuming
    slots = resuming
    if slots.conditions.unclear:
        return unclear(slots)
    if (said := unheld(slots, scene)) is not None:
        return said
    if (sides := two_groups(slots)) and not apart(slots):
        return each_group(slots, scene, sides, figures)
    if apart(slots) and not slots.metrics:
        slots = replace(slots, metrics=["customers"])
    if slots.conditions.rule and _only_counts(slots) and (rule := asked_rule(slots)) and not untold_days(slots):
        return unclear(slots) if unexplained(slots) else counted(slots, scene, rule)
    if (asked := _share(slots, scene)) is not None:
        return asked
    goods, unknown = goods_named(slots, scene)
    if "<together>" in slots.text and not slots.measures.any():
        held = in_one_order(slots, goods, unknown)
        return held if isinstance(held, str) else over_periods(slots, scene, held)
    unknown = [part for part in unknown if part not in explained_by(meant_metrics(slots))]
    if unknown and not without_average(unknown) and not _is_average(slots):
        return AVERAGE_OF_WHAT
    if unknown := without_average(unknown):
        return not_understood(unknown, slots)
    if (said := of_nobody(slots, scene)) is not None:
        return said
    goods = together(slots, goods)
    if (each := _each_product(slots, scene, goods)) is not None:
        return each
    base = _asked(slots, goods)
    if isinstance(base, str):
        return base
    base |= _of_whom(slots, scene, base)
    return cannot_cut(base) or _over_time(slots, scene, base)


def _of_whom(slots: Slots, scene: Scene, base: dict[str, Any]) -> dict[str, Any]:
    """Whose figures are asked for, and what they are cut by then."""
    whose = _whose(slots, scene)
    if whose is not None and base["metrics"] == ["repeat_rate"] and whose in _OFTEN:
        whose = None  # "repeat rate: customers with 2+ orders": what the figure means, said with it
    rule = {} if whose is None else {"rule": whose}
    people = _of_people(slots, base | rule) if rule or slots.top or slots.customer else {}
    return rule | people | _in_their_days(slots, scene)


def _in_their_days(slots: Slots, scene: Scene) -> dict[str, Any]:
    """ "How many bought in May? How much did they spend?": in May, where no other time is said."""
    before = scene.last.arguments if scene.last is not None and scene.last.tool == "query_metrics" else {}
    counted_before = before.get("metrics") in (["customers"], ["ordering_customers"], ["new_customers"])
    if not counted_before or not slots.has(THEIRS) or slots.periods or slots.grain or slots.has(ALL_TIME):
        return {}
    return {name: before[name] for name in ("start", "end") if before.get(name)}


def _each_product(slots: Slots, scene: Scene, goods: list[dict[str, Any]]) -> Answerable | None:
    """ "Revenue of the lamp and the shade": of each by itself; orders that hold both are asked for as such."""
    named = [one for one in goods if one["operator"] == "contains"]
    if (
        len(named) < 2
        or slots.conditions.rule
        or any("with_product" in str(f) for f in _filters(slots, goods, meant_metrics(slots)))
    ):
        return None
    kept = [one for one in goods if one not in named]
    asked = [_asked(slots, [*kept, one]) for one in named]
    if problem := next((base for base in asked if isinstance(base, str)), None):
        return problem
    built = [over_periods(slots, scene, base) for base in asked if isinstance(base, dict)]
    calls = [call for each in built if isinstance(each, list) for call in each]
    return calls if all(isinstance(each, list) for each in built) else "Ask for each of these products by itself."


def _over_time(slots: Slots, scene: Scene, base: dict[str, Any]) -> Answerable:
    """The calls of what is asked, in its periods."""
    if (summed := added_up(slots, base)) is not None:
        return summed
    if (listed := in_a_row(slots, base)) is not None:
        return [listed]
    if base == {"metrics": ["customers"]} and not slots.periods and scene.metrics.get("customers") is False:
        return [Call("count_people", {})]  # a list of people without orders has customers too
    if slots.measures.rest:
        return versus_rest(slots, scene, base)
    return over_periods(slots, scene, base)


def _of_people(slots: Slots, base: dict[str, Any]) -> dict[str, Any]:
    """What figures of some customers are cut by: what they buy, their segments; and how many they are."""
    if base.get("dimensions"):
        return {}
    if slots.has(_THEIR_GOODS):
        return {"dimensions": ["product"], "limit": slots.limit or LIST}
    counted_too = "rule" in base and slots.has(_AND_COUNT) and "customers" not in base["metrics"]
    cut = {"dimensions": ["rfm_segment"]} if apart(slots) else {}
    return cut | ({"metrics": ["customers", *base["metrics"]]} if counted_too else {})


def apart(slots: Slots) -> bool:
    """Whether several segments are each asked about: "champions against loyal", "how many in each"."""
    named = {part.get("field") for part in (slots.conditions.rule or {}).get("any", ())}
    return named == {"rfm_segment"} and slots.has(_APART)


def _is_average(slots: Slots) -> bool:
    """Whether an average is asked for that is known: of a rate, over time, or over what is counted."""
    named = [METRICS[name] for name in meant_metrics(slots)]
    return bool(slots.measures.per or slots.measures.over or any(not metric.is_count for metric in named))


def asks_figure(slots: Slots) -> bool:
    """Whether a figure is asked for, and not which or how many customers there are."""
    ranked = slots.top and "customers" in slots.metrics
    other = [m for m in slots.metrics if m not in ("customers", "repeat_customers", "one_time_customers")]
    return bool((other and slots.metrics[0] in other and not ranked) or slots.grain or slots.has(_THEIR_GOODS))


def _only_counts(slots: Slots) -> bool:
    """Nothing but a number of customers is asked for."""
    cut = slots.dimensions or slots.grain or slots.top or slots.measures.per or slots.measures.change
    return (
        not (cut or slots.order_filters or apart(slots))
        and set(slots.metrics) <= {"customers"}
        and not slots.has(_THEIR_GOODS)
    )


def _whose(slots: Slots, scene: Scene) -> dict[str, Any] | None:
    """The customers whose figures are asked for: described in the clause, or "their"."""
    theirs = previous_rule(scene) if slots.has(THEIRS) else None
    return joined(theirs, slots.conditions.rule)


NO_PLACE: Final = (
    "I can tell the place of a country, a channel, a category or a city among all of them, not of a product or within "
    "one of them: ask for the ranking itself, such as “top 20 products by units in Kitchen”."
)
_TWO_QUESTIONS: Final = "I cannot tell that together with where it stands: ask for each of them."


def _among_all(slots: Slots, filters: list[dict[str, Any]]) -> dict[str, Any] | str | None:
    """What tells the place of one value among all: "where does Belgium rank by revenue"; other filters hold for all."""
    if not slots.has(PLACED):
        return None
    ones = [f for f in slots.filters if f["operator"] == "eq" and slots.dimensions in ([], [f["dimension"]])]
    if not ones or slots.grain or len(filters) > len([*slots.filters, *slots.order_filters]):
        return NO_PLACE
    one = ones[0]
    others = {"filters": kept} if (kept := [f for f in filters if f is not one]) else {}
    return {"dimensions": [one["dimension"]], "place_of": str(one["value"]), "limit": ALL_BUCKETS} | others


def _share(slots: Slots, scene: Scene) -> Answerable | None:
    """A share whose part and whole are both said."""
    split = None if slots.measures.change or slots.measures.explain or slots.top else share_in(slots.plain)

    def side(text: str) -> Side:
        read = read_slots(text, scene)
        if "<period>" not in slots.text:  # that of the figures before
            read.periods = read.periods or slots.periods
        return Side(read, *goods_named(read, scene))

    return None if split is None else share_of(split, scene, side)


_DAYS_OPEN: Final = (
    "On which days the shop was open I cannot tell beside a place or a product. Say “days without orders do not count”."
)


def _asked(slots: Slots, goods: list[dict[str, Any]]) -> dict[str, Any] | str:
    """Metrics, cuts, filters and what is asked of the figures; the period comes after."""
    said = slots.measures
    over = divided(slots, meant_metrics(slots))
    if isinstance(over, str):
        return over
    metrics, ratio = over
    base: dict[str, Any] = {"metrics": metrics} | ({"ratio": True} if ratio else {})
    filters = _filters(slots, goods, metrics)
    if placed := _among_all(slots, filters):
        alone = not (isinstance(placed, str) or said.any() or said.having)
        return (
            base | placed
            if alone and isinstance(placed, dict)
            else placed
            if isinstance(placed, str)
            else _TWO_QUESTIONS
        )
    if filters:
        base["filters"] = filters
    if dimensions := _dimensions(slots, metrics):
        base["dimensions"] = dimensions
    if slots.grain and not said.per:
        base["grain"] = slots.grain
    if len(metrics) > 1 and any(not limit.metric for limit in said.having):
        return "Which of the figures has to be so high? Ask with that one alone."
    if said.having:
        base["having"] = [
            {"metric": limit.metric or metrics[0], "operator": limit.operator, "value": limit.value}
            for limit in said.having
        ]
    if said.per:
        if said.active == "open" and any(f["dimension"] not in ("weekday", "weekend", "days") for f in filters):
            return _DAYS_OPEN
        base |= {"per": said.per, "statistic": said.statistic} | ({"only_active": True} if said.active else {})
    if said.running:
        base |= {"cumulative": True, "grain": slots.grain or "month"}
    said_of = _as_a_part(slots, base, filters, dimensions)
    return said_of if isinstance(said_of, str) else ranked(slots, said_of, dimensions)


def _as_a_part(
    slots: Slots, base: dict[str, Any], filters: list[dict[str, Any]], dimensions: list[str]
) -> dict[str, Any] | str:
    """`base` as a share, or one figure over another, where that is asked; what to say where it cannot be told."""
    said, metrics = slots.measures, base["metrics"]
    per = re.search(r"<metric> per <metric>", slots.text) is not None
    if not said.share and not per:
        return base
    if said.share and len(metrics) > 1 and slots.has(_SHARE_AND_GROWTH):
        return "I cannot tell the share and the change of several figures in one answer: ask for one of the two."
    if said.share and (whose := of_whose(metrics)) is not None:
        metric, narrower = whose
        return base | {"metrics": [metric], "share": True, "filters": [*filters, narrower]}
    if len(metrics) == 2 or per:
        if said.share and any(not METRICS[name].is_count for name in metrics):
            return NO_PART
        if len(metrics) != 2:
            return "I do not know that figure per other figure. Ask for both, or for one of those “what data do we have?” lists."
        return base | {"ratio": True}
    if len(metrics) == 1 and not dimensions and (whole := _whole_of(metrics[0], filters)):
        return base | {"metrics": [*metrics, whole], "ratio": True}
    if all(name.endswith(_RATES) for name in metrics):
        return base
    if not dimensions and not filters and slots.conditions.rule is None:
        return "The share of what? Name a part, for example a country, a channel or a product."
    if any(not METRICS[name].is_count for name in metrics):
        return NO_PART
    return base | {"share": True}


def _whole_of(metric: str, filters: list[dict[str, Any]]) -> str | None:
    """What a figure is always a part of: "share of repeat buyers in Ireland" is of the buyers there."""
    whole = PART_OF.get(metric)
    places = whole == "customers" and all(one["dimension"] in ("country", "city") for one in filters)
    return whole if not filters or places else None


def _filters(slots: Slots, goods: list[dict[str, Any]], metrics: list[str]) -> list[dict[str, Any]]:
    filters = [*slots.filters, *slots.order_filters]
    if "discounted" in slots.dimensions:  # refunds are neither
        filters.append({"dimension": "discounted", "operator": "in", "value": ["discounted", "full price"]})
    if ADVERTISING & set(metrics):
        filters = [{**f, "dimension": in_terms_of(metrics, f["dimension"])} for f in filters]
    if slots.customer and "@" not in slots.customer:
        filters.append({"dimension": "customer", "operator": "eq", "value": slots.customer})
    together = slots.has(
        r"\b(?:order|invoice|basket|cart|receipt)\w*\b.*\b(?:together with|along with|both|and|plus|as well as|contain\w*|includ\w*|with)\b"
    )
    if metrics == ["orders"] and slots.has(_ORDERS_WITHOUT):
        return [_within_orders(one) for one in [*filters, *goods]]
    if len(goods) > 1 and metrics == ["orders"] and together:
        return filters + [{**one, "dimension": "with_product"} for one in goods]
    if metrics == ["orders"] and slots.has(r"\btogether\b|\bboth\b"):
        apart = [f for f in filters if f["dimension"] == "category" and f["operator"] == "in"]
        held = [{"dimension": "with_category", "operator": "eq", "value": v} for f in apart for v in f["value"]]
        filters = [f for f in filters if f not in apart] + held
    return filters + goods


def _within_orders(one: dict[str, Any]) -> dict[str, Any]:
    """ "Orders without coffee": in which there is none, and not those that hold something else as well."""
    out = one["operator"] in ("ne", "not_in", "not_contains")
    dimension = {"category": "with_category", "product": "with_product"}.get(one["dimension"]) if out else None
    return {**one, "dimension": dimension} if dimension else one


def _dimensions(slots: Slots, metrics: list[str]) -> list[str]:
    kind = {f["dimension"] for f in slots.filters} if re.search(_KIND_OF_VALUE, slots.text) else set()
    dimensions = [name for name in dict.fromkeys(slots.dimensions) if name not in kind]
    named = {f["dimension"] for f in [*slots.filters, *slots.order_filters] if f["operator"] == "in"}
    if named and (
        "<compare>" in slots.text
        or (slots.measures.change and between_values(slots))
        or slots.has(
            r"\bcompar|\bversus\b|\bor\b|\beach\b|\bwhich of\b|\b(?:more|less|fewer|higher|lower|better|bigger|worse|smaller)\b.*\bthan\b"
        )
        or any(set(f["value"]) == {"weekend", "weekday"} for f in slots.order_filters if f["operator"] == "in")
    ):
        dimensions += [d for d in sorted(named) if d not in dimensions]
    ranked = slots.top or re.search(r"<metric> by <metric>", slots.text)
    people = (
        ranked
        and "customers" in slots.metrics
        and not {*metrics} <= HEADS
        and not (slots.has(_WHO_ACT) or re.search(_OF_PLACE, slots.text))
        and (not dimensions or re.search(r"<top> (?:<\w+> )?<metric>", slots.text) is not None)
    )
    if people and not dimensions and slots.has(_WHICH_ONE) and any(f["dimension"] == "category" for f in slots.filters):
        return ["product"]  # "from hair care, which one did they order most"
    if (people or slots.has(r"\bwhich customers\b")) and "customer" not in dimensions:
        dimensions = ["customer", *dimensions]
    if not dimensions and slots.top and slots.has(_THEIR_GOODS):
        dimensions = ["product"]  # "what do customers buy most on Mondays"
    if "product" in dimensions and metrics == ["products_per_order"]:
        dimensions.remove("product")
    return [in_terms_of(metrics, name) for name in dimensions][:4]
