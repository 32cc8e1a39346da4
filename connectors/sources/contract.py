"""What a source is: settings a person gives, and streams as declarations. Each folder beside this exports `SOURCE`.

    SOURCE = Source(
        name="acme", title="Acme Shop", settings=AcmeSettings, base=lambda s: s.url, auth=bearer("token"), probe="/me",
        streams=(
            Stream(
                "orders", "/orders", key="id", records="data", pager=NextLink("links.next"),
                cursor=Since("updated_at", "updated_since"), example={"id": 7, ...},
                rows=(
                    Rows("orders", {"order_id": "id", "customer": "customer.id", "ordered_at": "created_at", ...}),
                    Rows("order_lines", {"order_id": "id", "sku": "lines.sku", ...}, each="lines"),
                ),
            ),
        ),
    )

Reading (`reading.py`), loading, cursors, retries and the command line take it from there; nothing else names a source.
tests/conformance runs each one against a vendor's server of its own, made from the declarations and the examples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, get_args

import httpx
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from connectors.files.fields import KINDS
from connectors.sources.auth import Auth
from connectors.sources.cursors import Days, Since
from connectors.sources.http import Client, Trouble
from connectors.sources.pagers import OnePage, Pager
from connectors.sources.paths import look_up, replaced
from core.errors import FixArguments

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Generated", "Record", "Rows", "Source", "SourceSettings", "Stream"]

Record = Mapping[str, Any]
NAMED_BY: dict[str, tuple[str, ...]] = {
    "customers": ("customer",),
    "orders": ("order_id",),
    "order_lines": ("order_id", "sku"),
    "events": ("event_id",),
    "products": ("sku",),
    "campaigns": ("campaign_id",),
    "campaign_daily": ("campaign_id", "day"),
    "spend": ("day", "channel"),
    "mentions": ("mention_id",),
}
"""The fields by which rows of a table are known again; a source has to give them."""
SUMMED = frozenset({"campaign_daily", "spend"})
"""Tables to which several records may give parts of one row."""


class SourceSettings(BaseModel):
    """Base of a source's settings. Credentials are `SecretStr`; each field has a description for who gives it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @classmethod
    def secrets(cls) -> frozenset[str]:
        """Names of the fields that hold credentials."""
        fields = cls.model_fields.items()
        return frozenset(n for n, f in fields if SecretStr in (f.annotation, *get_args(f.annotation)))

    def plain(self) -> dict[str, Any]:
        """All fields as JSON, credentials in clear: to be sealed, and shown to nobody."""
        kept = self.model_dump(mode="json")
        return kept | {
            name: value.get_secret_value()
            for name in self.secrets()
            if isinstance(value := getattr(self, name), SecretStr)
        }


S = TypeVar("S", bound=SourceSettings)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a record becomes: rows of one kind of connectors/files/fields.py.

    `columns` maps its fields to places in the record, or to functions of the record. With `each`, the place of a list,
    there is a row for each of its items, which stands in the list's place then.
    """

    table: str
    columns: Mapping[str, str | Callable[[Record], Any]]
    each: str = ""

    def __post_init__(self) -> None:
        known = {known.name for known in KINDS[self.table].fields}
        if unknown := sorted(set(self.columns) - known):
            raise ValueError(f"{self.table} has no field {', '.join(unknown)}")
        if missing := sorted(set(NAMED_BY[self.table]) - set(self.columns)):
            raise ValueError(f"rows of {self.table} cannot be known again without {', '.join(missing)}")

    def items(self, record: Record) -> list[Record]:
        """The record, or one for each item of its list."""
        if not self.each:
            return [record]
        return [replaced(record, self.each, item) for item in look_up(record, self.each) or ()]

    def values(self, record: Record) -> list[Any]:
        """A row's values, in the order of `columns`."""
        return [look_up(record, at) if isinstance(at, str) else at(record) for at in self.columns.values()]


@dataclass(frozen=True, slots=True)
class Stream:
    """A list the vendor serves. `records` is its place in the answer, `key` the places that name a record.

    `parameters` go with each request: in the address, or with POST into the JSON body at the place each one names.
    `example` is a record as the vendor writes it, for the conformance suite. Without a cursor everything is read anew
    by each sync.
    """

    name: str
    path: str
    key: str | tuple[str, ...]
    rows: tuple[Rows, ...]
    example: Record = field(repr=False)
    records: str = ""
    pager: Pager = field(default_factory=OnePage)
    cursor: Since | Days | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    method: Literal["GET", "POST"] = "GET"

    def __post_init__(self) -> None:
        if not isinstance(self.cursor, Days) and any(rows.table in SUMMED for rows in self.rows):
            raise ValueError(f"{self.name}: rows that are summed have to be read whole, by days")

    def name_of(self, record: Record) -> tuple[Any, ...]:
        """What tells this record from others."""
        return tuple(look_up(record, place) for place in ((self.key,) if isinstance(self.key, str) else self.key))


@dataclass(frozen=True, slots=True)
class Generated(Generic[S]):
    """Tables that are computed from the settings instead of fetched: (table, frame) pairs, loaded as one."""

    name: str
    tables: Callable[[S], Iterator[tuple[str, pl.DataFrame]]]


@dataclass(frozen=True, slots=True)
class Source(Generic[S]):
    """A vendor. `probe` is a path that answers any good credential; `trouble` knows the vendor's own signs of it.

    `pause_s` is the least time between two requests. An `invented` source fills demo organisations only.
    """

    name: str
    title: str
    settings: type[S]
    streams: tuple[Stream | Generated[S], ...]
    base: Callable[[S], str] | None = None
    auth: Auth | None = None
    probe: str = ""
    trouble: Trouble | None = None
    pause_s: float = 0.0
    invented: bool = False

    def configured(self, given: Mapping[str, Any]) -> S:
        """The settings somebody gave; FixArguments names the fields that are wrong, never what was given."""
        try:
            return self.settings.model_validate(dict(given))
        except ValidationError as error:
            said = (f"{'.'.join(map(str, e['loc'])) or 'settings'}: {e['msg']}" for e in error.errors())
            words = f"The settings of {self.title} are wrong. {'; '.join(said)}."
            raise FixArguments(words, field="settings", valid=list(self.settings.model_fields)) from None

    def check(self, settings: S) -> None:
        """Ask the vendor whether it knows us. Errors: CredentialRefused, RetryLater, Declined, FixArguments."""
        if self.base is not None:
            with self.client(settings) as client:
                client.fetch(self.probe, {})

    def client(self, settings: S) -> Client:
        """The way to the vendor with these settings; to be closed."""
        base = self.base(settings) if self.base else ""
        signed: httpx.Auth | None = self.auth(settings) if self.auth else None
        return Client(self.title, base, signed, trouble=self.trouble, pause_s=self.pause_s)
