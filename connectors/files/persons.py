"""Who a row is about: numbers that are no customer's, and what spreadsheets and shops put around numbers.

A shop without accounts writes 0, -1, "guest" or nothing where a customer's number would be: all such rows together are
not one customer. Where there is an email address it tells them apart, else the sale is nobody's.
"""

from __future__ import annotations

import polars as pl

from connectors.channels.contract import AddressKind
from connectors.files.appearance import clean
from core.decisions import Decisions
from language.one_line import ODD, one_line

__all__ = [
    "LINES",
    "Guests",
    "broken",
    "kept_addresses",
    "known_numbers",
    "note_guests",
    "one_lines",
    "own_addresses",
    "unwrapped",
]

LINES = frozenset({"name", "first_name", "last_name", "city", "country"})  # fields that are one line of text
CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"

GUESTS = frozenset(
    """
    0|0.0|00|-1|-|--|?|guest|guests|guest customer|guest checkout|guest user|guest order|(guest)|[guest]|anonymous
    |anonymous customer|anon|unregistered|not registered|not logged in|no account|no customer|walk-in|walk in|walkin
    |walk-in customer|cash customer|default customer|unknown|unknown customer|undefined|none|nil|(none)|(not set)
    |not set|not available|na|n.a.|gast|gastbestellung|gastkonto|anonym|unbekannt|laufkunde|laufkundschaft|barverkauf
    |kein konto|ohne konto|invité|invite|client invité|anonyme|inconnu|sans compte|visiteur|invitado|anónimo|anonimo
    |desconocido|sin cuenta|sin registro|visitante|ospite|sconosciuto|senza account|anoniem|onbekend|gastklant
    |gastaccount|convidado|anônimo|desconhecido|sem conta|00000000-0000-0000-0000-000000000000
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
FEWEST = 10  # customers from which numbers may be seen to count up from 0
OFTEN = 3.0  # times as many rows as others have, from which 0 is no customer like them
PLACEHOLDER = (
    r"(?i)^(?:no[-_.]?e?[-_.]?mail|no[-_.]?reply|do[-_.]?not[-_.]?reply|none|null|nil|n[/.]?a|unknown|anonymous|guest"
    r"|invalid|nobody|keine?|sin[-_.]?(?:correo|email)|pas[-_.]?de[-_.]?mail|deleted|redacted)@"
)
WRAPPED = r"^(?:'|=\")"


class Guests:
    """Which values of a column of customer numbers are nobody's number."""

    def __init__(self, sample: pl.Series | None = None) -> None:
        """Look at a column of text: where numbers count up from 0 and 0 is as frequent as others, it is a number."""
        self.zero_is_one = sample is not None and _counts_from_zero(sample)

    @classmethod
    def in_column(cls, sample: pl.DataFrame, column: str | None) -> Guests | None:
        """Those of a column of a sample; None where there is no such column."""
        return None if column is None else cls(clean(sample[column]))

    def among(self, values: pl.Series) -> pl.Series:
        """True where a value is nobody's number."""
        found = values.str.to_lowercase().is_in(list(GUESTS)).fill_null(value=False)
        return found & (values != "0").fill_null(value=False) if self.zero_is_one else found


def known_numbers(values: pl.Series, guests: Guests | None) -> pl.Series:
    """The numbers of customers; null where there is none or it is nobody's."""
    nobody = (guests or Guests()).among(values)
    return values.set(nobody, None) if nobody.any() else values


def unwrapped(values: pl.Series, column: str, decisions: Decisions) -> pl.Series:
    """Numbers without what keeps a spreadsheet from changing them: '6501 and ="6501" are 6501."""
    wrapped = values.str.contains(WRAPPED).fill_null(value=False)
    if not wrapped.any():
        return values
    said = f"What a spreadsheet puts before numbers (' or =) was taken off in '{column}'."
    decisions.add("people", said, rows=int(wrapped.sum()))
    bare = values.str.replace(r'^=?["\']+', "").str.replace(r'"$', "")
    return pl.select(pl.when(wrapped).then(bare).otherwise(values)).to_series()


def kept_addresses(values: pl.Series, kind: AddressKind) -> pl.Series:
    """Addresses of a kind, normalised where they are not plain already; null where nothing is left."""
    address = values.str.strip_chars()
    if kind.clean is not None:
        odd = (~address.str.contains(kind.plain)).fill_null(value=False).arg_true()
        cleaned = address.gather(odd).map_elements(kind.normalised, return_dtype=pl.String)
        address = address.scatter(odd, cleaned)
    return address.set(address == "", None)


def broken(values: pl.Series) -> pl.Series:
    """Where an address goes on after a line break or another control character: it could begin a header of mail."""
    return values.str.contains(CONTROL).fill_null(value=False)


def one_lines(values: pl.Series) -> pl.Series:
    """Names and places as a reader sees them: encoded words decoded, no control characters; null where none is left."""
    odd = values.str.contains(ODD).fill_null(value=False).arg_true()
    if odd.is_empty():
        return values
    shown = values.scatter(odd, values.gather(odd).map_elements(one_line, return_dtype=pl.String))
    return shown.set(shown == "", None)


def own_addresses(values: pl.Series, column: str, decisions: Decisions) -> pl.Series:
    """Addresses without those that stand for none (noemail@, noreply@)."""
    nobody = values.str.contains(PLACEHOLDER).fill_null(value=False)
    if not nobody.any():
        return values
    said = f"Addresses in '{column}' that stand for none (noemail@, noreply@ …) were taken for none."
    decisions.add("people", said, rows=int(nobody.sum()))
    return values.set(nobody, None)


def note_guests(decisions: Decisions, column: str, nobody: pl.Series, named: pl.Series) -> None:
    """Tell how rows without a customer's number were taken: `named` is true where an address tells who it is."""
    alone = int((nobody & ~named).sum())
    told = int((nobody & named).sum())
    said = f"'{column}' holds what is nobody's number (0, guest …)"
    if told:
        decisions.add("people", f"{said}: those rows are told apart by their address.", rows=told)
    if alone:
        decisions.add("people", f"{said} and no address: those rows belong to no known customer.", rows=alone)


def _counts_from_zero(sample: pl.Series) -> bool:
    known = sample.drop_nulls()
    numbers = known.cast(pl.Int64, strict=False).drop_nulls()
    own = numbers.filter(numbers >= 0)
    distinct = own.n_unique()
    if distinct < FEWEST or len(own) < 0.9 * len(known) or not (own == 0).any():
        return False
    share = len(own) / distinct
    return bool(own.max() < distinct / 0.9) and int((own == 0).sum()) < OFTEN * share  # type: ignore[operator]
