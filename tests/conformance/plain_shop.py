"""A made-up vendor, as somebody would add it: one folder with one file, of which nothing else knows."""

from __future__ import annotations

from pathlib import Path

NAME = "plain_shop"
TEXT = '''
"""A shop with a plain JSON API."""

from datetime import datetime, timedelta

from pydantic import Field, SecretStr

from connectors.sources.auth import bearer
from connectors.sources.contract import Rows, Source, SourceSettings, Stream
from connectors.sources.cursors import Days, Since
from connectors.sources.pagers import CursorToken, NextLink, Offset, PageNumber


class PlainSettings(SourceSettings):
    """How to reach it."""

    shop: str = Field(description="Name of the shop, as in its address.", examples=["acme"], pattern="^[a-z]+$")
    token: SecretStr = Field(description="Token with the right to read.")


def epoch(at: datetime) -> int:
    return int(at.timestamp())


CUSTOMERS = Stream(
    "customers",
    "/customers",
    key="id",
    records="data",
    pager=NextLink("links.next"),
    cursor=Since("updated_at", "updated_since"),
    parameters={"fields": "all"},
    example={
        "id": 4711,
        "mail": "Ann@Example.com",
        "name": {"first": "Ann", "last": "Lee"},
        "address": {"country": "Spain", "city": "Valencia"},
        "newsletter": True,
        "created_at": "2026-01-02T03:04:05+01:00",
        "updated_at": "2026-01-02T03:04:05.678Z",
    },
    rows=(
        Rows(
            "customers",
            {
                "customer": "id",
                "email": "mail",
                "first_name": "name.first",
                "last_name": "name.last",
                "country": "address.country",
                "city": "address.city",
                "consent_email": "newsletter",
                "created_at": "created_at",
            },
        ),
    ),
)
ORDERS = Stream(
    "orders",
    "/orders",
    key="id",
    records="orders",
    pager=PageNumber(size_parameter="limit", size=3, total="count"),
    cursor=Since("modified", "modified_after", overlap=timedelta(minutes=30)),
    example={
        "id": "A-1001",
        "buyer": {"id": 4711},
        "placed": "2026-02-03T10:00:00",
        "modified": "2026-02-03T10:00:00",
        "total": 34.9,
        "state": "paid",
        "lines": [
            {"sku": "MUG", "title": "Mug", "count": 2, "each": "10.00"},
            {"sku": "TEA", "title": "Tea", "count": 1, "each": 14.9},
        ],
    },
    rows=(
        Rows(
            "orders",
            {"order_id": "id", "customer": "buyer.id", "ordered_at": "placed", "revenue": "total", "status": "state"},
        ),
        Rows(
            "order_lines",
            {
                "order_id": "id",
                "customer": "buyer.id",
                "ordered_at": "placed",
                "sku": "lines.sku",
                "description": "lines.title",
                "quantity": "lines.count",
                "unit_price": "lines.each",
            },
            each="lines",
        ),
    ),
)
EVENTS = Stream(
    "events",
    "/events/search",
    key="uuid",
    records="result.items",
    method="POST",
    pager=CursorToken("result.after", "paging.after"),
    cursor=Since("time", "filters.0.from", form=epoch),
    parameters={"filters.0.kind": "any"},
    example={"uuid": "e-1", "time": 1770112800, "what": "visit", "who": 4711, "more": {"page": "/tea", "price": 14.9}},
    rows=(
        Rows(
            "events",
            {
                "event_id": "uuid",
                "customer": "who",
                "occurred_at": "time",
                "kind": lambda event: {"seen": "product_view"}.get(event["what"], event["what"]),
                "properties": "more",
            },
        ),
    ),
)
PRODUCTS = Stream(
    "products",
    "/products",
    key="sku",
    example={"sku": "MUG-1", "title": "Mug", "group": "Kitchen", "price": "10.00"},
    rows=(Rows("products", {"sku": "sku", "name": "title", "category": "group", "price": "price"}),),
)
REVIEWS = Stream(
    "reviews",
    "/reviews",
    key="id",
    pager=NextLink(),
    cursor=Since("written", "since"),
    example={"id": 1, "written": "2026-03-04T05:06:07Z", "text": "Good tea.", "stars": 5},
    rows=(
        Rows(
            "mentions",
            {
                "mention_id": lambda review: f"review-{review['id']}",
                "source": lambda _review: "plain shop",
                "posted_at": "written",
                "text": "text",
                "rating": "stars",
            },
        ),
    ),
)
SPEND = Stream(
    "spend",
    "/ads/report",
    key=("ad", "day"),
    records="rows",
    pager=Offset(size=4),
    cursor=Days("from", "to", restated=7, step=5, history=20),
    example={"ad": 9, "day": "2026-06-01", "cost": "12.50", "clicks": 7},
    rows=(Rows("spend", {"day": "day", "channel": lambda _row: "plain ads", "spend": "cost", "clicks": "clicks"}),),
)
SOURCE = Source(
    name="plain_shop",
    title="Plain Shop",
    settings=PlainSettings,
    base=lambda settings: f"https://{settings.shop}.example/api/v1",
    auth=bearer("token"),
    probe="/me",
    streams=(CUSTOMERS, ORDERS, EVENTS, PRODUCTS, REVIEWS, SPEND),
)
'''


def write(folder: Path) -> None:
    """Put the source's folder into `folder`."""
    (folder / NAME).mkdir(parents=True, exist_ok=True)
    (folder / NAME / "__init__.py").write_text(TEXT)
