"""Web and product analytics: GA4 downloads, PostHog and Segment events."""

from __future__ import annotations

from connectors.files.columns import first_of
from connectors.files.preset import LeftOut, Part, Preset

_NO_PEOPLE = (
    "It counts sessions and users in sums, which no table here holds: they belong to no customer and no order. A report"
    " by transaction (Transaction ID, Date, Purchase revenue) can be read, and so can one by Date and channel with Ads"
    " cost, or events of single people (PostHog, Segment)."
)

_TOTALS = "The report's own rows of totals were left out."

PRESETS = (
    Preset(
        name="ga4_transactions",
        title="GA4 transactions",
        source="GA4 → Explore → Transaction ID by date → Export",
        marks=("Transaction ID", "Date", "Purchase revenue|Total revenue"),
        parts=(
            Part(
                "orders",
                {
                    "order_id": "Transaction ID",
                    "ordered_at": "Date",
                    "revenue": ("Purchase revenue", "Total revenue", "Revenue"),
                    "quantity": ("Items purchased", "Item quantity"),
                    "refunded": "Refund amount",
                    "tax": "Tax amount",
                    "shipping": "Shipping amount",
                    "currency": "Currency",
                    "channel": ("Session default channel group", "Session source / medium", "Session source"),
                    "country": "Country",
                    "city": "City",
                },
            ),
        ),
        without=("Type", "Gross"),
        leave_out=(
            LeftOut("Date", r"\d", _TOTALS, unless=True),
            LeftOut(
                "Transaction ID", r"^$|^not set$", "Purchases that came without a transaction number were left out."
            ),
        ),
        note="GA4 counts only purchases that its tag saw: what a shop's own export says is nearer to the truth.",
        unread="Sessions, users, engagement.",
    ),
    Preset(
        name="ga4_cost",
        title="GA4 advertising cost",
        source="GA4 → Explore → Date by channel with Ads cost → Export",
        marks=("Date|Day", "Session*", "Ads cost|Google Ads cost"),
        parts=(
            Part(
                "spend",
                {
                    "day": ("Date", "Day"),
                    "channel": ("Session default channel group", "Session source / medium", "Session source"),
                    "spend": ("Ads cost", "Google Ads cost"),
                    "impressions": ("Ads impressions", "Google Ads impressions"),
                    "clicks": ("Ads clicks", "Google Ads clicks"),
                    "conversions": ("Key events", "Conversions"),
                    "revenue": ("Purchase revenue", "Total revenue"),
                },
            ),
        ),
        leave_out=tuple(LeftOut(day, r"\d", _TOTALS, unless=True) for day in ("Date", "Day")),
        unread="Sessions, users, engagement.",
    ),
    Preset(
        name="ga4_traffic",
        title="a GA4 report of traffic",
        source="GA4 → Reports → Download",
        marks=("Sessions|Active users|Total users|Views", "Engaged sessions|Engagement rate|Event count|New users"),
        without=("Ads cost", "Google Ads cost", "Transaction ID"),
        parts=(),
        refused=_NO_PEOPLE,
    ),
    Preset(
        name="posthog_events",
        title="PostHog events",
        source="PostHog → Activity → Export, or a batch export",
        marks=("event", "distinct_id", "timestamp"),
        parts=(
            Part(
                "events",
                {
                    "event_id": "uuid",
                    "customer": "distinct_id",
                    "occurred_at": "timestamp",
                    "kind": "event",
                    "properties": "properties",
                },
            ),
        ),
        unread="elements_chain, person properties, team_id.",
    ),
    Preset(
        name="segment_events",
        title="Segment events",
        source="Segment warehouse or S3 destination",
        marks=(
            "message_id|messageId|id",
            "anonymous_id|anonymousId",
            "event|type|event_text",
            "timestamp|received_at|original_timestamp|sent_at",
        ),
        parts=(
            Part(
                "events",
                {
                    "event_id": ("message_id", "messageId", "id"),
                    "customer": "person",
                    "occurred_at": ("timestamp", "original_timestamp", "sent_at", "received_at"),
                    "kind": "what",
                    "properties": "properties",
                },
            ),
        ),
        without=("distinct_id",),
        derived={
            "person": first_of("user_id", "anonymous_id"),
            "what": first_of("event_text", "event", "type"),
        },
        unread="context_* columns; who was anonymous before is not joined to who logged in later.",
    ),
)
