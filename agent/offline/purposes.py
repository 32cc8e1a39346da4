# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""What a message is for, where few of its words are those of a question: why, what to do, what will be, what it means.

"Q1 is the best quarter we ever had and I have to explain it to my partners. What was behind it vs Q1 2024?" asks why
revenue changed from one quarter to the other. The subject (places, customers, a figure, times) is what was read in the
message, the purpose its turn of speech; put in plain words they are read once more. Words that are neither are named
beside an answer that advises, and keep every other one from being given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from agent.offline.clauses import clauses_of
from agent.offline.roles import may_matter, roles_in
from analytics.text.roles import SPEECH
from language.beyond import beyond
from language.changes import JUDGED, MOVES
from language.filler import ASKING, DESCRIBING
from language.format import period as period_words
from language.instructions import instruction, told_to_act
from language.periods import Period
from language.scene import Scene
from language.slots import Slots, read_slots
from tools.glossary.terms import terms_in

__all__ = ["Meant", "meant_by"]


@dataclass(frozen=True, slots=True)
class Meant:
    """A message in plain words, and what of it they do not hold."""

    told: str
    unused: str = ""


_WHY: Final = re.compile(
    r"\b(?:why|how (?:come|so)|what(?: the \w+)? (?:is|was|were|are|lies|lay|stands|stood) behind(?: (?:it|that|this|all that))?"
    r"|where (?:did|does|do) (?:it|that|this|all (?:that|this)|the (?:difference|jump|drop|gap|extra|plus|minus)) (?:all )?come from|what (?:is|was|were|are) the (?:reasons?|story|explanation|matter)(?: (?:there|here|behind (?:it|that|this)))?"
    r"|what (?:is|was) going on(?: (?:there|then))?|what happened(?: (?:there|then))?"
    r"|explain (?:it|that|this)|what (?:drove|caused|made|explains|did) (?:it|that|this)|to what do we owe (?:it|that|this)|what do you put (?:it|that|this) down to)\b"
    r"|(?:\bwhere|<dimension>) did we (?:lose|win|gain|make) (?:it|that)\b"
)
_TWO_WAYS: Final = re.compile(  # number against size: the answer tells both
    r"(?:was it )?(?:\b(?:more|fewer|less)|<change>) (?:<metric>|\w+)(?: of them)? or (?:just )?(?:larger|bigger|smaller|cheaper|dearer|fuller|thinner|lower|higher|less|more|fewer) (?:<metric>|\w+)\b"
)
_ADVICE: Final = re.compile(
    r"\b(?:advi[cs]e|opinions?|suggest\w*|recommend\w*|(?:an?|any|1|your|some|good) (?:\w+ )?(?:ideas?|tips?)|ideas?|what (?:would|could|should|can|shall) (?:you|we|i|one) (?:do|try|offer|start)"
    r"|(?:should|shall|would|could) (?:i|we|you) (?:\w+ ){0,3}?(?:bother|push|drop|keep|stop|end|leave|put|spend|invest|focus|concentrate|go on|carry on|let|give up|fight|try|switch|cut|start)"
    r"|(?:push|keep|drop|carry|go|stay|stop|give|leave|let|fight|invest|continue)(?: \w+){0,3} or (?:not|\w+(?: \w+){0,3})|worth (?:it|the \w+|(?:our|my|any|your) \w+|while)|(?:is|are) it worth|where (?:shall|should|would|do|to) (?:i|we|you)? ?(?:put|spend|invest)"
    r"|to whom (?:should|shall|would|do)|who(?:m)? should (?:it|that|they) go to|what do you (?:think|say|reckon))\b"
)
_AHEAD: Final = re.compile(
    r"\b(?:will|again|back|return\w*|lost|lose|losing|gone|going|leav\w+|left|stay\w*|come|coming|likel\w+|probab\w+|chances?|odds|sure|expect\w*|another|next|for good|still|churn\w*)\b"
)
_WAS: Final = re.compile(r"\b(?:did|was|were|had|spent|bought|ordered|returned|sent)\b")
_BY_THEN: Final = re.compile(r"\b(?:by|before|until|till) (?!<)[a-z]+\b")
_OF_AHEAD: Final = frozenset("buys orders shops him her he she sure how certain or".split())  # noqa: SIM905
_GONE: Final = re.compile(
    r"\b(?:probably|likely|most likely|presumably|surely|apparently|may be|might be|could be|about to be|as good as)\b.*\b(?:gone|lost|left|leav\w+|not (?:come|be) back|never (?:come|be|buy|order)\w*|lose)\b"
)
_GONE_WORDS: Final = re.compile(
    r"\b(?:most likely|probably|likely|presumably|surely|apparently|may be|might be|could be|about to be|as good as|not (?:come|be) back|never (?:come|be|buy|order)\w*|gone|lost|left|leav\w+|lose)\b"
)
_FORECAST: Final = re.compile(r"\b(?:forecasts?|outlook|projections?|predictions?|prognos\w+)\b")
_MEANING: Final = re.compile(
    r"\b(?:when (?:do )?you (?:say|write|call|speak of)|what (?:puts|makes|gets|lands|brings|turns|qualifies)|good for|what for|the (?:point|use|purpose|idea) of|is there for|by what|what must|what does it take"
    r"|what (?:is|are) (?:meant|that|this|these|those)|what do you (?:mean|understand)|mean\w*|defin\w+|stands? for|in (?:simple|plain|your) (?:words|terms))\b"
)
_OF_WHY: Final = frozenset(
    f"{' '.join(MOVES)} look looks looked looking next beside set than versus ever yet really have had we our explain partners behind".split()
)
_OF_GONE: Final = frozenset("ids id numbers names gone lost good left back come".split())  # noqa: SIM905
_OF_RANGE: Final = frozenset(
    """
    range around low high lower upper bounds band interval uncertainty margin error best worst case too with both its
    need
    """.split()  # noqa: SIM905
)
_OF_MEANING: Final = frozenset(
    """
    say says said call calls called write somebody someone somebody's customer customers person people box group
    bucket list lists segment segments campaign campaigns report reports puts put makes gets lands brings turns
    qualifies into good for beginner question point use purpose idea meant mean means must done there here
    """.split()  # noqa: SIM905
)
_CARRIERS: Final = frozenset({"campaign", "segment", "customers", "orders"})
"""Terms that a term is only spoken of with: "the holdout of a campaign"."""
_SAID_WITH_IN: Final = frozenset({"country", "city", "channel", "category"})
_CODE: Final = re.compile(r"(?<![\w<.,-])(?:[a-z]{1,3}-?)?(?!(?:19|20)\d\d\b)\d{4,}(?![\w>.,-])")
_FOREIGN: Final = r"\b(?:profit|margin|stock|cost price|supplier)\b"
_TELLS: Final = r"^(?:and |then |now |so |never |do not |not )*(?:write|send|e?mail|draft|propose|save|launch|approve|contact|message|text|create|make|stop|remind|forget|ignore)\b"
_SPOKEN: Final = 0.6  # of speech, of a word that is left out where the rest says what is asked


