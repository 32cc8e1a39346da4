from __future__ import annotations

import gzip
import io
import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.features import event_kernels
from analytics.features.compute import compute_features
from analytics.features.dictionary import CATEGORY_NAMES, FEATURES, NAMES, feature
from analytics.features.health import PARTS, explain_health, health_components
from analytics.features.parts import ScorePart
from analytics.features.scores import explain_loyalty, explain_price_sensitivity
from analytics.features.tables import EVENTS, ITEMS, ORDERS
from core.errors import FixArguments
from core.event_kinds import EVENT_KINDS
from tests.unit.feature_frames import AS_OF, Frames, no_rows, random_frames
from tests.unit.features_reference import reference, utc


def orders_of(*rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(ORDERS), orient="row")


def assert_sound(features: pl.DataFrame) -> None:
    assert features.columns == ["customer_id", *NAMES]
    for name in NAMES:
        assert features.schema[name] == (pl.Int32 if name in CATEGORY_NAMES else pl.Float64), name
        if name not in CATEGORY_NAMES:
            assert features[name].drop_nulls().is_finite().all(), name
    assert features["customer_id"].is_sorted()
    assert features["customer_id"].n_unique() == features.height


def same(got: float | None, want: float | None) -> bool:
    if got is None or want is None:
        return got is want
    return math.isclose(got, want, rel_tol=1e-9, abs_tol=1e-9)


def assert_matches_reference(frames: Frames, zone: str) -> None:
    got = compute_features(*frames, as_of=AS_OF, time_zone=zone)
    assert_sound(got)
    want = reference(*frames, AS_OF, zone)
    assert got["customer_id"].to_list() == sorted(want)
    for row in got.to_dicts():
        expected = want[row["customer_id"]]
        assert set(expected) == set(NAMES)
        for name in NAMES:
            assert same(row[name], expected[name]), (row["customer_id"], name, row[name], expected[name])


@pytest.mark.parametrize(
    ("seed", "zone"), [(1, "UTC"), (2, "Europe/London"), (3, "America/New_York"), (4, "Asia/Kolkata"), (5, "UTC")]
)
def test_every_feature_agrees_with_the_slow_reference(seed: int, zone: str) -> None:
    assert_matches_reference(random_frames(seed), zone)


def test_the_random_frames_reach_every_feature() -> None:
    features = compute_features(*random_frames(1), as_of=AS_OF)
    assert [name for name in NAMES if features[name].drop_nulls().n_unique() < 2] == []


def test_agrees_where_many_instants_are_equal() -> None:
    assert_matches_reference(random_frames(11, customers=6, grain_s=43_200), "Europe/London")


def test_agrees_on_one_order_a_customer() -> None:
    assert_matches_reference(random_frames(12, customers=400, orders=150), "UTC")


@pytest.mark.parametrize("seed", range(3))
def test_later_rows_change_nothing(seed: int) -> None:
    frames = random_frames(seed)
    known = tuple(
        f.filter(pl.col(t) < AS_OF) for f, t in zip(frames, ("ordered_at", "ordered_at", "occurred_at"), strict=True)
    )
    assert any(k.height < f.height for k, f in zip(known, frames, strict=True))
    for as_of in (AS_OF, AS_OF - timedelta(days=200)):
        whole = compute_features(*frames, as_of=as_of)
        assert whole.equals(compute_features(*known, as_of=as_of))


def test_row_order_and_other_customers_change_nothing() -> None:
    frames = random_frames(7)
    whole = compute_features(*frames, as_of=AS_OF)
    some = whole["customer_id"].gather_every(3)
    fewer = tuple(f.filter(pl.col("customer_id").is_in(some.implode())).reverse() for f in frames)
    alone = compute_features(*fewer, as_of=AS_OF)
    assert_frame_equal(alone, whole.filter(pl.col("customer_id").is_in(some.implode())), rel_tol=1e-12)


