"""What could be asked next, from what was just found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from agent.state import Finding

__all__ = ["suggestions"]

_MOST = 3
_NEXT: Final[Mapping[str, tuple[str, ...]]] = {
    "describe_data": ("What was our revenue by month?", "Who is likely to leave in the next 60 days?"),
    "cohort_retention": ("Which customers bought only once?", "Show me the segments"),
    "find_customers": ("Save them as a segment", "Write them an e-mail"),
    "count_segment": ("Show them", "Write them an e-mail"),
    "customer_profile": ("What should I do for them?", "Find customers like them", "What will they buy next?"),
    "feature_dictionary": ("Show me the customers with a health score below 30",),
    "list_segments": ("Who is likely to leave in the next 60 days?", "Write an e-mail to the At Risk customers"),
    "churn_summary": ("Which segments hold the most value at risk?", "How good is the churn model?"),
    "churn_table": ("What should I do for them?", "Write them an e-mail", "Find customers like them"),
    "clv_summary": ("Who is expected to buy in the next 14 days?", "Show me the segments"),
    "next_purchase": ("Who are our most valuable customers?",),
    "save_segment": ("Write them an e-mail", "Show me the segments"),
    "similar_customers": ("What should I do for them?", "Save them as a segment"),
    "lookalike_segment": ("Write them an e-mail", "Save them as a segment", "How good is the vectors model?"),
    "at_risk_segments": ("What should I do for them?", "Write them an e-mail", "Why?"),
    "customer_interventions": ("What will they buy next?", "Which campaigns work?"),
    "recommend_interventions": ("Write them an e-mail", "Which campaigns work?", "Why?"),
    "experiment_effect": ("What should I do for the high risk customers?", "How is the campaign doing?"),
    "next_best_product": ("What are our bestsellers?", "Who is expected to buy in the next 14 days?"),
    "model_report": ("How good is the value model?", "Refresh the scores"),
    "value_posterior": ("How far is the job?", "Show me the posterior of customer value"),
    "train_vectors": ("How far is the job?",),
    "refresh_recommendations": ("How far is the job?",),
    "refresh_scores": ("How far is the job?",),
    "segment_detail": ("Which segments overlap?", "Write them an e-mail", "Who moved from loyal to at risk?"),
    "segment_overlap": ("What kinds of customers do we have?", "Show the segment map"),
    "segment_drift": ("What should we send the at risk customers?", "Who is likely to leave in the next 60 days?"),
    "segment_map": ("What kinds of customers do we have?", "Which segments are shrinking?"),
    "cluster_customers": ("Show the segment map", "Which segments are shrinking?"),
    "refresh_segments": ("How far is the job?",),
    "archive_segment": ("Which segments are archived?",),
    "reactivate_segment": ("Show me the segments",),
    "update_playbook": ("Show me the segments",),
    "export_segment": ("Write them an e-mail",),
    "job_status": ("Show me the segments",),
    "propose_campaign": ("Change the subject to …", "Which proposals are waiting?"),
    "revise_proposal": ("Which proposals are waiting?",),
    "campaign_status": ("Show the mailbox",),
    "list_alerts": ("Mark the alerts as seen", "Show the headline figures"),
    "mark_alerts_seen": ("Show the headline figures",),
    "headlines": ("What was our revenue by month?", "Which segments hold the most value at risk?"),
    "customer_history": ("What will they buy next?", "What should I do for them?"),
    "survival_curves": ("Which segments hold the most value at risk?", "How good is the churn model?"),
    "list_proposals": ("How is the campaign doing?",),
}


def suggestions(findings: Sequence[Finding]) -> list[str]:
    """Up to three questions that fit the findings, ready to send."""
    out: list[str] = []
    for finding in findings:
        if finding["result"] is not None:
            out += _after_metrics(finding) if finding["tool"] == "query_metrics" else _NEXT.get(finding["tool"], ())
    return list(dict.fromkeys(out))[:_MOST]


def _after_metrics(finding: Finding) -> list[str]:
    arguments: Mapping[str, Any] = finding["arguments"]
    if not arguments.get("dimensions") and arguments.get("grain", "none") == "none":
        return ["And by month?", "And by country?"]
    return ["And by country?"] if arguments.get("grain", "none") != "none" else ["And by month?"]
