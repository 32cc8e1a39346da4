"""The manual of the API as a page of our own: FastAPI's would load its scripts from another host."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

__all__ = ["manual_routes"]

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>AIMA: the API</title>
<style>
:root {{ color-scheme: light dark; --line: #d4d4d8; --soft: #f4f4f5; --ink: #18181b; --back: #fff; --mark: #0f766e; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --line: #3f3f46; --soft: #27272a; --ink: #f4f4f5; --back: #18181b; --mark: #5eead4; }} }}
body {{ margin: 0 auto; padding: 32px 20px; max-width: 960px; color: var(--ink); background: var(--back);
       font: 15px/1.55 system-ui, sans-serif; }}
a {{ color: var(--mark); }} h1 {{ font-size: 24px; }}
details {{ border: 1px solid var(--line); border-radius: 8px; margin: 8px 0; padding: 10px 14px; }}
summary {{ cursor: pointer; overflow-wrap: anywhere; }}
code, pre {{ font: 13px/1.5 ui-monospace, monospace; background: var(--soft); border-radius: 4px; }}
code {{ padding: 1px 4px; }} pre {{ padding: 10px; overflow-x: auto; }}
table {{ border-collapse: collapse; width: 100%; }}
td, th {{ border-top: 1px solid var(--line); padding: 6px 8px; text-align: left; vertical-align: top; }}
</style></head><body>
<h1>The API</h1>
<p>Every tool that assistants use over MCP answers over HTTP too, with the same arguments and the same result. Make a
key with <code>aima key add NAME --for YOU@EXAMPLE.COM</code> and send it as a bearer token. The whole document, for
programs: <a href="/api/openapi.json">/api/openapi.json</a>.</p>
{operations}
</body></html>
"""
OPERATION = """<details><summary><b>{method}</b> <code>{path}</code> {summary}</summary>
<p>{description}</p>{fields}{example}</details>
"""
FIELDS = "<table><tr><th>argument</th><th>kind</th><th>meaning</th></tr>{rows}</table>"


def manual_routes(app: FastAPI) -> APIRouter:
    """GET /docs, made from the document of `app`; /openapi.json and /redoc lead to the document and to the page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    def page() -> HTMLResponse:
        return HTMLResponse(PAGE.format(operations="".join(_operations(app.openapi()))))

    @router.get("/openapi.json")
    def document() -> JSONResponse:
        return JSONResponse(app.openapi())

    @router.get("/redoc")
    @router.get("/docs/{rest:path}")
    def elsewhere() -> RedirectResponse:
        return RedirectResponse("/docs")

    return router


def _operations(document: dict[str, Any]) -> Iterator[str]:
    schemas = document.get("components", {}).get("schemas", {})
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            yield OPERATION.format(
                method=method.upper(),
                path=escape(path),
                summary=escape(operation.get("summary", "")),
                description=escape(operation.get("description", "")).replace("\n\n", "</p><p>"),
                fields=_fields(body, schemas),
                example=_example(body),
            )


def _fields(body: dict[str, Any], schemas: dict[str, Any]) -> str:
    schema = schemas.get(body.get("schema", {}).get("$ref", "").rpartition("/")[2], {})
    needed = schema.get("required", ())
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code>{' (required)' if name in needed else ''}</td>"
        f"<td>{escape(_kind(field))}</td><td>{escape(field.get('description', ''))}</td></tr>"
        for name, field in schema.get("properties", {}).items()
    )
    return FIELDS.format(rows=rows) if rows else ""


def _kind(field: dict[str, Any]) -> str:
    """A field's type in a word or two: its values where they are few, the name of a model, a list of something."""
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    if "$ref" in field:
        return str(field["$ref"].rpartition("/")[2])
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_kind(one) for one in field["anyOf"]))
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}))}"
    return str(field.get("type", "anything"))


def _example(body: dict[str, Any]) -> str:
    given = [one["value"] for one in body.get("examples", {}).values()]
    return f"<pre>{escape(json.dumps(given[0], indent=2))}</pre>" if given and given[0] else ""