def test_a_hand_worked_customer() -> None:
    orders = orders_of(
        (1, utc(2026, 1, 3, 9), 100.0, 0.0, 2.0, False, 0, 4),  # Saturday
        (1, utc(2026, 1, 3, 23), 20.0, 5.0, 1.0, False, 1, 4),  # the same day, at night
        (1, utc(2026, 1, 13, 9), 30.0, 0.0, 3.0, False, 1, -1),  # Tuesday
        (1, utc(2026, 2, 2, 9), 50.0, 0.0, 2.0, False, 1, 5),  # Monday
        (1, utc(2026, 2, 4, 9), -50.0, 0.0, -2.0, True, 1, 5),
        (1, utc(2026, 3, 4, 9), 999.0, 0.0, 2.0, False, 1, 5),  # at as_of: not yet known
    )
    items = pl.DataFrame(
        [
            (1, utc(2026, 1, 3, 9), 7, 2, 60.0, 1.0),
            (1, utc(2026, 1, 3, 9), 8, 3, 40.0, 1.0),
            (1, utc(2026, 2, 2, 9), 7, 2, 50.0, 2.0),
            (1, utc(2026, 2, 4, 9), 7, 2, -50.0, -2.0),
        ],
        schema=dict(ITEMS),
        orient="row",
    )
    kinds = {kind: code for code, kind in enumerate(EVENT_KINDS)}
    happened = [
        ("cart", utc(2026, 1, 2, 10)),  # ordered 23 hours later
        ("cart", utc(2026, 1, 20, 9)),  # abandoned
        ("cart", utc(2026, 3, 4, 8)),  # too young to tell
        ("visit", utc(2026, 2, 20, 9)),
        ("email_sent", utc(2026, 1, 1)),
        ("email_sent", utc(2026, 2, 1)),
        ("email_open", utc(2026, 2, 2, 9)),
    ]
    events = pl.DataFrame([(1, at, kinds[kind]) for kind, at in happened], schema=dict(EVENTS), orient="row")
    (row,) = compute_features(orders, items, events, as_of=utc(2026, 3, 4, 9)).to_dicts()
    expected = {
        "recency_days": 30, "frequency_all": 3, "orders_all": 4, "typical_gap_days": 15, "overdue_ratio": 2,
        "monetary_value": 150, "avg_order_value": 50, "max_order_value": 100, "orders_30d": 1, "orders_90d": 4,
        "revenue_30d": 0, "revenue_90d": 150, "revenue_trend_90d": 1, "items_per_order": 2, "refund_rate": 0.25,
        "refund_value_share": 0.25, "discount_share": 5 / 205, "discounted_order_share": 0.25, "main_channel": 1,
        "main_channel_share": 0.75, "main_location": 4, "distinct_locations": 2, "preferred_day_of_week": 6,
        "preferred_hour_of_day": 9, "weekend_share": 0.5, "night_share": 0.25, "favourite_category": 2,
        "favourite_category_share": 2 / 3, "distinct_products": 2, "repeat_product_share": 1 / 3,
        "avg_item_price": 37.5, "email_open_rate": 0.5, "days_since_last_open": 30, "email_sent_90d": 2,
        "cart_abandonment_rate": 0.5, "website_visit_frequency": 1 / 3, "spending_seasonality": None,
    }  # fmt: skip
    for name, value in expected.items():
        assert same(row[name], value), (name, row[name])


def test_the_zone_decides_day_and_hour() -> None:
    orders, items, events = no_rows()
    orders = orders_of((1, utc(2026, 1, 2, 23, 30), 10.0, 0.0, 1.0, False, -1, -1))  # Friday night in UTC
    seen = {
        zone: compute_features(orders, items, events, as_of=AS_OF, time_zone=zone).row(0, named=True)
        for zone in ("UTC", "Asia/Tokyo")
    }
    assert (seen["UTC"]["preferred_day_of_week"], seen["UTC"]["preferred_hour_of_day"]) == (5, 23)
    assert (seen["Asia/Tokyo"]["preferred_day_of_week"], seen["Asia/Tokyo"]["preferred_hour_of_day"]) == (6, 8)
    assert (seen["UTC"]["weekend_share"], seen["Asia/Tokyo"]["weekend_share"]) == (0, 1)


@pytest.mark.parametrize("keep", range(4))
def test_tables_without_rows(keep: int) -> None:
    frames = random_frames(3)
    some = tuple(frame if i == keep else empty for i, (frame, empty) in enumerate(zip(frames, no_rows(), strict=True)))
    features = compute_features(*some, as_of=AS_OF)
    assert_sound(features)
    assert (features.height == 0) == (keep == 3)
    bare = tuple(frame if i == keep else pl.DataFrame() for i, frame in enumerate(frames))
    assert features.equals(compute_features(*bare, as_of=AS_OF))


def test_before_the_first_row_there_is_nobody() -> None:
    features = compute_features(*random_frames(3), as_of=utc(2000, 1, 1))
    assert features.height == 0
    assert_sound(features)


def test_a_future_order_is_ignored() -> None:
    _, items, events = no_rows()
    orders = orders_of(
        (1, AS_OF - timedelta(days=5), 10.0, 0.0, 1.0, False, 0, 0), (1, utc(2099, 1, 1), 5.0, 0.0, 1.0, False, 0, 0)
    )
    row = compute_features(orders, items, events, as_of=AS_OF).row(0, named=True)
    assert (row["orders_all"], row["recency_days"], row["monetary_value"]) == (1, 5, 10)


