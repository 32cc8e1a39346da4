"""Matching columns to fields: by synonyms, by form, by what the values look like; correctable by hand."""

from __future__ import annotations

import polars as pl
import pytest

from connectors.files.fields import KINDS, NEEDED
from connectors.files.mapping import Mapping, compact, header_key, propose_mapping
from core.errors import FixArguments


def propose(columns: dict[str, list[str]], **how: object) -> Mapping:
    return propose_mapping(list(columns), pl.DataFrame(columns), **how)  # type: ignore[arg-type]


def orders(time_column: str) -> dict[str, list[str]]:
    return {"order_id": ["1", "2"], time_column: ["2024-01-02", "2024-01-03"], "total": ["3.50", "4"]}


@pytest.mark.parametrize(
    "name", ["InvoiceDate", "order_ts", "Ordered at", "ORDER-DATE", "date", "Paid at", "shop_time"]
)
def test_names_for_the_time_of_an_order(name: str) -> None:
    assert propose(orders(name)).columns["ordered_at"] == name


def test_a_column_that_only_sounds_like_a_time_is_not_one() -> None:
    columns = {
        "order_id": ["1", "2"],
        "date": ["blue", "red"],
        "bought": ["2024-01-02", "2024-01-03"],
        "total": ["3", "4"],
    }
    assert propose(columns).columns["ordered_at"] == "bought"


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ("order_id=1|1 sku=a|b qty=1|2 price=2.5|3 date=2024-01-02|2024-01-02", "order_lines"),
        ("id=1|2 created_at=2024-01-02|2024-01-02 email=a@x.test|b@x.test total_price=3|4", "orders"),
        ("id=1|2 email=a@x.test|b@x.test created_at=2024-01-02|2024-01-02 country=DE|FR", "customers"),
        ("user_id=1|1 event=visit|cart timestamp=2024-01-02|2024-01-02 value=|3", "events"),
        ("date=2024-01-02|2024-01-03 channel=tv|search spend=10|20.5 clicks=|3", "spend"),
        ("campaign_id=1|2 date=2024-01-02|2024-01-02 impressions=10|20 clicks=1|3", "campaign_daily"),
        ("campaign=a|b start_date=2024-01-02|2024-01-02 budget=10|20", "campaigns"),
        ("review_id=1|2 date=2024-01-02|2024-01-02 review=good|bad stars=5|1", "mentions"),
        ("sku=1|2 name=cup|pot category=kitchen|kitchen price=5|1.5", "products"),
    ],
)  # fmt: skip
def test_the_kind_is_told_by_the_columns(columns: str, kind: str) -> None:
    pairs = (word.split("=") for word in columns.split(" "))
    assert propose({name: values.split("|") for name, values in pairs}).kind == kind


def test_without_a_header_the_values_tell() -> None:
    columns = {
        "column_1": ["00004", "00004", "00018", "00018", "00021"],
        "column_2": ["0001", "0001", "0002", "0002", "0003"],
        "column_3": ["19970101", "19970118", "19970104", "19970105", "19970113"],
        "column_4": ["2", "2", "1", "2", "1"],
        "column_5": ["29.33", "29.73", "14.96", "26.48", "14.37"],
    }
    found = propose(columns)
    assert (found.kind, found.unused) == ("orders", ["column_2"])
    assert found.columns == {
        "customer": "column_1", "ordered_at": "column_3", "revenue": "column_5", "quantity": "column_4",
    }  # fmt: skip


def test_an_id_that_comes_again_is_the_customers() -> None:
    columns = {"id": ["1", "1", "2"], "date": ["2024-01-02"] * 3, "cds": ["1", "1", "2"], "dollars": ["3.5", "4", "5"]}
    found = propose(columns)
    assert (found.columns["customer"], found.columns.get("order_id")) == ("id", None)


def test_a_line_number_is_nobodys_id() -> None:
    columns = {
        "id": ["1", "2"], "order_id": ["7", "7"], "sku": ["a", "b"], "quantity": ["1", "2"], "unit_price": ["2.5", "3"],
        "order_date": ["2024-01-02"] * 2,
    }  # fmt: skip
    assert propose(columns).unused == ["id"]


def test_a_correction_moves_a_column() -> None:
    columns = orders("date") | {"customer_id": ["a", "b"], "buyer": ["c", "d"]}
    found = propose(columns, overrides={"customer_id": "buyer", "order_id": ""})
    assert found.columns == {"customer": "buyer", "ordered_at": "date", "revenue": "total"}
    assert found.unused == ["order_id", "customer_id"]


def test_a_correction_makes_foreign_names_fit() -> None:
    columns = {"nr": ["1", "2"], "wann": ["2024-01-02"] * 2, "was": ["3", "4"]}
    with pytest.raises(FixArguments, match="--map"):
        propose(columns, kind="customers")
    assert propose(columns, overrides={"order_id": "nr", "revenue": "was"}).columns["ordered_at"] == "wann"


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"overrides": {"colour": "total"}}, "no field 'colour'"),
        ({"overrides": {"country": "land"}}, "no column 'land'"),
        ({"overrides": {"revenue": ""}}, "needs revenue"),
        ({"kind": "songs"}, "no kind of file 'songs'"),
        ({"kind": "mentions"}, "fit no kind"),
    ],
)
def test_what_cannot_be_says_what_could(how: dict[str, object], says: str) -> None:
    with pytest.raises(FixArguments, match=says) as raised:
        propose(orders("date"), **how)
    assert raised.value.valid


def test_columns_that_fit_nothing_name_the_nearest_kind() -> None:
    with pytest.raises(FixArguments, match="nearest is"):
        propose({"y": ["1", "2"], "x1": ["3", "4"]})


def test_a_header_key_depends_on_names_and_order() -> None:
    assert header_key(["a", "b"]) == header_key(("a", "b"))
    assert len({header_key(h) for h in (["a", "b"], ["b", "a"], ["ab"], ["a", "b", "c"])}) == 4


def test_the_table_of_fields_is_sound() -> None:
    for kind in KINDS.values():
        names = [field.name for field in kind.fields]
        assert len(names) == len(set(names))
        assert {name for group in kind.requires for name in group} <= set(names)
        assert all(synonym == compact(synonym) for field in kind.fields for synonym in field.synonyms)
        assert kind.name in NEEDED
