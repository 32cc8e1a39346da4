"""Which sources there are: every folder beside this file that exports `SOURCE`."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

import connectors.sources
from connectors.sources.contract import Source
from core.errors import NotFound

__all__ = ["source", "sources"]


def sources() -> dict[str, Source[Any]]:
    """Every source by its name, in alphabetical order."""
    folders = sorted(m.name for m in pkgutil.iter_modules(connectors.sources.__path__) if m.ispkg)
    found: list[Source[Any]] = [import_module(f"connectors.sources.{folder}").SOURCE for folder in folders]
    return {one.name: one for one in found}


def source(name: str) -> Source[Any]:
    """The source called `name`; NotFound lists those there are."""
    known = sources()
    if name not in known:
        raise NotFound(f"There is no source '{name}'.", field="source", valid=sorted(known))
    return known[name]
