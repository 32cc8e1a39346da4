"""What a customer can do, and what can happen to a message: the kinds of events, in one fixed order."""

from __future__ import annotations

EVENT_KINDS: tuple[str, ...] = (
    "visit",
    "product_view",
    "cart",
    "checkout",
    "purchase",
    "email_sent",
    "email_open",
    "email_click",
    "email_bounce",
    "email_unsubscribe",
    "sms_sent",
    "sms_click",
)
