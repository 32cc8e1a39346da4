# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""A share in words: what is the part, and what is the whole.

"Refunds as a percentage of sales", "what share of orders came from Spain", "how much of 2024 was December": which side
of the words for a share is the whole differs, so a clause is cut at them before either side is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["SHARE", "Share", "share_in"]

SHARE = r"(?:shares?|proportions?|fractions?|portions?|slices?|ratio|(?:which|what) parts?|(?<!\d )(?<!\d)%(?: share)?)"
_ASK = r"(?:what|which|how many|how much|the|a|an|as|in|is|are|was|me|show|give|tell|about|calculate|need|i|want|to|know|and|so|then|please)"
_LEAD = rf"(?:\b{_ASK} )*"
_OF = r"(?:of|from|out of|among)"
# What is said of the whole: "orders that came …", "revenue is …", "do newcomers make up …".
_VERB = (
    r"(?:(?:that|which|who) )?(?:is|are|was|were|comes?|came|goes|go|went|f[ae]lls?|fell|contain(?:s|ed)?|had|have|has|h[oe]ld|includ(?:e|ed|es)"
    r"|bought|buys?|ordered|belongs?|consist(?:s|ed)? of|got|gets|placed|paid|used|use)"
)
_MADE_UP = r"(?:makes?(?: up)?|made(?: up)?|brings?(?: in)?|brought(?: in)?|accounts? for|accounted for|generates?d?|contributes?d?|represents?|stands? for|takes? up|eats? up|cost|yield|give|gave|deliver)"
_DOES = r"(?:do|does|did)"
_TELL = r"(?:,? ?\(?\b(?:as|in|give me|only|just)?(?: a| the)? ?(?<!\d )(?<!\d)%(?: only| please)?(?! of)\)?)"


@dataclass(frozen=True, slots=True)
class Share:
    """The words of the part and of the whole; `verb` stands between them where the whole comes first."""

    part: str
    whole: str
    verb: str = ""


_WITHIN = re.compile(
    rf"^(?:within|in|for) (?P<place>[^,]+), {_LEAD}{SHARE} {_OF} (?P<whole>.+?) (?P<verb>{_VERB}) (?P<part>.+)$"
)
_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        # of the whole, how much is the part
        rf"^{_OF} (?P<whole>.+?),? {_LEAD}{SHARE}(?: of (?:them|these|those|it|that))?,? (?P<verb>{_VERB}|{_DOES}) (?P<part>.+)$",
        # how much of the whole does the part make up; how much of the whole is the part
        rf"^{_LEAD}(?:how much|{SHARE}) {_OF} (?P<whole>.+?) {_DOES} (?P<part>.+?) {_MADE_UP}\b(?: for)?(?P<rest>.*)$",
        rf"^{_LEAD}(?:how much|{SHARE}) {_DOES} (?P<part>.+?) {_MADE_UP}(?: {_OF}| in| to)? (?P<whole>.+)$",
        # the part as a share of the whole, the part out of the whole, ratio of the part to the whole
        rf"^{_LEAD}ratio (?:of|between) (?P<part>.+?) (?:to|and|over|against) (?P<whole>.+)$",
        rf"^{_LEAD}(?P<part>.+?) (?:expressed )?(?:as|in) {_LEAD}{SHARE} {_OF} (?P<whole>.+)$",
        rf"^{_LEAD}(?P<part>.+?) out of (?P<whole>.+)$",
        rf"^{_LEAD}(?P<part>(?!{_ASK} )\S.*?) {SHARE} {_OF} (?P<whole>.+)$",
        # the share of the whole that is the part; how much of the whole goes to the part
        rf"^{_LEAD}(?:how much|how many|{SHARE}) {_OF} (?P<whole>.+?) (?P<verb>{_VERB}) (?P<part>.+)$",
        rf"^{_LEAD}{SHARE} {_OF} (?P<whole>.+?) (?P<verb>made (?:by|at|on|in|through|via)|from|through|via|by|with|placed by) (?P<part>.+)$",
        # the share of the part in the whole
        rf"^{_LEAD}{SHARE} {_OF} (?P<part>.+?) (?:in|among|within|of|on|to) (?P<whole>.+)$",
    )
)  # fmt: skip


def share_in(text: str) -> Share | None:
    """The two sides of a share in plain words; None where only one side is said, or no share is asked for."""
    if re.search(r"\bmarket share\b", text):
        return None
    text = re.sub(r"^[^:]{1,40}: (?=.*\b(?:share|%))", "", text.strip(" ?.!"))
    if re.search(rf"\b{SHARE}|\bhow much of\b|\bcontribut\w+ to\b|%", text) is None:
        return None
    if match := _WITHIN.search(text):
        return Share(match["part"], f"{match['whole']} {match['place']}", match["verb"])
    told = re.sub(rf"{_TELL}(?=$|,| )", " ", text).strip(" ,")
    for form in _FORMS:
        for said in (text, told):
            if match := form.search(said):
                groups = match.groupdict()
                part = f"{groups['part']} {groups.get('rest') or ''}"
                return Share(_bare(part), _bare(groups["whole"]), groups.get("verb") or "")
    return None


def _bare(side: str) -> str:
    return re.sub(r"\s+", " ", re.sub(rf"{_TELL}(?=$|,| )", " ", side)).strip(" ,")
