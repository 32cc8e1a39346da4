"""In which time zone somebody is, by what is known of them: a zone, a city, a region, a country; else nothing is said.

A country says it where its clocks all show the same; of those whose mainland has one time and some islands another
(Spain, Portugal, Chile …) it is the mainland's. A city says it where a zone bears its name. Names of countries are read
in the languages that exports are written in (Unicode CLDR, by Babel).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global

__all__ = ["LocalZone", "Place", "has_regions", "zone_of"]

By = Literal["time zone", "city", "region", "country"]

_LANGUAGES: Final = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "nb", "fi", "cs", "sk", "hu", "ro", "bg", "hr", "sl",
    "et", "lv", "lt", "el", "tr", "ru", "uk", "ja", "zh", "ko", "ar", "he",
)  # fmt: skip
_ALSO: Final = {
    "uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "great britain": "GB", "northern ireland": "GB",
    "usa": "US", "u s a": "US", "united states of america": "US", "america": "US", "holland": "NL",
    "the netherlands": "NL", "czech republic": "CZ", "russian federation": "RU", "republic of ireland": "IE",
    "uae": "AE", "south korea": "KR", "republic of korea": "KR", "viet nam": "VN", "eire": "IE", "turkey": "TR",
}  # fmt: skip
# The zone of nearly everybody where islands have another one (CLDR, primaryZones).
_MAINLAND: Final = {
    "CL": "America/Santiago", "CN": "Asia/Shanghai", "EC": "America/Guayaquil", "ES": "Europe/Madrid",
    "NZ": "Pacific/Auckland", "PT": "Europe/Lisbon", "UA": "Europe/Kyiv", "MY": "Asia/Kuala_Lumpur",
}  # fmt: skip
# Regions that lie in one zone, by the codes and names of the posts; those that two zones share are left out.
_EASTERN, _CENTRAL, _MOUNTAIN, _PACIFIC = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
)  # fmt: skip
_REGIONS: Final = {
    "US": {
        _EASTERN: "CT Connecticut|DE Delaware|DC District of Columbia|GA Georgia|ME Maine|MD Maryland|MA Massachusetts"
        "|NH New Hampshire|NJ New Jersey|NY New York|NC North Carolina|OH Ohio|PA Pennsylvania|RI Rhode Island"
        "|SC South Carolina|VT Vermont|VA Virginia|WV West Virginia",
        _CENTRAL: "AL Alabama|AR Arkansas|IL Illinois|IA Iowa|LA Louisiana|MN Minnesota|MS Mississippi|MO Missouri"
        "|OK Oklahoma|WI Wisconsin",
        _MOUNTAIN: "CO Colorado|MT Montana|NM New Mexico|UT Utah|WY Wyoming",
        _PACIFIC: "CA California|WA Washington",
        "America/Phoenix": "AZ Arizona",
        "Pacific/Honolulu": "HI Hawaii",
    },
    "CA": {
        "America/Halifax": "NS Nova Scotia|NB New Brunswick|PE Prince Edward Island",
        "America/Winnipeg": "MB Manitoba",
        "America/Edmonton": "AB Alberta",
        "America/Whitehorse": "YT Yukon",
    },
    "AU": {
        "Australia/Sydney": "NSW New South Wales|ACT Australian Capital Territory",
        "Australia/Melbourne": "VIC Victoria",
        "Australia/Brisbane": "QLD Queensland",
        "Australia/Hobart": "TAS Tasmania",
        "Australia/Adelaide": "SA South Australia",
        "Australia/Darwin": "NT Northern Territory",
        "Australia/Perth": "WA Western Australia",
    },
}
_SEASONS: Final = tuple(datetime(2026, month, 15, 12, tzinfo=UTC) for month in (1, 4, 7, 10))


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of where somebody is; as their data have it."""

    time_zone: str | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True)
class LocalZone:
    """A time zone, and what it is known by."""

    zone: str
    by: By


@lru_cache(maxsize=16_384)
def zone_of(place: Place) -> LocalZone | None:
    """Where somebody's clocks are; None where nothing tells it, or several zones are possible."""
    if place.time_zone and place.time_zone.strip() in available_timezones():
        return LocalZone(place.time_zone.strip(), "time zone")
    country = _country(place.country)
    if country is None:
        return None
    named = {_plain(zone.rpartition("/")[2]): zone for zone in _zones(country)}
    if city := named.get(_plain(place.city)):
        return LocalZone(city, "city")
    if region := _regions(country).get(_plain(place.region)):
        return LocalZone(region, "region")
    zone = _MAINLAND.get(country) or _only(country)
    return LocalZone(zone, "country") if zone else None


def has_regions(country: str | None) -> bool:
    """Whether the time zone of somebody in a country is told by their region."""
    return _country(country) in _REGIONS


def _plain(words: str | None) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", words or "") if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare.casefold()).split())


def _country(name: str | None) -> str | None:
    """The ISO code of a country, given as one or by its name."""
    plain = _plain(name)
    if code := _ALSO.get(plain):
        return code
    return plain.upper() if len(plain) == 2 and plain.isascii() else _names().get(plain)


@cache
def _names() -> dict[str, str]:
    """Countries by their names; one that means two countries in two languages is left out."""
    known: dict[str, set[str]] = {}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                known.setdefault(_plain(name), set()).add(code)
    return {name: codes.pop() for name, codes in known.items() if len(codes) == 1}


@cache
def _zones(country: str) -> tuple[str, ...]:
    return tuple(sorted(zone for zone, territory in get_global("zone_territories").items() if territory == country))


@cache
def _regions(country: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for zone, regions in _REGIONS.get(country, {}).items():
        for region in regions.split("|"):
            code, _, name = region.partition(" ")
            found |= {_plain(code): zone, _plain(name): zone}
    return found


def _only(country: str) -> str | None:
    """The zone of a country whose clocks all show the same, the year round."""
    zones = [zone for zone in _zones(country) if zone in available_timezones()]
    shown = {tuple(at.astimezone(ZoneInfo(zone)).utcoffset() for at in _SEASONS) for zone in zones}
    return zones[0] if len(shown) == 1 else None
