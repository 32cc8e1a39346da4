"""What tests of mail share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.channels.smtp.transport import SmtpServer, SmtpTransport
from tests.mail_server import MailServer


@pytest.fixture
def channel(server: MailServer) -> Iterator[SmtpTransport]:
    """The SMTP channel to the file's mail server."""
    channel = SmtpTransport(SmtpServer.parse(server.url))
    yield channel
    channel.close()
