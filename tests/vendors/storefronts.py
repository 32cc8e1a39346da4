"""Orders as shop systems and market places export them: Shopify, WooCommerce, Magento, BigCommerce, Etsy, Amazon."""

from __future__ import annotations

from collections.abc import Iterator

from tests.vendors.shop import GOODS, NONE, Row, Shop, as_csv

__all__ = [
    "amazon", "bigcommerce", "etsy", "magento", "shopify", "woocommerce_advanced", "woocommerce_analytics",
    "woocommerce_first_row", "woocommerce_webtoffee",
]  # fmt: skip


def shopify(shop: Shop) -> str:
    """One row a line; what is the order's stands on its first row."""

    def rows() -> Iterator[Row]:
        for order in shop.orders:
            stamp = f"{order.at:%Y-%m-%d %H:%M:%S} +0000"
            first = {
                "Financial Status": order.word("paid", "partially_refunded", "refunded", "voided", "pending"),
                "Paid at": stamp if order.counts else "", "Fulfillment Status": "fulfilled" if order.counts else "",
                "Accepts Marketing": "yes" if order.buyer.agrees else "no", "Currency": order.currency,
                "Subtotal": order.subtotal, "Shipping": order.shipping, "Taxes": order.tax, "Total": order.total,
                "Discount Code": "TWO" if order.discount else "", "Discount Amount": order.discount,
                "Shipping Method": "Post", "Billing Name": order.buyer.name, "Billing City": "Berlin",
                "Billing Country": "DE", "Shipping Name": "", "Shipping City": "", "Shipping Country": "",
                "Cancelled at": stamp if order.fate == "cancelled" else "", "Refunded Amount": order.refunded,
                "Outstanding Balance": NONE if order.counts else order.total, "Id": f"50{order.number}",
                "Source": "web",
            }  # fmt: skip
            blank = dict.fromkeys(first, "")
            for place, line in enumerate(order.lines):
                yield {"Name": f"#{order.number}", "Email": order.buyer.email} | (blank if place else first) | {
                    "Created at": stamp, "Lineitem quantity": line.quantity, "Lineitem name": GOODS[line.sku][0],
                    "Lineitem price": line.price, "Lineitem compare at price": "", "Lineitem sku": line.sku,
                    "Lineitem requires shipping": "true", "Lineitem discount": "0.00", "Vendor": "Us",
                }  # fmt: skip

    return as_csv(rows())


def woocommerce_advanced(shop: Shop) -> str:
    """One row a line, order columns on each; who has no account has the number 0."""
    return as_csv(of_order | of_line for of_order, of_line, _first in _advanced(shop))


def woocommerce_first_row(shop: Shop) -> str:
    """The same plug-in, told to write what is the order's on its first row only."""
    return as_csv(
        (of_order if first else dict.fromkeys(of_order, "")) | of_line for of_order, of_line, first in _advanced(shop)
    )


def _advanced(shop: Shop) -> Iterator[tuple[dict[str, object], dict[str, object], bool]]:
    for order in shop.orders:
        of_order: dict[str, object] = {
            "Order Number": order.number,
            "Order Status": order.word("Completed", "Completed", "Refunded", "Cancelled", "Pending payment"),
            "Order Date": f"{order.at:%Y-%m-%d %H:%M}", "Customer Note": "",
            "First Name (Billing)": order.buyer.first, "Last Name (Billing)": order.buyer.last,
            "City (Billing)": "Berlin", "Country Code (Billing)": "DE", "City (Shipping)": "",
            "Country Code (Shipping)": "", "Customer User ID": 0 if order.guest else order.buyer.number,
            "Email (Billing)": order.buyer.email, "Phone (Billing)": order.buyer.phone,
            "Order Currency": order.currency, "Payment Method Title": "Card",
            "Cart Discount Amount": order.discount, "Order Subtotal Amount": order.goods,
            "Shipping Method Title": "Post", "Order Shipping Amount": order.shipping,
            "Order Refund Amount": order.refunded, "Order Total Amount": order.total,
            "Order Total Tax Amount": order.tax,
        }  # fmt: skip
        for place, line in enumerate(order.lines):
            of_line: dict[str, object] = {
                "Order Number": order.number, "SKU": line.sku, "Item #": place + 1, "Item Name": GOODS[line.sku][0],
                "Quantity": line.quantity, "Item Cost": line.price,
            }  # fmt: skip
            yield of_order, of_line, place == 0


