"""Merge fields, checks and rendering of messages; signed unsubscribe tokens."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.channels.email import CHANNEL as EMAIL
from connectors.channels.sms import CHANNEL as SMS
from core.errors import FixArguments
from core.settings import Settings
from tools.campaigns.content import BANNED_CLAIMS, check, render, unresolved
from tools.campaigns.merging import fields_needed, fields_of
from tools.campaigns.payload import Content, content_hash
from tools.campaigns.unsubscribe import base_url, read_token, signing_key, unsubscribe_token

VALUES = {"first_name": "Ada", "name": "Ada L", "country": "UK", "city": None, "customer_id": "17"}
KEY = b"a key for tests"


def content(**changes: str | None) -> Content:
    fields = {
        "subject": "Hello {first_name|there}",
        "body_text": "Dear {first_name|friend},\n\nlook: https://x.org/a?b=1&c=2",
    }
    return Content.model_validate(fields | changes)


def test_rendering_fills_in_and_adds_the_way_out() -> None:
    rendered = render(content(), VALUES, EMAIL, sender="Shop <s@example.com>", unsubscribe="https://x.org/u/t")
    assert rendered.subject == "Hello Ada"
    assert rendered.text.startswith("Dear Ada,\n\nlook: https://x.org/a?b=1&c=2\n\n--\n")
    assert rendered.text.endswith("Unsubscribe: https://x.org/u/t\n")
    assert '<a href="https://x.org/a?b=1&amp;c=2">' in rendered.html
    assert '<a href="https://x.org/u/t"' in rendered.html
    assert "Shop &lt;s@example.com&gt;" in rendered.html


def test_defaults_stand_in_for_missing_values() -> None:
    rendered = render(content(body_text="{city|your town}!"), VALUES, EMAIL, sender="s", unsubscribe="u")
    assert rendered.text.startswith("your town!")
    with pytest.raises(FixArguments, match="city"):
        render(content(body_text="{city}!"), VALUES, EMAIL, sender="s", unsubscribe="u")


def test_values_are_data_never_markup() -> None:
    values = {**VALUES, "first_name": "<script>alert(1)</script>\r\nBcc: x@example.com {name}"}
    rendered = render(
        content(body_html='<p title="{first_name}">{first_name}</p>'), values, EMAIL, sender="s", unsubscribe="u"
    )
    assert "<script>" not in rendered.html
    assert "\n" not in rendered.subject
    assert "\r" not in rendered.subject
    assert "{name}" in rendered.text  # a value is not a template


@given(st.text(max_size=200))
def test_no_value_breaks_out_of_html(value: str) -> None:
    rendered = render(content(body_html="<b>{name|-}</b>"), {"name": value}, EMAIL, sender="s", unsubscribe="u")
    inside = rendered.html.split("<b>", 1)[1].rsplit("</b>", 1)[0]
    assert not {"<", ">", '"'} & set(inside)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject": "  "}, "subject is empty"),
        ({"body_text": "\n"}, "body is empty"),
        ({"subject": "a\nb"}, "line break"),
        ({"subject": "x" * 151}, "151 characters"),
        ({"preview_text": "x" * 151}, "preview text"),
        ({"body_text": "Dear {frist_name}"}, "did you mean {first_name}"),
        ({"body_text": "Dear {password|x}"}, "unknown merge field {password}"),
        ({"body_text": "Dear {first_name"}, "curly bracket"),
        ({"body_text": "go to javascript://x"}, "javascript://"),
        ({"body_text": "go to https://shop/sale now"}, "not a complete link"),
        ({"body_html": "<script>x</script>"}, "<script>"),
        ({"body_html": "<p onclick='x'>y</p>"}, "onclick"),
        ({"body_html": "<a href='javascript:x'>y</a>"}, "href must start"),
        ({"body_html": "<img src='data:image/png;base64,x'>"}, "src must start"),
        ({"body_html": "<form action='https://x.org'></form>"}, "<form>"),
    ],
)
def test_unfit_content_is_refused_with_the_reason(changes: dict[str, str], said: str) -> None:
    with pytest.raises(FixArguments) as error:
        check(content(**changes), EMAIL)
    assert said in error.value.message


@pytest.mark.parametrize("claim", BANNED_CLAIMS)
def test_banned_claims_are_found_in_any_case_and_across_lines(claim: str) -> None:
    with pytest.raises(FixArguments, match="claim"):
        check(content(body_text="this is " + claim.upper().replace(" ", "\n")), EMAIL)


def test_all_problems_are_said_at_once() -> None:
    with pytest.raises(FixArguments) as error:
        check(content(subject="", body_text="{x}"), EMAIL)
    assert "subject is empty" in error.value.message
    assert "{x}" in error.value.message


def test_fair_content_passes_with_advice() -> None:
    assert check(content(), EMAIL) == []
    assert len(check(content(subject="A SUBJECT " * 8, body_text="see http://x.org"), EMAIL)) == 3


def test_a_channel_of_short_texts_has_neither_subject_nor_html() -> None:
    said = content(subject="", body_html=None)
    assert check(said, SMS) == []
    assert check(content(), SMS) == ["SMS has no subject: it is left out."]
    with pytest.raises(FixArguments, match="1,400 are the limit"):
        check(content(body_text="x" * 1_401), SMS)
    rendered = render(said, VALUES, SMS, sender="Shop", unsubscribe="https://x.org/u/t")
    assert rendered.text.endswith("c=2\n\nNo more SMS from Shop: https://x.org/u/t\n")
    assert rendered.html == ""


def test_fields_without_default_must_be_known_for_everybody() -> None:
    used = content(subject="{city|x}", body_text="{city} {country}")
    assert fields_of(used) == fields_needed(used) == {"city", "country"}
    (problem,) = unresolved({"city": 3, "country": 0})
    assert "3 customers" in problem


def test_the_hash_covers_everything_shown_and_the_list_of_customers() -> None:
    payload = {"title": "a", "customers": [1, 2, 3], "holdout": {"share": 0.1}}
    base = content_hash(payload)
    assert len(base) == 64
    assert content_hash(dict(reversed(payload.items()))) == base
    for other in ({"title": "b"}, {"customers": [1, 2]}, {"holdout": {"share": 0.2}}, {"more": None}):
        assert content_hash(payload | other) != base


def test_tokens_are_read_back_and_cannot_be_made_up() -> None:
    org, message = uuid4(), uuid4()
    token = unsubscribe_token(KEY, org, message)
    assert read_token(KEY, token) == (org, message)
    forged = (
        "",
        "x",
        "ä",
        token[:-1],
        token + "A",
        "A" + token[1:],
        token[:-2] + "..",
        unsubscribe_token(b"k", org, message),
    )
    for wrong in forged:
        if wrong != token:
            with pytest.raises(FixArguments, match="not valid"):
                read_token(KEY, wrong)


def test_the_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", secret_key=None)
    key = signing_key(settings)
    assert len(key) >= 32
    assert signing_key(settings) == key
    assert (tmp_path / "home" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["secret_key"]
    assert signing_key(Settings(home=tmp_path, secret_key="given")) == b"given"


def test_links_lead_to_the_public_address() -> None:
    assert base_url(Settings(public_url="https://aima.example.com/")) == "https://aima.example.com"
    assert base_url(Settings(public_url=None, host="127.0.0.1", port=8123)) == "http://127.0.0.1:8123"
