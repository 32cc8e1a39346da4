"""Tables of the pages: results of tools as rows, and the buttons that go with a row."""

from __future__ import annotations

from collections.abc import Sequence

from chat.showing import RowButton
from tools.churn.outlook import ChurnSummary
from tools.figures import Column
from tools.models.report import ModelInfo
from tools.segments.count import CountSegment
from tools.segments.drift import SegmentDrift
from tools.segments.saved import SavedSegment
from tools.views import Table, labelled, records

__all__ = ["badged", "buttons_of", "calibration_table", "risk_table", "saved_table"]

CAMPAIGN = "Write a win-back email to the {} customers"
PLAYBOOK = "What is the playbook for the segment '{}'?"
PROFILE = "/customer {}"
SIZES = ("customers", "share", "revenue_all", "average_clv_12m", "average_churn_90")


def risk_table(summary: ChurnSummary) -> Table:
    """Risk levels of churn_summary."""
    title = f"Risk levels, to leave within {summary.horizon_days} days"
    return labelled(records(summary.by_risk, title=title), "churn_summary", summary.currency)


def calibration_table(run: ModelInfo, days: int) -> Table | None:
    """How many left of groups by predicted risk, beside what was predicted; None where that was not tried."""
    judged = run.backtest.get("calibration") or []
    groups = [group for group in judged if (group["candidate"], group["horizon_days"]) == (run.champion, days)]
    if not groups:
        return None
    return Table(
        title=f"How good this prediction was: leaving within {days} days, predicted and seen",
        columns=[
            Column(name="customers", title="Customers", unit="customers"),
            Column(name="predicted", title="Predicted to leave", unit="share"),
            Column(name="observed", title="Left", unit="share"),
        ],
        rows=[[round(group["customers"]), group["predicted"], group["observed"]] for group in groups],
        total_rows=len(groups),
        tool="model_report",
    )


def saved_table(saved: Sequence[SavedSegment], counted: Sequence[CountSegment]) -> Table:
    """Saved segments with what count_segment says of each, in the same order."""
    sizes = records([count.segment for count in counted], title="", columns=SIZES)
    names, purposes = (records(saved, title="Saved segments", columns=(field,)) for field in ("name", "description"))
    parts = (names, sizes, purposes)
    whole = {
        "columns": [column for part in parts for column in part.columns],
        "rows": [[cell for row in rows for cell in row] for rows in zip(*(part.rows for part in parts), strict=True)],
    }
    return labelled(names.model_copy(update=whole), "count_segment", counted[0].currency)


def buttons_of(table: Table, *, may_propose: bool) -> list[RowButton]:
    """What can be done with a row: open the customer; have an email to the segment drafted, read its playbook."""
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


def badged(table: Table, drift: SegmentDrift | None) -> Table:
    """The RFM segments with the badge of segment_drift after the name and the reason at the end."""
    changes = {row.segment: row for row in (drift.segments if drift else ()) if row.kind == "rfm"}
    if not changes or table.columns[0].name != "segment":
        return table
    columns = [table.columns[0], Column(name="drift", title="Drift"), *table.columns[1:]]
    rows = []
    for name, *rest in table.rows:
        change = changes.get(str(name))
        rows.append([name, change and change.badge, *rest, change and change.reason])
    return table.model_copy(update={"columns": [*columns, Column(name="reason", title="Drift because")], "rows": rows})
