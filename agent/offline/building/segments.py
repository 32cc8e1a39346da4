"""Calls about groups of customers: kinds, clusters, the map, change, overlap, playbooks, export, archive."""

from __future__ import annotations

import re
from typing import Any

from agent.offline.building.audience import unclear
from agent.offline.building.built import LIST, PRONOUN, Built
from agent.offline.rules import asked_rule, previous_rule
from agent.offline.scene import Call, Scene
from agent.offline.segment_names import segments_in
from agent.offline.slots import Slots
from agent.offline.vocabulary import phrases

__all__ = [
    "archive",
    "cluster",
    "cluster_keep",
    "drift",
    "export",
    "kinds",
    "overlap",
    "playbook",
    "playbook_change",
    "segment_map",
]

_WORDS = {w: n for n, w in enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 2)}
_KINDS = (
    ("cluster", r"clusters?|clustering"),
    ("behaviour", r"behaviou?rs?|patterns?"),
    ("discovered", r"discover\w*"),
)
_PART = {
    "offers": r"offers?",
    "channels": r"channels?",
    "send_window": r"send window|window|time",
    "message": r"message|playbook|text",
}


def kinds(slots: Slots, scene: Scene) -> Built:
    """Clusters, discovered groups, behaviours: those named, or all."""
    named = [kind for kind, words in _KINDS if slots.has(rf"\b(?:{words})\b")]
    return [Call("list_segments", {"kinds": named or ["cluster", "behaviour", "discovered"]})]


def cluster(slots: Slots, scene: Scene) -> Built:
    """So many groups of similar customers, by all features or by those named."""
    arguments: dict[str, Any] = {}
    if number := _number(slots):
        if not 2 <= number <= 20:
            return "I can make 2 to 20 groups. How many shall it be?"
        arguments["groups"] = number
    if named := re.search(r"\b(?:by|on|according to) (.+)$", slots.plain):
        arguments["features"] = _features(named[1])
    return [Call("cluster_customers", {name: value for name, value in arguments.items() if value})]


def _number(slots: Slots) -> int | None:
    found = re.search(
        rf"\b(\d+|{'|'.join(_WORDS)}) (?:\w+ )?(?:groups?|clusters?|segments?|kinds?|types?|parts?)\b", slots.plain
    )
    return (_WORDS.get(found[1]) or int(found[1])) if found else None


def _features(text: str) -> list[str]:
    """Features that a text names, in its order."""
    found: list[tuple[int, str]] = []
    for phrase, name in phrases("fields"):
        at = re.search(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])", text)
        if at and not name.startswith(("churn", "clv", "p_alive", "expected")):
            found.append((at.start(), name))
            text = text.replace(phrase, " " * len(phrase), 1)
    return list(dict.fromkeys(name for _, name in sorted(found)))


def cluster_keep(slots: Slots, scene: Scene) -> Built:
    """Group everybody anew in the background; a number of clusters is kept from then on."""
    number = _number(slots)
    before = scene.last_of("cluster_customers")
    if number is None and before and slots.has(r"\bkeep|save|store\b"):
        number = before.arguments.get("groups")
    return [Call("refresh_segments", {"clusters": number} if number else {})]


def segment_map(slots: Slots, scene: Scene) -> Built:
    """The map, coloured by clusters unless something else is named."""
    for by, words in (("rfm", r"rfm|segments? colou?r"), ("discovered", r"discover\w*"), ("risk", r"risk|churn")):
        if slots.has(rf"\b(?:{words})\b"):
            return [Call("segment_map", {"by": by})]
    return [Call("segment_map", {})]


def drift(slots: Slots, scene: Scene) -> Built:
    """Badges of segments, or who moved from one into another."""
    badges = (
        ("shrinking", r"shrink\w*|declin\w+|smaller"),
        ("growing", r"grow\w*|larger|bigger"),
        ("deteriorating", r"deteriorat\w*|worse\w*"),
        ("stable", r"stable"),
    )
    names = segments_in(slots)
    if names:
        return [Call("segment_drift", _sides(slots, names) | {"limit": slots.limit or LIST})]
    for badge, words in badges:
        if slots.has(rf"\b(?:{words})\b"):
            return [Call("segment_drift", {"badge": badge})]
    return [Call("segment_drift", {})]


