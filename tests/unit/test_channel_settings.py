"""What a channel's senders and a provider's settings may be, given by an organisation or found in the environment."""

from __future__ import annotations

from uuid import uuid4

import pytest
from pydantic import Field, SecretStr

from connectors.channels.contract import Envelope, Provider, ProviderSettings
from connectors.channels.discovery import providers
from connectors.channels.email import CHANNEL as EMAIL
from connectors.channels.email import headers
from connectors.channels.sms import CHANNEL as SMS
from connectors.channels.smtp import PROVIDER as SMTP
from connectors.channels.smtp import SmtpSettings
from core.clock import utc_now
from core.errors import FixArguments
from tools.campaigns.content import render
from tools.campaigns.payload import Content
from tools.channels.form import fields_of

GIVEN = {"smtp_host": "mail.example.com", "smtp_user": "ann", "smtp_password": "geheim"}


def test_given_settings_are_never_completed_by_the_installations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIMA_SMTP_URL", "smtp://other:theirs@elsewhere.example.com")
    monkeypatch.setenv("AIMA_SMTP_PASSWORD", "theirs")
    settings = SMTP.read_settings({"smtp_host": "mail.example.com"})
    assert isinstance(settings, SmtpSettings)
    assert (settings.smtp_url, settings.smtp_password, settings.server().password) == (None, None, None)
    assert SMTP.read_settings().endpoint == "smtp://elsewhere.example.com:587"
    assert not SMTP.read_settings({}).configured


@pytest.mark.parametrize(
    ("values", "said", "field"),
    [
        ({"smtp_host": "mail.example.com", "smtp_port": "geheim"}, "“Port” has to be a whole number", "smtp_port"),
        ({"smtp_host": "geheim geheim"}, "“Server” is not written as it should be", "smtp_host"),
        ({"smtp_host": "x", "smtp_security": "geheim"}, "“Encryption” cannot be chosen here", "smtp_security"),
        ({"smtp_geheim": "x"}, "is no setting of it", "smtp_geheim"),
    ],
)
def test_what_is_wrong_with_given_settings_is_said_by_the_names_people_see(
    values: dict[str, str], said: str, field: str
) -> None:
    with pytest.raises(FixArguments) as error:
        SMTP.read_settings(values)
    assert said in error.value.message
    assert error.value.field == field
    assert "geheim" not in error.value.message.replace("Smtp geheim", "")


def test_a_form_has_a_field_for_each_setting_an_organisation_may_give() -> None:
    fields = {one.name: one for one in fields_of(SMTP.settings)}
    own = ["smtp_host", "smtp_port", "smtp_security", "smtp_user", "smtp_password"]
    assert list(fields) == [*own, "messages_per_second"]
    assert [one.kind for one in fields.values()] == ["text", "number", "choice", "text", "secret", "number"]
    assert [name for name, one in fields.items() if one.required] == ["smtp_host"]
    assert fields["smtp_security"].default == "starttls"
    assert dict(fields["smtp_security"].choices)["tls"].startswith("TLS from the start")


@pytest.mark.parametrize(
    ("name", "required", "secret"),
    [
        ("ses", {"ses_key", "ses_secret", "ses_region"}, {"ses_secret"}),
        (
            "whatsapp",
            {"whatsapp_token", "whatsapp_number", "whatsapp_account"},
            {"whatsapp_token", "whatsapp_secret"},
        ),
        ("webhook", {"webhook_url", "webhook_secret"}, {"webhook_secret"}),
    ],
)
def test_what_services_need_is_what_the_form_asks_for(name: str, required: set[str], secret: set[str]) -> None:
    fields = fields_of(providers()[name].settings)
    assert {one.name for one in fields if one.required} == required
    assert {one.name for one in fields if one.kind == "secret"} == secret
    assert not {one.name for one in fields} & providers()[name].settings.installed
    assert all(one.label and one.hint for one in fields)


