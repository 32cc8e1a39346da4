"""Conditions on what was bought: against plain SQL, against the features, and refused where nobody can have done it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.errors import FixArguments, NoSuchData
from database.engine import Database
from tests.conftest import make_organisation
from tests.integration.asking import NOW, ask
from tools.audience.facts import Facts
from tools.audience.rule import Rule

WINDOW = "ordered_at < :as_of and ordered_at >= :as_of - interval '90 days'"


def picked(database: Database, org_id: UUID, rule: dict[str, Any]) -> set[int]:
    with database.transaction(org_id) as connection:
        condition, values = Facts.about(connection, NOW).where(Rule.model_validate(rule))
        query = text(f"select f.customer_id from customer_facts f where {condition}")
        return set(connection.execute(query, values).scalars())


def plain(database: Database, org_id: UUID, query: str) -> set[int]:
    with database.transaction(org_id) as connection:
        as_of = connection.execute(text("select max(as_of) from features")).scalar_one()
        values = {"as_of": as_of} if ":as_of" in query else {}
        return set(connection.execute(text(query), values).scalars())


def bought(op: str, value: Any, of: str = "orders", **more: Any) -> dict[str, Any]:
    return {"purchase": of, "operator": op, "value": value, **more}


@pytest.mark.parametrize(
    ("rule", "feature"),
    [
        (bought("ge", 3), "orders_all >= 3"),
        (bought("eq", 1), "orders_all = 1"),
        (bought("lt", 2, within_days=365), "orders_365d < 2"),
        (bought("between", [1, 2], within_days=90), "orders_90d between 1 and 2"),
        (bought("between", [0, 2], within_days=90), "orders_90d between 0 and 2"),
        (bought("ge", 1, within_days=30), "recency_days < 30"),
    ],
)
def test_orders_of_anything_are_those_of_the_features(
    database: Database, demo: UUID, rule: dict[str, Any], feature: str
) -> None:
    """Customers without any order have no features, and count as 0 in a purchase condition."""
    zero = picked(database, demo, bought("eq", 0))
    expected = plain(database, demo, f"select customer_id from features where {feature}")
    assert picked(database, demo, rule) - zero == expected - zero
    assert expected - zero


@pytest.mark.parametrize(
    ("rule", "sql"),
    [
        (
            bought("ge", 1, category="kitchen", within_days=90),
            f"select customer_id from order_items join products using (org_id, sku) "
            f"where category = 'Kitchen' and quantity > 0 and {WINDOW} and customer_id is not null",
        ),
        (
            bought("gt", 60, "revenue", category="Garden"),
            "select customer_id from order_items join products using (org_id, sku) where category = 'Garden' "
            "and customer_id is not null group by 1 having sum(revenue) > 60",
        ),
        (
            bought("ge", 3, "units", product="soaps"),
            "select customer_id from order_items join products using (org_id, sku) where name like '%Soap%' "
            "and customer_id is not null group by 1 having sum(quantity) >= 3",
        ),
        (
            bought("ge", 1, product="nordic soap", start="2025-06-01", end="2025-12-31"),
            "select customer_id from order_items join products using (org_id, sku) where name = 'Nordic Soap' "
            "and quantity > 0 and customer_id is not null "
            "and ordered_at >= '2025-06-01' and ordered_at < '2026-01-01'",
        ),
        (
            bought("ge", 1, "refunds"),
            "select customer_id from orders where kind = 'refund' and customer_id is not null",
        ),
    ],
)
def test_goods_are_counted_as_plain_sql_counts_them(
    database: Database, demo: UUID, rule: dict[str, Any], sql: str
) -> None:
    found = picked(database, demo, rule)
    assert found == plain(database, demo, sql)
    assert found
    everybody = plain(database, demo, "select id from customers")
    assert picked(database, demo, {"not": rule}) == everybody - found


def test_nobody_is_lost_between_zero_and_more(database: Database, demo: UUID) -> None:
    never, once = bought("eq", 0, category="Toys"), bought("ge", 1, category="Toys")
    assert picked(database, demo, never) | picked(database, demo, once) == plain(
        database, demo, "select id from customers"
    )
    assert not picked(database, demo, never) & picked(database, demo, once)
    assert picked(database, demo, bought("lt", 1, category="Toys")) == picked(database, demo, never)


def test_days_are_those_of_the_organisation(database: Database, demo: UUID) -> None:
    """An order at 23:30 UTC on 31 May is one of June in Berlin."""
    from database.queries.segments import compile_rule
    from tools.audience.fields import rule_fields

    with database.transaction(demo) as connection:
        as_of = Facts.about(connection, NOW).as_of
    starts = []
    for zone in ("UTC", "Europe/Berlin"):
        _, values = compile_rule(bought("ge", 1, start="2025-06-01"), rule_fields(), as_of=as_of, time_zone=zone)
        starts.append(min(v for v in values.values() if hasattr(v, "hour")))
    assert (starts[0] - starts[1]).total_seconds() == 2 * 3600


def test_what_a_product_stands_for_is_told(database: Database, demo: UUID) -> None:
    result = ask(database, demo, "count_segment", rule=bought("ge", 1, product="soap"))
    (told,) = [line for line in result["evidence"]["definitions"] if line.startswith("product 'soap' stands for")]
    assert "Classic Soap" in told


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (bought("ge", 1, product="velvet unicorn soap"), "No product is called 'velvet unicorn soap'. Valid: .*Soap"),
        (bought("ge", 1, category="Spaceships"), "No product has the category 'Spaceships'. Valid: Beauty"),
    ],
)
def test_what_nobody_can_have_bought_is_said(database: Database, demo: UUID, rule: dict[str, Any], said: str) -> None:
    with pytest.raises(NoSuchData, match=said):
        ask(database, demo, "count_segment", rule=rule)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (bought("ge", [1, 2]), "one number"),
        (bought("between", 3), "low, high"),
        (bought("ge", 1, product="--"), "words of its name"),
        (bought("ge", 1, start="2025-02-30"), "ISO day"),
        (bought("ge", 1, start="2025-06-01", end="2025-01-01"), "lies before"),
        (bought("ge", 1, start="2025-06-01", within_days=3), "not both"),
    ],
)
def test_a_wrong_condition_is_refused(database: Database, demo: UUID, rule: dict[str, Any], said: str) -> None:
    with pytest.raises(FixArguments, match=said):
        ask(database, demo, "count_segment", rule=rule)


def test_without_order_lines_goods_cannot_be_asked_for(database: Database) -> None:
    with pytest.raises(NoSuchData, match="No order lines"):
        ask(database, make_organisation(database), "count_segment", rule=bought("ge", 1, product="soap"))


def test_a_segment_of_buyers_is_saved_and_written_to(database: Database, demo: UUID) -> None:
    rule = bought("ge", 1, category="Books", within_days=180)
    saved = ask(database, demo, "save_segment", name="Readers", rule=rule)["segment"]
    assert saved["rule"] == rule
    assert saved["size"] == len(picked(database, demo, rule))
