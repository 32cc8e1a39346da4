"""Credit of channels or campaigns for orders, by every rule and model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from core.errors import NotFound
from core.identity import READ
from database.queries import touchpoints
from tools.attribution.asked import Asked, TouchArguments, asked, bridge_of, definitions
from tools.attribution.lift import MeasuredLift, measured_lifts
from tools.attribution.methods import DOES, NO_CAMPAIGN, TITLES, Method, MethodLeftOut, left_out
from tools.attribution.questions import CREDIT, follow_up
from tools.attribution.revenue import RevenueLine, revenue_lines
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money, rounded, share
from tools.results import Evidence, ToolResult

if TYPE_CHECKING:
    from analytics.attribution.credit import Credits


class AttributionReportArguments(TouchArguments):
    """Which orders, which touches, which method leads."""

    method: Method | None = Field(
        default=None, description="Method to lead with, with its value and return on spend; absent: the best there is."
    )
    against: Method | None = Field(default=None, description="A second method to set against it in words.")
    by: Literal["channel", "campaign"] = Field(default="channel", description="What is credited.")
    of: Literal["orders", "revenue"] = Field(
        default="orders", description="What rows are ordered by and shares are of."
    )
    channels: list[str] = Field(
        default_factory=list, max_length=50, description="Only these rows (credit is still shared among all)."
    )
    start: date | None = Field(default=None, description="First day of orders; absent: from the beginning.")
    end: date | None = Field(default=None, description="Last day of orders; absent: to the end of the data.")
    customers: Literal["all", "new", "returning"] = Field(
        default="all", description="new: only first orders; returning: only later ones."
    )
    markov_order: Literal[1, 2] = Field(default=1, description="Touches the Markov chain remembers.")


class ChannelRow(BaseModel):
    """One channel or campaign with the orders each method credits it with."""

    channel: str = figure("Channel", "Name of the channel or campaign.")
    touches: int = figure("Touches", "Its touches in journeys with and without an order.", unit="count")
    credit: float = figure("Credit", "Orders credited by the leading method.", unit="orders")
    share: float = figure(
        "Share", "Of all credited orders, or of their value where revenue is asked for.", unit="share"
    )
    value: float | None = figure(
        "Value", "What those orders are worth, refunds taken off, by the leading method.", unit="money"
    )
    spend: float | None = figure("Spend", "Advertising spend in the same days; null: not known.", unit="money")
    roas: float | None = figure("Value per spend", "value over spend: credit, not return that it caused.", unit="ratio")
    first: float | None = figure(TITLES["first"], "Orders credited.", unit="orders", default=None)
    last: float | None = figure(TITLES["last"], "Orders credited.", unit="orders", default=None)
    last_non_direct: float | None = figure(TITLES["last_non_direct"], "Orders credited.", unit="orders", default=None)
    linear: float | None = figure(TITLES["linear"], "Orders credited.", unit="orders", default=None)
    time_decay: float | None = figure(TITLES["time_decay"], "Orders credited.", unit="orders", default=None)
    position: float | None = figure(TITLES["position"], "Orders credited.", unit="orders", default=None)
    shapley: float | None = figure(TITLES["shapley"], "Orders credited.", unit="orders", default=None)
    markov: float | None = figure(TITLES["markov"], "Orders credited.", unit="orders", default=None)
    data_driven: float | None = figure(TITLES["data_driven"], "Orders credited.", unit="orders", default=None)


class CreditLine(BaseModel):
    """Credit of one channel by one method: the form in which other ways of crediting stand beside it."""

    channel: str = figure("Channel", "Name of the channel or campaign.")
    method: str = figure("Method", "Name of the method.")
    basis: Literal["rule", "model", "experiment"] = figure("Basis", "What the method rests on.")
    credit: float = figure("Credit", "Orders credited.", unit="orders")
    value: float | None = figure("Value", "What they are worth.", unit="money")
    share: float = figure("Share", "Of all that the method shares out, 0-1.", unit="share")


class AttributionReport(ToolResult):
    """Credit by channel or campaign, the most first, and how it was shared out."""

    rows: list[ChannelRow] = Field(description="Channels or campaigns, the most credit first.")
    method: Method = figure("Method", "The leading method.")
    by: Literal["channel", "campaign"] = Field(description="What the rows are.")
    of: Literal["orders", "revenue"] = Field(description="What shares are of.")
    orders: int = figure(
        "Orders", "Orders of known customers in the period, those given back in full not counted.", unit="orders"
    )
    credited: float = figure("Credited orders", "Those with a touch within the window.", unit="orders")
    credited_value: float | None = figure(
        "Their value", "What those orders are worth, refunds taken off.", unit="money"
    )
    refunded_orders: int = figure(
        "Given back in full", "Orders of the period that count for nothing, for all their money went back.",
        unit="orders",
    )  # fmt: skip
    refunded: float | None = figure(
        "Refunds taken off", "What was given back for orders of known customers of the period.", unit="money"
    )
    revenue: list[RevenueLine] = Field(description="From the credited value to the net revenue of the days.")
    journeys: int = figure("Journeys", "Journeys with and without an order.", unit="count")
    touches_per_order: float = figure("Touches per order", "Mean touches of journeys with an order.", unit="ratio")
    lines: list[CreditLine] = Field(description="The same, one line a method and channel.")
    experiments: list[MeasuredLift] = Field(description="Measured lift of campaigns with a control group.")
    left_out: list[MethodLeftOut] = Field(description="Methods the data do not bear.")
    start: date = Field(description="First day.")
    end: date = Field(description="Last day.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="which channels are credited with orders",
    agents=("analytics", "optimiser", "reporting"),
    basis="measured",
    examples=({}, {"by": "campaign", "method": "linear", "customers": "new", "window_days": 7}),
    questions=(CREDIT,),
    next=("First touch versus last touch", "Credit of new customers' first orders", "Which campaigns work?"),
    follow_up=follow_up,
)
def attribution_report(context: Context, arguments: AttributionReportArguments) -> AttributionReport:
    """Multi-touch attribution: orders credited to channels or campaigns by first, last, linear, time-decay, position,
    Markov and Shapley models side by side, with value and spend. Credit, not cause.
    """
    from analytics.attribution.credit import attribute

    found = asked(
        context, arguments, start=arguments.start, end=arguments.end, whose=arguments.customers, by=arguments.by
    )
    journeys = found.table.journeys
    credits = attribute(journeys, settings=arguments.settings(), order=arguments.markov_order)
    method = _leading(arguments.method, credits)
    with context.transaction() as connection:
        spent = touchpoints.spend(connection, start=found.start, end=found.end, by=arguments.by)
        costs, foreign = touchpoints.touch_costs(
            connection, start=found.wanted.start, end=found.wanted.end, by=arguments.by
        )
    rows, orders = _rows(found, credits, method, costs | spent, arguments.of), found.table.orders
    return AttributionReport(
        rows=_chosen(rows, arguments.channels),
        method=method,
        by=arguments.by,
        of=arguments.of,
        orders=int(orders["kept"].sum()),
        credited=credits.total,
        credited_value=money(credits.total_value),
        refunded_orders=int((~orders["kept"]).sum()),
        refunded=money(orders["given_back"].sum()),
        revenue=revenue_lines(bridge_of(context, found)),
        journeys=journeys.size,
        touches_per_order=round(float(journeys.converting.lengths.mean()), 2),
        lines=_lines(credits),
        experiments=measured_lifts(context),
        left_out=left_out(credits.left_out),
        start=found.start,
        end=found.end,
        currency=found.currency,
        evidence=_evidence(arguments, found, credits, foreign),
    )


def _leading(asked_for: Method | None, credits: Credits) -> Method:
    """The method asked for, else the one that came nearest to planted truth, else one that always can be told."""
    if asked_for is not None and asked_for in credits.conversions:
        return asked_for
    return "data_driven" if "data_driven" in credits.conversions else "linear"


def _rows(found: Asked, credits: Credits, method: Method, spent: Mapping[str, float], of: str) -> list[ChannelRow]:
    import numpy as np

    touches = np.bincount(found.table.journeys.codes, minlength=len(credits.channels))
    amounts, whole = credits.conversions[method], credits.total
    if of == "revenue":
        amounts, whole = credits.value[method], credits.total_value
    spends = {_plain(name): amount for name, amount in spent.items()}  # of two names alike the loaded spend stands
    rows = []
    for place, channel in enumerate(credits.channels):
        value, spend = money(credits.value[method][place]) or 0.0, spends.get(_plain(channel))
        rows.append(
            ChannelRow(
                channel=channel,
                touches=int(touches[place]),
                credit=_orders(credits.conversions[method][place]),
                share=(share(amounts[place] / whole) if whole else None) or 0.0,
                value=value,
                spend=money(spend),
                roas=rounded(value / spend, "ratio") if spend else None,
                **{name: _orders(each[place]) for name, each in credits.conversions.items()},
            )
        )
    return sorted(rows, key=lambda row: (row.channel == NO_CAMPAIGN, -row.share, row.channel))


def _orders(amount: float) -> float:
    return float(rounded(amount, "orders") or 0.0)


def _plain(name: str) -> str:
    return "_".join(name.lower().replace("-", " ").replace("_", " ").split())


def _chosen(rows: list[ChannelRow], wanted: list[str]) -> list[ChannelRow]:
    """The rows asked for; NotFound lists what there is."""
    if not wanted:
        return rows
    names = {_plain(row.channel): row for row in rows}
    if unknown := [name for name in wanted if _plain(name) not in names]:
        valid = [row.channel for row in rows][:20]
        raise NotFound(f"No touch in those days is of '{unknown[0]}'.", field="channels", valid=valid)
    return [row for row in rows if _plain(row.channel) in {_plain(name) for name in wanted}]


def _lines(credits: Credits) -> list[CreditLine]:
    return [
        CreditLine(
            channel=line.channel,
            method=line.method,
            basis=line.basis,
            credit=_orders(line.credit),
            value=money(line.value),
            share=share(line.share) or 0.0,
        )
        for line in credits.lines()
    ]


def _evidence(arguments: AttributionReportArguments, found: Asked, credits: Credits, foreign: int) -> Evidence:
    told = [f"{TITLES[name]}: {DOES[name]}" for name in credits.conversions]
    spend = (
        "spend: advertising spend that was loaded for the same days, by the name of the channel or campaign; where "
        "there is none, what its touches say they cost."
    )
    if foreign:
        spend += f" {foreign:,} touches cost something in another currency, which is left out."
    return Evidence(
        rows=found.table.touches.height,
        as_of=found.as_of,
        sources=["events", "messages", "orders", "channel_spend", "campaign_daily"],
        definitions=[*definitions(arguments, found), *told, spend],
    )
