"""The demo shop: repeatable, consistent to the cent, and what is planted in it can be found by simple means."""

from __future__ import annotations

import json
import tracemalloc
from collections import defaultdict
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy.special import hyp2f1

from connectors.sources.demo.demand import channel_effect
from connectors.sources.demo.phrases import ASPECTS, PHRASES
from connectors.sources.demo.shop import CHUNK_CUSTOMERS, TABLES, DemoShop
from connectors.sources.demo.truth import CRISIS_ASPECTS
from core.errors import FixArguments
from core.event_kinds import EVENT_KINDS

END = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
Tables = dict[str, pl.DataFrame]


def gathered(shop: DemoShop) -> Tables:
    parts: dict[str, list[pl.DataFrame]] = defaultdict(list)
    for name, frame in shop.tables():
        parts[name].append(frame)
    return {name: pl.concat(frames) for name, frames in parts.items()}


@pytest.fixture(scope="module", params=[1_000, 50_000])
def shop(request: pytest.FixtureRequest) -> DemoShop:
    return DemoShop(customers=request.param, seed=7, end=END)


@pytest.fixture(scope="module")
def tables(shop: DemoShop) -> Tables:
    return gathered(shop)


@pytest.fixture(scope="module")
def big() -> DemoShop:
    return DemoShop(customers=50_000, seed=11, end=END)


@pytest.fixture(scope="module")
def big_tables(big: DemoShop) -> Tables:
    return gathered(big)


@pytest.fixture(scope="module")
def big_truth(big: DemoShop) -> pl.DataFrame:
    return pl.concat(big.customer_truth())


@pytest.fixture(scope="module")
def purchases(big_tables: Tables) -> pl.DataFrame:
    return big_tables["orders"].filter(~pl.col("is_refund"))


def test_equal_arguments_give_identical_frames() -> None:
    first, second = (gathered(DemoShop(customers=1_500, seed=3, end=END)) for _ in range(2))
    assert tuple(first) == TABLES
    for name in TABLES:
        assert_frame_equal(first[name], second[name])


def test_another_seed_gives_another_shop() -> None:
    first, second = (gathered(DemoShop(customers=1_000, seed=seed, end=END)) for seed in (1, 2))
    for name in ("products", "customers", "orders", "order_items", "events", "channel_spend", "mentions"):
        assert not first[name].equals(second[name]), name


def test_the_same_instant_in_another_zone_is_the_same_shop() -> None:
    abroad = END.astimezone(timezone(timedelta(hours=9)))
    here, there = (gathered(DemoShop(customers=1_000, seed=1, end=end)) for end in (END, abroad))
    assert_frame_equal(here["orders"], there["orders"])


@pytest.mark.parametrize("end", [datetime(2026, 11, 20, tzinfo=UTC), datetime(2025, 2, 28, 23, 59, 59, tzinfo=UTC)])
def test_the_history_ends_at_the_end(end: datetime) -> None:
    shop = DemoShop(customers=1_000, seed=5, end=end)
    tables = gathered(shop)
    moments = {"orders": "ordered_at", "order_items": "ordered_at", "events": "occurred_at", "mentions": "posted_at"}
    for name, column in {**moments, "customers": "created_at"}.items():
        assert end - timedelta(days=3) < tables[name][column].max() < end, name
        assert tables[name][column].min() > shop.truth.start - timedelta(days=14), name
    assert tables["channel_spend"]["day"].max() == (end - timedelta(days=1)).date()


@pytest.mark.parametrize(
    "wrong",
    [{"customers": 999}, {"customers": 1_000_001}, {"seed": -1}, {"end": datetime(2026, 1, 1)}],  # noqa: DTZ001
)
def test_arguments_out_of_bounds_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(FixArguments) as refusal:
        DemoShop(**{"end": END, **wrong})  # type: ignore[arg-type]
    assert refusal.value.field == next(iter(wrong))


