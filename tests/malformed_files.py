"""Malformed files: what broken exports, broken transfers and ill will make of a table; drawn from a seed."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable

import polars as pl

from tests.open_documents import opendocument, row

HEADER = "order_id,customer_id,order_date,total,note"
Draw = random.Random


def orders(draw: Draw, rows: int = 200) -> bytes:
    """A sound file, from which the others are made."""
    lines = [
        f"A{n},c{draw.randint(1, 50)},2024-{draw.randint(1, 12):02}-{draw.randint(1, 28):02},"
        f'{draw.random() * 100:.2f},"{draw.choice(["", "a note", "zwei, drei", "x" * 50])}"'
        for n in range(rows)
    ]
    return "\n".join((HEADER, *lines, "")).encode()


def random_bytes(draw: Draw) -> bytes:
    return draw.randbytes(draw.choice([1, 10, 1_000, 50_000]))


def truncated(draw: Draw) -> bytes:
    whole = draw.choice([orders, packed, zipped, parquet, workbook, json_array, open_sheet])(draw)
    return whole[: draw.randint(1, len(whole))]


def flipped(draw: Draw) -> bytes:
    whole = bytearray(draw.choice([orders, packed, zipped, parquet, workbook, json_array, open_sheet])(draw))
    for _ in range(draw.choice([1, 5, 100])):
        whole[draw.randrange(len(whole))] = draw.randrange(256)
    return bytes(whole)


def zeroed(draw: Draw) -> bytes:
    whole = bytearray(orders(draw))
    for _ in range(draw.choice([1, 50])):
        whole[draw.randrange(len(whole))] = 0
    return bytes(whole)


def mixed_encodings(draw: Draw) -> bytes:
    codes = ("utf-8", "cp1252", "latin-1", "utf-16-le", "mac-roman", "shift-jis")
    lines = [f"A{n},zoë{n},2024-01-02,{n}.50,Äpfel €".encode(draw.choice(codes), "replace") for n in range(60)]
    return HEADER.encode(draw.choice(codes[:4])) + b"\n" + b"\n".join(lines)


def stray_quotes(draw: Draw) -> bytes:
    whole = bytearray(orders(draw))
    for _ in range(draw.choice([1, 3, 40])):
        whole.insert(draw.randrange(len(whole)), ord('"'))
    return bytes(whole)


def stray_ends(draw: Draw) -> bytes:
    text = orders(draw).decode()
    ends = ["\r", "\r\n", "\n", "\n\n", "\x0b", "\x0c", "\u2028", "\x85", "\r\r\n"]
    return "".join(draw.choice(ends) if char == "\n" else char for char in text).encode()


def huge_line(draw: Draw) -> bytes:
    fill = draw.choice([b"x", b",", b'"', b"\xff", b"1", b";", b" "])
    return (
        HEADER.encode()
        + b"\nA1,c1,2024-01-02,1.00,"
        + fill * draw.choice([10_000, 3_000_000])
        + b"\nA2,c1,2024-01-02,2,"
    )


def many_columns(draw: Draw) -> bytes:
    count = draw.choice([500, 1_900, 5_000, 30_000])
    names = ",".join(draw.choice(["date", "total", "id", "x"]) + str(n) for n in range(count))
    row = ",".join(draw.choice(["2024-01-02", "1.50", "a", ""]) for _ in range(count))
    return f"{names}\n{row}\n{row}\n".encode()


def deep(draw: Draw) -> bytes:
    depth = draw.choice([50, 900, 100_000])
    opening, closing = draw.choice([('{"a":', "}"), ("[", "]"), ('[{"a":', "}]")])
    text = opening * depth + "1" + closing * (depth if draw.random() < 0.5 else 0)
    return text.encode() + draw.choice([b"", b'\n{"id": 1}\n'])


def packed(draw: Draw) -> bytes:
    return gzip.compress(orders(draw))


def zipped(draw: Draw) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", draw.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as archive:
        archive.writestr("orders.csv", orders(draw))
    return content.getvalue()


def bomb(draw: Draw) -> bytes:
    fill = draw.choice([b"0", b"A1,c1,2024-01-02,1.00,x\n", b"\0", b'"', b"[", b"\n"])
    inside = HEADER.encode() + b"\n" + fill * ((80 << 20) // len(fill))
    if draw.random() < 0.5:
        return gzip.compress(inside, 1)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(draw.choice(["orders.csv", "xl/worksheets/sheet1.xml"]), inside)
        archive.writestr("xl/workbook.xml" if draw.random() < 0.5 else "README", "x")
    return content.getvalue()


def parquet(draw: Draw) -> bytes:
    content = io.BytesIO()
    columns = {"order_id": ["A", "B"], "customer_id": [1, None], "order_date": ["2024-01-02"] * 2, "total": [1.5, 2.5]}
    pl.DataFrame(columns).write_parquet(content)
    return content.getvalue()


def json_array(draw: Draw) -> bytes:
    row = {"id": "A1", "customer": {"id": 1}, "created_at": "2024-01-02", "total": 1.5, "items": [{"sku": "x"}]}
    text = json.dumps([row | {"id": f"A{n}"} for n in range(50)], indent=draw.choice([None, 2]))
    junk = draw.choice(["", "NaN", '"\\ud800"', "1e999", "{}", "null", "[1]", '{"id": "\\u0000"}'])
    return text.replace('{"id": "A3"', (junk + ', {"id": "A3"') if junk else '{"id": "A3"').encode()


def workbook(draw: Draw) -> bytes:
    rows = [[text_cell(f"A{n}", f"A{n}"), number_cell(f"B{n}", n)] for n in range(2, 30)]
    head = [text_cell("A1", "order_id"), text_cell("B1", "total")]
    far = [[number_cell("XFD1048576", 1)]] if draw.random() < 0.3 else []
    return as_workbook({"Orders": [head, *rows, *far]})


def open_sheet(draw: Draw) -> bytes:
    rows = row("order_id", "customer_id", "order_date", "total") + row("A1", "c1", "2024-02-01", 12.5)
    times = draw.choice([1, 3, 1_048_576])
    many = row("A2", "c2", "2024-02-02", 2).replace("row>", f'row table:number-rows-repeated="{times}">', 1)
    wide = f'<table:table-row><table:table-cell table:number-columns-repeated="{times}"/></table:table-row>'
    return opendocument(rows + draw.choice([many, wide, many + wide, "<table:table-row " * times]))


def text_cell(place: str, text: str) -> str:
    """A cell of a workbook that holds text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def number_cell(place: str, number: float, style: int = 0) -> str:
    """A cell of a workbook that holds a number; style 1: shown as a date."""
    return f'<c r="{place}" s="{style}"><v>{number}</v></c>'


