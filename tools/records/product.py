"""The facts of one product: what it is called, its price, since when it is sold, how much of it."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from core.errors import NotFound
from core.identity import READ
from database.queries import coverage, organisations
from database.queries import product_facts as products_sold
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money, rounded
from tools.records.product_questions import PRODUCT
from tools.results import Arguments, Evidence, ToolResult
from tools.views import table

MOST = 20  # products that words may stand for
WORDS = [
    "Prices are those of one unit on lines of sale orders that cost something; the usual price is the most frequent.",
    "units and revenue: refunds and adjustments taken off.",
]
Fact = Literal["name", "price", "lowest_price", "highest_price", "first_sold", "last_sold", "units", "revenue"]


class ProductFactsArguments(Arguments):
    """Which product, and what is asked of it."""

    product: str = Field(min_length=1, description="Its code, its name, or words of its name.")
    about: list[Fact] = Field(default_factory=list, max_length=8, description="What is asked; nothing: everything.")
    start: date | None = Field(default=None, description="Prices, units and revenue from this day on.")
    end: date | None = Field(default=None, description="Up to this day, included.")


class ProductInfo(BaseModel):
    """One product."""

    sku: str = figure("Code", "The shop's product code.")
    name: str = figure("Product", "What it is called.")
    category: str | None = figure("Category", "Its category, where known.")
    list_price: float | None = figure("List price", "Price in the catalogue, where there is one.", unit="money")
    usual_price: float | None = figure("Usual price", "Most frequent price.", unit="money")
    latest_price: float | None = figure("Latest price", "Price of the latest sale.", unit="money")
    lowest_price: float | None = figure("Lowest price", "Lowest price above zero.", unit="money")
    highest_price: float | None = figure("Highest price", "Highest price.", unit="money")
    first_sold: date | None = figure("First sold", "Day of the first sale ever.")
    last_sold: date | None = figure("Last sold", "Day of the last sale.")
    orders: int = figure("Orders", "Sale orders that hold it.", unit="orders")
    units: float = figure("Units", "Units sold, those sent back taken off.", unit="units")
    revenue: float = figure("Revenue", "Revenue, refunds taken off.", unit="money")


class ProductFacts(ToolResult):
    """Products with that code or name."""

    products: list[ProductInfo] = Field(description="Most sold first; several where the words stand for several.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="the facts of a product",
    agents=("analytics", "research"),
    examples=({"product": "85123A"}, {"product": "teapot", "about": ["price"]}),
    questions=(PRODUCT,),
    views=(table("products", title="Products"),),
    next=("Which products bring the most revenue?",),
)
def product_facts(context: Context, arguments: ProductFactsArguments) -> ProductFacts:
    """What a product is called, what it costs (usual, lowest, highest), since when it is sold, and how much of it."""
    with context.transaction() as connection:
        profile = organisations.profile(connection)
        rows = products_sold.find(
            connection, arguments.product, start=arguments.start, end=arguments.end, time_zone=profile.time_zone,
            limit=MOST,
        )  # fmt: skip
        as_of = coverage.reference_instant(connection, context.now)
    if not rows:
        raise NotFound(f"There is no product with the code or name '{arguments.product}'.", field="product")
    return ProductFacts(
        products=[_info(row) for row in rows],
        currency=profile.currency,
        evidence=Evidence(
            rows=len(rows), as_of=as_of, sources=["order_items", "orders", "products"], definitions=list(WORDS)
        ),
    )


def _info(row: RowMapping) -> ProductInfo:
    kept: dict[str, Any] = {
        name: row[name] for name in ("sku", "name", "category", "first_sold", "last_sold", "orders")
    }
    prices = {name: money(row[name]) for name in ("usual_price", "latest_price", "lowest_price", "highest_price")}
    units, revenue = rounded(row["units"], "units") or 0, money(row["revenue"]) or 0.0
    return ProductInfo(**kept, **prices, list_price=money(row["price"]), units=units, revenue=revenue)
