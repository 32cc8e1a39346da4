"""What greets a person: questions their own data can answer, or how to get data in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import chainlit as cl

from chat.parts import installed
from chat.people import who_is
from core.errors import AimaError
from core.identity import PROPOSE, Identity

__all__ = ["NO_DATA", "describe", "starters"]

NO_DATA = (
    "### No data yet\n"
    "**Drop a file here** or choose one with the paper clip: orders, customers, events, campaigns or spend, as CSV, "
    "TSV, Excel, JSON or Parquet, also gzipped or zipped. You will see how its columns are read before anything is "
    "written.\n\n"
    "**Begin with orders**: who bought, when, and for how much is enough for figures, segments, churn and value. Add "
    "customers (name, e-mail, consent) to write to them, and events (visits, opens) to know them better.\n\n"
    "To look around first, run `aima demo`: it builds a shop with made-up customers and a login of its own."
)
SILENT = ("Cannot Lose Them", "At Risk", "Hibernating", "About to Sleep")


async def describe(identity: Identity) -> dict[str, Any]:
    """What data there is (see describe_data)."""
    return await installed().call("describe_data", {}, identity)


async def starters(email: str) -> list[cl.Starter]:
    """Questions to begin with; none for somebody whose account is gone or whose data is still missing."""
    try:
        identity = await who_is(email)
        data = await describe(identity)
        segments = await installed().call("list_segments", {}, identity) if "rfm" in data["scores"] else {"rfm": []}
    except AimaError:
        return []
    return _questions(data, segments, identity)


def _questions(data: Mapping[str, Any], segments: Mapping[str, Any], identity: Identity) -> list[cl.Starter]:
    metrics = {metric["name"] for metric in data["metrics"] if metric["available"]}
    found = []
    if "revenue" in metrics:
        found.append(cl.Starter("Revenue by month", "What was our revenue by month?", icon="/public/icons/trend.svg"))
    if len(_values(data, "country")) > 1:
        found.append(
            cl.Starter("Best countries", "Which countries bring the most revenue?", icon="/public/icons/globe.svg")
        )
    if "churn" in data["scores"]:
        question = "Who is likely to leave in the next 60 days and what are they worth?"
        found.append(cl.Starter("Who is leaving", question, icon="/public/icons/leaving.svg"))
    sizes = {segment["name"]: segment["size"]["customers"] for segment in segments["rfm"]}
    silent = next((name for name in SILENT if sizes.get(name)), None)
    if silent and PROPOSE in identity.scopes:
        question = f"Write a win-back e-mail to the {silent} customers"
        found.append(cl.Starter(f"Win back: {silent} ({sizes[silent]:,})", question, icon="/public/icons/mail.svg"))
    return found


def _values(data: Mapping[str, Any], dimension: str) -> list[str]:
    return next((entry["values"] for entry in data["dimensions"] if entry["name"] == dimension), [])
