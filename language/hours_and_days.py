# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Hours of the day and days of the week as conditions on orders: "sat + sun", "friday afternoons from 3 on", "6-10 pm"."""

from __future__ import annotations

import re
from typing import Any, Final

from language.words import Draft

__all__ = ["as_said_together", "days_by_name", "take_days", "take_hours"]

Filter = dict[str, Any]
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PARTS: Final = {"morning": "morning", "afternoon": "afternoon", "evening": "evening", "night": "night"}
_PART: Final = "(?:morning|afternoon|evening|night)"
# "rank weekdays", "orders by weekday": each of them, not those from Monday to Friday
_NOT_AFTER: Final = "rank ranking which what by per among of compare list best worst all top".split()  # noqa: SIM905
_NO_LIST: Final = "".join(rf"(?<!\b{word} )" for word in _NOT_AFTER)
_NAMES: Final = "|".join(day.lower() for day in _WEEKDAYS)
_SHORT: Final = "mon|tues?|wed|thu(?:rs?)?|fri|sat|sun"
_DAY: Final = rf"(?:{_NAMES}|{_SHORT})"
_JOIN: Final = r"(?:,? and |,? or |, ?| ?[/&–-] ?| plus | to | till | until | through | versus )"
_GOES_ON: Final = (
    rf"(?= ?(?:[,.;:?!)]|$)| (?:and|or|in|of|from|between|before|after|during|this|last|over|only|{_PART}s?)\b)"
)
_ABBREVIATED: Final = (
    rf"\b{_DAY}s?(?:{_JOIN}(?:on )?(?:the )?{_DAY}s?)+\b(?! ?\d)",  # "sat and sun", "mon-fri"
    rf"\b{_DAY}s?(?= {_PART}s?\b)",  # "fri afternoons"
    rf"(?:(?<=\bon )|(?<=every )|(?<=each )|(?<=only )|(?<=excluding )|(?<=without )){_DAY}s?\b{_GOES_ON}",
)
_UNITS: Final = (
    r"(?! ?(?:%|st\b|nd\b|rd\b|th\b|[-/.:]?\d)| (?:or|and|to)? ?(?:more|less|fewer|orders?|invoices?|purchases?|customers?|people|units?|pieces?|items?|products?"
    r"|lines?|days?|weeks?|months?|quarters?|years?|times?|minutes?|mins?|pounds?|euros?|dollars?|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
)


def days_by_name(text: str) -> str:
    """`text` (plain) with days of the week by their full names where a short one is surely a day: "sat and sun"."""
    text = re.sub(rf"(?<!each )(?<!every )(?<!by )(?<!per )\bweek ?day(?= {_PART}s\b)", "weekdays", text)
    for pattern in _ABBREVIATED:
        text = re.sub(pattern, lambda m: re.sub(rf"\b(?:{_SHORT})(?=s?\b)", _in_full, m[0]), text)
    return text


def _in_full(match: re.Match[str]) -> str:
    return next(day.lower() for day in _WEEKDAYS if day.lower().startswith(match[0][:3]))


def as_said_together(found: list[Filter]) -> list[Filter]:
    """ "At night, between 22:00 and midnight": hours said from one to the other are what the part of the day means."""
    ranged = any(f["dimension"] == "hour" and f["operator"] in ("between", "in") for f in found)
    parts = {str(f["value"]) for f in found if f["dimension"] == "daypart"}
    return [f for f in found if f["dimension"] != "daypart"] if ranged and len(parts) == 1 else found


_SMALL_HOURS: Final = 6  # from midnight
_HALF_DAY: Final = 12
_CLOCK: Final = r"(?P<h{0}>\d{{1,2}})(?P<m{0}>:00(?::00)?)?(?P<p{0}> ?(?:am|pm|h|o'clock|hrs|hours))?(?![\w:.])|(?P<n{0}>noon|midday|midnight)\b"
_ONE, _TWO = (f"(?:{_CLOCK.format(number)})" for number in (1, 2))
_IN_THE: Final = rf"(?P<part> (?:in the |at ){_PART})?"
_RANGE: Final = (
    rf"\b(?P<lead>(?:between|from) )?{_ONE}{_IN_THE.replace('<part>', '<early>')} ?(?:and|to|till|until|-) ?{_TWO}"
    rf"{_IN_THE}{_UNITS}"
)
_ON: Final = r"(?: onwards?\b| and later\b| on\b(?= ?(?:[,.;:?!)]|$)| (?:in|last|this|during|over)\b))?"
_FROM_OR_UNTIL: Final = (
    r"\b(?P<how>after|since|from|before|until|at) (?=noon|midday|midnight|\d\d?(?::| ?(?:am|pm|h|o'clock)\b| (?:in the|at) (?:mor|aft|eve|nig)))"
    rf"{_ONE}{_IN_THE}{_ON}"
)
# "Mornings before 11", "friday afternoons from 3 on": the part of the day that is said makes it an hour
_BARE: Final = rf"\b(?P<how>after|from|before|until|till) (?P<h1>1[0-2]|[1-9])(?P<m1>)(?P<p1>)(?P<n1>)\b{_ON}{_UNITS}"


