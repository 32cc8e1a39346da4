"""Dates with words, as programs and people in seven languages write them."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from connectors.files.dates import decide, looks_like_dates

WRITTEN = {
    "Tue Mar 05 2024 10:11:12 GMT+0100 (Central European Standard Time)": "2024-03-05T09:11:12",
    "Tue, 05 Mar 2024 10:11:12 +0100": "2024-03-05T09:11:12",
    "Tue Mar  5 10:11:12 UTC 2024": "2024-03-05T10:11:12",
    "2024-03-05 10:11:12 PST": "2024-03-05T18:11:12",
    "2024/03/05 10:11:12 CET": "2024-03-05T09:11:12",
    "March 5th, 2024": "2024-03-05",
    "Sept. 5, 2024": "2024-09-05",
    "Mar 5, 2024, 10:11\u202fPM": "2024-03-05T22:11",
    "05-Mar-24": "2024-03-05",
    "05MAR2024": "2024-03-05",
    "2024-Mar-05": "2024-03-05",
    "5. März 2024": "2024-03-05",
    "Di., 5. März 2024 um 10:11 Uhr": "2024-03-05T10:11",
    "12 Dez. 2023": "2023-12-12",
    "mardi 5 mars 2024 à 10h11": "2024-03-05T10:11",
    "1er août 2024": "2024-08-01",
    "5 févr. 2024": "2024-02-05",
    "5 de marzo de 2024": "2024-03-05",
    "jueves, 7 de marzo de 2024 10:11": "2024-03-07T10:11",
    "7 mar 2024 10:11 p. m.": "2024-03-07T22:11",
    "martedì 5 gennaio 2024": "2024-01-05",
    "1 set 2024": "2024-09-01",
    "dinsdag 5 maart 2024 om 10:11": "2024-03-05T10:11",
    "5 mrt. 2024": "2024-03-05",
    "terça-feira, 5 de março de 2024": "2024-03-05",
    "15 de fev. de 2024": "2024-02-15",
}


@pytest.mark.parametrize("written", WRITTEN)
def test_a_date_in_words(written: str) -> None:
    values = pl.Series([written])
    assert looks_like_dates(values) == 1
    found = decide(values, column="at", time_zone="UTC").read(values)
    assert found.to_list() == [datetime.fromisoformat(WRITTEN[written]).replace(tzinfo=UTC)]


@pytest.mark.parametrize(
    "written", ["March 2024", "Tuesday", "may", "5 Brumaire 2024", "soon", "2024-01-01 - 2024-01-07"]
)
def test_words_that_are_no_day(written: str) -> None:
    assert looks_like_dates(pl.Series([written])) == 0
