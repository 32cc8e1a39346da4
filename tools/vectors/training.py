"""Training and refreshing behavioural vectors: fetch, train, compare on a later window, keep run and vectors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import BaseModel

from core.identity import Identity
from database.engine import Database
from database.loading.vectors import replace_vectors
from database.queries import model_runs, vectors
from database.queries.history import History
from tools.scoring.history import history_of

if TYPE_CHECKING:
    import polars as pl

    from analytics.vectors.comparison import Comparison
    from analytics.vectors.sequences import Tokens
    from analytics.vectors.training import Plan, Trained

__all__ = ["MODEL", "VectorReport", "latest_report", "refresh_vectors", "train_vectors"]

MODEL = "vectors"
CHAMPION = "temporal transformer"
HORIZONS = (60, 30)  # days; the longest that the history is long enough for
WINDOWS = 5  # windows of history that training, stopping, fitting and judging need
FIRST_STEPS = 60  # a minute of one core for 2,000 customers
Progress = Callable[[float, str], None]


class VectorReport(BaseModel):
    """What a run did: vectors written, and what the comparison with the plain features found."""

    as_of: datetime
    customers: int
    status: str
    reason: str | None
    beats_features: bool
    trained: bool


def train_vectors(
    database: Database,
    identity: Identity,
    now: datetime,
    progress: Progress,
    *,
    home: Path,
    plan: Plan | None = None,
    first: bool = False,
) -> VectorReport:
    """Train the organisation's transformer from scratch, compare its vectors with the plain features, keep both.

    Two trainings: one that stops two windows before the end, to be judged fairly, and one on everything, to be used.
    `first`: a short one on everything alone, to be there within minutes. `home`: the folder for the weights. GiveUp
    where torch is not installed.
    """
    from analytics.vectors.embed import embed
    from analytics.vectors.training import require_torch, shortage, train
    from analytics.vectors.weights import to_bytes

    require_torch()
    progress(0.0, "reading orders and events")
    history = history_of(database, identity, now)
    plan = _planned(plan, history)
    tokens = _tokens(history, history.as_of)
    lacking = shortage(tokens, until=history.as_of, horizon_days=plan.horizon_days)
    if lacking is not None:
        _keep_run(database, identity, model_runs.Run(MODEL, "not_enough_data", history.as_of, 0, reason=lacking))
        progress(1.0, lacking)
        return _report(history, 0, "not_enough_data", lacking, False, trained=False)
    plan, compared = _judged(history, plan, progress, first=first)
    trained = train(
        tokens, until=history.as_of, plan=plan, progress=lambda s: progress(0.5 + 0.4 * s, "training on everything")
    )
    found = embed(trained, tokens, as_of=history.as_of)
    run_id = _keep_run(database, identity, _run(history, trained, compared, found.height))
    _keep_weights(home, identity.org_id, run_id, to_bytes(trained, _names(history)))
    _keep_vectors(database, identity, found, history.as_of, run_id)
    progress(1.0, f"{found.height:,} vectors as of {history.last_day}")
    return _report(history, found.height, "ok", compared.reason, compared.beats_features, trained=True)


def refresh_vectors(
    database: Database, identity: Identity, now: datetime, progress: Progress, *, home: Path
) -> VectorReport:
    """New vectors of everybody from the network trained last; status `not_trained` before the first training."""
    from analytics.vectors.embed import embed
    from analytics.vectors.weights import from_bytes

    with database.transaction(identity.org_id) as connection:
        kept = vectors.kept(connection)
    path = None if kept is None else _weights_path(home, identity.org_id, kept.model_run_id)
    progress(0.0, "reading orders and events")
    history = history_of(database, identity, now)
    if kept is None or path is None or not path.is_file():
        words = "No network has been trained yet: that happens weekly, or when somebody asks to train the vectors."
        return _report(history, 0, "not_trained", words, False, trained=False)
    trained = from_bytes(path.read_bytes(), _names(history))
    tokens = _tokens(history, history.as_of, trained.categories)
    found = embed(trained, tokens, as_of=history.as_of)
    _keep_vectors(database, identity, found, history.as_of, kept.model_run_id)
    progress(1.0, f"{found.height:,} vectors as of {history.last_day}")
    return _report(history, found.height, "ok", None, False, trained=False)


def _judged(history: History, plan: Plan, progress: Progress, *, first: bool) -> tuple[Plan, Comparison]:
    """How to train on everything, and how well the same did on the past; a first training is short and not judged."""
    from analytics.vectors.comparison import Comparison

    if not first:
        return plan, _compared(
            history, plan, lambda share: progress(0.45 * share, "training on the past, to be judged")
        )
    words = (
        "Learnt in a short first training; the weekly one is longer and compares the vectors with the plain features."
    )
    short = replace(plan, steps=FIRST_STEPS, judge_every=FIRST_STEPS // 3)
    return short, Comparison("not_yet", words, False)


def latest_report(database: Database, identity: Identity) -> VectorReport | None:
    """What is there already; None where nothing has been learnt yet."""
    with database.transaction(identity.org_id) as connection:
        run = model_runs.latest(connection, MODEL)
    if run is None or run.status != "ok":
        return None
    beats = bool((run.backtest or {}).get("beats_features"))
    return VectorReport(
        as_of=run.as_of, customers=run.rows, status=run.status, reason=run.reason, beats_features=beats, trained=False
    )


def _planned(plan: Plan | None, history: History) -> Plan:
    """The plan asked for, else one whose window the history is long enough for."""
    from analytics.vectors.training import Plan

    if plan is not None:
        return plan
    first = history.orders["ordered_at"].min()
    days = (history.as_of - first).days if isinstance(first, datetime) else 0
    return Plan(horizon_days=next((h for h in HORIZONS if days >= WINDOWS * h), HORIZONS[-1]))


def _tokens(history: History, before: datetime, categories: tuple[int, ...] | None = None) -> Tokens:
    from analytics.vectors.sequences import tokenise

    return tokenise(history.orders, history.items, history.events, before=before, categories=categories)


def _names(history: History) -> list[str]:
    """Names of the codes that order tokens carry: categories where the shop has any, else products."""
    named = history.items.height and history.items["category"].max() != -1
    return [str(name) for name in history.names["category" if named else "product"]]


def _compared(history: History, plan: Plan, progress: Callable[[float], None]) -> Comparison:
    """Vectors against features on the last window, with a network that saw nothing of the last two."""
    from analytics.features.compute import compute_features
    from analytics.features.dictionary import NUMBER_NAMES
    from analytics.vectors.comparison import Comparison, compare
    from analytics.vectors.embed import embed
    from analytics.vectors.training import shortage, train, window

    history = _sampled(history, plan)
    begin, end = (window(history.as_of, plan.horizon_days, back) for back in (2, 0))
    past = _tokens(history, begin)
    if lacking := shortage(past, until=begin, horizon_days=plan.horizon_days):
        return Comparison("not_enough_data", f"Not compared with the plain features: {lacking}", False)
    trained = train(past, until=begin, plan=plan, progress=progress)

    def features_at(at: datetime) -> pl.DataFrame:
        return compute_features(history.orders, history.items, history.events, as_of=at, time_zone=history.time_zone)

    def vectors_at(at: datetime) -> pl.DataFrame:
        return embed(trained, _tokens(history, at, trained.categories), as_of=at)

    return compare(
        history.orders,
        features_at,
        vectors_at,
        names=NUMBER_NAMES,
        until=end,
        horizon_days=plan.horizon_days,
        seed=plan.seed,
    )


def _sampled(history: History, plan: Plan) -> History:
    """The history of at most `plan.customers` customers: enough for a verdict, however large the shop."""
    import polars as pl

    everybody = history.orders["customer_id"].unique().sort()
    if everybody.len() <= plan.customers:
        return history
    chosen = pl.col("customer_id").is_in(everybody.sample(plan.customers, seed=plan.seed).implode())
    orders, items, events = (frame.filter(chosen) for frame in (history.orders, history.items, history.events))
    return replace(history, orders=orders, items=items, events=events)


def _run(history: History, trained: Trained, compared: Comparison, rows: int) -> model_runs.Run:
    cutoff = compared.cutoff
    return model_runs.Run(
        model=MODEL,
        status="ok",
        as_of=history.as_of,
        rows=rows,
        champion=CHAMPION,
        reason=compared.reason,
        candidates=[asdict(candidate) for candidate in compared.candidates],
        parameters={
            **{name: value for name, value in asdict(trained.plan).items() if name != "threads"},
            **asdict(trained.model.shape),
            "parameters": trained.parameters,
            "trained_customers": trained.customers,
            "best_step": trained.steps,
            "used_for": ["similar customers", "lookalikes"],
        },
        backtest={
            "status": compared.status,
            "beats_features": compared.beats_features,
            "cutoff": cutoff.isoformat() if cutoff else None,
            "horizon_days": compared.horizon_days,
            "customers": compared.customers,
            "buyers": compared.buyers,
            "gains": [asdict(gain) for gain in compared.gains],
            "judging_losses": _plain_losses(trained),
        },
    )


def _plain_losses(trained: Trained) -> list[dict[str, Any]]:
    return [dict(losses) for losses in trained.losses]


def _keep_run(database: Database, identity: Identity, run: model_runs.Run) -> UUID:
    with database.transaction(identity.org_id) as connection:
        return model_runs.keep(connection, run)


def _keep_vectors(database: Database, identity: Identity, found: pl.DataFrame, as_of: datetime, run_id: UUID) -> None:
    with database.transaction(identity.org_id) as connection:
        replace_vectors(connection, found, as_of=as_of, model_run_id=run_id)


def _weights_path(home: Path, org_id: UUID, run_id: UUID) -> Path:
    return home / "models" / str(org_id) / f"{MODEL}-{run_id}.safetensors"


def _keep_weights(home: Path, org_id: UUID, run_id: UUID, data: bytes) -> None:
    """Write the weights of this run and remove those of the runs before it."""
    path = _weights_path(home, org_id, run_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    before = [old for old in path.parent.glob(f"{MODEL}-*.safetensors") if old != path]
    path.write_bytes(data)
    for old in before:
        old.unlink(missing_ok=True)


def _report(
    history: History, customers: int, status: str, reason: str | None, beats: bool, *, trained: bool
) -> VectorReport:
    return VectorReport(
        as_of=history.as_of, customers=customers, status=status, reason=reason, beats_features=beats, trained=trained
    )