def take_hours(draft: Draft) -> Filter | None:
    """Hours of the day: "between 9 and 11 in the morning", "6-10 pm", "from 22:00 to midnight", "after 8 pm", "at noon"."""
    named = re.findall(rf"\b({_PART})s?\b", draft.text)
    meant = f" {named[0]}" if len(set(named)) == 1 else ""
    for found in re.finditer(_RANGE, draft.text):
        if any(found[name] for name in ("m1", "p1", "n1", "m2", "p2", "n2", "part", "early")):
            draft.take(re.escape(found[0]), "<when>")
            return _between(found)
        if meant and found["lead"] and max(int(found["h1"]), int(found["h2"])) <= _HALF_DAY:
            draft.take(re.escape(found[0]), "<when>")
            return _between(found, meant)
    if match := draft.take(_FROM_OR_UNTIL, "<when>"):
        return _open_hours(match, match["part"] or "")
    if meant and (match := draft.take(_BARE, "<when>")):
        return _open_hours(match, meant)
    return _part_of_day(draft)


def _open_hours(match: re.Match[str], part: str) -> Filter | None:
    """The hours from one on, or up to one."""
    if match["n1"] == "midnight":  # the small hours after it; all of a day is before it
        early = {"dimension": "hour", "operator": "between", "value": [0, _SMALL_HOURS - 1]}
        return early if match["how"] in ("after", "since", "from", "at") else None
    how = {"at": "eq", "before": "lt", "until": "lt", "till": "lt"}.get(match["how"], "ge")
    return {"dimension": "hour", "operator": how, "value": _clock(match, 1, part)}


def _part_of_day(draft: Draft) -> Filter | None:
    if draft.take(r"\bbefore lunch(?:time)?\b", "<when>"):
        return {"dimension": "hour", "operator": "lt", "value": 12}
    if draft.take(r"\bafter lunch(?:time)?\b", "<when>"):
        return {"dimension": "hour", "operator": "ge", "value": 12}
    if match := draft.take(
        r"\b(?:in the |at |during the |on )?(?:the )?(?P<part>morning|afternoon|evening|night)s?\b(?: (?:hours|time))?(?! (?:email|bag))",
        "<when>",
    ):
        return {"dimension": "daypart", "operator": "eq", "value": _PARTS[match["part"]]}
    return None


def _between(match: re.Match[str], meant: str = "") -> Filter:
    """The hours from one to the other, the last not begun; over midnight they are listed.

    `meant`: the part of the day, where it is said elsewhere.
    """
    last = _clock(match, 2, match["part"] or meant)
    first = _clock(match, 1, match["early"] or meant)
    if match["n1"] in ("noon", "midday") and last < first and "am" not in (match["p2"] or ""):
        last += 12  # "between noon and one o'clock"
    if not (match["p1"] or match["n1"] or match["m1"] or match["early"]) and first + 12 < last:
        first += 12  # "6 to 10 pm"
    last = last or 24
    if first >= last:
        return {"dimension": "hour", "operator": "in", "value": [*range(first, 24), *range(last)]}
    return {"dimension": "hour", "operator": "between", "value": [first, last - 1]}


def _clock(match: re.Match[str], number: int, part: str) -> int:
    """The hour as 0 to 24."""
    if named := match[f"n{number}"]:
        return 0 if named == "midnight" else 12
    hour, suffix = int(match[f"h{number}"]), f"{match[f'p{number}'] or ''}{part}"
    if "am" in suffix.split() and hour == 12:
        return 0
    late = any(word in suffix for word in ("pm", "evening", "afternoon", "night"))
    return hour + 12 if late and hour < 12 else hour


def take_days(draft: Draft) -> Filter | None:
    """Days of the week: "at weekends", "Monday to Wednesday", "on Mondays, Wednesdays and Fridays", "not on Sundays"."""
    if match := draft.take(
        rf"{_NO_LIST}\b(?P<not>(?:excluding|except(?: for)?|without) )?(?:on |at |during )?(?:the )?(?P<what>(?<!friday )(?<!easter )(?<!christmas )(?<!bfcm )(?<!cyber )(?<!thanksgiving )weekends?(?: days)?|week ?days|working days|business days|(?<=<per> on )(?:weekend day|week ?day|working day|business day))\b(?! (?:shoppers?|buyers?|customers?|spenders?))",
        "<when>",
    ):
        return {
            "dimension": "weekend",
            "operator": "eq",
            "value": "weekend" if ("end" in match["what"]) != bool(match["not"]) else "weekday",
        }
    if match := draft.take(
        rf"\b(?:on |from )?(?P<one>{_DAY})s? ?(?:to|till|until|through|-) ?(?P<two>{_DAY})s?\b(?! (?:the )?\d\d?\b)",
        "<when>",
    ):
        first, last = ([day[:3].lower() for day in _WEEKDAYS].index(match[name][:3]) for name in ("one", "two"))
        if (first, last) == (0, 4):
            return {"dimension": "weekend", "operator": "eq", "value": "weekday"}
        return {
            "dimension": "weekday",
            "operator": "in",
            "value": [_WEEKDAYS[(first + n) % 7] for n in range((last - first) % 7 + 1)],
        }
    return _listed_days(draft)


def _listed_days(draft: Draft) -> Filter | None:
    match = draft.take(
        rf"\b(?P<not>(?:excluding|except(?: for| on)?|without|not on) )?(?:on |every |each |during )?(?:a )?(?<!black )(?<!good )(?P<days>(?:{_NAMES})s?(?:(?:,? and |,? or |, ?| ?/ ?| plus )(?:on )?(?:{_NAMES})s?)*)\b(?! (?:the )?\d\d?(?!\d))",
        "<when>",
    )
    if match is None:
        return None
    chosen = [day.capitalize() for day in re.findall(_NAMES, match["days"])]
    one = len(chosen) == 1
    operator = ("ne" if match["not"] else "eq") if one else "not_in" if match["not"] else "in"
    return {"dimension": "weekday", "operator": operator, "value": chosen[0] if one else chosen}