def meant_by(message: str, scene: Scene) -> Iterator[Meant]:
    """`message` in plain words, by each purpose that it may be for; nothing where a part of it is not sure."""
    slots = read_slots(message, scene)
    if slots.when.problems or beyond(slots, "", scene.product_words) or _is_told(message, slots, scene):
        return
    for way in (_ahead, _why, _advice, _meaning, _span, _of_media):
        yield from way(message, slots, scene)


def _is_told(message: str, slots: Slots, scene: Scene) -> bool:
    """Whether a part of it tells to do something: that is no question, whatever it sounds like."""
    clauses = [message, *clauses_of(message)]
    return slots.has(_TELLS) or any(instruction(each, scene) or told_to_act(each) for each in clauses)


def _why(message: str, slots: Slots, _scene: Scene) -> Iterator[Meant]:
    """Why a figure moved from one time to another, of what was named."""
    asked = _WHY.search(slots.plain)
    spans = [period for period in slots.periods if period.start and period.end]
    if not asked or not 0 < len(spans) <= 2 or len(spans) != len(slots.periods) or _of_people(slots):
        return
    hint = _TWO_WAYS.search(slots.text)
    metrics = [] if hint else [name for name in slots.metrics if name not in ("customers", "ordering_customers")]
    if len(metrics) > 1 or _not_said(message, slots, [_WHY, _TWO_WAYS, _JUDGING], _OF_WHY):
        return
    figure = next((words for mark, words in slots.taken if mark == "<metric>"), "revenue") if metrics else "revenue"
    first, *then = [_dates(period) for period in spans]
    against = f" compared with {then[0].removeprefix('in ')}" if then else ""
    yield Meant(_spaced(f"why did {figure} change {_places(slots)} {first}{against}"))


