"""Messages written and approved with {field|default} alone say what they said when these were all there was.

Where people write them, every field is named.
"""

from __future__ import annotations

import random
import re
from html import escape
from pathlib import Path

import pytest

from connectors.channels.email import CHANNEL as EMAIL
from core.errors import FixArguments
from database.queries.merge_fields import MERGE_FIELDS
from language.merge.pieces import Piece
from language.merge.places import placed
from language.one_line import one_line
from tests.hostile_text import hostile
from tools.campaigns.content import as_read, check, render
from tools.campaigns.payload import Content, canonical

FIELD = re.compile(r"\{([^{}]*)\}")
FIELDS = ("first_name", "name", "country", "city", "customer_id")
WORDS = ("Hello", "100 % of", "“quoted”", "it's", "a | b", "\n\n", "Grüße 🎁", " ", "https://shop.example.com/new", "&")
DEFAULTS = ("there", "you", "", 'it\'s "you"', "a|b", "100 %", "  spaced ", "%", "default: 'x'", "-", "\\", "Grüße 🎁")


def replaced(template: str, values: dict[str, str | None], *, html: bool = False) -> str:
    """What a template said at first: the reference."""

    def value(match: re.Match[str]) -> str:
        name, bar, default = match.group(1).partition("|")
        found = one_line((values.get(name.strip()) or "")[:300])
        if not found and not bar:
            raise FixArguments(name)
        chosen = found or default.strip()
        return escape(chosen) if html else chosen

    return FIELD.sub(value, template)


def text(draw: random.Random, *, line: bool = False) -> str:
    """A template: words, and fields with and without a default."""
    parts = []
    for _ in range(draw.randint(1, 8)):
        name, default = draw.choice(FIELDS), draw.choice(DEFAULTS)
        field = draw.choice([f"{{{name}|{default}}}", f"{{ {name} | {default} }}", f"{{{name}}}"])
        parts.append(draw.choice([draw.choice(WORDS), f" {field}"]))
    made = "".join(parts)
    return f"x{made.replace(chr(10), ' ')}"[:150] if line else f"x{made}"


def values_of(draw: random.Random) -> dict[str, str | None]:
    return {name: draw.choice(["Ada", None, "", hostile(draw), "O'Neil & <Söhne>"]) for name in FIELDS}


def test_what_was_approved_is_still_what_is_sent() -> None:
    sent = 0
    for seed in range(1_500):
        draw = random.Random(seed)
        content = as_read(Content(subject=text(draw, line=True), body_text=text(draw)))
        values = values_of(draw)
        if content.subject.count("{") != content.subject.count("}"):
            continue  # cut in the middle of a field
        try:
            subject, body = one_line(replaced(content.subject, values)), replaced(content.body_text, values)
        except FixArguments:
            with pytest.raises(FixArguments, match="no default"):
                render(content, values, EMAIL, sender="s", unsubscribe="u")
            continue
        rendered = render(content, values, EMAIL, sender="s", unsubscribe="u")
        assert (rendered.subject, rendered.text.partition("\n\n--\n")[0]) == (subject, body.rstrip())
        sent += 1
    assert sent > 300


def test_a_field_that_would_name_a_server_is_known_by_its_place() -> None:
    for address, place in (
        ("https://x.org", "host"),
        ("https://x.org/a?b=", "link"),
        ("", "host"),
        ("mailto:", "link"),
    ):
        (_, piece, _) = placed(f'<a href="{address}\ue0000\ue001">', [Piece("alias", "{name|x}", "name")])
        assert piece.place == place


def test_html_too() -> None:
    html = '<p title="{name|you}">Dear {first_name| there },</p><p>{ city |it\'s "home"} {country|a|b}</p>'
    content = as_read(Content(subject="x", body_text="x", body_html=html))
    assert content.body_html == html
    for seed in range(300):
        values = values_of(random.Random(seed))
        rendered = render(content, values, EMAIL, sender="s", unsubscribe="u").html
        assert replaced(html, values, html=True) in rendered


def test_what_is_kept_is_what_was_written() -> None:
    """The hash of a proposal is that of its words as they stand."""
    content = Content(subject="Hello {first_name|there}", body_text="{ city |home}", body_html="<p>{name|you}</p>")
    assert check(content, EMAIL) == []
    assert canonical(as_read(content).model_dump()) == canonical(content.model_dump())


@pytest.mark.parametrize("element", ["PlanCard.jsx", "SegmentEditor.jsx"])
def test_where_a_message_is_written_every_field_is_named(element: str) -> None:
    page = (Path(__file__).resolve().parents[2] / "public" / "elements" / element).read_text(encoding="utf-8")
    named = re.search(r"are filled in for every recipient: ([\w, ]+)\.", page)
    assert named is not None
    assert named[1].split(", ") == [field.name for field in MERGE_FIELDS]
