"""From slots to tool calls: one small builder an intent. A builder returns calls, or the words to say instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from agent.offline.building.actions import campaign, job, mailbox, proposals, refresh, revise
from agent.offline.building.audience import customers_count, customers_list, profile, save_segment
from agent.offline.building.built import Built
from agent.offline.building.figures import cohorts, metrics, report
from agent.offline.building.overview import alerts, headlines, history, seen, survival
from agent.offline.building.predictions import churn_overview, churn_who, next_purchase, priorities, value
from agent.offline.building.response import (
    at_risk,
    effect,
    interventions,
    model_report,
    next_product,
    similar,
    train,
)  # fmt: skip
from agent.offline.building.segments import (
    archive,
    cluster,
    cluster_keep,
    drift,
    export,
    kinds,
    overlap,
    playbook,
    playbook_change,
    segment_map,
)  # fmt: skip
from agent.offline.scene import Call, Scene
from agent.offline.slots import Slots

__all__ = ["BUILDERS", "Built"]


def _plain(tool: str) -> Callable[[Slots, Scene], Built]:
    return lambda _slots, _scene: [Call(tool, {})]


BUILDERS: Final[Mapping[str, Callable[[Slots, Scene], Built]]] = {
    "metrics": metrics,
    "customers_count": customers_count,
    "customers_list": customers_list,
    "profile": profile,
    "churn_who": churn_who,
    "churn_overview": churn_overview,
    "value": value,
    "next_purchase": next_purchase,
    "cohorts": cohorts,
    "save_segment": save_segment,
    "campaign": campaign,
    "revise": revise,
    "proposals": proposals,
    "mailbox": mailbox,
    "job": job,
    "refresh": refresh,
    "priorities": priorities,
    "report": report,
    "effect": effect,
    "interventions": interventions,
    "next_product": next_product,
    "at_risk": at_risk,
    "similar": similar,
    "model_report": model_report,
    "train": train,
    "alerts": alerts,
    "seen": seen,
    "headlines": headlines,
    "history": history,
    "survival": survival,
    "segment_archive": archive,
    "segment_export": export,
    "playbook_change": playbook_change,
    "segment_playbook": playbook,
    "segment_overlap": overlap,
    "segment_drift": drift,
    "segment_map": segment_map,
    "cluster_keep": cluster_keep,
    "cluster": cluster,
    "segment_kinds": kinds,
    "data": _plain("describe_data"),
    "features": _plain("feature_dictionary"),
    "segments": _plain("list_segments"),
    "campaign_state": _plain("campaign_status"),
}
