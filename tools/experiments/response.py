"""Learning who responds to what: effects of randomised campaigns, next items, and value at risk kept for trends."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from pydantic import Field

from core.identity import WRITE, Identity
from database.engine import Database
from database.queries import coverage, experiments, model_runs, organisations, products, response
from database.queries.history import History, read_history
from database.staging import replace_rows
from tools.context import Context
from tools.declaration import Effect, tool
from tools.results import Arguments, Evidence, ToolResult
from tools.scoring.json_figures import plain

if TYPE_CHECKING:
    import polars as pl

    from analytics.recommendation import Recommendations
    from analytics.uplift.champion import Response

JOB = "refresh_recommendations"
WINDOW = timedelta(days=30)
SEED = 20_250_101
TOP = 5
SMALLEST_ARM = 30
"""Customers each arm of a trial needs before anything is learnt from it."""
ITEM_KINDS: tuple[Literal["product", "category"], ...] = ("product", "category")


class RefreshRecommendationsArguments(Arguments):
    """Nothing to say."""


class RefreshRecommendations(ToolResult):
    """The job that was started."""

    job_id: UUID = Field(description="Ask job_status with this id for progress and result.")


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Started learning who responds to what",
    agents=("analytics",),
    basis="record",
    examples=({},),
    views=(),
    next=("How far is the job?",),
)
def refresh_recommendations(context: Context, arguments: RefreshRecommendationsArguments) -> RefreshRecommendations:
    """Learn anew who responds to what and which products come next, in the background; also runs every night."""
    job_id = context.enqueue(context.identity, JOB, {})
    return RefreshRecommendations(job_id=job_id, evidence=Evidence(rows=0, as_of=context.now))


@dataclass(slots=True)
class Learning:
    """One run over one organisation, and what it kept."""

    database: Database
    identity: Identity
    history: History
    report: dict[str, Any] = field(default_factory=dict)

    def keep(self, table: str, frame: pl.DataFrame) -> None:
        """Replace this organisation's rows of `table`."""
        with self.database.transaction(self.identity.org_id) as connection:
            self.report[table] = replace_rows(connection, table, frame, whole=True)

    def note(self, run: model_runs.Run) -> None:
        """Keep a model run."""
        with self.database.transaction(self.identity.org_id) as connection:
            model_runs.keep(connection, run)


def learn_response(
    database: Database,
    identity: Identity,
    now: datetime,
    progress: Callable[[float, str], None],
    *,
    forest: bool = True,
) -> dict[str, Any]:
    """Learn effects, next items and today's value at risk of `identity`'s organisation; returns rows kept a table."""
    progress(0.0, "reading orders and events")
    with database.transaction(identity.org_id) as connection:
        as_of = coverage.reference_instant(connection, now)
        zone = organisations.profile(connection).time_zone
    learning = Learning(database, identity, read_history(database, identity.org_id, as_of=as_of, time_zone=zone))
    progress(0.2, "learning which products come next")
    _keep_next_items(learning)
    progress(0.5, "measuring campaigns with a control group")
    _keep_effects(learning, forest)
    with database.transaction(identity.org_id) as connection:
        learning.report["value_at_risk"] = response.keep_at_risk(connection, as_of)
    progress(1.0, f"learnt as of {learning.history.last_day}")
    return {**learning.report, "as_of": as_of.isoformat()}


def _keep_next_items(learning: Learning) -> None:
    import polars as pl

    with learning.database.transaction(learning.identity.org_id) as connection:
        services = {sku for sku, _ in products.services(connection)}
    parts = [pl.DataFrame(schema=_next_items_schema())]
    for kind in ITEM_KINDS:
        found = next_items_of(learning.history, services, kind)
        parts.append(named_items(found, learning.history, kind))
        learning.note(items_run(learning.history, kind, found))
    learning.keep("next_items", pl.concat(parts))


def _next_items_schema() -> dict[str, Any]:
    import polars as pl

    return {"customer_id": pl.Int64, "kind": pl.String, "rank": pl.Int16, "item": pl.String, "score": pl.Float64}


def next_items_of(
    history: History, services: set[str], kind: Literal["product", "category"], customers: list[int] | None = None
) -> Recommendations:
    """Next products (new to the customer) or categories of everybody, or of some customers; never `services` (SKUs)."""
    import polars as pl

    from analytics.recommendation import recommend

    skus = history.names["product"].to_list()
    left_out = [code for code, sku in enumerate(skus) if sku in services]
    goods = history.items.filter(~pl.col("product").is_in(left_out))
    return recommend(goods, as_of=history.as_of, column=kind, top=TOP, new_only=kind == "product", customers=customers)


def named_items(found: Recommendations, history: History, kind: str) -> pl.DataFrame:
    """customer_id, kind, rank, item (its name in the data), score."""
    import polars as pl

    names = history.names[kind]
    return found.customers.select(
        "customer_id",
        pl.lit(kind).alias("kind"),
        "rank",
        pl.col("item").replace_strict(range(len(names)), names, default=None, return_dtype=pl.String),
        "score",
    )


