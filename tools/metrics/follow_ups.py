# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""The figures before, with what a short clause changes: "and in October?", "by country", "both together", "which was best"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from core.calendar import months_earlier, whole_months
from language.dates import POINT
from language.followups import OVERALL, continues, is_elliptic, is_whole, keeps_all
from language.periods import Period, read_periods
from language.references import period_of, unit_of
from language.requests import Answerable
from language.residue import unknown_words
from language.scene import Call, PastCall, Scene
from language.slots import Slots
from language.words import Draft
from tools.metrics.comparison import (
    ALL_BUCKETS,
    UNCLEAR_PERIODS,
    compared,
    holds,
    moved,
    period_against,
    until_data,
)
from tools.metrics.earlier import Arguments, bounds, cleaned, has_rows, without_bounds
from tools.metrics.goods import goods_named
from tools.metrics.in_money import in_money
from tools.metrics.pairs import OF_TWO, of_both
from tools.metrics.ranking import descending
from tools.metrics.refiltered import recut, refiltered
from tools.metrics.remeasured import LONE_STATISTIC, NOTHING_ELSE, of_a_whole, remeasured
from tools.metrics.unheld import NOT_OF_ROWS, beyond_figures

__all__ = ["moved_together", "narrowed"]

_COMPARING: Final = r"\b(?:compar\w+|versus|against|than|growth|change[ds]?|(?:year|month|week|quarter)[- ]o(?:ver|n)[- ]\w+|yoy|mom|wow|qoq)\b"
_DOWN: Final = r"\b(?:lost|los(?:e|t|ing)|fell|fallen|falling|declin\w+|dropp?\w*|shr[aiu]nk\w*|decreas\w+|down|worse|less|lower)\b"
MOVED: Final = frozenset("lost lose losing gained gain ones down up of".split())  # noqa: SIM905
_SAME: Final = r"\bsame (?:month|week|quarter) (?:of )?last year\b"
_HOW: Final = frozenset(
    "how does do did what was it that this these compare compared more less higher lower much same thing figure".split()  # noqa: SIM905
)
_WHOLE_YEAR: Final = r"\b(?:whole|full|entire|all of|complete|total|year as a whole|overall)\b"
_PEOPLE: Final = r"\b(?:who|whom|customers?|clients?|buyers?|people|shoppers?|champions|segments?)\b"
_TURNED: Final = (
    r"\b(?:ascending|lowest first|smallest first|worst first|least first|reversed?|the other way (?:a)?round)\b"
)
_REST: Final = (
    r"(?:(?:and|what about|how about|in|for|from|so|then|but)[, ]+)*(?:the rest(?: of (?:the world|them|the <dimension>|it))?"
    r"|(?:all )?(?:the )?other <dimension>|(?:all )?(?:the )?others|everywhere else|elsewhere|everyone else|anything else)[?.! ]*"
)
_FEW: Final = 4  # words
_OF_GOODS: Final = frozenset({"lines", "units"})
_NO_GOODS: Final = r"(?:and|now|but|so|please) |.*\b(?:without|excluding|except|minus|ex)\b"
_ANOTHER_ROW: Final = r"\b(?:second|2nd|third|3rd|next|first|last|buy|bought|it)\b"
_NEXT_ROWS: Final = r"\b(?:next|following|another|further) <?(?:\d+|limit|top|ones|rows)|\b(?:\d+ )more\b"


def narrowed(slots: Slots, scene: Scene) -> Answerable | None:
    """The calls a clause turns the figures before into; None where it stands by itself."""
    if scene.last is None:
        return None
    if slots.conditions.rule:  # "with at least 20 orders" is of the rows before, and no argument holds it
        return NOTHING_ELSE if is_elliptic(slots) and not slots.has(_PEOPLE) else None
    if slots.measures.explain:
        return None if slots.metrics or slots.periods or slots.filters else moved_together(slots, scene)
    if (share := of_a_whole(slots, scene.last)) is not None:
        return share
    for reader in (in_money, of_both, _set_against, _moved_on, _extreme, _counted, _changed):
        if (answer := reader(slots, scene, scene.last)) is not None:
            return answer
    return None


