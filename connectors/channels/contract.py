"""What a channel and a provider declare, and what passes between them and the courier.

    CHANNEL = Channel(
        name="acme_chat", title="Acme chat", plural="Acme chat messages", settings=AcmeSender,
        address=AddressKind("acme_chat_id", "Acme chat id", form=r"^[0-9]+$", headers=("acmechatid",)),
        limits=Limits(text=2_000),
    )
    PROVIDER = Provider(name="acme", title="Acme", channel=CHANNEL, settings=AcmeSettings, needs="ACME_KEY", open=Acme)

That alone makes the address and the consent columns of files and fields of rules, lists and exports, and lets campaigns
go out on the channel. Consent, suppression and frequency are the courier's business, not a provider's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal, Protocol
from uuid import UUID

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from connectors.channels.events import Webhook
from connectors.channels.reading import read
from connectors.channels.wordings import Wording
from core.errors import FixArguments, GiveUp, RetryLater
from language.one_line import one_line

__all__ = [
    "AddressKind",
    "Attempt",
    "Bar",
    "Channel",
    "Envelope",
    "Limits",
    "Message",
    "OutcomeUnknown",
    "Postponed",
    "Provider",
    "ProviderSettings",
    "Receipt",
    "Refused",
    "Rendered",
    "SenderSettings",
    "Transport",
    "Undelivered",
    "Unreachable",
]

LONGEST_SENDER = 100

Bar = Literal["bounced", "complained", "unsubscribed"]
"""Why nobody must write to an address any more."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a message says to one recipient, merge fields filled in; the parts a channel has no use for are left out."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """To whom a message goes and from whom; `unsubscribe` is where one click ends messages to this recipient.

    `reply_to` is where answers go; empty: to the sender. `callback` is where the provider tells what becomes of
    messages; empty where it cannot reach us.
    """

    id: UUID
    sender: str
    address: str
    unsubscribe: str
    at: datetime
    reply_to: str = ""
    callback: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message for one address. `id` is the same however often it is tried; `fields` go with it as they are.

    Fields are what the channel adds to the content: headers of an email (Message-ID, List-Unsubscribe …).
    """

    id: UUID
    channel: str
    sender: str
    address: str
    subject: str | None
    text: str
    html: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider has taken the message over; `reference` is what it calls it."""

    provider: str
    reference: str


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The provider was asked and never got the message: it may be sent again."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A message that was being handed over at instant `at` when its courier died, or whose answer never came.

    `unsubscribe` is the link of its own that stands in its text.
    """

    id: UUID
    address: str
    at: datetime
    unsubscribe: str = ""


class Refused(GiveUp):
    """The provider will never take this message (bad address, SMTP 5xx). Nothing was delivered.

    `bars`: what it says of the address with that: nobody is there (bounced), or its owner wants no more (complained,
    unsubscribed). It counts as if a webhook had told it.
    """

    def __init__(self, message: str, *, bars: Bar | None = None) -> None:
        super().__init__(message)
        self.bars = bars


class Postponed(RetryLater):
    """The provider does not take this message now (SMTP 4xx). Nothing was delivered."""


class Unreachable(RetryLater):
    """The provider takes no message at all: not reachable, or our login or sender is wrong. Nothing was delivered."""


class OutcomeUnknown(GiveUp):
    """The message was handed over, and no answer came: it may or may not have been delivered."""


class Transport(Protocol):
    """A provider at work: what `Provider.open` gives. Several threads deliver by it at once (`Provider.at_once`)."""

    def deliver(self, message: Message, before_handover: Callable[[], None]) -> Receipt:
        """Deliver one message.

        `before_handover` is called once, right before the step after which the provider may deliver, and takes some
        milliseconds; when it raises, nothing is delivered and its error passes through. Errors: Refused, Postponed,
        Unreachable before or after that step, OutcomeUnknown only after it.
        """

    def reconcile(self, attempt: Attempt) -> Receipt | Undelivered | None:
        """What became of an attempt nobody saw the end of; None where the provider cannot say.

        Undelivered only when that is certain: the message is sent again then.
        """

    def close(self) -> None:
        """Give back what is held (a connection); may be called again."""


@dataclass(frozen=True, slots=True)
class AddressKind:
    """What a channel's addresses are called and look like; channels may share a kind.

    `name` is the column of files and the field of rules. `form` is what an address must look like to be written to, a
    pattern that Python and PostgreSQL read alike; addresses are compared without regard to case. `headers` are names
    the column goes by in files, without case and separators. Where `identifies`, it can stand for a customer number.
    One that several people may have (`shared`) does so only where nothing else names them. `clean` makes different ways
    to write an address one; what looks like `plain` needs no cleaning.
    """

    name: str
    title: str
    form: str
    headers: tuple[str, ...]
    heading: str = ""
    identifies: bool = False
    shared: bool = False
    clean: Callable[[str], str] | None = None
    plain: str = r"^$"

    def normalised(self, text: str) -> str:
        """An address as it is kept: trimmed, and with `clean` different ways to write the same one are one."""
        return self.clean(text.strip()) if self.clean else text.strip()


class SenderSettings(BaseSettings):
    """Base of a channel's settings: whom its messages come from."""

    model_config = SettingsConfigDict(env_prefix="AIMA_", env_file=".env", extra="ignore", hide_input_in_errors=True)
    sender: str = Field(
        default="AIMA", description="Whom messages come from, where a channel has no sender of its own."
    )


