"""Where days are cut: told, shown by the offsets of a file's times, else said to be assumed."""

from __future__ import annotations

import pytest

from tests.conftest import person
from tests.integration.field_shops import FieldShop, case, shop
from tools.imports.clocks import read_elsewhere
from tools.people.settings import change_settings, settings_of

__all__ = ["shop"]

HEADER = "order_id,customer_id,order_date,total\n"


@pytest.mark.parametrize(
    ("times", "zone", "doubtful"),
    [
        ("2024-01-31 23:30:00 -0500,2024-07-31 23:30:00 -0400", "America/New_York", True),
        ("2024-01-31T23:30:00+01:00,2024-07-31T23:30:00+02:00", "Europe/Berlin", False),
        ("2024-01-31T23:30:00+05:30,2024-07-31T23:30:00+05:30", "Asia/Kolkata", False),
        ("2024-01-31T23:30:00+11:00,2024-07-31T23:30:00+10:00", "Australia/Sydney", False),
    ],
)
def test_offsets_tell_the_zone(shop: FieldShop, times: str, zone: str, doubtful: bool) -> None:
    lines = "".join(f"{n},c{n},{time},10\n" for n, time in enumerate(times.split(",")))
    shop.bring(shop.write(HEADER + lines))
    assert settings_of(shop.database, person(shop.org_id)).time_zone == zone
    (told,) = [d for d in shop.reports[-1].decisions if "Days are cut" in d.said]
    assert told.doubtful is doubtful
    january = {"start": "2024-01-31", "end": "2024-01-31"}
    assert shop.figure("orders", **january) == 1


def test_utc_is_said_to_be_assumed(shop: FieldShop) -> None:
    shop.bring(shop.write(HEADER + "1,a,2024-01-31 23:30:00,10\n"))
    assert any(d.doubtful and "days cut, in UTC" in d.said for d in shop.reports[-1].decisions)
    change_settings(shop.database, person(shop.org_id), time_zone="Europe/Berlin")
    assert settings_of(shop.database, person(shop.org_id)).assumed == ("currency",)
    shop.bring(shop.write(HEADER + "2,a,2024-02-01 12:30:00,10\n"))
    assert "days cut" not in "".join(d.said for d in shop.reports[-1].decisions)


def test_days_need_no_zone(shop: FieldShop) -> None:
    shop.bring(shop.write(HEADER + "1,a,2024-01-31,10\n"))
    assert "UTC" not in shop.said()


def test_an_export_with_offsets_from_the_field(shop: FieldShop) -> None:
    shop.bring(case("02-shopify-partial-refund") / "orders_export.csv")
    assert settings_of(shop.database, person(shop.org_id)).time_zone == "America/New_York"


def elsewhere(shop: FieldShop) -> str:
    with shop.database.transaction(shop.org_id) as connection:
        return read_elsewhere(connection)


def test_what_was_read_in_another_zone_is_told_where_the_zone_is_changed(shop: FieldShop) -> None:
    shop.bring(shop.write(HEADER + "1,a,2024-01-31 23:30:00,10\n", "hours.csv"))
    shop.bring(shop.write(HEADER + "2,a,2024-01-31T23:30:00Z,10\n", "zoned.csv"))
    shop.bring(shop.write("day,channel,spend\n2024-01-31,search,10\n", "spend.csv"))
    assert elsewhere(shop) == ""
    change_settings(shop.database, person(shop.org_id), time_zone="America/New_York")
    assert "hours.csv were read in another time zone" in elsewhere(shop)
    assert "zoned.csv" not in elsewhere(shop)
    assert "spend.csv" not in elsewhere(shop)
    assert shop.figure("orders", start="2024-01-31", end="2024-01-31") == 2
    shop.bring(shop.folder / "hours.csv", again=True)
    assert elsewhere(shop) == ""
    (row,) = shop.rows(
        "select to_char(ordered_at at time zone 'UTC', 'DD HH24:MI') as at from orders where order_id = '1'"
    )
    assert row["at"] == "01 04:30"


def test_a_file_that_tells_the_zone_tells_of_those_read_before(shop: FieldShop) -> None:
    shop.bring(shop.write(HEADER + "1,a,2024-01-31,10\n", "days.csv"))
    times = "2,a,2024-01-31T23:30:00+05:30,10\n3,b,2024-07-31T23:30:00+05:30,10\n"
    report = shop.bring(shop.write(HEADER + times, "zoned.csv"))
    (told,) = [d for d in report.decisions if "another time zone" in d.said]
    assert told.doubtful
    assert "days.csv" in told.said
