"""The catalogue over HTTP: one route a tool, made in a loop; a bearer key says whose data it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic.json_schema import models_json_schema

from core.identity import Identity
from tools.declaration import Tool
from tools.manual import Manual, ToolInfo
from tools.people.accounts import identity_of_key
from tools.runtime import Runtime
from web.privacy import privacy_routes
from web.problems import Unauthenticated
from web.streams import stream_routes

__all__ = ["api_routes", "describe_arguments"]

PREFIX = "/api/v1"
BEARER = HTTPBearer(auto_error=False, description="An AIMA key, as `aima key add` shows it once.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]


def api_routes(runtime: Runtime) -> APIRouter:
    """POST /api/v1/tools/NAME for each tool, GET for all about it, and GET /api/v1/tools for their list."""
    router = APIRouter(prefix=PREFIX, tags=["tools"])

    def holder(credentials: Credentials) -> Identity:
        found = identity_of_key(runtime.database, credentials.credentials, door="http") if credentials else None
        if found is None:
            raise Unauthenticated
        return found

    @router.get("/tools", summary="Every tool there is.")
    def tools(_holder: Identity = Depends(holder)) -> list[ToolInfo]:
        return [ToolInfo.of(tool) for tool in runtime.catalogue.tools.values()]

    @router.get("/tools/{name}", summary="One tool: full schemas of its arguments and result, examples.")
    def manual(name: str, _holder: Identity = Depends(holder)) -> Manual:
        return Manual.of(runtime.catalogue.get(name))

    for tool in runtime.catalogue.tools.values():
        router.add_api_route(
            f"/tools/{tool.name}",
            _route(runtime, tool.name, holder),
            methods=["POST"],
            operation_id=tool.name,
            summary=tool.description.partition("\n")[0],
            description=tool.description,
            response_model=None,
            responses={200: {"model": tool.result}},
        )

    router.include_router(privacy_routes(runtime, holder))
    router.include_router(stream_routes(runtime, holder, BEARER))

    @router.post("/tools/{name}", include_in_schema=False)
    def unknown(name: str, _holder: Identity = Depends(holder)) -> None:
        runtime.catalogue.get(name)

    return router


def _route(
    runtime: Runtime, name: str, holder: Callable[..., Identity]
) -> Callable[[Identity, dict[str, Any]], dict[str, Any]]:
    def call(
        identity: Identity = Depends(holder), arguments: dict[str, Any] = Body(default_factory=dict)
    ) -> dict[str, Any]:
        return runtime.call(name, arguments, identity).model_dump(mode="json")

    return call


def _request_body(tool: Tool[Any, Any]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{tool.arguments.__name__}"}
    examples = {str(n): {"value": dict(example)} for n, example in enumerate(tool.examples, 1)}
    return {"content": {"application/json": {"schema": schema, "examples": examples}}}


def describe_arguments(app: FastAPI, runtime: Runtime) -> None:
    """Put the argument models into the OpenAPI document. They are checked by the catalogue, not by the routes."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            models = [(t.arguments, "validation") for t in runtime.catalogue.tools.values()]
            _, shared = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
            document.setdefault("components", {}).setdefault("schemas", {}).update(shared.get("$defs", {}))
            for tool in runtime.catalogue.tools.values():
                document["paths"][f"{PREFIX}/tools/{tool.name}"]["post"]["requestBody"] = _request_body(tool)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
