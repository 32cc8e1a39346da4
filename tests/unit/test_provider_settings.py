"""Settings of message services: what is taken, and what is refused without being repeated."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from connectors.channels.mailgun import MailgunSettings
from connectors.channels.postmark import PostmarkSettings
from connectors.channels.sendgrid import SendGridSettings
from connectors.channels.twilio import TwilioSettings


@pytest.mark.parametrize(
    ("model", "given", "words"),
    [
        (MailgunSettings, {"mailgun_key": "geheim"}, "go together"),
        (MailgunSettings, {"mailgun_key": "geheim", "mailgun_domain": "mg/../x"}, "domain"),
        (MailgunSettings, {"mailgun_key": "geheim geheim", "mailgun_domain": "mg.example.com"}, "one word"),
        (SendGridSettings, {"sendgrid_key": "geheim\u2019"}, "one word"),
        (SendGridSettings, {"sendgrid_key": "geheim", "sendgrid_url": "http://api.example.com"}, "https"),
        (SendGridSettings, {"sendgrid_key": "geheim", "sendgrid_url": "https://geheim@api.example.com"}, "address"),
        (SendGridSettings, {"sendgrid_key": "geheim", "sendgrid_url": "http://127.0.0.1.example.com"}, "https"),
        (SendGridSettings, {"sendgrid_key": "geheim", "sendgrid_region": "mars"}, "global"),
        (PostmarkSettings, {"postmark_token": "geheim", "postmark_stream": "a b"}, "pattern"),
        (TwilioSettings, {"twilio_account": "geheim", "twilio_token": "geheim"}, "pattern"),
        (TwilioSettings, {"twilio_account": "AC" + "0" * 32}, "go together"),
    ],
)
def test_wrong_settings_are_refused_without_a_word_of_them(model: Any, given: dict[str, str], words: str) -> None:
    with pytest.raises(ValidationError, match=words) as error:
        model.model_validate(given)
    assert "geheim" not in str(error.value)


def test_a_key_pasted_with_blanks_is_the_key() -> None:
    settings = SendGridSettings.model_validate({"sendgrid_key": " SG.x\n", "sendgrid_url": "http://[::1]:9/"})
    assert settings.sendgrid_key is not None
    assert settings.sendgrid_key.get_secret_value() == "SG.x"
    assert settings.endpoint == "http://[::1]:9"
    assert SendGridSettings.model_validate({"sendgrid_region": "eu"}).endpoint == "https://api.eu.sendgrid.com"
    assert not SendGridSettings().configured