def test_sizes(shop: DemoShop, tables: Tables) -> None:
    assert tables["customers"].height == shop.customers
    assert 3.0 < tables["orders"].height / shop.customers < 5.0
    assert 25 < tables["events"].height / shop.customers < 50
    assert tables["mentions"].height == max(600, round(0.3 * shop.customers))
    assert tables["channel_spend"].height == 4 * 1096
    assert set(tables["events"]["kind"].unique()) == set(EVENT_KINDS)


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("products", ["sku"]),
        ("products", ["name"]),
        ("campaigns", ["campaign_id"]),
        ("customers", ["customer_id"]),
        ("customers", ["email"]),
        ("orders", ["order_id"]),
        ("events", ["event_id"]),
        ("assignments", ["customer_id", "campaign_id"]),
        ("campaign_daily", ["campaign_id", "day"]),
        ("channel_spend", ["day", "channel"]),
        ("mentions", ["mention_id"]),
    ],
)
def test_keys_are_unique(tables: Tables, table: str, key: list[str]) -> None:
    assert tables[table].select(key).n_unique() == tables[table].height > 0


def test_references_are_yielded_before_they_are_used(shop: DemoShop) -> None:
    known: dict[str, set[str]] = defaultdict(set)
    keys = {"customers": "customer_id", "orders": "order_id", "campaigns": "campaign_id", "products": "sku"}
    for name, frame in shop.tables():
        if name in keys:
            known[keys[name]].update(frame[keys[name]])
        for column in set(frame.columns) & set(keys.values()):
            assert set(frame[column].drop_nulls().unique()) <= known[column], (name, column)


def test_only_reserved_addresses_and_numbers(tables: Tables) -> None:
    customers = tables["customers"]
    assert customers["email"].str.contains(r"^[a-z][a-z.]*\.\d+@example\.com$").all()
    assert customers["phone"].drop_nulls().str.contains(r"^\+1555\d{7}$").all()
    assert tables["mentions"]["author_handle"].str.contains(r"^user_\d{5}$").all()


def test_lines_sum_to_their_order_to_the_cent(tables: Tables) -> None:
    cents = (pl.col("revenue") * 100).round().cast(pl.Int64)
    items = tables["order_items"].with_columns(cents.alias("cents"))
    assert (items["quantity"] * (items["unit_price"] * 100).round().cast(pl.Int64) == items["cents"]).all()
    sums = items.group_by("order_id").agg(pl.sum("cents"), pl.sum("quantity").alias("units"))
    joined = tables["orders"].join(sums, on="order_id", how="full")
    assert joined.null_count().select("order_id", "cents").row(0) == (0, 0)
    assert joined.filter(cents != pl.col("cents")).height == 0
    assert joined.filter(pl.col("quantity") != pl.col("units")).height == 0


def test_money_has_two_decimals(tables: Tables) -> None:
    for name, columns in {"orders": ["revenue", "discount"], "order_items": ["revenue", "unit_price"]}.items():
        for column in columns:
            values = tables[name][column].to_numpy()
            np.testing.assert_array_equal(values, np.round(values, 2))


def test_refunds_negate_a_real_earlier_order(shop: DemoShop, tables: Tables) -> None:
    orders = tables["orders"]
    refunds = orders.filter("is_refund")
    kept = orders.filter(~pl.col("is_refund"))
    assert (kept["revenue"] > 0).all()
    assert (kept["discount"] >= 0).all()
    pairs = refunds.join(kept, left_on="refund_of", right_on="order_id", how="left", suffix="_bought")
    assert (pairs["revenue"] == -pairs["revenue_bought"]).all()
    assert (pairs["quantity"] == -pairs["quantity_bought"]).all()
    assert (pairs["customer_id"] == pairs["customer_id_bought"]).all()
    assert (pairs["ordered_at"] > pairs["ordered_at_bought"]).all()
    error = 4 * np.sqrt(shop.truth.refund_rate / kept.height)
    assert refunds.height / kept.height == pytest.approx(shop.truth.refund_rate, abs=error + 0.002)


def test_every_purchase_event_is_an_order(tables: Tables) -> None:
    bought = tables["events"].filter(pl.col("kind") == "purchase")
    told = [json.loads(text) for text in bought["properties"].head(500)]
    orders = tables["orders"].filter(~pl.col("is_refund"))
    values = dict(orders.select("order_id", "revenue").iter_rows())
    assert bought.height == orders.height
    assert all(values[row["order_id"]] == row["value"] for row in told)


