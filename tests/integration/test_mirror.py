"""The mirror of customers: the database's answers from columns in memory, never older than what a question can see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from typing import Any
from uuid import UUID, uuid4

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from database.engine import Database
from database.mirror import answers
from database.mirror import mirror as module
from database.mirror.mirror import Mirror, Mirrors
from database.queries import erasing, groupings, segments
from tests.conftest import make_organisation
from tests.integration.asking import NOW, ask
from tools.audience.facts import Facts
from tools.audience.fields import rule_fields
from tools.audience.rule import Rule

REFUSE = "update consents set granted = false"
WHO = "(select external_id from customers where id = customer_id)"
SPENT = {"field": "monetary_value", "operator": "gt", "value": 100}
OPENED = {"event": "email_open", "within_days": 90}


def condition(draw: st.DrawFn) -> dict[str, Any]:
    """A condition on any field with any operator that goes with it, near the values the demo has."""
    # names of found groups are an organisation's own: a test of its own below
    known = rule_fields()[draw(st.sampled_from(sorted(set(rule_fields()) - set(groupings.KINDS.values()))))]
    op = draw(st.sampled_from(known.operators))
    numbers: st.SearchStrategy[Any] = st.sampled_from([0, 1, 2, 3, 5, 0.1, 0.25, 0.5, 10.5, 60, 120, -1])
    whole: st.SearchStrategy[Any] = st.integers(-1, 25)
    one = {
        "real": numbers,
        "double precision": numbers,
        "integer": whole,
        "boolean": st.booleans(),
        "timestamptz": st.sampled_from(["as_of-30d", "as_of", "as_of+14d", "2024-06-01", "2025-01-01T12:30:00+02:00"]),
        "text": st.sampled_from(known.values or ("United KINGDOM", "london", "o", "kitchen", "web", "", "C0000017")),
        "text[]": st.sampled_from(known.values),
    }[known.type]
    if op in ("is_null", "not_null"):
        return {"field": known.name, "operator": op}
    if op in ("top_share", "bottom_share"):
        return {"field": known.name, "operator": op, "value": draw(st.sampled_from([0.01, 0.07, 0.1, 0.5, 1]))}
    if op == "between":
        return {"field": known.name, "operator": op, "value": [draw(one), draw(one)]}
    many = op in ("in", "not_in")
    return {"field": known.name, "operator": op, "value": draw(st.lists(one, min_size=1, max_size=4) if many else one)}


RULES = st.recursive(
    st.composite(condition)(),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda r: {"all": r}),
        st.lists(inner, min_size=1, max_size=3).map(lambda r: {"any": r}),
        inner.map(lambda r: {"not": r}),
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def mirrors(database: Database) -> Iterator[Mirrors]:
    mirrors = Mirrors(database)
    yield mirrors
    mirrors.close()


@pytest.fixture(scope="module")
def held(mirrors: Mirrors, demo: UUID) -> Mirror:
    return mirrors.load(demo)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=RULES)
def test_every_rule_picks_whom_the_database_picks(
    database: Database, demo: UUID, held: Mirror, tree: dict[str, Any]
) -> None:
    rule = Rule.model_validate(tree)
    with database.transaction(demo) as connection:
        facts = Facts.about(connection, NOW)
        slow, fast = facts.size(rule), facts.size(rule, held)
    for ours, theirs in zip(astuple(fast), astuple(slow), strict=True):
        assert ours == (theirs if theirs is None else pytest.approx(theirs, rel=1e-6)), tree


def test_groups_that_were_found_are_picked_alike(database: Database, demo: UUID, held: Mirror) -> None:
    with database.transaction(demo) as connection:
        facts = Facts.about(connection, NOW)
        for kind, run in groupings.latest(connection).items():
            for group in run.groups:
                field = groupings.KINDS.get(kind, "behaviours")
                rule = Rule.model_validate({"field": field, "operator": "eq", "value": group["name"]})
                assert facts.size(rule, held).customers == facts.size(rule).customers == group["size"]


def test_segments_of_all_kinds_are_sized_alike(database: Database, demo: UUID, held: Mirror) -> None:
    columns = ["rfm_segment", *groupings.KINDS.values(), "behaviours"]
    with database.transaction(demo) as connection:
        slow = segments.sizes_by(connection, columns)
        single = {column: segments.sizes(connection, column) for column in columns}
    fast = answers.sizes_by(held.frame, columns)
    assert all(slow.values()), "all kinds have customers"
    for column in columns:
        for ours in (fast[column], single[column]):
            assert [size.name for size in ours] == [size.name for size in slow[column]]
            for one, two in zip(ours, slow[column], strict=True):
                expected = [v if v is None or isinstance(v, str) else pytest.approx(v, rel=1e-6) for v in astuple(two)]
                assert list(astuple(one)) == expected, (column, one.name)


@pytest.mark.parametrize("sort", ["monetary_value", "recency_days", "next_purchase_at", "consent_email", "name"])
@pytest.mark.parametrize("descending", [True, False])
def test_pages_are_those_of_the_database(
    database: Database, demo: UUID, held: Mirror, sort: str, descending: bool
) -> None:
    columns = ["external_id", "email", "country", "consent_email", "orders_all", "monetary_value", "next_purchase_at"]
    how = {"columns": columns, "sort": sort, "descending": descending, "limit": 40, "offset": 25}
    with database.transaction(demo) as connection:
        facts = Facts.about(connection, NOW)
        for rule in (None, Rule.model_validate(SPENT), Rule.model_validate({"all": [SPENT, OPENED]})):
            slow, fast = facts.find(rule, None, **how), facts.find(rule, held, **how)
            assert (fast.total, fast.rows) == (slow.total, slow.rows)
            assert fast.total_value == pytest.approx(slow.total_value)


def consenting(frame: pl.DataFrame | None) -> int | None:
    return None if frame is None else int(frame["may_email"].sum())


def seen(database: Database, mirrors: Mirrors, org_id: UUID) -> pl.DataFrame | None:
    with database.transaction(org_id) as connection:
        mirror = mirrors.fresh(connection, org_id)
        return None if mirror is None else mirror.frame


def shop_of(database: Database, size: int) -> UUID:
    org_id = make_organisation(database)
    with database.transaction(org_id) as connection:
        connection.execute(
            text(
                "with made as (insert into customers (external_id) select g from generate_series(1, :n) g"
                " returning id, external_id), agreed as (insert into consents (customer_id, channel, granted, source)"
                " select id, 'email', true, 'test' from made) insert into contact_points (customer_id, kind, address)"
                " select id, 'email', external_id || '@example.com' from made"
            ),
            {"n": size},
        )
    return org_id


def test_a_mirror_follows_what_commits_and_nothing_else(database: Database, mirrors: Mirrors) -> None:
    org_id = shop_of(database, 50)
    assert seen(database, mirrors, org_id) is None  # a small shop has none of its own accord
    mirrors.load(org_id)
    assert consenting(seen(database, mirrors, org_id)) == 50
    refuse = text(f"{REFUSE} where {WHO} in ('7', '9')")
    with database.transaction(org_id) as connection:
        connection.execute(refuse)
        assert mirrors.fresh(connection, org_id) is None  # not committed: only this transaction may know
        assert consenting(seen(database, mirrors, org_id)) == 50
        connection.rollback()
    assert consenting(seen(database, mirrors, org_id)) == 50
    with database.transaction(org_id) as connection:
        connection.execute(refuse)
    assert consenting(seen(database, mirrors, org_id)) == 48
    with database.transaction(org_id) as connection:
        connection.execute(text("delete from customers where external_id in ('8', '9')"))
        connection.execute(text("insert into customers (external_id, country) values ('51', 'Chile')"))
    frame = seen(database, mirrors, org_id)
    assert frame is not None
    assert (frame.height, consenting(frame)) == (49, 47)
    assert frame.filter(pl.col("country") == "Chile").height == 1
    chile = {"field": "country", "operator": "contains", "value": "CHIL"}
    assert ask(database, org_id, "count_segment", mirrors=mirrors, rule=chile)["segment"]["customers"] == 1


def test_what_was_open_when_a_mirror_was_read_is_noticed_later(database: Database, mirrors: Mirrors) -> None:
    org_id = shop_of(database, 10)
    with database.transaction(org_id) as connection:
        connection.execute(text(f"{REFUSE} where {WHO} = '1'"))
        mirrors.load(org_id)
        assert consenting(seen(database, mirrors, org_id)) == 10
    assert consenting(seen(database, mirrors, org_id)) == 9


def test_a_large_change_is_read_aside_while_the_database_answers(database: Database, mirrors: Mirrors) -> None:
    org_id = shop_of(database, 1_500)
    mirrors.load(org_id)
    with database.transaction(org_id) as connection:
        connection.execute(text(REFUSE))
    assert seen(database, mirrors, org_id) is None
    mirrors.load(org_id)
    assert consenting(seen(database, mirrors, org_id)) == 0
    with database.transaction(org_id) as connection:
        erasing.empty(connection)
    assert seen(database, mirrors, org_id) is None
    mirrors.load(org_id)
    empty = seen(database, mirrors, org_id)
    assert empty is not None
    assert empty.height == 0


def test_a_large_shop_gets_its_mirror_by_being_asked(
    database: Database, mirrors: Mirrors, monkeypatch: pytest.MonkeyPatch
) -> None:
    org_id = shop_of(database, 20)
    with database.transaction(org_id) as connection:
        connection.execute(text("insert into data_coverage (table_name, rows) values ('customers', 20)"))
    monkeypatch.setattr(module, "FEWEST_CUSTOMERS", 20)
    everybody = {"field": "customer_id", "operator": "not_null"}
    first = ask(database, org_id, "count_segment", mirrors=mirrors, rule=everybody)["segment"]
    mirrors._coming[org_id].result(timeout=60)
    assert seen(database, mirrors, org_id) is not None
    assert ask(database, org_id, "count_segment", mirrors=mirrors, rule=everybody)["segment"] == first
    assert first["with_consent_email"] == 20


def test_a_mirror_holds_its_own_organisation_only(
    database: Database, mirrors: Mirrors, demo: UUID, held: Mirror
) -> None:
    other = shop_of(database, 3)
    assert mirrors.load(other).frame["external_id"].sort().to_list() == ["1", "2", "3"]
    assert not set(held.frame["external_id"]) & {"1", "2", "3"}
    assert mirrors.load(uuid4()).frame.height == 0
    mirrors.load(demo)
    with database.transaction(other) as connection:
        connection.execute(text(REFUSE))
    assert seen(database, mirrors, demo) is not None  # what others change is no reason to read anew


def test_mirrors_are_few_and_the_least_used_goes(
    database: Database, mirrors: Mirrors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_MIRRORS", 2)
    first, second, third = (shop_of(database, 1) for _ in range(3))
    for org_id in (first, second):
        mirrors.load(org_id)
    assert seen(database, mirrors, first) is not None
    mirrors.load(third)
    assert seen(database, mirrors, second) is None
    assert seen(database, mirrors, first) is not None