def _advice(message: str, slots: Slots, scene: Scene) -> Iterator[Meant]:
    """What to do for customers or in a place, between two, or first of all; what else was said is named."""
    if not _ADVICE.search(slots.plain) or slots.conditions.unclear or slots.customer or slots.has(_FOREIGN):
        return
    unused = _beside(message, slots)
    values = [one for one in slots.filters if one["operator"] in ("eq", "in")]
    if len(values) != len(slots.filters) or len(values) > 1:
        return
    chosen = values[0]["value"] if values else None
    if isinstance(chosen, list):
        if len(chosen) == 2 and not slots.conditions.rule:
            yield Meant(f"should I put more effort into {chosen[0]} or into {chosen[1]}", unused)
        return
    rules = [words for mark, words in slots.taken if mark.startswith("<rule")]
    if len(rules) > 1 or bool(rules) != (slots.conditions.rule is not None):
        return
    whom = re.sub(r"^(?:who|that|which) ", "", rules[0]) if rules else ""
    if whom and not chosen:
        yield Meant(f"what should we do for the {whom}", unused)
        yield Meant(f"what should we do for customers who {whom}", unused)
    elif chosen and not whom and values[0]["dimension"] in ("country", "city"):
        yield Meant(
            f"revenue and orders and customers in {chosen} by year. what should we do for customers in {chosen}", unused
        )
    elif not chosen and not whom and slots.has(r"\b(?:mailings?|emails?|campaigns?|letters?)\b"):
        yield Meant("whom should we contact first", unused)


def _ahead(message: str, slots: Slots, scene: Scene) -> Iterator[Meant]:
    """Whether a customer comes back, who will not, or what a figure will be."""
    if (customer := _customer(slots, scene)) and _AHEAD.search(slots.plain):
        days = f" within {slots.horizon} days" if slots.horizon else ""
        by = _BY_THEN.search(slots.text)
        rest = [word for word in _not_said(message, slots, [_AHEAD, _BY_THEN], _OF_AHEAD) if word != customer.lower()]
        if rest or _WAS.search(slots.plain):
            return
        later = [words for mark, words in slots.taken if mark == "<period>" or mark.startswith("<rule")]
        later += [by[0]] if by else []
        told = f"will customer {customer} order again. how likely is customer {customer} to leave{days}"
        yield Meant(told, ", ".join(later))
    elif slots.customer is None and _GONE.search(message.lower()) and _people_of(slots) and _are_only_gone(slots):
        count = f"{slots.limit} " if slots.limit else _number_said(slots)
        if not [word for word in _not_said(message, slots, [_GONE_WORDS], _OF_GONE) if word != count.strip()]:
            yield Meant(_spaced(f"which {count}customers {_places(slots)} are likely to leave"))
    elif _FORECAST.search(slots.plain) and not _not_said(message, slots, [_FORECAST], _OF_RANGE):
        figure = next((words for mark, words in slots.taken if mark == "<metric>"), "")
        time = next((words for mark, words in slots.taken if mark == "<period>"), "")
        plain_time = len(slots.periods) <= 1 and not slots.horizon
        cut = slots.dimensions or slots.grain or slots.order_filters or slots.conditions.unclear or slots.top
        if figure and len(slots.metrics) == 1 and plain_time and not (cut or slots.conditions.rule):
            yield Meant(_spaced(f"{figure} forecast {time} {_places(slots)}"))


def _are_only_gone(slots: Slots) -> bool:
    """Nothing is said of them but where they live and that they are gone: no other condition, time or cut."""
    words = _GONE_WORDS.sub(" ", " ".join(slots.conditions.unclear))
    more = [w for w in re.findall(r"[a-z0-9'-]+", words) if w not in _OF_GONE | ASKING | DESCRIBING]
    cut = (
        slots.periods
        or slots.when.against
        or slots.order_filters
        or slots.grain
        or set(slots.dimensions) - {"customer"}
    )
    known = set(slots.metrics) <= {"customers"} and not slots.conditions.nodes
    return known and not (more or cut)


def _customer(slots: Slots, scene: Scene) -> str | None:
    """The customer that is named, by a bare number too, or spoken of before."""
    if slots.dimensions or slots.filters or slots.grain or set(slots.metrics) - {"orders"}:
        return None
    codes = _CODE.findall(slots.text)
    if slots.customer or len(codes) == 1:
        return slots.customer or codes[0].upper()
    before = scene.last.arguments.get("customer") if scene.last and not slots.conditions.nodes else None
    return str(before) if before else None


def _meaning(message: str, slots: Slots, _scene: Scene) -> Iterator[Meant]:
    """What one term means: nothing else is named."""
    if not _MEANING.search(slots.plain) or slots.periods or slots.filters or slots.customer:
        return
    terms, rest = terms_in(_MEANING.sub(" ", " ".join([slots.plain, *slots.quoted])))
    asked = [term for term in terms if term.name not in _CARRIERS]
    unknown = [word for word in rest.split() if word not in _OF_MEANING | ASKING | DESCRIBING and not word.isdigit()]
    if len(asked) == 1 and not [word for word in unknown if word != "quoted" and not _is_speech(word, message)]:
        yield Meant(f"what does {asked[0].title} mean")