def moved_together(_slots: Slots, scene: Scene) -> Answerable | None:
    """Why the figures before moved: taken apart; of a series, what moved with it by month. Never a cause."""
    if scene.last is None:
        return None
    before = scene.last.arguments
    if before.get("start") and before.get("grain", "none") == "none":
        return moved(before, scene)
    together = list(dict.fromkeys([*before["metrics"], "orders", "customers", "average_order_value"]))[:8]
    kept = {name: before[name] for name in ("filters", "start", "end") if before.get(name)}
    return [Call("query_metrics", {"metrics": together, "grain": "month", "limit": ALL_BUCKETS, **kept})]


def _set_against(slots: Slots, scene: Scene, last: PastCall) -> Answerable | None:
    """ "And the month before?", "compare with May": nothing is said but a period and that it is compared."""
    named = slots.metrics or slots.filters or slots.dimensions or slots.grain or slots.top or slots.measures.share
    comparing = slots.measures.change and len(slots.periods) == 1
    if named or unknown_words(slots, _HOW | MOVED) or not (slots.when.against or slots.has(_SAME) or comparing):
        return None
    asked = period_of(last)
    if asked is None:
        return "The figures before are not of one period, so I cannot tell what to compare. Say both periods."
    against = "last_year" if slots.has(_SAME) else slots.when.against
    if against and slots.periods and not slots.has(_SAME):
        return UNCLEAR_PERIODS
    comparing = slots.measures.change or slots.has(_COMPARING)
    asked = until_data(asked, scene) if comparing else asked
    other = period_against(asked, against) if against else _periods(slots, scene, last)[0]
    if other is None or (comparing and holds(other, asked)):
        return UNCLEAR_PERIODS
    base = cleaned(without_bounds(last.arguments))
    if slots.has(r"\bwhich\b") and has_rows(last):
        way = "lt" if slots.has(_DOWN) else "gt"
        base["having"] = [{"metric": f"{base['metrics'][0]}_growth", "operator": way, "value": 0}]
    if comparing:
        return compared(slots, scene, base, asked, other)
    return [Call("query_metrics", base | other.arguments())]


def _moved_on(slots: Slots, scene: Scene, last: PastCall) -> Answerable | None:
    """ "And the previous month?", "the next week": counted from the period before, not from the end of the data."""
    step = re.fullmatch(
        r"(?:(?:and|so|now|what about|how about|then|for|in|but|ok|the|hmm?|its)[, ]+)*"
        r"(?:the )?(?P<way>previous|prior|preceding|next|following) (?P<unit>day|week|month|quarter|year)(?: (?:please|then))*[?.! ]*",
        slots.plain,
    )
    period = period_of(last) if step else None
    if step is None or period is None or period.start is None or period.end is None:
        return None
    length = {"day": 1, "week": 7}.get(step["unit"])
    months = {"month": 1, "quarter": 3, "year": 12}.get(step["unit"], 0)
    fits = unit_of(period) == step["unit"] or (step["unit"] == "year" and whole_months(period.start, period.end))
    if not fits:
        return UNCLEAR_PERIODS
    back = step["way"] in ("previous", "prior", "preceding")
    if length:
        days = timedelta(days=-length if back else length)
        moved = Period(period.start + days, period.end + days)
    else:
        moved = Period(*months_earlier(period.start, period.end, months if back else -months))
    if moved.start and moved.start > scene.today:
        return "Figures are of what has happened, not of days to come. Say the period by its dates."
    return [Call("query_metrics", cleaned(without_bounds(last.arguments)) | moved.arguments())]


def _extreme(slots: Slots, scene: Scene, last: PastCall) -> Answerable | None:
    """ "Which was the worst?", "and the best one": of the rows before."""
    before = last.arguments
    other_cut = slots.dimensions not in ([], before.get("dimensions")) or slots.grain not in (None, before.get("grain"))
    if (
        other_cut
        or slots.filters
        or slots.order_filters
        or slots.periods
        or slots.when.against
        or len(slots.metrics) > 1
    ):
        return None
    if not slots.top or slots.limit or not has_rows(last):
        return None
    if slots.metrics and slots.has(r"\b(?:its|their|his|her)\b"):
        return NOT_OF_ROWS  # "its biggest customer": of the country that is first
    place = slots.rank.place or 1
    if unknown_words(slots, OF_TWO) or (place == 1 and re.search(_ANOTHER_ROW, slots.plain)):
        return None
    arguments = dict(last.arguments)
    if slots.metrics:
        arguments["metrics"] = slots.metrics
    metric = arguments["metrics"][0]
    arguments |= {"order_by": metric, "descending": descending(slots, metric, comparing=True), "limit": 1}
    arguments |= {"position": place if place > 1 else None}
    return [Call("query_metrics", cleaned(arguments))]


