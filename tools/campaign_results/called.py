"""Which campaigns are meant by what they are called: a number, or words of their names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from core.errors import NoSuchData
from database.queries.campaign_results import SentCampaign

__all__ = ["named"]

_CHANNELS: Final = {"text": "sms", "sms": "sms", "mailing": "email", "email": "email", "mail": "email"}
_SMALL: Final = frozenset("the a an of on in at for to our with and campaign".split())  # noqa: SIM905
_OFFERED = 5


def named(campaigns: Sequence[SentCampaign], names: Sequence[str]) -> list[SentCampaign]:
    """The campaigns that each of `names` means, in the order they have; NoSuchData where one means none."""
    meant: set[str] = set()
    for name in names:
        found = [one for one in campaigns if _is_called(one, name)]
        if not found:
            known = [one.name for one in campaigns[:_OFFERED]]
            raise NoSuchData(f"No campaign that was sent is called “{name}”.", field="names", valid=known)
        meant.update(one.id for one in found)
    return [one for one in campaigns if one.id in meant]


def _is_called(campaign: SentCampaign, name: str) -> bool:
    """Every word is in its name, a number as a number; "text" and "mailing" may be what it is sent by."""
    own = _words(campaign.name)
    return all(word in own or _CHANNELS.get(word, "") == campaign.channel for word in _words(name) - _SMALL)


def _words(text: str) -> frozenset[str]:
    """Its words in lower case, a hyphen within one left out, numbers without zeros before them."""
    return frozenset(
        word.lstrip("0") or "0" for word in re.findall(r"\w+", re.sub(r"(?<=\w)[-'’](?=\w)", "", text.lower()))
    )
