"""Everything held about a customer, over HTTP: the one call besides the tools. Erasing is a person's, and not here."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from core.identity import Identity
from tools.privacy.export import export_person
from tools.runtime import Runtime

__all__ = ["ExportAsked", "privacy_routes"]


class ExportAsked(BaseModel):
    """Whose data: in the body, so that no log of addresses holds it."""

    customer: str = Field(min_length=1, max_length=400, description="The customer's number, an address or the name.")


def privacy_routes(runtime: Runtime, holder: Callable[..., Identity]) -> APIRouter:
    """POST /people/export for a key with the scope admin: a zip file with JSON, CSV and a README."""
    router = APIRouter()

    @router.post(
        "/people/export",
        summary="Everything held about one customer, as a zip file (scope admin).",
        response_class=Response,
        responses={200: {"content": {"application/zip": {}}}},
    )
    def export(asked: ExportAsked, identity: Identity = Depends(holder)) -> Response:
        archive = export_person(runtime.database, identity, asked.customer, now=runtime.clock())
        headers = {
            "Content-Disposition": f'attachment; filename="{archive.file_name}"',
            "Cache-Control": "no-store",
        }
        return Response(archive.data, media_type="application/zip", headers=headers)

    return router
