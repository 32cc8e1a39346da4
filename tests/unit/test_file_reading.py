"""Reading files: formats found out, every line accounted for, values read exactly."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.files.conversion import Conversion
from connectors.files.date_order import read_dates
from connectors.files.dates import DateOrder, DateReading
from connectors.files.mapping import propose_mapping
from connectors.files.numbers import read_counts, read_decimals
from connectors.files.reading import LINE, Problem, TableFile
from core.decisions import Decisions
from core.errors import FixArguments, NotFound

LATEST = datetime(2027, 1, 1, tzinfo=UTC)
ORDERS = "order_id,ordered_at,customer_id,revenue\n"


def write(folder: Path, content: str | bytes, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path) -> tuple[list[dict[str, object]], list[Problem]]:
    batches = list(TableFile.open(path).batches())
    rows = pl.concat([b.frame for b in batches]).to_dicts()
    return rows, [p for b in batches for p in b.problems]


def convert(path: Path, time_zone: str = "UTC") -> tuple[pl.DataFrame, list[Problem]]:
    table = TableFile.open(path)
    plan = Conversion.plan(
        propose_mapping(table.header, table.sample), table.sample, time_zone=time_zone, latest=LATEST
    )
    parts = [plan.apply(batch) for batch in table.batches()]
    return pl.concat([frame for frame, _ in parts]), [p for _, problems in parts for p in problems]


def dated(values: pl.Series, *, time_zone: str = "UTC", given: DateOrder | None = None) -> DateReading:
    wanted = {"at": ("at", time_zone)}
    return read_dates(wanted, values.to_frame("at"), given=given, delimiter=",", decisions=Decisions())["at"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(tmp_path: Path, delimiter: str) -> None:
    rows, problems = read(write(tmp_path, delimiter.join("abc") + "\n" + delimiter.join("123") + "\n"))
    assert rows == [{LINE: 2, "a": "1", "b": "2", "c": "3"}]
    assert problems == []


@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8", "Łódź"), ("utf-8-sig", "Łódź"), ("cp1252", "Zürich €"), ("utf-16", "Łódź")]
)
def test_encodings_are_found(tmp_path: Path, encoding: str, name: str) -> None:
    rows, _ = read(write(tmp_path, f"sku,name\n1,{name}\n".encode(encoding)))
    assert rows == [{LINE: 2, "sku": "1", "name": name}]


PAGES = {
    "cp1252": (
        "Müller;Größe", "Jérôme Lefèvre;L’Haÿ", "João Conceição", "Ångström, Blåbær", "Zürich €", "Þórður Jónsson",
        "Žižek Õun", "Köln–Bonn", "naïve £5 ½ 5°", "m² 10 µg", "perché Niccolò", "¿Qué? Ñandú Nº 5", "Iñárritu",
    ),
    "cp1250": (
        "Małgorzata Wiśniewska;Łódź", "Zażółć gęślą jaźń", "Jiří Novák, Říčany; Košice", "Đorđe Čačak",
        "Ştefan Bărbulescu, Iaşi",
    ),
    "cp1254": ("İstanbul Şişli; Gülşah Yıldız; Çağrı Öz",),
    "mac-roman": ("Müller Größe Jürgen", "Jérôme Lefèvre Ça"),
    "cp1251": ("Иван Петров;Москва", "№ заказа;дата Email", "Юлія Їжак"),
    "cp1253": ("Γιώργος Παπαδόπουλος;Αθήνα", "παραγγελία"),
    "cp932": ("注文番号;注文日時", "山田 太郎", "Tシャツ", "ID番号"),
}  # fmt: skip


@pytest.mark.parametrize(("page", "text"), [(page, text) for page, texts in PAGES.items() for text in texts])
def test_code_pages_are_found_by_their_letters(tmp_path: Path, page: str, text: str) -> None:
    table = TableFile.open(write(tmp_path, f"sku,name\n1,plain\n2,{text.replace(',', ';')}\n".encode(page)))
    assert table.sample["name"][1] == text.replace(",", ";")
    told = [decision for decision in table.decisions if "code page" in decision.said]
    assert bool(told) == (page != "cp1252")


def test_a_late_byte_of_another_encoding_loses_nothing(tmp_path: Path) -> None:
    body = b"sku,name\n" + b"1,plain\n" * 200_000 + "2,caf\u00e9\n".encode("cp1252")
    rows, problems = read(write(tmp_path, body))
    assert (len(rows), problems, rows[-1]["name"]) == (200_001, [], "café")


def test_gzip_and_plain_read_the_same(tmp_path: Path) -> None:
    text = ORDERS + "1,2024-01-02,c,3.50\n"
    plain, packed = write(tmp_path, text), write(tmp_path, gzip.compress(text.encode()), "orders.csv.gz")
    assert read(plain) == read(packed)


def test_an_archive_with_damaged_names_says_so(tmp_path: Path) -> None:
    path = tmp_path / "orders.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ö.csv", "a,b\n1,2\n")
    path.write_bytes(path.read_bytes().replace("ö".encode(), b"\xca ", 1))
    with pytest.raises(FixArguments, match="broken archive"):
        TableFile.open(path)


def test_a_torn_gzip_says_so(tmp_path: Path) -> None:
    drawn = random.Random(7)
    body = ORDERS + "".join(f"{n},2024-01-02,{drawn.random()},3.50\n" for n in range(60_000))
    path = write(tmp_path, gzip.compress(body.encode())[:-100_000], "orders.csv.gz")
    with pytest.raises(FixArguments, match="broken gzip"):
        read(path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        (ORDERS.encode(), "no rows"),
        (b"Dear all,\nthis is a letter, not a table.\nBye\n", "not a table"),
        (b"PK\x03\x04 workbook", "workbook"),
        (b"\x00\x01\x02\x03,\n\x00", "binary"),
        (b"PAR1 and then nothing of the sort", "broken Parquet"),
    ],
)
def test_what_is_no_table_says_why(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(FixArguments, match=says):
        TableFile.open(write(tmp_path, content))


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no file"):
        TableFile.open(tmp_path / "none.csv")


def test_columns_aligned_by_spaces_without_a_header(tmp_path: Path) -> None:
    table = TableFile.open(write(tmp_path, " 00001 19970101  1   11.77\n 00002 19970112 12   77.00\n"))
    assert table.header == ("column_1", "column_2", "column_3", "column_4")
    assert table.sample.rows() == [("00001", "19970101", "1", "11.77"), ("00002", "19970112", "12", "77.00")]


def test_lines_that_are_no_rows_are_handed_over(tmp_path: Path) -> None:
    rows, problems = read(write(tmp_path, "a,b\n1,2\n3,4,5\n\n6\n7,\x008\n" + "9,10\n" * 60))
    assert [row[LINE] for row in rows] == [2, 5, *range(7, 67)]
    assert [(p.line, p.reason) for p in problems] == [
        (3, "more than 2 fields on this line"),
        (6, "the line holds a zero byte"),
    ]


def test_line_numbers_count_line_ends_inside_quotes(tmp_path: Path) -> None:
    rows, _ = read(write(tmp_path, 'a,b\n1,"two\nlines"\n2,"x"\n\n3,y\n'))
    assert [(row[LINE], row["b"]) for row in rows] == [(2, "two\nlines"), (4, "x"), (6, "y")]


def test_a_stray_quote_keeps_every_row(tmp_path: Path) -> None:
    rows, _ = read(write(tmp_path, 'sku,name\n1,12" plate\n2,bowl\n3,"cup"s\n'))
    assert [(row["sku"], row["name"]) for row in rows] == [("1", '12" plate'), ("2", "bowl"), ("3", "cups")]


def test_json_lines_keep_numbers_as_written(tmp_path: Path) -> None:
    lines = [
        json.dumps({"sku": "1", "price": 1}).replace("1}", "0.10}"),
        "not json",
        json.dumps({"sku": "2", "more": True}),
    ]
    rows, problems = read(write(tmp_path, "\n".join(lines) + "\n", "products.jsonl"))
    assert rows[0] == {LINE: 1, "sku": "1", "price": "0.10", "more": None}
    assert rows[1] == {LINE: 3, "sku": "2", "price": None, "more": "true"}
    assert [(p.line, p.reason) for p in problems] == [(2, "not a JSON object")]


def test_parquet_reads_like_the_csv_of_it(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "order_id": ["1", "2"],
            "ordered_at": pl.Series(["2024-01-02T03:04:05", "2024-07-03T00:00:00"]).str.to_datetime(
                time_zone="Europe/London"
            ),
            "customer_id": [7, None],
            "revenue": pl.Series([Decimal("3.1000"), Decimal("4.2500")]),
        }
    )
    frame.write_parquet(tmp_path / "orders.parquet")
    typed, problems = convert(tmp_path / "orders.parquet")
    assert problems == []
    assert typed["revenue"].to_list() == [Decimal("3.1"), Decimal("4.25")]
    assert typed["customer"].to_list() == ["7", None]
    assert typed["ordered_at"].to_list() == frame["ordered_at"].dt.convert_time_zone("UTC").to_list()


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=12)] * 3),
        min_size=1,
        max_size=30,
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_csv_writer_writes_is_read_back(tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([("first", "second", "third"), *rows])
    found, problems = read(write(tmp_path, text.getvalue()))
    assert [tuple(row[name] or "" for name in ("first", "second", "third")) for row in found] == rows
    assert problems == []


@given(st.decimals(min_value=-(10**13), max_value=10**13, places=4, allow_nan=False, allow_infinity=False))
def test_decimals_are_exact(value: Decimal) -> None:
    assert read_decimals(pl.Series([str(value)])).to_list() == [value]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("£1,234.50", "1234.5"), ("$ 12", "12"), ("(3.20)", "-3.2"), ("7.5-", "-7.5"), ("-£2.00", "-2"),
        ("1e3", "1000"), ("1 234.5", "1234.5"), ("+4", "4"), ("12 EUR", "12"), ("1,23,4", None), ("12a", None),
        ("--1", None), ("1.2.3", None),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(written: str, meant: str | None) -> None:
    assert read_decimals(pl.Series([written])).to_list() == [Decimal(meant) if meant else None]


def test_comma_decimals_are_read() -> None:
    values = pl.Series(["12,50", "1.234,05", "3", "-0,5"])
    assert read_decimals(values, ",").to_list() == [Decimal("12.5"), Decimal("1234.05"), Decimal(3), Decimal("-0.5")]


def test_counts_are_whole() -> None:
    assert read_counts(pl.Series(["3", "3.0", "3.5", "x", None])).to_list() == [3, 3, None, None, None]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-03-05 06:07:08", "2024-03-05T06:07:08"), ("2024-03-05T06:07:08Z", "2024-03-05T06:07:08"),
        ("2024-03-05T06:07:08.250+02:00", "2024-03-05T04:07:08.250"), ("20240305", "2024-03-05"),
        ("25/03/2024 06:07", "2024-03-25T06:07"), ("3/25/24", "2024-03-25"), ("25.03.2024", "2024-03-25"),
        ("5 Mar 2024", "2024-03-05"), ("Mar 5, 2024", "2024-03-05"), ("03/25/2024 1:05 PM", "2024-03-25T13:05"),
        ("1709618828", "2024-03-05T06:07:08"), ("1709618828000", "2024-03-05T06:07:08"),
    ],
)  # fmt: skip
def test_dates_as_systems_write_them(written: str, meant: str) -> None:
    found = dated(pl.Series([written])).read(pl.Series([written]))
    assert found.to_list() == [datetime.fromisoformat(meant).replace(tzinfo=UTC)]


def test_times_without_a_zone_are_read_in_the_zone_given() -> None:
    values = pl.Series(["2024-07-01 12:00:00", "2024-01-01 12:00:00", "2024-03-31 01:30:00", "2024-10-27 01:30:00"])
    found = dated(values, time_zone="Europe/London").read(values).to_list()
    assert found == [
        datetime(2024, 7, 1, 11, tzinfo=UTC),
        datetime(2024, 1, 1, 12, tzinfo=UTC),
        None,  # skipped when the clocks went forward
        datetime(2024, 10, 27, 0, 30, tzinfo=UTC),  # the first of the two
    ]


def test_day_and_month_are_decided_by_the_whole_sample() -> None:
    values = pl.Series(["01/02/2024"] * 500 + ["13/02/2024"])
    assert dated(values).order == "dmy"
    with pytest.raises(FixArguments, match="cannot be told apart"):
        dated(values.head(500))
    assert dated(values.head(5), given="mdy").order == "mdy"
    with pytest.raises(FixArguments, match="some values have the day first"):
        dated(pl.Series(["13/02/2024", "02/13/2024"]))


def test_bad_values_name_line_column_value_and_reason(tmp_path: Path) -> None:
    text = (
        ORDERS + "1,2024-01-02,a,1.5\n2,yesterday,a,2\n3,2024-01-03,a,much\n,2024-01-04,a,3\n5,2199-01-01,a,1\n"
        "6,2024-01-05,,4\n"
    )
    typed, problems = convert(write(tmp_path, text))
    assert typed["order_id"].to_list() == ["1", "6"]
    assert [(p.line, p.column, p.value) for p in problems] == [
        (5, "order_id", ""), (3, "ordered_at", "yesterday"), (6, "ordered_at", "2199-01-01"), (4, "revenue", "much"),
    ]  # fmt: skip


def test_forms_that_come_after_the_sample_are_read_too(tmp_path: Path) -> None:
    path = write(
        tmp_path, ORDERS + "1,2024-01-02,a,1\n" * 30_000 + "2,2024-01-02T10:00:00.5,a,1\n3,2024/02/03 04:05,a,1\n"
    )
    typed, problems = convert(path)
    assert problems == []
    assert typed["ordered_at"].tail(2).to_list() == [
        datetime(2024, 1, 2, 10, 0, 0, 500_000, tzinfo=UTC),
        datetime(2024, 2, 3, 4, 5, tzinfo=UTC),
    ]
