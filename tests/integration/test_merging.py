"""Two customers made one by a person's word, and parted again, whatever is imported and undone around it."""

from __future__ import annotations

import pytest

from core.errors import FixArguments, NotAllowed, NotFound
from tests.conftest import person
from tests.integration.field_shops import FieldShop, shop
from tests.integration.taking_back import snapshot, taken_back
from tools.identity.doubtful import DoubtfulCustomers, DoubtfulCustomersArguments
from tools.identity.merging import merge_named, part_named, two_of
from tools.identity.wording import possibly_one
from tools.outcome import Outcome

__all__ = ["shop"]

CRM = "customer_id,name,city,phone,accepts_marketing\n7,Ann,Bonn,+491701234567,yes\n8,Ann,Bonn,+491701234567,no\n"
ORDERS = "order_id,customer_id,order_date,total\n1,7,2024-02-01,10\n2,8,2024-02-02,5\n"
LATER = "order_id,customer_id,order_date,total\n3,8,2024-03-01,7\n"


@pytest.fixture
def two(shop: FieldShop) -> FieldShop:
    shop.bring(shop.write(CRM, "crm.csv"), shop.write(ORDERS, "orders.csv"))
    return shop


def merged(shop: FieldShop, first: str, second: str) -> str:
    return merge_named(shop.database, person(shop.org_id), first, second).customer


def spent(shop: FieldShop) -> dict[str, object]:
    query = (
        "select c.external_id as who, sum(o.revenue) as n from customers c left join orders o on o.customer_id = c.id"
    )
    return {row["who"]: row["n"] for row in shop.rows(f"{query} group by 1")}


def test_two_become_one_and_later_files_know_it(two: FieldShop) -> None:
    pairs = two.ask("doubtful_customers")["pairs"]
    assert {pair["first"] for pair in pairs} | {pair["second"] for pair in pairs} == {"7", "8"}
    assert merged(two, "8", "7") == "7"
    assert spent(two) == {"7": 15}
    assert two.rows("select granted from consents") == [{"granted": False}], "the stricter stays"
    two.bring(two.write(LATER, "later.csv"))
    assert spent(two) == {"7": 22}
    assert two.ask("doubtful_customers")["total"] == 0
    assert two.ask("list_imports")["imports"][1]["why_not"] is None


def test_parting_leaves_everything_as_it_was(two: FieldShop) -> None:
    before = snapshot(two)
    merged(two, "7", "8")
    parted = part_named(two.database, person(two.org_id), "8")
    assert (parted.customer, parted.again) == ("7", "8")
    assert snapshot(two) == before
    merged(two, "7", "8")
    two.bring(two.write(LATER, "later.csv"))
    taken_back(two, "8 is 7")
    assert spent(two) == {"7": 10, "8": 12}


def test_the_word_stands_when_other_imports_are_undone(two: FieldShop) -> None:
    merged(two, "7", "8")
    taken_back(two, "orders.csv")
    two.bring(two.folder / "orders.csv")
    assert spent(two) == {"7": 15}
    taken_back(two, "crm.csv")
    assert spent(two) == {"7": 15}


def test_a_merge_that_a_file_made_is_parted_for_good_until_a_person_says_otherwise(shop: FieldShop) -> None:
    linked = shop.write("customer_id,email\n7,a@x.test\n", "link.csv")
    shop.bring(shop.write("order_id,email,order_date,total\n1,a@x.test,2024-02-01,10\n", "mail.csv"))
    shop.bring(shop.write("customer_id,name\n7,Ann\n", "crm.csv"), linked)
    assert spent(shop) == {"7": 10}
    parted = part_named(shop.database, person(shop.org_id), "a@x.test")
    assert {parted.customer, parted.again} == {"7", "a@x.test"}
    shop.bring(linked, compare=True)
    assert spent(shop) == {"7": None, "a@x.test": 10}
    merged(shop, "7", "a@x.test")
    assert spent(shop) == {"7": 10}


def test_telephones_and_mistakes(two: FieldShop) -> None:
    two.bring(two.write("Phone,SMS opt-in,First name\n+49170999999,yes,Ann\n", "sms.csv"))
    assert merged(two, "7", "+49170999999") == "7"
    with pytest.raises(FixArguments, match="one customer already"):
        merged(two, "7", "+49170999999")
    with pytest.raises(NotFound):
        merged(two, "7", "nobody")
    with pytest.raises(NotFound):
        part_named(two.database, person(two.org_id), "nobody")
    with pytest.raises(NotAllowed):
        merge_named(two.database, person(two.org_id, "viewer"), "7", "8")


@pytest.mark.parametrize("words", ["7 a@x.test", "7 and a@x.test", "7, a@x.test", " 7 & a@x.test "])
def test_the_chat_reads_which_two_are_one(words: str) -> None:
    assert two_of(words) == ("7", "a@x.test")


def test_names_of_several_words_are_told_apart() -> None:
    assert two_of("Ann Ash and Ben Birch") == ("Ann Ash", "Ben Birch")
    with pytest.raises(FixArguments, match="which two"):
        two_of("Ann Ash Ben")


def test_the_list_of_pairs_says_how_two_become_one(two: FieldShop) -> None:
    found = DoubtfulCustomers.model_validate(two.ask("doubtful_customers"))
    assert "`/merge 7 and 8` makes two of them one" in possibly_one(Outcome(DoubtfulCustomersArguments(), found))
