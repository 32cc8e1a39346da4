"""Groups are found again where they were planted, said in words, and refused where there are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from analytics.segmentation.discovery import customer_map, discovered_groups
from analytics.segmentation.grouping import strength
from analytics.segmentation.groups import described, lasting_names
from analytics.segmentation.kmeans import kmeans_groups, value_levels
from analytics.segmentation.naming import named, traits
from analytics.segmentation.scaling import CLUSTER_NAMES, scaled
from core.errors import FixArguments
from tests.unit.planted_clusters import GROUPS, planted


def agreement(truth: np.ndarray, found: pl.DataFrame) -> float:
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(truth, found["group"]))


def test_kmeans_finds_the_planted_groups_and_their_number() -> None:
    features, truth = planted(2_000)
    found = kmeans_groups(scaled(features), seed=3)
    assert (found.status, found.groups) == ("ok", GROUPS)
    assert agreement(truth, found.members) >= 0.99
    assert [k for k, _ in found.tried] == list(range(2, 11))
    sizes = found.members["group"].value_counts().sort("group")["count"].to_list()
    assert sizes == sorted(sizes, reverse=True)
    assert found.members["confidence"].is_between(0, 1).all()


def test_a_fit_on_a_sample_gives_everybody_nearly_the_same_group() -> None:
    features, truth = planted(6_000)
    whole, part = (kmeans_groups(scaled(features), k=8, sample=n) for n in (6_000, 1_000))
    assert abs(agreement(truth, whole.members) - agreement(truth, part.members)) < 0.01
    again = kmeans_groups(scaled(features), k=8, sample=1_000)
    assert again.members.equals(part.members)


def test_discovery_finds_dense_groups_and_leaves_noise_out() -> None:
    features, truth = planted(2_000)
    rng = np.random.default_rng(5)
    names = [n for n in features.columns if n != "customer_id"]
    stray = pl.DataFrame({"customer_id": np.arange(9_001, 9_101), **{n: rng.uniform(40, 160, 100) for n in names}})
    found = discovered_groups(scaled(pl.concat([features, stray])))
    assert (found.status, found.groups) == ("ok", GROUPS)
    assert agreement(truth, found.members.head(2_000)) >= 0.95
    assert (found.members.tail(100)["group"] == -1).mean() > 0.8
    assert found.ungrouped < 200


def test_who_was_not_sampled_goes_with_their_neighbours() -> None:
    features, truth = planted(4_000)
    found = discovered_groups(scaled(features), sample=1_500)
    assert agreement(truth, found.members) >= 0.97


def test_the_map_keeps_groups_together() -> None:
    from sklearn.neighbors import KNeighborsClassifier

    features, truth = planted(600)
    flat = customer_map(scaled(features), method="pca", sample=400)
    assert flat.height == 400
    points, labels = flat.select("x", "y").to_numpy(), truth[flat["customer_id"].to_numpy() - 1]
    assert KNeighborsClassifier(5).fit(points, labels).score(points, labels) > 0.6


@pytest.mark.slow
def test_umap_separates_what_two_components_cannot() -> None:
    from sklearn.neighbors import KNeighborsClassifier

    features, truth = planted(1_000)
    flat = customer_map(scaled(features), sample=1_000)
    points = flat.select("x", "y").to_numpy()
    assert KNeighborsClassifier(5).fit(points, truth).score(points, truth) > 0.97


@pytest.mark.parametrize("customers", [0, 1, 5, 15])
def test_too_few_customers_are_refused_in_words(customers: int) -> None:
    features, _ = planted(customers)
    for found in (kmeans_groups(scaled(features)), discovered_groups(scaled(features))):
        assert found.status == "not_enough"
        assert "too few" in (found.reason or "")
        assert found.members.is_empty()


def test_fifty_customers_get_groups_or_a_reason_never_a_traceback() -> None:
    features, _ = planted(50)
    matrix = scaled(features)
    assert kmeans_groups(matrix).status == "ok"
    found = discovered_groups(matrix)
    assert (found.status == "ok") == (found.reason is None)


@pytest.mark.parametrize("blank", [None, 7.0])
def test_customers_who_are_all_alike_are_refused(blank: float | None) -> None:
    values: dict[str, Any] = {n: pl.Series([blank] * 60, dtype=pl.Float64) for n in CLUSTER_NAMES}
    matrix = scaled(pl.DataFrame({"customer_id": range(60), **values}))
    assert matrix.dropped == CLUSTER_NAMES
    for found in (kmeans_groups(matrix), discovered_groups(matrix)):
        assert "alike" in (found.reason or "")
    assert customer_map(matrix, method="pca").is_empty()


def test_two_kinds_of_customers_cannot_be_split_in_five() -> None:
    values = [0.0, 1.0] * 50
    found = kmeans_groups(scaled(pl.DataFrame({"customer_id": range(100), "orders_all": values})), k=5)
    assert "2 different customers" in (found.reason or "")


def test_one_wholesaler_is_no_group_and_scaling_is_finite() -> None:
    features, truth = planted(1_000)
    features = features.with_columns(
        monetary_value=pl.when(pl.col("customer_id") == 1).then(1e9).otherwise(pl.col("monetary_value")),
        refund_rate=pl.when(pl.col("customer_id") % 3 == 0).then(None).otherwise(pl.col("refund_rate")),
    )
    matrix = scaled(features)
    assert np.isfinite(matrix.values).all()
    assert np.abs(matrix.values).max() < 40
    found = kmeans_groups(matrix)
    assert agreement(truth, found.members) > 0.95
    assert found.members["group"].value_counts()["count"].min() > 50


def test_a_wrong_number_of_groups_is_refused() -> None:
    with pytest.raises(FixArguments, match="2 to 50"):
        kmeans_groups(scaled(planted(100)[0]), k=1)


def test_groups_are_named_by_what_sets_them_apart() -> None:
    rng = np.random.default_rng(2)
    big = np.repeat([1.0, 0.0], 500)
    features = pl.DataFrame(
        {
            "customer_id": range(1_000),
            "orders_90d": rng.poisson(1 + 6 * big).astype(float),
            "discounted_order_share": np.clip(rng.normal(0.7 - 0.5 * big, 0.1), 0, 1),
            "weekend_share": rng.uniform(0, 1, 1_000),
            "main_channel": pl.Series(np.where(big > 0, 3, rng.integers(0, 3, 1_000)), dtype=pl.Int32),
        }
    )
    labels = np.repeat([0, 1], 500).astype(np.int32)
    matrix = scaled(features)
    found = [traits(matrix, features, labels, group) for group in (0, 1)]
    assert [t.feature for t in found[0]][:1] == ["discounted_order_share"] or found[0][0].feature == "main_channel"
    assert {t.feature for t in found[0]} == {"orders_90d", "discounted_order_share", "main_channel"}
    channel = next(t for t in found[0] if t.feature == "main_channel")
    assert (channel.code, channel.inside) == (3, 1.0)
    ours = next(t for t in found[0] if t.feature == "orders_90d")
    assert ours.inside == pytest.approx(7, abs=1)
    assert ours.words.startswith("buying lately: 7 against 1")
    names = named(found, ["high", "low"])
    assert names[0] == "Rarely on discount, buying lately"
    assert names[1] == "Discount buyers, no recent orders"
    assert named([found[0], found[0], []], ["high", "low", "low"])[1] == "Rarely on discount, buying lately (2)"
    assert traits(matrix, features, np.zeros(1_000, np.int32), 0) == []


def test_value_levels_go_by_the_mean_of_the_group() -> None:
    members = pl.DataFrame(
        {"customer_id": range(6), "group": [0, 0, 1, 1, 2, -1]}, schema_overrides={"group": pl.Int32}
    )
    value = pl.DataFrame({"customer_id": range(6), "monetary_value": [5.0, 7.0, 100.0, None, 1.0, 1e6]})
    assert value_levels(members, value) == {1: "high", 0: "medium", 2: "low"}


def test_silhouettes_are_read_with_the_usual_bounds() -> None:
    assert [strength(v).split()[0] for v in (None, 0.8, 0.6, 0.3, 0.1)] == ["not", "strong", "reasonable", "weak", "no"]


def test_a_group_that_lives_on_keeps_its_name() -> None:
    members = pl.DataFrame(
        {"customer_id": range(100), "group": [0] * 60 + [1] * 40}, schema_overrides={"group": pl.Int32}
    )
    earlier = pl.DataFrame({"customer_id": range(5, 100), "name": ["Old one"] * 50 + ["Old two"] * 45})
    assert lasting_names(members, ["New one", "New two"], earlier) == ["Old one", "Old two"]
    assert lasting_names(members, ["Old two", "New"], earlier.head(50)) == ["Old one", "New"]
    stranger = pl.DataFrame({"customer_id": range(0, 100, 9), "name": ["A"] * 12})
    assert lasting_names(members, ["A", "B"], stranger) == ["A", "B"]


def test_a_new_group_takes_no_name_that_lives_on() -> None:
    members = pl.DataFrame(
        {"customer_id": range(100), "group": [0] * 50 + [1] * 50}, schema_overrides={"group": pl.Int32}
    )
    earlier = pl.DataFrame({"customer_id": range(50, 100), "name": ["Big"] * 50})
    assert lasting_names(members, ["Big", "Small"], earlier) == ["Big (2)", "Big"]


def test_groups_are_described_with_size_level_and_traits() -> None:
    features, _ = planted(800)
    matrix = scaled(features)
    groups = described(kmeans_groups(matrix, k=3, seed=1), matrix, features)
    assert [g.size for g in groups] == sorted((g.size for g in groups), reverse=True)
    assert sum(g.size for g in groups) == 800
    assert {g.value_level for g in groups} == {"high", "medium", "low"}
    assert len({g.name for g in groups}) == 3
