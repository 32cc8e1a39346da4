"""Payment services: Stripe's payments and Square's items."""

from __future__ import annotations

from connectors.files.columns import first_of, together
from connectors.files.preset import Part, Preset

PRESETS = (
    Preset(
        name="stripe_payments",
        title="Stripe payments",
        source="Stripe Dashboard → Payments → Export",
        marks=("id", "Amount", "Amount Refunded", "Currency", "Status", "Created date (UTC)|Created (UTC)|Created*"),
        parts=(
            Part(
                "orders",
                {
                    "order_id": "id",
                    "customer": "Customer ID",
                    "email": ("Customer Email", "email (metadata)"),
                    "ordered_at": ("Created date (UTC)", "Created (UTC)", "Created*"),
                    "revenue": "Amount",
                    "currency": "Currency",
                    "refunded": "Amount Refunded",
                    "refunded_at": ("Refunded date (UTC)", "Refunded (UTC)"),
                    "payment_status": "Status",
                    "name": ("Customer Description", "Card Name"),
                    "country": "Card Address Country",
                },
            ),
        ),
        statuses={"incomplete": "pending"},
        note="Revenue is “Amount” as the customer was charged, before Stripe's fee.",
        unread="Converted Amount (in the currency of the account), Fee, Net, cards.",
    ),
    Preset(
        name="square_items",
        title="Square items",
        source="Square Dashboard → Transactions → Export items",
        marks=("Date", "Time", "Item", "Qty", "Gross Sales", "Net Sales", "Transaction ID", "Event Type"),
        parts=(
            Part(
                "order_lines",
                {
                    "order_id": "Transaction ID",
                    "customer": "Customer ID",
                    "ordered_at": "sold_at",
                    "sku": "goods",
                    "description": "Item",
                    "category": "Category",
                    "quantity": "Qty",
                    "revenue": "Net Sales",
                    "discount": "Discounts",
                    "tax": "Tax",
                    "status": "Event Type",
                    "channel": "Location",
                    "name": "Customer Name",
                },
            ),
        ),
        derived={"sold_at": together("Date", "Time"), "goods": first_of("SKU", "Item")},
        note="Revenue is “Net Sales”: after discounts, before tax and tips.",
        unread="Gross Sales, modifiers, devices, employees.",
    ),
)
