"""Bearer tokens over HTTP: an AIMA key becomes an identity, checked against the database on every request."""

from __future__ import annotations

from functools import partial

import anyio
from fastmcp.server.auth import AccessToken, TokenVerifier
from fastmcp.server.dependencies import get_access_token

from core.errors import NotAllowed
from core.identity import Identity
from database.engine import Database
from tools.people.accounts import identity_of_key


class KeyVerifier(TokenVerifier):
    """Accepts the API keys in force; a revoked or expired key is refused at its next request."""

    def __init__(self, database: Database, base_url: str | None = None) -> None:
        super().__init__(base_url=base_url)
        self._database = database

    async def verify_token(self, token: str) -> AccessToken | None:
        """The token with its scopes, or None when no such key is in force."""
        found = await anyio.to_thread.run_sync(partial(identity_of_key, self._database, token, door="mcp"))
        if found is None:
            return None
        return AccessToken(
            token=token, client_id=found.actor, scopes=sorted(found.scopes), claims={"org_id": str(found.org_id)}
        )


def caller(database: Database) -> Identity:
    """The identity behind the request at hand; read from the database, not from the session."""
    token = get_access_token()
    found = identity_of_key(database, token.token, door="mcp") if token else None
    if found is None:
        raise NotAllowed("This bearer token is not, or no longer, valid.")
    return found
