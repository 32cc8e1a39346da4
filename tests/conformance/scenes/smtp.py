"""A real mail server on loopback, steered by addresses."""

from __future__ import annotations

import socket
from pathlib import Path

from connectors.channels.smtp import PROVIDER, SmtpSettings
from tests.conformance.scenes import Scene
from tests.mail_server import MailServer


class SmtpScene(Scene):
    """See tests/mail_server.py; the password is one that a server on loopback never asks for."""

    refused = "refused-a@example.com"
    postponed = "later-a@example.com"
    silent = "silent-a@example.com"
    secrets = ("geheim-and-%2F", "geheim-and-/")

    def __init__(self, folder: Path) -> None:
        self.server = MailServer(folder / "mail.log")
        super().__init__(PROVIDER, SmtpSettings.model_validate({"smtp_url": self.server.url}))

    def address(self, name: str) -> str:
        """At a domain of examples."""
        return f"{name}@example.com"

    def arrived(self) -> list[tuple[str, str]]:
        """Recipient and plain text, in order."""
        found = []
        for message in self.server.messages():
            plain = message.get_body(("plain",))
            assert plain is not None
            found.append((str(message["To"]), plain.get_content().replace("\r\n", "\n")))
        return found

    def away(self) -> SmtpSettings:
        """A port nobody listens on, with a login."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        return SmtpSettings.model_validate({"smtp_url": f"smtp://user:{self.secrets[0]}@127.0.0.1:{port}"})

    def stop(self) -> None:
        """The server."""
        self.server.stop()
