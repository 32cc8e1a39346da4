"""From a message to its clauses: sentences, numbered points, and parts joined by "and", "then", "also"."""

from __future__ import annotations

import re

from agent.offline.smalltalk import small_talk
from language.asked_last import asks_for_their_number
from language.filler import ALL_TIME, is_noise
from language.fiscal import is_convention
from language.followups import continues
from language.scene import Scene
from language.slots import Slots, read_slots
from language.vocabulary import phrases
from language.words import plain

__all__ = ["announces", "clauses_of", "completed"]

_FRAGMENT = 8  # words: "pieces", "only ones with 20 orders" say more about the question before
_STARTERS = (
    r"(?:whats?|how|who|which|whom|when|where|why|is|are|do|does|did|show|list|give|tell|save|write|draft|create|make|"
    r"store(?= (?:them|it|this|these|those|all|as|the)\b)|launch|propose|compare|find|count|send|"
    r"email|approve|reject|can you|could you|please)\b"
)
_SENTENCE_END = r"[?!.;:]\s*$"
_ABBREVIATED = (  # a full stop that ends no sentence
    r"(?i:\b(?:excl|incl|vs|approx|avg|max|min|e\.g|i\.e|a\.m|p\.m|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\."
    r"|\b(?:no|nr)\.(?= ?\d)|\b\d{1,2}\.\d{1,2}\.(?= (?:to|till|until|and|bis|-|–) ))"
)
_PEOPLE = frozenset({"customers", "ordering_customers", "repeat_customers"})
_PERSONS = "customers|clients|buyers|shoppers|people|persons|accounts|contacts|subscribers|them|those"
_MOST = 8  # places, each with its time
_COMES_IN = frozenset({"came in", "come in", "comes in"})  # "how many orders came in": the verb is no figure
_HEADS = "people|customers|heads|clients|buyers|shoppers"
_WHY = (
    r"(?i)(?:and )?(?:why|what (?:are|is|were) the (?:reasons?|causes?)"
    r"|how (?:un)?certain (?:it is|is it|is that|that is))[?.!]*"
)
_BEHIND = (
    r"(?i)(?:and |so )*(?:what happened(?: there| then)?|how come|what (?:is|was|lies) behind (?:it|that|this))[?.! ]*"
)
_BY_HOW_MUCH = (  # "…, is it more and how much % more": of the same two times
    r"(?i)(?:and )?(?:by )?how (?:much|many)(?: (?:in )?(?:%|per ?cent\w*))?"
    r"(?: (?:more|less|fewer|higher|lower|bigger|smaller))+"
    r"(?: (?:is|was|are|were) (?:it|that|they))?[?.! ]*"
)
_SET_AGAINST = r"(?i)compared? (?:it |that |this |them |those )?(?:to|with|against)\b"
_PUT_OTHERWISE = (
    r"(?i)(?:i|we) (?:just |only )?meant?\b(?! (?:to|by)\b)|meaning\b|i\.e\."
    r"|(?:the |as (?:the |an? )?)?(?:median|mean|average)"
    r"(?=[,;.?! ]*(?:$|[,;]|(?:of|for) (?:each|both)\b|please|pls|not\b))"
    r"|(?:please )?(?:(?:give|tell|show) (?:me|us) )?(?:the )?both (?:the )?(?:rates|numbers|figures|values)\b"
    r"|(?:the |just the |only the )?(?:number of|count of|how many) (?:documents|papers|heads)\b"
    r"|not the (?:money|amounts?|value)\b"
)
_ASKED_TIME = r"\b(?:what|which|when) (?:is|was|are|were) (?:the )?<period>"  # "which is the latest day"
_THIS_NOT_THAT = r"(?i)(?:and |just )?\w+,? (?:and )?not (?:the )?\w+[?.! ]*"  # "people, not orders"
_OF_WHOM = r"(?i)(?:and |so |now )*(?:of|among|amongst|out of|by|with|on|for|in|at) "
# "…, number of orders in October": a figure with its own time
_TIME = r"(?:(?:19|20)\d\d|q[1-4]|last|this|yesterday|today|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_COUNTED = rf"(?:the |our )?(?:total )?(?:number|count|amount) of [^,]*\b{_TIME}"
# "…? Last 12 months, net of refunds": what the question before is of
_WHOLE = r"(?:over|across|of|for|in) (?:all|every) (?:the |our )?(?:orders?|invoices|baskets|customers)[?.! ]*$"
_SCOPE = rf"(?i)only\b|{_WHOLE}|(?:(?:in|for|over|during|since|from) )?(?:the )?(?:{_TIME}|past)\b"
_RANKS = r"(?:top|best|biggest|largest|worst|lowest|highest|strongest|weakest)"
_RANKED = rf"(?:the |our )?{_RANKS} (?!(?:and|or|first|last|to|at|on|down|up|ones?)\b|,)\w+"
_OWN = "\x01"  # before a part that is a question of its own, however short
_SHORT = 2  # letters no figure is named by alone
_NTH = (
    r"(?i)(?:^|[,;.]? )(?:and |then )?(?:first|second|third|fourth)(?:ly)?[,:]? (?=(?:what|how|who|which|when|where)\b)"
)
_OF_THEM = r"(?:their|the) (?:total|sum|value|average|mean)(?: (?:value|amount|sum))?[?.! ]*$"
_BOTH_ENDS = (  # "our best and worst month of 2024": two rankings
    r"(?im)^(?P<lead>.*)\b(?P<high>best|top|highest|strongest|biggest|largest|busiest)(?: one)? (?:and|&) "
    r"(?:the |our )?(?P<low>worst|lowest|weakest|smallest|slowest|quietest|poorest) (?P<rest>.+)$"
)
_POINT = r"(?:(?<=^)|(?<=\s))\(?\d{1,2}[).]\s+(?=[A-Za-z])"
_COUNT_OF_THEM = (
    r"(?i)\b(?:a couple of|a few|some|[2-9]|two|three|four|five|six) (?:quick |short |small |little |simple |more )*"
    r"(?:numbers|figures|things?|questions|values|metrics|kpis|facts|ones)\b"
)
_ANNOUNCED = (  # "I need three numbers:", "all three"
    r"(?i)(?:^(?:(?:ok(?:ay)?|so|well|now)[, ]+)+(?=(?:i|we) ))?"
    r"(?:\b(?:i|we) (?:need|want|have|would like) |\b(?:give|tell|show) me |\bneed )?"
    r"(?:\b(?:the|these|following|my) )*\b(?:[2-9]|two|three|four|five|six) (?:following )?"
    r"(?:numbers|figures|things?|questions|values|metrics|kpis|facts)"
    r"(?: please)?\s*(?=[:,\n-]|(?:for|of|in|about) [^:?.]{3,40}:)"
    r"|,? all (?:[2-9]|two|three|four|five)(?: of (?:them|these))?(?: please)?(?=[?.! ]*$)"
    r"|^(?:first(?:ly| of all)?|to begin with|for a start),? (?=(?:the|our|what|how|show|give|tell|i|we)\b)"
)


