"""How people ask for groups of customers: their kinds, clusters on request, the map, overlaps, and how they change."""

from __future__ import annotations

import re
from typing import Any

from language.audience import LIST
from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.segment_names import segments_in
from language.slots import Slots
from language.vocabulary import phrases

_SEGMENTS = r"(?:segments?|groups?|clusters?|behaviou?rs?)"
_NUMBERS = {w: n for n, w in enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 2)}
_NUMBER = rf"(?:\d+|{'|'.join(_NUMBERS)})"
_KINDS = (
    ("cluster", r"clusters?|clustering"),
    ("behaviour", r"behaviou?rs?|patterns?"),
    ("discovered", r"discover\w*"),
)
_BADGES = (
    ("shrinking", r"shrink\w*|declin\w+|smaller"),
    ("growing", r"grow\w*|larger|bigger"),
    ("deteriorating", r"deteriorat\w*|worse\w*"),
    ("stable", r"stable"),
)
_COLOURS = (("rfm", r"rfm|segments? colou?r"), ("discovered", r"discover\w*"), ("risk", r"risk|churn"))


def kinds(slots: Slots, _scene: Scene) -> list[Call]:
    """Clusters, discovered groups, behaviours: those named, or all."""
    named = [kind for kind, words in _KINDS if slots.has(rf"\b(?:{words})\b")]
    return [Call("list_segments", {"kinds": named or ["cluster", "behaviour", "discovered"]})]


def cluster(slots: Slots, _scene: Scene) -> Answerable:
    """So many groups of similar customers, by all features or by those named."""
    number = _number(slots)
    if number and not 2 <= number <= 20:
        return "I can make 2 to 20 groups. How many shall it be?"
    named = re.search(r"\b(?:by|on|according to) (.+)$", slots.plain)
    arguments = {"groups": number, "features": _features(named[1]) if named else None}
    return [Call("cluster_customers", {name: value for name, value in arguments.items() if value})]


def _number(slots: Slots) -> int | None:
    found = re.search(rf"\b({_NUMBER}) (?:\w+ )?(?:groups?|clusters?|segments?|kinds?|types?|parts?)\b", slots.plain)
    return (_NUMBERS.get(found[1]) or int(found[1])) if found else None


def _features(text: str) -> list[str]:
    """Features that a text names, in its order."""
    found: list[tuple[int, str]] = []
    for phrase, name in phrases("fields"):
        at = re.search(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])", text)
        if at and not name.startswith(("churn", "clv", "p_alive", "expected")):
            found.append((at.start(), name))
            text = text.replace(phrase, " " * len(phrase), 1)
    return list(dict.fromkeys(name for _, name in sorted(found)))


def cluster_keep(slots: Slots, scene: Scene) -> list[Call]:
    """Group everybody anew in the background; a number of clusters is kept from then on."""
    number = _number(slots)
    before = scene.last_of("cluster_customers")
    if number is None and before and slots.has(r"\bkeep|save|store\b"):
        number = before.arguments.get("groups")
    return [Call("refresh_segments", {"clusters": number} if number else {})]


def segment_map(slots: Slots, _scene: Scene) -> list[Call]:
    """The map, coloured by clusters unless something else is named."""
    by = next((by for by, words in _COLOURS if slots.has(rf"\b(?:{words})\b")), None)
    return [Call("segment_map", {"by": by} if by else {})]


def drift(slots: Slots, _scene: Scene) -> list[Call]:
    """Badges of segments, or who moved from one into another."""
    if names := segments_in(slots):
        return [Call("segment_drift", _sides(slots, names) | {"limit": slots.limit or LIST})]
    badge = next((badge for badge, words in _BADGES if slots.has(rf"\b(?:{words})\b")), None)
    return [Call("segment_drift", {"badge": badge} if badge else {})]


def _sides(slots: Slots, names: list[str]) -> dict[str, Any]:
    if len(names) > 1:
        return {"moved_from": names[0], "moved_to": names[1]}
    came = slots.has(r"\b(?:became|become|turned into|moved (?:in)?to|joined|came (?:in)?to|new)\b")
    return {"moved_to" if came else "moved_from": names[0]}


def overlap(slots: Slots, _scene: Scene) -> list[Call]:
    """Segments against each other: those named, one against all, or the behaviours."""
    names = segments_in(slots)
    return [Call("segment_overlap", {"segments": names} if names else {})]


