"""Changes of spend in words: "20% more on search", "half as much on video", "stop display", "5,000 more a month"."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Final

from language.scene import Scene
from language.slots import Slots

__all__ = ["KEPT_PLAN", "changes_of", "is_about_spending"]

_SHARE = r"(?P<share>\d+(?:\.\d+)?) ?(?:%|percent|per cent)"
_MONEY = (
    r"(?<![\w.])(?P<money>\d+(?:\.\d+)?) ?(?P<scale>k|thousand|m|million)?\b"
    r"(?! ?(?:%|percent|per cent|weeks?|months?|days?|times))"
)
_UP = r"(?:more|extra|additional|higher|increase|raise|grow|boost|up|add)"
_DOWN = r"(?:less|fewer|lower|cut|reduce|decrease|shrink|drop|down|save)"
_VERB = rf"\b(?P<verb>{_UP}|{_DOWN})\w*\b"
_STOP = (
    r"\b(?:stop|stopped|stopping|pause|paused|pausing|switch(?:ed)? off|turn(?:ed)? off|without (?:any )?"
    r"(?:ads?|spend|spending|advertising)|no (?:more )?(?:ads?|spend|spending)|cancel|zero)\b"
)
_TIMES: Final = (
    (r"\b(?:double|twice)\b", 1.0), (r"\b(?:triple|three times|treble)\b", 2.0), (r"\b(?:halve|half|halving)\b", -0.5),
)  # fmt: skip
_SCALES: Final = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6}
_PER: Final = (
    r"\b(?:a|per|each|every) (?P<per>week|month|quarter|year)\b|\b(?P<adverb>weekly|monthly|quarterly|yearly)\b"
)
_ADVERBS: Final = {"weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year"}
# Where a channel is named: "on search", "search ads", "pause search".
_NAMED: Final = (
    r"\b(?P<name>[a-z][\w-]*) (?:ads?|adverts?|spend|spending|advertising|campaigns?|budget)\b",
    r"\b(?:on|into|for|to|in|off) (?:the |our |my )?(?P<name>[a-z][\w-]*)",
    r"\b(?:double|triple|treble|halve|halving|stop|pause|pausing|stopping|drop|cancel) (?:the |our |my )?"
    r"(?P<name>[a-z][\w-]*)",
)
_NO_NAME: Final = frozenset(
    re.findall(
        r"\S+",
        """
        a ad ads advertising marketing media promotion campaigns campaign it them all everything next this the total
        spend spending budget our my your any no more less extra additional whole overall of on in into for to with by
        and or if when would will is are what how much january february march april may june july august september
        october november december spring summer autumn winter fall week month quarter year sales revenue q1 q2 q3 q4
        channel channels every each same half planned approved new paid current monthly weekly coming following online
        higher lower we i they you us can could should might may not
        """,
    )
)
KEPT_PLAN: Final = (
    r"\b(?:planned|approved|proposed|recommended|agreed|kept|new|best) (?:ad |advertising |media |marketing )?"
    r"(?:budget|split|spend|spending|plan)\b|\bbudget (?:plan|split|proposal)\b|\bplanned (?:ad )?spend"
)
_SPENDING: Final = (
    r"\b(?:spend|spent|spending|invest|budgets?|ads?|advertis\w+)\b|\b(?:double|halve|triple|stop|pause|switch off|"
    r"turn off)\b"
)


def changes_of(slots: Slots, scene: Scene) -> dict[str, Any]:
    """The arguments for the changes a clause says: by channel, or of everything; nothing where it says none."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", slots.plain)
    names = _channels(scene)
    found: list[dict[str, Any]] = []
    for piece in re.split(r",? and |, |;| but ", text):
        change = _change(piece)
        if not change:
            continue
        channel = _channel(piece, names) or (_channel(text, names) if not found else None)
        found.append({**change, **({"channel": channel} if channel else {})})
    if not found:
        return {}
    per = re.search(_PER, text) if any("change" not in one for one in found) else None
    said = {"per": per["per"] or _ADVERBS[per["adverb"]]} if per else {}
    if len(found) == 1 and "channel" not in found[0] and "change" in found[0]:
        return {"total_change": found[0]["change"], **said}
    return {"changes": [one if "channel" in one else {**one, "channel": "all"} for one in found], **said}


def is_about_spending(slots: Slots, scene: Scene) -> bool:
    """Whether a clause says of advertising that it changes, and not of customers what they spend."""
    if slots.has(r"\b(?:customers?|people|buyers?|clients?|shoppers?) (?:who|that|with)\b"):
        return False
    said = changes_of(slots, scene)
    known = scene.values.get("spend_channel", [])
    moved = [one for one in said.get("changes", []) if "spend" not in one]
    if "total_change" in said:
        return slots.has(_SPENDING)
    return any(one["channel"] in known or slots.has(_SPENDING) for one in moved)


def _change(piece: str) -> dict[str, float]:
    """How much one piece of a clause says: a share, an amount more, or an amount."""
    for pattern, change in _TIMES:
        if re.search(pattern, piece):
            return {"change": change}
    verb = re.search(_VERB, piece)
    down = verb is not None and re.fullmatch(_DOWN, verb["verb"]) is not None
    if share := re.search(_SHARE, piece):
        change = round(float(share["share"]) / 100, 4)
        return {"change": -min(change, 1.0) if down else min(change, 4.0)} if verb else {}
    money = re.search(_MONEY, re.sub(r"\b(?:19|20)\d\d\b", " ", piece))
    if money and re.search(_SPENDING + rf"|{_VERB}", piece):
        amount = float(money["money"]) * _SCALES.get(money["scale"] or "", 1.0)
        return {("extra" if verb else "spend"): -amount if down else amount}
    return {"change": -1.0} if re.search(_STOP, piece) else {}


def _channels(scene: Scene) -> dict[str, str]:
    """What names one channel and no other: its name, and each word of it that is in no other's."""
    known = [str(value) for value in scene.values.get("spend_channel", [])]
    words = Counter(word for name in known for word in set(_words(name)))
    whole = {" ".join(_words(name)): name for name in known}
    single = {word: name for name in known for word in _words(name) if words[word] == 1}
    return {**single, **whole}


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", name.lower().replace("_", " "))


def _channel(piece: str, names: dict[str, str]) -> str | None:
    """The channel a piece names; one that nobody knows as it is written, for the tool to refuse."""
    for phrase in sorted(names, key=len, reverse=True):
        if re.search(rf"\b{re.escape(phrase)}\b", piece):
            return names[phrase]
    said = (one["name"] for pattern in _NAMED for one in re.finditer(pattern, piece))
    return next((name for name in said if name not in _NO_NAME), None)
