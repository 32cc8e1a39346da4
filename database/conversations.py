"""Binds a library's own connections to whoever is at the screen, statement by statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Connection, event, text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

__all__ = ["bind_each_transaction"]

_BIND = text("select set_config('app.org_id', :org, true), set_config('app.person', :person, true)")


def bind_each_transaction(engine: AsyncEngine, whose: Callable[[], tuple[str, str] | None]) -> None:
    """Have each transaction of `engine` begin bound to the organisation and person that `whose` names then.

    Where it names nobody, row-level security shows no row at all.
    """

    def bind(connection: Connection) -> None:
        org_id, person = whose() or ("", "")
        connection.execute(_BIND, {"org": org_id, "person": person})

    event.listen(engine.sync_engine, "begin", bind)
