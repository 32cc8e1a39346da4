"""Figures of what is in an order's money: tax, shipping, and amounts in the currencies that were charged."""

from __future__ import annotations

from database.semantic.model import Metric

__all__ = ["CHARGES", "OWN_CURRENCY"]

OWN_CURRENCY = "(select nullif(currency, '') from organisations)"
_TAX = "how much tax is in all or some of the orders has not been told by any file"

CHARGES = (
    Metric(
        "tax",
        "money",
        "Tax in the revenue of order rows that tell it; that of refunds is taken off.",
        {"orders": "coalesce(sum(o.tax), 0)"},
        needs="o.tax is not null",
        lacking=_TAX,
    ),
    Metric(
        "shipping_charged",
        "money",
        "Shipping in the revenue of order rows that tell it.",
        {"orders": "coalesce(sum(o.shipping), 0)"},
        needs="o.shipping is not null",
        title="Shipping charged",
        lacking="how much shipping is in the orders has not been told by any file",
    ),
    Metric(
        "revenue_before_tax",
        "money",
        "Net revenue without the tax in it; refunds that tell no tax have the share of their order. Not known where "
        "the tax of any order is not.",
        {
            "orders": "case when bool_and(o.tax is not null or o.revenue = 0)"
            " then sum(o.revenue - coalesce(o.tax, 0)) end"
        },
        needs="o.tax is not null",
        title="Revenue before tax",
        is_count=False,
        adds_over_time=False,
        lacking=_TAX,
    ),
    Metric(
        "charged",
        "amount",
        "Net amounts in the currency that was charged, with orders that are kept apart for want of an exchange rate. "
        "Amounts of different currencies are never added.",
        {
            "charges": "case when count(distinct coalesce(o.currency, '')) = 1"
            " then sum(coalesce(o.charged, o.revenue)) end"
        },
        title="Charged",
        is_count=False,
        adds_over_time=False,
        lacking="the currency differs, and currencies are never added: ask for it by currency",
    ),
    Metric(
        "charged_orders",
        "orders",
        "Sale orders, those that are kept apart for want of an exchange rate too.",
        {"charges": "count(*) filter (where o.kind = 'sale')"},
        title="Orders charged",
    ),
)
