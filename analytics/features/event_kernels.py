"""Compiled loop over events, sorted by (customer, time); conventions as in order_kernels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analytics.features.compiled import DAY, Codes, Flags, Floats, Integers, compiled

# Positions in core.event_kinds (a test holds the two together).
VISIT, PRODUCT_VIEW, CART, CHECKOUT, PURCHASE, EMAIL_SENT, EMAIL_OPEN, EMAIL_CLICK, EMAIL_BOUNCE = range(9)
SMS_SENT, SMS_CLICK = 10, 11
KIND_COUNT = 12


class EventColumns(NamedTuple):
    """What `event_features` writes, one row of `out` each."""

    email_sent_90d: int
    email_open_rate: int
    email_click_rate: int
    email_bounce_rate: int
    sms_click_rate: int
    days_since_last_open: int
    days_since_last_visit: int
    website_visit_frequency: int
    product_views_90d: int
    cart_abandonment_rate: int


EVENT = EventColumns(*range(len(EventColumns._fields)))


@compiled
def _capped_rate(part: int, whole: int) -> float:
    return min(part / whole, 1.0) if whole > 0 else np.nan


@compiled
def _abandoned_carts(
    at: Integers, kind: Codes, a: int, b: int, order_at: Integers, sale: Flags, oa: int, ob: int, as_of: int
) -> float:
    """Share of carts at least a day old without an order or purchase event within the day after them."""
    carts = abandoned = 0
    event, order = a, oa
    for i in range(a, b):
        if kind[i] != CART or at[i] + DAY > as_of:
            continue
        while event < b and (kind[event] != PURCHASE or at[event] < at[i]):
            event += 1
        while order < ob and (not sale[order] or order_at[order] < at[i]):
            order += 1
        bought = (event < b and at[event] < at[i] + DAY) or (order < ob and order_at[order] < at[i] + DAY)
        carts += 1
        abandoned += not bought
    return abandoned / carts if carts > 0 else np.nan


@compiled
def event_features(
    offsets: Integers,
    at: Integers,
    kind: Codes,
    order_offsets: Integers,
    order_at: Integers,
    sale: Flags,
    as_of: int,
    out: Floats,
) -> None:
    """Fill `out` (len(EVENT), n) from events; the orders tell which carts were bought."""
    for c in range(offsets.size - 1):
        a, b = offsets[c], offsets[c + 1]
        counts, recent, last = np.zeros(KIND_COUNT, np.int64), np.zeros(KIND_COUNT, np.int64), np.zeros(KIND_COUNT)
        for i in range(a, b):
            counts[kind[i]] += 1
            recent[kind[i]] += as_of - at[i] <= 90 * DAY
            last[kind[i]] = (as_of - at[i]) / DAY
        out[EVENT.email_sent_90d, c] = recent[EMAIL_SENT]
        out[EVENT.email_open_rate, c] = _capped_rate(counts[EMAIL_OPEN], counts[EMAIL_SENT])
        out[EVENT.email_click_rate, c] = _capped_rate(counts[EMAIL_CLICK], counts[EMAIL_SENT])
        out[EVENT.email_bounce_rate, c] = _capped_rate(counts[EMAIL_BOUNCE], counts[EMAIL_SENT])
        out[EVENT.sms_click_rate, c] = _capped_rate(counts[SMS_CLICK], counts[SMS_SENT])
        if counts[EMAIL_OPEN] > 0:
            out[EVENT.days_since_last_open, c] = last[EMAIL_OPEN]
        if counts[VISIT] + counts[PRODUCT_VIEW] > 0:
            visit = last[VISIT] if counts[VISIT] > 0 else np.inf
            view = last[PRODUCT_VIEW] if counts[PRODUCT_VIEW] > 0 else np.inf
            out[EVENT.days_since_last_visit, c] = min(visit, view)
        if counts[VISIT] + counts[PRODUCT_VIEW] + counts[CART] + counts[CHECKOUT] > 0:
            out[EVENT.website_visit_frequency, c] = recent[VISIT] / 3
            out[EVENT.product_views_90d, c] = recent[PRODUCT_VIEW]
        oa, ob = order_offsets[c], order_offsets[c + 1]
        out[EVENT.cart_abandonment_rate, c] = _abandoned_carts(at, kind, a, b, order_at, sale, oa, ob, as_of)
