"""Every tool keeps the catalogue's promises, at every door."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel

from core.errors import AimaError, AskPerson, FixArguments, NoSuchData, NotAllowed, NotFound
from core.identity import Identity
from database.engine import Database
from mcp_server.server import build_server
from tests.conftest import person
from tools.catalogue import catalogue
from tools.declaration import Effect, Tool
from tools.runtime import Runtime

GOLDEN = Path(__file__).parent.parent / "golden" / "mcp_tools.json"
TOOLS = catalogue().tools
ASKED_FOR = {
    "describe_data", "query_metrics", "find_customers", "customer_profile", "count_segment", "save_segment",
    "list_segments", "churn_summary", "churn_table", "clv_summary", "next_purchase", "propose_campaign",
    "list_proposals", "job_status",
}  # fmt: skip

MIX = {  # from advertising spend
    "mix_report", "mix_curves", "mix_sensitivity", "mix_changes", "budget_plan", "budget_scenarios",
    "budget_flighting", "media_report", "planned_forecast",
}  # fmt: skip
LEARNT = {"similar_customers", "lookalike_segment"}  # from vectors, which a job of their own learns in minutes
NEEDS_MORE = {"attribution_report", "customer_path", "path_file_report", "forecast_record"}  # visits, files of paths …


@pytest.fixture(scope="module")
def runtime(database: Database) -> Runtime:
    return Runtime(catalogue(), database, lambda *_: uuid4(), clock=lambda: datetime(2026, 6, 15, 12, tzinfo=UTC))


def test_what_was_asked_for_is_there() -> None:
    assert set(TOOLS) >= ASKED_FOR


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_explains_itself(name: str) -> None:
    tool = TOOLS[name]
    first = tool.description.splitlines()[0]
    assert 20 <= len(first) <= 120
    assert tool.examples
    for model in (tool.arguments, tool.result):
        assert _undescribed(model, set()) == []


def _undescribed(model: type[BaseModel], seen: set[type]) -> list[str]:
    if model in seen:
        return []
    seen.add(model)
    missing = [f"{model.__name__}.{n}" for n, f in model.model_fields.items() if not f.description and n != "root"]
    inner = [m for f in model.model_fields.values() for m in _models(f.annotation)]
    return missing + [place for m in inner for place in _undescribed(m, seen)]


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for part in getattr(annotation, "__args__", ()) for m in _models(part)]


def _examples() -> list[Any]:
    runnable = [tool for tool in TOOLS.values() if tool.effect is not Effect.OPERATE]
    return [pytest.param(t, e, id=f"{t.name}-{i}") for t in runnable for i, e in enumerate(t.examples)]


@pytest.mark.parametrize(("tool", "example"), _examples())
def test_examples_run_and_bring_their_evidence(
    runtime: Runtime, scored_retail: UUID, tool: Tool[Any, Any], example: Mapping[str, Any]
) -> None:
    try:
        result = runtime.call(tool.name, example, person(scored_retail))
    except (NoSuchData, NotFound) as nothing:
        assert len(nothing.message) > 30, "what is missing, and what there is instead"  # noqa: PT017
        return
    assert result.evidence.tool == tool.name
    assert result.evidence.rows >= 0
    form = json.loads(result.model_dump_json())
    assert "NaN" not in json.dumps(form)
    assert tool.worded(runtime.catalogue.outcome(tool.name, result.evidence.arguments, form)).strip()


def test_the_first_example_of_each_reading_tool_finds_data_in_a_real_shop(
    runtime: Runtime, scored_retail: UUID
) -> None:
    empty = set()
    for tool in TOOLS.values():
        if tool.effect is Effect.READ:
            try:
                runtime.call(tool.name, tool.examples[0], person(scored_retail))
            except (NoSuchData, NotFound):
                empty.add(tool.name)
    assert empty <= {"campaign_status", "campaign_results", "prepare_step", "job_status"} | LEARNT | NEEDS_MORE | MIX, (
        "a file of orders holds no campaigns, no spend and no jobs"
    )


@pytest.mark.parametrize("name", TOOLS)
def test_an_unknown_argument_is_refused_with_the_valid_ones(runtime: Runtime, organisation: UUID, name: str) -> None:
    with pytest.raises(FixArguments) as refused:
        runtime.call(name, {"no_such_argument": 1}, person(organisation))
    for field in TOOLS[name].arguments.model_fields:
        assert field in refused.value.message


@pytest.mark.parametrize("name", TOOLS)
def test_without_the_scope_nothing_runs(runtime: Runtime, organisation: UUID, name: str) -> None:
    nobody = Identity(organisation, "nobody", frozenset(), "mcp")
    with pytest.raises(NotAllowed, match=TOOLS[name].scope):
        runtime.call(name, {}, nobody)


@pytest.mark.parametrize("name", [t.name for t in TOOLS.values() if t.effect is Effect.OPERATE])
def test_a_key_cannot_act_whatever_its_scopes(runtime: Runtime, organisation: UUID, name: str) -> None:
    key = Identity(organisation, "key:all", person(organisation).scopes, "mcp")
    with pytest.raises(AskPerson, match="only a person"):
        runtime.call(name, TOOLS[name].examples[0], key)


@pytest.mark.parametrize("name", [t.name for t in TOOLS.values() if t.effect is not Effect.OPERATE])
def test_an_empty_organisation_gets_an_honest_answer(runtime: Runtime, organisation: UUID, name: str) -> None:
    """A result with nothing in it, or a typed error in words; never a traceback."""
    try:
        result = runtime.call(name, TOOLS[name].examples[0], person(organisation))
    except AimaError as honest:
        assert len(honest.message) > 20  # noqa: PT017
    else:
        assert result.evidence.rows == 0 or name == "feature_dictionary"


async def test_mcp_offers_the_whole_catalogue_but_what_acts(runtime: Runtime) -> None:
    tools = await build_server(runtime).list_tools()
    assert {t.name for t in tools} == {n for n, t in TOOLS.items() if t.effect is not Effect.OPERATE}


async def test_the_schemas_at_the_mcp_door_are_the_golden_ones(runtime: Runtime) -> None:
    """A change here is a change for every assistant: look at it, then AIMA_UPDATE_GOLDEN=1."""
    tools = [t.to_mcp_tool() for t in await build_server(runtime).list_tools()]
    kept = ("name", "title", "description", "inputSchema", "annotations")
    forms = [t.model_dump(mode="json", exclude_none=True) for t in sorted(tools, key=lambda t: t.name)]
    form = [{key: one[key] for key in kept} for one in forms]
    text = json.dumps(form, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if os.environ.get("AIMA_UPDATE_GOLDEN"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(text, encoding="utf-8")
    assert json.loads(text) == json.loads(GOLDEN.read_text(encoding="utf-8"))