def woocommerce_webtoffee(shop: Shop) -> str:
    """One row an order; refunds as a list in a cell; a guest has the number 0 and no address of an account."""

    def rows() -> Iterator[Row]:
        for order in shop.orders:
            back = ";".join(f"amount:{r.amount}|reason:|date:{r.at:%Y-%m-%d %H:%M:%S}" for r in order.refunds)
            yield {
                "order_id": f"9{order.number}", "order_number": order.number,
                "order_date": f"{order.at:%Y-%m-%d %H:%M:%S}",
                "paid_date": "", "status": order.word("completed", "completed", "refunded", "cancelled", "pending"),
                "shipping_total": order.shipping, "shipping_tax_total": "0.00", "fee_total": "0.00",
                "fee_tax_total": "0.00", "tax_total": order.tax, "cart_discount": order.discount,
                "order_discount": order.discount, "discount_total": order.discount, "order_total": order.total,
                "order_subtotal": order.goods, "order_currency": order.currency, "payment_method": "card",
                "customer_id": 0 if order.guest else order.buyer.number,
                "customer_user": 0 if order.guest else order.buyer.number,
                "customer_email": "" if order.guest else order.buyer.email, "billing_first_name": order.buyer.first,
                "billing_last_name": order.buyer.last, "billing_email": order.buyer.email,
                "billing_phone": order.buyer.phone, "billing_city": "Berlin", "billing_country": "DE",
                "shipping_city": "", "shipping_country": "", "tax_items": "", "refund_items": back, "order_notes": "",
            } | {
                f"line_item_{n}": f"name:{GOODS[line.sku][0]}|product_id:{n}|sku:{line.sku}|quantity:{line.quantity}"
                f"|total:{line.total}|sub_total:{line.total}"
                for n, line in enumerate(order.lines, 1)
            }  # fmt: skip

    return as_csv(rows())


def woocommerce_analytics(shop: Shop) -> str:
    """Net revenue by order; a refund is a row of its own that bears the number of its order."""

    def rows() -> Iterator[Row]:
        for order in shop.orders:
            named = {"Customer": order.buyer.name, "Customer type": "returning", "Product(s)": "2× Mug, 1× Pen, blue"}
            status = order.word("completed", "completed", "refunded", "cancelled", "pending")
            yield {"Date": order.at, "Order #": order.number, "N. Revenue (formatted)": f"€{order.total:,.2f}",
                   "Status": status, **named, "Items sold": order.units, "Coupon(s)": "",
                   "N. Revenue": order.total, "Attribution": "Direct"}  # fmt: skip
            for back in order.refunds:
                yield {"Date": back.at, "Order #": order.number, "N. Revenue (formatted)": f"-€{back.amount:,.2f}",
                       "Status": "completed", **named, "Items sold": 0, "Coupon(s)": "", "N. Revenue": -back.amount,
                       "Attribution": "Direct"}  # fmt: skip

    return as_csv(rows())


def magento(shop: Shop) -> str:
    """The grid: totals in the base currency and in that of the order, without saying which these are."""

    def rows() -> Iterator[Row]:
        for order in shop.orders:
            yield {
                "ID": f"00000{order.number}", "Purchase Point": "Main Website", "Purchase Date": order.at,
                "Bill-to Name": order.buyer.name, "Ship-to Name": order.buyer.name,
                "Grand Total (Base)": f"{order.total:.4f}", "Grand Total (Purchased)": f"{order.total:.4f}",
                "Status": order.word("complete", "complete", "closed", "canceled", "pending"),
                "Billing Address": "1 Street,Berlin", "Customer Email": order.buyer.email,
                "Customer Group": "NOT LOGGED IN" if order.guest else "General",
                "Subtotal": f"{order.goods:.4f}", "Shipping and Handling": f"{order.shipping:.4f}",
                "Customer Name": order.buyer.name, "Payment Method": "checkmo",
                "Total Refunded": f"{order.refunded:.4f}" if order.refunds else "",
            }  # fmt: skip

    return as_csv(rows())


