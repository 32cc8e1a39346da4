"""Some customers' features and scores anew, by the models the last run of everybody has left.

What a customer's own rows say is computed as for everybody; where a score compares with others (RFM fifths, fitted
models, what everybody keeps), the last run's comparison holds until the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from core.errors import FixArguments
from core.identity import Identity
from database.engine import Database
from database.queries import coverage, model_runs, organisations
from database.queries.history import History, read_history
from database.staging import replace_rows
from tools.imports.load import ImportResult
from tools.scoring.churn import churn_again
from tools.scoring.models import value_rows
from tools.scoring.scores import JOB as EVERYBODY
from tools.scoring.scores import feature_rows

if TYPE_CHECKING:
    import polars as pl

JOB = "refresh_customers"
SCORED = frozenset({"orders", "order_items", "events", "products"})
LARGE = 10_000  # customers; in a smaller shop everybody is scored anew in seconds, models included
WAIT = timedelta(hours=6)  # everybody is scored anew this often (workers/schedule.py)
MOST = 50_000  # beyond, everybody is scored at little more cost


def job_after(
    database: Database, identity: Identity, result: ImportResult, now: datetime
) -> tuple[str, dict[str, Any]] | None:
    """The job that brings scores up to date after an import, and its arguments; None where no score rests on it.

    Few customers of many touched, soon after everybody was scored: theirs. Otherwise everybody's.
    """
    if not any(c.inserted or c.updated for table, c in result.tables.items() if table in SCORED):
        return None
    with database.transaction(identity.org_id) as connection:
        large = coverage.rows(connection, "customers") >= LARGE
        whole = model_runs.latest(connection, "rfm")  # every run of everybody keeps one
        soon = whole is not None and coverage.reference_instant(connection, now) - whole.as_of < WAIT
    if result.touched is None or not (large and soon):
        return EVERYBODY, {}
    return (JOB, {"customers": result.touched}) if result.touched else None


class CustomersRefreshed(BaseModel):
    """What was computed anew: rows written a table; scores no run has been made for yet are not there."""

    as_of: datetime
    customers: int
    written: dict[str, int]


def refresh_customers(
    database: Database, identity: Identity, customers: Sequence[int], now: datetime
) -> CustomersRefreshed:
    """Compute features, RFM segment, value and churn of `customers` (internal ids) anew, in one transaction.

    Whoever of them did nothing before `now` is left out. FixArguments for none or too many.
    """
    ids = sorted(set(customers))
    if not 0 < len(ids) <= MOST:
        raise FixArguments(f"Name 1 to {MOST:,} customers, not {len(ids):,}.", field="customers")
    with database.transaction(identity.org_id) as connection:
        as_of = coverage.reference_instant(connection, now)
        zone = organisations.profile(connection).time_zone
        states = {model: model_runs.state_of(connection, model) for model in ("rfm", "value", "churn")}
    history = read_history(database, identity.org_id, as_of=as_of, time_zone=zone, customers=ids)
    rows = _computed(history, {model: state for model, state in states.items() if state is not None})
    with database.transaction(identity.org_id) as connection:
        written = {table: replace_rows(connection, table, frame, whole=False) for table, frame in rows.items()}
    return CustomersRefreshed(as_of=as_of, customers=written["features"], written=written)


def _computed(history: History, states: dict[str, model_runs.State]) -> dict[str, pl.DataFrame]:
    """Rows by table."""
    from analytics.features.compute import compute_features

    features = compute_features(
        history.orders, history.items, history.events, as_of=history.as_of, time_zone=history.time_zone
    )
    rows = {"features": feature_rows(features, history)}
    if "rfm" in states:
        rows["rfm_scores"] = _rfm(features, states["rfm"], history.as_of)
    if history.orders.is_empty():
        return rows
    if "value" in states:
        rows["value_scores"] = _value(history, states["value"])
    if "churn" in states:
        rows["churn_scores"] = churn_again(states["churn"], history.orders, features, history.as_of)
    return rows


def _rfm(features: pl.DataFrame, state: model_runs.State, as_of: datetime) -> pl.DataFrame:
    from analytics.rfm import RfmEdges, rfm_by_edges
    from analytics.state import from_json

    edges = from_json(state.state["edges"], [RfmEdges])
    return rfm_by_edges(features, edges, later_days=(as_of - state.as_of) / timedelta(days=1))


def _value(history: History, state: model_runs.State) -> pl.DataFrame:
    """Rows of value_scores by the kept models; without one of them its columns are empty, as the run left them."""
    import polars as pl

    from analytics.state import from_json
    from analytics.value.bgnbd import BetaGeo
    from analytics.value.gamma_gamma import GammaGamma
    from analytics.value.lifetime import RESULT_SCHEMA, ValueModel, score_value
    from analytics.value.next_purchase import SCHEMA, GapModel, next_purchase
    from analytics.value.summary import KeptShare, transactions_of

    classes = (ValueModel, BetaGeo, GammaGamma, KeptShare, GapModel)
    kept = {name: from_json(value, classes) for name, value in state.state.items()}
    transactions, as_of = transactions_of(history.orders), history.as_of
    values, alive = pl.DataFrame(schema=RESULT_SCHEMA), None
    if kept["model"] is not None:
        values = score_value(transactions, kept["model"], kept["everybody"], as_of=as_of)
        alive = values.select("customer_id", "p_alive")
    coming = pl.DataFrame(schema=SCHEMA)
    if kept["gaps"] is not None:
        coming = next_purchase(transactions, as_of=as_of, alive=alive, model=kept["gaps"]).customers
    return value_rows(values, coming, state.run_id)
