"""Every term AIMA uses, from where it is declared: figures, what they are cut by, fields of customers, segments.

Only words that are declared nowhere else (`_IDEAS`) are explained here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from database.semantic.metrics import METRICS
from database.semantic.sources import DIMENSIONS
from language.vocabulary import phrases

__all__ = ["Term", "every_term", "terms_in"]

_IDEAS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "RFM",
        "Recency, frequency and monetary value: each customer gets a score from 1 to 5 for how recently, how often and "
        "for how much they bought, by rank among all who bought (5 is best). The three scores together name the RFM "
        "segment, from Champions to Lost.",
        ("rfm", "r f m", "rfm segment", "rfm segments", "rfm score", "rfm scores", "rfm segmentation", "rfm analysis"),
    ),
    (
        "segment",
        "A group of customers: an RFM segment (from scores), a behaviour (a threshold), a cluster or a discovered "
        "group (found by likeness), or a rule that you saved under a name.",
        ("segment", "segments", "customer segment", "segmentation"),
    ),
    (
        "cluster",
        "A group of customers that k-means found alike over all their features; every scored customer is in one.",
        ("cluster", "clusters", "kmeans", "k means", "k means cluster", "customer cluster"),
    ),
    (
        "discovered group",
        "A dense group of customers that nobody asked for: HDBSCAN finds regions of the feature space where many "
        "customers are alike. Who lies in no such region belongs to none.",
        ("discovered group", "discovered groups", "discovered segment", "discovered segments", "hdbscan"),
    ),
    (
        "behaviour",
        "A pattern a customer shows or not, by a threshold: high spender, weekend shopper, inactive and so on. A "
        "customer may show several.",
        ("behaviour", "behaviours", "behavior", "behaviors", "behaviour pattern", "behaviour patterns"),
    ),
    (
        "churn",
        "Leaving without notice. A customer has left when silent for more than three times their own typical gap "
        "between orders (at least 30 and at most 180 days); the churn probability is that of leaving within 30, 60 or "
        "90 days.",
        ("churn", "churned", "churn rate", "lapsed"),
    ),
    (
        "CLV",
        "Customer lifetime value: what a customer is predicted to bring in over the next 12 months, discounted, with "
        "an interval; from how often and how recently they buy and what their orders are worth.",
        ("clv", "ltv", "lifetime value", "customer lifetime value", "cltv"),
    ),
    (
        "cohort",
        "The customers whose first order lies in the same month; retention is the share of them who order again in "
        "each month after.",
        ("cohort", "cohorts", "cohort analysis", "retention", "retention rate"),
    ),
    (
        "holdout",
        "Customers of a campaign's audience who are left out on purpose, by chance, so that its effect can be measured "
        "against them.",
        ("holdout", "hold out", "holdout group", "control group"),
    ),
    (
        "lift",
        "What an action brought beyond what would have come without it: those who got it against the holdout.",
        ("lift", "uplift", "incremental effect", "incrementality"),
    ),
    (
        "health score",
        "0 to 100 points for rhythm (30), frequency (20), revenue trend (15), engagement with emails and visits "
        "(15), few refunds (10) and breadth of what is bought (10). Parts without data are left out and the others "
        "scaled up.",
        ("health score", "customer health score", "customer health", "health"),
    ),
)
_MORE: dict[str, tuple[str, ...]] = {
    "p_alive": ("p alive", "palive", "probability alive", "probability of being alive", "alive"),
    "refund_orders": ("cancellation", "credit notes", "credit note"),
    "orders": ("invoice", "purchase", "transaction"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A word with its meaning; `kind` says what it is, `called` how people say it, in lower case."""

    name: str
    title: str
    kind: str
    meaning: str
    called: frozenset[str]


@cache
def every_term() -> tuple[Term, ...]:
    """All terms; where two are called the same, the earlier one is meant."""
    return (*_ideas(), *_figures(), *_segments(), *_fields(), *_cuts())


def terms_in(text: str) -> tuple[list[Term], str]:
    """The terms that occur in a text, in its order, longer names first, and the text without them."""
    left, found = _bare(text), []
    by_name = _names()
    for called in sorted(by_name, key=len, reverse=True):
        if called in left and (match := re.search(rf"(?<!\w){re.escape(called)}(?!\w)", left)):
            found.append((match.start(), by_name[called]))
            left = f"{left[: match.start()]}{'·' * len(called)}{left[match.end() :]}"
    terms = [term for _, term in sorted(found, key=lambda pair: pair[0])]
    return list(dict.fromkeys(terms)), left.replace("·", " ")


@cache
def _names() -> dict[str, Term]:
    """Terms by what they are called; then in the singular and the plural, where nothing else is called so."""
    every = list(reversed(every_term()))
    by_number = {other: t for t in every for called in t.called for other in (called.removesuffix("s"), f"{called}s")}
    return by_number | {called: term for term in every for called in term.called}


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def _spoken(table: str) -> dict[str, set[str]]:
    said: dict[str, set[str]] = defaultdict(set)
    for phrase, name in phrases(table):
        said[name].add(_bare(phrase))
    for name, more in _MORE.items():
        said[name] |= set(more)
    return said


def _ideas() -> list[Term]:
    return [Term(name, name, "term", meaning, frozenset(called)) for name, meaning, called in _IDEAS]


def _figures() -> list[Term]:
    said = _spoken("metrics")
    return [
        Term(m.name, m.heading, "figure", m.meaning, frozenset(said[m.name] | {_bare(m.name), _bare(m.heading)}))
        for m in METRICS.values()
    ]


def _segments() -> list[Term]:
    from analytics.rfm import SEGMENTS
    from analytics.segmentation.behaviours import PATTERNS

    said = _spoken("segments")
    rfm = [
        Term(
            s.name, s.name, "RFM segment",
            f"Customers who {s.description}. By the scores for recency, frequency and monetary value.",
            frozenset(said[s.name] | {_bare(s.name)}),
        )
        for s in SEGMENTS
    ]  # fmt: skip
    names = {p.name: _bare(p.name) for p in PATTERNS}
    behaviours = [
        Term(p.name, names[p.name].capitalize(), "behaviour", f"{p.description}.".capitalize(),
             frozenset({names[p.name], f"{names[p.name]}s"}))
        for p in PATTERNS
    ]  # fmt: skip
    return rfm + behaviours


def _fields() -> list[Term]:
    from tools.audience.fields import rule_fields

    said = _spoken("fields")
    return [
        Term(f.name, f.title, "field of a customer", f"{f.meaning[:1].upper()}{f.meaning[1:]}.",
             frozenset(said[f.name] | {_bare(f.name), _bare(f.title)}))
        for f in rule_fields().values()
    ]  # fmt: skip


def _cuts() -> list[Term]:
    said = _spoken("dimensions")
    return [
        Term(
            d.name,
            d.name.replace("_", " ").capitalize(),
            "dimension",
            d.meaning,
            frozenset({*said[d.name], _bare(d.name)}),
        )
        for d in DIMENSIONS.values()
    ]
