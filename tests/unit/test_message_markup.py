"""HTML of messages: what is not on the list of what is harmless does not get through, whatever it looks like."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.channels.email import CHANNEL as EMAIL
from core.errors import FixArguments
from tools.campaigns.content import as_read, render
from tools.campaigns.content import check as check_content
from tools.campaigns.markup import harmless
from tools.campaigns.payload import Content

HARMFUL = [
    "<style>body{background:url(http://evil.example)}</style>",
    '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
    '<p style="background:url(javascript:alert(1))">x</p>',
    '<p style="position:fixed;top:0;left:0;background-image:url(http://evil.example)">x</p>',
    "<scr<script>ipt>alert(1)</script>",
    "<svg><script>alert(1)</script></svg>",
    '<svg onload="alert(1)">',
    '<img src=x onerror="alert(1)">',
    '<img src="data:text/html,<script>alert(1)</script>">',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="vbscript:x">x</a>',
    '<base href="http://evil.example">',
    '<meta http-equiv="refresh" content="0;url=http://evil.example">',
    '<form action="http://evil.example"><input name=p></form>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    '<template><img src=x onerror="alert(1)"></template>',
    '<a href="https://x.example" onclick="alert(1)">x</a>',
    '<div style="width:expression(alert(1))">x</div>',
    "<!--[if mso]><script>alert(1)</script><![endif]-->",
    '<p style="color:red;-moz-binding:url(http://evil.example)">x</p>',
    "</td></tr></table></body></html><script>alert(1)</script>",
]  # fmt: skip
MAIL = (
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" bgcolor="#ffffff"><tbody><tr>'
    '<td align="center" valign="top" style="padding:16px;font-size:16px;color:#18181b"><h1>Hello {name|there}</h1>'
    '<p>Look: <a href="https://shop.example.com/new?a=1&amp;b={city|x}" target="_blank" rel="noopener noreferrer">'
    'new</a> <b>now</b><br><img src="https://shop.example.com/a.png" alt="A" width="600"></p></td></tr></tbody></table>'
)


class Found(HTMLParser):
    """Tags and attributes of a text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, (value or "").lower()) for name, value in attrs]


def check(html: str) -> None:
    found = Found(html)
    wrong = {"script", "style", "iframe", "object", "embed", "form", "input", "base", "meta", "link", "svg", "math"}
    assert not found.tags & wrong, html
    for name, value in found.attributes:
        assert not name.startswith("on"), html
        assert name not in ("srcdoc", "xlink:href", "formaction", "background"), html
        if name in ("href", "src"):
            assert value.split(":")[0] in ("http", "https", "mailto", "tel") or ":" not in value, html
        if name == "style":
            assert not [word for word in ("url(", "expression", "position", "binding", "import") if word in value], html


@pytest.mark.parametrize("html", HARMFUL)
def test_what_could_do_harm_is_left_out(html: str) -> None:
    for text in (html, f"<p>{html}</p>", f"<td>{html}", html.upper(), html + html):
        check(harmless(text))
        assert "<!--" not in harmless(text)


def test_mail_as_people_write_it_stays_as_it_is() -> None:
    assert harmless(MAIL) == MAIL.replace("; ", ";")
    assert harmless(harmless(MAIL)) == harmless(MAIL)


@given(st.lists(st.sampled_from([*HARMFUL, "<", ">", '"', "'", "<p", "<!--", "-->", "&lt;", "</p>", "x"]), max_size=5))
def test_no_mixture_gets_through(parts: list[str]) -> None:
    once = harmless("".join(parts))
    check(once)
    assert harmless(once) == once


@pytest.mark.parametrize("html", HARMFUL)
def test_neither_what_is_approved_nor_what_is_sent_holds_it(html: str) -> None:
    content = Content(subject="Hi", body_text="Hi", body_html=f"<p>Hi</p>{html}")
    check(str(as_read(content).body_html))
    rendered = render(content, {}, EMAIL, sender="s@example.com", unsubscribe="https://x.example/u/t")
    inside = rendered.html.split('color:#18181b">\n', 1)[1].split("</td></tr>\n<tr>", 1)[0]
    check(inside)


@pytest.mark.parametrize("part", ["<b ", "<b {name|x}", "<a href='", "<!", "</b "])
def test_tags_without_an_end_are_refused_without_reading_on(part: str) -> None:
    content = Content(subject="Hi", body_text="Hi", body_html=part * (190_000 // len(part)))
    with pytest.raises(FixArguments, match=r"not closed: > is missing"):
        check_content(content, EMAIL)