SEGMENT_OVERLAP = Request(
    "segment_overlap",
    """
        how do champions and weekend shoppers overlap | overlap between at risk and high spenders |
        which segments overlap | how many champions are weekend shoppers too | do the behaviours overlap |
        segment overlap
    """,
    overlap,
    rank=40,
    cues=(
        r"\boverlap\w*\b",
        rf"\bin both (?:{_SEGMENTS}|of them)\b",
        rf"\b{_SEGMENTS} (?:share|have) (?:\w+ )?(?:customers|in common)\b",
    ),
    must=r"overlap|\bboth\b|\bshare\b|common|\btoo\b",
)
SEGMENT_DRIFT = Request(
    "segment_drift",
    """
        which segments are shrinking | which segments are growing | who moved from loyal to at risk |
        how many customers went from champions to at risk | which segments are drifting |
        how are the segments changing | who slipped from loyal to lost | which groups deteriorate | segment changes |
        where did the champions go | who became a champion | segment migration
    """,
    drift,
    rank=50,
    cues=(
        rf"\b{_SEGMENTS}\b.*\b(?:shrink\w*|grow\w*|drift\w*|deteriorat\w*|chang\w+|declin\w+|develop\w*|migrat\w+)\b",
        rf"\b(?:shrinking|growing|drifting|deteriorating|declining|changing)\b.*\b{_SEGMENTS}\b",
        r"\b(?:moved?|went|gone|go|slipped|switched|migrated?|fell|dropped|changed|came|rose) from\b.*\b(?:in)?to\b",
        r"\b(?:slipped|migrated|dropped|moved) (?:out of|from)\b",
        r"\bdrift\w*\b",
        r"\b(?:became|become|turned into|moved (?:in)?to) (?:a |the )?"
        r"(?:champions?|loyal|at risk|lost|hibernating|promising)\b",
        r"\bwhere did the\b.*\bgo\b",
        r"\bmigrations?\b|\btransitions?\b",
    ),
    not_with=(
        r"<metric>.*(?:grow|develop)|\bcreate\b|\bsave\b|\bby (?:segment|group)"
        r"|\b(?:change|edit|set) the (?:subject|body)"
    ),
    must=(
        rf"\b{_SEGMENTS}\b|drift|migrat|transition"
        r"|champion|loyal|at risk|\blost\b|hibernat|promising|sleep|attention|spender|shopper"
    ),
)
SEGMENT_MAP = Request(
    "segment_map",
    """
        show the segment map | customer map | draw the map of customers | show me the map by rfm segment |
        where do the clusters lie on the map | map of discovered groups | umap
    """,
    segment_map,
    rank=60,
    cues=(r"\bmap\b", r"\bumap\b"),
    must=r"\bu?map\b",
)
CLUSTER_KEEP = Request(
    "cluster_keep",
    """
        keep 5 clusters | use 4 clusters from now on | save the 5 clusters | regroup the customers |
        refresh the clusters | recompute the clusters | find the groups again | update the clusters and behaviours
    """,
    cluster_keep,
    rank=70,
    cues=(
        rf"\b(?:keep|use|save|store) (?:the |these |those |our )?{_NUMBER} (?:clusters|groups)\b",
        r"\b(?:keep|save|store) (?:them|these|those) as (?:clusters|groups)\b",
        r"\bregroup\b",
        r"\b(?:refresh|recompute|recalculate|update|rerun)\b.*\b(?:clusters?|clustering|groups|groupings|behaviou?rs|drift)\b",
        r"\bfind (?:the )?(?:groups|clusters) again\b",
    ),
    must=rf"\b{_SEGMENTS}\b|regroup",
)
CLUSTER = Request(
    "cluster",
    """
        cluster our customers into 5 groups | group customers into four clusters |
        divide the customers into 3 groups | split our customer base into 6 groups | cluster the customers |
        k-means with 4 groups | cluster customers by orders and average order value
    """,
    cluster,
    rank=80,
    cues=(
        r"^(?:please |can you |could you )*(?:now |and )?(?:re)?cluster\b",
        rf"\b(?:group|cluster|divide|split|partition|segment|sort|put)\b.*\b(?:in|into|in to) {_NUMBER} "
        r"(?:\w+ )?(?:groups?|clusters?|segments?|kinds?|types?|parts?)\b",
        r"\bk-?means\b",
        rf"^(?:and |now )?(?:with |in |into )?{_NUMBER} (?:clusters|groups)[?.!]*$",
    ),
    must=r"cluster|group|divide|split|partition|k-?means|segment",
)
SEGMENT_KINDS = Request(
    "segment_kinds",
    """
        what kinds of customers do we have | what types of customers are there | which clusters do we have |
        which behaviours do our customers show | which groups were discovered | show the behaviour patterns |
        what sorts of shoppers do we have | list the clusters | show me the discovered groups |
        who are our weekend shoppers and high spenders like
    """,
    kinds,
    rank=90,
    cues=(
        r"\b(?:what|which) (?:kinds?|types?|sorts?) of (?:customers?|shoppers?|buyers?|people|clients?|<metric>)\b",
        r"\b(?:what|which|show|list|see|our|the)\b.*"
        r"\b(?:clusters|behaviou?rs?|behaviou?r patterns?|discovered groups?)\b",
        r"\bgroups? (?:were|was|are|have been) (?:found|discovered)\b",
    ),
    not_with=r"<rule>.*\b(?:how many|customers)\b",
    must=r"\bkinds?\b|\btypes?\b|\bsorts?\b|cluster|behaviou?r|discover|group|pattern|shopper|spender",
)
