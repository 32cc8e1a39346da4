"""Email by SMTP, with whatever mail server an organisation, or the installation's AIMA_SMTP_URL, names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, SecretStr

from connectors.channels.contract import Provider, ProviderSettings, Transport
from connectors.channels.email import CHANNEL as EMAIL
from connectors.channels.smtp.server import Security, SmtpServer

if TYPE_CHECKING:
    from connectors.channels.smtp.transport import SmtpTransport

__all__ = ["PROVIDER", "SmtpSettings"]

CHECK_TIMEOUT_S = 10.0  # somebody waits for it
ENCRYPTION = {
    "starttls": "STARTTLS (usual, port 587)",
    "tls": "TLS from the start (port 465)",
    "none": "None: only within your own network",
}


class SmtpSettings(ProviderSettings):
    """Where the mail server is: as one address, or field by field."""

    installed: ClassVar[frozenset[str]] = frozenset({"smtp_url"})
    smtp_url: SecretStr | None = Field(
        default=None, description="smtp://user:password@host:port?starttls=true. Unset: the sandbox mailbox is used."
    )
    smtp_host: str | None = Field(
        default=None,
        max_length=253,
        pattern=r"^[A-Za-z0-9.:_-]*$",
        title="Server",
        description="Name of the mail server that takes outgoing mail.",
        examples=["smtp.example.com"],
    )
    smtp_port: int | None = Field(
        default=None, ge=1, le=65535, title="Port", description="Where it is not the usual one."
    )
    smtp_security: Security = Field(
        default="starttls",
        title="Encryption",
        description="STARTTLS, unless whoever runs the server says otherwise.",
        json_schema_extra={"words": dict(ENCRYPTION)},
    )
    smtp_user: str | None = Field(
        default=None, max_length=300, title="User", description="Login at the mail server, where it wants one."
    )
    smtp_password: SecretStr | None = Field(default=None, title="Password", description="Password of that login.")

    @property
    def configured(self) -> bool:
        """With an address, or a server."""
        return self.smtp_url is not None or bool(self.smtp_host)

    @property
    def endpoint(self) -> str | None:
        """Where it listens."""
        return f"smtp://{self.server().place}" if self.configured else None

    def server(self) -> SmtpServer:
        """The server; FixArguments for an address that is none."""
        if self.smtp_url is not None:
            return SmtpServer.parse(self.smtp_url.get_secret_value())
        password = None if self.smtp_password is None else self.smtp_password.get_secret_value()
        return SmtpServer.at(self.smtp_host or "", self.smtp_port, self.smtp_security, self.smtp_user, password)


def _transport(server: SmtpServer) -> SmtpTransport:
    from connectors.channels.smtp.transport import SmtpTransport

    return SmtpTransport(server)


def _open(settings: SmtpSettings) -> Transport:
    return _transport(settings.server())


def _check(settings: SmtpSettings, sender: str, address: str) -> None:
    transport = _transport(replace(settings.server(), timeout_s=CHECK_TIMEOUT_S))
    try:
        transport.check(sender, address)
    finally:
        transport.close()


PROVIDER = Provider(
    "smtp",
    "the mail server",
    channel=EMAIL,
    open=_open,
    settings=SmtpSettings,
    needs="AIMA_SMTP_URL",
    check=_check,
)