def bigcommerce(shop: Shop) -> str:
    """One row an order; who has no account has the number 0."""

    def rows() -> Iterator[Row]:
        for order in shop.orders:
            status = order.word("Shipped", "Partially Refunded", "Refunded", "Cancelled", "Awaiting Payment")
            yield {
                "Order ID": order.number, "Customer ID": 0 if order.guest else order.buyer.number,
                "Customer Name": order.buyer.name, "Customer Email": order.buyer.email,
                "Customer Phone": order.buyer.phone, "Order Date": f"{order.at:%d/%m/%Y}", "Order Status": status,
                "Subtotal (inc tax)": order.goods + order.tax, "Subtotal (ex tax)": order.goods, "Tax Total": order.tax,
                "Shipping Cost (inc tax)": order.shipping, "Shipping Cost (ex tax)": order.shipping,
                "Coupon Value": order.discount, "Payment Method": "Card", "Total Quantity": order.units,
                "Order Total (inc tax)": order.total, "Order Total (ex tax)": order.total - order.tax,
                "Refund Amount": order.refunded, "Order Currency Code": order.currency, "Exchange Rate": "1.0000",
                "Billing Suburb": "Berlin", "Billing Country": "Germany", "Shipping Suburb": "", "Shipping Country": "",
                "Product Details": "Product ID: 77, Product Qty: 1, Product Unit Price: 25.00",
            }  # fmt: skip

    return as_csv(rows())


def etsy(shop: Shop) -> str:
    """Sold orders only; a partial refund shows as an adjusted total."""

    def rows() -> Iterator[Row]:
        for order in (order for order in shop.orders if order.counts):
            yield {
                "Sale Date": f"{order.at:%m/%d/%y}", "Order ID": order.number,
                "Buyer User ID": f"u{order.buyer.number}",
                "Full Name": order.buyer.name, "First Name": order.buyer.first, "Last Name": order.buyer.last,
                "Number of Items": order.units, "Payment Method": "Credit Card", "Date Shipped": "",
                "Ship City": "Bonn",
                "Ship Country": "Germany", "Currency": order.currency, "Order Value": order.goods,
                "Discount Amount": order.discount, "Shipping Discount": "0.00", "Shipping": order.shipping,
                "Sales Tax": order.tax, "Order Total": order.total, "Status": "", "Card Processing Fees": "0.30",
                "Order Net": f"{order.total - 1:.2f}",
                "Adjusted Order Total": order.total - order.refunded if order.refunds else "0.00",
                "Adjusted Card Processing Fees": "0.00", "Adjusted Net Order Amount": "0.00",
            }  # fmt: skip

    return as_csv(rows())


def amazon(shop: Shop) -> str:
    """One row a line with the price of all of its pieces; a cancelled line has no amount and no pieces."""

    def rows() -> Iterator[Row]:
        for order in shop.orders:
            status = {"paid": "Shipped", "cancelled": "Cancelled", "pending": "Pending"}[order.fate]
            for line, off in zip(order.lines, order.shares(), strict=True):
                dead = order.fate == "cancelled"
                yield {
                    "amazon-order-id": f"111-{order.number}", "merchant-order-id": "",
                    "purchase-date": f"{order.at:%Y-%m-%dT%H:%M:%S}+00:00",
                    "last-updated-date": f"{order.at:%Y-%m-%dT%H:%M:%S}+00:00", "order-status": status,
                    "fulfillment-channel": "Amazon", "sales-channel": "Amazon.de", "product-name": GOODS[line.sku][0],
                    "sku": line.sku, "asin": f"B00{line.sku}", "item-status": "" if dead else status,
                    "quantity": 0 if dead else line.quantity, "currency": "" if dead else order.currency,
                    "item-price": "" if dead else line.total, "item-tax": "" if dead else "0.10",
                    "shipping-price": "" if dead else order.shipping, "shipping-tax": "", "gift-wrap-price": "",
                    "item-promotion-discount": off if off and not dead else "", "ship-promotion-discount": "",
                    "ship-city": "BERLIN", "ship-country": "DE",
                }  # fmt: skip

    return as_csv(rows(), "\t")
