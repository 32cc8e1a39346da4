"""The people of an organisation as its settings page changes them: who is shut out, signed out, and written down."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.errors import NotAllowed
from database.engine import Database
from tests.integration.accounts import PASSWORD, recorded, someone
from tests.screen import load_chainlit
from tools.people.accounts import authenticate, person_of
from tools.people.sessions import Holder, begin_session, holder_of

load_chainlit()

from chat import managing  # noqa: E402 - chainlit reads the environment when imported
from chat import organisation as page  # noqa: E402
from chat.people import standing_behind  # noqa: E402


class Screen:
    """The settings page of one person, signed in by a login of their own."""

    def __init__(self, database: Database, email: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.database, self.email = database, email
        self.token = self.signed_in(email)
        monkeypatch.setattr(page, "installed", lambda: SimpleNamespace(runtime=SimpleNamespace(database=database)))
        monkeypatch.setattr(page, "present", self._present)
        monkeypatch.setattr(managing, "present", self._present)

    async def _present(self) -> Any:
        return person_of(self.database, self.email, door="chat")

    def signed_in(self, email: str) -> str:
        return begin_session(self.database, person_of(self.database, email, door="chat"), source="here", device=None)

    def holder(self) -> Holder | None:
        return holder_of(self.database, self.token)

    async def press(self, change: str, **payload: str) -> dict[str, Any]:
        with standing_behind(self.holder()):
            answer: dict[str, Any] = await getattr(page, change)(SimpleNamespace(payload=payload))
        return answer


@pytest.fixture
def screen(database: Database, organisation: UUID, monkeypatch: pytest.MonkeyPatch) -> Screen:
    return Screen(database, someone(database, organisation, "admin"), monkeypatch)


@pytest.fixture
def other(database: Database, organisation: UUID) -> str:
    return someone(database, organisation, "manager")


def listed(answer: dict[str, Any], email: str) -> dict[str, Any]:
    return next(one for one in answer["people"] if one["email"] == email)


async def test_each_change_of_a_person_holds_at_once_and_tells_who_made_it(
    database: Database, organisation: UUID, screen: Screen
) -> None:
    email = f"{uuid4()}@example.com"
    added = await screen.press("add_person", email=email, password=PASSWORD, role="viewer", name=" Ada ")
    assert listed(added, email) == {"email": email, "name": "Ada", "role": "viewer", "active": True, "browsers": 0}
    promoted = await screen.press("set_role", email=email, role="analyst")
    assert listed(promoted, email)["role"] == "analyst"
    first = screen.signed_in(email)
    assert (await screen.press("end_logins", email=email))["ended"] == 1
    assert holder_of(database, first) is None
    second = screen.signed_in(email)
    shut_out = listed(await screen.press("disable_person", email=email), email)
    assert (shut_out["active"], shut_out["browsers"], holder_of(database, second)) == (False, 0, None)
    assert authenticate(database, email, PASSWORD, door="chat") is None
    assert listed(await screen.press("enable_person", email=email), email)["active"]
    assert authenticate(database, email, PASSWORD, door="chat") is not None
    assert email not in [one["email"] for one in (await screen.press("remove_person", email=email))["people"]]
    with pytest.raises(NotAllowed):
        person_of(database, email, door="chat")
    done = ["user_added", "user_role", "sessions_ended", "user_disabled", "user_enabled", "user_removed"]
    changes = [line for line in recorded(database, organisation, email) if line[0] != "login"]
    assert changes == [(action, screen.email) for action in done]


async def test_a_new_password_ends_the_logins_there_were(
    database: Database, organisation: UUID, screen: Screen, other: str
) -> None:
    token = screen.signed_in(other)
    answer = await screen.press("set_password", email=other, password="another password")
    assert listed(answer, other)["browsers"] == 0
    assert holder_of(database, token) is None
    assert recorded(database, organisation, other)[-1] == ("password_changed", screen.email)


@pytest.mark.parametrize("change", [("set_password", {"password": "another password"}), ("end_logins", {})])
async def test_who_changes_their_own_stays_where_they_are(
    database: Database, screen: Screen, change: tuple[str, dict[str, str]]
) -> None:
    elsewhere = screen.signed_in(screen.email)
    name, payload = change
    answer = await screen.press(name, email=screen.email, **payload)
    assert listed(answer, screen.email)["browsers"] == 1
    assert screen.holder() is not None
    assert holder_of(database, elsewhere) is None


@pytest.mark.parametrize(
    ("name", "payload"), [("disable_person", {}), ("remove_person", {}), ("set_role", {"role": "viewer"})]
)
async def test_the_last_administrator_is_kept_with_words(
    database: Database, organisation: UUID, screen: Screen, other: str, name: str, payload: dict[str, str]
) -> None:
    answer = await screen.press(name, email=screen.email, **payload)
    assert "last administrator" in answer["error"]
    assert screen.holder() is not None
    await screen.press("set_role", email=other, role="admin")
    assert "error" not in await screen.press("set_role", email=screen.email, role="viewer")


@pytest.mark.parametrize(
    "name", ["set_password", "disable_person", "enable_person", "set_role", "end_logins", "remove_person", "add_person"]
)
async def test_nobody_else_changes_people(
    database: Database,
    organisation: UUID,
    screen: Screen,
    other: str,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = recorded(database, organisation, screen.email)
    manager = Screen(database, other, monkeypatch)
    answer = await manager.press(name, email=screen.email, password="another password", role="viewer")
    assert set(answer) == {"error"}
    assert recorded(database, organisation, screen.email) == before
    assert screen.holder() is not None
