"""The pages of docs/ that are made from the code, such as tools.md. `python -m cli.reference` writes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic_settings import BaseSettings

    from tools.declaration import Tool

DOCS = Path(__file__).resolve().parent.parent / "docs"


def pages() -> dict[str, str]:
    """File name → Markdown of every generated page."""
    from cli.message_page import message_page
    from cli.preset_pages import preset_pages

    return preset_pages() | {
        "messages.md": message_page(),
        "tools.md": "\n".join(_tools()) + "\n",
        "features.md": "\n".join(_features()) + "\n",
        "settings.md": "\n".join(_settings()) + "\n",
    }


def _tools() -> Iterator[str]:
    from tools.catalogue import catalogue

    yield "# Tools\n\nWritten once, offered over MCP, over HTTP and to the agent. Made by `python -m cli.reference`."
    for tool in catalogue().tools.values():
        yield f"\n## {tool.name}\n\n{tool.description}\n\n{_kind(tool)}"
        fields = tool.arguments.model_json_schema().get("properties", {})
        if fields:
            yield "\n| argument | default | meaning |\n|---|---|---|"
        for name, field in tool.arguments.model_fields.items():
            default = "required" if field.is_required() else f"`{_plain(field.get_default(call_default_factory=True))}`"
            yield f"| {name} | {default} | {_cell(fields[name].get('description', ''))} |"


def _kind(tool: Tool[Any, Any]) -> str:
    return f"Effect: {tool.effect.value}. Scope: {tool.scope}. Toolset: {tool.subject}."


def _features() -> Iterator[str]:
    from analytics.features.dictionary import FEATURES

    yield "# Customer features\n\nOne value a customer, as of an instant. Made by `python -m cli.reference`."
    yield "\n| feature | unit | meaning |\n|---|---|---|"
    for feature in FEATURES:
        yield f"| {feature.name} | {feature.unit} | {_cell(feature.meaning)} |"
    yield (
        "\nBeside them stands the behavioural vector: 128 numbers a customer, learnt by train_vectors from "
        "the sequence of orders, visits and emails, for similar_customers and lookalike_segment. customer_profile "
        "tells which parts each of the three scores is the sum of."
    )


def _settings() -> Iterator[str]:
    from connectors.channels.discovery import channels, providers
    from core.settings import Settings

    yield "# Settings\n\nFrom the environment or a `.env` file, all optional. Made by `python -m cli.reference`."
    yield "\n| name | meaning |\n|---|---|"
    models: list[type[BaseSettings]] = [
        Settings,
        *(c.settings for c in channels().values()),
        *(p.settings for p in providers().values()),
    ]
    told: dict[str, str] = {}
    for model in dict.fromkeys(models):
        for name, field in model.model_fields.items():
            alias: Any = field.validation_alias
            shown = f"AIMA_{name.upper()}" if alias is None else getattr(alias, "choices", [alias])[0]
            told.setdefault(shown, _cell(field.description or ""))
    yield from (f"| {shown} | {meaning} |" for shown, meaning in told.items())


def _plain(value: object) -> str:
    return "none" if value is None else str(value)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def write() -> None:
    """Write every generated page into docs/."""
    for name, text in pages().items():
        (DOCS / name).parent.mkdir(exist_ok=True)
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