def _span(message: str, slots: Slots, _scene: Scene) -> Iterator[Meant]:
    """ "Up to what day do we have data, and how many customers are in it": of the data as a whole."""
    clauses = clauses_of(message)
    asked = [_UP_TO.search(clause.lower()) for clause in clauses]
    if not any(asked) or slots.periods:
        return
    told = [
        f"what is the {'first' if _FIRST.match(match[0]) else 'last'} day of the data"
        if match
        else _IN_IT.sub("do we have", clause)
        for clause, match in zip(clauses, asked, strict=True)
    ]
    yield Meant(". ".join(told))


def _of_media(message: str, slots: Slots, scene: Scene) -> Iterator[Meant]:
    """How long ads keep working and where they saturate is told by the mix model, of each channel."""
    channels = all(one["dimension"] in ("channel", "spend_channel") for one in slots.filters)
    rest = [word for word in _not_said(message, slots, [_CARRY], _OF_MEDIA) if len(word) > 1]
    if _CARRY.search(slots.plain) and channels and not (rest or slots.periods or slots.conditions.rule):
        yield Meant("adstock of the channels" if scene.metrics.get("spend") else "show the marketing mix model")


_UP_TO: Final = re.compile(
    r"\b(?:up to|until|till|til|to|through|from|since) (?:what|which) (?:day|date|month)\b(?=.*\b(?:data|records?|files?|entries|orders|have)\b)"
)
_FIRST: Final = re.compile(r"from|since")
_IN_IT: Final = re.compile(
    r"(?i)\b(?:are|is) (?:there )?in (?:it|there|them|(?:the|our|this) (?:data|files?|records?))\b"
)
_CARRY: Final = re.compile(
    r"\b(?:ad ?stock|half[- ]li(?:fe|ves)|half lifetimes?|carry[- ]?over|decay(?: rates?)?|saturation(?: points?)?|response curves?)\b"
)
_OF_MEDIA: Final = frozenset(
    """
    according mix model media marketing mmm econometric ads ad channel channels by from it
    says tells spots
    """.split()  # noqa: SIM905
)
_JUDGING: Final = re.compile(JUDGED)


def _of_people(slots: Slots) -> bool:
    return bool(slots.conditions.nodes or slots.conditions.unclear or slots.customer or slots.order_filters)


def _people_of(slots: Slots) -> bool:
    return "customers" in slots.metrics or slots.has(r"\b(?:who|whom|customers?|people|buyers?|clients?)\b")


def _number_said(slots: Slots) -> str:
    found = re.search(r"(?<![\w<.])(\d{1,3}) (?:ids?|numbers?|names?|<metric>)", slots.text)
    return f"{found[1]} " if found else ""


def _dates(period: Period) -> str:
    return period_words(str(period.start), str(period.end))


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _places(slots: Slots) -> str:
    """What the message is of, said so that it is read as that again."""
    alone = [one for one in slots.filters if one["operator"] == "eq" and one["dimension"] in _SAID_WITH_IN]
    if len(alone) == len(slots.filters):
        return " and ".join(f"in {one['value']}" for one in alone)
    return " ".join(words for mark, words in slots.taken if mark == "<value>")


def _not_said(message: str, slots: Slots, turns: Sequence[re.Pattern[str]], known: frozenset[str]) -> list[str]:
    """Words that are no part of the subject, none of the turn of speech, and may be no mere speech."""
    rest = slots.text
    for turn in turns:
        rest = turn.sub(" ", rest)
    words = re.findall(r"[a-z][a-z'-]*|(?<![\w<.])\d+(?![\w>])", re.sub(r"<[^>]*>", " ", rest))
    unknown = [word for word in words if word not in known | ASKING | DESCRIBING]
    return [word for word in unknown if not _is_speech(word, message)]


def _is_speech(word: str, message: str) -> bool:
    said = [role for role in roles_in(message).roles if role.word.lower() == word]
    return bool(said) and all(
        role.role == SPEECH and role.speech >= _SPOKEN and role.common and not may_matter(role, frozenset())
        for role in said
    )


def _beside(message: str, slots: Slots) -> str:
    """Sentences and parts of which nothing is the subject or the wish for advice, as they were said."""
    parts = [part.strip(" ,;:-.?!") for part in re.split(r"[,;:.?!](?= |$)| - ", message)]
    held = [words for mark, words in slots.taken if mark in ("<value>", "<rule>")]
    left = [
        p
        for p in parts
        if re.search(r"\w", p) and not _ADVICE.search(p.lower()) and not any(w.split()[-1] in p.lower() for w in held)
    ]
    return ", ".join(left)
