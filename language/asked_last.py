# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""What is asked for after the people it is asked of: "uk customers with 2 orders, how many are there" is put first."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["asked_first", "asks_for_their_number"]

_SMALL: Final = r"(?:so|and|now|then|please|just|only|but|to know|i need|i want|give me|tell me|we need)"
_HEADS: Final = r"customers|people|folks|clients|buyers|shoppers|accounts|contacts|heads|persons|calls|letters|envelopes|cards|vouchers"
_THEM: Final = rf"(?:(?:the |all )*(?:them|these|those|they)(?: all)?|(?:such|the|our|those|these) (?:{_HEADS})|(?:{_HEADS})|(?:this|that|the|these|those) (?:kind|sort|type)s?)"
_ASKED: Final = (
    rf"how many(?: (?:{_THEM}|of {_THEM}))?(?: (?:(?:is|are|was|were) (?:that|it|they|there)|(?:would|will) (?:that|it|they) be|did we (?:win|get|gain|have)|(?:do|did|would) we have|exist|does that make|in all|in total|roughly|about|approximately))*",
    rf"(?:the |a |an )?(?:exact |total |overall )?(?:count|number|quantity|head ?count|amount)(?: of {_THEM})?(?: (?:only|is (?:enough|fine)|will do|for me|would do))*",
    r"how many \w+ (?:do|would|will|should|must) (?:i|we) (?:(?:have|need) to |must )?(?:order|buy|print|send|write|make|pack|prepare|need)",
    r"count (?:them|these|those|it)(?: (?:up|for me))*",
)
_ASKS: Final = rf"(?:{_SMALL} )*(?:no names?,? (?:(?:just|only) )?)?(?:{'|'.join(_ASKED)})(?:,? please)?"
_NUMBER: Final = re.compile(rf"(?:{_ASKS})[?.! ]*", re.IGNORECASE)
_PEOPLE: Final = r"(?:customers?|clients?|buyers|shoppers|people|folks|persons?|accounts|contacts|subscribers)"
_WHO: Final = r"(?:who|that|which|whom|whose|with|without)"
_DID: Final = r"(?:(?:never|only|not|always|already|first|last|once) )*(?:bought|ordered|purchased|paid|spent|clicked|opened|visited|placed|made|signed|joined|received|returned|got|came|used|has|have|had|did|do)"
_DESCRIBED: Final = rf"\b{_WHO}\b|\b{_DID}\b|\bor more\b|\bat least\b|\bmore than\b"
_CMP: Final = r"(?:at least|at most|exactly|only|just|more than|fewer than|less than|over)"
_FIGURES: Final = r"\b(?:number of|how much|revenue|turnover|sales|income|units|pieces|average|share|%)"
_AFTER: Final = re.compile(rf"^(?P<whom>.+?) ?(?:[,:;.?!-]+|\() ?(?:{_ASKS})\)?[?.! ]*$")
_OF_BEFORE: Final = re.compile(
    r"(?:and |so |now )*(?:of|from|among) (?:these|those|them),? (?=the ones|ones|those|people)"
)
_LEAD: Final = re.compile(
    rf"(?:(?:and|so|now|ok|then|the|all|our|those|these|any|of|from|among|people|folks|ones|customer|{_PEOPLE}) )*?(?:(?:the )?ones |those |people |folks |customer |{_PEOPLE} )?(?={_WHO}\b)"
)


def asks_for_their_number(clause: str, before: str) -> bool:
    """Whether a clause only asks how many there are of those whom the clause before describes: "count, please"."""
    if _NUMBER.fullmatch(clause.strip(" ,:;-")) is None:
        return False
    by_name = re.search(rf"\b(?:{_HEADS})\b", clause, re.IGNORECASE)
    return not by_name or (
        not before.rstrip().endswith("?") and re.search(_DESCRIBED, before, re.IGNORECASE) is not None
    )


def asked_first(text: str) -> str:
    """`text` (plain) with the question for a number before the people it is of; any other text as it is."""
    match = _AFTER.match(text)
    if match is None or re.match(
        r"(?:and |so |but )*(?:how|what|why|when|where|is|are|do|does|did|list|show|give)\b", match["whom"]
    ):
        return text
    whom = match["whom"].strip(" ,:;.!?-")
    if re.search(_FIGURES, whom):
        return text  # "revenue of those who ordered twice, number of customers": two figures
    before = _OF_BEFORE.match(whom)
    if before and (lead := _LEAD.match(whom, before.end())):
        return f"how many of them {whom[lead.end() :]}"
    if lead := _LEAD.match(whom):
        return f"how many customers {whom[lead.end() :]}"
    if re.match(rf"{_DID}\b", whom):
        return f"how many customers who {whom}"
    if re.match(rf"(?:{_CMP} )?\d+ (?:or more |or fewer )?(?:orders?|purchases)\b", whom):
        return f"how many customers with {whom}"
    named = re.search(rf"\b(?:{_HEADS})\b", text[match.end("whom") :]) and not re.search(r"\borders?\b", whom)
    return f"how many {whom}" if named or re.search(rf"\b{_PEOPLE}\b|\b{_DID}\b", whom) else text
