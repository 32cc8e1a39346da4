"""Answers in words, written from tool results: the figure first, what it means, how fresh; one writer a tool.

No figure is computed here: each stands in a result (or is a share of it in percent).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from langchain_core.messages import AIMessage, AnyMessage, ToolMessage

from agent.offline.writing.actions import (
    campaign_status,
    job_status,
    list_proposals,
    mailbox,
    propose_campaign,
    refresh_scores,
    revise_proposal,
)  # fmt: skip
from agent.offline.writing.customers import customer_profile, feature_dictionary, find_customers
from agent.offline.writing.figures import cohort_retention, compared, describe_data, query_metrics
from agent.offline.writing.grouping import (
    archive_segment,
    cluster_customers,
    export_segment,
    reactivate_segment,
    refresh_segments,
    segment_detail,
    segment_drift,
    segment_map,
    segment_overlap,
    update_playbook,
)  # fmt: skip
from agent.offline.writing.likeness import (
    lookalike_segment,
    model_report,
    refresh_recommendations,
    similar_customers,
    train_vectors,
    value_posterior,
)  # fmt: skip
from agent.offline.writing.overview import (
    customer_history,
    headlines,
    list_alerts,
    mark_alerts_seen,
    survival_curves,
)  # fmt: skip
from agent.offline.writing.predictions import churn_summary, churn_table, clv_summary, next_purchase
from agent.offline.writing.response import (
    at_risk_segments,
    customer_interventions,
    experiment_effect,
    next_best_product,
    recommend_interventions,
)  # fmt: skip
from agent.offline.writing.segments import count_segment, list_segments, save_segment
from agent.offline.writing.told import Told

__all__ = ["write"]

_WRITERS: Final[Mapping[str, Callable[[Told], str]]] = {
    writer.__name__: writer
    for writer in (
        at_risk_segments, campaign_status, churn_summary, churn_table, clv_summary, cohort_retention, count_segment,
        customer_interventions, customer_profile, describe_data, experiment_effect, feature_dictionary, find_customers,
        job_status, list_proposals, list_segments, lookalike_segment, mailbox, model_report, next_best_product,
        next_purchase, propose_campaign, query_metrics, recommend_interventions, refresh_recommendations,
        archive_segment, cluster_customers, export_segment, reactivate_segment, refresh_segments, segment_detail,
        segment_drift, segment_map, segment_overlap, update_playbook,
        refresh_scores, revise_proposal, save_segment, customer_history, headlines, list_alerts, mark_alerts_seen,
        survival_curves, similar_customers, train_vectors, value_posterior,
    )
}  # fmt: skip


def write(question: str, messages: Sequence[AnyMessage]) -> str:
    """The answer to `question` from the calls, results and notes in `messages`."""
    calls: dict[str, Mapping[str, Any]] = {}
    parts: list[str] = []
    figures: list[Told] = []
    told_of = [m.name for m in messages if isinstance(m, ToolMessage)]
    for message in messages:
        if isinstance(message, AIMessage):
            calls |= {call["id"] or "": call["args"] for call in message.tool_calls}
            if not message.tool_calls and message.text:
                parts.append(message.text)
        elif isinstance(message, ToolMessage):
            arguments = calls.get(message.tool_call_id, {})
            told = Told(question, dict(arguments), message.artifact or {}, tuple(n for n in told_of if n))
            parts.append(_failed(told) if message.status == "error" else _WRITERS[message.name or ""](told))
            if message.name == "query_metrics" and message.status != "error":
                figures.append(told)
    parts.append(compared(figures))
    return "\n\n".join(dict.fromkeys(part for part in parts if part))


def _failed(told: Told) -> str:
    error, code = told.result.get("error", ""), told.result.get("code")
    if code == "no_such_data":
        said = error.removeprefix("There is no such data: ").replace(" Valid: ", " There is: ").replace("_", " ")
        return f"**There is no such data:** {said[:1].lower()}{said[1:]}"
    if code == "not_found":
        return str(error)
    if code == "not_allowed":
        return f"That is not allowed with your rights. {error}"
    return f"That did not work: {error}"
