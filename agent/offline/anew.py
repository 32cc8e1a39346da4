"""A message that was not understood as it stands, read anew: answered where that is sure, else asked back."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from agent.offline.agreement import FIGURE, UNSURE, doubts
from agent.offline.clauses import announces
from agent.offline.purposes import meant_by
from agent.offline.readings import Reading
from agent.offline.restated import loses, otherwise, parts_of, restated, without_reason
from agent.offline.roles import GUESSED, SMALL, SURE, TURNS, roles_in, without_talk
from agent.offline.second_look import asks_ordinarily, with_people
from language.beyond import beyond
from language.calendar_phrases import both_ways
from language.filler import FUNCTION, NOISE
from language.fiscal import is_convention
from language.followups import goes_on
from language.instructions import told_to_act
from language.scene import Call, Scene
from language.slots import Slots, read_slots

__all__ = ["read_anew"]

_SAY_AGAIN = (
    "Please say it in other words: the figure, of what or of whom, and the time, such as “orders in Germany in May”."
)

_NO_DATA = "There are no data on “{}” here: nothing that was loaded tells of it."
_WHAT_DATA = "Ask “what data do we have?” for what there is."
_OFFERS = " Near to it I can answer"
_HELP = (" Ask “help”", " Ask “what data do we have?”", " Ask without it")


_BOTH_WAYS = "The time you gave can be a month of that year or a day of that month: here are both."
_WISHES = (
    r"(?i)\b(?:hope|thanks?|sorry|wish|morning|afternoon|evening|weekend|(?:lovely|nice|good) day"
    r"|hello|hi|grateful|patient|excuse)\b"
)
_WITHOUT_EFFECT = (
    "I cannot take “{}” into account, and without it I would answer another question. Ask without it, or say it in"
    " other words."
)
_ASKS_ONLY = "You seem to ask for a figure or a list, and I would have done something instead. " + _SAY_AGAIN
_HABITS = {"repeat_rate", "repeat_customers", "one_time_customers"}  # figures that say of whom they are
_SENDING = "propose_campaign"
_FIGURES = {"query_metrics", "explain_change", "count_segment", "find_customers"}
_ALL = re.compile(r"(?:(?:in|of|across|over|for|from) )*(?:all|every|each|any)\b")
_NARROWING = "qbwxvr"  # roles of what a question is narrowed by
_IDLE = 0.8  # of a part that has to make a difference
_MAYBE = 0.6  # of another figure, where the question can be put in plain words with it
_PEOPLE_TOOLS = {"count_segment", "find_customers", "query_metrics"}
_OF_PEOPLE = r"(?:how many|which|what share of) (?:\w+ )?customers\b"
_Read = Callable[[str, Scene], list[Reading]]
_Acts = Callable[[Call], bool]


def read_anew(question: str, scene: Scene, read: _Read, acts: _Acts) -> list[Reading]:
    """The readings of `question`; of one with a time that may be two, those of both where each is answered.

    `acts` tells calls that do something: they are never guessed.
    """
    question, around = _without_talk(question, scene)
    readings = _read_anew(question, scene, read, acts)
    if all(reading.calls or reading.small for reading in readings):
        return _told_of(readings, around)
    # the month last: what is asked next goes on from it
    ways = [_read_anew(way, scene, read, acts) for way in reversed(both_ways(question, scene.today) or ())]
    told = [reading for way in ways for reading in way]
    answered = bool(told) and all(reading.calls or reading.small for reading in told)
    if not answered or any(acts(call) for reading in told for call in reading.calls):
        return readings
    told[-1].note = f"{_BOTH_WAYS} {told[-1].note}".strip()
    return _told_of(told, around)


def _without_talk(question: str, scene: Scene) -> tuple[str, list[str]]:
    """Without talk, and that; a sentence that tells a time is none where the next asks why it was so."""
    rest, around = without_talk(question, scene)
    dated = around and len(read_slots(question, scene).periods) > len(read_slots(rest, scene).periods)
    return (question, []) if dated and next(meant_by(question, scene), None) is not None else (rest, around)


def _read_anew(question: str, scene: Scene, read: _Read, acts: _Acts) -> list[Reading]:
    """What was not understood is read without what is surely speech, or as it may be meant."""
    read_before: set[str] = set()

    def answered(text: str) -> list[Reading] | None:
        if text in read_before:
            return None
        read_before.add(text)
        again = read(text, scene)
        if re.match(_OF_PEOPLE, text):
            tools = {call.tool for reading in again for call in reading.calls}
            if len(again) > 1 or not tools <= _PEOPLE_TOOLS:
                return None  # conditions of the same customers that were read one by one, or as something else
        whole = again[-1].calls and all(reading.calls or reading.small for reading in again)
        return again if whole and not any(acts(call) for reading in again for call in reading.calls) else None

    readings = read(question, scene)
    if all(reading.calls or reading.small for reading in readings):
        said = _held_back(question, scene, read, readings)
        return [Reading(question, said=said)] if said else _without_doubts(question, scene, answered, readings)
    if goes_on(read_slots(question, scene), answered=scene.last is not None or scene.unanswered):
        return readings
    for meant in meant_by(question, scene):
        if again := answered(meant.told):
            left = f" I used nothing of “{meant.unused}”." if meant.unused else ""
            again[-1].note = f"{again[-1].note} I read it as “{meant.told}”.{left}".strip()
            return again
    refused = any(not (reading.calls or reading.small or reading.lost) for reading in readings)
    plainer = without_reason(question, scene)
    tried: Iterable[str] = (
        [plainer, *otherwise(plainer, scene, SURE)] if plainer else [] if refused else otherwise(question, scene, SURE)
    )
    if (whom := with_people(question)) is not None:
        tried = itertools.chain([whom], tried)
    for told in tried:
        if (again := answered(told)) and not _speaks_against(question, told, again, scene):
            again[-1].note = f"{again[-1].note} I read it as “{told}”.".strip()
            return again
    named = [_named_better(each, scene) for each in readings]
    return _without_small_talk(_asked_back(question, scene, named, answered))


def _held_back(question: str, scene: Scene, read: _Read, readings: Sequence[Reading]) -> str | None:
    """Why what was read is not answered, where it leaves a part out or would do what nobody asked for."""
    if idle := _idle(question, scene, read, readings):
        return _WITHOUT_EFFECT.format(idle)
    sends = any(call.tool == _SENDING for reading in readings for call in reading.calls)
    return _ASKS_ONLY if sends and asks_ordinarily(question) else None


def _idle(question: str, scene: Scene, read: _Read, readings: Sequence[Reading]) -> str:
    """What narrows the question by what was learnt, and without which it would be read just the same."""
    made = [call for reading in readings for call in reading.calls]
    told = {call.tool for call in made} <= _FIGURES
    if not told or any(reading.small or reading.refers for reading in readings) or is_convention(question):
        return ""
    roles = roles_in(question).roles
    for part in parts_of(question, roles):
        told_by_itself = part.role == "w" and any(_HABITS & set(call.arguments.get("metrics", ())) for call in made)
        if (
            told_by_itself
            or part.role not in _NARROWING
            or part.sure < _IDLE
            or not _tells(part.text)
            or _is_typed(part.text, scene)
        ):
            continue
        rest = f"{question[: part.start]} {question[part.end :]}"
        if [call for reading in read(rest, scene) for call in reading.calls] == made:
            return question[part.start : part.end]
    return ""


def _is_typed(said: str, scene: Scene) -> bool:
    """A place, a condition: what is read by itself is looked for in the calls elsewhere."""
    slots = read_slots(f"revenue {said}", scene)
    return bool(slots.filters or slots.order_filters or slots.conditions.rule or slots.periods)


def _tells(said: str) -> bool:
    """ "With only one little thing in it", "vegan"; no "both", and no "just"."""
    words = set(re.findall(r"\w+", said)) - TURNS - NOISE
    return not _ALL.match(said) and (bool(words - SMALL) or len(words - FUNCTION) > 1)


def _named_better(reading: Reading, scene: Scene) -> Reading:
    """What tells to do something is refused as that, and a figure without data by its name, not word by word."""
    if reading.calls or not reading.lost:
        return reading
    slots = read_slots(reading.clause, scene)
    figures = slots.metrics or slots.dimensions or slots.grain
    said = _without_data(slots, scene) if figures else told_to_act(reading.clause)
    return replace(reading, said=said, lost=False) if said else reading


def _without_data(slots: Slots, scene: Scene) -> str | None:
    """ "How much VAT was in that", where nothing that was loaded tells of it."""
    absent = slots.metrics and not any(scene.metrics.get(name, True) for name in slots.metrics)
    words = next((words for mark, words in slots.taken if mark == "<metric>"), "") if absent else ""
    return f"{_NO_DATA.format(words)} {_WHAT_DATA}" if words else None


def _told_of(readings: list[Reading], around: Sequence[str]) -> list[Reading]:
    """The readings, with what was said around the question named; greetings, wishes and thanks are not."""
    named = [said.strip(" .!?;:,") for said in around if not re.search(_WISHES, said) and not announces(said)]
    if named and readings[-1].calls:
        readings[-1].note = f"{readings[-1].note} I used nothing of “{'. '.join(named)}”.".strip()
    return readings


def _doubts(reading: Reading, *, goes_on: bool, least: float = FIGURE) -> list[str]:
    """What of a clause by itself its calls may have wrong: one that goes on from others is not told by its words."""
    if not reading.calls or (reading.refers and goes_on) or reading.exact:
        return []
    sentence = roles_in(reading.clause)
    return doubts(sentence, list(parts_of(reading.clause, sentence.roles)), reading.calls, least)


def _speaks_against(question: str, told: str, readings: Sequence[Reading], scene: Scene) -> bool:
    """Whether the question, as it was said, speaks against what was made of plainer words, or says more than these."""
    sentence = roles_in(question)
    calls = [call for reading in readings for call in reading.calls]
    doubted = doubts(sentence, list(parts_of(question, sentence.roles)), calls)
    return bool(doubted) or (not _is_shortened(told, question) and loses(question, told, calls, scene))


def _is_shortened(told: str, question: str) -> bool:
    """Only words that are surely speech were left out."""
    words = iter(re.findall(r"\w+", question.lower()))
    return all(word in words for word in re.findall(r"\w+", told.lower()))


def _without_doubts(
    question: str, scene: Scene, answered: Callable[[str], list[Reading] | None], readings: list[Reading]
) -> list[Reading]:
    """The readings, those that their words speak against put again in plain words; else a question back."""
    before = [bool(scene.past) or any(earlier.calls for earlier in readings[:at]) for at in range(len(readings))]
    unsure = [_doubts(reading, goes_on=past) for reading, past in zip(readings, before, strict=True)]
    if not any(unsure):
        return _the_other_figure(question, scene, answered, readings, goes_on=before[0])
    if again := _put_plainly(question, scene, answered):
        return again
    sure: list[Reading] = []
    for reading, doubted in zip(readings, unsure, strict=True):
        sure += _put_plainly(reading.clause, scene, answered) if doubted and len(readings) > 1 else [reading]
    if len(sure) >= len(readings) > 1:
        return sure
    said = " and ".join(dict.fromkeys(UNSURE[doubt] for doubted in unsure for doubt in doubted))
    return [
        Reading(question, said=f"I am not sure {said}, and a guess might answer a different question. {_SAY_AGAIN}")
    ]


def _the_other_figure(
    question: str,
    scene: Scene,
    answered: Callable[[str], list[Reading] | None],
    readings: list[Reading],
    *,
    goes_on: bool,
) -> list[Reading]:
    """What the learnt roles make of a question where they see another figure, though not surely; else the readings.

    "Which 3 countries sent the most stuff back, in money" is not by revenue.
    """
    if len(readings) > 1 or "figure" not in _doubts(readings[0], goes_on=goes_on, least=_MAYBE):
        return readings
    again = _put_plainly(question, scene, answered)
    asked, told = ([_but_figures(call) for reading in each for call in reading.calls] for each in (readings, again))
    return again if asked == told else readings


def _but_figures(call: Call) -> tuple[str, dict[str, Any]]:
    return call.tool, {name: value for name, value in call.arguments.items() if name not in ("metrics", "order_by")}


def _put_plainly(clause: str, scene: Scene, answered: Callable[[str], list[Reading] | None]) -> list[Reading]:
    """The readings of `clause` in plain words, where there are any that its own words do not speak against."""
    told = restated(clause, roles_in(clause), scene)
    again = answered(told) if told else None
    if not told or not again or _speaks_against(clause, told, again, scene):
        return []
    again[-1].note = f"{again[-1].note} I read it as “{told}”.".strip()
    return again


def _without_small_talk(readings: list[Reading]) -> list[Reading]:
    """ "Is it true?" beside what was not answered asks nothing by itself."""
    refused = [reading for reading in readings if not reading.small]
    return readings if any(reading.calls for reading in readings) else refused or readings


def _asked_back(
    question: str, scene: Scene, readings: list[Reading], answered: Callable[[str], list[Reading] | None]
) -> list[Reading]:
    """The readings with a question back, where something is understood that may be all that was meant."""
    lost = any(reading.lost for reading in readings) and not any(reading.calls for reading in readings)
    if not lost or scene.unanswered or beyond(read_slots(question, scene)):
        return readings
    told = next(
        (
            told
            for told in otherwise(question, scene, GUESSED)
            if (again := answered(told)) and not _speaks_against(question, told, again, scene)
        ),
        None,
    )
    if told is None:
        return readings
    return [Reading(question, said=f"{_named(readings)} Did you mean this?\n\n- “{told}”", lost=True)]


def _named(readings: Sequence[Reading]) -> str:
    """What was not understood, without what else could be asked."""
    said = next(reading.said or "" for reading in readings if not (reading.calls or reading.small))
    for end in (_OFFERS, *_HELP):
        said = said.partition(end)[0]
    return said
