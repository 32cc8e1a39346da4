"""A file imported before is known again, and only where nothing it wrote can have changed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from core.identity import Identity
from database.engine import Database
from database.queries import erasing
from tests.conftest import make_organisation, person
from tools.imports.load import ImportResult, import_file

ORDERS = "order_id,order_date,customer_id,total\n1,2024-01-02,a,10.50\n2,2024-01-03,b,7\n"
Bring = Callable[..., ImportResult]


@pytest.fixture
def bring(
    database: Database, identity: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., ImportResult]:
    """Import `content` as a file of that name."""
    monkeypatch.chdir(tmp_path)

    def run(content: str, name: str = "orders.csv", **how: Any) -> ImportResult:
        (tmp_path / name).write_text(content)
        return import_file(database, identity, tmp_path / name, **how)

    return run


def total(database: Database, identity: Identity) -> Decimal:
    with database.transaction(identity.org_id) as connection:
        found: Decimal = connection.execute(text("select sum(revenue) from orders")).scalar_one()
    return found


def test_the_same_file_again_is_known_under_any_name_and_its_account_is_that_of_a_comparison(bring: Bring) -> None:
    assert not bring(ORDERS).known
    known = bring(ORDERS, "copy.csv")
    compared = bring(ORDERS, compare=True)
    assert known.known
    assert not compared.known
    assert known.tables == compared.tables
    assert (known.read, known.accepted, known.rejected) == (2, 2, 0)
    assert bring(ORDERS).known, "an import that changed nothing leaves everything as it stood"


def test_another_load_of_the_same_tables_makes_it_unknown(bring: Bring, database: Database, identity: Identity) -> None:
    bring(ORDERS)
    assert bring(ORDERS.replace("10.50", "99")).updated == 1
    back = bring(ORDERS)
    assert (back.known, back.updated) == (False, 1)
    assert total(database, identity) == Decimal("17.50")


def test_a_load_of_other_tables_does_not(bring: Bring) -> None:
    bring(ORDERS)
    bring("date,channel,spend\n2024-01-02,search,10\n2024-01-03,search,12\n", "spend.csv")
    assert bring(ORDERS).known


def test_another_reading_of_the_same_bytes_is_another_file(bring: Bring) -> None:
    content = ORDERS.replace("total", "total,net")
    content = content.replace("10.50", "10.50,9").replace(",7", ",7,6")
    bring(content)
    other = bring(content, overrides={"revenue": "net"})
    assert (other.known, other.updated) == (False, 2)


def test_rejected_lines_are_written_again(bring: Bring) -> None:
    content = ORDERS + "3,never,c,1\n"
    first = bring(content)
    assert first.rejects_path is not None
    first.rejects_path.unlink()
    again = bring(content)
    assert (again.known, again.rejected) == (False, 1)
    assert again.rejects_path is not None
    assert again.rejects_path.exists()


def test_what_was_erased_comes_back(bring: Bring, database: Database, identity: Identity) -> None:
    bring(ORDERS)
    with database.transaction(identity.org_id) as connection:
        erasing.empty(connection)
    again = bring(ORDERS)
    assert (again.known, again.tables["orders"].inserted) == (False, 2)


def test_another_organisation_has_its_own_memory(bring: Bring, database: Database, tmp_path: Path) -> None:
    bring(ORDERS)
    other = person(make_organisation(database))
    assert not import_file(database, other, tmp_path / "orders.csv").known
