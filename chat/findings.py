"""Pages made of several tools' results: what they come to in a sentence, charts, tables, and their sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chainlit.element import Element

from chat.figures import figure_element, ring_element
from chat.leads import churn_lead, segments_lead, value_lead
from chat.opening import Opened, opened_page
from chat.parts import installed
from chat.segments import editor_element
from chat.showing import notes_element, table_element
from chat.tables import badged, buttons_of, calibration_table, risk_table, saved_table
from core.errors import NoSuchData
from core.identity import PROPOSE, Identity
from tools.audience.risk import LONGEST
from tools.outcome import Outcome
from tools.segments.groups import KIND_TITLES
from tools.views import Chart, Shown, Table, shown

__all__ = ["CHURN", "SEGMENTS", "VALUE", "Calls", "Page", "ask", "show_churn", "show_segments", "show_value"]

Calls = tuple[tuple[str, Mapping[str, Any]], ...]
DUE_DAYS = 30
SAVED = 20  # saved segments that are counted anew for the page, newest first
CHURN: Calls = (
    ("churn_summary", {"horizon_days": LONGEST}),
    ("at_risk_segments", {"horizon_days": LONGEST}),
    ("survival_curves", {}),
    ("churn_table", {"horizon_days": LONGEST, "limit": 100}),
    ("model_report", {"model": "churn"}),
)
VALUE: Calls = (("clv_summary", {"top": 100}), ("next_purchase", {"within_days": DUE_DAYS, "limit": 100}))
SEGMENTS: Calls = (("list_segments", {}), ("segment_drift", {}))
AFTER_CHURN = ("What should I do for the high risk customers?", "How good is the churn model?")
AFTER_VALUE = ("How good is the value model?", "Who are our most valuable customers?")
AFTER_SEGMENTS = ("Which segments overlap?", "Who moved from loyal to at risk?", "Export the champions")
# What the folded tables of groups are called on the page, and what each is.
PLAIN = {
    KIND_TITLES["cluster"]: (
        "Customers who shop alike (clusters)",
        "everybody sorted into a few groups by what they buy, how often and for how much",
    ),
    KIND_TITLES["discovered"]: (
        "Groups that stand out (discovered groups)",
        "found in the data where many customers are nearly the same; some are in none",
    ),
    KIND_TITLES["behaviour"]: (
        "Shopping habits (behaviours)",
        "such as buying at weekends; a customer can have several, or none",
    ),
    "How segments change": ("How segments changed", "which grew, shrank or do worse than before, and why"),
    "Moves between segments": ("Moves between segments", "how many customers went from which one to which"),
}


@dataclass(slots=True)
class Found:
    """Calls and their results by tool, what the tools could not say in words, and the evidence of it all."""

    outcomes: dict[str, Outcome[Any, Any]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    evidence: list[dict[str, Any]] = field(default_factory=list)

    def result(self, tool: str) -> Any:
        """What a tool gave, typed; None where it gave nothing."""
        return self.outcomes[tool].result if tool in self.outcomes else None

    def charts(self, *tools: str) -> list[Chart]:
        """The pictures of these tools' results."""
        return [view for view in self._views(tools) if isinstance(view, Chart)]

    def tables(self, *tools: str) -> list[Table]:
        """The tables of these tools' results."""
        return [view for view in self._views(tools) if isinstance(view, Table)]

    def _views(self, tools: Iterable[str]) -> list[Shown]:
        known = installed().runtime.catalogue
        return [view for tool in tools if tool in self.outcomes for view in shown(known.get(tool), self.outcomes[tool])]


