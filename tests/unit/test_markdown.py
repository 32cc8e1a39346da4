"""Text from outside in Markdown: it reads as it was written, and makes nothing to click on, no picture, no heading."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from language.markdown import as_text, own_links
from tests.hostile_text import hostile

PROGRAM = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
# What programs that know GitHub's Markdown make links of without any sign.
BARE = re.compile(r"(?i)(https?://|www(?=\.))[-.\w]+")
HARMFUL = {"link", "image", "heading", "table", "html", "fence", "code", "strong", "em", "s", "list", "blockquote"}
PAYLOADS = [
    "[x](http://evil.example/phish)",
    "![p](http://evil.example/pixel.png)",
    "[x][1]\n\n[1]: http://evil.example",
    "<http://evil.example>",
    "<img src=x onerror=alert(1)>",
    "http://evil.example/a?b=c",
    "www.evil.example",
    "# Heading",
    "Heading\n===",
    "Heading\n---",
    "a | b\n--- | ---\n1 | 2",
    "**bold** *em* __bold__ _em_ ~~gone~~ `code`",
    "> quote",
    "- item",
    "1. item",
    "1) item",
    "+ item",
    "```\ncode\n```",
    "[x](javascript:alert(1))",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x]( http://evil.example )",
    "[x](<http://evil.example>)",
    "[a](\nhttp://evil.example)",
    "\\[x](http://evil.example)",
    "\\\\[x](http://evil.example)",
    "[x\\](http://evil.example)",
    "!\\[x](http://evil.example)",
    "[![x](http://evil.example/p.png)](http://evil.example)",
    "HTTP://EVIL.EXAMPLE ftp://evil.example",
]
WORDS = st.lists(
    st.sampled_from([*PAYLOADS, "Ann", " ", "\n", "\n\n", "*", "_", "`", "[", "](", "!", "<", "\\"]), max_size=6
)


def kinds(text: str) -> set[str]:
    """What a Markdown program makes of a text, by name."""
    found: set[str] = set()
    tokens = list(PROGRAM.parse(text))
    while tokens:
        token = tokens.pop()
        found.add(token.type.split("_")[0].replace("bullet", "list").replace("ordered", "list"))
        tokens += token.children or []
    return found | ({"link"} if BARE.search(text) else set())


def links(text: str) -> set[str]:
    """Where the links and pictures of a text lead."""
    tokens, found = list(PROGRAM.parse(text)), set()
    while tokens:
        token = tokens.pop()
        if token.type in ("link_open", "image"):
            found.add(str(token.attrs.get("href") or token.attrs.get("src")))
        tokens += token.children or []
    return found | set(BARE.findall(text))


def read(text: str) -> str:
    """The text a reader sees, without the sign that nobody sees."""
    inline = "".join(t.content for token in PROGRAM.parse(text) for t in token.children or [] if t.type == "text")
    return inline.replace("\u2060", "")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_stands_in_data_is_text(payload: str) -> None:
    for around in ("{}", "- {}: 5 orders", "**Best:** {} leads.", "> {}"):
        shown = around.format(as_text(payload))
        assert kinds(shown) & HARMFUL <= kinds(around.format("Ann")), shown


@given(WORDS)
def test_no_mixture_of_signs_is_more_than_text(words: list[str]) -> None:
    text = "".join(words)
    assert not kinds(as_text(text)) & HARMFUL, text


@pytest.mark.parametrize(
    "text", ["Ann_Marie", "net_revenue", "O'Neil & Sons", "5 * 3 [new]", "#1 seller", "A&amp;B", "c:\\x"]
)
def test_it_reads_as_it_was_written(text: str) -> None:
    assert read(as_text(text)) == text


def test_names_of_fields_are_left_alone() -> None:
    for name in ("net_revenue", "at_risk", "2024-11-30T09:00:00+01:00", "Ann-Marie", "SET/6 (RED)", "12.5 %"):
        assert as_text(name) == name


@given(WORDS)
def test_links_lead_to_our_own_pages_only(words: list[str]) -> None:
    for target in links(own_links("".join(words))):
        assert target.startswith(("/", "#")), (words, target)
        assert not re.match(r"/[/\\%]", target)


def test_our_own_links_stay() -> None:
    text = "See [the mailbox](/mailbox), [above](#top) and **12 %** of `AIMA`.\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    assert own_links(text) == text


@given(st.randoms(use_true_random=False))
def test_hostile_text_is_text(draw: object) -> None:
    text = hostile(draw).encode(errors="replace").decode()  # type: ignore[arg-type]
    assert not kinds(as_text(text)) & {"link", "image", "heading", "table", "html"}
