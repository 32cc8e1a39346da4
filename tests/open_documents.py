"""OpenDocument spreadsheets (.ods), written as LibreOffice writes them."""

from __future__ import annotations

import io
import zipfile

__all__ = ["opendocument", "row"]

NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def cell(value: object) -> str:
    if isinstance(value, int | float):
        told = f'"float" office:value="{value}"'
    elif isinstance(value, str) and value[:2] == "20":
        told = f'"date" office:date-value="{value}"'
    else:
        told = '"string"'
    return f"<table:table-cell office:value-type={told}><text:p>{value}</text:p></table:table-cell>"


def opendocument(rows: str) -> bytes:
    """A spreadsheet as LibreOffice writes it, of rows of XML."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMES} office:version="1.3"><office:body>'
        f'<office:spreadsheet><table:table table:name="Orders"><table:table-column/>{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def row(*values: object) -> str:
    return f"<table:table-row>{''.join(cell(value) for value in values)}</table:table-row>"