def test_mail_goes_only_to_who_agreed_and_stops_at_the_unsubscribe(tables: Tables) -> None:
    events = tables["events"]
    sent = events.filter(pl.col("kind") == "email_sent")
    left = events.filter(pl.col("kind") == "email_unsubscribe")
    consent = tables["customers"].select("customer_id", "consent_email")
    assert left.height > 0
    assert not left.join(consent, on="customer_id")["consent_email"].any()
    late = sent.join(left, on="customer_id").filter(pl.col("occurred_at") > pl.col("occurred_at_right"))
    assert late.height == 0
    refused = consent.filter(~pl.col("consent_email")).join(left, on="customer_id", how="anti")
    assert sent.join(refused, on="customer_id", how="semi").height == 0


def test_opens_and_clicks_follow_a_message_and_clicks_an_open(tables: Tables) -> None:
    events = tables["events"].select("customer_id", "campaign_id", "kind", "occurred_at")
    by_kind = {kind: events.filter(pl.col("kind") == kind).drop("kind") for kind in EVENT_KINDS}
    pairs = [("email_open", "email_sent"), ("email_click", "email_open"), ("sms_click", "sms_sent")]
    for later, earlier in pairs:
        both = by_kind[later].join(by_kind[earlier], on=["customer_id", "campaign_id"], how="left")
        assert (both["occurred_at"] >= both["occurred_at_right"]).fill_null(value=False).all(), later


def test_an_order_from_a_mailing_was_mailed_and_clicked(tables: Tables) -> None:
    events = tables["events"]
    bought = events.filter((pl.col("kind") == "purchase") & pl.col("channel").is_in(["email", "sms"]))
    for channel in ("email", "sms"):
        clicks = events.filter(pl.col("kind") == f"{channel}_click").select("customer_id", "campaign_id", "occurred_at")
        mine = bought.filter(pl.col("channel") == channel)
        pairs = mine.join(clicks, on=["customer_id", "campaign_id"], how="left", suffix="_click")
        assert mine.height > 0
        assert (pairs["occurred_at"] > pairs["occurred_at_click"]).fill_null(value=False).all()


def test_daily_tables_agree_with_orders_and_with_each_other(shop: DemoShop, tables: Tables) -> None:
    midnight = shop.end.replace(hour=0, minute=0)
    orders = tables["orders"].filter(~pl.col("is_refund") & (pl.col("ordered_at") < midnight))
    spend = tables["channel_spend"].group_by("channel").agg(pl.sum("spend", "conversions", "revenue", "clicks"))
    counted = orders.group_by("channel").agg(pl.len(), pl.col("revenue").sum().alias("charged"))
    for row in spend.join(counted, on="channel").iter_rows(named=True):
        assert row["conversions"] == row["len"]
        assert row["revenue"] == pytest.approx(row["charged"], abs=0.005)
    daily = tables["campaign_daily"].join(tables["campaigns"], on="campaign_id")
    by_campaign = daily.group_by("channel").agg(pl.sum("cost", "conversions", "clicks"))
    for row in spend.join(by_campaign, on="channel").iter_rows(named=True):
        assert row["spend"] == pytest.approx(row["cost"], abs=0.005)
        assert (row["clicks"], row["conversions"]) == (row["clicks_right"], row["conversions_right"])
    sent = tables["events"].filter((pl.col("kind") == "email_sent") & (pl.col("occurred_at") < midnight)).height
    assert daily.filter(pl.col("channel") == "email")["impressions"].sum() == sent


def test_who_left_is_silent_since(purchases: pl.DataFrame, big_truth: pl.DataFrame, big_tables: Tables) -> None:
    left = big_truth.filter(pl.col("left_at").is_not_null())
    last = purchases.group_by("customer_id").agg(pl.col("ordered_at").max())
    assert left.height > 10_000
    both = left.join(last, on="customer_id", how="left")
    assert (both["ordered_at"] == both["left_at"]).all()
    visits = big_tables["events"].filter(pl.col("kind") == "visit").join(left, on="customer_id")
    after = visits.filter(pl.col("occurred_at") > pl.col("left_at") + pl.duration(days=180))
    assert after.height < 0.01 * visits.height


