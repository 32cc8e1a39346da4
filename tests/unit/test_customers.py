"""Customers: whom an answer speaks of, and how sure it is."""

from __future__ import annotations

import pytest

from agent.evidence import confidence
from agent.state import Finding
from tools.audience.rule import rule_of_customer
from tools.catalogue import catalogue
from tools.customers.list import VALUABLE_AND_SILENT

CATALOGUE = catalogue()


def finding(tool: str) -> Finding:
    """A call that gave something."""
    return {
        "id": "c", "step": "s1", "agent": "research", "tool": tool, "arguments": {}, "result": {}, "error": None,
        "error_code": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("tool", "expected"),
    [("customer_profile", "medium"), ("find_customers", "medium"), ("customer_history", "high")],
)
def test_what_is_predicted_of_customers_is_not_told_as_measured(tool: str, expected: str) -> None:
    assert confidence([finding(tool)], CATALOGUE) == expected


def test_a_list_speaks_of_its_rule_and_a_profile_of_its_customer() -> None:
    assert CATALOGUE.audience("find_customers", {"rule": VALUABLE_AND_SILENT, "limit": 5}) == VALUABLE_AND_SILENT
    assert CATALOGUE.audience("find_customers", {}) is None
    for tool in ("customer_profile", "customer_history"):
        assert CATALOGUE.audience(tool, {"customer": "17850"}) == rule_of_customer("17850")