def _counted(slots: Slots, scene: Scene, last: PastCall) -> Answerable | None:
    """A number alone: so many rows, or the week or day of that number."""
    if re.search(_NEXT_ROWS, slots.text) and not slots.metrics:
        return "I cannot go on from there: I list from the top only. Ask for more rows, for example “make that 20”."
    alone = (
        r"(?:(?:and|ok|now|please|then|but|just|only|show|me|give|make|it|that|the|top|first|list|rather|for|in|week|with|to)[, ]+"
        r"|<top> |<limit> )*(?P<number>\d{1,3})?(?:st|nd|rd|th)?(?: ?(?:please|of them|rows|only|instead|<top>|<limit>))*[?.! ]*"
    )
    match = re.fullmatch(alone, slots.text)
    number = slots.limit or (int(match["number"]) if match and match["number"] else None)
    if match is None or not number:
        return None
    if last.arguments.get("dimensions") or (last.arguments.get("grain") and slots.top):
        turned = {"descending": False} if slots.ascending else {}  # "and the worst 5"
        return [Call("query_metrics", last.arguments | {"limit": number} | turned)]
    period = period_of(last)
    unit = unit_of(period) if period else None
    if period is None or period.start is None or period.end is None:
        return NOTHING_ELSE
    if period.end == scene.today and period.start < period.end:  # "past 7 days", then "14"
        if unit == "week":
            return f"Week {number}, or the last {number} days? Say it with its unit."
        back = Period(scene.today - timedelta(days=number - 1), scene.today)
        return (
            [Call("query_metrics", cleaned(without_bounds(last.arguments)) | back.arguments())]
            if unit is None
            else NOTHING_ELSE
        )
    if unit not in ("week", "day"):
        return NOTHING_ELSE
    said = f"week {number} of {period.start.isocalendar().year}" if unit == "week" else f"{number} {period.start:%B %Y}"
    found = read_periods(Draft(said.lower()), scene.today)
    if len(found.found) != 1 or found.problems:
        return found.problems[0] if found.problems else NOTHING_ELSE
    return [Call("query_metrics", cleaned(without_bounds(last.arguments)) | found.found[0].arguments())]


def _changed(slots: Slots, scene: Scene, last: PastCall) -> Answerable | None:
    """The figures before with each part that the clause names put in the place of that part."""
    if (rest := _the_rest(slots, last)) is not None:
        return rest
    goods = _goods(slots, scene, last)
    if not (goods or is_elliptic(slots) or keeps_all(slots) or re.fullmatch(LONE_STATISTIC, slots.text)):
        return None
    if goods and all(one["operator"] == "not_contains" for one in goods) and slots.metrics:
        if not set(slots.metrics) <= _OF_GOODS:
            return None
        slots = replace(slots, metrics=[])  # "without the postage lines": what is left out, and no figure
    if slots.when.problems:
        return slots.when.problems[0]
    if slots.when.against and not slots.metrics:
        return NOTHING_ELSE  # an earlier time that nothing has taken
    if not goods and len(slots.metrics) < 2 and (said := beyond_figures(slots, scene)) is not None:
        return said
    arguments = dict(last.arguments)
    overall = _overall(slots, arguments)
    if isinstance(overall, str):
        return overall
    arguments |= overall
    measured = remeasured(slots, arguments)
    if isinstance(measured, str):
        return measured
    arguments |= measured
    if slots.filters or slots.order_filters or goods:
        arguments |= refiltered(slots, arguments, goods)
    dimensions = [] if overall else slots.dimensions
    if dimensions or slots.grain:
        arguments |= recut(slots, arguments)
        arguments.pop("order_by", None)
    if slots.limit:
        arguments["limit"] = slots.limit
    if slots.top or slots.has(_TURNED):
        arguments["descending"] = not (slots.ascending or slots.has(_TURNED))
    if not slots.periods:
        return [Call("query_metrics", cleaned(arguments | bounds)) for bounds in _all_bounds(scene, last)]
    bare = cleaned(without_bounds(arguments))
    return [Call("query_metrics", bare | period.arguments()) for period in _periods(slots, scene, last)]


