"""From a question to what it asks: clauses, each with its intent and the tool calls that answer it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from functools import cached_property
from typing import Any

from agent.offline.anew import read_anew
from agent.offline.clauses import clauses_of, completed
from agent.offline.continued import continued
from agent.offline.meaning import NONE, Meaning
from agent.offline.named_groups import without_names
from agent.offline.parts import ASKING, PEOPLE, by_parts, is_figure, is_takings, marks_of, speaks_of_people
from agent.offline.readings import Reading
from agent.offline.refusals import CANNOT_NARROW, FOREIGN, NOT_ALONE
from agent.offline.scene import past
from agent.offline.second_look import hangs_on, meant_alone, meant_instead
from agent.offline.smalltalk import small_talk
from agent.offline.trust import QUESTION, doubtful, loses_its_rows, says_too_little
from language.beyond import beyond
from language.followups import is_fragment
from language.foreign import is_foreign
from language.held import cannot_hold, not_held, other_days
from language.instructions import instruction
from language.references import by_its_date, of_the_one, point_back
from language.requests import Answerable, Noted, Request, made
from language.residue import is_not_understood, not_understood, unexplained, unknown_words
from language.scene import Call, Scene
from language.slots import Slots, read_slots
from language.spelling import is_english
from language.turned import says_wrong
from language.vocabulary import known_words
from tools.audience.asked import in_their_time
from tools.catalogue import Catalogue
from tools.declaration import Effect, SubAgent

__all__ = ["Reader", "Reading"]

# requests that see themselves to it that nothing is left out
_COMPLETE = frozenset(
    {"metrics", "customers_list", "customers_count", "save_segment", "campaign", "revise", "playbook_change", "meaning"}
)
# probabilities: below the first a clause that holds a figure asks for it, below the second nothing can be told
_CERTAIN = 0.9  # and above it what it is made of does not speak against what it means
_SURE = 0.6
_LIKELY = 0.35
_THINKABLE = 0.1
_CLOSE = 0.2  # and what else may be meant, where the likeliest cannot hold all that was said
_NOTHING = 0.8  # of "none of these", from which a word that names a figure makes no question of it
_TIE = 0.7  # of the likelier one's probability: too close to choose
_NAMED = 4  # words that a refusal names
_NEAR = 0.15  # worth offering beside "none of these"
_BY_PARTS = frozenset({"metrics", "customers_list", "customers_count", NONE})  # told apart by what a clause holds
_LISTS = frozenset({"customers_list", "customers_count"})
_WILL = r"\b(?:will|going to)(?: \w+){1,3}"
_PUT_RIGHT = (
    r"(?i)(.{6,}?),? (?:no,? (?:wait|sorry|i mean)|sorry,? (?:no|i mean)|i meant?|or rather|make that|scratch that"
    r"|correction)[,:]* (\S.*)"
)
# "By country", "compared to May": of what was asked before, where that cannot be cut or compared so
_LEFT_OPEN = (
    r"(?:and |so |but |then )*(?:when|where|who|how|which(?: 1| one| ones)?)[?.! ]*"
    r"|(?:and |now |so |please |then )*(?:(?:by|per|for each|in each|split by|broken down by) (?:<dimension>|<grain>)"
    r"|<compare> <period>)[?.! ]*"
)
# "How does that compare to last December", after what is no figure of two times
_THAT_COMPARED = r"\b(?:does|do|did|is) (?:that|this|it) compare|\bcompare (?:that|this|it)\b"


class Reader:
    """Reads questions as requests for the capabilities of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        declared = [(request, tool) for tool in catalogue.tools.values() for request in tool.questions]
        self.requests = [request for request, _ in declared]
        self._tools = {request.name: tool for request, tool in declared}
        self._grammars = [request.reads for request in self.requests if request.reads is not None]

    def read_question(self, question: str, scene: Scene) -> list[Reading]:
        """The readings of a question's clauses; later ones know the calls of earlier ones.

        What is not understood as it stands is read anew, without what is speech in it.
        """
        if is_foreign(question, scene.names()):
            return [Reading(question, said=FOREIGN)]
        return read_anew(without_names(question, scene), scene, self._read, self._acts)

    def _acts(self, call: Call) -> bool:
        """Whether a call does something or proposes it; what only foretells and keeps that does not."""
        tool = self.catalogue.get(call.tool)
        return tool.effect != Effect.READ and (tool.effect, tool.basis) != (Effect.COMPUTE, "prediction")

    def _read(self, question: str, scene: Scene) -> list[Reading]:
        if (exact := self._read_exactly(question, scene)) is not None:
            return [exact]
        readings: list[Reading] = []
        seen = replace(scene, past=list(scene.past))
        for clause in self._clauses(question, scene):
            reading = self.read_clause(clause, seen)
            readings.append(reading)
            made = [past(call, self.catalogue) for call in reading.calls]
            seen.past += [replace(call, clause=-len(readings)) for call in made]
            seen.unanswered = seen.unanswered if reading.small else not made
        return self._trusted(readings, scene)

    def _trusted(self, readings: list[Reading], scene: Scene) -> list[Reading]:
        """The readings without those that may be about what was not understood beside them."""
        asked = [reading for reading in readings if not reading.small]
        clauses, made = [r.clause for r in asked], [r.calls for r in asked]
        acts = [any(map(self._acts, r.calls)) for r in asked]
        for at in doubtful(clauses, made, acts, lambda clause: read_slots(clause, scene)):
            at_hand = readings.index(asked[at])
            said = NOT_ALONE.format(asked[at].clause.strip(" .?!;:,"))
            readings[at_hand] = Reading(asked[at].clause, said=said, lost=True)
        return readings

    def _clauses(self, question: str, scene: Scene) -> list[str]:
        if any(request.whole and re.search(request.whole, question, re.IGNORECASE) for request in self.requests):
            return [question]
        return completed(clauses_of(question), scene)

    def read_clause(self, clause: str, scene: Scene) -> Reading:
        """The reading of one clause."""
        if (told := self._told_at_once(clause, scene)) is not None:
            return told
        slots = read_slots(clause := by_its_date(clause, scene), scene := in_their_time(clause, scene))
        if slots.when.problems:
            return Reading(
                clause, said=_beyond(self.choose(slots, scene.product_words), slots, scene) or slots.when.problems[0]
            )
        if (said := point_back(slots, scene)) is not None:
            return Reading(clause, said=said)
        carried = continued(clause, slots, scene, self.catalogue)
        if isinstance(carried, str) and (said := _beyond(None, slots, scene)) is not None:
            return Reading(clause, said=said)
        if carried is not None:
            unheard = _changes_nothing(slots, carried, scene)
            return Reading(clause, said=CANNOT_NARROW) if unheard else self._reading(clause, carried, refers=True)
        set_against = slots.has(_THAT_COMPARED) and not slots.metrics
        if scene.last is not None and (set_against or is_fragment(slots) or re.fullmatch(_LEFT_OPEN, slots.text)):
            return Reading(clause, said=CANNOT_NARROW)
        if (named := of_the_one(clause, slots, scene)) is not None:
            slots = read_slots(named, scene)
        first = self.choose(slots, scene.product_words)
        request = self._looked_at_again(clause, first, slots)
        if scene.last and request and request.name not in _BY_PARTS and hangs_on(clause, request.name):
            return Reading(clause, said=CANNOT_NARROW)
        if (said := _beyond(request, slots, scene)) is not None:
            return Reading(clause, said=said)
        if request is None:
            return Reading(clause, said=self._out_of_scope(slots), lost=True)
        request, rival = self._rivals(request, slots, scene) if request is first else (request, None)
        if rival is not None:
            return Reading(clause, said=self._which(request, rival, slots))
        if (said := _left_out(request, slots)) is not None:
            return Reading(clause, said=said, lost=bool(unknown_words(slots, request.words)))
        others = self._others(request, slots) if request is first else []
        reading = self._whole(clause, slots, scene, [request, *others])
        if reading.calls and says_too_little(request, slots, scene):
            return Reading(clause, said=self._out_of_scope(slots))
        return Reading(clause, said=CANNOT_NARROW) if loses_its_rows(slots, reading.calls, scene) else reading

    def _read_exactly(self, clause: str, scene: Scene) -> Reading | None:
        """The reading of a clause, or of several at once, that the grammar of one request explains to the last word."""
        slots = read_slots(clause, scene)
        for read in self._grammars:
            if calls := read(slots, scene):
                return replace(self._reading(clause, calls, refers=_refers(slots)), exact=True)
        return None

    def _told_at_once(self, clause: str, scene: Scene) -> Reading | None:
        """Small talk, an instruction that cannot be carried out, or what is put right at once."""
        if (said := small_talk(clause)) is not None:
            return Reading(clause, said=said or self.capabilities(), small=True)
        if (said := instruction(clause, scene)) is not None:
            return Reading(clause, said=said)
        return self._put_right(clause, scene) or self._read_exactly(clause, scene)

    def _whole(self, clause: str, slots: Slots, scene: Scene, requests: Sequence[Request]) -> Reading:
        """The likeliest reading whose calls hold everything that was said; where none does, what would be left out."""
        missing: list[str] = []
        for by_words, request in itertools.product((False, True), requests):
            built = request.calls(slots, scene)
            left = self._left(request, built, slots, by_words=by_words)
            if not left and (not missing or not isinstance(built, str)):
                reading = self._reading(clause, built, refers=_refers(slots), wanted=request.agent)
                reading.note = reading.note or other_days(slots, reading.calls)
                lost = unexplained(slots) or unknown_words(slots, request.words) or is_not_understood(reading.said)
                reading.lost = not reading.calls and bool(lost)
                return reading
            missing = missing or left
        return Reading(clause, said=cannot_hold(missing))

    def _left(self, request: Request, built: Answerable, slots: Slots, *, by_words: bool) -> list[str]:
        """What of the clause the calls leave out in silence."""
        if isinstance(built, str) or request.whole or (isinstance(built, Noted) and built.short):
            return []
        calls = made(built)
        left = not_held(slots, calls, request.spoken, free=request.free, by_words=by_words)
        return left + self._to_come(slots, calls)

    def _to_come(self, slots: Slots, calls: Sequence[Call]) -> list[str]:
        """What will be, where calls tell only what was."""
        tools = [self.catalogue.get(call.tool) for call in calls]
        if not tools or any(tool.effect != Effect.READ or tool.basis != "measured" for tool in tools):
            return []
        return re.findall(_WILL, slots.plain)[:1]

    def _others(self, first: Request, slots: Slots) -> list[Request]:
        """Other thinkable requests, likeliest first, that leave nothing out."""
        chances = self._chances(slots, self._possible(slots))
        names = [name for name, chance in chances.items() if chance >= _CLOSE and name not in (NONE, first.name)]
        if is_figure(slots) and not speaks_of_people(slots):
            names = [name for name in names if name not in _LISTS]
        able = [r for name in names for r in self.requests if r.name == name and _left_out(r, slots) is None]
        return [r for r in able if not r.free or not slots.has(QUESTION)]

    def _rivals(self, request: Request, slots: Slots, scene: Scene) -> tuple[Request, Request | None]:
        """What is meant, and another reading that is about as likely; where only one of them can be done, that one."""
        possible = self._possible(slots)
        chances = self._chances(slots, possible)
        own = chances.get(request.name, 0)
        close = [name for name, chance in chances.items() if name not in (NONE, request.name) and chance >= own * _TIE]
        if request.name in {*_BY_PARTS, "meaning"} or not _LIKELY <= own < _SURE or not close or close[0] in _BY_PARTS:
            return request, None
        rival = possible[close[0]]
        able = [one for one in (request, rival) if not isinstance(one.calls(slots, scene), str)]
        return (request, rival) if len(able) == 2 else (able[0] if able else request, None)

    def _which(self, request: Request, rival: Request, slots: Slots) -> str:
        """A question back, each reading offered as a question to send."""
        offers = "\n".join(f"- “{self._example(one.name, slots)}”" for one in (request, rival))
        return f"I can read that in two ways. Which do you mean?\n\n{offers}"

    def _possible(self, slots: Slots) -> dict[str, Request]:
        marks = marks_of(slots)
        return {r.name: r for r in self.requests if r.has_needs(marks) and not r.is_ruled_out(slots)}

    def _put_right(self, clause: str, scene: Scene) -> Reading | None:
        """ "Revenue in May, no wait, June": what was said first, with what was put right put in."""
        match = re.fullmatch(_PUT_RIGHT, clause)
        first = self.read_clause(match[1], scene) if match and not says_wrong(match[1]) else None
        if match is None or first is None or not first.calls:
            return None
        then = replace(scene, past=[*scene.past, *(past(call, self.catalogue) for call in first.calls)])
        meant = self.read_clause(f"no I meant {match[2]}", then)
        return replace(meant, clause=clause, refers=first.refers) if meant.calls and meant.refers else None

    def _looked_at_again(self, clause: str, request: Request | None, slots: Slots) -> Request | None:
        """The request, or that of an ordinary kind that is surely asked for; None where its parts lack."""
        possible = self._possible(slots)
        if request is None:
            return self._of_conditions(clause, slots, possible)
        said = slots.plain.strip(" ?.!")
        if any(said == spoken.strip(" ?.!") for spoken in request.spoken):
            return request  # just as it is declared
        instead = meant_instead(clause, request.name, self._chances(slots, possible).get(request.name, 0), slots)
        return request if instead is None else possible.get(instead)

    def _of_conditions(self, clause: str, slots: Slots, possible: Mapping[str, Request]) -> Request | None:
        """ "Never refunded and more than 4 orders, count": conditions alone, of those who meet them."""
        if slots.conditions.rule is None or slots.conditions.unclear or is_figure(slots):
            return None
        return possible.get(meant_alone(clause) or "")

    def choose(self, slots: Slots, goods: Set[str] = frozenset()) -> Request | None:
        """The request of a clause: by what it is made of where that decides, else by its meaning; None for none."""
        possible = self._possible(slots)
        chances = self._chances(slots, possible)
        (name, chance), *others = chances.items()
        if name in _LISTS and is_figure(slots) and not speaks_of_people(slots):
            return next(r for r in self.requests if r.name == "metrics")  # "when did revenue peak"
        if is_takings(slots, goods):
            return next(r for r in self.requests if r.name == "metrics")
        told = by_parts(slots, marks_of(slots))
        if told in possible and (name in _BY_PARTS or chance < _CERTAIN or told == "meaning"):
            return possible[told]
        if name == NONE and chance < _SURE and others and others[0][1] >= _LIKELY:
            name, chance = others[0]
        best = possible.get(name)
        if best is None or chance < _SURE:
            nothing = name == NONE and chance >= _NOTHING and not (slots.top and slots.dimensions)
            if not nothing and is_figure(slots) and (best is None or chances.get("metrics", 0) >= _THINKABLE):
                return possible.get("metrics")
            if slots.conditions.unclear and slots.has(PEOPLE):
                return possible.get("customers_list")
        return best if chance >= _LIKELY else None

    def _chances(self, slots: Slots, possible: Mapping[str, Request]) -> dict[str, float]:
        """The probability of each of those that are possible, and of none of them; likeliest first.

        That of a request which lacks its parts is not spread over the others: they are no likelier for it. That of one
        which the clause rules out is.
        """
        ranked = self.meaning.probabilities(slots)
        out = {request.name for request in self.requests if request.is_ruled_out(slots)}
        rest = sum(chance for chance, name in ranked if name not in out) or 1.0
        return {name: chance / rest for chance, name in ranked if name in possible or name == NONE}

    def capabilities(self) -> str:
        """What can be asked, with examples taken from the requests."""
        wanted = {
            "Figures": "metrics", "Customers": "customers_list", "Leaving": "churn_who", "Value": "value",
            "Cohorts": "cohorts", "Segments": "segments", "Campaigns": "campaign", "Data": "data",
        }  # fmt: skip
        lines = [f"- {topic}: “{self._example(name)}”" for topic, name in wanted.items()]
        return "Ask in plain English, for example:\n\n" + "\n".join(lines)

    @cached_property
    def meaning(self) -> Meaning:
        """What tells the requests apart; read when the first question comes."""
        return Meaning.of(self.requests)

    def _reading(self, clause: str, built: Answerable, *, refers: bool, wanted: str = "") -> Reading:
        if isinstance(built, str):
            return Reading(clause, said=built)
        note = built.note if isinstance(built, Noted) else ""
        return Reading(clause, self._agents(made(built), wanted), made(built), note=note, refers=refers)

    def _agents(self, calls: Sequence[Call], wanted: str) -> tuple[SubAgent, ...]:
        """Sub-agents that together have the tools of the calls; `wanted` first, where it has one of them."""
        chosen: dict[Any, None] = {}
        for may in (self.catalogue.get(call.tool).agents for call in calls):
            if not chosen.keys() & set(may):
                chosen[wanted if wanted in may else may[0]] = None
        return tuple(chosen)

    def _out_of_scope(self, slots: Slots) -> str:
        said = set(slots.plain.split()) - ASKING - {"customers"}  # without a word in common it is near to nothing
        likely = [name for chance, name in self.meaning.probabilities(slots) if chance >= _NEAR and name != NONE]
        able = [name for name in likely if self._tools[name].effect in (Effect.READ, Effect.PROPOSE)][:3]
        near = [example for name in able if said & set((example := self._example(name, slots)).lower().split())]
        named = f" (“{' '.join(unknown)}”)" if (unknown := unknown_words(slots, frozenset())[:_NAMED]) else ""
        outside = f"That is outside of what I can answer from your data{named}."
        if not near:
            return f"{outside} Ask “help” to see what I can do."
        asked = "\n".join(f"- “{example}”" for example in near)
        return f"{outside} Near to it I can answer, for example:\n\n{asked}"

    def _example(self, name: str, slots: Slots | None = None) -> str:
        """The example most like what was said, without a figure: no tool gave one."""
        examples = next(request.phrasings for request in self.requests if request.name == name)
        said = set(slots.plain.split()) - ASKING if slots else set()
        alone = [e for e in examples if not re.search(r"\d|\b(?:they|them|their|those|these|it)\b", e)] or examples
        alone = [
            e for e in alone if all(is_english(w) or w in known_words() for w in re.findall(r"[a-z]{4,}", e))
        ] or alone
        text = max(alone, key=lambda example: len(said & set(example.lower().split())))
        return text[:1].upper() + text[1:]


