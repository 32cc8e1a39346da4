"""Countries as people call them and those who live there, and groups of countries: Scandinavia, Benelux, the EU."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Final

__all__ = [
    "COUNTRIES", "HOME", "REGIONS", "countries_of", "people_of_places", "place_names", "place_words",
    "with_countries_spelled_out",
]  # fmt: skip

_C = tuple[str, ...]
COUNTRIES: Final[tuple[_C, ...]] = (
    ("united kingdom", "uk", "great britain", "britain", "british", "gb"),
    ("united states", "usa", "united states of america", "america", "american", "the states", "us"),
    ("germany", "german", "de"), ("france", "french", "fr"), ("netherlands", "holland", "dutch", "nl"),
    ("eire", "ireland", "irish", "republic of ireland", "ie"), ("spain", "spanish", "es"), ("italy", "italian", "it"),
    ("belgium", "belgian", "be"), ("switzerland", "swiss", "ch"), ("austria", "austrian", "at"),
    ("portugal", "portuguese", "pt"), ("australia", "australian", "au"), ("norway", "norwegian", "no"),
    ("sweden", "swedish", "se"), ("denmark", "danish", "dk"), ("finland", "finnish", "fi"), ("poland", "polish", "pl"),
    ("japan", "japanese", "jp"), ("singapore", "sg"), ("hong kong", "hk"), ("canada", "canadian", "ca"),
    ("greece", "greek", "gr"), ("cyprus", "cypriot", "cy"), ("israel", "israeli", "il"), ("iceland", "icelandic", "is"),
    ("czech republic", "czechia", "czech", "cz"), ("lithuania", "lithuanian", "lt"), ("malta", "maltese", "mt"),
    ("united arab emirates", "uae", "emirates", "ae"), ("rsa", "south africa", "south african", "za"),
    ("saudi arabia", "saudi", "sa"), ("lebanon", "lebanese", "lb"), ("bahrain", "bh"), ("brazil", "brazilian", "br"),
    ("european community",), ("channel islands", "jersey", "guernsey"),
    ("mexico", "mexican", "mx"),
    ("india", "indian", "in"), ("china", "chinese", "cn"), ("new zealand", "nz"), ("luxembourg", "lu"),
    ("hungary", "hungarian", "hu"), ("romania", "romanian", "ro"), ("turkey", "turkish", "tr"),
    ("russia", "russian", "ru"), ("estonia", "estonian"), ("latvia", "latvian"), ("slovakia", "slovak", "slovakian"),
    ("slovenia", "slovenian"), ("croatia", "croatian"), ("bulgaria", "bulgarian"), ("ukraine", "ukrainian"),
    ("serbia", "serbian"), ("argentina", "argentinian"), ("chile", "chilean"), ("colombia", "colombian"),
    ("south korea", "korea", "korean"), ("egypt", "egyptian"), ("morocco", "moroccan"), ("thailand", "thai"),
)  # fmt: skip

_CODES: Final = {
    names[-1].upper(): names[0]
    for names in COUNTRIES
    if len(names[-1]) == 2 and names[-1] not in ("us", "no", "in", "is")
}
_CODE: Final = rf"\b(?:{'|'.join(_CODES)})\b"
_PLACED: Final = rf"(?i:\b(?:in|from|to|of|for|without|except|only|outside) )(?:the )?{_CODE}"  # where a place stands
_EUROZONE = (
    "austria, belgium, cyprus, estonia, finland, france, germany, greece, eire, italy, latvia, lithuania, luxembourg, "
    "malta, netherlands, portugal, slovakia, slovenia, spain, croatia"
)
_EU = f"{_EUROZONE}, denmark, sweden, poland, czech republic, hungary, romania, bulgaria, european community"
_ISLANDS = "united kingdom, eire, channel islands"
_CONTINENT = f"{_EU.replace(', eire', '')}, switzerland, norway, ukraine, serbia, turkey, russia"
_GULF = "united arab emirates, saudi arabia, bahrain"
_NORTH, _SOUTH = "united states, canada, mexico", "brazil, argentina, chile, colombia"
_REGIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "denmark, norway, sweden": ("scandinavia", "scandinavian"),
    "denmark, norway, sweden, finland, iceland": ("nordics", "nordic"),
    "belgium, netherlands, luxembourg": ("benelux", "low countries"),
    "germany, austria, switzerland": ("dach", "german speaking", "german-speaking"),
    "spain, portugal": ("iberia", "iberian", "iberian peninsula"),
    "estonia, latvia, lithuania": ("baltics", "baltic", "baltic states"),
    _ISLANDS: ("british isles",),
    _NORTH: ("north america", "north american"),
    _SOUTH: ("south america", "south american"),
    f"{_SOUTH}, mexico": ("latin america", "latin american", "latam"),
    f"{_NORTH}, {_SOUTH}": ("the americas",),
    f"japan, singapore, hong kong, india, china, south korea, thailand, israel, lebanon, {_GULF}": ("asia", "asian"),
    f"israel, lebanon, {_GULF}": ("middle east", "middle eastern"),
    "australia, new zealand": ("oceania", "australasia"),
    "rsa, egypt, morocco": ("africa", "african"),
    f"{_ISLANDS}, {_CONTINENT}, iceland": ("europe", "european"),
    _CONTINENT: ("continental europe", "mainland europe", "european continent"),
    _EU: ("eu", "european union"),
    _EUROZONE: ("eurozone", "euro zone", "euro area", "euro countries"),
}
REGIONS: Final = tuple((name, tuple(members.split(", "))) for members, names in _REGIONS.items() for name in names)
"""(what a group of countries is called, the first names of its countries)"""
HOME: Final = {"GBP": "united kingdom", "USD": "united states", "SEK": "sweden", "DKK": "denmark", "NOK": "norway",
               "CHF": "switzerland", "PLN": "poland", "CZK": "czech republic", "HUF": "hungary", "JPY": "japan",
               "CAD": "canada", "AUD": "australia", "BRL": "brazil", "INR": "india", "TRY": "turkey"}  # fmt: skip
"""The one country that pays in a currency: abroad is every other one. Euros say nothing."""
_BREXIT = date(2020, 2, 1)
_NOUNS: Final = {
    "brits": "british", "britons": "british", "swedes": "swedish", "danes": "danish", "finns": "finnish",
    "poles": "polish", "spaniards": "spanish", "turks": "turkish", "icelanders": "icelandic", "aussies": "australian",
    "greeks": "greek", "czechs": "czech", "israelis": "israeli", "saudis": "saudi", "slovaks": "slovak",
    "dutchmen": "dutch", "frenchmen": "french", "irishmen": "irish", "foreigners": "foreign",
}  # fmt: skip
_BUYERS: Final = r"(?:customers?|buyers?|clients?|shoppers?|people|users)"


def countries_of(members: Iterable[str], held: Mapping[str, str], day: date) -> list[str]:
    """The data's own names for `members`; on days when it was one, the United Kingdom is a member of the EU."""
    names = [*members, *(["united kingdom"] if "european community" in members and day < _BREXIT else [])]
    return [held[name] for name in dict.fromkeys(names) if name in held]


