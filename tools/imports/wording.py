"""Imports in words: what one did or would do, what was decided, what was imported and how it is taken back.

One place for the shell, the chat, HTTP and MCP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from core.decisions import Decision
from language.format import bullets, capital, count, day, money
from tools.declaration import answers
from tools.imports.list import ImportInfo, ImportList, ListImportsArguments, list_imports
from tools.imports.report import ImportPreview, ImportResult, OrderFigures, TableChange
from tools.outcome import Outcome

__all__ = ["decision_words", "headline", "import_words", "preview_words", "undone_words"]

Way = Callable[[str], str]
SAID = {
    "orders": ("order", "orders"),
    "order_items": ("order line", "order lines"),
    "customers": ("customer", "customers"),
    "products": ("product", "products"),
    "events": ("event", "events"),
    "campaigns": ("campaign", "campaigns"),
    "campaign_daily": ("campaign day", "campaign days"),
    "channel_spend": ("day of spend", "days of spend"),
    "assignments": ("assignment", "assignments"),
    "mentions": ("mention", "mentions"),
    "refunds": ("refund", "refunds"),
    "conversion_paths": ("path", "paths"),
}
HOW = "“{name}”: `/undo {number}` in the chat, or `aima import --undo {number}` at the shell."


def headline(orders: Sequence[OrderFigures], currency: str) -> str:
    """ "3 orders, 220.50 USD, 2 cancelled left out, 1 refund of 30.00"; empty without orders."""
    sales = [one for one in orders if one.kind == "sale"]
    only_back = {one.kind for one in orders} == {"refund"}
    parts = [_several(sum(one.orders for one in sales), "order")] if orders and not only_back else []
    parts += [_plain(one.revenue, one.currency or currency) for one in sales]
    left = sum(one.orders for one in orders if one.kind == "void")
    parts += [f"{count(left)} cancelled or unpaid left out"] if left else []
    for one in (one for one in orders if one.kind == "refund"):
        parts.append(f"{_several(one.orders, 'refund')} of {_plain(-one.revenue, one.currency or currency)}")
    for one in (one for one in orders if one.kind == "adjustment"):
        parts.append(f"{_several(one.orders, 'adjustment')} of {_plain(one.revenue, one.currency or currency)}")
    return ", ".join(parts)


def import_words(result: ImportResult, way: Way = str) -> str:
    """The account of an import: its figures, every row of the file, what happened by table, what was decided.

    `way` puts the option of `aima import` that decides otherwise into the words of a door; empty: nothing of it.
    """
    title = f"**{result.file}** was read as {_kind(result.mapping.kind)}"
    figures = headline(result.orders, result.currency)
    rows = (
        f"{_several(result.read, 'row')} read = {count(result.accepted)} accepted + {count(result.rejected)} rejected"
    )
    told = [f"{title}: {figures or _things(result.tables)}.", f"{rows}."]
    if result.dry_run:
        told.append("Nothing was written.")
    if result.known:
        told.append("This very file was imported before, and nothing has changed since (--compare looks at every row).")
    if result.tables and not result.known:
        told.append(bullets([_change(name, change) for name, change in result.tables.items()]))
    return "\n\n".join([*told, *decision_words(result.decisions, way)])


def preview_words(preview: ImportPreview, way: Way = str) -> str:
    """What an import would do, and what would have to be decided."""
    figures = headline(preview.orders, preview.currency) or _things(preview.tables)
    kept = ", by the mapping confirmed before" if preview.saved else ""
    told = [f"**{preview.file}** would be read as {_kind(preview.mapping.kind)}{kept}: {figures or 'nothing'}."]
    if preview.whole:
        left = f", {_several(preview.rejected, 'row')} could not be taken" if preview.rejected else ""
        told.append(f"{_several(preview.read, 'row')} in the file{left}. Nothing has been written.")
    else:
        told.append("This speaks of the first rows: the file is too large to be read whole for a look.")
    told += [f"Would be rejected: {problem}" for problem in preview.problems]
    return "\n\n".join([*told, *decision_words(preview.decisions, way)])


def decision_words(decisions: Iterable[Decision], way: Way = str) -> list[str]:
    """What was decided, the doubtful first, as questions with the way to decide otherwise; nothing without any."""
    doubtful = [one for one in decisions if one.doubtful]
    certain = [one for one in decisions if not one.doubtful]
    told = []
    if doubtful:
        told.append(f"**Is this right?**\n\n{bullets([_decision(one, way) for one in doubtful])}")
    if certain:
        told.append(f"Decided on the way:\n\n{bullets([_decision(one, way) for one in certain])}")
    return told


def undone_words(file: str, removed: Mapping[str, int], again: Sequence[str]) -> str:
    """What the undo of an import left."""
    fewer = [_several(rows, *SAID.get(name, (name, name))) for name, rows in removed.items() if rows > 0]
    gone = (
        f"{', '.join(fewer)} went with it" if fewer else "no row went: others say the same, or it had only changed some"
    )
    anew = f" Loaded anew without it: {', '.join(again)}." if again else ""
    return f"**The import of {file} was taken back**: {gone}; what it had changed is as it was before.{anew}"


@answers(list_imports)
def listed(outcome: Outcome[ListImportsArguments, ImportList]) -> str:
    """What was imported; or what is the newest, and how it is taken back."""
    asked, found = outcome.arguments, outcome.result.imports
    if not found:
        return (
            f"**No file called “{asked.file}” was imported.**" if asked.file else "**Nothing has been imported yet.**"
        )
    if asked.about == "undo":
        return _how_to_undo(found)
    if asked.number is not None:
        lines = [_line(found[0]), *(f"{capital(_said(name))}: {change}" for name, change in found[0].tables.items())]
        return "\n\n".join([f"**Import {asked.number}**:\n\n{bullets(lines)}", *decision_words(found[0].decisions)])
    more = f" the last {count(len(found))} of" if len(found) < outcome.result.total and not asked.file else ""
    total = count(len(found)) if asked.file else count(outcome.result.total)
    lead = f"{more} {total} import{'' if total == '1' else 's'}".strip()
    return f"**{capital(lead)}**:\n\n{bullets([_line(one) for one in found])}"


def _how_to_undo(found: Sequence[ImportInfo]) -> str:
    standing = next((one for one in found if one.status == "stands" and one.why_not is None), None)
    if standing is None:
        reason = next((one.why_not for one in found if one.why_not), "All of them were taken back already.")
        return f"**No import can be taken back.** {reason}"
    way = HOW.format(name=standing.file, number=standing.number)
    return (
        f"**An import is taken back whole, by a person**: what it brought goes, what it changed is as before.\n\n{way}"
        f"\n\n{bullets([_line(standing)])}"
    )


def _line(one: ImportInfo) -> str:
    rejected = f", {count(one.rejected)} rejected" if one.rejected else ""
    undone = ", **undone**" if one.status == "undone" else ""
    number = f"{one.number}: " if one.number is not None else ""
    return (
        f"{number}**{one.file}** ({one.kind.replace('_', ' ')}), {day(one.at)}, {one.at:%H:%M}, by {one.by}:"
        f" {_several(one.read, 'row')}{rejected}, {count(one.inserted)} new, {count(one.updated)} changed{undone}"
    )


def _decision(one: Decision, way: Way) -> str:
    amount = "" if one.amount is None else f", {one.amount:,.2f}"
    rows = f" ({_several(one.rows, 'row')}{amount})" if one.rows else ""
    instead = way(one.instead) if one.instead else ""
    otherwise = f" Otherwise: `{instead}`" if instead else ""
    return f"{one.said}{rows}{otherwise}"


def _change(name: str, change: TableChange) -> str:
    return (
        f"{capital(_said(name))}: {count(change.inserted)} new, {count(change.updated)} changed,"
        f" {count(change.unchanged)} unchanged"
    )


def _things(tables: Mapping[str, TableChange]) -> str:
    totals = {name: change.inserted + change.updated + change.unchanged for name, change in tables.items()}
    return ", ".join(_several(rows, *SAID.get(name, (name, name))) for name, rows in totals.items() if rows)


def _said(table: str) -> str:
    return SAID.get(table, (table, table.replace("_", " ")))[1]


def _kind(kind: str) -> str:
    return kind.replace("_", " ")


def _several(number: int, one: str, many: str = "") -> str:
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def _plain(amount: Decimal, currency: str) -> str:
    return money(float(amount), currency, cents=True)
