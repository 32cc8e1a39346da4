"""What customers will want next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from core.errors import NoSuchData
from core.identity import READ
from database.queries import coverage, customers, model_runs, products, response
from database.queries.history import read_history
from tools.audience.facts import Facts
from tools.audience.rule import rule_of_customer
from tools.context import Context
from tools.declaration import Effect, tool
from tools.experiments.response import ITEM_KINDS, items_run, named_items, next_items_of
from tools.figures import figure, share
from tools.metrics.merchandise import left_out
from tools.recommendations.questions import NEXT_PRODUCT
from tools.results import Arguments, ToolResult
from tools.views import table

Kind = Literal["product", "category"]

LIVE_LINES = 1_000_000
"""Order lines up to which next items are computed at once where the nightly job has not kept any."""
WORDS = [
    "Next products are ones the customer has not bought; next categories may be. method item_item: what buyers of the "
    "same items buy, recent purchases counting more; popularity: the overall best sellers, where that did no better.",
    "hit_rate: share of back-tested customers who bought at least one of their recommended items in the later window.",
]


class NextBestProductArguments(Arguments):
    """For one customer, or the items that come next for most."""

    customer: str | None = Field(default=None, min_length=1, description="Customer id or email; absent: everybody.")
    top: int = Field(default=10, ge=1, le=100, description="Without `customer`: items to list.")


class NextItem(BaseModel):
    """One item."""

    rank: int = figure("Rank", "1 = best.")
    item: str = figure("Item", "SKU or category.")
    name: str = figure("Name", "Name of the product or category.")
    customers: int | None = figure(
        "Customers", "Without `customer`: customers whose best next item it is.", unit="customers"
    )


class NextBacktest(BaseModel):
    """How good recommendations were on a later window."""

    kind: str = figure("Kind", "product or category.")
    method: str = figure("Method", "item_item or popularity.")
    reason: str = figure("Reason", "Why this method.")
    customers: int = figure("Customers", "Customers tested.", unit="customers")
    hit_rate: float | None = figure("Hit rate", "Hit rate of the method; null: not enough data.", unit="share")
    popularity_hit_rate: float | None = figure(
        "Hit rate of best sellers", "The same of recommending the overall best sellers.", unit="share"
    )


class NextBestProduct(ToolResult):
    """Next products and categories."""

    customer: str | None = figure("Customer", "The customer; null: everybody.")
    products: list[NextItem] = Field(description="Next products, best first.")
    categories: list[NextItem] = Field(description="Next categories, best first.")
    backtest: list[NextBacktest] = Field(description="How good they were on a later window.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="what is likely to be bought next",
    agents=("analytics", "research", "optimiser"),
    basis="prediction",
    examples=({}, {"customer": "17850"}),
    questions=(NEXT_PRODUCT,),
    views=(table("products", title="Next products"), table("categories", title="Next categories")),
    next=("What are our bestsellers?", "Who is expected to buy in the next 14 days?"),
    audience=lambda arguments, result: rule_of_customer((result or arguments).customer),
)
def next_best_product(context: Context, arguments: NextBestProductArguments) -> NextBestProduct:
    """Which products and categories a customer is likely to buy next, or which come next for most customers."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        who = None if arguments.customer is None else customers.facts_of(connection, arguments.customer)
        lines = _lines(connection)
        runs = {kind: run for kind in ITEM_KINDS if (run := model_runs.latest(connection, f"next_{kind}"))}
        items = {kind: _kept(connection, kind, who, arguments.top) for kind in runs}
        names = response.names_of_products(connection)
        services = products.services(connection)
    if not runs and lines > LIVE_LINES:
        raise NoSuchData(
            "Next products are not computed yet: that happens nightly, or on asking to refresh the recommendations."
        )
    if not runs:
        runs, items = _live(context, facts, who, arguments.top, names, {sku for sku, _ in services})
    return NextBestProduct(
        customer=None if who is None else who["external_id"],
        products=items.get("product", []),
        categories=items.get("category", []),
        backtest=[_backtest(kind, run) for kind, run in runs.items()],
        evidence=facts.evidence(lines, ["order_items", "products"], [*WORDS, *left_out(name for _, name in services)]),
    )


def _lines(connection: Connection) -> int:
    """Order lines that were loaded; NoSuchData without any."""
    lines = coverage.rows(connection, "order_items")
    if not lines:
        raise NoSuchData("There are no order lines with products, so nothing can be said of next products.")
    return lines


def _kept(connection: Connection, kind: str, who: Mapping[str, Any] | None, top: int) -> list[NextItem]:
    """What the job kept: one customer's items, or how many customers each item comes next for."""
    if who is not None:
        rows = [row for row in response.next_items(connection, who["customer_id"]) if row["kind"] == kind]
        return [NextItem(rank=r["rank"], item=r["item"], name=r["name"], customers=None) for r in rows]
    counted = response.popular_next_items(connection, kind, top)
    return [
        NextItem(rank=place, item=row["item"], name=row["name"], customers=row["customers"])
        for place, row in enumerate(counted, start=1)
    ]


def _live(
    context: Context,
    facts: Facts,
    who: Mapping[str, Any] | None,
    top: int,
    names: dict[str, str],
    services: set[str],
) -> tuple[dict[Kind, model_runs.Run], dict[Kind, list[NextItem]]]:
    """The same, computed now; nothing is kept."""
    import polars as pl

    history = read_history(
        context.database, context.identity.org_id, as_of=facts.data_as_of, time_zone=facts.profile.time_zone
    )
    runs: dict[Kind, model_runs.Run] = {}
    items: dict[Kind, list[NextItem]] = {}
    for kind in ITEM_KINDS:
        found = next_items_of(history, services, kind, None if who is None else [who["customer_id"]])
        runs[kind] = items_run(history, kind, found)
        rows = named_items(found, history, kind).with_columns(customers=pl.lit(None, pl.Int64))
        if who is None:
            best = rows.filter(pl.col("rank") == 1).group_by("item").agg(customers=pl.len())
            rows = best.sort(["customers", "item"], descending=[True, False]).head(top).with_row_index("rank", 1)
        items[kind] = [
            NextItem(rank=r["rank"], item=r["item"], name=names.get(r["item"], r["item"]), customers=r["customers"])
            for r in rows.iter_rows(named=True)
        ]
    return runs, items


def _backtest(kind: str, run: model_runs.Run) -> NextBacktest:
    judged = run.backtest or {}
    method = run.champion or "popularity"
    return NextBacktest(
        kind=kind,
        method=method,
        reason=run.reason or "",
        customers=judged.get("customers") or 0,
        hit_rate=share(judged.get(method)),
        popularity_hit_rate=share(judged.get("popularity")),
    )
