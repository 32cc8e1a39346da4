"""The forecast page: days that targets are set for, how forecasts did as a table, and calls that tools take."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.screen import load_chainlit
from tools.catalogue import catalogue, validated

load_chainlit()

from chat.budget import CALLS  # noqa: E402 - chainlit reads the environment when imported
from chat.downloads import FILES  # noqa: E402
from chat.forecast import METRICS, PACED, _number, periods_to_come, record_table  # noqa: E402
from core.errors import FixArguments  # noqa: E402
from tools.forecast.outlook import Forecast  # noqa: E402


def test_days_of_targets_end_with_their_month_quarter_or_year() -> None:
    assert periods_to_come(date(2024, 2, 10)) == [
        ["This month (February 2024)", "2024-02-01", "2024-02-29"],
        ["Next month (March 2024)", "2024-03-01", "2024-03-31"],
        ["This quarter", "2024-01-01", "2024-03-31"],
        ["Next quarter", "2024-04-01", "2024-06-30"],
        ["This year (2024)", "2024-01-01", "2024-12-31"],
    ]
    assert periods_to_come(date(2026, 12, 31))[1][1:] == ["2027-01-01", "2027-01-31"]
    assert periods_to_come(date(2026, 12, 31))[3][1:] == ["2027-01-01", "2027-03-31"]


@pytest.mark.parametrize(("said", "amount"), [("50,000", 50000.0), ("1 200.5", 1200.5), (80, 80.0)])
def test_amounts_are_read_as_people_write_them(said: Any, amount: float) -> None:
    assert _number(said) == amount


@pytest.mark.parametrize("said", ["", "many", None, "5 or 6"])
def test_what_is_no_amount_is_refused_in_words(said: Any) -> None:
    with pytest.raises(FixArguments, match="such as 50,000"):
        _number(said)


def test_past_errors_stand_beside_each_figure() -> None:
    one = Forecast.model_construct(
        None, metric="orders", error_share=0.12, coverage=0.91, judged=80, less_than_naive=0.2, champion="damped trend"
    )
    table = record_table([one])
    assert table.rows == [["Orders", 0.12, 0.91, 80, 0.2, "damped trend"]]
    assert [column.unit for column in table.columns] == ["", "share", "share", "ranges", "share", ""]


def test_the_pages_call_tools_that_exist_with_arguments_they_take() -> None:
    calls = [*CALLS, *(("forecast", {"metric": metric}) for metric in METRICS), ("planned_forecast", {})]
    calls += [("target_pace", {"metric": metric}) for metric in PACED]
    calls += [(name, {"with_file": True}) for name in FILES]
    for tool, arguments in calls:
        assert validated(catalogue().get(tool).arguments, arguments)
        assert tool not in FILES or "pdf" in catalogue().get(tool).result.model_fields
