"""Which charts, tables and proposals go with an answer: decided by the shape of the results, never by a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from agent.events import Chart, Column, ProposalMade, Series, Table
from agent.segment_views import SEGMENT_VIEWS, grouping_views
from agent.state import Finding
from agent.titles import title_of, word_of

__all__ = ["shown"]

_BARS = 15  # more bars than that are a table
_SERIES = 8
_LIST_COLUMNS = {
    "churn_table": ("rows", "Customers by value at risk"),
    "clv_summary": ("top_customers", "Most valuable customers over the next 12 months"),
    "next_purchase": ("rows", "Expected next purchases"),
}
_UNITS = {
    "probability": "share", "share": "share", "p_alive": "share", "clv_12m": "money", "value_at_risk": "money",
    "clv_12m_low": "money", "clv_12m_high": "money", "revenue_all": "money", "average_clv_12m": "money",
    "average_churn_60": "share", "revenue": "money", "revenue_365d": "money", "average_probability": "share",
    "uplift": "share",
    "order_value": "money", "cost": "money", "gain": "money", "extra_revenue": "money", "trend": "share",
}  # fmt: skip


def shown(findings: Sequence[Finding]) -> list[Chart | Table | ProposalMade]:
    """Everything to show for these findings, in their order."""
    out: list[Chart | Table | ProposalMade] = []
    for finding in findings:
        if finding["result"] is not None:
            out += _VIEWS.get(finding["tool"], _nothing)(finding["tool"], finding["result"])
    return out


def _nothing(_tool: str, _result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    return iter(())


def _metrics(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    columns, rows = result["columns"], result["rows"]
    if len(rows) < 2:
        return
    kinds = [c["unit"] for c in columns]
    labels = [at for at, unit in enumerate(kinds) if unit in ("date", "text")]
    numbers = [at for at in range(len(columns)) if at not in labels]
    title = f"{title_of(columns[numbers[0]]['name'])} by {' and '.join(word_of(columns[i]['name']) for i in labels)}"
    currency = result.get("currency", "")
    if columns[0]["name"] == "time":
        yield _line_chart(tool, title, columns, rows, labels, numbers, currency)
    elif len(labels) == 1 and len(rows) <= _BARS:
        first = numbers[0]
        yield Chart(
            shape="bar", title=title, x=[str(r[labels[0]]) for r in rows], x_title=title_of(columns[labels[0]]["name"]),
            y_title=title_of(columns[first]["name"]), unit=_unit(kinds[first], currency), tool=tool,
            series=[Series(name=title_of(columns[first]["name"]), values=[_number(r[first]) for r in rows])],
        )  # fmt: skip
    yield Table(
        title=title, columns=[_column(c["name"], _unit(c["unit"], currency)) for c in columns], rows=rows,
        total_rows=result["total_rows"], tool=tool,
    )  # fmt: skip


def _line_chart(
    tool: str,
    title: str,
    columns: Sequence[Mapping[str, str]],
    rows: Sequence[Sequence[Any]],
    labels: Sequence[int],
    numbers: Sequence[int],
    currency: str,
) -> Chart:
    times = list(dict.fromkeys(str(row[0]) for row in rows))
    first = numbers[0]
    lines: dict[str, dict[str, float | None]] = {}
    for row in rows:
        if len(labels) > 1:
            lines.setdefault(" / ".join(str(row[i]) for i in labels[1:]), {})[str(row[0])] = _number(row[first])
        else:
            # Metrics of other units would flatten each other on one axis: they stay in the table.
            for at in (i for i in numbers if columns[i]["unit"] == columns[first]["unit"]):
                lines.setdefault(title_of(columns[at]["name"]), {})[str(row[0])] = _number(row[at])
    series = [Series(name=name, values=[line.get(t) for t in times]) for name, line in list(lines.items())[:_SERIES]]
    return Chart(
        shape="line", title=title, x=times, x_title="Time", y_title=title_of(columns[first]["name"]),
        series=series, unit=_unit(columns[first]["unit"], currency), tool=tool,
    )  # fmt: skip


def _cohorts(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    cohorts = result["cohorts"]
    if len(cohorts) < 2:
        return
    months = sorted({m for c in cohorts for m in c["months_after"]})
    if len(months) > 1:
        series = []
        for cohort in cohorts:
            share = dict(zip(cohort["months_after"], cohort["share"], strict=True))
            series.append(Series(name=cohort["cohort"], values=[share.get(m) for m in months]))
        yield Chart(
            shape="heatmap", title="Customers who came back, by month of first order", x=[str(m) for m in months],
            x_title="Months after the first order", y_title="First order in", series=series, unit="share", tool=tool,
        )  # fmt: skip
    rows = [[c["cohort"], c["size"], *_padded(c["active"], len(months))] for c in cohorts]
    columns = [_column("cohort"), _column("size", "customers"), *(_column(f"month {m}", "customers") for m in months)]
    yield Table(title="Active customers by cohort", columns=columns, rows=rows, total_rows=len(rows), tool=tool)


def _customers(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    if result["rows"]:
        currency = result.get("currency", "")
        yield Table(
            title="Customers", columns=[_column(c["name"], _unit(c["unit"], currency)) for c in result["columns"]],
            rows=result["rows"], total_rows=result["total"], tool=tool,
        )  # fmt: skip


def _records(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    key, title = _LIST_COLUMNS[tool]
    records = result[key]
    if records:
        total = int(result.get("total") or result.get("count") or len(records))
        yield _record_table(tool, title, records, total, result.get("currency", ""))


def _risk(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    groups = result["by_risk"]
    if groups:
        yield Chart(
            shape="bar", title=f"Active customers by risk to leave within {result['horizon_days']} days",
            x=[g["risk"] for g in groups], x_title="Risk", y_title="Customers", unit="customers", tool=tool,
            series=[Series(name="Customers", values=[_number(g["customers"]) for g in groups])],
        )  # fmt: skip


def _profile(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    curve = result["survival"]
    if curve:
        yield Chart(
            shape="line", title=f"Probability that {result['customer_id']} is still a customer",
            x=["0", *(f"{point['days']:g}" for point in curve)], x_title="Days from now", y_title="Probability",
            series=[Series(name="Still a customer", values=[1.0, *(_number(point["probability"]) for point in curve)])],
            unit="share", tool=tool,
        )  # fmt: skip


def _survival(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    curves = result["curves"]
    yield Chart(
        shape="line", title=f"Share still a customer, by {word_of(result['by'])}", tool=tool, unit="share",
        x=["0", *(f"{point['days']:g}" for point in curves[0]["points"])], x_title="Days from now",
        y_title="Still a customer",
        series=[
            Series(name=c["name"] or "Everybody", values=[1.0, *(_number(p["probability"]) for p in c["points"])])
            for c in curves[:_SERIES]
        ],
    )  # fmt: skip


def _months(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    months, currency = result["months"], result.get("currency", "")
    if len(months) > 1:
        yield Chart(
            shape="line", title=f"Revenue of customer {result['customer']} by month", tool=tool, unit=currency,
            x=[month["month"] for month in months], x_title="Month", y_title="Revenue",
            series=[Series(name="Revenue", values=[_number(month["revenue"]) for month in months])],
        )  # fmt: skip
    if result["entries"]:
        title = f"Latest of customer {result['customer']}"
        yield _record_table(tool, title, result["entries"], len(result["entries"]), currency)


def _headlines(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    first, currency = result["headlines"][0], result.get("currency", "")
    if any(value is not None for value in first["weeks"]):
        yield Chart(
            shape="line", title=f"{title_of(first['metric'])} by week", tool=tool, unit=_unit(first["unit"], currency),
            x=result["weeks"], x_title="Week from", y_title=title_of(first["metric"]),
            series=[Series(name=title_of(first["metric"]), values=[_number(value) for value in first["weeks"]])],
        )  # fmt: skip


def _report(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    report = result["report"]
    wanted = (report["champion"], 60)
    judged = report["backtest"].get("calibration") or []
    groups = [group for group in judged if (group["candidate"], group["horizon_days"]) == wanted]
    if groups:
        yield Chart(
            shape="bar", title="Left within 60 days: foretold and seen", tool=tool, unit="share",
            x=[f"{g['customers']:,.0f} customers" for g in groups], x_title="Groups by foretold risk",
            y_title="Left, on the later window",
            series=[
                Series(name=name, values=[_number(g[field]) for g in groups])
                for name, field in (("Foretold", "predicted"), ("Seen", "observed"))
            ],
        )  # fmt: skip
    if records := [_without_nothing(candidate) for candidate in report["candidates"]]:
        title = f"Candidates of the {report['model']} model on the later window"
        known = dict.fromkeys(name for record in records for name in record)
        filled = [{name: record.get(name) for name in known} for record in records]
        yield _record_table(tool, title, filled, len(filled), "")


def _without_nothing(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value is not None}


def _at_risk(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    rows, currency = result["rows"], result.get("currency", "")
    title = f"Value at risk within {result['horizon_days']} days by {word_of(result['by'])}"
    if len(rows) > 1:
        yield _bars(tool, title, rows[:_BARS], "name", "value_at_risk", title_of(result["by"]), currency)
    if rows:
        records = [{name: value for name, value in row.items() if name != "rule"} for row in rows]
        yield _record_table(tool, title, records, result["groups"], currency)


def _interventions(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    currency = result.get("currency", "")
    if "choices" in result:
        if result["choices"]:
            fields = ("rank", "title", "offer", "basis", "uplift", "cost", "gain", "suits")
            records = [{name: choice[name] for name in fields} for choice in result["choices"]]
            title = f"Interventions for customer {result['customer']}"
            yield _record_table(tool, title, records, len(records), currency)
        return
    totals = [{**total, "kind": f"{total['title']} ({total['basis']})"} for total in result["interventions"]]
    if len(totals) > 1:
        yield _bars(tool, "Customers by first choice", totals, "kind", "customers", "Intervention", "customers")
    if result["rows"]:
        title = "First choice by customer"
        yield _record_table(tool, title, result["rows"], result["customers"], currency)


def _effects(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    measured = [(c, lift) for c in result["campaigns"] for lift in c["lifts"] if lift["outcome"] == "bought"]
    if measured:
        arms = (("Treated", "treated_mean"), ("Control group", "control_mean"))
        yield Chart(
            shape="bar", title=f"Share that bought within {result['window_days']} days", tool=tool, unit="share",
            x=[c["name"] for c, _ in measured], x_title="Campaign", y_title="Bought",
            series=[Series(name=n, values=[_number(lift[field]) for _, lift in measured]) for n, field in arms],
        )  # fmt: skip
    fields = ("name", "verdict", "treated", "control", "extra_buyers", "extra_revenue", "started_at")
    records = [{name: c[name] for name in fields} for c in result["campaigns"]]
    if records:
        title = "Campaigns with a control group"
        yield _record_table(tool, title, records, len(records), result.get("currency", ""))


def _next_items(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    for kind in ("products", "categories"):
        if records := result[kind]:
            yield _record_table(tool, f"Next {kind}", records, len(records), "")


def _alike(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    if result["rows"] and "columns" in result:
        columns = [_column(c["name"], _unit(c["unit"], result.get("currency", ""))) for c in result["columns"]]
        rows, total = result["rows"], max(int(result["lookalikes"]), len(result["rows"]))
        yield Table(title="Customers alike", columns=columns, rows=rows, total_rows=total, tool=tool)
    elif result["rows"]:
        title = f"Customers like {result['customer']}"
        yield _record_table(tool, title, result["rows"], len(result["rows"]), "")


def _bars(
    tool: str, title: str, records: Sequence[Mapping[str, Any]], x: str, y: str, x_title: str, unit: str
) -> Chart:
    return Chart(
        shape="bar", title=title, x=[str(r[x]) for r in records], x_title=x_title, y_title=title_of(y), unit=unit,
        series=[Series(name=title_of(y), values=[_number(r[y]) for r in records])], tool=tool,
    )  # fmt: skip


def _segments(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    segments = result["rfm"]
    currency = result.get("currency", "")
    if segments:
        yield Chart(
            shape="bar", title="Customers by RFM segment", x=[s["name"] for s in segments], x_title="Segment",
            y_title="Customers", unit="customers", tool=tool,
            series=[Series(name="Customers", values=[_number(s["size"]["customers"]) for s in segments])],
        )  # fmt: skip
        fields = ("customers", "share", "revenue_all", "average_clv_12m", "average_churn_60")
        flat = [
            {"segment": s["name"], **{f: s["size"][f] for f in fields}, "strategy": s["strategy"]} for s in segments
        ]
        yield _record_table(tool, "RFM segments", flat, len(flat), currency)
    if result["saved"]:
        flat = [{"name": s["name"], "customers": s["size"], "description": s["description"]} for s in result["saved"]]
        yield _record_table(tool, "Saved segments", flat, len(flat), currency)
    yield from grouping_views(tool, result)


def _features(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    records = [*result["features"], *result["other_fields"]]
    if records:
        yield _record_table(tool, "Customer features and fields", records, len(records), "")


def _proposal(_tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    yield ProposalMade(proposal=dict(result["proposal"]))


def _proposals(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    flat = [
        {
            "title": p["title"], "status": p["status"], "to_send": p["audience"]["to_send"],
            "created_by": p["created_by"], "created_at": p["created_at"], "id": p["id"],
        }
        for p in result["proposals"]
    ]  # fmt: skip
    if flat:
        yield _record_table(tool, "Proposals", flat, result["total"], "")


def _mail(tool: str, result: Mapping[str, Any]) -> Iterator[Chart | Table | ProposalMade]:
    flat = [{k: m[k] for k in ("recipient", "subject", "delivered_at")} for m in result["messages"]]
    if flat:
        yield _record_table(tool, "Sandbox mailbox", flat, result["total"], "")


def _record_table(tool: str, title: str, records: Sequence[Mapping[str, Any]], total: int, currency: str) -> Table:
    names = list(records[0])
    rows = [[_cell(record[name]) for name in names] for record in records]
    columns = [_column(name, _unit(_UNITS.get(name, ""), currency)) for name in names]
    return Table(title=title, columns=columns, rows=rows, total_rows=total, tool=tool)


_VIEWS: Mapping[str, Callable[[str, Mapping[str, Any]], Iterator[Chart | Table | ProposalMade]]] = {
    "query_metrics": _metrics,
    "cohort_retention": _cohorts,
    "find_customers": _customers,
    "churn_summary": _risk,
    "customer_profile": _profile,
    "churn_table": _records,
    "clv_summary": _records,
    "next_purchase": _records,
    "model_report": _report,
    "survival_curves": _survival,
    "customer_history": _months,
    "headlines": _headlines,
    "at_risk_segments": _at_risk,
    "recommend_interventions": _interventions,
    "customer_interventions": _interventions,
    "experiment_effect": _effects,
    "next_best_product": _next_items,
    "similar_customers": _alike,
    "lookalike_segment": _alike,
    "list_segments": _segments,
    "feature_dictionary": _features,
    "propose_campaign": _proposal,
    "revise_proposal": _proposal,
    "list_proposals": _proposals,
    "mailbox": _mail,
    **SEGMENT_VIEWS,
}


def _column(name: str, unit: str = "") -> Column:
    return Column(name=name, title=title_of(name), unit=unit)


def _unit(unit: str, currency: str) -> str:
    return currency if unit == "money" and currency else unit


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _cell(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, list) else value


def _padded(values: Sequence[int], length: int) -> list[int | None]:
    return [*values, *[None] * (length - len(values))]