def items_run(history: History, kind: str, found: Recommendations) -> model_runs.Run:
    judged = found.backtest
    return model_runs.Run(
        model=f"next_{kind}",
        status="ok" if found.customers.height else "no data",
        as_of=history.as_of,
        rows=found.customers["customer_id"].n_unique(),
        champion=judged.champion,
        reason=judged.reason,
        candidates=[
            {"name": name, f"hit_rate_at_{judged.k}": getattr(judged, name)} for name in ("item_item", "popularity")
        ],
        backtest=plain(judged),
    )


def _keep_effects(learning: Learning, forest: bool) -> None:
    """The latest campaign of each intervention that is large enough and whose window is over tells of it."""
    import polars as pl

    from analytics.interventions import intervention_of

    with learning.database.transaction(learning.identity.org_id) as connection:
        known = experiments.trials(connection)
    parts = [pl.DataFrame(schema={"customer_id": pl.Int64, "intervention": pl.String, "effect": pl.Float64})]
    parts[0] = parts[0].with_columns(campaign_id=pl.lit(None, pl.String))
    seen: set[str] = set()
    for trial in known:
        intervention = intervention_of(trial.kind)
        over = trial.started_at + WINDOW <= learning.history.as_of
        large = min(trial.treated, trial.control) >= SMALLEST_ARM
        if intervention is None or intervention.kind in seen or not (over and large):
            continue
        seen.add(intervention.kind)
        parts.append(_effects_of(learning, trial, intervention.kind, forest))
    learning.keep("uplift_scores", pl.concat(parts))


def _effects_of(learning: Learning, trial: experiments.Trial, intervention: str, forest: bool) -> pl.DataFrame:
    """Effects on the customers who are now as those of the trial were; none where no effect was shown."""
    import numpy as np
    import polars as pl

    from analytics.features.dictionary import NUMBER_NAMES
    from analytics.uplift.champion import learn_response as learn

    start = trial.started_at
    with learning.database.transaction(learning.identity.org_id) as connection:
        rows = experiments.outcomes(connection, trial.campaign_id, before=start, start=start, end=start + WINDOW)
    arms = pl.DataFrame(
        {"customer_id": [r.customer_id for r in rows], "treated": [r.treated for r in rows]}
        | {"bought": [float(r.bought) for r in rows]},
        schema_overrides={"customer_id": pl.Int64},
    )
    then = arms.join(_features(learning.history, start), on="customer_id", how="left").sort("customer_id")
    found = learn(
        then.select(NUMBER_NAMES).cast(pl.Float64).fill_null(np.nan).to_numpy(),
        then["treated"].to_numpy(),
        then["bought"].to_numpy(),
        seed=SEED,
        forest=forest,
    )
    learning.note(_uplift_run(learning.history, trial, intervention, found))
    shown = found.model is not None or found.average.low > 0 or found.average.high < 0
    now = _like_the_trial(_features(learning.history, learning.history.as_of), then) if shown else then.clear()
    matrix = now.select(NUMBER_NAMES).cast(pl.Float64).fill_null(np.nan).to_numpy()
    values = found.effects(matrix) if now.height else np.empty(0)
    return now.select("customer_id").with_columns(
        intervention=pl.lit(intervention),
        effect=pl.Series(values, dtype=pl.Float64),
        campaign_id=pl.lit(trial.campaign_id),
    )


def _features(history: History, at: datetime) -> pl.DataFrame:
    from analytics.features.compute import compute_features

    return compute_features(history.orders, history.items, history.events, as_of=at, time_zone=history.time_zone)


def _like_the_trial(now: pl.DataFrame, then: pl.DataFrame) -> pl.DataFrame:
    """Customers whose recency and number of orders lie within the middle 98 % of the trial's audience."""
    import polars as pl

    for name in ("recency_days", "orders_all"):
        low, high = then[name].quantile(0.01), then[name].quantile(0.99)
        now = now.filter(pl.col(name).is_between(low, high) if low is not None else pl.lit(False))
    return now


def _uplift_run(history: History, trial: experiments.Trial, intervention: str, found: Response) -> model_runs.Run:
    average = {f.name: getattr(found.average, f.name) for f in dataclasses.fields(found.average)}
    judged = found.targeting
    return model_runs.Run(
        model=f"uplift_{intervention}",
        status=found.verdict,
        as_of=history.as_of,
        rows=found.average.treated + found.average.control,
        champion=found.champion if found.model is not None else "average effect for everybody",
        reason=found.reason,
        candidates=[{"name": name, "qini_area": area} for name, area in found.comparison],
        parameters={"campaign_id": trial.campaign_id, "campaign": trial.name, "window_days": WINDOW.days}
        | {"outcome": "bought within the window", "average_effect": average},
        backtest={}
        if judged is None
        else {
            **plain(judged),
            **{name: dataclasses.asdict(getattr(judged, name)) for name in ("gain", "qini", "top_effect")},
        },
    )
