"""Every customer feature once more, slowly, in plain Python from its meaning: what the compiled loops are held to."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from core.event_kinds import EVENT_KINDS

Row = dict[str, Any]
Value = float | int | None


def reference(
    orders: pl.DataFrame, items: pl.DataFrame, events: pl.DataFrame, as_of: datetime, zone: str
) -> dict[int, dict[str, Value]]:
    """Customer → feature → value, None where undefined."""
    rows = {
        "orders": [r for r in orders.to_dicts() if r["ordered_at"] < as_of],
        "items": [r for r in items.to_dicts() if r["ordered_at"] < as_of],
        "events": [r for r in events.to_dicts() if r["occurred_at"] < as_of],
    }
    customers = {row["customer_id"] for table in rows.values() for row in table}
    return {
        customer: Customer(
            {n: [r for r in t if r["customer_id"] == customer] for n, t in rows.items()}, as_of, zone
        ).all()
        for customer in customers
    }


def share(part: float, whole: float) -> Value:
    return part / whole if whole > 1e-6 else None


def mode(values: Iterable[int]) -> tuple[Value, Value, Value]:
    """(distinct, most frequent with the lowest of equals, its share)."""
    counts = Counter(values)
    if not counts:
        return None, None, None
    best = min(counts, key=lambda code: (-counts[code], code))
    return len(counts), best, counts[best] / counts.total()


class Customer:
    def __init__(self, rows: dict[str, list[Row]], as_of: datetime, zone: str) -> None:
        self.as_of, self.zone = as_of, ZoneInfo(zone)
        self.orders = rows["orders"]
        self.sales = [r for r in rows["orders"] if not r["is_refund"]]
        self.refunds = [r for r in rows["orders"] if r["is_refund"]]
        self.lines = [r for r in rows["items"] if r["quantity"] > 0]
        self.all_lines = rows["items"]
        self.events = rows["events"]

    def all(self) -> dict[str, Value]:
        parts: list[Callable[[], dict[str, Value]]] = [
            self.rhythm, self.windows, self.money, self.basket, self.places, self.clock, self.mail, self.web,
        ]  # fmt: skip
        row: dict[str, Value] = {}
        for part in parts:
            row |= part()
        row["spending_seasonality"] = self.seasonality()
        row["cart_abandonment_rate"] = self.abandonment()
        return row | self.scores(row)

    def age(self, at: datetime) -> float:
        return (self.as_of - at) / timedelta(days=1)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def rhythm(self) -> dict[str, Value]:
        days = sorted({self.local(r["ordered_at"]).date() for r in self.sales})
        year = {self.local(r["ordered_at"]).date() for r in self.sales if self.age(r["ordered_at"]) <= 365}
        gaps = [(b - a).days for a, b in pairwise(days)]
        ages = [self.age(r["ordered_at"]) for r in self.sales]
        seen = [self.age(r["ordered_at"]) for r in self.orders + self.all_lines]
        seen += [self.age(r["occurred_at"]) for r in self.events]
        gap = statistics.median(gaps) if gaps else None
        return {
            "recency_days": min(ages, default=None),
            "tenure_days": max(seen),
            "days_since_first_order": max(ages, default=None),
            "frequency_12m": len(year),
            "frequency_all": len(days),
            "typical_gap_days": gap,
            "gap_spread_days": statistics.stdev(gaps) if len(gaps) > 1 else None,
            "overdue_ratio": min(ages) / gap if gap else None,
        }

    def windows(self) -> dict[str, Value]:
        def net(low: float, high: float) -> float:
            return math.fsum(r["revenue"] for r in self.orders if low < self.age(r["ordered_at"]) <= high)

        row: dict[str, Value] = {}
        for days in (30, 90, 365):
            row[f"orders_{days}d"] = sum(self.age(r["ordered_at"]) <= days for r in self.sales)
            row[f"revenue_{days}d"] = net(0, days)
        now, before = net(0, 90), net(90, 180)
        row["revenue_trend_90d"] = share(now - before, abs(now) + abs(before))
        return row

    def money(self) -> dict[str, Value]:
        values = [r["revenue"] for r in self.sales]
        n, sold = len(values), math.fsum(values)
        refunded = -math.fsum(r["revenue"] for r in self.refunds)
        off = math.fsum(r["discount"] for r in self.sales)
        return {
            "monetary_value": sold - refunded,
            "avg_order_value": sold / n if n else None,
            "order_value_spread": statistics.stdev(values) if n > 1 else None,
            "max_order_value": max(values, default=None),
            "orders_all": n,
            "items_per_order": math.fsum(r["quantity"] for r in self.sales) / n if n else None,
            "discount_share": share(off, sold + off),
            "discounted_order_share": sum(r["discount"] > 0 for r in self.sales) / n if n else None,
            "refund_rate": len(self.refunds) / n if n else None,
            "refund_value_share": share(refunded, sold),
        }

    def basket(self) -> dict[str, Value]:
        products = [r["product"] for r in self.lines if r["product"] >= 0]
        distinct, favourite, part = mode(r["category"] for r in self.lines if r["category"] >= 0)
        units = math.fsum(r["quantity"] for r in self.lines)
        return {
            "avg_item_price": share(math.fsum(r["revenue"] for r in self.lines), units),
            "distinct_products": len(set(products)) or None,
            "distinct_categories": distinct,
            "favourite_category": favourite,
            "favourite_category_share": part,
            "repeat_product_share": 1 - len(set(products)) / len(products) if products else None,
        }

    def places(self) -> dict[str, Value]:
        row: dict[str, Value] = {}
        for name in ("channel", "location"):
            distinct, main, part = mode(r[name] for r in self.sales if r[name] >= 0)
            row |= {f"distinct_{name}s": distinct, f"main_{name}": main, f"main_{name}_share": part}
        return row

    def clock(self) -> dict[str, Value]:
        times = [self.local(r["ordered_at"]) for r in self.sales]
        n = len(times)
        return {
            "preferred_day_of_week": mode(t.isoweekday() for t in times)[1],
            "preferred_hour_of_day": mode(t.hour for t in times)[1],
            "weekend_share": sum(t.isoweekday() > 5 for t in times) / n if n else None,
            "night_share": sum(t.hour in (22, 23, 0, 1, 2, 3, 4, 5) for t in times) / n if n else None,
        }

    def seasonality(self) -> Value:
        if len(self.sales) < 3:
            return None
        times = [self.local(r["ordered_at"]) for r in self.sales]
        year, month = min((t.year, t.month) for t in times)
        end = self.local(self.as_of)
        seen: Counter[int] = Counter()
        while (year, month) <= (end.year, end.month):
            seen[month] += 1
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        totals = {
            m: math.fsum(r["revenue"] for r, t in zip(self.sales, times, strict=True) if t.month == m) for m in seen
        }
        means = [totals[m] / seen[m] for m in seen]
        return share(max([0.0, *means]), math.fsum(means) / len(means)) if len(means) >= 6 else None

    def happened(self, kind: str, days: float = math.inf) -> list[float]:
        code = EVENT_KINDS.index(kind)
        ages = [self.age(r["occurred_at"]) for r in self.events if r["kind"] == code]
        return [a for a in ages if a <= days]

    def mail(self) -> dict[str, Value]:
        def rate(kind: str, sent: str) -> Value:
            return min(1.0, len(self.happened(kind)) / len(self.happened(sent))) if self.happened(sent) else None

        return {
            "email_sent_90d": len(self.happened("email_sent", 90)),
            "email_open_rate": rate("email_open", "email_sent"),
            "email_click_rate": rate("email_click", "email_sent"),
            "email_bounce_rate": rate("email_bounce", "email_sent"),
            "sms_click_rate": rate("sms_click", "sms_sent"),
            "days_since_last_open": min(self.happened("email_open"), default=None),
        }

    def web(self) -> dict[str, Value]:
        known = any(self.happened(kind) for kind in ("visit", "product_view", "cart", "checkout"))
        return {
            "days_since_last_visit": min(self.happened("visit") + self.happened("product_view"), default=None),
            "website_visit_frequency": len(self.happened("visit", 90)) / 3 if known else None,
            "product_views_90d": len(self.happened("product_view", 90)) if known else None,
        }

    def abandonment(self) -> Value:
        bought = [self.age(r["ordered_at"]) for r in self.sales] + self.happened("purchase")
        carts = [a for a in self.happened("cart") if a >= 1]
        lost = [cart for cart in carts if not any(cart - 1 < b <= cart for b in bought)]
        return len(lost) / len(carts) if carts else None

    def scores(self, row: dict[str, Any]) -> dict[str, Value]:
        health = self.health(row)
        if not self.sales:
            return {"price_sensitivity_score": None, "brand_loyalty_score": None, "customer_health_score": health}
        depth = min(1.0, (row["discount_share"] or 0.0) / 0.3)
        kept = min(1.0, max(0.0, 1 - row["refund_value_share"])) if row["refund_value_share"] is not None else 0.0
        lasting = min(1.0, (row["days_since_first_order"] - row["recency_days"]) / 730)
        full = 1 - row["discounted_order_share"]
        repeat = 1 - math.exp(-(row["frequency_all"] - 1) / 3)
        return {
            "price_sensitivity_score": 60 * row["discounted_order_share"] + 40 * depth,
            "brand_loyalty_score": repeat * (50 + 20 * lasting + 15 * full + 15 * kept),
            "customer_health_score": health,
        }

    def health(self, row: dict[str, Any]) -> float:
        parts = [(20.0, min(1.0, row["frequency_12m"] / 6))]
        gap = min(60.0, max(10.0, row["typical_gap_days"] or 30.0))
        late = row["recency_days"] / gap if self.sales else 3.0
        parts.append((30.0, min(1.0, max(0.0, (3 - late) / 2))))
        parts.append((15.0, 0.0 if row["revenue_trend_90d"] is None else (1 + row["revenue_trend_90d"]) / 2))
        limits = (("email_open_rate", 0.4), ("website_visit_frequency", 4))
        known = [min(1.0, row[name] / full) for name, full in limits if row[name] is not None]
        if known:
            parts.append((15.0, sum(known) / len(known)))
        if self.sales and row["refund_value_share"] is not None:
            parts.append((10.0, min(1.0, max(0.0, 1 - row["refund_value_share"]))))
        elif self.sales:
            parts.append((10.0, 0.0 if self.refunds else 1.0))
        if row["distinct_categories"] is not None:
            parts.append((10.0, min(1.0, row["distinct_categories"] / 3)))
        elif row["distinct_products"] is not None:
            parts.append((10.0, min(1.0, row["distinct_products"] / 6)))
        won = math.fsum(weight * level for weight, level in parts)
        return 100 * won / math.fsum(weight for weight, _ in parts)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
