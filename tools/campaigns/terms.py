"""The terms of a proposal beside its words: the offer, the budget, until when it can be approved, and when it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from core.calendar import Calendar
from core.errors import FixArguments
from database.queries import approval_rules, offers, organisations, voucher_codes
from database.queries.offers import OfferRow
from language.format import count, money
from tools.campaigns.merging import fields_of
from tools.campaigns.payload import Content
from tools.campaigns.second_person import why_two
from tools.offers.offer import OFFER_FIELDS, frozen, offer_named

__all__ = ["Terms", "require_offer", "require_unexpired", "terms_of"]

WAITS = timedelta(days=14)
AFTER_ITS_TIME = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is told of them: the offer (id or name), the most it may give away, the last instant it is sent at."""

    offer: str | None = None
    budget: float | None = None
    ends_at: datetime | None = None
    expires_at: datetime | None = None

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> Terms:
        """Those of a stored proposal; its expiry is counted anew."""
        offer, ends = payload.get("offer"), payload.get("ends_at")
        return cls(
            offer["id"] if offer else None, payload.get("told_budget"), datetime.fromisoformat(ends) if ends else None
        )


def terms_of(
    connection: Connection, terms: Terms, content: Content, to_send: int, now: datetime, send_at: datetime | None
) -> tuple[dict[str, Any], list[str]]:
    """The terms as a proposal holds them, and what a person should know of them.

    Errors: FixArguments (the offer does not hold, gives more than the budget, or has too few codes), NotFound.
    """
    profile = organisations.profile(connection)
    row = offer_named(connection, terms.offer) if terms.offer else None
    _require_words(content, row)
    starts = send_at or now
    expires = terms.expires_at or (send_at + AFTER_ITS_TIME if send_at else now + WAITS)
    ends = min((at for at in (terms.ends_at, row.valid_until if row else None) if at), default=None)
    if expires <= now:
        raise FixArguments("It would expire before anybody could approve it.", field="expires_at")
    if ends is not None and ends <= starts:
        raise FixArguments("It would end, or its offer would, before sending starts.", field="ends_at")
    budget, most = _budget(row, terms.budget, to_send, profile.currency)
    offer = frozen(row, profile.currency) if row else None
    held = {
        "offer": offer,
        "budget": budget,
        "told_budget": terms.budget,
        "expires_at": expires.isoformat(),
        "ends_at": ends.isoformat() if ends else None,
        "currency": profile.currency,
    }
    if row is not None:
        require_offer(connection, held | {"audience": {"to_send": to_send}}, now, starts)
    return held, [*most, *_advice(content, row), *_two(connection, held, to_send, profile.currency)]


def require_offer(connection: Connection, shown: Mapping[str, Any], now: datetime, starts: datetime) -> None:
    """FixArguments unless the offer of a proposal (its payload) is what was shown, holds, and is enough for everybody.

    The offer is locked until the end of the transaction: two approvals at once do not promise the same code or money.
    """
    offer = shown.get("offer")
    if offer is None:
        return
    offers.lock(connection, UUID(offer["id"]))
    row, profile = offers.by_id(connection, UUID(offer["id"])), organisations.profile(connection)
    if row is None or row.withdrawn_at is not None:
        raise FixArguments(
            f"The offer “{offer['name']}” was withdrawn or changed since: what was shown is not what would be given. "
            "Change the proposal and look at it again.",
            field="offer",
        )
    if frozen(row, profile.currency) != offer:
        raise FixArguments(
            f"The offer “{offer['name']}” is another than the one shown. Change the proposal and look at it again.",
            field="offer",
        )
    _require_time(row, max(now, starts))
    _require_money(connection, row, shown.get("budget"), profile.currency)
    _require_codes(connection, row, shown["audience"]["to_send"])


