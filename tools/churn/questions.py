"""How people ask who is likely to leave, how long customers stay, and where value is at risk."""

from __future__ import annotations

import re
from typing import Any

from language.audience import LIST, customers_by, horizon_of
from language.filters import as_conditions
from language.followups import is_elliptic
from language.grammar import LIKELY
from language.requests import Answerable, Request
from language.rules import asked_rule, joined, previous_rule
from language.scene import Call, Scene
from language.slots import Slots

_GROUPS = {"country": "country", "channel": "main_channel", "category": "favourite_category"}


def who(slots: Slots, _scene: Scene) -> list[Call]:
    """Who is likely to leave: the whole picture and the customers more likely than not to go."""
    horizon = horizon_of(slots)
    fields = [str(node.get("field", "")) for node in slots.conditions.nodes]
    if slots.filters or not all(field.startswith("churn") for field in fields):
        likely = {"field": f"churn_{horizon}", "operator": "ge", "value": LIKELY}
        said = any(field.startswith("churn_") for field in fields)
        rule = slots.conditions.rule if said else joined(likely, slots.conditions.rule)
        return customers_by(joined(rule, *as_conditions(slots.filters)), slots)
    order = "probability" if slots.has(r"\bmost likely\b|\bhighest (?:risk|probability|chance)") else "value_at_risk"
    level = re.search(r"\b(high|medium|low)[- ](?:churn[- ])?risk\b", slots.plain)
    chosen: dict[str, Any] = {"risk": level[1]} if level else {"min_probability": LIKELY}
    table = {"horizon_days": horizon, "order": order, "limit": slots.limit or LIST} | chosen
    return [Call("churn_table", table), Call("churn_summary", {"horizon_days": horizon})]


def overview(slots: Slots, _scene: Scene) -> list[Call]:
    """The state of churn, its definition, its model."""
    return [Call("churn_summary", {"horizon_days": horizon_of(slots)})]


def survival(slots: Slots, _scene: Scene) -> list[Call]:
    """Curves by segment, or by what is asked for."""
    by = next((_GROUPS[name] for name in slots.dimensions if name in _GROUPS), None)
    return [Call("survival_curves", {"by": by} if by else {})]


def at_risk(slots: Slots, _scene: Scene) -> list[Call]:
    """Which groups hold the value at risk; by RFM segment unless another cut is named."""
    groups = {"rfm_segment": "rfm_segment", **_GROUPS}
    named = [name for name in slots.dimensions if name != "country" or not slots.has(r"\bwhere\b")]
    by = next((groups[name] for name in named if name in groups), "rfm_segment")
    horizon = {"horizon_days": horizon_of(slots)} if slots.horizon else {}
    return [Call("at_risk_segments", {"by": by, "limit": slots.limit or LIST} | horizon)]


def churn_follow_up(slots: Slots, scene: Scene) -> Answerable | None:
    """Another horizon, more rows, or only some of those likely to leave."""
    # one question makes both calls: the list is what a follow-up continues
    table = next((c for c in scene.past[-2:] if c.tool == "churn_table"), None) or scene.last_of("churn_summary")
    if table is None or not is_elliptic(slots):
        return None
    if slots.filters or slots.conditions.rule:
        return _narrowed(slots, scene, table.arguments.get("horizon_days", 60))
    if not (slots.horizon or slots.limit):
        return None
    arguments, listed = dict(table.arguments), table.tool == "churn_table"
    if slots.horizon:
        arguments["horizon_days"] = horizon_of(slots)
    if slots.limit and listed:
        arguments["limit"] = slots.limit
    calls = [Call(table.tool, arguments)]
    if slots.horizon and listed:
        calls.insert(0, Call("churn_summary", {"horizon_days": arguments["horizon_days"]}))
    return calls


def _narrowed(slots: Slots, scene: Scene, horizon: int) -> list[Call]:
    nodes = slots.conditions.nodes
    if not slots.filters and len(nodes) == 1 and str(slots.conditions.rule).count("churn_risk") == 1:
        risk = {"horizon_days": horizon, "risk": nodes[0].get("value"), "limit": slots.limit or LIST}
        return [Call("churn_table", risk)]
    return customers_by(joined(previous_rule(scene), asked_rule(slots)), slots)


def why_churn(_slots: Slots, scene: Scene) -> list[Call]:
    """What drives the scores of those most likely to leave. Never a cause."""
    horizon = scene.past[-1].arguments.get("horizon_days", 60)
    likely = {"horizon_days": horizon, "min_probability": LIKELY, "order": "probability", "limit": 5}
    return [Call("churn_summary", {"horizon_days": horizon}), Call("churn_table", likely)]


