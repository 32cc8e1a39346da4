"""Every feature of the dictionary by pandas, as somebody good at it writes them: the baseline of the compiled pass.

Groupby aggregations over columns made beforehand; no loop over customers and no groupby.apply. What is more than one
aggregation is vectorised all the same: favourites by counts of (customer, code), the seasonality by sums of (customer,
calendar month), the gaps by shifted rows, abandoned carts by merge_asof.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
from adbc_driver_postgresql import dbapi

from analytics.features.dictionary import CATEGORY_NAMES, NAMES
from core.event_kinds import EVENT_KINDS
from database.queries.history import EVENTS, ITEMS, ORDERS, statement

TEXT = {"favourite_category": "category", "main_channel": "channel", "main_location": "location"}
DAY = pd.Timedelta(days=1)
NO_MONEY = 1e-6
ZERO_WITHOUT_ROWS = (
    "monetary_value", "orders_all", "orders_30d", "orders_90d", "orders_365d", "revenue_30d", "revenue_90d",
    "revenue_365d", "frequency_12m", "frequency_all", "email_sent_90d",
)  # fmt: skip


def by_pandas(
    orders: pd.DataFrame, items: pd.DataFrame, events: pd.DataFrame, *, as_of: datetime, time_zone: str = "UTC"
) -> pd.DataFrame:
    """One row per customer (the index, ascending), a column for each of NAMES; NaN where undefined, codes as Int32.

    Frames as `compute_features` takes them, by `to_pandas`, unknown codes −1 and nothing null; rows at or after `as_of`
    are ignored, and frames sorted by (customer_id, time) are not sorted again.
    """
    now = pd.Timestamp(as_of).tz_convert("UTC")
    orders = _sorted(_before(orders, "ordered_at", now), "ordered_at")
    items, events = _before(items, "ordered_at", now), _before(events, "occurred_at", now)
    sales = _sales(orders, time_zone)
    first = _first(orders, items, events)
    parts = [
        _value(orders, sales, now),
        _rhythm(sales, now),
        _windows(orders, now),
        _clock(sales),
        _seasonality(sales, now.tz_convert(time_zone)),
        _modes(sales, "channel", "distinct_channels", "main_channel"),
        _modes(sales, "location", "distinct_locations", "main_location"),
        _basket(items),
        _engagement(events, now),
        _abandonment(events, sales, now),
    ]
    out = pd.concat([part.reindex(first.index) for part in parts], axis=1)
    out["tenure_days"] = (now - first) / DAY
    out["overdue_ratio"] = out["recency_days"] / out["typical_gap_days"]
    out = out.fillna(dict.fromkeys(ZERO_WITHOUT_ROWS, 0.0))
    out["price_sensitivity_score"] = _price_sensitivity(out)
    out["brand_loyalty_score"] = _brand_loyalty(out)
    out["customer_health_score"] = _health(out)
    return out[list(NAMES)].astype(dict.fromkeys(CATEGORY_NAMES, "Int32"))


def database_to_database(owner_uri: str, as_of: datetime, time_zone: str) -> int:
    """The features by pandas alone, on its quickest way in and out (read_sql and to_sql over ADBC): rows written.

    The same queries as ours, text as categories, amounts as doubles (of text it would make Python's own first); the
    table it writes has no key and no index, which ours keeps up.
    """
    with dbapi.connect(owner_uri) as connection:
        orders, items, events = (
            pd.read_sql(statement(query, as_of, number="float8"), connection) for query in (ORDERS, ITEMS, EVENTS)
        )
        names = {}
        for frame, columns in ((orders, ("channel", "location")), (items, ("product", "category"))):
            for column in columns:
                frame[column], names[column] = pd.factorize(frame[column], sort=True)
        kinds = pd.Categorical(events["kind"], categories=list(EVENT_KINDS)).codes
        events = events.assign(kind=kinds)[kinds >= 0]
        made = by_pandas(orders, items, events, as_of=as_of, time_zone=time_zone)
        for feature, source in TEXT.items():
            made[feature] = made[feature].map(dict(enumerate(names[source])))
        made.assign(as_of=as_of).to_sql("features_by_pandas", connection, if_exists="replace")
        return len(made)


def _before(frame: pd.DataFrame, time: str, now: pd.Timestamp) -> pd.DataFrame:
    known = frame[time] < now
    return frame if known.all() else frame[known]


def _sorted(frame: pd.DataFrame, time: str) -> pd.DataFrame:
    customer, at = frame["customer_id"], frame[time]
    back = (customer == customer.shift()) & (at < at.shift())
    if customer.is_monotonic_increasing and not back.any():
        return frame
    return frame.sort_values(["customer_id", time])


def _sales(orders: pd.DataFrame, time_zone: str) -> pd.DataFrame:
    """Orders that are no refund, with what the clock on the wall showed."""
    sales = orders[~orders["is_refund"]]
    local = sales["ordered_at"].dt.tz_convert(time_zone).dt.tz_localize(None)
    weekday, hour = local.dt.dayofweek + 1, local.dt.hour
    return sales.assign(
        day=local.dt.normalize(),
        weekday=weekday,
        hour=hour,
        month=local.dt.year * 12 + local.dt.month - 1,
        weekend=weekday > 5,
        night=(hour >= 22) | (hour < 6),
        discounted=sales["discount"] > 0,
    )


def _first(orders: pd.DataFrame, items: pd.DataFrame, events: pd.DataFrame) -> pd.Series:
    """The first row of any table, by customer; its index is everybody."""
    tables = ((orders, "ordered_at"), (items, "ordered_at"), (events, "occurred_at"))
    each = [table.groupby("customer_id")[time].min() for table, time in tables]
    return pd.concat(each).groupby(level=0).min()


def _ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    return (part / whole).where(whole > NO_MONEY)


def _value(orders: pd.DataFrame, sales: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Everything that is a plain aggregate of orders or refunds."""
    refunds = orders.loc[orders["is_refund"]].groupby("customer_id")["revenue"].agg(["size", "sum"])
    by = sales.groupby("customer_id")
    means = by[["revenue", "quantity", "discounted", "weekend", "night"]].mean()
    sums, times = by[["revenue", "discount"]].sum(), by["ordered_at"].agg(["min", "max"])
    known = means.index.union(refunds.index)
    refunds = refunds.reindex(known, fill_value=0.0)
    sold, refunded = sums["revenue"].reindex(known, fill_value=0.0), -refunds["sum"]
    orders_all = by.size()
    return pd.DataFrame(
        {
            "recency_days": (now - times["max"]) / DAY,
            "days_since_first_order": (now - times["min"]) / DAY,
            "monetary_value": sold - refunded,
            "avg_order_value": means["revenue"],
            "order_value_spread": by["revenue"].std(),
            "max_order_value": by["revenue"].max(),
            "orders_all": orders_all,
            "items_per_order": means["quantity"],
            "discount_share": _ratio(sums["discount"], sums["revenue"] + sums["discount"]),
            "discounted_order_share": means["discounted"],
            "refund_rate": refunds["size"] / orders_all,
            "refund_value_share": _ratio(refunded, sold),
            "weekend_share": means["weekend"],
            "night_share": means["night"],
        },
        index=known,
    )


def _rhythm(sales: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Purchase days and the gaps between them; rows come sorted, so that a day's orders stand together."""
    customer, day = sales["customer_id"], sales["day"]
    days = sales.loc[(customer != customer.shift()) | (day != day.shift()), ["customer_id", "day"]]
    days["gap"] = days["day"].diff().where(days["customer_id"] == days["customer_id"].shift()) / DAY
    recent = sales.loc[sales["ordered_at"] >= now - 365 * DAY, ["customer_id", "day"]].drop_duplicates()
    by = days.groupby("customer_id")
    return pd.DataFrame(
        {
            "frequency_12m": recent.groupby("customer_id").size(),
            "frequency_all": by.size(),
            "typical_gap_days": by["gap"].median(),
            "gap_spread_days": by["gap"].std(),
        }
    )


def _windows(orders: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Counts and sums of the last days, and the trend of the last 90 on the 90 before."""
    rows = orders[["customer_id", "ordered_at", "revenue"]].assign(sale=(~orders["is_refund"]).astype(float))
    sums = {}
    for newest, oldest in ((0, 365), (90, 180), (0, 90), (0, 30)):
        rows = rows[rows["ordered_at"] >= now - oldest * DAY]
        window = rows[rows["ordered_at"] < now - newest * DAY] if newest else rows
        sums[oldest] = window.groupby("customer_id")[["revenue", "sale"]].sum()
    out = pd.DataFrame(index=sums[365].index)
    for days in (365, 90, 30):
        out[[f"revenue_{days}d", f"orders_{days}d"]] = sums[days].reindex(out.index, fill_value=0.0).to_numpy()
    before = sums[180]["revenue"].reindex(out.index, fill_value=0.0)
    out["revenue_trend_90d"] = _ratio(out["revenue_90d"] - before, out["revenue_90d"].abs() + before.abs())
    return out


def _mode(frame: pd.DataFrame, code: str) -> pd.DataFrame:
    """How many codes, the best, and its share; counts are in order of code, so idxmax takes the lowest of equals."""
    counts = frame.groupby(["customer_id", code], as_index=False).size()
    by = counts.groupby("customer_id")["size"]
    best = counts.loc[by.idxmax()].set_index("customer_id")
    return pd.DataFrame({"distinct": by.size(), "best": best[code], "share": best["size"] / by.sum()})


def _modes(frame: pd.DataFrame, code: str, distinct: str, best: str) -> pd.DataFrame:
    """The same over known codes alone, under the names of the features."""
    return _mode(frame.loc[frame[code] >= 0, ["customer_id", code]], code).rename(
        columns={"distinct": distinct, "best": best, "share": f"{best}_share"}
    )


def _clock(sales: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "preferred_day_of_week": _mode(sales, "weekday")["best"],
            "preferred_hour_of_day": _mode(sales, "hour")["best"],
        }
    )


def _seasonality(sales: pd.DataFrame, local_now: pd.Timestamp) -> pd.DataFrame:
    """Peak over mean of the calendar months' revenue, each divided by how often the month was seen."""
    last = local_now.year * 12 + local_now.month - 1
    by = sales.groupby("customer_id")["month"].agg(["size", "min"])
    months = (last - by["min"] + 1).clip(upper=12)
    enough = (by["size"] >= 3) & (months >= 6)
    calendar = sales["month"] % 12
    totals = sales.groupby(["customer_id", calendar])["revenue"].sum().reset_index()
    first = totals["customer_id"].map(by["min"])
    seen = (last - totals["month"]) // 12 - (first - 1 - totals["month"]) // 12
    means = (totals["revenue"] / seen).groupby(totals["customer_id"]).agg(["max", "sum"])
    ratio = _ratio(means["max"].clip(lower=0.0), means["sum"] / months)
    return pd.DataFrame({"spending_seasonality": ratio.where(enough)})


def _basket(items: pd.DataFrame) -> pd.DataFrame:
    bought = items[items["quantity"] > 0]
    sums = bought.groupby("customer_id")[["revenue", "quantity"]].sum()
    products = bought.loc[bought["product"] >= 0].groupby("customer_id")["product"].agg(["nunique", "size"])
    out = pd.DataFrame({"avg_item_price": _ratio(sums["revenue"], sums["quantity"])})
    out["distinct_products"] = products["nunique"]
    out["repeat_product_share"] = 1 - products["nunique"] / products["size"]
    return out.join(_modes(bought, "category", "distinct_categories", "favourite_category"))


def _engagement(events: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Counts and last times by (customer, kind), the kinds as columns."""
    ages = events[["customer_id", "kind"]].assign(age=(now - events["occurred_at"]) / DAY)
    both = ages.groupby(["customer_id", "kind"])["age"].agg(["size", "min"])
    counts, last = _by_kind(both["size"]).fillna(0.0), _by_kind(both["min"])
    recent = _by_kind(ages[ages["age"] <= 90].groupby(["customer_id", "kind"]).size())
    recent = recent.reindex(counts.index).fillna(0.0)
    online = (counts[["visit", "product_view", "cart", "checkout"]] > 0).any(axis=1)
    rates = {
        f"{name}_rate": (counts[name] / counts[sent]).clip(upper=1.0).where(counts[sent] > 0)
        for name, sent in (
            ("email_open", "email_sent"), ("email_click", "email_sent"), ("email_bounce", "email_sent"),
            ("sms_click", "sms_sent"),
        )
    }  # fmt: skip
    return pd.DataFrame(
        {
            **rates,
            "email_sent_90d": recent["email_sent"],
            "days_since_last_open": last["email_open"],
            "days_since_last_visit": last[["visit", "product_view"]].min(axis=1),
            "website_visit_frequency": (recent["visit"] / 3).where(online),
            "product_views_90d": recent["product_view"].where(online),
        }
    )


def _by_kind(values: pd.Series) -> pd.DataFrame:
    return values.unstack("kind").reindex(columns=range(len(EVENT_KINDS))).set_axis(list(EVENT_KINDS), axis=1)


def _abandonment(events: pd.DataFrame, sales: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Carts at least a day old for which the next order or purchase event is a day away or more."""
    cart, purchase = EVENT_KINDS.index("cart"), EVENT_KINDS.index("purchase")
    carts = events.loc[(events["kind"] == cart) & (events["occurred_at"] <= now - DAY), ["customer_id", "occurred_at"]]
    purchases = events.loc[events["kind"] == purchase, ["customer_id", "occurred_at"]]
    orders = sales[["customer_id", "ordered_at"]].rename(columns={"ordered_at": "occurred_at"})
    bought = pd.concat([orders[orders["customer_id"].isin(carts["customer_id"].unique())], purchases])
    bought = bought.sort_values("occurred_at").assign(bought=True)
    found = pd.merge_asof(
        carts.sort_values("occurred_at"),
        bought,
        on="occurred_at",
        by="customer_id",
        direction="forward",
        tolerance=DAY - pd.Timedelta(microseconds=1),
    )
    return found["bought"].isna().groupby(found["customer_id"]).mean().to_frame("cart_abandonment_rate")


def _price_sensitivity(out: pd.DataFrame) -> pd.Series:
    depth = (out["discount_share"].fillna(0.0) / 0.30).clip(0.0, 1.0)
    return 60.0 * out["discounted_order_share"] + 40.0 * depth


def _brand_loyalty(out: pd.DataFrame) -> pd.Series:
    repeat = 1.0 - np.exp(-(out["frequency_all"] - 1.0) / 3.0)
    lasting = ((out["days_since_first_order"] - out["recency_days"]) / 730.0).clip(0.0, 1.0)
    kept = (1.0 - out["refund_value_share"].fillna(1.0)).clip(0.0, 1.0)
    score = repeat * (50.0 + 20.0 * lasting + 15.0 * (1.0 - out["discounted_order_share"]) + 15.0 * kept)
    return score.where(out["recency_days"].notna())


def _health(out: pd.DataFrame) -> pd.Series:
    gap = out["typical_gap_days"].fillna(30.0).clip(10.0, 60.0)
    shares = {"email_open_rate": 0.4, "website_visit_frequency": 4.0}
    kept = (1.0 - out["refund_value_share"].fillna(np.sign(out["refund_rate"]))).clip(0.0, 1.0)
    products = (out["distinct_products"] / 6.0).clip(upper=1.0)
    levels = pd.DataFrame(
        {
            "rhythm": ((3.0 - out["recency_days"] / gap) / 2.0).clip(0.0, 1.0).fillna(0.0),
            "frequency": (out["frequency_12m"] / 6.0).clip(upper=1.0),
            "trend": ((1.0 + out["revenue_trend_90d"]) / 2.0).fillna(0.0),
            "engagement": (out[list(shares)] / pd.Series(shares)).clip(upper=1.0).mean(axis=1),
            "satisfaction": kept.where(out["recency_days"].notna()),
            "breadth": (out["distinct_categories"] / 3.0).clip(upper=1.0).fillna(products),
        }
    )
    weights = pd.Series(
        {"rhythm": 30.0, "frequency": 20.0, "trend": 15.0, "engagement": 15.0, "satisfaction": 10.0, "breadth": 10.0}
    )
    return 100.0 * levels.mul(weights).sum(axis=1) / levels.notna().mul(weights).sum(axis=1)
