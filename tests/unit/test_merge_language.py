"""The merge language: what a template may say, what it says for whom, and what is refused, with its place."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from liquid import Environment

from connectors.channels.email import CHANNEL as EMAIL
from connectors.channels.sms import CHANNEL as SMS
from core.conventions import Conventions, following
from core.errors import FixArguments
from language.merge.filters import FILTERS
from tests.hostile_text import hostile
from tools.campaigns.content import as_read, check, render
from tools.campaigns.merging import fields_needed, fields_of
from tools.campaigns.payload import Content

VALUES: dict[str, Any] = {
    "first_name": "Ada",
    "last_name": None,
    "name": "Ada L",
    "country": "Germany",
    "city": None,
    "customer_id": "17",
    "last_order": date(2026, 3, 9),
    "days_since_last_order": 84,
    "orders": 1_200,
    "total_spent": Decimal("1234.5000"),
    "last_products": ["Blue mug", "Tea <pot>"],
    "favourite_category": "Kitchen",
    "shop": "Mug & Shop",
    "today": date(2026, 6, 1),
    "currency": "GBP",
}


def content(body: str = "Hello", html: str | None = None, subject: str = "News") -> Content:
    return Content(subject=subject, body_text=body, body_html=html)


def text(body: str, **values: Any) -> str:
    rendered = render(content(body), VALUES | values, EMAIL, sender="s", unsubscribe="u")
    return rendered.text.partition("\n\n--\n")[0]


def html(body: str, **values: Any) -> str:
    rendered = render(content(html=body), VALUES | values, EMAIL, sender="s", unsubscribe="u")
    return rendered.html.split('color:#18181b">\n', 1)[1].split("\n</td></tr>\n<tr>", 1)[0]


def refusal(body: str = "Hello", html: str | None = None, subject: str = "News", channel: Any = EMAIL) -> str:
    with pytest.raises(FixArguments) as error:
        check(content(body, html, subject), channel)
    return error.value.message


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{first_name|there}", "Ada"),
        ('{city|it\'s "home"}', 'it\'s "home"'),
        ("{ city | 100 % }", "100 %"),
        ("{city|}!", "!"),
        ('{{ first_name | default: "there" }}', "Ada"),
        ('{{ city | default: "your town" }}', "your town"),
        ("{{ city | upcase | default: first_name }}", "Ada"),
        ("{{ city | prepend: ' in ' | default: '' }}!", "!"),
        ("{{ country | prepend: ' in ' | default: '' }}!", " in Germany!"),
        ('{% if country == "Germany" %}Hallo{% else %}Hello{% endif %}', "Hallo"),
        ('{% if country == "France" %}Salut{% elsif orders > 1000 %}Hi{% else %}Hello{% endif %}', "Hi"),
        ('{% unless country == "Germany" %}a{% else %}b{% endunless %}', "b"),
        ('{% case country %}{% when "Austria", "Germany" %}Servus{% else %}Hello{% endcase %}', "Servus"),
        ('{% case city %}{% when "Ulm" or "Bonn" %}a{% else %}b{% endcase %}', "b"),
        ("{% if city %}in {{ city }}{% else %}nowhere{% endif %}", "nowhere"),
        ("{% if city == blank %}x{% endif %}{% if city != nil %}y{% endif %}", "x"),
        ("{% if city > 'A' or orders < 3 %}x{% else %}y{% endif %}", "y"),
        ("{% for product in last_products %}- {{ product }}\n{% endfor %}", "- Blue mug\n- Tea <pot>"),
        (
            "{% for p in last_products limit: 1 %}{{ forloop.index }}{{ p }}{% unless forloop.last %},{% endunless %}"
            "{% endfor %}",
            "1Blue mug",
        ),
        (
            "{% for p in last_products %}{{ p }}{% unless forloop.last %}, {% endunless %}{% endfor %}",
            "Blue mug, Tea <pot>",
        ),
        (
            "{{ last_products }} {{ last_products | size }} {{ last_products | last }}",
            "Blue mug, Tea <pot> 2 Tea <pot>",
        ),
        ('{{ last_products | join: " and " }}', "Blue mug and Tea <pot>"),
        ("{{ total_spent }}, {{ orders }} orders", "£1,234.50, 1,200 orders"),
        ("{{ total_spent | times: 0.05 | round }} points", "62 points"),
        (
            "{{ orders | divided_by: 7 }} {{ orders | divided_by: 7.0 }} {{ orders | plus: 1 }} {{ orders | money }}",
            "171 171.43 1,201 £1,200.00",
        ),
        ("{{ last_order }}; {{ last_order | date: '%A %-d %B %Y' }}", "9 March 2026; Monday 9 March 2026"),
        ("{% if last_order < '2026-04-01' and today >= \"2026-06-01\" %}x{% endif %}", "x"),
        ("{% if total_spent >= 1234.5 %}gold{% endif %}", "gold"),
        ("{% if last_products contains 'Blue mug' and first_name contains 'd' %}x{% endif %}", "x"),
        (
            "{{ first_name | upcase }} {{ first_name | downcase | capitalize }} {{ name | truncate: 4, '…' }}",
            "ADA Ada Ada…",
        ),
        ("{{ name | replace: 'L', 'Lovelace' | remove: 'Ada ' | append: '!' }}", "Lovelace!"),
        ("a {%- if orders -%}  b  {%- endif -%} c", "abc"),
        ("a{% comment %} {{ nobody }} {% if %} {% endcomment %}b", "ab"),
        ("{{ first_name }}{% if city %}\n{% endif %}", "Ada"),
        (
            "{% if orders %}0 holds, as in Liquid{% endif %}{% if city or last_name %}x{% endif %}",
            "0 holds, as in Liquid",
        ),
    ],
)
def test_what_a_template_says(template: str, said: str) -> None:
    assert check(content(template), EMAIL) == []
    assert text(template, **({"orders": 0} if "0 holds" in template else {})) == said


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("Dear {{ frist_name }}", "did you mean {first_name}"),
        ("a\nb {{ password }}", "unknown merge field {password}; there are first_name"),
        ("a\nb {{ password }}", "(body, line 2)"),
        ("{{ customer.name }}", "unknown merge field {customer.name}"),
        ("{{ first_name | upcased }}", "unknown filter 'upcased' (did you mean upcase?)"),
        ("{{ first_name | default }}", "default takes one argument"),
        ("{{ first_name | truncate: 'x' }}", "the filter truncate takes a number there"),
        ("{{ first_name | plus: 1 }}", "the filter plus works on a number or an amount, and gets text"),
        ("{{ orders | divided_by: 0 }}", "nothing can be divided by 0"),
        ("{{ last_order | date: '%9999999d' }}", "%9 is no part of a date"),
        ("{{ last_order | date: country }}", "the form of a date stands in quotes"),
        ("{{ first_name | date: '%d' }}", "the filter date works on a day, and gets text"),
        ("{{ first_name | truncate: length: 3 }}", "takes no named arguments"),
        ("{{ first_name | }}", "{{ first_name | }} cannot be read"),
        ("{{ }}", "{{ }} says nothing"),
        ("{{ nil }}", "shows nothing"),
        ("one\n\n{% if city %}x", "{% if %} is not closed: {% endif %} is missing (body, line 3)"),
        ("{% endif %}", "{% endif %} closes or continues nothing"),
        ("{% if city %}{% for p in last_products %}{% endif %}", "{% endif %} stands inside of {% for %} of line 1"),
        ("{% if city %}{% else %}{% else %}{% endif %}", "{% else %} comes last"),
        ("{% if city %}{% else %}{% elsif name %}{% endif %}", "{% else %} comes last"),
        ("{% iff city %}{% endif %}", "{% iff %} is not known (did you mean {% if %}?)"),
        ("{% include 'x' %}", "nothing is read from elsewhere"),
        ("{% render 'x' %}", "nothing is read from elsewhere"),
        ("{% assign x = 1 %}", "{% assign %} is not allowed"),
        ("{% if orders > '3' %}{% endif %}", "a number is compared with text: texts stand in quotes, numbers do not"),
        ("{% if country = 'Germany' %}{% endif %}", "found '=', and to compare is '=='"),
        ("{% if not city %}{% endif %}", "there is no 'not', but {% unless %} and '!='"),
        ("{% if %}{% endif %}", "says nothing"),
        ("{% if last_order < 'soon' %}{% endif %}", '"soon" is no day'),
        ("{% if orders contains 'x' %}{% endif %}", "a text or a list contains a text"),
        ("{% if last_products > first_name %}{% endif %}", "a list is compared with text"),
        ("{% if last_products > last_products %}{% endif %}", "are more or less"),
        ("{% for i in (1..1000000000) %}x{% endfor %}", "a loop goes through a list"),
        ("{% for i in name %}x{% endfor %}", "a loop goes through a list"),
        ("{% for p in last_products %}{{ q }}{% endfor %}", "unknown merge field {q}"),
        ("Dear {{ first_name }", "curly bracket is not closed"),
        ("Dear {% if city }", "curly bracket is not closed"),
        ("https://{{ city }}.example.com/", "would decide where a link leads"),
        ("https://shop.example.com@{city|x}/", "would decide where a link leads"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_place(template: str, said: str) -> None:
    assert said in refusal(template)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{% if city %}" * 9 + "{% endif %}" * 9, "more than 8 blocks"),
        (
            "{% for a in last_products %}" * 3 + "x" + "{% endfor %}" * 3,
            "more than 2 loops stand inside of each other",
        ),
        ("{{ first_name | append: '" + "x" * 500 + "' }}", "500 are the limit"),
        ("{{ customer_id }}" * 501, "501 merge fields and tags"),
        ("{% for a in last_products %}" + "x" * 6_000 + "{% endfor %}", "the body grows beyond 52,000 characters"),
        ("{% for a in last_products %}{% for b in last_products %}{{ a }}{{ b }}{{ name }}{% endfor %}{% endfor %}" * 4,
         "the body grows beyond 52,000 characters"),
        ("{{ first_name | replace: 'e', 'eeeeeeeeeeeeeeeeeeee' | replace: 'e', 'eeeeeeeeeeeeeeeeeeeeeeeeee' }}" * 40,
         "the body grows beyond 52,000 characters"),
        ("{% if " + "(" * 400 + "city %}{% endif %}", "too many brackets"),
        ("{{ city" + "[city" * 6 + "]" * 6 + " }}", "too many brackets"),
        ("{" * 30_000, "curly bracket"),
        ("{{" * 20_000 + "}}", "curly bracket"),
        ("{% if a %}" * 4_000, "4,000 merge fields and tags"),
        ("x" * 50_001, "50,000 are the limit"),
        ("http://" * 7_000, "complete link"),
    ],
)  # fmt: skip
def test_what_is_without_bounds_is_refused_at_once(template: str, said: str) -> None:
    assert said in refusal(template)


def test_an_sms_does_not_grow_beyond_its_bounds_either() -> None:
    body = "{{ last_products }}" * 30
    assert "the body grows beyond 3,400 characters" in refusal(body, subject="", channel=SMS)


@pytest.mark.parametrize(
    ("template", "needed"),
    [
        ("{{ city }} {name}", {"city", "name"}),
        ("{{ city | default: 'x' }} {name|}", set()),
        ("{{ city | default: name }}", {"name"}),
        ("{{ first_name | append: last_name }}", {"first_name", "last_name"}),
        ("{% if city %}{{ city }}{% endif %}", set()),
        ("{% if city %}{{ city }}{% else %}{{ name }}{% endif %}", {"name"}),
        ("{% if city == blank %}x{% else %}{{ city }}{% endif %}", set()),
        ("{% if city != nil %}{{ city }}{% endif %}", set()),
        ("{% unless city %}x{% else %}{{ city }}{% endunless %}", set()),
        ("{% if city and name %}{{ city }}{{ name }}{% endif %}", set()),
        ("{% if city or name %}{{ city }}{% endif %}", {"city"}),
        ("{% if country == 'Germany' %}{{ city }}{{ country }}{% endif %}", {"city"}),
        ("{% if country != 'Germany' %}{{ country }}{% endif %}", {"country"}),
        ("{% if country != 'Germany' %}x{% else %}{{ country }}{% endif %}", set()),
        ("{% if orders > 3 %}{{ orders }}{% endif %}", set()),
        ("{% case country %}{% when 'Germany' %}{{ country }}{% else %}{{ country }}{% endcase %}", {"country"}),
        ("{% if name contains 'x' %}{{ name }}{% elsif city %}{{ city }}{% else %}{{ shop }}{% endif %}", {"shop"}),
        ("{% for p in last_products %}{{ p }}{% endfor %}", set()),
        ("{% for p in last_products %}{{ last_products | first }}{{ city }}{% endfor %}", {"city"}),
        ("{{ last_products | first }}", {"last_products"}),
    ],
)
def test_what_everybody_must_have_is_known_beforehand(template: str, needed: set[str]) -> None:
    assert fields_needed(content(template)) == needed
    draw = random.Random(template)
    for _ in range(60):  # whoever has these: nothing is missing, whatever else is
        known = {name: draw.choice([None, value]) for name, value in PRESENT.items() if name not in needed}
        known |= {"country": draw.choice(["Germany", "France", None])} if "country" not in needed else {}
        text(template, **({name: PRESENT[name] for name in needed} | known))


PRESENT = VALUES | {"city": "Ulm", "last_name": "L"}


def test_whoever_lacks_what_is_needed_gets_no_message() -> None:
    for template in ("{{ city }}", "{% if orders > 3 %}{{ city }}{% endif %}", "{{ name | append: city }}"):
        with pytest.raises(FixArguments, match=r"city.*no default"):
            text(template, city=None)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("<p title=\"{{ name }}\">{{ name }}</p>", '<p title="A&quot; &lt;b&gt; &amp;">A&quot; &lt;b&gt; &amp;</p>'),
        (
            "<a href='https://x.org/a?c={{ name }}&amp;d=1'>x</a>",
            '<a href="https://x.org/a?c=A%22%20%3Cb%3E%20%26&amp;d=1" rel="noopener noreferrer">x</a>',
        ),
        ("<p>{% if orders > 3 && %}x{% endif %}</p>", None),
        ("<p>{% if orders &gt; 3 %}{{ city | default: &quot;a &amp; b&quot; }}{% endif %}</p>", "<p>a &amp; b</p>"),
        ('<a href="https://x.org/{{ city | default: "a b" }}">x</a>',
         '<a href="https://x.org/a%20b" rel="noopener noreferrer">x</a>'),
        (
            "<table>{% if country == 'Germany' %}<tr><td>{{ name }}</td></tr>{% endif %}</table>",
            "<table><tbody><tr><td>A&quot; &lt;b&gt; &amp;</td></tr></tbody></table>",
        ),
        (
            "<ul>{% for p in last_products %}<li>{{ p }}</li>{% endfor %}</ul>",
            "<ul><li>Blue mug</li><li>Tea &lt;pot&gt;</li></ul>",
        ),
        ("<p>a<!-- {{ nobody }} -->b</p>", "<p>ab</p>"),
        ("<p>{{ total_spent }} {{ 'a < b' }}</p>", "<p>£1,234.50 a &lt; b</p>"),
    ],
)  # fmt: skip
def test_in_html_every_value_is_escaped_for_its_place(template: str, said: str | None) -> None:
    if said is None:
        assert "cannot be read" in refusal(html=template)
        return
    assert check(content(html=template), EMAIL) == []
    kept = as_read(content(html=template))
    assert as_read(kept) == kept
    assert html(str(kept.body_html), name='A" <b> &') == said
    assert html(template, name='A" <b> &') == said


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("<a href='{{ name }}'>x</a>", "href must start with https://"),
        ("<a href='java{{ name }}script:x'>x</a>", "href must start with https://"),
        ("<a href='https://{{ name }}/x'>x</a>", "https://{{ name }}/x is not a complete link"),
        ("<a href='https://x.org@{name|y}/'>x</a>", "https://x.org@{name|y}/ is not a complete link"),
        ("<a href='https://x.org:{name|y}'>x</a>", "{name|y} stands where the HTML of a message cannot have it"),
        ("<img src='{% if name %}https://x.org/a.png{% endif %}'>", "src must start with https://"),
        ("<a href='https://x.org/{% if name %}a{% endif %}'>x</a>", "stands inside of an HTML tag or a link"),
        ("<p style='color:{{ name }}'>x</p>", "stands in a style"),
        ("<div>{% if name %}</div><div>{% endif %}</div>", "begins in one HTML element and ends in another"),
        (
            "{% if name %}<table><tr><td>{% endif %}x</td></tr></table>",
            "begins in one HTML element and ends in another",
        ),
        ("{% if name %}<b>{% else %}</b>{% endif %}", "begins in one HTML element and ends in another"),
        ("<p>\n\n{{ nobody }}</p>", "(HTML body, line 3)"),
        ("<p>{{ name }</p>", "curly bracket"),
    ],
)
def test_html_that_would_harm_is_refused(template: str, said: str) -> None:
    assert said in refusal(html=template)


def test_what_a_person_writes_in_the_preview_is_text() -> None:
    shown = content().model_copy(update={"preview_text": "<img src=x> {name|}"})
    assert "&lt;img src=x&gt; A &lt;" in render(shown, {"name": "A <"}, EMAIL, sender="s", unsubscribe="u").html


def test_a_link_of_plain_text_stays_one() -> None:
    body = "https://x.org/?c={{ name }}&d={city|New York}. {{ name }}"
    assert text(body, name="A & B") == "https://x.org/?c=A%20%26%20B&d=New%20York. A & B"


def test_values_are_written_as_the_organisation_writes_them() -> None:
    with following(Conventions(formats="en-US")):
        assert text("{{ last_order }} {{ total_spent }}", currency="USD") == "March 9, 2026 $1,234.50"
    assert text("{{ total_spent }}", currency="SEK") == "1,234.50 SEK"


def test_a_value_is_never_a_template() -> None:
    odd = "{{ city }}{% if name %}{name|x}{% endif %}{% for p in last_products %}"
    assert text("{{ first_name }}", first_name=odd) == odd
    assert "{{ city }}{% if name %}{name|x}" in html("<p>{{ first_name }}</p>", first_name=odd)


CONDITIONS = ("country == 'Germany'", "orders > 3", "name contains 'A'", "city", "shop != 'x' and orders < 5", "1 == 1")
FILTERED = ("{{ name | upcase }}", "{{ name | truncate: 7 }}", "{{ country | append: '!' | downcase }}", "{{ shop }}",
            "{{ name | replace: 'A', 'B' }}", "{{ city | default: 'x' }}", "{{ name | truncatewords: 1 }}",
            "{{ last_products | join: '; ' }}", "{{ last_products | first | capitalize }}",
            "{{- name -}}")  # fmt: skip


def composed(draw: random.Random, depth: int = 0, loops: int = 0) -> str:
    part = draw.random()
    if part < 0.3 or depth > 3:
        return draw.choice([" a\n", "b ", *FILTERED])
    looped = 0.7 <= part < 0.8 and loops < 2
    inside, other = composed(draw, depth + 1, loops + looped), composed(draw, depth + 1, loops)
    asked = draw.choice(CONDITIONS)
    if part < 0.5:
        return f"{{% if {asked} %}}{inside}{{% elsif {draw.choice(CONDITIONS)} %}}b{{% else %}}{other}{{% endif %}}"
    if part < 0.6:
        return f"{{% unless {asked} -%}} {inside} {{%- endunless %}}"
    if part < 0.7:
        return f"{{% case country %}}{{% when 'x', 'Germany' %}}{inside}{{% else %}}{other}{{% endcase %}}"
    if looped:
        return f"{{% for p in last_products limit: {draw.randint(1, 3)} %}}{{{{ p }}}}{inside}{{% endfor %}}"
    return inside + other


def test_it_is_liquid() -> None:
    """What python-liquid itself makes of a template of the language is what we make of it."""
    whole = Environment()
    for seed in range(400):
        template = composed(random.Random(seed))
        known = {"name": "Ada Lovelace", "country": random.Random(seed).choice(["Germany", "Spain"]), "city": None,
                 "orders": seed % 7, "shop": "Mug", "last_products": ["b c", "d"]}  # fmt: skip
        assert text(f"|{template}|", **known) == whole.from_string(f"|{template}|").render(**known).rstrip(), template


@settings(deadline=None)
@given(st.text(max_size=120))
def test_no_text_breaks_the_reader(body: str) -> None:
    for written in (
        body,
        f"{{{{ {body} }}}}",
        f"{{% {body} %}}",
        f"{{% if {body} %}}x{{% endif %}}",
        f"{{name|{body}}}",
    ):
        try:
            check(Content(subject="s", body_text=f"x{written}", body_html=f"<p>{written}</p>"), EMAIL)
        except FixArguments:
            continue


def test_hostile_values_stay_where_they_are_put() -> None:
    template = '<p title="{{ name }}">{{ name }}</p><a href="https://x.org/?a={{ name }}">{{ city }}</a>'
    plain = html(template, name="N", city="C").count("<")
    for seed in range(300):
        draw = random.Random(seed)
        made = html(template, name=f"n{hostile(draw)}", city=f"c{hostile(draw)}")
        assert made.count("<") == plain
        assert made.count('"') == html(template, name="N", city="C").count('"')


def test_every_field_and_filter_can_be_used() -> None:
    assert fields_of(content("".join(f"{{{{ {name} }}}}" for name in VALUES if name != "currency"))) == {*VALUES} - {
        "currency"
    }
    assert set(FILTERS) >= {"default", "upcase", "downcase", "capitalize", "truncate", "date", "money"}
