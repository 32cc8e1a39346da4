# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""How a list of customers is to look: by which field it is sorted, in which direction, with which columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from language.vocabulary import phrases

__all__ = ["Listing", "read_listing"]

_OWN = {
    "email": "email", "email address": "email", "emails": "email", "mail": "email", "phone": "phone",
    "phone number": "phone", "name": "name", "names": "name", "country": "country", "city": "city", "cities": "city", "id": "customer_id",
    "customer id": "customer_id", "ids": "customer_id", "customer ids": "customer_id", "segment": "rfm_segment", "rfm segment": "rfm_segment",
    "last order": "recency_days", "last purchase": "recency_days", "most recent order": "recency_days",
    "recency": "recency_days", "number of orders": "orders_all", "order count": "orders_all", "total": "monetary_value",
    "total spent": "monetary_value", "amount spent": "monetary_value", "money spent": "monetary_value",
    "risk": "churn_90", "age": "days_since_first_order", "first order": "days_since_first_order",
    "first purchase": "days_since_first_order", "last order date": "recency_days", "date of last order": "recency_days",
    "date of the last order": "recency_days", "date of their last order": "recency_days", "last purchase date": "recency_days",
    "last order dates": "recency_days", "first order date": "days_since_first_order", "e-mail": "email", "spend": "monetary_value",
    "total spend": "monetary_value", "revenue": "monetary_value", "orders": "orders_all", "phone numbers": "phone",
}  # fmt: skip
_FIELDS = {**{phrase: name for phrase, name in phrases("fields") if len(phrase) > 3}, **_OWN}
_FIELD = "(?:" + "|".join(sorted(map(re.escape, _FIELDS), key=len, reverse=True)) + ")"
_WAY = r"(?P<way>,? ?\(?(?:ascending|asc|descending|desc|(?:lowest|smallest|fewest|least|oldest|newest|latest|highest|largest|biggest|most|longest|shortest)(?: recent)? first|low to high|high to low)\b\)?)?"
_SORT = re.compile(
    rf"(?i),? ?(?:and )?\b(?:sort(?:ed)?|order(?:ed)?|rank(?:ed)?)(?: (?:them|it|this|the list|descending|ascending))?(?: by|:| on) (?:their |the |its )*(?P<field>{_FIELD})\b{_WAY}"
)
_BY = re.compile(
    r"(?i)(?<=s|e) by (?:their |the )?(?P<field>number of orders|order count|recency|last order(?: date)?|first order(?: date)?|total spen[dt])\b"
)
_COLUMNS = re.compile(
    rf"(?i),? ?\b(?:with (?:their|the)|plus(?: their)?|including(?: their)?|showing|show(?: me)?|columns?:?|incl\.?(?: their)?|and their) (?:columns? )?(?P<fields>{_FIELD}(?:(?:,| and|, and| plus| &) (?:their |the )*{_FIELD})*)(?: (?:columns?|too|as well|only|for each|of each|each))*(?=[.,;!?]|$| (?:sorted|ordered|ranked|of|for|please))"
)

_EXTREME = re.compile(
    rf"(?i)\b(?:the )?(?P<way>lowest|worst|weakest|smallest|shortest|highest|best|strongest|longest|biggest) (?:\d+ )?(?P<field>(?!(?:total|orders?|purchases?|revenue|sales|spend|names?|average order|aov|order value|largest|biggest)\b){_FIELD})s?\b"
)
_OF_WHOM = re.compile(
    r"(?i)^(?:(?:please|give me|show me|send me|get me|list|i need|need|the|all)[, ]+)*(?P<fields>(?:e-?mail address(?:es)?|e-?mails|phone numbers?"
    r"|cities|ids|customer ids)(?:(?:,| and) (?:names|e-?mails|e-?mail addresses|phone numbers|cities|ids))*) (?:of|for) (?=the |our |all |my |every|top |best |customers)"
)


@dataclass(slots=True)
class Listing:
    """What was found: `text` is what is left."""

    text: str
    sort: str | None = None
    ascending: bool | None = None
    fields: list[str] = field(default_factory=list)


def read_listing(text: str) -> Listing:
    """The order and the columns that `text` asks for, taken out of it."""
    found = Listing(text)
    if match := _SORT.search(found.text) or _BY.search(found.text):
        found.sort, way = _FIELDS[match["field"].lower()], (match.groupdict().get("way") or "").lower()
        days = found.sort in ("recency_days", "days_since_first_order")
        up = r"\basc|lowest|smallest|fewest|least|shortest|low to" + (r"|newest|latest|most" if days else "")
        found.ascending = bool(re.search(up, way)) if way else None
        found.text = f"{found.text[: match.start()]} {found.text[match.end() :]}".strip()
    elif match := _EXTREME.search(found.text):
        found.sort, found.ascending = (
            _FIELDS[match["field"].lower()],
            bool(re.match(r"(?i)lo|wo|we|sm|sh", match["way"])),
        )
        found.text = f"{found.text[: match.start()]} customers {found.text[match.end() :]}".strip()
    if match := _OF_WHOM.search(found.text) or _COLUMNS.search(found.text):
        named = [part.strip() for part in re.split(r",| and | plus | & ", match["fields"].lower())]
        said = [re.sub(r"^(?:their|the|and) ", "", name) for name in named if name]
        said = [
            re.sub(r"^e-?mail", "email", name).replace("addresses", "address").replace("numbers", "number")
            for name in said
        ]
        found.fields = list(dict.fromkeys(_FIELDS[name] for name in said if name in _FIELDS))
        keep = " of" if match[0].lower().lstrip(", ").startswith("show") else ""
        lead = f"list{keep}" if keep else ""
        found.text = f"{found.text[: match.start()]} {lead} {found.text[match.end() :]}"
    found.text = re.sub(r"\s+", " ", found.text.replace("list of of", "list of")).strip()
    return found
