"""The pages of docs/presets: for each vendor's export what is read, what is left out and what is not read."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.files.known_exports import presets
from connectors.files.preset import Preset
from connectors.files.statuses import outcome_of

__all__ = ["preset_pages"]


def preset_pages() -> dict[str, str]:
    """File name under docs/ → Markdown: one page a preset, and a list of them."""
    pages = {f"presets/{preset.name}.md": "\n".join(_page(preset)) + "\n" for preset in presets().values()}
    return {"presets.md": "\n".join(_list()) + "\n"} | pages


def _list() -> Iterator[str]:
    yield "# Exports that are known\n\nA file is recognised by its columns. Made by `python -m cli.reference`."
    yield "\n| export | where it comes from | becomes |\n|---|---|---|"
    for preset in sorted(presets().values(), key=lambda p: p.title.lower()):
        kinds = ", ".join(_kind(part.kind) for part in preset.parts) or "refused, with the reason"
        yield f"| [{preset.title}](presets/{preset.name}.md) | {preset.source} | {kinds} |"
    yield (
        "\nEverything else is read by the names and the values of its columns, in English, German, French, Spanish,"
        " Italian, Dutch and Portuguese; `aima import --preview` shows how."
    )


def _page(preset: Preset) -> Iterator[str]:
    yield f"# {preset.title[0].upper()}{preset.title[1:]}\n\n{preset.source}. Made by `python -m cli.reference`."
    marks = ", ".join(" or ".join(f"`{word}`" for word in mark.split("|")) for mark in preset.marks)
    yield f"\nRecognised by the columns {marks}."
    if preset.refused:
        yield f"\nNot read. {preset.refused}"
    for part in preset.parts:
        yield f"\n## Becomes {_kind(part.kind)}\n"
        if part.kind == "orders" and preset.order:
            yield f"One for each `{preset.order}`: what its first row says; the further rows are its lines.\n"
        yield "| field | column |\n|---|---|"
        for field, column in part.columns.items():
            words = (column,) if isinstance(column, str) else column
            yield f"| {field} | {', else '.join(_column(preset, word) for word in words)} |"
    yield from _rest(preset)


def _rest(preset: Preset) -> Iterator[str]:
    if preset.leave_out:
        yield "\n## Left out, and told\n"
        yield from dict.fromkeys(f"- {rule.said}" for rule in preset.leave_out)
    own = {word: outcome for word, outcome in preset.statuses.items() if outcome_of(word) != outcome}
    if own:
        yield "\n## Words for what became of an order that mean something of their own here\n"
        yield from (f"- {word}: {outcome}" for word, outcome in own.items())
    if preset.note:
        yield f"\n## Said on each import\n\n{preset.note}"
    if preset.unread:
        yield f"\n## Not read\n\n{preset.unread}"


def _column(preset: Preset, word: str) -> str:
    made = preset.derived.get(word)
    return made.said.replace("|", "\\|") if made is not None else f"`{word}`"


def _kind(kind: str) -> str:
    return kind.replace("_", " ")
