"""Customers that a rule picks, as a list."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from core.identity import READ
from tools.audience.facts import Facts
from tools.audience.fields import rule_fields
from tools.audience.follow_ups import narrowed
from tools.audience.rule import Rule, rule_named
from tools.context import Context
from tools.customers.questions import LISTED
from tools.declaration import Effect, tool
from tools.figures import Cell, Column, cell, figure, money
from tools.results import Arguments, Term, ToolResult
from tools.views import grid

PAGE = 20  # rows where no number was asked for
DEFAULT_FIELDS = (
    "name",
    "country",
    "orders_all",
    "monetary_value",
    "recency_days",
    "rfm_segment",
    "churn_90",
    "clv_12m",
)
VALUABLE_AND_SILENT = {
    "all": [
        {"field": "monetary_value", "operator": "gt", "value": 1000},
        {"field": "recency_days", "operator": "ge", "value": 90},
    ]
}


class FindCustomersArguments(Arguments):
    """Which customers, in which order, which columns."""

    rule: Rule | None = Field(default=None, description="Which customers; absent: all.")
    sort_by: Term = Field(default="monetary_value", description="Any field of rules; null values come last.")
    descending: bool = Field(default=True, description="Largest first.")
    limit: int = Field(default=PAGE, ge=1, le=1000, description="Rows at most.")
    offset: int = Field(default=0, ge=0, description="Rows to skip, for paging.")
    fields: list[str] | None = Field(
        default=None, min_length=1, max_length=30, description="Columns; absent: a useful default."
    )


class FindCustomers(ToolResult):
    """Customers a rule picks."""

    total: int = figure("Customers", "Customers who match, before `limit`.", unit="customers")
    total_value: float | None = figure("Revenue", "Their revenue since the beginning, refunds taken off.", unit="money")
    columns: list[Column] = Field(description="Columns of `rows`; customer_id first.")
    rows: list[list[Cell]] = Field(description="One row per customer.")
    currency: str = Field(description="ISO 4217 code of money.")


def _audience(arguments: FindCustomersArguments, result: FindCustomers | None) -> dict[str, Any] | None:
    """Everybody the rule picks; of a ranking cut off where it was asked, those that are in it."""
    cut = result is not None and len(result.rows) < result.total and (arguments.limit != PAGE or arguments.rule is None)
    if cut and result is not None:
        return {"field": "customer_id", "operator": "in", "value": [str(row[0]) for row in result.rows]}
    return rule_named(arguments.rule)


@tool(
    effect=Effect.READ,
    scope=READ,
    about="matching customers",
    agents=("research", "analytics"),
    basis="prediction",
    examples=({"sort_by": "monetary_value", "limit": 5}, {"rule": VALUABLE_AND_SILENT}),
    questions=(LISTED,),
    views=(grid(title="Customers", total="total"),),
    next=("Save them as a segment", "Write them an email"),
    audience=_audience,
    follow_up=narrowed,
)
def find_customers(context: Context, arguments: FindCustomersArguments) -> FindCustomers:
    """List and count the customers a rule picks, e.g. spent over 1,000 and silent for 90 days; best customers first."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        chosen = facts.fields(["customer_id", *(arguments.fields or _default(facts))])
        (sort,) = facts.fields([_sort_field(facts, arguments)])
        found = facts.find(
            arguments.rule,
            context.mirror(connection),
            columns=[f.column for f in chosen],
            sort=sort.column,
            descending=arguments.descending,
            limit=arguments.limit,
            offset=arguments.offset,
        )
        used = facts.definitions_of_rule(arguments.rule)
    kept = [i for i, f in enumerate(chosen) if i == 0 or arguments.fields or any(r[i] is not None for r in found.rows)]
    said = [*used, *facts.definitions_of([sort.name, *(chosen[i].name for i in kept[1:])])]
    return FindCustomers(
        total=found.total,
        total_value=money(found.total_value),
        columns=[Column(name=chosen[i].name, unit=chosen[i].unit, title=chosen[i].title) for i in kept],
        rows=[[cell(row[i], chosen[i].unit) for i in kept] for row in found.rows],
        currency=facts.profile.currency,
        evidence=facts.evidence(found.total, ["customer_facts"], dict.fromkeys(said)),
    )


def _sort_field(facts: Facts, arguments: FindCustomersArguments) -> str:
    """What the list is sorted by; people who bought nothing at all, by name where nothing else was asked for."""
    usual = arguments.sort_by == FindCustomersArguments.model_fields["sort_by"].default
    return "name" if usual and not facts.has(arguments.sort_by) and not facts.has_orders else arguments.sort_by


def _default(facts: Facts) -> list[str]:
    """The columns of a list when none are asked for: those whose scores have been computed."""
    known = rule_fields()
    return [name for name in DEFAULT_FIELDS if known[name].score in (None, *facts.scores)]
