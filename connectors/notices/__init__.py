"""Incoming webhooks of Slack and Teams: a sentence and a link, posted where an organisation has said.

Slack: api.slack.com, Sending messages using incoming webhooks. Teams: learn.microsoft.com, Create incoming webhooks
with Workflows, which takes an adaptive card.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any, Final
from urllib.parse import urlsplit

from connectors.channels.contract import Refused, Unreachable
from connectors.channels.http import Answer, Api, Body
from connectors.channels.webhook import WebhookNetworks
from connectors.channels.webhook.guard import GuardedTransport

__all__ = ["SERVICES", "post"]


def _slack(words: str, link: str) -> Mapping[str, Any]:
    return {"text": f"{words} <{link}|Open AIMA>"}


def _teams(words: str, link: str) -> Mapping[str, Any]:
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": words, "wrap": True}],
        "actions": [{"type": "Action.OpenUrl", "title": "Open AIMA", "url": link}],
    }
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [content]}


SERVICES: Final[Mapping[str, tuple[str, Callable[[str, str], Mapping[str, Any]]]]] = {
    "slack": ("Slack", _slack),
    "teams": ("Microsoft Teams", _teams),
}
"""Each service with its title and the form it takes words and a link in."""


def post(service: str, address: str, words: str, link: str) -> None:
    """Post a notice. Errors: Unreachable (try again), OutcomeUnknown (it may have arrived), Refused (it never will).

    No error repeats the address, which is a key.
    """
    title, form = SERVICES[service]
    parts = urlsplit(address)
    path = parts._replace(scheme="", netloc="").geturl()
    secrets = (address, *(part for part in parts.path.split("/") if len(part) > 7))
    guarded = GuardedTransport(WebhookNetworks().webhook_networks)
    with closing(Api(title, f"{parts.scheme}://{parts.netloc}", secrets=secrets, transport=guarded)) as api:
        api.hand_over(path, Body.json(form(words, link)), lambda: None, _trouble)


def _trouble(answer: Answer) -> Refused | Unreachable | None:
    """An address that is gone or not known is for a person to mend: it is not tried again."""
    if answer.status in (400, 403, 404, 405, 410):
        return Refused(f"The address is not taken any more ({answer.status}): set it anew.")
    return None
