"""People as shops and mailing tools export them: Shopify, Klaviyo, Mailchimp's four files, HubSpot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from tests.vendors.shop import Person, Row, as_csv

__all__ = ["hubspot", "klaviyo", "mailchimp", "shopify_customers"]


def shopify_customers(people: Sequence[Person]) -> str:
    """Numbers and phones behind an apostrophe; yes or no, since whoever was not asked did not agree."""

    def rows() -> Iterator[Row]:
        for one in people:
            yield {
                "Customer ID": f"'{one.number}", "First Name": one.first, "Last Name": one.last, "Email": one.email,
                "Accepts Email Marketing": "yes" if one.agrees else "no", "Default Address Company": "",
                "Default Address City": "Berlin", "Default Address Country Code": "DE",
                "Default Address Phone": "", "Phone": f"'{one.phone}", "Accepts SMS Marketing": "no",
                "Total Spent": "0.00", "Total Orders": 0, "Note": "", "Tax Exempt": "no", "Tags": "",
            }  # fmt: skip

    return as_csv(rows())


def klaviyo(people: Sequence[Person]) -> str:
    """A word and when it was said; blank where nobody asked."""

    def rows() -> Iterator[Row]:
        for one in people:
            word = {True: "SUBSCRIBED", False: "UNSUBSCRIBED", None: "NEVER_SUBSCRIBED"}[one.agrees]
            yield {
                "Email": one.email, "Klaviyo ID": f"01K{one.number}", "First Name": one.first, "Last Name": one.last,
                "Phone Number": one.phone, "City": "Berlin", "Country": "Germany", "Timezone": "Europe/Berlin",
                "Source": "Form", "Email Marketing Consent": word,
                "Email Marketing Consent Timestamp": "" if one.agrees is None else f"{one.said_at:%Y-%m-%d %H:%M:%S}",
                "SMS Marketing Consent": "NEVER_SUBSCRIBED", "Profile Created On": f"{one.said_at:%Y-%m-%d %H:%M:%S}",
                "Date Added": f"{one.said_at:%Y-%m-%d %H:%M:%S}",
            }  # fmt: skip

    return as_csv(rows())


def mailchimp(people: Sequence[Person]) -> dict[str, str]:
    """File name → the members of one sort: who agreed, who never did, who left, whose address bounces."""

    def rows(some: Sequence[Person], ended: str, joined: bool) -> Iterator[Row]:
        for one in some:
            at = _clock(one.said_at)
            yield {
                "Email Address": one.email, "First Name": one.first, "Last Name": one.last, "Address": "",
                "Phone Number": one.phone, "MEMBER_RATING": 2, "OPTIN_TIME": at if joined else "", "OPTIN_IP": "",
                "CONFIRM_TIME": "2020-01-01 10:00:00" if ended else at if joined else "", "CONFIRM_IP": "",
                "LATITUDE": "", "LONGITUDE": "", "GMTOFF": "", "DSTOFF": "", "TIMEZONE": "Europe/Berlin", "CC": "DE",
                "REGION": "be", "LAST_CHANGED": at, "LEID": f"4{one.number}", "EUID": f"e{one.number}", "NOTES": "",
                "TAGS": "",
            } | ({f"{ended}_TIME": at, f"{ended}_CAMPAIGN_TITLE": "Spring"} if ended else {})  # fmt: skip

    sorts: dict[str, tuple[Callable[[Person], bool], str, bool]] = {
        "subscribed": (lambda p: p.agrees is True, "", True),
        "nonsubscribed": (lambda p: p.agrees is None or (p.agrees is False and not p.gone), "", False),
        "unsubscribed": (lambda p: p.gone == "unsubscribed", "UNSUB", True),
        "cleaned": (lambda p: p.gone == "bounced", "CLEAN", True),
    }
    return {
        f"{sort}_members_export_1a2b.csv": as_csv(rows(some, ended, joined))
        for sort, (belongs, ended, joined) in sorts.items()
        if (some := [one for one in people if belongs(one)])
    }


def hubspot(people: Sequence[Person]) -> str:
    """Who opted out says true; blank is no answer."""

    def rows() -> Iterator[Row]:
        for n, one in enumerate(people):
            yield {
                "Record ID": 501 + n, "First Name": one.first, "Last Name": one.last, "Email": one.email,
                "Phone Number": one.phone, "Contact owner": "Em Ployee", "Lead Status": "New",
                "Marketing contact status": "Marketing contact", "Create Date": f"{one.said_at:%Y-%m-%d %H:%M}",
                "Opt-in date": f"{one.said_at:%Y-%m-%d}" if one.agrees else "",
                "Unsubscribed from all email": "true" if one.agrees is False else "",
                "Email hard bounce reason": "Mailbox unknown" if one.gone == "bounced" else "", "City": "Berlin",
                "Country/Region": "Germany",
            }  # fmt: skip

    return as_csv(rows())


def _clock(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
