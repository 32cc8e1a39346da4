"""Small and odd shops: every score and every reading tool gives an honest answer, never a traceback or a NaN."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from sqlalchemy import text

from core.errors import AimaError, FixArguments, NoSuchData, NotFound
from core.identity import Identity
from database.engine import Database
from tests.conftest import person
from tools.catalogue import catalogue
from tools.context import Context
from tools.declaration import Effect
from tools.experiments.response import learn_response
from tools.imports.load import load_frames
from tools.scoring.organisation import score_organisation
from tools.scoring.run import ScoreReport
from tools.segments.run import segment_organisation

END = datetime(2026, 6, 15, 12, tzinfo=UTC)
Row = tuple[str, datetime, float, float, bool]  # customer, when, revenue, units, refund


def sale(customer: str, days_ago: float, revenue: float = 20.0) -> Row:
    return customer, END - timedelta(days=days_ago), revenue, 1.0, False


def refund(customer: str, days_ago: float, revenue: float) -> Row:
    return customer, END - timedelta(days=days_ago), -revenue, -1.0, True


def ordinary(customers: int) -> list[Row]:
    """Buyers with a rhythm of three to seven weeks over a year, a third of whom stopped half way."""
    rows = []
    for i in range(customers):
        last = 180.0 if i % 3 == 0 else 5.0 + i % 20
        gap = 21.0 + i % 29
        days = 400.0 - i % 40
        while days > last:
            rows.append(sale(f"c{i}", days, 15.0 + i % 7))
            days -= gap * (0.8 + 0.4 * ((i * 7 + int(days)) % 10) / 10)
    return rows


SHOPS: dict[str, Callable[[], list[Row]]] = {
    "one customer": lambda: [sale("c0", 10)],
    "five customers": lambda: ordinary(5),
    "fifty customers": lambda: ordinary(50),
    "one-time buyers only": lambda: [sale(f"c{i}", 1 + i % 300) for i in range(300)],
    "an enormous wholesaler": lambda: [
        *ordinary(120),
        *(sale("whale", 3.0 * k + 1, 5_000_000.0) for k in range(100)),
    ],
    "refunds larger than sales": lambda: [
        *ordinary(60),
        *(refund(f"c{i}", 2 + i % 5, 100_000.0) for i in range(60)),
    ],
    "refunds alone": lambda: [refund(f"c{i}", 1 + i, 30.0) for i in range(40)],
    "free orders alone": lambda: [sale(f"c{i}", 1 + i, 0.0) for i in range(40)],
    "everybody at one instant": lambda: [sale(f"c{i}", 30) for i in range(60)],
    "an order of the future": lambda: [*ordinary(60), ("c1", END + timedelta(days=400), 99.0, 1.0, False)],
}


def load(database: Database, identity: Identity, rows: list[Row]) -> None:
    columns = list(zip(*rows, strict=True))
    frame = pl.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(len(rows))],
            "customer_id": list(columns[0]),
            "ordered_at": list(columns[1]),
            "revenue": list(columns[2]),
            "discount": [0.0] * len(rows),
            "quantity": list(columns[3]),
            "is_refund": list(columns[4]),
        }
    )
    load_frames(database, identity, [("orders", frame)], now=END)


def score(database: Database, identity: Identity, now: datetime = END) -> ScoreReport:
    report = score_organisation(database, identity, now, lambda _share, _what: None)
    segment_organisation(database, identity, now, lambda _share, _what: None, flat="pca")
    return report


SUBJECTS = ("c0", "c1", "whale", "nobody@example.com")  # in place of the customers that examples of tools name


def _arguments(example: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """An example's arguments for this shop: each of SUBJECTS where a customer is named."""
    if "customer" not in example:
        yield dict(example)
        return
    for customer in SUBJECTS:
        yield {**example, "customer": customer}


def _no_jobs(_identity: Identity, name: str, _arguments: Mapping[str, Any]) -> UUID:
    raise AssertionError(f"{name} was asked for by a reading tool")


def read(database: Database, identity: Identity) -> Iterator[tuple[str, Any]]:
    """(tool, result as JSON, or the honest error it ended with) of every reading tool, by each of its examples."""
    tools = catalogue()
    context = Context(identity, database, END, _no_jobs)
    for name, spec in tools.tools.items():
        if spec.effect is not Effect.READ:
            continue
        for arguments in (a for example in spec.examples for a in _arguments(example)):
            try:
                yield name, tools.call(name, arguments, context).model_dump(mode="json")
            except FixArguments as answer:
                yield name, answer


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from numbers(part)
    elif isinstance(value, float):
        yield value


EVERY_DAY = {"one customer", "refunds larger than sales"}