def test_prospects_never_bought_and_the_others_did(purchases: pl.DataFrame, big_truth: pl.DataFrame) -> None:
    buyers = big_truth.join(purchases.select("customer_id").unique(), on="customer_id", how="semi")
    assert buyers.height == (~big_truth["prospect"]).sum()
    assert not buyers["prospect"].any()


def test_repeat_orders_match_the_bg_nbd_expectation(big: DemoShop, purchases: pl.DataFrame) -> None:
    """E[X(t)] of Fader, Hardie & Lee (2005), equation 9, summed over the customers' own observation times."""
    planted = big.truth.buying
    each = purchases.group_by("customer_id").agg(pl.len(), pl.col("ordered_at").min())
    t = ((END - each["ordered_at"]).dt.total_seconds() / 86_400).to_numpy()
    a, b, r, alpha = planted.a, planted.b, planted.r, planted.alpha
    shrink = (alpha / (alpha + t)) ** r * hyp2f1(r, b, a + b - 1, t / (alpha + t))
    expected = float(((a + b - 1) / (a - 1) * (1 - shrink)).sum())
    assert each["len"].sum() - each.height == pytest.approx(expected, rel=0.05)


def test_order_values_match_gamma_gamma(big: DemoShop, purchases: pl.DataFrame, big_truth: pl.DataFrame) -> None:
    means = purchases.group_by("customer_id").agg(pl.col("revenue").mean(), pl.len())
    assert means["revenue"].mean() == pytest.approx(big.truth.buying.mean_order_value, rel=0.02)
    often = means.filter(pl.col("len") >= 10).join(big_truth, on="customer_id")
    assert float((often["revenue"] / often["mean_order_value"]).mean()) == pytest.approx(1.0, abs=0.02)


def test_the_lift_of_the_holdout_campaign_is_recovered(
    big: DemoShop, big_tables: Tables, purchases: pl.DataFrame, big_truth: pl.DataFrame
) -> None:
    begin = big.truth.lift_sent_at
    window = pl.col("ordered_at").is_between(begin, begin + timedelta(days=big.truth.lift_window_days), closed="left")
    bought = purchases.filter(window).select("customer_id").unique().with_columns(pl.lit(1.0).alias("bought"))
    people = big_tables["assignments"].join(bought, on="customer_id", how="left").join(big_truth, on="customer_id")
    assert people["lift_probability"].null_count() == 0
    arms = {arm: people.filter(pl.col("arm") == arm)["bought"].fill_null(0.0) for arm in ("treatment", "control")}
    difference = arms["treatment"].mean() - arms["control"].mean()  # type: ignore[operator]
    error = np.sqrt(sum(arm.var() / arm.len() for arm in arms.values()))  # type: ignore[operator, misc]
    assert abs(difference - float(people["lift_probability"].mean())) < 3.5 * error  # type: ignore[arg-type]
    assert difference > 5 * error


def test_price_sensitive_customers_gain_more_from_the_campaign(big_truth: pl.DataFrame) -> None:
    reachable = big_truth.filter(pl.col("lift_probability") > 0)
    assert reachable.select(pl.corr("lift_probability", "price_sensitivity")).item() > 0.99


def test_the_crisis_shows_in_the_mentions(big: DemoShop, big_tables: Tables) -> None:
    inside = pl.col("posted_at").is_between(big.truth.crisis_start, big.truth.crisis_end, closed="left")
    mentions = big_tables["mentions"].with_columns(inside.alias("inside"))
    rating = dict(mentions.group_by("inside").agg(pl.col("rating").mean()).iter_rows())
    assert rating[True] < rating[False] - 1.0
    per_day = dict(mentions.group_by("inside").len().iter_rows())
    assert per_day[True] / 21 > 3 * per_day[False] / 1075
    aspects = big.mention_truth().group_by("aspect", "in_crisis").agg(pl.col("positive").mean())
    positive = {(row[0], row[1]): row[2] for row in aspects.iter_rows()}
    for aspect in ASPECTS:
        assert (positive[aspect, True] < 0.2) == (aspect in CRISIS_ASPECTS)
        assert positive[aspect, False] > 0.65


def test_each_mention_says_what_its_truth_holds(big: DemoShop, big_tables: Tables) -> None:
    truth = big.mention_truth().head(300).join(big_tables["mentions"], on="mention_id")
    for row in truth.iter_rows(named=True):
        phrases = PHRASES[row["aspect"]][0 if row["positive"] else 1]
        assert any(part in row["text"] for phrase in phrases for part in [max(phrase.split("{item}"), key=len).strip()])


