"""The figures of the semantic layer counted another way: with pandas, a group at a time, from the shop itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from tests.integration.random_shops import CITIES, CUSTOMERS, FORMER, GOODS, Shop, order_id

Frame = pd.DataFrame
NEGATED = ("ne", "not_in", "not_contains")
BUCKETS = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}


def _to_second(sales: Frame) -> pd.Series[Any]:
    """Of the second sale order of each customer, the days since the first; `sales` by time."""
    customers = sales.groupby("customer")
    days = (sales["at"] - customers["at"].shift()).map(lambda span: span.total_seconds() / 86_400)
    return days[customers.cumcount() == 1]


class Books:
    """A shop as frames: `orders`, and `lines` (with what is said of their orders)."""

    def __init__(self, shop: Shop) -> None:
        rows = [
            {
                "order": order_id(n), "at": o.at, "customer": o.customer, "kind": o.kind, "channel": o.channel,
                "country": o.country or CUSTOMERS.get(o.customer or ""), "discount": float(o.discount),
                "tax": float(o.tax), "shipping": 2.5 * o.sign,
                "city": CITIES.get(o.customer or ""),
                "revenue": float(sum(o.sign * i.quantity * i.price for i in o.lines)),
                "quantity": sum(o.sign * i.quantity for i in o.lines), "holds": {i.sku for i in o.lines},
                "order_lines": len(o.lines), "order_products": len({i.sku for i in o.lines if GOODS[i.sku][2]}),
                "order_units": abs(sum(i.quantity for i in o.lines)),
            }
            for n, o in enumerate(shop.orders)
        ]  # fmt: skip
        orders = pd.DataFrame(rows).sort_values(["at", "order"])
        local = pd.to_datetime(orders["at"], utc=True).dt.tz_convert(ZoneInfo(shop.zone)).dt.tz_localize(None)
        sales = orders[orders["kind"] == "sale"].dropna(subset=["customer"])
        opening = set(sales.groupby("customer")["order"].first())
        parts = ["night", "morning", "afternoon", "evening"]
        self.orders = orders.assign(
            day=local.dt.date, hour=local.dt.hour, weekday=local.dt.day_name(), month_of_year=local.dt.month_name(),
            weekend=local.dt.dayofweek.map(lambda d: "weekend" if d > 4 else "weekday"),
            daypart=local.dt.hour.map(lambda h: parts[h // 6]), local=local,
            known_customer=orders["customer"].map(lambda c: "anonymous" if pd.isna(c) else "known"),
            discounted=[
                None if kind != "sale" else "discounted" if discount > 0 else "full price"
                for kind, discount in zip(orders["kind"], orders["discount"], strict=True)
            ],
            customer_type=[
                "unknown" if pd.isna(c) else "new" if o in opening else "returning"
                for c, o in zip(orders["customer"], orders["order"], strict=True)
            ],
            customer_orders=orders["customer"].map(
                lambda c: None if pd.isna(c) else str(int((sales["customer"] == c).sum()))
            ),
            to_second=_to_second(sales).reindex(orders.index),
            first_at=orders.groupby("customer")["at"].transform("min"),
            first_local=local.groupby(orders["customer"]).transform("min"),
        )  # fmt: skip
        lines = [
            {
                "order": order_id(n), "sku": i.sku, "product": GOODS[i.sku][0], "category": GOODS[i.sku][1],
                "goods": GOODS[i.sku][2], "line_quantity": o.sign * i.quantity, "line_price": i.price,
                "line_revenue": float(o.sign * i.quantity * i.price),
            }
            for n, o in enumerate(shop.orders)
            for i in o.lines
        ]  # fmt: skip
        self.lines = pd.DataFrame(lines).merge(self.orders, on="order")
        self.span = (min(self.orders["day"]), max(self.orders["day"]))

    def rows(self, by_line: bool, start: date, end: date, filters: Sequence[dict[str, Any]]) -> Frame:
        """The order rows, or the lines, of a period that meet the filters."""
        frame = self.lines if by_line else self.orders
        frame = frame[(frame["day"] >= start) & (frame["day"] <= end)]
        since = pd.Timestamp(start)
        acquired = [
            "unknown" if pd.isna(c) else "in the period" if f >= since else "before"
            for c, f in zip(frame["customer"], frame["first_local"], strict=True)
        ]
        frame = frame.assign(acquired=acquired)
        for asked in filters:
            frame = frame[frame.apply(meets, axis=1, args=(asked,))] if len(frame) else frame
        return frame


def meets(row: pd.Series[Any], asked: dict[str, Any]) -> bool:
    """Whether a row meets a filter."""
    name, operator = asked["dimension"], asked["operator"]
    wanted = asked["value"] if isinstance(asked["value"], list) else [asked["value"]]
    if name in ("product", "with_product"):
        skus = {row["sku"]} if name == "product" else row["holds"]
        hit = any(skus & _are_called(value, operator.endswith("contains")) for value in wanted)
        return not hit if operator in NEGATED else hit
    if name == "days":
        return any(first <= row["day"].isoformat() <= last for first, _, last in (v.partition("/") for v in wanted))
    if name == "with_category":
        hit = any(str(GOODS[sku][1]).lower() == str(value).lower() for sku in row["holds"] for value in wanted)
        return not hit if operator in NEGATED else hit
    if name in ("order_lines", "order_products", "order_units"):
        return _compares(float(row[name]), operator, [float(value) for value in wanted])
    if name in ("order_value", "hour", "customer_orders"):
        if row[name if name != "order_value" else "revenue"] is None:
            return False
        number = round(row["revenue"], 4) if name == "order_value" else float(row[name])
        return _compares(number, operator, [float(value) for value in wanted])
    word = None if pd.isna(row[name]) else str(row[name]).lower()
    low = [str(value).lower() for value in wanted]
    if operator.endswith("contains"):
        return (word is not None and low[0] in word) is (operator == "contains")
    return (word not in low) if operator in NEGATED else (word in low)


def of_day(day: date) -> pd.Series[Any]:
    """What a day says of all that happens on it."""
    at = pd.Timestamp(day)
    weekend = "weekend" if at.dayofweek > 4 else "weekday"
    told = {"weekday": at.day_name(), "weekend": weekend, "month_of_year": at.month_name(), "day": day, "days": day}
    return pd.Series(told)


def _are_called(value: str, within: bool) -> set[str]:
    """The products a filter means: by name, former name or SKU; `within`: with that word, else with that text."""
    names = {sku: [sku.lower(), name.lower(), FORMER.get(sku, sku).lower()] for sku, (name, _, _) in GOODS.items()}
    low = value.lower()
    if not within:
        return {sku for sku, every in names.items() if low in every}
    worded = {sku for sku, every in names.items() if set(low.split()) <= set(" ".join(every[1:]).split())}
    return worded or {sku for sku, every in names.items() if any(low in name for name in every)}


def _compares(number: float, operator: str, wanted: list[float]) -> bool:
    tests: dict[str, Callable[[], bool]] = {
        "gt": lambda: number > wanted[0], "ge": lambda: number >= wanted[0], "lt": lambda: number < wanted[0],
        "le": lambda: number <= wanted[0], "eq": lambda: number == wanted[0], "ne": lambda: number != wanted[0],
        "between": lambda: wanted[0] <= number <= wanted[1],
    }  # fmt: skip
    return tests[operator]()


def _over(top: float, bottom: float) -> float | None:
    return top / bottom if bottom else None


def figure(name: str, rows: Frame, since: date) -> float | None:
    """One metric over rows of a period that begins on `since`."""
    by_line = "sku" in rows.columns
    money, units = ("line_revenue", "line_quantity") if by_line else ("revenue", "quantity")
    sale, refund = rows[rows["kind"] == "sale"], rows[rows["kind"] == "refund"]
    sales = sale["order"].nunique()
    known = rows.dropna(subset=["customer"])
    bought = sale.dropna(subset=["customer"]).groupby("customer")["order"].nunique()
    first = sale.dropna(subset=["customer"]).sort_values("at").groupby("customer")["at"]
    gaps = (first.last() - first.first()).dt.total_seconds().sum() / 86400 if sales and len(bought) else 0
    simple: dict[str, Callable[[], float | None]] = {
        "revenue": lambda: rows[money].sum(),
        "gross_sales": lambda: sale[money].sum(),
        "refunds": lambda: -refund[money].sum(),
        "refund_rate": lambda: _over(-refund[money].sum(), sale[money].sum()),
        "tax": lambda: rows["tax"].sum(),
        "shipping_charged": lambda: rows["shipping"].sum(),
        "revenue_before_tax": lambda: rows["revenue"].sum() - rows["tax"].sum() if len(rows) else None,
        "discounts": lambda: sale["discount"].sum(),
        "discounted_orders": lambda: int((sale["discount"] > 0).sum()),
        "discount_rate": lambda: _over(sale["discount"].sum(), sale["revenue"].sum() + sale["discount"].sum()),
        "orders": lambda: sales,
        "anonymous_orders": lambda: int(sale["customer"].isna().sum()),
        "refund_orders": lambda: refund["order"].nunique(),
        "multi_product_orders": lambda: sum(
            len([sku for sku in holds if GOODS[sku][2]]) > 1 for holds in sale["holds"]
        ),
        "single_product_orders": lambda: sum(
            len([sku for sku in holds if GOODS[sku][2]]) == 1 for holds in sale["holds"]
        ),
        "units": lambda: rows[units].sum(),
        "units_returned": lambda: -refund[units].sum(),
        "average_order_value": lambda: _over(sale["revenue"].sum(), sales),
        "median_order_value": lambda: sale["revenue"].median() if sales else None,
        "largest_order": lambda: sale["revenue"].max() if sales else None,
        "smallest_order": lambda: sale["revenue"].min() if sales else None,
        "average_refund": lambda: _over(-refund["revenue"].sum(), len(refund)),
        "largest_refund": lambda: (-refund["revenue"]).max() if len(refund) else None,
        "lines_per_order": lambda: _over(len(sale), sales),
        "products_per_order": lambda: _over(sum(len(holds) for holds in sale["holds"]), sales),
        "units_per_order": lambda: _over(sale[units].sum(), sales),
        "average_unit_price": lambda: _over(sale[money].sum(), sale[units].sum()),
        "lines": lambda: len(rows),
        "free_lines": lambda: int((rows["line_price"] == 0).sum()),
        "products_sold": lambda: sale[sale["goods"]]["sku"].nunique(),
        "countries_served": lambda: sale["country"].nunique(),
        "cities_served": lambda: sale["city"].nunique(),
        "channels_used": lambda: sale["channel"].nunique(),
        "skus_sold": lambda: sale["sku"].nunique(),
        "categories_sold": lambda: sale["category"].nunique(),
        "customers": lambda: known["customer"].nunique(),
        "ordering_customers": lambda: len(bought),
        "new_customers": lambda: known[known["at"] == known["first_at"]]["customer"].nunique(),
        "returning_customers": lambda: known[known["first_local"] < pd.Timestamp(since)]["customer"].nunique(),
        "revenue_per_customer": lambda: _over(known["revenue"].sum(), known["customer"].nunique()),
        "orders_per_customer": lambda: _over(bought.sum(), len(bought)),
        "one_time_customers": lambda: int((bought == 1).sum()),
        "repeat_customers": lambda: int((bought >= 2).sum()),
        "repeat_rate": lambda: _over(int((bought >= 2).sum()), len(bought)),
        "days_to_second_order": lambda: sale["to_second"].mean() if sale["to_second"].notna().any() else None,
        "days_between_orders": lambda: _over(gaps, int((bought - 1).sum())),
    }
    value = simple[name]()
    return None if value is None else float(value)


def bucket(grain: str, day: date) -> date:
    """The first day of the calendar bucket of a day."""
    return pd.Period(day, BUCKETS[grain]).start_time.date()


def buckets(grain: str, start: date, end: date) -> list[date]:
    """Every calendar bucket from one day to another."""
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    return sorted({bucket(grain, day) for day in days})
