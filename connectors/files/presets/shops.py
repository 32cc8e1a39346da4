"""Shops of other makers: Magento's order grid, BigCommerce, Etsy."""

from __future__ import annotations

from connectors.files.columns import first_of, less, scaled
from connectors.files.preset import Part, Preset

PRESETS = (
    Preset(
        name="magento_orders",
        title="Magento order grid",
        source="Magento admin → Sales → Orders → Export",
        marks=("ID", "Purchase Point|Purchased From*", "Purchase Date", "Grand Total (Purchased)", "Status"),
        parts=(
            Part(
                "orders",
                {
                    "order_id": "ID",
                    "email": "Customer Email",
                    "ordered_at": "Purchase Date",
                    "revenue": ("Grand Total (Base)", "Grand Total (Purchased)"),
                    "subtotal": "Subtotal",
                    "shipping": "Shipping and Handling",
                    "refunded": ("given_back", "Total Refunded"),
                    "status": "Status",
                    "name": ("Customer Name", "Bill-to Name"),
                },
            ),
        ),
        statuses={"closed": "returned", "holded": "pending", "pending": "pending"},
        derived={"given_back": scaled("Total Refunded", by="Grand Total (Base)", of="Grand Total (Purchased)")},
        note="“Closed” is Magento's word for an order that was refunded whole. Refunds have no date of their own here."
        " Amounts are those of the shop's base currency (“Grand Total (Base)”), whatever a customer paid in.",
        unread="Grand Total (Purchased), addresses, Customer Group, Payment Method. The grid holds no lines.",
    ),
    Preset(
        name="bigcommerce_orders",
        title="BigCommerce orders",
        source="BigCommerce → Orders → Export all orders",
        marks=("Order ID", "Order Date", "Order Status", "Order Total (inc tax)", "Customer Email"),
        parts=(
            Part(
                "orders",
                {
                    "order_id": "Order ID",
                    "customer": "Customer ID",
                    "email": "Customer Email",
                    "phone": "Customer Phone",
                    "ordered_at": "Order Date",
                    "revenue": "Order Total (inc tax)",
                    "currency": ("Order Currency Code", "Transactional Currency Code"),
                    "subtotal": "Subtotal (inc tax)",
                    "tax": "Tax Total",
                    "shipping": "Shipping Cost (inc tax)",
                    "discount": ("Coupon Value", "Discount Amount"),
                    "refunded": ("Refund Amount", "Refunded Amount", "Total Refunded"),
                    "quantity": "Total Quantity",
                    "status": "Order Status",
                    "channel": ("Channel Name", "Order Source"),
                    "name": "Customer Name",
                    "country": "country",
                    "city": "town",
                },
            ),
        ),
        derived={
            "country": first_of("Shipping Country", "Billing Country"),
            "town": first_of("Shipping Suburb", "Billing Suburb"),
        },
        statuses={"pending": "pending", "incomplete": "void", "awaiting payment": "pending"},
        unread="Product Details (all lines in one cell), notes, Exchange Rate.",
    ),
    Preset(
        name="etsy_orders",
        title="Etsy sold orders",
        source="Etsy Shop Manager → Settings → Options → Download Data → Orders",
        marks=("Sale Date", "Order ID", "Buyer User ID|Buyer", "Order Value", "Order Total"),
        parts=(
            Part(
                "orders",
                {
                    "order_id": "Order ID",
                    "customer": ("Buyer User ID", "Buyer"),
                    "ordered_at": "Sale Date",
                    "revenue": "Order Total",
                    "currency": "Currency",
                    "subtotal": "Order Value",
                    "discount": "Discount Amount",
                    "tax": "Sales Tax",
                    "shipping": "Shipping",
                    "refunded": "given_back",
                    "quantity": "Number of Items",
                    "status": "Status",
                    "name": "Full Name",
                    "country": "Ship Country",
                    "city": "Ship City",
                },
            ),
        ),
        derived={"given_back": less("Order Total", "Adjusted Order Total")},
        note="Revenue is “Order Total”, before Etsy's fees; where “Adjusted Order Total” is less, the rest was refunded"
        " (an adjusted total of 0.00 or blank says that nothing was adjusted).",
        unread="Card Processing Fees and Order Net (what Etsy keeps), addresses, coupons.",
    ),
)
