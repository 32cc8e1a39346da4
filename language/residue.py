"""What a description of customers says beyond what was understood: named to the user, never passed over."""

from __future__ import annotations

import re
from typing import Final

from language.slots import Slots
from language.vocabulary import phrases

__all__ = ["FILLER", "is_description", "not_understood", "unexplained", "unknown_words"]

_STEM = 5  # letters that words of one kind share: agree, agreed
FILLER: Final = frozenset(
    """
    a about after again all also altogether am an and any anyway are as asap at atm back be been being below between
    both bring brought business but by call came can cash charge charged check come comes coming compared could
    count counted customer data did displayed do does doing done down each else end ever exactly fast figure figures
    find file for from full get gets give given gives giving go goes going gone good got had hand happen happened
    has have having he hello help her here hey hi how i idea if in interested into is it its just kind know known
    let like list little look looking made make makes making many may me mean means money more morning most much my
    name need needed needs nice no not note now number numbers of off ok okay on once one ones only or order ordered
    other our out over overall own paid part past per perform performed performing performance place placed please
    pls point pull put quick quickly rank ranked ranking really right roughly run said sale say see sell sells sent
    she should show shown since size so sold some sort sorted split stand start state stuff such summary sum take
    taken takes tell than thank thanks that the their them then there these they thing things think this those
    through thx time to today together told too top total totals two under until up us used using value values via
    wanted want was way we well went were what when where whether which while who whole whom why will with within
    without won worth would yes yet you your best there's whats chart graph table plot answer question view report
    reporting precise exact actual currently current present bought buy buys buying purchased purchase amount
    amounts level levels stop begin basis break broken detail details across among respectively apiece ie eg i.e e.g
    large big huge small selling trend trends trending development course bigger larger cheers written something
    anything euros euro dollars dollar pounds pound erm uh um hmm included including granted period lifetime emails
    mailings mailing sees line kindly issued advance become became peak seem seems trade wait bit one's issue mind
    forget forgot sir everybody approx euros'
    """.split()  # noqa: SIM905
)
_FILLER: Final = frozenset(
    """
    a about all also an and any anybody anyone are as at be been both but by called can client clients could count
    create customer customers define did display do does each either everybody everyone exactly find for from get
    give group groups had has have how i in into is it just keep large list build add set up like make many me my name
    named names need new no now number number of on one ones only or our out over people percentage percent please
    proportion save see segment segments share shopper shoppers show so some store such tell than that the their them
    themselves then there these they this those to us want was we were what whether which who whole whom whose why
    will with within would you your still yet ever currently right really me too together big size remember quoted
    bought buy buys ordering purchased come comes came coming live lives living based located belong belongs
    buyer buyers either should must is yes ok okay hey hello per cent highest first sorted ordered order sort rank
    ranked look up down
    """.split()  # noqa: SIM905
)
_RANKING: Final = frozenset("spent spend spending bought buy buys most often value valuable year".split())  # noqa: SIM905


def unexplained(slots: Slots) -> list[str]:
    """Parts of the clause that are neither understood nor mere filler, in the user's words."""
    if slots.conditions.rule is None and not slots.filters:
        return []
    filler = _FILLER | _RANKING if slots.top or slots.limit else _FILLER
    text = slots.text
    for phrase, _ in phrases("fields"):  # "sorted by recency"
        text = re.sub(rf"\b(?:by|with the highest|with the lowest) {re.escape(phrase)}\b", " ", text)
    # the name a segment is to get
    text = re.sub(r"\b(?:as|called|named|call (?:it|them)|name it) .*$", " ", text)
    parts = [part.strip(" ,.;:!?'\"-") for part in re.split(r"<[^>]*>", text)]
    return [part for part in parts if any(word not in filler for word in re.findall(r"[a-z]+|\d+", part))]


def is_description(slots: Slots) -> bool:
    """True for a bare description of customers: "customers from Germany who spent over 100", "discount hunters"."""
    nodes = slots.conditions.nodes
    if slots.conditions.rule is None or slots.periods or slots.grain or slots.dimensions or slots.top:
        return False
    if slots.metrics not in ([], ["customers"]) or any(_is_likelihood(node) for node in nodes):
        return False
    rest = re.sub(r"<(?:rule|value|metric|unclear)>", " ", slots.text)
    rest = re.sub(
        r"\b(?:the|our|my|all|those|and|or|but|who|that|are|is|have|has|from|in|with|of|either|customers?|people|buyers|shoppers|everyone|everybody)\b",
        " ",
        rest,
    )
    return not re.search(r"[a-z0-9<]", re.sub(r"^\s*(?:please |show |me |find |list |give |get )*", "", rest))


def _is_likelihood(node: dict[str, object]) -> bool:
    """ "Likely to leave", "high risk": a question about who leaves, answered with reasons and values."""
    field, op = str(node.get("field", "")), node.get("operator")
    return field == "churn_risk" or (field.startswith("churn_") and op == "ge" and node.get("value") == 0.5)


def not_understood(words: list[str], slots: Slots) -> str:
    """Which words have no meaning in the data."""
    said = ", ".join(f"“{' '.join(slots.written.get(word, word) for word in part.split())}”" for part in words)
    return (
        f"I do not know what {said} means in your data, and leaving it out would answer another question. Ask “what "
        "data do we have?” for the figures and the names I know, or say it in other words."
    )


def unknown_words(slots: Slots, own: frozenset[str]) -> list[str]:
    """Words of the clause that are neither taken, nor filler, nor among `own`: the words a request is asked for in.

    A word counts as one of `own` in any ending; names like CMP-1 and numbers are left to those who read them.
    """
    words = re.findall(r"(?<![\w-])[a-z][a-z']+(?![\w-])", re.sub(r"<[^>]*>", " ", slots.text))
    known = own | FILLER | _FILLER
    stems = {word[:_STEM] for word in known if len(word) >= _STEM}
    return [w for w in dict.fromkeys(words) if not {w, w.removesuffix("s"), f"{w}s"} & known and w[:_STEM] not in stems]
