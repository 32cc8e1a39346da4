"""Connections in words."""

from __future__ import annotations

from language.format import bullets, count, day
from tools.connections.list import ConnectionInfo, ConnectionList, ListConnectionsArguments, list_connections
from tools.connections.sync import SyncAsked, SyncConnectionArguments, sync_connection
from tools.declaration import answers
from tools.outcome import Outcome


@answers(list_connections)
def connected(outcome: Outcome[ListConnectionsArguments, ConnectionList]) -> str:
    """What is connected and how it is; without any, what could be."""
    result = outcome.result
    if not result.connections:
        known = [f"{source.title} (`aima connect {source.name}`)" for source in result.sources]
        can = f" Somebody with access to the machine can connect:\n\n{bullets(known)}" if known else ""
        return f"**No source is connected.** Data come from files that are imported.{can}"
    lines = [_state(one) for one in result.connections]
    disabled = sum(one.status != "active" for one in result.connections)
    more = f", {count(disabled)} of them disabled" if disabled else ""
    return f"**{count(len(lines))} connected sources{more}**:\n\n{bullets(lines)}"


@answers(sync_connection)
def asked(outcome: Outcome[SyncConnectionArguments, SyncAsked]) -> str:
    """It is under way."""
    return f"**The sync of {', '.join(outcome.result.connections)} is on its way**, in the background."


def _state(one: ConnectionInfo) -> str:
    if one.last_synced_at is None:
        synced = "not synced yet" if one.syncing_since is None else "its first sync is at work"
    else:
        at = f"{day(one.last_synced_at)}, {one.last_synced_at:%H:%M}"
        synced = f"last synced on {at}, with {count(one.rows)} new or changed rows"
    left = f"; {count(one.left_out)} rows could not be taken, e.g. {one.problems[0]}" if one.problems else ""
    state = "" if one.status == "active" else "; **disabled**"
    error = f". {one.last_error}" if one.last_error else ""
    return f"**{one.name}** ({one.source}): {synced}{left}{state}{error}"