def announces(said: str) -> bool:
    """ "I need three numbers:", "two quick ones": says only how many questions follow."""
    return re.search(_COUNT_OF_THEM, said) is not None


def clauses_of(question: str) -> list[str]:
    """Sentences, and parts joined by "and" that are questions of their own; quoted text is left whole."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[0])
        return f"\x00{len(held) - 1}\x00"

    question = re.sub(r"(?i)\bhow many,? (?:and|&|\+) (?:for )?how much\b", "number and value", question)
    if len(re.findall(_NTH, question)) > 1:  # "first how much we made, second how many carts …"
        question = re.sub(_NTH, "\n", question)
    text = re.sub(rf"[\"“][^\"”]*[\"”]|(?<!\w)'[^']+'(?!\w)|{_ABBREVIATED}", hold, re.sub(_ANNOUNCED, "", question))
    text = re.sub(r"(?<=[a-z0-9\x00%])([?!;.])\s+(?=[\w\x00(])", r"\1\n", text, flags=re.I)
    text = re.sub(_BOTH_ENDS, rf"{_OWN}\g<lead>\g<high> \g<rest>\n{_OWN}\g<lead>\g<low> \g<rest>", text)
    numbered = len(re.findall(_POINT, text)) > 1  # "1) revenue in May 2) best product"
    if numbered:
        text = re.sub(_POINT, "\n", text)
    text = re.sub(r"(?m)^\s*(?:[-*•]|\(?[a-h1-9][).])\s+", "", text)
    worth = r"(?! (?:are )?(?:they|those|these|them) (?:are )?worth)"
    text = re.sub(rf"(?i),? (?:and|then|and then|also|and also|plus) (?={_STARTERS}{worth})", _cut, text)
    text = re.sub(
        r"(?i), (?:and )?(?:then|also|plus(?! or minus)|finally|lastly) (?=\w)|,? and (?:then|finally) (?=\w)",
        _cut_on,
        text,
    )
    text = re.sub(
        rf"(?i), (?=(?:what(?:'s|s| is| was| are| were| did they| do they)|how (?:many|much)"
        rf"(?! (?:of (?:them|these|those)\b|%|percent|procent))(?! ?(?:{_HEADS})?[?.! ]*$))\b)",
        _cut_after_figure,
        text,
    )
    text = re.sub(rf"(?i),? and (?={_OF_THEM})", _cut_after_counted, text)
    text = re.sub(rf"(?i)(?:,| and|, and) (?={_RANKED})", _cut_after_rank, text)
    text = re.sub(rf"(?i), (?:and )?(?={_COUNTED})", _cut_after_figure, text)
    parts = [re.sub(r"\x00(\d+)\x00", lambda m: held[int(m[1])], part).strip() for part in text.split("\n")]
    whole = [part for part in parts if re.search(r"\w", part)]
    whole = [_whole_ranking(part, whole[n + 1 : n + 2]) for n, part in enumerate(whole)]
    said = [part for part in whole if not is_noise(plain(part))] or whole[:1]
    return [part.removeprefix(_OWN) for part in (said if numbered else _rejoined(said))] or [question]


def completed(clauses: list[str], scene: Scene) -> list[str]:
    """The clauses, each with the period (and, said first of all, the place) that was said once for all of them."""
    clauses = [part for clause in clauses for part in _each_with_its_time(clause, scene)]
    if len(clauses) < 2:
        return clauses
    read = [read_slots(clause, scene) for clause in clauses]
    out = list(clauses)
    for at, slots in enumerate(read):
        rest = next((n for n in range(at, len(clauses)) if re.search(_SENTENCE_END, clauses[n])), len(clauses) - 1)
        near = [*reversed(read[:at]), *(one for one in read[at + 1 : rest + 1] if not one.has(r"\bthan\b"))]
        near = [one for one in near if not re.search(_ASKED_TIME, one.text)]
        shared = _place_said_first(read[0]) if at and not slots.filters else []
        shared += _period_said(near) if _lacks_period(slots) and not _is_of_two_before(slots, at) else []
        named = _figure_said(read[at - 1], slots) if at else []
        shared = named + shared if named or _asks_figures(slots) else []
        shared += _there(read[at - 1], slots) if at else []
        shared += _place_said_last(clauses[at:], read[at:])
        if shared := shared + _goods_said(read[:at], slots):
            out[at] = f"{clauses[at].rstrip('?.!; ')} {' '.join(shared)}"
    return out


def _each_with_its_time(clause: str, scene: Scene) -> list[str]:
    """ "Revenue: Germany Q3, France Q3, Spain Q2": of each place at its own time, the figure said once for all."""
    parts = [part.strip() for part in re.split(r"[,;/]| and | versus | vs\.? ", clause.strip(" ?.!")) if part.strip()]
    read = [read_slots(part, scene) for part in parts] if 1 < len(parts) <= _MOST else []
    if not read or not all(slots.filters and len(slots.periods) == 1 for slots in read):
        return [clause]
    bare = [re.fullmatch(r"(?:in |for |<value> ?|<period> ?)+", slots.text) for slots in read]
    if not all(bare[1:]) or not read[0].marks() <= {"<metric>", "<value>", "<period>"} or read[0].order_filters:
        return [clause]  # what else the first one says would be of that one alone
    figure = [words for mark, words in read[0].taken if mark == "<metric>"]
    return parts[:1] + [" ".join([*figure, part]) for part in parts[1:]]


def _there(before: Slots, slots: Slots) -> list[str]:
    """ "Revenue of Australia, and how many customers are there": in the place before, within one message."""
    places = [f for f in before.filters if f["dimension"] in ("country", "city") and f["operator"] == "eq"]
    bare = re.fullmatch(r"(?:and )?how many <metric> (?:do we have|are|have we got) there[?.! ]*", slots.text)
    return [f"in {places[0]['value']}"] if bare and len(places) == len(before.filters) == 1 else []


def _lacks_period(slots: Slots) -> bool:
    said = slots.periods or slots.when.against or slots.when.whole or slots.when.problems or slots.horizon
    return not said and not slots.has(ALL_TIME)


def _is_of_two_before(slots: Slots, at: int) -> bool:
    """ "…, and growth in %": of the two figures asked for before it."""
    return at > 1 and slots.marks() == {"<change>"}


def _asks_figures(slots: Slots) -> bool:
    """A question about figures that does not point back by itself: what does is read with the call before."""
    asked = slots.metrics or slots.dimensions or slots.measures.any() or (slots.grain and slots.top)
    back = continues(slots) or slots.has(r"\b(?:that|this|those|these|same|them|they|there|it)\b")
    return bool(asked) and not back and slots.conditions.rule is None and slots.customer is None


def _figure_said(before: Slots, slots: Slots) -> list[str]:
    """ "How many orders came from the web and how many from the shop": the figure that the part before counts."""
    if slots.metrics or slots.dimensions or slots.conditions.rule or not (slots.filters or slots.periods):
        return []
    lead = r"(?:did|does|do|was|were|came|come|in|from|for|on|via|through|with|of)"
    if not re.match(rf"(?:and )?(?:how many|how much|what) (?:{lead} )*(?:<value>|<period>)", slots.text):
        return []
    words = [said for mark, said in before.taken if mark == "<metric>" and said not in _COMES_IN]
    names = [name for name in before.metrics if len(before.metrics) == 1 or name != "revenue"]
    return words if len(words) == len(names) == 1 else []


def _period_said(near: list[Slots]) -> list[str]:
    """The one period of the nearest clause that has any."""
    dated = next((slots for slots in near if slots.periods), None)
    if dated is None or len(dated.periods) != 1:
        return []
    words = [said for mark, said in dated.taken if mark == "<period>"]
    before = [said for mark, said in dated.taken if mark == "<earlier>"]
    if dated.when.against:  # "last month and the month before, and …": of both
        return [*words, "compared to", before[0].removeprefix("to ")] if len(words) == len(before) == 1 else []
    return words if len(words) == 1 else []


def _place_said_last(clauses: list[str], read: list[Slots]) -> list[str]:
    """ "Top product and top customer in Germany": the place is that of both."""
    ranked = [re.match(rf"(?i)show me (?:the |our )?{_RANKS}\b", clause) is not None for clause in clauses[:2]]
    if ranked != [True, True] or read[0].filters or not read[1].filters:
        return []
    words = [said for mark, said in read[1].taken if mark == "<value>"]
    return words if len(words) == len(read[1].filters) == 1 else []


def _goods_said(before: list[Slots], slots: Slots) -> list[str]:
    """ "How is 85123A called and how many have we sold": the product that the part before names by its code."""
    codes = [f["value"] for each in before for f in each.filters if f["dimension"] == "sku"]
    sells = slots.has(r"\b(?:sold|sell|sells|bought|ordered|units|pieces|returned|came back|revenue|turnover)\b")
    own = slots.filters or slots.dimensions or slots.quoted or slots.has(r"\b(?:in total|overall|altogether|all)\b")
    return [f"of product {codes[-1]}"] if codes and isinstance(codes[-1], str) and sells and not own else []


def _place_said_first(slots: Slots) -> list[str]:
    first = re.match(
        r"(?:(?:<period>|,) ?)*<value> ?(?:(?:(?:for|in|of|over) )?(?:the )?(?:whole |entire )?<period> ?)?[,:]",
        slots.text,
    )
    words = [said for mark, said in slots.taken if mark == "<value>"]
    return words if first and len(words) == 1 else []


def _cut(match: re.Match[str]) -> str:
    """A line break, unless what follows goes on describing customers: "which customers … and are at risk"."""
    line = match.string[: match.start()].rpartition("\n")[2]
    described = rf"(?i)\b(?:who|that|with|whose)\b|\b(?:which|what|how many) (?:of )?(?:\w+ ){{0,2}}?(?:{_PERSONS})\b"
    more = r"(?i)who\b|(?:are|is|do|does|did) (?!(?:we|they|i|you|there|these|those|the|our|my|any|all)\b)"
    rest = match.string[match.end() :]
    goes_on = re.search(described, line) and re.match(more, rest) and not _names_figure(" ".join(rest.split()[1:2]))
    return match[0] if goes_on else "\n"


def _cut_after_rank(match: re.Match[str]) -> str:
    """A line break, where the part before names what is ranked, or a figure and "and": "top product, top country";
    "best and worst month" is one thing, and so is "orders in 2011, top 5 countries", a ranking of those orders.
    """
    before = match.string[: match.start()].rpartition("\n")[2]
    ranked = re.search(rf"(?i)\b{_RANKS} (?:\d+ )?(?:\w+ )?\w+$", before) and not re.search(rf"(?i)\b{_RANKS}$", before)
    figure = "and" in match[0] and _names_figure(before) and re.search(rf"(?i)\b{_TIME}", before)
    return f"\n{_OWN}" if ranked or (figure and not re.match(_OF_WHOM, before)) else match[0]


def _whole_ranking(part: str, following: list[str]) -> str:
    """ "Top product, top country" as two whole questions, so that neither goes on from the other."""
    beside = part.startswith(_OWN) or any(each.startswith(_OWN) for each in following)
    said = part.removeprefix(_OWN)
    ranked = beside and re.match(rf"(?i)(?:the |our )?{_RANKS}\b", said)
    return f"{_OWN}show me {said}" if ranked else part


def _cut_on(match: re.Match[str]) -> str:
    """A line break before what goes on from the part before: "revenue in March, then April"."""
    return _cut(match).replace("\n", "\nand ")


def _cut_after_figure(match: re.Match[str]) -> str:
    """A line break, unless what stands before is only where, when or of whom: "In Ireland, how much …"."""
    before = match.string[: match.start()].rpartition("\n")[2]
    rest = match.string[match.end() :]
    if re.match(r"(?i)what(?:'s|s| is) the difference\b", rest) and re.search(r"(?i)\b(?:or|and|vs|versus)\b", before):
        return match[0]  # "gross or net, what's the difference": of the two named before it
    scope = re.match(_OF_WHOM, before) and not re.search(r"(?i)\b(?:how|what|which|who)\b", before)
    return "\n" if _names_figure(before) and not scope else match[0]


def _cut_after_counted(match: re.Match[str]) -> str:
    """A line break: "how many credit notes in May, and the sum" asks for both."""
    before = match.string[: match.start()].rpartition("\n")[2]
    return f"\n{_OWN}" if _names_figure(before) and not re.search(r"(?i)\bbetween\b", before) else match[0]


def _names_figure(part: str) -> bool:
    """A figure is named: two such parts are two questions. People may be whom it is of: "mug buyers, how many"."""
    said = f" {plain(part)} "
    named = ((phrase, name) for phrase, name in phrases("metrics") if len(phrase) > _SHORT)
    return any(f" {phrase}" in said for phrase, name in named if name not in _PEOPLE)


def _rejoined(parts: list[str]) -> list[str]:
    """ "…, and what are they worth?" belongs to the clause before."""
    out: list[str] = []
    for part in parts:
        belongs = re.fullmatch(
            r"(?i)(?:and )?(?:what|how much) (?:are |is |will )?(?:they|those|these|it|are they)(?: are| be)? worth"
            r"(?: to us)?[?.!]*",
            part,
        )
        belongs = belongs or re.fullmatch(_BY_HOW_MUCH, part)
        fragment = (
            bool(out)
            and not part.startswith(_OWN)
            and len(part.split()) <= _FRAGMENT
            and not re.match(rf"(?i)(?:and|but|then|also|now|ok|same|ditto)\b|{_STARTERS}", part)
            and (re.match(_SCOPE, part) or not (_names_figure(part) and _names_figure(out[-1])))
        )
        against = re.match(_SET_AGAINST, part) and len(part.split()) <= _FRAGMENT
        if out and (against or re.match(_PUT_OTHERWISE, part) or re.fullmatch(_THIS_NOT_THAT, part)):
            out[-1] = f"{out[-1].rstrip('?.! ')}, {part}"
            continue
        if fragment and small_talk(part) is None:
            out[-1] = f"{out[-1].rstrip('?.! ')}, {part}"
            continue
        if out and re.match(r"(?i)(?:and )?(?:call|name|title) (?:it|them|this|that)\b", part):
            out[-1] = f"{out[-1].rstrip('.;! ')}, {part}"
            continue
        if out and is_convention(out[-1]):
            out[-1] = f"{out[-1].rstrip('.;! ')}; {part}"
            continue
        if out and asks_for_their_number(part, out[-1]):  # "two orders, both in 2022. how many?"
            out[-1] = f"{out[-1].rstrip('?.! ')}, {part}"
        elif out and re.fullmatch(_BEHIND, part):
            out[-1] = f"{out[-1].rstrip('?.! ')} and why"
        elif out and (belongs or re.fullmatch(_WHY, part)):
            out[-1] = f"{out[-1]} and {part}"
        else:
            out.append(part)
    return out
