"""The page of customers: searched, filtered, sorted and paged in the database, a row at a time opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import chainlit as cl

from agent.events import Table
from chat.opening import opened_page
from chat.parts import installed
from chat.people import present
from chat.showing import name_first, notes_element
from core.errors import AimaError
from core.identity import Identity
from language.format import count
from tools.customers.list import DEFAULT_FIELDS

__all__ = ["list_customers", "rule_of", "show_customers"]

SIZE = 15
SEARCHED = ("customer_id", "name", "email", "city", "country")
START = {
    "words": "",
    "segment": "",
    "risk": "",
    "sort_by": "monetary_value",
    "descending": True,
    "offset": 0,
    "fields": [],
}
RISKS = ("high", "medium", "low", "left")
ORDERED = {"field": "orders_all", "operator": "ge", "value": 1}


async def show_customers(words: str, identity: Identity, *, is_demo: bool) -> None:
    """The page (drawn by public/elements/CustomerTable.jsx), searched for `words`."""
    async with opened_page("Customers", "Looking up customers") as opened:
        await opened.show(*await _page_of_customers({**START, "words": words}, identity, is_demo=is_demo))


async def _page_of_customers(
    asked: dict[str, Any], identity: Identity, *, is_demo: bool
) -> tuple[str, list[cl.CustomElement]]:
    """The words above the list, and what is below them."""
    data = await installed().call("describe_data", {}, identity)
    asked = asked | {"fields": _fields(data["scores"])}
    listed = {dimension["name"]: dimension["values"] for dimension in data["dimensions"]}
    found = await _found(asked, identity)
    choices = {
        "segment": listed.get("rfm_segment", []) if "rfm" in data["scores"] else [],
        "risk": list(RISKS) if "churn" in data["scores"] else [],
    }
    props = {"asked": asked, "page": _page(found, asked), "choices": choices}
    lead = await _lead(identity) if "features" in data["scores"] else ""
    elements = [
        cl.CustomElement(name="CustomerTable", display="inline", props=props),
        notes_element([found["evidence"]], is_demo=is_demo),
    ]
    return lead, elements


async def list_customers(action: cl.Action) -> dict[str, Any]:
    """Another page, order, search or filter."""
    asked = {name: action.payload[name] for name in START}
    try:
        return _page(await _found(asked, await present()), asked)
    except AimaError as error:
        return {"error": error.message}


def _fields(scores: Sequence[str]) -> list[str]:
    """The usual columns, and whether somebody is at risk or has left; none while not all of it has been computed."""
    if not {"features", "rfm", "churn", "value"} <= set(scores):
        return []
    place = DEFAULT_FIELDS.index("churn_90")
    return [*DEFAULT_FIELDS[:place], "churn_risk", *DEFAULT_FIELDS[place:]]


def rule_of(asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """Search and filters as a rule; None: everybody."""
    parts: list[dict[str, Any]] = []
    if words := str(asked["words"]).strip():
        parts.append({"any": [{"field": field, "operator": "contains", "value": words} for field in SEARCHED]})
    for name, field in (("segment", "rfm_segment"), ("risk", "churn_risk")):
        if asked[name]:
            parts.append({"field": field, "operator": "eq", "value": asked[name]})
    return {"all": parts} if parts else None


async def _found(asked: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    arguments = {name: asked[name] for name in ("sort_by", "descending", "offset")} | {"limit": SIZE}
    arguments |= {"fields": asked["fields"]} if asked["fields"] else {}
    rule = rule_of(asked)
    return await installed().call("find_customers", arguments | ({"rule": rule} if rule else {}), identity)


async def _lead(identity: Identity) -> str:
    """How many there are, and how many of them have ordered: what figures of sales count as customers."""
    counted = await installed().call("count_segment", {"rule": ORDERED}, identity)
    everybody = (await installed().call("find_customers", {"limit": 1}, identity))["total"]
    ordered = counted["segment"]["customers"]
    never = everybody - ordered
    rest = f"; the other {count(never)} are known by name or email and never did" if never else ""
    return f"**{count(everybody)} customers** are known. {count(ordered)} of them have ordered{rest}."


def _page(found: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    first = name_first(Table(title="", columns=found["columns"], rows=found["rows"], total_rows=found["total"]))
    return {
        **first.model_dump(mode="json", include={"columns", "rows"}),
        "total": found["total"],
        "value": found["total_value"],
        "currency": found["currency"],
        "size": SIZE,
        "rule": rule_of(asked),
    }
