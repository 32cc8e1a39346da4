# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Conditions on customers in a question, as a rule tree: "spent over 1,000 and silent for 90 days, but not champions"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar import MONTH_NAMES
from language.calendar_phrases import CALENDAR_WORDS
from language.excluded import EXCLUDING_WORDS
from language.goods import Goods
from language.grammar import GRAMMAR, LIKELY_TO_LEAVE, Node
from language.measures import MEASURE_WORDS
from language.negation import EXCEPTING
from language.periods import take_periods
from language.purchases import PURCHASE_WORDS, take_purchases
from language.ranking import RANKING_WORDS
from language.seasons import SEASON_WORDS
from language.words import Draft

__all__ = ["SINCE_TODAY", "Conditions", "grammar_words", "take_conditions"]


@dataclass(slots=True)
class Conditions:
    """What was understood (`nodes`, `rule`) and what was not (`unclear`, in the user's words).

    `among`: the customers of whom those of `rule` are asked to be a part ("of the kitchen buyers, how many …").
    """

    nodes: list[Node]
    rule: Node | None
    unclear: list[str]
    among: Node | None = None


def take_conditions(draft: Draft, as_of: date, goods: Goods) -> Conditions:
    """Take every condition on customers out of `draft`; each leaves the mark <rule>.

    A month said without a year of customers who began in another year is that after their beginning: of those who
    first bought in May 2023, "how many came back in June" is June 2023.
    """
    again = Draft(draft.text)
    again.taken = list(draft.taken)
    said = _take_conditions(draft, as_of, goods)
    began = next((day for node in said.nodes if (day := _end_of_beginning(node))), None)
    if began is None or re.search(SINCE_TODAY, again.text) or began + _A_YEAR >= as_of:
        return said
    said = _take_conditions(again, began + _A_YEAR, goods)
    draft.text, draft.taken = again.text, again.taken
    return said


def _at_once(rule: Node | None) -> list[str]:
    """ "Once, three or four times": nobody ordered so often and so often."""
    often = [
        n["value"]
        for n in (rule or {}).get("all", ())
        if n.get("field") == "orders_all" and n["operator"] in ("eq", "between")
    ]
    ranges = [value if isinstance(value, list) else [value, value] for value in often]
    apart = [(one, two) for one in ranges for two in ranges if one[1] < two[0]]
    return [f"{one[0]} and {two[0]} orders at once" for one, two in apart[:1]]


_A_YEAR = timedelta(days=365)
SINCE_TODAY = r"\b(?:last|this|past|previous|next|current|ago|today|now|yesterday|recent\w*)\b"
"""Times that are counted from today."""


def _end_of_beginning(node: Node) -> date | None:
    """The last day on which customers of a cohort first bought; None for any others."""
    parts = node.get("all", [])
    shapes = [(part.get("purchase"), part.get("operator"), part.get("value")) for part in parts]
    began = shapes == [("orders", "eq", 0), ("orders", "ge", 1)] and parts[1].get("end")
    return date.fromisoformat(began) if began else None