_ORDER = (
    r"(order|basket|invoice|ticket|purchase|transaction)"
    r"(?= (?:look|size|value|cost|worth|in|from|since|last|this|over)\b|[ ?.!]*$)"
)


def with_countries_spelled_out(text: str) -> str:
    """ "In DE + AT" as "in germany + austria": codes in capitals, where not all of the text is."""
    if not re.search(r"[a-z]{3}", text) or not re.search(_PLACED, text):
        return text
    return re.sub(_CODE, lambda match: _CODES[match[0]], text)


def people_of_places(text: str) -> str:
    """`text` with those who live somewhere as customers from there: "germans", "what does a Dane spend"."""
    text = re.sub(
        rf"\b({'|'.join(_people())})\b(?: (?={_BUYERS}\b)|(?= {_BUYERS}\b))?",
        lambda m: _people()[m[1]] + (" " if m[0].endswith(" ") else " customers"),
        text,
    )
    single = "|".join(re.escape(name) for name in sorted({*_people().values()}, key=len, reverse=True))
    text = re.sub(rf"\b(?:among|amongst) (?:our |the |all )*({single}) {_BUYERS}\b", r"in \1", text)
    if re.search(rf"\baverage (?:{single}) {_ORDER}\b", text):  # and not what an average German does
        return re.sub(rf"\baverage ({single}) {_ORDER}\b", r"average \2 from \1", text)
    noun = (
        r"(?! (?:come|cost|is|was|worth|look|bring|contain|has|have|value|size))"  # "what does a German order come to"
    )
    acts = rf"(?= (?:spend|buy|order{noun}|pay|leave|bring)s?\b|[ ?.!]*$)"
    return re.sub(rf"\b((?:an?|each|every|average|per|1) (?:{single}))\b{acts}", r"\1 customer", text)


@cache
def _people() -> dict[str, str]:
    """Those who live somewhere, and the adjective of the place."""
    adjectives = [name for names in COUNTRIES for name in names[1:]] + [name for name, _ in REGIONS]
    return {f"{name}s": name for name in adjectives if name.endswith("an")} | _NOUNS


@cache
def place_names() -> frozenset[str]:
    """Every name of a place, and of those who live there."""
    said = [name for names in COUNTRIES for name in names] + [name for name, _ in REGIONS] + list(_people())
    return frozenset(name.lower() for name in said)


@cache
def place_words() -> frozenset[str]:
    """Every word of a place or of those who live there."""
    return frozenset(word for name in place_names() for word in re.findall(r"[a-z]+", name))
