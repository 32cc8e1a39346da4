"""Products of any of several names as one figure."""

from __future__ import annotations

from uuid import UUID

import pytest

from database.engine import Database
from tests.integration.asking import ask


def test_products_of_any_of_several_names_are_added_up_once(database: Database, retail: UUID) -> None:
    def revenue(*words: str) -> float:
        holds = {"dimension": "product", "operator": "contains", "value": list(words)}
        return float(ask(database, retail, "query_metrics", metrics=["revenue"], filters=[holds])["rows"][0][0])

    each = [revenue("cakestand"), revenue("bunting")]
    assert revenue("cakestand", "bunting") == pytest.approx(sum(each))
    assert revenue("cakestand", "regency cakestand") == pytest.approx(each[0]), "a product of both names counts once"
