"""How people ask for segments: counted, saved, listed, described, exported, put away; and where effort pays."""

from __future__ import annotations

import re

from language.audience import NO_PERIOD, horizon_of, unclear
from language.followups import PRONOUN
from language.requests import Answerable, Request
from language.residue import unexplained
from language.rules import asked_rule, joined, previous_rule, rule_words
from language.scene import Call, Scene
from language.segment_names import segments_in
from language.slots import Slots
from tools.metrics.questions import figures

_SEGMENTS = r"(?:segments?|groups?|clusters?|behaviou?rs?)"
_GROUP_FIELDS = ("rfm_segment", "behaviours", "cluster", "discovered_group")
_UNNAMED = ("a segment", "segment", "a new segment", "new segment")
_PARTS = {
    "offers": r"offers?",
    "channels": r"channels?",
    "send_window": r"send window|window|time",
    "message": r"message|playbook|text",
}


def customers_count(slots: Slots, scene: Scene) -> Answerable:
    """How many customers a rule picks; countries alone are a question for the metrics."""
    rule = asked_rule(slots)
    if slots.conditions.unclear or (slots.conditions.rule and unexplained(slots)):
        return unclear(slots)
    if slots.conditions.rule is None:
        them = previous_rule(scene) if slots.has(PRONOUN) else None
        if them is None:
            return figures(slots, scene)
        rule = joined(them, rule)
    return NO_PERIOD if slots.periods else [Call("count_segment", {"rule": rule})]


def save_segment(slots: Slots, scene: Scene) -> Answerable:
    """Keep a rule under a name."""
    if slots.conditions.unclear or unexplained(slots):
        return unclear(slots)
    rule = asked_rule(slots) or previous_rule(scene)
    if rule is None:
        return "Which customers? Describe them, for example: save customers who bought only once as 'One-time'."
    named = re.search(
        r"(?i)\b(?:as|called|named|name it|call it|call them)\s+(?:a\s+segment\s+)?(?:called\s+|named\s+)?"
        r"([\w][\w &-]{1,60}?)\s*[.?!]?$",
        slots.original,
    )
    name = slots.quoted[0] if slots.quoted else named[1] if named else ""
    if not name or name.lower() in _UNNAMED:
        name = rule_words(rule)
    return [Call("save_segment", {"name": name[:120], "rule": rule})]


def segments(_slots: Slots, _scene: Scene) -> list[Call]:
    """All segments."""
    return [Call("list_segments", {})]


def priorities(slots: Slots, _scene: Scene) -> list[Call]:
    """Where effort pays most."""
    if slots.conditions.rule and "rfm_segment" in str(slots.conditions.rule):
        return [Call("list_segments", {})]
    table = {"horizon_days": horizon_of(slots), "order": "value_at_risk", "limit": slots.limit or 5}
    return [Call("list_segments", {}), Call("churn_table", table)]


def archive(slots: Slots, _scene: Scene) -> Answerable:
    """Put a saved segment away, bring one back, or list those put away."""
    if slots.has(r"\b(?:which|what|list|show)\b"):
        return [Call("list_segments", {"kinds": ["saved"], "archived": True})]
    back = slots.has(r"\b(?:reactivate|restore|unarchive|bring)\b")
    name = _one(slots)
    if name is None:
        return "Which saved segment? Give its name, for example: archive the segment 'VIP'."
    return [Call("reactivate_segment" if back else "archive_segment", {"segment": name})]


def export(slots: Slots, scene: Scene) -> Answerable:
    """A segment, or the customers described, as CSV."""
    if slots.conditions.unclear:
        return unclear(slots)
    names, named, rule = segments_in(slots), _named(slots), asked_rule(slots)
    if len(names) == 1 and (rule is None or rule.get("field") in ("rfm_segment", "weekend_share")):
        return [Call("export_segment", {"segment": names[0]})]
    rule = rule or (previous_rule(scene) if slots.has(PRONOUN) or not named else None)
    if rule is not None:
        return [Call("export_segment", {"rule": rule})]
    if named:
        return [Call("export_segment", {"segment": named})]
    return "Export whom? Name a segment or describe the customers, for example: export the champions."


