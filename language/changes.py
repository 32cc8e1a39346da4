# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Words of change: that a figure moved and which way, that two times are set against each other, and why it moved."""

from __future__ import annotations

import re
from dataclasses import dataclass

from language.words import Draft

__all__ = ["CHANGE_WORDS", "JUDGED", "MOVES", "Changes", "take_changes"]

# Every word for a move, once: verbs and the nouns that go with them.
_UP = """
    grow grows grew grown growing growth rise rises rose risen rising increase increases increased increasing climb climbs
    climbed climbing jump jumps jumped jumping surge surges surged surging spike spikes spiked spiking boom boomed booming
    soar soars soared soaring rocketed skyrocketed uplift upturn upswing improve improves improved improving improvement
    recover recovers recovered recovering recovery rebound rebounded expand expanded expanding expansion
"""
_DOWN = """
    fall falls fell fallen falling drop drops dropped dropping decline declines declined declining decrease decreases
    decreased decreasing dip dips dipped dipping slump slumps slumped slumping plunge plunges plunged plunging plummet
    plummets plummeted plummeting slide slid sliding sink sinks sank sunk sinking shrink shrinks shrank shrunk shrinking
    shrinkage collapse collapses collapsed collapsing crash crashed crashing dived nosedive downturn tanked tanking worsen
    worsened worsening weaken weakened weakening deteriorate deteriorated deterioration
"""
_EITHER = """
    change changes changed changing difference differ differs differed delta swing swings fluctuate fluctuated fluctuation
    fluctuations variation variance
"""
_BETTER = "better|worse|higher|lower|bigger|smaller|larger|weaker|stronger|more|less|fewer"
_STATE = (
    "bad|weak|poor|low|terrible|awful|horrible|dreadful|slow|quiet|disappointing|good|strong|high|great|big|small|huge"
    "|few|little|many|miserable|grim|dire|lousy|dismal|rubbish|mediocre|brilliant|fantastic|excellent|amazing|wonderful"
    "|phenomenal|poorly|badly|well|nicely|washout|disaster|flop|hit|record"
)
MOVES = sorted({*_UP.split(), *_DOWN.split(), *_EITHER.split()}, key=len, reverse=True)
_FALLS = frozenset(f"{_DOWN} down loss losses less fewer lower smaller worse weaker".split())
_RISES = frozenset(f"{_UP} up more higher bigger larger better stronger".split())
CHANGE_WORDS = frozenset([*MOVES, *_BETTER.split("|"), *_STATE.split("|")]) | frozenset(
    "drove drives driving driver drivers cause caused causes explains behind reason reasons contributed relative".split()  # noqa: SIM905
)
_MOVE = rf"(?:{'|'.join(MOVES)}|different (?:from|than|to|in)|loss(?:es)? (?:of|in))(?: rate)?"
_DEGREE = r"(?:a (?:lot|bit|little)|lots|so|much|far|very|way|that|quite|really|again\b|sharply|strongly|significantly|heavily|massively|badly|slightly|even|such(?: an?)?)"
_TO_BE = r"went|go|goes|going|gone|is|are|was|were|be|been|being|become|became|becoming|got|gotten|getting|get|came|come|move[sd]?|moving|turn(?:ed)?|do|does|did|doing|perform(?:ed|s)?"
_MOVED = rf"(?:\b(?:{_TO_BE}|shot|shoots|crept|edged) (?:{_DEGREE} )*)(?:up|down)\b(?: (?:or|and) (?:up|down)\b)?|\b(?:up|down) or (?:up|down)\b|\b(?:higher|better|bigger|more|lower|worse) or (?:lower|worse|smaller|less|higher|better)\b"
_BECAME = rf"\b(?:become|became|becoming|got|gotten|getting|get) (?:{_DEGREE} )*(?:{_BETTER})\b"
_BEHIND = r"\b(?:up|down) (?:on|from|against|versus)\b|\bahead of\b|\bbehind(?= <period>)"
_LEAD = r"(?:\b(?:what|which|was|is|were|are|by|how|bad|big|strong|much|many|the|any|a|did|has|have|there) )*"
_CHANGE = rf"{_LEAD}(?:%[- ]?)?(?:(?<!<)\b(?:{_MOVE})\b(?: (?:in|of|by|at|from)(?= <| %|$))?|{_MOVED}|{_BECAME}|{_BEHIND})(?: (?:{_DEGREE}))*(?: (?:up|down))?(?: %)?(?: points?)?"
# "more than in October", "fewer orders than in": of two times, not "more than 5"
_THAN = rf"{_LEAD}\b(?:{_DEGREE} )?(?:{_BETTER})\b(?! than \d)"
# "From May to June, is it more, and how much % more": of the first and the last, not "more than 5 from May to June"
_FROM_TO = (
    rf"\b(?:is|was|are|were) (?:it|that|they|this|there) (?:{_DEGREE} )*(?:{_BETTER})\b(?! than\b)"
    rf"|\b(?:and )?(?:how much|by how much|how many) %? ?(?:{_BETTER})\b(?= ?[?.!,]| (?:is|was|are|were) (?:it|that|they|this)\b|$| <period>)"
    r"|\b(?:more or (?:less|fewer)|(?:less|fewer) or more)\b"
)
_COMPARE = (
    r"(?<!<)\b(?:in )?(?:compar(?:e[sd]?|ing|ison|able)|versus|against|set against|relative to(?! (?:how|the (?:number|size|total)|its|their)\b)|side by side|(?:1 )?next to (?:each|the|1) ?(?:other|another))\b(?: (?:to|with|of|between|the))*"
    r"|\bdifference between\b|(?<=<period> )(?:minus|less|over|on|to|next to|beside|alongside)(?= <period>)"
)
_REASON = (
    r"\b(?:why|how come|what (?:else )?(?:has |have |had )?(?:caused|causes|explains?|is behind|was behind|are behind|were behind|lies behind|drove|drives|is driving|was driving|drive|makes?|made|led to|leads to|contributed(?: the)?(?: most)?(?: to)?|pushed|pulled|dragged|triggered|moved|boosted|hurt|happened(?: to| in| with)?)"
    r"|who (?:drove|caused|is behind|was behind)|drivers?(?: (?:of|behind|for))?|(?:main |biggest |the )*(?:reasons?|causes?|explanations?)(?: (?:for|of|behind|why))?|(?:can you |could you |please )*explain(?: (?:to )?me)?|decompose|break ?down of|took|take apart)\b"
)
_OPENING = r"(?: (?:did|do|does|is|are|was|were|has|have|had|that|the|our|it|this))*"
_ALWAYS = r"why|how come|what (?:caused|causes|explains?|drove|drives|is driving|was driving|made|led to|contributed|pushed|pulled|dragged|boosted)|who (?:drove|caused)|drivers?|reasons?"
_PUSHED = rf"\b(?:drove|dragged|pulled|pushed)\b|\bdrives\b(?=.*\b(?:{_MOVE})\b)|\b(?:made|makes|make|making)\b(?=.*(?:\b(?:{_MOVE})\b|\bgo(?:es)? (?:up|down)\b))"
_SOURCE = rf"\bwhere (?:does|did|do|is|was)\b(?=.*\b(?:{_MOVE})\b.*\b(?:come|coming|came) from\b)|\b(?:break|split|take|took) (?:down |apart )?(?:the |our )*(?=(?:<\w+> |\w+ )?(?:{_MOVE})\b)"
JUDGED = rf"\b(?:{_DEGREE} )*(?:{_STATE}|{_BETTER}|up|down)\b(?: (?:a |an )?(?:month|week|year|quarter|day|period))?"


