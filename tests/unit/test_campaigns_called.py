"""Which campaigns a number or words of their names mean."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.errors import NoSuchData
from database.queries.campaign_results import SentCampaign
from tools.campaign_results.called import named


def sent(name: str, channel: str = "email") -> SentCampaign:
    when = datetime(2026, 5, 1, tzinfo=UTC)
    return SentCampaign(name, name, channel, when, 10, 5, 2, 0, 0, None, None, False)


SENT = [
    sent("Mailing 12: Spring sale"), sent("Mailing 2: Spring is here"), sent("Text 02: Half price", "sms"),
    sent("Come back (win-back)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("mailing 2", ["Mailing 2: Spring is here"]),
        ("mailing 012", ["Mailing 12: Spring sale"]),
        ("text 2", ["Text 02: Half price"]),
        ("campaign 2", ["Mailing 2: Spring is here", "Text 02: Half price"]),
        ("spring mailing", ["Mailing 12: Spring sale", "Mailing 2: Spring is here"]),
        ("winback mail", ["Come back (win-back)"]),
        ("mailing 12 spring sale", ["Mailing 12: Spring sale"]),
    ],
)
def test_a_number_is_one_and_every_word_has_to_fit(name: str, meant: list[str]) -> None:
    assert [one.name for one in named(SENT, [name])] == meant


@pytest.mark.parametrize("name", ["mailing 1", "text 12", "mailing 12 half price", "spr"])
def test_what_no_campaign_is_called_is_refused(name: str) -> None:
    with pytest.raises(NoSuchData, match=name):
        named(SENT, ["spring", name])
