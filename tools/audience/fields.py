"""Every field a rule, a list or a profile can name: attributes, features, scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from connectors.channels.contract import Channel
from connectors.channels.discovery import channels
from database.queries.segments import FieldType, RuleField

__all__ = ["PREDICTED_SCORES", "P_ALIVE", "SCORE_WORDS", "rule_fields", "scores_named", "title_of", "word_of"]

SCORE_WORDS = {
    "features": "customer features",
    "rfm": "RFM segments",
    "churn": "churn scores",
    "value": "value scores",
    "groups": "clusters, discovered groups and behaviours",
}
PREDICTED_SCORES = frozenset({"churn", "value"})
P_ALIVE = (
    "the value model's probability that the customer still buys, by counts of purchases alone: an ingredient of "
    "clv_12m; whether somebody is still a customer, churn_status and churn_60 say"
)
_ATTRIBUTES: tuple[tuple[str, str, FieldType, str], ...] = (
    ("customer_id", "external_id", "text", "the shop's own customer id"),
    ("name", "name", "text", "name"),
    ("country", "country", "text", "country"),
    ("city", "city", "text", "city"),
    ("time_zone", "time_zone", "text", "IANA time zone"),
    ("created_at", "created_at", "timestamptz", "when the customer was created in the shop"),
)
_SCORES: tuple[tuple[str, str, FieldType, str, str], ...] = (
    ("recency_score", "rfm", "integer", "1-5", "recency fifth, 5 = bought most recently"),
    ("frequency_score", "rfm", "integer", "1-5", "frequency fifth, 5 = buys most often"),
    ("monetary_score", "rfm", "integer", "1-5", "monetary fifth, 5 = spent most"),
    ("churn_30", "churn", "real", "share", "probability to leave within 30 days; null: left already or not scored"),
    ("churn_60", "churn", "real", "share", "probability to leave within 60 days; null: left already or not scored"),
    ("churn_90", "churn", "real", "share", "probability to leave within 90 days; null: left already or not scored"),
    ("p_alive", "value", "real", "share", P_ALIVE),
    ("expected_orders_12m", "value", "real", "purchase days", "expected purchase days in the next 12 months"),
    ("clv_12m", "value", "real", "money", "predicted, discounted value of the next 12 months"),
    ("clv_12m_low", "value", "real", "money", "lower end of the interval of clv_12m"),
    ("clv_12m_high", "value", "real", "money", "upper end of the interval of clv_12m"),
    ("next_purchase_at", "value", "timestamptz", "time", "when the next purchase is expected"),
    ("next_purchase_low", "value", "timestamptz", "time", "lower end of the interval of next_purchase_at"),
    ("next_purchase_high", "value", "timestamptz", "time", "upper end of the interval of next_purchase_at"),
    ("cluster", "groups", "text", "text", "name of the k-means cluster the customer is in"),
    ("cluster_confidence", "groups", "real", "share", "how clearly it is that cluster: 1 at its heart, 0 on a border"),
    ("discovered_group", "groups", "text", "text", "name of the dense group (HDBSCAN); null: in none"),
    ("discovered_confidence", "groups", "real", "share", "strength of the membership in discovered_group"),
)
_TITLES = {
    "customer_id": "Customer", "created_at": "Created",
    "churn_30": "Leaves in 30 days", "churn_60": "Leaves in 60 days",
    "churn_90": "Leaves in 90 days", "p_alive": "Still buys (probability)", "clv_12m": "12-month value",
    "expected_orders_12m": "Expected purchases, 12 months", "clv_12m_low": "12-month value, low",
    "clv_12m_high": "12-month value, high", "next_purchase_at": "Next purchase",
    "next_purchase_low": "Next purchase, earliest", "next_purchase_high": "Next purchase, latest",
    "rfm_segment": "RFM segment", "churn_status": "Active or left", "churn_risk": "Churn risk",
}  # fmt: skip
_WORDS = {"favourite_category", "main_channel", "main_location"}


def rule_fields() -> dict[str, RuleField]:
    """The fields by name: attributes, then features, then scores."""
    return _fields(tuple(channels()))


@lru_cache(maxsize=8)
def _fields(reached_by: tuple[str, ...]) -> dict[str, RuleField]:
    """The fields where customers are reached by these channels."""
    reaching = [channels()[name] for name in reached_by]
    attributes = [
        RuleField(name, column, kind, "time" if kind == "timestamptz" else kind, words, "attribute")
        for name, column, kind, words in _ATTRIBUTES
    ]
    scores = [RuleField(name, name, kind, unit, words, score, score) for name, score, kind, unit, words in _SCORES]
    every = (
        *attributes[:2],
        *_addresses(reaching),
        *attributes[2:],
        *_consents(reaching),
        *_features(),
        *_named(),
        *scores,
    )
    return {f.name: replace(f, title=f.title or _TITLES.get(f.name) or _spoken(f.name)) for f in every}


def scores_named(rule: Any) -> set[str]:
    """The scores a rule in plain form picks customers by."""
    if isinstance(rule, list):
        return {score for part in rule for score in scores_named(part)}
    if not isinstance(rule, dict):
        return set()
    field = rule_fields().get(str(rule.get("field")))
    own = {field.score} if field and field.score else set()
    return own | {score for part in rule.values() for score in scores_named(part)}


def title_of(name: str) -> str:
    """The name of a field, metric or dimension as a heading: "12-month value" for clv_12m."""
    from database.semantic.metrics import METRICS

    if name in METRICS:
        return METRICS[name].heading
    known = rule_fields().get(name)
    return known.title if known else _spoken(name)


def word_of(name: str) -> str:
    """The same within a sentence: "revenue by RFM segment"."""
    title = title_of(name)
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _addresses(reaching: Sequence[Channel]) -> list[RuleField]:
    kinds = {channel.address.name: channel.address for channel in reaching}
    return [RuleField(k.name, k.name, "text", "text", k.title, "attribute", title=k.heading) for k in kinds.values()]


def _consents(reaching: Sequence[Channel]) -> list[RuleField]:
    return [
        RuleField(
            name=channel.consent,
            column=channel.consent,
            type="boolean",
            unit="boolean",
            meaning=f"agreed to receive {channel.plural}; null: not known",
            group="attribute",
            title=f"Agreed to {channel.title}",
        )
        for channel in reaching
    ]


def _spoken(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _features() -> list[RuleField]:
    from analytics.features.dictionary import FEATURES

    return [
        RuleField(
            name=f.name,
            column=f.name,
            type=_type(f.name, f.unit),
            unit="text" if f.name in _WORDS else f.unit,
            meaning=f.meaning.split(" (lowest code", 1)[0],
            group=f.group,
            score="features",
            title=f.title,
        )
        for f in FEATURES
    ]


def _type(name: str, unit: str) -> FieldType:
    if name in _WORDS:
        return "text"
    if unit in ("weekday", "hour"):
        return "integer"
    return "double precision" if unit == "money" else "real"


def _named() -> list[RuleField]:
    from analytics.rfm import SEGMENTS
    from analytics.segmentation.behaviours import PATTERNS

    levels = {
        "rfm_segment": ("rfm", "RFM segment", tuple(segment.name for segment in SEGMENTS)),
        "churn_status": ("churn", "active or left", ("active", "left")),
        "churn_risk": ("churn", "risk to leave within 90 days; left: has left", ("high", "medium", "low", "left")),
    }
    patterns = tuple(pattern.name for pattern in PATTERNS)
    words = "behaviours the customer shows; eq asks for one of them"
    return [
        *(
            RuleField(name, name, "text", "text", said, score, score, values)
            for name, (score, said, values) in levels.items()
        ),
        RuleField("behaviours", "behaviours", "text[]", "text", words, "groups", "groups", patterns),
    ]
