"""What is asked about credit: which conversions, which touches count, and the journeys that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from core.calendar import Calendar
from core.errors import FixArguments, NoSuchData
from database.queries import conversion_paths, coverage, organisations
from database.queries.touchpoints import has_touches, read_other_rows, read_refunds, read_sales, read_touches
from tools.attribution.methods import NO_CAMPAIGN
from tools.context import Context
from tools.results import Arguments

if TYPE_CHECKING:
    import polars as pl

    from analytics.attribution.bridge import Bridge
    from analytics.attribution.building import JourneyTable, Wanted, Windows
    from analytics.attribution.rules import RuleSettings

__all__ = ["Asked", "TouchArguments", "asked", "bridge_of", "definitions"]

LONGEST_WINDOW = 365
PATHS_LOADED = " A file of paths is loaded: ask for the credit in the file of paths."
NO_TOUCHES = (
    "No visits or clicks of known customers are loaded, so nobody can say what they met before they ordered. Load "
    "events or touches with a customer, a time and a channel (or UTM marks); till then there are orders by the channel "
    "they came through."
)


class TouchArguments(Arguments):
    """Which touches count, and what the rules are set to."""

    window_days: int = Field(
        default=30, ge=1, le=LONGEST_WINDOW, description="Days before an order in which a touch counts, e.g. 7, 28, 90."
    )
    windows: dict[str, int] = Field(
        default_factory=dict, max_length=50, description="Other windows by channel, e.g. {'email': 7}."
    )
    touches: Literal["clicks", "all"] = Field(
        default="clicks", description="clicks: visits and clicks; all: opened e-mails and seen ads too, for a day."
    )
    half_life_days: float = Field(default=7.0, gt=0, le=LONGEST_WINDOW, description="Of time decay.")
    first_share: float = Field(default=0.4, ge=0, le=1, description="Of position-based credit: to the first touch.")
    last_share: float = Field(default=0.4, ge=0, le=1, description="To the last touch.")

    @model_validator(mode="after")
    def _fits(self) -> TouchArguments:
        if self.first_share + self.last_share > 1:
            raise ValueError("first_share and last_share are 1 together at most")
        if wrong := [name for name, days in self.windows.items() if not 1 <= days <= LONGEST_WINDOW]:
            raise ValueError(f"the window of '{wrong[0]}' is 1 to {LONGEST_WINDOW} days")
        return self

    def periods(self) -> Windows:
        """The windows as the analytics take them."""
        from analytics.attribution.building import Windows

        return Windows(self.window_days, {name.strip().lower(): float(d) for name, d in self.windows.items()})

    def settings(self) -> RuleSettings:
        """What the rules are set to."""
        from analytics.attribution.rules import RuleSettings

        return RuleSettings(self.half_life_days, self.first_share, self.last_share)


@dataclass(frozen=True, slots=True)
class Asked:
    """The journeys, the orders and refunds they are of, the days, where the data end, and what money is in."""

    table: JourneyTable
    sales: pl.DataFrame
    refunds: pl.DataFrame
    wanted: Wanted
    start: date
    end: date
    as_of: datetime
    calendar: Calendar
    currency: str


def asked(
    context: Context,
    arguments: TouchArguments,
    *,
    start: date | None = None,
    end: date | None = None,
    whose: Literal["all", "new", "returning"] = "all",
    by: Literal["channel", "campaign"] = "channel",
) -> Asked:
    """Journeys that ended from `start` to `end`.

    FixArguments for days the wrong way round, NoSuchData where no touches are loaded.
    """
    from analytics.attribution.building import Wanted, build_journeys

    with context.transaction() as connection:
        profile = organisations.profile(connection)
        as_of = coverage.reference_instant(connection, context.now)
        if not has_touches(connection):
            raise NoSuchData(NO_TOUCHES + (PATHS_LOADED if conversion_paths.files(connection) else ""))
    calendar = Calendar(profile.time_zone)
    sales, refunds = _sold(context, as_of)
    orders = sales.filter(sales["customer_id"].is_not_null())
    if orders.is_empty():
        raise NoSuchData("There are no orders with a known customer, so there is nothing to credit.")
    first, until = _days(start or calendar.day(sales["at"].min()), end, calendar.last_day(as_of))  # type: ignore[arg-type]
    windows = arguments.periods()
    since = calendar.start(first) - timedelta(days=2 * windows.longest)
    touches = read_touches(context.database, context.identity.org_id, since=since, until=as_of)
    _know(windows.channels, set(touches["channel"].unique()))
    if start is None and not touches.is_empty():  # who came before the first order and did not order counts too
        first = min(first, calendar.day(touches["at"].min()))  # type: ignore[arg-type]
    views = arguments.touches == "all"
    wanted = Wanted(calendar.start(first), min(calendar.end(until), as_of), as_of, whose, views, by, NO_CAMPAIGN)
    table = build_journeys(touches, orders, windows, wanted)
    return Asked(table, sales, refunds, wanted, first, until, as_of, calendar, profile.currency)


def _sold(context: Context, as_of: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Sale orders with what was kept of their value, and refunds with the order each is taken off."""
    from analytics.attribution.refunds import assign_refunds, net_orders

    sales = read_sales(context.database, context.identity.org_id, until=as_of)
    refunds = assign_refunds(sales, read_refunds(context.database, context.identity.org_id, until=as_of))
    return net_orders(sales, refunds), refunds


def bridge_of(context: Context, found: Asked) -> Bridge:
    """How what is credited comes to the net revenue of the days."""
    from analytics.attribution.bridge import net_revenue_bridge

    others = read_other_rows(context.database, context.identity.org_id, until=found.as_of)
    return net_revenue_bridge(found.table, found.sales, found.refunds, others, found.wanted)


def _days(first: date, end: date | None, last: date) -> tuple[date, date]:
    """The days asked for, as far as the data reach."""
    until = min(end or last, last)
    if first > until:
        raise FixArguments(
            f"The days asked for begin on {first} and end on {until}; the data end on {last}.", field="start"
        )
    return first, until


def _know(windows: Mapping[str, float], channels: set[str]) -> None:
    if unknown := sorted(set(windows) - channels):
        raise FixArguments(f"No touch is of a channel '{unknown[0]}'.", field="windows", valid=sorted(channels))


def definitions(arguments: TouchArguments, found: Asked) -> list[str]:
    """What the terms mean, in sentences."""
    own = "".join(f", {days} days of {name}" for name, days in arguments.windows.items())
    views = " Opened e-mails and seen advertisements count for a day." if arguments.touches == "all" else ""
    return [
        "Credit, not cause: it says which channels customers met before they ordered, not what they would have done "
        "without them. Only a campaign with a control group tells that.",
        f"touch: a visit, or a click in an e-mail, text message or ad, of a known customer; it counts for the "
        f"customer's next order within {arguments.window_days} days{own}. Touches of one channel within 30 minutes "
        f"are one.{views}",
        "journey without order: touches that no order of the customer followed within the window; those whose window "
        f"is still open at the end of the data are left out ({found.table.still_open:,}).",
        "order: a sale of a known customer, its value as charged less what was given back for it up to "
        f"{found.calendar.last_day(found.as_of)}, whenever that was; one given back in full is no order, and the "
        "touches before it are a journey without order. So a refund takes back the credit of the touches that had it.",
        "refund that names no order: taken off the customer's latest order before it that was worth as much, else "
        "off the earlier ones, the latest first.",
        f"Days of {found.calendar.time_zone}, {found.start} to {found.end}.",
    ]