def test_spend_moves_orders(big: DemoShop, big_tables: Tables, purchases: pl.DataFrame) -> None:
    daily = purchases.group_by(pl.col("ordered_at").dt.date().alias("day")).len("total")
    shares = big.channel_truth()
    for effect in big.truth.channels:
        mine = big_tables["channel_spend"].filter(pl.col("channel") == effect.channel).join(daily, on="day").sort("day")
        relative = mine["spend"].to_numpy() / (effect.daily_spend * big.customers)
        stock = channel_effect(effect, relative)
        got = (mine["conversions"] / mine["total"]).to_numpy()
        assert np.corrcoef(stock[60:], got[60:])[0, 1] > 0.35, effect.channel
        planted = shares.filter(pl.col("channel") == effect.channel).join(mine, on="day").sort("day")["share"]
        assert float((mine["total"].to_numpy() * planted.to_numpy()).sum()) == pytest.approx(
            mine["conversions"].sum(), rel=0.05
        )


def test_the_drifting_country_changes_in_the_last_days(big: DemoShop, purchases: pl.DataFrame) -> None:
    truth = big.truth
    recent = pl.col("ordered_at") >= truth.drift_start
    before = pl.col("ordered_at").is_between(truth.drift_start - timedelta(days=truth.drift_days), truth.drift_start)
    drifting = pl.col("country") == truth.drift_country
    change = {
        name: purchases.filter(who & recent).height / purchases.filter(who & before).height
        for name, who in (("drifting", drifting), ("others", ~drifting))
    }
    # Newly acquired customers of the country still come; only what it buys afterwards dries up.
    assert change["drifting"] < 0.65 * change["others"]
    discounted = [
        float((purchases.filter(who & recent)["discount"] > 0).mean())  # type: ignore[arg-type]
        for who in (drifting, ~drifting)
    ]
    assert discounted[0] > discounted[1] + 0.3


def test_habits_season_and_growth(purchases: pl.DataFrame, big_tables: Tables) -> None:
    hours = purchases.filter(pl.col("country") == "United Kingdom").group_by(pl.col("ordered_at").dt.hour()).len()
    by_hour = dict(hours.iter_rows())
    assert by_hour[20] > 5 * by_hour[4]
    weekend = purchases.with_columns((pl.col("ordered_at").dt.weekday() >= 6).alias("weekend"))
    often = weekend.group_by("customer_id").agg(pl.len(), pl.col("weekend").mean()).filter(pl.col("len") >= 10)
    assert 0.03 < (often["weekend"] >= 0.7).mean() < 0.15  # type: ignore[operator]
    favourite = big_tables["order_items"].group_by("customer_id", "category").len().group_by("customer_id")
    share = favourite.agg((pl.col("len").max() / pl.col("len").sum()).alias("top"), pl.col("len").sum().alias("lines"))
    assert 0.1 < (share.filter(pl.col("lines") >= 20)["top"] > 0.75).mean() < 0.35  # type: ignore[operator]
    year = big_tables["customers"].group_by(pl.col("created_at").dt.year()).len().sort("created_at")
    joined = dict(year.iter_rows())
    assert joined[2025] > joined[2024]
    peak = (
        purchases.filter(pl.col("ordered_at").dt.year() == 2025).group_by(pl.col("ordered_at").dt.ordinal_day()).len()
    )
    by_day = dict(peak.iter_rows())
    peak_days, usual_days = ([by_day[day] for day in days] for days in (range(327, 335), range(300, 320)))
    assert np.mean(peak_days) > 1.2 * np.mean(usual_days)


def test_memory_is_bounded_by_the_chunk() -> None:
    peaks = []
    for customers in (3 * CHUNK_CUSTOMERS, 6 * CHUNK_CUSTOMERS):
        tracemalloc.start()
        biggest = max(
            frame.height
            for name, frame in DemoShop(customers=customers, seed=7, end=END).tables()
            if name == "customers"
        )
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert biggest == CHUNK_CUSTOMERS
    assert peaks[1] < 1.3 * peaks[0]
