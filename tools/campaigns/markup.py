"""The HTML of a message: what is not known to be harmless in an email is left out, what nobody means is refused."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from language.merge.pieces import Piece
from language.merge.places import marked, restored

__all__ = ["Markup", "harmless", "marked_clean"]

FORBIDDEN_TAGS = ("script", "iframe", "object", "embed", "form", "input", "base", "meta", "link")

_STRUCTURE = "div p span br hr h1 h2 h3 h4 h5 h6 ul ol li blockquote pre center"
_WORDS = "a b strong i em u s small sub sup code font"
_TABLES = "table caption thead tbody tfoot tr th td"
_TAGS = frozenset(f"{_STRUCTURE} {_WORDS} {_TABLES} img".split())
_EVERYWHERE = frozenset({"style", "title", "lang", "dir", "align", "role"})
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": frozenset({"href", "target"}),
    "img": frozenset({"src", "alt", "width", "height", "border"}),
    "font": frozenset({"color", "face", "size"}),
    "table": frozenset({"width", "height", "border", "cellpadding", "cellspacing", "bgcolor"}),
    "tr": frozenset({"bgcolor", "valign"}),
    "th": frozenset({"width", "height", "bgcolor", "valign", "colspan", "rowspan"}),
    "td": frozenset({"width", "height", "bgcolor", "valign", "colspan", "rowspan"}),
}
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
# Properties that can name no address: nothing is fetched, and nothing lies over the rest of a page.
_BOX = "width max-width min-width height max-height min-height display vertical-align float clear"
_EDGES = "top right bottom left"
_LETTERS = (
    "color background-color font font-family font-size font-style font-weight line-height letter-spacing word-spacing"
    " text-align text-decoration text-transform text-indent white-space direction overflow opacity"
)
_FRAMES = "border border-color border-style border-width border-radius border-collapse border-spacing"
_STYLES = frozenset(
    [*_BOX.split(), *_LETTERS.split(), *_FRAMES.split(), "padding", "margin"]
    + [f"{edge}-{side}" for edge in ("padding", "margin", "border") for side in _EDGES.split()]
)


MOST_UNCLOSED = 100
_UNCLOSED = re.compile(r"<[a-zA-Z/!?][^<>]*(?=<)")
_COMPUTED = re.compile(r"(?i)url|expression|import|script|binding|\\|/\*|<|(?<!rgb)(?<!rgba)(?<!hsl)(?<!hsla)\(")


def harmless(html: str) -> str:
    """`html` with the tags, attributes, links and styles that mail programs and pages show without harm, and no other.

    Merge fields and tags of the merge language stay as they are. What was harmless already comes out the same however
    often it is asked for.
    """
    return restored(*marked_clean(html))


def marked_clean(html: str) -> tuple[str, list[Piece]]:
    """The same with a mark in place of each piece of the merge language, and the pieces."""
    import nh3

    skeleton, pieces = marked(html)
    clean = nh3.clean(
        skeleton,
        tags=set(_TAGS),
        clean_content_tags={"script", "style", "noscript", "template", "math", "svg", "title"},
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes=set(_SCHEMES),
        attribute_filter=_plain_style,
        filter_style_properties=set(_STYLES),
        link_rel="noopener noreferrer",
        strip_comments=False,  # a tag of the merge language is one; others are left out beside
    )
    return clean, pieces


def _plain_style(_tag: str, name: str, value: str) -> str | None:
    """A style whose values are words, numbers and colours: none is computed, and none names an address."""
    return None if name == "style" and _COMPUTED.search(value) else value


class Markup(HTMLParser):
    """What HTML written from outside contains that a message must not, and where it links to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.links: list[str] = []
        if len(_UNCLOSED.findall(html)) > MOST_UNCLOSED:  # each of them is looked for to the end of the text
            self.problems.append("the HTML has tags that are not closed: > is missing")
            return
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in FORBIDDEN_TAGS:
            self.problems.append(f"<{tag}> is not allowed in a message")
        for name, value in attrs:
            self._attribute(name, (value or "").strip())

    def _attribute(self, name: str, value: str) -> None:
        if name.startswith("on"):
            self.problems.append(f"the attribute {name} is not allowed in a message")
        if name not in ("href", "src", "action", "background", "srcset", "formaction", "poster"):
            return
        if value.lower().startswith(("http://", "https://")):
            self.links.append(value)
        elif name != "href" or not value.lower().startswith(("mailto:", "tel:", "#")):
            self.problems.append(f"{name} must start with https:// (given: '{value[:60]}')")
