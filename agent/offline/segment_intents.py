# ruff: noqa: E501  (a table of examples)
"""What can be asked about groups of customers: kinds, clusters, the map, change, overlap, playbooks, export, archive."""

from __future__ import annotations

from typing import Final

from agent.offline.intent import Intent

__all__ = ["SEGMENT_INTENTS"]

_SEGMENTS = r"(?:segments?|groups?|clusters?|behaviou?rs?)"
_NUMBER = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten)"

SEGMENT_INTENTS: Final[tuple[Intent, ...]] = (
    Intent(
        "segment_archive", "research", "segment_archive",
        ("archive the VIP segment", "archive 'Big spenders'", "put the segment 'VIP' away", "reactivate the VIP segment", "bring the segment 'VIP' back", "restore the archived segment 'VIP'", "which segments are archived"),
        cues=(r"\b(?:un)?archived?\b", rf"\b(?:reactivate|restore|unarchive)\b.*(?:{_SEGMENTS}|<quoted>)", r"\bput\b.*(?:\bsegment\b|<quoted>).*\baway\b", r"\bbring\b.*(?:\bsegment\b|<quoted>).*\bback\b"),
        must=r"archiv|reactivat|restor|\baway\b|\bback\b",
    ),
    Intent(
        "segment_export", "research", "segment_export",
        ("export the champions", "export the segment 'VIP' as CSV", "download the at risk customers", "give me the champions as a csv file", "export them", "csv of the weekend shoppers", "export customers who bought only once"),
        cues=(r"\bexport\b|\bdownload\b", r"\bcsv\b"),
        must=r"export|download|\bcsv\b",
    ),
    Intent(
        "playbook_change", "research", "playbook_change",
        ("set the offer for the hibernating to 'a seasonal preview'", "change the playbook message of the champions to 'Thank you'", "set the send window for the lost customers to 'in January'"),
        cues=(r"\b(?:change|set|edit|update|rewrite|replace)\b.*\b(?:playbook|offers?|send window|message strategy|channels?)\b.*<quoted>",),
        not_with=r"\b(?:subject|proposal|campaign|holdout)\b",
        must=r"playbook|offer|send window|channel|strategy",
    ),
    Intent(
        "segment_playbook", "research", "segment_playbook",
        ("what should we send the hibernating", "what is the playbook for the champions", "playbook of the lost customers", "what should we send the weekend shoppers", "tell me about the champions segment", "describe the weekend shoppers", "what sets the at risk customers apart", "what is special about the loyal customers", "tell me more about the segment 'VIP'"),
        cues=(r"\bwhat (?:should|can|could|shall|do|would) (?:i|we|you) (?:send|mail|write|offer) (?:to )?(?:the |our )?(?!them\b|him\b|her\b|customer\b|<customer>)", r"\bplaybook (?:for|of)\b", r"\bwhat (?:sets|makes) .*\b(?:apart|different|special)\b|\bwhat is (?:so )?special about\b", rf"\b(?:about|describe|details? of|detail on)\b.*\b{_SEGMENTS}\b(?! are| do)", r"^describe (?:the |our )"),
        not_with=r"\bcustomer groups\b|\bsegments\b|\bgroups\b|\bclusters\b|^what do you know|<customer>",
        must=r"playbook|\bsend\b|\bmail\b|\bwrite\b|\boffer\b|special|apart|different|describe|about|detail",
    ),
    Intent(
        "segment_overlap", "research", "segment_overlap",
        ("how do champions and weekend shoppers overlap", "overlap between at risk and high spenders", "which segments overlap", "how many champions are weekend shoppers too", "do the behaviours overlap", "segment overlap"),
        cues=(r"\boverlap\w*\b", rf"\bin both (?:{_SEGMENTS}|of them)\b", rf"\b{_SEGMENTS} (?:share|have) (?:\w+ )?(?:customers|in common)\b"),
        must=r"overlap|\bboth\b|\bshare\b|common|\btoo\b",
    ),
    Intent(
        "segment_drift", "analytics", "segment_drift",
        ("which segments are shrinking", "which segments are growing", "who moved from loyal to at risk", "how many customers went from champions to at risk", "which segments are drifting", "how are the segments changing", "who slipped from loyal to lost", "which groups deteriorate", "segment changes", "where did the champions go", "who became a champion", "segment migration"),
        cues=(rf"\b{_SEGMENTS}\b.*\b(?:shrink\w*|grow\w*|drift\w*|deteriorat\w*|chang\w+|declin\w+|develop\w*|migrat\w+)\b",
              rf"\b(?:shrinking|growing|drifting|deteriorating|declining|changing)\b.*\b{_SEGMENTS}\b",
              r"\b(?:moved?|went|gone|go|slipped|switched|migrated?|fell|dropped|changed|came|rose) from\b.*\b(?:in)?to\b|\b(?:slipped|migrated|dropped|moved) (?:out of|from)\b", r"\bdrift\w*\b",
              r"\b(?:became|become|turned into|moved (?:in)?to) (?:a |the )?(?:champions?|loyal|at risk|lost|hibernating|promising)\b", r"\bwhere did the\b.*\bgo\b", r"\bmigrations?\b|\btransitions?\b"),
        not_with=r"<metric>.*(?:grow|develop)|\bcreate\b|\bsave\b|\bby (?:segment|group)|\b(?:change|edit|set) the (?:subject|body)",
        must=rf"\b{_SEGMENTS}\b|drift|migrat|transition|champion|loyal|at risk|\blost\b|hibernat|promising|sleep|attention|spender|shopper",
    ),
    Intent(
        "segment_map", "analytics", "segment_map",
        ("show the segment map", "customer map", "draw the map of customers", "show me the map by rfm segment", "where do the clusters lie on the map", "map of discovered groups", "umap"),
        cues=(r"\bmap\b", r"\bumap\b"),
        must=r"\bu?map\b",
    ),
    Intent(
        "cluster_keep", "analytics", "cluster_keep",
        ("keep 5 clusters", "use 4 clusters from now on", "save the 5 clusters", "regroup the customers", "refresh the clusters", "recompute the clusters", "find the groups again", "update the clusters and behaviours"),
        cues=(rf"\b(?:keep|use|save|store) (?:the |these |those |our )?{_NUMBER} (?:clusters|groups)\b|\b(?:keep|save|store) (?:them|these|those) as (?:clusters|groups)\b", r"\bregroup\b", r"\b(?:refresh|recompute|recalculate|update|rerun)\b.*\b(?:clusters?|clustering|groups|groupings|behaviou?rs|drift)\b", r"\bfind (?:the )?(?:groups|clusters) again\b"),
        must=rf"\b{_SEGMENTS}\b|regroup",
    ),
    Intent(
        "cluster", "analytics", "cluster",
        ("cluster our customers into 5 groups", "group customers into four clusters", "divide the customers into 3 groups", "split our customer base into 6 groups", "cluster the customers", "k-means with 4 groups", "cluster customers by orders and average order value"),
        cues=(r"^(?:please |can you |could you )*(?:now |and )?(?:re)?cluster\b", rf"\b(?:group|cluster|divide|split|partition|segment|sort|put)\b.*\b(?:in|into|in to) {_NUMBER} (?:\w+ )?(?:groups?|clusters?|segments?|kinds?|types?|parts?)\b", r"\bk-?means\b", rf"^(?:and |now )?(?:with |in |into )?{_NUMBER} (?:clusters|groups)[?.!]*$"),
        must=r"cluster|group|divide|split|partition|k-?means|segment",
    ),
    Intent(
        "segment_kinds", "research", "segment_kinds",
        ("what kinds of customers do we have", "what types of customers are there", "which clusters do we have", "which behaviours do our customers show", "which groups were discovered", "show the behaviour patterns", "what sorts of shoppers do we have", "list the clusters", "show me the discovered groups", "who are our weekend shoppers and high spenders like"),
        cues=(r"\b(?:what|which) (?:kinds?|types?|sorts?) of (?:customers?|shoppers?|buyers?|people|clients?|<metric>)\b", r"\b(?:what|which|show|list|see|our|the)\b.*\b(?:clusters|behaviou?rs?|behaviou?r patterns?|discovered groups?)\b", r"\bgroups? (?:were|was|are|have been) (?:found|discovered)\b"),
        not_with=r"<rule>.*\b(?:how many|customers)\b",
        must=r"\bkinds?\b|\btypes?\b|\bsorts?\b|cluster|behaviou?r|discover|group|pattern|shopper|spender",
    ),
)  # fmt: skip
