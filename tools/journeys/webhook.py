"""The organisation's webhook that journeys tell: which it is, and which nodes have none to tell."""

from __future__ import annotations

from sqlalchemy import Connection

from connectors.channels.discovery import channel_named
from connectors.channels.webhook import WebhookSettings
from core.errors import AimaError, AskPerson, FixArguments
from tools.channels.account import Seal, account_of
from tools.journeys.checks import Fault
from tools.journeys.definition import Journey, Webhook

__all__ = ["require_webhook", "untold", "webhook_of"]

NOT_SET_UP = "No webhook is set up: give its address and its signing secret under Messages on the settings page."


def webhook_of(connection: Connection, seal: Seal) -> WebhookSettings:
    """Where it is and what it knows us by; AskPerson where none is set up, or what is stored cannot be read."""
    settings = account_of(connection, channel_named("webhook"), seal).settings
    if not isinstance(settings, WebhookSettings) or not settings.configured:
        raise AskPerson(NOT_SET_UP)
    return settings


def untold(connection: Connection, seal: Seal, journey: Journey) -> list[Fault]:
    """The nodes that would tell a webhook where there is none."""
    nodes = [node.id for node in journey.nodes if isinstance(node, Webhook)]
    if not nodes:
        return []
    try:
        webhook_of(connection, seal)
    except AimaError as error:
        said = f"{error.message[:1].lower()}{error.message[1:]}".rstrip(".")
        return [Fault(node, f"node '{node}' tells a webhook, but {said}") for node in nodes]
    return []


def require_webhook(connection: Connection, seal: Seal, journey: Journey, field: str) -> None:
    """FixArguments names every node that has no webhook to tell."""
    if found := untold(connection, seal, journey):
        raise FixArguments("The journey cannot run: " + "; ".join(fault.said for fault in found) + ".", field=field)