def _any_sender(text: str) -> str:
    line = one_line(text)
    if not line or len(line) > LONGEST_SENDER:
        raise FixArguments(f"A sender has 1 to {LONGEST_SENDER} characters.", field="sender")
    return line


@dataclass(frozen=True, slots=True)
class Limits:
    """The longest texts, in characters; subject None: the channel has no subjects. `footer` is the sender's own."""

    text: int
    subject: int | None = None
    footer: int = 1_000


def _no_fields(_envelope: Envelope) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Channel:
    """A way people agree to be reached by. `title` and `plural` are its messages in words: "email", "emails".

    `consent_headers` are names its consent goes by in files, besides consent_<name>; `consent_beside` the names of what
    else files say of it, by the parts that connectors/files/consents.py knows. `reason` and `opt_out` end every
    text: why somebody gets it, and how to get no more; they may say {sender} and {link}. `fields` go with each message.
    `check_sender` gives a sender as it is written, FixArguments for what can be none; `named`: it is a name and an
    address, and answers may go to another one.
    """

    name: str
    title: str
    plural: str
    address: AddressKind
    limits: Limits
    settings: type[SenderSettings] = SenderSettings
    consent_headers: tuple[str, ...] = ()
    consent_beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reason: str = ""
    opt_out: str = "Unsubscribe: {link}"
    html: bool = False
    named: bool = False
    check_sender: Callable[[str], str] = _any_sender
    fields: Callable[[Envelope], Mapping[str, str]] = _no_fields

    @property
    def consent(self) -> str:
        """The column of files and the field of rules that says who agreed."""
        return f"consent_{self.name}"

    @property
    def sender(self) -> str:
        """Whom its messages come from, as set in the environment now."""
        return read(self.settings, self.plural).sender

    def compose(self, rendered: Rendered, envelope: Envelope) -> Message:
        """The message for one recipient, with the parts this channel carries."""
        return Message(
            id=envelope.id,
            channel=self.name,
            sender=envelope.sender,
            address=envelope.address,
            subject=None if self.limits.subject is None else rendered.subject,
            text=rendered.text,
            html=rendered.html if self.html else None,
            fields=self.fields(envelope),
        )


class ProviderSettings(BaseSettings):
    """Base of a provider's settings: of the installation, from the environment, or given by an organisation.

    Credentials are `SecretStr`. A field's title is what people call it, its examples show how it is written.
    `installed` are those that only the environment may set.
    """

    installed: ClassVar[frozenset[str]] = frozenset()
    model_config = SettingsConfigDict(env_prefix="AIMA_", env_file=".env", extra="ignore", hide_input_in_errors=True)
    messages_per_second: float | None = Field(
        default=None,
        gt=0,
        le=10_000,
        title="Messages per second",
        description="Send no faster than that, as the service's terms say; empty: as fast as it takes them.",
        examples=["14"],
    )

    @property
    def configured(self) -> bool:
        """Whether the provider can be used as things are."""
        return True

    @property
    def endpoint(self) -> str | None:
        """Address of the server it talks to, for `aima doctor`; None where there is none."""
        return None


@dataclass(frozen=True, slots=True)
class Provider:
    """Somebody who carries messages. `channel` None: of every channel. `needs` names what has to be set to use it.

    From a `dry` one nothing leaves this machine: the courier keeps the messages in the sandbox mailbox instead.
    `check(settings, sender, address)` asks, without sending anything, whether a message of that sender to that address
    (empty: none is known) would be taken; Unreachable or Refused say what is wrong and what to do. `webhook`: how it
    calls back.
    One that `reconciles` tells later what became of a message, by logs that can be asked or by its webhooks. One that
    `repeats` takes a message that comes twice, by its id, for one: what got no answer is handed over again. One with
    `wordings(settings)` takes texts that it has approved before alone; errors of that question as of `check`.
    `at_once`: how many messages are on their way to it at the same time; so many may be of unknown outcome when the
    courier is killed.
    """

    name: str
    title: str
    channel: Channel | None
    open: Callable[[Any], Transport]
    settings: type[ProviderSettings] = ProviderSettings
    needs: str = ""
    dry: bool = False
    check: Callable[[Any, str, str], None] | None = None
    reconciles: bool = False
    repeats: bool = False
    at_once: int = 16
    webhook: Webhook | None = None
    wordings: Callable[[Any], Sequence[Wording]] | None = None

    def read_settings(self, values: Mapping[str, Any] | None = None) -> ProviderSettings:
        """Its settings: `values` and nothing else, or what the environment says now.

        FixArguments says which are wrong, never what was given.
        """
        return read(self.settings, self.title, values)

    def carries(self, channel: Channel) -> bool:
        """Whether messages of this channel can go by it."""
        return self.channel is None or self.channel.name == channel.name
