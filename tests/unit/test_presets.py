"""Vendors' exports: each is recognised by its own columns and no other's, and its declaration fits the fields."""

from __future__ import annotations

import pytest

from connectors.files.fields import KINDS
from connectors.files.known_exports import presets, recognised
from connectors.files.mapping import mapping_by
from connectors.files.preset import Preset
from connectors.files.status_words import OUTCOMES
from connectors.files.statuses import fold
from core.errors import FixArguments


def header_of(preset: Preset) -> list[str]:
    """A header with every column that the declaration reads or is recognised by, each in its first form."""
    words = [mark.split("|")[0] for mark in preset.marks]
    for part in preset.parts:
        words += [column if isinstance(column, str) else column[0] for column in part.columns.values()]
    for made in preset.derived.values():
        words += made.sources
    not_there = {*preset.derived, *preset.without}
    return list(dict.fromkeys(word.rstrip("*") for word in words if word not in not_there))


@pytest.mark.parametrize("name", presets())
def test_an_export_is_recognised_as_itself(name: str) -> None:
    preset = presets()[name]
    assert recognised(header_of(preset)) is preset


@pytest.mark.parametrize("name", [name for name, preset in presets().items() if not preset.refused])
def test_every_table_of_an_export_is_read(name: str) -> None:
    preset = presets()[name]
    mapping = mapping_by(preset, header_of(preset))
    assert [part.kind for part in mapping.tables()] == [part.kind for part in preset.parts]
    for part, declared in zip(mapping.tables(), preset.parts, strict=True):
        assert set(declared.columns) <= {field.name for field in KINDS[part.kind].fields}
        absent = {field for field, column in declared.columns.items() if column in preset.without}
        assert set(part.columns) == set(declared.columns) - absent


@pytest.mark.parametrize("name", presets())
def test_words_of_a_declaration_are_folded_and_mean_something(name: str) -> None:
    for word, outcome in presets()[name].statuses.items():
        assert (fold(word), outcome in OUTCOMES) == (word, True)


def test_traffic_in_sums_is_refused_with_the_reason() -> None:
    with pytest.raises(FixArguments, match="sessions"):
        mapping_by(presets()["ga4_traffic"], ["Date", "Sessions", "Engaged sessions"])


def test_a_plain_file_is_no_export() -> None:
    assert recognised(["order_id", "customer_id", "order_date", "total", "status"]) is None
