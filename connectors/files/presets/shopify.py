"""Shopify: orders, customers and products as the admin exports them."""

from __future__ import annotations

from connectors.files.columns import first_of, unquoted
from connectors.files.preset import LeftOut, Part, Preset

PRESETS = (
    Preset(
        name="shopify_orders",
        title="Shopify orders",
        source="Shopify admin → Orders → Export",
        marks=("Name", "Financial Status", "Lineitem quantity", "Lineitem name", "Created at"),
        order="Name",
        parts=(
            Part(
                "orders",
                {
                    "order_id": "Name",
                    "email": "Email",
                    "phone": "number",
                    "ordered_at": "Created at",
                    "revenue": "Total",
                    "currency": "Currency",
                    "subtotal": "Subtotal",
                    "discount": "Discount Amount",
                    "voucher_code": "Discount Code",
                    "tax": "Taxes",
                    "shipping": "Shipping",
                    "refunded": "Refunded Amount",
                    "payment_status": "Financial Status",
                    "cancelled_at": "Cancelled at",
                    "channel": "Source",
                    "name": "buyer",
                    "country": "country",
                    "city": "town",
                },
            ),
            Part(
                "order_lines",
                {
                    "order_id": "Name",
                    "email": "Email",
                    "ordered_at": "Created at",
                    "sku": "goods",
                    "description": "Lineitem name",
                    "quantity": "Lineitem quantity",
                    "unit_price": "Lineitem price",
                    "line_discount": "Lineitem discount",
                    "payment_status": "Financial Status",
                    "cancelled_at": "Cancelled at",
                },
            ),
        ),
        derived={
            "goods": first_of("Lineitem sku", "Lineitem name"),
            "number": unquoted("Phone", "Billing Phone"),
            "buyer": first_of("Billing Name", "Shipping Name"),
            "country": first_of("Shipping Country", "Billing Country"),  # what is not sent has no place to go to
            "town": first_of("Shipping City", "Billing City"),
        },
        unread="Refunds have no date of their own here: they are booked on the day of their order.",
    ),
    Preset(
        name="shopify_customers",
        title="Shopify customers",
        source="Shopify admin → Customers → Export",
        marks=("First Name", "Last Name", "Email", "Accepts Email Marketing|Accepts Marketing", "Total Spent"),
        parts=(
            Part(
                "customers",
                {
                    "customer": "shopify_id",
                    "email": "Email",
                    "phone": "shopify_phone",
                    "first_name": "First Name",
                    "last_name": "Last Name",
                    "country": ("Default Address Country Code", "Country Code", "Country"),
                    "city": ("Default Address City", "City"),
                    "consent_email": ("Accepts Email Marketing", "Accepts Marketing"),
                    "consent_sms": "Accepts SMS Marketing",
                },
            ),
        ),
        derived={"shopify_id": unquoted("Customer ID"), "shopify_phone": unquoted("Phone", "Default Address Phone")},
        unread="Total Spent and Total Orders: what people bought comes with the orders export.",
    ),
    Preset(
        name="shopify_products",
        title="Shopify products",
        source="Shopify admin → Products → Export",
        marks=("Handle", "Title", "Variant SKU", "Variant Price"),
        order="Handle",
        level=("Title", "Type", "Product Category", "Custom Product Type"),
        parts=(
            Part(
                "products",
                {
                    "sku": "article",
                    "name": "Title",
                    "category": ("Type", "Product Category", "Custom Product Type"),
                    "price": "Variant Price",
                },
            ),
        ),
        derived={"article": first_of("Variant SKU", "Handle")},
        leave_out=(LeftOut("Variant Price", r"^$", "Rows that only hold another picture were left out."),),
    ),
)
