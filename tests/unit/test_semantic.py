"""The semantic layer without a database: what can be asked, and that nothing a caller says becomes SQL."""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import text

from core.errors import FixArguments
from database.semantic.metrics import METRICS
from database.semantic.model import Span
from database.semantic.question import GRAINS, Filter, Having, Question, choose_sources, dimensions_of
from database.semantic.sources import DIMENSIONS, SOURCES
from database.semantic.statement import statement

START, END = date(2011, 1, 1), date(2011, 12, 31)


def question(*metrics: str, **more: object) -> Question:
    return Question(metrics=metrics, start=START, end=END, time_zone="Europe/London", **more)  # type: ignore[arg-type]


def sql_of(asked: Question) -> str:
    return statement(asked, choose_sources(asked)).sql


def test_every_name_is_declared_once_and_used() -> None:
    assert set(METRICS) & set(DIMENSIONS) == set()
    for metric in METRICS.values():
        assert metric.meaning.endswith(".")
        assert set(metric.sql) <= set(SOURCES)
    used = {name for source in SOURCES.values() for name in source.places}
    assert used == set(DIMENSIONS)
    for source in SOURCES.values():
        wanted = {join for place in source.places.values() for join in place.joins}
        assert wanted <= set(source.joins)


@pytest.mark.parametrize("name", METRICS)
def test_each_metric_compiles_with_each_of_its_dimensions_and_every_grain(name: str) -> None:
    for dimension in dimensions_of(METRICS[name]):
        for grain in GRAINS:
            asked = question(name, dimensions=[dimension], grain=grain, filters=[Filter(dimension, "ne", "1")])
            made = statement(asked, choose_sources(asked))
            bound = set(text(made.sql).compile().params)
            assert bound <= set(made.values)
            assert {"f0", "limit"} <= bound


def test_values_are_bound_and_names_looked_up() -> None:
    evil = "x'; drop table customers; --"
    made = statement(
        asked := question("revenue", dimensions=["country"], filters=[Filter("country", "eq", evil)]),
        choose_sources(asked),
    )
    assert evil not in made.sql
    assert "drop" not in made.sql
    assert made.values["f0"] == evil


@given(value=st.text(st.characters(exclude_characters="\0"), min_size=1))
@example(value="s.revenue")
def test_a_filter_s_value_never_changes_the_sql(value: str) -> None:
    def made(operator: str, given_value: str) -> str:
        values = [given_value] if operator == "not_in" else given_value
        asked = question("spend", "roas", filters=[Filter("spend_channel", operator, values)])
        return statement(asked, choose_sources(asked)).sql

    for operator in ("eq", "contains", "not_in"):
        assert made(operator, value) == made(operator, "search")


@given(values=st.lists(st.text(st.characters(exclude_characters="\0"), min_size=1), min_size=2, max_size=2))
def test_texts_of_which_a_product_holds_any_never_change_the_sql(values: list[str]) -> None:
    def made(given_value: list[str]) -> str:
        asked = question("revenue", filters=[Filter("product", "contains", given_value)])
        return statement(asked, choose_sources(asked)).sql

    assert made(values) == made(["mug", "vase"])
    assert made(values) != made(["mug"])


@pytest.mark.parametrize("field", ["metric", "dimension", "filter", "order"])
def test_an_unknown_name_is_refused_with_the_closest_first(field: str) -> None:
    asked = {
        "metric": lambda: sql_of(question("revenu")),
        "dimension": lambda: sql_of(question("revenue", dimensions=["countri"])),
        "filter": lambda: sql_of(question("revenue", filters=[Filter("countri", "eq", "x")])),
        "order": lambda: sql_of(question("revenue", order_by="country")),
    }[field]
    with pytest.raises(FixArguments) as error:
        asked()
    expected = {"metric": "revenue", "dimension": "country", "filter": "country", "order": "revenue"}[field]
    assert error.value.valid[0] == expected


def test_what_does_not_go_together_is_refused_with_what_does() -> None:
    with pytest.raises(FixArguments, match="revenue cannot be cut by spend_channel") as error:
        sql_of(question("revenue", "spend", dimensions=["spend_channel"]))
    assert "roas" in str(error.value)
    assert "country" in error.value.valid
    assert "spend_channel" not in error.value.valid


def test_a_filter_must_hold_for_every_metric() -> None:
    with pytest.raises(FixArguments, match="spend cannot be cut by country"):
        sql_of(question("revenue", "spend", filters=[Filter("country", "eq", "Germany")], grain="month"))


def test_lines_are_read_only_when_products_are_asked_for() -> None:
    assert "order_items" not in sql_of(question("revenue", dimensions=["country"]))
    assert "order_items" in sql_of(question("revenue", dimensions=["product"]))
    assert "order_items" in sql_of(question("revenue", filters=[Filter("category", "eq", "Lamps")]))


def test_a_table_without_rows_is_passed_over() -> None:
    asked = question("spend", grain="month")
    assert choose_sources(asked)["spend"].table == "channel_spend"
    assert choose_sources(asked, {"campaign_daily"})["spend"].table == "campaign_daily"


def test_rows_behind_an_answer_are_counted_once_a_table() -> None:
    sql = sql_of(question("revenue", "repeat_rate"))
    assert sql.count("0 as n") == 1


