"""The words by which texts name a person, as one regular expression that PostgreSQL and Python read alike.

Addresses are looked for as they stand, telephone numbers with whatever stands between their digits, names with
whatever blanks, in either order. Short numbers are meant only behind the word customer: 42 is many things. A family
name or a town is a word of its own where nobody and nothing else in the shop is called so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from urllib.parse import quote

from sqlalchemy import Connection, text

from database.erasure.packed import texts
from database.erasure.person import Person

__all__ = ["Words", "words_of"]

NOBODY = "nobody-of-this-name-5d0c7d1e"  # what is looked for of somebody who goes by nothing of their own
LONG_NUMBER = 5  # characters from which a number of the shop is looked for without the word customer
LONG_WORD = 5  # letters from which a part of a name, or a town, is looked for by itself
OF_TELEPHONE = 9  # last digits of a telephone number that are the same however it is written

# Where a word or an address begins and ends. The two read letters and digits otherwise, so these stand in their place.
BEGIN, END, ADDRESS_BEGIN, ADDRESS_END = "\ue000", "\ue001", "\ue002", "\ue003"
# A letter before a word may be the rest of a line break in JSON, or of a blank in a link.
_ESCAPED = r"|(?<=\\[nrtbf])|(?<=\\u00[0-9A-Fa-f][0-9A-Fa-f])|(?<=%[0-9A-Fa-f][0-9A-Fa-f])"
_IN_SQL = {
    BEGIN: rf"(?:(?<![[:alnum:]]){_ESCAPED})",
    END: r"(?![[:alnum:]])",
    ADDRESS_BEGIN: rf"(?:(?<![[:alnum:]._+-]){_ESCAPED})",
    ADDRESS_END: r"(?![[:alnum:]_-]|\.[[:alnum:]])",
}
_IN_PYTHON = {
    BEGIN: rf"(?:(?<![^\W_]){_ESCAPED})",
    END: r"(?![^\W_])",
    ADDRESS_BEGIN: rf"(?:(?<![\w.+-]){_ESCAPED})",
    ADDRESS_END: r"(?![\w-]|\.[^\W_])",
}
_ELSEWHERE = """
    select exists (select from customers where id <> :id and {person})
        or exists (select from orders where customer_id is distinct from :id and {order})
        or exists (select from products where {product})
"""


@dataclass(frozen=True)
class Words:
    """Ways to name a person. Whatever names them has one of `needles`, in small letters, or one row of `digits`."""

    ways: tuple[str, ...]
    needles: tuple[str, ...] = ()
    digits: tuple[str, ...] = ()

    @property
    def telephones(self) -> tuple[str, ...]:
        """Telephone numbers, with whatever stands between their digits."""
        return tuple(r"[+0-9(][-0-9() ./]*" + r"[-() ./]*".join(row) + r"(?![0-9])" for row in self.digits)

    @cached_property
    def in_sql(self) -> str:
        """For `~*` and `without_words`."""
        return _read("|".join((*self.ways, *self.telephones)) or NOBODY, _IN_SQL)

    @property
    def values(self) -> dict[str, object]:
        """What `condition` binds."""
        needles = ["%" + re.sub(r"([\\%_])", r"\\\1", needle) + "%" for needle in self.needles]
        return {"words": self.in_sql, "needles": needles, "digits": [f"%{digits}%" for digits in self.digits]}

    @staticmethod
    def condition(*columns: str) -> str:
        """SQL: whether one of these expressions names the person."""
        said = ", ".join(f"{column}::text" for column in columns)
        return f"names_person(concat_ws(E'\\n', {said}), :needles, :digits, :words)"

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """For Python."""
        return re.compile(_read("|".join((*self.ways, *self.telephones)) or NOBODY, _IN_PYTHON), re.IGNORECASE)

    @cached_property
    def _telephones(self) -> re.Pattern[str]:
        return re.compile("|".join(self.telephones) or NOBODY)

    def named_in(self, said: str) -> bool:
        """Whether a text names the person. Most do not, and have none of the needles: a tenth of the time."""
        small = said.lower()
        likely = any(needle in small for needle in self.needles) or self._telephones.search(said)
        return bool(likely and self.pattern.search(said))

    def within(self, data: bytes) -> bool:
        """Whether octets of whatever kind name the person, as text or in what they are packed into."""
        return any(self.named_in(said) for said in texts(data))


def words_of(connection: Connection, person: Person, spared: Iterable[str] = ()) -> Words:
    """The words for a person; `spared` are addresses that are somebody's who works here."""
    left = person.shared | {word.lower() for word in spared}
    found = _Found()
    for kind, address in person.addresses:
        if address.lower() not in left:
            found.telephone(address) if kind == "phone" else found.address(address)
    for number in person.numbers:
        if "@" not in number and number.lower() not in left:
            found.number(number)
    for vendor in person.vendors:
        found.number(vendor.partition("|")[2])
    for name in person.names:
        pieces = re.findall(r"[^\W_]+(?:['’.-][^\W_]+)*", name)
        if len(pieces) > 1:
            found.name(pieces)
        for piece in pieces:
            if _is_only_theirs(connection, person, piece):
                found.word(piece)
    for city in person.cities:
        if _is_only_theirs(connection, person, city):
            found.word(city)
    return Words(
        tuple(dict.fromkeys(found.ways)), tuple(dict.fromkeys(found.needles)), tuple(dict.fromkeys(found.digits))
    )