@dataclass(frozen=True, slots=True)
class Changes:
    """`change`: a figure is to be set against itself at another time; `explain`: why it moved is asked.

    `same_days`: of both times as many days; `down`, `up`: what fell, or what rose, is asked for.
    """

    change: bool = False
    explain: bool = False
    same_days: bool = False
    down: bool = False
    up: bool = False


def take_changes(draft: Draft, *, ranged: bool, shared: bool) -> Changes:
    """Words of change taken out of `draft`, after the periods.

    `ranged`: one of those goes from … to …; `shared`: a part and a whole are said.
    """
    explain = _take_why(draft)
    moved = draft.take(_CHANGE, "<change>")
    change = moved is not None
    if explain:
        while draft.take(rf"{_CHANGE}|{JUDGED}", " "):
            change = True
        draft.take(r"\b(?:made|make|makes|making|cause[sd]?|come|came|coming) (?:from|to)?(?= |$)", " ")
        draft.take(r"\bthan\b|\bbetween\b", " ")
    elif _two_times(draft) and (than := draft.take(_THAN, "<change>")):
        moved, change = moved or than, True
        draft.take(r"\bthan(?: in| on| during)?\b", " ")
    elif ranged and draft.take(_FROM_TO, "<change>"):
        change = True
        while draft.take(_FROM_TO, " "):
            pass
    elif change:
        draft.take(_CHANGE, " ")  # "did orders rise or fall", "the drop: how much did it fall"
        draft.take(r"\bthan\b(?= (?:in |on |during |the )*<(?:period|earlier)>)", " ")
        draft.take(r"(?<![<\w])or(?= <| and |,|\?|$| %)", " ")
    change |= draft.take(_COMPARE, "<compare>") is not None
    if not change and (ranged or _two_times(draft)) and draft.has(r"%(?! of\b)") and not shared:
        change = True  # "last month and the month before, revenue, in %"
    change |= any(mark == "<earlier>" and re.search(_AGAINST, words) for mark, words in draft.taken)
    same_days = (change or explain) and draft.take(_SAME_DAYS, " ") is not None
    if change or explain:
        _take_unit(draft)
    said = set(moved[0].split()) if moved else set()
    return Changes(change, explain, same_days, down=bool(said & _FALLS), up=bool(said & _RISES))


