"""What the DNS says of a sender's domain, told in words; asked of a DNS server of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

from connectors import mail_domain
from connectors.mail_domain import DomainNotes, Note
from core.errors import FixArguments, RetryLater
from tests.name_server import NameServer

KEY = "v=DKIM1; k=rsa; p=" + "MIGfMA0GCSqGSIb3" * 30
GOOD = {
    "shop.example": ["something else", "v=spf1 include:_spf.mail.example ~all"],
    "_spf.mail.example": ["v=spf1 ip4:192.0.2.0/24 -all"],
    "_dmarc.shop.example": ["v=DMARC1; p=reject; rua=mailto:x@shop.example"],
    "k1.keys.mail.example": [KEY],
}
ALIASES = {"k1._domainkey.shop.example": "k1.keys.mail.example"}

Look = Callable[..., dict[str, Note]]


@pytest.fixture
def look() -> Iterator[Look]:
    """Look a domain up in the good zone with changes; the notes by subject."""
    servers: list[NameServer] = []

    def looked(
        changes: dict[str, Sequence[str]] | None = None, *, domain: str = "shop.example", aliases: bool = True
    ) -> dict[str, Note]:
        zone = {name: records for name, records in (GOOD | (changes or {})).items() if records}
        servers.append(NameServer(zone, ALIASES if aliases else {}))
        return {note.subject: note for note in DomainNotes(servers[-1].place).of(domain)}

    yield looked
    for server in servers:
        server.stop()


def test_a_domain_that_is_set_up_is_told_so(look: Look) -> None:
    found = look()
    assert {name: note.grade for name, note in found.items()} == {"SPF": "ok", "DKIM": "ok", "DMARC": "ok"}
    assert "(k1)" in found["DKIM"].words
    assert "reject forged mail" in found["DMARC"].words
    assert {note.grade for note in look(domain="News.Shop.Example.").values()} == {"fail", "warn", "ok"}


@pytest.mark.parametrize(
    ("changes", "subject", "grade", "said"),
    [
        ({"shop.example": []}, "SPF", "fail", "does not say who may send for it. Ask whoever sends your mail"),
        ({"shop.example": ["v=spf1 -all", "v=spf1 ~all"]}, "SPF", "fail", "has 2 records"),
        ({"shop.example": ["v=spf1 a +all"]}, "SPF", "fail", "lets everybody send"),
        ({"shop.example": ["v=spf1 " + "a:x.example " * 11 + "-all"]}, "SPF", "fail", "more than 10 look-ups"),
        ({"shop.example": ["v=spf1 " + "a:x.example " * 10 + "-all"]}, "SPF", "ok", "says who may send"),
        ({"_spf.mail.example": ["v=spf1 " + "mx " * 10]}, "SPF", "fail", "more than 10 look-ups"),
        ({"_spf.mail.example": ["v=spf1 include:_spf.mail.example"]}, "SPF", "fail", "more than 10 look-ups"),
        ({"shop.example": ["v=spf10 -all"]}, "SPF", "fail", "does not say"),
        ({"k1.keys.mail.example": ["v=DKIM1; p="]}, "DKIM", "fail", "(k1) is withdrawn"),
        ({"_dmarc.shop.example": []}, "DMARC", "fail", "at _dmarc.shop.example: v=DMARC1; p=none"),
        ({"_dmarc.shop.example": ["v=DMARC1; p=none"]}, "DMARC", "ok", "report forged mail only"),
        ({"_dmarc.shop.example": ["v=DMARC1; p=perhaps"]}, "DMARC", "fail", "cannot read"),
        ({"_dmarc.shop.example": ["v=DMARC1; sp=none"]}, "DMARC", "fail", "cannot read"),
        ({"_dmarc.shop.example": ["v=DMARC1; p=none", "v=DMARC1; p=reject"]}, "DMARC", "fail", "cannot read"),
    ],
)
def test_what_is_missing_or_wrong_is_said_with_what_to_do(
    look: Look, changes: dict[str, list[str]], subject: str, grade: str, said: str
) -> None:
    note = look(changes)[subject]
    assert (note.grade, said in note.words) == (grade, True), note


def test_a_key_under_another_name_is_not_called_missing(look: Look) -> None:
    note = look(aliases=False)["DKIM"]
    assert note.grade == "warn"
    assert "may be there under another name" in note.words


def test_a_policy_holds_for_the_domains_below(look: Look) -> None:
    note = look({"_dmarc.shop.example": ["v=DMARC1; p=quarantine"]}, domain="news.shop.example")["DMARC"]
    assert note.words == "shop.example asks receivers to quarantine forged mail."


def test_a_domain_that_is_everybodys_is_no_senders(look: Look) -> None:
    (note,) = look(domain="gmail.com").values()
    assert note.grade == "fail"
    assert "Send from your own domain" in note.words


@pytest.mark.parametrize("domain", ["", "localhost", "shop", "a b.example", "-.example", "x" * 260 + ".example"])
def test_what_is_no_domain_is_not_looked_up(domain: str) -> None:
    with pytest.raises(FixArguments):
        DomainNotes(("127.0.0.1", 9)).of(domain)


def test_no_answer_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_domain, "LONGEST_WAIT_S", 0.2)
    server = NameServer(GOOD, silent=["shop.example"])
    try:
        with pytest.raises(RetryLater, match="does not answer"):
            DomainNotes(server.place).of("shop.example")
    finally:
        server.stop()
