"""Figures of messages, visits, advertising and what is said of the brand."""

from __future__ import annotations

from database.semantic.model import Metric

__all__ = ["ADVERTISING", "BRAND", "ENGAGEMENT"]

_EMAIL_SENT = "e.kind = 'email_sent'"
_SMS_SENT = "e.kind = 'sms_sent'"


def _of_kind(kind: str) -> str:
    return f"count(*) filter (where e.kind = '{kind}')"


def _events(name: str, unit: str, meaning: str, kind: str, needs: str = "", title: str = "") -> Metric:
    """Events of one kind; `needs` tells which rows show that such events would have been loaded."""
    return Metric(name, unit, meaning, {"events": _of_kind(kind)}, needs or f"e.kind = '{kind}'", title=title)


def _message_rate(name: str, meaning: str, kind: str, of: str, base: str, sent: str, title: str = "") -> Metric:
    whole = _of_kind(of)
    # Not least() alone: it passes over null, so that where nothing was sent the rate would be 1.
    rate = f"case when {whole} > 0 then least(1, cast({_of_kind(kind)} as numeric) / {whole}) end"
    return Metric(
        name, "share", meaning, {"events": rate}, sent, is_count=False, adds_over_time=False, base=base, title=title
    )


def _email_rate(name: str, meaning: str, kind: str, of: str = "email_sent", base: str = "emails_sent") -> Metric:
    return _message_rate(name, meaning, kind, of, base, _EMAIL_SENT)


ENGAGEMENT = (
    _events("emails_sent", "messages", "Emails sent.", "email_sent"),
    _events("email_opens", "opens", "Times emails were opened.", "email_open", _EMAIL_SENT, "Email opens"),
    _events("email_clicks", "clicks", "Clicks in emails.", "email_click", _EMAIL_SENT, "Email clicks"),
    _events("email_bounces", "messages", "Emails that bounced.", "email_bounce", _EMAIL_SENT, "Email bounces"),
    _events("unsubscribes", "unsubscribes", "Unsubscribes from emails.", "email_unsubscribe", _EMAIL_SENT),
    _email_rate("open_rate", "Email opens over emails sent, at most 1.", "email_open"),
    _email_rate("click_rate", "Email clicks over emails sent, at most 1.", "email_click"),
    _email_rate(
        "click_to_open_rate", "Email clicks over email opens, at most 1.", "email_click", "email_open", "email_opens"
    ),
    _email_rate("bounce_rate", "Email bounces over emails sent, at most 1.", "email_bounce"),
    _email_rate("unsubscribe_rate", "Unsubscribes over emails sent, at most 1.", "email_unsubscribe"),
    _events("sms_sent", "messages", "SMS sent.", "sms_sent", title="SMS sent"),
    _events("sms_clicks", "clicks", "Clicks in SMS.", "sms_click", _SMS_SENT, "SMS clicks"),
    _message_rate(
        "sms_click_rate",
        "SMS clicks over SMS sent, at most 1.",
        "sms_click",
        "sms_sent",
        "sms_sent",
        _SMS_SENT,
        "SMS click rate",
    ),
    _events("visits", "visits", "Website visits.", "visit"),
    _events("product_views", "views", "Product views.", "product_view"),
    _events("carts", "carts", "Carts filled.", "cart"),
    _events("checkouts", "checkouts", "Checkouts begun.", "checkout"),
)


def _both(sql: str) -> dict[str, str]:
    return {"spend": sql, "campaign_days": sql.replace("s.spend", "s.cost")}


def _total(name: str, unit: str, meaning: str) -> Metric:
    """A sum over days that not every platform reports."""
    column = "s.revenue" if name == "channel_revenue" else f"s.{name}"
    return Metric(name, unit, meaning, _both(f"coalesce(sum({column}), 0)"), f"{column} is not null")


def _per(name: str, unit: str, meaning: str, top: str, bottom: str, needs: str) -> Metric:
    rate = f"cast(sum({top}) as numeric) / nullif(sum({bottom}), 0)"
    return Metric(
        name, unit, meaning, _both(rate), f"{needs} is not null", title=name.upper(), is_count=False,
        adds_over_time=False,
    )  # fmt: skip


ADVERTISING = (
    Metric("spend", "money", "Advertising spend.", _both("coalesce(sum(s.spend), 0)")),
    _total("impressions", "impressions", "Times advertisements were shown."),
    _total("clicks", "clicks", "Clicks on advertisements."),
    _total("conversions", "conversions", "Conversions the advertising platforms report."),
    _per("ctr", "share", "Clicks over impressions.", "s.clicks", "s.impressions", "s.clicks"),
    _per("cpc", "money", "Advertising spend over clicks.", "s.spend", "s.clicks", "s.clicks"),
    _per(
        "cpm",
        "money",
        "Advertising spend for a thousand impressions.",
        "s.spend * 1000",
        "s.impressions",
        "s.impressions",
    ),
    _per("cpa", "money", "Advertising spend over reported conversions.", "s.spend", "s.conversions", "s.conversions"),
    _total("channel_revenue", "money", "Revenue the advertising platforms report (their own credit, not a cause)."),
    _per("roas", "ratio", "Platform-reported revenue over advertising spend.", "s.revenue", "s.spend", "s.revenue"),
)
BRAND = (
    Metric("mentions", "mentions", "Mentions of the brand.", {"mentions": "count(*)"}),
    Metric(
        "average_rating",
        "rating",
        "Mean rating of the mentions that carry one.",
        {"mentions": "avg(m.rating)"},
        "m.rating is not null",
        is_count=False,
        adds_over_time=False,
    ),
)
