"""The words by which a text names a person, as Python reads them; PostgreSQL's turn is in test_privacy.py."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from typing import Any

import pytest

from database.erasure.person import Person
from database.erasure.words import Words, words_of

NAMED = (
    "write to ann.q@example.com today", "ANN.Q@EXAMPLE.COM", '{"to": "ann.q@example.com"}', "<ann.q@example.com>",
    "who=ann.q%40example.com&x=1", "a\\nann.q@example.com", "a%20ann.q@example.com",
    "+49 171 5550199", "0171/5550199", "+49 (171) 555-0199", "00491715550199", "call 0171.555.01.99!",
    "Änne Quaxmarkel", "QUAXMARKEL, ÄNNE", "Quaxmarkel  Änne", "änne_quaxmarkel.csv", json.dumps("Änne Quaxmarkel"),
    "quaxmarkel-export.xlsx", "Mrs. Quaxmarkel's", "one\\nQuaxmarkel", "&lt;Quaxmarkel&gt;", "customer 42 is cross",
    '{"customer_id": "42"}', "cus_1234567", "they live in Vorbelheim",
)  # fmt: skip
SPARED = (
    "joann.q@example.com", "ann.q@example.com.au", "ann.q@example.community", "+49 171 55501991", "5550199",
    "Quaxmarkels", "Quax markel", "42 mugs", "customer 421", "customers: 3, 42", "Anne Quax", "xcus_12345678", "Änne",
)  # fmt: skip


class Nowhere:
    """A shop in which nobody else has the words."""

    def execute(self, *_asked: Any) -> Nowhere:
        return self

    def scalar_one(self) -> bool:
        return False


def words_of_ann() -> Words:
    ann = Person(
        1, "42", names=("Änne Quaxmarkel",), cities=("Vorbelheim",), numbers=("42",), vendors=("vendor:x|cus_1234567",),
        addresses=(("email", "ann.q@example.com"), ("phone", "+491715550199"), ("email", "info@example.com")),
        shared=frozenset({"info@example.com"}),
    )  # fmt: skip
    return words_of(Nowhere(), ann)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def words() -> Words:
    return words_of_ann()


@pytest.mark.parametrize("said", NAMED)
def test_named(words: Words, said: str) -> None:
    assert words.named_in(said)
    assert words.pattern.search(said)


@pytest.mark.parametrize("said", [*SPARED, "info@example.com"])
def test_not_named(words: Words, said: str) -> None:
    assert not words.named_in(said)
    assert not words.pattern.search(said)


def packed(said: bytes) -> dict[str, bytes]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("inner.csv.gz", gzip.compress(said))
    return {"plain": said, "gzip": gzip.compress(said), "in a zip": archive.getvalue()}


@pytest.mark.parametrize("form", ["plain", "gzip", "in a zip"])
def test_within_what_is_packed(words: Words, form: str) -> None:
    assert words.within(packed(b"id,name\n1,Mr Quaxmarkel\n")[form])
    assert not words.within(packed(b"id,name\n1,Mr Nobody\n")[form])