def why_at_risk(_slots: Slots, scene: Scene) -> list[Call]:
    """The customers with the most value at risk, with what drives their scores."""
    horizon = scene.past[-1].arguments.get("horizon_days", 90)
    return [Call("churn_table", {"horizon_days": horizon, "order": "value_at_risk", "limit": 5})]


CHURN_MODEL = Request(
    "churn_model",
    """
        how good is the churn model | how accurate are the churn predictions | what does churn mean here |
        when does a customer count as left | which churn model won | can I trust the churn scores |
        definition of churn
    """,
    overview,
    rank=330,
    cues=(
        r"\b(?:good|accurate|accuracy|reliable|trust|trustworthy|quality|precise|calibrat\w*|backtest\w*"
        r"|back-test\w*|concordance)\b.*\b(?:churn|leav\w+|model|predictions?)\b",
        r"\b(?:churn|leav\w+)\b.*\b(?:accurate|accuracy|reliable|trust|calibrat\w*|defin\w+|mean|model)\b",
        r"\b(?:counts?|counted|considered) as (?:left|gone|lost|churned)\b",
        r"\bdefin\w+ of (?:churn|left|leaving)\b",
        r"\bmodels?\b.*\b(?:good|accurate|reliable)\b",
    ),
)
CHURN_WHO = Request(
    "churn_who",
    """
        who is likely to leave in the next 60 days and what are they worth | which customers will churn |
        who are we about to lose | high risk customers by value | customers at risk of leaving |
        which valuable customers might leave | whom are we losing | who is going to churn next month |
        top 10 customers at risk
    """,
    who,
    rank=340,
    cues=(
        r"\b(?:who|which|whom|list|show|name)\b.*\b(?:leav\w+|churn\w*|lose|losing|defect|quit|at risk of)\b",
        r"\b(?:high|medium|low)[- ](?:churn[- ])?risk customers?\b",
        r"\b(?:customers?|people|clients|buyers) (?:\w+ )?(?:likely|about|going|expected|predicted) to (?:leave"
        r"|churn|lapse|quit)\b",
    ),
    not_with=r"\bhow many\b|\bnumber of\b|\bsegment",
)
CHURN_OVERVIEW = Request(
    "churn_overview",
    """
        how many customers will leave | what is our churn | churn rate | how big is the churn risk | value at risk |
        how much revenue is at risk | how many customers have we lost | churn summary |
        how many customers are at high risk | number of customers likely to leave within 30 days |
        how much money are we going to lose
    """,
    overview,
    rank=350,
    cues=(
        r"\bchurn\b",
        r"\bat risk of (?:leaving|churn\w*)\b",
        r"\b(?:value|revenue|money|much) (?:is |are )?at risk\b",
        r"\b(?:will|to|might|may|could) leave\b|\bleaving\b",
        r"\bhave we lost\b|\bdid we lose\b|\bleft us\b",
    ),
    not_with=r"\bsegment|\bdefin",
)
SURVIVAL = Request(
    "survival",
    """
        show the survival curves | survival curve by segment | how long do customers stay |
        how long do customers stay by country | customer survival
    """,
    survival,
    rank=170,
    cues=(
        r"\bsurviv\w*\b",
        r"\bhow long (?:do|will|does)\b.*\b(?:stay|remain|last)\b",
    ),
    not_with=r"<customer>",
)
AT_RISK = Request(
    "at_risk",
    """
        where is value at risk | which segments hold the most value at risk | value at risk by country |
        which countries are at risk | value at risk by segment | churn risk by segment | at risk segments |
        which groups are we losing | how did value at risk develop by segment
    """,
    at_risk,
    rank=230,
    cues=(
        r"\b(?:value|revenue|money|much) (?:is |are )?at risk (?:by|per|in each)\b|\b(?:churn|risk)(?: risk)? (?:by"
        r"|per) (?:rfm )?(?:segment|country|channel|category|market|<dimension>)",
        r"\b(?:which|what)(?: \w+)? (?:segments?|groups?|countries|country|channels?|categor\w+|markets?)\b.*\b(?:at"
        r" risk|losing|leav\w+|churn\w*)\b",
        r"\bwhere (?:is|are|do|does)\b.*\b(?:at risk|losing|lose)\b",
        r"\b(?:at[- ]risk|endangered) (?:segments|groups|countries|markets)\b",
    ),
)
