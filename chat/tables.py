"""Tables of the pages: results of tools as rows, and the buttons that go with a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent.events import Column, Table
from chat.showing import RowButton

__all__ = ["badged", "buttons_of", "risk_table", "saved_table"]

CAMPAIGN = "Write a win-back e-mail to the {} customers"
PLAYBOOK = "What is the playbook for the segment '{}'?"
PROFILE = "/customer {}"
RISKS = {
    "risk": ("Risk", ""),
    "customers": ("Customers", "customers"),
    "expected_leavers": ("Expected leavers", "customers"),
    "clv_12m": ("12-month value", "money"),
    "value_at_risk": ("Value at risk", "money"),
}
SAVED = {
    "name": ("Segment", ""),
    "customers": ("Customers", "customers"),
    "share": ("Share", "share"),
    "revenue_all": ("Revenue", "money"),
    "average_clv_12m": ("Average 12-month value", "money"),
    "average_churn_60": ("Leave in 60 days", "share"),
    "description": ("What it is for", ""),
}


def risk_table(summary: Mapping[str, Any]) -> Table:
    """Risk levels of churn_summary."""
    title = f"Risk levels, to leave within {summary['horizon_days']} days"
    return _table("churn_summary", title, RISKS, summary["by_risk"], summary["currency"])


def saved_table(saved: Sequence[Mapping[str, Any]], counted: Sequence[Mapping[str, Any]]) -> Table:
    """Saved segments with what count_segment says of each, in the same order."""
    records = [
        {"name": one["name"], "description": one["description"], **count["segment"]}
        for one, count in zip(saved, counted, strict=True)
    ]
    return _table("count_segment", "Saved segments", SAVED, records, counted[0]["currency"])


def buttons_of(table: Table, *, may_propose: bool) -> list[RowButton]:
    """What can be done with a row: open the customer; have an e-mail to the segment drafted, read its playbook."""
    column = table.columns[0].name
    match table.tool, column:
        case ("list_segments", "group"):  # their names are words of features: a request to write to them is misread
            return [RowButton("Playbook", column, PLAYBOOK)]
        case ("at_risk_segments", "name") | ("list_segments", "segment"):
            playbook = RowButton("Playbook", column, PLAYBOOK)
            return [RowButton("Campaign", column, CAMPAIGN), playbook] if may_propose else [playbook]
        case _, "customer" | "customer_id":
            return [RowButton("Open", column, PROFILE)]
    return []


def badged(table: Table, drift: Mapping[str, Any] | None) -> Table:
    """The RFM segments with the badge of segment_drift after the name and the reason at the end."""
    changes = {row["segment"]: row for row in (drift or {}).get("segments", ()) if row["kind"] == "rfm"}
    if not changes or table.columns[0].name != "segment":
        return table
    columns = [table.columns[0], Column(name="drift", title="Drift"), *table.columns[1:]]
    rows = []
    for name, *rest in table.rows:
        change = changes.get(str(name), {})
        rows.append([name, change.get("badge"), *rest, change.get("reason")])
    return table.model_copy(update={"columns": [*columns, Column(name="reason", title="Drift because")], "rows": rows})


def _table(
    tool: str,
    title: str,
    fields: Mapping[str, tuple[str, str]],
    records: Sequence[Mapping[str, Any]],
    currency: str,
) -> Table:
    columns = [
        Column(name=name, title=heading, unit=currency if unit == "money" else unit)
        for name, (heading, unit) in fields.items()
    ]
    rows = [[record[name] for name in fields] for record in records]
    return Table(title=title, columns=columns, rows=rows, total_rows=len(rows), tool=tool)
