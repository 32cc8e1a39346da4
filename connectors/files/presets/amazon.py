"""Amazon: the flat file of all orders."""

from __future__ import annotations

from connectors.files.preset import Part, Preset

PRESETS = (
    Preset(
        name="amazon_orders",
        title="Amazon all orders",
        source="Seller Central → Reports → Fulfilment → All Orders (flat file)",
        marks=("amazon-order-id", "purchase-date", "order-status", "item-price", "quantity"),
        parts=(
            Part(
                "order_lines",
                {
                    "order_id": "amazon-order-id",
                    "email": "buyer-email",
                    "ordered_at": "purchase-date",
                    "sku": ("sku", "asin"),
                    "description": "product-name",
                    "quantity": "quantity",
                    "revenue": "item-price",
                    "line_discount": "item-promotion-discount",
                    "currency": "currency",
                    "tax": "item-tax",
                    "shipping": "shipping-price",
                    "status": "order-status",
                    "channel": "sales-channel",
                    "country": "ship-country",
                    "city": "ship-city",
                },
            ),
        ),
        statuses={"pending": "pending", "unshipped": "sale", "partially shipped": "sale"},
        note="“item-price” is the price of the whole line, not of a piece; tax and shipping come on top and are not in"
        " the revenue.",
        unread="Gift wrap and promotion on shipping; refunds, which this report does not hold.",
    ),
)
