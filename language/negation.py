"""How something is ruled out: "except Germany", "Germany left out", "take Germany out"."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["EXCEPTING", "LEFT_OUT", "RULING_OUT", "plainly_negated"]

RULING_OUT: Final = (
    r"(?:outside(?: of)?|not(?: from| in| counting| including| to)?|except(?:ing)?(?: for| from)?|excluding|exclude"
    r"|without|other than|apart from|aside from|but not|non|besides|ignoring|ignore|leaving out|leave out|minus"
    r"|omitting|omit|ex|disregarding|disregard|barring|save for)"
)
"""Words that rule out what follows them."""
EXCEPTING: Final = r"(?:but not|except(?:ing)?(?: for)?|excluding|other than|apart from|leaving out|ignoring)"
"""Words that rule out some of the people spoken of: "without" and "not" say what these people did not do."""
LEFT_OUT: Final = (
    r"(?:,? (?:(?:is|are|was|were|being|both|all|to be|should be) )*"
    r"(?:excluded|left out|not counted|not included|not counting|omitted|ignored|disregarded|aside|set aside|removed))"
)
"""Words that rule out what stands before them."""
_AROUND: Final = re.compile(
    r"\b(?:tak|leav|kick|filter|throw|cut|keep)(?:e|ing|ting)? "
    r"(?:(?:out|aside) (?!of\b)|(?P<what>(?!out\b|aside\b)[a-z][\w-]*(?: [a-z][\w-]*){0,3}?) (?:out|aside)\b"
    r"(?: of (?:it|this|that|account))?(?! of\b))"
)
_WHAT: Final = (
    r"(?P<what>(?!(?:and|but|with|so|then|is|are|not|i|we|you|please|how|what|only|just)\b)[a-z][\w'-]*"
    r"(?: (?!(?:is|are|was|were|to|should|being|both|all|left|set|excluded|omitted|ignored|not)\b)[a-z][\w'-]*){0,3}?)"
)
_AFTER: Final = re.compile(
    rf"(?:[,;:(]| with| and| but| -) ?(?:the |any |all |our )*{_WHAT}{LEFT_OUT}\b\)?(?! (?:of|from)\b)"
)
_WITHOUT: Final = re.compile(
    r"(?<!we )(?<!who )(?<!they )(?<!to )\b(?:without (?:counting|including)|do not (?:count|include|consider)"
    r"|removing|exclusive of|with the exception of)(?: (?:any|all|the))*(?= [a-z0-9])"
)
_NO: Final = re.compile(
    r"(?<=[,;:(]) ?(?:and |but )?no (?!(?:matter|more|less|fewer|need|rush|later|earlier|idea|wait|\d))(?=[a-z])"
)


def plainly_negated(text: str) -> str:
    """ "Take the Germans out" as "without the Germans", "vouchers not counted" as "excluding vouchers"."""
    text = _WITHOUT.sub("excluding", _AROUND.sub(lambda m: f"without {m['what'] or ''}", text))
    return _NO.sub(" excluding ", _AFTER.sub(r" excluding \g<what>", text))
