"""Which vendors' exports are known: everything in presets/ that exports `PRESETS`."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module

import connectors.files.presets
from connectors.files.columns import named
from connectors.files.preset import Preset
from core.errors import FixArguments

__all__ = ["preset_named", "presets", "recognised"]


@lru_cache(maxsize=1)
def presets() -> Mapping[str, Preset]:
    """Every preset by its name."""
    modules = [
        import_module(f"{connectors.files.presets.__name__}.{found.name}")
        for found in pkgutil.iter_modules(connectors.files.presets.__path__)
    ]
    return {preset.name: preset for module in modules for preset in module.PRESETS}


def preset_named(name: str) -> Preset:
    """The preset of that name; FixArguments lists those there are."""
    if name not in presets():
        raise FixArguments(f"There is no preset '{name}'.", field="preset", valid=list(presets()))
    return presets()[name]


def recognised(header: Sequence[str]) -> Preset | None:
    """The export that a file with this header is: of several that fit, the one with the most marks."""
    names = named(header)
    fitting = [preset for preset in presets().values() if preset.fits(names)]
    return max(fitting, key=lambda preset: len(preset.marks), default=None)