def playbook(slots: Slots, scene: Scene) -> Answerable:
    """One segment: who they are, what sets them apart, what to send them."""
    name = _one(slots) or (_earlier(scene) if slots.has(PRONOUN) else None)
    if name is None:
        return "Which segment? Name one, for example: what should we send the champions?"
    return [Call("segment_detail", {"segment": name})]


def playbook_change(slots: Slots, _scene: Scene) -> Answerable:
    """Another offer, message, channel or time in the playbook of a segment."""
    said = slots.quoted[-1]
    names = [name for name in segments_in(slots) if name != said]
    if not names:
        return "Whose playbook? Name the segment, for example: set the offer for the champions to 'early access'."
    part = next(part for part, words in _PARTS.items() if slots.has(rf"\b(?:{words})\b"))
    whole = part in ("message", "send_window")
    value = said if whole else [piece.strip() for piece in said.split(",") if piece.strip()]
    return [Call("update_playbook", {"segment": names[0], part: value})]


def _one(slots: Slots) -> str | None:
    """The segment a clause is about: known by name, in quotation marks, or as written before or after "segment"."""
    return next(iter(segments_in(slots)), None) or _named(slots)


def _earlier(scene: Scene) -> str | None:
    """The segment that calls before were about."""
    rule = previous_rule(scene) or {}
    return str(rule["value"]) if rule.get("field") in _GROUP_FIELDS and rule.get("operator") == "eq" else None


def _named(slots: Slots) -> str | None:
    text = slots.original
    after = re.search(
        r"(?i)\bsegment\s+(?:called |named )?([A-Z0-9][\w &-]{0,60}?)\s*(?:as csv|back|away|again)?[?.!]*$", text
    )
    before = re.search(r"(?i)\b(?:the|our|my)\s+([\w][\w &-]{0,60}?)\s+(?:segment|group|cluster)\b", text)
    found = before or after
    name = found[1].strip() if found else ""
    return name if name and name.lower() not in ("saved", "archived", "same", "customer") else None