@pytest.mark.parametrize(
    ("dimension", "operator", "value"),
    [
        ("country", "in", []), ("country", "eq", ["a", "b"]), ("country", "eq", []), ("hour", "between", ["1"]),
        ("hour", "gt", ["1", "2"]),
    ],
)  # fmt: skip
def test_a_filter_with_the_wrong_number_of_values_is_refused(dimension: str, operator: str, value: list[str]) -> None:
    with pytest.raises(FixArguments, match=f"filter on {dimension}"):
        sql_of(question("revenue", filters=[Filter(dimension, operator, value)]))


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Filter("country", "gt", "3"), "country has words"),
        (Filter("country", "between", ["1", "3"]), "country has words"),
        (Filter("order_value", "ge", "much"), "compared with numbers, not with 'much'"),
        (Filter("order_value", "ge", "nan"), "compared with numbers"),
        (Filter("hour", "contains", "1"), "hour is a number"),
        (Filter("country", "eq", "a\0b"), "without NUL"),
    ],
)
def test_words_and_numbers_are_told_apart(condition: Filter, said: str) -> None:
    with pytest.raises(FixArguments, match=said):
        sql_of(question("revenue", filters=[condition]))


BY_COUNTRY: dict[str, object] = {"dimensions": ["country"]}


@pytest.mark.parametrize(
    ("metrics", "asked", "said", "valid"),
    [
        (["repeat_rate"], {"share": True, **BY_COUNTRY}, "there is no share of it", "revenue"),
        (["revenue"], {"share": True}, "of what is it a part", None),
        (["revenue"], {"share": True, "share_within": ["city"], **BY_COUNTRY}, "No filter is on 'city'", None),
        (["revenue"], {"cumulative": True}, "needs a grain", "month"),
        (["customers"], {"cumulative": True, "grain": "month"}, "does not add up over time", "new_customers"),
        (["open_rate"], {"cumulative": True, "grain": "month"}, "does not add up over time", "visits"),
        (["revenue"], {"ratio": True}, "exactly two metrics", None),
        (["revenue"], {"best_per": "city", **BY_COUNTRY}, "one of the dimensions", "country"),
        (["revenue"], {"best_per": "country", **BY_COUNTRY}, "the best what", None),
        (["revenue"], {"per": "month", "grain": "month"}, "finer than the grain", "week"),
        (["revenue"], {"having": [Having("orders", "ge", 2)]}, "chooses among rows", None),
        (["revenue"], {"having": [Having("order", "ge", 2)], **BY_COUNTRY}, "no figure is called 'order'", "orders"),
        (["revenue"], {"order_by": "revenue_growth", **BY_COUNTRY}, "Cannot order by", "revenue"),
        (["revenue"], {"dimensions": ["order_value"]}, "can be filtered by, not broken down by", "country"),
    ],
)
def test_what_cannot_be_asked_together_is_refused_with_the_reason(
    metrics: list[str], asked: dict[str, object], said: str, valid: str | None
) -> None:
    with pytest.raises(FixArguments, match=said) as error:
        sql_of(question(*metrics, **asked))
    assert valid is None or valid in error.value.valid


def test_rows_can_be_chosen_and_ordered_by_what_is_added() -> None:
    asked = question(
        "revenue", **BY_COUNTRY, before=Span(START, END), share=True, order_by="revenue_growth",
        having=[Having("revenue_share", "ge", 0.05), Having("orders", "ge", 20)],
    )  # fmt: skip
    made = statement(asked, choose_sources(asked))
    assert (made.values["least_0"], made.values["least_1"]) == (0.05, 20)
    assert [figure.name for figure in made.figures] == [
        "revenue", "revenue_share", "revenue_before", "revenue_change", "revenue_growth", "revenue_share_before",
        "revenue_share_change",
    ]  # fmt: skip


def test_units_say_what_a_figure_is() -> None:
    def units(*metrics: str, **more: object) -> dict[str, str]:
        asked = question(*metrics, **more)
        return {f.name: f.unit for f in statement(asked, choose_sources(asked)).figures}

    change = units("repeat_rate", before=Span(START, END))
    assert change["repeat_rate_change"] == "points"
    assert units("refunds", "gross_sales", ratio=True)["refunds_per_gross_sales"] == "share"
    assert units("revenue", "spend", ratio=True)["revenue_per_spend"] == "ratio"
    assert units("visits", "orders", ratio=True)["visits_per_orders"] == "ratio"
    assert units("revenue", "units", ratio=True)["revenue_per_units"] == "money"
    assert units("revenue", per="month", statistic="median")["revenue_per_month"] == "money"


def test_every_figure_says_whether_it_adds_up() -> None:
    """Rates and averages, whose units or names say so, are none that add up; nor is what may not be known."""
    for metric in METRICS.values():
        is_rate = bool(
            re.search(
                r"rate$|^average|^median|^largest|^smallest|_per_|between|^days_to_|before_tax$|^charged$|^(ctr|cpc|cpm|cpa|roas)$",
                metric.name,
            )
        )
        assert metric.is_count is not is_rate, metric.name
        assert metric.is_count or not metric.adds_over_time
        assert metric.is_count or not any(metric.adds_up(source) for source in metric.sql)


def test_every_pair_of_metrics_meets_on_time() -> None:
    for pair in combinations(METRICS, 2):
        sql = sql_of(question(*pair, grain="month"))
        assert re.search(r"as m0\b.*as m1\b", sql)