def test_more_refunded_than_sold() -> None:
    _, items, events = no_rows()
    day = timedelta(days=1)
    orders = orders_of(
        (1, AS_OF - 9 * day, 10.0, 0.0, 1.0, False, 0, 0),
        (1, AS_OF - 8 * day, -40.0, 0.0, -4.0, True, 0, 0),
        (2, AS_OF - 8 * day, -40.0, 0.0, -4.0, True, 0, 0),
    )
    features = compute_features(orders, items, events, as_of=AS_OF)
    assert_sound(features)
    both, only_refund = features.to_dicts()
    assert (both["monetary_value"], both["refund_value_share"], both["revenue_trend_90d"]) == (-30, 4, -1)
    assert (only_refund["recency_days"], only_refund["orders_all"], only_refund["refund_rate"]) == (None, 0, None)
    assert only_refund["monetary_value"] == -40
    assert (only_refund["price_sensitivity_score"], only_refund["brand_loyalty_score"]) == (None, None)
    assert 0 <= only_refund["customer_health_score"] <= both["customer_health_score"] <= 100


def test_a_cancelled_purchase_leaves_no_trend_of_rounding() -> None:
    _, items, events = no_rows()
    orders = orders_of(
        *((1, AS_OF - timedelta(days=5), value, 0.0, 1.0, value < 0, 0, 0) for value in (0.1, 0.2, -0.3))
    )
    assert compute_features(orders, items, events, as_of=AS_OF)["revenue_trend_90d"].to_list() == [None]


def test_nulls_count_as_nothing_known() -> None:
    _, items, events = no_rows()
    orders = orders_of((1, AS_OF - timedelta(days=5), 10.0, None, None, None, None, None))
    row = compute_features(orders, items, events, as_of=AS_OF).row(0, named=True)
    assert (row["discount_share"], row["items_per_order"], row["main_channel"], row["orders_all"]) == (0, 0, None, 1)


def test_wrong_frames_say_what_is_wrong() -> None:
    orders, items, events = random_frames(1)
    cases: list[tuple[Frames, dict[str, Any], str]] = [
        ((orders.drop("revenue"), items, events), {}, "lacks revenue"),
        ((orders.with_columns(revenue=float("nan")), items, events), {}, "orders.revenue must be finite"),
        ((orders.with_columns(pl.col("ordered_at").dt.replace_time_zone(None)), items, events), {}, "Datetime in UTC"),
        ((orders, items, events.with_columns(kind=99)), {}, "EVENT_KINDS"),
        ((orders, items, events.with_columns(kind=pl.lit("visit"))), {}, "whole numbers"),
        ((orders.with_columns(customer_id=None), items, events), {}, "customer_id must not be null"),
        ((orders, items, events), {"time_zone": "Mars/Olympus"}, "Mars/Olympus"),
        ((orders, items, events), {"as_of": datetime(2026, 1, 1)}, "aware"),  # noqa: DTZ001
    ]
    for frames, arguments, message in cases:
        with pytest.raises(FixArguments, match=message):
            compute_features(*frames, **({"as_of": AS_OF} | arguments))


PROMISED = (
    "recency_days tenure_days frequency_12m frequency_all monetary_value avg_order_value order_value_spread "
    "typical_gap_days overdue_ratio orders_30d orders_90d orders_365d revenue_30d revenue_90d revenue_365d "
    "revenue_trend_90d items_per_order distinct_products distinct_categories favourite_category "
    "favourite_category_share discount_share refund_rate distinct_channels email_sent_90d email_open_rate "
    "email_click_rate sms_click_rate days_since_last_open website_visit_frequency cart_abandonment_rate "
    "preferred_day_of_week preferred_hour_of_day weekend_share night_share distinct_locations main_location_share "
    "spending_seasonality price_sensitivity_score brand_loyalty_score customer_health_score"
)


def test_every_promised_feature_is_served_with_unit_and_meaning() -> None:
    assert len(NAMES) >= 45
    assert not set(PROMISED.split()) - set(NAMES)
    assert all(f.unit and f.meaning for f in FEATURES)


def test_health_explains_itself() -> None:
    features = compute_features(*random_frames(5), as_of=AS_OF)
    components = health_components(features)
    assert components["customer_health_score"].equals(features["customer_health_score"])
    for row in features.to_dicts():
        parts = explain_health(row)
        assert sum(part.points for part in parts) == pytest.approx(row["customer_health_score"])
        assert sum(part.max_points for part in parts) == pytest.approx(100)
        assert all(0 <= part.points <= part.max_points + 1e-9 and part.why for part in parts)
        assert {part.name for part in parts} <= set(PARTS)


