"""Which modules declare tools: the one list the doors are made from."""

from __future__ import annotations

from importlib import import_module

from tools.catalogue import Catalogue

MODULES = (
    "data",
    "metrics",
    "headlines",
    "alerts",
    "cohorts",
    "customers",
    "history",
    "segments",
    "segment_detail",
    "segment_map",
    "segment_drift",
    "segmentation",
    "playbooks",
    "churn",
    "survival",
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
    "deliveries",
    "mailbox",
)


def catalogue() -> Catalogue:
    """Every tool there is, in the order of MODULES."""
    return Catalogue.of(*(import_module(f"tools.{name}") for name in MODULES))
