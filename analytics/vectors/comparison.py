"""Do the vectors know more than the plain features? Both predict purchases of a later window, and are compared.

Protocol, with H = horizon and T = the end of the history: the transformer is trained on what lies before T − 2H;
learners are fitted on customers as of T − 2H and what they bought in [T − 2H, T − H); every figure is about customers
as of T − H and what they bought in [T − H, T). Nothing after a cut is seen by anything that is made at that cut. Who
is judged was not fitted on (two halves of the customers change places): a vector could serve as a name tag otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.vectors.lookalike import area_under_curve

__all__ = ["Candidate", "Comparison", "Gain", "compare"]

Floats = NDArray[np.float64]
FeaturesAt = Callable[[datetime], pl.DataFrame]
FEWEST_BUYERS = 20  # and as many who do not buy, in each half of the customers
SETS = ("features", "vectors", "both")
LEARNERS = ("linear", "trees")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One set of inputs on the later window: area under the ROC curve and log loss of "buys", R² of log revenue."""

    inputs: str
    columns: int
    auc: float
    log_loss: float
    revenue_r2: float


@dataclass(frozen=True, slots=True)
class Gain:
    """A figure of `inputs` minus that of the features, with its 95 % bootstrap interval over customers."""

    inputs: str
    figure: str
    gain: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict: `beats_features` only when features and vectors together are better beyond chance."""

    status: Literal["ok", "not_enough_data", "not_yet"]
    reason: str
    beats_features: bool
    cutoff: datetime | None = None
    horizon_days: int = 0
    customers: int = 0
    buyers: int = 0
    candidates: tuple[Candidate, ...] = ()
    gains: tuple[Gain, ...] = ()


@dataclass(frozen=True, slots=True)
class _Side:
    """Customers as of a cut: inputs by set, and what they did in the window after it."""

    inputs: Mapping[str, Floats]
    bought: Floats
    revenue: Floats
    half: NDArray[np.bool_]


def compare(
    orders: pl.DataFrame,
    features_at: FeaturesAt,
    vectors_at: FeaturesAt,
    *,
    names: tuple[str, ...],
    until: datetime,
    horizon_days: int,
    seed: int = 0,
    draws: int = 500,
) -> Comparison:
    """Fit on one window, judge on the next. `names`: the number columns of `features_at`; vectors: column `vector`.

    Customers who ever ordered before the cut take part. What is judged is, for each set of
    inputs, the mean of two learners: ridge (logistic) regression and gradient-boosted trees.
    """
    window = timedelta(days=horizon_days)
    fit = _side(orders, features_at, vectors_at, names, until - 2 * window, window)
    judge = _side(orders, features_at, vectors_at, names, until - window, window)
    if min(_smaller_class(side) for side in (fit, judge)) < FEWEST_BUYERS:
        words = f"A comparison needs {2 * FEWEST_BUYERS} customers who buy and as many who do not in each window."
        return Comparison("not_enough_data", words, False, horizon_days=horizon_days)
    predicted = {name: _predict(name, fit, judge, seed) for name in SETS}
    candidates = tuple(candidate for candidate, _p, _r in predicted.values())
    gains = tuple(_gains({n: (p, r) for n, (_c, p, r) in predicted.items()}, judge, seed, draws))
    beats = any(g.inputs == "both" and g.figure == "auc" and g.low > 0 for g in gains)
    reason = _words(gains, beats, horizon_days)
    size, buyers = judge.bought.size, int(judge.bought.sum())
    return Comparison("ok", reason, beats, until - window, horizon_days, size, buyers, candidates, gains)


def _smaller_class(side: _Side) -> int:
    """Customers of the rarer outcome (buys, does not) in the half that has fewest."""
    counts = [(side.bought[side.half == half] == said).sum() for half in (False, True) for said in (0.0, 1.0)]
    return int(min(counts))


def _side(
    orders: pl.DataFrame,
    features_at: FeaturesAt,
    vectors_at: FeaturesAt,
    names: tuple[str, ...],
    cut: datetime,
    window: timedelta,
) -> _Side:
    sales = orders.filter(~pl.col("is_refund"))
    known = sales.filter(pl.col("ordered_at") < cut).select("customer_id").unique().sort("customer_id")
    later = sales.filter((pl.col("ordered_at") >= cut) & (pl.col("ordered_at") < cut + window))
    spent = later.group_by("customer_id").agg(pl.col("revenue").sum(), bought=pl.lit(1.0))
    rows = (
        known.join(features_at(cut).select("customer_id", *names), on="customer_id", how="left")
        .join(vectors_at(cut), on="customer_id", how="inner")
        .join(spent, on="customer_id", how="left", maintain_order="left")
        .sort("customer_id")
    )
    plain = rows.select(pl.col(names).cast(pl.Float64).fill_null(float("nan"))).to_numpy()
    vectors = np.array(rows["vector"].to_list(), dtype=np.float64).reshape(rows.height, -1)
    both = np.concatenate([plain, vectors], axis=1)
    bought = rows["bought"].fill_null(0.0).to_numpy()
    revenue = np.log1p(rows["revenue"].fill_null(0.0).clip(lower_bound=0.0).to_numpy())
    half = (rows["customer_id"].to_numpy().astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(63) == 1
    return _Side({"features": plain, "vectors": vectors, "both": both}, bought, revenue, half)


def _predict(inputs: str, fit: _Side, judge: _Side, seed: int) -> tuple[Candidate, Floats, Floats]:
    """Both learners fitted on one half of the customers and the one window; their mean on the others and the next."""
    from sklearn.metrics import log_loss

    vary = _varying(fit.inputs[inputs])
    x, new = fit.inputs[inputs][:, vary], judge.inputs[inputs][:, vary]
    p, worth = np.zeros(len(new)), np.zeros(len(new))
    for half in (False, True):
        known, asked = fit.half != half, judge.half == half
        for name in LEARNERS:
            buys = _classifier(name, seed).fit(x[known], fit.bought[known])
            p[asked] += buys.predict_proba(new[asked])[:, 1] / len(LEARNERS)
            spends = _regressor(name, seed).fit(x[known], fit.revenue[known])
            worth[asked] += spends.predict(new[asked]) / len(LEARNERS)
    found = Candidate(
        inputs=inputs,
        columns=x.shape[1],
        auc=round(area_under_curve(judge.bought, p), 4),
        log_loss=round(float(log_loss(judge.bought, p)), 4),
        revenue_r2=round(_r2(judge.revenue, worth), 4),
    )
    return found, p, worth


def _varying(x: Floats) -> NDArray[np.bool_]:
    """Columns with at least two different known values: a shop without emails has nothing in its email features."""
    low = np.where(np.isnan(x), np.inf, x).min(axis=0, initial=np.inf)
    high = np.where(np.isnan(x), -np.inf, x).max(axis=0, initial=-np.inf)
    return np.asarray(low < high, dtype=np.bool_)


def _classifier(learner: str, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    if learner == "trees":
        return HistGradientBoostingClassifier(max_iter=80, learning_rate=0.06, max_leaf_nodes=12, random_state=seed)
    return _prepared(LogisticRegression(C=0.02, max_iter=2000))


def _regressor(learner: str, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.linear_model import Ridge

    if learner == "trees":
        return HistGradientBoostingRegressor(max_iter=80, learning_rate=0.06, max_leaf_nodes=12, random_state=seed)
    return _prepared(Ridge(alpha=50.0))


def _prepared(learner: Any) -> Any:
    """Ranks to a normal curve (money and counts have long tails), missing values flagged and set to the median."""
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import QuantileTransformer

    ranks = QuantileTransformer(n_quantiles=100, output_distribution="normal", random_state=0)
    return make_pipeline(SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True), ranks, learner)


def _gains(predicted: Mapping[str, tuple[Floats, Floats]], judge: _Side, seed: int, draws: int) -> list[Gain]:
    """Differences against the features on the same resampled customers."""
    random = np.random.default_rng(seed)
    samples = [random.integers(0, judge.bought.size, judge.bought.size) for _ in range(draws)]
    everybody = np.arange(judge.bought.size)
    gains = []
    for figure, score, place, truth in (
        ("auc", area_under_curve, 0, judge.bought),
        ("revenue_r2", _r2, 1, judge.revenue),
    ):
        base = predicted["features"][place]
        for inputs in SETS[1:]:
            ours = predicted[inputs][place]
            drawn = [score(truth[s], ours[s]) - score(truth[s], base[s]) for s in (everybody, *samples)]
            low, high = np.nanquantile(drawn[1:], (0.025, 0.975))
            gains.append(Gain(inputs, figure, round(drawn[0], 4), round(float(low), 4), round(float(high), 4)))
    return gains


def _r2(truth: Floats, score: Floats) -> float:
    spread = ((truth - truth.mean()) ** 2).sum()
    return float(1.0 - ((truth - score) ** 2).sum() / spread) if spread > 0 else float("nan")


def _words(gains: tuple[Gain, ...], beats: bool, horizon_days: int) -> str:
    both = next(g for g in gains if g.inputs == "both" and g.figure == "auc")
    said = (
        f"Who buys in the next {horizon_days} days: vectors added to the features change the area under the ROC curve "
        f"by {both.gain:+.4f} (95% interval {both.low:+.4f} to {both.high:+.4f}). "
    )
    if beats:
        return said + "They know more than the features alone."
    return said + "That is no proven gain, so vectors feed no score: they serve lookalikes and grouping only."