def as_workbook(sheets: dict[str, list[list[str]]], *, hidden: tuple[str, ...] = ()) -> bytes:
    """An Excel workbook of sheets given as rows of cells."""
    numbered = list(enumerate(sheets, start=1))
    state = dict.fromkeys(hidden, ' state="hidden"')
    names = [f'<sheet name="{s}" sheetId="{n}" r:id="rId{n}"{state.get(s, "")}/>' for n, s in numbered]
    links = [_link(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered]
    parts = {
        "[Content_Types].xml": _types([f"/xl/worksheets/sheet{n}.xml" for n, _ in numbered]),
        "_rels/.rels": _links([_link("rId1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{"".join(names)}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _links([*links, _link("rIdS", "styles", "styles.xml")]),
        "xl/styles.xml": STYLES,
    }
    for n, name in numbered:
        rows = "".join(f"<row>{''.join(cells)}</row>" for cells in sheets[name])
        parts[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in parts.items():
            archive.writestr(path, text)
    return content.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def _link(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def _links(links: list[str]) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(links)}</Relationships>'


def _types(sheets: list[str]) -> str:
    kinds = {"/xl/workbook.xml": "sheet.main", "/xl/styles.xml": "styles", **dict.fromkeys(sheets, "worksheet")}
    told = [f'<Override PartName="{path}" ContentType="{SHEETML}.{kind}+xml"/>' for path, kind in kinds.items()]
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    plain = f'<Default Extension="rels" ContentType="{rels}"/><Default Extension="xml" ContentType="application/xml"/>'
    return f'<Types xmlns="{PACKAGE}/content-types">{plain}{"".join(told)}</Types>'


MAKERS: dict[str, Callable[[Draw], bytes]] = {
    maker.__name__: maker
    for maker in (
        orders, random_bytes, truncated, flipped, zeroed, mixed_encodings, stray_quotes, stray_ends, huge_line,
        many_columns, deep, packed, zipped, bomb, parquet, json_array, workbook,
        open_sheet,
    )
}  # fmt: skip
COSTLY = ("bomb", "many_columns", "huge_line", "open_sheet")
