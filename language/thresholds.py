# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Limits on the figures of a row: "countries with over 1000 orders", "at least 20 invoices", "never returned"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from language.comparisons import BOUNDS, either
from language.vocabulary import DIMENSIONS, phrases
from language.words import Draft

__all__ = ["Limit", "take_group_limits", "take_limits", "take_own_limits"]

_CMP: Final = {**BOUNDS, "from": "ge", "exactly": "eq", "only": "eq", "just": "eq"}
_CMPS: Final = f"(?:{either(_CMP)})"
_NUMBER: Final = r"(?P<n>\d+(?:\.\d+)?)(?![\d.:/-])(?! ?%)"
_TIMES: Final = r"days|weeks|months|quarters|years|hours"
_LEAD: Final = (
    r"(?:\b(?:only|with|having|that have|that had|who have|have|has|had|ones|those|the|where|and|there (?:are|were|must be)"
    r"|must have|need|if|but|made|make|makes|did|bring|brought|of) )*"
)
_EARNING: Final = (
    r"(?:made|make|makes|making|brought in|bring in|earned|earn|took in|turned over|sold for|bringing in|worth)"
)
_CUSTOMERS: Final = frozenset({"customer", "rfm_segment", "customer_type"})


@dataclass(frozen=True, slots=True)
class Limit:
    """A row's figure compares so with a number; without a `metric` it is the figure that is asked for."""

    metric: str
    operator: str
    value: float


@cache
def _metric() -> tuple[str, dict[str, str]]:
    names = dict(phrases("metrics"))
    return "(?P<metric>" + "|".join(re.escape(phrase) for phrase, _ in phrases("metrics")) + r")\b", names


@cache
def _groups() -> str:
    said = [p for name, called in DIMENSIONS.items() if name not in _CUSTOMERS for p in called]
    return "(?P<group>" + "|".join(re.escape(p) for p in sorted(said, key=len, reverse=True)) + f"|{_TIMES})"


def take_group_limits(draft: Draft) -> list[Limit]:
    """Limits said right after what the rows are, before anything else is read: they are none on customers."""
    metric, names = _metric()
    limit = rf"{_LEAD}(?:{_EARNING} )?\b(?P<cmp>{_CMPS}) {_NUMBER}(?![\d.]| times)(?:(?: in| of| worth of)? {metric})?"
    pattern = rf"\b{_groups()} (?:that |which )?(?=(?:with|having|had|have|has|made|make|did|bring|brought|sold|earn|took|turned|over|above|under|below|more|less|fewer|at (?:least|most)|worth)\b){limit}"
    found = []
    said_first = rf"\b{_groups()} (?:that |which |where |in which )*{_LEAD}(?:(?:a|an|the|its) )?{metric} (?:(?:of|is|was|were|being) )*(?P<cmp>{_CMPS}) {_NUMBER}(?![\d.])"
    for form in (pattern, said_first):  # "weeks with over 100 orders", "weeks that had revenue below 1000"
        found += _taken_limits(draft, form, names)
    return found


def _taken_limits(draft: Draft, pattern: str, names: dict[str, str]) -> list[Limit]:
    found = []
    while (match := re.search(pattern, draft.text)) and _is_complete(match):
        draft.take(pattern, lambda m: f"{m['group']} <having>")
        found += _limits(names.get(match["metric"] or "revenue", "revenue"), match["cmp"], float(match["n"]))
    return found


def _limits(metric: str, compared: str, value: float) -> list[Limit]:
    """The limits of one comparison: "exactly" is no more and no less."""
    way = _CMP[compared]
    return [Limit(metric, each, value) for each in (("ge", "le") if way == "eq" else (way,))]


def _is_complete(match: re.Match[str]) -> bool:
    """ "Categories over 10000" is of money; "days over 30" is not, nor is what customers did."""
    earned = re.search(_EARNING, match[0])
    return bool(match["metric"] or earned or match["group"] not in _TIMES.split("|"))


def take_limits(draft: Draft) -> list[Limit]:
    """Limits that name their figure: "over 100000 turnover", "at least 100 orders in it", "never returned"."""
    metric, names = _metric()
    found = []
    while match := draft.take(
        rf",? ?{_LEAD}\b(?P<cmp>{_CMPS}) {_NUMBER} (?:of )?{metric}(?: (?:in|on|for) (?:it|them|that|each))?",
        "<having>",
    ):
        found += _limits(names[match["metric"]], match["cmp"], float(match["n"]))
    # "with 20 orders or more", "only ones with 20 orders min"
    after = r"(?P<cmp>or more|at least|and (?:more|up|over)|minimum|min|or (?:fewer|less)|at most|maximum|max)"
    while match := draft.take(rf",? ?{_LEAD}\b{_NUMBER} {metric} {after}\b", "<having>"):
        way = "le" if re.search(r"fewer|less|most|max", match["cmp"]) else "ge"
        found.append(Limit(names[match["metric"]], way, float(match["n"])))
    back = r"(?:returned|sent back|brought back|refunded|given back|cancelled)"
    if draft.take(
        rf"\b(?:(?:were|was|are|is|have|has|had|been|got|that|which) )*(?:never|not once|not(?: ever)?) (?:(?:been|got|get|gets) )?{back}\b",
        "<having>",
    ):
        found.append(Limit("refund_orders", "le", 0))
    return found


def take_own_limits(draft: Draft) -> list[Limit]:
    """Limits on the figure asked for: "<metric> of more than 500", "20 <metric> minimum"."""
    found = []
    for pattern in (
        rf"{_LEAD}\b(?P<n>\d+(?:\.\d+)?) (?=<metric> (?P<cmp>minimum|min|at least|or more|maximum|at most)\b)",
        rf"(?<=<metric> )(?:(?:of|is|was|being|that is|are|were) )*(?P<cmp>{_CMPS}) (?P<n>\d+(?:\.\d+)?)\b",
    ):
        while match := draft.take(pattern, "<having>"):
            least = {"min": "at least", "minimum": "at least", "or more": "at least"}
            compared = least.get(match["cmp"], match["cmp"])
            found += _limits("", compared if compared in _CMP else "at most", float(match["n"]))
    if found:
        draft.take(r"(?<=<metric> )(?:minimum|min|or more|at least|maximum|at most)\b", " ")
    return found
