"""Email by SMTP, with whatever mail server AIMA_SMTP_URL names."""

from __future__ import annotations

from pydantic import Field, SecretStr

from connectors.channels.contract import Provider, ProviderSettings, Transport
from connectors.channels.email import CHANNEL as EMAIL

__all__ = ["PROVIDER", "SmtpSettings"]


class SmtpSettings(ProviderSettings):
    """Where the mail server is."""

    smtp_url: SecretStr | None = Field(
        default=None, description="smtp://user:password@host:port?starttls=true. Unset: the sandbox mailbox is used."
    )

    @property
    def configured(self) -> bool:
        """With an address."""
        return self.smtp_url is not None

    @property
    def endpoint(self) -> str | None:
        """The address."""
        return None if self.smtp_url is None else self.smtp_url.get_secret_value()


def _open(settings: SmtpSettings) -> Transport:
    from connectors.channels.smtp.transport import SmtpServer, SmtpTransport

    return SmtpTransport(SmtpServer.parse(settings.endpoint or ""))


PROVIDER = Provider("smtp", "the mail server", channel=EMAIL, open=_open, settings=SmtpSettings, needs="AIMA_SMTP_URL")
