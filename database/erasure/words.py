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
from html import escape
from urllib.parse import quote

from sqlalchemy import Connection, text

from database.erasure.person import Person

__all__ = ["Words", "words_of"]

EDGE = "\ue000"
NOBODY = "nobody-of-this-name-5d0c7d1e"  # what is looked for of somebody who goes by nothing of their own
LONG_NUMBER = 5  # characters from which a number of the shop is looked for without the word customer
LONG_WORD = 5  # letters from which a part of a name, or a town, is looked for by itself
OF_TELEPHONE = 9  # last digits of a telephone number that are the same however it is written
_ELSEWHERE = """
    select exists (select from customers where id <> :id and (name ~* :word or city ~* :word or country ~* :word))
        or exists (select from orders where customer_id is distinct from :id and (city ~* :word or country ~* :word))
        or exists (select from products where name ~* :word or category ~* :word)
"""


@dataclass(frozen=True, slots=True)
class Words:
    """The expression; EDGE stands for the edge of a word, which the two write differently."""

    expression: str

    @property
    def in_sql(self) -> str:
        """For `~*` and `without_words`."""
        return self.expression.replace(EDGE, r"\y")

    @property
    def compiled(self) -> re.Pattern[str]:
        """For Python."""
        return re.compile(self.expression.replace(EDGE, r"\b"), re.IGNORECASE)

    def within(self, data: bytes) -> bool:
        """Whether octets of whatever kind name the person, as text or in what they are packed into."""
        from database.erasure.packed import texts

        return any(self.compiled.search(said) for said in texts(data))


def words_of(connection: Connection, person: Person, spared: Iterable[str] = ()) -> Words:
    """The words for a person; `spared` are addresses that are somebody's who works here."""
    left = person.shared | {word.lower() for word in spared}
    parts = [_address(a) for kind, a in person.addresses if kind != "phone" and a.lower() not in left]
    parts += [_telephone(a) for kind, a in person.addresses if kind == "phone" and a.lower() not in left]
    parts += [_number(n) for n in person.numbers if "@" not in n and n.lower() not in left]
    parts += [_address(v.partition("|")[2]) for v in person.vendors if len(v.partition("|")[2]) >= LONG_NUMBER]
    for name in person.names:
        pieces = re.findall(r"[^\W_]+(?:['’.-][^\W_]+)*", name)
        parts += _name(pieces) if len(pieces) > 1 else []
        parts += [_word(p) for p in pieces if _is_only_theirs(connection, person, p)]
    parts += [_word(city) for city in person.cities if _is_only_theirs(connection, person, city)]
    return Words("|".join(dict.fromkeys(parts)) or NOBODY)


def _is_only_theirs(connection: Connection, person: Person, word: str) -> bool:
    if len(word) < LONG_WORD or word.isdecimal():
        return False
    values = {"id": person.id, "word": rf"\y{_escaped(word)}\y"}
    return not connection.execute(text(_ELSEWHERE), values).scalar_one()


def _address(address: str) -> str:
    return _forms(address)


def _word(word: str) -> str:
    return f"{EDGE}(?:{_forms(word)}){EDGE}"


def _name(pieces: Sequence[str]) -> list[str]:
    gap = r"(?:[\s,+_.]|%20|%2C|&nbsp;)+"
    orders = [list(pieces), [pieces[-1], *pieces[:-1]]]
    return [f"{EDGE}{gap.join(f'(?:{_forms(piece)})' for piece in order)}{EDGE}" for order in orders]


def _number(number: str) -> str:
    ends = [EDGE if end.isalnum() else "" for end in (number[0], number[-1])]
    if len(number) >= LONG_NUMBER:
        return f"{ends[0]}(?:{_forms(number)}){ends[1]}"
    return f"customer(?:_?id)?[^0-9A-Za-z]{{1,6}}(?:{_forms(number)}){ends[1]}"


def _telephone(address: str) -> str:
    digits = re.sub(r"\D", "", address)[-OF_TELEPHONE:]
    if len(digits) < LONG_NUMBER:
        return _address(address)
    return r"[+0-9(][-0-9() ./]*" + r"[-() ./]*".join(digits) + r"(?![0-9])"


def _forms(said: str) -> str:
    """A text as it may be written: in other letters' case, in JSON, in HTML, in links."""
    cases = (said, said.lower(), said.upper(), said.title())
    made = dict.fromkeys(cases)
    for case in cases:
        made |= dict.fromkeys((json.dumps(case)[1:-1], json.dumps(case, ensure_ascii=False)[1:-1]))
        made |= dict.fromkeys((escape(case), quote(case), quote(case, safe="@")))
    alike = dict[str, str]()
    for form in made:
        alike.setdefault(form if form.isascii() is False else form.lower(), form)
    return "|".join(_escaped(form) for form in alike.values())


def _escaped(said: str) -> str:
    return re.sub(r"([^\w\s@])", r"\\\1", said).replace(" ", r"\s+")