_AGAINST = r"\b(?:versus|compar\w+|than|against)\b"
_SAME_DAYS = r"\(? ?\b(?:for |on |over |in )?(?:the )?same (?:number of )?(?:days|dates|period|stretch|time|point)(?: only)? ?\)?"


def _two_times(draft: Draft) -> bool:
    return "<earlier>" in draft.text or draft.text.count("<period>") > 1


def _take_why(draft: Draft) -> bool:
    """ "Why did …", "what drove it", "explain the dip", "… and why"; a bare "explain" or "what happened" only of a move."""
    if draft.take(_SOURCE, "<why>") or (not draft.has(_REASON) and draft.take(_PUSHED, "<why>")):
        draft.take(r"\b(?:come|coming|came) from\b", " ")
        return True
    match = re.search(_REASON, draft.text)
    if match is None:
        return False
    moved = re.search(rf"\b(?:{_MOVE})\b|{_MOVED}|\b{_DEGREE} (?:{_STATE})\b", draft.text)
    if moved or re.search(rf"\b(?:{_ALWAYS})\b", match[0]):
        return draft.take(rf"(?:^(?:and |but |so )*)?{_REASON}{_OPENING}", "<why>") is not None
    return False


def _take_unit(draft: Draft) -> None:
    """In what the change is to be told: "in percent", "percentage only", "by how many %", "in points", "in pounds or %"."""
    unit = (
        r"(?:%(?:[- ]?points?)?|points?|pp|pounds?|euros?|dollars?|absolute(?:ly)?(?: terms| numbers)?|relative terms)"
    )
    lead = (
        r"(?:\b(?:by|how many|how much|what|in|as|a|an|the|just|only|give|me|want|need|i|terms of|expressed|and|or) )*"
    )
    while draft.take(
        rf",? ?\(?{lead}(?<!\d )(?<![\d\w]){unit}(?![a-z])(?: (?:only|alone|please|or|and|change|terms|is enough|will do)\b)*\)?(?! of\b)",
        " ",
    ):
        pass
    draft.take(r"\(? ?both figures ?\)?|\bboth numbers\b", " ")
