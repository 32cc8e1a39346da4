"""Experiments reach the marketing mix: those of campaigns by themselves, many at once from a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import polars as pl
import pytest

from core.errors import FixArguments, NoSuchData, NotAllowed, NotFound
from core.identity import Identity
from database.engine import Database
from tests.conftest import make_organisation, person
from tests.integration.test_mix import QUICK
from tests.mix_shop import NOW, weekly_frames
from tools.catalogue import catalogue
from tools.imports.load import load_frames
from tools.mix.fit import FitMixArguments, fit_and_keep
from tools.runtime import Runtime

Call = Callable[..., Any]
START = datetime(2025, 3, 3, tzinfo=UTC)
COST, ARM, EXTRA = 120.0, 300, 1.2  # money in all; customers; money a treated customer spends more
FIT = FitMixArguments(adstock="geometric", saturation="hill")
HEADER = "channel,from,to,spend_change,lift,error"


def trial_frames() -> list[tuple[str, pl.DataFrame]]:
    """Three campaigns: on a paid channel with its cost; on one without; and by e-mail."""
    rng = np.random.default_rng(5)
    people = [f"t{n}" for n in range(2 * ARM)]
    spent = [20 + rng.normal(0, 1) + (EXTRA if n < ARM else 0) for n in range(2 * ARM)]
    orders = pl.DataFrame(
        {
            "order_id": [f"trial{n}" for n in range(2 * ARM)],
            "customer_id": people,
            "ordered_at": [START + timedelta(days=n % 25, hours=9) for n in range(2 * ARM)],
            "revenue": [round(s, 2) for s in spent],
            "is_refund": [False] * (2 * ARM),
        }
    )
    refund = orders.head(1).with_columns(
        order_id=pl.lit("trial0r"),
        revenue=pl.lit(-400.0),
        is_refund=pl.lit(True),
        ordered_at=pl.col("ordered_at") + timedelta(days=1),
    )  # the mix explains what is charged, so this counts in neither
    orders = pl.concat([orders, refund])
    campaigns = {"CMP-RETARGET": "paid_social", "CMP-NOCOST": "online_video", "CMP-MAIL": "email"}
    days = [START.date() + timedelta(days=d) for d in range(40)]  # it costs on, after its four weeks
    return [
        ("customers", pl.DataFrame({"customer_id": people})),
        ("orders", orders),
        (
            "campaigns",
            pl.DataFrame(
                {"campaign_id": list(campaigns), "name": [f"{c} spring" for c in campaigns.values()],
                 "channel": list(campaigns.values()), "started_at": [START] * 3}
            ),
        ),
        (
            "campaign_daily",
            pl.DataFrame({"campaign_id": ["CMP-RETARGET"] * 40, "day": days, "cost": [COST / 28] * 40}),
        ),
        (
            "assignments",
            pl.DataFrame(
                {
                    "campaign_id": [c for c in campaigns for _ in people],
                    "customer_id": people * 3,
                    "arm": (["treatment"] * ARM + ["control"] * ARM) * 3,
                }
            ),
        ),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def runtime(database: Database) -> Runtime:
    return Runtime(catalogue(), database, lambda *_: uuid4(), clock=lambda: NOW)


@pytest.fixture(scope="module")
def shop(database: Database) -> UUID:
    org_id = make_organisation(database, currency="USD")
    load_frames(database, person(org_id), weekly_frames(), now=NOW)
    load_frames(database, person(org_id), trial_frames(), now=NOW)
    return org_id


@pytest.fixture
def call(runtime: Runtime, shop: UUID) -> Call:
    def called(tool: str, arguments: dict[str, Any] | None = None, *, by: Identity | None = None) -> Any:
        return runtime.call(tool, arguments or {}, by or person(shop))

    return called


def test_a_finished_campaign_is_an_experiment_by_itself_with_its_interval(call: Call) -> None:
    found = call("list_lift_tests")
    (test,) = found.lift_tests
    assert (test.campaign_id, test.channel, test.source) == (
        "CMP-RETARGET",
        "paid_social",
        "campaign “paid_social spring”",
    )
    assert test.change == pytest.approx(COST / 4, abs=0.01)
    assert (test.started_on, test.measured_on) == (date(2025, 3, 3), date(2025, 3, 30))
    rows = trial_frames()[1][1].filter(~pl.col("is_refund"))["revenue"].to_numpy()
    treated, control = rows[:ARM], rows[ARM:]
    by_hand = ARM / 4 * (treated.mean() - control.mean())
    error = ARM / 4 * np.sqrt(treated.var(ddof=1) / ARM + control.var(ddof=1) / ARM)
    assert test.lift == pytest.approx(by_hand, abs=0.01)
    assert test.error == pytest.approx(error, abs=0.01)
    assert [test.low, test.high] == pytest.approx(
        [test.lift - 1.96 * test.error, test.lift + 1.96 * test.error], abs=0.02
    )
    assert test.low < EXTRA * ARM / 4 < test.high, "what was planted"


def test_the_spend_it_is_measured_from_is_the_channels_without_it(call: Call) -> None:
    (test,) = call("list_lift_tests").lift_tests
    spent = weekly_frames()[2][1].filter(
        (pl.col("channel") == "paid_social") & pl.col("day").is_between(date(2025, 3, 3), date(2025, 3, 30))
    )
    assert test.spend == pytest.approx(max(float(spent["spend"].sum()) - COST, 0) / 4, abs=0.01)


def test_campaigns_that_tell_nothing_are_named_with_what_is_missing(call: Call) -> None:
    why = {trial.campaign_id: trial.reason for trial in call("list_lift_tests").unused}
    assert why.keys() == {"CMP-NOCOST", "CMP-MAIL"}
    assert "cost is not known" in why["CMP-NOCOST"]
    assert "no spend on email" in why["CMP-MAIL"]


def fitted(runtime: Runtime, shop: UUID) -> Any:
    fit_and_keep(runtime.database, person(shop), NOW, lambda *_: None, FIT, sampling=QUICK)
    return runtime.call("mix_report", {}, person(shop))


def roi(report: Any) -> Any:
    return next(channel for channel in report.channels if channel.channel == "paid_social")


def test_from_the_campaign_to_another_posterior_and_back(runtime: Runtime, shop: UUID, call: Call) -> None:
    with_it = fitted(runtime, shop)
    assert with_it.calibrated_by == ["paid_social: campaign “paid_social spring”"]
    left = call("leave_out_campaign_lift", {"campaign_id": "CMP-RETARGET"})
    assert not left.counts
    (test,) = call("list_lift_tests").lift_tests
    assert not test.counts
    without = fitted(runtime, shop)
    assert without.calibrated_by == []
    with_roi, without_roi = roi(with_it), roi(without)
    assert with_roi.next_unit_high - with_roi.next_unit_low < 0.6 * (
        without_roi.next_unit_high - without_roi.next_unit_low
    )
    assert with_roi.roi > 1.5 * without_roi.roi, "the experiment saw more than the weeks do"
    assert (with_roi.data_say, without_roi.data_say) == ("much", "next to nothing")
    (moved,) = [one for one in call("mix_changes").channels if one.channel == "paid_social"]
    assert moved.roi_before == pytest.approx(with_roi.roi, rel=0.05)
    assert moved.verdict == "beyond"
    assert moved.roi_after == pytest.approx(without_roi.roi, rel=0.05)
    call("leave_out_campaign_lift", {"campaign_id": "CMP-RETARGET"})  # once more changes nothing
    assert call("leave_out_campaign_lift", {"campaign_id": "CMP-RETARGET", "counts": True}).counts
    assert call("list_lift_tests").lift_tests[0].counts


def test_only_campaigns_with_a_control_group_can_be_left_out(call: Call, runtime: Runtime, database: Database) -> None:
    with pytest.raises(NotFound, match="CMP-RETARGET"):
        call("leave_out_campaign_lift", {"campaign_id": "CMP-NONE"})
    with pytest.raises(FixArguments, match="cost is not known"):
        call("leave_out_campaign_lift", {"campaign_id": "CMP-NOCOST", "counts": True})
    other = person(make_organisation(database))
    with pytest.raises(NotFound):
        runtime.call("leave_out_campaign_lift", {"campaign_id": "CMP-RETARGET"}, other)


def test_a_file_is_kept_whole_once_and_again_changes_nothing(call: Call) -> None:
    content = f"{HEADER}\nonline_video,2025-05-05,2025-06-01,-20,-33,6\ndisplay,2025-05-05,2025-06-01,10,8,5\n"
    checked = call("load_lift_tests", {"content": content, "check_only": True})
    assert (checked.added, checked.known, len(checked.lift_tests)) == (2, 0, 2)
    before = len(call("list_lift_tests").lift_tests)
    first = call("load_lift_tests", {"content": content, "file": "tests.csv"})
    assert (first.added, first.known) == (2, 0)
    again = call("load_lift_tests", {"content": content, "file": "other name.csv"})
    assert (again.added, again.known) == (0, 2)
    kept = call("list_lift_tests").lift_tests
    assert len(kept) == before + 2
    from_file = [test for test in kept if test.source == "tests.csv"]
    video = next(test for test in from_file if test.channel == "online_video")
    weeks = weekly_frames()[2][1].filter(
        (pl.col("channel") == "online_video") & pl.col("day").is_between(date(2025, 3, 10), date(2025, 5, 4))
    )
    assert video.spend == pytest.approx(weeks["spend"].sum() / 8, abs=0.01)
    with pytest.raises(FixArguments, match=r"kept already with other figures \(lift -33\.00"):
        call("load_lift_tests", {"content": content.replace("-33", "-34")})
    with pytest.raises(NotFound, match=r"of a file “other\.csv”.*tests\.csv"):
        call("remove_lift_test", {"file": "other.csv"})
    with pytest.raises(FixArguments, match="Give lift_test_id"):
        call("remove_lift_test", {})
    assert set(call("remove_lift_test", {"file": "tests.csv"}).removed) == {test.id for test in from_file}
    assert len(call("list_lift_tests").lift_tests) == before


def test_one_bad_row_keeps_the_whole_file_out(call: Call) -> None:
    before = call("list_lift_tests").lift_tests
    content = f"{HEADER}\nonline_video,2025-05-05,2025-06-01,-20,-33,6\nonline_video,2025-06-09,2025-07-06,-20,-33,-6\n"
    with pytest.raises(FixArguments, match=r"Nothing was kept\. Row 3: error is -6"):
        call("load_lift_tests", {"content": content})
    assert call("list_lift_tests").lift_tests == before


def test_who_may_not_write_loads_nothing_and_a_shop_without_spend_says_so(
    call: Call, runtime: Runtime, shop: UUID, database: Database
) -> None:
    content = f"{HEADER}\nonline_video,2025-05-05,2025-06-01,-20,-33,6\n"
    reader = Identity(shop, "key:reader", frozenset({"read"}), "mcp")
    with pytest.raises(NotAllowed):
        call("load_lift_tests", {"content": content}, by=reader)
    with pytest.raises(NoSuchData, match="No advertising spend"):
        runtime.call("load_lift_tests", {"content": content}, person(make_organisation(database)))
