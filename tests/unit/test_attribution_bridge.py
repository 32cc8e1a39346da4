"""From credited value to net revenue, every line worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from analytics.attribution.bridge import net_revenue_bridge
from analytics.attribution.building import Wanted, Whose, Windows, build_journeys
from analytics.attribution.refunds import assign_refunds, net_orders

START = datetime(2026, 1, 1, tzinfo=UTC)
END = START + timedelta(days=60)
AT = pl.Datetime("us", "UTC")


def day(number: float) -> datetime:
    return START + timedelta(days=number)


SALES = pl.DataFrame(
    [
        ("A", 1, day(-5), 50.0, True),  # before the days, given back in part within them
        ("B", 1, day(5), 100.0, False),  # credited, given back in part within them
        ("C", 2, day(6), 30.0, True),  # no touch
        ("D", 3, day(7), 20.0, True),  # given back in full
        ("E", None, day(8), 7.0, False),  # of nobody known
        ("F", 4, day(9), 40.0, True),  # credited, given back in part after the days
    ],
    schema={"order_id": pl.String, "customer_id": pl.Int64, "at": AT, "value": pl.Float64, "is_first": pl.Boolean},
    orient="row",
)
REFUNDS = pl.DataFrame(
    [
        (day(2), 1, "A", 10.0), (day(10), 1, "B", 25.0), (day(11), 3, "D", 20.0), (day(80), 4, "F", 15.0),
        (day(12), None, "X", 3.0), (day(13), None, None, 2.0), (day(90), None, None, 99.0),
    ],
    schema={"at": AT, "customer_id": pl.Int64, "refund_of": pl.String, "amount": pl.Float64},
    orient="row",
)  # fmt: skip
OTHERS = pl.DataFrame({"at": [day(3), day(99)], "value": [-4.0, -50.0]}, schema={"at": AT, "value": pl.Float64})
TOUCHES = pl.DataFrame(
    [(1, day(4), "email"), (3, day(6), "email"), (4, day(8), "video")],
    schema={"customer_id": pl.Int64, "at": AT, "channel": pl.String},
    orient="row",
).with_columns(campaign=pl.lit(None, pl.String), is_view=pl.lit(False))


def lines(whose: Whose = "all") -> dict[str, tuple[int, float]]:
    assigned = assign_refunds(SALES, REFUNDS)
    net = net_orders(SALES, assigned)
    wanted = Wanted(START, END, day(200), whose)
    table = build_journeys(TOUCHES, net.filter(net["customer_id"].is_not_null()), Windows(), wanted)
    bridge = net_revenue_bridge(table, net, assigned, OTHERS, wanted)
    gross, back = 100.0 + 30 + 20 + 7 + 40, 10.0 + 25 + 20 + 3 + 2
    assert (bridge.orders, round(bridge.net_revenue, 9)) == (5, gross - back - 4)
    return {line.what: (line.orders, line.value) for line in bridge.lines}


def test_every_order_and_every_refund_stands_in_one_line() -> None:
    assert lines() == {
        "credited": (2, 75.0 + 25.0),
        "no touch": (1, 30.0),
        "no customer": (1, 7.0),
        "given back in full": (1, 0.0),
        "refunded later": (0, 15.0),
        "refunds of earlier orders": (0, -10.0),
        "refunds of no order": (0, -5.0),
        "adjustments": (0, -4.0),
    }


def test_orders_of_customers_not_asked_about_are_a_line_of_their_own() -> None:
    found = lines("new")
    assert found["credited"] == (1, 25.0)
    assert found["other customers"] == (1, 75.0)
