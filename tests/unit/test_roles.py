"""What in a message is speech, and how a question is put again in plain words."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import numpy as np
import pytest

from agent.offline import anew
from agent.offline.learn_roles import MARKED, marked_in, parsed
from agent.offline.restated import restated
from agent.offline.roles import GUESSED, KEPT, essence, role_model, tells
from analytics.text.encoder import encoder
from analytics.text.role_training import Marked, Training, train, variants
from analytics.text.roles import SPEECH, RoleModel
from language.vocabulary import DIMENSIONS, METRICS
from tests.unit.offline_scene import read_question, scene

SPOKEN = [
    ("Dear all, for the board paper i require gross sales in 2011", "gross sales in 2011"),
    ("my daughter asks what the largest order this year was lol", "what the largest order this year was"),
    ("i just started here and i dont know the words yet. how many orders this month", "how many orders this month"),
    ("pls do the needful: refunds by category, only united kingdom", "refunds by category, only united kingdom"),
]
NARROWING = [
    "revenue from wholesale customers in May",
    "orders shipped late in november",
    "revenue without gift sets last month",
    "units of the premium line in March 2011",
    "orders paid by card in October",
    "only repeat orders in May",
    "not revenue but orders in May",
]
AGAIN = [
    ("slowest ten items in the past 90 days, by pieces", "bottom 10 product by units in the past 90 days"),
    ("how much less revenue did italy bring than france in q2", "revenue by country in italy and france in q2"),
    ("how much revenue did italy bring us in q2", "revenue in italy in q2"),  # us, and not the US
    ("orders worth less than $15, how many, 2025", "orders worth less than $15 in 2025"),
    (
        "Bonjour, I would like the new clients of France in the first half 2011, month per month",
        "new customers in france per month in the first half 2011",
    ),
]
NOT_AGAIN = [
    "orders paid with klarna this year",  # narrowed by what no plain question holds
    "pause the winback campaign",  # no figure
    "frequent buyers who do not open emails",  # not all buyers
    "revenue in May, no wait, orders",  # put right half-way
    "turnover of germany fortnightly in 2011",  # no steps that a plain question holds
    "what share of revenue came from germany in may compared with april",  # a share of two times
    "weather in Berlin tomorrow",
]


@pytest.mark.parametrize(("message", "left"), SPOKEN)
def test_speech_goes_and_the_question_stays(message: str, left: str) -> None:
    assert essence(message, scene()).rstrip(".?") == left


@pytest.mark.parametrize("message", NARROWING)
def test_what_narrows_a_question_is_never_speech(message: str) -> None:
    assert set(re.findall(r"\w+", message.lower())) - {"the", "of", "in", "by"} <= set(
        re.findall(r"\w+", essence(message, scene()).lower())
    )


@pytest.mark.parametrize("word", ["zorbed", "quuxian", "gravlaxed", "1987", "except", "never"])
@pytest.mark.parametrize("question", ["how many orders did we get in March", "revenue by country in May, please"])
def test_a_made_up_word_a_number_or_a_turning_word_never_goes(question: str, word: str) -> None:
    words = question.split()
    for at in range(len(words) + 1):
        said = " ".join([*words[:at], word, *words[at:]])
        assert word in essence(said, scene()), said


@pytest.mark.parametrize(("message", "plainly"), AGAIN)
def test_a_question_is_put_again_in_plain_words(message: str, plainly: str) -> None:
    assert restated(message, role_model().read(message), scene()) == plainly


@pytest.mark.parametrize("message", NOT_AGAIN)
def test_what_no_plain_question_holds_is_not_put_again(message: str) -> None:
    assert restated(message, role_model().read(message), scene()) is None


def test_how_it_was_read_is_said_beside_the_answer() -> None:
    reading = read_question("my daughter asks what the largest order this year was lol", scene())[-1]
    assert reading.calls[0].arguments["metrics"] == ["largest_order"]
    assert reading.note == "I read it as “what the largest order this year was”."


@pytest.mark.parametrize(
    "message",
    [
        "my grandma insists we write an e-mail to the customers in Germany",
        "the landlord is nervous, so save the customers in Germany as a segment",
    ],
)
def test_nothing_is_drafted_or_saved_from_a_part_of_a_message(message: str) -> None:
    for reading in read_question(message, scene()):
        assert not (reading.calls and "I read it as" in reading.note), reading


def test_a_follow_up_to_what_was_not_understood_is_not_read_alone() -> None:
    before = scene()
    before.unanswered = True
    assert not any(reading.calls for reading in read_question("and how many orders, my boss asks", before))


def test_every_marked_question_names_figures_and_dimensions_that_there_are() -> None:
    unknown = []
    for path in sorted(MARKED.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            for _, role, name in parsed(json.loads(line)["q"]):
                known = {"m": METRICS.keys(), "d": DIMENSIONS.keys(), "v": {*DIMENSIONS, "segment"}}.get(role)
                if known is not None and name not in {*known, "other", "segment"}:
                    unknown.append((path.name, role, name))
    assert not unknown


def test_the_marked_questions_are_told_apart_well() -> None:
    """On every 40th one that was learnt from; what it does with others, evals tell."""
    model, right, words = role_model(), 0, 0
    questions = [q for path in sorted(MARKED.glob("*.jsonl")) for q in marked_in(path)][::40]
    for question in questions:
        told = model.read(" ".join(word for word, _, _ in question.words)).roles
        if len(told) == len(question.words):
            right += sum(role.role == wanted for role, (_, wanted, _) in zip(told, question.words, strict=True))
            words += len(told)
    assert words > 1_000
    assert right / words > 0.85


def _small() -> RoleModel:
    questions = [Marked(parsed(f"please tell me {{m.revenue revenue}} {{t in {month}}}"), "metrics") for month in
                 ("may", "june", "july", "march")]  # fmt: skip
    questions += [
        Marked(parsed(f"{{k pause}} the {{k campaign}} {word}"), "campaign_step") for word in ("now", "thanks")
    ]
    return train(questions, how=Training(first=5, copies=4, epochs=12, batch=6, rate=2e-3))


def test_what_is_learnt_is_read_and_kept(tmp_path: Any) -> None:
    model = _small()
    told = model.read("please tell me revenue in april")
    assert [role.role for role in told.roles] == [SPEECH, SPEECH, SPEECH, "m", "t", "t"]
    assert told.request == "metrics"
    assert told.roles[3].names == "revenue"
    model.save(tmp_path / "roles.npz")
    again = RoleModel.of(tmp_path / "roles.npz").read("please tell me revenue in april")
    assert [role.role for role in again.roles] == [role.role for role in told.roles]
    assert np.allclose([r.speech for r in again.roles], [r.speech for r in told.roles], atol=0.02)


def test_layers_are_read_as_they_are_trained() -> None:
    """With the encoder's own weights the trained layers give the encoder's states."""
    import torch

    from analytics.text.role_training import _copied, _through

    text = [["revenue", "in", "may"]]
    below, above = encoder().word_states(text, 5), encoder().word_states(text, 6)
    weights = _copied("encoder.layer.5")
    with torch.no_grad():
        made = _through(torch.tensor(below.states), torch.tensor(below.mask), weights, training=False)
    assert np.allclose(made.numpy(), above.states, atol=1e-4)


def test_variants_keep_every_role_and_name() -> None:
    question = Marked(
        parsed("morning! {m.revenue sales} {v.country in spain} {t last week}, cheers mate thanks"), "metrics"
    )
    other = Marked(parsed("hi there you {m.orders orders} {v.country from france} {t today} for my boss"), "metrics")
    for made in variants([question, other], 20, random.Random(1)):
        roles = [role for n, (_, role, _) in enumerate(made.words) if n == 0 or made.words[n - 1][1] != role]
        assert [role for role in roles if role != SPEECH] == ["m", "v", "t"]
        assert {name for _, role, name in made.words if role == "m"} <= {"revenue", "orders"}


def test_no_text_and_a_text_too_long_are_left_as_they_are() -> None:
    assert essence("", scene()) == ""
    long = "please " * 400 + "revenue"
    assert essence(long, scene()) == long
    assert KEPT.stat().st_size < 25_000_000


def test_a_place_or_a_day_that_the_question_is_not_of_is_told() -> None:
    rest = "how many German customers ordered in May 2011"
    assert not tells("a card for Germany", scene(), rest)
    assert tells("a card for France", scene(), rest)
    assert not tells("I must book it today", scene(), rest)
    assert tells("I must book it today", scene(), "refunds of Germany")
    assert tells("in June", scene(), rest)


def test_what_a_reason_names_is_not_asked_for() -> None:
    asked = "customers who bought a red mug in 2011"
    (call,) = [
        call
        for reading in read_question(f"{asked}, because the supplier has a spare part for them", scene())
        for call in reading.calls
    ]
    assert "red mug" in str(call.arguments["rule"])
    for refused in ("who is the supplier of the red mug", "chargebacks in october 2011"):
        assert not any(reading.calls for reading in read_question(refused, scene()))


def test_what_moved_a_figure_is_not_how_much_it_moved() -> None:
    assert not any(reading.calls for reading in read_question("what moved revenue", scene()))


def test_what_may_be_meant_is_asked_back_and_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "revenue in May 2011 of the flimflam"
    (refused,) = read_question(asked, scene())
    assert not refused.calls
    monkeypatch.setattr(anew, "otherwise", lambda _said, _scene, trust: ["revenue in May 2011"] * (trust is GUESSED))
    (back,) = read_question(asked, scene())
    assert not back.calls
    assert "flimflam" in (back.said or "")
    assert (back.said or "").endswith("Did you mean this?\n\n- “revenue in May 2011”")
    monkeypatch.setattr(anew, "otherwise", lambda _said, _scene, trust: ["write an email to the champions"])
    (still,) = read_question(asked, scene())
    assert (still.calls, still.said) == (refused.calls, refused.said)
