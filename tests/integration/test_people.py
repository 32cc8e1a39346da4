"""People, their logins and their keys: guessing passwords, shutting somebody out, and what is written down of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, text

from cli.engines import Engines
from cli.session import shell_identity
from core.clock import utc_now
from core.errors import FixArguments, NotAllowed, NotFound, TooManyTries
from core.identity import ROLE_SCOPES, Identity
from database.engine import Database
from tests.conftest import make_organisation, person
from tests.integration.accounts import PASSWORD, recorded, someone
from tests.integration.asking import ask
from tools.people import logins, members
from tools.people.accounts import add_key, add_user, identity_of_key, person_of, revoke_key
from tools.people.logins import Attempt, note_refusal, place_of, try_login
from tools.people.sessions import begin_session, holder_of


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were really looked at; only PASSWORD is right. (Hashing each would take minutes.)"""
    looked: list[str] = []

    def verified(password_hash: str | None, password: str) -> bool:
        looked.append(password)
        return password_hash is not None and password == PASSWORD

    monkeypatch.setattr(logins, "verified", verified)
    return looked


@pytest.fixture
def email(database: Database, organisation: UUID) -> str:
    return someone(database, organisation)


def place() -> str:
    """An IP address nobody has tried from."""
    return f"2001:db8:{uuid4().hex[:4]}:{uuid4().hex[:4]}::1"


def guess(database: Database, email: str, source: str, password: str = "wrong") -> Attempt | None:
    """A try, or None where the door was closed."""
    try:
        return try_login(database, email, password, source=source)
    except TooManyTries:
        return None


def later(engines: Engines, seconds: float) -> None:
    """Let time pass for every count."""
    owner = create_engine(engines.owner_url)
    with owner.begin() as connection:
        connection.execute(
            text("update login_tries set closed_until = closed_until - make_interval(secs => :s),"
                 " tried_at = tried_at - make_interval(secs => :s)"),
            {"s": seconds},
        )  # fmt: skip
    owner.dispose()


@pytest.mark.parametrize("tries", [200, pytest.param(10_000, marks=pytest.mark.slow)])
def test_wrong_passwords_soon_are_not_even_looked_at(
    database: Database, email: str, checked: list[str], tries: int
) -> None:
    source = place()
    for number in range(tries):
        guess(database, email, source, f"wrong {number}")
    assert len(checked) < 5 + 20, "five for nothing, then after 1, 2, 4, 8 … seconds"
    with pytest.raises(TooManyTries) as closed:
        try_login(database, email, PASSWORD, source=source)
    assert 0 < closed.value.retry_after_s <= 900
    assert closed.value.http_status == 429


def test_many_at_once_are_many(database: Database, email: str, checked: list[str]) -> None:
    source = place()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: guess(database, email, source, f"wrong {n}"), range(64)))
    assert len(checked) <= 6


def test_one_password_for_many_people_is_slowed_down_too(
    database: Database, organisation: UUID, checked: list[str]
) -> None:
    source = place()
    for number in range(80):
        guess(database, f"person-{number}@example.com", source)
    assert len(checked) < 20 + 10


def test_many_places_are_slowed_down_and_shut_nobody_out(
    database: Database, email: str, checked: list[str], engines: Engines
) -> None:
    """A stranger with many addresses: each try is one of few, and the person gets in from where they always do."""
    own = place()
    assert guess(database, email, own, PASSWORD) is not None
    for _ in range(80):
        guess(database, email, place())
    assert len(checked) < 1 + 20 + 10
    attempt = guess(database, email, own, PASSWORD)
    assert attempt is not None
    assert attempt.identity is not None
    while guess(database, email, place()) is not None:  # on a slow machine it may just have opened again
        pass
    assert guess(database, email, place(), PASSWORD) is None
    later(engines, 31)
    elsewhere = guess(database, email, place(), PASSWORD)
    assert elsewhere is not None, "from anywhere within half a minute"
    assert elsewhere.identity is not None


def test_waits_grow_and_end(database: Database, email: str, checked: list[str], engines: Engines) -> None:
    source, waits = place(), []
    for _ in range(14):
        attempt: Attempt | None = None
        while attempt is None:
            try:
                attempt = try_login(database, email, "wrong", source=source)
            except TooManyTries as closed:
                waits.append(round(closed.retry_after_s))
                later(engines, closed.retry_after_s + 0.5)
    assert waits == sorted(waits)
    assert waits[-1] >= 128
    later(engines, 901)
    right = try_login(database, email, PASSWORD, source=source)
    assert right.identity is not None
    for _ in range(4):
        assert guess(database, email, source) is not None, "a right password begins the count anew"


def test_a_right_password_of_ones_own_buys_no_guesses(
    database: Database, organisation: UUID, email: str, checked: list[str]
) -> None:
    """Somebody with an account logs in between guesses at that of somebody else."""
    own, source = someone(database, organisation), place()
    guess(database, own, source, PASSWORD)
    for number in range(60):
        guess(database, f"{number}-{email}", source)
        guess(database, own, source, PASSWORD)
    assert sum(password == "wrong" for password in checked) < 20 + 10