SEGMENT_ARCHIVE = Request(
    "segment_archive",
    """
        archive the VIP segment | archive 'Big spenders' | put the segment 'VIP' away | reactivate the VIP segment |
        bring the segment 'VIP' back | restore the archived segment 'VIP' | which segments are archived
    """,
    archive,
    rank=0,
    cues=(
        r"\b(?:un)?archived?\b",
        rf"\b(?:reactivate|restore|unarchive)\b.*(?:{_SEGMENTS}|<quoted>)",
        r"\bput\b.*(?:\bsegment\b|<quoted>).*\baway\b",
        r"\bbring\b.*(?:\bsegment\b|<quoted>).*\bback\b",
    ),
    must=r"archiv|reactivat|restor|\baway\b|\bback\b",
)
SEGMENT_EXPORT = Request(
    "segment_export",
    """
        export the champions | export the segment 'VIP' as CSV | download the at risk customers |
        give me the champions as a csv file | export them | csv of the weekend shoppers |
        export customers who bought only once
    """,
    export,
    rank=10,
    cues=(r"\bexport\b|\bdownload\b", r"\bcsv\b"),
    must=r"export|download|\bcsv\b",
)
PLAYBOOK_CHANGE = Request(
    "playbook_change",
    """
        set the offer for the hibernating to 'a seasonal preview' |
        change the playbook message of the champions to 'Thank you' |
        set the send window for the lost customers to 'in January'
    """,
    playbook_change,
    rank=20,
    cues=(
        r"\b(?:change|set|edit|update|rewrite|replace)\b.*"
        r"\b(?:playbook|offers?|send window|message strategy|channels?)\b.*<quoted>",
    ),
    not_with=r"\b(?:subject|proposal|campaign|holdout)\b",
    must=r"playbook|offer|send window|channel|strategy",
)
SEGMENT_PLAYBOOK = Request(
    "segment_playbook",
    """
        what should we send the hibernating | what is the playbook for the champions |
        playbook of the lost customers | what should we send the weekend shoppers |
        tell me about the champions segment | describe the weekend shoppers | what sets the at risk customers apart |
        what is special about the loyal customers | tell me more about the segment 'VIP'
    """,
    playbook,
    rank=30,
    cues=(
        r"\bwhat (?:should|can|could|shall|do|would) (?:i|we|you) (?:send|mail|write|offer) (?:to )?(?:the |our )?"
        r"(?!them\b|him\b|her\b|customer\b|<customer>)",
        r"\bplaybook (?:for|of)\b",
        r"\bwhat (?:sets|makes) .*\b(?:apart|different|special)\b|\bwhat is (?:so )?special about\b",
        rf"\b(?:about|describe|details? of|detail on)\b.*\b{_SEGMENTS}\b(?! are| do)",
        r"^describe (?:the |our )",
    ),
    not_with=r"\bcustomer groups\b|\bsegments\b|\bgroups\b|\bclusters\b|^what do you know|<customer>",
    must=r"playbook|\bsend\b|\bmail\b|\bwrite\b|\boffer\b|special|apart|different|describe|about|detail",
)
SAVE_SEGMENT = Request(
    "save_segment",
    """
        save them as VIP | save this as a segment | create a segment of customers who spent over 500 |
        make a segment called 'Quiet' from them | remember this group | store those customers as 'Big spenders' |
        keep them as a segment
    """,
    save_segment,
    rank=120,
    cues=(
        r"\b(?:save|store|keep|remember)\b.*\b(?:as|segment|group|them|those|these|this)\b",
        r"\b(?:create|make|build|define|set up|add) (?:a |an |me |new |the )*segment\b",
    ),
)
SEGMENTS = Request(
    "segments",
    """
        show me the segments | which RFM segments are there | list saved segments | what is our largest segment |
        how are customers segmented | describe the customer groups | which segment is most valuable |
        what should I do with the hibernating customers | how should we treat our champions
    """,
    segments,
    rank=370,
    cues=(
        r"\b(?:show|list|what|which|describe|see|all|our|my|are)\b.*\b(?:segments|segmentation|customer groups)\b",
        r"\brfm\b",
        r"\b(?:which|what|largest|biggest|smallest|best|valuable) segment\b",
        r"\bhow are (?:our |the )?customers segmented\b",
    ),
    not_with=r"\bby (?:rfm )?segment|\bper (?:rfm )?segment|<metric>.*segment",
    must=r"segment|\brfm\b|\bgroups?\b|\bchampions|hibernating|loyal|promising|sleep|attention",
)
PRIORITIES = Request(
    "priorities",
    """
        what should I do next | where should we focus | which segment should we target first |
        what do you recommend | whom should we win back first | where is the biggest opportunity |
        what are our priorities | how can we earn more | where does effort pay most | any advice |
        what would you do | how do we increase revenue
    """,
    priorities,
    rank=410,
    cues=(
        r"\b(?:should|shall|would|could) (?:i|we|you) "
        r"(?:do|focus|target|start|begin|concentrate|prioriti[sz]e|act|work|go after|contact|approach|invest)\b",
        r"\brecommend\w*\b|\badvice\b|\bpriorit\w+\b|\bopportunit\w+\b|\bsuggest\w*\b",
        r"\bwhere (?:to|should|does|do)\b.*\b(?:focus|start|effort|pay)\b",
        r"\bhow (?:can|could|do|should) (?:i|we) (?:increase|grow|improve|earn|raise|boost)\b",
    ),
    agent="optimiser",
)
CUSTOMERS_COUNT = Request(
    "customers_count",
    """
        how many customers spent over 1000 | how many customers bought only once |
        number of customers silent for 90 days | how many champions do we have |
        count customers with a health score below 40 |
        what share of customers is from Germany and silent for a year | how many of them agreed to e-mails |
        how large is the group of customers with more than 5 orders
    """,
    customers_count,
    rank=420,
    cues=(r"\b(?:how many|number of|count|what share|what percentage|what proportion|how large|how big)\b.*",),
    needs=("<rule>",),
)
