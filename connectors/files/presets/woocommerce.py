"""WooCommerce: the analytics export of core, and the order export plug-ins most shops use."""

from __future__ import annotations

from connectors.files.columns import first_of, last_listed, numbered_refund, sum_listed, together
from connectors.files.preset import Part, Preset

PRESETS = (
    Preset(
        name="woocommerce_analytics",
        title="WooCommerce analytics, orders",
        source="WooCommerce → Analytics → Orders → Download",
        marks=("Date", "Order #", "Status", "N. Revenue|Net Sales", "Items sold"),
        parts=(
            Part(
                "orders",
                {
                    "order_id": "number",
                    "customer": ("Customer", "Customer name"),
                    "ordered_at": "Date",
                    "revenue": ("N. Revenue", "Net Sales"),
                    "quantity": "Items sold",
                    "status": "Status",
                    "channel": ("Attribution", "Origin"),
                },
            ),
        ),
        derived={
            "number": numbered_refund("Order #", "N. Revenue", "Date"),
        },
        # An order that was refunded stays the sale that it was: its refund is a row of its own, below zero.
        statuses={"refunded": "sale"},
        note="Revenue is net here: without tax and shipping, which this export does not hold. It knows customers by"
        " name only, so that two of the same name are one.",
        unread="Products (a list in words), coupons.",
    ),
    Preset(
        name="woocommerce_advanced_export",
        title="WooCommerce, Advanced Order Export",
        source="WooCommerce → Export Orders (plug-in of AlgolPlus)",
        marks=("Order Number", "Order Status", "Order Date", "Order Total Amount", "Item Name"),
        order="Order Number",
        parts=(
            Part(
                "orders",
                {
                    "order_id": "Order Number",
                    "customer": ("Customer User ID", "Customer ID"),
                    "email": ("Email (Billing)", "Customer Email"),
                    "phone": "Phone (Billing)",
                    "ordered_at": "Order Date",
                    "revenue": "Order Total Amount",
                    "currency": ("Order Currency", "Currency"),
                    "subtotal": "Order Subtotal Amount",
                    "discount": "Cart Discount Amount",
                    "tax": "Order Total Tax Amount",
                    "shipping": "Order Shipping Amount",
                    "refunded": "Order Refund Amount",
                    "status": "Order Status",
                    "name": "buyer",
                    "country": "country",
                    "city": "town",
                },
            ),
            Part(
                "order_lines",
                {
                    "order_id": "Order Number",
                    "customer": ("Customer User ID", "Customer ID"),
                    "email": ("Email (Billing)", "Customer Email"),
                    "ordered_at": "Order Date",
                    "sku": "goods",
                    "description": "Item Name",
                    "category": "Category",
                    "quantity": ("Quantity", "Quantity (- Refund)"),
                    "unit_price": "Item Cost",
                    "revenue": ("Order Line Total", "Item Total Amount"),
                    "status": "Order Status",
                },
            ),
        ),
        derived={
            "goods": first_of("SKU", "Item Name"),
            "buyer": together("First Name (Billing)", "Last Name (Billing)"),
            "country": first_of("Country Code (Shipping)", "Country Code (Billing)"),
            "town": first_of("City (Shipping)", "City (Billing)"),
        },
        unread="Coupons, payment and shipping methods, notes.",
    ),
    Preset(
        name="woocommerce_webtoffee",
        title="WooCommerce, Order Import Export",
        source="WebToffee Order Import Export (plug-in of WebToffee)",
        marks=("order_number", "order_date", "status", "order_total", "order_currency", "billing_email|customer_email"),
        parts=(
            Part(
                "orders",
                {
                    "order_id": "order_number",
                    "customer": ("customer_id", "customer_user"),
                    "email": "address",
                    "phone": "billing_phone",
                    "ordered_at": "order_date",
                    "revenue": "order_total",
                    "currency": "order_currency",
                    "subtotal": "order_subtotal",
                    "discount": ("discount_total", "cart_discount"),
                    "tax": "tax_total",
                    "shipping": "shipping_total",
                    "refunded": ("given_back", "refund_total", "total_refunded"),
                    "refunded_at": "given_back_at",
                    "status": "status",
                    "name": "buyer",
                    "country": "country",
                    "city": "town",
                },
            ),
        ),
        derived={
            "address": first_of("customer_email", "billing_email"),  # a guest has no account with an address
            "buyer": together("billing_first_name", "billing_last_name"),
            "given_back": sum_listed("refund_items", "amount"),
            "given_back_at": last_listed("refund_items", "date"),
            "country": first_of("shipping_country", "billing_country"),
            "town": first_of("shipping_city", "billing_city"),
        },
        note="Refunds are booked on the day of the last one of their order.",
        unread="line_item_1, line_item_2 … (several values in one cell): goods are not read from this export.",
    ),
)
