"""Random people in random files: any order of files gives the same people, twice changes nothing, an undo the rest."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from database.engine import Database
from database.loading.same_person import part
from tests.conftest import person
from tests.integration.field_shops import FieldShop
from tests.samples import one_in
from tools.imports.undo import undo_named

PEOPLE = """
    select c.external_id, c.name, s.granted,
        (select array_agg(distinct n.value order by n.value) from (
            select c.external_id as value union select i.value from identities i where i.customer_id = c.id
        ) n) as names,
        (select array_agg(o.order_id order by o.order_id) from orders o where o.customer_id = c.id) as orders,
        (select array_agg(e.event_id order by e.event_id) from events e where e.customer_id = c.id) as events
    from customers c left join consents s on s.customer_id = c.id and s.channel = 'email'
"""


def _files(drawn: random.Random) -> dict[str, str]:
    """Files about up to nine people, each known by some of: number, two addresses, a vendor's number."""
    people = [(str(100 + n), f"p{n}@x.com", f"old{n}@x.com", f"K{n}") for n in range(9)]
    some = lambda share: [p for p in people if drawn.random() < share]  # noqa: E731
    word = lambda: drawn.choice(["yes", "no", ""])  # noqa: E731
    numbers = iter(range(1_000))
    return {
        "crm": "customer_id,email,city\n" + "".join(f"{p[0]},{drawn.choice(p[1:3])},Bonn\n" for p in some(0.7)),
        "crm2": "customer_id,email,Klaviyo ID,city\n"
        + "".join(f"{p[0]},{p[1].upper()},{p[3]},Bonn\n" for p in some(0.5)),
        "klaviyo": "Klaviyo ID,Email,City\n" + "".join(f"{p[3]},{p[2]},Bonn\n" for p in some(0.6)),
        "list": "Email,City,Newsletter\n" + "".join(f"{drawn.choice(p[1:3])},Bonn,{word()}\n" for p in some(0.8)),
        "left": "Email,City,Unsubscribed at\n"
        + "".join(f"{p[1]},Bonn,2024-01-0{drawn.randint(1, 9)}\n" for p in some(0.3)),
        "orders": "order_id,email,order_date,total\n"
        + "".join(f"E{next(numbers)},{drawn.choice(p[1:3])},2024-02-01,5\n" for p in some(0.9)),
        "numbered": "order_id,customer_id,order_date,total\n"
        + "".join(f"N{next(numbers)},{drawn.choice([p[0], p[0], '0'])},2024-02-01,7\n" for p in some(0.7)),
        "events": "event_id,user_id,timestamp,event\n"
        + "".join(f"V{next(numbers)},{drawn.choice([p[0], p[1]])},2024-02-05 10:00:00,visit\n" for p in some(0.5)),
    }


def _state(shop: FieldShop) -> list[tuple[object, ...]]:
    rows = shop.rows(PEOPLE)
    return sorted(
        (tuple(row["names"]), row["granted"], tuple(row["orders"] or ()), tuple(row["events"] or ())) for row in rows
    )


def _bring(shop: FieldShop, files: dict[str, str], names: list[str]) -> None:
    for name in names:
        if files[name].count("\n") > 1:
            shop.bring(shop.write(files[name], f"{name}.csv"))


@pytest.mark.parametrize("seed", one_in(6, range(6)))
def test_any_order_of_files_gives_the_same_people(database: Database, tmp_path: Path, seed: int) -> None:
    drawn = random.Random(seed)
    files = _files(drawn)
    states = []
    for turn in range(3):
        shop = FieldShop(database, tmp_path)
        names = drawn.sample(sorted(files), len(files)) if turn else sorted(files)
        _bring(shop, files, names)
        states.append(_state(shop))
        assert states[0] == states[-1], names
    brought = [name for name in names if files[name].count("\n") > 1]
    last = shop.bring(shop.write(files[brought[-1]], f"{brought[-1]}.csv"), compare=True)
    assert (last.inserted, last.updated) == (0, 0)
    for name in brought:  # an earlier file may bring its own address of somebody back, and nobody new
        assert shop.bring(shop.write(files[name], f"{name}.csv"), compare=True).inserted == 0
    assert _state(shop) == states[0]


@pytest.mark.parametrize("seed", one_in(2, range(2)))
def test_an_undone_import_leaves_what_the_others_say(database: Database, tmp_path: Path, seed: int) -> None:
    drawn = random.Random(100 + seed)
    files = {name: text for name, text in _files(drawn).items() if text.count("\n") > 1}
    names = drawn.sample(sorted(files), len(files))
    shop, other = FieldShop(database, tmp_path), FieldShop(database, tmp_path)
    _bring(shop, files, names)
    gone = drawn.choice(names)
    undo_named(database, person(shop.org_id), f"{gone}.csv")
    _bring(other, files, [name for name in names if name != gone])
    assert _state(shop) == _state(other), gone


def test_merges_taken_back_one_after_the_other_leave_all_as_it_was(database: Database, tmp_path: Path) -> None:
    shop = FieldShop(database, tmp_path)
    orders = "order_id,email,order_date,total\n1,a@x.com,2024-02-01,5\n2,b@x.com,2024-02-01,7\n"
    numbered = "order_id,customer_id,order_date,total\n3,7,2024-02-01,9\n"
    lists = "Email,City,Newsletter\na@x.com,Bonn,no\nb@x.com,Ulm,yes\n"
    for name, content in {"orders": orders, "numbered": numbered, "list": lists}.items():
        shop.bring(shop.write(content, f"{name}.csv"))
    before = _state(shop)
    shop.bring(shop.write("customer_id,email,country\n7,a@x.com,DE\n7,b@x.com,DE\n", "link.csv"))
    assert len(_state(shop)) == 1
    with database.transaction(shop.org_id) as connection:
        for merge in shop.rows("select id from customer_merges order by id desc"):
            part(connection, merge["id"], None)
    after = _state(shop)
    assert [(n[2], n[3]) for n in after] == [(n[2], n[3]) for n in before]
    assert [n[1] for n in after] == [n[1] for n in before]