async def show_churn(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """Who is at risk, what is at stake, the customers with their reasons; how good the prediction is, folded."""
    async with opened_page("Who is likely to leave", "Looking up risks and what is at stake") as opened:
        page = await _churn_page(identity)
        await page.show(opened, AFTER_CHURN, is_demo=is_demo)


async def _churn_page(identity: Identity) -> Page:
    found = await ask(CHURN, identity)
    page = Page(found, identity)
    if risks := found.result("churn_summary"):
        page.lead = churn_lead(risks)
        page.charts(*found.charts("churn_summary"), ring=True)
        page.tables(risk_table(risks))
    page.charts(*found.charts("at_risk_segments"))
    page.tables(*found.tables("at_risk_segments"))
    page.charts(*found.charts("survival_curves"))
    page.tables(*found.tables("churn_table"))
    if (tested := found.result("model_report")) and (table := calibration_table(tested.report, LONGEST)):
        page.tables(table, folded=True)
    return page


async def show_value(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """What customers will be worth and who holds it; who is expected to buy soon."""
    async with opened_page("What customers will be worth", "Looking up predicted values and next purchases") as opened:
        page = await _value_page(identity)
        await page.show(opened, AFTER_VALUE, is_demo=is_demo)


async def _value_page(identity: Identity) -> Page:
    found = await ask(VALUE, identity)
    page = Page(found, identity)
    if worth := found.result("clv_summary"):
        page.lead = value_lead(worth, found.result("next_purchase"), DUE_DAYS)
    for tool in ("clv_summary", "next_purchase"):
        page.charts(*found.charts(tool))
        page.tables(*found.tables(tool))
    return page


async def show_segments(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """The editor and the saved segments; then everybody by segment, the rest folded."""
    async with opened_page("Segments", "Counting everybody by segment") as opened:
        page = await _segments_page(identity)
        await page.show(opened, AFTER_SEGMENTS, is_demo=is_demo)


async def _segments_page(identity: Identity) -> Page:
    found = await ask(SEGMENTS, identity)
    listed, drift = found.result("list_segments"), found.result("segment_drift")
    page = Page(found, identity)
    page.elements.append(await editor_element(identity))
    if saved := listed.saved[:SAVED] if listed else []:
        counted = [await _outcome("count_segment", {"rule": one.rule}, identity) for one in saved]
        page.tables(saved_table(saved, [outcome.result for outcome in counted]))
        found.evidence += [_evidence(outcome) for outcome in counted]
    if listed and listed.rfm:
        page.lead = segments_lead(listed)
        page.charts(*found.charts("list_segments")[:1])
    others = [table for table in found.tables("list_segments") if table.title != "Saved segments"]
    first = 1 if listed and listed.rfm else 0
    page.tables(*(badged(table, drift) for table in others[:first]))
    for table in (*others[first:], *found.tables("segment_drift")):
        title, about = PLAIN.get(table.title, (table.title, ""))
        page.tables(table.model_copy(update={"title": title}), folded=True, about=about)
    return page


@dataclass(slots=True)
class Page:
    """What is put on one page, from top to bottom; `lead`: what it comes to, under the title."""

    found: Found
    identity: Identity
    lead: str = ""
    elements: list[Element] = field(default_factory=list)

    def charts(self, *charts: Chart, ring: bool = False) -> None:
        """Draw them next; as rings where they are parts of a whole."""
        self.elements += [ring_element(chart) if ring else figure_element(chart) for chart in charts]

    def tables(self, *tables: Table, folded: bool = False, about: str = "") -> None:
        """Put them next; `folded`: their titles, with what they are `about`, until they are opened."""
        may_propose = PROPOSE in self.identity.scopes
        self.elements += [
            table_element(table, buttons_of(table, may_propose=may_propose), folded=folded, about=about)
            for table in tables
        ]

    async def show(self, opened: Opened, after: Sequence[str], *, is_demo: bool) -> None:
        """Show it all; `after`: what could be asked next."""
        notes = notes_element(self.found.evidence, is_demo=is_demo, suggestions=after)
        words = [part for part in (self.lead, *self.found.missing) if part]
        await opened.show("\n\n".join(words), [*self.elements, notes])


async def ask(calls: Calls, identity: Identity) -> Found:
    """The results of `calls`, in turn; what one cannot tell is noted in its words."""
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
