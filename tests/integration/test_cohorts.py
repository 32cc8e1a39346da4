"""Retention against the published cohorts of UCI Online Retail."""

from __future__ import annotations

from uuid import UUID

import pytest

from core.errors import NoSuchData
from database.engine import Database
from tests.integration.asking import ask

DECEMBER_2010 = [948, 362, 317, 367, 341, 376, 360, 336, 336, 374, 354, 474, 260]
SIZES = [948, 421, 380, 440, 299, 279, 235, 191, 167, 298, 352, 321, 41]


def test_the_published_triangle(database: Database, retail: UUID) -> None:
    cohorts = ask(database, retail, "cohort_retention")["cohorts"]
    assert [c["size"] for c in cohorts] == SIZES
    assert cohorts[0]["cohort"] == "2010-12"
    assert cohorts[0]["active"] == DECEMBER_2010
    for position, cohort in enumerate(cohorts):
        assert cohort["months_after"] == list(range(13 - position))
        assert cohort["share"][0] == 1.0


def test_one_cohort_after_one_month(database: Database, retail: UUID) -> None:
    (cohort,) = ask(database, retail, "cohort_retention", cohort="2010-12", months_after=1)["cohorts"]
    assert (cohort["months_after"], cohort["active"]) == ([1], [362])
    assert cohort["share"] == [pytest.approx(362 / 948, abs=1e-6)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"cohort": "2031-01"}, "No customer first ordered in 2031-01"),
        ({"cohort": "2011-12", "months_after": 1}, "at most 0"),
        ({"months_after": 13}, "at most 12"),
    ],
)
def test_beyond_the_data_is_said(database: Database, retail: UUID, arguments: dict[str, object], said: str) -> None:
    with pytest.raises(NoSuchData, match=said):
        ask(database, retail, "cohort_retention", **arguments)


def test_without_orders_there_are_no_cohorts(database: Database, organisation: UUID) -> None:
    with pytest.raises(NoSuchData, match="no cohorts"):
        ask(database, organisation, "cohort_retention")
