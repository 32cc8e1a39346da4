"""The shops that are asked about: where their rows come from, and the frames that truths are computed on.

Every shop gives the same three frames, straight from its file or, for the demo shop whose dates follow the clock, from
the rows the product stores:

    lines      order customer country channel at sku name category qty price value kind …   one row a line
    orders     order customer country channel at value discount kind …                      one row a document
    customers  customer country …                                                           one row a customer
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared"
RETAIL = SHARED / "data" / "online_retail" / "online_retail.csv.gz"
NINETY = SHARED / "field" / "90-chat" / "orders.csv"
TEA = PROJECT / "evals" / "data" / "tea_shop.csv"
DEMO_TABLES = (
    "customers", "consents", "orders", "order_items", "products", "events", "campaigns", "campaign_daily",
    "channel_spend", "assignments", "mentions",
)  # fmt: skip


@dataclass(frozen=True)
class Shop:
    """One shop. `file` is what AIMA imports; the demo shop has none and is built by the product."""

    key: str
    slug: str
    title: str
    currency: str
    file: Path | None
    read: Callable[[Path], dict[str, pd.DataFrame]] = field(repr=False)

    @property
    def missing(self) -> str | None:
        """Why the shop cannot be asked about here; None when it can."""
        if self.file is None or self.file.exists():
            return None
        return f"{self.title}: {self.file.relative_to(PROJECT.parent)} is not here"


@dataclass
class Rows:
    """The raw rows of a shop, and what makes them these and no others."""

    shop: Shop
    source: Path

    @cached_property
    def frames(self) -> dict[str, pd.DataFrame]:
        """lines, orders, customers, and whatever else the shop has."""
        return self.shop.read(self.source)

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the files the frames are read from."""
        files = sorted(self.source.iterdir()) if self.source.is_dir() else [self.source]
        digest = hashlib.sha256()
        for file in files:
            digest.update(file.read_bytes())
        return digest.hexdigest()[:16]


def retail(path: Path) -> dict[str, pd.DataFrame]:
    """Online Retail: C… are cancellations, A… bad debts, an empty CustomerID is a buyer nobody knows."""
    raw = pd.read_csv(path, dtype={"InvoiceNo": str, "StockCode": str, "CustomerID": str, "Description": str})
    lines = pd.DataFrame(
        {
            "order": raw.InvoiceNo,
            "customer": raw.CustomerID.str.replace(".0", "", regex=False),
            "country": raw.Country,
            "at": pd.to_datetime(raw.InvoiceDate, format="mixed"),
            "sku": raw.StockCode,
            "name": raw.Description.str.strip(),
            "qty": raw.Quantity,
            "price": raw.UnitPrice,
            "value": raw.Quantity * raw.UnitPrice,
        }
    )
    first = lines.order.str[0]
    lines["kind"] = "sale"
    lines.loc[(lines.qty <= 0) | (first == "C"), "kind"] = "refund"
    lines.loc[first == "A", "kind"] = "debt"
    return _with_orders(lines)


def ninety(path: Path) -> dict[str, pd.DataFrame]:
    """A file with order_id, customer_id, …, status: refunds are rows of their own."""
    raw = pd.read_csv(path, dtype={"customer_id": str})
    lines = raw.rename(columns={"order_id": "order", "customer_id": "customer", "product_name": "name"})
    lines = lines.rename(columns={"quantity": "qty", "unit_price": "price", "ordered_at": "at"})
    lines["at"] = pd.to_datetime(lines["at"])
    lines["value"] = lines.qty * lines.price
    lines["kind"] = lines.pop("status").map({"paid": "sale", "refund": "refund"})
    return _with_orders(lines)


def tea(path: Path) -> dict[str, pd.DataFrame]:
    """The tea shop: credit notes are rows of their own, guests have no number."""
    names = ("order", "customer", "country", "channel", "at", "sku", "name", "category", "qty", "price", "kind")
    lines = pd.read_csv(path, header=0, names=list(names), dtype={"customer": str}, parse_dates=["at"])
    lines["value"] = lines.qty * lines.price
    lines["kind"] = lines.kind.map({"completed": "sale", "refund": "refund"})
    return _with_orders(lines)


def demo(folder: Path) -> dict[str, pd.DataFrame]:
    """The demo shop, as the product's tables hold it; times are those of its time zone (UTC)."""
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in DEMO_TABLES}
    people = _with_consents(tables["customers"], tables["consents"])
    known = people.set_index("id").external_id
    for name in ("orders", "order_items", "events", "assignments"):
        tables[name]["customer"] = tables[name].customer_id.map(known)
    orders = tables["orders"].rename(columns={"order_id": "order", "ordered_at": "at", "revenue": "value"})
    orders["qty"] = orders.quantity
    lines = tables["order_items"].merge(tables["products"][["sku", "name", "category"]], on="sku", how="left")
    lines = lines.rename(columns={"order_id": "order", "quantity": "qty", "unit_price": "price", "revenue": "value"})
    lines = lines.rename(columns={"ordered_at": "at"})
    lines = lines.merge(orders[["order", "kind", "channel", "country", "city"]], on="order", how="left")
    customers = people.rename(columns={"external_id": "customer"})
    return tables | {"lines": lines, "orders": orders, "customers": customers}


def _with_consents(people: pd.DataFrame, consents: pd.DataFrame) -> pd.DataFrame:
    """Whether each customer agreed to e-mails and text messages, as a column of theirs."""
    granted = consents.pivot(index="customer_id", columns="channel", values="granted").add_prefix("consent_")
    found = people.merge(granted, left_on="id", right_index=True, how="left")
    for channel in ("consent_email", "consent_sms"):
        found[channel] = found[channel].eq(True)
    return found


def _with_orders(lines: pd.DataFrame) -> dict[str, pd.DataFrame]:
    heads = [name for name in ("order", "customer", "country", "channel", "kind") if name in lines]
    if "category" not in lines:
        lines["category"] = None
    sums = {"at": ("at", "min"), "value": ("value", "sum"), "qty": ("qty", "sum"), "lines": ("sku", "size")}
    orders = lines.groupby(heads, dropna=False, sort=False, as_index=False).agg(**sums)
    customers = lines.dropna(subset="customer").groupby("customer", as_index=False)[["country"]].first()
    return {"lines": lines, "orders": orders, "customers": customers}


SHOPS = {
    shop.key: shop
    for shop in (
        Shop("A", "retail", "Online Retail", "GBP", RETAIL, retail),
        Shop("B", "tea", "the tea shop", "EUR", TEA, tea),
        Shop("C", "demo", "the demo shop", "USD", None, demo),
        Shop("N", "ninety", "the field's chat file", "EUR", NINETY, ninety),
    )
}