def test_settings_nobody_has_described_get_a_field_too() -> None:
    class Plain(ProviderSettings):
        odd_api_key: SecretStr | None = None
        odd_sandboxed: bool = False
        odd_size: int = Field(default=3, description="How many.")

        @property
        def configured(self) -> bool:
            return self.odd_api_key is not None

    provider = Provider("odd", "the odd one", channel=None, open=lambda _settings: None, settings=Plain)  # type: ignore[arg-type,return-value]
    shown = [(one.label, one.kind, one.required, one.default) for one in fields_of(provider.settings)]
    assert shown == [
        ("Odd API key", "secret", True, ""),
        ("Odd sandboxed", "flag", False, ""),
        ("Odd size", "number", False, "3"),
        ("Messages per second", "number", False, ""),
    ]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Müller & Söhne, Berlin <news@shop.example>", "Müller & Söhne, Berlin <news@shop.example>"),
        ('"The \\"Shop\\"" <news@shop.example>', "The Shop <news@shop.example>"),
        ("  news@shop.example ", "news@shop.example"),
        ("Shop\r\nBcc: all@example.com <news@shop.example>", "Shop Bcc: all@example.com <news@shop.example>"),
    ],
)
def test_a_sender_of_emails_is_kept_as_it_is_read(given: str, kept: str) -> None:
    assert EMAIL.check_sender(given) == kept
    assert EMAIL.check_sender(kept) == kept


@pytest.mark.parametrize("given", ["Shop", "Shop <>", "Shop <news at shop>", "", "x" * 101 + " <news@shop.example>"])
def test_mail_cannot_come_from_nowhere(given: str) -> None:
    with pytest.raises(FixArguments) as error:
        EMAIL.check_sender(given)
    assert error.value.field == "sender"


@pytest.mark.parametrize(
    ("given", "kept"),
    [("+49 170 123456", "+49170123456"), ("0049170123456", "+49170123456"), ("12345", "12345"), ("My Shop", "My Shop")],
)
def test_a_sender_of_sms_is_a_number_or_a_short_name(given: str, kept: str) -> None:
    assert SMS.check_sender(given) == kept


@pytest.mark.parametrize("given", ["", "A name too long", "Shöp", "Shop!", "0170 123456", "news@shop.example"])
def test_what_no_telephone_shows_sends_no_sms(given: str) -> None:
    with pytest.raises(FixArguments):
        SMS.check_sender(given)


def test_answers_go_where_the_sender_says() -> None:
    def envelope(reply_to: str) -> Envelope:
        return Envelope(
            uuid4(), "Shop <a@b.example>", "c@d.example", "https://x.example/u/t", utc_now(), reply_to=reply_to
        )

    assert headers(envelope("hello@b.example"))["Reply-To"] == "hello@b.example"
    assert "Reply-To" not in headers(envelope(""))


def test_the_senders_own_words_stand_at_the_end_as_they_are() -> None:
    footer = "Shop <Ltd> & Co\n1 High Street {city}"
    content = Content(subject="Hello", body_text="News.")
    said = {"sender": "Shop", "unsubscribe": "https://x.example/u/t", "footer": footer}
    rendered = render(content, {}, EMAIL, **said)
    assert rendered.text.endswith(f"https://x.example/u/t\n\n{footer}\n")
    assert "Unsubscribe</a><br><br>Shop &lt;Ltd&gt; &amp; Co<br>1 High Street {city}</td>" in rendered.html
    assert render(content, {}, SMS, **said).text.endswith(f"https://x.example/u/t\n\n{footer}\n")
    bare = render(content, {}, EMAIL, **said | {"footer": ""})
    assert (bare.text, bare.html) == (
        rendered.text.replace(f"\n{footer}\n", ""),
        rendered.html.replace("<br><br>Shop &lt;Ltd&gt; &amp; Co<br>1 High Street {city}", ""),
    )
