"""Who may be written to: consent as the exports of shops and mailing tools say it; a refusal stands."""

from __future__ import annotations

import pytest

from tests.integration.field_shops import FieldShop, case, shop

__all__ = ["shop"]


def consents(shop: FieldShop) -> dict[str, bool | None]:
    """Who agreed to e-mails, by address (or number)."""
    query = "select coalesce(lower(email), external_id) as who, consent_email from customer_facts order by 1"
    return {row["who"]: row["consent_email"] for row in shop.rows(query)}


def suppressed(shop: FieldShop) -> dict[str, str]:
    return {row["address"]: row["reason"] for row in shop.rows("select address, reason from suppressions")}


def test_the_customers_export_of_shopify(shop: FieldShop) -> None:
    shop.bring(case("60-shopify-customers-export") / "customers_export.csv")
    rows = shop.rows("select external_id, phone, consent_email, consent_sms from customer_facts order by 1")
    assert [tuple(row.values()) for row in rows] == [
        ("6501", "+15551230001", True, False),
        ("6502", None, False, False),
        ("6503", "+15551230003", False, True),
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_who_left_a_mailing_list_is_not_written_to_again(shop: FieldShop, turned: bool) -> None:
    folder = case("36-mailchimp-unsubscribed")
    names = ["unsubscribed_members_export_1a2b.csv", "subscribed_members_export_1a2b.csv"]
    shop.bring(*(folder / name for name in (names[::-1] if turned else names)))
    assert consents(shop) == {"ava@example.com": False, "ben@example.com": False, "cy@example.com": True}
    assert suppressed(shop) == {"ava@example.com": "unsubscribed", "ben@example.com": "unsubscribed"}
    later = shop.write("Email,Name,Subscribed\nava@example.com,Ava,yes\n", "list.csv")
    shop.bring(later)
    assert consents(shop)["ava@example.com"] is False
    assert "the refusal stays" in shop.said()


FILES = {
    "klaviyo": (
        "Email,First Name,Email Marketing Consent,Email Marketing Consent Timestamp\n"
        "a@x.com,A,SUBSCRIBED,2024-01-01 10:00:00\nb@x.com,B,NEVER_SUBSCRIBED,\n"
        "c@x.com,C,UNSUBSCRIBED,2024-02-01 10:00:00\n"
    ),
    "german newsletter": "E-Mail;Vorname;Newsletter\na@x.com;A;ja\nb@x.com;B;nein\nc@x.com;C;abgemeldet\n",
    "french": "Email,Prénom,Consentement\na@x.com,A,oui\nb@x.com,B,non\nc@x.com,C,désabonné\n",
    "spanish": "Email,Name,Suscrito\na@x.com,A,sí\nb@x.com,B,no\nc@x.com,C,dado de baja\n",
    "italian": "Email,Name,Consenso Marketing\na@x.com,A,Sì\nb@x.com,B,No\nc@x.com,C,disiscritto\n",
    "dutch": "Email,Name,Nieuwsbrief\na@x.com,A,ja\nb@x.com,B,nee\nc@x.com,C,uitgeschreven\n",
    "portuguese": "Email,Name,Assinante\na@x.com,A,sim\nb@x.com,B,não\nc@x.com,C,descadastrado\n",
    "hubspot": (
        "Record ID,First Name,Email,Unsubscribed from all email,Opt-in date\n"
        "1,A,a@x.com,false,2024-01-01\n2,B,b@x.com,true,\n3,C,c@x.com,true,2023-01-01\n"
    ),
    "mailchimp api": (
        "email_address,full_name,status\na@x.com,A,subscribed\nb@x.com,B,unsubscribed\nc@x.com,C,cleaned\n"
    ),
    "salesforce": (
        "Email,Last Name,Has Opted Out Of Email,Email Opt In\na@x.com,A,0,1\nb@x.com,B,1,0\nc@x.com,C,1,1\n"
    ),
    "dates of both": (
        "Email,Name,Subscribed At,Unsubscribed At\n"
        "a@x.com,A,2024-03-01,2024-01-01\nb@x.com,B,2024-01-01,2024-03-01\nc@x.com,C,2024-01-01,2024-01-01\n"
    ),
    "ticks": "Email,Name,Marketing opt-in\na@x.com,A,✓\nb@x.com,B,0\nc@x.com,C,N\n",
}


@pytest.mark.parametrize("name", FILES)
def test_words_of_consent(shop: FieldShop, name: str) -> None:
    shop.bring(shop.write(FILES[name]))
    assert consents(shop) == {"a@x.com": True, "b@x.com": False, "c@x.com": False}


def test_what_is_neither_yes_nor_no_is_not_known_and_told(shop: FieldShop) -> None:
    shop.bring(shop.write("Email,Name,Newsletter\na@x.com,A,yes\nb@x.com,B,pending\nc@x.com,C,perhaps\nd@x.com,D,\n"))
    assert consents(shop) == {"a@x.com": True, "b@x.com": None, "c@x.com": None, "d@x.com": None}
    assert "'perhaps' in 'Newsletter'" in shop.said()
    assert "'pending'" not in shop.said()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("unsubscribed_contacts.csv", "unsubscribed"),
        ("Abmeldungen Newsletter abgemeldet.csv", "unsubscribed"),
        ("cleaned_members_export.csv", "bounced"),
        ("hard-bounces.csv", "bounced"),
        ("suppression list 2024.csv", "suppressed"),
    ],
)
def test_a_file_that_is_a_list_of_who_left(shop: FieldShop, name: str, reason: str) -> None:
    shop.bring(shop.write("Email,Name,Subscribed\nava@example.com,Ava,yes\n", "members.csv"))
    assert consents(shop) == {"ava@example.com": True}
    shop.bring(shop.write("Email,Name\nAVA@example.com,Ava\nnew@example.com,New\n", name))
    assert consents(shop) == {"ava@example.com": False, "new@example.com": False}
    assert set(suppressed(shop).items()) == {("ava@example.com", reason), ("new@example.com", reason)}
    assert "The name of the file says" in shop.said()