@pytest.mark.parametrize("odd", ["", "\0", "a\0b@example.com", "\ud800@example.com", "x" * 10_000, "' or 1=1 --"])
def test_odd_addresses_and_passwords_are_wrong_and_nothing_else(database: Database, email: str, odd: str) -> None:
    for address, password in ((odd, "wrong"), (email, odd)):
        attempt = try_login(database, address, password, source=place())
        assert attempt.identity is None
        note_refusal(database, attempt)


def test_a_line_of_ipv6_is_one_place() -> None:
    assert place_of("2001:db8:1:2:3:4:5:6") == place_of("2001:db8:1:2::9") != place_of("2001:db8:1:3::9")
    assert place_of("::ffff:10.0.0.1") == place_of("10.0.0.1")
    assert place_of("fe80::1%eth0") == place_of("fe80::2")
    assert place_of("unknown") == "unknown"


def test_somebody_shut_out_is_out_at_once_and_can_come_back(database: Database, organisation: UUID) -> None:
    admin, email = shell_identity(organisation), someone(database, organisation)
    who = person_of(database, email, door="chat")
    token, key = begin_session(database, who, source="here", device=None), add_key(database, who, name="k")
    members.disable_user(database, admin, email.upper())
    assert holder_of(database, token) is None
    assert identity_of_key(database, key, door="http") is None
    assert try_login(database, email, PASSWORD, source=place()).identity is None
    with pytest.raises(NotAllowed):
        person_of(database, email, door="chat")
    members.enable_user(database, admin, email)
    assert holder_of(database, token) is None, "the login that was ended stays so"
    assert identity_of_key(database, key, door="http") is not None
    members.set_role(database, admin, email, "viewer")
    assert person_of(database, email, door="chat").scopes == ROLE_SCOPES["viewer"]
    members.remove_user(database, admin, email)
    assert identity_of_key(database, key, door="http") is None
    assert [one.email for one in members.list_users(database, admin)] == []
    add_user(database, make_organisation(database), email=email, password=PASSWORD)
    assert acts(recorded(database, organisation, email)) == [
        "user_added", "login", "user_disabled", "user_enabled", "user_role", "user_removed",
    ]  # fmt: skip


def acts(lines: Iterable[tuple[str, str]]) -> list[str]:
    return [action for action, _actor in lines]


@pytest.mark.parametrize(
    "weaken",
    [
        members.disable_user,
        members.remove_user,
        lambda database, by, email: members.set_role(database, by, email, "manager"),
    ],
)
def test_the_last_administrator_stays(
    database: Database, organisation: UUID, weaken: Callable[[Database, Identity, str], None]
) -> None:
    admin, last = shell_identity(organisation), someone(database, organisation, "admin")
    someone(database, organisation, "manager")
    shut_out = someone(database, organisation, "admin")
    members.disable_user(database, admin, shut_out)
    with pytest.raises(FixArguments, match="last administrator"):
        weaken(database, admin, last)
    members.enable_user(database, admin, shut_out)
    weaken(database, admin, last)


def test_only_administrators_change_people_and_only_their_own(database: Database, organisation: UUID) -> None:
    email, other = someone(database, organisation), shell_identity(make_organisation(database))
    for role in ("manager", "analyst", "viewer"):
        with pytest.raises(NotAllowed):
            members.disable_user(database, person(organisation, role), email)
    for act in (members.disable_user, members.remove_user, members.enable_user):
        with pytest.raises(NotFound):
            act(database, other, email)
    with pytest.raises(FixArguments, match="not a role"):
        members.set_role(database, shell_identity(organisation), email, "owner")


def test_keys_end_tell_their_use_and_are_revoked_by_what_is_unique(database: Database, organisation: UUID) -> None:
    who = person_of(database, someone(database, organisation), door="cli")
    day = timedelta(days=1)
    kept = add_key(database, who, name="kept", expires_at=utc_now() + day)
    over = add_key(database, who, name="over", expires_at=utc_now() - day)
    assert identity_of_key(database, over, door="http") is None
    from database.queries import people

    def listed() -> list[people.KeyInForce]:
        with database.transaction(organisation) as connection:
            return list(people.keys(connection))

    (before,) = listed()
    assert before.last_used_at is None
    assert identity_of_key(database, kept, door="http") is not None
    (after,) = listed()
    assert after.last_used_at is not None
    assert after.owner == who.actor
    for vague in ("", "aima_", "aima_nothing"):
        with pytest.raises(FixArguments):
            revoke_key(database, organisation, vague)
    assert revoke_key(database, organisation, kept[:9]) == "kept"
    assert identity_of_key(database, kept, door="http") is None
    assert acts(recorded(database, organisation, "kept")) == ["key_added", "key_revoked"]


def test_what_changes_segments_or_takes_addresses_out_is_recorded(database: Database, organisation: UUID) -> None:
    with database.transaction(organisation) as connection:
        connection.execute(text("insert into customers (external_id, name) values ('a', 'Ada')"))
    rule = {"field": "country", "operator": "is_null"}
    ask(database, organisation, "save_segment", name="Nowhere", rule=rule)
    ask(database, organisation, "export_segment", segment="Nowhere")
    ask(database, organisation, "update_playbook", segment="Nowhere", offers=["a map"])
    ask(database, organisation, "archive_segment", segment="Nowhere")
    with database.transaction(organisation) as connection:
        found = connection.execute(text("select action from audit_log order by id")).scalars().all()
    assert found == ["save_segment", "export_segment", "update_playbook", "archive_segment"]
