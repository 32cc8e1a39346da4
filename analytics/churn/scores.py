"""Churn scores of today's customers: probabilities, curves, risk, drivers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.churn.candidates import Candidate
from analytics.churn.champion import ChurnModel, leaving_survival
from analytics.churn.definition import LeftDefinition, standing_at
from analytics.churn.sense import sensible, usual_values
from analytics.churn.training import OWN_FEATURES, feature_matrix
from analytics.churn.wording import driver_sentences

__all__ = ["ChurnScores", "risk_of", "score_churn"]

Array = NDArray[np.float64]
HIGH, MEDIUM = 0.70, 0.40
CHUNK = 100_000
REFERENCE = 5_000  # customers whose average contribution the others are held against
DRIVER_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "customer_id": pl.Int64,
    "rank": pl.Int64,
    "feature": pl.String,
    "value": pl.Float64,
    "contribution": pl.Float64,
    "direction": pl.String,
    "words": pl.String,
}


@dataclass(frozen=True, slots=True)
class ChurnScores:
    """Scores of every customer with a purchase, or the reason why there are none.

    customers: customer_id, status ("active" | "left"), silence_days, limit_days, p_leave_<h>d for each horizon (0..1,
    never falling with h), risk ("high" > 0.70, "medium" 0.40-0.70, "low", by the longest horizon; "left"), survival
    (list of S(t) at `times`). Probabilities are null for who has left already.
    average: of each feature, its mean contribution among those the drivers are held against, and its usual value.
    drivers: customer_id, rank (1 strongest), feature, value (null: unknown), contribution (to the log hazard, against
    the average of 5,000 customers of this scoring drawn at random),
    direction ("raises" | "lowers"), words.
    """

    status: Literal["ok", "not_enough_data"]
    reason: str | None
    customers: pl.DataFrame
    drivers: pl.DataFrame
    definition: LeftDefinition
    champion: str | None = None
    times: tuple[float, ...] = field(default_factory=tuple)
    average: Array | None = None


def risk_of(probability: str) -> pl.Expr:
    """Risk level of the probability column named."""
    p = pl.col(probability)
    return (
        pl.when(p.is_null()).then(pl.lit("left")).when(p > HIGH).then(pl.lit("high"))
        .when(p >= MEDIUM).then(pl.lit("medium")).otherwise(pl.lit("low")).alias("risk")
    )  # fmt: skip


def score_churn(
    model: ChurnModel,
    orders: pl.DataFrame,
    features: pl.DataFrame,
    *,
    as_of: datetime,
    drivers: int = 3,
    explained: int = 100_000,
    seed: int = 0,
    average: Array | None = None,
) -> ChurnScores:
    """Score everybody as of `as_of` with a trained model.

    features: customer_id and the columns the model was trained on, as of the same instant. drivers: how many a customer
    (0: none), for the `explained` customers likeliest to leave. seed draws the customers of the average.
    average: that of an earlier scoring of everybody, to hold a few customers against.
    """
    standing = standing_at(orders, model.definition, at=as_of)
    present = standing.filter(~pl.col("left"))
    if model.candidate is None:
        return ChurnScores(
            model.status,
            model.reason,
            _unscored(standing, model.definition),
            pl.DataFrame(schema=DRIVER_SCHEMA),
            model.definition,
        )
    names = [*OWN_FEATURES, *model.names]
    matrix = feature_matrix(present, features, model.names)
    customers = _probabilities(model, model.candidate, standing, present, matrix, names)
    likeliest = _likeliest(customers, f"p_leave_{model.settings.longest}d", explained)
    if average is None and drivers > 0 and len(matrix):
        average = _average(model.candidate, matrix, names, seed)
    told = _drivers(model, present["customer_id"].to_numpy(), matrix, names, drivers, likeliest, average)
    times = tuple(float(day) for day in model.settings.times)
    return ChurnScores("ok", None, customers, told, model.definition, model.champion, times, average)


def _unscored(standing: pl.DataFrame, definition: LeftDefinition) -> pl.DataFrame:
    """Standing alone, for want of a model; nobody's where nobody's rhythm is known."""
    known = standing if definition.is_known else standing.clear()
    return known.select("customer_id", _status(), "silence_days", "limit_days")


def _status() -> pl.Expr:
    return pl.when(pl.col("left")).then(pl.lit("left")).otherwise(pl.lit("active")).alias("status")


def _probabilities(
    model: ChurnModel,
    candidate: Candidate,
    standing: pl.DataFrame,
    present: pl.DataFrame,
    matrix: Array,
    names: list[str],
) -> pl.DataFrame:
    times = np.union1d(model.settings.times, np.array(model.settings.horizons, dtype=np.float64))
    parts = [
        leaving_survival(candidate, matrix[begin : begin + CHUNK], names, times)
        for begin in range(0, len(matrix), CHUNK)
    ]
    survival = np.concatenate(parts) if parts else np.empty((0, len(times)))
    columns = {
        f"p_leave_{h}d": pl.Series(1.0 - survival[:, int(np.searchsorted(times, h))]) for h in model.settings.horizons
    }
    judged = survival[:, np.isin(times, model.settings.times)]
    curve = pl.Series("survival", judged, dtype=pl.Array(pl.Float64, judged.shape[1])).cast(pl.List(pl.Float64))
    scored = present.select("customer_id").with_columns(**columns, survival=curve)
    return (
        standing.join(scored, on="customer_id", how="left", maintain_order="left")
        .with_columns(risk_of(f"p_leave_{model.settings.longest}d"))
        .select("customer_id", _status(), "silence_days", "limit_days", *columns, "risk", "survival")
    )


def _likeliest(customers: pl.DataFrame, probability: str, most: int) -> NDArray[np.int64]:
    """Rows, among those still there, of the `most` customers likeliest to leave, in ascending order."""
    p = customers.filter(pl.col("status") == "active")[probability].to_numpy()
    if len(p) <= most:
        return np.arange(len(p))
    return np.sort(np.argpartition(-p, most)[:most])


def _average(candidate: Candidate, matrix: Array, names: list[str], seed: int) -> Array:
    """Mean contribution of each feature over customers drawn at random, and below it its usual value."""
    usual = usual_values(matrix)
    if len(matrix) > REFERENCE:
        matrix = matrix[np.random.default_rng(seed).choice(len(matrix), REFERENCE, replace=False)]
    return np.vstack([_own_as_one(candidate.contributions(matrix), names).mean(axis=0), usual])


def _drivers(
    model: ChurnModel,
    ids: NDArray[np.int64],
    matrix: Array,
    names: list[str],
    most: int,
    likeliest: NDArray[np.int64],
    average: Array | None,
) -> pl.DataFrame:
    """The `most` largest contributions of each of the likeliest leavers, against the average, in words."""
    if average is None or model.candidate is None or model.champion == "kaplan_meier" or not len(likeliest):
        return pl.DataFrame(schema=DRIVER_SCHEMA)
    parts = []
    means, usual = average if average.ndim > 1 else (average, np.full_like(average, np.nan))  # one row: an older run
    for begin in range(0, len(likeliest), CHUNK):
        rows = likeliest[begin : begin + CHUNK]
        contribution = _own_as_one(model.candidate.contributions(matrix[rows]), names) - means
        told = sensible(contribution, matrix[rows], usual, names)
        parts.append(_largest(ids[rows], matrix[rows], told, names, min(most, len(names))))
    return pl.concat(parts).with_columns(driver_sentences().alias("words")).cast(DRIVER_SCHEMA)  # type: ignore[arg-type]


def _own_as_one(contribution: Array, names: list[str]) -> Array:
    """Silence, limit and the days between are one fact: their parts are added up under days_to_limit."""
    own = [names.index(name) for name in OWN_FEATURES]
    joint = contribution[:, own].sum(axis=1)
    contribution[:, own] = 0.0
    contribution[:, names.index("days_to_limit")] = joint
    return contribution


def _largest(ids: NDArray[np.int64], matrix: Array, contribution: Array, names: list[str], most: int) -> pl.DataFrame:
    order = np.argsort(-np.abs(contribution), axis=1, kind="stable")[:, :most]
    chosen = np.take_along_axis(contribution, order, axis=1).ravel()
    frame = pl.DataFrame(
        {
            "customer_id": np.repeat(ids, most),
            "rank": np.tile(np.arange(1, most + 1), len(ids)),
            "feature": pl.Series(names, dtype=pl.String).gather(order.ravel()),
            "value": np.take_along_axis(matrix, order, axis=1).ravel(),
            "contribution": chosen,
        }
    )
    direction = pl.when(pl.col("contribution") > 0).then(pl.lit("raises")).otherwise(pl.lit("lowers"))
    return (
        frame.with_columns(pl.col("value").fill_nan(None), direction.alias("direction"))
        .filter(pl.col("contribution") != 0.0)
        .sort("customer_id", "rank")
    )