STATEMENTS = {
    "no": "Email,Name,Newsletter\na@x.com,A,no\n",
    "yes": "Email,Name,Newsletter\na@x.com,A,yes\n",
    "yes in march": "Email,Name,Newsletter,Subscribed at\na@x.com,A,yes,2024-03-01\n",
    "left in january": "Email,Name,Unsubscribed at\na@x.com,A,2024-01-01\n",
    "left in june": "Email,Name,Unsubscribed at\na@x.com,A,2024-06-01\n",
}


@pytest.mark.parametrize(
    ("said", "agrees"),
    [
        (("yes", "no"), False),
        (("yes in march", "no"), False),
        (("yes in march", "left in january"), True),
        (("yes in march", "left in june"), False),
        (("yes", "left in january"), False),
        (("yes", "yes in march"), True),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_stricter_stands_in_any_order(shop: FieldShop, said: tuple[str, str], agrees: bool, turned: bool) -> None:
    for name in said[::-1] if turned else said:
        shop.bring(shop.write(STATEMENTS[name], f"{name}.csv"))
    assert consents(shop) == {"a@x.com": agrees}


def test_consent_and_suppression_follow_the_person(shop: FieldShop) -> None:
    shop.bring(shop.write("order_id,email,order_date,total\n1,a@x.com,2024-02-01,10\n", "orders.csv"))
    shop.bring(shop.write("Email,Name,Newsletter\na@x.com,A,no\n", "list.csv"))
    shop.bring(shop.write("customer_id,name,accepts_marketing\n7,Ann,yes\n", "crm.csv"))
    shop.bring(shop.write("customer_id,email,city\n7,A@X.com,Bonn\n", "link.csv"))
    assert consents(shop) == {"a@x.com": False}
    (row,) = shop.rows("select external_id, name, city, (select count(*) from orders) from customer_facts")
    assert tuple(row.values()) == ("7", "A", "Bonn", 1)


def test_a_row_twice_in_a_list_is_one_person_and_a_refusal_stands(shop: FieldShop) -> None:
    result = shop.bring(shop.write("Email,Name,Newsletter\na@x.com,A,no\nA@x.com,Ann,yes\n"))
    assert (result.read, result.accepted, result.rejected) == (2, 2, 0)
    assert consents(shop) == {"a@x.com": False}
    assert "were put together" in shop.said()