def _beyond(request: Request | None, slots: Slots, scene: Scene) -> str | None:
    """What to say to a clause about something there are no data on, however it resembles a request."""
    if request is not None and request.free and not slots.has(QUESTION):
        return None
    return beyond(slots, request.said if request else "", scene.product_words)


def _left_out(request: Request, slots: Slots) -> str | None:
    """What to say where the answer would leave something out that was said; None where it would not."""
    if request.name in _COMPLETE or request.whole:
        return None
    if unknown := unknown_words(slots, request.words):
        return not_understood(unknown, slots)
    if slots.periods and not request.timed:
        days = " and ".join(words for mark, words in slots.taken if mark == "<period>")
        return (
            f"I can tell that as of the end of the data only, not for “{days}”. Ask without it, or for figures of that "
            "time."
        )
    return None


def _changes_nothing(slots: Slots, carried: Answerable, scene: Scene) -> bool:
    """What goes on from the call before says something, and would make the same call again: it was not heard."""
    last = scene.last
    if isinstance(carried, str) or last is None or last.tool != "query_metrics" or not slots.marks() or slots.metrics:
        return False
    if slots.marks() == {"<period>"} and all(p.arguments().items() <= last.arguments.items() for p in slots.periods):
        return False  # "and May?", after May
    return all((call.tool, call.arguments) == (last.tool, last.arguments) for call in made(carried))


def _refers(slots: Slots) -> bool:
    return slots.has(r"\b(?:them|those|these|they|their|it|this|that)\b") and slots.conditions.rule is None
