"""Charts and tables of groups of customers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from agent.events import Chart, Column, ProposalMade, Series, Table
from agent.titles import title_of

__all__ = ["SEGMENT_VIEWS", "grouping_views"]

View = Iterator[Chart | Table | ProposalMade]
_TITLES = {"cluster": "Clusters", "discovered": "Discovered groups", "behaviour": "Behaviours"}
_UNITS = {
    "customers": "customers", "size_before": "customers", "size_now": "customers", "entered": "customers",
    "departed": "customers", "first_size": "customers", "second_size": "customers", "both": "customers",
    "share": "share", "average_churn_60": "share", "share_of_first": "share", "share_of_second": "share",
    "revenue_all": "money", "average_value": "money", "average_clv_12m": "money", "clv_12m": "money",
    "monetary_value": "money",
}  # fmt: skip


def grouping_views(tool: str, result: Mapping[str, Any]) -> View:
    """Each grouping of list_segments: sizes as bars, and a table with value, churn, traits and strategy."""
    currency = result.get("currency", "")
    for grouping in result.get("groupings", ()):
        groups = [group for group in grouping["groups"] if group["size"]["customers"]]
        if not groups:
            continue
        title = _TITLES[grouping["kind"]]
        yield _sizes(tool, f"Customers by {title.lower()}", [(g["name"], g["size"]["customers"]) for g in groups])
        yield _table(tool, title, [_row(group) for group in groups], len(groups), currency)


def _row(group: Mapping[str, Any]) -> dict[str, Any]:
    fields = ("customers", "share", "average_value", "average_clv_12m", "average_churn_60", "average_health")
    return {
        "group": group["name"].replace("_", " "),
        **{name: group["size"][name] for name in fields},
        "badge": group["badge"],
        "what_sets_them_apart": "; ".join(t["words"] for t in group["traits"]) or group["description"],
        "strategy": group["strategy"],
    }


def _clusters(tool: str, result: Mapping[str, Any]) -> View:
    rows = [
        {
            **{name: c[name] for name in ("name", "customers", "share", "value_level", "average_value")},
            "what_sets_them_apart": "; ".join(t["words"] for t in c["traits"]),
            "strategy": c["strategy"],
        }
        for c in result["clusters"]
    ]
    yield _sizes(tool, "Customers by group", [(c["name"], c["customers"]) for c in result["clusters"]])
    yield _table(tool, "Groups", rows, len(rows), result.get("currency", ""))


def _detail(tool: str, result: Mapping[str, Any]) -> View:
    traits = result["segment"]["traits"]
    name = result["segment"]["name"].replace("_", " ")
    if traits:
        rows = [
            {"feature": title_of(t["feature"]), "inside": t["inside"], "outside": t["outside"], "in_words": t["words"]}
            for t in traits
        ]
        yield _table(tool, f"What sets {name} apart", rows, len(rows), "")
    if result["movement"] and result["movement"]["features"]:
        rows = [
            {n: title_of(v) if n == "feature" else v for n, v in f.items() if n != "own_psi"}
            for f in result["movement"]["features"]
        ]
        yield _table(tool, f"How {name} changed", rows, len(rows), "")


def _overlap(tool: str, result: Mapping[str, Any]) -> View:
    pairs = result["pairs"]
    names = list(dict.fromkeys(name for p in pairs for name in (p["first"], p["second"])))
    if len(pairs) > 2 and len(pairs) == len(names) * (len(names) - 1) // 2:
        both = {frozenset((p["first"], p["second"])): p["jaccard"] for p in pairs}
        rows = [Series(name=n, values=[None if n == m else both[frozenset((n, m))] for m in names]) for n in names]
        yield Chart(
            shape="heatmap", title="Overlap of segments", x=names, x_title="Segment", y_title="Segment", series=rows,
            unit="share", tool=tool,
        )  # fmt: skip
    if pairs:
        yield _table(tool, "Overlap of segments", pairs, len(pairs), "")


def _map(tool: str, result: Mapping[str, Any]) -> View:
    """One series a segment: the places of its customers."""
    places: dict[str, tuple[list[str], list[float | None], list[float | None]]] = {
        group["name"]: ([], [], []) for group in result["groups"]
    }
    for point in result["coordinates"]:
        names, across, up = places[point["segment"]]
        names.append(point["customer"])
        across.append(point["x"])
        up.append(point["y"])
    yield Chart(
        shape="scatter", title="Map of customers", x=[], x_title="", y_title="", unit="", tool=tool,
        series=[
            Series(name=name.replace("_", " "), values=up, across=across, labels=names)
            for name, (names, across, up) in places.items()
        ],
    )  # fmt: skip


def _drift(tool: str, result: Mapping[str, Any]) -> View:
    currency = result.get("currency", "")
    changed = [row for row in result["segments"] if row["badge"] not in (None, "stable")]
    fields = ("segment", "kind", "badge", "size_before", "size_now", "entered", "departed", "reason")
    if rows := [{name: row[name] for name in fields} for row in changed or result["segments"]]:
        yield _table(tool, "How segments change", rows, len(rows), currency)
    if result["customers"]:
        yield _table(tool, "Customers who moved", result["customers"], result["moved"], currency)
    elif result["transitions"]:
        yield _table(tool, "From where to where", result["transitions"], len(result["transitions"]), currency)


def _export(tool: str, result: Mapping[str, Any]) -> View:
    import csv
    import io

    head, *rows = list(csv.reader(io.StringIO(result["csv"])))
    if rows:
        columns = [_column(name, "") for name in head]
        cells: list[list[Any]] = [list(row) for row in rows]
        yield Table(title=result["file_name"], columns=columns, rows=cells, total_rows=result["total"], tool=tool)


def _sizes(tool: str, title: str, sizes: Sequence[tuple[str, int]]) -> Chart:
    return Chart(
        shape="bar", title=title, x=[name.replace("_", " ") for name, _ in sizes], x_title="Group",
        y_title="Customers", unit="customers", tool=tool,
        series=[Series(name="Customers", values=[float(count) for _, count in sizes])],
    )  # fmt: skip


def _table(tool: str, title: str, records: Sequence[Mapping[str, Any]], total: int, currency: str) -> Table:
    names = list(records[0])
    rows = [[record[name] for name in names] for record in records]
    return Table(
        title=title, columns=[_column(name, currency) for name in names], rows=rows, total_rows=total, tool=tool
    )


def _column(name: str, currency: str) -> Column:
    unit = _UNITS.get(name, "")
    return Column(
        name=name, title=name.replace("_", " ").capitalize(), unit=(currency or unit) if unit == "money" else unit
    )


SEGMENT_VIEWS: Final[Mapping[str, Callable[[str, Mapping[str, Any]], View]]] = {
    "cluster_customers": _clusters,
    "segment_detail": _detail,
    "segment_overlap": _overlap,
    "segment_map": _map,
    "segment_drift": _drift,
    "export_segment": _export,
}
