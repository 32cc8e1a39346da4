"""Some customers' features and scores anew, by the models the last run of everybody has left.

What a customer's own rows say is computed as for everybody; where a score compares with others (RFM fifths, fitted
models, what everybody keeps), the last run's comparison holds until the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel

from core.errors import FixArguments
from core.identity import Identity
from database.acts.packing import pack
from database.engine import Database
from database.queries import model_runs
from database.queries.history import History
from database.staging import replace_rows
from tools.scoring.churn import churn_again
from tools.scoring.features import feature_rows, features_of
from tools.scoring.history import history_of
from tools.scoring.rfm import rfm_again
from tools.scoring.value import value_again

if TYPE_CHECKING:
    import polars as pl

__all__ = ["MOST", "CustomersRefreshed", "refresh_customers"]

MOST = 50_000  # beyond, everybody is scored at little more cost


class CustomersRefreshed(BaseModel):
    """What was computed anew: rows written per table; scores no run has been made for yet are not there."""

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
    pack(database, identity.org_id)
    with database.transaction(identity.org_id) as connection:
        found = {model: model_runs.state_of(connection, model) for model in ("rfm", "value", "churn")}
    states = {model: state for model, state in found.items() if state is not None}
    history = history_of(database, identity, now, customers=ids)
    rows = _rows(history, states)
    with database.transaction(identity.org_id) as connection:
        written = {table: replace_rows(connection, table, frame, whole=False) for table, frame in rows.items()}
    return CustomersRefreshed(as_of=history.as_of, customers=written["features"], written=written)


def _rows(history: History, states: dict[str, model_runs.State]) -> dict[str, pl.DataFrame]:
    """Rows by table, of the scores there is a state for."""
    features = features_of(history)
    rows = {"features": feature_rows(features, history)}
    if "rfm" in states:
        rows["rfm_scores"] = rfm_again(states["rfm"], features, history.as_of)
    if history.orders.is_empty():
        return rows
    if "value" in states:
        rows["value_scores"] = value_again(states["value"], history)
    if "churn" in states:
        rows["churn_scores"] = churn_again(states["churn"], history.orders, features, history.as_of)
    return rows
