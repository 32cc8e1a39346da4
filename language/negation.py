"""How something is ruled out: "except Germany", "Germany left out", "take Germany out"."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["EXCEPTING", "LEFT_OUT", "RULING_OUT", "plainly_negated"]

RULING_OUT: Final = (
    r"(?:outside(?: of)?|not(?: from| in| counting| including| to)?|except(?:ing)?(?: for| from)?|excluding|exclude"
    r"|without|other than|apart from|aside from|but not|non|besides|ignoring|ignore|leaving out|leave out|minus"
    r"|omitting|omit|disregarding|disregard|barring|save for)"
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


def plainly_negated(text: str) -> str:
    """ "Take the Germans out", "leaving out December" as "without …"."""
    return _AROUND.sub(lambda m: f"without {m['what'] or ''}", text)
