"""Rows of touches as events: a click is a visit or a click in a message, a view an opened e-mail or an ad seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

__all__ = ["as_events"]

EMAIL = ("email", "e-mail", "e_mail", "newsletter", "mail")
SMS = ("sms", "text", "text message")
KEPT = {"medium": "utm_medium", "source": "utm_source", "cost": "cost", "currency": "currency"}


def as_events(frame: pl.DataFrame) -> pl.DataFrame:
    """Touches (customer, occurred_at, channel or UTM marks …) as the events they are, their cost with them."""
    import polars as pl

    has = set(frame.columns)
    marks = [name for name in ("channel", "medium") if name in has]
    where = pl.coalesce(marks).str.strip_chars().str.to_lowercase() if marks else pl.lit(None, pl.String)
    is_view = pl.col("interaction") == "view" if "interaction" in has else pl.lit(False)
    email, text = where.is_in(EMAIL).fill_null(False), where.is_in(SMS).fill_null(False)
    click = pl.when(email).then(pl.lit("email_click")).when(text).then(pl.lit("sms_click")).otherwise(pl.lit("visit"))
    view = pl.when(email).then(pl.lit("email_open")).otherwise(pl.lit("ad_view"))
    made = frame.with_columns(kind=pl.when(is_view.fill_null(False)).then(view).otherwise(click))
    if kept := [name for name in KEPT if name in has]:
        made = made.with_columns(properties=_properties(kept, own_channel="channel" in has))
    gone = [name for name in ("medium", "source", "cost", "currency", "interaction") if name in has]
    return made.drop(gone).rename({"touch_id": "event_id"} if "touch_id" in has else {})


def _properties(kept: list[str], *, own_channel: bool) -> pl.Expr:
    """What has no column of its own, as JSON; UTM marks only where the file names no channel itself."""
    import polars as pl

    parts = []
    for name in kept:
        value = pl.col(name).cast(pl.Float64) if name == "cost" else pl.col(name)
        if name in ("medium", "source") and own_channel:
            value = pl.when(pl.col("channel").is_null()).then(value)
        parts.append(value.alias(KEPT[name]))
    whole = pl.struct(parts)
    return pl.when(pl.any_horizontal(part.is_not_null() for part in parts)).then(whole.struct.json_encode())