def require_unexpired(expires_at: datetime | str | None, now: datetime) -> None:
    """FixArguments where nobody can approve a proposal any more."""
    at = datetime.fromisoformat(expires_at) if isinstance(expires_at, str) else expires_at
    if at is not None and at <= now:
        raise FixArguments(
            f"This proposal expired on {at:%Y-%m-%d at %H:%M} UTC: whom it is for and what it says may be out of date. "
            "Propose it anew.",
            field="proposal_id",
        )


def _require_time(row: OfferRow, starts: datetime) -> None:
    calendar = Calendar("UTC")
    if row.valid_from is not None and starts < row.valid_from:
        raise FixArguments(
            f"The offer “{row.name}” holds from {calendar.day(row.valid_from)} on: send it then.", field="send_at"
        )
    if row.valid_until is not None and starts >= row.valid_until:
        raise FixArguments(f"The offer “{row.name}” has ended by then.", field="offer")


def _require_money(connection: Connection, row: OfferRow, budget: float | None, currency: str) -> None:
    if row.budget is None:
        return
    if budget is None:
        raise FixArguments(
            f"The offer “{row.name}” has a budget: say how much of it this campaign may give away.", field="budget"
        )
    left = float(row.budget - offers.committed(connection, row.id))
    if budget > left + 1e-9:
        raise FixArguments(
            f"The offer “{row.name}” has {money(max(left, 0.0), currency)} of its budget left; this campaign may give "
            f"away {money(budget, currency)}.",
            field="budget",
        )


def _require_codes(connection: Connection, row: OfferRow, to_send: int) -> None:
    if row.codes != "unique" or row.prefix is not None:
        return
    left = voucher_codes.free(connection, row.id) - voucher_codes.reserved(connection, row.id)
    if left < to_send:
        raise FixArguments(
            f"“{row.name}” has {count(max(left, 0))} codes left for {count(to_send)} recipients: put more in first.",
            field="offer",
        )


def _require_words(content: Content, row: OfferRow | None) -> None:
    used = fields_of(content) & OFFER_FIELDS
    if used and row is None:
        raise FixArguments(
            f"{', '.join(f'{{{name}}}' for name in sorted(used))} says what the offer is, and there is none: give "
            "`offer`, by name or id.",
            field="offer",
        )
    if row is not None and "offer_code" in used and row.codes == "none":
        raise FixArguments(f"The offer “{row.name}” has no codes, so {{offer_code}} says nothing.", field="body_text")
    if row is not None and "offer_until" in used and row.valid_until is None:
        raise FixArguments(f"The offer “{row.name}” has no end, so {{offer_until}} says nothing.", field="body_text")


def _budget(
    row: OfferRow | None, told: float | None, to_send: int, currency: str
) -> tuple[float | None, Sequence[str]]:
    """The most a campaign may give away, as told or as its offer makes it, and what is not known of it."""
    worth = None if row is None or row.kind in ("percent", "points") or row.value is None else float(row.value)
    most = None if worth is None else round(worth * to_send, 2)
    if told is not None and most is not None and most > told + 1e-9:
        raise FixArguments(
            f"{count(to_send)} recipients could be given {money(most, currency)} in all, more than the budget of "
            f"{money(told, currency)}: write to fewer, offer less, or raise the budget.",
            field="budget",
        )
    if row is not None and row.kind == "percent" and told is None:
        return None, ["A percentage has no upper limit: what it gives away depends on the orders."]
    return (told if told is not None else most), []


def _advice(content: Content, row: OfferRow | None) -> list[str]:
    if row is not None and row.codes != "none" and "offer_code" not in fields_of(content):
        shown = " ".join(filter(None, (content.subject, content.body_text, content.body_html or "")))
        if row.code is None or row.code.lower() not in shown.lower():
            return [f"The text does not show the code of “{row.name}”: write {{offer_code}} where it belongs."]
    return []


def _two(connection: Connection, held: Mapping[str, Any], to_send: int, currency: str) -> list[str]:
    shown = {"audience": {"to_send": to_send}, "budget": held["budget"]}
    why = why_two(approval_rules.get(connection), shown, currency)
    return [f"Two people have to approve it: {why}."] if why else []
