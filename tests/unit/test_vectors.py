"""Behavioural vectors: what sequences hold, that nothing later leaks, that a network learns, honest verdicts."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from analytics.vectors.comparison import compare
from analytics.vectors.embed import embed
from analytics.vectors.lookalike import area_under_curve, recognisability, shared
from analytics.vectors.sequences import FIRST_CATEGORY, FIRST_EVENT, LONGEST, NOW, ORDER, PAD, REFUND, Tokens, tokenise
from analytics.vectors.training import Plan, require_torch, shortage, train, window
from analytics.vectors.transformer import Shape
from analytics.vectors.weights import from_bytes, to_bytes
from core.errors import GiveUp
from core.event_kinds import EVENT_KINDS

START = datetime(2025, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
SMALL = Plan(steps=60, batch=32, judge_every=20, horizon_days=30, learning_rate=2e-3)
Frames = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]


def frames(
    orders: list[tuple[int, float, float, bool]],
    items: list[tuple[int, float, int, float]] = (),  # type: ignore[assignment]
    events: list[tuple[int, float, str]] = (),  # type: ignore[assignment]
) -> Frames:
    """Orders: customer, day, revenue, refund. Items: customer, day, category, revenue. Events: customer, day, kind."""
    when = pl.Datetime("us", "UTC")

    def table(columns: dict[str, list[object]], kinds: dict[str, object]) -> pl.DataFrame:
        return pl.DataFrame(columns, schema=kinds)  # type: ignore[arg-type]

    return (
        table(
            {
                "customer_id": [o[0] for o in orders],
                "ordered_at": [START + o[1] * DAY for o in orders],
                "revenue": [o[2] for o in orders],
                "is_refund": [o[3] for o in orders],
            },
            {"customer_id": pl.Int64, "ordered_at": when, "revenue": pl.Float64, "is_refund": pl.Boolean},
        ),
        table(
            {
                "customer_id": [i[0] for i in items],
                "ordered_at": [START + i[1] * DAY for i in items],
                "product": [i[2] for i in items],
                "category": [i[2] for i in items],
                "revenue": [i[3] for i in items],
            },
            {"customer_id": pl.Int64, "ordered_at": when, "product": pl.Int32, "category": pl.Int32}
            | {"revenue": pl.Float64},
        ),
        table(
            {
                "customer_id": [e[0] for e in events],
                "occurred_at": [START + e[1] * DAY for e in events],
                "kind": [EVENT_KINDS.index(e[2]) for e in events],
            },
            {"customer_id": pl.Int64, "occurred_at": when, "kind": pl.Int16},
        ),
    )


def two_kinds(customers: int = 240, seed: int = 3) -> Frames:
    """Half of the customers buy every 10 days or so (category 0), half every 60 (category 1); 300 days."""
    random = np.random.default_rng(seed)
    orders, items = [], []
    for customer in range(customers):
        gap = 10.0 if customer % 2 == 0 else 60.0
        day = random.uniform(0, gap)
        while day < 300:
            amount = float(random.lognormal(3, 0.3))
            orders.append((customer, day, amount, False))
            items.append((customer, day, customer % 2, amount))
            day += gap * random.uniform(0.6, 1.4)
    return frames(orders, items)


def at(day: float) -> np.ndarray:
    return np.array([int((START + day * DAY).timestamp())])


def test_a_sequence_holds_kind_gap_amount_and_category() -> None:
    data = frames(
        [(7, 0.5, 99.0, False), (7, 10.5, -99.0, True)],
        [(7, 0.5, 4, 60.0), (7, 0.5, 2, 39.0)],
        [(7, 4.0, "visit"), (7, 4.2, "visit"), (7, 0.5, "purchase")],
    )
    tokens = tokenise(*data, before=START + 20 * DAY)
    rows = np.array([0])
    counts = tokens.known(rows, at(20))
    batch = tokens.batch(rows, at(20), counts)
    visit = FIRST_EVENT + [k for k in EVENT_KINDS if k != "purchase"].index("visit")
    assert batch.kind.tolist() == [[ORDER, visit, REFUND, NOW]]
    assert np.expm1(batch.gap[0]) == pytest.approx([0, 3.5, 6.5, 9.5], rel=1e-5)
    assert np.expm1(batch.age[0]) == pytest.approx([19.5, 16, 9.5, 0], rel=1e-5)
    assert batch.amount[0] == pytest.approx([np.log(100), np.log(2), -np.log(100), 0], rel=1e-5)
    assert tokens.categories == (4,)
    assert batch.category[0, 0] == FIRST_CATEGORY


def test_outcomes_are_those_of_the_window_after_the_cut() -> None:
    tokens = tokenise(*frames([(1, d, 10.0, False) for d in (1, 12, 15, 45)]), before=START + 90 * DAY)
    rows = np.array([0])
    counts = tokens.known(rows, at(10))
    came = tokens.outcomes(rows, at(10), counts, 30)
    assert came.bought[0] == 1
    assert np.expm1([came.orders[0], came.revenue[0], came.gap[0]]) == pytest.approx([2, 20, 2], rel=1e-4)
    nothing = tokens.outcomes(rows, at(50), tokens.known(rows, at(50)), 30)
    assert (nothing.bought[0], np.expm1(nothing.gap[0])) == (0, pytest.approx(30, rel=1e-4))


def test_long_histories_keep_their_newest_tokens_and_short_ones_are_padded_before() -> None:
    data = frames([(1, d, 10.0, False) for d in range(100)] + [(2, 50.0, 5.0, False)])
    tokens = tokenise(*data, before=START + 100 * DAY)
    rows, cut = np.array([0, 1]), np.repeat(at(100), 2)
    batch = tokens.batch(rows, cut, tokens.known(rows, cut))
    assert batch.kind.shape == (2, LONGEST)
    assert np.expm1(batch.age[0, 0]) == pytest.approx(LONGEST - 1, rel=1e-4)
    assert batch.kind[1].tolist() == [PAD] * (LONGEST - 2) + [ORDER, NOW]


@pytest.fixture(scope="module")
def learnt() -> tuple[Frames, Tokens, object]:
    data = two_kinds()
    tokens = tokenise(*data, before=START + 240 * DAY)
    return data, tokens, train(tokens, until=START + 240 * DAY, plan=SMALL, shape=Shape(layers=1, inner=64))


def test_training_lowers_the_loss_on_the_later_window(learnt) -> None:  # type: ignore[no-untyped-def]
    _data, _tokens, trained = learnt
    assert trained.losses[-1]["bought"] < trained.losses[0]["bought"]
    assert trained.steps > 20


def test_vectors_have_length_one_and_tell_the_two_kinds_apart(learnt) -> None:  # type: ignore[no-untyped-def]
    _data, tokens, trained = learnt
    found = embed(trained, tokens, as_of=START + 240 * DAY)
    vectors = np.array(found["vector"].to_list())
    assert vectors.shape == (240, 128)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(240), abs=1e-5)
    nearest = (vectors @ vectors.T - 2 * np.eye(240)).argmax(axis=1)
    assert (nearest % 2 == np.arange(240) % 2).mean() > 0.95


def test_nothing_after_the_cut_changes_a_vector(learnt) -> None:  # type: ignore[no-untyped-def]
    (orders, items, events), _tokens, trained = learnt
    cut = START + 200 * DAY

    def vectors(o: pl.DataFrame, i: pl.DataFrame) -> pl.DataFrame:
        return embed(trained, tokenise(o, i, events, before=cut, categories=trained.categories), as_of=cut)

    before = vectors(orders.filter(pl.col("ordered_at") < cut), items.filter(pl.col("ordered_at") < cut))
    assert vectors(orders, items).equals(before)


def test_the_same_seed_gives_the_same_weights(learnt) -> None:  # type: ignore[no-untyped-def]
    _data, tokens, _trained = learnt
    plan = Plan(steps=2, batch=8, horizon_days=30)
    one, two = (train(tokens, until=START + 240 * DAY, plan=plan).model.state_dict() for _ in range(2))
    assert all(bool((one[name] == two[name]).all()) for name in one)


def test_stored_weights_read_histories_whose_codes_have_moved(learnt) -> None:  # type: ignore[no-untyped-def]
    (orders, items, events), tokens, trained = learnt
    again = from_bytes(to_bytes(trained, ["shoes", "hats"]), ["bags", "hats", "shoes"])
    assert again.categories == tuple({0: 2, 1: 1}[code] for code in trained.categories)
    moved = items.with_columns(category=pl.col("category").replace_strict({0: 2, 1: 1}, return_dtype=pl.Int32))
    cut = START + 240 * DAY
    new = tokenise(orders, moved, events, before=cut, categories=again.categories)
    ours, theirs = embed(trained, tokens, as_of=cut), embed(again, new, as_of=cut)
    assert np.allclose(ours["vector"].to_list(), theirs["vector"].to_list(), atol=1e-6)


def test_bytes_of_something_else_are_refused() -> None:
    from safetensors.numpy import save

    with pytest.raises(GiveUp, match="another version"):
        from_bytes(save({"x": np.zeros(2, np.float32)}), [])


def test_the_verdict_is_no_when_vectors_add_nothing_and_yes_when_they_alone_know() -> None:
    """Purchases of each window follow a hidden trait; the vectors hold it, or noise."""
    random = np.random.default_rng(1)
    n = 600
    trait = random.normal(size=n)
    orders = [(i, random.uniform(0, 200), 10.0, False) for i in range(n)]
    for begin in (240, 270):
        buys = random.random(n) < 1 / (1 + np.exp(-2.5 * trait))
        orders += [(int(i), begin + random.uniform(0, 29), 20.0, False) for i in np.flatnonzero(buys)]
    table = frames(sorted(orders))[0]
    noise = random.normal(size=(n, 4))

    def features_at(_at: datetime) -> pl.DataFrame:
        return pl.DataFrame({"customer_id": np.arange(n), "noise": random.normal(size=n), "empty": [None] * n})

    def knowing(inside: np.ndarray) -> pl.DataFrame:
        return pl.DataFrame({"customer_id": np.arange(n), "vector": np.column_stack([inside, noise]).tolist()})

    ask = {"names": ("noise", "empty"), "until": START + 300 * DAY, "horizon_days": 30, "draws": 100}
    yes = compare(table, features_at, lambda _at: knowing(trait), **ask)  # type: ignore[arg-type]
    no = compare(table, features_at, lambda _at: knowing(random.normal(size=n)), **ask)  # type: ignore[arg-type]
    assert (yes.status, yes.beats_features) == ("ok", True)
    assert yes.candidates[1].auc > 0.8
    assert (no.status, no.beats_features) == ("ok", False)
    assert "feed no score" in no.reason


def test_too_few_buyers_are_not_compared() -> None:
    table = frames([(i, 1.0 + i, 10.0, False) for i in range(50)])[0]
    empty = pl.DataFrame({"customer_id": range(50), "x": [1.0] * 50, "vector": [[1.0, 0.0]] * 50})
    found = compare(
        table, lambda _a: empty, lambda _a: empty.select("customer_id", "vector"), names=("x",),
        until=START + 90 * DAY, horizon_days=30,
    )  # fmt: skip
    assert (found.status, found.beats_features) == ("not_enough_data", False)


@pytest.mark.parametrize("customers", [0, 1, 5, 50])
def test_small_shops_are_told_what_is_missing(customers: int) -> None:
    data = frames([(i, float(i), 10.0, False) for i in range(customers)])
    tokens = tokenise(*data, before=START + 400 * DAY)
    words = shortage(tokens, until=START + 400 * DAY, horizon_days=60)
    assert words is not None
    assert f"there are {customers} and {customers}" in words


def test_a_short_history_is_told_so() -> None:
    data = frames([(i, d, 10.0, False) for i in range(250) for d in (1.0, 5.0)])
    words = shortage(tokenise(*data, before=START + 20 * DAY), until=START + 20 * DAY, horizon_days=60)
    assert words is not None
    assert "180 days" in words


def test_without_torch_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else found(name))
    with pytest.raises(GiveUp, match=r"pip install .* torch"):
        require_torch()


def test_reading_sequences_does_not_load_torch() -> None:
    import subprocess

    code = "import sys, analytics.vectors.sequences, analytics.vectors.training\n"
    code += "import tools.vectors.likeness, tools.vectors.training\n"
    code += "sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_windows_begin_at_midnight() -> None:
    assert window(START + 100.5 * DAY, 30, 2) == START + 40 * DAY


def test_area_and_recognisability() -> None:
    from sklearn.metrics import roc_auc_score

    random = np.random.default_rng(0)
    truth, score = (random.random(500) < 0.3).astype(float), random.normal(size=500).round(1)
    assert area_under_curve(truth, score) == pytest.approx(roc_auc_score(truth, score))
    inside, half = [True] * 40 + [False] * 40, [0, 1] * 40
    assert recognisability(inside, half, [0.1] * 40 + [0.9] * 40) == 1.0
    assert recognisability([True] * 4 + [False] * 40, [1] * 44, [0.0] * 44) is None


def test_what_two_customers_share_is_said_in_words() -> None:
    one = {"rfm_segment": "Champions", "country": "France", "orders_all": 10.0, "monetary_value": 500.0}
    other = {"rfm_segment": "Champions", "country": "Spain", "orders_all": 11.0, "monetary_value": 5_000.0}
    assert shared(one, other) == ["RFM segment Champions", "about 11 orders"]