@pytest.mark.parametrize(
    ("explain", "score"),
    [(explain_price_sensitivity, "price_sensitivity_score"), (explain_loyalty, "brand_loyalty_score")],
)
def test_the_parts_of_a_score_sum_to_it(explain: Callable[[Mapping[str, Any]], list[ScorePart]], score: str) -> None:
    explained = 0
    for row in compute_features(*random_frames(5), as_of=AS_OF).to_dicts():
        parts = explain(row)
        assert bool(parts) == (row[score] is not None)
        if not parts:
            continue
        explained += 1
        assert sum(part.points for part in parts) == pytest.approx(row[score])
        assert sum(part.max_points for part in parts) == pytest.approx(100)
        assert all(-1e-9 <= part.points <= part.max_points + 1e-9 and part.why for part in parts)
    assert explained > 20


def test_health_of_the_best_and_of_the_gone() -> None:
    _, items, events = no_rows()
    best = [(1, AS_OF - timedelta(days=20 * n + 1), 50.0 - n, 0.0, 1.0, False, 0, 0) for n in range(12)]
    gone = [(2, AS_OF - timedelta(days=20 * n + 400), 50.0, 0.0, 1.0, False, 0, 0) for n in range(12)]
    scores = compute_features(orders_of(*best, *gone), items, events, as_of=AS_OF)["customer_health_score"]
    assert scores[0] > 85
    assert scores[1] < 20


def test_the_dictionary_is_sound() -> None:
    assert len(FEATURES) >= 47
    assert len(set(NAMES)) == len(NAMES)
    assert all(f.meaning and f.unit and f.group for f in FEATURES)
    assert feature("recency_days").unit == "days"
    with pytest.raises(FixArguments, match="recency_days"):
        feature("recncy")


def test_the_event_kinds_are_where_the_loop_expects_them() -> None:
    names = [n for n in vars(event_kernels) if n.lower() in EVENT_KINDS and n.isupper()]
    assert len(names) == 11
    for name in names:
        assert EVENT_KINDS[getattr(event_kernels, name)] == name.lower()
    assert len(EVENT_KINDS) == event_kernels.KIND_COUNT


@pytest.fixture(scope="module")
def retail(shared_data: Path) -> Frames:
    with gzip.open(shared_data / "online_retail" / "online_retail.csv.gz") as file:
        lines = pl.read_csv(io.BytesIO(file.read()), infer_schema=False).drop_nulls("CustomerID")
    lines = lines.select(
        pl.col("CustomerID").cast(pl.Float64).cast(pl.Int64).alias("customer_id"),
        pl.col("InvoiceDate")
        .str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us")
        .dt.replace_time_zone("UTC")
        .alias("ordered_at"),
        pl.col("InvoiceNo").alias("invoice"),
        pl.col("StockCode").cast(pl.Categorical).to_physical().cast(pl.Int32).alias("product"),
        pl.lit(-1).alias("category"),
        (pl.col("Quantity").cast(pl.Float64) * pl.col("UnitPrice").cast(pl.Float64)).alias("revenue"),
        pl.col("Quantity").cast(pl.Float64).alias("quantity"),
        pl.col("Country").cast(pl.Categorical).to_physical().cast(pl.Int32).alias("location"),
    )
    orders = lines.group_by("customer_id", "invoice").agg(
        pl.col("ordered_at").min(), pl.col("revenue").sum(), pl.col("quantity").sum(), pl.col("location").first()
    )
    orders = orders.with_columns(
        discount=0.0, is_refund=pl.col("invoice").str.starts_with("C"), channel=pl.lit(-1, pl.Int32)
    )
    return orders, lines, pl.DataFrame()


def test_online_retail(retail: Frames) -> None:
    features = compute_features(*retail, as_of=utc(2011, 12, 10), time_zone="Europe/London")
    assert_sound(features)
    assert features.height == 4_372
    assert features["monetary_value"].sum() == pytest.approx(retail[0]["revenue"].sum())
    assert features["orders_all"].sum() == retail[0].filter(~pl.col("is_refund")).height
    cancelled = features.row(by_predicate=pl.col("customer_id") == 12346, named=True)
    assert (cancelled["monetary_value"], cancelled["orders_all"], cancelled["refund_rate"]) == (0, 1, 1)
    assert cancelled["refund_value_share"] == pytest.approx(1)
    assert (cancelled["revenue_trend_90d"], cancelled["brand_loyalty_score"]) == (None, 0)
    assert cancelled["max_order_value"] == pytest.approx(74_215 * 1.04)
