"""A segment as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pydantic import Field, model_validator

from connectors.channels.discovery import address_kinds
from core.identity import READ, WRITE
from database.queries import customers, organisations
from language.cells import file_cell, file_title
from tools.audience.facts import Facts
from tools.audience.names import find
from tools.audience.rule import Rule, rule_named
from tools.context import Context
from tools.customers.list import DEFAULT_FIELDS
from tools.declaration import Effect, tool
from tools.figures import Column, figure
from tools.results import Arguments, ToolResult
from tools.segments.questions import SEGMENT_EXPORT

TITLES = {"customer_id": "Customer ID"}  # in a file of its own, as other programs name it and AIMA reads it back


class ExportSegmentArguments(Arguments):
    """Which customers, which columns."""

    segment: str | None = Field(default=None, description="Name of a segment of any kind; or give `rule`.")
    rule: Rule | None = Field(default=None, description="Which customers; or give `segment`.")
    fields: list[str] | None = Field(
        default=None, min_length=1, max_length=60, description="Columns after customer_id; absent: a useful default."
    )
    limit: int = Field(default=1_000, ge=1, le=50_000, description="Rows at most.")
    offset: int = Field(default=0, ge=0, description="Rows to skip, for the next part.")

    @model_validator(mode="after")
    def _one(self) -> ExportSegmentArguments:
        if (self.segment is None) == (self.rule is None):
            raise ValueError("give either `segment` (a name) or `rule`")
        return self


class ExportSegment(ToolResult):
    """A segment as CSV."""

    file_name: str = figure("File", "A name for the file.")
    total: int = figure("In all", "Customers in the segment.", unit="customers")
    rows: int = figure("Customers", "Customers in this part.", unit="customers")
    columns: list[Column] = Field(description="Columns of the file; it has money in `currency`, shares in percent.")
    left_out: list[str] = figure("Left out", "Columns with personal data that your rights do not cover.")
    currency: str = Field(description="ISO 4217 code of money.")
    csv: str = Field(description="The file: UTF-8, comma, a header line; customers in the order of their numbers.")


def _audience(arguments: ExportSegmentArguments, result: ExportSegment | None) -> dict[str, Any] | None:
    return result.audience if result else rule_named(arguments.rule)


@tool(
    effect=Effect.READ,
    scope=READ,
    about="customers for a file",
    recorded=True,
    agents=("research",),
    basis="record",
    examples=({"segment": "Champions", "limit": 100}, {"segment": "At Risk", "fields": ["country", "clv_12m"]}),
    questions=(SEGMENT_EXPORT,),
    views=(),
    next=("Write them an email",),
    audience=_audience,
)
def export_segment(context: Context, arguments: ExportSegmentArguments) -> ExportSegment:
    """A segment's customers as a CSV file; names and addresses only for those who may also change segments."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        rule = arguments.rule or Rule.model_validate(find(connection, str(arguments.segment)).rule)
        condition, values = facts.where(rule)
        asked = arguments.fields or [n for n in ("name", "email", *DEFAULT_FIELDS[1:]) if facts.has(n)]
        barred = {"name", *address_kinds()} if WRITE not in context.identity.scopes else set()
        chosen = facts.fields(["customer_id", *(name for name in asked if name not in barred)])
        found = customers.find(
            connection, condition, values, columns=[f.column for f in chosen], sort="customer_id", descending=False,
            limit=arguments.limit, offset=arguments.offset,
        )  # fmt: skip
        currency = organisations.profile(connection).currency
    names = [f.name for f in chosen]
    columns = [Column(name=f.name, unit=f.unit, title=TITLES.get(f.name, f.title)) for f in chosen]
    return ExportSegment(
        file_name=f"{_file_name(arguments.segment or 'customers')}.csv",
        total=found.total,
        rows=len(found.rows),
        columns=columns,
        left_out=[name for name in dict.fromkeys(asked) if name in barred],
        currency=currency,
        csv=_csv(columns, found.rows, currency),
        audience=rule.plain(),
        evidence=facts.evidence(found.total, ["customer_facts"], facts.definitions_of(names[1:])),
    )


def _file_name(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name.lower()).strip("-")[:60] or "segment"


def _csv(columns: Sequence[Column], rows: Sequence[Sequence[Any]], currency: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    units = [currency if column.unit == "money" else column.unit for column in columns]
    writer.writerow([file_title(column.title, unit) for column, unit in zip(columns, units, strict=True)])
    for row in rows:
        writer.writerow([_harmless(value, unit) for value, unit in zip(row, units, strict=True)])
    return out.getvalue()


def _harmless(value: Any, unit: str) -> Any:
    """A cell of the file; a text that a spreadsheet would take for a formula is marked as text."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return file_cell(float(value) if isinstance(value, Decimal) else value, unit)
