"""Scores of a large organisation in a partition of its own: replaced as a whole, by that organisation only."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import polars as pl
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from database import staging
from database.changes import changes_since
from database.engine import Database
from database.staging import replace_rows
from tests.conftest import make_organisation

LARGE = 5


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "LARGE", LARGE)


def keep(database: Database, org_id: UUID, ids: Sequence[int], segment: str, *, whole: bool = True) -> None:
    scores = {f"{name}_score": [1] * len(ids) for name in ("recency", "frequency", "monetary")}
    frame = pl.DataFrame({"customer_id": list(ids), **scores, "segment": [segment] * len(ids)})
    with database.transaction(org_id) as connection:
        assert replace_rows(connection, "rfm_scores", frame, whole=whole) == len(ids)


def kept(database: Database, org_id: UUID) -> dict[int, tuple[str, str]]:
    """Segment and table of each customer's row."""
    query = text("select customer_id, segment, tableoid::regclass::text as place from rfm_scores")
    with database.transaction(org_id) as connection:
        return {row.customer_id: (row.segment, row.place) for row in connection.execute(query)}


def test_a_shop_that_grows_moves_out_and_is_replaced_as_a_whole(database: Database, organisation: UUID) -> None:
    other = make_organisation(database)
    keep(database, other, range(3), "Lost")
    own = f"rfm_scores_{organisation.hex}"
    keep(database, organisation, range(3), "New")
    assert kept(database, organisation) == dict.fromkeys(range(3), ("New", "rfm_scores_default"))
    keep(database, organisation, range(1, 9), "Loyal")
    assert kept(database, organisation) == dict.fromkeys(range(1, 9), ("Loyal", own))
    keep(database, organisation, [2, 20], "Champions", whole=False)
    assert kept(database, organisation)[2] == kept(database, organisation)[20] == ("Champions", own)
    keep(database, organisation, range(10), "Promising")
    assert kept(database, organisation) == dict.fromkeys(range(10), ("Promising", own))
    keep(database, organisation, [7], "At Risk")  # it shrank again: its rows stay where they are
    assert kept(database, organisation) == {7: ("At Risk", own)}
    assert kept(database, other) == dict.fromkeys(range(3), ("Lost", "rfm_scores_default"))


def test_copies_of_the_facts_learn_that_everybody_changed(database: Database, organisation: UUID) -> None:
    with database.transaction(organisation) as connection:
        snapshot = str(connection.execute(text("select pg_current_snapshot()::text")).scalar_one())
    keep(database, organisation, range(LARGE), "New")
    with database.transaction(organisation) as connection:
        assert changes_since(connection, snapshot).customers is None


def test_readers_see_the_rows_before_until_the_new_ones_are_there(database: Database, organisation: UUID) -> None:
    keep(database, organisation, range(6), "New")
    with database.transaction(organisation) as writing:
        loading = writing.execute(text("select begin_partition('rfm_scores')")).scalar_one()
        values = "select n, 1, 1, 1, 'Lost' from generate_series(1, 7) n"
        columns = "customer_id, recency_score, frequency_score, monetary_score, segment"
        writing.execute(text(f"insert into {loading} ({columns}) {values}"))
        assert {segment for segment, _ in kept(database, organisation).values()} == {"New"}
        writing.execute(text("select end_partition('rfm_scores', 7)"))
    assert {segment for segment, _ in kept(database, organisation).values()} == {"Lost"}


def test_rows_of_somebody_else_do_not_pass(database: Database, organisation: UUID) -> None:
    other = make_organisation(database)
    keep(database, other, range(6), "Loyal")
    with pytest.raises(IntegrityError, match="partition constraint"):
        smuggle(database, organisation, other)
    assert {segment for segment, _ in kept(database, other).values()} == {"Loyal"}


def smuggle(database: Database, organisation: UUID, other: UUID) -> None:
    """Write a row of another organisation into the table that becomes one's own partition."""
    columns = "org_id, customer_id, recency_score, frequency_score, monetary_score, segment"
    with database.transaction(organisation) as connection:
        loading = connection.execute(text("select begin_partition('rfm_scores')")).scalar_one()
        connection.execute(text(f"insert into {loading} ({columns}) values (:o, 1, 1, 1, 1, 'Lost')"), {"o": other})
        connection.execute(text("select end_partition('rfm_scores', 1)"))


@pytest.mark.parametrize("parent", ["orders", "customers", "nothing", "features; drop table features"])
def test_only_tables_of_organisations_are_replaced(database: Database, organisation: UUID, parent: str) -> None:
    with (
        pytest.raises(Exception, match="not partitioned by organisation"),
        database.transaction(organisation) as connection,
    ):
        connection.execute(text("select begin_partition(:parent)"), {"parent": parent})


def test_nobody_replaces_without_an_organisation(database: Database) -> None:
    with pytest.raises(Exception, match="none is bound"), database.before_login() as connection:
        connection.execute(text("select begin_partition('features')"))


def test_a_partition_is_not_read_around_its_parent(database: Database, organisation: UUID) -> None:
    keep(database, organisation, range(6), "New")
    for place in (f"rfm_scores_{organisation.hex}", "rfm_scores_default"):
        with pytest.raises(ProgrammingError, match="permission denied"), database.transaction(organisation) as reading:
            reading.execute(text(f"select * from {place}"))
