"""Vectors in PostgreSQL: neighbours found under row-level security, and the tools that stand on them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import polars as pl
import pytest
from sqlalchemy import text

from analytics.vectors.training import Plan
from core.errors import FixArguments, NoSuchData
from core.identity import Identity
from database.engine import Database
from database.loading.vectors import replace_vectors
from database.queries import model_runs, vectors
from database.queries.history import read_history
from tests.conftest import make_organisation, person
from tools.catalogue import catalogue
from tools.imports.load import load_frames
from tools.runtime import Runtime
from tools.scoring.organisation import score_organisation
from tools.vectors.training import _sampled, refresh_vectors, train_vectors

END = datetime(2026, 6, 15, 12, tzinfo=UTC)


def silent(_share: float, _what: str) -> None:
    """Nobody watches."""


def keep(database: Database, org_id: UUID, matrix: np.ndarray, first: int = 1) -> None:
    """Store rows of unit vectors for customers `first`, `first` + 1 …"""
    rows = pl.DataFrame(
        {
            "customer_id": np.arange(first, first + len(matrix)),
            "vector": pl.Series(matrix.astype(np.float32).tolist(), dtype=pl.List(pl.Float32)),
        }
    )
    with database.transaction(org_id) as connection:
        replace_vectors(connection, rows, as_of=END, model_run_id=uuid4())


def clustered(random: np.random.Generator, n: int) -> np.ndarray:
    """Unit vectors around 40 centres that all organisations of a test share."""
    centres = np.random.default_rng(0).normal(size=(40, 128))
    rows = centres[random.integers(0, 40, n)] + 0.6 * random.normal(size=(n, 128))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_an_approximate_search_finds_what_an_exact_one_does_in_a_small_and_a_large_organisation(
    database: Database,
) -> None:
    """The small one is a twentieth of all: in a graph they shared, a search would find mostly rows of the other."""
    random = np.random.default_rng(5)
    recalls = {}
    for size in (300, 6_000):
        org_id = make_organisation(database)
        keep(database, org_id, clustered(random, size))
        found = []
        for query in clustered(random, 10).tolist():
            with database.transaction(org_id) as connection:
                exact = vectors.nearest(connection, query, 50, approximate=False)
                near = vectors.nearest(connection, query, 50, approximate=True)
            assert [n.distance for n in exact] == sorted(n.distance for n in exact)
            found.append(len({n.customer_id for n in near} & {n.customer_id for n in exact}) / 50)
        recalls[size] = float(np.mean(found))
    assert min(recalls.values()) >= 0.95, recalls


def test_the_index_is_what_answers(database: Database, organisation: UUID) -> None:
    keep(database, organisation, clustered(np.random.default_rng(1), 200))
    query = "[" + ",".join(["0.1"] * 128) + "]"
    with database.transaction(organisation) as connection:
        connection.execute(text("set local enable_sort = off"))
        plan = connection.execute(
            text("explain select customer_id from customer_vectors order by vector <=> cast(:v as vector) limit 5"),
            {"v": query},
        ).scalars()
        told = "\n".join(plan)
    assert re.search(rf"Index Scan using \S+_vector_idx\d* on customer_vectors_{organisation.hex}\b", told)
    assert told.count("Index Scan") == 1


def test_new_vectors_take_the_place_of_the_old_at_once(database: Database, organisation: UUID) -> None:
    """Readers see the old ones until the new are indexed, then the new ones only."""
    matrix = clustered(np.random.default_rng(6), 90)
    keep(database, organisation, matrix[:60])
    with database.transaction(organisation) as writing:
        newer = pl.DataFrame(
            {"customer_id": np.arange(100, 130), "vector": matrix[60:].astype(np.float32).tolist()},
            schema={"customer_id": pl.Int64, "vector": pl.List(pl.Float32)},
        )
        with database.transaction(organisation) as reading:
            assert vectors.nearest(reading, matrix[0].tolist(), 1, approximate=True)[0].customer_id == 1
        replace_vectors(writing, newer, as_of=END, model_run_id=uuid4())
    with database.transaction(organisation) as reading:
        near = vectors.nearest(reading, matrix[0].tolist(), 200, approximate=True)
        assert {n.customer_id for n in near} == set(range(100, 130))
        stored = vectors.vector_of(reading, 100)
        assert stored == pytest.approx(matrix[60].tolist(), abs=1e-6)
        tables = text("select count(*) from pg_class where relname like 'loading_vectors%' and relkind = 'r'")
        assert reading.execute(tables).scalar_one() == 0


def test_members_are_left_out_of_an_approximate_search_too(database: Database) -> None:
    org_id, matrix = make_organisation(database), clustered(np.random.default_rng(4), 120)
    with database.transaction(org_id) as connection:
        names = [f"c{n}" for n in range(120)]
        connection.execute(text("insert into customers (external_id) select unnest(cast(:n as text[]))"), {"n": names})
        ids = connection.execute(text("select id from customers order by id")).scalars().all()
    keep(database, org_id, matrix, first=ids[0])
    rule = ("f.external_id = any(:r0)", {"r0": names[:60]})
    found = {}
    for approximate in (False, True):
        with database.transaction(org_id) as connection:
            near = vectors.nearest(connection, matrix[0].tolist(), 20, approximate=approximate, without=rule)
            members = connection.execute(text("select id from customers where external_id = any(:r0)"), rule[1])
            assert not {n.customer_id for n in near} & set(members.scalars())
        found[approximate] = {n.customer_id for n in near}
    assert len(found[True]) == 20
    assert len(found[True] & found[False]) >= 17


def test_no_neighbour_comes_from_another_organisation(database: Database) -> None:
    ours, theirs = make_organisation(database), make_organisation(database)
    matrix = clustered(np.random.default_rng(2), 100)
    keep(database, ours, matrix)
    keep(database, theirs, matrix, first=1_000)
    for approximate in (False, True):
        with database.transaction(ours) as connection:
            near = vectors.nearest(connection, matrix[0].tolist(), 200, approximate=approximate)
        assert near[0].distance == pytest.approx(0, abs=1e-4)
        assert max(n.customer_id for n in near) <= 100


def shop(customers: int = 260, seed: int = 3) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Customers who buy shoes every 10 days (even numbers) or hats every 50 (odd), over 200 days; as import frames."""
    random = np.random.default_rng(seed)
    rows = []
    for customer in range(customers):
        gap, day = (10.0, 50.0)[customer % 2], random.uniform(0, 20)
        while day < 199:
            rows.append(
                (f"o{len(rows)}", f"c{customer}", END - timedelta(days=200 - day), ("shoes", "hats")[customer % 2])
            )
            day += gap * random.uniform(0.6, 1.4)
    table = pl.DataFrame(rows, schema=["order_id", "customer_id", "ordered_at", "category"], orient="row")
    table = table.with_columns(revenue=pl.lit(20.0), quantity=pl.lit(1), sku=pl.col("category"))
    orders = table.drop("category", "sku").with_columns(discount=pl.lit(0.0), is_refund=pl.lit(False))
    return orders, table.with_columns(unit_price=pl.lit(20.0), description=pl.col("sku"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def trained(database: Database, home: Path) -> UUID:
    """An organisation with two kinds of customers, scored, and vectors learnt in a few steps."""
    org_id = make_organisation(database)
    orders, items = shop()
    load_frames(database, person(org_id), [("orders", orders), ("order_items", items)], now=END)
    score_organisation(database, person(org_id), END, silent, ("features", "rfm"))
    plan = Plan(steps=25, batch=32, judge_every=25, horizon_days=30, learning_rate=2e-3)
    report = train_vectors(database, person(org_id), END, silent, home=home, plan=plan)
    assert (report.status, report.customers) == ("ok", 260)
    return org_id


@pytest.fixture(scope="module")
def runtime(database: Database) -> Runtime:
    return Runtime(catalogue(), database, lambda *_: uuid4(), clock=lambda: END)


def call(runtime: Runtime, org_id: UUID, name: str, **arguments: Any) -> dict[str, Any]:
    result: dict[str, Any] = runtime.call(name, arguments, person(org_id)).model_dump(mode="json")
    return result


def test_similar_customers_behave_alike_and_say_what_they_share(runtime: Runtime, trained: UUID) -> None:
    found = call(runtime, trained, "similar_customers", customer="c4", limit=10)
    names = [row["customer"] for row in found["rows"]]
    assert len(names) == 10
    assert "c4" not in names
    assert sum(int(name[1:]) % 2 == 0 for name in names) >= 9
    assert all(
        "favourite category shoes" in row["shares"] for row in found["rows"] if int(row["customer"][1:]) % 2 == 0
    )
    assert [row["similarity"] for row in found["rows"]] == sorted(
        (r["similarity"] for r in found["rows"]), reverse=True
    )
    assert found["evidence"]["rows"] == 260


def test_lookalikes_of_some_shoe_buyers_are_the_other_shoe_buyers(runtime: Runtime, trained: UUID) -> None:
    members = [f"c{n}" for n in range(0, 120, 2)]
    rule = {"field": "customer_id", "operator": "in", "value": members}
    found = call(runtime, trained, "lookalike_segment", rule=rule, limit=30)
    names = [row[0] for row in found["rows"]]
    assert (found["members"], len(names)) == (60, 30)
    assert not set(names) & set(members)
    assert sum(int(name[1:]) % 2 == 0 for name in names) >= 28
    assert 10 <= found["lookalikes"] <= 120
    assert 0.5 < found["recognisability"] < 1.0


def test_lookalikes_of_an_rfm_segment_are_found_by_its_name(
    runtime: Runtime, trained: UUID, database: Database
) -> None:
    with database.transaction(trained) as connection:
        names = connection.execute(text("select segment from rfm_scores group by 1 order by count(*) desc"))
        segment = names.scalars().first()
    found = call(runtime, trained, "lookalike_segment", segment=segment, limit=5)
    assert found["members"] > 0
    place = [column["name"] for column in found["columns"]].index("rfm_segment")
    assert all(row[place] != segment for row in found["rows"])


def test_a_segment_or_a_rule_is_asked_for(runtime: Runtime, trained: UUID) -> None:
    with pytest.raises(FixArguments, match="either"):
        call(runtime, trained, "lookalike_segment")


def test_the_run_is_stored_with_its_comparison_and_its_verdict(
    runtime: Runtime, trained: UUID, database: Database
) -> None:
    told = call(runtime, trained, "model_report", model="vectors")
    assert told["used_for"] == ["similar customers", "lookalikes"]
    assert {c["inputs"] for c in told["report"]["candidates"]} <= {"features", "vectors", "both"}
    with database.transaction(trained) as connection:
        run = model_runs.latest(connection, "vectors")
    assert run is not None
    assert run.backtest is not None
    assert isinstance(run.backtest["beats_features"], bool)
    assert "safetensors" not in str(told)


def test_new_vectors_from_the_stored_network_are_the_same_on_the_same_data(
    database: Database, trained: UUID, home: Path
) -> None:
    def read() -> np.ndarray:
        with database.transaction(trained) as connection:
            rows = connection.execute(text("select vector::text from customer_vectors order by customer_id")).scalars()
            return np.array([[float(x) for x in row.strip("[]").split(",")] for row in rows])

    before = read()
    report = refresh_vectors(database, person(trained), END, silent, home=home)
    assert (report.status, report.customers, report.trained) == ("ok", 260, False)
    assert np.allclose(before, read(), atol=1e-5)
    assert len(list((home / "models" / str(trained)).glob("*.safetensors"))) == 1


def test_a_shop_without_history_is_told_what_is_missing(
    database: Database, organisation: UUID, identity: Identity, runtime: Runtime, tmp_path: Path
) -> None:
    assert refresh_vectors(database, identity, END, silent, home=tmp_path).status == "not_trained"
    report = train_vectors(database, identity, END, silent, home=tmp_path)
    assert (report.status, report.customers) == ("not_enough_data", 0)
    with pytest.raises(NoSuchData, match="at least 200 customers"):
        call(runtime, organisation, "lookalike_segment", rule={"field": "customer_id", "operator": "eq", "value": "x"})


def test_a_large_shop_is_compared_on_a_sample_of_its_customers(database: Database, trained: UUID) -> None:
    history = read_history(database, trained, as_of=END, time_zone="UTC")
    few = _sampled(history, Plan(customers=40))
    assert few.orders["customer_id"].n_unique() == 40
    kept = few.orders["customer_id"].unique().to_list()
    assert few.orders.equals(history.orders.filter(pl.col("customer_id").is_in(kept)))
    assert _sampled(history, Plan(customers=260)) is history


@pytest.mark.slow
@pytest.mark.parametrize(("shop_name", "customers"), [("demo", 1_900), ("scored_retail", 4_300)])
def test_real_histories_give_a_verdict_and_vectors_that_know_most_of_what_features_know(
    request: pytest.FixtureRequest, database: Database, tmp_path: Path, shop_name: str, customers: int
) -> None:
    org_id = request.getfixturevalue(shop_name)
    report = train_vectors(database, person(org_id), END, silent, home=tmp_path)
    assert report.customers >= customers
    with database.transaction(org_id) as connection:
        run = model_runs.latest(connection, "vectors")
    assert run is not None
    auc = {candidate["inputs"]: candidate["auc"] for candidate in run.candidates}
    assert auc["vectors"] > 0.7
    assert auc["vectors"] > auc["features"] - 0.03
    assert report.reason