def _goods(slots: Slots, scene: Scene, last: PastCall) -> list[dict[str, Any]]:
    """The products that a clause of little else names: "kettles too", "without postage"; of one after another."""
    another = not slots.metrics and any(f["dimension"] == "product" for f in last.arguments.get("filters", []))
    text = f"of {slots.text}" if another and not re.match(_NO_GOODS, slots.text) else slots.text
    goods, unknown = goods_named(replace(slots, text=text), scene)
    bare = not (slots.dimensions or slots.grain or slots.top or slots.conditions.nodes or slots.measures.any())
    short = continues(slots) or len(slots.plain.split()) <= _FEW
    whole = is_whole(slots) or (slots.metrics and slots.periods)
    return goods if goods and not unknown and bare and short and not whole else []


def _the_rest(slots: Slots, last: PastCall) -> Answerable | None:
    """ "And the rest of the world?", "the other countries": all but the one value before."""
    said = re.fullmatch(_REST, slots.text)
    filters = last.arguments.get("filters", [])
    if said is None or len(filters) != 1 or filters[0]["operator"] not in ("eq", "in"):
        return None
    if slots.dimensions not in ([], [filters[0]["dimension"]]):
        return None
    other = {**filters[0], "operator": {"eq": "ne", "in": "not_in"}[filters[0]["operator"]]}
    return [Call("query_metrics", last.arguments | {"filters": [other]})]


def _overall(slots: Slots, before: Arguments) -> Arguments | str:
    """What "and in all countries", "overall" takes away: the places before, or the cut."""
    if slots.metrics or slots.measures.share or not re.search(OVERALL, slots.text):
        return {}  # "percent of everything": the whole of a share
    if slots.dimensions:
        kept = [f for f in before.get("filters", []) if f["dimension"] not in slots.dimensions]
        if len(kept) == len(before.get("filters", [])):
            return {}
        return {"filters": kept, "dimensions": [d for d in before.get("dimensions", []) if d not in slots.dimensions]}
    cut = bool(before.get("dimensions")) or before.get("grain", "none") != "none"
    placeless = slots.has(r"\b(?:everywhere|worldwide|whole)\b")
    if cut == bool(before.get("filters")) or (before.get("start") and before.get("filters") and not placeless):
        return "Overall in what: all places and products, or all the time? Say the period and what is to be in it."
    if before.get("filters"):
        return {"filters": []}
    return {"dimensions": [], "grain": "none", "order_by": None, "best_per": None, "cumulative": None}


def _periods(slots: Slots, scene: Scene, last: PastCall) -> list[Period]:
    """The periods of a clause, read after the one before: "and April?" is of the same year, "2023" of the same month."""
    before = period_of(last)
    words = [said for mark, said in slots.taken if mark == "<period>"]
    if before is None or before.start is None or before.end is None or len(words) != len(slots.periods):
        return slots.periods
    if before.start.year != before.end.year:
        return slots.periods
    year_alone = re.fullmatch(r"(?:\w+ )*?((?:19|20)\d\d)", words[0]) if len(words) == 1 else None
    if year_alone and unit_of(slots.periods[0]) == "year" and unit_of(before) in ("month", "quarter", "day"):
        if slots.has(_WHOLE_YEAR) or int(year_alone[1]) == before.start.year:
            return slots.periods
        return [Period(*months_earlier(before.start, before.end, 12 * (before.start.year - int(year_alone[1]))))]
    return [_in_year(said, before.end.year, scene) or period for said, period in zip(words, slots.periods, strict=True)]


def _in_year(said: str, year: int, scene: Scene) -> Period | None:
    """A month, quarter, week or day that was said without its year, in that year."""
    bare = re.sub(r"^(?:(?:in|during|for|of|on|at|over|within|from|the) )+", "", said)
    if re.search(r"\d{4}|'\d\d|\b(?:last|this|past|previous|current|ago|today|yesterday)\b", bare):
        return None
    if not re.fullmatch(POINT, bare):
        return None
    found = read_periods(Draft(f"in {bare}"), min(scene.today, date(year, 12, 31))).found
    later = read_periods(Draft(f"in {bare} {year}"), scene.today).found
    exact = later or found
    return exact[0] if len(exact) == 1 and exact[0].start and exact[0].start <= scene.today else None


def _all_bounds(scene: Scene, last: PastCall) -> list[Arguments]:
    """The periods of all calls of the clause before: "only Germany" after October and November is for both."""
    same = [call for call in scene.past if last.clause is not None and call.clause == last.clause]
    alike = [call for call in same if without_bounds(call.arguments) == without_bounds(last.arguments)]
    return [bounds(call) for call in alike] or [{}]
