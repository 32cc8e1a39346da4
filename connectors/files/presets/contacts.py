"""Mailing lists and contacts: Klaviyo, Mailchimp, HubSpot."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.files.columns import constant, there, unless_filled
from connectors.files.preset import Part, Preset

_MEMBER: Mapping[str, str | tuple[str, ...]] = {
    "email": "Email Address",
    "first_name": "First Name",
    "last_name": "Last Name",
    "phone": ("Phone Number", "Phone"),
    "country": "CC",
    "time_zone": "TIMEZONE",
    "created_at": ("OPTIN_TIME", "CONFIRM_TIME"),
    "consent_email": "agreed",
    "agreed_at_email": ("CONFIRM_TIME", "OPTIN_TIME"),
    "left_at_email": "UNSUB_TIME",
    "bounced_at_email": "CLEAN_TIME",
    "also_vendor_mailchimp": "EUID",
}


def _members(name: str, title: str, mark: str, agreed: str, *, without: tuple[str, ...], note: str) -> Preset:
    """One of the files of members that Mailchimp puts into its export; which one is told by its columns.

    Those who are not subscribed have a file with the columns of those who are: only a time of joining tells.
    """
    word = there(agreed, "OPTIN_TIME", "CONFIRM_TIME") if agreed == "subscribed" else constant(agreed, mark)
    return Preset(
        name=name,
        title=title,
        source="Mailchimp → Audience → All contacts → Export",
        marks=("Email Address", "MEMBER_RATING|LEID|EUID", mark),
        without=without,
        parts=(Part("customers", _MEMBER),),
        derived={"agreed": word},
        note=note,
        unread="IP addresses, coordinates, ratings, tags, notes.",
    )


PRESETS = (
    Preset(
        name="klaviyo_profiles",
        title="Klaviyo profiles",
        source="Klaviyo → Lists & segments → Export",
        marks=("Email", "Email Marketing Consent|Klaviyo ID|Profile Created On", "First Name|Last Name"),
        without=("Total Spent", "Record ID"),
        parts=(
            Part(
                "customers",
                {
                    "customer": "External ID",
                    "also_vendor_klaviyo": ("Klaviyo ID", "Profile ID"),
                    "email": "Email",
                    "phone": "Phone Number",
                    "first_name": "First Name",
                    "last_name": "Last Name",
                    "country": "Country",
                    "city": "City",
                    "time_zone": "Timezone",
                    "created_at": ("Profile Created On", "Date Added", "Created"),
                    "consent_email": ("Email Marketing Consent", "Consent"),
                    "stated_email": (
                        "Email Marketing Consent Timestamp",
                        "Email Consent Timestamp",
                        "Consent Timestamp",
                    ),
                    "consent_sms": ("SMS Marketing Consent", "SMS Consent"),
                    "stated_sms": ("SMS Marketing Consent Timestamp", "SMS Consent Timestamp"),
                    "refused_email": ("Email Suppressions", "Email Suppression"),
                },
            ),
        ),
        unread="Predictions (lifetime value, churn), coordinates, custom properties.",
    ),
    _members(
        "mailchimp_subscribed",
        "Mailchimp subscribed members",
        "OPTIN_TIME",
        "subscribed",
        without=("UNSUB_TIME", "CLEAN_TIME"),
        note="The file lists subscribed members: those with a time of joining agreed to emails.",
    ),
    _members(
        "mailchimp_unsubscribed",
        "Mailchimp unsubscribed members",
        "UNSUB_TIME",
        "unsubscribed",
        without=("CLEAN_TIME",),
        note="The file lists members who unsubscribed: none of them may get emails.",
    ),
    _members(
        "mailchimp_cleaned",
        "Mailchimp cleaned members",
        "CLEAN_TIME",
        "cleaned",
        without=(),
        note="The file lists cleaned members, whose addresses bounce: none of them gets emails.",
    ),
    Preset(
        name="mailchimp_campaigns",
        title="Mailchimp campaign report",
        source="Mailchimp → Campaigns → Export all campaigns",
        marks=("Title", "Subject", "Send Date", "Total Recipients", "Unique Opens"),
        parts=(
            Part(
                "campaigns",
                {
                    "name": "Title",
                    "channel": "medium",
                    "kind": "medium",
                    "audience": ("List", "Audience"),
                    "started_at": "Send Date",
                },
            ),
        ),
        derived={"medium": constant("email")},
        note="The campaigns are read, their results are not: open, click and bounce rates and revenue are made here"
        " from single events (opens, clicks, orders) of known people, and this report holds only sums.",
        unread="Recipients, opens, clicks, bounces, unsubscribes and revenue.",
    ),
    Preset(
        name="hubspot_contacts",
        title="HubSpot contacts",
        source="HubSpot → Contacts → Export",
        marks=("Record ID", "Email", "First Name", "Last Name"),
        parts=(
            Part(
                "customers",
                {
                    "also_vendor_hubspot": "Record ID",
                    "email": "Email",
                    "phone": ("Phone Number", "Mobile Phone Number"),
                    "first_name": "First Name",
                    "last_name": "Last Name",
                    "country": ("Country/Region", "Country"),
                    "city": "City",
                    "created_at": "Create Date",
                    "refused_email": ("no_more", "Unsubscribed from all email", "bounced"),
                    "agreed_at_email": ("Opt-in date", "Subscribed At"),
                },
            ),
        ),
        derived={
            "no_more": unless_filled("Unsubscribed from all email", "Email hard bounce reason", "bounced"),
            "bounced": there("bounced", "Email hard bounce reason"),
        },
        unread="Lifecycle stage, lead status, owner, companies, deals.",
    ),
)