@pytest.mark.parametrize(
    "shop", [shop if shop in EVERY_DAY else pytest.param(shop, marks=pytest.mark.slow) for shop in SHOPS]
)
def test_odd_shops_are_answered_honestly(database: Database, organisation: UUID, identity: Identity, shop: str) -> None:
    rows = SHOPS[shop]()
    load(database, identity, rows)
    report = score(database, identity)
    learn_response(database, identity, END, lambda _share, _what: None, forest=False)
    known = {row[0] for row in rows if row[1] < END}
    assert report.customers == len(known)
    assert report.written["features"] == len(known)
    told = set()
    for name, answer in read(database, identity):
        told.add(name)
        if isinstance(answer, AimaError):
            assert len(answer.message) > 20, (name, answer.message)
            continue
        json.dumps(answer, allow_nan=False)
        assert all(math.isfinite(n) for n in numbers(answer)), name
    assert told == {name for name, spec in catalogue().tools.items() if spec.effect is Effect.READ}
    _no_nan_is_stored(database, organisation)


def _no_nan_is_stored(database: Database, organisation: UUID) -> None:
    """Not a number in none of the tables of scores (as text: NaN and Infinity are how PostgreSQL writes them)."""
    with database.transaction(organisation) as connection:
        scores = ("features", "rfm_scores", "churn_scores", "value_scores", "model_runs")
        for table in (*scores, "groupings", "customer_groups", "segment_drifts", "map_points"):
            query = f"select count(*) from {table} t where to_jsonb(t)::text ~ '\"-?(NaN|Infinity)\"'"
            assert connection.execute(text(query)).scalar() == 0, table


def test_nobody_at_all_is_answered(database: Database, identity: Identity) -> None:
    assert score(database, identity).customers == 0
    answers = dict(read(database, identity))
    assert isinstance(answers["churn_summary"], NoSuchData)
    assert isinstance(answers["customer_profile"], NotFound)


def test_models_refuse_what_they_cannot_know(database: Database, organisation: UUID, identity: Identity) -> None:
    load(database, identity, SHOPS["one-time buyers only"]())
    report = score(database, identity)
    assert report.models["value"] == "not_enough_data"
    assert any("bought again" in note for note in report.notes)
    answers = dict(read(database, identity))
    assert isinstance(answers["clv_summary"], NoSuchData)
    assert "bought again" in answers["clv_summary"].message


def test_a_wholesaler_is_not_everybody(database: Database, organisation: UUID, identity: Identity) -> None:
    """The others' predicted values are of the size of their own orders, not of the wholesaler's."""
    load(database, identity, SHOPS["an enormous wholesaler"]())
    assert score(database, identity).models["value"] != "not_enough_data"
    with database.transaction(organisation) as connection:
        query = "select external_id, clv_12m from customer_facts where clv_12m is not null order by clv_12m desc"
        worth = {row.external_id: row.clv_12m for row in connection.execute(text(query))}
    assert max(worth, key=lambda who: worth[who]) == "whale"
    others = [value for who, value in worth.items() if who != "whale"]
    assert min(others) >= 0
    assert sorted(others)[len(others) // 2] < 5_000_000


def test_an_order_of_the_future_moves_no_score(database: Database, organisation: UUID, identity: Identity) -> None:
    """Scores stand at the present at the latest, and the order that is not yet made counts for nothing."""
    load(database, identity, SHOPS["an order of the future"]())
    assert score(database, identity).as_of <= END
    with database.transaction(organisation) as connection:
        found = connection.execute(
            text("select recency_days, monetary_value from customer_facts where external_id = 'c1'")
        ).one()
    assert found.recency_days > 0
    own = [row[2] for row in ordinary(60) if row[0] == "c1"]
    assert found.monetary_value == pytest.approx(sum(own))


def test_predictions_are_held_against_what_happened(database: Database) -> None:
    """Scored a month and a half earlier and now: the later run tells how the earlier predictions turned out."""
    from connectors.sources.demo.shop import DemoShop
    from database.queries import model_runs
    from tests.conftest import make_organisation

    org_id = make_organisation(database)
    load_frames(database, person(org_id), DemoShop(customers=1_500, end=END).tables(), now=END)
    for now in (END - timedelta(days=45), END - timedelta(days=44), END):
        score_organisation(database, person(org_id), now, lambda _share, _what: None, ("churn",))
    with database.transaction(org_id) as connection:
        run = model_runs.latest(connection, "churn")
        alerts = connection.execute(text("select count(*) from alerts where kind = 'churn_model_drift'")).scalar()
        kept = connection.execute(text("select max(predicted_at) at, count(*) n from churn_watches")).one()
    assert run is not None
    watch = (run.backtest or {})["watch"]
    assert watch["horizon_days"] == 30
    assert watch["predicted_at"].startswith((END - timedelta(days=45)).date().isoformat())
    assert watch["customers"] >= 100
    assert watch["verdict"] == "good", watch
    assert alerts == 0
    assert kept.at == run.as_of
    assert kept.n > 100
