"""Texts that a channel's provider has approved beforehand: a proposal there is one of them, or is not made."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.channels.discovery import channel_named
from connectors.channels.wordings import Wording, wording_of
from core.errors import FixArguments
from tools.channels.account import Seal, account_of
from tools.context import Context

__all__ = ["approved_wordings", "require_approved"]

SHOWN = 10


def approved_wordings(context: Context, channel: str) -> Sequence[Wording] | None:
    """What the provider of a channel has approved, asked of it outside of any transaction; None: it takes any text.

    Errors: FixArguments (no such channel), Unreachable (the provider cannot be asked).
    """
    seal = Seal(context.settings, context.identity.org_id)
    with context.transaction() as connection:
        account = account_of(connection, channel_named(channel), seal)
    if account.provider.wordings is None or not account.settings.configured:
        return None
    return account.provider.wordings(account.settings)


def require_approved(body: str, text: str, wordings: Sequence[Wording], who: str) -> None:
    """FixArguments lists what is approved where `text`, the `body` filled in for one recipient, is none of it.

    A body with tags ({% if … %}) would read otherwise for others.
    """
    if "{%" in body:
        raise FixArguments(
            f"{who} takes texts that it has approved beforehand alone: only merge fields fill their gaps, without "
            "conditions and loops.",
            field="body_text",
        )
    if wording_of(text, wordings) is None:
        raise FixArguments(
            f"{who} takes texts that it has approved beforehand alone, and none of these reads like this one, its last "
            "line included. Write one of them, with merge fields in place of its gaps.",
            field="body_text",
            valid=[f"{one.name} ({one.language}): “{' '.join(one.text.split())}”" for one in wordings[:SHOWN]],
        )
