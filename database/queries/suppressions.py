"""Addresses that must not be contacted on a channel."""

from __future__ import annotations

from sqlalchemy import Connection, text

__all__ = ["add", "lift", "told_by"]

# What somebody told a provider, a START there takes back; everything else it does not. The heaviest reason stays.
_WEIGHT = (
    "case when {0} = 'complained' then 3 when {0} = 'bounced' then 2"
    " when {0} like 'unsubscribed at %' then 0 else 1 end"
)


def told_by(provider: str) -> str:
    """The reason of an address whose owner told the provider, not us, that they want no more."""
    return f"unsubscribed at {provider}"


def add(connection: Connection, channel: str, address: str, reason: str) -> bool:
    """Suppress `address` (kept in lower case) on `channel`; False when it was, for that reason or a heavier one."""
    added = connection.execute(
        text(
            f"""
            insert into suppressions as s (channel, address, reason) values (:channel, lower(:address), :reason)
            on conflict (org_id, channel, address) do update set reason = excluded.reason
            where {_WEIGHT.format("excluded.reason")} > {_WEIGHT.format("s.reason")}
            """  # noqa: S608 - constants
        ),
        {"channel": channel, "address": address.strip(), "reason": reason},
    )
    return added.rowcount == 1


def lift(connection: Connection, channel: str, address: str, reason: str) -> bool:
    """Let `address` be contacted again where it is suppressed for that reason; False where it is not."""
    lifted = connection.execute(
        text("delete from suppressions where channel = :channel and address = lower(:address) and reason = :reason"),
        {"channel": channel, "address": address.strip(), "reason": reason},
    )
    return lifted.rowcount == 1
