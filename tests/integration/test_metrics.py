"""Figures against published ones (UCI Online Retail), against plain SQL (the demo shop), and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from sqlalchemy import text

from core.errors import FixArguments, NoSuchData
from database.engine import Database
from database.semantic.metrics import METRICS
from database.semantic.question import dimensions_of
from tests.conftest import make_organisation
from tests.integration.asking import ask, named
from tests.samples import one_in

MONTHLY_REVENUE = [
    748957.02, 560000.26, 498062.65, 683267.08, 493207.12, 723333.51, 691123.12, 681300.11, 682680.51, 1019687.62,
    1070704.67, 1461756.25, 433668.01,
]  # fmt: skip
COHORT_SIZES = [948, 421, 380, 440, 299, 279, 235, 191, 167, 298, 352, 321, 41]


@pytest.fixture(scope="module")
def lines(shared_data: Path) -> pl.DataFrame:
    """The file itself, for figures counted another way."""
    return pl.read_csv(
        shared_data / "online_retail" / "online_retail.csv.gz",
        columns=["InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"],
        schema_overrides={"InvoiceNo": pl.String, "StockCode": pl.String, "CustomerID": pl.String},
        encoding="utf8-lossy",
        try_parse_dates=True,
    ).with_columns(revenue=pl.col("Quantity") * pl.col("UnitPrice"))


def rows_of(database: Database, org_id: UUID, query: str) -> list[tuple[Any, ...]]:
    with database.transaction(org_id) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_published_revenue_by_month(database: Database, retail: UUID) -> None:
    result = ask(database, retail, "query_metrics", metrics=["revenue", "new_customers"], grain="month")
    table = named(result)
    assert [row["time"] for row in table[:2]] == ["2010-12-01", "2011-01-01"]
    assert [row["revenue"] for row in table] == MONTHLY_REVENUE
    assert [row["new_customers"] for row in table] == COHORT_SIZES
    assert result["totals"] == {"revenue": 9747747.93, "new_customers": 4372}
    assert result["evidence"]["rows"] == 25_900
    assert result["evidence"]["as_of"] == "2011-12-10T00:00:00Z"


def test_published_totals(database: Database, retail: UUID) -> None:
    totals = ask(database, retail, "query_metrics", metrics=["customers", "lines", "refund_orders", "orders"])["totals"]
    assert totals["customers"] == 4_372
    assert totals["lines"] == 541_909
    assert totals["refund_orders"] >= 3_836
    assert totals["orders"] + totals["refund_orders"] <= 25_900


def test_one_month_by_its_days(database: Database, retail: UUID) -> None:
    result = ask(database, retail, "query_metrics", metrics=["revenue"], start="2011-11-01", end="2011-11-30")
    assert result["rows"] == [[1461756.25]]
    assert (result["start"], result["end"]) == ("2011-11-01", "2011-11-30")


def test_best_countries_outside_the_uk(database: Database, retail: UUID, lines: pl.DataFrame) -> None:
    outside = {"dimension": "country", "operator": "ne", "value": "united kingdom"}
    result = ask(
        database, retail, "query_metrics", metrics=["revenue"], dimensions=["country"], filters=[outside], limit=5
    )
    best = (
        lines.filter(pl.col("Country") != "United Kingdom")
        .group_by("Country")
        .agg(pl.col("revenue").sum().round(2))
        .sort("revenue", descending=True)
    )
    assert [tuple(row) for row in result["rows"]] == best.head(5).rows()
    assert result["rows"][0][0] == "Netherlands"
    assert result["total_rows"] == best.height == 37
    assert result["truncated"]


def test_customers_who_bought_once(database: Database, retail: UUID, lines: pl.DataFrame) -> None:
    invoices = (
        lines.filter(pl.col("CustomerID").is_not_null(), pl.col("Quantity") > 0)
        .group_by("CustomerID")
        .agg(pl.col("InvoiceNo").n_unique())
    )
    once = invoices.filter(pl.col("InvoiceNo") == 1).height
    totals = ask(database, retail, "query_metrics", metrics=["one_time_customers", "repeat_customers", "repeat_rate"])[
        "totals"
    ]
    assert totals["one_time_customers"] == once == 1_494
    assert totals["repeat_customers"] == invoices.height - once
    assert totals["repeat_rate"] == pytest.approx(1 - once / invoices.height, abs=1e-6)


def test_revenue_by_product_adds_up(database: Database, retail: UUID) -> None:
    result = ask(database, retail, "query_metrics", metrics=["revenue"], dimensions=["sku"], limit=3)
    assert result["totals"]["revenue"] == 9747747.93
    assert result["rows"][0][0] == "22423"
    assert result["evidence"]["sources"] == ["order_items"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"metrics": ["revenue"], "start": "2031-01-01", "end": "2031-12-31"}, "cover 2010-12-01 to 2011-12-09"),
        ({"metrics": ["revenue"], "end": "2009-12-31"}, "cover 2010-12-01 to 2011-12-09"),
        ({"metrics": ["open_rate"]}, "no events have been loaded"),
        ({"metrics": ["revenue"], "dimensions": ["channel"]}, "says its channel"),
        ({"metrics": ["spend"], "grain": "month"}, "no channel_spend have been loaded"),
    ],
)
def test_what_is_not_in_the_data_is_said(
    database: Database, retail: UUID, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(NoSuchData, match=said):
        ask(database, retail, "query_metrics", **arguments)


@pytest.mark.parametrize("operator", ["eq", "ne", "in", "not_in"])
def test_a_value_that_never_occurs_is_a_mistake(database: Database, retail: UUID, operator: str) -> None:
    value = ["UK"] if operator in ("in", "not_in") else "UK"
    with pytest.raises(FixArguments, match="No country is called 'UK'") as error:
        ask(
            database,
            retail,
            "query_metrics",
            metrics=["revenue"],
            filters=[{"dimension": "country", "operator": operator, "value": value}],
        )
    assert "United Kingdom" in error.value.valid


def test_a_period_partly_outside_the_data_says_so(database: Database, retail: UUID) -> None:
    result = ask(database, retail, "query_metrics", metrics=["orders"], start="2011-12-01", end="2012-01-31")
    assert (
        "The data cover only part of the period: orders 2010-12-01 to 2011-12-09." in result["evidence"]["definitions"]
    )


def test_describe_data_lists_what_there_is_and_what_is_missing(database: Database, retail: UUID) -> None:
    result = ask(database, retail, "describe_data")
    rows = {table["table"]: table["rows"] for table in result["tables"]}
    assert (rows["orders"], rows["customers"]) == (25_900, 4_372)
    available = {metric["name"]: metric["available"] for metric in result["metrics"]}
    assert available["revenue"]
    assert available["lines"]
    assert not available["open_rate"]
    assert not available["spend"]
    values = {d["name"]: d["values"] for d in result["dimensions"]}
    assert len(values["country"]) == 38
    assert values["country"][0] == "United Kingdom"
    assert "channel" not in values
    assert any("spend" in words for words in result["absent"])


def test_an_empty_organisation_is_described_as_empty(database: Database, organisation: UUID) -> None:
    result = ask(database, organisation, "describe_data")
    assert result["tables"] == []
    assert result["as_of"] is None
    assert not any(metric["available"] for metric in result["metrics"])
    with pytest.raises(NoSuchData, match="no orders have been loaded"):
        ask(database, organisation, "query_metrics", metrics=["revenue"])


NOT_OF_THE_DEMO = {"tax", "shipping_charged", "revenue_before_tax", "charged"}  # tests of money have their own shops


@pytest.mark.parametrize("metric", one_in(4, [name for name in METRICS if name not in NOT_OF_THE_DEMO]))
def test_every_metric_answers_on_the_demo_shop_in_each_dimension(database: Database, demo: UUID, metric: str) -> None:
    whole = ask(database, demo, "query_metrics", metrics=[metric], grain="month")
    assert whole["evidence"]["rows"] > 0
    assert whole["totals"][metric] is not None
    for dimension in dimensions_of(METRICS[metric]):
        result = ask(database, demo, "query_metrics", metrics=[metric], dimensions=[dimension], limit=1000)
        assert result["rows"], dimension
        if metric in ("revenue", "gross_sales", "orders", "visits", "spend") and not result["truncated"]:
            cut = sum(row[-1] for row in result["rows"])
            if dimension not in ("product", "sku", "category"):
                assert cut == pytest.approx(result["totals"][metric], abs=0.51), dimension


def test_revenue_beside_spend_by_month(database: Database, demo: UUID) -> None:
    result = ask(database, demo, "query_metrics", metrics=["revenue", "spend", "visits"], grain="month", limit=1000)
    found = {row["time"]: (row["revenue"], row["spend"]) for row in named(result)}
    revenue = rows_of(
        database, demo, "select to_char(ordered_at, 'YYYY-MM-01'), round(sum(revenue), 2) from orders group by 1"
    )
    spend = dict(
        rows_of(database, demo, "select to_char(day, 'YYYY-MM-01'), round(sum(spend), 2) from channel_spend group by 1")
    )
    assert len(revenue) > 6
    assert found == {month: (float(money), _number(spend.get(month))) for month, money in revenue}
    assert result["evidence"]["sources"] == ["channel_spend", "events", "orders"]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def test_filters_hold_together(database: Database, demo: UUID) -> None:
    country, channel = rows_of(
        database, demo, "select country, channel from orders where channel is not null group by 1, 2 order by 1, 2"
    )[0]
    filters = [
        {"dimension": "country", "value": country.upper()},
        {"dimension": "channel", "operator": "in", "value": [channel]},
    ]
    result = ask(database, demo, "query_metrics", metrics=["revenue", "orders"], filters=filters)
    expected = rows_of(
        database,
        demo,
        "select round(sum(revenue), 2), count(*) filter (where kind = 'sale') from orders"
        f" where country = '{country}' and channel = '{channel}'",
    )[0]
    assert result["rows"] == [[float(expected[0]), expected[1]]]


@pytest.fixture(scope="module")
def tiny(database: Database) -> UUID:
    """Four orders around midnight in Auckland, one of them refunded, one without a customer."""
    org_id = make_organisation(database, time_zone="Pacific/Auckland", currency="NZD")
    at = datetime(2024, 1, 31, 10, 30, tzinfo=UTC)  # 23:30 on 31 January in Auckland
    rows = [
        ("a", at, "ann", "sale", "100.005"),
        ("b", at.replace(hour=11), "ann", "sale", "50.005"),  # 00:00 on 1 February
        ("c", at.replace(hour=12), "ann", "refund", "-50.005"),
        ("d", at.replace(hour=12), None, "sale", "7.10"),
    ]
    with database.transaction(org_id) as connection:
        connection.execute(text("select ensure_month_partitions('orders', '2024-01-01', '2024-02-28')"))
        connection.execute(text("insert into customers (external_id) values ('ann')"))
        for order, when, who, kind, money in rows:
            connection.execute(
                text(
                    "insert into orders (order_id, ordered_at, customer_id, kind, revenue) values"
                    " (:o, :at, (select id from customers where external_id = :who), :kind, cast(:money as numeric))"
                ),
                {"o": order, "at": when, "who": who, "kind": kind, "money": money},
            )
        connection.execute(
            text(
                "insert into data_coverage (table_name, rows, first_at, last_at)"
                " select 'orders', count(*), min(ordered_at), max(ordered_at) from orders"
            )
        )
    return org_id


def test_months_are_cut_in_the_organisations_time_zone(database: Database, tiny: UUID) -> None:
    metrics = ["revenue", "gross_sales", "refunds", "orders", "customers", "new_customers", "average_order_value"]
    result = ask(database, tiny, "query_metrics", metrics=metrics, grain="month")
    assert result["rows"] == [
        ["2024-01-01", 100.01, 100.01, 0.0, 1, 1, 1, 100.01],
        ["2024-02-01", 7.1, 57.11, 50.01, 2, 1, 0, 28.55],
    ]
    assert result["totals"]["revenue"] == 107.11  # 107.105: rounded after the sum, not before
    assert result["currency"] == "NZD"
    assert (result["start"], result["end"]) == ("2024-01-31", "2024-02-01")


def test_days_of_the_period_are_local_and_both_included(database: Database, tiny: UUID) -> None:
    for start, end, orders in (("2024-01-31", "2024-01-31", 1), ("2024-02-01", "2024-02-01", 2)):
        result = ask(database, tiny, "query_metrics", metrics=["orders"], start=start, end=end)
        assert result["rows"] == [[orders]]
    with pytest.raises(FixArguments, match="after end"):
        ask(database, tiny, "query_metrics", metrics=["orders"], start="2024-02-01", end="2024-01-31")


def test_who_is_not_known_is_null_and_never_nan(database: Database, tiny: UUID) -> None:
    result = ask(database, tiny, "query_metrics", metrics=["revenue", "repeat_rate"], dimensions=["customer"])
    assert sorted(map(str, result["rows"])) == ["['ann', 100.01, 1]", "[None, 7.1, None]"]


def test_figures_of_another_organisation_are_never_in_them(database: Database, tiny: UUID, retail: UUID) -> None:
    assert ask(database, tiny, "query_metrics", metrics=["lines", "customers"][1:])["totals"] == {"customers": 1}
    with pytest.raises(FixArguments, match="No country is called 'France'"):
        ask(
            database,
            tiny,
            "query_metrics",
            metrics=["revenue"],
            filters=[{"dimension": "country", "value": "France"}],
        )


GERMANY = {"dimension": "country", "value": "Germany"}


def test_what_shares_are_of_is_told(database: Database, retail: UUID) -> None:
    year = {"metrics": ["revenue"], "start": "2011-01-01", "end": "2011-12-31", "share": True}
    whole = ask(database, retail, "query_metrics", **{**year, "share": False})["totals"]["revenue"]
    part = ask(database, retail, "query_metrics", **year, filters=[GERMANY])
    assert part["wholes"] == {"revenue": whole}
    assert part["rows"][0][1] == pytest.approx(part["rows"][0][0] / whole, abs=1e-6)
    rows = ask(database, retail, "query_metrics", **year, dimensions=["country"], limit=1000)
    assert rows["wholes"] == {"revenue": whole}
    assert sum(row[2] for row in rows["rows"]) == pytest.approx(1, abs=1e-4)
    within = [GERMANY, {"dimension": "with_product", "operator": "contains", "value": "postage"}]
    inside = ask(database, retail, "query_metrics", **year, filters=within, share_within=["country"])
    assert inside["wholes"] == {"revenue": part["rows"][0][0]}


def test_buckets_of_an_average_are_those_the_data_cover(database: Database, retail: UUID) -> None:
    asked = {"metrics": ["revenue"], "per": "month", "start": "2011-01-15", "end": "2012-06-30"}
    result = ask(database, retail, "query_metrics", **asked)
    assert result["buckets"] == 12
    assert result["rows"][0][1] == pytest.approx(result["rows"][0][0] / 12, abs=0.006)
    told = next(line for line in result["evidence"]["definitions"] if line.startswith("revenue_per_month:"))
    assert "from 2011-01-15 to 2011-12-09 (12)" in told
    assert "The first and the last month is incomplete" in told


@pytest.mark.parametrize(
    ("compare", "error", "said"),
    [
        ({"compare_start": "2011-01-01"}, FixArguments, "needs compare_start and compare_end"),
        ({"compare_start": "2011-02-01", "compare_end": "2011-01-01"}, FixArguments, "is after compare_end"),
        ({"compare_start": "2001-01-01", "compare_end": "2001-12-31"}, NoSuchData, "nothing to compare with"),
    ],
)
def test_a_comparison_needs_another_period_with_data(
    database: Database, retail: UUID, compare: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        ask(database, retail, "query_metrics", metrics=["revenue"], **compare)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"dimension": "product", "operator": "contains", "value": "unicorn"}, "No product's name contains 'unicorn'"),
        (
            {"dimension": "product", "operator": "contains", "value": ["postage", "unicorn"]},
            "No product's name contains 'unicorn'",
        ),
        ({"dimension": "with_product", "value": "unicorn"}, "No product is called 'unicorn'"),
        ({"dimension": "customer_type", "value": "recurring"}, "No customer_type is called 'recurring'"),
    ],
)
def test_products_and_kinds_that_are_not_there_are_refused(
    database: Database, retail: UUID, condition: dict[str, Any], said: str
) -> None:
    with pytest.raises(NoSuchData, match=said):
        ask(database, retail, "query_metrics", metrics=["orders"], filters=[condition])


@pytest.mark.parametrize("value", [300, 300.0, "300"])
def test_numbers_are_taken_as_numbers_and_as_texts(
    database: Database, retail: UUID, lines: pl.DataFrame, value: Any
) -> None:
    filters = [{"dimension": "order_value", "operator": "gt", "value": value}]
    result = ask(database, retail, "query_metrics", metrics=["orders"], filters=filters)
    invoices = (
        lines.filter(~pl.col("InvoiceNo").str.contains("^[CA]")).group_by("InvoiceNo").agg(pl.col("revenue").sum())
    )
    assert result["rows"] == [[invoices.filter(pl.col("revenue").round(2) > 300).height]]


def test_figures_of_a_real_shop_as_others_count_them(database: Database, retail: UUID, lines: pl.DataFrame) -> None:
    """Half of the orders from France are worth more than 375.14; 2,189 of 20,725 orders name no customer."""
    france = {"dimension": "country", "value": "France"}
    middle = ask(database, retail, "query_metrics", metrics=["median_order_value"], filters=[france])
    assert middle["rows"] == [[375.14]]
    anonymous = {"dimension": "known_customer", "value": "anonymous"}
    share = ask(database, retail, "query_metrics", metrics=["orders"], filters=[anonymous], share=True)
    assert share["rows"] == [[2189, 0.105621]]
    renamed = {"dimension": "product", "value": "JUMBO BAG DOILEY PATTERNS"}
    bought = ask(database, retail, "query_metrics", metrics=["customers"], filters=[renamed])
    buyers = lines.filter(pl.col("StockCode") == "23203")["CustomerID"].drop_nulls().n_unique()
    assert bought["rows"] == [[buyers]] == [[505]]
    rows = ask(
        database, retail, "query_metrics", metrics=["average_order_value"], dimensions=["country"],
        having=[{"metric": "orders", "operator": "ge", "value": 20}], limit=3,
    )  # fmt: skip
    assert [row[0] for row in rows["rows"]] == ["Netherlands", "Australia", "Sweden"]


def test_the_place_of_one_among_all_is_where_it_stands_in_the_file(
    database: Database, retail: UUID, lines: pl.DataFrame
) -> None:
    ranked = (
        lines.group_by("Country").agg(pl.col("revenue").sum()).sort("revenue", descending=True)["Country"].to_list()
    )
    asked = {"metrics": ["revenue"], "dimensions": ["country"]}
    found = ask(database, retail, "query_metrics", **asked, place_of="Belgium", limit=500)
    assert found["place"] == ranked.index("Belgium") + 1
    assert ask(database, retail, "query_metrics", **asked, place_of="Belgium", limit=3)["place"] is None
    for wrong in ({"dimensions": ["country", "weekday"]}, {"grain": "month"}, {"dimensions": []}):
        with pytest.raises(FixArguments, match="place_of takes one dimension"):
            ask(database, retail, "query_metrics", **asked | wrong, place_of="Belgium")
