"""Compiled loops over orders and order lines: each walks the customers once over rows sorted by (customer, time).

Arrays are read-only and C-contiguous; instants are microseconds since 1970. `offsets` (n + 1) cuts a table's rows by
customer. Results go into `out[column, customer]` (float64), which comes in as NaN and stays so where undefined.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analytics.features.compiled import DAY, HOUR, Codes, Flags, Floats, Integers, compiled

NIGHT_FROM, NIGHT_UNTIL = 22, 6
NO_MONEY = 1e-6  # less is what rounding leaves of a purchase that was cancelled
MINIMUM_SEASON_ORDERS, MINIMUM_SEASON_MONTHS = 3, 6


class OrderColumns(NamedTuple):
    """What `order_features` writes, one row of `out` each."""

    recency_days: int
    days_since_first_order: int
    frequency_12m: int
    frequency_all: int
    typical_gap_days: int
    gap_spread_days: int
    overdue_ratio: int
    monetary_value: int
    avg_order_value: int
    order_value_spread: int
    max_order_value: int
    orders_all: int
    orders_30d: int
    orders_90d: int
    orders_365d: int
    revenue_30d: int
    revenue_90d: int
    revenue_365d: int
    revenue_trend_90d: int
    items_per_order: int
    discount_share: int
    discounted_order_share: int
    refund_rate: int
    refund_value_share: int
    distinct_channels: int
    main_channel: int
    main_channel_share: int
    preferred_day_of_week: int
    preferred_hour_of_day: int
    weekend_share: int
    night_share: int
    spending_seasonality: int
    distinct_locations: int
    main_location: int
    main_location_share: int


ORDER = OrderColumns(*range(len(OrderColumns._fields)))


class ItemColumns(NamedTuple):
    """What `item_features` writes, one row of `out` each."""

    avg_item_price: int
    distinct_products: int
    distinct_categories: int
    favourite_category: int
    favourite_category_share: int
    repeat_product_share: int


ITEM = ItemColumns(*range(len(ItemColumns._fields)))


@compiled
def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > NO_MONEY else np.nan


@compiled
def _code_mode(
    codes: Codes, counted: Flags, a: int, b: int, counts: Integers, seen: Codes
) -> tuple[int, int, int, int]:
    """(distinct, most frequent code, its count, rows) of known codes; `counts` comes and goes as zeros."""
    distinct = rows = 0
    for i in range(a, b):
        code = codes[i]
        if counted[i] and code >= 0:
            if counts[code] == 0:
                seen[distinct] = code
                distinct += 1
            counts[code] += 1
            rows += 1
    best, best_count = -1, 0
    for k in range(distinct):
        code = seen[k]
        if counts[code] > best_count or (counts[code] == best_count and code < best):
            best, best_count = code, counts[code]
        counts[code] = 0
    return distinct, best, best_count, rows


@compiled
def _month_index(day: int) -> int:
    """Months since year 0 of a day number since 1970-01-01 (civil-from-days over 400-year eras)."""
    shifted = day + 719_468
    of_era = shifted % 146_097
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    from_march = (5 * of_year + 2) // 153
    return int((year + 400 * (shifted // 146_097)) * 12 + from_march + 2)


@compiled
def _spread(values: Floats, counted: Flags, a: int, b: int, mean: float, count: int) -> float:
    if count < 2:
        return np.nan
    squares = 0.0
    for i in range(a, b):
        if counted[i]:
            squares += (values[i] - mean) ** 2
    return float(np.sqrt(squares / (count - 1)))


@compiled
def _rhythm(at: Integers, local: Integers, sale: Flags, a: int, b: int, as_of: int, out: Floats, c: int) -> None:
    gaps = np.empty(b - a, np.float64)
    days = year_days = 0
    first = last = previous = 0
    for i in range(a, b):
        if not sale[i]:
            continue
        day = local[i] // DAY
        if days == 0:
            first = at[i]
        if days == 0 or day > previous:
            if days > 0:
                gaps[days - 1] = day - previous
            days += 1
            previous = day
        last = at[i]
    previous = -(1 << 62)
    for i in range(a, b):
        if sale[i] and at[i] >= as_of - 365 * DAY and local[i] // DAY > previous:
            previous = local[i] // DAY
            year_days += 1
    out[ORDER.frequency_12m, c] = year_days
    out[ORDER.frequency_all, c] = days
    if days > 0:
        out[ORDER.recency_days, c] = (as_of - last) / DAY
        out[ORDER.days_since_first_order, c] = (as_of - first) / DAY
    if days > 1:
        gap = np.median(gaps[: days - 1])
        out[ORDER.typical_gap_days, c] = gap
        out[ORDER.overdue_ratio, c] = (as_of - last) / DAY / gap
    if days > 2:
        out[ORDER.gap_spread_days, c] = gaps[: days - 1].std() * np.sqrt((days - 1) / (days - 2))


@compiled
def _windows(at: Integers, revenue: Floats, sale: Flags, a: int, b: int, as_of: int, out: Floats, c: int) -> None:
    """Counts and sums of the last 30, 90 and 365 days, and the trend of the last 90 days on the 90 before."""
    orders_30 = orders_90 = orders_365 = 0
    revenue_30 = revenue_90 = revenue_365 = before = 0.0
    for i in range(b - 1, a - 1, -1):
        age = as_of - at[i]
        if age > 365 * DAY:
            break
        orders_365 += sale[i]
        revenue_365 += revenue[i]
        if age <= 90 * DAY:
            orders_90 += sale[i]
            revenue_90 += revenue[i]
        elif age <= 180 * DAY:
            before += revenue[i]
        if age <= 30 * DAY:
            orders_30 += sale[i]
            revenue_30 += revenue[i]
    out[ORDER.orders_30d, c], out[ORDER.revenue_30d, c] = orders_30, revenue_30
    out[ORDER.orders_90d, c], out[ORDER.revenue_90d, c] = orders_90, revenue_90
    out[ORDER.orders_365d, c], out[ORDER.revenue_365d, c] = orders_365, revenue_365
    out[ORDER.revenue_trend_90d, c] = _ratio(revenue_90 - before, abs(revenue_90) + abs(before))


@compiled
def _money(
    revenue: Floats, discount: Floats, quantity: Floats, sale: Flags, a: int, b: int, out: Floats, c: int
) -> None:
    orders = discounted = 0
    sold = refunded = taken_off = units = 0.0
    largest = -np.inf
    for i in range(a, b):
        if not sale[i]:
            refunded -= revenue[i]
            continue
        orders += 1
        discounted += discount[i] > 0
        sold += revenue[i]
        taken_off += discount[i]
        units += quantity[i]
        largest = max(largest, revenue[i])
    out[ORDER.orders_all, c] = orders
    out[ORDER.monetary_value, c] = sold - refunded
    out[ORDER.refund_value_share, c] = _ratio(refunded, sold)
    out[ORDER.discount_share, c] = _ratio(taken_off, sold + taken_off)
    if orders > 0:
        out[ORDER.avg_order_value, c] = sold / orders
        out[ORDER.order_value_spread, c] = _spread(revenue, sale, a, b, sold / orders, orders)
        out[ORDER.max_order_value, c] = largest
        out[ORDER.items_per_order, c] = units / orders
        out[ORDER.discounted_order_share, c] = discounted / orders
        out[ORDER.refund_rate, c] = (b - a - orders) / orders


@compiled
def _clock(local: Integers, sale: Flags, a: int, b: int, out: Floats, c: int) -> None:
    """Preferred day and hour, weekend and night shares of the orders; np.argmax takes the earliest of equals."""
    weekdays, hours = np.zeros(7, np.int64), np.zeros(24, np.int64)
    orders = night = 0
    for i in range(a, b):
        if sale[i]:
            hour = local[i] // HOUR % 24
            weekdays[(local[i] // DAY + 3) % 7] += 1
            hours[hour] += 1
            night += hour >= NIGHT_FROM or hour < NIGHT_UNTIL
            orders += 1
    if orders > 0:
        out[ORDER.preferred_day_of_week, c] = np.argmax(weekdays) + 1
        out[ORDER.preferred_hour_of_day, c] = np.argmax(hours)
        out[ORDER.weekend_share, c] = (weekdays[5] + weekdays[6]) / orders
        out[ORDER.night_share, c] = night / orders


@compiled
def _seasonality(local: Integers, revenue: Floats, sale: Flags, a: int, b: int, last_month: int) -> float:
    """Peak over mean of the 12 calendar months' order value, each divided by how often the month was seen."""
    totals, seen = np.zeros(12), np.zeros(12)
    orders, first_month = 0, last_month
    for i in range(a, b):
        if sale[i]:
            month = _month_index(local[i] // DAY)
            first_month = min(first_month, month)
            totals[month % 12] += revenue[i]
            orders += 1
    for month in range(first_month, last_month + 1):
        seen[month % 12] += 1
    months = np.sum(seen > 0)
    if orders < MINIMUM_SEASON_ORDERS or months < MINIMUM_SEASON_MONTHS:
        return np.nan
    peak = total = 0.0
    for m in range(12):
        if seen[m] > 0:
            peak = max(peak, totals[m] / seen[m])
            total += totals[m] / seen[m]
    return _ratio(peak, total / months)


@compiled
def order_features(
    offsets: Integers,
    at: Integers,
    local: Integers,
    revenue: Floats,
    discount: Floats,
    quantity: Floats,
    sale: Flags,
    channel: Codes,
    location: Codes,
    as_of: int,
    local_as_of: int,
    code_count: int,
    out: Floats,
) -> None:
    """Fill `out` (len(ORDER), n); `local` is the wall-clock time of `at`, `sale` the rows that are no refund."""
    counts, seen = np.zeros(code_count, np.int64), np.empty(code_count, np.int32)
    last_month = _month_index(local_as_of // DAY)
    for c in range(offsets.size - 1):
        a, b = offsets[c], offsets[c + 1]
        _rhythm(at, local, sale, a, b, as_of, out, c)
        _windows(at, revenue, sale, a, b, as_of, out, c)
        _money(revenue, discount, quantity, sale, a, b, out, c)
        _clock(local, sale, a, b, out, c)
        out[ORDER.spending_seasonality, c] = _seasonality(local, revenue, sale, a, b, last_month)
        distinct, code, count, rows = _code_mode(channel, sale, a, b, counts, seen)
        if rows > 0:
            out[ORDER.distinct_channels, c], out[ORDER.main_channel, c] = distinct, code
            out[ORDER.main_channel_share, c] = count / rows
        distinct, code, count, rows = _code_mode(location, sale, a, b, counts, seen)
        if rows > 0:
            out[ORDER.distinct_locations, c], out[ORDER.main_location, c] = distinct, code
            out[ORDER.main_location_share, c] = count / rows


@compiled
def item_features(
    offsets: Integers,
    product: Codes,
    category: Codes,
    revenue: Floats,
    quantity: Floats,
    bought: Flags,
    code_count: int,
    out: Floats,
) -> None:
    """Fill `out` (len(ITEM), n) from order lines; `bought` marks the lines that are no refund."""
    counts, seen = np.zeros(code_count, np.int64), np.empty(code_count, np.int32)
    for c in range(offsets.size - 1):
        a, b = offsets[c], offsets[c + 1]
        money = units = 0.0
        for i in range(a, b):
            if bought[i]:
                money += revenue[i]
                units += quantity[i]
        out[ITEM.avg_item_price, c] = _ratio(money, units)
        distinct, code, count, rows = _code_mode(product, bought, a, b, counts, seen)
        if rows > 0:
            out[ITEM.distinct_products, c] = distinct
            out[ITEM.repeat_product_share, c] = 1 - distinct / rows
        distinct, code, count, rows = _code_mode(category, bought, a, b, counts, seen)
        if rows > 0:
            out[ITEM.distinct_categories, c], out[ITEM.favourite_category, c] = distinct, code
            out[ITEM.favourite_category_share, c] = count / rows