def _take_conditions(draft: Draft, as_of: date, goods: Goods) -> Conditions:
    """Every condition, with times as of one day."""
    if _WHO.search(draft.text) and not _FIGURE.search(draft.text):
        draft.text = _BARE_AMOUNT.sub(r"spent \1", draft.text)
    draft.text = _in_the_same_time(draft.text, as_of)
    found = take_purchases(draft, as_of, goods)
    unclear: list[str] = []
    for pattern, build in GRAMMAR:
        while True:
            number = len(found)
            match = draft.take(
                rf"(?P<neg>\b(?:{EXCEPTING}|not) (?:those |the |ones |who |that |are |have )*)?{pattern}",
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
    _in_that_time(draft.text, found)
    unclear += _leftover(draft)
    _drop_labels(draft, found)
    _in_danger(draft.text, found)
    rule, among = _tree(draft.text, found), _among(draft.text, found)
    segments = [
        n["value"] for n in (rule or {}).get("all", ()) if (n.get("field"), n.get("operator")) == ("rfm_segment", "eq")
    ]
    if len(set(segments)) > 1:
        unclear.append(f"{segments[0]} and {segments[1]} at once")  # "was a champion, now at risk"
    unclear += _at_once(rule)
    draft.text = re.sub(
        r"<rule\d+>(?:(?: ?,? ?(?:and|or|but|,|who|that|have|has|with|are)){0,4} ?<rule\d+>)*", "<rule>", draft.text
    )
    return Conditions(list(found.values()), rule, unclear, among)


# "Customers in London, over 500": so much money; fewer could be anything
_WHO = re.compile(r"\b(?:customers?|people|buyers|shoppers|clients|segment|who|champions|loyal)\b")
_FIGURE = re.compile(
    r"\b(?:revenue|sales|turnover|orders?|invoices?|products?|units?|score|value|average|days|spen[dt])\b"
)
_BARE_AMOUNT = re.compile(
    r"(?:(?<=, )|(?<=: )|(?<=customers )|(?<=people )|(?<=buyers )|(?<=clients ))((?:over|above|under|below|more than|less than|at least) \d{3,}(?:\.\d+)?)(?= ?(?:[,.?!]|$|and\b|but\b))"
)
_LABEL = re.compile(
    r"^(?:\w+ ){0,2}<rule(\d+)>(?: customers| buyers)? ?(?::|, ?i\.?e\.?,?|, ?meaning|=) ?"
    r"(?! ?(?:and )?(?:how|what|any|%|share|who|which|did|of|percent|part))(?=.*<rule)"
)
_PART = r"(?:%|percent\w*|share|proportion|fraction|how many|how much|part|anyone|any|did|have|what)"
_AMONG = (
    re.compile(
        rf"\b(?:of|among|out of|amongst)(?: the| our| all| those| these)* <rule(\d+)>(?: won)?[,:]?(?=[^<]*\b{_PART}[^<]*<rule)"
    ),
    re.compile(
        rf"{_PART}[^<]*\b(?:of|among)(?: the| our| all| those)*(?: customers| people| buyers)? <rule(\d+)>(?! ?,?(?: and| or| with| who also) <rule)(?=[^<]*<rule)"
    ),
    re.compile(rf"^(?:the |our |all |customers? |people )*<rule(\d+)> ?[:,?-]? ?(?=(?:and )?(?:{_PART})[^<]*<rule)"),
)


_OF_BUYERS = re.compile(rf"(?:{_PART}|\bpercentage) of (?:the |our |all |my )*(?:buyers|shoppers|purchasers)\b")


_MONTH = "|".join((*MONTH_NAMES, *(name[:3] for name in MONTH_NAMES))).lower()
_SAME_TIME = re.compile(
    rf"\b(?:(?:in|during) )?(?P<time>(?:last|this) (?P<unit>day|week|month|quarter|year)|(?:{_MONTH})(?: (?:19|20)\d\d)?)\b"
    r"(?P<between>[^?;]*?) (?:in |during |within )?(?:that|the same) (?(unit)(?P=unit)|month)\b(?! (?:(?:of |in )?last year|(?:of |in )?the (?:previous |last )?year|a year|1 year|(?:in |of )?\d{4}))"
)


def _in_the_same_time(text: str, as_of: date) -> str:
    """ "Filled a cart last month, but bought nothing that month": the days of the one are those of the other."""
    match = _SAME_TIME.search(text)
    periods = take_periods(Draft(match["time"]), as_of) if match else []
    if match is None or len(periods) != 1 or not (periods[0].start and periods[0].end):
        return text
    days = f"from {periods[0].start} to {periods[0].end}"
    return f"{text[: match.start()]}{days}{match['between']} {days}{text[match.end() :]}"


def _drop_labels(draft: Draft, found: dict[int, Node]) -> None:
    """ "Lapsed: bought in May, nothing since": what follows says what the word before means."""
    if (label := _LABEL.search(draft.text)) is not None:
        del found[int(label[1])]
        draft.text = draft.text[label.end() :]


def _in_that_time(text: str, found: dict[int, Node]) -> None:
    """ "Filled a cart but did not order this week": both in that week."""
    for match in re.finditer(r"<rule(\d+)>,? (?:but|and|yet) ?<rule(\d+)>", text):
        one, other = found[int(match[1])], found[int(match[2])]
        days = {name: other[name] for name in ("start", "end", "within_days") if name in other}
        bought = (other.get("purchase"), other.get("operator"), other.get("value")) == ("orders", "eq", 0)
        if one.get("event") == "cart" and not {"start", "end", "within_days"} & one.keys() and bought:
            found[int(match[1])] = one | days


def _in_danger(text: str, found: dict[int, Node]) -> None:
    """ "Champions at risk": nobody is in two segments, so these are champions who may leave."""
    for match in re.finditer(r"<rule(\d+)>(?: customers)? (?=<rule(\d+)>)", text):
        one, other = found[int(match[1])], found[int(match[2])]
        for number, node in ((1, one), (2, other)):
            if _one_of(one, other) and node.get("value") == "At Risk":
                found[int(match[number])] = LIKELY_TO_LEAVE


def _among(text: str, found: dict[int, Node]) -> Node | None:
    match = next((m for pattern in _AMONG if (m := pattern.search(text))), None)
    if match is None and found and _OF_BUYERS.search(text):
        return {"field": "orders_all", "operator": "ge", "value": 1}
    return found[int(match[1])] if match else None


def _tree(text: str, found: dict[int, Node]) -> Node | None:
    """Conditions joined as the text between them says: "or" separates groups, everything else joins them."""
    if not found:
        return None
    groups: list[list[Node]] = [[]]
    end, before = 0, None
    against = re.search(_AGAINST, text) is not None
    for match in re.finditer(r"<rule(\d+)>", text):
        if re.search(r"\bbut\b", text[end : match.start()]) and before is not None:
            _share_window(before, found[int(match[1])])
        before = found[int(match[1])]
        between = text[end : match.start()]
        if re.search(r"\bor\b", between) or (
            groups[-1] and _is_list(between, against=against) and _one_of(groups[-1][-1], before)
        ):
            if groups[-1] and _alike(
                groups[-1][-1], before
            ):  # "champions or loyal customers with consent": both with consent
                groups[-1][-1] = {"any": [*groups[-1][-1].get("any", [groups[-1][-1]]), before]}
                end = match.end()
                continue
            groups += [[]] if groups[-1] else []
        groups[-1].append(before)
        end = match.end()
    parts = [group[0] if len(group) == 1 else {"all": group} for group in groups if group]
    return parts[0] if len(parts) == 1 else {"any": parts}


_AGAINST = r"\b(?:compar\w+|versus|against|differences?)\b"


def _is_list(between: str, *, against: bool) -> bool:
    """Nothing but a list stands between two conditions, or where groups are set `against` each other, words of that."""
    words = r"(?:,|and|plus|the|our|of|in| )*"
    if against:
        words = r"(?:,|and|plus|the|our|of|in|for|versus|against|with|to|than|those|compared| )*"
    return between.strip() != "" and re.fullmatch(words, between) is not None


def _one_of(one: Node, other: Node) -> bool:
    """Two segments: nobody is in both."""
    return _alike(one, other) and other["field"] in ("rfm_segment", "churn_risk")


def _alike(one: Node, other: Node) -> bool:
    """Two values of one attribute, such as two segments."""
    fields = {part.get("field") for part in (*one.get("any", [one]), other)}
    return fields == {other.get("field")} and other.get("operator") == "eq" and other.get("field") is not None


def _share_window(one: Node, other: Node) -> None:
    """ "Clicked but did not buy in the last 30 days": one window for both, wherever it is said."""
    known = one.get("within_days") or other.get("within_days")
    if other.get("field") == "recency_days" and other["operator"] in ("ge", "gt"):
        known = known or other["value"]
    for node in (one, other):
        if known and "event" in node:
            node.setdefault("within_days", known)
    if (
        "event" in one
        and one.get("did")
        and known
        and other.get("field") == "recency_days"
        and known == other.get("value")
    ):
        other.clear()  # whoever has never ordered did not order then either
        other.update(purchase="orders", operator="eq", value=0, within_days=known)


_WHERE = r"(?:(?:are|live|come|based|located|living|resident) )*(?:in|from|outside)\b"  # places are read as values, after conditions
_ASKED = r"(?:(?:should|shall|can|could|may|might|would|will|to|do|did|i|we|there)\b)"  # "at risk, who should I call?"
_WHOM = re.compile(r"\b(?:customers?|people|buyers|shoppers|clients)\b,? (?:who|that|whose|with)\b")


def _leftover(draft: Draft) -> list[str]:
    """A clause about customers that no pattern took: said, never guessed."""
    clause = rf"\b(?:customers?|people|buyers|shoppers|clients|ones|those|everybody|everyone)\b,? (?:who|that|whose|which|with an?) (?P<rest>(?!<|{_WHERE}|are there|do we|we |did we|i )[a-z][^<?]*)"
    joined = rf"<rule\d+>,? (?:and|or|but) (?:who |that |whose |have |has |are )+(?P<rest>(?!<|{_WHERE})[a-z][^<?]*)"
    placed = r"\b(?:customers?|people|buyers|shoppers|clients) (?:in|from) (?:[a-z]+ ){0,2}?[a-z]+"
    further = rf"(?:<rule\d+>|{placed}),? (?:who|whose) (?:also |even |still |have |has |are )*+(?P<rest>(?!<|{_WHERE}|{_ASKED})[a-z][^<?]*)"
    # a comparison with something that is no figure: "more than average", "more orders than last year"
    vague = r"(?P<rest>\b(?:more|less|fewer|higher|lower|above|below)(?: [a-z]+)?(?: than)? (?:average|usual|last|before|the average|the last|others?)\b[^<?]*)"
    out = [match["rest"].strip(" ,.?") for match in re.finditer(vague, draft.text)] if _WHOM.search(draft.text) else []
    for pattern in (clause, joined, further):
        for match in re.finditer(pattern, draft.text):
            rest = match["rest"].strip(" ,.?")
            if not re.match(
                r"^(?:either|are|have|will|should|to|is|can|may|could|be|bought|buy|leave|churn|do)?$", rest
            ):
                out.append(rest)
    return out


def grammar_words() -> frozenset[str]:
    """Every word of the grammar: none of them is a typing error."""
    own = frozenset(word for pattern, _ in GRAMMAR for word in re.findall(r"[a-z]{3,}", pattern))
    return own | PURCHASE_WORDS | SEASON_WORDS | MEASURE_WORDS | CALENDAR_WORDS | RANKING_WORDS | EXCLUDING_WORDS
