"""Which modules declare tools: the one list the doors are made from."""

from __future__ import annotations

from importlib import import_module

from tools.catalogue import Catalogue

MODULES = (
    "data",
    "metrics",
    "cohorts",
    "customers",
    "segments",
    "churn",
    "value",
    "posterior",
    "vectors",
    "reports",
    "interventions",
    "recommendations",
    "risk",
    "experiments",
    "response",
    "scoring",
    "jobs",
    "campaigns",
    "proposals",
    "mailbox",
)


def catalogue() -> Catalogue:
    """Every tool there is, in the order of MODULES."""
    return Catalogue.of(*(import_module(f"tools.{name}") for name in MODULES))