class _Found:
    """Ways to name somebody, as they are gathered."""

    def __init__(self) -> None:
        self.ways: list[str] = []
        self.needles: list[str] = []
        self.digits: list[str] = []

    def address(self, address: str) -> None:
        self.ways.append(f"{ADDRESS_BEGIN}(?:{_any_form(address)}){ADDRESS_END}")
        self._needle(address)

    def word(self, word: str) -> None:
        self.ways.append(f"{BEGIN}(?:{_any_form(word)}){END}")
        self._needle(word)

    def name(self, pieces: Sequence[str]) -> None:
        gap = r"(?:[\s,+_.]|%20|%2C|&nbsp;)+"
        for order in (pieces, [pieces[-1], *pieces[:-1]]):
            self.ways.append(f"{BEGIN}{gap.join(f'(?:{_any_form(piece)})' for piece in order)}{END}")
        self._needle(max(pieces, key=len))

    def number(self, number: str) -> None:
        if len(number) >= LONG_NUMBER:
            self.word(number)
            return
        self.ways.append(f"customer(?:_?id)?[^0-9A-Za-z]{{1,6}}(?:{_any_form(number)}){END}")
        self.needles.append("customer")

    def telephone(self, address: str) -> None:
        digits = re.sub(r"\D", "", address)[-OF_TELEPHONE:]
        if len(digits) < LONG_NUMBER:
            self.address(address)
        else:
            self.digits.append(digits)

    def _needle(self, said: str) -> None:
        """In all small letters, and with none but those of ASCII small: PostgreSQL may know no others."""
        for form in _forms(max(said.split(), key=len)):
            self.needles += [form.lower(), re.sub("[A-Z]+", lambda letters: letters[0].lower(), form)]


def _read(expression: str, edges: dict[str, str]) -> str:
    for mark, edge in edges.items():
        expression = expression.replace(mark, edge)
    return expression


def _is_only_theirs(connection: Connection, person: Person, word: str) -> bool:
    if len(word) < LONG_WORD or word.isdecimal():
        return False
    found = _Found()
    found.word(word)
    alone = Words(tuple(found.ways), tuple(found.needles))
    query = _ELSEWHERE.format(
        person=alone.condition("name", "city", "country"),
        order=alone.condition("city", "country"),
        product=alone.condition("name", "category"),
    )
    return not connection.execute(text(query), {"id": person.id, **alone.values}).scalar_one()


def _any_form(said: str) -> str:
    return "|".join(_literal(form) for form in _forms(said))


def _forms(said: str) -> list[str]:
    """A text as it may be written: in other letters' case, in JSON, in HTML, in links."""
    made = dict[str, None]()
    for case in (said, said.lower(), said.upper(), said.title()):
        made |= dict.fromkeys((case, json.dumps(case)[1:-1], json.dumps(case, ensure_ascii=False)[1:-1]))
        made |= dict.fromkeys((escape(case), quote(case), quote(case, safe="@")))
    alike = {form.lower() if form.isascii() else form: form for form in reversed(made)}
    return list(alike.values())


def _literal(said: str) -> str:
    return re.sub(r"([^\w\s@])", r"\\\1", said).replace(" ", r"\s+")