def _sides(slots: Slots, names: list[str]) -> dict[str, Any]:
    if len(names) > 1:
        return {"moved_from": names[0], "moved_to": names[1]}
    came = slots.has(r"\b(?:became|become|turned into|moved (?:in)?to|joined|came (?:in)?to|new)\b")
    return {"moved_to" if came else "moved_from": names[0]}


def overlap(slots: Slots, scene: Scene) -> Built:
    """Segments against each other: those named, one against all, or the behaviours."""
    names = segments_in(slots)
    return [Call("segment_overlap", {"segments": names} if names else {})]


def playbook(slots: Slots, scene: Scene) -> Built:
    """One segment: who they are, what sets them apart, what to send them."""
    name = _one(slots) or (_earlier(scene) if slots.has(PRONOUN) else None)
    if name is None:
        return "Which segment? Name one, for example: what should we send the champions?"
    return [Call("segment_detail", {"segment": name})]


def playbook_change(slots: Slots, scene: Scene) -> Built:
    """Another offer, message, channel or time in the playbook of a segment."""
    said = slots.quoted[-1]
    names = [name for name in segments_in(slots) if name != said]
    if not names:
        return "Whose playbook? Name the segment, for example: set the offer for the champions to 'early access'."
    part = next(part for part, words in _PART.items() if slots.has(rf"\b(?:{words})\b"))
    value = (
        said if part in ("message", "send_window") else [piece.strip() for piece in said.split(",") if piece.strip()]
    )
    return [Call("update_playbook", {"segment": names[0], part: value})]


def archive(slots: Slots, scene: Scene) -> Built:
    """Put a saved segment away, bring one back, or list those put away."""
    if slots.has(r"\b(?:which|what|list|show)\b"):
        return [Call("list_segments", {"kinds": ["saved"], "archived": True})]
    back = slots.has(r"\b(?:reactivate|restore|unarchive|bring)\b")
    name = _one(slots)
    if name is None:
        return "Which saved segment? Give its name, for example: archive the segment 'VIP'."
    return [Call("reactivate_segment" if back else "archive_segment", {"segment": name})]


def export(slots: Slots, scene: Scene) -> Built:
    """A segment, or the customers described, as CSV."""
    if slots.conditions.unclear:
        return unclear(slots)
    names = segments_in(slots)
    rule = asked_rule(slots)
    if len(names) == 1 and (rule is None or rule.get("field") in ("rfm_segment", "weekend_share")):
        return [Call("export_segment", {"segment": names[0]})]
    rule = rule or (previous_rule(scene) if slots.has(PRONOUN) or not _named(slots) else None)
    if rule is not None:
        return [Call("export_segment", {"rule": rule})]
    if name := _named(slots):
        return [Call("export_segment", {"segment": name})]
    return "Export whom? Name a segment or describe the customers, for example: export the champions."


def _one(slots: Slots) -> str | None:
    """The segment a clause is about: known by name, in quotation marks, or as written before or after "segment"."""
    return next(iter(segments_in(slots)), None) or _named(slots)


def _earlier(scene: Scene) -> str | None:
    """The segment that calls before were about."""
    rule = previous_rule(scene) or {}
    named = rule.get("field") in ("rfm_segment", "behaviours", "cluster", "discovered_group") and rule.get("op") == "eq"
    return str(rule["value"]) if named else None


def _named(slots: Slots) -> str | None:
    text = slots.original
    after = re.search(
        r"(?i)\bsegment\s+(?:called |named )?([A-Z0-9][\w &-]{0,60}?)\s*(?:as csv|back|away|again)?[?.!]*$", text
    )
    before = re.search(r"(?i)\b(?:the|our|my)\s+([\w][\w &-]{0,60}?)\s+(?:segment|group|cluster)\b", text)
    found = before or after
    name = found[1].strip() if found else ""
    return name if name and name.lower() not in ("saved", "archived", "same", "customer") else None
