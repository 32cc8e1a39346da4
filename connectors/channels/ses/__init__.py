"""Email by Amazon SES."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, model_validator

from connectors.channels.contract import Provider, ProviderSettings
from connectors.channels.credentials import ApiAddress, ApiKey
from connectors.channels.email import CHANNEL as EMAIL
from connectors.channels.ses.webhooks import WEBHOOK

if TYPE_CHECKING:
    from connectors.channels.ses.transport import SesTransport

__all__ = ["PROVIDER", "SesSettings"]


class SesSettings(ProviderSettings):
    """An access key with the right to send, the region, and where SES tells what becomes of messages."""

    installed: ClassVar[frozenset[str]] = frozenset({"ses_url"})
    ses_key: str | None = Field(
        default=None,
        pattern=r"^[A-Z0-9]{16,128}$",
        title="Access key id",
        description="Of an IAM user with the rights ses:SendEmail, ses:GetAccount and ses:GetEmailIdentity.",
    )
    ses_secret: ApiKey | None = Field(
        default=None, title="Secret access key", description="Shown once, when the access key is made."
    )
    ses_region: str | None = Field(
        default=None,
        pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$",
        title="Region",
        description="Where your sender is verified.",
        examples=["eu-central-1"],
    )
    ses_configuration_set: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        title="Configuration set",
        description="One that publishes its events to an SNS topic; without it nothing is told of messages.",
    )
    ses_topic: str | None = Field(
        default=None,
        pattern=r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$",
        title="SNS topic",
        description="Its ARN; only what comes from there is believed.",
        examples=["arn:aws:sns:eu-central-1:123456789012:aima"],
    )
    ses_url: ApiAddress | None = Field(default=None, description="Another address of Amazon's SES API.")

    @model_validator(mode="after")
    def _whole(self) -> SesSettings:
        if len({self.ses_key is None, self.ses_secret is None, self.ses_region is None}) > 1:
            raise ValueError("access key, secret and region go together: give all of them, or none")
        return self

    @property
    def configured(self) -> bool:
        """With a key, its secret and a region."""
        return None not in (self.ses_key, self.ses_secret, self.ses_region)

    @property
    def endpoint(self) -> str:
        """The API of the region."""
        return self.ses_url or f"https://email.{self.ses_region}.amazonaws.com"


def _open(settings: SesSettings) -> SesTransport:
    from connectors.channels.ses.transport import SesTransport

    return SesTransport(settings)


def _check(settings: SesSettings, sender: str, address: str) -> None:
    with closing(_open(settings)) as transport:
        transport.check(sender, address)


PROVIDER = Provider(
    "ses",
    "Amazon SES",
    channel=EMAIL,
    open=_open,
    settings=SesSettings,
    needs="AIMA_SES_KEY, AIMA_SES_SECRET and AIMA_SES_REGION",
    check=_check,
    reconciles=True,
    webhook=WEBHOOK,
)
