"""Words for figures: metrics, cohorts, and what data there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent.offline.writing.told import Told, amount, bullets, day, last_day, many, percent, period, title

__all__ = ["cohort_retention", "compared", "describe_data", "query_metrics"]

_SHOWN = 5
_SUMS = {"revenue", "gross_sales", "refunds", "discounts", "spend", "channel_revenue"}


def query_metrics(told: Told) -> str:
    """A single figure, a ranking, or a series."""
    columns, rows = told.result["columns"], told.result["rows"]
    if not rows:
        return f"There is nothing to show {_when(told)}{_where(told)}."
    labels = [at for at, column in enumerate(columns) if column["unit"] in ("date", "text")]
    if not labels:
        return _single(told, columns, rows[0])
    if labels == [0] and columns[0]["name"] == "time" and len(rows) == 1 and not told.arguments.get("order_by"):
        return _single(told, columns[1:], rows[0][1:])
    if columns[0]["name"] == "time" and len(rows) > 1:
        return _series(told, columns, rows, labels)
    return _ranking(told, columns, rows, labels)


def _single(told: Told, columns: Sequence[Mapping[str, Any]], row: Sequence[Any]) -> str:
    sentences = []
    for column, value in zip(columns, row, strict=True):
        name = title(column["name"])
        shown = amount(value, column["unit"], told.currency, cents=True)
        if value is None:
            sentences.append(
                f"{_capital(name)}{_where(told)} is undefined {_when(told)}: there was nothing to divide by."
            )
        elif column["unit"] in ("money", "share", "ratio"):
            of = "of " if column["name"] in _SUMS else ""
            sentences.append(f"**{shown}** {of}{name}{_where(told)} {_when(told)}.")
        else:
            sentences.append(f"**{shown} {name}**{_where(told)} {_when(told)}.")
    meaning = [d for c in columns if (d := told.definition(c["name"]))]
    return " ".join(sentences) + ("" if len(columns) > 3 else f" {' '.join(meaning)}".rstrip()) + _partly(told)


def compared(tolds: Sequence[Told]) -> str:
    """Which of several periods is higher, for each metric; no difference is computed: no tool gave one."""
    single = [told for told in tolds if len(told.result.get("rows", ())) == 1]
    names = [[column["name"] for column in told.result["columns"]] for told in single]
    if len(single) < 2 or len(single) != len(tolds) or any(own != names[0] for own in names):
        return ""
    if any(column["unit"] in ("date", "text") for column in single[0].result["columns"]):
        return ""
    sentences = []
    for at, name in enumerate(names[0]):
        known = [(told.result["rows"][0][at], told) for told in single if told.result["rows"][0][at] is not None]
        if len(known) == len(single):
            sentences.append(_higher(title(name), known))
    return " ".join(sentences)


def _higher(name: str, known: list[tuple[Any, Told]]) -> str:
    best = max(value for value, _ in known)
    highest = [f"{_when(told)}{_where(told)}" for value, told in known if value == best]
    if len(highest) == len(known):
        return f"{_capital(name)} was the same in each."
    degree = "higher" if len(known) == 2 else "highest"
    return f"**{_capital(name)} was {degree} {' and '.join(highest)}.**"


def _ranking(
    told: Told, columns: Sequence[Mapping[str, Any]], rows: Sequence[Sequence[Any]], labels: Sequence[int]
) -> str:
    first = next(at for at in range(len(columns)) if at not in labels)
    name, unit = title(columns[first]["name"]), columns[first]["unit"]
    ascending = told.arguments.get("descending") is False
    best = rows[0]
    kind = " and ".join(title(columns[at]["name"]) for at in labels)
    head = (
        f"**{_label(best, columns, labels)}** has the {_superlative(unit, ascending)} {name}{_where(told)} "
        f"{_when(told)}: **{amount(best[first], unit, told.currency, cents=True)}**."
    )
    if len(rows) == 1:
        return head + _meaning(told, columns[first]["name"])
    lines = [f"{_label(r, columns, labels)}: {_values(r, columns, labels, told)}" for r in rows[:_SHOWN]]
    count = told.result.get("total_rows", len(rows))
    more = f"\n\n{many(count)} rows by {kind} in all." if count > len(lines) else ""
    aside = told.said("Left out of rankings")
    aside = f"\n\n{aside.strip()}" if aside else ""
    return f"{head}{_meaning(told, columns[first]['name'])}\n\n{bullets(lines)}{more}{aside}{_partly(told)}"


def _superlative(unit: str, ascending: bool) -> str:
    if unit in ("money", "share", "ratio"):
        return "lowest" if ascending else "highest"
    return "fewest" if ascending else "most"


def _series(
    told: Told, columns: Sequence[Mapping[str, Any]], rows: Sequence[Sequence[Any]], labels: Sequence[int]
) -> str:
    first = next(at for at in range(len(columns)) if at not in labels)
    name, unit = title(columns[first]["name"]), columns[first]["unit"]
    known = [row for row in rows if row[first] is not None]
    total = told.result.get("totals", {}).get(columns[first]["name"])
    if not known:
        return f"{_capital(name)} is undefined in every period shown."
    high, low = max(known, key=lambda row: row[first]), min(known, key=lambda row: row[first])
    head = ""
    if total is not None:
        over = "over the whole period" if unit in ("share", "ratio") or "average" in name else "in all"
        of = "of " if columns[first]["name"] in _SUMS else ""
        head = f"**{amount(total, unit, told.currency, cents=True)}** {of}{name}{_where(told)} {_when(told)} {over}. "
    grain = told.arguments.get("grain", "month")
    head += (
        f"Highest: {_label(high, columns, labels, grain)} with {amount(high[first], unit, told.currency, cents=True)}; "
        f"lowest: {_label(low, columns, labels, grain)} with {amount(low[first], unit, told.currency, cents=True)}."
    )
    shown_rows = rows[-(_SERIES_SHOWN if len(told.tools) == 1 else 3) :]
    lines = [f"{_label(r, columns, labels, grain)}: {_values(r, columns, labels, told)}" for r in shown_rows]
    shown = f" The last {grain}s:" if len(rows) > len(lines) else ""
    return f"{head}{shown}\n\n{bullets(lines)}{_partly(told)}{_causes(told)}"


_SERIES_SHOWN = 13


def _causes(told: Told) -> str:
    if not told.asks(r"^\W*(?:and |but )?(?:why|how come|what happened|explain)"):
        return ""
    return (
        "\n\nThis is what moved together. The data alone do not say why: that takes an experiment with a control group."
    )


def _label(row: Sequence[Any], columns: Sequence[Mapping[str, Any]], labels: Sequence[int], grain: str = "") -> str:
    return " / ".join(_cell(row[at], columns[at]["name"], grain) for at in labels)


def _cell(value: Any, name: str, grain: str) -> str:
    if name == "time":
        return _bucket(value, grain)
    return f"hour {value}" if name == "hour" else str(value or "not known")


def _bucket(value: Any, grain: str) -> str:
    words = day(value).split()
    if grain == "year":
        return words[2]
    if grain == "quarter":
        return f"quarter from {day(value)}"
    if grain == "week":
        return f"week of {day(value)}"
    return day(value) if grain == "day" else " ".join(words[1:])


def _values(row: Sequence[Any], columns: Sequence[Mapping[str, Any]], labels: Sequence[int], told: Told) -> str:
    numbers = [at for at in range(len(columns)) if at not in labels]
    if len(numbers) == 1:
        at = numbers[0]
        return amount(row[at], columns[at]["unit"], told.currency, cents=True)
    return ", ".join(
        f"{title(columns[at]['name'])} {amount(row[at], columns[at]['unit'], told.currency)}" for at in numbers
    )


def _when(told: Told) -> str:
    return period(told.result["start"], told.result["end"])


def _where(told: Told) -> str:
    said = {"eq": "", "in": "", "ne": "outside ", "not_in": "outside ", "contains": "containing "}
    parts = []
    for item in told.arguments.get("filters") or []:
        values = item["value"] if isinstance(item["value"], list) else [item["value"]]
        parts.append(f"{said[item.get('operator', 'eq')]}{' and '.join(values)}")
    return f" ({', '.join(parts)})" if parts else ""


def _meaning(told: Told, name: str) -> str:
    meaning = told.definition(name)
    return f" {meaning}" if meaning else ""


def _partly(told: Told) -> str:
    for said in told.result.get("evidence", {}).get("definitions", []):
        if said.startswith("The data cover only part"):
            return f"\n\n{said}"
    return ""


def cohort_retention(told: Told) -> str:
    """One cell, one row, or the triangle."""
    cohorts = told.result["cohorts"]
    if not cohorts:
        return "There are no cohorts to show."
    if len(cohorts) > 1:
        newest = [f"{_month(c['cohort'])}: {many(c['size'])} customers{_next_month(c)}" for c in cohorts[:_SHOWN]]
        return (
            f"**{many(len(cohorts))} cohorts**, by the month of the customer's first order. The share that ordered "
            f"again in "
            f"a later month is in the chart; the first cohorts:\n\n{bullets(newest)}"
        )
    cohort = cohorts[0]
    cells = list(zip(cohort["months_after"], cohort["active"], cohort["share"], strict=True))
    whole = f"{many(cohort['size'])} customers who first ordered in {_month(cohort['cohort'])}"
    if not cells:
        return f"The {whole}: that month lies after the end of the data."
    if len(cells) == 1:
        after, active, share = cells[0]
        return f"**{many(active)}** of the {whole} ordered in month {after} after it: **{percent(share)}**."
    lines = [f"month {after}: {many(active)} ({percent(share)})" for after, active, share in cells]
    return f"Of the {whole}, so many ordered in each month after:\n\n{bullets(lines)}"


def _next_month(cohort: Mapping[str, Any]) -> str:
    for after, active, share in zip(cohort["months_after"], cohort["active"], cohort["share"], strict=True):
        if after == 1:
            return f", {many(active)} ({percent(share)}) back after month {after}"
    return ""


def _month(cohort: str) -> str:
    return " ".join(day(f"{cohort}-01").split()[1:])


def describe_data(told: Told) -> str:
    """What there is and what there is not."""
    result = told.result
    tables = [t for t in result["tables"] if t["rows"]]
    if not tables:
        return "**There is no data yet.** Drop a file into the chat, run `aima import FILE`, or run `aima demo`."
    demo = " This is the made-up data of the demo shop." if result.get("is_demo") else ""
    lines = [f"{t['table']}: {many(t['rows'])} rows{_covered(t)}" for t in tables]
    usable = [title(m["name"]) for m in result["metrics"] if m["available"]]
    absent = result.get("absent") or []
    missing = f"\n\nNot loaded: {', '.join(absent)}." if absent else ""
    return (
        f"**The data end on {last_day(result['as_of'])}**, amounts in "
        f"{result['currency']}.{demo}\n\n{bullets(lines)}\n\n"
        f"Figures I can give: {', '.join(usable)}.{missing}"
    )


def _covered(table: Mapping[str, Any]) -> str:
    return f", {day(table['first_at'])} to {day(table['last_at'])}" if table["first_at"] else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
