"""Drift: planted changes are found, nothing else is, and the figures are those of the definitions."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from analytics.features.compute import compute_features
from analytics.segmentation.drift import BASELINE, INDICES, WATCHED, SegmentDrift, segment_drift, size_badge
from analytics.segmentation.moves import joined_and_left, moves
from analytics.segmentation.stability import own_psi, psi, psi_reading
from connectors.sources.demo.shop import DemoShop
from core.errors import FixArguments
from core.event_kinds import EVENT_KINDS

SEGMENTS = ["north", "south", "east", "west"]


def shop(seed: int, *, weaker: str | None = None, season: float = 1.0, size: int = 1_200) -> tuple[pl.DataFrame, ...]:
    """(before, now, members): heavy-tailed customers in four regions; one may lose 60 % of its activity."""
    rng = np.random.default_rng(seed)
    region = rng.integers(0, 4, size)
    rate = rng.gamma(0.8, 1.0, size)
    frames = []
    for now in (False, True):
        factor = np.where(now & (region == (SEGMENTS.index(weaker) if weaker else -1)), 0.4, 1.0) * (
            season if now else 1
        )
        orders = rng.poisson(rate * factor)
        columns = {name: rng.normal(0, 1, size) for name in BASELINE}
        columns |= {
            "orders_90d": orders.astype(float),
            "orders_30d": rng.binomial(orders, 1 / 3).astype(float),
            "revenue_90d": orders * rng.gamma(4, 20, size),
            "recency_days": rng.exponential(60 / (0.2 + rate * factor)),
            "website_visit_frequency": rng.poisson(4 * rate * factor).astype(float),
            "product_views_90d": rng.poisson(6 * rate * factor).astype(float),
        }
        rows = pl.DataFrame({"customer_id": np.arange(size), **columns})
        opened = pl.when(pl.col("customer_id") % 3 > 0).then(pl.col("email_open_rate"))
        frames.append(rows.with_columns(email_open_rate=opened))
    members = pl.DataFrame({"segment": region.astype(np.int32), "customer_id": np.arange(size)})
    return (*frames, members)


def drift(frames: tuple[pl.DataFrame, ...], *, fixed: bool = True) -> list[SegmentDrift]:
    before, now, members = frames
    return segment_drift(before, now, members, members, SEGMENTS, fixed=[fixed] * 4)


def test_the_planted_segment_raises_its_alert_and_nothing_else_does() -> None:
    found = drift(shop(1, weaker="east"))
    assert [d.segment for d in found if d.alert] == ["east"]
    east = found[2]
    assert east.badge == "deteriorating"
    assert "% fewer orders per customer (everybody else: " in east.reason
    assert not re.search(r"_|→|\bz\b", east.reason)
    assert {s.feature for s in east.worse} <= set(INDICES["activity"])
    assert east.scores is not None
    assert set(east.scores) == set(INDICES)
    assert east.scores["activity"] < -4
    assert {s.feature for s in east.shifts} == set(WATCHED)
    before, now, members = shop(1, weaker="east")
    inside = members.filter(pl.col("segment") == 2)["customer_id"]
    assert len(east.fallen) == 20
    assert set(east.fallen) <= set(inside)
    activity = [f.filter(pl.col("customer_id").is_in(list(east.fallen)))["orders_90d"].mean() for f in (before, now)]
    assert activity[0] > activity[1] + 1


def test_a_season_that_moves_everybody_is_no_drift() -> None:
    assert not [d.segment for seed in range(3) for d in drift(shop(seed, season=0.5)) if d.alert]


def test_false_alarms_are_as_rare_as_stated() -> None:
    """25 runs without drift, at 1 % a run: more than 2 alarms have a probability of 0.2 %."""
    assert sum(any(d.alert for d in drift(shop(100 + seed, size=400))) for seed in range(25)) <= 2


def test_segments_picked_for_their_behaviour_are_not_judged_by_it() -> None:
    found = drift(shop(1, weaker="east"), fixed=False)
    assert not any(d.alert for d in found)
    assert all(d.scores is None for d in found)


def test_growing_and_shrinking_go_by_the_share_of_all() -> None:
    before, now, members = shop(2, size=2_000)
    south, north = members.filter(pl.col("segment") == 1), members.filter(pl.col("segment") == 0)
    moved = south.head(200).with_columns(segment=pl.lit(0, pl.Int32))
    later = pl.concat([north, south.slice(200), moved, members.filter(pl.col("segment") > 1)])
    found = segment_drift(before, now, members, later, SEGMENTS, fixed=[True] * 4)
    assert [d.badge for d in found] == ["growing", "shrinking", "stable", "stable"]
    assert (found[0].entered, found[0].left, found[1].left) == (200, 0, 200)
    assert found[0].size_now == found[0].size_before + 200


def test_a_size_is_judged_by_its_share_of_everybody() -> None:
    assert size_badge(100, 1_000, 200, 2_000) == "stable"
    assert size_badge(100, 1_000, 200, 1_000) == "growing"
    assert size_badge(3, 10, 1, 10) == size_badge(0, 0, 5, 9) == "stable"


@pytest.mark.parametrize("size", [0, 1, 5, 49])
def test_small_shops_are_stable_not_errors(size: int) -> None:
    found = drift(shop(1, weaker="east", size=size))
    assert [(d.badge, d.alert) for d in found] == [("stable", False)] * 4
    assert all(d.scores is None and d.shifts == () for d in found)


def test_customers_who_are_all_alike_do_not_drift() -> None:
    frame = pl.DataFrame({"customer_id": range(400), **dict.fromkeys(BASELINE, 1.0)})
    members = pl.DataFrame({"segment": [i % 4 for i in range(400)], "customer_id": range(400)})
    found = segment_drift(frame, frame, *(members.cast({"segment": pl.Int32}),) * 2, SEGMENTS, fixed=[True] * 4)
    assert {d.badge for d in found} == {"stable"}
    assert all(s.own_psi == pytest.approx(0, abs=0.01) for d in found for s in d.shifts)


def test_what_is_missing_is_named() -> None:
    before, now, members = shop(1)
    with pytest.raises(FixArguments, match="orders_30d"):
        segment_drift(before.drop("orders_30d"), now, members, members, SEGMENTS, fixed=[True] * 4)
    with pytest.raises(FixArguments, match="one entry a segment"):
        segment_drift(before, now, members, members, SEGMENTS, fixed=[True])


def test_psi_is_its_formula_and_is_read_with_the_usual_bounds() -> None:
    before, now = np.array([500.0, 300.0, 200.0]), np.array([300.0, 300.0, 400.0])
    p, q = before / 1_000, now / 1_000
    assert psi(before, now) == pytest.approx(((q - p) * np.log(q / p)).sum(), abs=2e-3)
    assert [psi_reading(v) for v in (0.0, 0.1, 0.25)] == ["stable", "moderate", "large"]


def test_own_psi_takes_out_what_moved_everybody() -> None:
    rng = np.random.default_rng(4)
    inside = np.arange(4_000) < 2_000
    before, later = rng.normal(0, 1, 4_000), rng.normal(1, 1, 4_000)
    whole, own = own_psi(pl.Series(before), pl.Series(later), inside, inside)
    assert whole > 0.5
    assert own < 0.05
    whole, own = own_psi(pl.Series(before), pl.Series(np.where(inside, later, before)), inside, inside)
    assert own == pytest.approx(whole, rel=0.2)


def test_moves_are_of_those_who_changed() -> None:
    before = pl.DataFrame({"customer_id": [1, 2, 3], "segment": ["a", "a", "b"]})
    now = pl.DataFrame({"customer_id": [1, 2, 4], "segment": ["a", "b", "b"]})
    assert moves(before, now).sort("customer_id").rows() == [(2, "a", "b"), (3, "b", "none"), (4, "none", "b")]
    assert moves(before.clear(), before.clear()).is_empty()


def test_who_shows_several_at_once_moves_in_and_out_of_each() -> None:
    before = pl.DataFrame({"customer_id": [1, 1, 2], "segment": ["a", "b", "a"]})
    now = pl.DataFrame({"customer_id": [1, 2], "segment": ["b", "c"]})
    found = joined_and_left(before, now)
    assert sorted(found.rows()) == [(1, "a", "none"), (2, "a", "none"), (2, "none", "c")]


@pytest.mark.slow
def test_the_demo_shop_drifts_where_it_is_planted_whatever_the_seed() -> None:
    """20 shops of the default size: the drifting country has its alert in each; another one at most once in all."""
    false = 0
    for seed in range(20):
        shop = DemoShop(seed=seed, end=datetime(2026, 6, 15, 12, tzinfo=UTC))
        before, now, home = features_of(shop)
        names = home["country"].unique().sort().to_list()
        place = pl.col("country").replace_strict(names, range(len(names)), return_dtype=pl.Int32).alias("segment")
        sides = [home.join(frame, on="customer_id", how="semi").select(place, "customer_id") for frame in (before, now)]
        found = segment_drift(before, now, *sides, names, fixed=[True] * len(names))
        alerts = {d.segment for d in found if d.alert}
        assert shop.truth.drift_country in alerts, seed
        false += len(alerts) > 1
    assert false <= 1


def features_of(shop: DemoShop) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Features 60 days before the end and at it, and each customer's country."""
    parts: dict[str, list[pl.DataFrame]] = {}
    for name, frame in shop.tables():
        parts.setdefault(name, []).append(frame)
    tables = {name: pl.concat(frames) for name, frames in parts.items()}
    number = pl.col("customer_id").str.slice(1).cast(pl.Int64)
    orders = tables["orders"].with_columns(number, codes("channel"), location=codes("city"))
    items = tables["order_items"].with_columns(number, codes("category"), product=codes("sku"))
    kind = pl.col("kind").cast(pl.Enum(EVENT_KINDS)).to_physical().cast(pl.Int32)
    events = tables["events"].with_columns(number, kind)
    before, now = (compute_features(orders, items, events, as_of=shop.end - timedelta(days=d)) for d in (60, 0))
    return before, now, tables["customers"].select(number, "country")


def codes(column: str) -> pl.Expr:
    """Words as codes, -1 for none."""
    return pl.col(column).cast(pl.Categorical).to_physical().cast(pl.Int32).fill_null(-1)
