"""Pages made of several tools' results: their charts, then their tables, then where it all comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import chainlit as cl
from chainlit.element import Element

from chat.figures import figure_element, ring_element
from chat.parts import installed
from chat.segments import editor_element
from chat.showing import notes_element, send_in_order, table_element
from chat.tables import badged, buttons_of, risk_table, saved_table
from core.errors import NoSuchData
from core.identity import PROPOSE, Identity
from tools.outcome import Outcome
from tools.views import Chart, Shown, Table, shown

__all__ = ["CHURN", "SEGMENTS", "VALUE", "show_churn", "show_segments", "show_value"]

Calls = tuple[tuple[str, Mapping[str, Any]], ...]
SAVED = 20  # saved segments that are counted anew for the page, newest first
PARTS = "Customers by RFM segment"  # the chart of list_segments whose groups share nobody
CHURN: Calls = (
    ("churn_summary", {}),
    ("survival_curves", {}),
    ("at_risk_segments", {}),
    ("churn_table", {"limit": 100}),
    ("model_report", {"model": "churn"}),
)
VALUE: Calls = (("clv_summary", {"top": 100}), ("next_purchase", {"limit": 100}))
SEGMENTS: Calls = (("list_segments", {}), ("segment_map", {}), ("segment_drift", {}))
AFTER_CHURN = ("What should I do for the high risk customers?", "How good is the churn model?")
AFTER_VALUE = ("How good is the value model?", "Who are our most valuable customers?")
AFTER_SEGMENTS = ("Which segments overlap?", "Who moved from loyal to at risk?", "Export the champions")


@dataclass(slots=True)
class Found:
    """Calls and their results by tool, what the tools could not say in words, and the evidence of it all."""

    outcomes: dict[str, Outcome[Any, Any]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    evidence: list[dict[str, Any]] = field(default_factory=list)

    def result(self, tool: str) -> Any:
        """What a tool gave, typed; None where it gave nothing."""
        return self.outcomes[tool].result if tool in self.outcomes else None

    def charts(self) -> list[Element]:
        """The pictures of the results."""
        return [_picture(view) for view in self._views() if isinstance(view, Chart)]

    def tables(self) -> list[Table]:
        """The tables of the results."""
        return [view for view in self._views() if isinstance(view, Table)]

    def _views(self) -> list[Shown]:
        tools = installed().runtime.catalogue
        return [view for tool, outcome in self.outcomes.items() for view in shown(tools.get(tool), outcome)]


async def show_churn(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """Risk, survival, calibration, groups to act on, customers with their drivers."""
    found = await _ask(CHURN, identity)
    tables = found.tables()
    if (risks := found.result("churn_summary")) and risks.by_risk:
        tables.insert(0, risk_table(risks))
    await _send("Who is likely to leave", found, tables, AFTER_CHURN, identity, is_demo=is_demo)


async def show_value(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """The most valuable customers, and who is expected to buy soon."""
    found = await _ask(VALUE, identity)
    await _send("What customers will be worth", found, found.tables(), AFTER_VALUE, identity, is_demo=is_demo)


async def show_segments(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """All segments with size, value, churn, strategy and drift, their map, and the editor."""
    found = await _ask(SEGMENTS, identity)
    tables = found.tables()
    listed = found.result("list_segments")
    if saved := listed.saved[:SAVED] if listed else []:
        counted = [await _outcome("count_segment", {"rule": one.rule}, identity) for one in saved]
        tables = [
            *(table for table in tables if table.title != "Saved segments"),
            saved_table(saved, [outcome.result for outcome in counted]),
        ]
        found.evidence += [_evidence(outcome) for outcome in counted]
    tables = [badged(table, found.result("segment_drift")) for table in tables]
    editor = await editor_element(identity)
    await _send("Segments", found, tables, AFTER_SEGMENTS, identity, is_demo=is_demo, more=[editor])


async def _ask(calls: Calls, identity: Identity) -> Found:
    found = Found()
    for tool, arguments in calls:
        try:
            outcome = await _outcome(tool, arguments, identity)
        except NoSuchData as error:
            found.missing.append(f"_{error.message}_")
        else:
            found.outcomes[tool] = outcome
            found.evidence.append(_evidence(outcome))
    found.missing = list(dict.fromkeys(found.missing))
    return found


async def _outcome(tool: str, arguments: Mapping[str, Any], identity: Identity) -> Outcome[Any, Any]:
    result = await installed().call(tool, arguments, identity)
    return installed().runtime.catalogue.outcome(tool, arguments, result)


def _evidence(outcome: Outcome[Any, Any]) -> dict[str, Any]:
    said: dict[str, Any] = outcome.result.evidence.model_dump(mode="json")
    return said


async def _send(
    title: str,
    found: Found,
    tables: list[Table],
    after: tuple[str, ...],
    identity: Identity,
    *,
    is_demo: bool,
    more: Sequence[cl.CustomElement] = (),
) -> None:
    """`after`: what could be asked next; `more`: what stands below the tables."""
    may_propose = PROPOSE in identity.scopes
    elements: list[Element] = [*found.charts()]
    elements += [table_element(table, buttons_of(table, may_propose=may_propose)) for table in tables]
    elements += [*more, notes_element(found.evidence, is_demo=is_demo, suggestions=after)]
    await send_in_order("\n\n".join([f"### {title}", *found.missing]), elements)


def _picture(chart: Chart) -> Element:
    return ring_element(chart) if chart.tool == "churn_summary" or chart.title == PARTS else figure_element(chart)
