"""Hostile names, cities and products in templates of every shape, through a real mail server.

What arrives is the message as it was made, every value escaped for its place and none of them read as a template.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from email import message_from_string, policy
from html import unescape
from uuid import UUID

import pytest

from connectors.channels.contract import Envelope, Message
from connectors.channels.email import CHANNEL as EMAIL
from connectors.channels.smtp.transport import SmtpTransport
from core.clock import utc_now
from language.one_line import one_line
from tests.hostile_text import hostile
from tests.mail_server import MailServer
from tools.campaigns.content import as_read, check, render
from tools.campaigns.payload import Content

SENDER, LINK = "Shop <shop@example.com>", "https://aima.example.com/u/token"
TAGS = (
    "{{ city }}", "{% if name %}", "{% endif %}", "{% for p in last_products %}{{ p }}{% endfor %}", "{name|x}",
    "{% include 'secrets' %}", "}}", "{{", "{%", "%}", "{{ name | upcase }}", "{% comment %}",
)  # fmt: skip
MARKUP = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='x", "</td></tr></table>",
    "javascript:alert(1)", "data:text/html,x", "]]>", "<!--", "-->", "\u202e\u2066", "👩‍👩‍👧", "&lt;b&gt;",
    "שלום", "مرحبا", "\x00\x1b[31m",
    "https://evil.example/", "=?utf-8?q?=3Cscript=3E?=", "\r\n.\r\n", "\n.\nQUIT\n",
)  # fmt: skip
TEMPLATES = (
    Content(
        subject="{first_name|there}, {{ city | default: 'hello' }}",
        preview_text="For {{ name }}",
        body_text="Dear {{ name }},\n{% if city %}in {{ city | upcase }}{% else %}where{% endif %}\n{first_name|you}",
        body_html='<p title="{{ name }}">Dear {{ name }}</p>'
        '<a href="https://shop.example.com/?c={{ city }}&amp;n={name|x}">'
        "{% if city %}<b>{{ city | truncate: 20 }}</b>{% endif %}</a>",
    ),
    Content(
        subject="=?utf-8?q?{{ name }}?= {city|x}",
        body_text="{% for product in last_products %}- {{ product }}\n{% endfor %}"
        "https://shop.example.com/{{ city }} {{ name }}",
        body_html="<table>{% for product in last_products %}<tr><td>{{ product }}</td></tr>{% endfor %}</table>"
        '<img src="https://shop.example.com/{{ name }}.png" alt="{{ city }}">',
    ),
    Content(
        subject="{% case name %}{% when 'Ann' %}Ann{% else %}{{ name | append: ', ' | append: city }}{% endcase %}",
        preview_text="{{ last_products | join: ' & ' }}",
        body_text="{{ name | replace: '<', '[' }} {{ city | downcase }} {% unless name contains 'x' %}y{% endunless %}",
    ),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    server = MailServer(tmp_path_factory.mktemp("mail") / "mail.log")
    yield server
    server.stop()


def value(draw: random.Random) -> str:
    """Something that is left of every bound and trimming: it begins with a letter."""
    parts = [draw.choice([hostile(draw), draw.choice(TAGS), draw.choice(MARKUP)]) for _ in range(draw.randint(1, 4))]
    text = "n" + "".join(parts)
    return text * (10_000 // len(text) + 1) if draw.random() < 0.05 else text


def made(content: Content, values: dict[str, object], number: int) -> Message:
    rendered = render(content, values, EMAIL, sender=SENDER, unsubscribe=LINK)
    return EMAIL.compose(rendered, Envelope(UUID(int=number), SENDER, f"c{number}@example.com", LINK, utc_now()))


def drawn(seed: int) -> tuple[Content, dict[str, object], Message]:
    draw = random.Random(seed)
    content = as_read(TEMPLATES[seed % len(TEMPLATES)])
    values: dict[str, object] = {name: value(draw) for name in ("name", "first_name", "city")}
    values["last_products"] = [value(draw), value(draw)]
    return content, values, made(content, values, seed)


def check_arrival(raw: str, message: Message) -> None:
    arrived = message_from_string(raw.replace("\r\n", "\n"), policy=policy.default)
    for kind, sent in (("plain", message.text), ("html", message.html)):
        part = arrived.get_body((kind,))
        assert part is not None
        assert part.get_content().replace("\r\n", "\n").rstrip("\n") == str(sent).rstrip("\n")


def check_escaping(content: Content, values: dict[str, object], message: Message) -> None:
    """The markup is that of the template: its quotation marks and angle brackets, no more and no fewer."""
    plain = made(content, {name: "n" if isinstance(v, str) else ["n", "n"] for name, v in values.items()}, 1)
    html = str(message.html)
    if content.body_html:  # made from a text, addresses in values become links to these addresses
        assert [html.count(mark) for mark in '<>"'] == [str(plain.html).count(mark) for mark in '<>"']
    assert "<script" not in html
    assert "onerror=alert(1)>" not in html
    assert html.count("</table>") == str(plain.html).count("</table>")
    name = one_line(str(values["name"])[:300])
    if content is TEMPLATES[0] or "Dear {{ name }}" in content.body_text:
        assert f"Dear {name}," in message.text
        assert f"Dear {name}</p>" in unescape(html)


def send(server: MailServer, channel: SmtpTransport, seeds: range) -> None:
    before = len(server.lines())
    drafts = [drawn(seed) for seed in seeds]
    for _, _, message in drafts:
        channel.deliver(message, lambda: None)
    lines = server.lines()[before:]
    assert [line["to"] for line in lines] == [[message.address] for _, _, message in drafts]
    for line, (content, values, message) in zip(lines, drafts, strict=True):
        check_arrival(line["content"], message)
        check_escaping(content, values, message)


@pytest.mark.parametrize("content", TEMPLATES)
def test_the_templates_are_fit_to_be_proposed(content: Content) -> None:
    check(content, EMAIL)
    check(as_read(content), EMAIL)


def test_hostile_values_arrive_as_they_were_shown(server: MailServer, channel: SmtpTransport) -> None:
    send(server, channel, range(150))


@pytest.mark.slow
def test_thousands_of_hostile_values_arrive_as_they_were_shown(server: MailServer, channel: SmtpTransport) -> None:
    send(server, channel, range(150, 9_000))
