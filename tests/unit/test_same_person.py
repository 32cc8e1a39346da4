"""Every table that speaks of a customer has a say in what happens when two customers are one."""

from __future__ import annotations

from database.loading.same_person import DERIVED, FOLLOWS, KEYED
from database.tables import Base


def test_no_table_of_customers_is_forgotten() -> None:
    named = {table.name for table in Base.metadata.sorted_tables if "customer_id" in table.columns}
    assert named == {*FOLLOWS, *KEYED, *DERIVED}
